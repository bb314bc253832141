//! Arguments, files, and standard input of the command line.

use std::io::{Read, Write};
use std::process::ExitCode;

use oomscope::i18n::{Language, fill, text};
use oomscope::{Analyzer, export};

/// What the arguments ask for.
struct Request {
    files: Vec<String>,
    format: OutputFormat,
    language: Language,
    output: Option<String>,
}

enum OutputFormat {
    Text,
    Json,
}

/// Reads what the arguments name and prints the report.
pub fn main() -> ExitCode {
    let language = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .map_or(Language::En, |tag| Language::from_tag(&tag));
    let request = match read_arguments(language) {
        Ok(Some(request)) => request,
        Ok(None) => return ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("oomscope: {message}");
            return ExitCode::from(2);
        }
    };
    match run(&request) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("oomscope: {message}");
            ExitCode::from(2)
        }
    }
}

/// `None` if the arguments only asked for help or the version, which is printed.
fn read_arguments(mut language: Language) -> Result<Option<Request>, String> {
    use lexopt::prelude::*;
    let mut request = Request { files: Vec::new(), format: OutputFormat::Text, language, output: None };
    let mut parser = lexopt::Parser::from_env();
    let wrong = |error: lexopt::Error| error.to_string();
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Short('h') | Long("help") => {
                print!("{}", text(language, "cli.help"));
                return Ok(None);
            }
            Short('V') | Long("version") => {
                println!("oomscope {}", env!("CARGO_PKG_VERSION"));
                return Ok(None);
            }
            Short('f') | Long("format") => {
                let name = parser.value().and_then(|value| value.string()).map_err(wrong)?;
                request.format = match name.as_str() {
                    "text" => OutputFormat::Text,
                    "json" => OutputFormat::Json,
                    _ => return Err(fill(language, "cli.unknown-format", &[("name", &name)])),
                };
            }
            Short('l') | Long("language") => {
                let tag = parser.value().and_then(|value| value.string()).map_err(wrong)?;
                language = Language::from_tag(&tag);
                request.language = language;
            }
            Short('o') | Long("output") => {
                request.output = Some(parser.value().and_then(|value| value.string()).map_err(wrong)?);
            }
            Value(file) => request.files.push(file.string().map_err(wrong)?),
            other => return Err(wrong(other.unexpected())),
        }
    }
    if request.files.is_empty() {
        return Err(text(language, "cli.no-file"));
    }
    Ok(Some(request))
}

/// `true` if something was understood.
fn run(request: &Request) -> Result<bool, String> {
    let mut analyzer = Analyzer::new(request.language);
    for file in &request.files {
        read_file(file, &mut analyzer).map_err(|error| format!("{file}: {error}"))?;
    }
    let report = analyzer.finish().report;
    let out = match request.format {
        OutputFormat::Text => export::text::write(&report, request.language),
        OutputFormat::Json => {
            let mut json = serde_json::to_string_pretty(&report).map_err(|error| error.to_string())?;
            json.push('\n');
            json
        }
    };
    let written = match &request.output {
        Some(path) => std::fs::write(path, out).map_err(|error| format!("{path}: {error}")),
        None => std::io::stdout().write_all(out.as_bytes()).map_err(|error| error.to_string()),
    };
    written.map(|()| !report.segments.is_empty())
}

/// Feeds a file, standard input for `-`, unpacked if it is gzip.
fn read_file(name: &str, analyzer: &mut Analyzer) -> std::io::Result<()> {
    let file: Box<dyn Read> =
        if name == "-" { Box::new(std::io::stdin()) } else { Box::new(std::fs::File::open(name)?) };
    let mut file = std::io::BufReader::with_capacity(1 << 16, file);
    let gzip = std::io::BufRead::fill_buf(&mut file)?.starts_with(&[0x1f, 0x8b]);
    let mut file: Box<dyn Read> = if gzip { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) };
    analyzer.open(name);
    let mut chunk = vec![0; 1 << 18];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(read) => analyzer.feed(chunk.get(..read).unwrap_or_default()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    analyzer.close();
    Ok(())
}
