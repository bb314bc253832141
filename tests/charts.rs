//! Pictures of whole reports: what stands in the scene, and how it is drawn.

use std::fmt::Write as _;

use oomscope::Analyzer;
use oomscope::chart::measured::Measured;
use oomscope::chart::memory::{MemoryLayout, MemoryScene, draw_memory, has_moments, moments};
use oomscope::chart::theme::ChartTheme;
use oomscope::chart::timeline::{BandKind, Clock, LaneId, Layout, Timeline, View, draw_timeline};
use oomscope::civil::Zone;
use oomscope::i18n::Language;
use oomscope::model::kind::EventKind;
use oomscope::model::oom::{OomKill, Victim};
use oomscope::report::Report;
use oomscope::units::{Bytes, Micros};
use plotters::prelude::{IntoDrawingArea, SVGBackend};

fn analyze(text: &str, language: Language) -> Report {
    let mut analyzer = Analyzer::new(language);
    analyzer.open("paste");
    analyzer.feed(text.as_bytes());
    analyzer.finish().report
}

fn case(path: &str) -> Report {
    let path = format!("{}/tests/corpus/{path}/input.log", env!("CARGO_MANIFEST_DIR"));
    analyze(&std::fs::read_to_string(path).expect("a case of the corpus"), Language::En)
}

/// A kill with a time, and twelve samples without one.
fn idle_after_a_kill(language: Language) -> Report {
    let row = "0.0   1024.0  0.0   1024.0 156672.0 26624.0   104448.0   89281.0   86128.0 83693.6 10536.0 9725.2    958    5.534  140    18.955  519     7.467   31.956\n";
    let text = format!(
        "$ sudo jstat -gc 17692 1000\n S0C    S1C    S0U    S1U      EC       EU        OC         OU       MC     MU    CCSC   CCSU   YGC     YGCT    FGC    FGCT    CGC    CGCT     GCT\n{}",
        row.repeat(12)
    );
    let mut report = analyze(&text, language);
    report.oom_kills = vec![OomKill {
        time: Some(Micros(1_669_188_942_203_997)),
        victims: vec![Victim {
            pid: 16021,
            name: "java".into(),
            anon_rss: Bytes::from_kib(699_868),
            line: 40,
            ..Victim::default()
        }],
        first_line: 40,
        last_line: 40,
        ..OomKill::default()
    }];
    report
}

/// A scene for people: one line per lane, curve, band and mark.
fn describe(report: &Report) -> String {
    let timeline = Timeline::of(report, Language::En);
    let scene = timeline.scene(&View::default(), 640);
    let mut out = String::new();
    for section in &scene.sections {
        let _ = writeln!(out, "{} [{}] {}", section.title, section.note, section.id);
        let ticks: Vec<&str> = section.ticks.iter().map(|tick| tick.label.as_str()).collect();
        let _ = writeln!(out, "  axis: {}", ticks.join(" | "));
        for band in &section.bands {
            let (from, to) =
                (timeline.time_in_words(section.clock, band.from), timeline.time_in_words(section.clock, band.to));
            let _ = writeln!(out, "  {:?}: {} ({from} to {to}), line {}", band.kind, band.label, band.span.line);
        }
        for lane in &section.lanes {
            let ticks: Vec<&str> = lane.ticks.iter().map(|tick| tick.label.as_str()).collect();
            let _ = writeln!(out, "  {} {}: {}", lane.owner, lane.title, ticks.join(" | "));
            for mark in &lane.marks {
                let _ = writeln!(out, "    mark {}, line {}", mark.detail, mark.span.line);
            }
            for curve in lane.curves.iter().rev() {
                let points: Vec<_> = curve.pieces.iter().flatten().collect();
                let lines =
                    points.first().map(|point| point.place.line).zip(points.last().map(|point| point.place.line));
                let (first, last) = lines.unwrap_or_default();
                let _ = writeln!(
                    out,
                    "    {:?} {} {}: {} points in {} pieces, lines {first} to {last}",
                    curve.style,
                    curve.label,
                    curve.figure,
                    points.len(),
                    curve.pieces.len()
                );
            }
            for level in lane.levels.iter().chain(&lane.beyond) {
                let _ = writeln!(out, "    level {}", level.label);
            }
            for total in &lane.totals {
                let _ = writeln!(out, "    total {}, line {}", total.label, total.span.line);
            }
        }
    }
    let _ = writeln!(out, "summary: {}", scene.summary);
    out
}

