//! What page and worker say to each other.
//!
//! A reply is one block of bytes whose buffer changes hands without being copied: the length of a JSON header, the header,
//! then the columns of `jstat` tables as plain numbers. Columns as JSON would cost more than reading the log did.

use serde::{Deserialize, Serialize};

use crate::analyzer::{Analysis, SourceMap};
use crate::detect::dispatch::LineClass;
use crate::detect::surroundings::Surrounding;
use crate::i18n::Language;
use crate::model::jstat::{Cells, Column, Columns};
use crate::report::Report;
use crate::worker::share::{Kept, Shared, Wish};

/// Page to worker: read these. The texts travel beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Names the job in replies.
    pub job: u32,
    /// Language of the report's sentences.
    pub language: Language,
    /// In the order of the texts.
    pub sources: Vec<SourceToRead>,
    /// Asks for what is handed on of the report, in place of the report.
    #[serde(default)]
    pub share: Option<Wish>,
    /// Asks for what the browser keeps of the report, too, after the report.
    #[serde(default)]
    pub keep: bool,
}

/// One source of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceToRead {
    /// File name, or what the page calls a paste.
    pub name: String,
    /// Size.
    pub bytes: u64,
}

/// Worker to page.
pub enum Reply {
    /// The worker has started.
    Started,
    /// How far a job is.
    Progress(u32, Progress),
    /// A job's result.
    Done(u32, Box<Analysis>),
    /// What was handed over were texts that somebody shared: name and text of each.
    Opened(u32, Vec<(String, String)>),
    /// What was handed over was a link under a passphrase.
    Sealed(u32, String),
    /// What is handed on of a report.
    Shared(u32, Box<Shared>),
    /// What the browser keeps of a job's report, after the report itself. `None` if nothing of it is short enough.
    Kept(u32, Option<Kept>),
    /// A job came to nothing.
    Failed(u32, Problem),
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes read.
    pub bytes: u64,
    /// Bytes in all.
    pub total: u64,
    /// Lines read.
    pub lines: u64,
    /// Milliseconds since the start.
    pub elapsed_ms: u64,
}

/// Why a job came to nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// The browser did not hand out the file's bytes: it was moved, changed, or may not be read.
    Unreadable {
        /// The source's name.
        name: String,
    },
    /// A packed file that cannot be unpacked.
    Unpackable {
        /// The source's name.
        name: String,
    },
    /// More texts than [`crate::source::MAX_SOURCES`].
    TooManySources,
    /// Something that was shared does not open.
    Shared {
        /// Catalogue key of the reason.
        key: String,
    },
    /// A fault of ours.
    Fault {
        /// What the machine said.
        message: String,
    },
}

#[derive(Serialize, Deserialize)]
enum Header {
    Started,
    Progress(u32, Progress),
    Done { job: u32, report: Box<Report>, columns: Vec<Vec<Shape>>, maps: Vec<WireMap> },
    Opened(u32, Vec<(String, String)>),
    Sealed(u32, String),
    Shared(u32, Box<Shared>),
    Kept(u32, Option<Kept>),
    Failed(u32, Problem),
}

/// A column without its values.
#[derive(Serialize, Deserialize)]
struct Shape {
    name: String,
    rows: usize,
    kind: ShapeKind,
}

#[derive(Serialize, Deserialize)]
enum ShapeKind {
    Fixed(u8),
    Text(Vec<String>),
}

#[derive(Serialize, Deserialize)]
struct WireMap {
    classes: Vec<(u32, u8)>,
    checkpoints: Vec<u64>,
}

impl Reply {
    /// As bytes.
    pub fn encode(self) -> Vec<u8> {
        let mut numbers = Vec::new();
        let header = match self {
            Reply::Started => Header::Started,
            Reply::Progress(job, progress) => Header::Progress(job, progress),
            Reply::Failed(job, problem) => Header::Failed(job, problem),
            Reply::Opened(job, texts) => Header::Opened(job, texts),
            Reply::Sealed(job, link) => Header::Sealed(job, link),
            Reply::Shared(job, shared) => Header::Shared(job, shared),
            Reply::Kept(job, kept) => Header::Kept(job, kept),
            Reply::Done(job, analysis) => {
                let Analysis { mut report, maps } = *analysis;
                let columns = report
                    .jstat
                    .iter_mut()
                    .map(|table| {
                        let columns = std::mem::take(&mut table.data).0;
                        columns.into_iter().map(|column| take_apart(column, &mut numbers)).collect()
                    })
                    .collect();
                Header::Done { job, report: Box::new(report), columns, maps: maps.into_iter().map(to_wire).collect() }
            }
        };
        let json = serde_json::to_vec(&header).unwrap_or_default();
        let mut bytes = Vec::with_capacity(4 + json.len() + numbers.len());
        bytes.extend_from_slice(&u32::try_from(json.len()).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend_from_slice(&json);
        bytes.extend_from_slice(&numbers);
        bytes
    }

    /// From bytes. `None` if they are no reply of this version.
    pub fn decode(bytes: &[u8]) -> Option<Reply> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (json, mut numbers) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        Some(match serde_json::from_slice(json).ok()? {
            Header::Started => Reply::Started,
            Header::Progress(job, progress) => Reply::Progress(job, progress),
            Header::Failed(job, problem) => Reply::Failed(job, problem),
            Header::Opened(job, texts) => Reply::Opened(job, texts),
            Header::Sealed(job, link) => Reply::Sealed(job, link),
            Header::Shared(job, shared) => Reply::Shared(job, shared),
            Header::Kept(job, kept) => Reply::Kept(job, kept),
            Header::Done { job, mut report, columns, maps } => {
                for (table, shapes) in report.jstat.iter_mut().zip(columns) {
                    let columns: Option<Vec<Column>> =
                        shapes.into_iter().map(|shape| put_together(shape, &mut numbers)).collect();
                    table.data = Columns(columns?);
                }
                let maps = maps.into_iter().map(from_wire).collect();
                Reply::Done(job, Box::new(Analysis { report: *report, maps }))
            }
        })
    }
}

