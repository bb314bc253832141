//! What would make the report stronger: the commands whose output is missing, ranked by what they decide per minute.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::analysis::rules::Incident;
use crate::formats::gc_log::monitor;

/// A missing piece and the command that gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Catalogue key of why it matters: `gap.<name>`.
    pub key: String,
    /// The command, with the pid filled in where one is known.
    pub command: String,
}

/// What an answer would decide, and how much that is worth beside the others.
#[derive(Clone, Copy)]
enum Decides {
    /// A border of the range for the heap's size.
    HeapSize = 4,
    /// Which of two explanations holds.
    Rivals = 3,
    /// Who asked for the memory that was not there.
    Trigger = 2,
    /// Nothing by itself; it makes the rest easier to read.
    Nothing = 1,
}

/// Minutes of a command that answers at once.
const COMMAND: u32 = 1;
/// Minutes of finding a place in the kernel's log, or of watching for a minute.
const SEARCH: u32 = 2;
/// Minutes until a process that was started with another option has something to tell.
const RESTART: u32 = 30;

/// A gap, what it would decide, and the minutes that it costs.
struct Candidate {
    gap: Gap,
    decides: Decides,
    minutes: u32,
}

impl Candidate {
    /// What is worth more per minute comes first.
    fn rank(&self, other: &Candidate) -> Ordering {
        (other.decides as u32 * self.minutes).cmp(&(self.decides as u32 * other.minutes))
    }
}

/// What is missing, the most telling per minute first; of equals, the one that was named first.
pub fn find(incident: &Incident<'_>) -> Vec<Gap> {
    let mut found = candidates(incident);
    found.sort_by(Candidate::rank);
    found.into_iter().map(|candidate| candidate.gap).collect()
}

fn candidates(incident: &Incident<'_>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let Incident { readings, runs, .. } = *incident;
    // Where the kernel killed something else, nothing is to be asked of a JVM.
    let of_jvm = runs.is_empty() || runs.iter().any(|run| incident.may_be_jvm(run));
    let mut missing = |absent: bool, key: &str, decides: Decides, minutes: u32, command: String| {
        if absent {
            found.push(Candidate { gap: Gap { key: format!("gap.{key}"), command }, decides, minutes });
        }
    };
    let alive = runs.iter().filter(|run| !run.killed).find_map(|run| run.pid);
    let pid = alive.map_or_else(|| "PID".to_owned(), |pid| pid.to_string());
    let flags_known = runs.iter().any(|run| !run.flags.is_empty());
    missing(
        of_jvm && !flags_known && !readings.host.iter().any(|host| host.kind.prints_options()),
        "flags",
        Decides::Rivals,
        COMMAND,
        format!("jcmd {pid} VM.flags"),
    );
    missing(
        readings.host.iter().any(|host| host.words.contains_key("argument_file")),
        "argument-file",
        Decides::Rivals,
        COMMAND,
        format!("jcmd {pid} VM.command_line"),
    );
    missing(
        readings.oom_kills.is_empty() && readings.java_errors.is_empty(),
        "kernel",
        Decides::Rivals,
        SEARCH,
        "journalctl -k --utc --no-pager | grep -i -B 60 -A 5 'killed process'".to_owned(),
    );
    let only_kill_line = !readings.oom_kills.is_empty()
        && readings
            .oom_kills
            .iter()
            .all(|kill| kill.processes.is_empty() && kill.cgroup.is_none() && kill.ram.is_none());
    missing(
        only_kill_line,
        "whole-report",
        Decides::Trigger,
        SEARCH,
        "journalctl -k --utc --no-pager | grep -i -B 80 -A 5 'killed process'".to_owned(),
    );
    missing(!incident.knows_machine(), "machine", Decides::HeapSize, COMMAND, "free -m".to_owned());
    let tracked = runs.iter().filter(|run| !run.killed).flat_map(|run| &run.flags).any(|flag| tracks(flag));
    missing(
        of_jvm && readings.nmt.is_empty(),
        "nmt",
        Decides::HeapSize,
        if tracked { COMMAND } else { RESTART },
        format!("jcmd {pid} VM.native_memory summary"),
    );
    let timed = readings.jstat.iter().any(|table| table.column("Timestamp").is_some()) || !readings.gc_logs.is_empty();
    missing(of_jvm && !timed, "clock", Decides::Nothing, SEARCH, format!("date; jstat -gc -t {pid} 1000 60"));
    let logged = readings.gc_logs.iter().any(|log| !matches!(log.style.as_str(), "hs-err" | monitor::STYLE));
    missing(
        of_jvm && !logged,
        "gc-log",
        Decides::HeapSize,
        RESTART,
        "-Xlog:gc*:file=gc.log:time,uptime,level,tags".to_owned(),
    );
    found
}

/// Native memory tracking is on, so that a living process can be asked.
fn tracks(flag: &str) -> bool {
    flag.strip_prefix("-XX:NativeMemoryTracking=").is_some_and(|level| level != "off")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::readings::Readings;
    use crate::model::run::Run;

    fn keys(runs: &[Run]) -> Vec<String> {
        find(&Incident::new(&Readings::default(), runs)).into_iter().map(|gap| gap.key).collect()
    }

    #[test]
    fn what_decides_more_per_minute_comes_first() {
        let all = ["gap.machine", "gap.flags", "gap.kernel", "gap.clock", "gap.nmt", "gap.gc-log"];
        assert_eq!(keys(&[]), all);
    }

    #[test]
    fn where_tracking_is_on_its_command_costs_no_restart() {
        let run = |level: &str, killed: bool| Run {
            flags: vec![format!("-XX:NativeMemoryTracking={level}")],
            killed,
            ..Run::default()
        };
        let last = ["gap.machine", "gap.kernel", "gap.clock", "gap.nmt", "gap.gc-log"];
        assert_eq!(keys(&[run("summary", false)]), ["gap.machine", "gap.nmt", "gap.kernel", "gap.clock", "gap.gc-log"]);
        assert_eq!(keys(&[run("off", false)]), last);
        assert_eq!(keys(&[run("summary", true)]), last);
    }
}