fn timeline_svg(report: &Report, language: Language, width: u32, theme: &ChartTheme) -> String {
    let timeline = Timeline::of(report, language);
    let scene = timeline.scene(&View::default(), width as usize);
    let height = Layout::of(&scene, f64::from(width), theme).height.ceil() as u32;
    let mut out = String::new();
    {
        let area = Measured::svg(SVGBackend::with_string(&mut out, (width, height))).into_drawing_area();
        draw_timeline(&area, &scene, theme).expect("draws");
        area.present().expect("writes");
    }
    out
}

fn memory_svg(report: &Report, language: Language, width: u32, theme: &ChartTheme) -> String {
    let scene = MemoryScene::of(report, language);
    let height = MemoryLayout::of(&scene, f64::from(width), theme).height.ceil() as u32;
    let mut out = String::new();
    {
        let area = Measured::svg(SVGBackend::with_string(&mut out, (width, height))).into_drawing_area();
        draw_memory(&area, &scene, theme).expect("draws");
        area.present().expect("writes");
    }
    out
}

#[test]
fn a_dated_kill_and_undated_samples_never_share_an_axis() {
    let report = idle_after_a_kill(Language::En);
    let timeline = Timeline::of(&report, Language::En);
    let clocks: Vec<Clock> = timeline.sections.iter().map(|section| section.clock).collect();
    assert_eq!(clocks, [Clock::Utc(Zone::default()), Clock::FromFirst]);
    assert!(timeline.sections[1].note.starts_with("clock unknown"), "{}", timeline.sections[1].note);
    insta::assert_snapshot!(describe(&report));
}

#[test]
fn identical_samples_are_one_counted_band() {
    let timeline = Timeline::of(&idle_after_a_kill(Language::En), Language::En);
    let band = &timeline.sections[1].bands[0];
    assert_eq!((band.kind, band.label.as_str()), (BandKind::Identical, "12 identical samples"));
    assert_eq!((band.from, band.to), (0, 11_000_000));
}

#[test]
fn without_a_time_base_there_is_no_rate() {
    let text = "S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT CGC CGCT GCT\n\
        0.0 1024.0 0.0 1024.0 156672.0 0.0 104448.0 89281.0 86128.0 83693.6 10536.0 9725.2 958 5.534 140 18.955 519 7.467 31.956\n\
        0.0 1024.0 0.0 1024.0 156672.0 9000.0 104448.0 89281.0 86128.0 83693.6 10536.0 9725.2 959 5.544 140 18.955 519 7.467 31.966\n";
    let timeline = Timeline::of(&analyze(text, Language::En), Language::En);
    let section = &timeline.sections[0];
    assert_eq!(section.clock, Clock::Order);
    assert!(section.lanes.iter().all(|lane| lane.id != LaneId::Rates));
    let collections = section.lanes.iter().find(|lane| lane.id == LaneId::Collections).expect("counters moved");
    assert_eq!(collections.title, "Time in GC per sample");
    assert_eq!(
        collections.series.iter().find(|series| series.label == "young GCs").map(|s| s.values[1]),
        Some(10_000.0)
    );
}

#[test]
fn real_runs_of_several_collectors() {
    for case_name in
        ["g1-jdk25-heap-killed", "serial-jdk17-heap-space", "z-jdk25-heap-killed", "shenandoah-jdk17-heap-killed"]
    {
        let jstat_only: Report = {
            let mut report = case(&format!("incident/{case_name}"));
            // Each reader has its own tests; this one is about what becomes of the tables.
            report = Report { runs: report.runs, jstat: report.jstat, ..Report::default() };
            report
        };
        insta::assert_snapshot!(case_name, describe(&jstat_only));
    }
}

#[test]
fn the_picture_of_an_idle_process_after_a_kill() {
    let english = idle_after_a_kill(Language::En);
    let korean = idle_after_a_kill(Language::Ko);
    insta::assert_snapshot!("idle-720-light", timeline_svg(&english, Language::En, 720, &ChartTheme::light()));
    insta::assert_snapshot!("idle-360-dark", timeline_svg(&korean, Language::Ko, 360, &ChartTheme::dark()));
}

