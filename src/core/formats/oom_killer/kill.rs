//! Who was chosen and who was killed.
//!
//! ```text
//! oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=aa11,mems_allowed=0-1,3,oom_memcg=/pod22,task_memcg=/pod22/aa11,task=java,pid=48213,uid=1000
//! Memory cgroup out of memory: Killed process 48213 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB, UID:1000 pgtables:9216kB oom_score_adj:984
//! ```
//!
//! Until 5.0 a line `Kill process … score …` names the chosen one first; the killed one may be its child. Source: Linux,
//! `mm/oom_kill.c` (`__oom_kill_process`, `dump_oom_victim`).

use crate::formats::oom_killer::text::{after, digits, measured, signed_digits};
use crate::model::oom::OomScope;

pub(super) const KILLED: &str = "Killed process ";
/// OpenVZ: `Out of memory in UB 101: OOM killed process 12345 (java) score 0 vm:1404240kB, rss:345600kB, swap:0kB`.
const KILLED_IN_UB: &str = "OOM killed process ";
const CHOSEN: [&str; 2] = ["Kill process ", "kill process "];

/// A killed process. Values as printed; sizes in kB.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Kill<'a> {
    /// What stands before: why it was killed.
    pub(super) scope: OomScope,
    pub(super) pid: &'a str,
    pub(super) comm: &'a str,
    pub(super) uid: Option<&'a str>,
    pub(super) total_vm: Option<&'a str>,
    pub(super) anon_rss: Option<&'a str>,
    pub(super) file_rss: Option<&'a str>,
    pub(super) shmem_rss: Option<&'a str>,
    /// OpenVZ: `anon-rss` and `file-rss` together.
    pub(super) rss: Option<&'a str>,
    /// OpenVZ.
    pub(super) swap: Option<&'a str>,
    pub(super) pgtables: Option<&'a str>,
    pub(super) oom_score_adj: Option<&'a str>,
    /// From the first word of the reason on.
    pub(super) whole: &'a str,
}

impl Kill<'_> {
    /// True if the line gives a size of the process: nobody writes those from memory.
    pub(super) fn has_sizes(&self) -> bool {
        self.total_vm.or(self.anon_rss).or(self.rss).is_some()
    }
}

/// True for a line of a kill or a choice with nothing before the kernel's words and nothing of a person's behind the name, as far as it
/// goes.
pub(super) fn is_whole(body: &str) -> bool {
    const BEHIND: [&str; 10] =
        ["score", "or", "sacrifice", "child", "thread", "group", "uid", "total-vm", "vsz", "anon-rss"];
    let from_start = [KILLED, KILLED_IN_UB].iter().chain(&CHOSEN).any(|words| {
        let before = body.find(words).and_then(|at| body.get(..at));
        before.is_some_and(|before| is_prefix(before.strip_suffix(reason(before).0).unwrap_or(before)))
    });
    let behind = body.rfind(')').and_then(|at| body.get(at + 1..)).unwrap_or_default();
    let words = behind.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| !word.is_empty());
    let is_own = |word: &str| {
        let lower = word.to_ascii_lowercase();
        // A paste may have glued the next line to the last word: `childSep 12 10:00:01`.
        let known = |known: &&str| known.starts_with(lower.as_str()) || known.len() > 4 && lower.starts_with(*known);
        word.starts_with(|c: char| c.is_ascii_digit()) || BEHIND.iter().any(known)
    };
    let in_ub = body.contains("Out of memory in UB");
    (from_start || in_ub) && words.clone().all(is_own)
}

/// True for what some logger put before a message, or nothing: no words of a sentence.
fn is_prefix(text: &str) -> bool {
    text.is_empty()
        || matches!(text, "- " | "* " | "• ")
        || text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '[' | '<' | '{'))
        // `grep` in several files.
        || text.starts_with('/') && text.trim_end().ends_with(':') && !text.trim_end().contains(' ')
        || ["  ", "\t", "\": \"", "kernel", "|"].iter().any(|mark| text.contains(mark))
}

/// All kills on a line: two may have been glued together. A line that only speaks of one (no reason, no sizes) has none.
pub(super) fn kills(body: &str) -> Vec<Kill<'_>> {
    if let Some((before, rest)) = body.split_once(KILLED_IN_UB) {
        let in_ub = before.contains("Out of memory in UB");
        let kill = if in_ub { kill(before, rest) } else { None };
        let size =
            |key: &str| rest.rfind("vm:").and_then(|at| rest.get(at..)).and_then(|sizes| measured(sizes, key, "kB"));
        let (rss, swap) = (size("rss:"), size("swap:"));
        return kill.map(|kill| Kill { scope: OomScope::Cgroup, rss, swap, whole: body, ..kill }).into_iter().collect();
    }
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = body.get(from..).and_then(|rest| rest.find(KILLED)).map(|at| at + from) {
        let start = at + KILLED.len();
        let end = body.get(start..).and_then(|rest| rest.find(KILLED)).map_or(body.len(), |next| start + next);
        let before = body.get(from..at).unwrap_or_default();
        if let Some(kill) = body.get(start..end).and_then(|rest| kill(before, rest)) {
            let whole = body.get(at - reason(before).0.len()..end).unwrap_or_default();
            found.push(Kill { whole, ..kill });
        }
        from = start;
    }
    found
}

