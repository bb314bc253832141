//! The memory map: who had the memory, as bars whose parts add up.
//!
//! ```text
//! Report → MemoryScene → draw_memory | HTML labels | data table
//! ```
//!
//! A picture is one question with one scale: what the kernel saw when it killed, what a container held against its
//! limit, what NMT knows against what was resident, how full the heap was. Committed is solid, resident hatched,
//! reserved and free pale. Memory that processes share is never added up per process, and what cannot be is not drawn.

mod heap;
mod kill;
mod layout;
mod machine;
mod moment;
mod nmt;

pub use layout::{BarBox, MemoryLabel, MemoryLabelKind, MemoryLayout, PictureBox, draw_memory};
pub use moment::{Moment, Moments, has_moments, moments};

use std::cell::OnceCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::chart::runs::Runs;
use crate::chart::theme::{Pattern, Role};
use crate::i18n::{self, Language, format};
use crate::model::jstat::JstatTable;
use crate::model::oom::OomKill;
use crate::order::InOrder as _;
use crate::report::Report;
use crate::source::Span;
use crate::units::{Bytes, SignedBytes};

/// A wall that is so many times as far as the longest bar is not drawn on the scale.
const FAR: f64 = 4.0;
/// Up to so many kills are all shown unasked; of more the first and the last.
const KILLS_SHOWN: usize = 3;

/// All pictures of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryScene {
    /// Of the labels.
    pub language: Language,
    /// From the whole machine to the heap.
    pub pictures: Vec<Picture>,
    /// The pictures in a sentence.
    pub summary: String,
}

/// Bars on one scale.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Stable within a report.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// What to know when reading it.
    pub note: String,
    /// Right end of the scale, in bytes.
    pub top: f64,
    /// From top to bottom.
    pub bars: Vec<Bar>,
    /// Lines through all bars.
    pub walls: Vec<Wall>,
    /// What follows from the bars, in words.
    pub remarks: Vec<Remark>,
}

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Its figure in words.
    pub value: String,
    /// What the parts add up to, where something is to add up.
    pub total: Option<Bytes>,
    /// From left to right.
    pub parts: Vec<Part>,
    /// Reserved address space, pale, and cut at the end of the scale.
    pub reserved: Option<Bytes>,
    /// How far its end is from that of the bar that it is held against.
    pub gap: Option<Gap>,
    /// True for a row of a breakdown: lower than the others.
    pub is_row: bool,
    /// True if its parts are named below it; the rows of a breakdown name them elsewhere.
    pub has_legend: bool,
    /// The line it was read from.
    pub span: Option<Span>,
}

/// A piece of a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its colour.
    pub role: Role,
    /// How it is filled.
    pub pattern: Pattern,
    /// What it is.
    pub label: String,
    /// How much. Negative if the other parts say more than the total.
    pub size: SignedBytes,
    /// Left end.
    pub from: f64,
    /// Right end, never left of the left one.
    pub to: f64,
    /// The line it was read from.
    pub span: Option<Span>,
}

/// The difference of two bars, in the room that the shorter one leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    /// What it is.
    pub label: String,
    /// How much; negative if the bar that is held against the other one is the shorter one.
    pub size: SignedBytes,
    /// Left end.
    pub from: f64,
    /// Right end.
    pub to: f64,
    /// The line it was read from.
    pub span: Option<Span>,
}

/// A limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Wall {
    /// In words.
    pub label: String,
    /// Where.
    pub at: f64,
    /// True if it is so far away that it would press everything else flat: then it is named at the end of the scale.
    pub is_beyond: bool,
    /// The line it was read from.
    pub span: Option<Span>,
}

/// A sentence below a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Remark {
    /// In words.
    pub text: String,
    /// The line it rests on.
    pub span: Option<Span>,
}

/// A row of the table behind the pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct MemoryRow {
    /// Picture.
    pub picture: String,
    /// Bar.
    pub bar: String,
    /// Part; empty for the bar itself.
    pub part: String,
    /// Exact size.
    pub size: String,
    /// Reserved address space.
    pub reserved: String,
    /// The line it was read from.
    pub span: Option<Span>,
}

