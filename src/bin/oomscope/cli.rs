//! Arguments of the command line, and what it writes.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;

use oomscope::analysis::finding::Severity;
use oomscope::analysis::verdict;
use oomscope::export;
use oomscope::export::Back;
use oomscope::export::svg::{Look, Picture, Style};
use oomscope::i18n::{Language, fill, number, text};
use oomscope::report::redact::redact;
use oomscope::report::{Report, link};
use oomscope::source::MAX_SOURCES;
use oomscope::visible::shown_line;

use crate::follow;
use crate::input::{self, Input};
use crate::output;

/// What the arguments ask for.
struct Request {
    files: Vec<OsString>,
    format: OutputFormat,
    language: Language,
    output: Option<OsString>,
    include: Option<Include>,
    limit: usize,
    page: String,
    title: String,
    picture: Picture,
    look: Look,
    utc: bool,
    follow: bool,
    state: Option<OsString>,
    host: Option<String>,
    fail_on: Option<Severity>,
}

/// What the answer is written as.
#[derive(Clone, Copy, PartialEq)]
enum OutputFormat {
    Text,
    Json,
    Markdown,
    Html,
    Svg,
    Csv,
    Link,
    Brief,
    Ndjson,
}

impl OutputFormat {
    const ALL: [(&str, OutputFormat); 9] = [
        ("text", OutputFormat::Text),
        ("json", OutputFormat::Json),
        ("markdown", OutputFormat::Markdown),
        ("html", OutputFormat::Html),
        ("svg", OutputFormat::Svg),
        ("csv", OutputFormat::Csv),
        ("link", OutputFormat::Link),
        ("brief", OutputFormat::Brief),
        ("ndjson", OutputFormat::Ndjson),
    ];

    /// What is for this terminal and for scripts is whole; what is for others holds numbers only.
    fn includes(self) -> Include {
        match self {
            OutputFormat::Text | OutputFormat::Json | OutputFormat::Ndjson => Include::Whole,
            _ => Include::Numbers,
        }
    }
}

const PICTURES: [(&str, Picture); 4] = [
    ("card", Picture::Card),
    ("report", Picture::Report),
    ("timeline", Picture::Timeline),
    ("memory", Picture::Memory),
];

const LOOKS: [(&str, Look); 3] = [("both", Look::Both), ("light", Look::Light), ("dark", Look::Dark)];

const FAIL_ON: [(&str, Severity); 2] = [("critical", Severity::Critical), ("warning", Severity::Warning)];
/// The exit code where something is as grave as was asked for.
const GRAVE: u8 = 3;

/// What goes in.
#[derive(Clone, Copy, PartialEq)]
enum Include {
    Numbers,
    Lines,
    Whole,
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
            output::complain(&message);
            return ExitCode::from(2);
        }
    };
    match run(&request) {
        Ok(Outcome::Understood) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Ok(Outcome::Unreadable) => ExitCode::from(2),
        Ok(Outcome::Grave) => ExitCode::from(GRAVE),
        Err(message) => {
            output::complain(&message);
            ExitCode::from(2)
        }
    }
}

