//! Ordinary lines of logs are passed over where nothing was read for a while. The report is the same as if each were read.

#[path = "support/corpus.rs"]
mod corpus;

use corpus::{Case, cases, exhaustive, wrong_in_each};
use oomscope::Analyzer;
use oomscope::i18n::Language;

/// More than have to say nothing.
const MANY: usize = 300;

/// A stretch of lines as logs are full of, with the time of the first.
fn stretch(kind: usize, minute: usize) -> String {
    let line = |nth: usize| {
        let time = format!("{:02}:{:02}:{:02}", minute / 60, minute % 60, nth % 60);
        match kind {
            0 => match nth % 7 {
                0 => {
                    format!("Mar  1 {time} web-1 kernel: [{}.400101] eth0: link up\n", 90_000 + minute * 60 + nth % 60)
                }
                1 => format!("Mar  1 {time} web-1 app[7]: request {nth} sent 3.4 KB in 12 ms\n"),
                _ => {
                    format!("Mar  1 {time} web-1 sshd[{nth}]: Accepted publickey for deploy from 10.0.3.7 port {nth}\n")
                }
            },
            1 => match nth % 9 {
                8 => format!("2024-03-01 {time}.123 ERROR [main] c.e.Worker - job {nth} did not end\n"),
                7 => "\tat com.example.Worker.run(Worker.java:12)\n".repeat(3),
                _ => format!("2024-03-01 {time}.123  INFO [exec-{nth}] c.e.orders.OrderService - Order {nth} saved\n"),
            },
            _ => format!("10.0.3.7 - - [01/Mar/2024:{time} +0000] \"GET /api/items/{nth} HTTP/1.1\" 200 512\n\n"),
        }
    };
    (0..MANY).map(line).collect()
}

fn report(text: &str, every_line: bool) -> String {
    let mut analyzer = Analyzer::new(Language::En);
    analyzer.open("input.log");
    if every_line {
        analyzer.read_every_line();
    }
    for chunk in text.as_bytes().chunks(4093) {
        analyzer.feed(chunk);
    }
    oomscope::export::json::write(&analyzer.finish().report)
}

/// What differs where ordinary lines stand around a text, and after so many of its lines.
fn wrong(name: &str, text: &str, prefix: &str) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(|line| format!("{prefix}{line}\n")).collect();
    let half = lines.len() / 2;
    let places = if exhaustive() { (0..lines.len()).step_by(1 + lines.len() / 6).collect() } else { vec![half] };
    let mut wrong = Vec::new();
    for (nth, at) in places.into_iter().enumerate() {
        let kind = nth % 3;
        let (above, below) = lines.split_at(at);
        let text = [&stretch(kind, 1), &above.concat(), &stretch(kind, 20), &below.concat(), &stretch(kind, 40)]
            .map(String::as_str)
            .concat();
        if report(&text, false) != report(&text, true) {
            wrong.push(format!("{name} behind {prefix:?}, {at} lines above lines of kind {kind}"));
        }
    }
    wrong
}

#[test]
fn a_report_is_the_same_where_ordinary_lines_are_passed_over() {
    let wrong = wrong_in_each(&cases(), |Case { name, input, .. }| {
        let Ok(text) = std::str::from_utf8(input) else { return Vec::new() };
        let prefixes = ["", "2024-03-01T12:00:00.123456789Z ", "Mar  1 12:00:00 web-1 app[7]: "];
        prefixes.iter().flat_map(|prefix| wrong(name, text, prefix)).collect()
    });
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
