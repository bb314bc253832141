//! Prompts of shells. Behind one begins what another program prints, or another process.

use crate::formats::jdk_command::pid_line;

/// Longest prompt before a command.
const MAX_PROMPT: usize = 120;

/// `$ command`, `user@host:~$ command`, `[root@host dir]# command`, `/app # command`, `C:\dir>command`, and `14830:`, which
/// `jcmd` puts before every answer.
pub fn is_prompt(line: &str) -> bool {
    command_behind(line).is_some() || pid_line(line).is_some()
}

/// What stands behind the mark of a prompt, which may be nothing. `None` if there is no prompt. A `#` alone is none: Markdown and
/// files of settings begin lines with it.
pub fn command_behind(line: &str) -> Option<&str> {
    for mark in ["$ ", "% ", "❯ ", "➜ "] {
        if let Some(command) = line.strip_prefix(mark) {
            return Some(command.trim_start());
        }
    }
    // PowerShell.
    let line = line.strip_prefix("PS ").filter(|rest| rest.get(1..3) == Some(":\\")).unwrap_or(line);
    let bytes = line.as_bytes();
    let window = bytes.get(..MAX_PROMPT.min(bytes.len()))?;
    // What stands before the mark tells, and most lines have nothing of it.
    let shell = line.starts_with("sh-") || line.starts_with("bash-");
    let windows = bytes.first().is_some_and(u8::is_ascii_alphabetic) && line.get(1..3) == Some(":\\");
    let path = line.starts_with(['/', '~']);
    if !shell && !windows && !path && memchr::memchr(b'@', window).is_none() {
        return None;
    }
    let ends = |at: &usize| windows || bytes.get(at + 1).is_none_or(|next| *next == b' ');
    let is_mark = |byte: &u8| matches!(byte, b'$' | b'#' | b'>' | b'%');
    let at = (0..window.len()).find(|at| window.get(*at).is_some_and(is_mark) && ends(at))?;
    let (before, after) = line.split_at_checked(at)?;
    let before = before.trim_end();
    let alone = !before.contains(' ');
    let bracket = before.starts_with('[') && before.ends_with(']') && before.contains('@');
    // zsh of macOS: `me@mac app % `.
    let place = before.split_once(' ').filter(|(user, folder)| user.contains('@') && !folder.contains(' '));
    let bracket = bracket || place.is_some() && bytes.get(at) == Some(&b'%');
    (shell || windows || bracket || alone && (path || before.contains('@')))
        .then(|| after.get(1..).unwrap_or_default().trim_start())
}

/// True for a prompt of Windows.
pub fn is_of_windows(line: &str) -> bool {
    let line = line.strip_prefix("PS ").unwrap_or(line);
    line.get(1..3) == Some(":\\") && line.contains('>') && command_behind(line).is_some()
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
            "",
        ] {
            assert!(!is_prompt(line), "{line}");
        }
    }
}