impl MemoryScene {
    /// What matters of all that the report says about who had the memory: of many kills or readings the first and the
    /// last, of the snapshots of a process the last. Where there is only what containers used, the last reading of one.
    pub fn of(report: &Report, language: Language) -> MemoryScene {
        let words = Words::of(report, language);
        let mut pictures = Vec::new();
        for (at, kill) in kills_that_matter(report) {
            pictures.extend(words.container_at_kill(at, kill));
            pictures.extend(words.machine_at_kill(at, kill));
        }
        let mut machine = words.machine_readings();
        let short = if words.has_plenty() { None } else { machine.take() };
        pictures.extend(short);
        pictures.extend(words.nmt_pictures());
        for (at, kill) in kills_that_matter(report) {
            pictures.extend(words.victims_not_yet_shown(at, kill, &pictures));
        }
        pictures.extend(words.heaps());
        pictures.extend(machine);
        if pictures.is_empty() {
            let last = moments(report).pop();
            pictures.extend(last.and_then(|moment| words.pictures_of(&moment.id())).unwrap_or_default());
        }
        words.scene(pictures)
    }

    /// One picture alone, without its breakdown: what there is room for on a card. It is what a kernel saw when it killed,
    /// else the JVM beside it; without a kill the heap.
    pub fn small(report: &Report, language: Language) -> MemoryScene {
        let mut pictures = MemoryScene::of(report, language).pictures;
        let is_kill = |picture: &Picture| picture.id.starts_with("kill-");
        let is_nmt = |picture: &Picture| picture.id.starts_with("nmt-");
        let is_heap = |picture: &Picture| picture.id == "heap" && report.oom_kills.is_empty();
        let find = |is: &dyn Fn(&Picture) -> bool| pictures.iter().position(is);
        let at = find(&is_kill).or_else(|| find(&is_heap)).or_else(|| find(&is_nmt));
        if let Some(at) = at {
            pictures.swap(0, at);
        }
        pictures.truncate(1);
        for picture in &mut pictures {
            if picture.bars.iter().any(|bar| !bar.is_row) {
                picture.bars.retain(|bar| !bar.is_row);
            }
            for bar in &mut picture.bars {
                bar.has_legend = true;
                few_parts(bar, language);
            }
            picture.note.clear();
            picture.remarks.clear();
        }
        Words::of(report, language).scene(pictures)
    }

    /// What is known of one moment. `None` if the report has no such moment.
    pub fn at(report: &Report, language: Language, moment: &str) -> Option<MemoryScene> {
        let words = Words::of(report, language);
        Some(words.scene(words.pictures_of(moment)?))
    }

    /// True if there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.pictures.is_empty()
    }

    /// Every bar and part with its exact size and line.
    pub fn table(&self) -> Vec<MemoryRow> {
        let mut rows = Vec::new();
        for picture in &self.pictures {
            for bar in &picture.bars {
                let reserved = bar.reserved.map(format::exact_size).unwrap_or_default();
                let row = |part: &str, size: String, reserved: String, span| MemoryRow {
                    picture: picture.title.clone(),
                    bar: bar.label.clone(),
                    part: part.to_owned(),
                    size,
                    reserved,
                    span,
                };
                match bar.parts.as_slice() {
                    [only] => rows.push(row("", exact(only.size), reserved, only.span.or(bar.span))),
                    parts => {
                        // A bar of which nothing can be drawn has its figure in words.
                        let total = bar.total.map(format::exact_size).unwrap_or_default();
                        rows.push(row("", total, reserved, bar.span));
                        rows.extend(
                            parts.iter().map(|part| row(&part.label, exact(part.size), String::new(), part.span)),
                        );
                    }
                }
                rows.extend(bar.gap.as_ref().map(|gap| MemoryRow {
                    picture: picture.title.clone(),
                    bar: gap.label.clone(),
                    part: String::new(),
                    size: exact(gap.size),
                    reserved: String::new(),
                    span: gap.span,
                }));
            }
        }
        rows
    }
}

