//! Shells that say that a process was killed, and exit codes.

use super::found::{Found, behind, digits};

/// `Killed`, `[1]+  Killed   java -jar app.jar`, `run.sh: line 3: 48213 Killed   java …`, `zsh: killed     java …`.
pub(super) fn shell(body: &str) -> Option<Found<'_>> {
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
    // What was killed may stand on the next line.
    if let Some(before) = body.strip_suffix(" Killed")
        && let Some((_, place)) = before.split_once(": line ")
        && let Some((line, pid)) = place.split_once(": ")
        && line.parse::<u32>().is_ok()
        && pid.trim().parse::<u32>().is_ok()
    {
        return Some(Found::new("shell-killed").pid(Some(pid.trim())));
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

/// `make: *** [Makefile:12: run] Killed`, and pm2's `App [api:0] exited with code [137] via signal [SIGKILL]`.
pub(super) fn runner(body: &str) -> Option<Found<'_>> {
    if body.starts_with("make") && body.contains(": *** [") && body.ends_with("] Killed") {
        return Some(Found::new("shell-killed"));
    }
    let (before, signal) = body.split_once("] exited with code [")?;
    let name = before.rsplit_once("App [").map(|(_, name)| name)?;
    signal.contains("via signal [SIGKILL]").then(|| Found::named("wrapper-sigkill", name))
}

/// An exit code of 137 or 143 where a program reports one, not where a person writes about one: at the end of its words.
pub(super) fn exit_code(body: &str) -> Option<Found<'_>> {
    const WORDS: [&str; 13] = [
        "xited with code ",
        "xit status: ",
        "exit code ",
        "xit status ",
        "exit value ",
        "xit code is ",
        "non-zero code: ",
        "exited with status ",
        "Exited with status ",
        "xit Code: ",
        "xited (",
        "] Error ",
        "xited with ",
    ];
    // `qacct` of Grid Engine.
    if body.strip_prefix("exit_status").is_some_and(|code| code.starts_with(' ') && code.trim_start() == "137") {
        return Some(Found::new("exit-137"));
    }
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
