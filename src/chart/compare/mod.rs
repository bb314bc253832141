//! Two runs side by side, of one report or of two: what differs in their settings, and what was measured of each, heaviest
//! difference first.
//!
//! Sizes and means can be compared as they are. Counters since the start of a JVM cannot be divided by each other unless
//! it is known how long each ran: then their difference is told and no ratio. A counter that means something else with
//! another collector is not compared at all.

mod lanes;
mod memory;
mod outcome;
mod samples;

use std::collections::BTreeMap;

pub use lanes::side_by_side;
pub use outcome::{did_it_help, is_later};

use crate::chart::runs::Runs;
use crate::formats::quantity;
use crate::i18n::{self, Language, format};
use crate::model::run::Run;
use crate::order::InOrder as _;
use crate::report::Report;
use crate::source::Span;

/// Differences that the first sentence names.
const IN_SENTENCE: usize = 3;

/// Two runs side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Names of the two.
    pub names: [String; 2],
    /// Of two reports: how each ended.
    pub outcome: Option<Difference>,
    /// The heaviest differences in a sentence.
    pub sentence: String,
    /// Settings that differ and bear on memory: collector, sizes, limits.
    pub settings: Vec<Difference>,
    /// What was measured of both, heaviest difference first.
    pub measures: Vec<Difference>,
    /// Committed memory by NMT: the total, then its categories, which add up to it.
    pub native: Vec<Difference>,
    /// Other options that differ: many, where both print all of theirs.
    pub options: Vec<Difference>,
    /// What was not compared, and why.
    pub notes: Vec<String>,
}

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What it is.
    pub label: String,
    /// The value of each run; empty where it has none.
    pub values: [Value; 2],
    /// From the first to the second, in words; empty where there is nothing to say.
    pub change: String,
    /// The larger, the further up.
    weight: f64,
    /// How many times the first the second is; 0 where that is not known.
    grown: f64,
}

/// The value of one run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Value {
    /// With its unit.
    pub text: String,
    /// As the log prints it, where that says more.
    pub printed: Option<String>,
    /// Line it was read from.
    pub span: Option<Span>,
}

/// One of the two runs.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The report that tells of it.
    pub report: &'a Report,
    /// Its index there.
    pub run: usize,
}

/// What is known of a run and can be held against the same of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind<'a> {
    /// Samples of a `jstat` option.
    Samples(&'a str),
    Log,
    Snapshot,
    Kill,
}

impl Kind<'_> {
    /// True for what was measured over time.
    fn is_course(self) -> bool {
        matches!(self, Kind::Samples(_) | Kind::Log)
    }
}

/// What is known of the runs of a report, each with its run.
fn known<'a>(report: &'a Report, act: &mut dyn FnMut(usize, Kind<'a>)) {
    let places = Runs::of(&report.runs);
    let tables = report.jstat.iter().filter(|table| table.rows > 0);
    let tables = tables.map(|table| (table.run.as_str(), Kind::Samples(&table.option)));
    let logs = report.gc_logs.iter().map(|log| (log.run.as_str(), Kind::Log));
    let snapshots = report.nmt.iter().map(|snapshot| (snapshot.run.as_str(), Kind::Snapshot));
    let victims = report.oom_kills.iter().flat_map(|kill| &kill.victims);
    let kills = victims.filter_map(|victim| Some((victim.run.as_deref()?, Kind::Kill)));
    for (run, kind) in tables.chain(logs).chain(snapshots).chain(kills) {
        places.place(run).into_iter().for_each(|at| act(at, kind));
    }
}

/// The same run by run.
fn kinds(report: &Report) -> Vec<Vec<Kind<'_>>> {
    let mut all: Vec<Vec<Kind<'_>>> = vec![Vec::new(); report.runs.len()];
    known(report, &mut |at, kind| {
        if let Some(kinds) = all.get_mut(at).filter(|kinds| !kinds.contains(&kind)) {
            kinds.push(kind);
        }
    });
    all
}

