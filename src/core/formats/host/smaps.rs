//! Reads `/proc/PID/smaps_rollup`: what all mappings of a process hold together.
//!
//! ```text
//! f8000000-7ffef4e14000 ---p 00000000 00:00 0                              [rollup]
//! Rss:              131372 kB
//! Pss:              129002 kB
//! ```
//!
//! `kB` means KiB. `Pss` counts shared pages by their share, so it counts memory once that ZGC maps several times. The
//! long form `smaps` has the same words for every single mapping; they are added up, and only if the last mapping of
//! the process is there too. Source: `proc_pid_smaps(5)`.

use super::draft::Draft;
use super::quantity::{KIB, amount, whole};
use super::{Block, Context, Shape};
use crate::formats::Claim;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::{Line, Span};
use crate::units::Bytes;
use crate::warning::WarningKind;

pub(super) const SHAPE: Shape = Shape { tool: "cat", claim, open };

/// The kernel's word, and ours. Empty: known, but not kept.
const KEYS: &[(&str, &str)] = &[
    ("Rss", "rss"),
    ("Pss", "pss"),
    ("Pss_Dirty", "pss_dirty"),
    ("Pss_Anon", "pss_anon"),
    ("Pss_File", "pss_file"),
    ("Pss_Shmem", "pss_shmem"),
    ("Private_Clean", "private_clean"),
    ("Private_Dirty", "private_dirty"),
    ("Shared_Clean", "shared_clean"),
    ("Shared_Dirty", "shared_dirty"),
    ("Anonymous", "anonymous"),
    ("AnonHugePages", "anon_huge"),
    ("Swap", "swap"),
    ("SwapPss", "swap_pss"),
    ("Size", "virtual"),
    ("Referenced", ""),
    ("KSM", ""),
    ("LazyFree", ""),
    ("ShmemPmdMapped", ""),
    ("FilePmdMapped", ""),
    ("Shared_Hugetlb", ""),
    ("Private_Hugetlb", ""),
    ("Locked", ""),
    ("KernelPageSize", ""),
    ("MMUPageSize", ""),
];

/// Our word for one of the kernel's, empty if it is not kept.
pub(super) fn name(key: &str) -> Option<&'static str> {
    KEYS.iter().find(|(known, _)| *known == key).map(|(_, name)| *name)
}

/// `7fe980000000-7fe980095000 rw-p 00000000 00:00 0   [name]`: the name. `None` if it is no such line.
fn mapping(body: &str) -> Option<&str> {
    let mut words = body.split_ascii_whitespace();
    let (from, to) = words.next()?.split_once('-')?;
    let hex = |word: &str| word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mode = words.next()?;
    let letters = mode.len() == 4 && mode.bytes().all(|byte| b"rwxps-".contains(&byte));
    (hex(from) && hex(to) && letters).then(|| words.nth(3).unwrap_or_default())
}

fn claim(body: &str) -> Claim {
    if body.ends_with("[rollup]") && mapping(body).is_some() { Claim::Strong } else { Claim::None }
}

