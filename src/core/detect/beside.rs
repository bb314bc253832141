//! What a log says right above or below an error, or in the exception around it, of why it came: how much was to be allocated, which limit
//! was passed, which queue was full. The report quotes what stands beside the error that leads.

use std::collections::VecDeque;

use crate::detect::ordinary::is_of_log;
use crate::model::java::JavaError;
use crate::model::joining::BESIDE;
use crate::model::readings::Readings;
use crate::source::{Line, Places, Span};

/// Longest line that is looked at.
const MAX_LINE: usize = 400;
/// Words of a line at most that no logger writes.
const MAX_WORDS: usize = 16;
/// Lines between such a line and an error below it, and the end of an error above it.
const ABOVE: u32 = 6;
const BELOW: u32 = 3;

/// The last lines that no reader took, as long as no error follows: only then it matters what they say.
#[derive(Default)]
pub(super) struct Beside {
    above: VecDeque<(u32, String)>,
    /// Errors, and ends.
    known: (usize, usize),
}

impl Beside {
    /// Notes a line that was offered, and whether a reader took it.
    pub(super) fn note(&mut self, line: &Line<'_>, is_read: bool, out: &mut Readings) {
        let known = (out.java_errors.len(), out.events.len());
        if known != self.known {
            let is_error = known.0 > self.known.0;
            self.known = known;
            let error = out.java_errors.last_mut().filter(|_| is_error).map(|error| &mut error.at);
            let places = error.or(out.events.last_mut().map(|event| &mut event.at));
            let near = |(number, text): &&(u32, String)| line.since(*number) <= ABOVE && tells_why(text);
            if let Some(((number, text), places)) = self.above.iter().rfind(near).zip(places) {
                put(places, Line { source: line.source, number: *number, ..Line::of(text) }.span());
                out.keep_text(line.source, *number, text);
            }
            self.above.clear();
        }
        let is_cause = line.body.trim_start().starts_with("Caused by: ");
        if is_read && !is_cause || line.raw.len() > MAX_LINE {
            return;
        }
        let is_near = |error: &&mut JavaError| error.source == line.source && line.since(error.last_line) <= BELOW;
        if let Some(error) = out.java_errors.last_mut().filter(is_near) {
            if tells_why(line.body) {
                put(&mut error.at, line.span());
                out.keep(line);
            }
            return;
        }
        let is_full = self.above.len() > ABOVE as usize;
        let mut text = if is_full { self.above.pop_front().unwrap_or_default().1 } else { String::new() };
        text.clear();
        text.push_str(line.raw);
        self.above.push_back((line.number, text));
    }
}

/// What stands above says more than what follows.
fn put(places: &mut Places, span: Span) {
    if places.get(BESIDE).is_none() {
        places.put(BESIDE, span);
    }
}

/// What says by itself that something was full or reached its end.
const FULL: [&str; 9] = [
    "queue is full",
    "queue full",
    "buffer is full",
    "cache is full",
    "limit reached",
    "pool exhausted",
    "pool is exhausted",
    "max_map_count",
    "memory pressure",
];
/// What says so beside a number.
const PASSED: [&str; 10] = [
    "exceed",
    "larger than",
    "too large",
    "too big",
    "too many",
    "too long",
    "too low",
    "is full",
    "over the limit",
    "limit of",
];
/// What is asked for, beside a size.
const ASKED: [&str; 5] = ["allocating", "allocate ", "to allocate", "reserving", "allocation of"];
/// Advice, questions, and what the JVM prints of the error itself.
const OTHER: [&str; 17] = [
    "cannot allocate memory",
    "killed",
    "outofmemory",
    "out of memory",
    "heap space",
    "overhead limit",
    "insufficient memory for the java",
    "physical ram",
    "hs_err",
    "failed to map",
    "commit_memory",
    " you ",
    "your ",
    "please",
    "should",
    "consider",
    "?",
];

