//! Reads the short answers to questions that a report asks: what `System.trim_native_heap` gave back, what malloc holds
//! (`System.native_heap_info`), which class loaders there
//! are, threads counted by name, what the kernel allows (`sysctl`), which kernel it is (`uname -a`), and which controllers it has.
//!
//! ```text
//! Trim native heap: RSS+Swap: 5832M->2410M (-3422M)
//! vm.max_map_count = 65530
//! Linux web01 6.12.9-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.9-1 x86_64 GNU/Linux
//! memory  4  37  1
//!      12 request-
//! ```
//!
//! malloc's own answer is XML (`malloc_info`), or lists what a debugger had it print (`malloc_stats`): behind its heaps stand the sums of all of them. Numbers without a name (`grep -c`, `ulimit -u`, `uniq -c`) are read only behind the command that counts. Sources: OpenJDK,
//! `trimCHeapDCmd.cpp`, `mallocInfoDcmd.cpp`, `classLoaderStats.cpp`; glibc, `malloc_info`; kernel, `cgroup-v1.c` (`proc_cgroupstats_show`); uname(1); uniq(1).

use std::collections::BTreeMap;

use super::draft::Draft;
use super::quantity::{front, whole, with_unit};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::formats::jdk_command::answering_above;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::order::InOrder as _;
use crate::source::{Line, Span};
use crate::units::Bytes;

pub(super) const SHAPE: Shape = Shape { tool: "answers", claim, open };

const MALLOC: &str = "<malloc version=";
/// What `malloc_stats` prints above the sums of all arenas.
const STATS: &str = "Total (incl. mmap):";
const TRIMMED: &str = "Trim native heap: RSS+Swap: ";
/// Class loaders whose kind is kept: those of which there are most.
const MAX_KINDS: usize = 20;
/// Names of threads that are counted at most.
const MAX_NAMES: u64 = 100_000;

/// Settings of the kernel, and our names.
const SETTINGS: [(&str, &str); 6] = [
    ("vm.max_map_count", "max_map_count"),
    ("vm.overcommit_memory", "overcommit_memory"),
    ("vm.overcommit_ratio", "overcommit_ratio"),
    ("vm.swappiness", "swappiness"),
    ("kernel.threads-max", "threads_max"),
    ("kernel.pid_max", "pid_max"),
];

/// `vm.max_map_count = 65530`: our name and the number. Macs print `hw.memsize: 17179869184`.
fn setting(body: &str) -> Option<(&'static str, &str)> {
    let (key, value) = pair(body)?;
    whole(value).and_then(|_| Some((name_of_setting(key)?, value)))
}

/// Key and value; files of settings have no blanks between them.
fn pair(body: &str) -> Option<(&str, &str)> {
    let (key, value) = body.split_once('=')?;
    Some((key.trim_end(), value.trim_start()))
}

fn name_of_setting(key: &str) -> Option<&'static str> {
    SETTINGS.iter().find(|(known, _)| *known == key).map(|(_, name)| *name)
}

/// The setting whose file under `/proc/sys` this is.
pub(super) fn setting_of_file(path: &str) -> Option<&'static str> {
    name_of_setting(&path.strip_prefix("/proc/sys/")?.replace('/', "."))
}

fn memory_of_mac(body: &str) -> Option<&str> {
    body.strip_prefix("hw.memsize: ")
        .or_else(|| body.strip_prefix("hw.memsize = "))
        .filter(|value| whole(value).is_some())
}

fn is_loaders(body: &str) -> bool {
    body.split_ascii_whitespace().eq(["ClassLoader", "Parent", "CLD*", "Classes", "ChunkSz", "BlockSz", "Type"])
}

fn is_controllers(body: &str) -> bool {
    body.split_ascii_whitespace().eq(["#subsys_name", "hierarchy", "num_cgroups", "enabled"])
}

/// `Linux web01 6.12.9-amd64 #1 SMP … x86_64 GNU/Linux`: the release, and the machine.
fn system(body: &str) -> Option<(&str, Option<&str>)> {
    let mut words = body.strip_prefix("Linux ")?.split(' ');
    let (_host, release, build) = (words.next()?, words.next()?, words.next()?);
    let is_release = release.starts_with(|c: char| c.is_ascii_digit()) && release.contains('.');
    let machine = words.find(|word| matches!(*word, "x86_64" | "aarch64" | "s390x" | "ppc64le" | "armv7l" | "i686"));
    (is_release && build.starts_with('#')).then_some((release, machine))
}

