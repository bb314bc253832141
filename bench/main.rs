//! Measures the analyzer on generated text: natively as a program, in a browser as exported functions. `make bench`
//! builds and runs both and prints ratios of one run.

use oomscope::Analyzer;
use oomscope::i18n::Language;

/// Bytes fed at once, as the worker reads a blob.
const CHUNK: usize = 1 << 20;

/// Rows of `jstat -gc` of a busy JVM, about `bytes` of them: eden moves with every row, what a young collection moves with
/// every third, capacities and concurrent cycles now and then.
fn jstat_rows(bytes: usize) -> Vec<u8> {
    use std::io::Write as _;
    let mut out = Vec::with_capacity(bytes + 512);
    let header = "    S0C         S1C         S0U         S1U          EC           EU           OC           OU          MC         MU       CCSC      CCSU     YGC     YGCT     FGC    FGCT     CGC    CGCT       GCT   \n";
    out.extend_from_slice(b"$ jstat -gc 17692 1000\n");
    out.extend_from_slice(header.as_bytes());
    let mut row: u64 = 0;
    while out.len() < bytes {
        row += 1;
        let young = row / 3;
        let resized = (young / 50 % 4 * 1024) as f64;
        let eden = (row * 102_437) % 1_402_880;
        let survivors = (young * 3_970) % 20_480;
        let old = 512_003 + (young * 3_701) % 880_000;
        let class = young / 20 % 3_000;
        let cycles = row / 500;
        let (young_time, full_time, cycle_time) = (young as f64 * 0.005, 18.955, 7.467 + cycles as f64 * 0.014);
        let _ = writeln!(
            out,
            "{:>11.1} {:>11.1} {:>11.1} {:>11.1} {:>12.1} {:>12.1} {:>12.1} {:>12.1} {:>10.1} {:>10.1} {:>9.1} {:>9.1} {:>7} {:>8.3} {:>5} {:>8.3} {:>5} {:>8.3} {:>10.3}",
            0.0,
            2048.0 + resized,
            0.0,
            survivors as f64 / 10.0,
            140_288.0 + resized,
            eden as f64 / 10.0,
            139_264.0 + resized,
            old as f64 / 10.0,
            86_128.0,
            83_693.6 + class as f64 / 10.0,
            10_536.0,
            9_725.2 + class as f64 / 100.0,
            young,
            young_time,
            140,
            full_time,
            519 + cycles,
            cycle_time,
            young_time + full_time + cycle_time
        );
    }
    out
}

/// A unified GC log of G1, about `bytes` of it.
#[cfg(not(target_arch = "wasm32"))]
fn gc_log(bytes: usize) -> Vec<u8> {
    use std::io::Write as _;
    let mut out = Vec::with_capacity(bytes + 1024);
    out.extend_from_slice(b"[0.010s][info][gc] Using G1\n");
    let mut gc: u64 = 0;
    while out.len() < bytes {
        let t = gc as f64 * 0.25;
        let _ = writeln!(out, "[{t:.3}s][info][gc,start     ] GC({gc}) Pause Young (Normal) (G1 Evacuation Pause)");
        let _ = writeln!(out, "[{t:.3}s][info][gc,task      ] GC({gc}) Using 2 workers of 2 for evacuation");
        let _ = writeln!(out, "[{t:.3}s][info][gc,phases    ] GC({gc})   Pre Evacuate Collection Set: 0.1ms");
        let _ = writeln!(out, "[{t:.3}s][info][gc,phases    ] GC({gc})   Evacuate Collection Set: 2.4ms");
        let _ = writeln!(out, "[{t:.3}s][info][gc,heap      ] GC({gc}) Eden regions: 25->0(30)");
        let _ = writeln!(out, "[{t:.3}s][info][gc,heap      ] GC({gc}) Survivor regions: 2->3(4)");
        let _ = writeln!(out, "[{t:.3}s][info][gc,heap      ] GC({gc}) Old regions: 40->41");
        let _ = writeln!(
            out,
            "[{t:.3}s][info][gc,metaspace ] GC({gc}) Metaspace: 83693K(86128K)->83693K(86128K) NonClass: 73968K(75592K)->73968K(75592K) Class: 9725K(10536K)->9725K(10536K)"
        );
        let _ = writeln!(
            out,
            "[{t:.3}s][info][gc           ] GC({gc}) Pause Young (Normal) (G1 Evacuation Pause) {}M->{}M(256M) 2.{:03}ms",
            60 + gc % 100,
            40 + gc % 90,
            gc % 1000
        );
        let _ = writeln!(out, "[{t:.3}s][info][gc,cpu       ] GC({gc}) User=0.00s Sys=0.00s Real=0.01s");
        gc += 1;
    }
    out
}

