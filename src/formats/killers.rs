//! Reads what else ends processes for their memory, or looks as if it did: systemd and its oomd, earlyoom, Kubernetes, Docker,
//! YARN, Slurm and their like, exit codes, and kernel messages that are no kill.
//!
//! ```text
//! Aug 05 03:54:04 web01 systemd[1]: orders.service: A process of this unit has been killed by the OOM killer.
//! Aug 05 03:54:11 web01 earlyoom[702]: sending SIGTERM to process 48213 uid 1000 "java": badness 911, VmRSS 14210 MiB
//!       Reason:       OOMKilled
//!       Exit Code:    137
//! ```
//!
//! Each becomes an event of its own kind. An exit code of 137 proves a SIGKILL and not who sent it. Sources: systemd
//! (`src/oom/oomd-manager.c`, `src/core/unit.c`), earlyoom (`kill.c`), Kubernetes (`pkg/kubelet`), Hadoop
//! (`ContainersMonitorImpl`), Slurm (`slurmstepd`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::date::read_date;
use super::{Claim, Format, Reader};
use crate::civil;
use crate::model::host::HostReading;
use crate::model::oom::Event;
use crate::model::readings::Readings;
use crate::source::{Line, Places, Wall};
use crate::units::{Bytes, Micros, fixed_decimal};
use crate::warning::WarningKind;

/// Other killers and look-alikes.
pub static FORMAT: Format = Format { id: "event", claim, reader: || Box::new(KillerReader::default()) };

/// Lines about one event stand within so many lines of each other,
const SAME_EVENT_LINES: u32 = 40;
/// and within this time, where they carry one.
const SAME_EVENT: u64 = 60_000_000;
/// Fields of one container's state stand within so many lines.
const STATE_LINES: u32 = 12;
/// Events whose lines may be mixed with each other's.
const MAX_RECENT: usize = 8;
/// Readings of earlyoom, and events, at most.
const MAX_KEPT: usize = 20_000;
/// A longer line is no message of these programs.
const MAX_LINE: usize = 4096;

/// What a line says.
#[derive(Debug, Default, PartialEq)]
struct Found<'a> {
    kind: &'static str,
    name: Option<&'a str>,
    pid: Option<&'a str>,
    /// When, where the line itself says it.
    time: Option<(&'a str, Wall)>,
    /// Word, the text it stands in, bytes.
    sizes: Vec<(&'static str, &'a str, Bytes)>,
    /// Goes on with an event of the same kind rather than being one.
    follows: bool,
    /// Not surely a log line when seen alone.
    weak: bool,
}

impl<'a> Found<'a> {
    fn new(kind: &'static str) -> Found<'a> {
        Found { kind, ..Found::default() }
    }

    fn named(kind: &'static str, name: &'a str) -> Found<'a> {
        let name = name.trim();
        Found { kind, name: (!name.is_empty() && name.len() <= 256).then_some(name), ..Found::default() }
    }

    fn pid(self, pid: Option<&'a str>) -> Found<'a> {
        Found { pid: pid.filter(|pid| pid.parse::<u32>().is_ok()), ..self }
    }

    fn time(self, part: Option<&'a str>) -> Found<'a> {
        let time = part.and_then(|part| {
            let (wall, rest) = civil::iso_time(part)?;
            Some((part.get(..part.len() - rest.len())?, wall))
        });
        Found { time, ..self }
    }

    fn size(mut self, word: &'static str, part: Option<(&'a str, Bytes)>) -> Found<'a> {
        self.sizes.extend(part.map(|(part, bytes)| (word, part, bytes)));
        self
    }

    /// What is left if the text ends with this line, and perhaps in the middle of a number.
    fn without_cut_numbers(mut self, line: &Line<'_>, out: &mut Readings) -> Found<'a> {
        let body = line.body.trim_end();
        let mut is_cut = |word: &str, part: &str| {
            let ends = body.as_bytes().as_ptr_range().end == part.as_bytes().as_ptr_range().end;
            // Attributes behind the id of a container tell its name.
            let id = word == "name" && self.kind == "container-oom";
            let cut = ends && (id || part.ends_with(|c: char| c.is_ascii_digit() || c == '.'));
            if cut {
                out.warn_cut(line, word);
            }
            cut
        };
        self.pid = self.pid.filter(|pid| !is_cut("pid", pid));
        self.name = self.name.filter(|name| !is_cut("name", name));
        self.sizes.retain(|(word, part, _)| !is_cut(word, part));
        self
    }

    fn following(self) -> Found<'a> {
        Found { follows: true, ..self }
    }

    fn weakly(self) -> Found<'a> {
        Found { weak: true, ..self }
    }
}

fn claim(line: &Line<'_>) -> Claim {
    match recognise(line.body.trim()) {
        Some(Seen::Event(found)) if found.weak => Claim::Weak,
        Some(_) => Claim::Strong,
        None => Claim::None,
    }
}

enum Seen<'a> {
    Event(Found<'a>),
    /// earlyoom's periodic line.
    Status(Status<'a>),
    /// The list of candidates that oomd prints before it kills.
    Candidates,
}

/// Words of which every recognised line has one: most foreign lines go by these searches.
fn may_matter(body: &str) -> bool {
    static WORDS: LazyLock<[Finder<'static>; 9]> =
        LazyLock::new(|| ["kill", "Kill", "KILL", "OOM", "oom", "emory", "mem", "SIG", ", badness: "].map(Finder::new));
    static CODES: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["137", "143"].map(Finder::new));
    let bytes = body.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let is_number = |at: usize| !is_digit(at.checked_sub(1)) && !is_digit(Some(at + 3));
    body.len() <= MAX_LINE
        && (WORDS.iter().any(|word| word.find(bytes).is_some())
            || CODES.iter().any(|code| code.find_iter(bytes).any(is_number)))
}

fn recognise(body: &str) -> Option<Seen<'_>> {
    if !may_matter(body) {
        return None;
    }
    if let Some(status) = earlyoom_status(body) {
        return Some(Seen::Status(status));
    }
    if body.starts_with("Considered ") && body.contains(" cgroups for killing") {
        return Some(Seen::Candidates);
    }
    systemd(body)
        .or_else(|| earlyoom(body))
        .or_else(|| kubernetes(body))
        .or_else(|| containers(body))
        .or_else(|| schedulers(body))
        .or_else(|| kernel(body))
        .or_else(|| shell(body))
        .or_else(|| exit_code(body))
        .map(Seen::Event)
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let rest = text.split_once(before)?.1;
    rest.split_once(after).map(|(inside, _)| inside)
}

