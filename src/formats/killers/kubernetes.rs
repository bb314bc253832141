//! The kubelet, and what `kubectl` says of a container that was killed.

use super::found::{Found, behind, between, digits, size};

pub(super) fn kubernetes(body: &str) -> Option<Found<'_>> {
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
        let available = behind(rest, ", available: ").and_then(size);
        let request = behind(rest, "request of ").or_else(|| behind(rest, "request is ")).and_then(size);
        return Some(
            Found::named("kubernetes-evicted", container.unwrap_or_default())
                .size("usage", usage)
                .size("request", request)
                .size("mem_available", available),
        );
    }
    let reclaims = ["ttempting to reclaim memory", "ttempting to reclaim\" resourceName=\"memory\""];
    reclaims.iter().any(|words| body.contains(words)).then(|| Found::new("kubernetes-low-memory").following())
}
