//! The time that a logger prints at the beginning of its line, and which lines below belong to it.
//!
//! ```text
//! 2024-03-01 12:00:00,123 ERROR [main] c.e.Worker - job failed
//! java.lang.RuntimeException: no room
//!         at c.e.Worker.run(Worker.java:12)
//! Caused by: java.lang.OutOfMemoryError: Java heap space
//! ```
//!
//! Also `INFO  [main] 2024-03-01 12:00:00,123`, `[2024/03/01 12:00:00]`, `01-Mar-2024 12:00:00.123 SEVERE` (Tomcat),
//! `Mar 01, 2024 12:00:00 PM` (`java.util.logging`), `24/03/01 12:00:00 ERROR Executor: ` (the layout of Hadoop and Spark).
//! A zone counts where it touches the time.

use crate::civil::{Civil, english_month, iso_time, of_twelve_hours, time_of_day};
use crate::formats::quantity::is_digits;
use crate::source::{Line, Logged, Wall};

/// Words before a time at most: level, thread.
const MAX_WORDS: usize = 4;
/// Longest text in brackets that may stand before what is said.
const MAX_BRACKET: usize = 60;

/// The time that a logger printed at the beginning of a line.
pub(crate) fn logged_time(body: &str) -> Option<Wall> {
    let mut rest = without_service(body).trim_start();
    for _ in 0..=MAX_WORDS {
        if let Some(wall) = time_at(rest.trim_start_matches('[')) {
            return Some(wall);
        }
        let (word, after) = rest.split_once(' ')?;
        let is_level = word.trim_matches(['[', ']', ':', '|']).bytes().all(|byte| byte.is_ascii_uppercase());
        rest = if is_level {
            after
        } else {
            // A thread may have blanks in its name.
            word.starts_with('[').then_some(())?;
            rest.split_once("] ")?.1
        }
        .trim_start();
    }
    None
}

/// The line without what a logger, a build, or a person puts before the words of a program: levels, brackets, a time.
pub(crate) fn without_level(body: &str) -> &str {
    const LEVELS: [&str; 8] = ["ERROR", "WARNING", "WARN", "INFO", "FATAL", "SEVERE", "STDERR", "STDOUT"];
    let mut rest = body;
    for _ in 0..=MAX_WORDS {
        let (word, after) = match rest.as_bytes().first() {
            Some(b'[') => rest.split_once(']').unwrap_or((rest, "")),
            Some(b'0'..=b'9') => iso_time(rest).map_or((rest, ""), |(_, after)| ("", after)),
            _ => rest.split_once([' ', ':']).unwrap_or((rest, "")),
        };
        let is_level = || match rest.as_bytes().get(word.len()) {
            Some(b':') => LEVELS.iter().any(|level| level.eq_ignore_ascii_case(word)),
            _ => LEVELS.contains(&word),
        };
        let stands_before = word.is_empty() || (word.starts_with('[') && word.len() <= MAX_BRACKET) || is_level();
        let after = after.trim_start_matches([':', ' ', '\t', '-']);
        if !stands_before || after.is_empty() {
            break;
        }
        rest = after;
    }
    rest
}

/// The line without `kafka-1  | `, which Compose puts before each, and `node-1.log:`, which `grep` puts.
pub(crate) fn without_service(body: &str) -> &str {
    let is_name = |name: &str| {
        let name = name.trim();
        (1..=40).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    let body = body.split_once('|').filter(|(name, _)| is_name(name)).map_or(body, |(_, rest)| rest);
    let is_file = |name: &str, rest: &str| {
        let follows = rest.starts_with('[') || rest.get(..4).is_some_and(is_digits);
        let is_path = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte);
        follows && name.contains('.') && name.len() <= 200 && name.bytes().all(is_path)
    };
    body.split_once(':').filter(|(name, rest)| is_file(name, rest)).map_or(body, |(_, rest)| rest)
}

fn time_at(text: &str) -> Option<Wall> {
    if let Some((wall, _)) = iso_time(text) {
        return Some(wall);
    }
    let local = |civil: Civil| Some(Wall { micros: civil.micros()?, zone_known: false, year_known: true });
    let number = |text: &str| text.parse::<u8>().ok();
    match text.as_bytes() {
        [y, _, _, _, b'/', ..] if y.is_ascii_digit() => {
            let (date, rest) = text.split_at_checked(10)?;
            let (year, rest_of_date) = date.split_once('/')?;
            let (month, day) = rest_of_date.split_once('/')?;
            let (time, _) = time_of_day(rest.strip_prefix(' ')?)?;
            local(Civil { year: year.parse().ok()?, month: number(month)?, day: number(day)?, time })
        }
        // `20240301 12:00:00`, as Scouter prints it.
        [b'1' | b'2', rest @ ..] if rest.iter().position(|byte| !byte.is_ascii_digit()) == Some(7) => {
            let (date, rest) = text.split_at_checked(8)?;
            let (time, _) = time_of_day(rest.trim_start())?;
            let part = |from: usize, to: usize| date.get(from..to);
            local(Civil {
                year: part(0, 4)?.parse().ok()?,
                month: number(part(4, 6)?)?,
                day: number(part(6, 8)?)?,
                time,
            })
        }
        // `24/03/01` is a year first only in this layout.
        [y, _, b'/', ..] if y.is_ascii_digit() => {
            let (date, rest) = text.split_at_checked(8)?;
            let (year, rest_of_date) = date.split_once('/')?;
            let (month, day) = rest_of_date.split_once('/')?;
            let (time, rest) = time_of_day(rest.strip_prefix(' ')?)?;
            let mut words = rest.split_ascii_whitespace();
            let is_level = matches!(words.next()?, "ERROR" | "WARN" | "INFO" | "FATAL" | "DEBUG");
            (is_level && words.next()?.ends_with(':')).then_some(())?;
            local(Civil { year: 2000 + i32::from(number(year)?), month: number(month)?, day: number(day)?, time })
        }
        [d, _, b'-', ..] if d.is_ascii_digit() => {
            let (date, rest) = text.split_at_checked(11)?;
            let mut parts = date.split('-');
            let (day, name, year) = (parts.next()?, parts.next()?, parts.next()?);
            let (time, _) = time_of_day(rest.strip_prefix(' ')?)?;
            local(Civil { year: year.parse().ok()?, month: english_month(name)?, day: number(day)?, time })
        }
        [b'A'..=b'Z', ..] => {
            let (name, rest) = text.split_once(' ')?;
            let (day, rest) = rest.split_once(", ")?;
            let (year, rest) = rest.split_once(' ')?;
            let (clock, rest) = rest.split_once(' ')?;
            let half = rest.split([' ', '\u{202f}']).next()?;
            // Hours of one digit: `9:05:01 AM`.
            let padded = if clock.len() == 7 { format!("0{clock}") } else { clock.to_owned() };
            let (time, _) = time_of_day(&padded).filter(|(_, rest)| rest.is_empty())?;
            matches!(half, "AM" | "PM").then_some(())?;
            let time = of_twelve_hours(time, half == "PM");
            local(Civil { year: year.parse().ok()?, month: english_month(name)?, day: number(day)?, time })
        }
        _ => None,
    }
}