struct Smaps {
    draft: Draft,
    pid: Option<(u32, Span)>,
    /// The long form: sums, and the name of the mapping that is being read.
    sums: Option<Vec<(&'static str, Bytes)>>,
    mapping: String,
}

fn open(line: &Line<'_>, context: &Context<'_>, out: &mut Readings) -> Option<Box<dyn Block>> {
    let body = line.body.trim_start();
    let command = context.commands.iter().find_map(|command| {
        let file = command.arguments.iter().find(|argument| argument.contains("smaps"))?;
        (command.tool == "cat").then_some((command, file.ends_with("smaps_rollup")))
    });
    let rollup = body.ends_with("[rollup]");
    if !context.claimed && command.is_none() {
        return None;
    }
    let long = !rollup && command.is_some_and(|(_, rollup)| !rollup);
    let mut block = Smaps {
        draft: Draft::new(HostKind::Smaps, line),
        pid: command.and_then(|(command, _)| command.pid),
        sums: long.then(Vec::new),
        mapping: String::new(),
    };
    block.take(line, out).then(|| Box::new(block) as Box<dyn Block>)
}

impl Block for Smaps {
    fn take(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim_start();
        if let Some(name) = mapping(body) {
            let first = self.draft.is_empty() && self.mapping.is_empty();
            if self.sums.is_none() && !(first && name == "[rollup]") {
                return false;
            }
            self.mapping = name.to_owned();
            self.draft.extend(line);
            return true;
        }
        let Some((key, value)) = body.split_once(':') else { return false };
        if key == "VmFlags" || key == "THPeligible" || key == "ProtectionKey" {
            return self.sums.is_some();
        }
        let Some(name) = name(key) else { return false };
        let Some(digits) = value.trim().strip_suffix(" kB").filter(|digits| whole(digits).is_some()) else {
            return false;
        };
        if self.sums.is_none() && self.draft.has(name) {
            return false;
        }
        self.draft.extend(line);
        let Some(size) = amount(digits, KIB).filter(|_| !name.is_empty()) else { return true };
        match &mut self.sums {
            Some(sums) => match sums.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum = sum.plus(size),
                None => sums.push((name, size)),
            },
            None => {
                out.keep(line);
                self.draft.size(name, Some(size), line, digits);
            }
        }
        true
    }

    fn close(self: Box<Self>, out: &mut Readings) {
        let Smaps { mut draft, pid, sums, mapping } = *self;
        draft.process(pid);
        if let Some(sums) = sums {
            // The kernel lists mappings by address; one of these stands at the top.
            let whole = matches!(mapping.as_str(), "[vsyscall]" | "[stack]" | "[vdso]" | "[vvar]") && !draft.is_cut();
            if !whole {
                let reading = &draft.reading;
                let line = Line { source: reading.source, number: reading.last_line, ..Line::of("") };
                out.warn_line(&line, WarningKind::CutOff { format: "smaps".to_owned() });
                return;
            }
            draft.reading.sizes = sums.into_iter().map(|(name, sum)| (name.to_owned(), sum)).collect();
        }
        draft.push(out);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{first, read};
    use super::*;

    #[test]
    fn a_rollup_is_read_as_it_stands() {
        let text = "$ cat /proc/7255/smaps_rollup\nf8000000-7ffef4e14000 ---p 00000000 00:00 0                              [rollup]\nRss:              131372 kB\nPss:              129002 kB\nPrivate_Dirty:    109532 kB\nAnonHugePages:         0 kB\nSwap:                  0 kB\n";
        let reading = first(text, "smaps");
        assert_eq!(reading.pid, Some(7255));
        assert_eq!(reading.sizes.get("pss"), Some(&Bytes(129_002 * KIB)));
        assert_eq!(reading.at.get("rss").map(|span| span.line), Some(3));
    }

    const LONG: &str = "$ cat /proc/9/smaps\n55bc7abf5000-55bc7abf6000 r--p 00000000 fe:00 131 /usr/bin/java\nSize:                  4 kB\nRss:                   4 kB\nPss:                   2 kB\nVmFlags: rd mr mw me\n7ffef4e00000-7ffef4e14000 rw-p 00000000 00:00 0 [stack]\nSize:                 80 kB\nRss:                  60 kB\nPss:                  60 kB\n";

    #[test]
    fn the_long_form_is_added_up_if_it_is_whole() {
        let reading = first(LONG, "smaps");
        assert_eq!(reading.sizes.get("rss"), Some(&Bytes(64 * KIB)));
        assert_eq!(reading.sizes.get("pss"), Some(&Bytes(62 * KIB)));
    }

    #[test]
    fn half_a_long_form_gives_no_sum() {
        let half: String = LONG.lines().take(6).map(|line| format!("{line}\n")).collect();
        let out = read(&half);
        assert_eq!(out.host, []);
        assert_eq!(out.warnings.len(), 1);
    }
}