/// `Arena 0:`, above what `malloc_stats` says of it.
fn is_arena(body: &str) -> bool {
    body.trim_end()
        .strip_prefix("Arena ")
        .and_then(|rest| rest.strip_suffix(':'))
        .is_some_and(|nth| whole(nth).is_some())
}

/// `C-Heap outstanding allocations: 46526K, retained: 2104565K`, of `VM.info`, alone.
fn outstanding(body: &str) -> Option<[(&'static str, &str, Bytes); 2]> {
    let (used, retained) = body.strip_prefix("C-Heap outstanding allocations: ")?.split_once(", retained: ")?;
    Some([("c_heap", used, with_unit(used)?), ("c_heap_retained", retained, with_unit(retained)?)])
}

fn claim(body: &str) -> Claim {
    let is_own = match body.as_bytes().first() {
        Some(b'T') => body.starts_with(TRIMMED) || body.trim_end() == STATS,
        Some(b'A') if is_arena(body) => return Claim::Weak,
        // In a crash file it is the file's.
        Some(b'C') if outstanding(body).is_some() => return Claim::Weak,
        Some(b'C') => is_loaders(body),
        Some(b'#') => is_controllers(body),
        Some(b'L') => system(body).is_some(),
        Some(b'D') => body.starts_with("Dump written to "),
        Some(b'<') => body.starts_with(MALLOC),
        Some(b'v' | b'k') => setting(body).is_some(),
        Some(b'h') => memory_of_mac(body).is_some(),
        _ => false,
    };
    if is_own { Claim::Strong } else { Claim::None }
}

/// What is being read.
enum Answer {
    /// One line, and nothing more of it.
    Line,
    Settings,
    Loaders(Loaders),
    Controllers,
    Threads(Threads),
    Counted,
    Malloc(Malloc),
    Stats(Stats),
}

/// The sums of malloc, in bytes.
#[derive(Default)]
struct Malloc {
    /// The last heap has ended, and no other has begun.
    is_sum: bool,
    fast: Option<u64>,
    rest: Option<(u64, Span)>,
    mapped: Option<u64>,
    current: Option<(u64, Span)>,
    ended: bool,
}

impl Malloc {
    fn take(&mut self, draft: &mut Draft, body: &str, line: &Line<'_>) -> bool {
        if self.ended || !body.starts_with('<') || body.starts_with(MALLOC) && draft.reading.last_line != line.number {
            return false;
        }
        draft.extend(line);
        self.ended = body == "</malloc>";
        if body == "</heap>" || body.starts_with("<heap ") {
            self.is_sum = body == "</heap>";
        }
        let value = |name: &str| body.split_once(name)?.1.strip_prefix("=\"")?.split('"').next();
        let printed = value(" size").filter(|_| self.is_sum);
        if let Some((size, printed)) = printed.and_then(|printed| Some((whole(printed)?, printed))) {
            let at = (size, line.span_of(printed));
            match (body.split(' ').next(), value(" type")) {
                (Some("<total"), Some("fast")) => self.fast = Some(size),
                (Some("<total"), Some("rest")) => self.rest = Some(at),
                (Some("<total"), Some("mmap")) => self.mapped = Some(size),
                (Some("<system"), Some("current")) => self.current = Some(at),
                _ => {}
            }
        }
        true
    }

    /// What is handed out, and what is kept though it was given back; nothing of an answer that is cut.
    fn put(&self, draft: &mut Draft) -> Option<()> {
        let ((rest, rest_at), (current, current_at)) = (self.rest?, self.current.filter(|_| self.ended)?);
        let retained = rest.checked_add(self.fast?)?;
        let used = current.checked_sub(retained)?.checked_add(self.mapped?)?;
        for (name, size, at) in [("c_heap", used, current_at), ("c_heap_retained", retained, rest_at)] {
            draft.reading.sizes.insert(name.to_owned(), Bytes(size));
            draft.reading.at.put(name, at);
        }
        Some(())
    }
}

/// What `malloc_stats` says, which a debugger calls: of each arena, and of all of them.
#[derive(Default)]
struct Stats {
    is_sum: bool,
    system: Option<u64>,
}

impl Stats {
    fn take(&mut self, draft: &mut Draft, body: &str, line: &Line<'_>) -> bool {
        if body == STATS || is_arena(body) {
            self.is_sum = body == STATS;
            draft.extend(line);
            return !draft.has("c_heap");
        }
        let Some((key, printed)) = pair(body) else { return false };
        match key {
            "system bytes" if self.is_sum => self.system = whole(printed),
            "in use bytes" if self.is_sum => {
                let used = whole(printed);
                let kept = self.system.zip(used).and_then(|(system, used)| system.checked_sub(used));
                draft.size("c_heap", used.filter(|_| kept.is_some()).map(Bytes), line, printed);
                draft.size("c_heap_retained", kept.map(Bytes), line, printed);
            }
            "system bytes" | "in use bytes" | "max mmap regions" | "max mmap bytes" => draft.extend(line),
            _ => return false,
        }
        true
    }
}

/// Class loaders by what they are: how many there are, and bytes of metaspace.
#[derive(Default)]
struct Loaders {
    kinds: BTreeMap<String, (u64, Bytes, Span)>,
    ended: bool,
}

/// Threads by name.
#[derive(Default)]
struct Threads {
    all: u64,
    names: u64,
    largest: u64,
}

struct Answers {
    answer: Answer,
    draft: Draft,
    /// The user's limit follows.
    with_limit: bool,
    /// A controller was listed that the kernel lists after that of memory.
    after_memory: bool,
}

/// Controllers behind that of memory, in the kernel's order (`cgroup_subsys.h`).
const AFTER_MEMORY: [&str; 9] =
    ["devices", "freezer", "net_cls", "perf_event", "net_prio", "hugetlb", "pids", "rdma", "misc"];

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let body = line.body.trim();
    let command = context.command("jcmd");
    let counts = command.filter(|command| !context.claimed && command.has_word("Thread.print"));
    let with_limit = counts.is_some_and(|command| command.text.contains("ulimit -u"));
    let (kind, answer) = match body.as_bytes().first()? {
        b'T' | b'A' if body == STATS || is_arena(body) => (HostKind::NativeHeap, Answer::Stats(Stats::default())),
        b'T' if body.starts_with(TRIMMED) => (HostKind::TrimNativeHeap, Answer::Line),
        b'C' if outstanding(body).is_some() => (HostKind::NativeHeap, Answer::Line),
        b'C' if is_loaders(body) => (HostKind::ClassLoaders, Answer::Loaders(Loaders::default())),
        b'#' if is_controllers(body) => (HostKind::Controllers, Answer::Controllers),
        b'L' if system(body).is_some() => (HostKind::Uname, Answer::Line),
        // Taken, and no reading: where the file is says nothing of memory.
        b'D' if body.starts_with("Dump written to ") => (HostKind::Unknown, Answer::Line),
        b'<' if body.starts_with(MALLOC) => (HostKind::NativeHeap, Answer::Malloc(Malloc::default())),
        b'v' | b'k' | b'h' if setting(body).is_some() || memory_of_mac(body).is_some() => {
            (HostKind::Sysctl, Answer::Settings)
        }
        b'0'..=b'9' if counts.is_some_and(|command| command.text.contains("uniq -c")) => {
            (HostKind::Threads, Answer::Threads(Threads::default()))
        }
        b'0'..=b'9' if counts.is_some_and(|command| command.text.contains("grep -c")) => {
            (HostKind::Threads, Answer::Counted)
        }
        _ => return None,
    };
    let mut block = Answers { answer, draft: Draft::new(kind, line), with_limit, after_memory: false };
    if !block.take(line, out) {
        return None;
    }
    // The process stands above the answer, or in the command.
    let of_jvm = !matches!(kind, HostKind::Uname | HostKind::Sysctl | HostKind::Controllers);
    block.draft.process(answering_above(line).or(command.and_then(|command| command.pid)).filter(|_| of_jvm));
    out.keep(line);
    Some(Box::new(block))
}

