//! Ordinary lines of logs are passed over where nothing was read for a while. The report is the same as if each were read.

#[path = "support/corpus.rs"]
mod corpus;

use corpus::{Case, cases, exhaustive, wrong_in_each};
use oomscope::analyzer::SourceMap;
use oomscope::i18n::Language;
use oomscope::{Analysis, Analyzer};

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
            2 => format!("10.0.3.7 - - [01/Mar/2024:{time} +0000] \"GET /api/items/{nth} HTTP/1.1\" 200 512\n\n"),
            _ => match nth % 3 {
                0 => format!("The order was kept by customer {nth}, who had paid for it and came back.\n"),
                1 => format!("Order {nth} saved for customer {nth} in 12 ms\n"),
                _ => format!("We sent {nth} of them, which took 12 ms and 3.4 KB each. It was (mostly) done\n\n"),
            },
        }
    };
    (0..MANY).map(line).collect()
}

/// The report on a text that comes in such pieces, and what each of its lines was.
fn read(pieces: &[&[u8]], every_line: bool) -> (String, Vec<SourceMap>) {
    let mut analyzer = Analyzer::new(Language::En);
    analyzer.open("input.log");
    if every_line {
        analyzer.read_every_line();
    }
    pieces.iter().for_each(|piece| analyzer.feed(piece));
    let Analysis { report, maps } = analyzer.finish();
    (oomscope::export::json::write(&report), maps)
}

fn report(text: &str, every_line: bool) -> String {
    read(&text.as_bytes().chunks(4093).collect::<Vec<_>>(), every_line).0
}

/// What differs where ordinary lines stand around a text, and after so many of its lines.
fn wrong(name: &str, text: &str, prefix: &str) -> Vec<String> {
    let lines: Vec<String> = text.lines().map(|line| format!("{prefix}{line}\n")).collect();
    let half = lines.len() / 2;
    let places = if exhaustive() { (0..lines.len()).step_by(1 + lines.len() / 6).collect() } else { vec![half] };
    let mut wrong = Vec::new();
    for (nth, at) in places.into_iter().enumerate() {
        let kind = (nth + lines.len()) % 4;
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
        // One of them each, where not every place is tried.
        let (from, count) = if exhaustive() { (0, prefixes.len()) } else { (name.len() % prefixes.len(), 1) };
        prefixes.iter().skip(from).take(count).flat_map(|prefix| wrong(name, text, prefix)).collect()
    });
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Numbers that look random, and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// What stands in a log now and then: what is read, what only looks like it, what people write, what has no date.
const AMID: &[&str] = &[
    "Mar  1 12:00:00 web-1 kernel: [91250.400101] Out of memory: Killed process 4711 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB",
    "java.lang.OutOfMemoryError: Java heap space\n\tat com.example.Worker.run(Worker.java:12)",
    "We had raised the maximum heap to 512 MB.",
    "The server has 8 GB of memory.",
    "",
    "\n\n    an indented line below a blank one",
    "$ free -m",
    "user@web-1:~$ ls",
    "```",
    "Caused by: com.example.orders.OrderNotFoundException: no order 4711\n\t... 42 common frames omitted",
    "Order 4711 saved",
    "It turned out that the cache of orders had no bound at all.",
    "We fixed it by the settings below.\nThis is what they are now and were then\n  memory: 4Gi",
    "Same problem here with the orders of the last week",
    "The queue is full of 500 orders, and nobody takes one\njava.lang.OutOfMemoryError: Java heap space",
    "2024-03-01 12:00:00.123  WARN [main] c.e.Worker - queue is full: 500 of 500\njava.lang.OutOfMemoryError: Java heap space",
    "com.example.orders.OrderNotFoundException came out of all of it\n\tat com.example.Worker.run(Worker.java:12)",
    "at first all of them came back to us\n\tat com.example.Worker.run(Worker.java:12)",
    "The server had been up for a week or so, and then the app was oomkilled.",
    "Attaching to process ID 4711, please wait...",
    "Mar  1 12:00:00 web-1 app[7]: user@web-1:~$ ls",
    "Mar  1 12:00:00 web-1 snapd[7]: cannot refresh snap: it has no updates",
    "Mar  1 12:00:00 web-1 app[7]: # a heading",
    "Mar  1 12:00:00 web-1 kernel: [    0.000000] Linux version 6.1.0",
    "2024-03-01 12:00:00.123  WARN [main] c.e.Worker - the pod has 4 GB of memory",
    "2024-03-01 12:00:00.123  WARN [main] c.e.Worker - 서버 메모리는 8GB 입니다",
    "caf\u{e9} \u{200b}\u{2028}na\u{ef}ve\r",
    "spec:\n  containers:\n  - name: orders\n    resources:\n      limits:\n        memory: 512Mi",
];

