//! What the arguments name: files, standard input, or a link. Logs are analysed; what oomscope wrote is opened again.

use std::cell::Cell;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

use oomscope::Analyzer;
use oomscope::i18n::{Language, fill, number, text};
use oomscope::report::Report;
use oomscope::report::link::LinkError;
use oomscope::report::open::{self, HEAD_BYTES, MAX_BYTES, Opened};
use oomscope::source::{MAX_SOURCES, most_unpacked};

use crate::output::named;

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
pub fn read(names: &[OsString], language: Language, keeps_texts: bool) -> Result<Input, String> {
    let texts = keeps_texts.then(Vec::new);
    let mut reading = Reading { analyzer: Analyzer::new(language), texts, problems: Vec::new() };
    for name in names {
        match reading.take(name, language) {
            Ok(None) => {}
            Ok(Some(_)) if names.len() > 1 => {
                return Err(fill(language, "cli.opens-alone", &[("name", &named(name))]));
            }
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

/// What an input is.
pub enum Given {
    /// A report that oomscope wrote.
    Report(Box<Report>),
    /// The texts of one, with their names.
    Texts(Vec<(String, String)>),
    /// Logs, unpacked.
    Bytes(Box<dyn Read>),
}

/// Opens a file, standard input for `-`, or a link. Errors are told with its name.
pub fn given(path: &OsStr, language: Language) -> Result<Given, String> {
    let name = &*path.to_string_lossy();
    let shown = named(path);
    let is_link = name.contains("#r=") && !Path::new(path).exists();
    let shared = |opened: Result<Opened, LinkError>| match opened {
        Ok(Opened::Report(report)) => Ok(Given::Report(report)),
        Ok(Opened::Texts(texts)) => Ok(Given::Texts(texts)),
        Ok(Opened::Sealed(_)) => Err(text(language, "cli.sealed")),
        Err(problem) if is_link => Err(text(language, problem.key())),
        Err(problem) => Err(format!("{shown}: {}", text(language, problem.key()))),
    };
    if is_link && let Some(opened) = open::text(name) {
        return shared(opened);
    }
    let wrong = |error: io::Error| format!("{shown}: {}", told(&error, language));
    let mut file = unpacked(path).map_err(wrong)?;
    let mut head = Vec::new();
    let mut failed = file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head).err();
    if let Some((_, format)) = PACKED.iter().find(|(mark, _)| head.starts_with(mark)) {
        return Err(fill(language, "cli.packed", &[("name", &shown), ("format", format)]));
    }
    if failed.is_none() && open::may_be_shared(&head) {
        // One byte more than may be opened tells that it is too much.
        let rest = (MAX_BYTES + 1).saturating_sub(head.len());
        failed = file.by_ref().take(rest as u64).read_to_end(&mut head).err();
    }
    if let Some(error) = failed.take_if(|_| head.is_empty()) {
        return Err(wrong(error));
    }
    if let Some(opened) = open::bytes(&head) {
        return shared(opened);
    }
    let head = io::Cursor::new(head);
    Ok(Given::Bytes(match failed {
        Some(error) => Box::new(head.chain(Failing(Some(error)))),
        None => Box::new(head.chain(file)),
    }))
}

/// The rest of a file that could not be read to its end.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

struct Reading {
    analyzer: Analyzer,
    texts: Option<Vec<(String, String)>>,
    problems: Vec<String>,
}

impl Reading {
    /// Takes an input. Gives the report that it holds if it holds one.
    fn take(&mut self, path: &OsStr, language: Language) -> Result<Option<Report>, String> {
        let name = &*path.to_string_lossy();
        match given(path, language)? {
            Given::Report(report) => return Ok(Some(*report)),
            Given::Texts(texts) if texts.len() > MAX_SOURCES => {
                let (count, limit) = (number(texts.len() as u64), number(MAX_SOURCES as u64));
                return Err(fill(language, "cli.too-many-files", &[("count", &count), ("limit", &limit)]));
            }
            Given::Texts(texts) => {
                for (name, text) in texts {
                    self.analyse(&name, text.as_bytes())
                        .map_err(|error| format!("{}: {}", named(path), told(&error, language)))?;
                }
            }
            Given::Bytes(bytes) => {
                if let Err(error) = self.analyse(name, bytes) {
                    let error = told(&error, language);
                    self.problems.push(fill(
                        language,
                        "cli.read-in-part",
                        &[("name", &named(path)), ("error", &error)],
                    ));
                }
            }
        }
        Ok(None)
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
pub fn unpacked(name: &OsStr) -> io::Result<Box<dyn Read>> {
    let file: Box<dyn Read> = if name == "-" { Box::new(io::stdin()) } else { Box::new(std::fs::File::open(name)?) };
    let taken = Rc::new(Cell::new(0));
    let mut file =
        BufReader::with_capacity(1 << 16, Box::new(Counted { inside: file, taken: taken.clone() }) as Box<dyn Read>);
    for _ in 0..MAX_PACKED {
        if !file.fill_buf()?.starts_with(&[0x1f, 0x8b]) {
            break;
        }
        let inside = Box::new(flate2::read::MultiGzDecoder::new(file));
        file = BufReader::with_capacity(1 << 16, Box::new(Bounded { inside, given: 0, packed: taken.clone() }));
    }
    Ok(Box::new(file))
}

/// Counts what is taken from a file.
struct Counted {
    inside: Box<dyn Read>,
    taken: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inside.read(into)?;
        self.taken.set(self.taken.get().saturating_add(read as u64));
        Ok(read)
    }
}

/// Ends what unpacks to more than logs do.
struct Bounded {
    inside: Box<dyn Read>,
    given: u64,
    packed: Rc<Cell<u64>>,
}

impl Read for Bounded {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inside.read(into)?;
        self.given = self.given.saturating_add(read as u64);
        if self.given > most_unpacked(self.packed.get()) {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, UnpacksTooFar));
        }
        Ok(read)
    }
}

/// Why reading ended early.
#[derive(Debug)]
struct UnpacksTooFar;

impl std::fmt::Display for UnpacksTooFar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("it unpacks to far more than logs do")
    }
}

impl std::error::Error for UnpacksTooFar {}

/// What is said of an error: ours in the reader's language, the system's as it comes.
pub fn told(error: &io::Error, language: Language) -> String {
    match error.get_ref() {
        Some(inside) if inside.is::<UnpacksTooFar>() => text(language, "cli.unpacks-too-far"),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unpacks_to_far_more_than_logs_do_is_read_only_so_far() {
        let packed = Rc::new(Cell::new(1_000_000));
        let most = most_unpacked(packed.get());
        assert!((1_000_000_000..2_000_000_000).contains(&most), "{most}");
        let mut unpacked = Bounded { inside: Box::new(io::repeat(b' ')), given: most - 10, packed };
        assert_eq!(unpacked.read(&mut [0; 10]).expect("reads"), 10);
        let error = unpacked.read(&mut [0; 1]).expect_err("too far");
        assert_eq!(told(&error, Language::En), "it unpacks to far more than logs do");
    }
}
