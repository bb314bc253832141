//! Schedulers of jobs (YARN, Slurm, PBS, LSF), and programs that watch over others.

use super::found::{Found, behind, between, digits, size, size_of_bytes};
use crate::units::Bytes;

pub(super) fn schedulers(body: &str) -> Option<Found<'_>> {
    if let Some(rest) = behind(body, "Container [pid=") {
        let over = behind(rest, "] is running ")?;
        if !over.contains("memory limit") {
            return None;
        }
        let id = between(rest, "containerID=", "]").unwrap_or_default();
        let is_virtual = over.contains("beyond virtual") || over.contains("beyond the 'VIRTUAL'");
        let found = Found::named(if is_virtual { "yarn-virtual" } else { "yarn" }, id).pid(digits(rest));
        return Some(with_usage(found, rest));
    }
    if body.contains("Detected ") && (body.contains(" oom-kill event") || body.contains(" oom_kill event")) {
        let step = behind(body, "StepId=").or_else(|| behind(body, " in step "));
        let step = step.and_then(|rest| rest.split([' ', ';', ',']).next()).unwrap_or_default().trim_end_matches('.');
        return Some(Found::named("slurm", step));
    }
    if let Some(rest) = behind(body, "ontainer killed by YARN for exceeding ") {
        let used = behind(rest, "limits. ").and_then(|rest| rest.split_once(" of "));
        let (usage, limit) = used.map_or((None, None), |(usage, limit)| (size(usage), size(limit)));
        let (kind, names) = match rest.contains(" virtual memory used") {
            true => ("yarn-virtual", ["virtual", "limit_virtual"]),
            false => ("yarn", ["usage", "limit"]),
        };
        // Spark says it of the executor, and again of each of its tasks.
        let executor = ["Lost executor ", "(executor "].iter().find_map(|mark| {
            let (before, rest) = body.split_once(mark)?;
            let start = before.len() + mark.len() - "executor ".len();
            body.get(start..before.len() + mark.len() + digits(rest)?.len())
        });
        let [of_usage, of_limit] = names;
        let found = Found::named(kind, executor.unwrap_or_default()).size(of_usage, usage).size(of_limit, limit);
        return Some(if body.contains("ExecutorLostFailure (") { found.following() } else { found });
    }
    if let Some(rest) = body.strip_prefix("slurmstepd: error: ")
        && (rest.starts_with("Exceeded job memory limit") || rest.contains(" exceeded memory limit ("))
    {
        return Some(Found::new("memory-limit-exceeded"));
    }
    if body.starts_with("srun: error: ") && body.ends_with(": Out Of Memory")
        || body.starts_with("State: OUT_OF_MEMORY")
    {
        return Some(Found::new("slurm").following());
    }
    // A row of `sacct`, whose words are cut to their columns.
    let mut words = body.split_ascii_whitespace();
    if let Some(job) = words.next().filter(|job| job.starts_with(|c: char| c.is_ascii_digit()))
        && words.any(|word| matches!(word, "OUT_OF_ME+" | "OUT_OF_MEMORY"))
    {
        let job = job.split('.').next().unwrap_or(job);
        return Some(Found::named("slurm", job).following());
    }
    // Torque, and Moab, which counts in MiB.
    if body.starts_with("Job exceeded a memory resource limit (") {
        return Some(Found::new("memory-limit-exceeded"));
    }
    if let Some((used, rest)) = behind(body, " exceeded MEM usage hard limit (").and_then(|rest| rest.split_once(" > "))
        && let Some(limit) = rest.strip_suffix(')')
    {
        let mib = |part| size_of_bytes(part).and_then(|(part, size)| Some((part, Bytes(size.0.checked_mul(1 << 20)?))));
        return Some(Found::new("memory-limit-exceeded").size("usage", mib(used)).size("limit", mib(limit)));
    }
    // HTCondor.
    if let Some(rest) = behind(body, "Job has gone over ")
        && let Some(limit) = behind(rest, "memory limit of ").filter(|limit| limit.contains(" megabytes"))
    {
        let usage = behind(rest, "usage: ").and_then(size);
        return Some(Found::new("memory-limit-exceeded").size("limit", size(limit)).size("usage", usage).following());
    }
    if let Some(rest) = body.strip_prefix("=>> PBS: job killed: ")
        && let Some((_, rest)) = rest.split_once(' ').filter(|(what, _)| what.ends_with("mem"))
    {
        let limit = behind(rest, "exceeded limit ").and_then(size);
        return Some(Found::new("memory-limit-exceeded").size("usage", size(rest)).size("limit", limit));
    }
    if body.starts_with("TERM_MEMLIMIT: job killed after reaching LSF memory usage limit") {
        return Some(Found::new("memory-limit-exceeded"));
    }
    if let Some(rest) = behind(body, "INFO exited: ").or_else(|| behind(body, "WARN exited: "))
        && let Some((name, why)) = rest.split_once(' ')
        && why.starts_with("(terminated by SIGKILL")
    {
        return Some(Found::named("wrapper-sigkill", name));
    }
    if body.contains("JVM received a signal SIGKILL (9)") {
        return Some(Found::new("wrapper-sigkill"));
    }
    None
}

/// `Current usage: 2.1 GB of 2 GB physical memory used; 4.0 GB of 4.2 GB virtual memory used.`
fn with_usage<'a>(found: Found<'a>, text: &'a str) -> Found<'a> {
    let Some(text) = behind(text, "Current usage: ") else { return found };
    let of_virtual = behind(text, " physical memory used; ").unwrap_or_default();
    found
        .size("usage", size(text))
        .size("limit", behind(text, " of ").and_then(size))
        .size("virtual", size(of_virtual))
        .size("limit_virtual", behind(of_virtual, " of ").and_then(size))
}