fn behind<'a>(text: &'a str, before: &str) -> Option<&'a str> {
    text.split_once(before).map(|(_, rest)| rest)
}

fn digits(text: &str) -> Option<&str> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    text.get(..count).filter(|digits| !digits.is_empty())
}

/// `14210 MiB`, `5204Ki`, `2.1 GB`, `123B` at the front: programs here mean powers of 1024 by all of them.
fn size(text: &str) -> Option<(&str, Bytes)> {
    let text = text.trim_start();
    let number = text.bytes().take_while(|b| b.is_ascii_digit() || *b == b'.').count();
    let value = fixed_decimal(text.get(..number)?, 3)?;
    let rest = text.get(number..)?;
    let unit = rest.trim_start();
    let scale: i64 = match unit.as_bytes().first() {
        Some(b'K' | b'k') => 1 << 10,
        Some(b'M') => 1 << 20,
        Some(b'G') => 1 << 30,
        Some(b'T') => 1 << 40,
        Some(b'B') | None => 1,
        Some(_) if number == text.len() || !unit.starts_with(|c: char| c.is_ascii_alphanumeric()) => 1,
        Some(_) => return None,
    };
    let letters = unit.bytes().take_while(u8::is_ascii_alphabetic).count();
    let end = text.len() - unit.len() + letters.min(3);
    let bytes = value.checked_mul(scale)? / 1000;
    Some((text.get(..end)?, Bytes(u64::try_from(bytes).ok()?)))
}

fn systemd(body: &str) -> Option<Found<'_>> {
    if let Some((unit, rest)) = body.split_once(": ")
        && !unit.contains(' ')
    {
        if rest.starts_with("A process of this unit has been killed by the OOM killer") {
            return Some(Found::named("systemd-unit-oom", unit));
        }
        if rest.starts_with("Failed with result 'oom-kill'") {
            return Some(Found::named("systemd-unit-oom", unit).following());
        }
        if rest.contains("rocess exited, code=killed, status=9/KILL") {
            return Some(Found::named("systemd-unit-killed", unit));
        }
        if rest.contains("rocess exited, code=exited, status=137") {
            return Some(Found::named("exit-137", unit));
        }
        if rest.starts_with("systemd-oomd killed ") {
            return Some(Found::named("systemd-oomd", unit).following());
        }
    }
    if let Some(rest) = body.strip_prefix("Killed ").or_else(|| body.strip_prefix("Marked ")) {
        let (path, why) = rest.split_once(' ')?;
        let why = why.strip_prefix("for killing ").unwrap_or(why).strip_prefix("due to memory ")?;
        let known = path.starts_with('/') && (why.starts_with("pressure for ") || why.starts_with("used ("));
        let exact = |before| between(why, before, ")").and_then(size_of_bytes);
        return known.then(|| {
            Found::named("systemd-oomd", path).size("usage", exact("used (")).size("limit", exact("total ("))
        });
    }
    if let Some(rest) = body.strip_prefix("oomd attempting to kill ") {
        return Some(Found::new("systemd-oomd").pid(digits(rest)).following());
    }
    None
}

/// Digits alone: bytes.
fn size_of_bytes(text: &str) -> Option<(&str, Bytes)> {
    let bytes = text.parse().ok()?;
    Some((text, Bytes(bytes)))
}

/// `mem avail: 21790 of 23909 MiB (91.14%), swap free: 0 of 0 MiB ( 0.00%)`.
#[derive(Debug, PartialEq)]
struct Status<'a> {
    sizes: Vec<(&'static str, &'a str, Bytes)>,
}

fn earlyoom_status(body: &str) -> Option<Status<'_>> {
    // The oldest put the status behind the words of the alarm.
    let memory = body.strip_prefix("Low memory! ").unwrap_or(body).strip_prefix("mem avail:")?;
    let mut sizes = Vec::new();
    let mut pair = |text: &'_ str, words: [&'static str; 2]| -> Option<()> {
        let (numbers, _) = text.split_once(" MiB")?;
        // Version 1.3 and older print no total.
        let (free, total) = numbers.split_once(" of ").map_or((numbers, None), |(free, total)| (free, Some(total)));
        for (word, number) in words.into_iter().zip(std::iter::once(free.trim()).chain(total.map(str::trim))) {
            let start = number.as_ptr() as usize - body.as_ptr() as usize;
            let part = body.get(start..start + number.len())?;
            sizes.push((word, part, Bytes::from_kib(number.parse::<u64>().ok()?.checked_mul(1024)?)?));
        }
        Some(())
    };
    pair(memory, ["mem_available", "mem_total"])?;
    if let Some(swap) = behind(body, "swap free:") {
        pair(swap, ["swap_free", "swap_total"])?;
    }
    Some(Status { sizes })
}

