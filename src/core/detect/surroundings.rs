//! Lines that no reader took: blank lines, prompts, fences, prose, or honestly unknown.

use crate::formats::prompt::is_prompt;
use crate::look;

/// What a line is when no format claims it.
pub fn classify(line: &str) -> Surrounding {
    let line = line.trim();
    if line.is_empty() {
        Surrounding::Blank
    } else if is_fence(line) {
        Surrounding::Fence
    } else if is_prompt(line) {
        Surrounding::Prompt
    } else if is_prose(line) {
        Surrounding::Prose
    } else {
        Surrounding::Other
    }
}

/// Kinds of lines around logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surrounding {
    /// Nothing on it.
    Blank,
    /// Markdown fence, rule, or JIRA `{noformat}`.
    Fence,
    /// A shell prompt with a command.
    Prompt,
    /// Words for people.
    Prose,
    /// Not understood.
    Other,
}

fn is_fence(line: &str) -> bool {
    line.starts_with("```")
        || line.starts_with("~~~")
        || line.starts_with("{noformat")
        || line.starts_with("{code")
        || (line.len() >= 3 && line.bytes().all(|b| b == b'-' || b == b'=' || b == b'*'))
}

/// Mostly letters and blanks, or any script that no log is written in.
fn is_prose(line: &str) -> bool {
    // The beginning is enough, and a long line costs no more than a short one.
    let start = line.get(..400).unwrap_or(line);
    let (letters, others) = if start.is_ascii() {
        let letters = letters(start.as_bytes());
        (letters, start.len() - letters)
    } else {
        start.chars().fold((0, 0), |(letters, others), c| match c {
            // Scripts that no log is written in weigh more.
            '\u{ac00}'..='\u{d7a3}' => (letters + 3, others),
            ' ' => (letters + 1, others),
            c if c.is_ascii() => {
                (letters + usize::from(c.is_ascii_alphabetic()), others + usize::from(!c.is_ascii_alphabetic()))
            }
            c if c.is_alphabetic() => (letters + 3, others),
            _ => (letters, others + 1),
        })
    };
    let markup = line.starts_with(['#', '!', '<', '[', '>', '*', '-', '|']);
    (letters >= others * 3 && line.contains(' ')) || markup || letters > others * 4
}

/// Words of a heading that begins one of several experiments.
const EXPERIMENTS: [&str; 18] = [
    "test",
    "run",
    "case",
    "attempt",
    "experiment",
    "try",
    "scenario",
    "실험",
    "케이스",
    "시도",
    "테스트",
    "テスト",
    "ケース",
    "实验",
    "测试",
    "versuch",
    "prueba",
    "тест",
];
/// Bytes of such a heading at most.
const MAX_HEADING: usize = 160;

/// True for a heading that begins one of several experiments: it has a number, or says which heap it is about. `### Test 2: -Xmx1g`
pub(super) fn is_experiment(body: &str) -> bool {
    let Some(heading) = body.strip_prefix('#').filter(|_| body.len() <= MAX_HEADING) else { return false };
    let heading = heading.trim_start_matches('#');
    let lower = heading.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    let is_numbered = lower.bytes().any(|byte| byte.is_ascii_digit());
    heading.starts_with(' ')
        && (lower.contains("-xmx")
            || is_numbered
                && words.any(|word| EXPERIMENTS.iter().any(|of| word == *of || !of.is_ascii() && word.starts_with(of))))
}

/// Bytes of a line with which somebody begins to speak, at most.
const MAX_VOICE: usize = 160;
/// No shorter than the longest of its beginnings.
const LONGEST_START: usize = 32;

/// True for a line with which somebody else begins to speak: who has the same problem, or the head of a comment. What this one sets says nothing
/// of what those above saw.
pub(super) fn is_other_voice(body: &str) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 24] = [
        "same problem", "same issue", "same here", "same error", "same thing here", "me too", "i have the same", "i've the same", "i am having the same",
        "i'm having the same", "i also have", "we have the same", "facing the same", "having the same", "getting the same", "+1", "我也", "同样的问题",
        "저도 ", "동일한 문제", "같은 문제", "mismo problema", "mesmo problema", "gleiches problem",
    ];
    const HEADS: [&str; 5] = [" · comment · ", " commented on ", " commented:", " replied:", " wrote:"];
    if body.len() > MAX_VOICE {
        return false;
    }
    let is_head = body.ends_with(':') || body.contains('·') || look::has(body, " commented on ");
    let text = body.trim_start_matches(['>', '*', '-', ' ', '#']);
    let start = text.get(..text.floor_char_boundary(LONGEST_START)).unwrap_or_default();
    // Few lines begin with one of these letters.
    let may_start = start.starts_with(|c: char| !c.is_ascii() || "+SsMmIiWwFfHhGg".contains(c));
    let starts = || {
        let start = start.to_lowercase();
        STARTS.iter().any(|word| start.starts_with(word))
    };
    is_head && HEADS.iter().any(|head| body.contains(head)) || may_start && starts()
}

/// Letters and blanks. Counts pieces of as many bytes as one byte can count, which compilers do with many of them at once.
fn letters(text: &[u8]) -> usize {
    let is_letter = |byte: &u8| u8::from(byte.is_ascii_alphabetic() || *byte == b' ');
    text.chunks(128).map(|piece| usize::from(piece.iter().map(is_letter).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surroundings_are_told_apart() {
        assert_eq!(classify("  "), Surrounding::Blank);
        assert_eq!(classify("```"), Surrounding::Fence);
        assert_eq!(classify("ubuntu@ip-10-0-0-1:~$ top"), Surrounding::Prompt);
        assert_eq!(classify("[root@db1 ~]# free -m"), Surrounding::Prompt);
        assert_eq!(classify("$ ls"), Surrounding::Prompt);
        assert_eq!(classify("14830:"), Surrounding::Prompt);
        assert_eq!(classify("시스템 로그를 보니 OOM Killer가 자바를 죽였다"), Surrounding::Prose);
        assert_eq!(classify("12 3.4 77 0x1f 99"), Surrounding::Other);
    }
}
