//! Prompts of shells. Behind one begins what another program prints, or another process.

use crate::formats::jdk_command::pid_line;

/// Longest prompt before a command.
const MAX_PROMPT: usize = 120;
/// Bytes of a line in which its mark stands, whatever people put before it.
const MAX_FRONT: usize = 400;

/// `$ command`, `user@host:~$ command`, `[root@host dir]# command`, `/app # command`, `C:\dir>command`, and `14830:`, which
/// `jcmd` puts before every answer.
pub fn is_prompt(line: &str) -> bool {
    command_behind(line).is_some() || pid_line(line).is_some()
}

/// What stands behind the mark of a prompt, which may be nothing. `None` if there is no prompt. A `#` alone is none: Markdown and
/// files of settings begin lines with it.
pub fn command_behind(line: &str) -> Option<&str> {
    // Most lines have no mark, not even the first byte of `❯`, `➜`, and `λ`.
    let start = line.as_bytes().get(..MAX_FRONT).unwrap_or(line.as_bytes());
    let is_mark = |byte: &u8| matches!(byte, b'$' | b'#' | b'>' | b'%' | 0xE2 | 0xCE);
    if !start.iter().fold(false, |any, byte| any | is_mark(byte)) {
        return None;
    }
    let line = without_decoration(line);
    for mark in ["$ ", "% ", "❯ ", "λ ", "$> ", "PS> "] {
        if let Some(command) = line.strip_prefix(mark) {
            return Some(command.trim_start());
        }
    }
    if let Some(rest) = line.strip_prefix("➜ ") {
        return Some(behind_folder(rest));
    }
    // PowerShell.
    let inner = line.strip_prefix("PS ").filter(|rest| rest.get(1..3) == Some(":\\") || rest.starts_with(['/', '~']));
    let powershell = inner.is_some();
    let line = inner.unwrap_or(line);
    let bytes = line.as_bytes();
    let window = bytes.get(..MAX_PROMPT.min(bytes.len()))?;
    // What stands before the mark tells, and most lines have nothing of it.
    let shell = ["sh-", "bash-", "-bash-", "bash$ ", "sh$ "].iter().any(|start| line.starts_with(start));
    // What undoes the escapes of Markdown has made `C:>` of `C:\>`.
    let windows = bytes.first().is_some_and(u8::is_ascii_alphabetic) && matches!(line.get(1..3), Some(":\\" | ":>"));
    let path = line.starts_with(['/', '~']);
    let bracket = line.starts_with('[');
    let user = memchr::memchr(b'@', window).is_some();
    if !shell && !windows && !path && !bracket && !user && memchr::memchr(b'$', window).is_none() {
        return None;
    }
    let ends = |at: &usize| windows || bytes.get(at + 1).is_none_or(|next| *next == b' ');
    let is_mark = |byte: &u8| matches!(byte, b'$' | b'#' | b'>' | b'%');
    let at = (0..window.len()).find(|at| window.get(*at).is_some_and(is_mark) && ends(at))?;
    let (before, after) = line.split_at_checked(at)?;
    let before = without_branch(before.trim_end());
    let alone = !before.contains(' ');
    let mark = bytes.get(at);
    // `[user@host dir]#`, `[host]$`.
    let bracket = bracket && before.ends_with(']') && (before.contains('@') || alone && mark == Some(&b'$'));
    // zsh and bash of macOS: `me@mac app % `, `mac:app me$ `.
    let place = before.split_once(' ').filter(|(_, word)| !word.contains(' '));
    let zsh = mark == Some(&b'%') && place.is_some_and(|(user, _)| user.contains('@'));
    let bash = mark == Some(&b'$') && place.is_some_and(|(folder, user)| is_host_and_folder(folder) && is_name(user));
    (shell || windows || powershell || bracket || zsh || bash || alone && (path || before.contains('@')))
        .then(|| after.get(1..).unwrap_or_default().trim_start())
}