/// Runs of a report that can be compared, in reading order.
pub fn comparable(report: &Report) -> Vec<usize> {
    let mut has = vec![false; report.runs.len()];
    known(report, &mut |at, _| has.get_mut(at).into_iter().for_each(|has| *has = true));
    has.iter().enumerate().filter(|(_, has)| **has).map(|(at, _)| at).collect()
}

/// What a run is called.
pub fn run_name(report: &Report, at: usize, language: Language) -> String {
    report.runs.get(at).map(|run| name(report, run, language)).unwrap_or_default()
}

/// The pair of a report that is compared unasked: the first two runs with samples of the same kind, or with GC logs. `None`
/// if there is no such pair.
pub fn obvious_pair(report: &Report) -> Option<(usize, usize)> {
    // The first run and the next one of every kind. No run before the first of a pair shares a kind with any.
    let mut firsts: BTreeMap<Kind<'_>, (usize, Option<usize>)> = BTreeMap::new();
    known(report, &mut |at, kind| {
        if kind.is_course() {
            let (first, next) = firsts.entry(kind).or_insert((at, None));
            let later = at.max(*first);
            *first = at.min(*first);
            if later > *first {
                *next = Some(next.map_or(later, |next| next.min(later)));
            }
        }
    });
    firsts.into_values().filter_map(|(first, next)| Some((first, next?))).min()
}

/// The runs of two reports that are compared unasked: those of which both tell most; of equals the first. `None` if no run
/// of one has anything that a run of the other has.
pub fn likeliest_pair(first: &Report, second: &Report) -> Option<(usize, usize)> {
    let others = kinds(second);
    let mut best: Option<((usize, usize), (usize, usize))> = None;
    for (a, mine) in kinds(first).into_iter().enumerate() {
        for (b, others) in others.iter().enumerate().filter(|_| !mine.is_empty()) {
            let shared = mine.iter().filter(|kind| others.contains(kind));
            let weight = shared.fold((0, 0), |(courses, all), kind| (courses + usize::from(kind.is_course()), all + 1));
            if weight.1 > 0 && best.is_none_or(|(most, _)| weight > most) {
                best = Some((weight, (a, b)));
            }
        }
    }
    best.map(|(_, pair)| pair)
}

fn name(report: &Report, run: &Run, language: Language) -> String {
    match (run.pid, &run.name) {
        (Some(pid), _) => i18n::fill(language, "chart.process", &[("pid", &pid.to_string())]),
        (None, Some(name)) => name.clone(),
        (None, None) => unnamed(report, &run.id, language),
    }
}

/// A process of which neither name nor pid is known, by the first line that is about it.
pub fn unnamed(report: &Report, run: &str, language: Language) -> String {
    let first = report.segments.iter().find(|segment| segment.run.as_deref() == Some(run));
    match first {
        Some(first) => {
            i18n::fill(language, "chart.process-unknown.at", &[("line", &i18n::number(first.first_line.into()))])
        }
        None => i18n::text(language, "chart.process-unknown"),
    }
}

