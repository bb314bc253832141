//! Every corpus case in the states that pastes really have: with CRLF, twice, amid prose, behind prefixes, beside another.
//! Never a panic; no value changes.

#[path = "support/corpus.rs"]
mod corpus;

use corpus::{cases, facts, read};

const PROSE: &str = "\n운영 중인 서버가 갑자기 죽었습니다. 로그는 아래와 같습니다.\n\nWe saw this last night:\n\n";

#[test]
fn every_case_says_where_it_comes_from() {
    for case in cases() {
        let about = std::fs::read_to_string(case.folder.join("about.md")).unwrap_or_default();
        let told = about.contains("captured") || about.contains("Captured") || about.contains("omposed");
        assert!(told, "{}: about.md does not say whether it was captured or composed", case.name);
    }
}

#[test]
fn line_ends_change_nothing() {
    for case in cases() {
        let whole = facts(&read(&case.input));
        if case.input.contains(&b'\r') || case.input.contains(&0) || !case.input.is_ascii() {
            continue;
        }
        let mut crlf = Vec::with_capacity(case.input.len() * 2);
        for byte in &case.input {
            if *byte == b'\n' {
                crlf.push(b'\r');
            }
            crlf.push(*byte);
        }
        assert_eq!(facts(&read(&crlf)), whole, "{} with CRLF", case.name);
    }
}

/// What is read of each case with another line behind each, of which readers are to know nothing. Cases of a few lines, and those
/// with a line for which there is no other, are passed over.
fn with_lines_between(min_lines: usize, behind: impl Fn(&[u8]) -> Option<Vec<u8>>) {
    for case in cases() {
        let whole = facts(&read(&case.input));
        let lines = case.input.trim_ascii_end().split(|byte| *byte == b'\n');
        if case.input.contains(&b'\r') || case.input.contains(&0) || lines.clone().count() < min_lines {
            continue;
        }
        let copied = lines.map(|line| Some([line, b"\n", &behind(line)?, b"\n"].concat()));
        let Some(copied) = copied.collect::<Option<Vec<Vec<u8>>>>().map(|lines| lines.concat()) else { continue };
        let copied: corpus::Facts = facts(&read(&copied)).iter().map(|fact| at_half(fact)).collect();
        assert_eq!(copied, whole, "{}", case.name);
    }
}

/// A fact of a text with a line between any two, as of the text alone.
fn at_half(fact: &str) -> String {
    let (line, rest) = fact.split_once(' ').expect("a line's number");
    let line: u64 = line.parse().expect("a number");
    assert!(line % 2 == 1, "{fact}: of no line of the text");
    format!("{} {rest}", line.div_ceil(2))
}

#[test]
fn a_blank_line_behind_every_line_changes_nothing() {
    with_lines_between(1, |_| Some(Vec::new()));
}

#[test]
fn every_line_twice_changes_nothing() {
    // A few lines may well be printed twice.
    with_lines_between(5, |line| Some(line.to_vec()));
}

#[test]
fn two_loggers_of_one_kernel_say_it_once() {
    with_lines_between(1, |line| {
        let (time, _) = std::str::from_utf8(line).ok()?.strip_prefix('[')?.split_once(']')?;
        let (seconds, micros) = time.trim_start().split_once('.')?;
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let is_timed = is_number(seconds) && is_number(micros) && micros.len() == 6;
        is_timed.then(|| [b"Aug  5 03:54:03 web01 kernel: ", line].concat())
    });
}

#[test]
fn prose_around_a_case_changes_nothing() {
    let shift = PROSE.lines().count() as u64;
    for case in cases() {
        let whole: corpus::Facts = facts(&read(&case.input));
        let mut amid = PROSE.as_bytes().to_vec();
        amid.extend_from_slice(&case.input);
        amid.extend_from_slice(PROSE.as_bytes());
        let amid = corpus::moved_up(&facts(&read(&amid)), shift);
        assert_eq!(amid, whole, "{} amid prose", case.name);
    }
}

#[test]
fn a_case_pasted_twice_loses_nothing() {
    for case in cases() {
        let whole = facts(&read(&case.input));
        let mut twice = case.input.clone();
        twice.push(b'\n');
        twice.extend_from_slice(&case.input);
        let twice = facts(&read(&twice));
        let lost: Vec<&String> = whole.difference(&twice).take(5).collect();
        assert!(lost.is_empty(), "{} pasted twice: lost {lost:#?}", case.name);
    }
}

#[test]
fn damaged_bytes_never_panic() {
    for case in cases() {
        let mut damaged = case.input.clone();
        // A fixed walk over the bytes: the same damage on every run.
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        for _ in 0..(damaged.len() / 50).max(5) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let at = (state % damaged.len().max(1) as u64) as usize;
            if let Some(byte) = damaged.get_mut(at) {
                *byte = (state >> 32) as u8;
            }
        }
        read(&damaged);
    }
}