/// A line without what people put before their prompts: the name of an environment, a clock, the second line of a frame.
fn without_decoration(line: &str) -> &str {
    let mut rest = line.trim_start_matches(['╰', '└', '─']);
    for close in [") ", "] "] {
        let inside = rest.strip_prefix(['(', '[']).and_then(|rest| rest.split_once(close));
        if let Some((word, behind)) = inside
            && (close == ") " && is_name(word) || close == "] " && is_clock(word))
        {
            rest = behind;
        }
    }
    if let Some((_, behind)) = rest.split_once(' ').filter(|(word, behind)| is_clock(word) && behind.contains('@')) {
        rest = behind;
    }
    rest.strip_prefix("I have no name!").filter(|rest| rest.starts_with('@')).unwrap_or(rest)
}

/// `03:54:03`
fn is_clock(word: &str) -> bool {
    word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
}

fn is_name(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

/// `mac:~`
fn is_host_and_folder(word: &str) -> bool {
    word.split_once(':').is_some_and(|(host, folder)| is_name(host) && !folder.is_empty())
}

/// A place without the branch of Git behind it: `me@host:~/app (main)`.
fn without_branch(place: &str) -> &str {
    let inner = place.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    inner.filter(|(_, branch)| !branch.contains(' ')).map_or(place, |(place, _)| place)
}

/// `  app git:(main) ✗ top`: what stands behind the arrow of a prompt, which puts the folder behind two blanks.
fn behind_folder(rest: &str) -> &str {
    let is_folder = rest.starts_with(' ') || rest.contains(" git:(");
    let rest = rest.trim_start();
    let behind = |rest: &'_ str| rest.find(' ').map_or(rest.len(), |at| at + 1);
    let mut command = if is_folder { rest.get(behind(rest)..).unwrap_or_default().trim_start() } else { rest };
    for start in ["git:(", "✗"] {
        if command.starts_with(start) {
            command = command.get(behind(command)..).unwrap_or_default().trim_start();
        }
    }
    command
}

/// True for a prompt of Windows.
pub fn is_of_windows(line: &str) -> bool {
    let line = line.strip_prefix("PS ").unwrap_or(line);
    matches!(line.get(1..3), Some(":\\" | ":>")) && line.contains('>') && command_behind(line).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_of_every_shell_are_known() {
        for (line, command) in [
            ("$ free -m", "free -m"),
            ("ubuntu@ip-10-0-0-1:~$ ps aux", "ps aux"),
            ("[root@db1 ~]# free", "free"),
            ("/ # cat /proc/meminfo", "cat /proc/meminfo"),
            ("bash-5.1$ top", "top"),
            ("root@web01:/#", ""),
            (r"C:\jdk\bin>jstat -gc 7", "jstat -gc 7"),
            (r"PS C:\app> jps -lv", "jps -lv"),
            ("me@mac app % top", "top"),
            ("me@mac ~ % top", "top"),
            (r"C:\>jps", "jps"),
            ("C:>jps", "jps"),
            ("PS> jps", "jps"),
            ("PS /home/me> jps", "jps"),
            ("mac:~ me$ top", "top"),
            ("➜  ~ top", "top"),
            ("➜ app git:(main) ✗ top -b", "top -b"),
            ("➜ top", "top"),
            ("λ top", "top"),
            ("└─$ top", "top"),
            ("╰─$ top", "top"),
            ("(base) me@host:~$ top", "top"),
            ("(venv) $ top", "top"),
            ("[10:22:33] me@host:~$ top", "top"),
            ("10:22:33 me@host:~$ top", "top"),
            ("me@host:~/app (main)$ top", "top"),
            ("[root]$ top", "top"),
            ("-bash-4.1$ top", "top"),
            ("bash$ top", "top"),
            ("I have no name!@orders-0:/$ top", "top"),
        ] {
            assert_eq!(command_behind(line), Some(command), "{line}");
        }
        assert!(is_prompt("14830:"));
    }

    #[test]
    fn prose_settings_and_logs_are_no_prompts() {
        for line in [
            "# free -m",
            "alice@example.org wrote: # what",
            "/usr/bin/java -jar x # note",
            "2026-03-01 a@b",
            "12: 13",
            "[INFO] costs 5$ a month",
            "It costs: five$ a month",
            "",
        ] {
            assert!(!is_prompt(line), "{line}");
        }
    }
}
