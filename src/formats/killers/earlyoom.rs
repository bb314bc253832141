//! earlyoom and nohang, which kill before the kernel has to.

use super::found::{Found, Status, behind, between, digits, size};
use crate::units::Bytes;

pub(super) fn earlyoom(body: &str) -> Option<Found<'_>> {
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
    if body == "Invoking oom killer: done" {
        return Some(Found::new("earlyoom-low-memory"));
    }
    nohang(body)
}

/// `Memory status that requires corrective actions:`, `PID: 903309, name: mysqld, badness: 849`, and the words of older versions. The
/// time stands before the words where nohang writes a file of its own.
fn nohang(body: &str) -> Option<Found<'_>> {
    if body.contains("emory status that requires corrective action")
        || body.contains("emory status before implementing a corrective action:")
    {
        return Some(Found::new("nohang").time(body.split_once(": ").map(|(time, _)| time)).following());
    }
    let (pid, rest) = body.strip_prefix("PID: ")?.split_once(", ")?;
    let rest = rest.strip_prefix("Name: ").or_else(|| rest.strip_prefix("name: "))?;
    let (name, _) = rest.split_once(", badness: ").or_else(|| rest.split_once(", oom_score: "))?;
    Some(Found::named("nohang", name).pid(Some(pid)).following())
}

pub(super) fn earlyoom_status(body: &str) -> Option<Status<'_>> {
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
