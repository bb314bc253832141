//! Every corpus case above every other one, and behind every prefix: what was read of each alone is read there, too, and nothing
//! else. `make test-host` tries all; `cargo test` alone tries a sample. Two blocks of one format that touch may become one as long as
//! no value changes.

#[path = "support/corpus.rs"]
mod corpus;

use std::hash::{DefaultHasher, Hash, Hasher};

use corpus::{Case, cases, read};
use oomscope::report::Report;

/// What stands between two texts. All of them between a sample of the pairs, the first one between all pairs.
const BETWEEN: [&str; 2] = ["\n", "\nAnd this is from the other server:\n\n"];
/// Of the prefixes, and of what stands between two texts, one in so many is tried where not all are.
const SAMPLE: usize = 6;

/// Texts that end in the middle of something that may go on in any way. Only what a program begins below a prompt is surely
/// something else.
const END_INSIDE: [&str; 14] = [
    // The warning above an error.
    "java-error/threads-not-started",
    // The choice of a process, without its kill.
    "host/top-of-two-runs",
    // The answer of a command that names its process.
    "host/answers-of-jdk17",
    "hs-err/jdk17-no-thread",
    "hs-err/jdk8-history-alone",
    "hs-err/jdk8-insufficient-memory",
    "oom-killer/6.12-group-kill-caller-ids",
    // Objects and fields of entries, of which another may follow.
    "oom-killer/cgroup-v1-dmesg-json",
    "oom-killer/cgroup-v1-journal-json-pretty",
    "oom-killer/cgroup-v1-journal-verbose",
    "oom-killer/cgroup-v1-journal-verbose-message-only",
    "oom-killer/one-thread-asks-four-times",
    "oom-killer/page-allocation-failure-is-no-kill",
    "oom-killer/sysrq-and-panics",
];

/// Texts that begin in the middle: what they begin with may belong to something of its kind above.
const BEGIN_INSIDE: [&str; 34] = [
    // Collections without the beginning of their log, with later times and numbers.
    "gc-log/cms-promotion-failed-in-two-lines",
    "gc-log/jdk11-old-unified-shapes",
    "gc-log/jdk17-g1-decorations-none",
    "gc-log/jdk25-g1-decorations-none",
    "gc-log/jdk7-and-older-shapes",
    "gc-log/jdk7-cms-options-inside",
    "gc-log/jdk7-cms-wrapped-by-a-book",
    "gc-log/jdk8-cms-failures-and-exit",
    "gc-log/jdk8-g1-full-around-a-cycle",
    "gc-log/jdk8-heap-at-gc",
    "gc-log/jdk8-serial-verbose",
    "gc-log/jdk8-shenandoah",
    "gc-log/jdk8-wrapped-by-mail",
    "gc-log/jdk9-cms-unified",
    "gc-log/jdk9-initial-mark",
    "incident/serial-jdk25-in-a-container",
    "mixed/spark-on-yarn",
    "nmt/gc-log-between",
    // Parts of what is known of a container or a process.
    "host/container-trace",
    "host/proc-files-without-command",
    "killers/heroku-docker-events-last-states",
    "killers/kubectl-describe-restarts",
    // The same process that another text tells of.
    "killers/what-daemons-did",
    // An error that comes again is counted.
    "java-error/times-of-loggers",
    "java-error/titles-and-sentences",
    "java-error/year-less-syslog",
    // Lines of a kernel report, or of the end of a container, without its head.
    "killers/exit-codes",
    "killers/yarn-slurm-cloud",
    "oom-killer/table-only-without-header",
    "gc-log/jdk8-two-full-gcs-old-full",
    "java-error/threads-not-started",
    "oom-killer/2.6-one-row-and-the-score",
    "oom-killer/process-table-in-markdown",
    "nmt/starts-in-the-middle",
];

/// Sections cut out of a crash file, of the crash above them.
const SECTIONS: [&str; 2] = ["hs-err/container-section-alone", "hs-err/process-and-memory-sections-alone"];

/// Texts that tell of one collection, or of one kill; and a heading below a text with a blank line between all others, which is then
/// no sign of one.
const SAME: [(&str, &str); 7] = [
    ("jvm-flags/options-amid-words-and-marks", "java-error/titles-and-sentences"),
    ("killers/heroku-docker-events-last-states", "java-error/titles-and-sentences"),
    ("oom-killer/cgroup-v1-journal-json-sse", "java-error/titles-and-sentences"),
    ("oom-killer/prose-about-a-kill", "java-error/titles-and-sentences"),
    ("oom-killer/transport-html-collapsed-blanks", "java-error/titles-and-sentences"),
    ("gc-log/jdk17-serial-verbose-gc", "hs-err/jdk17-crash-on-oom-serial"),
    ("oom-killer/transport-talos", "oom-killer/same-kill-dmesg-and-journal"),
];

/// A value beside its line: line, hash of field and value.
type Fact = (u64, u64);
/// First line, last line, format.
type Segment = (u64, u64, String);

/// What was read of one text.
struct Known {
    facts: Vec<Fact>,
    segments: Vec<Segment>,
    /// Kills that were reported twice.
    repeated: usize,
}