fn earlyoom(body: &str) -> Option<Found<'_>> {
    if let Some(rest) = body.strip_prefix("sending SIG").or_else(|| body.strip_prefix("killing process ")) {
        let rest = behind(rest, "to process ").unwrap_or(rest);
        let pid = digits(rest)?;
        let name = between(rest, "\"", "\"").or_else(|| between(rest, "(", ")"))?;
        let rss = behind(rest, "VmRSS ").and_then(size);
        return Some(Found::named("earlyoom", name).pid(Some(pid)).size("rss", rss));
    }
    if let Some(rest) = body.strip_prefix("Killing process '")
        && let Some((name, rest)) = rest.split_once("' with signal ")
    {
        let rss = behind(rest, "VmRSS: ").and_then(size);
        return Some(Found::named("earlyoom", name).pid(behind(rest, "pid: ").and_then(digits)).size("rss", rss));
    }
    if body.starts_with("low memory! at or below SIG") || body.starts_with("Low Memory! At or below sig") {
        return Some(Found::new("earlyoom-low-memory"));
    }
    if let Some(rest) = body.strip_prefix("Killing process ")
        && let Some((pid, name)) = rest.split_once(" (")
        && pid.parse::<u32>().is_ok()
        && let Some(name) = name.strip_suffix(')')
    {
        return Some(Found::named("earlyoom", name).pid(Some(pid)));
    }
    if body.starts_with("Out of memory! avail: ") && body.contains(" MiB < min: ") {
        return Some(Found::new("earlyoom-low-memory"));
    }
    if body.starts_with("escalating to SIGKILL after ") {
        return Some(Found::new("earlyoom").following());
    }
    if body.contains("emory status that requires corrective action") {
        return Some(Found::new("nohang"));
    }
    if let Some(rest) = body.strip_prefix("PID: ")
        && let Some((pid, rest)) = rest.split_once(", Name: ")
        && let Some((name, _)) = rest.split_once(", badness: ")
    {
        return Some(Found::named("nohang", name).pid(Some(pid)).following());
    }
    None
}

fn kubernetes(body: &str) -> Option<Found<'_>> {
    if body.contains("OOMKilled") || body.contains(":OOM Killed ") {
        let value = body.trim_end_matches([',', ' ']).trim_end_matches(['"', '\'']);
        let is_reason = value.ends_with("OOMKilled")
            && (value.starts_with("Reason:") || value.starts_with("reason:") || value.starts_with("\"reason\""));
        if is_reason {
            return Some(Found::new("kubernetes-oomkilled"));
        }
        // The last state alone, as `-o jsonpath` and `-o go-template` print it.
        let of_template = body.contains(" reason:OOMKilled ") || body.contains(" reason:OOM Killed ");
        if body.contains("\"reason\":\"OOMKilled\"") || of_template {
            let finished = behind(body, "\"finishedAt\":\"").or_else(|| behind(body, "finishedAt:"));
            return Some(Found::new("kubernetes-oomkilled").time(finished));
        }
        // kubectl get pods: name, ready, status, restarts, age; the namespace may stand first.
        let mut before: Option<(&str, &str)> = None;
        let mut words = body.split_ascii_whitespace();
        let mut name = words.next()?;
        for word in words.take(3) {
            let ready = |word: &str| {
                word.split_once('/').is_some_and(|(a, b)| a.parse::<u16>().is_ok() && b.parse::<u16>().is_ok())
            };
            match before {
                Some((pod, of)) if ready(of) && word.ends_with("OOMKilled") => {
                    return Some(Found::named("kubernetes-oomkilled", pod));
                }
                _ => before = Some((name, word)),
            }
            name = word;
        }
    }
    if let Some(rest) = behind(body, "System OOM encountered, victim process: ") {
        let (name, rest) = rest.split_once(',')?;
        let pid = behind(rest, "pid: ").and_then(digits);
        return Some(Found::named("kubernetes-system-oom", name).pid(pid));
    }
    if body.contains("Got sys oom event") {
        let pid = behind(body, "\"Pid\":").and_then(digits);
        let name = between(body, "\"ProcessName\":\"", "\"");
        return Some(Found::named("kubernetes-system-oom", name.unwrap_or_default()).pid(pid));
    }
    if let Some(rest) = behind(body, "The node was low on resource: memory.") {
        let container = between(rest, "Container ", " was using ");
        let usage = behind(rest, " was using ").and_then(size);
        let request = behind(rest, "request of ").or_else(|| behind(rest, "request is ")).and_then(size);
        return Some(
            Found::named("kubernetes-evicted", container.unwrap_or_default())
                .size("usage", usage)
                .size("request", request),
        );
    }
    None
}

fn containers(body: &str) -> Option<Found<'_>> {
    if let Some(rest) = behind(body, "\"OOMKilled\":") {
        let rest = rest.trim_start();
        return rest
            .trim_start_matches('"')
            .starts_with("true")
            .then(|| Found::named("docker-oomkilled", between(body, "\"Name\":\"/", "\"").unwrap_or_default()));
    }
    // `docker inspect --format '{{.State.OOMKilled}} {{.State.ExitCode}}'`.
    if matches!(body, "true 137" | "137 true") {
        return Some(Found::new("docker-oomkilled").weakly());
    }
    if matches!(body, "false 137" | "137 false") {
        return Some(Found::new("exit-137").weakly());
    }
    if ["OOMKilled=", "OOMKilled: "].iter().any(|key| behind(body, key).is_some_and(|rest| rest.starts_with("true"))) {
        return Some(Found::new("docker-oomkilled"));
    }
    // Nomad.
    if body.contains("Exit Message: \"OOM Killed\"") || body.contains("Docker container killed by OOM") {
        let (time, _) = body.split_once(' ').unwrap_or_default();
        return Some(Found::new("container-oom").time(Some(time)));
    }
    if let Some(rest) = body.strip_prefix("container oom ") {
        return Some(Found::named("container-oom", container_name(rest)));
    }
    if body.starts_with('{') && body.contains("\"Type\":\"container\"") && body.contains("\"Action\":\"oom\"") {
        return Some(Found::named("container-oom", between(body, "\"name\":\"", "\"").unwrap_or_default()));
    }
    if body.contains("TaskOOM event") {
        let id = behind(body, "ContainerID:").or_else(|| behind(body, "container_id:"));
        let id = id.and_then(|rest| rest.trim_start_matches(['\\', '"']).split([',', '}', ' ', '"', '\\']).next());
        return Some(Found::named("container-oom", id.unwrap_or_default()).time(between(body, "time=\"", "\"")));
    }
    if body.contains("msg=\"OOM detected") {
        let id = behind(body, " id=").and_then(|rest| rest.split([' ', '"']).next());
        return Some(Found::named("container-oom", id.unwrap_or_default()).time(between(body, "time=\"", "\"")));
    }
    if let Some(rest) = body.strip_prefix("container die ")
        && behind(rest, "exitCode=").and_then(digits) == Some("137")
    {
        return Some(Found::named("exit-137", container_name(rest)));
    }
    if let Some(rest) = behind(body, "Memory limit of ")
        && let Some(used) = between(rest, " exceeded with ", " used")
    {
        return Some(Found::new("memory-limit-exceeded").size("limit", size(rest)).size("usage", size(used)));
    }
    if let Some(rest) = body.split_once("Process running mem=").filter(|(before, _)| before.len() <= 32) {
        return Some(Found::new("memory-limit-exceeded").size("usage", size(rest.1)).following());
    }
    if body.contains("Error R15 (Memory quota vastly exceeded)") || body.contains("Error R14 (Memory quota exceeded)") {
        return Some(Found::new("memory-limit-exceeded").following());
    }
    if body.contains("instance was found to be using too much memory and was terminated") {
        return Some(Found::new("memory-limit-exceeded"));
    }
    // Mesos.
    if let Some(rest) = behind(body, "Memory limit exceeded: Requested: ")
        && let Some(used) = behind(rest, " Maximum Used: ")
    {
        return Some(Found::new("memory-limit-exceeded").size("limit", size(rest)).size("usage", size(used)));
    }
    if body.contains("runtime.OOMController") && body.contains("Sending SIGKILL to cgroup") {
        return Some(Found::named("talos-oom", between(body, "\"cgroup\": \"", "\"").unwrap_or_default()));
    }
    if body.contains("container init was OOM-killed") {
        return Some(Found::new("container-oom"));
    }
    if body.contains("OutOfMemoryError: Container killed due to memory usage") {
        return Some(Found::new("ecs-oomkilled"));
    }
    if body.contains("xited with status 137 (out of memory)") {
        return Some(Found::new("cloud-foundry-oom"));
    }
    None
}

