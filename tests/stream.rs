//! Incidents out of streams: each one once, when it is complete, however the bytes come, in bounded memory.

#![cfg(not(target_arch = "wasm32"))]

#[path = "support/corpus.rs"]
mod corpus;

use std::time::Duration;

use oomscope::i18n::Language;
use oomscope::stream::{Incident, Position, Seen, Settings, Stream};

/// A kill by the kernel as a journal of a host tells it, its lines `apart` from one another.
fn kill(pid: u32, second: u32) -> String {
    let stamp = |line: u32| format!("2026-03-01T10:00:{second:02}.{line:06}+00:00 web-07 kernel: ");
    let lines = [
        "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0".to_owned(),
        "memory: usage 524288kB, limit 524288kB, failcnt 93".to_owned(),
        "Tasks state (memory values in pages):".to_owned(),
        "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name".to_owned(),
        format!("[{pid:>7}]  1000 {pid:>5}   832220   131000  2052096        0             0 java"),
        format!(
            "oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=/system.slice/billing.service,task_memcg=/system.slice/billing.service,task=java,pid={pid},uid=1000"
        ),
        format!(
            "Memory cgroup out of memory: Killed process {pid} (java) total-vm:3328880kB, anon-rss:520000kB, file-rss:4000kB, shmem-rss:0kB, UID:1000 pgtables:2004kB oom_score_adj:0"
        ),
    ];
    lines.iter().zip(0..).map(|(line, nth)| format!("{}{line}\n", stamp(nth))).collect()
}

fn ordinary(lines: u32, second: u32) -> String {
    (0..lines)
        .map(|line| format!("2026-03-01T10:00:{second:02}.{:06}+00:00 web-07 sshd[{}]: Accepted publickey for deploy from 10.0.0.7 port {}\n", line % 1_000_000, 700 + line % 90, 40_000 + line % 20_000))
        .collect()
}

