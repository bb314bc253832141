//! What page and worker say to each other.
//!
//! A reply is one block of bytes whose buffer changes hands without being copied: the length of a JSON header, the header,
//! then the columns of `jstat` tables as plain numbers. Columns as JSON would cost more than reading the log did.

use std::iter;

use crate::analysis::sizing::Settings;
use crate::analyzer::{Analysis, SourceMap};
use crate::detect::dispatch::LineClass;
use crate::detect::surroundings::Surrounding;
use crate::i18n::Language;
use crate::json::{self, Json};
use crate::model::jstat::{Cells, Column, Columns};
use crate::model::tight::Tight;
use crate::report::Report;
use crate::source::Name;
use crate::worker::share::{Kept, Shared, Wish};

/// Page to worker: read these. The texts travel beside it.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Request {
    /// Names the job in replies.
    pub job: u32,
    /// Language of the report's sentences.
    pub language: Language,
    /// In the order of the texts.
    pub sources: Vec<SourceToRead>,
    /// Asks for what is handed on of the report, in place of the report.
    #[json(default)]
    pub share: Option<Share>,
    /// Asks for what the browser keeps of the report, too, after the report.
    #[json(default)]
    pub keep: bool,
    /// What the reader set, in place of what the report brings along.
    #[json(default)]
    pub settings: Option<Settings>,
}

/// What is handed on, and of which report.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Share {
    /// What is wanted.
    pub wish: Wish,
    /// The job that made the report of these sources: where the worker still has it, they are not read again.
    pub of: u32,
}

/// Bytes of sources after which a worker has taken memory that is worth giving back.
const LARGE: u64 = 16 << 20;

impl Request {
    /// A report of its sources as its reader has set it. `None` if it is so already.
    pub fn as_set(&self, report: &Report) -> Option<Report> {
        let settings = self.settings.as_ref().filter(|settings| **settings != report.settings)?;
        Some(report.clone().set(settings.clone()))
    }

    /// True if what it takes is worth giving back.
    pub fn is_large(&self) -> bool {
        self.sources.iter().fold(0, |sum: u64, source| sum.saturating_add(source.bytes)) > LARGE
    }
}

/// One source of a request.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
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
    /// Some of the records of a job's result, which comes after them, and how many more of the kind will follow.
    Part(u32, Box<Analysis>, usize),
    /// A column of one of its tables, by the table's place: it belongs behind those that are there.
    Column(u32, usize, Column),
    /// A job's result, without what came in parts.
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Json)]
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
#[derive(Clone, Debug, PartialEq, Eq, Json)]
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
    /// The browser gives no more memory.
    Memory,
    /// A fault of ours.
    Fault {
        /// What the machine said.
        message: String,
    },
}

impl Problem {
    /// Why a worker broke down without a word of its own. A fault is posted before it ends the worker; what ends it without
    /// that is memory that the browser does not give.
    pub fn of_breakdown(message: &str) -> Problem {
        const SIGNS: [&str; 5] = ["unreachable", "out of memory", "allocation failed", "rangeerror", "memory access"];
        let said = message.to_lowercase();
        match SIGNS.iter().any(|sign| said.contains(sign)) {
            true => Problem::Memory,
            false => Problem::Fault { message: message.to_owned() },
        }
    }
}

#[derive(Json)]
enum Header {
    Started,
    Progress(u32, Progress),
    Part { job: u32, more: usize, report: Box<Report>, columns: Vec<Vec<Shape>>, maps: Vec<WireMap> },
    Column { job: u32, at: usize, shape: Shape },
    Done { job: u32, report: Box<Report>, columns: Vec<Vec<Shape>>, maps: Vec<WireMap> },
    Opened(u32, Vec<(String, String)>),
    Sealed(u32, String),
    Shared(u32, Box<Shared>),
    Kept(u32, Option<Kept>),
    Failed(u32, Problem),
}

/// A column without its values.
#[derive(Json)]
struct Shape {
    name: Name,
    rows: usize,
    kind: ShapeKind,
}

#[derive(Json)]
enum ShapeKind {
    Fixed(u8),
    Text(Vec<String>),
}