/// `0a1b2c3d (image=orders:1.4, name=orders)` of `docker events`: the name, or the id where no attributes follow.
fn container_name(text: &str) -> &str {
    match text.split_once('(') {
        Some((_, attributes)) => {
            behind(attributes, "name=").and_then(|rest| rest.split_once([',', ')'])).map_or("", |(name, _)| name)
        }
        None => text.split(' ').next().unwrap_or_default(),
    }
}

fn schedulers(body: &str) -> Option<Found<'_>> {
    if let Some(rest) = behind(body, "Container [pid=") {
        let over = behind(rest, "] is running ")?;
        if !over.contains("memory limit") {
            return None;
        }
        let id = between(rest, "containerID=", "]");
        let physical = behind(rest, "Current usage: ").and_then(|rest| rest.split_once(" of "));
        let (usage, limit) = physical.map_or((None, None), |(usage, limit)| (size(usage), size(limit)));
        return Some(
            Found::named("yarn", id.unwrap_or_default()).pid(digits(rest)).size("usage", usage).size("limit", limit),
        );
    }
    if body.contains("Detected ") && (body.contains(" oom-kill event") || body.contains(" oom_kill event")) {
        let step = behind(body, "StepId=").or_else(|| behind(body, " in step "));
        let step = step.and_then(|rest| rest.split([' ', ';', ',']).next()).unwrap_or_default().trim_end_matches('.');
        return Some(Found::named("slurm", step));
    }
    if let Some(rest) = behind(body, "ontainer killed by YARN for exceeding ") {
        let physical = behind(rest, "limits. ").and_then(|rest| rest.split_once(" of "));
        let (usage, limit) = physical.map_or((None, None), |(usage, limit)| (size(usage), size(limit)));
        return Some(Found::new("yarn").size("usage", usage).size("limit", limit));
    }
    if let Some(rest) = body.strip_prefix("slurmstepd: error: ")
        && (rest.starts_with("Exceeded job memory limit") || rest.contains(" exceeded memory limit ("))
    {
        return Some(Found::new("memory-limit-exceeded"));
    }
    if body.starts_with("srun: error: ") && body.ends_with(": Out Of Memory")
        || body.starts_with("State: OUT_OF_MEMORY")
    {
        return Some(Found::new("slurm"));
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

/// Kernels other than Linux's, Android's, and kernel messages that are no kill.
fn kernel(body: &str) -> Option<Found<'_>> {
    if let Some(rest) = body.strip_prefix("pid ")
        && (rest.ends_with("was killed: out of swap space") || rest.ends_with("was killed: failed to reclaim memory"))
    {
        let name = between(rest, "(", ")")?;
        return Some(Found::named("freebsd-out-of-memory", name).pid(digits(rest)));
    }
    let android = body.strip_prefix("lowmemorykiller: Killing '").or_else(|| behind(body, "lmkd: Kill '"));
    if let Some(rest) = android.or_else(|| behind(body, "lowmemorykiller: Kill '"))
        && let Some((name, rest)) = rest.split_once("' (")
    {
        let rss = behind(rest, "to free ").filter(|rest| rest.contains("kB rss")).and_then(size);
        return Some(Found::named("android-low-memory", name).pid(digits(rest)).size("rss", rss));
    }
    if body.starts_with("Huh VM_FAULT_OOM leaked out to the #PF handler") {
        return Some(Found::new("vm-fault-oom"));
    }
    if body.starts_with("TCP: out of memory -- consider tuning tcp_mem") {
        return Some(Found::new("tcp-out-of-memory"));
    }
    if body.contains("vmalloc: allocation failure") || body.contains("vmalloc error: size ") {
        return Some(Found::new("vmalloc-failure"));
    }
    None
}

