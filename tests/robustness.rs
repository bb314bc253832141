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

/// What transports put before each line, and one that wraps it: the text must say the same behind it. Times and hosts come with
/// some of them and are no values of the text.
const PREFIXES: [&str; 5] = [
    "> ",
    "Aug  5 03:54:03 web01 kernel: ",
    "2025-08-05T03:54:03.123456789Z stdout F ",
    "2025-08-05T03:54:03.123456789Z ",
    "Aug 05 03:54:03 web01 java[4711]: ",
];

#[test]
fn a_case_behind_prefixes_changes_no_value() {
    let mut failed = Vec::new();
    for (nth, case) in cases().into_iter().enumerate() {
        let Ok(text) = std::str::from_utf8(&case.input) else { continue };
        // Nothing is put before each line of an entry that takes many.
        if ["journal-export", "journal-verbose", "json-pretty", "dmesg-json"]
            .iter()
            .any(|name| case.name.contains(name))
        {
            continue;
        }
        let whole = facts(&read(&case.input));
        // What a terminal shows is quoted at most.
        let prefix = if case.name.starts_with("host/") { PREFIXES[0] } else { PREFIXES[nth % PREFIXES.len()] };
        let behind: String = text.lines().map(|line| format!("{prefix}{line}\n")).collect();
        let behind = facts(&read(behind.as_bytes()));
        let invented: Vec<&String> = behind.difference(&whole).filter(|fact| !is_of_prefix(fact)).take(3).collect();
        if !invented.is_empty() {
            failed.push(format!("{} behind {prefix:?}: {invented:?}", case.name));
        }
    }
    assert!(failed.is_empty(), "values that the text alone does not have:\n{}", failed.join("\n"));
}

/// True for what a prefix says.
fn is_of_prefix(fact: &str) -> bool {
    ["time", "local_time", "host", "wall"]
        .iter()
        .any(|field| fact.split(' ').nth(1).is_some_and(|path| path.ends_with(&format!(".{field}"))))
}

#[test]
fn a_case_above_another_changes_neither() {
    let cases = cases();
    let mut failed = Vec::new();
    for (nth, case) in cases.iter().enumerate() {
        // A step that is prime to the number of cases: neighbours are of different formats.
        let Some(other) = cases.get((nth * 7 + 101) % cases.len()) else { continue };
        let mut both = case.input.clone();
        if !both.ends_with(b"\n") {
            both.push(b'\n');
        }
        both.push(b'\n');
        let lines = both.iter().filter(|byte| **byte == b'\n').count() as u64;
        both.extend_from_slice(&other.input);
        let report = read(&both);
        let capture = |name: &str| name.rsplit('/').next().map(str::to_owned);
        if capture(&case.name) == capture(&other.name) || report.oom_kills.iter().any(|kill| !kill.also.is_empty()) {
            continue; // One kill in two transports is one kill, and parts of one capture are one incident.
        }
        let both = facts(&report);
        let above = facts(&read(&case.input));
        let below = corpus::moved_down(&facts(&read(&other.input)), lines);
        let alone: corpus::Facts = above.union(&below).cloned().collect();
        let invented: Vec<&String> = both.difference(&alone).take(3).collect();
        let lost: Vec<&String> = alone.difference(&both).take(3).collect();
        if !invented.is_empty() || !lost.is_empty() {
            failed.push(format!("{} above {}: invented {invented:?}, lost {lost:?}", case.name, other.name));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
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