fn known(report: &Report) -> Known {
    let mut facts = Vec::new();
    // What words state holds for all of an input: it is told once, and a system only where no other is named.
    let is_of_all = |field: &str| field == "host.platform" || field.starts_with("host.stated_");
    corpus::each_fact(report, &mut |line, field, value| {
        if !is_of_all(field) {
            facts.push((line, hash(field, value)));
        }
    });
    facts.sort_unstable();
    facts.dedup();
    let segment = |segment: &oomscope::report::Segment| {
        (u64::from(segment.first_line), u64::from(segment.last_line), segment.format.clone())
    };
    let mut segments: Vec<Segment> = report.segments.iter().map(segment).collect();
    segments.retain(|(_, _, format)| format != "stated");
    segments.sort_unstable();
    let repeated = report.oom_kills.iter().map(|kill| kill.also.len()).sum();
    Known { facts, segments, repeated }
}

fn hash(field: &str, value: &serde_json::Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    (field, value).hash(&mut hasher);
    hasher.finish()
}

impl Known {
    /// Facts and segments of this text above another, which begins `lines` further down.
    fn above(&self, below: &Known, lines: u64) -> (Vec<Fact>, Vec<Segment>) {
        let moved = below.facts.iter().map(|(line, hash)| (line + lines, *hash));
        let mut facts: Vec<Fact> = self.facts.iter().copied().chain(moved).collect();
        facts.sort_unstable();
        let moved = |(first, last, format): &Segment| (first + lines, last + lines, format.clone());
        let mut segments: Vec<Segment> =
            self.segments.iter().cloned().chain(below.segments.iter().map(moved)).collect();
        segments.sort_unstable();
        (facts, segments)
    }

    fn has_format_of(&self, other: &Known) -> bool {
        self.segments.iter().any(|(_, _, format)| other.segments.iter().any(|(_, _, other)| other == format))
    }
}

/// True if one case is a part of the other, or both are parts of one capture: `jstat/g1-jdk17-healthy-gc` and
/// `incident/g1-jdk17-healthy`. What both say counts once.
fn are_one_capture(a: &Case, b: &Case) -> bool {
    let name = |case: &Case| case.name.split('/').nth(1).unwrap_or_default().to_owned();
    let (a, b) = (name(a), name(b));
    a.starts_with(&b) || b.starts_with(&a)
}

/// True if the text below may belong to what stands above, or both say the same.
fn may_go_on(above: (&Case, &Known), below: (&Case, &Known)) -> bool {
    let has_prompt = below.0.input.starts_with(b"$ ");
    // The same error again is counted unless something says that another JVM throws it.
    let has_error = |known: &Known| known.segments.iter().any(|(_, _, format)| format == "java-error");
    let names = (above.0.name.as_str(), below.0.name.as_str());
    SECTIONS.contains(&names.1)
        || SAME.contains(&names)
        || SAME.contains(&(names.1, names.0))
        || (!has_prompt && END_INSIDE.contains(&above.0.name.as_str()))
        || (!has_prompt && has_error(above.1) && has_error(below.1))
        || (BEGIN_INSIDE.contains(&below.0.name.as_str()) && above.1.has_format_of(below.1))
        || are_one_capture(above.0, below.0)
}

/// Segments of which no line is in a segment of their format any more.
fn lost(segments: &[Segment], both: &[Segment]) -> Vec<Segment> {
    let touches = |a: &Segment, b: &Segment| a.2 == b.2 && a.0 <= b.1 && b.0 <= a.1;
    segments.iter().filter(|segment| !both.iter().any(|other| touches(segment, other))).cloned().collect()
}

/// What of two sorted lists only the first has.
fn only_in<T: Ord + Clone>(list: &[T], other: &[T]) -> Vec<T> {
    list.iter().filter(|item| other.binary_search(item).is_err()).cloned().collect()
}