impl Block for Answers {
    fn take(&mut self, line: &Line<'_>, _: &mut Readings) -> bool {
        let body = line.body.trim();
        let draft = &mut self.draft;
        match &mut self.answer {
            Answer::Line => one_line(draft, body, line),
            Answer::Settings => {
                if let Some((name, value)) = setting(body).filter(|(name, _)| !draft.has(name)) {
                    draft.count(name, whole(value), line, value);
                    return true;
                }
                if let Some(value) = memory_of_mac(body) {
                    draft.size("mem_total", whole(value).map(Bytes), line, value);
                    return true;
                }
                // Others of the kernel's settings stand between these.
                let is_other = pair(body).is_some_and(|(key, _)| {
                    ["vm.", "kernel.", "fs."].iter().any(|start| key.starts_with(start)) && !key.contains(' ')
                });
                is_other && !SETTINGS.iter().any(|(known, _)| body.starts_with(known))
            }
            Answer::Controllers => {
                let name = body.split_ascii_whitespace().next().unwrap_or_default();
                self.after_memory |= AFTER_MEMORY.contains(&name);
                controller(draft, body, line)
            }
            Answer::Loaders(loaders) => loaders.take(draft, body, line),
            Answer::Threads(threads) => threads.take(draft, body, line),
            Answer::Malloc(malloc) => malloc.take(draft, body, line),
            Answer::Stats(stats) => stats.take(draft, body, line),
            Answer::Counted => {
                let name = match draft.has("threads") {
                    false => "threads",
                    true if self.with_limit && !draft.has("user_processes_max") => "user_processes_max",
                    true => return false,
                };
                draft.count(name, whole(body), line, body);
                whole(body).is_some() || name == "user_processes_max" && body == "unlimited"
            }
        }
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        let Answers { answer, mut draft, after_memory, .. } = *self;
        if let Answer::Malloc(malloc) = &answer {
            malloc.put(&mut draft);
        }
        if matches!(answer, Answer::Line | Answer::Malloc(_) | Answer::Stats(_)) && draft.is_empty() {
            return;
        }
        // The kernel lists them in a fixed order: without one that follows, the list may only have been cut.
        if let Answer::Controllers = answer
            && !draft.has("memory_controller")
            && after_memory
        {
            let last = Span { source: draft.reading.source, line: draft.reading.first_line, start: 0, end: 0 };
            draft.reading.counts.insert("memory_controller".to_owned(), 0);
            draft.reading.at.put("memory_controller", last);
        }
        if let Answer::Loaders(loaders) = answer {
            let mut kinds: Vec<_> = loaders.kinds.into_iter().collect();
            kinds.order_by_key(|(_, (count, ..))| std::cmp::Reverse(*count));
            for (kind, (count, bytes, span)) in kinds.into_iter().take(MAX_KINDS) {
                let field = format!("class:{kind}");
                draft.reading.counts.insert(field.clone(), count);
                draft.reading.sizes.insert(field.clone(), bytes);
                draft.reading.at.put_key(field, span);
            }
        }
        draft.push(out);
    }
}