fn new() -> Stream {
    Stream::new(Settings { source: "-".to_owned(), language: Language::En, ..Settings::default() }, Position::default())
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// What is told of a text that comes in pieces, without a clock.
fn told(text: &[u8], piece: usize) -> Vec<Incident> {
    let (mut stream, mut told) = (new(), Vec::new());
    for bytes in text.chunks(piece) {
        stream.feed(bytes, Duration::ZERO, &mut |incident| told.push(incident));
    }
    stream.finish(Duration::ZERO, &mut |incident| told.push(incident));
    told
}

/// Without what tells of the place.
fn placeless(mut incidents: Vec<Incident>) -> Vec<Incident> {
    for incident in &mut incidents {
        (incident.first_line, incident.last_line) = (0, 0);
        incident.id.clear();
    }
    incidents
}

#[test]
fn every_case_is_told_the_same_in_pieces_and_amid_other_lines() {
    let mut wrong = Vec::new();
    let cases: Vec<_> = corpus::cases().into_iter().filter(|case| case.input.len() < 200_000).collect();
    let (mut incidents, mut moved) = (0, 0);
    for case in cases.iter().step_by(if corpus::exhaustive() { 1 } else { 16 }) {
        let whole = told(&case.input, usize::MAX);
        incidents += whole.len();
        for piece in [3, 977] {
            if told(&case.input, piece) != whole {
                wrong.push(format!("{}: other in pieces of {piece}", case.name));
            }
        }
        let around = ordinary(700, 5);
        let amid = [around.as_bytes(), &case.input, b"\n", around.as_bytes()].concat();
        // A few begin with what only the first line of a text can be.
        if placeless(told(&amid, 64 << 10)) != placeless(whole.clone()) {
            moved += 1;
        }
        if whole.iter().any(|incident| incident.line().contains('\n') || incident.id.len() != 16) {
            wrong.push(format!("{}: no line, or no id", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(incidents >= 12, "{incidents} incidents");
    assert!(moved * 40 <= cases.len(), "{moved} cases differ amid other lines");
}

#[test]
fn a_kill_is_told_once_when_nothing_more_came_for_a_while() {
    let (mut stream, mut told) = (new(), Vec::new());
    let text = kill(4242, 7);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    // Its beginning, and the rest after a pause in which another program wrote.
    for (at, part) in [(1.0, &lines[..3]), (1.5, &lines[3..5])] {
        stream.feed(part.concat().as_bytes(), seconds(at), &mut |incident| told.push(incident));
    }
    for at in [2.0, 4.0, 9.0, 12.0] {
        stream.tick(seconds(at), &mut |incident| told.push(incident));
        stream.feed(ordinary(1, 9).as_bytes(), seconds(at + 0.1), &mut |incident| told.push(incident));
    }
    assert_eq!(told, [], "nobody was killed yet");
    stream.feed(lines[5..].concat().as_bytes(), seconds(13.0), &mut |incident| told.push(incident));
    stream.tick(seconds(14.0), &mut |incident| told.push(incident));
    assert_eq!(told, [], "more may come");
    for at in [15.1, 16.0, 20.0, 60.0] {
        stream.tick(seconds(at), &mut |incident| told.push(incident));
    }
    let [incident] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((incident.pid, incident.host.as_deref(), incident.first_line), (Some(4242), Some("web-07"), 1));
    assert_eq!(incident.figures.get("limit"), Some(&(524_288 * 1024)));
    assert_eq!(incident.headline, "The kernel killed java: its service reached its memory limit of 512.0 MiB");
    // What systemd says of the same death is no other.
    let after = "2026-03-01T10:00:08.500000+00:00 web-07 systemd[1]: billing.service: A process of this unit has been killed by the OOM killer.\n";
    stream.feed(after.as_bytes(), seconds(61.0), &mut |incident| told.push(incident));
    stream.finish(seconds(70.0), &mut |incident| told.push(incident));
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn what_systemd_says_joins_the_kill_of_its_unit_and_no_other() {
    let of_unit = |unit: &str| {
        format!(
            "2026-03-01T10:00:08.500000+00:00 web-07 systemd[1]: {unit}: A process of this unit has been killed by the OOM killer.\n"
        )
    };
    let kinds = |text: String| {
        told(text.as_bytes(), usize::MAX).into_iter().map(|one| (one.kind, one.witnesses)).collect::<Vec<_>>()
    };
    let unit = "systemd-unit-oom".to_owned();
    assert_eq!(kinds(kill(7, 7) + &of_unit("billing.service")), [("oom-kill".to_owned(), vec![unit.clone()])]);
    assert_eq!(kinds(kill(7, 7) + &of_unit("search.service")), [("oom-kill".to_owned(), vec![]), (unit, vec![])]);
}

#[test]
fn on_a_busy_stream_a_kill_is_told_within_seconds() {
    let (mut stream, mut told) = (new(), Vec::new());
    let mut told_at = None;
    for tenth in 0..200 {
        let now = seconds(f64::from(tenth) / 10.0);
        let text = if tenth == 20 { kill(77, 2) } else { ordinary(3, tenth / 10) };
        stream.feed(text.as_bytes(), now, &mut |incident| told.push(incident));
        if !told.is_empty() && told_at.is_none() {
            told_at = Some(tenth);
        }
    }
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told_at.is_some_and(|tenth| (40..=100).contains(&tenth)), "{told_at:?}");
}

#[test]
fn what_is_read_again_has_the_same_ids() {
    let text: String = (0..40).map(|nth| kill(1000 + nth, nth) + &ordinary(500, nth)).collect();
    let first = told(text.as_bytes(), 9000);
    assert_eq!(first.len(), 40);
    let mut seen = Seen::default();
    assert!(first.iter().all(|incident| seen.is_new(&incident.id)), "each is another");
    // From the middle of a kill on, as after a restart.
    let again = told(text.get(text.len() / 3..).expect("a rest").as_bytes(), 333);
    let news: Vec<_> = again.iter().filter(|incident| seen.is_new(&incident.id)).collect();
    assert!(news.len() <= 1, "{news:?}");
}

#[test]
fn reading_goes_on_where_it_was_left() {
    let text: String = (0..12).map(|nth| kill(1000 + nth, nth) + &ordinary(40, nth)).collect();
    let whole = told(text.as_bytes(), usize::MAX);
    for cut in (1..text.len()).step_by(text.len() / 23) {
        let (mut seen, mut both) = (Seen::default(), Vec::new());
        let mut stream = new();
        let mut take = |incident: Incident| {
            if seen.is_new(&incident.id) {
                both.push(incident);
            }
        };
        for (nth, bytes) in text.as_bytes()[..cut].chunks(700).enumerate() {
            stream.feed(bytes, seconds(nth as f64 * 1.7), &mut take);
        }
        // Here it is killed.
        let position = stream.position();
        let mut stream = Stream::new(Settings { source: "-".to_owned(), ..Settings::default() }, position);
        stream.feed(&text.as_bytes()[usize::try_from(position.offset).expect("small")..], Duration::ZERO, &mut take);
        stream.finish(Duration::ZERO, &mut take);
        let of = |incidents: &[Incident]| incidents.iter().map(|one| (one.pid, one.first_line)).collect::<Vec<_>>();
        assert_eq!(of(&both), of(&whole), "cut at {cut}, from {position:?}");
    }
}

#[test]
fn lines_are_counted_by_files_and_a_kill_may_stand_in_two() {
    let (mut stream, mut told) = (new(), Vec::new());
    let text = format!("{}{}", ordinary(5000, 1), kill(9, 2));
    let (old, new) = text.split_at(text.len() - 700);
    stream.feed(old.as_bytes(), seconds(1.0), &mut |incident| told.push(incident));
    stream.next_file(seconds(1.1));
    stream.feed(format!("{new}{}{}", ordinary(100, 3), kill(10, 4)).as_bytes(), seconds(1.2), &mut |incident| {
        told.push(incident)
    });
    stream.finish(seconds(2.0), &mut |incident| told.push(incident));
    let places: Vec<_> = told.iter().map(|one| (one.pid, one.first_line)).collect();
    let behind = new.lines().count() as u64 + 101;
    assert_eq!(places, [(Some(9), 5001), (Some(10), behind)]);
}

#[test]
fn garbage_neither_grows_nor_ends_it() {
    let mut stream = new();
    let mut told = Vec::new();
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    let mut most = 0;
    for round in 0..40_u64 {
        let mut garbage: Vec<u8> = Vec::with_capacity(1 << 18);
        while garbage.len() < 1 << 18 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let bytes = random.to_le_bytes();
            // By turns: anything, no line ends, nothing but line ends, zeros.
            match round % 4 {
                0 => garbage.extend(bytes),
                1 => garbage.extend(bytes.map(|byte| byte | 0x20)),
                2 => garbage.extend([b'\n'; 64]),
                _ => garbage.extend([0; 64]),
            }
        }
        stream.feed(&garbage, seconds(round as f64 / 100.0), &mut |incident| told.push(incident));
        most = most.max(stream.held());
    }
    stream.feed(b"\n", seconds(1.0), &mut |incident| told.push(incident));
    stream.feed(kill(5, 1).as_bytes(), seconds(1.0), &mut |incident| told.push(incident));
    stream.tick(seconds(9.0), &mut |incident| told.push(incident));
    assert_eq!(told.iter().map(|one| one.pid).collect::<Vec<_>>(), [Some(5)], "{told:?}");
    assert!(most < 16 << 20, "{most} bytes");
}

#[test]
fn what_is_told_again_and_again_neither_waits_for_ever_nor_grows() {
    let (mut stream, mut told, mut most) = (new(), Vec::new(), 0);
    for tenth in 0..350_u32 {
        let line =
            format!("Exception in thread \"worker-{}\" java.lang.OutOfMemoryError: Java heap space\n", tenth % 7);
        let text = line + &ordinary(25, tenth / 10 % 60);
        stream.feed(text.as_bytes(), seconds(f64::from(tenth) / 10.0), &mut |incident| told.push(incident));
        most = most.max(stream.held());
    }
    assert!((1..=60).contains(&told.len()), "{} in 35 s", told.len());
    assert!(most < 16 << 20, "{most} bytes");
}