/// What the kernel saw when it killed: container and machine, as far as it printed them.
pub(super) fn pictures_at_kill(report: &Report, language: Language, at: usize) -> Vec<Picture> {
    let words = Words::of(report, language);
    let Some(kill) = report.oom_kills.get(at) else { return Vec::new() };
    words.container_at_kill(at, kill).into_iter().chain(words.machine_at_kill(at, kill)).collect()
}

/// Kills that are shown unasked, with their places in the report.
fn kills_that_matter(report: &Report) -> impl Iterator<Item = (usize, &OomKill)> {
    let last = report.oom_kills.len().saturating_sub(1);
    let all = last < KILLS_SHOWN;
    report.oom_kills.iter().enumerate().filter(move |(at, _)| all || *at == 0 || *at == last)
}

/// Parts of a bar that a small picture names, beside one for all the others.
const FEW_PARTS: usize = 4;

/// Puts the smaller parts of a bar together at its end.
fn few_parts(bar: &mut Bar, language: Language) {
    if bar.parts.len() <= FEW_PARTS + 1 {
        return;
    }
    let mut sizes: Vec<SignedBytes> = bar.parts.iter().map(|part| part.size).collect();
    sizes.order_by_key(|size| Reverse(*size));
    let least = sizes.get(FEW_PARTS - 1).copied().unwrap_or_default();
    let (named, others): (Vec<Part>, Vec<Part>) = bar.parts.drain(..).partition(|part| part.size >= least);
    let mut stack = Stack::default();
    let size = |part: &Part| u64::try_from(part.size.0).ok().map(Bytes);
    for part in named {
        stack.push(part.role, part.pattern, part.label.clone(), size(&part), part.span);
    }
    let label = i18n::fill(language, "chart.bar.smaller", &[("count", &others.len().to_string())]);
    let rest = others.iter().filter_map(size).fold(Bytes(0), |sum, size| Bytes(sum.0.saturating_add(size.0)));
    stack.push(Role::Rest, Pattern::Solid, label, Some(rest), None);
    bar.parts = stack.parts;
}

/// To the last byte, with its sign.
fn exact(size: SignedBytes) -> String {
    let text = format::exact_size(Bytes(size.0.unsigned_abs()));
    if size.0 < 0 { format!("−{text}") } else { text }
}

/// Makes pictures of a report in a language.
struct Words<'a> {
    report: &'a Report,
    language: Language,
    runs: Runs<'a>,
    tables: OnceCell<Vec<(usize, &'a JstatTable)>>,
    measured: OnceCell<Measured<'a>>,
}

/// Runs with a snapshot, and the last table with sizes of each that has one.
type Measured<'a> = (BTreeSet<&'a str>, BTreeMap<&'a str, &'a JstatTable>);

/// Processes that the overview shows, the last ones; each of the others can be looked at alone.
const PROCESSES_SHOWN: usize = 12;