/// `Killed`, `[1]+  Killed   java -jar app.jar`, `run.sh: line 3: 48213 Killed   java …`, `zsh: killed     java …`.
fn shell(body: &str) -> Option<Found<'_>> {
    if body == "Killed" {
        return Some(Found::new("shell-killed").weakly());
    }
    // Where a web page left one blank of many.
    if let Some((before, command)) = body.split_once(" Killed ")
        && let Some((script, place)) = before.split_once(": line ")
        && let Some((line, pid)) = place.split_once(": ")
        && !script.contains(' ')
        && line.parse::<u32>().is_ok()
        && pid.trim().parse::<u32>().is_ok()
    {
        return Some(Found::named("shell-killed", command).pid(Some(pid.trim())));
    }
    let at = body.find("illed  ")?.checked_sub(1)?;
    let before = body.get(..at)?.trim_end();
    let command = body.get(at + "Killed".len()..)?.trim();
    let job = before.strip_prefix('[').and_then(digits).is_some();
    let script = before.contains(": line ");
    let zsh = before == "zsh:";
    let pid = before.rsplit(' ').next().filter(|pid| pid.parse::<u32>().is_ok() && !before.ends_with(']'));
    (job || script || zsh).then(|| Found::named("shell-killed", command).pid(pid))
}

/// An exit code of 137 or 143 where a program reports one, not where a person writes about one: at the end of its words.
fn exit_code(body: &str) -> Option<Found<'_>> {
    const WORDS: [&str; 11] = [
        "exited with code ",
        "xit status: ",
        "exit code ",
        "exit status ",
        "exit value ",
        "xit code is ",
        "non-zero code: ",
        "exited with status ",
        "Exited with status ",
        "xit Code: ",
        "xited (",
    ];
    let structured = |key: &str| {
        let rest = body.trim_start_matches(['"', ' ', '-']).strip_prefix(key)?;
        let rest = rest.trim_start_matches(['"', ' ']);
        rest.strip_prefix([':', '=']).map(str::trim_start)
    };
    let value = ["Exit Code", "exitCode", "ExitCode", "exit_code"].into_iter().find_map(structured).or_else(|| {
        let rest = WORDS.iter().find_map(|words| behind(body, words))?;
        let code = digits(rest)?;
        let tail = rest.get(code.len()..)?;
        let ends = tail.is_empty() || tail.starts_with([',', ')', '"', '}', '.', ';', '(']) || tail.starts_with(" (");
        (ends && tail.len() <= 64 && body.is_ascii()).then_some(rest)
    })?;
    let kind = match digits(value.trim_start())? {
        "137" => "exit-137",
        // SIGTERM: only from a killer that says so.
        "143" if body.contains("xit code is 143") => "exit-143",
        _ => return None,
    };
    // `docker compose`: the container stands before the words.
    let name = body.split_once(" exited with code ").map(|(name, _)| name).filter(|name| !name.contains(' '));
    Some(Found::named(kind, name.unwrap_or_default()))
}

#[derive(Default)]
struct KillerReader {
    /// Events that following lines may belong to, latest last, with their last lines.
    recent: Vec<(usize, u32)>,
    /// The first line of a list of candidates, and its last.
    candidates: Option<(u32, u32)>,
    kept: usize,
}

impl Reader for KillerReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        if let Some((_, last)) = &mut self.candidates
            && line.number.saturating_sub(*last) <= 2
            && is_candidate(line.body.trim())
        {
            *last = line.number;
            return true;
        }
        let is_other =
            ["Name:", "State:", "Last State:", "\"State\": {"].iter().any(|key| line.body.trim().starts_with(key));
        if is_other || out.prompt.is_some_and(|at| at == (line.source, line.number)) {
            // Of another container.
            self.recent.clear();
        }
        let Some((at, last)) = self.recent.last().copied() else { return false };
        if line.number.saturating_sub(last) > STATE_LINES {
            return false;
        }
        self.state_line(at, line, out)
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        match recognise(line.body.trim()) {
            Some(Seen::Status(status)) => self.status(&status, line, out),
            Some(Seen::Candidates) => self.candidates = Some((line.number, line.number)),
            Some(Seen::Event(found)) if out.is_cut(line) => {
                let whole = found.without_cut_numbers(line, out);
                self.event(&whole, line, out);
            }
            Some(Seen::Event(found)) => self.event(&found, line, out),
            None => return false,
        }
        true
    }

    fn finish(&mut self, _: &mut Readings) {}
}

fn is_candidate(body: &str) -> bool {
    const STARTS: [&str; 7] = [
        "Path: ",
        "Memory Pressure Limit: ",
        "Pressure: Avg10: ",
        "Current Memory Usage: ",
        "Memory Min: ",
        "Pgscan: ",
        "Swap Usage: ",
    ];
    STARTS.iter().any(|start| body.starts_with(start))
        || ["Memory Low: ", "Last Pgscan: ", "No candidates"].iter().any(|start| body.starts_with(start))
}

/// UTC time and local time of a line.
fn times(wall: Option<Wall>) -> (Option<Micros>, Option<Micros>) {
    match wall {
        Some(Wall { micros, zone_known: true, .. }) => (Some(micros), None),
        Some(Wall { micros, .. }) => (None, Some(micros)),
        None => (None, None),
    }
}

fn is_year_unknown(wall: Option<Wall>) -> bool {
    wall.is_some_and(|wall| !wall.year_known)
}

impl KillerReader {
    fn event(&mut self, found: &Found<'_>, line: &Line<'_>, out: &mut Readings) {
        if let Some(at) = self.same_event(found, line, out) {
            return self.extend(at, found, line, out);
        }
        if found.kind.starts_with("exit-")
            && line.stamp.wall.is_none()
            && let Some((at, last)) = self.recent.last().copied()
            && line.number.saturating_sub(last) <= STATE_LINES
            && out.events.get(at).is_some_and(|event| event.kind.ends_with("oomkilled") || event.kind == "yarn")
        {
            // The code of a container whose state says already why it ended.
            return self.extend(at, &Found::default(), line, out);
        }
        if self.kept >= MAX_KEPT {
            if self.kept == MAX_KEPT {
                out.warn_line(line, WarningKind::LimitReached { what: "events".to_owned() });
                self.kept += 1;
            }
            return;
        }
        self.kept += 1;
        let (time, local_time) = times(line.stamp.wall);
        let mut event = Event {
            kind: found.kind.to_owned(),
            time,
            local_time,
            year_unknown: is_year_unknown(line.stamp.wall),
            uptime: line.stamp.uptime,
            source: line.source,
            first_line: line.number,
            last_line: line.number,
            ..Event::default()
        };
        if let Some((first, last)) = self.candidates.take()
            && found.kind == "systemd-oomd"
            && line.number.saturating_sub(last) <= SAME_EVENT_LINES
        {
            event.first_line = first;
        }
        fill(&mut event, found, line);
        out.keep(line);
        self.note(out.events.len(), line.number);
        out.events.push(event);
    }

