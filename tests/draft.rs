//! The first real input: a whole draft post with one kill line, one NMT diff, one capacity table, and two `jstat` runs amid
//! prose. What it must give, fact by fact.

use oomscope::analysis::statement::Statement;
use oomscope::analysis::verdict::Outcome;
use oomscope::i18n::Language;
use oomscope::model::jstat::JstatTable;
use oomscope::model::oom::OomScope;
use oomscope::report::Report;
use oomscope::units::{Bytes, Micros, SignedBytes};

fn draft() -> Report {
    draft_and("")
}

/// The draft with something below it.
fn draft_and(more: &str) -> Report {
    let mut analyzer = oomscope::Analyzer::new(Language::En);
    analyzer.open("draft-post.md");
    analyzer.feed(include_bytes!("corpus/mixed/draft-post/input.log"));
    analyzer.feed(more.as_bytes());
    analyzer.finish().report
}

fn kib(size: u64) -> Option<Bytes> {
    Bytes::from_kib(size)
}

#[test]
fn the_four_processes_stay_apart() {
    let pids: Vec<Option<u32>> = draft().runs.iter().map(|run| run.pid).collect();
    assert_eq!(pids, [Some(16021), None, Some(17692), Some(17978)]);
}

#[test]
fn the_kill_has_its_time_its_sizes_and_its_lines() {
    let report = draft();
    let [kill] = report.oom_kills.as_slice() else { panic!("one kill, not {}", report.oom_kills.len()) };
    assert_eq!(kill.time, Some(Micros(1_669_188_942_203_997)), "2022-11-23 07:35:42.203997 UTC");
    assert_eq!(kill.uptime, Some(Micros(0x68_0b78_ad03)), "the cursor's m=");
    assert_eq!(kill.scope, OomScope::Global);
    let [victim] = kill.victims.as_slice() else { panic!("one victim") };
    assert_eq!((victim.pid, victim.name.as_str(), victim.uid), (16021, "java", Some(0)));
    assert_eq!((victim.anon_rss, victim.total_vm), (kib(699_868), kib(3_328_880)));
    assert_eq!((victim.file_rss, victim.shmem_rss, victim.pgtables), (kib(0), kib(0), kib(2004)));
    assert_eq!(victim.oom_score_adj, Some(0));
    let place = victim.at.get("anon_rss").expect("a place");
    let line =
        include_str!("corpus/mixed/draft-post/input.log").lines().nth(place.line as usize - 1).expect("the line");
    assert!(
        line.get(place.start as usize..place.end as usize).is_some_and(|text| text.starts_with("699868")),
        "{line}"
    );
}

#[test]
fn the_nmt_diff_adds_up_and_counts_nothing_twice() {
    let report = draft();
    let [snapshot] = report.nmt.as_slice() else { panic!("one snapshot, not {}", report.nmt.len()) };
    assert_eq!((snapshot.kind.as_str(), snapshot.pid, snapshot.complete), ("summary.diff", None, true));
    let total = &snapshot.total;
    assert_eq!((total.reserved, total.committed), (kib(2_082_907), kib(448_079)));
    assert_eq!(
        (total.reserved_delta, total.committed_delta),
        (Some(SignedBytes(15 * 1024)), Some(SignedBytes(79 * 1024)))
    );
    assert_eq!(snapshot.categories.len(), 16);
    let sum: u64 =
        snapshot.categories.iter().filter_map(|category| category.committed).map(|bytes| bytes.0 / 1024).sum();
    assert_eq!(sum, 448_081, "two KB of rounding");
    let named = |name: &str| snapshot.categories.iter().find(|category| category.name == name).expect("a category");
    assert_eq!((named("Java Heap").reserved, named("Java Heap").committed), (kib(524_288), kib(262_144)));
    assert_eq!(named("Thread").threads, Some(50));
    assert_eq!(named("Class").spaces.len(), 2);
    let run = report.runs.iter().find(|run| run.id == snapshot.run).expect("its run");
    assert_eq!(run.max_heap, kib(524_288));
}

fn gc_table(report: &Report, pid: u32) -> &JstatTable {
    report.jstat.iter().find(|table| table.pid == Some(pid) && table.option == "gc").expect("a table")
}