/// Kernel reports with a process table each, about 18 kB a report.
#[cfg(not(target_arch = "wasm32"))]
fn oom_reports(reports: u32) -> Vec<u8> {
    use std::io::Write as _;
    let mut out = Vec::new();
    for report in 0..reports {
        let t = 81_250 + report * 60;
        let mut line = |text: String| {
            let _ = writeln!(out, "[{t}.400101] {text}");
        };
        line("java invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP), order=0, oom_score_adj=0".to_owned());
        line("CPU: 5 PID: 48301 Comm: java Not tainted 6.1.0-99-amd64 #1".to_owned());
        line("Mem-Info:".to_owned());
        line("active_anon:3801 inactive_anon:3990112 isolated_anon:0".to_owned());
        line("Node 0 Normal free:61200kB boost:0kB min:61440kB low:76800kB high:92160kB present:16777216kB managed:16384000kB".to_owned());
        line("Node 0 Normal: 1200*4kB (UME) 800*8kB (UME) 401*16kB (UM) = 61200kB".to_owned());
        line("4194304 pages RAM".to_owned());
        line("98304 pages reserved".to_owned());
        line("Tasks state (memory values in pages):".to_owned());
        line("[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name".to_owned());
        for row in 0..170 {
            line(format!(
                "[{:7}]  1000 {:5}  2334720    {:5}    94208        0             0 worker{row}",
                1000 + row,
                1000 + row,
                300 + row
            ));
        }
        line(format!(
            "[{:7}]  1000 {:5}  2334720  1020928  9437184        0             0 java",
            48_000 + report,
            48_000 + report
        ));
        line(format!(
            "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/a,task=java,pid={},uid=1000",
            48_000 + report
        ));
        line(format!(
            "Out of memory: Killed process {} (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB, UID:1000 pgtables:9216kB oom_score_adj:0",
            48_000 + report
        ));
    }
    out
}

/// A text of about so many bytes, of lines by their number.
fn lines(bytes: usize, line: impl Fn(u64) -> String) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes + 4096);
    (0..)
        .take_while(|nth| {
            out.extend_from_slice(line(*nth).as_bytes());
            out.push(b'\n');
            out.len() < bytes
        })
        .for_each(drop);
    out
}

/// The time of day of a line.
fn time(line: u64) -> String {
    format!("{:02}:{:02}:{:02}", line / 3600 % 24, line / 60 % 60, line % 60)
}

/// A realistic mix, a thousand lines of a kind at a time: `syslog`, the log of a web server, and an application's log with stack traces
/// and Korean text.
fn mix(bytes: usize) -> Vec<u8> {
    lines(bytes, |nth| {
        let (time, id) = (time(nth), nth.wrapping_mul(7919) % 90_000);
        match (nth / 1000 % 3, nth % 20) {
            (0, 0) => format!("Aug  5 {time} web01 kernel: [{nth}.400101] eth0: link up, 1000Mbps"),
            (0, 1..=6) => format!("Aug  5 {time} web01 systemd[1]: Started Session {id} of user deploy."),
            (0, 7..=12) => format!("Aug  5 {time} web01 CRON[{id}]: (root) CMD (run-parts /etc/cron.hourly)"),
            (0, _) => {
                format!("Aug  5 {time} web01 sshd[{id}]: Accepted publickey for deploy from 10.0.3.7 port {id} ssh2")
            }
            (1, _) => format!(
                "10.0.3.{} - - [05/Aug/2025:{time} +0000] \"GET /api/v1/items/{id} HTTP/1.1\" 200 {id} \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"",
                nth % 250
            ),
            (_, 0) => {
                let calls = (0..20)
                    .map(|at| format!("\n\tat com.example.orders.OrderService.save{at}(OrderService.java:{id})"));
                let calls: String = calls.collect();
                format!(
                    "2025-08-05 {time}.123 ERROR [exec-7] c.e.orders.OrderService - 주문 {id} 처리에 실패했습니다\ncom.example.orders.OrderNotFoundException: 주문 {id}{calls}"
                )
            }
            (_, 1..=9) => format!(
                "2025-08-05 {time}.123  INFO [exec-7] c.e.orders.OrderService - 주문 {id} 이(가) 저장되었습니다"
            ),
            _ => format!("2025-08-05 {time}.123  INFO [exec-7] c.e.orders.OrderController - Order {id} saved in 12 ms"),
        }
    })
}

