//! Reads what the JDK prints of a recording of its flight recorder: events by `jfr print`, and forms by `jfr view`.
//!
//! ```text
//! jdk.ResidentSetSize {
//!   startTime = 18:59:05.964 (2026-11-30)
//!   size = 175.6 MB
//!   peak = 175.6 MB
//! }
//!
//! Container Configuration
//! -----------------------
//!
//! Memory Limit: 400.0 MB
//! ```
//!
//! Units are powers of 1024, times those of where it was printed; before JDK 21 without a date. Events of which nothing is read are taken, too.
//! Collections are [`gc_log`](crate::formats::gc_log)'s, native memory [`nmt`](crate::formats::nmt)'s, and the heap's configuration
//! [`jvm_flags`](crate::formats::jvm_flags)'s. Sources: OpenJDK, `metadata.xml`, `jdk.jfr.internal.query`, `view.ini`; captured with
//! JDK 17 and 25.

use std::collections::BTreeMap;

use super::draft::Draft;
use super::quantity::{grouped, whole, with_unit};
use super::series::Series;
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::formats::gc_log::recording::{field, is_rule, of_collections, started};
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::{Line, Span};

pub(super) const SHAPE: Shape = Shape { tool: "jfr", claim, open };

/// An event or a form: its name, what it is about, and its fields with our names.
type Known = (&'static str, HostKind, &'static [(&'static str, &'static str)]);

const EVENTS: &[Known] = &[
    ("GCHeapConfiguration", HostKind::Recording, &[("maxSize", "heap_max"), ("initialSize", "heap_initial")]),
    ("ResidentSetSize", HostKind::Recording, &[("size", "rss"), ("peak", "rss_peak")]),
    ("PhysicalMemory", HostKind::Recording, &[("totalSize", "mem_total"), ("usedSize", "mem_used")]),
    ("SwapSpace", HostKind::Recording, &[("totalSize", "swap_total"), ("freeSize", "swap_free")]),
    (
        "DirectBufferStatistics",
        HostKind::Recording,
        &[("memoryUsed", "direct_used"), ("totalCapacity", "direct_capacity"), ("maxCapacity", "direct_max")],
    ),
    (
        "MetaspaceSummary",
        HostKind::Recording,
        &[
            ("metaspace.used", "metaspace_used"),
            ("metaspace.committed", "metaspace_committed"),
            ("metaspace.reserved", "metaspace_reserved"),
            ("classSpace.used", "class_used"),
            ("classSpace.committed", "class_committed"),
            ("gcThreshold", "metaspace_threshold"),
        ],
    ),
    ("JavaThreadStatistics", HostKind::Recording, &[("activeCount", "java_threads")]),
    (
        "ContainerConfiguration",
        HostKind::Cgroup,
        &[("memoryLimit", "limit"), ("memorySoftLimit", "limit_soft"), ("swapMemoryLimit", "limit_with_swap")],
    ),
    ("ContainerMemoryUsage", HostKind::Cgroup, &[("memoryUsage", "usage"), ("memoryFailCount", "limit_hits")]),
    ("JVMInformation", HostKind::Recording, &[("pid", "pid"), ("jvmArguments", "flags")]),
];

const FORMS: &[Known] = &[
    (
        "Container Configuration",
        HostKind::Cgroup,
        &[("Memory Limit", "limit"), ("Memory Soft Limit", "limit_soft"), ("Memory and Swap Limit", "limit_with_swap")],
    ),
    ("Container Memory Usage", HostKind::Cgroup, &[("Memory Usage", "usage"), ("Memory Fail Count", "limit_hits")]),
    ("System Information", HostKind::Recording, &[("Total Physical Memory Size", "mem_total")]),
    ("JVM Information", HostKind::Recording, &[("PID", "pid"), ("VM Arguments", "flags")]),
    ("GC Pauses", HostKind::Recording, &[]),
    ("GC Configuration", HostKind::Recording, &[]),
];

/// `jdk.ResidentSetSize {`: the name of the event.
fn event(body: &str) -> Option<&str> {
    let name = body.strip_prefix("jdk.")?.strip_suffix('{')?.trim_end();
    (name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !of_collections(name)).then_some(name)
}

fn form(body: &str) -> Option<&'static Known> {
    FORMS.iter().find(|(title, ..)| *title == body)
}