fn kill<'a>(before: &str, rest: &'a str) -> Option<Kill<'a>> {
    let (pid, tail) = digits(rest)?;
    pid.parse::<u32>().ok()?;
    // A name may hold anything: the sizes begin at the last word of this kind.
    let sizes = tail
        .rfind("total-vm:")
        .or_else(|| tail.rfind("vsz:"))
        .or_else(|| tail.rfind("vm:"))
        .or_else(|| tail.find("anon-rss:"));
    let (reason, scope) = reason(before);
    if sizes.is_none() && reason.is_empty() && !(before.is_empty() && is_name_alone(tail)) {
        return None;
    }
    let head = tail.get(..sizes.unwrap_or(tail.len())).unwrap_or(tail);
    // A name may hold parentheses: it ends at the last one before the sizes.
    // At the end of the line the pid itself may be cut.
    let pid = if tail.is_empty() { "" } else { pid };
    let comm = match (head.find('('), head.rfind(')')) {
        (Some(open), Some(close)) => head.get(open + 1..close).unwrap_or_default(),
        _ => "",
    };
    let sizes = sizes.and_then(|at| tail.get(at..)).unwrap_or_default();
    let old_uid = head.find("UID ").and_then(|at| head.get(at + 4..)).and_then(digits).map(|(uid, _)| uid);
    // `pgtables` follows; something else behind a blank may be the rest of a wrapped number.
    let uid = after(sizes, "UID:").and_then(digits).filter(|(_, rest)| rest.starts_with(" p")).map(|(uid, _)| uid);
    Some(Kill {
        scope,
        pid,
        comm,
        uid: old_uid.or(uid),
        total_vm: measured(sizes, "total-vm:", "kB")
            .or_else(|| measured(sizes, "vsz:", "kB"))
            .or_else(|| measured(sizes, "vm:", "kB")),
        anon_rss: measured(sizes, "anon-rss:", "kB"),
        file_rss: measured(sizes, "file-rss:", "kB"),
        shmem_rss: measured(sizes, "shmem-rss:", "kB"),
        rss: None,
        swap: None,
        pgtables: measured(sizes, "pgtables:", "kB"),
        oom_score_adj: after(sizes, "oom_score_adj:").and_then(signed_digits).map(|(adj, _)| adj),
        whole: "",
    })
}

/// ` (java)` and nothing else, as kernels before 2.6.32 ended the line.
fn is_name_alone(tail: &str) -> bool {
    let name = tail.strip_prefix(" (").and_then(|rest| rest.strip_suffix(')'));
    name.is_some_and(|name| (1..=15).contains(&name.len()) && !name.contains([' ', '(', ')']))
}

/// The reason right before a kill, and who ran out by it.
fn reason(before: &str) -> (&str, OomScope) {
    const REASONS: [(&str, OomScope); 7] = [
        ("Memory cgroup out of memory: ", OomScope::Cgroup),
        ("memory cgroup out of memory: ", OomScope::Cgroup),
        ("Out of memory: ", OomScope::Global),
        ("Out of Memory: ", OomScope::Global),
        ("Out of memory (oom_kill_allocating_task): ", OomScope::Global),
        ("No available memory (MPOL_BIND): ", OomScope::Policy),
        ("No available memory in cpuset: ", OomScope::Cpuset),
    ];
    for (words, scope) in REASONS {
        if before.ends_with(words) {
            return (before.get(before.len() - words.len()..).unwrap_or_default(), scope);
        }
    }
    ("", OomScope::Unknown)
}

/// `Kill process 5101 (sh) score 1201 or sacrifice child`: the choice, not yet a death.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice<'a> {
    pub(super) scope: OomScope,
    pub(super) pid: &'a str,
    pub(super) comm: &'a str,
    pub(super) score: Option<&'a str>,
}