/// The lines of that number.
#[cfg(not(target_arch = "wasm32"))]
type Made = fn(u64) -> String;

/// Inputs that cost more than they look.
#[cfg(not(target_arch = "wasm32"))]
const COSTLY: &[(&str, Made)] = &[
    ("NMT heads", |_| "Native Memory Tracking:\n\nTotal: reserved=9KB, committed=5KB".to_owned()),
    ("kills, each on its line", |nth| format!("[{nth}.400101] {}", kill(nth))),
    ("kills, hundred on a line", |nth| (0..100).map(|at| kill(nth * 100 + at) + " ").collect()),
    ("OutOfMemoryErrors", |nth| {
        format!("java.lang.OutOfMemoryError: Java heap space\n\tat com.example.Worker.run{nth}(Worker.java:12)")
    }),
    ("a journal in JSON", |nth| {
        format!(
            "{{\"__REALTIME_TIMESTAMP\":\"{}\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_HOSTNAME\":\"web01\",\"MESSAGE\":\"Accepted publickey for deploy from 10.0.3.7 port {nth} ssh2\"}}",
            1_754_366_400_000_000 + nth
        )
    }),
    ("lines without a date", |nth| format!("Order {nth} saved for customer {} in 12 ms", nth * 3)),
    ("sentences", |nth| format!("The order was kept by customer {nth}, who had paid for it and came back from lunch.")),
    ("random bytes", |nth| {
        let mut seed = nth + 1;
        let mut next = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            char::from((seed >> 40) as u8)
        };
        (0..256).map(|_| next()).collect()
    }),
];

#[cfg(not(target_arch = "wasm32"))]
fn kill(nth: u64) -> String {
    format!(
        "Out of memory: Killed process {} (java) total-vm:9338880kB, anon-rss:{}kB, file-rss:20480kB, shmem-rss:0kB",
        1000 + nth,
        4_063_232 + nth
    )
}

/// Journal lines of other programs.
fn foreign_chunk(first: u64) -> Vec<u8> {
    use std::io::Write as _;
    let mut out = Vec::with_capacity(CHUNK + 256);
    let mut line = first;
    while out.len() < CHUNK {
        let _ = writeln!(
            out,
            "Aug 05 {} web01 nginx[{}]: 192.0.2.{} - GET /images/{line} 200 {} \"Mozilla/5.0 (X11; Linux x86_64)\"",
            time(line),
            700 + line % 40,
            line % 250,
            300 + line % 90_000
        );
        line += 1;
    }
    out
}

/// Analyzes and answers with the number of readings, so that nothing is optimised away.
fn analyze(bytes: &[u8]) -> usize {
    let mut analyzer = Analyzer::new(Language::En);
    analyzer.open("bench");
    for chunk in bytes.chunks(CHUNK) {
        analyzer.feed(chunk);
    }
    let report = analyzer.finish().report;
    report.jstat.iter().map(|table| table.rows).sum::<usize>() + report.gc_events.len() + report.oom_kills.len()
}

/// The bare loop: every number of the text as a fixed decimal, into one column.
fn bare_loop(bytes: &[u8]) -> usize {
    let mut values: Vec<i64> = Vec::with_capacity(bytes.len() / 8);
    let mut value = 0_i64;
    let mut digits = 0_u32;
    for byte in bytes {
        match byte {
            b'0'..=b'9' => {
                value = value.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
                digits += 1;
            }
            b'.' => {}
            _ if digits > 0 => {
                values.push(value);
                (value, digits) = (0, 0);
            }
            _ => {}
        }
    }
    values.len()
}

