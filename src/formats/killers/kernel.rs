//! Kernels other than Linux's, Android's, and kernel messages that are no kill.

use super::found::{Found, behind, between, digits, size};

/// Kernels other than Linux's, Android's, and kernel messages that are no kill.
pub(super) fn kernel(body: &str) -> Option<Found<'_>> {
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