fn take_apart(column: Column, numbers: &mut Vec<u8>) -> Shape {
    let rows = column.len();
    let kind = match column.cells {
        Cells::Fixed { decimals, values } => {
            numbers.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            ShapeKind::Fixed(decimals)
        }
        Cells::Text { texts, values } => {
            numbers.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            ShapeKind::Text(texts)
        }
    };
    Shape { name: column.name, rows, kind }
}

fn put_together(shape: Shape, numbers: &mut &[u8]) -> Option<Column> {
    fn take<'a>(numbers: &mut &'a [u8], bytes: Option<usize>) -> Option<&'a [u8]> {
        let (mine, rest) = numbers.split_at_checked(bytes?)?;
        *numbers = rest;
        Some(mine)
    }
    let cells = match shape.kind {
        ShapeKind::Fixed(decimals) => {
            let bytes = take(numbers, shape.rows.checked_mul(8))?;
            let values = bytes.as_chunks::<8>().0.iter().map(|chunk| i64::from_le_bytes(*chunk)).collect();
            Cells::Fixed { decimals, values }
        }
        ShapeKind::Text(texts) => {
            let bytes = take(numbers, shape.rows.checked_mul(4))?;
            let values = bytes.as_chunks::<4>().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect();
            Cells::Text { texts, values }
        }
    };
    Some(Column { name: shape.name, cells })
}

/// Classes that are no format; formats are their index, which stays below.
const AROUND: [(u8, LineClass); 6] = [
    (250, LineClass::Transport),
    (251, LineClass::Around(Surrounding::Blank)),
    (252, LineClass::Around(Surrounding::Fence)),
    (253, LineClass::Around(Surrounding::Prompt)),
    (254, LineClass::Around(Surrounding::Prose)),
    (255, LineClass::Around(Surrounding::Other)),
];

fn to_wire(map: SourceMap) -> WireMap {
    let code = |class: LineClass| match class {
        LineClass::Format(at) => at,
        class => AROUND.iter().find(|(_, known)| *known == class).map_or(255, |(code, _)| *code),
    };
    let classes = map.classes.into_iter().map(|(count, class)| (count, code(class))).collect();
    WireMap { classes, checkpoints: map.checkpoints }
}

fn from_wire(map: WireMap) -> SourceMap {
    let class =
        |code: u8| AROUND.iter().find(|(known, _)| *known == code).map_or(LineClass::Format(code), |(_, class)| *class);
    let classes = map.classes.into_iter().map(|(count, code)| (count, class(code))).collect();
    SourceMap { classes, checkpoints: map.checkpoints }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Analyzer;

    fn analysis() -> Box<Analysis> {
        let mut analyzer = Analyzer::new(Language::Ko);
        analyzer.open("초안.md");
        analyzer.feed("앞 글\n\n```\n$ jstat -gccause 7 1s\n".as_bytes());
        analyzer.feed(
            b"  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     CGC    CGCT     GCT    LGCC                 GCC\n\
              0.00  12.50  40.00  80.00  97.00  95.00      3    0.120     1    0.050     -        -    0.170 Allocation Failure   No GC\n\
              0.00  12.50  41.00  80.00  97.00  95.00      3    0.120     1    0.050     -        -    0.170 Allocation Failure   No GC\n```\n",
        );
        Box::new(analyzer.finish())
    }

    #[test]
    fn a_report_arrives_as_it_was_sent() {
        let sent = analysis();
        let Some(Reply::Done(7, arrived)) = Reply::decode(&Reply::Done(7, analysis()).encode()) else {
            panic!("no report arrived");
        };
        assert_eq!(arrived.report, sent.report);
        assert_eq!(arrived.maps, sent.maps);
    }

    #[test]
    fn small_replies_arrive() {
        let progress = Progress { bytes: 1, total: 2, lines: 3, elapsed_ms: 4 };
        assert!(matches!(Reply::decode(&Reply::Started.encode()), Some(Reply::Started)));
        assert!(
            matches!(Reply::decode(&Reply::Progress(3, progress).encode()), Some(Reply::Progress(3, p)) if p == progress)
        );
        let problem = Problem::Unreadable { name: "a.log".into() };
        assert!(
            matches!(Reply::decode(&Reply::Failed(3, problem.clone()).encode()), Some(Reply::Failed(3, p)) if p == problem)
        );
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        let bytes = Reply::Done(7, analysis()).encode();
        for end in (0..bytes.len()).step_by(7) {
            assert!(Reply::decode(&bytes[..end]).is_none(), "cut at {end}");
        }
    }
}