/// A line of a log of one kind.
fn line(kind: usize, nth: usize, dice: &mut Dice) -> String {
    let time = format!("{:02}:{:02}:{:02}", nth / 3600 % 24, nth / 60 % 60, nth % 60);
    let id = 1000 + dice.below(30_000);
    match kind {
        0 => {
            let said = dice.one(&[
                "sshd[{id}]: Accepted publickey for deploy from 10.0.3.7 port {id} ssh2",
                "systemd[1]: Started Session {id} of user deploy.",
                "nginx[7]: 192.0.2.7 - GET /images/{id} 200 {id} \"Mozilla/5.0 (X11; Linux x86_64)\"",
                "app[{id}]: request sent 3.4 KB in 12 ms",
                "rsyslogd: [origin software=\"rsyslogd\" x-pid=\"{id}\"] was HUPed",
                "kernel: [9{id}.400101] eth0: link up, 1000Mbps",
            ]);
            format!("Mar  1 {time} web-1 {}", said.replace("{id}", &id.to_string()))
        }
        1 => format!("10.0.3.{} - - [01/Mar/2024:{time} +0000] \"GET /api/items/{id} HTTP/1.1\" 200 {id}", id % 250),
        2 => match dice.below(12) {
            0 => format!(
                "2024-03-01 {time}.123 ERROR [exec-7] c.e.orders.OrderService - 주문 {id} 처리에 실패했습니다\ncom.example.orders.OrderNotFoundException: 주문 {id}\n\tat com.example.orders.OrderService.save(OrderService.java:{id})\n\t... 42 common frames omitted"
            ),
            1..=4 => {
                format!("2024-03-01 {time}.123  INFO [exec-7] c.e.orders.OrderService - 주문 {id} 이 저장되었습니다")
            }
            _ => format!("2024-03-01 {time}.123  INFO [exec-7] c.e.orders.OrderController - Order {id} saved in 12 ms"),
        },
        3 => format!(
            "{{\"__REALTIME_TIMESTAMP\":\"17228300{id}000000\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_HOSTNAME\":\"web-1\",\"MESSAGE\":\"Accepted publickey for deploy from 10.0.3.7 port {id} ssh2\"}}"
        ),
        4 => format!("Order {id} saved for customer {nth}"),
        _ => format!("The order was kept by customer {id}, who had paid for it. It came back from lunch"),
    }
}

/// Thousands of lines, mostly of one kind, and the places where they are cut into pieces.
fn mix(seed: u64) -> (String, Vec<usize>) {
    let mut dice = Dice(seed);
    let mut kind = dice.below(4);
    let mut text = String::new();
    for nth in 0..3_000 {
        match dice.below(400) {
            0 => kind = dice.below(6),
            1 => text.push_str(dice.one(AMID)),
            _ => text.push_str(&line(kind, nth, &mut dice)),
        }
        text.push_str(if seed % 5 == 4 { "\r\n" } else { "\n" });
    }
    let mut cuts: Vec<usize> = (0..dice.below(40)).map(|_| dice.below(text.len())).collect();
    cuts.sort_unstable();
    (text, cuts)
}

#[test]
fn generated_logs_are_read_the_same_however_they_are_cut() {
    let seeds: Vec<u64> = (1..=if exhaustive() { 400 } else { 24 }).collect();
    let wrong = wrong_in_each(&seeds, |seed| {
        let (text, cuts) = mix(*seed);
        let mut pieces = Vec::new();
        let mut rest = text.as_bytes();
        for cut in cuts {
            let (piece, behind) = rest.split_at(cut - (text.len() - rest.len()));
            pieces.push(piece);
            rest = behind;
        }
        pieces.push(rest);
        let whole = read(&[text.as_bytes()], true);
        let cut = read(&pieces, false);
        let differs = if whole.0 == cut.0 { "the map" } else { "the report" };
        if whole == cut { Vec::new() } else { vec![format!("{differs} of the mix of {seed}")] }
    });
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}