pub(super) fn choice(body: &str) -> Option<Choice<'_>> {
    let (at, words) = CHOSEN.iter().find_map(|words| body.find(words).map(|at| (at, words)))?;
    let (reason, scope) = reason(body.get(..at)?);
    let (pid, rest) = digits(body.get(at + words.len()..)?)?;
    if rest.is_empty() {
        return None;
    }
    let score = after(rest, ") score ").and_then(digits).filter(|(_, rest)| !rest.is_empty()).map(|(score, _)| score);
    let comm = rest
        .trim_start()
        .strip_prefix('(')
        .and_then(|rest| rest.get(..rest.rfind(") score ").or_else(|| rest.rfind(')'))?));
    (!reason.is_empty() || score.is_some()).then_some(Choice { scope, pid, comm: comm.unwrap_or_default(), score })
}

/// `oom-kill:constraint=…`. Trigger and victim in one line: `cpuset` and `mems_allowed` are the trigger's, the rest the
/// victim's.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Context<'a> {
    pub(super) constraint: Option<&'a str>,
    pub(super) global: bool,
    pub(super) oom_memcg: Option<&'a str>,
    pub(super) task_memcg: Option<&'a str>,
    pub(super) task: Option<&'a str>,
    pub(super) pid: Option<&'a str>,
    pub(super) uid: Option<&'a str>,
}

pub(super) const CONTEXT: &str = "oom-kill:constraint=";

/// Lists and paths hold commas, so keys are found and nothing is split at commas. People put blanks behind these.
pub(super) fn context(body: &str) -> Option<Context<'_>> {
    const KEYS: [&str; 8] =
        ["nodemask=", "cpuset=", "mems_allowed=", "global_oom", "oom_memcg=", "task_memcg=", "task=", "uid="];
    let body = body.get(body.find(CONTEXT)?..)?;
    let value = |key: &str| -> Option<&str> {
        let (_, start) = context_key(body, 0, key)?;
        let ends = KEYS.iter().filter_map(|next| context_key(body, start, next)).map(|(end, _)| end);
        body.get(start..ends.min()?)
    };
    let number = |key: &str| {
        let at = body.match_indices(key).map(|(at, _)| at).filter_map(|at| context_key(body, at.checked_sub(2)?, key));
        at.last().and_then(|(_, start)| body.get(start..)).and_then(digits)
    };
    // A name may hold a comma, too: it ends at the last `,pid=`.
    let task = context_key(body, 0, "task=").and_then(|(_, start)| {
        let rest = body.get(start..)?;
        let end = rest.rmatch_indices("pid=").find_map(|(at, _)| {
            let before = rest.get(..at)?.trim_end_matches(' ');
            before.strip_suffix(',')
        })?;
        Some(end)
    });
    Some(Context {
        constraint: body.strip_prefix(CONTEXT).and_then(|rest| rest.split_once(',')).map(|(word, _)| word),
        global: context_key(body, 0, "global_oom").is_some(),
        oom_memcg: value("oom_memcg="),
        task_memcg: value("task_memcg="),
        task,
        pid: number("pid=").filter(|(_, rest)| rest.starts_with(',')).map(|(pid, _)| pid),
        uid: number("uid=").map(|(uid, _)| uid),
    })
}