/// `None` if the arguments only asked for help or the version, which is printed.
fn read_arguments(mut language: Language) -> Result<Option<Request>, String> {
    use lexopt::prelude::*;
    let mut request = Request {
        files: Vec::new(),
        format: OutputFormat::Text,
        language,
        output: None,
        include: None,
        limit: link::MAX_CHARS,
        page: String::new(),
        title: String::new(),
        picture: Picture::Card,
        look: Look::Both,
        utc: false,
        follow: false,
        state: None,
        host: None,
        fail_on: None,
    };
    let mut format = None;
    let mut parser = lexopt::Parser::from_env();
    let wrong = |error: lexopt::Error| shown_line(&error.to_string()).into_owned();
    while let Some(argument) = parser.next().map_err(wrong)? {
        match argument {
            Short('h') | Long("help") => {
                return said(output::print(&text(language, "cli.help"))).map(|()| None);
            }
            Short('V') | Long("version") => {
                let commit = option_env!("OOMSCOPE_BUILD").map_or(String::new(), |commit| format!(" ({commit})"));
                let version = format!("oomscope {}{commit}\n", env!("CARGO_PKG_VERSION"));
                return said(output::print(&version)).map(|()| None);
            }
            Long("schema") => {
                let is_of_lines = format == Some(OutputFormat::Ndjson);
                let schema = if is_of_lines { export::schema::incident() } else { export::schema::report() };
                return said(output::print_for_programs(&schema)).map(|()| None);
            }
            Short('f') | Long("format") => {
                let name = parser.value().and_then(|value| value.string()).map_err(wrong)?;
                format = Some(known(&OutputFormat::ALL, &name, language)?);
            }
            Long("numbers-only") => request.include = Some(Include::Numbers),
            Long("follow") => request.follow = true,
            Long("state") => request.state = Some(parser.value().map_err(wrong)?),
            Long("host") => {
                request.host = Some(parser.value().and_then(|value| value.string()).map_err(wrong)?);
            }
            Long("fail-on") => {
                let name = parser.value().and_then(|value| value.string()).map_err(wrong)?;
                request.fail_on = Some(known(&FAIL_ON, &name, language)?);
            }
            Long("utc") => request.utc = true,
            Long("with-lines") => request.include = Some(Include::Lines),
            Long("whole") => request.include = Some(Include::Whole),
            Long("limit") => {
                request.limit = parser.value().and_then(|value| value.parse()).map_err(wrong)?;
            }
            Long("title") => {
                request.title = parser.value().and_then(|value| value.string()).map_err(wrong)?;
            }
            Long("picture") => {
                let name = parser.value().and_then(|value| value.string()).map_err(wrong)?;
                request.picture = known(&PICTURES, &name, language)?;
            }
            Long("colours") => {
                let name = parser.value().and_then(|value| value.string()).map_err(wrong)?;
                request.look = known(&LOOKS, &name, language)?;
            }
            Long("page") => {
                request.page = parser.value().and_then(|value| value.string()).map_err(wrong)?;
            }
            Short('l') | Long("language") => {
                let tag = parser.value().and_then(|value| value.string()).map_err(wrong)?;
                language = Language::from_tag(&tag);
                request.language = language;
            }
            Short('o') | Long("output") => {
                request.output = Some(parser.value().map_err(wrong)?);
            }
            Value(file) => request.files.push(file),
            other => return Err(wrong(other.unexpected())),
        }
    }
    if request.files.is_empty() {
        return Err(text(language, "cli.no-file"));
    }
    request.format = format.unwrap_or(if request.follow { OutputFormat::Ndjson } else { OutputFormat::Text });
    let is_stream = request.format == OutputFormat::Ndjson;
    if request.follow && !is_stream || request.state.is_some() && !request.follow {
        return Err(text(language, "cli.follow-alone"));
    }
    if is_stream && request.output.is_some() {
        return Err(text(language, "cli.ndjson-to-stdout"));
    }
    if request.files.len() > MAX_SOURCES && !is_stream {
        let (count, limit) = (number(request.files.len() as u64), number(MAX_SOURCES as u64));
        return Err(fill(language, "cli.too-many-files", &[("count", &count), ("limit", &limit)]));
    }
    if let Some(input) = request.output.as_ref().and_then(|output| output::overwritten(output, &request.files)) {
        return Err(fill(language, "cli.output-is-input", &[("name", &output::named(input))]));
    }
    Ok(Some(request))
}

fn said(printed: std::io::Result<()>) -> Result<(), String> {
    printed.map_err(|error| error.to_string())
}

/// What a name of the list stands for.
fn known<T: Copy>(list: &[(&str, T)], name: &str, language: Language) -> Result<T, String> {
    let found = list.iter().find(|(known, _)| *known == name);
    let names: Vec<&str> = list.iter().map(|(known, _)| *known).collect();
    found
        .map(|(_, one)| *one)
        .ok_or_else(|| fill(language, "cli.unknown-name", &[("name", &shown_line(name)), ("names", &names.join(", "))]))
}

/// What became of the input, when there is a report.
enum Outcome {
    Understood,
    Nothing,
    /// Something could not be read, or not whole.
    Unreadable,
    /// Something is as grave as was asked for.
    Grave,
}