    /// The event that a line says more about.
    fn same_event(&self, found: &Found<'_>, line: &Line<'_>, out: &Readings) -> Option<usize> {
        self.recent.iter().rev().find(|(at, last)| says_more(*at, *last, found, line, out)).map(|(at, _)| *at)
    }

    fn note(&mut self, at: usize, line: u32) {
        self.recent.retain(|(known, _)| *known != at);
        if self.recent.len() >= MAX_RECENT {
            self.recent.remove(0);
        }
        self.recent.push((at, line));
    }

    fn extend(&mut self, at: usize, found: &Found<'_>, line: &Line<'_>, out: &mut Readings) {
        if let Some(event) = out.events.get_mut(at) {
            event.last_line = line.number;
            if event.kind == "exit-137" && !found.kind.is_empty() {
                event.kind = found.kind.to_owned();
            }
            fill(event, found, line);
            self.note(at, line.number);
        }
    }

    fn status(&mut self, status: &Status<'_>, line: &Line<'_>, out: &mut Readings) {
        if self.kept >= MAX_KEPT {
            return;
        }
        self.kept += 1;
        let (time, local_time) = times(line.stamp.wall);
        let mut at = Places::default();
        let mut sizes = BTreeMap::new();
        for (word, part, bytes) in &status.sizes {
            at.put(word, line.span_of(part));
            sizes.insert((*word).to_owned(), *bytes);
        }
        out.host.push(HostReading {
            kind: "earlyoom".to_owned(),
            time,
            local_time,
            year_unknown: is_year_unknown(line.stamp.wall),
            uptime: line.stamp.uptime,
            sizes,
            source: line.source,
            first_line: line.number,
            last_line: line.number,
            at,
            ..HostReading::default()
        });
    }

    /// Lines that only mean something below an event: when a container ended, how often it was restarted.
    fn state_line(&mut self, at: usize, line: &Line<'_>, out: &mut Readings) -> bool {
        let body = line.body.trim();
        let Some(event) = out.events.get_mut(at).filter(|event| event.source == line.source) else { return false };
        let is_container = event.kind.ends_with("oomkilled") || event.kind.starts_with("exit-");
        let key = body.trim_start_matches(['"', '-', ' ']);
        let next = ["terminated", "lastState", "state", "State:", "Last State:"];
        if is_container && next.iter().any(|word| key.starts_with(word)) {
            // Of another container, or of another end of this one.
            self.recent.retain(|(known, _)| *known != at);
            return false;
        }
        let taken = match event.kind.as_str() {
            _ if is_container => {
                const KEYS: [&str; 9] = [
                    "Exit Code:",
                    "Started:",
                    "Finished:",
                    "Restart Count:",
                    "exitCode",
                    "finishedAt",
                    "startedAt",
                    "FinishedAt",
                    "StartedAt",
                ];
                if ["Finished:", "finishedAt", "FinishedAt"].iter().any(|word| key.starts_with(word))
                    && let Some((part, wall)) = printed_time(key)
                {
                    (event.time, event.local_time) = times(Some(wall));
                    event.year_unknown = is_year_unknown(Some(wall));
                    event.at.put("time", line.span_of(part));
                }
                KEYS.iter().any(|word| key.starts_with(word))
            }
            "earlyoom" => {
                let ended = body.starts_with("process ") && body.contains("exited after ");
                let failed = body.starts_with("kill failed") || body.ends_with(" did not exit");
                ended || failed || body.starts_with("escalating to SIGKILL")
            }
            "nohang" => body.contains("Sending SIGTERM") || body.contains("Sending SIGKILL"),
            _ => false,
        };
        if taken {
            event.last_line = line.number;
            self.note(at, line.number);
        }
        taken
    }
}

/// True if a line says more about the event at this index.
fn says_more(at: usize, last: u32, found: &Found<'_>, line: &Line<'_>, out: &Readings) -> bool {
    let Some(event) = out.events.get(at).filter(|event| event.source == line.source) else { return false };
    let near = line.number.saturating_sub(last) <= SAME_EVENT_LINES;
    let (time, local_time) = times(line.stamp.wall);
    let apart = |a: Option<Micros>, b: Option<Micros>| a.zip(b).is_some_and(|(a, b)| a.0.abs_diff(b.0) > SAME_EVENT);
    if !near || apart(event.time, time) || apart(event.local_time, local_time) || apart(event.uptime, line.stamp.uptime)
    {
        return false;
    }
    let named = match (&event.name, found.name) {
        (Some(known), Some(name)) => known == name,
        _ => true,
    };
    let of_pid = event.pid.zip(found.pid.and_then(|pid| pid.parse::<u32>().ok())).is_none_or(|(a, b)| a == b);
    // Two platforms say the same of themselves; only one of them prints times.
    let timed = (time.is_some(), local_time.is_some()) == (event.time.is_some(), event.local_time.is_some());
    let of_pid = of_pid && (timed || found.kind != "memory-limit-exceeded");
    let same = event.kind == found.kind && (found.follows || found.kind.starts_with("earlyoom") && found.pid.is_some());
    // The processes stand before the group they are of.
    let oomd = event.kind == "systemd-oomd" && found.kind == "systemd-oomd" && (found.follows || event.name.is_none());
    // In YAML the code stands before the reason.
    let reason = event.kind == "exit-137"
        && found.kind.ends_with("oomkilled")
        && line.number.saturating_sub(last) <= STATE_LINES
        && found.name.is_none();
    (same && named && of_pid) || oomd || reason
}