/// True for a line that says what was too much.
fn tells_why(body: &str) -> bool {
    let text = body.trim();
    // A sentence is somebody's, and no log's.
    let is_sentence = text.ends_with(['.', ')']) || text.split_ascii_whitespace().count() > MAX_WORDS;
    if text.starts_with(['#', '-', '*', '>', '|'])
        || is_sentence && !is_of_log(text) && !text.starts_with("Caused by: ")
    {
        return false;
    }
    let lower = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    (has(&FULL) || has(&PASSED) && numbers(&lower).next().is_some() || has(&ASKED) && numbers(&lower).any(is_size))
        && !has(&OTHER)
}

/// The numbers behind a blank, a bracket, or a sign, each with what follows it.
fn numbers(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.');
    text.match_indices(|c: char| c.is_ascii_digit()).filter_map(move |(at, _)| {
        let before = text.get(..at)?.chars().next_back();
        // Of a time, a version, a name, or a line of code it says nothing.
        before.filter(|c| matches!(c, ' ' | '[' | '(' | '=' | '\'' | '"'))?;
        let rest = text.get(at..)?;
        let number = rest.get(..rest.find(|c| !is_part(c)).unwrap_or(rest.len()))?;
        let behind = rest.get(number.len()..)?;
        (!behind.starts_with(['-', ':', '/', '_'])).then_some((number, behind))
    })
}

/// Digits of a count of bytes that matters.
const DIGITS: usize = 6;

/// True for a size: many digits, or a unit behind them.
fn is_size((number, behind): (&str, &str)) -> bool {
    const UNITS: [&str; 8] = ["kb", "mb", "gb", "kib", "mib", "gib", "byte", "m"];
    let behind = behind.trim_start();
    number.bytes().filter(u8::is_ascii_digit).count() >= DIGITS || UNITS.iter().any(|unit| behind.starts_with(unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kind::ErrorKind;

    #[test]
    fn what_says_how_much_was_too_much_is_known() {
        for text in [
            "2024-03-05 10:12:01.330 INFO  [main] c.e.ReportWriter - allocating buffer of 1073741824 bytes for report 4711",
            "2024-03-05 10:11:58,330 WARN  [dispatch-1] o.e.Dispatcher - queue is full: 500000 of 500000 messages waiting",
            "max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]",
            "Allocating new intermediate processing buffer[0] of size[1,073,741,824]",
            "Caused by: com.example.TooMuch: response of 812 MB exceeds the limit of 512 MB",
        ] {
            assert!(tells_why(text), "{text}");
        }
        for text in [
            "2024-03-05 10:12:01.330 INFO  [main] c.e.Orders - Order 4711 saved in 12 ms",
            "java.lang.OutOfMemoryError: GC overhead limit exceeded",
            "You should raise the limit of 512 MB.",
            "Tools fail when they try to allocate memory, and the same build is fine on systems with less memory (this one has 16 GB)",
            "Is 512 MB too large?",
            "10:12:01 WARN too many open files",
            "#   JVM is running with a limit of 4 GB",
        ] {
            assert!(!tells_why(text), "{text}");
        }
    }

    #[test]
    fn only_what_stands_near_an_error_is_kept() {
        let said = |lines: &[(u32, &str)]| {
            let (mut out, mut beside) = (Readings::default(), Beside::default());
            for (number, body) in lines {
                let line = Line { number: *number, ..Line::of(body) };
                let is_error = *body == "error";
                if is_error {
                    out.java_errors.push(JavaError::on(&line, ErrorKind::HeapSpace, body));
                }
                beside.note(&line, is_error, &mut out);
            }
            out.java_errors.iter().filter_map(|error| Some(error.at.get(BESIDE)?.line)).collect::<Vec<_>>()
        };
        assert_eq!(said(&[(1, "queue is full"), (3, "error")]), [1]);
        assert_eq!(said(&[(3, "error"), (4, "queue is full")]), [4]);
        assert_eq!(said(&[(1, "queue is full"), (9, "error"), (20, "queue is full")]), [0; 0]);
    }
}