/// What is wrong with one text above another.
fn compare(above: (&Case, &Known), below: (&Case, &Known), between: &str) -> Vec<String> {
    let mut text = above.0.input.clone();
    if !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    text.extend_from_slice(between.as_bytes());
    let lines = corpus::lines(&text);
    text.extend_from_slice(&below.0.input);
    let report = read(&text);
    let both = known(&report);
    // One kill in two transports is one kill.
    if both.repeated > above.1.repeated + below.1.repeated {
        return Vec::new();
    }
    let (facts, segments) = above.1.above(below.1, lines);
    let lost_segments = lost(&segments, &both.segments);
    if (both.facts == facts && lost_segments.is_empty()) || may_go_on(above, below) {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let mut tell = |which: &str, report: &Report, facts: &[Fact], from: u64| {
        corpus::each_fact(report, &mut |line, field, value| {
            if wrong.len() < 4 && facts.binary_search(&(line + from, hash(field, value))).is_ok() {
                wrong.push(format!("{which} {} {field} {value}", line + from));
            }
        });
    };
    tell("invented", &report, &only_in(&both.facts, &facts), 0);
    let lost = only_in(&facts, &both.facts);
    tell("lost", &read(&above.0.input), &lost, 0);
    tell("lost", &read(&below.0.input), &lost, lines);
    let span = |(first, last, format): &Segment| format!("lost {format} {first}..{last}");
    wrong.extend(lost_segments.iter().map(span));
    vec![format!("{} above {}: {}", above.0.name, below.0.name, wrong.join(", "))]
}

#[test]
fn a_case_above_another_changes_neither() {
    let cases = cases();
    let alone: Vec<Known> = cases.iter().map(|case| known(&read(&case.input))).collect();
    let numbered: Vec<(usize, (&Case, &Known))> = cases.iter().zip(&alone).enumerate().collect();
    let wrong = corpus::wrong_in_each(&numbered, |(nth, above)| {
        let others = numbered.iter().filter(|(other, _)| other != nth);
        let each = others.flat_map(|(other, below)| {
            // A step that is prime to the number of cases: neighbours are of different formats.
            let is_sample = *other == (nth * 7 + 101) % cases.len();
            let between = match (is_sample, corpus::exhaustive()) {
                (true, _) => &BETWEEN[..],
                (false, true) => &BETWEEN[..1],
                (false, false) => &[],
            };
            between.iter().flat_map(|between| compare(*above, *below, between))
        });
        each.collect()
    });
    assert!(wrong.is_empty(), "{} pairs:\n{}", wrong.len(), wrong.join("\n"));
}

/// What stands before each line of a paste, by what put it there, with `#` for the number of the line in six columns.
const PREFIXES: [(&str, &str); 13] = [
    ("a mail", "> "),
    ("a mail of a mail", "> > "),
    ("Markdown", "    "),
    ("Markdown", "\t"),
    ("cat -n", "#\t"),
    ("kern.log", "Aug  5 03:54:03 web01 kernel: "),
    ("syslog", "Aug 05 03:54:03 web01 java[4711]: "),
    ("journalctl -o short-iso", "2025-08-05T03:54:03+0200 web01 java[4711]: "),
    ("RFC 5424", "<6>1 2025-08-05T03:54:03.123456Z web01 java 4711 - - "),
    ("CRI", "2025-08-05T03:54:03.123456789Z stdout F "),
    ("docker logs -t", "2025-08-05T03:54:03.123456789Z "),
    ("docker compose", "web-1  | "),
    ("kubectl logs --prefix", "[pod/web-6d9f/web] "),
];
/// The first of them stand before any text that a person hands on; the others before the lines of one program's output.
const OF_PEOPLE: usize = 5;
/// And of those, the first two before lines whose width says where they were wrapped.
const OF_MAILS: usize = 2;

/// How many of the prefixes may stand before the lines of a case.
fn prefixes_of(case: &Case) -> usize {
    let has = |parts: &[&str]| parts.iter().any(|part| case.name.contains(part));
    // What a mail, a pager, or a collector of logs has wrapped.
    if has(&["wrapped-", "/mail-", "/context-with-blanks", "-many-lines", "-cloud-logging-yaml", "-events-with-times"])
    {
        return OF_MAILS;
    }
    // What a terminal shows, entries over many lines, each of which would be an entry of its own in another log, lines that
    // are parts of one already, lines of several programs, each with its own prefix, and lines that only their times tell apart.
    if has(&[
        "host/",
        "-json",
        "-export",
        "-verbose",
        "-cri-partial-lines",
        "-full-around-a-cycle",
        "/heroku-",
        "asks-four-times",
    ]) {
        return OF_PEOPLE;
    }
    PREFIXES.len()
}

/// True for what a prefix says: when, where, and which process it was that speaks.
fn is_of_prefix(field: &str) -> bool {
    ["events.pid", "gc_logs.pid", "java_errors.pid"].contains(&field)
        || ["time", "local_time", "host", "wall", "uptime"].iter().any(|name| field.ends_with(&format!(".{name}")))
}

#[test]
fn a_case_behind_a_prefix_says_the_same() {
    let wrong = corpus::wrong_in_each(&cases(), |case| {
        let Ok(text) = std::str::from_utf8(&case.input) else { return Vec::new() };
        let alone = corpus::facts(&read(&case.input));
        let sample = if corpus::exhaustive() { 1 } else { SAMPLE };
        let first = case.input.len() % sample;
        let mut wrong = Vec::new();
        for (name, prefix) in PREFIXES.iter().take(prefixes_of(case)).skip(first).step_by(sample) {
            let before = |nth: usize| prefix.replace('#', &format!("{nth:>6}"));
            let behind: String = (1..).zip(text.lines()).map(|(nth, line)| before(nth) + line + "\n").collect();
            let behind = corpus::facts(&read(behind.as_bytes()));
            for (which, facts) in [("invented", behind.difference(&alone)), ("lost", alone.difference(&behind))] {
                let field = |fact: &str| fact.split(' ').nth(1).unwrap_or_default().to_owned();
                let facts: Vec<&String> = facts.filter(|fact| !is_of_prefix(&field(fact))).take(3).collect();
                if !facts.is_empty() {
                    wrong.push(format!("{} behind {prefix:?} of {name}: {which} {facts:?}", case.name));
                }
            }
        }
        wrong
    });
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
