//! What would make the report stronger: the commands whose output is missing, the most telling first.

use serde::{Deserialize, Serialize};

use crate::analysis::rules::incident::MACHINE;
use crate::model::host::HostReading;
use crate::model::readings::Readings;
use crate::model::run::Run;

/// A missing piece and the command that gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Catalogue key of why it matters: `gap.<name>`.
    pub key: String,
    /// The command, with the pid filled in where one is known.
    pub command: String,
}

/// What is missing, most telling first.
pub fn find(readings: &Readings, runs: &[Run]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut missing = |absent: bool, key: &str, command: String| {
        if absent {
            gaps.push(Gap { key: format!("gap.{key}"), command });
        }
    };
    let has_host = |kinds: &[&str]| readings.host.iter().any(|host| kinds.contains(&host.kind.as_str()));
    let alive = runs.iter().filter(|run| !run.killed).find_map(|run| run.pid);
    let pid = alive.map_or_else(|| "PID".to_owned(), |pid| pid.to_string());
    let flags_known = runs.iter().any(|run| !run.flags.is_empty());
    missing(!flags_known && !has_host(&["vm-flags", "command-line"]), "flags", format!("jcmd {pid} VM.flags"));
    missing(
        readings.oom_kills.is_empty() && readings.java_errors.is_empty(),
        "kernel",
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
        "journalctl -k --utc --no-pager | grep -i -B 80 -A 5 'killed process'".to_owned(),
    );
    let in_file = |host: &HostReading| host.run.is_some() && host.sizes.contains_key("physical");
    let machine_known = has_host(MACHINE)
        || readings.host.iter().any(in_file)
        || readings.oom_kills.iter().any(|kill| kill.ram.is_some());
    missing(!machine_known, "machine", "free -m".to_owned());
    missing(readings.nmt.is_empty(), "nmt", format!("jcmd {pid} VM.native_memory summary"));
    let timed = readings.jstat.iter().any(|table| table.column("Timestamp").is_some()) || !readings.gc_logs.is_empty();
    missing(!timed, "clock", format!("date; jstat -gc -t {pid} 1000 60"));
    let logged = readings.gc_logs.iter().any(|log| log.style != "hs-err");
    missing(!logged, "gc-log", "-Xlog:gc*:file=gc.log:time,uptime,level,tags".to_owned());
    gaps
}
