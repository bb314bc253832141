//! Reads `/proc/PID/status`, whole or grepped: `VmRSS:   131372 kB`.
//!
//! `kB` means KiB. `VmSize` is address space and not use; `VmHWM` the most that was ever resident; `VmRSS` the sum of
//! `RssAnon`, `RssFile`, and `RssShmem`. With more than one number `NSpid` ends with the process id inside the
//! container. Source: `proc_pid_status(5)`.

use super::draft::Draft;
use super::quantity::{KIB, amount, whole};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::{Line, Span};

pub(super) const SHAPE: Shape = Shape { tool: "cat", claim, open };

/// The kernel's word, and ours. Empty: known, but not kept.
const SIZES: &[(&str, &str)] = &[
    ("VmPeak", "virtual_peak"),
    ("VmSize", "virtual"),
    ("VmHWM", "rss_peak"),
    ("VmRSS", "rss"),
    ("RssAnon", "rss_anon"),
    ("RssFile", "rss_file"),
    ("RssShmem", "rss_shmem"),
    ("VmPTE", "page_tables"),
    ("VmSwap", "swap"),
    ("VmLck", ""),
    ("VmPin", ""),
    ("VmData", ""),
    ("VmStk", ""),
    ("VmExe", ""),
    ("VmLib", ""),
    ("VmPMD", ""),
    ("HugetlbPages", ""),
];

/// Lines of the file that hold no size.
const OTHERS: &[&str] = &[
    "Name",
    "Umask",
    "State",
    "Tgid",
    "Ngid",
    "Pid",
    "PPid",
    "TracerPid",
    "Uid",
    "Gid",
    "FDSize",
    "Groups",
    "NStgid",
    "NSpid",
    "NSpgid",
    "NSsid",
    "Kthread",
    "CoreDumping",
    "THP_enabled",
    "untag_mask",
    "Threads",
    "SigQ",
    "SigPnd",
    "ShdPnd",
    "SigBlk",
    "SigIgn",
    "SigCgt",
    "CapInh",
    "CapPrm",
    "CapEff",
    "CapBnd",
    "CapAmb",
    "NoNewPrivs",
    "Seccomp",
    "Seccomp_filters",
    "Speculation_Store_Bypass",
    "SpeculationIndirectBranch",
    "Cpus_allowed",
    "Cpus_allowed_list",
    "Mems_allowed",
    "Mems_allowed_list",
    "voluntary_ctxt_switches",
    "nonvoluntary_ctxt_switches",
    "x86_Thread_features",
    "x86_Thread_features_locked",
];

/// The pid of a `grep` over many files, the key, and the value without blanks around it.
fn entry(body: &str) -> Option<(Option<&str>, &str, &str)> {
    let (pid, body) = match body.strip_prefix("/proc/") {
        Some(rest) => {
            let (pid, rest) = rest.split_once("/status:")?;
            (Some(pid), rest)
        }
        None => (None, body),
    };
    let (key, value) = body.split_once(':')?;
    Some((pid, key, value.trim()))
}

fn size_name(key: &str) -> Option<&'static str> {
    SIZES.iter().find(|(known, _)| *known == key).map(|(_, name)| *name)
}

fn claim(body: &str) -> Claim {
    if !matches!(body.as_bytes().first(), Some(b'V' | b'R' | b'N' | b'U' | b'S' | b'T' | b'P' | b'/')) {
        return Claim::None;
    }
    match entry(body) {
        Some((_, key, value)) if size_name(key).is_some() && value.ends_with(" kB") => Claim::Strong,
        Some((_, "Name" | "Umask" | "State" | "Tgid" | "Pid" | "Threads", value))
            if body.contains(":\t") && !value.is_empty() =>
        {
            Claim::Weak
        }
        _ => Claim::None,
    }
}