impl<'a> Words<'a> {
    fn of(report: &'a Report, language: Language) -> Words<'a> {
        let (runs, tables, measured) = (Runs::of(&report.runs), OnceCell::new(), OnceCell::new());
        Words { report, language, runs, tables, measured }
    }

    /// Of each process the last table with sizes, with its place in the report.
    fn tables(&self) -> &[(usize, &'a JstatTable)] {
        self.tables.get_or_init(|| heap::last_tables(self.report))
    }

    /// The last processes, and what is said of the others.
    fn last_processes<T>(&self, mut all: Vec<T>) -> (Vec<T>, Vec<Remark>) {
        let left = all.len().saturating_sub(PROCESSES_SHOWN);
        let shown = all.split_off(left);
        let count = i18n::number(left as u64);
        let text = (left > 0).then(|| self.fill("chart.remark.more-processes", &[("count", &count)]));
        (shown, text.into_iter().map(|text| Remark { text, span: None }).collect())
    }

    fn text(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    fn fill(&self, key: &str, arguments: &[(&str, &str)]) -> String {
        i18n::fill(self.language, key, arguments)
    }

    /// `pid 17692`, or that it is not known.
    fn process(&self, run: &str, pid: Option<u32>) -> String {
        let known = self.runs.get(run);
        match pid.or_else(|| known.and_then(|run| run.pid)) {
            Some(pid) => self.fill("chart.process", &[("pid", &pid.to_string())]),
            None => self.text("chart.process-unknown"),
        }
    }

    /// Pictures with their scales and their sentence.
    fn scene(&self, mut pictures: Vec<Picture>) -> MemoryScene {
        for picture in &mut pictures {
            let ends = picture.bars.iter().flat_map(|bar| &bar.parts).map(|part| part.to);
            let longest = ends.fold(0.0_f64, f64::max);
            for wall in &mut picture.walls {
                wall.is_beyond = longest > 0.0 && wall.at > longest * FAR;
            }
            let walls = picture.walls.iter().filter(|wall| !wall.is_beyond).map(|wall| wall.at);
            picture.top = walls.fold(longest.max(1.0), f64::max) * 1.02;
        }
        let summary = self.summary(&pictures);
        MemoryScene { language: self.language, pictures, summary }
    }

    fn summary(&self, pictures: &[Picture]) -> String {
        let mut parts: Vec<String> = Vec::new();
        for picture in pictures {
            // Rows are told where there is nothing else.
            let is_breakdown = picture.bars.iter().all(|bar| bar.is_row);
            let bars = picture.bars.iter().filter(|bar| is_breakdown || !bar.is_row);
            let bars = bars.map(|bar| (bar.label.clone(), bar.value.clone()));
            let gaps = picture.bars.iter().filter_map(|bar| bar.gap.as_ref());
            let gaps = gaps.map(|gap| (gap.label.clone(), format::signed_size(gap.size)));
            let walls = picture.walls.iter().map(|wall| (wall.label.clone(), String::new()));
            let said = |(label, value): (String, String)| {
                self.fill("chart.summary.bar", &[("label", &label), ("value", &value)]).trim_end().to_owned()
            };
            let bars: Vec<String> = bars.chain(gaps).chain(walls).map(said).collect();
            let bars = i18n::list(self.language, "list.items", bars);
            let arguments = [("title", picture.title.as_str()), ("bars", &bars)];
            parts.push(self.fill("chart.summary.picture", &arguments));
        }
        if parts.is_empty() { self.text("chart.summary.no-memory") } else { parts.join(" ") }
    }
}

/// Puts parts one after the other.
#[derive(Default)]
struct Stack {
    parts: Vec<Part>,
    end: f64,
    sum: i128,
}

impl Stack {
    /// Adds a part. An absent or empty one adds nothing.
    fn push(&mut self, role: Role, pattern: Pattern, label: String, size: Option<Bytes>, span: Option<Span>) {
        let Some(size) = size.filter(|size| size.0 > 0) else { return };
        let from = self.end;
        self.end += size.as_f64();
        self.sum += i128::from(size.0);
        let signed = SignedBytes(i64::try_from(size.0).unwrap_or(i64::MAX));
        self.parts.push(Part { role, pattern, label, size: signed, from, to: self.end, span });
    }

    /// Adds what is missing from `total`, or takes off what is too much, so that the parts add up.
    fn close(
        &mut self,
        role: Role,
        pattern: Pattern,
        total: Bytes,
        missing: String,
        surplus: String,
        span: Option<Span>,
    ) {
        let rest = i128::from(total.0) - self.sum;
        let size = SignedBytes(rest.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64);
        match rest {
            0 => {}
            1.. => {
                let from = self.end;
                self.end += rest as f64;
                self.parts.push(Part { role, pattern, label: missing, size, from, to: self.end, span });
            }
            _ => {
                let from = (self.end + rest as f64).max(0.0);
                let part = Part {
                    role: Role::Unaccounted,
                    pattern: Pattern::Outline,
                    label: surplus,
                    size,
                    from,
                    to: self.end,
                    span,
                };
                self.parts.push(part);
            }
        }
        self.sum = i128::from(total.0);
    }

    fn sum(&self) -> Bytes {
        Bytes(u64::try_from(self.sum.max(0)).unwrap_or(u64::MAX))
    }
}