/// Tells incidents, each in a line, as they are read.
fn tell_incidents(request: &Request) -> Result<Outcome, String> {
    let wanted = follow::Wanted {
        files: &request.files,
        language: request.language,
        host: request.host.clone(),
        numbers_only: request.include.is_some_and(|include| include != Include::Whole),
        follows: request.follow,
        state: request.state.as_deref(),
    };
    let done = follow::run(&wanted)?;
    Ok(match done.told {
        _ if done.failed => Outcome::Unreadable,
        0 => Outcome::Nothing,
        // Each is critical.
        _ if request.fail_on.is_some() => Outcome::Grave,
        _ => Outcome::Understood,
    })
}

/// True if something in a report is as grave, or graver.
fn is_grave(report: &Report, least: Severity) -> bool {
    let findings = report.findings.iter().map(|finding| finding.severity);
    // The graver come first.
    findings.chain([Severity::from(report.verdict.outcome)]).any(|severity| severity <= least)
}

fn run(request: &Request) -> Result<Outcome, String> {
    if request.format == OutputFormat::Ndjson {
        return tell_incidents(request);
    }
    let include = request.include.unwrap_or(request.format.includes());
    let holds_texts = matches!(request.format, OutputFormat::Html | OutputFormat::Svg | OutputFormat::Link);
    let takes_texts = include == Include::Whole && holds_texts;
    let Input { report: whole, texts, problems } = input::read(&request.files, request.language, takes_texts)?;
    for problem in &problems {
        output::complain(problem);
    }
    let outcome = match whole.verdict.outcome {
        _ if !problems.is_empty() => Outcome::Unreadable,
        verdict::Outcome::NothingRecognised => Outcome::Nothing,
        _ if request.fail_on.is_some_and(|least| is_grave(&whole, least)) => Outcome::Grave,
        _ => Outcome::Understood,
    };
    // A title that its author gave it goes with it.
    let title = if request.title.is_empty() { whole.name.clone().unwrap_or_default() } else { request.title.clone() };
    let report = match include {
        Include::Whole => whole,
        Include::Numbers | Include::Lines => redact(&whole, include == Include::Lines).report,
    };
    let report = if request.utc { report.in_utc() } else { report };
    let report = report.named(&title);
    let out = write(&report, &texts, request)?;
    let written = match &request.output {
        Some(path) => output::write(path, &out).map_err(|error| format!("{}: {error}", output::named(path))),
        None if request.format == OutputFormat::Text => said(output::print(&out)),
        None => said(output::print_for_programs(&out)),
    };
    written.map(|()| outcome)
}

fn write(report: &Report, texts: &[(String, String)], request: &Request) -> Result<String, String> {
    let language = request.language;
    let link = match request.format {
        OutputFormat::Markdown | OutputFormat::Html | OutputFormat::Svg => link_text(report, texts, link::MAX_CHARS),
        _ => String::new(),
    };
    let back = Back { page: &request.page, link: &link };
    Ok(match request.format {
        OutputFormat::Text => export::text::write(report, language, terminal_columns(request)),
        OutputFormat::Json => export::json::write(report),
        OutputFormat::Markdown => export::markdown::write(report, language, back),
        OutputFormat::Html => export::html::write(report, language, texts, back),
        OutputFormat::Csv => export::csv::write(report),
        OutputFormat::Brief => export::brief::write(report, language),
        // Told while it is read.
        OutputFormat::Ndjson => String::new(),
        OutputFormat::Svg => {
            let style = Style { language, width: 720, look: request.look, back };
            export::svg::write(report, request.picture, &style).ok_or_else(|| text(language, "cli.nothing-to-draw"))?
        }
        OutputFormat::Link => {
            let link = link_text(report, texts, request.limit);
            if link.len() > request.limit {
                let (length, limit) = (link.len().to_string(), request.limit.to_string());
                let arguments = [("length", &*length), ("limit", &*limit)];
                return Err(fill(language, "cli.link-too-long", &arguments));
            }
            format!("{}#r={link}\n", request.page.trim_end_matches('#'))
        }
    })
}

/// How wide the terminal is, if it is one that shows the report.
fn terminal_columns(request: &Request) -> Option<usize> {
    let is_shown = request.output.is_none() && std::io::stdout().is_terminal();
    let (terminal_size::Width(columns), _) = is_shown.then(terminal_size::terminal_size).flatten()?;
    Some(usize::from(columns))
}

/// What a link to the report, or to the whole texts, carries.
fn link_text(report: &Report, texts: &[(String, String)], limit: usize) -> String {
    if texts.is_empty() { link::write(report, limit).text } else { link::write_texts(texts) }
}