#[test]
fn the_idle_tables_keep_their_counters_and_their_maximum() {
    let report = draft();
    let first = gc_table(&report, 17692);
    assert_eq!((first.rows, first.interval, first.collector.as_deref()), (12, Some(Micros(1_000_000)), Some("G1")));
    let value = |table: &JstatTable, name| table.value(name, table.rows - 1);
    let of_first = ["YGC", "YGCT", "FGC", "FGCT", "CGC", "OU", "OC"].map(|name| value(first, name));
    assert_eq!(of_first, [958.0, 5.534, 140.0, 18.955, 519.0, 89_281.0, 104_448.0].map(Some));
    let second = gc_table(&report, 17978);
    assert_eq!(second.rows, 6);
    let of_second = ["YGC", "FGC", "FGCT", "OU", "OC"].map(|name| value(second, name));
    assert_eq!(of_second, [877.0, 220.0, 21.972, 51_078.3, 206_848.0].map(Some));
    let run = report.runs.iter().find(|run| run.id == first.run).expect("its run");
    assert_eq!(run.max_heap, kib(262_144), "both maxima of G1 are the whole heap");
}

#[test]
fn nothing_else_is_taken_for_an_event_or_an_error() {
    let report = draft();
    assert_eq!(report.warnings, []);
    assert_eq!(report.java_errors, [], "prose that speaks of an error is not one");
    assert_eq!(report.gc_events, []);
    assert!(report.events.is_empty(), "{:?}", report.events);
    // What its words state of the maximum heap, the machine, and its load is no measurement.
    let stated: Vec<(&str, u64, u32)> = report
        .host
        .iter()
        .flat_map(|host| host.sizes.iter().map(|(name, size)| (name.as_str(), size.0 >> 20, host.first_line)))
        .collect();
    assert_eq!(stated, [("stated_heap_max", 256, 34), ("stated_ram", 1024, 3), ("stated_swap", 2048, 60)]);
    let counted: Vec<_> = report.host.iter().flat_map(|host| &host.counts).collect();
    assert_eq!(counted, [(&"stated_requests".to_owned(), &20)]);
}

#[test]
fn the_verdict_says_who_was_killed_and_why_and_what_decides() {
    let verdict = draft().verdict;
    let said = |statements: &[Statement]| statements.iter().map(|one| one.say(Language::En)).collect::<Vec<_>>();
    assert_eq!(verdict.outcome, Outcome::Killed);
    assert_eq!(verdict.headline.say(Language::En), "The machine ran out of memory, and the kernel killed java");
    assert_eq!(said(&verdict.subject), ["java, pid 16021", "2022-11-23 07:35:42 UTC"]);
    let lede = said(&verdict.lede).join(" ");
    assert!(["683.5 MiB", "437.6 MiB", "245.9 MiB"].iter().all(|size| lede.contains(size)), "{lede}");
    // It was 256 MiB or 512 MiB of heap; only the options of the killed run tell.
    let explanations = said(&verdict.explanations);
    assert!(explanations.len() == 2, "{explanations:?}");
    assert!(explanations[0].contains("512.0 MiB") && explanations[1].contains("256.0 MiB"), "{explanations:?}");
    // The maximum of 17692 is printed.
    let open = verdict.open.expect("an open question");
    assert_eq!((open.key.as_str(), open.command.as_str()), ("gap.flags", "jcmd 17978 VM.flags"));
    assert!(
        verdict.actions.iter().all(|action| !action.say(Language::En).contains("-Xmx254m")),
        "one case is not the answer"
    );
}

#[test]
fn swap_is_assumed_only_until_free_shows_it() {
    let caveat = |report: &Report| {
        let caveats = report.sizing.iter().flat_map(|sizing| &sizing.caveats);
        let keys = caveats.map(|caveat| caveat.key.clone());
        keys.filter(|key| key.starts_with("sizing.caveat.swap") || key == "sizing.caveat.wall").collect::<Vec<_>>()
    };
    let free = |swap: &str| {
        format!(
            "\n$ free -m\n              total        used        free      shared  buff/cache   available\n\
             Mem:            964         811          50          12         103          60\nSwap:          {swap}\n"
        )
    };
    assert_eq!(caveat(&draft()), ["sizing.caveat.swap-unknown"]);
    assert_eq!(caveat(&draft_and(&free("   0           0           0"))), ["sizing.caveat.wall"]);
    assert_eq!(caveat(&draft_and(&free("1024         100         924"))), ["sizing.caveat.swap"]);
}
