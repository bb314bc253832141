//! systemd, whose units are killed, and its oomd.

use super::found::{Found, between, digits, size_of_bytes};

pub(super) fn systemd(body: &str) -> Option<Found<'_>> {
    let body = without_tag(body);
    if let Some((unit, rest)) = body.split_once(": ")
        && !unit.contains(' ')
    {
        if rest.starts_with("A process of this unit has been killed by the OOM killer")
            || rest.starts_with("The kernel OOM killer killed some processes in this unit")
        {
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
    // `systemctl status`: `Active: failed (Result: oom-kill) since Sun 2026-11-22 13:31:22 UTC; 3min ago`.
    if let Some(rest) = body.strip_prefix("Active: failed (Result: oom-kill)") {
        let time = rest.strip_prefix(" since ").and_then(|rest| rest.split_once(' ')).map(|(_day, time)| time);
        let mut found = Found::new("systemd-unit-oom").time(time);
        if let Some((_, wall)) = &mut found.time {
            wall.zone_known |= rest.contains(" UTC;");
        }
        return Some(found);
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

/// Takes `systemd[1]: ` from the front, which stands without a date where the kernel's log or a person shortened it.
fn without_tag(body: &str) -> &str {
    let rest = body.strip_prefix("systemd").map(|rest| rest.strip_prefix("-oomd").unwrap_or(rest));
    let behind = rest.and_then(|rest| rest.strip_prefix('[')?.split_once("]: "));
    behind.filter(|(pid, _)| pid.bytes().all(|b| b.is_ascii_digit())).map_or(body, |(_, rest)| rest)
}