#[test]
fn labels_stay_inside_the_picture_and_do_not_touch() {
    use oomscope::chart::measured::text_width;
    use oomscope::chart::timeline::Align;
    for language in Language::ALL {
        for width in [320.0, 360.0, 720.0, 1280.0] {
            let timeline = Timeline::of(&idle_after_a_kill(language), language);
            let layout = Layout::of(&timeline.scene(&View::default(), width as usize), width, &ChartTheme::light());
            let boxes: Vec<(f64, f64, f64, &str)> = layout
                .labels
                .iter()
                .map(|label| {
                    let wide = text_width(&label.text, 11.0);
                    let left = match label.align {
                        Align::Start => label.x,
                        Align::Middle => label.x - wide / 2.0,
                        Align::End => label.x - wide,
                    };
                    (left, left + wide, label.y, label.text.as_str())
                })
                .collect();
            for (at, a) in boxes.iter().enumerate() {
                assert!(
                    a.0 >= -0.5 && a.1 <= width + 0.5 && a.2 < layout.height,
                    "{} leaves the picture at {width}",
                    a.3
                );
                for b in &boxes[at + 1..] {
                    let apart = a.1 <= b.0 || b.1 <= a.0 || (a.2 - b.2).abs() >= 10.0;
                    assert!(apart, "{:?} touches {:?} at {width}", a, b);
                }
            }
        }
    }
}

/// What the kernel killed, and what NMT said of another process.
fn kill_beside_nmt(language: Language, nmt_pid: Option<u32>) -> Report {
    let heading = nmt_pid.map(|pid| format!("{pid}:\n\n")).unwrap_or_default();
    let text = format!(
        "{heading}Native Memory Tracking:\n\n\
         Total: reserved=2082907KB +15KB, committed=448079KB +79KB\n\n\
         -                 Java Heap (reserved=524288KB, committed=262144KB)\n\
         \x20                           (mmap: reserved=524288KB, committed=262144KB)\n\n\
         -                     Class (reserved=1118043KB, committed=77903KB)\n\
         \x20                           (classes #14122)\n\n\
         -                    Thread (reserved=102637KB, committed=5125KB)\n\
         \x20                           (thread #50)\n\n\
         -                      Code (reserved=249109KB +9KB, committed=23805KB +73KB)\n\n\
         -                        GC (reserved=57974KB +1KB, committed=48246KB +1KB)\n\n\
         -                  Compiler (reserved=178KB, committed=178KB)\n\n\
         -                  Internal (reserved=1039KB, committed=1039KB)\n\n\
         -                     Other (reserved=8275KB, committed=8275KB)\n\n\
         -                    Symbol (reserved=17138KB, committed=17138KB)\n\n\
         -    Native Memory Tracking (reserved=3663KB +5KB, committed=3663KB +5KB)\n\n\
         -               Arena Chunk (reserved=178KB, committed=178KB)\n\n\
         -                    Module (reserved=194KB, committed=194KB)\n\n\
         -              Synchronizer (reserved=162KB, committed=162KB)\n\n"
    );
    Report { oom_kills: idle_after_a_kill(language).oom_kills, ..analyze(&text, language) }
}

/// A scene for people: one line per bar and part.
fn describe_memory(scene: &MemoryScene) -> String {
    let mut out = String::new();
    for picture in &scene.pictures {
        let _ = writeln!(out, "{} [{}]", picture.title, picture.note);
        for bar in &picture.bars {
            let line = bar.span.map_or(0, |span| span.line);
            let _ = write!(out, "  {}: {}, line {line}", bar.label, bar.value);
            let _ = writeln!(
                out,
                "{}",
                bar.reserved.map_or(String::new(), |reserved| format!(", outline {} bytes", reserved.0))
            );
            if let Some(gap) = &bar.gap {
                let _ = writeln!(out, "    gap: {} {} bytes", gap.label, gap.size.0);
            }
            for part in bar.parts.iter().filter(|_| bar.parts.len() > 1) {
                let _ = writeln!(out, "    {} {} bytes, {:?}", part.label, part.size.0, part.pattern);
            }
        }
        for wall in &picture.walls {
            let beyond = if wall.is_beyond { ", beyond the scale" } else { "" };
            let _ = writeln!(out, "  wall: {}{beyond}", wall.label);
        }
        for remark in &picture.remarks {
            let _ = writeln!(out, "  {}", remark.text);
        }
    }
    let _ = writeln!(out, "summary: {}", scene.summary);
    out
}