fn newlines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// What `grep` does: lines with a word in them.
#[cfg(not(target_arch = "wasm32"))]
fn search(bytes: &[u8]) -> usize {
    memchr::memmem::find_iter(bytes, "Out of memory").count()
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    use std::time::Instant;
    let mib = |bytes: usize| bytes as f64 / 1e6;
    // The median of five runs, in MB/s.
    let speed = |bytes: &[u8], run: &dyn Fn(&[u8]) -> usize| {
        let mut seconds: Vec<f64> = (0..5)
            .map(|_| {
                let start = Instant::now();
                std::hint::black_box(run(std::hint::black_box(bytes)));
                start.elapsed().as_secs_f64()
            })
            .collect();
        seconds.sort_by(f64::total_cmp);
        mib(bytes.len()) / seconds[2]
    };
    let peak = || {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok()).map_or(0.0, |kib| kib / 1024.0)
    };
    // Memory first: later measurements hold their text in memory.
    let before = peak();
    let mut analyzer = Analyzer::new(Language::En);
    analyzer.open("journal");
    let chunk = foreign_chunk(0);
    let report = oom_reports(1);
    let start = Instant::now();
    let mut fed = 0;
    while fed < 1_000_000_000 {
        if fed / 100_000_000 != (fed + chunk.len()) / 100_000_000 {
            analyzer.feed(&report);
        }
        analyzer.feed(&chunk);
        fed += chunk.len();
    }
    let foreign_kills = analyzer.finish().report.oom_kills.len();
    let foreign = mib(fed) / start.elapsed().as_secs_f64();
    let foreign_peak = peak() - before;

    let rows = jstat_rows(100_000_000);
    let bare = speed(&rows, &bare_loop);
    let jstat = speed(&rows, &analyze);
    let count = speed(&rows, &newlines);
    drop(rows);
    let log = gc_log(100_000_000);
    let gc = speed(&log, &analyze);
    drop(log);
    let reports = oom_reports(200);
    let oom = speed(&reports, &analyze);
    let reports_ms = mib(reports.len()) / oom * 1e3;
    let journal = foreign_chunk(0).repeat(100);
    let journal_newlines = speed(&journal, &newlines);
    let journal_search = speed(&journal, &search);
    let journal_speed = speed(&journal, &analyze);
    drop(journal);
    let mixed = speed(&mix(50_000_000), &analyze);
    let costly: Vec<_> =
        COSTLY.iter().map(|(name, line)| (name, gc / speed(&lines(2_000_000, line), &analyze))).collect();
    let kills: Vec<f64> = [10_000, 100_000]
        .map(|kills| {
            let text: Vec<u8> = (0..kills).flat_map(|nth| (kill(nth) + "\n").into_bytes()).collect();
            mib(text.len()) / speed(&text, &analyze) * 1e3
        })
        .to_vec();
    let figures = serde_json::json!({
        "bare": bare, "jstat": jstat, "newlines": count, "gc": gc, "oom_ms": reports_ms, "oom_bytes": reports.len(),
        "foreign": foreign, "foreign_peak_mib": foreign_peak, "foreign_kills": foreign_kills,
        "journal": journal_speed, "journal_newlines": journal_newlines, "journal_search": journal_search, "mix": mixed,
        "costly": costly, "kills_ms": kills,
    });
    println!("{figures}");
}

#[cfg(target_arch = "wasm32")]
fn main() {}

/// What the benchmark page calls.
#[cfg(target_arch = "wasm32")]
mod page {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// See [`super::jstat_rows`].
    #[wasm_bindgen]
    pub fn jstat_rows(bytes: usize) -> Vec<u8> {
        super::jstat_rows(bytes)
    }

    /// A hundred times the journal's chunk.
    #[wasm_bindgen]
    pub fn journal() -> Vec<u8> {
        super::foreign_chunk(0).repeat(100)
    }

    /// See [`super::mix`].
    #[wasm_bindgen]
    pub fn mix(bytes: usize) -> Vec<u8> {
        super::mix(bytes)
    }

