//! Kernels other than Linux's, Android's, and kernel messages that are no kill.

use super::found::{Found, behind, between, digits, size, size_of_bytes};

/// Kernels other than Linux's, Android's, and kernel messages that are no kill.
pub(super) fn kernel(body: &str) -> Option<Found<'_>> {
    if let Some(rest) = body.strip_prefix("pid ")
        && (rest.ends_with("was killed: out of swap space") || rest.ends_with("was killed: failed to reclaim memory"))
    {
        let name = between(rest, "(", ")")?;
        return Some(Found::named("freebsd-out-of-memory", name).pid(digits(rest)));
    }
    if let Some(found) = android(body) {
        return Some(found);
    }
    if body.starts_with("Huh VM_FAULT_OOM leaked out to the #PF handler") {
        return Some(Found::new("vm-fault-oom"));
    }
    if body.starts_with("TCP: out of memory -- consider tuning tcp_mem") {
        return Some(Found::new("tcp-out-of-memory"));
    }
    if let Some(rest) = body.strip_prefix("__vm_enough_memory: ")
        && rest.contains("not enough memory for the allocation")
    {
        let asked = behind(rest, "bytes: ").and_then(digits).and_then(size_of_bytes);
        let found = Found::named("commit-refused", between(rest, "comm: ", ", ").unwrap_or_default());
        return Some(found.pid(behind(rest, "pid: ").and_then(digits)).size("requested", asked));
    }
    if body.contains("vmalloc: allocation failure") || body.contains("vmalloc error: size ") {
        return Some(Found::new("vmalloc-failure"));
    }
    None
}

/// `lowmemorykiller: Killing 'java' (48213), …` of the driver, `Kill` of the daemon that came after it, and `send sigkill to 48213
/// (java), …` of the oldest, behind the tag that logcat may have put a process behind.
fn android(body: &str) -> Option<Found<'_>> {
    let rest = behind(body, "lowmemorykiller").or_else(|| behind(body, "lmkd"))?;
    let rest = match rest.strip_prefix(['(', '[']) {
        Some(rest) => rest.split_once([')', ']'])?.1,
        None => rest,
    };
    let rest = rest.trim_start().strip_prefix(':')?.trim_start();
    if let Some(rest) = rest.strip_prefix("Killing '").or_else(|| rest.strip_prefix("Kill '")) {
        let (name, rest) = rest.split_once("' (")?;
        let rss = behind(rest, "to free ").filter(|rest| rest.contains("kB rss")).and_then(size);
        return Some(Found::named("android-low-memory", name).pid(digits(rest)).size("rss", rss));
    }
    let (pid, rest) = rest.strip_prefix("send sigkill to ")?.split_once(" (")?;
    let (name, _) = rest.split_once(')')?;
    Some(Found::named("android-low-memory", name).pid(Some(pid)))
}