fn one_line(draft: &mut Draft, body: &str, line: &Line<'_>) -> bool {
    if draft.has("rss_swap_before") || draft.has("kernel_release") || draft.has("c_heap") {
        return false;
    }
    if let Some(change) = body.strip_prefix(TRIMMED) {
        let Some((before, after)) = change.split_once("->") else { return true };
        for (name, value) in [("rss_swap_before", before), ("rss_swap_after", after)] {
            if let Some((part, size)) = front(value) {
                draft.size(name, Some(size), line, value.get(part).unwrap_or(value));
            }
        }
        return true;
    }
    if let Some(sizes) = outstanding(body) {
        sizes.into_iter().for_each(|(name, printed, size)| draft.size(name, Some(size), line, printed));
        return true;
    }
    if let Some((release, machine)) = system(body) {
        draft.word("kernel_release", release, line, release);
        if let Some(machine) = machine {
            draft.word("machine", machine, line, machine);
        }
        return true;
    }
    body.starts_with("Dump written to ")
}

/// `memory  4  37  1`: whether the kernel has this controller and it is switched on.
fn controller(draft: &mut Draft, body: &str, line: &Line<'_>) -> bool {
    if is_controllers(body) {
        return true;
    }
    let cells: Vec<&str> = body.split_ascii_whitespace().collect();
    let [name, hierarchy, groups, enabled] = cells.as_slice() else { return false };
    let is_row = [hierarchy, groups, enabled].iter().all(|cell| whole(cell).is_some());
    if !is_row || draft.has(name) {
        return false;
    }
    draft.extend(line);
    if *name == "memory" {
        draft.count("memory_controller", whole(enabled), line, enabled);
    }
    true
}

