//! Prompts of shells. Behind one begins what another program prints, or another process.

/// `$ command`, `# command` after a host, `user@host:~$ command`, `[root@host dir]# command`, `C:\dir>command`, and
/// `14830:`, which `jcmd` puts before every answer.
pub fn is_prompt(line: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.len() <= 10 && text.bytes().all(|b| b.is_ascii_digit());
    if line.strip_suffix(':').is_some_and(is_number) {
        return true;
    }
    if ["$ ", "% ", "❯ ", "➜ "].iter().any(|mark| line.starts_with(mark)) {
        return true;
    }
    // What stands before the mark tells, and most lines have nothing of it.
    let may_be = line.starts_with("sh-")
        || line.starts_with("bash-")
        || line.get(1..3) == Some(":\\")
        || memchr::memchr(b'@', line.as_bytes()).is_some();
    if !may_be {
        return false;
    }
    let Some((before, _)) = line.split_once(['$', '#', '>', '%']) else { return false };
    let before = before.trim_end();
    let user_at_host = before.contains('@') && !before.contains(' ')
        || (before.starts_with('[') && before.ends_with(']') && before.contains('@'));
    let shell = before.starts_with("sh-") || before.starts_with("bash-");
    let mut letters = before.chars();
    let windows = letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.as_str().starts_with(":\\");
    user_at_host || shell || windows
}