#[derive(Json)]
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
            Reply::Part(job, analysis, more) => {
                let (report, columns, maps) = without_columns(*analysis, &mut numbers);
                Header::Part { job, more, report, columns, maps }
            }
            Reply::Column(job, at, column) => Header::Column { job, at, shape: take_apart(column, &mut numbers) },
            Reply::Done(job, analysis) => {
                let (report, columns, maps) = without_columns(*analysis, &mut numbers);
                Header::Done { job, report, columns, maps }
            }
        };
        let json = json::bytes(&header);
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
        Some(match json::read(json)? {
            Header::Started => Reply::Started,
            Header::Progress(job, progress) => Reply::Progress(job, progress),
            Header::Failed(job, problem) => Reply::Failed(job, problem),
            Header::Opened(job, texts) => Reply::Opened(job, texts),
            Header::Sealed(job, link) => Reply::Sealed(job, link),
            Header::Shared(job, shared) => Reply::Shared(job, shared),
            Header::Kept(job, kept) => Reply::Kept(job, kept),
            Header::Part { job, more, report, columns, maps } => {
                Reply::Part(job, with_columns(*report, columns, maps, &mut numbers)?, more)
            }
            Header::Column { job, at, shape } => Reply::Column(job, at, put_together(shape, &mut numbers)?),
            Header::Done { job, report, columns, maps } => {
                Reply::Done(job, with_columns(*report, columns, maps, &mut numbers)?)
            }
        })
    }

    /// The same as several replies, none of which takes long to read: a large result comes in parts, each made when it is
    /// asked for.
    pub fn in_parts(self) -> Box<dyn Iterator<Item = Reply>> {
        let Reply::Done(job, mut analysis) = self else { return Box::new(iter::once(self)) };
        let mut columns = Vec::new();
        for (at, table) in analysis.report.jstat.iter_mut().enumerate() {
            if table.data.0.first().is_some_and(|column| column.len() > MANY_ROWS) {
                columns.extend(std::mem::take(&mut table.data.0).into_iter().map(|column| (at, column)));
            }
        }
        let columns = columns.into_iter().map(move |(at, column)| Reply::Column(job, at, column));
        let mut parts: Box<dyn Iterator<Item = (Analysis, usize)>> = Box::new(iter::empty());
        macro_rules! part_of {
            ($($list:ident by $count:expr),* $(,)?) => {$(
                let some = pieces(&mut analysis.report.$list, $count);
                let part = some.map(|($list, more)| {
                    (Analysis { report: Report { $list, ..Report::default() }, maps: Vec::new() }, more)
                });
                parts = Box::new(parts.chain(part));
            )*};
        }
        // About so many make a tenth of a megabyte.
        part_of!(
            segments by 1000,
            runs by 200,
            jstat by 40,
            nmt by 10,
            oom_kills by 2,
            gc_logs by 100,
            gc_events by 500,
            java_errors by 300,
            events by 300,
            host by 100,
            findings by 100,
            warnings by 300,
        );
        for (at, map) in analysis.maps.iter_mut().enumerate() {
            let part = pieces(&mut map.classes, 20_000).map(move |(classes, more)| {
                let mut maps = vec![SourceMap::default(); at];
                maps.push(SourceMap { classes, checkpoints: Vec::new() });
                (Analysis { report: Report::default(), maps }, more)
            });
            parts = Box::new(parts.chain(part));
        }
        let rest = iter::once(Reply::Done(job, analysis));
        Box::new(parts.map(move |(part, more)| Reply::Part(job, Box::new(part), more)).chain(columns).chain(rest))
    }
}

/// Rows of a table whose columns come one by one: each is then half a megabyte or more.
const MANY_ROWS: usize = 1 << 16;

/// A list in pieces of so many, out of it, and how many follow each. No piece, and the list as it was, if it is not longer than
/// one.
fn pieces<T>(list: &mut Vec<T>, count: usize) -> impl Iterator<Item = (Vec<T>, usize)> + use<T> {
    let mut items = match list.len() <= count {
        true => Vec::new(),
        false => std::mem::take(list),
    }
    .into_iter();
    iter::from_fn(move || {
        let some: Vec<T> = items.by_ref().take(count).collect();
        (!some.is_empty()).then(|| (some, items.len()))
    })
}

