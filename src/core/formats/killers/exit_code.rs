//! `echo $?`: the exit code of the command above, on the line below.
//!
//! ```text
//! $ wait 22604; echo $?
//! 3
//! ```

use crate::formats::jvm_options::is_jvm;
use crate::formats::prompt::command_behind;
use crate::model::kind::EventKind;
use crate::source::{Line, Span};

/// Codes from here on are signals, whoever ended.
const SIGNALS: u32 = 128;

/// A question for an exit code.
pub(super) struct Asked {
    pub(super) line: u32,
    /// The process that was waited for.
    pub(super) pid: Option<(u32, Span)>,
    /// What is printed before the code.
    label: String,
    /// The code is a JVM's. Other programs say by a small code that they found nothing.
    of_jvm: bool,
}

impl Asked {
    /// Reads a prompt. `ran_jvm` tells whether the command above it started a JVM.
    pub(super) fn read(line: &Line<'_>, ran_jvm: bool) -> Option<Asked> {
        let (before, label) = asks(command_behind(line.body)?)?;
        let own = before.rsplit([';', '&', '|']).map(str::trim).find(|command| !command.is_empty());
        let pid = own.and_then(|command| command.strip_prefix("wait ")).map(str::trim);
        let pid = pid.and_then(|digits| Some((digits.parse().ok()?, line.span_of(digits))));
        let of_jvm = pid.is_some() || own.map_or(ran_jvm, starts_jvm);
        Some(Asked { line: line.number, pid, label: label.to_owned(), of_jvm })
    }

    /// What the line below says, if it is the answer.
    pub(super) fn answer(&self, body: &str) -> Option<EventKind> {
        let code: u32 = body.strip_prefix(&self.label)?.trim().parse().ok()?;
        let kind = match code {
            0 => EventKind::Exit0,
            3 => EventKind::Exit3,
            134 => EventKind::Exit134,
            137 => EventKind::Exit137,
            143 => EventKind::Exit143,
            1..=255 => EventKind::ExitFailed,
            _ => return None,
        };
        (self.of_jvm || code >= SIGNALS).then_some(kind)
    }
}

/// The commands on the line before the question, and what it prints before the code.
fn asks(command: &str) -> Option<(&str, &str)> {
    let command = command.trim_end();
    let command = command.strip_suffix("$?").or_else(|| command.strip_suffix("$?\""))?;
    let at = command.rfind("echo ")?;
    let (before, label) = command.split_at_checked(at)?;
    Some((before, label.get("echo ".len()..)?.trim_start_matches('"')))
}

/// True for a prompt that asks for the exit code of the command above.
pub(super) fn is_asked(body: &str) -> bool {
    body.contains("$?") && command_behind(body).and_then(asks).is_some()
}

/// True for a command that runs a JVM.
pub(crate) fn starts_jvm(command: &str) -> bool {
    const BEFORE: [&str; 5] = ["sudo", "nohup", "time", "exec", "env"];
    let mut words = command.split_ascii_whitespace();
    words.find(|word| !BEFORE.contains(word) && !word.contains('=')).is_some_and(is_jvm)
}

#[cfg(test)]
mod tests {
    use super::super::FORMAT;
    use super::*;

    fn kinds(text: &str) -> Vec<(EventKind, Option<u32>)> {
        let events = crate::formats::read_alone(&FORMAT, text).events;
        events.into_iter().map(|event| (event.kind, event.pid)).collect()
    }

    #[test]
    fn the_line_below_tells_how_a_process_ended() {
        assert_eq!(kinds("$ wait 22604; echo $?\n3\n"), [(EventKind::Exit3, Some(22604))]);
        assert_eq!(kinds("$ java -jar a.jar; echo \"exit=$?\"\nexit=1\n"), [(EventKind::ExitFailed, None)]);
        assert_eq!(kinds("ops@web:~$ ./run.sh; echo $?\n137\n"), [(EventKind::Exit137, None)]);
        assert_eq!(kinds("$ wait 7; echo $?\n\n0\n"), [(EventKind::Exit0, Some(7))]);
    }

    #[test]
    fn a_small_code_of_another_program_is_no_end_of_a_jvm() {
        for text in ["$ grep x log; echo $?\n1\n", "$ echo $?\n1\n", "$ wait 7; echo $?\ndone\n", "echo $?\n137\n"] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }
}
