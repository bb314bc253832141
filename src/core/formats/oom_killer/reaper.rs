//! What the reaper says of a killed process, and kills of which only its line was pasted.
//!
//! ```text
//! oom_reaper: reaped process 48213 (java), now anon-rss:0kB, file-rss:20480kB, shmem-rss:0kB
//! oom_reaper: unable to reap pid:48213 (java)
//! ```
//!
//! The reaper takes the memory of nobody but victims, so that its line alone says who was killed. Until 5.0 `grep oom` shows
//! it and not the kill. Source: Linux, `mm/oom_kill.c` (`oom_reap_task_mm`, `oom_reap_task`).

use super::text::{after, digits, measured};
use crate::model::oom::{OomKill, Reaped};
use crate::units::Bytes;

pub(super) const REAPER: &str = "oom_reaper: ";
const REAPED: &str = "oom_reaper: reaped process ";
const UNABLE: &str = "oom_reaper: unable to reap pid:";
/// Kills of one text that only the reaper names, and of one report that it reaped, at most.
pub(super) const MAX_REAPED: usize = 4096;

/// Whose memory the reaper took, and what is left of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reaper<'a> {
    pub(super) pid: &'a str,
    pub(super) comm: &'a str,
    pub(super) anon_rss: Option<&'a str>,
    pub(super) file_rss: Option<&'a str>,
    pub(super) shmem_rss: Option<&'a str>,
}

pub(super) fn reaper(body: &str) -> Option<Reaper<'_>> {
    let (pid, rest) = digits(after(body, REAPED).or_else(|| after(body, UNABLE))?)?;
    let (comm, rest) = match rest.rsplit_once("), now ") {
        Some((comm, sizes)) => (comm, sizes),
        None => (rest.trim_end().strip_suffix(')').unwrap_or_default(), ""),
    };
    Some(Reaper {
        pid,
        comm: comm.trim_start().strip_prefix('(').unwrap_or_default(),
        anon_rss: measured(rest, "anon-rss:", "kB"),
        file_rss: measured(rest, "file-rss:", "kB"),
        shmem_rss: measured(rest, "shmem-rss:", "kB"),
    })
}

/// Adds what the reaper left to a kill.
pub(super) fn reaped(kill: &mut OomKill, found: &Reaper<'_>, line: u32) {
    let Ok(pid) = found.pid.parse() else { return };
    let size = |digits: Option<&str>| digits.and_then(|digits| digits.parse().ok()).and_then(Bytes::from_kib);
    let (anon_rss, file_rss, shmem_rss) = (size(found.anon_rss), size(found.file_rss), size(found.shmem_rss));
    let is_known = kill.reaped.iter().any(|known| known.pid == pid);
    if !is_known && kill.reaped.len() < MAX_REAPED && (anon_rss, file_rss, shmem_rss) != (None, None, None) {
        kill.reaped.push(Reaped { pid, anon_rss, file_rss, shmem_rss, line });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_parentheses_and_the_sizes_may_be_missing() {
        let found = reaper("oom_reaper: reaped process 7 (a (b)), now anon-rss:0kB, file-rss:4kB, shmem-rss:8kB");
        let found = found.expect("a reaper's line");
        assert_eq!((found.pid, found.comm, found.file_rss), ("7", "a (b)", Some("4")));
        let found = reaper("oom_reaper: unable to reap pid:7 (java)").expect("a reaper's line");
        assert_eq!((found.pid, found.comm, found.anon_rss), ("7", "java", None));
        let cut = reaper("oom_reaper: reaped process 7 (ja").expect("a reaper's line");
        assert_eq!((cut.pid, cut.comm), ("7", ""));
    }
}