fn assert_parts_add_up(scene: &MemoryScene, what: &str) {
    for picture in &scene.pictures {
        for bar in &picture.bars {
            if let Some(total) = bar.total {
                let sum: i128 = bar.parts.iter().map(|part| i128::from(part.size.0)).sum();
                assert_eq!(sum, i128::from(total.0), "{what}: {}: {}", picture.title, bar.label);
            }
            assert!(
                bar.parts.iter().all(|part| part.from <= part.to && part.to <= picture.top),
                "{what}: {}",
                bar.label
            );
        }
    }
}

#[test]
fn the_parts_of_every_bar_add_up() {
    let mut cases = 0;
    for folder in ["incident", "oom-killer", "nmt", "jstat", "host"] {
        let path = format!("{}/tests/corpus/{folder}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(path).expect("a folder of the corpus") {
            let path = entry.expect("an entry").path().join("input.log");
            let text = String::from_utf8_lossy(&std::fs::read(&path).expect("a case")).into_owned();
            assert_parts_add_up(
                &MemoryScene::of(&analyze(&text, Language::En), Language::En),
                &path.display().to_string(),
            );
            cases += 1;
        }
    }
    assert!(cases > 20);
    assert_parts_add_up(&MemoryScene::of(&kill_beside_nmt(Language::En, None), Language::En), "kill beside NMT");
}

#[test]
fn another_process_is_only_a_comparison() {
    let scene = MemoryScene::of(&kill_beside_nmt(Language::En, None), Language::En);
    let remark = &scene.pictures[0].remarks[0].text;
    assert!(remark.starts_with("Perhaps not the same process: pid 16021 and a process of unknown pid."), "{remark}");
    assert!(remark.contains("+245.9 MiB"), "{remark}");
    insta::assert_snapshot!(describe_memory(&scene));
}

#[test]
fn of_one_process_the_difference_is_named() {
    let scene = MemoryScene::of(&kill_beside_nmt(Language::En, Some(16021)), Language::En);
    let bars: Vec<&str> = scene.pictures[0].bars.iter().map(|bar| bar.label.as_str()).collect();
    assert_eq!(bars, ["committed, by NMT", "java, pid 16021"], "one question");
    assert_eq!(scene.pictures[1].bars[0].label, "Java Heap", "another one");
    let gap = scene.pictures[0].bars[0].gap.as_ref().expect("it stands in the room of the shorter bar");
    assert_eq!((gap.label.as_str(), gap.size.0), ("not explained by NMT", 251_789 * 1024));
    assert_eq!((gap.from, gap.to), (448_079.0 * 1024.0, 699_868.0 * 1024.0));
    let told: Vec<_> = scene.table().into_iter().filter(|row| row.bar == "not explained by NMT").collect();
    assert_eq!(told.iter().map(|row| row.size.as_str()).collect::<Vec<_>>(), ["251,789 KiB"], "in the table, too");
    assert!(scene.summary.contains("not explained by NMT +245.9 MiB"), "{}", scene.summary);
}

#[test]
fn what_a_process_is_held_against_is_a_wall_or_named_at_the_end_of_the_scale() {
    let walls = |scene: &MemoryScene, id: &str| -> Vec<(String, bool)> {
        let picture = scene.pictures.iter().find(|picture| picture.id.starts_with(id)).expect("a picture");
        picture.walls.iter().map(|wall| (wall.label.clone(), wall.is_beyond)).collect()
    };
    let report = case("incident/g1-jdk17-heap-killed");
    let scene = MemoryScene::of(&report, Language::En);
    assert_eq!(walls(&scene, "nmt"), [("limit 256.0 MiB".to_owned(), false)]);
    let container = &scene.pictures[0];
    assert!(
        container.remarks[0].text.starts_with("RSS of java, pid 15767 is above the limit of 256.0 MiB: mapped files")
    );
    // Of a machine that is much larger only the name fits the scale.
    let mut large = kill_beside_nmt(Language::En, Some(16021));
    large.oom_kills[0].ram = Bytes::from_kib(64 << 20);
    let scene = MemoryScene::of(&large, Language::En);
    assert_eq!(walls(&scene, "nmt"), [("RAM 64.0 GiB".to_owned(), true)]);
    let layout = MemoryLayout::of(&scene, 720.0, &ChartTheme::light());
    assert!(layout.labels.iter().any(|label| label.text == "RAM 64.0 GiB, beyond this scale →"));
    large.oom_kills[0].ram = Bytes::from_kib(1 << 20);
    assert_eq!(walls(&MemoryScene::of(&large, Language::En), "nmt"), [("RAM 1.0 GiB".to_owned(), false)]);
}