/// How the two are called: before and after, if they are of two reports.
fn names([first, second]: [Side<'_>; 2], language: Language) -> Option<[String; 2]> {
    let of = |side: Side<'_>| Some(name(side.report, side.report.runs.get(side.run)?, language));
    let (a, b) = (of(first)?, of(second)?);
    let one_report = std::ptr::eq(first.report, second.report);
    let told = |key: &str, name: &str| i18n::fill(language, key, &[("name", name)]);
    Some(if one_report { [a, b] } else { [told("chart.compare.before", &a), told("chart.compare.after", &b)] })
}

impl Comparison {
    /// Compares two runs. `None` if there are no such runs.
    pub fn of(sides: [Side<'_>; 2], language: Language) -> Option<Comparison> {
        let names = names(sides, language)?;
        let whole = sides;
        let sides = [Held::of(sides[0])?, Held::of(sides[1])?];
        let mut maker = Maker { language, sides, measures: Vec::new(), native: Vec::new(), notes: Vec::new() };
        let (options_of_memory, options) =
            maker.options().into_iter().partition(|option| rank(&option.label).is_some());
        let settings = [maker.settings(), options_of_memory].concat();
        maker.samples();
        maker.logs();
        maker.snapshots();
        maker.kills();
        let Maker { mut measures, native, notes, .. } = maker;
        measures.order_by(|a, b| b.weight.total_cmp(&a.weight));
        let mut all: Vec<&Difference> = measures.iter().chain(&native).collect();
        all.order_by(|a, b| b.weight.total_cmp(&a.weight));
        let sentence = sentence(&names, &all, language);
        let outcome = outcome::row(whole, language);
        Some(Comparison { names, outcome, sentence, settings, measures, native, options, notes })
    }
}

fn sentence(names: &[String; 2], measures: &[&Difference], language: Language) -> String {
    let [first, second] = names;
    let parts: Vec<String> = measures
        .iter()
        .filter(|difference| difference.weight > 0.0)
        .take(IN_SENTENCE)
        .map(|difference| {
            let Difference { label, values: [a, b], change, .. } = difference;
            let key = if change.is_empty() { "chart.compare.values" } else { "chart.compare.change" };
            let arguments = [("label", label.as_str()), ("first", &a.text), ("second", &b.text), ("change", change)];
            i18n::fill(language, key, &arguments)
        })
        .collect();
    let what = match (measures.is_empty(), parts.is_empty()) {
        (true, _) => i18n::text(language, "chart.compare.nothing"),
        (_, true) => i18n::text(language, "chart.compare.same"),
        _ => i18n::list(language, "list.items", parts),
    };
    i18n::fill(language, "chart.compare.sentence", &[("first", first), ("second", second), ("what", &what)])
}

/// A run with its report.
#[derive(Clone, Copy)]
struct Held<'a> {
    report: &'a Report,
    run: &'a Run,
}

impl<'a> Held<'a> {
    fn of(Side { report, run }: Side<'a>) -> Option<Held<'a>> {
        Some(Held { report, run: report.runs.get(run)? })
    }
}

struct Maker<'a> {
    language: Language,
    sides: [Held<'a>; 2],
    measures: Vec<Difference>,
    native: Vec<Difference>,
    notes: Vec<String>,
}

impl Maker<'_> {
    fn word(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    /// Limits, maximum of the heap, collector, JDK: those that differ, from what decides to what seldom does.
    fn settings(&self) -> Vec<Difference> {
        let of = |get: fn(&Run) -> Option<String>, field: &str| {
            self.sides.map(|Held { run, .. }| get(run).map(|text| (text, run.at.get(field))))
        };
        let [limit, ram] = self.limits();
        let settings = [
            limit,
            ram,
            (self.word("chart.compare.max-heap"), of(|run| run.max_heap.map(format::size), "max_heap")),
            (self.word("chart.compare.collector"), of(|run| run.collector.clone(), "collector")),
            (self.word("chart.compare.jdk"), of(|run| run.jdk.clone(), "jdk")),
        ];
        // What only one of them tells does not differ: it is not known of the other.
        let told = settings.into_iter().filter_map(|(label, [first, second])| Some((label, [first?, second?])));
        told.filter_map(|(label, values)| differing(label, values)).collect()
    }

    /// Options that differ: those that bear on memory first.
    fn options(&self) -> Vec<Difference> {
        // Only where both tell theirs: one list says nothing about the other.
        if self.sides.iter().any(|side| side.run.flags.is_empty()) {
            return Vec::new();
        }
        let [first, second] = self.sides.map(|side| options(side.run));
        let mut names: Vec<&String> =
            first.keys().chain(second.keys().filter(|key| !first.contains_key(*key))).collect();
        names.order_by_key(|name| (rank(name).unwrap_or(usize::MAX), *name));
        // Of a list of options it is known that the others were not given.
        let value =
            |options: &BTreeMap<String, String>, name| (options.get(name).map_or("–", String::as_str).to_owned(), None);
        names
            .into_iter()
            .filter_map(|name| differing(name.clone(), [value(&first, name), value(&second, name)]))
            .collect()
    }

    fn add(&mut self, label: String, values: [Value; 2], change: String, sizes: (f64, f64), weight: f64) {
        self.measures.push(difference(label, values, change, sizes, weight));
    }
}

/// A row that weighs the more, the more its two numbers differ.
fn difference(label: String, values: [Value; 2], change: String, (a, b): (f64, f64), weight: f64) -> Difference {
    let larger = a.abs().max(b.abs());
    let relative = if larger > 0.0 { (b - a).abs() / larger } else { 0.0 };
    let change = if a == b { String::new() } else { change };
    let grown = if a > 0.0 { b / a } else { 0.0 };
    Difference { label, values, change, weight: relative * weight, grown }
}

/// A setting, if its values differ.
fn differing(label: String, values: [(String, Option<Span>); 2]) -> Option<Difference> {
    let [(first, _), (second, _)] = &values;
    if first == second {
        return None;
    }
    let values = values.map(|(text, span)| Value { text, printed: None, span });
    Some(Difference { label, values, change: String::new(), weight: 0.0, grown: 0.0 })
}

/// Options that bear on memory: which collector, and sizes, the most telling first.
const OF_MEMORY: [&str; 22] = [
    "-XX:UseConcMarkSweepGC",
    "-XX:UseEpsilonGC",
    "-XX:UseG1GC",
    "-XX:UseParallelGC",
    "-XX:UseSerialGC",
    "-XX:UseShenandoahGC",
    "-XX:UseZGC",
    "-XX:ZGenerational",
    "-Xmx",
    "-XX:SoftMaxHeapSize",
    "-XX:MaxRAMPercentage",
    "-XX:MaxRAM",
    "-Xms",
    "-XX:InitialRAMPercentage",
    "-Xmn",
    "-XX:MaxNewSize",
    "-XX:NewSize",
    "-XX:NewRatio",
    "-XX:MaxMetaspaceSize",
    "-XX:MaxDirectMemorySize",
    "-Xss",
    "-XX:ThreadStackSize",
];

/// Options that are another's long name.
const SAME: [(&str, &str); 2] = [("-XX:MaxHeapSize", "-Xmx"), ("-XX:InitialHeapSize", "-Xms")];

/// True for an option whose value is bytes. Those of stacks are in KB, or of entries.
fn is_size(name: &str) -> bool {
    let named = ["Size", "Bytes"].iter().any(|end| name.ends_with(end)) && !name.contains("Stack");
    name.starts_with("-Xm") || name == "-Xss" || name == "-XX:MaxRAM" || named
}

/// Place among the options that bear on memory. `None` for others.
fn rank(option: &str) -> Option<usize> {
    OF_MEMORY.iter().position(|name| *name == option)
}

/// `-Xmx256m` is `-Xmx`: `256m`; `-XX:+UseG1GC` is `-XX:UseG1GC`: `+`; `-Dx=y` is `-Dx`: `y`.
fn options(run: &Run) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for flag in &run.flags {
        let (name, value) = if let Some((name, value)) = flag.split_once('=') {
            (name.to_owned(), value.to_owned())
        } else if let Some(name) = flag.strip_prefix("-XX:+") {
            (format!("-XX:{name}"), "+".to_owned())
        } else if let Some(name) = flag.strip_prefix("-XX:-") {
            (format!("-XX:{name}"), "−".to_owned())
        } else {
            let short = ["-Xmx", "-Xms", "-Xmn", "-Xss"].into_iter().find(|name| flag.starts_with(name));
            match short.and_then(|name| Some((name, flag.strip_prefix(name)?))) {
                Some((name, value)) => (name.to_owned(), value.to_owned()),
                None => (flag.clone(), "✓".to_owned()),
            }
        };
        let name = SAME.iter().find(|(other, _)| *other == name).map_or(name, |(_, name)| (*name).to_owned());
        let size = if is_size(&name) { quantity::option(&value) } else { None };
        // Of an option that is given twice the JVM takes the last.
        found.insert(name, size.map_or(value, format::size));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;
    use crate::chart::timeline::{Clock, Lane, LaneId, Timeline};

    fn report(text: &str) -> Report {
        analysis_of(text).report
    }

    fn draft() -> Report {
        report(include_str!("../../../tests/corpus/mixed/draft-post/input.log"))
    }

    /// The two that are compared unasked.
    fn pair(report: &Report) -> [Side<'_>; 2] {
        let (first, second) = obvious_pair(report).expect("a pair");
        [Side { report, run: first }, Side { report, run: second }]
    }

    fn compared(report: &Report) -> Comparison {
        Comparison::of(pair(report), Language::En).expect("both are there")
    }

    fn row<'a>(comparison: &'a Comparison, label: &str) -> &'a Difference {
        let found = comparison.measures.iter().find(|difference| difference.label == label);
        found.unwrap_or_else(|| panic!("no `{label}` in {:#?}", comparison.measures))
    }

    fn texts(difference: &Difference) -> [&str; 2] {
        difference.values.each_ref().map(|value| value.text.as_str())
    }

    #[test]
    fn two_runs_of_the_draft_are_compared_unasked() {
        let report = draft();
        let comparison = compared(&report);
        assert_eq!(comparison.names, ["pid 17692", "pid 17978"]);
        let old = row(&comparison, "old generation in use");
        let printed = old.values.each_ref().map(|value| value.printed.as_deref());
        assert_eq!(printed, [Some("89,281.0 KB"), Some("51,078.3 KB")]);
        assert_eq!(old.change, "−43%");
        assert_eq!(texts(row(&comparison, "full GCs")), ["140", "220"]);
        assert_eq!(texts(row(&comparison, "full GCs, mean")), ["135 ms", "100 ms"]);
        assert_eq!(comparison.measures[0], *old, "the heaviest comes first");
        assert!(comparison.sentence.contains("140 → 220 (+80)"), "{}", comparison.sentence);
    }

    #[test]
    fn counters_of_unknown_lifetimes_get_no_ratio() {
        let report = draft();
        let comparison = compared(&report);
        for label in ["full GCs", "young GCs", "Time in GC"] {
            assert!(!row(&comparison, label).change.contains('%'), "{label}");
        }
        assert_eq!(comparison.notes.len(), 1);
        assert!(!comparison.measures.iter().any(|difference| difference.label.contains("hour")));
    }

    const HEADER: &str = "Timestamp S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT CGC CGCT GCT\n";

    fn stamped(pid: u32, seconds: f64, full: u32) -> String {
        let time = f64::from(full) * 0.1;
        format!(
            "$ jstat -gc -t {pid} 1000\n{HEADER}{seconds:.1} 0.0 1024.0 0.0 1024.0 10240.0 0.0 20480.0 9000.0 4864.0 4532.1 512.0 400.0 10 0.100 {full} {time:.3} 0 0.000 {:.3}\n",
            time + 0.1
        )
    }

    #[test]
    fn with_known_lifetimes_counters_become_rates() {
        let report = report(&format!("{}\n{}", stamped(1001, 3600.0, 10), stamped(1002, 7200.0, 10)));
        let comparison = compared(&report);
        let rate = row(&comparison, "full GCs, per hour");
        assert_eq!((texts(rate), rate.change.as_str()), (["10.0", "5.0"], "−50%"));
        assert_eq!(row(&comparison, "full GCs").change, "");
        assert!(comparison.notes.is_empty());
    }

    #[test]
    fn rates_are_not_extrapolated() {
        let of = |seconds: f64| report(&format!("{}\n{}", stamped(1001, seconds, 10), stamped(1002, 7200.0, 10)));
        let comparison = compared(&of(3599.0));
        assert_eq!(texts(row(&comparison, "full GCs, per minute")), ["0.17", "0.08"]);
        assert!(!comparison.measures.iter().any(|difference| difference.label.contains("hour")));
        let comparison = compared(&of(13.0));
        assert!(!comparison.measures.iter().any(|difference| difference.label.contains(", per ")));
        assert_eq!(comparison.notes.len(), 1);
    }

    #[test]
    fn options_that_bear_on_memory_stand_before_what_was_measured() {
        let run =
            |flags: &[&str]| Run { flags: flags.iter().map(|flag| (*flag).to_owned()).collect(), ..Run::default() };
        let runs = vec![
            run(&["-XX:ConcGCThreads=1", "-XX:+UseG1GC", "-XX:MaxHeapSize=268435456"]),
            run(&["-XX:ConcGCThreads=2", "-XX:+UseSerialGC", "-XX:MaxHeapSize=209715200"]),
        ];
        let report = Report { runs, ..Report::default() };
        let sides = [0, 1].map(|run| Side { report: &report, run });
        let comparison = Comparison::of(sides, Language::En).expect("both are there");
        let labels = |rows: &[Difference]| rows.iter().map(|row| row.label.clone()).collect::<Vec<_>>();
        assert_eq!(labels(&comparison.settings), ["-XX:UseG1GC", "-XX:UseSerialGC", "-Xmx"]);
        assert_eq!(labels(&comparison.options), ["-XX:ConcGCThreads"]);
        assert_eq!(texts(&comparison.settings[2]), ["256.0 MiB", "200.0 MiB"]);
    }

    #[test]
    fn pauses_of_two_logs_are_compared_by_what_they_share() {
        let log = |pid: u32, pause: f64| -> String {
            (0..12)
                .map(|at| format!("[{}.000s][{pid}][info][gc] GC({at}) Pause Young (Normal) (G1 Evacuation Pause) 60M->40M(256M) {pause:.3}ms\n", at + 1))
                .collect()
        };
        let report = report(&format!("{}\n{}", log(1001, 10.0), log(1002, 20.0)));
        let comparison = compared(&report);
        assert_eq!(texts(row(&comparison, "pauses")), ["12", "12"]);
        let longest = row(&comparison, "longest pause");
        assert_eq!((texts(longest), longest.change.as_str()), (["10 ms", "20 ms"], "+100%"));
        assert_eq!(row(&comparison, "share of time paused").change, "+100%");
    }

    #[test]
    fn one_run_is_no_comparison() {
        assert_eq!(obvious_pair(&report(&stamped(1001, 3600.0, 10))), None);
        assert_eq!(obvious_pair(&Report::default()), None);
        let empty = Report::default();
        let side = Side { report: &empty, run: 0 };
        assert_eq!(Comparison::of([side, side], Language::En), None);
    }

    #[test]
    fn both_runs_share_an_axis_from_their_first_sample_and_a_scale() {
        let report = draft();
        let timeline = Timeline::of(&report, Language::En);
        let together = side_by_side(pair(&report).map(|side| (&timeline, side))).expect("both have samples");
        let section = &together.sections[0];
        assert_eq!((section.clock, section.extent), (Clock::FromFirst, (0, 11_000_000)));
        let heaps: Vec<&Lane> = section.lanes.iter().filter(|lane| lane.id == LaneId::Heap).collect();
        assert_eq!(heaps.len(), 2);
        assert_eq!(heaps[0].owner, "pid 17692");
        let scene = together.scene(&Default::default(), 700);
        let tops: Vec<f64> =
            scene.sections[0].lanes.iter().filter(|lane| lane.id == LaneId::Heap).map(|lane| lane.top).collect();
        assert_eq!(tops[0], tops[1]);
    }

    #[test]
    fn native_memory_of_two_releases_is_grouped_and_adds_up() {
        let snapshot = |pid: u32, categories: &[(&str, u32)]| {
            let total: u32 = categories.iter().map(|(_, size)| size).sum();
            let mut text =
                format!("{pid}:\n\nNative Memory Tracking:\n\nTotal: reserved={total}KB, committed={total}KB\n");
            for (name, size) in categories {
                text += &format!("-{name:>26} (reserved={size}KB, committed={size}KB)\n");
            }
            text
        };
        let old =
            snapshot(11, &[("Java Heap", 102_400), ("Class", 51_200), ("GC", 100), ("Shared class space", 12_288)]);
        let new = snapshot(17, &[("Java Heap", 102_400), ("Class", 1024), ("GC", 200), ("Metaspace", 40_960)]);
        let report = report(&format!("{old}\n{new}"));
        let sides = [0, 1].map(|run| Side { report: &report, run });
        let comparison = Comparison::of(sides, Language::En).expect("both are there");
        let rows: Vec<(&str, [&str; 2], &str)> =
            comparison.native.iter().map(|row| (row.label.as_str(), texts(row), row.change.as_str())).collect();
        assert_eq!(
            rows,
            [
                ("NMT total committed", ["162.1 MiB", "141.2 MiB"], "−13%"),
                ("NMT Shared class space", ["12.0 MiB", "–"], ""),
                ("NMT Class + Metaspace", ["50.0 MiB", "41.0 MiB"], "−18%"),
                ("NMT Java Heap", ["100.0 MiB", "100.0 MiB"], ""),
                ("all other categories", ["100.0 KiB", "200.0 KiB"], "+100%"),
            ]
        );
    }

    /// A comparison for people.
    fn lines(comparison: &Comparison) -> String {
        let mut out = format!("{}\n", comparison.sentence);
        for (what, rows) in [
            ("outcome", &comparison.outcome.iter().cloned().collect()),
            ("setting", &comparison.settings),
            ("measure", &comparison.measures),
            ("native", &comparison.native),
            ("option", &comparison.options),
        ] {
            for Difference { label, values: [a, b], change, .. } in rows {
                let at = |value: &Value| value.span.map_or(0, |span| span.line);
                out += &format!("{what} {label}: {} (line {}) → {} (line {}) {change}\n", a.text, at(a), b.text, at(b));
            }
        }
        for note in &comparison.notes {
            out += &format!("note {note}\n");
        }
        out
    }

    #[test]
    fn runs_of_two_reports_are_compared_by_what_both_have() {
        let first = report(include_str!("../../../tests/corpus/incident/serial-jdk25-heap-killed/input.log"));
        let second = report(include_str!("../../../tests/corpus/incident/g1-jdk17-heap-killed/input.log"));
        let (a, b) = likeliest_pair(&first, &second).expect("both were sampled and killed");
        let sides = [Side { report: &first, run: a }, Side { report: &second, run: b }];
        let comparison = Comparison::of(sides, Language::En).expect("both are there");
        assert!(comparison.names[0].starts_with("before (pid ") && comparison.names[1].starts_with("after (pid "));
        insta::assert_snapshot!(lines(&comparison));
        assert_eq!(likeliest_pair(&first, &Report::default()), None);
    }

    #[test]
    fn a_kill_is_held_against_a_kill() {
        let killed_alone = draft();
        let in_a_container = report(include_str!("../../../tests/corpus/incident/g1-jdk25-direct-killed/input.log"));
        let sides = [&killed_alone, &in_a_container].map(|report| {
            let run = report.runs.iter().position(|run| run.killed).expect("somebody was killed");
            Side { report, run }
        });
        insta::assert_snapshot!(lines(&Comparison::of(sides, Language::En).expect("both are there")));
    }

    #[test]
    fn two_reports_share_an_axis_as_two_runs_of_one_do() {
        let (first, second) = (report(&stamped(1001, 3600.0, 10)), report(&stamped(1001, 7200.0, 20)));
        let lanes = [&first, &second].map(|report| Timeline::of(report, Language::En));
        let sides = [(&lanes[0], Side { report: &first, run: 0 }), (&lanes[1], Side { report: &second, run: 0 })];
        let together = side_by_side(sides).expect("both have samples");
        let owners: Vec<&str> = together.sections[0].lanes.iter().map(|lane| lane.owner.as_str()).collect();
        assert!(owners.contains(&"before (pid 1001)") && owners.contains(&"after (pid 1001)"), "{owners:?}");
    }

    #[test]
    fn options_are_told_apart_from_their_values() {
        let run = Run {
            flags: ["-Xmx256m", "-XX:+UseG1GC", "-XX:-UseTLAB", "-XX:MaxRAMPercentage=50", "-ea", "-Xmx1g"]
                .map(str::to_owned)
                .into(),
            ..Run::default()
        };
        let options = options(&run);
        assert_eq!(options.get("-Xmx").map(String::as_str), Some("1.0 GiB"));
        assert_eq!(options.get("-XX:UseTLAB").map(String::as_str), Some("−"));
        assert_eq!(options.get("-XX:MaxRAMPercentage").map(String::as_str), Some("50"));
        assert_eq!(options.get("-ea").map(String::as_str), Some("✓"));
    }
}
