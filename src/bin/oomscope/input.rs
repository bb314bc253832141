//! What the arguments name: files, standard input, or a link. Logs are analysed; what oomscope wrote is opened again.

use std::io::{self, BufRead, BufReader, Read};

use oomscope::Analyzer;
use oomscope::i18n::{Language, fill, text};
use oomscope::report::Report;
use oomscope::report::open::{self, HEAD_BYTES, Opened};

/// Bytes of a text that goes into a file or link as it is, and of a file that is opened again.
const MAX_WHOLE: usize = 64 << 20;

/// What was read.
pub struct Input {
    /// The report.
    pub report: Report,
    /// The texts with their names, where they were asked for and are there.
    pub texts: Vec<(String, String)>,
}

/// Reads everything that is named, as one report. `keeps_texts` asks for the texts, too.
pub fn read(names: &[String], language: Language, keeps_texts: bool) -> Result<Input, String> {
    let mut reading = Reading { analyzer: Analyzer::new(language), texts: keeps_texts.then(Vec::new) };
    for name in names {
        if let Some(report) = reading.take(name, language)? {
            if names.len() > 1 {
                return Err(fill(language, "cli.opens-alone", &[("name", name)]));
            }
            return Ok(Input { report: report.said(language), texts: Vec::new() });
        }
    }
    Ok(Input { report: reading.analyzer.finish().report, texts: reading.texts.unwrap_or_default() })
}

struct Reading {
    analyzer: Analyzer,
    texts: Option<Vec<(String, String)>>,
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
            file.by_ref().take(HEAD_BYTES).read_to_end(&mut head).map_err(wrong)?;
            if open::may_be_shared(&head) {
                file.by_ref().take(MAX_WHOLE as u64).read_to_end(&mut head).map_err(wrong)?;
            }
            let opened = open::bytes(&head);
            if opened.is_none() {
                self.analyse(name, io::Cursor::new(head).chain(file)).map_err(wrong)?;
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
        loop {
            match file.read(&mut chunk) {
                Ok(0) => break,
                Ok(read) => {
                    let bytes = chunk.get(..read).unwrap_or_default();
                    self.analyzer.feed(bytes);
                    if let Some(text) = text.as_mut().filter(|text| text.len() < MAX_WHOLE) {
                        text.extend(bytes);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.analyzer.close();
        if let (Some(texts), Some(text)) = (&mut self.texts, text) {
            texts.push((name.to_owned(), String::from_utf8_lossy(&text).into_owned()));
        }
        Ok(())
    }
}

/// A file or standard input, unpacked if it is gzip.
fn unpacked(name: &str) -> io::Result<Box<dyn Read>> {
    let file: Box<dyn Read> = if name == "-" { Box::new(io::stdin()) } else { Box::new(std::fs::File::open(name)?) };
    let mut file = BufReader::with_capacity(1 << 16, file);
    let is_gzip = file.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if is_gzip { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) })
}
