//! Writes what tests read, for a new version of links, and shows what a link is made of. What stands in `tests/links` and
//! `src/report/link` belongs to links that were given away, and is never written anew.
//!
//! ```text
//! cargo run --example generate -- hour > hour.log                      an hour of samples, too much for a link
//! cargo run --example generate -- sealed > 3-draft-numbers.txt         the link of the draft under the passphrase of the tests
//! cargo run --example generate -- dictionary mixed/draft-post … > d    reports of these cases, to begin the packing with
//! cargo run --example generate -- parts [--lines] incident.log         characters of each part of a link
//! ```

#[path = "../tests/support/hour.rs"]
mod hour;
#[path = "../tests/support/passphrase.rs"]
mod passphrase;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use oomscope::Analyzer;
use oomscope::i18n::Language;
use oomscope::report::Report;
use oomscope::report::link::sealed::{ITERATIONS, Sealed};
use oomscope::report::link::{bytes_of, parts_of};
use oomscope::report::redact::redact;

/// Bytes of one report that go into a dictionary: what follows is its own.
const OF_A_REPORT: usize = 2200;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let written = match arguments.as_slice() {
        ["hour"] => Ok(hour::an_hour().into_bytes()),
        ["sealed"] => Ok(sealed()),
        ["dictionary", cases @ ..] if !cases.is_empty() => dictionary(cases),
        ["parts", log] => parts(Path::new(log), false),
        ["parts", "--lines", log] => parts(Path::new(log), true),
        _ => {
            eprintln!("generate hour | sealed | dictionary CASE… | parts [--lines] LOG");
            return ExitCode::from(2);
        }
    };
    match written.and_then(|bytes| io::stdout().write_all(&bytes)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The frame's salt and nonce are fixed, so that the link is the same each time. Nobody else's may be.
fn sealed() -> Vec<u8> {
    let frame =
        Sealed { iterations: ITERATIONS, salt: *b"salt of 16 bytes", nonce: *b"nonce of 12!", content: Vec::new() };
    let address = passphrase::fixture("1-draft-numbers");
    let link = passphrase::sealed(frame, passphrase::link_in(&address)).write();
    format!("#r={link}\n").into_bytes()
}

fn dictionary(cases: &[&str]) -> io::Result<Vec<u8>> {
    let mut dictionary = Vec::new();
    for case in cases {
        let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/corpus", case, "input.log"].iter().collect();
        let bytes = bytes_of(&redact(&read(&path)?, true).report);
        dictionary.extend(bytes.iter().take(OF_A_REPORT));
    }
    Ok(dictionary)
}

fn parts(log: &Path, lines: bool) -> io::Result<Vec<u8>> {
    let report = redact(&read(log)?, lines).report;
    let parts = parts_of(&report).into_iter().map(|(name, characters)| format!("{characters:>8} {name}\n"));
    Ok(parts.collect::<String>().into_bytes())
}

fn read(log: &Path) -> io::Result<Report> {
    let mut analyzer = Analyzer::new(Language::En);
    analyzer.open("paste");
    analyzer.feed(&std::fs::read(log)?);
    Ok(analyzer.finish().report)
}