impl Loaders {
    fn take(&mut self, draft: &mut Draft, body: &str, line: &Line<'_>) -> bool {
        if is_loaders(body) {
            draft.extend(line);
            return self.kinds.is_empty() && !self.ended;
        }
        if self.ended {
            let is_legend = ["ChunkSz: ", "BlockSz: "].iter().any(|word| body.starts_with(word));
            if is_legend {
                draft.extend(line);
            }
            return is_legend;
        }
        let cells: Vec<&str> = body.split_ascii_whitespace().collect();
        if let ["Total", "=", loaders, classes, chunks, blocks] = cells.as_slice() {
            self.ended = true;
            draft.count("class_loaders", whole(loaders), line, loaders);
            draft.count("classes", whole(classes), line, classes);
            draft.size("metaspace_chunks", whole(chunks).map(Bytes), line, chunks);
            draft.size("metaspace_blocks", whole(blocks).map(Bytes), line, blocks);
            return true;
        }
        // Hidden classes of the loader above stand in a row of their own.
        if let [classes, chunks, blocks, "+", ..] = cells.as_slice() {
            draft.extend(line);
            return [classes, chunks, blocks].iter().all(|cell| whole(cell).is_some());
        }
        let [loader, _, data, classes, chunks, _, ..] = cells.as_slice() else { return false };
        let (Some(_), Some(chunks)) = (whole(classes), whole(chunks)) else { return false };
        if !loader.starts_with("0x") || !data.starts_with("0x") {
            return false;
        }
        draft.extend(line);
        let kind = cells.get(6..).map(|words| words.join(" ")).unwrap_or_default();
        let place = || line.span_of(cells.get(6).copied().unwrap_or(body));
        let known = self.kinds.entry(kind).or_insert_with(|| (0, Bytes(0), place()));
        known.0 = known.0.saturating_add(1);
        known.1 = known.1.plus(Bytes(chunks));
        true
    }
}