#[test]
fn what_cannot_be_is_told_and_not_drawn() {
    let mut report = kill_beside_nmt(Language::En, Some(16021));
    let huge = Some(Bytes(u64::MAX - 4095));
    report.nmt[0].categories[1].committed = huge;
    let victim = &mut report.oom_kills[0].victims[0];
    victim.total_vm = Bytes::from_kib(600_000);
    let scene = MemoryScene::of(&report, Language::En);
    assert_parts_add_up(&scene, "impossible");
    let bars = || scene.pictures.iter().flat_map(|picture| &picture.bars);
    let class = bars().find(|bar| bar.label == "Class").expect("it is told");
    assert_eq!((class.parts.len(), class.value.as_str()), (0, "16.0 EiB: cannot be"));
    let killed = bars().find(|bar| bar.label == "java, pid 16021").expect("it is told");
    assert_eq!((killed.parts.len(), killed.value.as_str()), (0, "683.5 MiB: cannot be"));
    assert!(bars().all(|bar| bar.gap.is_none()), "and nothing is held against it");
}

#[test]
fn parts_are_labelled_where_they_stand() {
    let scene = MemoryScene::of(&case("jstat/jdk17-gc-g1"), Language::En);
    let layout = MemoryLayout::of(&scene, 900.0, &ChartTheme::light());
    let on =
        |text: &str| layout.labels.iter().find(|label| label.text.starts_with(text)).map(|label| label.kind.name());
    assert_eq!(on("old generation in use"), Some("part"));
    assert!(layout.labels.iter().all(|label| label.kind.name() != "legend"), "no looking up of colours");
}

#[test]
fn a_gigabyte_of_reserved_address_space_does_not_crush_the_rest() {
    let scene = MemoryScene::of(&kill_beside_nmt(Language::En, None), Language::En);
    let picture = &scene.pictures[1];
    assert!(picture.top < 720.0 * 1024.0 * 1024.0, "{}", picture.top);
    let layout = MemoryLayout::of(&scene, 720.0, &ChartTheme::light());
    let at = picture.bars.iter().position(|bar| bar.label == "Class").expect("a category");
    assert_eq!(layout.pictures[1].bars[at].reserved, Some((layout.pictures[1].right, true)));
}

#[test]
fn the_picture_of_a_kill_beside_nmt() {
    let (english, korean) = (kill_beside_nmt(Language::En, None), kill_beside_nmt(Language::Ko, None));
    insta::assert_snapshot!("memory-720-light", memory_svg(&english, Language::En, 720, &ChartTheme::light()));
    insta::assert_snapshot!("memory-360-dark", memory_svg(&korean, Language::Ko, 360, &ChartTheme::dark()));
}

/// Two kills, two readings of the machine and three snapshots, as they were captured.
#[test]
fn every_moment_can_be_looked_at_alone() {
    let report = case("incident/g1-jdk17-heap-killed");
    let mut out = String::new();
    for moment in moments(&report) {
        let (id, label) = (moment.id(), moment.label(&report, Language::En));
        let scene = MemoryScene::at(&report, Language::En, &id).expect("a moment has pictures");
        assert_parts_add_up(&scene, &id);
        let _ = writeln!(out, "{id} = {label}");
        for picture in &scene.pictures {
            let bars: Vec<String> = picture
                .bars
                .iter()
                .filter(|bar| !bar.is_row)
                .map(|bar| format!("{}: {} (line {})", bar.label, bar.value, bar.span.map_or(0, |span| span.line)))
                .collect();
            let _ = writeln!(out, "  {}: {}", picture.title, bars.join(", "));
        }
    }
    insta::assert_snapshot!(out);
    for nonsense in ["", "kill", "kill-0", "kill-2", "nmt-99999999999999999999", "reading-1", "heap--1"] {
        assert_eq!(MemoryScene::at(&report, Language::En, nonsense), None, "{nonsense}");
    }
}