/// A result that arrives in parts.
#[derive(Default)]
pub struct Gathered {
    parts: Option<(u32, Box<Analysis>)>,
    /// Each with its job and the place of its table.
    columns: Vec<(u32, usize, Column)>,
}

impl Gathered {
    /// Keeps a part, and completes the result that follows the parts. `None` while more is to come.
    pub fn take(&mut self, reply: Reply) -> Option<Reply> {
        match reply {
            Reply::Part(job, mut part, more) => {
                let report = &mut part.report;
                report.jstat.iter_mut().for_each(Tight::tighten);
                report.nmt.iter_mut().for_each(Tight::tighten);
                report.oom_kills.iter_mut().for_each(Tight::tighten);
                let gathered = match &mut self.parts {
                    Some((known, gathered)) if *known == job => gathered,
                    other => &mut other.insert((job, Box::new(Analysis::default()))).1,
                };
                append(gathered, *part, more);
                None
            }
            Reply::Column(job, at, column) => {
                self.columns.push((job, at, column));
                None
            }
            Reply::Done(job, rest) => {
                let mut whole = match self.parts.take() {
                    Some((known, mut gathered)) if known == job => {
                        let mut rest = *rest;
                        append(&mut gathered, Analysis { report: take_lists(&mut rest.report), maps: rest.maps }, 0);
                        let Analysis { report: mut lists, maps } = *gathered;
                        let mut report = rest.report;
                        append_lists(&mut report, &mut lists, 0);
                        Box::new(Analysis { report, maps })
                    }
                    _ => rest,
                };
                for (known, at, column) in std::mem::take(&mut self.columns) {
                    if let Some(table) = whole.report.jstat.get_mut(at).filter(|_| known == job) {
                        table.data.0.push(column);
                    }
                }
                Some(Reply::Done(job, whole))
            }
            other => Some(other),
        }
    }
}

fn append(to: &mut Analysis, part: Analysis, more: usize) {
    let Analysis { mut report, maps } = part;
    append_lists(&mut to.report, &mut report, more);
    to.maps.resize_with(to.maps.len().max(maps.len()), SourceMap::default);
    for (map, mut part) in to.maps.iter_mut().zip(maps) {
        map.classes.append(&mut part.classes);
        map.checkpoints.append(&mut part.checkpoints);
    }
}

/// Moves lists behind lists, with room for so many more behind what is moved: a list of hundreds of megabytes that grows holds
/// itself twice for a moment.
fn append_lists(to: &mut Report, from: &mut Report, more: usize) {
    macro_rules! append {
        ($($list:ident),* $(,)?) => {
            $(if to.$list.is_empty() && more == 0 {
                std::mem::swap(&mut to.$list, &mut from.$list);
            } else if !from.$list.is_empty() {
                to.$list.reserve_exact(from.$list.len() + more);
                to.$list.append(&mut from.$list);
            })*
        };
    }
    append!(segments, runs, jstat, nmt, oom_kills, gc_logs, gc_events, java_errors, events, host, findings, warnings);
}

/// The lists of a report that may come in parts, out of it.
fn take_lists(report: &mut Report) -> Report {
    let mut lists = Report::default();
    append_lists(&mut lists, report, 0);
    lists
}

type Wired = (Box<Report>, Vec<Vec<Shape>>, Vec<WireMap>);

fn without_columns(analysis: Analysis, numbers: &mut Vec<u8>) -> Wired {
    let Analysis { mut report, maps } = analysis;
    let take = |table: &mut crate::model::jstat::JstatTable| {
        let columns = std::mem::take(&mut table.data).0;
        columns.into_iter().map(|column| take_apart(column, numbers)).collect()
    };
    let columns = report.jstat.iter_mut().map(take).collect();
    (Box::new(report), columns, maps.into_iter().map(to_wire).collect())
}