    /// See [`super::analyze`].
    #[wasm_bindgen]
    pub fn analyze(bytes: &[u8]) -> usize {
        oomscope::i18n::take(oomscope::i18n::carried());
        super::analyze(bytes)
    }

    /// See [`super::bare_loop`].
    #[wasm_bindgen]
    pub fn bare_loop(bytes: &[u8]) -> usize {
        super::bare_loop(bytes)
    }

    /// See [`super::newlines`].
    #[wasm_bindgen]
    pub fn newlines(bytes: &[u8]) -> usize {
        super::newlines(bytes)
    }
}

/// The timeline on a canvas, as the page draws it.
#[cfg(all(target_arch = "wasm32", feature = "web"))]
mod chart {
    use std::rc::Rc;

    use oomscope::chart::canvas::paint_timeline;
    use oomscope::chart::theme::{ChartTheme, Role};
    use oomscope::chart::timeline::{Clock, Lane, LaneId, Legend, Section, Series, Style, Timeline, Unit, View};
    use oomscope::i18n::Language;
    use oomscope::timeline::reduce::{Pyramid, Times};
    use wasm_bindgen::prelude::wasm_bindgen;
    use web_sys::HtmlCanvasElement;

    const ROLES: [Role; 6] = [Role::Old, Role::Eden, Role::Metaspace, Role::Resident, Role::Committed, Role::Kernel];

    /// Microseconds from sample to sample.
    const STEP: i64 = 1_000_000;

    /// A lane of six lines.
    #[wasm_bindgen]
    pub struct Chart {
        timeline: Timeline,
    }

    #[wasm_bindgen]
    impl Chart {
        /// Six series of so many samples: noise on waves.
        #[wasm_bindgen(constructor)]
        pub fn new(samples: usize) -> Chart {
            let times = Rc::new(Times::Even { start: 0, step: STEP, len: samples });
            let series = ROLES.iter().enumerate().map(|(nth, role)| {
                let mut seed = nth as u64 + 1;
                let values: Vec<f64> = (0..samples)
                    .map(|at| {
                        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                        let wave = (at as f64 / samples as f64 * 40.0 + nth as f64).sin();
                        ((nth as f64 + 1.5 + wave) * 1e8) + (seed >> 40) as f64
                    })
                    .collect();
                Series {
                    role: *role,
                    label: role.name().to_owned(),
                    style: Style::Line,
                    times: Rc::clone(&times),
                    pyramid: Pyramid::of(&values),
                    values,
                    on: None,
                    places: Rc::default(),
                    is_still: false,
                }
            });
            let lane = Lane {
                id: LaneId::Heap,
                owner: String::new(),
                title: "Heap".to_owned(),
                unit: Unit::Bytes,
                height: 360.0,
                series: series.collect(),
                levels: Vec::new(),
                marks: Vec::new(),
                totals: Vec::new(),
                at_least: 0.0,
                leads: false,
            };
            let section = Section {
                id: "run".to_owned(),
                title: "bench".to_owned(),
                clock: Clock::Uptime,
                note: String::new(),
                extent: (0, STEP * samples as i64),
                lanes: vec![lane],
                bands: Vec::new(),
                samples: Vec::new(),
            };
            Chart {
                timeline: Timeline {
                    language: Language::En,
                    sections: vec![section],
                    by_hand: Vec::new(),
                    legend: Legend::default(),
                },
            }
        }

        /// Builds the pyramids of all series again; answers with their number.
        pub fn pyramids(&self) -> usize {
            let lanes = self.timeline.sections.iter().flat_map(|section| &section.lanes);
            let series = lanes.flat_map(|lane| &lane.series);
            series.filter(|series| std::hint::black_box(Pyramid::of(&series.values)) == series.pyramid).count()
        }

        /// Draws the part between two shares of the whole.
        pub fn draw(&self, canvas: &HtmlCanvasElement, width: f64, height: f64, from: f64, to: f64) {
            let Some(section) = self.timeline.sections.first() else { return };
            let at = |share: f64| (section.extent.1 as f64 * share) as i64;
            let view = View::default().with_range(section, at(from), at(to));
            let scene = self.timeline.scene(&view, width as usize);
            paint_timeline(canvas, &scene, ChartTheme::light(), (width, height), 1.0);
        }
    }
}