#[test]
fn a_container_alone_is_shown_by_its_last_reading_and_a_limit_alone_is_no_picture() {
    let stats = "CONTAINER ID   NAME     CPU %     MEM USAGE / LIMIT   MEM %     NET I/O   BLOCK I/O   PIDS\n1a2b3c4d5e6f   orders   12.00%    300MiB / 512MiB     58.59%    0B / 0B   0B / 0B     41\n";
    let report = analyze(stats, Language::En);
    let scene = MemoryScene::of(&report, Language::En);
    assert!(has_moments(&report));
    assert_eq!(scene.pictures.iter().map(|picture| picture.id.as_str()).collect::<Vec<_>>(), ["container"]);
    assert_parts_add_up(&scene, "docker stats");

    let report = analyze("$ docker run -m 512m -e JAVA_OPTS=-Xmx256m orders\n", Language::En);
    assert!(!report.host.is_empty());
    assert!(!has_moments(&report));
    assert!(MemoryScene::of(&report, Language::En).is_empty());
}

#[test]
fn many_kills_are_shown_one_by_one_and_of_all_the_first_and_the_last() {
    let kills: Vec<OomKill> = idle_after_a_kill(Language::En).oom_kills.into_iter().cycle().take(50).collect();
    let report = Report { oom_kills: kills, ..Report::default() };
    assert_eq!(moments(&report).len(), 50);
    assert!(MemoryScene::of(&report, Language::En).pictures.len() <= 2);
    let last = MemoryScene::at(&report, Language::En, "kill-50").expect("a kill");
    assert_eq!(last.pictures[0].bars[0].value, "683.5 MiB resident");
}

#[test]
fn what_a_tool_answered_is_no_event() {
    let report = case("incident/g1-jdk25-heap-killed");
    assert!(report.events.iter().any(|event| event.kind == EventKind::NmtBaseline), "the case has such an answer");
    let scene = describe(&report);
    assert!(scene.contains("killed java") && !scene.contains("baseline"), "{scene}");
}

#[test]
fn an_error_amid_a_log_stands_between_its_neighbours_and_gets_no_time_of_its_own() {
    let report = case("gc-log/jdk17-g1-gc");
    let timeline = Timeline::of(&report, Language::En);
    let [section] = timeline.sections.as_slice() else { panic!("one axis: {:?}", timeline.sections.len()) };
    assert_eq!(section.clock, Clock::Uptime);
    let marks: Vec<_> =
        section.lanes.iter().filter(|lane| lane.id == LaneId::Events).flat_map(|lane| &lane.marks).collect();
    assert_eq!(marks.len(), 3);
    for mark in &marks {
        let (from, to) = mark.between.expect("nobody measured it");
        assert!(from <= mark.at && mark.at <= to, "{mark:?}");
    }
    let scene = timeline.scene(&View::default(), 900);
    let label = &scene.sections[0].lanes[0].marks[0].label;
    let said = "between 4.975 s and 4.996 s: java.lang.OutOfMemoryError thrown from the UncaughtExceptionHandler";
    assert!(label.starts_with(said), "{label}");
    assert!(timeline.summary().contains("between 4.975 s and 4.996 s"), "{}", timeline.summary());
    let events = timeline.rows(&timeline.tables()[0], 0, 100);
    assert!(events.iter().any(|row| row.cells[0] == "between 4.975 s and 4.996 s"), "{events:?}");
    assert!(
        report.java_errors.iter().all(|error| error.time.is_none() && error.uptime.is_none()),
        "nothing is put into the report"
    );
}

#[test]
fn what_happened_at_no_known_time_stands_on_no_axis() {
    let alone = analyze("Exception in thread \"main\" java.lang.OutOfMemoryError: Metaspace\n", Language::En);
    assert_eq!(alone.java_errors.len(), 1);
    assert!(Timeline::of(&alone, Language::En).is_empty());
    // Far from the lines of the log, and in another file's.
    for text in [
        format!("[1.000s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 20M->10M(64M) 4.123ms\n{}Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n[9.000s][info][gc] GC(1) Pause Young (Normal) (G1 Evacuation Pause) 20M->10M(64M) 4.123ms\n", "words of a program\n".repeat(90)),
        "[1.000s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 20M->10M(64M) 4.123ms\n[9.000s][info][gc] GC(1) Pause Young (Normal) (G1 Evacuation Pause) 20M->10M(64M) 4.123ms\n$ cat java.log\nException in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n".to_owned(),
    ] {
        let report = analyze(&text, Language::En);
        assert_eq!((report.java_errors.len(), report.gc_events.len()), (1, 2));
        let timeline = Timeline::of(&report, Language::En);
        assert_eq!(timeline.sections.iter().flat_map(|section| &section.lanes).map(|lane| lane.marks.len()).sum::<usize>(), 0);
    }
}