impl Threads {
    fn take(&mut self, draft: &mut Draft, body: &str, line: &Line<'_>) -> bool {
        let Some((count, name)) = body.split_once(' ') else { return false };
        let Some(count) = whole(count).filter(|_| self.names < MAX_NAMES) else { return false };
        self.names += 1;
        self.all = self.all.saturating_add(count);
        draft.extend(line);
        draft.reading.counts.insert("threads".to_owned(), self.all);
        draft.reading.at.put("threads", line.span());
        if count > self.largest {
            self.largest = count;
            draft.word("pool", name.trim(), line, name.trim());
            draft.count("pool_threads", Some(count), line, body);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;

    #[test]
    fn what_malloc_keeps_is_told_without_the_rest_of_its_section() {
        let reading = first("C-Heap outstanding allocations: 46526K, retained: 2104565K\n", "native-heap");
        assert_eq!(reading.sizes.get("c_heap_retained"), Some(&Bytes(2_104_565 << 10)));
    }

    #[test]
    fn what_malloc_holds_is_the_sum_behind_its_heaps() {
        let heap = "<heap nr=\"0\">\n<sizes>\n</sizes>\n<total type=\"rest\" count=\"1\" size=\"7\"/>\n<system type=\"current\" size=\"8\"/>\n</heap>\n";
        let sums = "<total type=\"fast\" count=\"9\" size=\"576\"/>\n<total type=\"rest\" count=\"424\" size=\"18633112\"/>\n<total type=\"mmap\" count=\"12\" size=\"10817536\"/>\n<system type=\"current\" size=\"38793216\"/>\n";
        let text = format!(
            "$ jcmd 10876 System.native_heap_info\n10876:\n<malloc version=\"1\">\n{heap}{heap}{sums}</malloc>\n"
        );
        let reading = first(&text, "native-heap");
        let size = |name: &str| reading.sizes.get(name).map(|size| size.0);
        assert_eq!((reading.pid, size("c_heap_retained")), (Some(10_876), Some(18_633_688)));
        assert_eq!(size("c_heap"), Some(38_793_216 - 18_633_688 + 10_817_536));
        assert!(read(&text.replace("</malloc>\n", "")).host.is_empty());
    }

    #[test]
    fn a_debugger_asks_malloc_for_its_sums() {
        let text = "Arena 0:\nsystem bytes     = 2338504704\nin use bytes     =   69503376\nTotal (incl. mmap):\nsystem bytes     = 2444173312\nin use bytes     =  144704288\nmax mmap regions =         59\n";
        let reading = first(text, "native-heap");
        assert_eq!(reading.sizes.get("c_heap"), Some(&Bytes(144_704_288)));
        assert_eq!(reading.sizes.get("c_heap_retained"), Some(&Bytes(2_444_173_312 - 144_704_288)));
        assert_eq!(read("Arena 0:\nsystem bytes = 7\nin use bytes = 3\n").host, []);
    }

    #[test]
    fn what_was_given_back_is_told_before_and_after() {
        let reading = first(
            "$ jcmd 10876 System.trim_native_heap\n10876:\nTrim native heap: RSS+Swap: 5832M->2410M (-3422M)\n",
            "trim-native-heap",
        );
        let mib = |name: &str| reading.sizes.get(name).map(|size| size.0 >> 20);
        assert_eq!(
            (reading.pid, mib("rss_swap_before"), mib("rss_swap_after")),
            (Some(10_876), Some(5832), Some(2410))
        );
    }

    #[test]
    fn class_loaders_are_counted_by_kind() {
        let text = "ClassLoader         Parent              CLD*               Classes   ChunkSz   BlockSz  Type\n\
            0x00007f352c07bc38  0x0000000000000000  0x00007f3584078ef0       0         0         0  com.acme.Loader\n\
            0x00007f352c079958  0x00007f352c07bc38  0x00007f35840918c0       4      1536      1180  com.acme.Loader\n\
            0x0000000000000000  0x0000000000000000  0x00007f358403d1c0     666    557056     42543  <boot class loader>\n\
            \x20                                                                7      2688      1663   + hidden classes\n\
            Total = 3                                                      677    561280     45386  \n\
            ChunkSz: Total size of all allocated metaspace chunks\n";
        let reading = first(text, "class-loaders");
        let count = |name: &str| reading.counts.get(name).copied();
        assert_eq!(
            (count("class_loaders"), count("classes"), count("class:com.acme.Loader")),
            (Some(3), Some(677), Some(2))
        );
        assert_eq!(reading.sizes.get("class:<boot class loader>"), Some(&Bytes(557_056)));
        assert_eq!((reading.sizes.get("metaspace_chunks"), reading.last_line), (Some(&Bytes(561_280)), 7));
    }

    #[test]
    fn counted_threads_need_the_command_that_counts() {
        let asks = "$ jcmd 7 Thread.print | grep '^\"' | cut -d'\"' -f2 | sed 's/[0-9]*$//' | sort | uniq -c\n";
        let rows = "     12 request-\n      5 pool-1-thread-\n      1 VM Thread\n";
        let reading = first(&format!("{asks}{rows}"), "threads");
        assert_eq!(
            (reading.pid, reading.counts.get("threads"), reading.counts.get("pool_threads")),
            (Some(7), Some(&18), Some(&12))
        );
        assert_eq!(reading.words.get("pool").map(String::as_str), Some("request-"));
        assert_eq!(read(rows).host, []);
        let reading = first("$ jcmd 7 Thread.print | grep -c '^\"'; ulimit -u\n31\n63471\n", "threads");
        assert_eq!(
            (reading.counts.get("threads"), reading.counts.get("user_processes_max")),
            (Some(&31), Some(&63_471))
        );
        assert_eq!(
            first("$ jcmd 7 Thread.print | grep -c '^\"'; ulimit -u\n31\nunlimited\n", "threads").counts.len(),
            1
        );
    }

    #[test]
    fn the_kernel_tells_its_settings_its_release_and_its_controllers() {
        let reading = first("vm.max_map_count = 65530\nvm.overcommit_memory = 0\n", "sysctl");
        assert_eq!(
            (reading.counts.get("max_map_count"), reading.counts.get("overcommit_memory")),
            (Some(&65_530), Some(&0))
        );
        let reading = first("Linux web01 6.12.9-amd64 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux\n", "uname");
        assert_eq!(reading.words.get("kernel_release").map(String::as_str), Some("6.12.9-amd64"));
        let controllers = |row: &str| {
            let text = format!("#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t1\t1\t1\n{row}pids\t8\t1\t1\n");
            first(&text, "controllers").counts.get("memory_controller").copied()
        };
        assert_eq!(
            (controllers("memory\t4\t37\t1\n"), controllers("memory\t0\t1\t0\n"), controllers("")),
            (Some(1), Some(0), Some(0))
        );
        assert_eq!(read("Linux is what we run\nvm.max_map_count is low\n").host, []);
    }

    #[test]
    fn a_dump_was_written_and_nothing_more_is_said() {
        let out = read("$ jcmd 7 Dump.java\n7:\nDump written to /opt/javacore.20261129.155900.7.0001.txt\n");
        assert_eq!(out.host, []);
    }
}