struct Status {
    draft: Draft,
    /// The pid of the command, until the file says it.
    pid: Option<(u32, Span)>,
    /// The pid before each line, of a `grep` over many files.
    prefix: Option<String>,
    /// True if a command says what file it is.
    announced: bool,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let command = context.commands.iter().find(|command| {
        command.tool == "cat" && command.arguments.iter().any(|argument| argument.ends_with("/status"))
    });
    let prefix = entry(line.body.trim_start())?.0.map(str::to_owned);
    let pid = command.and_then(|command| command.pid);
    let mut block = Status { draft: Draft::new(HostKind::ProcStatus, line), pid, prefix, announced: command.is_some() };
    (context.claimed || block.announced).then_some(())?;
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Status {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some((pid, key, value)) = entry(line.body.trim_start()) else { return false };
        if pid != self.prefix.as_deref() {
            return false;
        }
        let Some(name) = size_name(key) else {
            if !OTHERS.contains(&key) || (key == "Name" && self.draft.reading.name.is_some()) {
                return false;
            }
            self.draft.extend(line);
            self.other(key, value, line);
            return true;
        };
        if self.draft.has(name) {
            return false;
        }
        let Some(digits) = value.strip_suffix(" kB").filter(|digits| whole(digits).is_some()) else { return false };
        self.draft.extend(line);
        if !name.is_empty() {
            out.keep(line);
            self.draft.size(name, amount(digits, KIB), line, digits);
        }
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        let Status { mut draft, pid, prefix, announced } = *self;
        if draft.reading.sizes.is_empty() && !announced {
            return;
        }
        draft.process(pid);
        draft.reading.pid = draft.reading.pid.or_else(|| prefix?.parse().ok());
        draft.push(out);
    }
}

impl Status {
    fn other(&mut self, key: &str, value: &str, line: &Line<'_>) {
        match key {
            "Name" => self.draft.name(line, value),
            "Pid" => self.draft.pid(line, value),
            "Threads" => self.draft.count("threads", whole(value), line, value),
            "State" => {
                let letter = value.split(' ').next().unwrap_or(value);
                self.draft.word("state", letter, line, letter);
            }
            "NSpid" => {
                let mut pids = value.split_ascii_whitespace();
                if let (Some(outer), Some(inner)) = (pids.next(), pids.next_back()) {
                    if self.draft.reading.pid.is_none() {
                        self.draft.pid(line, outer);
                    }
                    self.draft.count("container_pid", whole(inner), line, inner);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;
    use crate::units::Bytes;

    #[test]
    fn sizes_threads_and_both_pids_are_read() {
        let text = "$ cat /proc/7255/status\nName:\tjava\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t7255\nPid:\t7255\nNSpid:\t7255\t1\nVmPeak:\t 2713964 kB\nVmHWM:\t  131372 kB\nVmRSS:\t  131372 kB\nRssAnon:\t  109516 kB\nVmSwap:\t       0 kB\nThreads:\t25\n";
        let reading = first(text, "proc-status");
        assert_eq!((reading.pid, reading.name.as_deref()), (Some(7255), Some("java")));
        assert_eq!(reading.sizes.get("rss_anon"), Some(&Bytes(109_516 * KIB)));
        assert_eq!(reading.sizes.get("swap"), Some(&Bytes(0)));
        assert_eq!(reading.counts.get("threads"), Some(&25));
        assert_eq!(reading.counts.get("container_pid"), Some(&1));
        assert_eq!(reading.words.get("state").map(String::as_str), Some("S"));
    }

    #[test]
    fn a_grepped_file_has_the_pid_of_its_command() {
        let reading =
            first("$ grep -E 'Vm|Threads' /proc/4513/status\nVmRSS:\t80852 kB\nThreads:\t14\n", "proc-status");
        assert_eq!((reading.pid, reading.at.get("pid").map(|span| span.line)), (Some(4513), Some(1)));
        assert_eq!(reading.counts.get("threads"), Some(&14));
    }

    #[test]
    fn a_grep_over_many_files_keeps_them_apart() {
        let text = "/proc/1/status:VmRSS:\t 10 kB\n/proc/7/status:VmRSS:\t 20 kB\n";
        let pids: Vec<Option<u32>> = read(text).host.iter().map(|reading| reading.pid).collect();
        assert_eq!(pids, [Some(1), Some(7)]);
    }
}
