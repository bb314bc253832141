//! Reads the memory files of control groups, v1 and v2, as `cat`, `grep . memory.*`, or `head` print them.
//!
//! ```text
//! memory.limit_in_bytes:314572800
//! memory.events:oom_kill 3
//! $ cat /sys/fs/cgroup/memory.max
//! max
//! ```
//!
//! Sizes are bytes. `max` in v2 and a number just below 2^63 in v1 mean that there is no limit: the size is absent and
//! the word `limit` is `none`. A value without its file's name is read only behind the command that prints the file.
//! Files of one folder make one reading, until one of them comes again. Values of the group and its children together
//! (`total_rss` of v1) have names of their own. Source: kernel, `admin-guide/cgroup-v2.rst`, `cgroup-v1/memory.rst`.

use super::draft::Draft;
use super::quantity::whole;
use super::{Block, Command, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::Line;
use crate::units::Bytes;

pub(super) const SHAPE: Shape = Shape { tool: "cat", claim, open };

/// From here on a limit of v1 is none: 2^63 rounded down to pages of any size.
const NO_LIMIT: u64 = 1 << 62;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// One size.
    Size(&'static str),
    /// One size that bounds something.
    Limit(&'static str),
    /// One count, or `max`.
    Count(&'static str),
    /// `key number` lines with sizes: `memory.stat`.
    Stat,
    /// `key number` lines with counts.
    Counts,
    /// Known and not kept.
    Other,
}

/// File names without their folder, the version of the cgroup interface they belong to, and what they hold.
const FILES: &[(&str, u8, Kind)] = &[
    ("memory.limit_in_bytes", 1, Kind::Limit("limit")),
    ("memory.usage_in_bytes", 1, Kind::Size("usage")),
    ("memory.max_usage_in_bytes", 1, Kind::Size("usage_peak")),
    ("memory.soft_limit_in_bytes", 1, Kind::Limit("limit_soft")),
    ("memory.failcnt", 1, Kind::Count("limit_hits")),
    ("memory.kmem.usage_in_bytes", 1, Kind::Size("kernel")),
    ("memory.memsw.limit_in_bytes", 1, Kind::Limit("limit_with_swap")),
    ("memory.memsw.usage_in_bytes", 1, Kind::Size("usage_with_swap")),
    ("memory.memsw.max_usage_in_bytes", 1, Kind::Size("usage_with_swap_peak")),
    ("memory.oom_control", 1, Kind::Counts),
    ("memory.swappiness", 1, Kind::Count("swappiness")),
    ("memory.max", 2, Kind::Limit("limit")),
    ("memory.high", 2, Kind::Limit("limit_soft")),
    ("memory.current", 2, Kind::Size("usage")),
    ("memory.peak", 2, Kind::Size("usage_peak")),
    ("memory.swap.max", 2, Kind::Limit("limit_swap")),
    ("memory.swap.current", 2, Kind::Size("swap")),
    ("memory.events", 2, Kind::Counts),
    ("memory.events.local", 2, Kind::Other),
    ("memory.swap.events", 2, Kind::Other),
    ("memory.oom.group", 2, Kind::Count("oom_group")),
    ("memory.stat", 0, Kind::Stat),
    ("pids.max", 0, Kind::Count("pids_limit")),
    ("pids.current", 0, Kind::Count("pids")),
    ("memory.low", 2, Kind::Other),
    ("memory.min", 2, Kind::Other),
    ("memory.use_hierarchy", 1, Kind::Other),
    ("memory.memsw.failcnt", 1, Kind::Other),
    ("memory.kmem.limit_in_bytes", 1, Kind::Other),
    ("memory.kmem.max_usage_in_bytes", 1, Kind::Other),
    ("memory.kmem.failcnt", 1, Kind::Other),
    ("memory.kmem.tcp.usage_in_bytes", 1, Kind::Other),
    ("memory.kmem.tcp.limit_in_bytes", 1, Kind::Other),
    ("memory.kmem.tcp.max_usage_in_bytes", 1, Kind::Other),
    ("memory.kmem.tcp.failcnt", 1, Kind::Other),
    ("memory.move_charge_at_immigrate", 1, Kind::Other),
];

/// Keys of `memory.stat`, and our words. Empty: known, but not kept.
const STAT: &[(&str, &str)] = &[
    ("anon", "anon"),
    ("rss", "anon"),
    ("file", "cache"),
    ("cache", "cache"),
    ("kernel", "kernel"),
    ("kernel_stack", "kernel_stack"),
    ("pagetables", "page_tables"),
    ("shmem", "shmem"),
    ("file_mapped", "mapped"),
    ("mapped_file", "mapped"),
    ("file_dirty", "dirty_file"),
    ("dirty", "dirty_file"),
    ("inactive_anon", "inactive_anon"),
    ("active_anon", "active_anon"),
    ("inactive_file", "inactive_file"),
    ("active_file", "active_file"),
    ("slab", "slab"),
    ("slab_reclaimable", "slab_reclaimable"),
    ("slab_unreclaimable", "slab_unreclaimable"),
    ("sock", "sock"),
    ("swap", "swap"),
    ("swapcached", "swap_cached"),
    ("anon_thp", "anon_huge"),
    ("rss_huge", "anon_huge"),
    ("hierarchical_memory_limit", "limit_hierarchical"),
    ("total_rss", "anon_hierarchical"),
    ("total_cache", "cache_hierarchical"),
    ("total_inactive_file", "inactive_file_hierarchical"),
    ("total_swap", "swap_hierarchical"),
];

/// Keys of `memory.events` and `memory.oom_control`.
const COUNTS: &[(&str, &str)] = &[
    ("low", ""),
    ("high", "soft_limit_hits"),
    ("max", "limit_hits"),
    ("oom", "oom"),
    ("oom_kill", "oom_kill"),
    ("oom_group_kill", "oom_group_kill"),
    ("sock_throttled", ""),
    ("oom_kill_disable", "oom_kill_disable"),
    ("under_oom", "under_oom"),
];

/// A file by its name, with the version of its interface.
fn file(name: &str) -> Option<(Kind, u8)> {
    FILES.iter().find(|(known, ..)| *known == name).map(|(_, version, kind)| (*kind, *version))
}

/// Folder and name of a path.
fn split_path(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// A line that names its file: `…/memory.max:512`, `memory.max = 512`, `memory.stat:anon 12`. Gives folder, file, value.
fn named(body: &str) -> Option<(&str, &str, &str)> {
    if !matches!(body.as_bytes().first(), Some(b'm' | b'p' | b'/' | b'.')) {
        return None;
    }
    let end = body.find([':', '=', ' ', '\t'])?;
    let (path, value) = body.split_at_checked(end)?;
    let (folder, name) = split_path(path);
    file(name)?;
    Some((folder, name, value.trim_start_matches([':', '=', ' ', '\t']).trim_end()))
}

/// `==> /sys/fs/cgroup/memory.max <==`, which `head` and `tail` put before each of several files.
fn heading(body: &str) -> Option<&str> {
    let path = body.strip_prefix("==> ")?.trim_end().strip_suffix(" <==")?;
    file(split_path(path).1).map(|_| path)
}

fn is_value(value: &str) -> bool {
    whole(value).is_some() || matches!(value, "max" | "-1")
}

/// `key number`.
fn pair(text: &str) -> Option<(&str, &str)> {
    let (key, number) = text.split_once([' ', '\t'])?;
    let number = number.trim();
    let word = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    (word && whole(number).is_some()).then_some((key, number))
}

fn claim(body: &str) -> Claim {
    if body.starts_with("==> ") {
        return if heading(body).is_some() { Claim::Strong } else { Claim::None };
    }
    match named(body) {
        Some((_, _, value)) if is_value(value) || pair(value).is_some() => Claim::Strong,
        _ => Claim::None,
    }
}

struct Cgroup {
    draft: Draft,
    folder: String,
    /// Paths that the command prints and of which nothing was seen yet.
    queue: Vec<String>,
    /// The file whose values come without its name.
    current: Option<(Kind, u8)>,
    patience: u32,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let paths = context.command("cat").map(paths).unwrap_or_default();
    if !context.claimed && paths.is_empty() {
        return None;
    }
    let folder = context.command("cat").and_then(|command| command.folder.clone()).unwrap_or_default();
    let patience = u32::try_from(paths.len()).unwrap_or(0);
    let mut block = Cgroup { draft: Draft::new(HostKind::Cgroup, line), folder, queue: paths, current: None, patience };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

/// The files of a command that are ours, in reverse.
fn paths(command: &Command) -> Vec<String> {
    let mut paths: Vec<String> =
        command.arguments.iter().filter(|path| file(split_path(path).1).is_some()).cloned().collect();
    paths.reverse();
    paths
}

impl Block for Cgroup {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        // Who explains a value writes behind it: `cache 3221225472   # 3 GB of files`.
        let body = line.body.split(" #").next().unwrap_or(line.body).trim();
        if let Some(path) = heading(body) {
            let (folder, name) = split_path(path);
            if !self.enter(folder, line) {
                return false;
            }
            self.queue.clear();
            self.current = file(name);
            self.draft.extend(line);
            return true;
        }
        if let Some((folder, name, value)) = named(body)
            && let Some((kind, version)) = file(name)
        {
            if value.contains("No such file") {
                self.queue.retain(|path| split_path(path).1 != name);
                return true;
            }
            return self.enter(folder, line) && self.put(kind, version, value, line, out);
        }
        if let Some((tool, rest)) = body.split_once(": ")
            && matches!(tool, "cat" | "grep" | "head")
        {
            // `cat: /sys/fs/cgroup/memory.peak: No such file or directory`
            let missing = rest.split(':').next().unwrap_or(rest);
            let known = self.queue.iter().any(|path| path == missing);
            self.queue.retain(|path| path != missing);
            return known;
        }
        if let Some((kind @ (Kind::Stat | Kind::Counts), version)) = self.current
            && pair(body).is_some()
        {
            return self.put(kind, version, body, line, out);
        }
        let Some((kind, version)) = self.next_file(body, line) else { return false };
        self.put(kind, version, body, line, out)
    }

    fn adopt(&mut self, commands: &[Command]) -> bool {
        let [command] = commands else { return false };
        let paths = paths(command);
        let here = |path: &String| split_path(path).0 == self.folder;
        // Who went to the folder names no path at all; a file that comes once more is of another one.
        let adopted = !paths.is_empty() && paths.iter().all(here);
        if adopted {
            self.patience = u32::try_from(paths.len()).unwrap_or(0);
            self.queue = paths;
            self.current = None;
        }
        adopted
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        let mut draft = self.draft;
        if !self.folder.is_empty() {
            draft.reading.words.insert("path".to_owned(), self.folder);
        }
        draft.push(out);
    }

    fn patience(&self) -> u32 {
        self.patience
    }
}

impl Cgroup {
    /// False if the folder is another one, whose values belong into another reading.
    fn enter(&mut self, folder: &str, line: &Line<'_>) -> bool {
        if folder.is_empty() || folder == "." || folder == self.folder {
            return true;
        }
        if !self.folder.is_empty() && !self.draft.is_empty() {
            return false;
        }
        self.draft.extend(line);
        self.folder = folder.to_owned();
        true
    }

    /// The file that a line without a name belongs to: the next one of the command that prints such lines.
    fn next_file(&mut self, body: &str, line: &Line<'_>) -> Option<(Kind, u8)> {
        let fits = |kind: Kind| match kind {
            Kind::Size(_) | Kind::Limit(_) | Kind::Count(_) => is_value(body),
            Kind::Stat | Kind::Counts => pair(body).is_some(),
            Kind::Other => false,
        };
        if let Some((kind, version)) = self.current
            && self.queue.is_empty()
        {
            // Behind a heading stands one value, or pairs.
            self.current = self.current.filter(|(kind, _)| matches!(kind, Kind::Stat | Kind::Counts));
            return fits(kind).then_some((kind, version));
        }
        let path = self.queue.last()?.clone();
        let (folder, name) = split_path(&path);
        let (kind, version) = file(name)?;
        if !fits(kind) || !self.enter(folder, line) {
            return None;
        }
        self.queue.pop();
        self.current = matches!(kind, Kind::Stat | Kind::Counts).then_some((kind, version));
        Some((kind, version))
    }

    /// Reads a value. False if the reading has one of that name: the files come once more.
    fn put(&mut self, kind: Kind, version: u8, value: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        let draft = &mut self.draft;
        let taken = match kind {
            Kind::Size(name) | Kind::Limit(name) => {
                if draft.has(name) || !is_value(value) {
                    return false;
                }
                let bounded = whole(value).filter(|bytes| kind == Kind::Size(name) || *bytes < NO_LIMIT);
                match bounded {
                    Some(bytes) => draft.size(name, Some(Bytes(bytes)), line, value),
                    None if name == "limit" => draft.word(name, "none", line, value),
                    None => {}
                }
                out.keep(line);
                true
            }
            Kind::Count(name) => {
                if draft.has(name) || !is_value(value) {
                    return false;
                }
                match whole(value) {
                    Some(count) => draft.count(name, Some(count), line, value),
                    None => draft.word(name, "none", line, value),
                }
                out.keep(line);
                true
            }
            Kind::Stat | Kind::Counts => {
                let table = if kind == Kind::Stat { STAT } else { COUNTS };
                let Some((key, number)) = pair(value) else { return false };
                let name = table.iter().find(|(known, _)| *known == key).map_or("", |(_, name)| *name);
                if draft.has(name) {
                    return false;
                }
                match whole(number) {
                    Some(_) if name.is_empty() => {}
                    Some(bytes) if kind == Kind::Stat && bytes < NO_LIMIT => {
                        draft.size(name, Some(Bytes(bytes)), line, number);
                    }
                    Some(count) if kind == Kind::Counts => draft.count(name, Some(count), line, number),
                    _ => {}
                }
                true
            }
            Kind::Other => true,
        };
        draft.extend(line);
        if version > 0 && !draft.has("version") {
            let word = if version == 1 { "v1" } else { "v2" };
            draft.reading.words.insert("version".to_owned(), word.to_owned());
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};

    fn size(text: &str, name: &str) -> Option<u64> {
        first(text, "cgroup").sizes.get(name).map(|size| size.0)
    }

    #[test]
    fn grepped_files_of_one_folder_make_one_reading() {
        let text = "$ cd /sys/fs/cgroup/memory/service && grep . memory.limit_in_bytes memory.usage_in_bytes\nmemory.limit_in_bytes:314572800\nmemory.usage_in_bytes:101081088\nmemory.failcnt:75\nmemory.oom_control:oom_kill_disable 1\nmemory.oom_control:under_oom 0\nmemory.memsw.limit_in_bytes:9223372036854771712\n";
        let out = read(text);
        assert_eq!(out.host.len(), 1);
        let reading = first(text, "cgroup");
        assert_eq!(size(text, "limit"), Some(314_572_800));
        assert_eq!(size(text, "limit_with_swap"), None);
        assert_eq!(reading.counts.get("limit_hits"), Some(&75));
        assert_eq!(reading.counts.get("oom_kill_disable"), Some(&1));
        assert_eq!(reading.words.get("version").map(String::as_str), Some("v1"));
        assert_eq!(reading.words.get("path").map(String::as_str), Some("/sys/fs/cgroup/memory/service"));
    }

    #[test]
    fn no_limit_is_a_word_and_no_size() {
        for text in [
            "$ cat /sys/fs/cgroup/memory.max\nmax\n",
            "memory.limit_in_bytes:9223372036854771712\n",
            "memory.limit_in_bytes 9223372036854710272\n",
        ] {
            let reading = first(&format!("{text}memory.failcnt:0\n"), "cgroup");
            assert_eq!(reading.sizes.get("limit"), None, "{text}");
            assert_eq!(reading.words.get("limit").map(String::as_str), Some("none"), "{text}");
        }
    }

    #[test]
    fn values_without_names_take_those_of_their_command() {
        let text = "/ # cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory.current /sys/fs/cgroup/memory.events\n536870912\n530579456\nlow 0\nhigh 0\nmax 4213\noom 9\noom_kill 3\n";
        assert_eq!(size(text, "limit"), Some(536_870_912));
        assert_eq!(size(text, "usage"), Some(530_579_456));
        let reading = first(text, "cgroup");
        assert_eq!(reading.counts.get("limit_hits"), Some(&4213));
        assert_eq!(reading.counts.get("oom_kill"), Some(&3));
    }

    #[test]
    fn files_of_the_folder_that_a_shell_is_in_make_one_reading() {
        let text = "sh-4.2$ cat memory.max_usage_in_bytes\n524292096\nsh-4.2$ cat memory.limit_in_bytes\n524288000\nsh-4.2$ cat memory.usage_in_bytes\n503316480\n";
        assert_eq!(read(text).host.len(), 1);
        let sizes = ["usage_peak", "limit", "usage"].map(|name| size(text, name));
        assert_eq!(sizes, [Some(524_292_096), Some(524_288_000), Some(503_316_480)]);
        assert_eq!(read(&text.repeat(2)).host.len(), 2);
    }

    #[test]
    fn files_of_one_folder_printed_one_by_one_make_one_reading() {
        let text = "$ cat /sys/fs/cgroup/memory.max\n536870912\n\n$ cat /sys/fs/cgroup/memory.current\n530579456\n";
        assert_eq!((size(text, "limit"), size(text, "usage")), (Some(536_870_912), Some(530_579_456)));
        assert_eq!(read(&format!("{text}$ uptime\n{text}")).host.len(), 2);
    }

    #[test]
    fn a_missing_file_shifts_nothing() {
        let text = "$ cat /sys/fs/cgroup/memory.peak /sys/fs/cgroup/memory.max\ncat: /sys/fs/cgroup/memory.peak: No such file or directory\n536870912\n";
        assert_eq!((size(text, "usage_peak"), size(text, "limit")), (None, Some(536_870_912)));
    }

    #[test]
    fn statistics_are_read_behind_their_command_and_under_a_heading() {
        let stat = "anon 503316480\nfile 8192000\nkernel 18874368\ninactive_file 4096000\nzswap 0\n";
        for head in ["$ cat memory.stat\n", "==> /sys/fs/cgroup/memory.stat <==\n"] {
            let text = format!("{head}{stat}");
            assert_eq!(size(&text, "anon"), Some(503_316_480), "{head}");
            assert_eq!(size(&text, "inactive_file"), Some(4_096_000), "{head}");
        }
        assert_eq!(read(stat).host, []);
    }

    #[test]
    fn another_folder_is_another_reading() {
        let text = "/sys/fs/cgroup/a/memory.max:1048576\n/sys/fs/cgroup/b/memory.max:2097152\n";
        let limits: Vec<Option<u64>> =
            read(text).host.iter().map(|reading| reading.sizes.get("limit").map(|size| size.0)).collect();
        assert_eq!(limits, [Some(1 << 20), Some(2 << 20)]);
    }
}
