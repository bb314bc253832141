//! What the arguments name: files, standard input, or a link. Logs are analysed; what oomscope wrote is opened again.

use std::io::{self, BufRead, BufReader, Read};

use oomscope::Analyzer;
use oomscope::i18n::{Language, fill, text};
use oomscope::report::Report;
use oomscope::report::open::{self, HEAD_BYTES, MAX_BYTES, Opened};

/// Bytes of a text that goes into a file or link as it is.
const MAX_WHOLE: usize = MAX_BYTES;

/// What was read.
pub struct Input {
    /// The report.
    pub report: Report,
    /// The texts with their names, where they were asked for and are there.
    pub texts: Vec<(String, String)>,
    /// What could not be read, or not whole.
    pub problems: Vec<String>,
}

/// What other packers write first, and their names.
const PACKED: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "zip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\0", "xz"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
];
/// gzip inside gzip, as some archives of rotated logs hold it.
const MAX_PACKED: usize = 3;

/// Reads everything that is named, as one report. `keeps_texts` asks for the texts, too. What cannot be read keeps nothing else
/// from being read; it is an error if there is nothing else.
pub fn read(names: &[String], language: Language, keeps_texts: bool) -> Result<Input, String> {
    let texts = keeps_texts.then(Vec::new);
    let mut reading = Reading { analyzer: Analyzer::new(language), texts, problems: Vec::new() };
    for name in names {
        match reading.take(name, language) {
            Ok(None) => {}
            Ok(Some(_)) if names.len() > 1 => return Err(fill(language, "cli.opens-alone", &[("name", name)])),
            Ok(Some(report)) => {
                return Ok(Input { report: report.said(language), texts: Vec::new(), problems: Vec::new() });
            }
            Err(problem) => reading.problems.push(problem),
        }
    }
    let Reading { analyzer, texts, problems } = reading;
    let report = analyzer.finish().report;
    if report.sources.is_empty() {
        return Err(problems.join("\n"));
    }
    Ok(Input { report, texts: texts.unwrap_or_default(), problems })
}

struct Reading {
    analyzer: Analyzer,
    texts: Option<Vec<(String, String)>>,
    problems: Vec<String>,
}

impl Reading {
    /// Takes a file, standard input for `-`, or a link. Gives the report that it holds if it holds one.
    fn take(&mut self, name: &str, language: Language) -> Result<Option<Report>, String> {
        let wrong = |error: io::Error| format!("{name}: {error}");
        let is_link = name.contains("#r=") && !std::path::Path::new(name).exists();
        let opened = if is_link {
            open::text(name)
        } else {
            let mut file = unpacked(name).map_err(wrong)?;
            let mut head = Vec::new();
            let mut failed = file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).err();
            if let Some((_, format)) = PACKED.iter().find(|(mark, _)| head.starts_with(mark)) {
                return Err(fill(language, "cli.packed", &[("name", name), ("format", format)]));
            }
            if failed.is_none() && open::may_be_shared(&head) {
                // One byte more than may be opened tells that it is too much.
                let rest = (MAX_BYTES + 1).saturating_sub(head.len());
                failed = file.by_ref().take(rest as u64).read_to_end(&mut head).err();
            }
            if let Some(error) = failed.take_if(|_| head.is_empty()) {
                return Err(wrong(error));
            }
            let opened = open::bytes(&head);
            if opened.is_none() {
                let head = io::Cursor::new(head);
                let read = match failed {
                    Some(error) => self.analyse(name, head).and(Err(error)),
                    None => self.analyse(name, head.chain(file)),
                };
                if let Err(error) = read {
                    let error = error.to_string();
                    self.problems.push(fill(language, "cli.read-in-part", &[("name", name), ("error", &error)]));
                }
            }
            opened
        };
        match opened {
            None => Ok(None),
            Some(Ok(Opened::Report(report))) => Ok(Some(*report)),
            Some(Ok(Opened::Texts(texts))) => {
                for (name, text) in texts {
                    self.analyse(&name, text.as_bytes()).map_err(wrong)?;
                }
                Ok(None)
            }
            Some(Ok(Opened::Sealed(_))) => Err(text(language, "cli.sealed")),
            Some(Err(problem)) if is_link => Err(text(language, problem.key())),
            Some(Err(problem)) => Err(format!("{name}: {}", text(language, problem.key()))),
        }
    }

    fn analyse(&mut self, name: &str, mut file: impl Read) -> io::Result<()> {
        let mut text = self.texts.is_some().then(Vec::new);
        self.analyzer.open(name);
        let mut chunk = vec![0; 1 << 18];
        let ended = loop {
            match file.read(&mut chunk) {
                Ok(0) => break Ok(()),
                Ok(read) => {
                    let bytes = chunk.get(..read).unwrap_or_default();
                    self.analyzer.feed(bytes);
                    if let Some(text) = text.as_mut().filter(|text| text.len() < MAX_WHOLE) {
                        text.extend(bytes);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.analyzer.close();
        if let (Some(texts), Some(text)) = (&mut self.texts, text) {
            texts.push((name.to_owned(), String::from_utf8_lossy(&text).into_owned()));
        }
        ended
    }
}

/// A file or standard input, unpacked if it is gzip.
fn unpacked(name: &str) -> io::Result<Box<dyn Read>> {
    let file: Box<dyn Read> = if name == "-" { Box::new(io::stdin()) } else { Box::new(std::fs::File::open(name)?) };
    let mut file = BufReader::with_capacity(1 << 16, file);
    for _ in 0..MAX_PACKED {
        if !file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
            break;
        }
        let inside: Box<dyn Read> = Box::new(flate2::read::MultiGzDecoder::new(file));
        file = BufReader::with_capacity(1 << 16, inside);
    }
    Ok(Box::new(file))
}
