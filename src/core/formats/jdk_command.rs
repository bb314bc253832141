//! The commands of the JDK that ask a running JVM, where they stand in a prompt: `$ jcmd 4711 GC.heap_info`.

use std::borrow::Cow;

use crate::formats::apart;
use crate::formats::quantity::is_digits;
use crate::source::{Line, Span};

/// A question to a JVM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JdkCommand<'a> {
    /// `jcmd`, `jmap`, `jinfo`, `jps`.
    pub tool: &'a str,
    /// The process, if a number names it.
    pub pid: Option<(u32, &'a str)>,
    /// jcmd's command, or the option: `GC.heap_info`, `-heap`, `-flags`.
    pub asks: &'a str,
}

/// Finds a question to a JVM anywhere in a line, behind a prompt, `kubectl exec`, or `sudo`.
pub fn read_command(body: &str) -> Option<JdkCommand<'_>> {
    // All of them start with a j that stands alone or after a folder: a quick no for almost every line.
    let at = memchr::memchr_iter(b'j', body.as_bytes()).find(|at| {
        let starts = at.checked_sub(1).is_none_or(|before| {
            body.as_bytes()
                .get(before)
                .is_some_and(|byte| matches!(byte, b' ' | b'/' | b'\\' | b'>' | b'(' | b'"' | b'\'' | b'`'))
        });
        starts && body.get(*at..).is_some_and(is_tool)
    })?;
    let mut words = body.get(at..)?.split('|').next()?.split_ascii_whitespace();
    let mut tool = words.next()?.trim_end_matches(".exe");
    let mut command = JdkCommand { tool, pid: None, asks: "" };
    for word in words {
        let word = word.trim_matches(['"', '\'', '`']).trim_end_matches([',', '.', ')', ';']);
        if tool == "jhsdb" {
            tool = word;
            command.tool = word;
        } else if let Some(pid) = word.parse().ok().filter(|pid| *pid > 0) {
            command.pid = command.pid.or(Some((pid, word)));
        } else if word == "--pid" {
        } else if command.asks.is_empty() || tool == "jcmd" && is_question(word) && !is_question(command.asks) {
            // A JVM may be named by its main class.
            command.asks = word;
        }
    }
    matches!(command.tool, "jcmd" | "jmap" | "jinfo" | "jps").then_some(command)
}

/// `VM.flags`, `GC.heap_info`.
fn is_question(word: &str) -> bool {
    ["VM.", "GC.", "Thread.", "System."].iter().any(|group| word.starts_with(group))
}

fn is_tool(text: &str) -> bool {
    ["jcmd ", "jcmd.exe ", "jmap ", "jinfo ", "jhsdb ", "jps"].iter().any(|tool| text.starts_with(tool))
}

/// Whom an answer comes from: a command above it, or the `4711:` that jcmd prints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pid: Option<(u32, Span)>,
    line: u32,
}

impl Asked {
    /// Notes a command.
    pub fn note(&mut self, command: &JdkCommand<'_>, line: &Line<'_>) {
        self.pid = command.pid.map(|(pid, word)| (pid, line.span_of(word)));
        self.line = line.number;
    }

    /// The answer goes on here.
    pub fn go_on(&mut self, line: &Line<'_>) {
        if self.pid(line).is_some() {
            self.line = line.number;
        }
    }

    /// Notes a process that was named above its answer.
    pub fn note_pid(&mut self, line: &Line<'_>) {
        if let Some((pid, at)) = unanswered(line)
            && at.line > self.line
        {
            *self = Asked { pid: Some((pid, at)), line: at.line };
        }
    }

    /// The process whose answer starts at this line.
    pub fn pid(&self, line: &Line<'_>) -> Option<(u32, Span)> {
        self.pid.filter(|_| line.since(self.line) <= apart::TO_ANSWER)
    }
}

/// The process that is named just above an answer that begins at this line, and was not answered yet.
pub fn answering_above(line: &Line<'_>) -> Option<(u32, Span)> {
    unanswered(line).filter(|(_, at)| line.since(at.line) <= apart::INSIDE)
}