fn fill(event: &mut Event, found: &Found<'_>, line: &Line<'_>) {
    if let Some((part, wall)) = found.time.filter(|_| event.time.is_none() && event.local_time.is_none()) {
        (event.time, event.local_time) = times(Some(wall));
        event.at.put("time", line.span_of(part));
    }
    if let Some(name) = found.name.filter(|_| event.name.is_none()) {
        event.name = Some(name.to_owned());
        event.at.put("name", line.span_of(name));
    }
    if let Some(pid) = found.pid.filter(|_| event.pid.is_none()) {
        event.pid = pid.parse().ok();
        event.at.put("pid", line.span_of(pid));
    }
    for (word, part, bytes) in &found.sizes {
        if !event.sizes.contains_key(*word) {
            event.sizes.insert((*word).to_owned(), *bytes);
            event.at.put(word, line.span_of(part));
        }
    }
}

/// `Finished:      Tue, 05 Aug 2025 03:54:03 +0200`, `"FinishedAt": "2025-08-05T03:54:03.1Z"`.
fn printed_time(text: &str) -> Option<(&str, Wall)> {
    let (_, value) = text.split_once(':')?;
    let value = value.trim_start_matches([' ', '"', '\'', '\t']);
    if let Some((wall, rest)) = civil::iso_time(value) {
        return Some((value.get(..value.len() - rest.len())?, wall));
    }
    let date = value.trim_end();
    read_date(date).map(|wall| (date, wall))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Readings {
        crate::formats::read_alone(&FORMAT, text)
    }

    fn kinds(text: &str) -> Vec<(String, Option<String>, Option<u32>)> {
        read(text).events.into_iter().map(|event| (event.kind, event.name, event.pid)).collect()
    }

    fn event(kind: &str, name: Option<&str>, pid: Option<u32>) -> (String, Option<String>, Option<u32>) {
        (kind.to_owned(), name.map(str::to_owned), pid)
    }

    #[test]
    fn each_killer_is_known_by_its_words() {
        for (line, expected) in [
            (
                "orders.service: A process of this unit has been killed by the OOM killer.",
                event("systemd-unit-oom", Some("orders.service"), None),
            ),
            (
                "orders.service: Main process exited, code=killed, status=9/KILL",
                event("systemd-unit-killed", Some("orders.service"), None),
            ),
            (
                "Killed /system.slice/orders.service due to memory pressure for /system.slice being 83.20% > 80.00% for > 20s with reclaim activity",
                event("systemd-oomd", Some("/system.slice/orders.service"), None),
            ),
            (
                "sending SIGTERM to process 48213 uid 1000 \"java\": badness 911, VmRSS 14210 MiB",
                event("earlyoom", Some("java"), Some(48_213)),
            ),
            (
                "killing process 48213 \"java\" with signal 15: badness 911",
                event("earlyoom", Some("java"), Some(48_213)),
            ),
            (
                "orders-7d9   0/1     OOMKilled   3 (30s ago)   6m",
                event("kubernetes-oomkilled", Some("orders-7d9"), None),
            ),
            (
                "shop  orders-7d9   0/1     OOMKilled   3 (30s ago)   6m",
                event("kubernetes-oomkilled", Some("orders-7d9"), None),
            ),
            (
                "Warning  SystemOOM  2m  kubelet  System OOM encountered, victim process: java, pid: 48213",
                event("kubernetes-system-oom", Some("java"), Some(48_213)),
            ),
            ("container oom 0a1b2c (image=orders:1, name=orders)", event("container-oom", Some("orders"), None)),
            (
                "time=\"x\" level=info msg=\"TaskOOM event &TaskOOM{ContainerID:aa11,XXX:[],}\"",
                event("container-oom", Some("aa11"), None),
            ),
            (
                "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=12.batch. Some of your processes",
                event("slurm", Some("12.batch"), None),
            ),
            (
                "run.sh: line 3: 48213 Killed                  java -jar app.jar",
                event("shell-killed", Some("java -jar app.jar"), Some(48_213)),
            ),
            ("[1]+  Killed                  java -jar app.jar", event("shell-killed", Some("java -jar app.jar"), None)),
            (
                "I0805 03:54:03.1 1201 oom_watcher_linux.go:77] \"Got sys oom event\" event={\"Pid\":48213,\"ProcessName\":\"java\",\"ContainerName\":\"/\"}",
                event("kubernetes-system-oom", Some("java"), Some(48_213)),
            ),
            (
                "level=info msg=\"TaskOOM event container_id:\\\"aa11bb22\\\"\"",
                event("container-oom", Some("aa11bb22"), None),
            ),
            ("level=info msg=\"OOM detected!\" id=aa11bb22", event("container-oom", Some("aa11bb22"), None)),
            (
                "container die 0a1b (execDuration=4801, exitCode=137, image=orders:1.4, name=orders)",
                event("exit-137", Some("orders"), None),
            ),
            (
                "orders.service: Main process exited, code=exited, status=137/n/a",
                event("exit-137", Some("orders.service"), None),
            ),
            (
                "INFO exited: orders (terminated by SIGKILL; not expected)",
                event("wrapper-sigkill", Some("orders"), None),
            ),
            ("slurmstepd: error: Exceeded job memory limit", event("memory-limit-exceeded", None, None)),
            ("Error R15 (Memory quota vastly exceeded)", event("memory-limit-exceeded", None, None)),
            (
                "pid 48213 (java), jid 0, uid 1000, was killed: failed to reclaim memory",
                event("freebsd-out-of-memory", Some("java"), Some(48_213)),
            ),
            (
                "lowmemorykiller: Killing 'java' (48213), adj 900, to free 51234kB on behalf of 'kswapd0' (56)",
                event("android-low-memory", Some("java"), Some(48_213)),
            ),
            ("Killed", event("shell-killed", None, None)),
            ("OutOfMemoryError: Container killed due to memory usage", event("ecs-oomkilled", None, None)),
            ("orders-1 exited with code 137", event("exit-137", Some("orders-1"), None)),
            ("INFO   | jvm 1    | JVM received a signal SIGKILL (9).", event("wrapper-sigkill", None, None)),
            ("Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF", event("vm-fault-oom", None, None)),
        ] {
            assert_eq!(kinds(line), [expected], "{line}");
        }
    }

    #[test]
    fn words_about_a_kill_are_no_event() {
        for line in [
            "An exit code 137 means that the container was killed",
            "종료 코드가 exit code 137 이었다",
            "\"OOMKilled\": false,",
            "The pod was OOMKilled again",
            "exit code 1",
            "Exit Code:    143",
            "Killed by the deadline",
            "Killed 12 sessions",
        ] {
            assert_eq!(kinds(line), [], "{line}");
        }
    }

    #[test]
    fn a_container_state_is_one_event_with_the_time_of_its_end() {
        let described = "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n      Started:      Tue, 05 Aug 2025 03:50:00 +0200\n      Finished:     Tue, 05 Aug 2025 05:54:03 +0200\n";
        let out = read(described);
        assert_eq!(out.events.len(), 1);
        let event = out.events.first().expect("an event");
        assert_eq!((event.kind.as_str(), event.first_line, event.last_line), ("kubernetes-oomkilled", 2, 5));
        assert_eq!(event.time, Some(Micros(1_754_366_043_000_000)));
        let yaml = "terminated:\n  exitCode: 137\n  finishedAt: \"2025-08-05T03:54:03Z\"\n  reason: OOMKilled\n";
        let out = read(yaml);
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| (event.kind.as_str(), event.time, event.first_line, event.last_line))
            .collect();
        assert_eq!(found, [("kubernetes-oomkilled", Some(Micros(1_754_366_043_000_000)), 2, 4)]);
    }

    #[test]
    fn the_end_before_and_the_last_one_keep_their_own_times() {
        let yaml = "lastState:\n  terminated:\n    exitCode: 137\n    finishedAt: \"2025-08-05T03:54:03Z\"\n    reason: OOMKilled\nname: app\nstate:\n  terminated:\n    exitCode: 137\n    finishedAt: \"2025-08-05T04:10:00Z\"\n    reason: OOMKilled\n";
        let times: Vec<_> = read(yaml).events.iter().map(|event| event.time.map(|time| time.0 / 1_000_000)).collect();
        assert_eq!(times, [Some(1_754_366_043), Some(1_754_367_000)]);
    }

    #[test]
    fn a_container_of_docker_may_not_know_who_killed_it() {
        assert_eq!(
            kinds("\"OOMKilled\": true,\n\"Dead\": false,\n\"ExitCode\": 137,"),
            [event("docker-oomkilled", None, None)]
        );
        assert_eq!(
            kinds("\"OOMKilled\": false,\n\"Dead\": false,\n\"ExitCode\": 137,"),
            [event("exit-137", None, None)]
        );
    }

    #[test]
    fn the_lines_of_one_kill_are_one_event() {
        let unit = "a.service: A process of this unit has been killed by the OOM killer.\na.service: Main process exited, code=killed, status=9/KILL\na.service: Failed with result 'oom-kill'.\n";
        assert_eq!(kinds(unit).len(), 2);
        let oomd = "Considered 2 cgroups for killing, top candidates were:\n\tPath: /a\n\t\tPressure: Avg10: 83.20 Avg60: 1 Avg300: 1 Total: 9s\nKilled /a due to memory used (100) / total (120) and swap used (5) / total (9) being more than 90%\n";
        let out = read(oomd);
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| (event.first_line, event.last_line, event.sizes.get("usage").copied()))
            .collect();
        assert_eq!(found, [(1, 4, Some(Bytes(100)))]);
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        let out = read(
            "Container [pid=48213,containerID=container_1] is running 123B beyond the 'PHYSICAL' memory limit. Current usage: 2.5 GB of 2 GB physical memory used; 4 GB of 4.2 GB virtual memory used. Killing container.\nExit code is 143\n",
        );
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| {
                (
                    event.kind.as_str(),
                    event.sizes.get("usage").copied(),
                    event.sizes.get("limit").copied(),
                    event.last_line,
                )
            })
            .collect();
        assert_eq!(found, [("yarn", Some(Bytes(2_684_354_560)), Some(Bytes(2_147_483_648)), 2)]);
        let sizes = |text: &str| {
            let event = read(text).events.into_iter().next().expect("an event");
            (event.sizes.get("usage").copied(), event.sizes.get("limit").copied())
        };
        let mib = |count: u64| Some(Bytes(count << 20));
        assert_eq!(sizes("Memory limit of 512 MiB exceeded with 530 MiB used."), (mib(530), mib(512)));
        assert_eq!(
            sizes(
                "Container killed by YARN for exceeding memory limits. 5.5 GB of 5 GB physical memory used. Consider"
            ),
            (mib(5632), mib(5120))
        );
        assert_eq!(sizes("=>> PBS: job killed: mem 4194304kb exceeded limit 1048576kb"), (mib(4096), mib(1024)));
        let evicted = read(
            "Evicted  The node was low on resource: memory. Container app was using 5204Ki, which exceeds its request of 0. ",
        );
        assert_eq!(
            evicted.events.first().and_then(|event| event.sizes.get("usage").copied()),
            Some(Bytes(5204 * 1024))
        );
    }

    #[test]
    fn earlyoom_gives_a_series() {
        let out = read("mem avail:  1290 of 23909 MiB ( 5.40%), swap free:    0 of 2048 MiB ( 0.00%)");
        let sizes = out.host.first().map(|reading| reading.sizes.clone()).unwrap_or_default();
        assert_eq!(sizes.get("mem_available"), Some(&Bytes(1290 << 20)));
        assert_eq!(sizes.get("swap_free"), Some(&Bytes(0)));
    }
}