/// Notes a line that nobody took: the logger's line, or one of what it prints below.
pub(crate) fn note(line: &Line<'_>, noted: &mut Option<Logged>) {
    let wall = line.stamp.wall.filter(|wall| wall.year_known).or_else(|| logged_time(line.body)).or(line.stamp.wall);
    if let Some(wall) = wall {
        match noted {
            Some(logged) => logged.renew(wall, line),
            None => *noted = Some(Logged::new(wall, line)),
        }
    } else if let Some(logged) = noted
        && logged.is_above(line)
        && goes_on(line.body)
    {
        logged.last_line = line.number;
    }
}

/// True for what stands between a logger's line and the exception that it is about: other exceptions and their traces, and
/// the second line of `java.util.logging`.
fn goes_on(body: &str) -> bool {
    let text = without_service(body).trim_start();
    let class = text.split([':', ' ']).next().unwrap_or_default();
    let is_exception = class.contains('.') && (class.ends_with("Exception") || class.ends_with("Error"));
    const STARTS: [&str; 7] = ["at ", "... ", "Caused by: ", "Suppressed: ", "SEVERE: ", "WARNING: ", "INFO: "];
    is_exception || STARTS.iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loggers_of_many_kinds_print_the_same_moment() {
        let noon = logged_time("2024-03-01 12:00:00 ERROR").expect("a time");
        for text in [
            "2024-03-01T12:00:00 [main] ERROR x",
            "[2024-03-01 12:00:00] ERROR x",
            "INFO  [Service Thread] 2024-03-01 12:00:00 X.java:12 - x",
            "ERROR 2024-03-01 12:00:00 - x",
            "[ERROR] [2024-03-01 12:00:00] x",
            "2024/03/01 12:00:00 ERROR x",
            "20240301 12:00:00 [S151] x",
            "24/03/01 12:00:00 ERROR Executor: Exception in task 0.0",
            "kafka-1  | [2024-03-01 12:00:00] ERROR x",
            "logs/node-1.log:[2024-03-01T12:00:00,000][WARN ][o.e.m.j.JvmGcMonitorService] x",
            "01-Mar-2024 12:00:00.000 SEVERE [main] x",
            "Mar 01, 2024 12:00:00 PM org.apache.catalina.core.StandardWrapperValve invoke",
            "Mar 1, 2024 12:00:00 PM x",
        ] {
            assert_eq!(logged_time(text), Some(noon), "{text}");
        }
        let zoned = logged_time("2024-03-01T12:00:00.000+01:00 ERROR").expect("a time");
        assert!(zoned.zone_known);
        let morning = logged_time("Mar 1, 2024 9:05:01 AM x").expect("a time");
        assert_eq!(noon.micros.minus(morning.micros).0, (2 * 3600 + 54 * 60 + 59) * 1_000_000);
    }

    #[test]
    fn levels_brackets_and_times_stand_before_what_is_said() {
        for before in [
            "",
            "Error: ",
            "[ERROR] ",
            "ERROR ",
            "[INFO] [INFO] [talledLocalContainer] ",
            "2024-03-01 12:00:00,123 ERROR ",
            "[12:00:00] [main/ERROR]: ",
            "stderr: ",
            "[0.012s][warning][os,thread] ",
            "2024-03-01T12:00:00.000Z [main] Error: ",
        ] {
            assert_eq!(without_level(&format!("{before}Java heap space")), "Java heap space", "{before}");
        }
        for text in ["Errors: 3", "[WARN]", "Error occurred during", "Caused by: x", "a: x"] {
            assert_eq!(without_level(text), text);
        }
    }

    #[test]
    fn other_lines_have_no_time_of_a_logger() {
        for text in [
            "24/03/21 12:00:00 something happened",
            "we saw it at 2024-03-01 12:00:00",
            "12:00:00 ERROR x",
            "20241301 12:00:00 x",
            "20240301 bytes",
            "Mar 01, 2024 12:00:00 x",
            "99-Foo-2024 12:00:00 x",
            "java.lang.OutOfMemoryError: Java heap space",
            "",
        ] {
            assert_eq!(logged_time(text), None, "{text}");
        }
    }
}