#[test]
fn the_lane_of_what_ran_out_comes_first_and_has_its_limit() {
    let first = |path: &str| {
        let timeline = Timeline::of(&case(path), Language::En);
        let lanes = timeline
            .sections
            .iter()
            .flat_map(|section| section.lanes.iter().find(|lane| lane.id != LaneId::Events).into_iter());
        let lane = lanes.into_iter().find(|lane| lane.leads).unwrap_or_else(|| panic!("{path}")).clone();
        (lane.id, lane.levels.first().map(|level| (level.label.clone(), level.span.is_some())))
    };
    let limit = |text: &str| Some((text.to_owned(), true));
    assert_eq!(first("incident/g1-jdk17-metaspace-error"), (LaneId::Metaspace, limit("maximum 64.0 MiB")));
    assert_eq!(first("incident/g1-jdk17-direct-oom"), (LaneId::Direct, limit("maximum 96.0 MiB")));
    assert_eq!(first("incident/serial-jdk17-heap-space"), (LaneId::Heap, limit("maximum 128.0 MiB")));
}

#[test]
fn what_is_missing_of_a_cut_summary_is_drawn_and_told_once_at_the_picture() {
    let path = format!("{}/tests/corpus/nmt/jdk21-summary/input.log", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a case of the corpus");
    let cut: String = text.lines().take(42).map(|line| format!("{line}\n")).collect();
    let report = analyze(&cut, Language::En);
    let scene = MemoryScene::of(&report, Language::En);
    assert_parts_add_up(&scene, "cut");
    let picture = &scene.pictures[0];
    assert!(
        picture.note.starts_with("309.3 MiB of the printed total is in categories that are not in the input."),
        "{}",
        picture.note
    );
    let part = picture.bars[0].parts.last().expect("parts");
    assert_eq!((part.label.as_str(), part.size.0), ("not in the input", 316_685 * 1024));
    let row = picture.bars.last().expect("a row of its own");
    assert_eq!((row.label.as_str(), row.value.as_str(), row.is_row), ("not in the input", "309.3 MiB", true));
    let told = report.warnings.iter().filter(|warning| warning.text.contains("differ")).count();
    assert_eq!(told, 1, "{:?}", report.warnings);
    let whole = MemoryScene::of(&analyze(&text, Language::En), Language::En);
    assert!(whole.pictures.iter().flat_map(|picture| &picture.bars).all(|bar| bar.label != "not in the input"));
}

#[test]
fn a_single_moment_has_all_its_words_however_narrow_the_picture_is() {
    let timeline = Timeline::of(&idle_after_a_kill(Language::En), Language::En);
    let layout = Layout::of(&timeline.scene(&View::default(), 320), 320.0, &ChartTheme::light());
    let words: Vec<&str> =
        layout.labels.iter().filter(|label| label.kind.name() == "mark").map(|label| label.text.as_str()).collect();
    assert_eq!(words.join(" "), "2022-11-23 07:35:42 UTC: killed java (pid 16021), 683.5 MiB resident");
}

#[test]
fn of_failures_that_stand_close_together_the_last_is_named_and_nothing_is_written_over() {
    let timeline = Timeline::of(&case("gc-log/jdk17-g1-gc"), Language::En);
    let layout = Layout::of(&timeline.scene(&View::default(), 900), 900.0, &ChartTheme::light());
    let lane = layout.sections[0].lanes.iter().find(|lane| lane.id == LaneId::GcPauses).expect("pauses");
    let named: Vec<f64> =
        layout.labels.iter().filter(|label| label.text == "To-space exhausted").map(|label| label.x).collect();
    assert!(lane.marks.len() > 5 && (1..lane.marks.len()).contains(&named.len()), "{named:?}");
    for x in named {
        let over = lane.marks.iter().filter(|(mark, ..)| (x..x + 90.0).contains(mark));
        assert_eq!(over.count(), 0, "a mark over the words at {x}");
    }
    assert!(lane.marks.iter().all(|(_, y, _)| *y < lane.top), "above the plot");
}