fn with_columns(
    mut report: Report,
    columns: Vec<Vec<Shape>>,
    maps: Vec<WireMap>,
    numbers: &mut &[u8],
) -> Option<Box<Analysis>> {
    for (table, shapes) in report.jstat.iter_mut().zip(columns) {
        let columns: Option<Vec<Column>> = shapes.into_iter().map(|shape| put_together(shape, numbers)).collect();
        table.data = Columns(columns?);
    }
    let maps = maps.into_iter().map(from_wire).collect();
    Some(Box::new(Analysis { report, maps }))
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
    fn a_large_report_arrives_in_parts_as_it_was_sent() {
        let text = |at: usize| {
            format!(
                "jstat -gc {at} 1s\n S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT GCT\n\
                 0.0 1.0 0.0 1.0 9.0 8.0 40.0 {at}.0 4.0 3.0 2.0 1.0 1 0.1 0 0.0 0.1\n\n\
                 java.lang.OutOfMemoryError: Java heap space {at}\n\n"
            )
        };
        let analysis = || {
            let mut analyzer = Analyzer::new(Language::En);
            for name in ["a.log", "b.log"] {
                analyzer.open(name);
                (0..400).for_each(|at| analyzer.feed(text(at).as_bytes()));
            }
            Box::new(analyzer.finish())
        };
        let sent = analysis();
        let replies: Vec<Vec<u8>> = Reply::Done(7, analysis()).in_parts().map(Reply::encode).collect();
        let longest = replies.iter().map(Vec::len).max().unwrap_or_default();
        assert!(replies.len() > 10 && longest < 400_000, "{} replies of up to {longest} bytes", replies.len());
        let mut gathered = Gathered::default();
        let arrived: Vec<Reply> =
            replies.iter().filter_map(|reply| gathered.take(Reply::decode(reply).expect("a reply"))).collect();
        let [Reply::Done(7, arrived)] = arrived.as_slice() else { panic!("not one report") };
        assert_eq!(arrived.report, sent.report);
        assert_eq!(arrived.maps, sent.maps);
    }

    #[test]
    fn the_columns_of_a_long_table_arrive_one_by_one() {
        let mut analyzer = Analyzer::new(Language::En);
        analyzer.open("a.log");
        for (pid, rows) in [(6, 3), (7, MANY_ROWS + 1)] {
            analyzer.feed(format!("jstat -gcutil {pid} 1s\n S0 S1 E O M CCS YGC YGCT FGC FGCT GCT\n").as_bytes());
            for row in 0..rows {
                let eden = row % 90;
                analyzer.feed(format!("0.00 12.50 {eden}.50 80.00 97.00 95.00 3 0.120 1 0.050 0.170\n").as_bytes());
            }
        }
        let analysis = Box::new(analyzer.finish());
        let (report, maps) = (analysis.report.clone(), analysis.maps.clone());
        let replies: Vec<Vec<u8>> = Reply::Done(7, analysis).in_parts().map(Reply::encode).collect();
        let longest = replies.iter().map(Vec::len).max().unwrap_or_default();
        assert!(replies.len() > 11 && longest < 9 * MANY_ROWS, "{} replies of up to {longest} bytes", replies.len());
        let mut gathered = Gathered::default();
        let arrived: Vec<Reply> =
            replies.iter().filter_map(|reply| gathered.take(Reply::decode(reply).expect("a reply"))).collect();
        let [Reply::Done(7, arrived)] = arrived.as_slice() else { panic!("not one report") };
        assert_eq!(arrived.report, report);
        assert_eq!(arrived.maps, maps);
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
    fn a_worker_that_ends_without_a_word_ran_out_of_memory() {
        for said in [
            "Uncaught RuntimeError: unreachable",
            "Uncaught RangeError: WebAssembly.Memory.grow(): Maximum memory size exceeded",
            "Uncaught RangeError: Array buffer allocation failed",
            "RuntimeError: memory access out of bounds",
            "Out of memory",
        ] {
            assert_eq!(Problem::of_breakdown(said), Problem::Memory, "{said}");
        }
        let other = "Uncaught TypeError: x is not a function";
        assert_eq!(Problem::of_breakdown(other), Problem::Fault { message: other.to_owned() });
    }

    #[test]
    fn what_is_cut_short_is_refused() {
        let bytes = Reply::Done(7, analysis()).encode();
        for end in (0..bytes.len()).step_by(7) {
            assert!(Reply::decode(&bytes[..end]).is_none(), "cut at {end}");
        }
    }
}