/// The first `,key` at or behind a place: where its comma stands, and where its value begins.
fn context_key(body: &str, from: usize, key: &str) -> Option<(usize, usize)> {
    body.get(from..)?.match_indices(key).find_map(|(at, _)| {
        let at = from + at;
        let before = body.get(..at)?.trim_end_matches(' ').strip_suffix(',')?;
        Some((before.len(), at + key.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_and_headings_about_a_kill_are_none() {
        for line in [
            "Out of memory: Kill process 8261 (java) score 972 or sacrifice child",
            "Out of memory: Killed process 1234 (java).",
            "Memory cgroup out of memory: Kill process 8261 (java) score 972 or sacr",
            "Killed process 1234 (ja",
            "* Out of memory: Kill process 8261 (java) score 972 or sacrifice child",
            "/var/log/messages: Out of memory: Kill process 8261 (java) score 972 or sacrifice child",
        ] {
            assert!(is_whole(line), "{line}");
        }
        for line in [
            "# Out of memory: Kill process 1234 (java) score 900 or sacrifice child",
            "We saw: Out of memory: Killed process 1234 (java) in dmesg. Why?",
            "Out of memory: Kill process 8261 (java) score 972 or sacrifice child - what to do",
            "커널 로그에 Out of memory: Killed process 4711 (java) 가 있습니다",
        ] {
            assert!(!is_whole(line), "{line}");
        }
    }

    #[test]
    fn kill_lines_of_every_era_are_read() {
        let old = kills("Killed process 2790, UID 500, (java) total-vm:5242880kB, anon-rss:3538816kB, file-rss:128kB");
        let old = old.first().expect("a kill");
        assert_eq!(
            (old.pid, old.comm, old.uid, old.file_rss, old.shmem_rss),
            ("2790", "java", Some("500"), Some("128"), None)
        );
        let oldest = kills("Out of Memory: Killed process 2790 (java).");
        let oldest = oldest.first().expect("a kill");
        assert_eq!((oldest.scope, oldest.comm, oldest.total_vm), (OomScope::Global, "java", None));
        let newest = kills(
            "Memory cgroup out of memory: Killed process 48213 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, \
             shmem-rss:0kB, UID:1000 pgtables:9216kB oom_score_adj:-984",
        );
        let newest = newest.first().expect("a kill");
        assert_eq!((newest.scope, newest.uid, newest.pgtables), (OomScope::Cgroup, Some("1000"), Some("9216")));
        assert_eq!(newest.oom_score_adj, Some("-984"));
    }

    #[test]
    fn a_name_may_hold_parentheses() {
        let found = kills("Out of memory: Killed process 7 ((sd-pam) x) total-vm:8kB, anon-rss:4kB, file-rss:0kB");
        assert_eq!(found.first().map(|kill| kill.comm), Some("(sd-pam) x"));
    }

    #[test]
    fn two_kills_on_one_line_are_two() {
        let line = "Out of memory: Killed process 1 (a) total-vm:8kB, anon-rss:4kB Out of memory: Killed process 2 (b) total-vm:16kB";
        let found = kills(line);
        let sizes: Vec<_> = found.iter().map(|kill| (kill.pid, kill.total_vm, kill.anon_rss)).collect();
        assert_eq!(sizes, [("1", Some("8"), Some("4")), ("2", Some("16"), None)]);
    }

    #[test]
    fn old_and_foreign_words_are_kills_too() {
        let openvz =
            "Out of memory in UB 101: OOM killed process 12345 (java) score 0 vm:1404240kB, rss:345600kB, swap:0kB";
        let found: Vec<_> = kills(openvz).iter().map(|kill| (kill.pid, kill.comm, kill.total_vm, kill.scope)).collect();
        assert_eq!(found, [("12345", "java", Some("1404240"), OomScope::Cgroup)]);
        let resident: Vec<_> = kills(openvz).iter().map(|kill| (kill.rss, kill.swap, kill.anon_rss)).collect();
        assert_eq!(resident, [(Some("345600"), Some("0"), None)]);
        let old = kills("Killed process 912 (java) vsz:808400kB, anon-rss:403000kB, file-rss:1080kB");
        assert_eq!(old.first().map(|kill| (kill.total_vm, kill.file_rss)), Some((Some("808400"), Some("1080"))));
        let bare = kills("Killed process 1502 (sh)");
        assert_eq!(bare.first().map(|kill| (kill.pid, kill.comm, kill.total_vm)), Some(("1502", "sh", None)));
        let choice = choice("Out of memory: kill process 900 (java) score 50525 or a child").expect("a choice");
        assert_eq!((choice.pid, choice.score), ("900", Some("50525")));
        let odd = kills("Out of memory: Killed process 7 (java) total-vm:) total-vm:8kB, anon-rss:4kB, file-rss:0kB");
        assert_eq!(odd.first().map(|kill| (kill.comm, kill.total_vm)), Some(("java) total-vm:", Some("8"))));
    }

    #[test]
    fn words_about_a_kill_are_none() {
        assert_eq!(kills("I saw Killed process 12 (java) in the log"), []);
        assert_eq!(kills("Killed process twelve (java) total-vm:8kB"), []);
        assert_eq!(kills("Killed process 12 (java) and more"), []);
    }

    #[test]
    fn the_choice_is_not_a_death() {
        let line = "Memory cgroup out of memory: Kill process 5101 (sh) score 1201 or sacrifice child";
        assert_eq!(kills(line), []);
        assert_eq!(
            choice(line),
            Some(Choice { scope: OomScope::Cgroup, pid: "5101", comm: "sh", score: Some("1201") })
        );
    }

    #[test]
    fn lists_and_paths_of_the_context_keep_their_commas() {
        let line = "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=a,mems_allowed=0-1,3,oom_memcg=/a,b,task_memcg=/a,b/c,task=C2, x,pid=48213,uid=1000";
        let expected = Context {
            constraint: Some("CONSTRAINT_MEMCG"),
            global: false,
            oom_memcg: Some("/a,b"),
            task_memcg: Some("/a,b/c"),
            task: Some("C2, x"),
            pid: Some("48213"),
            uid: Some("1000"),
        };
        assert_eq!(context(line), Some(expected));
        let cut = "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/x,task=java,pid=482";
        let context = context(cut).expect("a context");
        assert_eq!((context.global, context.pid, context.task_memcg), (true, None, Some("/x")));
    }
}