/// The process that was named last, as long as no reader took a line below that.
fn unanswered(line: &Line<'_>) -> Option<(u32, Span)> {
    line.around.answers.filter(|(_, at)| line.around.taken.is_none_or(|taken| taken <= at.line))
}

/// The version of the JDK, where the JVM of JDK 7 and 8 names its own: `25.252-b09` is that of `1.8.0_252`, by whatever build. Of JDK 7
/// only the family is known, since builds of 7u55 exist with the JVM of 7u51.
pub fn jdk_version(printed: &str) -> Cow<'_, str> {
    let jdk = || {
        let (major, rest) = printed.split_once('.')?;
        let (update, build) = rest.split_once("-b")?;
        let is_own = is_digits(update) && is_digits(build);
        match major {
            "24" if is_own => Some(Cow::Borrowed("7")),
            "25" if is_own => Some(Cow::Owned(format!("1.8.0_{update:0>2}"))),
            _ => None,
        }
    };
    jdk().unwrap_or(Cow::Borrowed(printed))
}

/// The `4711:` that jcmd prints above its answer.
pub fn pid_line(body: &str) -> Option<(u32, &str)> {
    let digits = body.trim().strip_suffix(':')?;
    let plausible = (1..=10).contains(&digits.len()) && is_digits(digits);
    digits.parse().ok().filter(|pid| plausible && *pid > 0).map(|pid| (pid, digits))
}

/// The process in `Attaching to process ID 4711, please wait...`, as jmap, jinfo, and jstack print it.
pub fn attached(text: &str) -> Option<&str> {
    text.strip_prefix("Attaching to process ID ")?.split(',').next()
}

/// The process that a line says answers below, and the word for it.
pub fn answering(body: &str) -> Option<(u32, &str)> {
    pid_line(body).or_else(|| attached(body.trim()).and_then(|digits| Some((digits.parse().ok()?, digits))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Option<(&str, Option<u32>, &str)> {
        read_command(body).map(|command| (command.tool, command.pid.map(|(pid, _)| pid), command.asks))
    }

    #[test]
    fn commands_are_found_behind_prompts_and_wrappers() {
        assert_eq!(read("$ jcmd 4711 GC.heap_info"), Some(("jcmd", Some(4711), "GC.heap_info")));
        assert_eq!(read("# /opt/jdk/bin/jmap -heap 4711 | head"), Some(("jmap", Some(4711), "-heap")));
        assert_eq!(read("jhsdb jmap --heap --pid 12"), Some(("jmap", Some(12), "--heap")));
        assert_eq!(read("kubectl exec web-0 -- jcmd 1 VM.flags"), Some(("jcmd", Some(1), "VM.flags")));
        assert_eq!(read("$ jcmd com.acme.Main VM.flags"), Some(("jcmd", None, "VM.flags")));
        assert_eq!(read("$ jps -lvm"), Some(("jps", None, "-lvm")));
        assert_eq!(read("just jumping"), None);
        assert_eq!(read("at java.base/java.lang.Thread.run"), None);
    }

    #[test]
    fn the_version_of_an_old_jvm_is_not_that_of_its_jdk() {
        assert_eq!(jdk_version("25.252-b09"), "1.8.0_252");
        assert_eq!(jdk_version("25.5-b02"), "1.8.0_05");
        assert_eq!(jdk_version("24.51-b03"), "7");
        assert_eq!(jdk_version("25.0.3+9-LTS"), "25.0.3+9-LTS");
        assert_eq!(jdk_version("17.0.15+6-Debian-1deb12u1"), "17.0.15+6-Debian-1deb12u1");
    }

    #[test]
    fn a_process_id_alone_is_who_answers() {
        assert_eq!(pid_line("4711:"), Some((4711, "4711")));
        assert_eq!(pid_line("0:"), None);
        assert_eq!(pid_line("12: 13"), None);
        assert_eq!(pid_line("error:"), None);
    }
}