fn claim(body: &str) -> Claim {
    match body.as_bytes().first() {
        Some(b'j') if event(body.trim_end()).is_some() => Claim::Strong,
        Some(b'C' | b'S' | b'J' | b'G') if form(body.trim_end()).is_some() => Claim::Weak,
        _ => Claim::None,
    }
}

/// `Memory and Swap Limit`: what stands before the colon in a form.
fn is_key(key: &str) -> bool {
    let is_word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '(')
            || word == "and"
            || word == "of"
    };
    key.len() < 40 && key.split(' ').all(is_word)
}

/// What is open of a recording.
enum Inside {
    /// Between two events.
    Nothing,
    /// An event, with the field of its that is one itself.
    Event(&'static [(&'static str, &'static str)], Option<String>),
    /// A form behind its title.
    Form(&'static [(&'static str, &'static str)]),
}

struct Recording {
    draft: Draft,
    inside: Inside,
    /// The name of the event.
    name: String,
    series: BTreeMap<String, Series>,
    /// Arguments that a form broke, and where they begin.
    arguments: Option<(String, Span)>,
    /// Lines of the form so far.
    lines: u32,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    context.claimed.then_some(())?;
    let mut recording = Recording {
        draft: Draft::new(HostKind::Recording, line),
        inside: Inside::Nothing,
        name: String::new(),
        series: BTreeMap::new(),
        arguments: None,
        lines: 0,
    };
    let body = line.body.trim();
    if let Some((_, kind, fields)) = form(body) {
        recording.draft = Draft::new(*kind, line);
        recording.inside = Inside::Form(fields);
        return Some(Box::new(recording));
    }
    recording.take(line, out).then(|| Box::new(recording) as Box<dyn Block>)
}

impl Recording {
    /// Puts a value in its place; `-1 byte` and `N/A` are none.
    fn put(&mut self, name: &'static str, printed: &str, line: &Line<'_>) {
        let printed = printed.trim_matches('"');
        match name {
            "pid" => {
                if let Some(pid) = grouped(printed).or_else(|| whole(printed)).and_then(|pid| u32::try_from(pid).ok()) {
                    self.draft.process(Some((pid, line.span_of(printed))));
                }
            }
            "flags" => self.arguments = Some((printed.to_owned(), line.span_of(printed))),
            _ => match whole(printed) {
                Some(count) => self.draft.count(name, Some(count), line, printed),
                None => self.draft.size(name, with_unit(printed), line, printed),
            },
        }
    }

    fn begin(&mut self, name: &str, line: &Line<'_>) {
        let known = EVENTS.iter().find(|(known, ..)| *known == name);
        let (kind, fields) = known.map_or((HostKind::Recording, &[][..]), |(_, kind, fields)| (*kind, *fields));
        self.draft = Draft::new(kind, line);
        self.inside = Inside::Event(fields, None);
        name.clone_into(&mut self.name);
    }

    fn of_event(&mut self, body: &str, line: &Line<'_>, out: &mut Readings) {
        self.draft.extend(line);
        let Inside::Event(fields, within) = &mut self.inside else { return };
        match field(body) {
            // Only what belongs to the event itself is read of lists and traces.
            Some((name, "{" | "[")) => *within = Some(format!("{name}.")),
            Some((name, printed)) if name == "startTime" && within.is_none() => {
                if let Some(wall) = started(printed) {
                    (self.draft.reading.time, self.draft.reading.local_time) = wall.split();
                }
            }
            Some((name, printed)) => {
                let path = format!("{}{name}", within.as_deref().unwrap_or_default());
                let known = fields.iter().find(|(known, _)| *known == path).map(|(_, name)| *name);
                if let Some(name) = known {
                    out.keep(line);
                    self.put(name, printed, line);
                }
            }
            None if matches!(body, "}" | "]") && within.take().is_none() => self.end(line, out),
            None => {}
        }
    }

    /// The event has ended: its reading is kept if it says more than those before.
    fn end(&mut self, line: &Line<'_>, out: &mut Readings) {
        self.settle();
        self.inside = Inside::Nothing;
        let most = self.draft.reading.sizes.values().next().map_or(0, |size| size.0);
        let series = self.series.entry(std::mem::take(&mut self.name)).or_default();
        let draft = std::mem::replace(&mut self.draft, Draft::new(HostKind::Recording, line));
        if !draft.is_empty() && series.keeps(None, most) {
            draft.push(out);
        }
    }

    /// Options, when all of them are there.
    fn settle(&mut self) {
        let Some((arguments, at)) = self.arguments.take() else { return };
        let options = arguments.split_ascii_whitespace().filter(|word| word.starts_with("-X"));
        self.draft.reading.flags = options.map(str::to_owned).collect();
        self.draft.reading.at.put("flags", at);
    }

    /// `Memory Limit: 400.0 MB`, or a line that goes on with one that the form broke.
    fn of_form(&mut self, body: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        let Inside::Form(fields) = self.inside else { return false };
        self.lines += 1;
        if self.lines == 1 {
            return is_rule(body);
        }
        let is_broken = line.body.starts_with("  ");
        match body.split_once(": ") {
            _ if is_broken => {
                if let Some((arguments, _)) = &mut self.arguments {
                    arguments.push_str(body);
                }
            }
            Some((key, printed)) if is_key(key) => {
                self.settle();
                if let Some((_, name)) = fields.iter().find(|(known, _)| *known == key) {
                    out.keep(line);
                    self.put(name, printed, line);
                }
            }
            _ => return false,
        }
        self.draft.extend(line);
        true
    }
}

impl Block for Recording {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        match self.inside {
            Inside::Form(_) => self.of_form(body, line, out),
            Inside::Event(..) if event(body).is_none() => {
                // What is cut off ends where its indentation does.
                let is_own = line.body.starts_with([' ', '\t']) || field(body).is_some() || matches!(body, "}" | "]");
                if is_own {
                    self.of_event(body, line, out);
                }
                is_own
            }
            // An event that was cut off ends where another begins.
            _ => {
                let Some(name) = event(body) else { return false };
                self.end(line, out);
                self.begin(name, line);
                true
            }
        }
    }

    fn close(mut self: Box<Self>, out: &mut Readings) {
        self.settle();
        if !self.draft.is_empty() {
            self.draft.push(out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use crate::units::Bytes;

    #[test]
    fn events_are_read_with_their_times() {
        let text = "jdk.ResidentSetSize {\n  startTime = 18:59:05.964 (2026-11-30)\n  size = 175.6 MB\n  peak = 180.0 MB\n}\n\n\
            jdk.OldObjectSample {\n  startTime = 19:01:17.155 (2026-11-30)\n  object =  [\n    byte[100000]\n  ]\n  size = 7 bytes\n}\n\n\
            jdk.MetaspaceSummary {\n  when = \"After GC\"\n  metaspace = {\n    committed = 3.5 MB\n    used = 3.4 MB\n  }\n  dataSpace = {\n    used = 3.0 MB\n  }\n}\n";
        let out = read(text);
        let [rss, metaspace] = out.host.as_slice() else { panic!("two readings: {:?}", out.host) };
        assert_eq!(rss.sizes.get("rss_peak"), Some(&Bytes(180 << 20)));
        assert!(rss.local_time.is_some_and(|time| time.0 % 86_400_000_000 == 68_345_964_000));
        assert_eq!(metaspace.sizes.get("metaspace_committed"), Some(&Bytes(3_670_016)));
        assert_eq!(metaspace.sizes.len(), 2);
    }

    #[test]
    fn a_limit_that_is_none_is_not_read() {
        let event = "jdk.ContainerConfiguration {\n  memorySoftLimit = -1 byte\n  memoryLimit = 400.0 MB\n}\n";
        let form = "Container Configuration\n-----------------------\n\nMemory Soft Limit: -1 byte\n\nMemory Limit: 400.0 MB\n";
        for text in [event, form] {
            let limit = first(text, "cgroup");
            assert_eq!(limit.sizes.iter().collect::<Vec<_>>(), [(&"limit".into(), &Bytes(400 << 20))], "{text}");
        }
        assert_eq!(read("Container Configuration\nMemory Limit: 400.0 MB\n").host, []);
    }

    #[test]
    fn arguments_that_a_form_broke_are_whole() {
        let text = "JVM Information\n---------------\n\nPID: 19,783\n\nVM Arguments: -XX:+UseG1GC -Xmx200m -X\n              log:gc* -Dtoken=1\n\nProgram Arguments: App\n";
        let jvm = first(text, "recording");
        assert_eq!(jvm.pid, Some(19_783));
        assert_eq!(jvm.flags, ["-XX:+UseG1GC", "-Xmx200m", "-Xlog:gc*"]);
    }
}
