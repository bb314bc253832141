//! What an expert says of small incidents: above each test the judgement, in it the facts that findings must state, and those that
//! they must not.

#[path = "support/corpus.rs"]
mod corpus;

use oomscope::analysis::finding::{Finding, Severity};
use oomscope::analysis::statement::Quantity;
use oomscope::analysis::statement::Statement;
use oomscope::analysis::verdict::Outcome;
use oomscope::i18n::Language;
use oomscope::report::Report;

/// A report, to be held against a judgement.
struct Judged {
    name: String,
    report: Report,
}

/// The report of a case.
fn judge(name: &str) -> Judged {
    let path = format!("{}/tests/judgement/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    Judged { name: name.to_owned(), report: corpus::read(&text) }
}

/// The report of a variation of a case.
fn judge_text(name: &str, text: &str) -> Judged {
    Judged { name: name.to_owned(), report: corpus::read(text.as_bytes()) }
}

/// A case with some of its words replaced.
fn judge_with(name: &str, replace: &[(&str, &str)]) -> Judged {
    let path = format!("{}/tests/judgement/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    let mut text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    for (from, to) in replace {
        assert!(text.contains(from), "{name} has no {from}");
        text = text.replace(from, to);
    }
    judge_text(&format!("{name} with {replace:?}"), &text)
}

impl Judged {
    fn all(&self) -> String {
        self.report.findings.iter().map(|f| format!("\n{:?} {} {}", f.severity, f.statement.key, f.claim)).collect()
    }

    /// The only finding of a rule, of that severity and with that key.
    fn finds(&self, rule: &str, severity: Severity, key: &str) -> Found<'_> {
        let mut of_rule = self.report.findings.iter().filter(|finding| finding.rule.name() == rule);
        let Some(finding) = of_rule.next() else { panic!("{}: no {rule} in:{}", self.name, self.all()) };
        assert!(of_rule.next().is_none(), "{}: more than one {rule} in:{}", self.name, self.all());
        let expected = (severity, format!("rule.{key}"));
        assert_eq!((finding.severity, finding.statement.key.clone()), expected, "{}:{}", self.name, self.all());
        for language in Language::ALL {
            let said = |statement: &Statement| assert!(!statement.say(language).contains(['{', '}']), "{statement:?}");
            said(&finding.statement);
            finding.rivals.iter().chain(&finding.next).for_each(said);
        }
        Found { finding }
    }

    /// So many processes.
    fn runs(&self, count: usize) -> &Judged {
        assert_eq!(self.report.runs.len(), count, "{}: {:#?}", self.name, self.report.runs);
        self
    }

    /// No finding of these rules.
    fn silent(&self, rules: &[&str]) -> &Judged {
        for finding in &self.report.findings {
            assert!(!rules.contains(&finding.rule.name()), "{}: {} in:{}", self.name, finding.rule, self.all());
        }
        self
    }
}

struct Found<'a> {
    finding: &'a Finding,
}

impl Found<'_> {
    /// A value of the claim, as it is said in English.
    fn with(&self, name: &str, value: &str) -> &Self {
        let found = self.finding.statement.values.get(name).map(|value| value.quantity.text(Language::En));
        assert_eq!(found.as_deref(), Some(value), "{name} of {}", self.finding.claim);
        self
    }

    /// A next step whose command or words hold this.
    fn asks(&self, words: &str) -> &Self {
        let all: Vec<&str> = self.finding.next.iter().map(|next| next.text.as_str()).collect();
        assert!(all.iter().any(|next| next.contains(words)), "{words} in {all:?}");
        self
    }

    /// No next step with this.
    fn does_not_ask(&self, words: &str) -> &Self {
        let all: Vec<&str> = self.finding.next.iter().map(|next| next.text.as_str()).collect();
        assert!(!all.iter().any(|next| next.contains(words)), "{words} in {all:?}");
        self
    }
}

/// `jstat -gcutil`: old generation 100 % in six samples, a full GC in each of the five intervals, 1.7 s each: the heap is
/// exhausted, 87 % of the time goes into full GCs. Not: that nothing was found.
#[test]
fn a_full_old_generation_in_every_sample_is_an_exhausted_heap() {
    let case = judge("gcutil-heap-exhausted");
    let full = case.finds("heap-full-after-collecting", Severity::Critical, "heap-full-after-collecting.rows");
    full.with("count", "6").with("full", "5").with("share", "100.0%");
    case.finds("full-collection-thrash", Severity::Critical, "full-collection-thrash").with("count", "5");
}

/// The same by `jstat -gc`, three samples a millisecond apart: 1.5 GiB of old generation full, and two million full GCs that took
/// eight days of the process's life. Not: a share of three milliseconds.
#[test]
fn counters_of_a_whole_life_tell_an_exhausted_heap() {
    let case = judge("gc-old-100-percent");
    case.finds("heap-full-after-collecting", Severity::Critical, "heap-full-after-collecting.rows").with("full", "2");
    case.finds("many-full-collections", Severity::Warning, "many-full-collections.pid").with("full", "2,104,669");
    case.silent(&["full-collection-thrash", "gc-share-of-time", "heap-has-headroom"]);
}

/// A log of JDK 8 without flags: ParallelGC's old generation has 683 MiB and is 99.8 % full after each of three full GCs. The
/// young generation is empty then, so that 682 of 966 MiB in use looks like room, which it is not.
#[test]
fn an_old_generation_is_held_against_its_own_capacity() {
    let case = judge("gc-log-old-gen-full");
    let full = case.finds("heap-full-after-collecting", Severity::Critical, "heap-full-after-collecting.old");
    full.with("share", "99.8%").with("after", "681.4 MiB").with("heap", "683.0 MiB");
}

/// Full GCs four times a second while the old generation is 38 % full: the heap is not the reason. Code calls `System.gc()`, or
/// classes reach the metaspace's threshold; `jstat -gccause` says which. Not: see what fills the heap.
#[test]
fn thrash_with_room_in_the_old_generation_is_not_the_heaps_fault() {
    let case = judge("thrash-with-old-gen-a-third-full");
    let thrash = case.finds("full-collection-thrash", Severity::Critical, "full-collection-thrash.room");
    thrash.with("count", "16").with("old", "37.8%").asks("jstat -gccause 22109").does_not_ask("histogram");
    case.silent(&["heap-full-after-collecting"]);
}

/// Three equal samples a quarter of a second apart, all spaces full, full GCs of 5 s: they were taken within one full GC. The
/// heap is exhausted: 10,510 full GCs for 276 young ones. Not: idle or hung.
#[test]
fn equal_samples_of_a_full_heap_lie_within_one_full_gc() {
    let case = judge("same-samples-inside-a-full-gc");
    case.finds("counters-do-not-move", Severity::Notice, "counters-do-not-move.full-gc").with("mean", "5.07 s");
    let full = case.finds("heap-full-after-collecting", Severity::Critical, "heap-full-after-collecting.counters");
    full.with("full", "10,510");
    // Over a minute, or with room, the same counters are those of an idle or hung JVM.
    let slow = judge_with("same-samples-inside-a-full-gc", &[("1002 250 20", "1002 30000 20")]);
    slow.finds("counters-do-not-move", Severity::Notice, "counters-do-not-move.pid");
    let roomy = judge_with("same-samples-inside-a-full-gc", &[("0.00 100.00 100.00", "0.00  40.00  50.00")]);
    roomy.finds("counters-do-not-move", Severity::Notice, "counters-do-not-move.pid");
    roomy.silent(&["heap-full-after-collecting"]);
}

/// `docker run -m 512M`, a JVM of JDK 8 that prints a maximum heap of 1.95 GiB, OOMKilled: the JVM does not see its limit. Set
/// `-Xmx`, or a newer JDK. Not: that the heap had room.
#[test]
fn a_default_heap_above_the_limit_means_a_jvm_that_does_not_see_it() {
    let case = judge("default-heap-above-limit");
    let unaware = case.finds("container-unaware-jdk", Severity::Critical, "container-unaware-jdk.default");
    unaware.with("heap", "1.9 GiB").with("limit", "512.0 MiB").asks("-Xmx");
    judge_with("default-heap-above-limit", &[("2092957696", "133169152")]).silent(&["container-unaware-jdk"]);
}

/// JDK 21 on a kernel of 2025: "controller memory is not enabled", a default heap of 14.7 GiB in a container of 4 GiB, and the
/// kernel's kill. The JVM sizes itself by the node. Not: that 3.2 GiB of heap would do, without saying that it sees no limit.
#[test]
fn a_jvm_that_finds_no_memory_controller_says_so() {
    let case = judge("unaware-jvm-of-kernel-6.12");
    let unaware = case.finds("container-unaware-jdk", Severity::Critical, "container-unaware-jdk.controller");
    unaware.with("heap", "14.7 GiB").with("limit", "4.0 GiB").asks("JDK-8349988");
    case.finds("container-limit-reached", Severity::Critical, "container-limit-reached.unnamed");
}

/// A pod in CrashLoopBackOff: 512 MiB of heap in a limit of 384 MiB, OOMKilled after 15 s, six times. That is critical. Where
/// another container was killed, it is a warning.
#[test]
fn a_heap_above_the_limit_of_a_container_that_was_killed_is_critical() {
    let case = judge("oomkilled-with-limit-below-heap");
    let limit =
        case.finds("limit-below-heap-plus-native", Severity::Critical, "limit-below-heap-plus-native.heap-alone");
    limit.with("heap", "512.0 MiB").with("limit", "384.0 MiB").with("over", "128.0 MiB");
    let alive = judge_with("oomkilled-with-limit-below-heap", &[("OOMKilled", "Error"), ("137", "1")]);
    alive.finds("limit-below-heap-plus-native", Severity::Warning, "limit-below-heap-plus-native.heap-alone");
}

/// `cp` in a control group of version 1: 495 of 512 MiB are page cache, nearly all of it waiting to be written. The processes hold
/// half a MiB. Not: that cp needs more memory, or anything of a heap.
#[test]
fn page_cache_that_fills_a_limit_is_told() {
    let case = judge("cgroup-v1-cache");
    let cache = case.finds("page-cache-fills-limit", Severity::Warning, "page-cache-fills-limit.dirty");
    cache.with("cache", "495.3 MiB").with("limit", "512.0 MiB").with("dirty", "491.5 MiB");
    assert!(case.report.sizing.is_none(), "nothing here is a JVM");
}

/// The system refused memory with errno 1: a permission. Not: that memory was short.
#[test]
fn a_permission_is_no_lack_of_memory() {
    let text = "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00007fd4e61b8000, 188416, 1) failed; \
                error='Operation not permitted' (errno=1)\n";
    let case = judge_text("errno 1", text);
    case.finds("memory-refused", Severity::Critical, "memory-refused.permission").asks("seccomp");
}

/// One full GC of 3.07 s, 2,811 MiB before and after: the longest stop, and it freed nothing. In a heap of 4 GiB that is no lack of
/// room yet; what is live must be looked at. Not: only a row of a table.
#[test]
fn a_long_stop_that_freed_nothing_is_told() {
    let case = judge("longest-stop");
    let stop = case.finds("longest-stop", Severity::Warning, "longest-stop.vain");
    stop.with("time", "3.07 s").with("after", "2.7 GiB");
}

/// Elasticsearch prints its own share: 3.5 of 3.9 s, 5.2 of 5.5 s, 1.4 of 1.4 minutes, within 111 s. Hardly anything else runs. Not: no finding.
#[test]
fn a_program_that_prints_its_share_is_believed() {
    let case = judge("monitor-that-prints-its-share");
    let share = case.finds("gc-share-of-time", Severity::Critical, "gc-share-of-time.monitor");
    share.with("time", "92.7 s").with("span", "110.7 s").with("share", "83.7%");
    let full = case.finds("heap-full-after-collecting", Severity::Critical, "heap-full-after-collecting.monitor");
    full.with("after", "9.7 GiB").with("heap", "9.7 GiB");
}

/// Two full GCs for humongous objects leave 381 of 512 MiB, and then heap space runs out: the room is there, but not in one piece.
/// Smaller arrays or larger regions. Not: only "the heap was full".
#[test]
fn full_collections_for_humongous_objects_are_named() {
    let case = judge("humongous-full-collection");
    let full = case.finds("humongous-allocations", Severity::Warning, "humongous-allocations.full.vain");
    full.with("count", "2").with("after", "381.0 MiB").with("heap", "512.0 MiB").asks("G1HeapRegionSize");
    case.finds("heap-exhausted", Severity::Critical, "heap-exhausted.heap-space");
}

/// CMS: a promotion of 820 MiB failed with 7.7 GiB free in the old generation. That is fragmentation, and a stop of 31 s. Not: no
/// room.
#[test]
fn a_promotion_that_fails_with_room_left_is_fragmentation() {
    let case = judge("fragmentation");
    let failed = case.finds("to-space-exhausted", Severity::Warning, "to-space-exhausted.fragmented");
    failed.with("free", "7.7 GiB").with("young", "820.2 MiB").asks("CMSInitiatingOccupancyFraction");
    case.finds("longest-stop", Severity::Warning, "longest-stop").with("time", "31.4 s");
}

/// A living JVM in a container: 704 MiB resident, 596 MiB committed by NMT. 107.9 MiB are outside of its own accounting: the C library,
/// native libraries, mapped files; `smaps_rollup` and `System.native_heap_info` tell. Not: only a picture.
#[test]
fn a_living_process_that_is_larger_than_its_nmt_is_told() {
    let case = judge("rss-minus-committed");
    let gap = case.finds("rss-not-explained-by-nmt", Severity::Notice, "rss-not-explained-by-nmt.living.pid");
    gap.with("rss", "704.1 MiB").with("committed", "596.2 MiB").with("gap", "107.9 MiB");
    gap.asks("/proc/1/smaps_rollup").asks("jcmd 1 System.native_heap_info");
}

/// A diff that is cut off after two categories: committed grew by 237 MiB, 155 MiB of it metadata of classes, while 1,417 classes fewer
/// are loaded. Class loaders pile up. Not: nothing, because the rest is missing.
#[test]
fn growth_that_a_cut_diff_prints_is_told() {
    let case = judge("printed-growth-in-a-cut-diff");
    let classes = case.finds("class-growth", Severity::Warning, "class-growth.fewer");
    classes.with("delta", "154.9 MiB").with("fewer", "1,417").asks("VM.classloader_stats");
    case.silent(&["native-memory-steady"]);
}

/// Two parts of one diff: the first shows +115 KiB, the second Internal with +85 MiB (direct buffers of JDK 8 and older count there).
/// Not: good news.
#[test]
fn growth_elsewhere_in_the_text_is_no_good_news() {
    let case = judge("good-news-beside-85-MiB-growth");
    case.silent(&["native-memory-steady"]);
    let part = case.finds("nmt-diff-growth", Severity::Warning, "nmt-diff-growth.part");
    part.with("area", "Internal").with("delta", "85.0 MiB").with("now", "96.5 MiB");
}

/// The kernel killed java (1235475) of a container; `docker exec … jcmd 1` shows 5.4 GiB of arenas of the compiler. Process 1 is
/// counted inside the container, so it is that container's JVM, or the one that took its place. Not: another process.
#[test]
fn process_1_of_a_container_is_not_called_another_process() {
    let case = judge("container-pid-1-called-another-process");
    case.finds("compiler-memory", Severity::Warning, "compiler-memory").with("committed", "5.4 GiB");
    let gap = case.finds("rss-not-explained-by-nmt", Severity::Warning, "rss-not-explained-by-nmt.container");
    gap.with("gap", "3.6 GiB");
    let sizing = case.report.sizing.as_ref().expect("a section");
    assert!(sizing.caveats.iter().all(|caveat| caveat.key != "sizing.caveat.nmt-of-other"), "{:?}", sizing.caveats);
}

/// ZGC reserves 16 TiB of address space for a heap of 3 GiB on a machine of 31 GiB. Not: a maximum heap of 16 TiB, and not that the
/// author is wrong about -Xmx3G.
#[test]
fn a_reservation_of_address_space_is_no_maximum_heap() {
    let case = judge("zgc-reservation");
    case.silent(&["heap-max-above-ram", "text-against-evidence"]);
    assert!(case.report.runs.iter().all(|run| run.max_heap.is_none()), "{:?}", case.report.runs);
    // A maximum that somebody set too large is one.
    let mistake = judge_with("zgc-reservation", &[("17179869184KB", "67108864KB"), ("17180282265KB", "67522265KB")]);
    mistake.finds("heap-max-above-ram", Severity::Warning, "heap-max-above-ram").with("heap", "64.0 GiB");
}

/// NMT with a chunk counter below zero (16 EiB) and arenas larger than the total: both cannot be. Stacks are 980 KiB a thread. Not: any
/// sum, severity, or figure per thread made of them.
#[test]
fn impossible_values_take_part_in_nothing() {
    let case = judge("category-larger-than-total");
    let broken = case.finds("impossible-value", Severity::Notice, "impossible-value");
    broken.with("area", "Arena Chunk").with("value", "16.0 EiB").with("total", "3.8 GiB");
    case.silent(&["thread-count", "direct-memory", "compiler-memory", "nmt-diff-growth"]);
    let sizing = case.report.sizing.as_ref().expect("a section");
    assert!(sizing.facts.areas.iter().all(|area| area.name != "Arena Chunk" && area.name != "Thread"), "{sizing:?}");
}

/// A report in GB: amounts are rounded by half a GiB. Nothing can be reckoned with it. Not: a maximum heap, a gap, memory outside.
#[test]
fn a_report_in_gigabytes_is_too_coarse_to_reckon_with() {
    let case = judge("gb-scale");
    let told = oomscope::export::text::write(&case.report, Language::En, None);
    assert!(told.contains("too coarse to check the sum") && !told.contains("the parts add up"), "{told}");
    case.silent(&["rss-not-explained-by-nmt", "limit-below-heap-plus-native", "impossible-value", "direct-memory"]);
    assert!(case.report.sizing.is_none() && case.report.runs.iter().all(|run| run.max_heap.is_none()));
}

/// The shell cannot fork, the JVM cannot start a thread and does not start: one process, and a limit of processes or tasks. Not: two
/// processes, and not a lack of heap.
#[test]
fn a_refused_start_and_its_reason_are_one_process() {
    let case = judge("startup-and-thread-error");
    case.runs(1).finds("memory-refused", Severity::Critical, "memory-refused.native-thread.startup").asks("ulimit -u");
}

/// Two excerpts of one log of JDK 8, the later one first: both say that the JVM started at 23:08:36.298. A stop of 94 s with 11.7 s of
/// processor time: swap, or starved processors. Not: two processes, and not work for a collector.
#[test]
fn excerpts_of_one_log_are_one_process() {
    let case = judge("two-excerpts-of-one-gc-log");
    let stop = case.runs(1).finds("longest-stop", Severity::Warning, "longest-stop.starved");
    stop.with("time", "94.3 s").with("cpu", "11.7 s").asks("vmstat");
    // A restart is another process.
    judge_with("two-excerpts-of-one-gc-log", &[("39018.975", "38918.975")]).runs(2);
}

/// A metaspace that is full, then lines of loaded classes, then the heap at exit, whose sizes are those of the last GC: one process.
#[test]
fn the_heap_at_exit_belongs_to_the_log_of_the_same_sizes() {
    let case = judge("heap-at-exit-behind-class-loading");
    case.runs(1).finds("memory-refused", Severity::Critical, "memory-refused.metaspace");
}

/// One sample of ZGC: 80 MiB in use at some moment. That is an upper bound of the live set. Not: at least 160 MiB are needed.
#[test]
fn an_upper_bound_gives_no_at_least() {
    let sizing = judge("at-least-from-an-upper-bound").report.sizing.expect("a section");
    assert_eq!(sizing.reason.key, "sizing.reason.no-wall.upper");
}

/// NMT alone, no machine, no limit: there is no ceiling. Not: that a ceiling moves.
#[test]
fn without_a_ceiling_none_moves() {
    let sizing = judge("sensitivity-without-a-ceiling").report.sizing.expect("a section");
    assert!(sizing.ceiling.is_none() && sizing.sensitivity.is_empty(), "{:?}", sizing.sensitivity);
}

/// Three kills of java in five weeks on a machine of 15 GiB, of which 2.1 GiB are available now. Whatever heap is advised must fit into
/// that. Not: a ceiling of 12.9 GiB.
#[test]
fn a_ceiling_lies_within_what_is_left() {
    let sizing = judge("three-chosen-one-told-ceiling-ignores-used").report.sizing.expect("a section");
    let available = 2138 << 20;
    assert!(sizing.ceiling.is_some_and(|ceiling| ceiling.0 < available), "{:?}", sizing.ceiling);
    assert!(sizing.caveats.iter().any(|caveat| caveat.key == "sizing.caveat.available"), "{:?}", sizing.caveats);
}

/// A pod of llama-server, killed at its limit. Nothing here is a JVM. Not: a heap size.
#[test]
fn what_is_no_jvm_gets_no_heap_size() {
    let case = judge("heap-advice-for-llama-server");
    assert!(case.report.sizing.is_none(), "{:?}", case.report.sizing);
    case.finds("container-limit-reached", Severity::Critical, "container-limit-reached.unnamed");
}

/// Where the present maximum does not fit below the limit, the limit that it needs is told.
#[test]
fn a_limit_that_would_fit_is_told() {
    let sizing = judge("oomkilled-with-limit-below-heap").report.sizing.expect("a section");
    let change = sizing.changes.first().expect("a change");
    assert_eq!(change.key, "sizing.change.limit-for-heap");
    let text = change.say(Language::En);
    assert!(text.contains("512.0 MiB") && text.contains("1.0 GiB"), "{text}");
}

/// A heap that full GCs leave full is too small, so that nothing smaller is advised.
#[test]
fn no_heap_is_advised_below_one_that_failed() {
    let sizing = judge("gc-old-100-percent").report.sizing.expect("a section");
    let had = (419_456 + 2 * 52_416 + 1_572_864) * 1024;
    assert!(sizing.floor.is_some_and(|floor| floor.0 > had), "{:?}", sizing.floor);
    assert_eq!(sizing.reason.key, "sizing.reason.no-wall");
}

/// A table of four minutes: quiet for three, then a full GC every other second. When it began is the first thing to know: look into
/// the application's log at that time. Not: an average over all of it.
#[test]
fn a_series_tells_when_it_began() {
    let mut table = String::from(
        "$ jstat -gcutil -t 4711 1000\n\
         Timestamp         S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     GCT\n",
    );
    for second in 0..240_u32 {
        let full = second.saturating_sub(180) / 2;
        let (young, time) = (100 + second / 5, f64::from(second / 5) * 0.01 + 1.0);
        let spent = f64::from(full) * 0.6;
        let (eden, old) = (f64::from(second % 5 * 20), 60.0 + f64::from(second) / 8.0);
        table.push_str(&format!(
            "{:>9.1}   0.00  12.50 {eden:>6.2} {old:>6.2}  95.00  90.00 {young:>6} {time:>8.3} {full:>6} {spent:>8.3} {:>9.3}\n",
            f64::from(3511 + second),
            time + spent
        ));
    }
    let onset = judge_text("a table of four minutes", &table);
    let onset = onset.finds("onset", Severity::Warning, "onset");
    onset.with("from", "61 min 32 s").with("what", "full GCs").with("after", "30.0%").with("before", "0.0%");
}

/// Full GCs without a break, each of which frees 4 of 346 MiB: the heap of this process is exhausted, though its maximum is nowhere.
/// Not: only a share of the time.
#[test]
fn full_gcs_that_free_next_to_nothing_are_told_as_such() {
    let case = judge("full-gcs-of-a-native-image");
    let thrash = case.finds("full-collection-thrash", Severity::Critical, "full-collection-thrash.vain");
    thrash.with("count", "5").with("after", "342.2 MiB");
}

/// `jcmd System.trim_native_heap` gave back 3.3 of 5.7 GiB: the C library had kept what was freed. That is the one measurement among
/// the rival explanations of resident memory outside of NMT. Not: a leak.
#[test]
fn what_the_c_library_gave_back_is_the_answer() {
    let text = "$ jcmd 10876 System.trim_native_heap\n10876:\nTrim native heap: RSS+Swap: 5832M->2410M (-3422M)\n";
    let kept = judge_text("trim", text);
    let kept = kept.finds("c-library-retains", Severity::Warning, "c-library-retains.trimmed");
    kept.with("freed", "3.3 GiB").with("before", "5.7 GiB").asks("MALLOC_ARENA_MAX=2");
}

/// The heap was full at 512 MiB because -Xmx is given twice and the last one counts; the error and the only JVM are one. Not: a heap of
/// 3 GiB, or a leak to be looked for first.
#[test]
fn of_two_maximum_heaps_the_last_is_the_one_that_was_full() {
    let case = judge("two-maximum-heaps");
    let verdict = &case.report.verdict;
    assert_eq!(verdict.headline.text, "The Java heap was full at its maximum of 512.0 MiB");
    assert!(verdict.lede.iter().any(|one| one.text.contains("-Xmx3072m and -Xmx512m; the last one counts")));
    assert_eq!(verdict.actions.first().map(|one| one.key.as_str()), Some("rule.flags-contradict.next"));
}

/// A post without any log: "since then we get java.lang.OutOfMemoryError: Metaspace every night". Only the words say it, so it is told
/// as said: what the error is, that no log shows it, that a larger heap does not help, and how the loaders are asked. Not: that nothing
/// was recognised, and not that metaspace *was* full.
#[test]
fn an_error_that_only_words_tell_is_told_as_said() {
    let case = judge("told-error");
    let told = case.finds("memory-refused", Severity::Warning, "memory-refused.told");
    told.with("message", "java.lang.OutOfMemoryError: Metaspace").asks("VM.classloader_stats");
    let verdict = &case.report.verdict;
    assert_eq!((verdict.headline.key.as_str(), verdict.outcome), ("verdict.headline.told", Outcome::OutOfMemory));
    assert_eq!(verdict.lede.first().map(|said| said.key.as_str()), Some("verdict.lede.told.refused"));
    assert!(!verdict.actions.is_empty());
    case.runs(0);
}

/// The same beside lines of logs. Of one kind the log's line is the error, and nothing is told twice; a kill, a log's error of another
/// kind, and a heap that was measured lead, and what words say is a finding that warns.
#[test]
fn what_logs_show_leads_before_what_words_tell() {
    let with = |log: &str| judge_with("told-error", &[("Grafana.\n", &format!("Grafana.\n\n{log}\n"))]);
    let same = with("Exception in thread \"main\" java.lang.OutOfMemoryError: Metaspace");
    same.finds("memory-refused", Severity::Critical, "memory-refused.metaspace");
    assert_eq!(same.report.java_errors.len(), 1);
    let other = with("Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space");
    other.finds("memory-refused", Severity::Warning, "memory-refused.told");
    assert_eq!(other.report.verdict.headline.key, "verdict.headline.heap");
    let killed = with("Out of memory: Killed process 4711 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:0kB");
    killed.finds("memory-refused", Severity::Warning, "memory-refused.told");
    assert_eq!(killed.report.verdict.outcome, Outcome::Killed);
}

/// A post without any log: the pod gets OOMKilled with exit code 137, the heap is set to 1536m. Only words say it: a kill for memory,
/// not an error of the JVM, and more than a signal from somebody. Look at the limit, and at what the JVM has outside of its heap. Not:
/// that nothing was recognised, that a line shows it, or an OutOfMemoryError.
#[test]
fn a_kill_that_only_words_tell_is_told_as_said() {
    let post = "# Pod keeps getting OOMKilled\n\nOur pod gets OOMKilled every few hours with exit code 137, and we set -Xmx1536m.\n";
    let case = judge_text("told kill", post);
    let verdict = &case.report.verdict;
    let said = "Reported in prose: A container was killed at its memory limit (OOMKilled)";
    assert_eq!((verdict.headline.text.as_str(), verdict.outcome), (said, Outcome::Killed));
    assert_eq!(verdict.lede.first().map(|said| said.key.as_str()), Some("verdict.lede.told.oomkilled"));
    assert_eq!(verdict.open.as_ref().map(|gap| gap.command.as_str()), Some("kubectl describe pod POD"));
    case.silent(&["heap-exhausted", "memory-refused"]);
    let shown = format!(
        "{post}\nState: OOMKilled\n    Last State:  Terminated\n      Reason:    OOMKilled\n      Exit Code: 137\n"
    );
    let shown = judge_text("shown kill", &shown);
    assert!(shown.report.events.iter().all(|event| !event.told), "{:?}", shown.report.events);
}

/// A pod whose limit, maximum heap, and machine the post states: none of them is asked for, here and where the report is shared. Ask for
/// what decides: how large the process was outside of its heap.
#[test]
fn what_words_state_is_not_asked_for() {
    let post = "Our pod was OOMKilled twice today.\nThe container limit is 2Gi, the node is a server with 16 GB of memory.\n\
                We set -Xmx1536m.\n";
    let case = judge_text("stated sizes", post);
    let asked = |report: &Report| report.gaps.iter().map(|gap| gap.key.clone()).collect::<Vec<_>>();
    for key in ["gap.limit", "gap.machine", "gap.flags", "gap.flags.next"] {
        assert!(!asked(&case.report).iter().any(|asked| asked == key), "{key}: {:?}", asked(&case.report));
    }
    let shared = oomscope::report::redact::redact(&case.report, false).report;
    assert_eq!(asked(&shared), asked(&case.report));
    assert_eq!(
        shared.sizing.map(|sizing| sizing.terms.len()),
        case.report.sizing.as_ref().map(|sizing| sizing.terms.len())
    );
    let bare = judge_text("no sizes", "Our pod was OOMKilled twice today.\n");
    assert!(asked(&bare.report).iter().any(|asked| asked == "gap.limit"));
}

/// A build whose Gradle daemon ran out of heap says so three times, and what its maximum is. That is one error at 512 MiB. Not: two
/// errors, a question for the maximum, or a second process.
#[test]
fn what_gradle_says_of_its_daemon_is_one_error_with_its_maximum() {
    let case = judge_text(
        "gradle",
        "> Task :app:compileJava\n\
        The Daemon will expire after the build after running out of JVM heap space.\n\
        The project memory settings are likely not configured or are configured to an insufficient value.\n\
        The currently configured max heap space is '512 MiB' and the configured max metaspace is '384 MiB'.\n\
        Daemon will be stopped at the end of the build after running out of JVM memory\n\n\
        * What went wrong:\nExecution failed for task ':app:compileJava'.\n> Java heap space\n",
    );
    case.runs(1);
    let found = case.finds("heap-exhausted", Severity::Critical, "heap-exhausted.heap-space.max");
    found.with("heap", "512.0 MiB").with("count", "1");
    assert_eq!(case.report.verdict.headline.text, "The Java heap was full at its maximum of 512.0 MiB");
    assert!(case.report.gaps.iter().all(|gap| !gap.key.starts_with("gap.flags")), "{:?}", case.report.gaps);
    let thrash = judge_text(
        "gradle thrash",
        "The Daemon will expire immediately since the JVM garbage collector is thrashing.\n",
    );
    thrash.finds("heap-exhausted", Severity::Critical, "heap-exhausted.gc-overhead");
    let both = judge_text(
        "gradle and java",
        "Expiring Daemon because JVM heap space is exhausted\n* What went wrong:\n\
        > java.lang.OutOfMemoryError: Java heap space\n",
    );
    both.finds("heap-exhausted", Severity::Critical, "heap-exhausted.heap-space")
        .with("message", "java.lang.OutOfMemoryError: Java heap space");
}

/// systemd says of app.service that the kernel killed in it, and the same of the manager of the user and of the slice around it. One end,
/// of app.service. Not: user.slice first, or three ends.
#[test]
fn the_slice_around_a_unit_is_no_other_end() {
    let line = |unit: &str| {
        format!("May 03 10:22:31 host1 systemd[1]: {unit}: A process of this unit has been killed by the OOM killer.\n")
    };
    let text = ["app.service", "user@1000.service", "user.slice"].map(line).concat();
    let case = judge_text("slice", &text);
    let said = |statements: &[Statement]| statements.iter().map(|one| one.text.clone()).collect::<String>();
    assert!(case.report.verdict.headline.text.ends_with(": app.service"), "{}", case.report.verdict.headline.text);
    assert!(!said(&case.report.verdict.lede).contains("user"), "{:?}", case.report.verdict.lede);
    let alone = judge_text("only the slice", &line("user.slice"));
    assert!(alone.report.verdict.headline.text.ends_with(": user.slice"));
}

/// The process behind the tag of what runs containers is not the JVM that they hold.
#[test]
fn the_tag_of_a_container_manager_is_not_the_jvm() {
    for tag in ["podman", "conmon", "crun", "logger", "cri-dockerd"] {
        let text = format!("May 03 10:20:01 host1 {tag}[43190]: java.lang.OutOfMemoryError: Java heap space\n");
        let report = judge_text(tag, &text).report;
        assert_eq!(report.java_errors.iter().map(|error| error.pid).collect::<Vec<_>>(), [None], "{tag}");
    }
}

/// A crash file of Windows: 252 MiB refused with 1 GiB of RAM free, and 7 MiB left of what RAM and paging file together may promise. The
/// paging file is too small. Not: RAM that was short, or a command of Linux.
#[test]
fn what_windows_had_left_to_promise_is_the_reason() {
    let file = "#\n# There is insufficient memory for the Java Runtime Environment to continue.\n\
        # Native memory allocation (mmap) failed to map 264241152 bytes for G1 virtual space\n\
        ---------------  S Y S T E M  ---------------\nOS:\n Windows 10 , 64 bit Build 19041 (10.0.19041.2364)\n\
        Memory: 4k page, system-wide physical 16222M (1048M free)\nTotalPageFile size 24414M (AvailPageFile size 7M)\n\
        current process WorkingSet (physical memory assigned to process): 12M, peak: 12M\n";
    let case = judge_text("paging file", file);
    let found = case.finds("memory-refused", Severity::Critical, "memory-refused.native.commit");
    found.with("free", "7.0 MiB").with("requested", "252.0 MiB").asks("tasklist");
    assert_eq!(case.report.verdict.headline.key, "verdict.headline.native.windows");
    let plenty =
        judge_text("paging file with room", &file.replace("AvailPageFile size 7M", "AvailPageFile size 9000M"));
    plenty.finds("memory-refused", Severity::Critical, "memory-refused.native");
}

/// A thread that did not start on a Mac, and the same where the text speaks of Windows: Linux's limits and commands are of no use there.
/// Where it speaks of containers, too, they are.
#[test]
fn limits_of_linux_are_named_on_linux_only() {
    let error = "java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached\n\
        [0.345s][warning][os,thread] Failed to start thread \"Unknown thread\" - pthread_create failed (EAGAIN) for attributes: stacksize: 1024k\n";
    let said = |report: &Report| {
        let texts = report.findings.iter().flat_map(|finding| finding.next.iter().chain([&finding.statement]));
        let texts: Vec<String> = texts.map(|one| one.say(Language::En)).collect();
        let commands = report.gaps.iter().map(|gap| gap.command.clone());
        texts.into_iter().chain(commands).collect::<Vec<_>>().join("\n")
    };
    let has_linux =
        |text: &str| ["pids.max", "ulimit", "TasksMax", "free -m", "journalctl"].iter().any(|word| text.contains(word));
    for place in [
        "It happens on my MacBook with macOS 14.\n",
        "We run it on Windows Server 2019.\n",
        "C:\\app>java -jar app.jar\n",
    ] {
        let text = said(&judge_text(place, &format!("{place}{error}")).report);
        assert!(!has_linux(&text), "{place}: {text}");
    }
    for place in ["", "On my MacBook the container dies.\n", "It works on Windows 10, and not on Ubuntu.\n"] {
        assert!(has_linux(&said(&judge_text(place, &format!("{place}{error}")).report)), "{place}");
    }
}

/// A kill line whose process somebody masked, and one that somebody made a comment: the kernel killed java. Not: nothing.
#[test]
fn a_kill_line_that_was_masked_or_commented_out_is_one() {
    let line =
        "Out of memory: Killed process 4711 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:0kB, shmem-rss:0kB";
    for mask in ["<pid>", "XXXX", "****", "[redacted]"] {
        let report = judge_text(mask, &line.replace("4711", mask)).report;
        assert_eq!(report.verdict.headline.text, "The OOM killer killed java", "{mask}");
        assert!(
            report.runs.is_empty() && report.verdict.figures.iter().any(|figure| figure.text.contains("3.9 GiB")),
            "{mask}"
        );
    }
    for mark in ["# ", "## ", "# [12345.678] ", "> # "] {
        let report = judge_text(mark, &format!("{mark}{line}\n")).report;
        assert_eq!(report.oom_kills.iter().map(|kill| kill.victims.len()).collect::<Vec<_>>(), [1], "{mark}");
    }
}

/// The line of a kill, and below it the whole report of the same one, which ends before its own line of the kill: one kill of a machine of
/// 7.8 GiB. Not: java chosen twice.
#[test]
fn the_line_of_a_kill_above_its_report_is_the_same_kill() {
    let at = "May  3 10:22:31 host kernel: ";
    let line = format!(
        "{at}Out of memory: Killed process 4711 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:0kB, shmem-rss:0kB\n"
    );
    let report: String = [
        "java invoked oom-killer: gfp_mask=0x100cca(GFP_HIGHUSER_MOVABLE), order=0, oom_score_adj=0",
        "Mem-Info:",
        "2097052 pages RAM",
        "53000 pages reserved",
        "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name",
        "[   4711]  1000  4711  2334720  1015808   900000        0             0 java",
        "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/,task=java,pid=4711,uid=1000",
    ]
    .map(|text| format!("{at}{text}\n"))
    .concat();
    for text in [format!("{line}\nAnd the whole report:\n\n{report}"), format!("{report}\nAnd the kill:\n\n{line}")] {
        let case = judge_text("above its report", &text).report;
        assert_eq!(case.oom_kills.len(), 1, "{:?}", case.oom_kills);
        let verdict = &case.verdict;
        assert!(verdict.lede.iter().all(|one| !one.text.contains("chose")), "{:?}", verdict.lede);
        assert!(verdict.figures.iter().any(|one| one.text.contains("7.8 GiB")), "{:?}", verdict.figures);
    }
    let other = format!("{}{report}", line.replace("4711", "4712"));
    assert_eq!(judge_text("another process", &other).report.oom_kills.len(), 2);
}

/// `ps` in the pod shows that java is process 67 below a script: no command names process 1.
#[test]
fn a_jvm_that_is_not_the_first_of_its_container_is_not_asked_as_the_first() {
    let text = "Name:         orders-7d9f\nContainers:\n  app:\n    State:          Running\n    Last State:     Terminated\n      Reason:       OOMKilled\n\
        \x20     Exit Code:    137\n    Limits:\n      memory:  1Gi\n$ kubectl exec orders-7d9f -- ps -ef\n\
        UID        PID  PPID  C STIME TTY          TIME CMD\nroot         1     0  0 09:00 ?        00:00:00 /bin/sh /entrypoint.sh\n\
        root        67     1 12 09:00 ?        00:10:00 java -Xmx900m -jar app.jar\n";
    let report = judge_text("below a script", text).report;
    let commands: Vec<&String> =
        report.gaps.iter().map(|gap| &gap.command).filter(|one| one.contains("jcmd")).collect();
    assert!(!commands.is_empty() && commands.iter().all(|one| !one.contains("jcmd 1 ")), "{commands:?}");
}

/// "OOM" alone may be an error of the JVM or a kill, so it is told as written, and with what tells them apart.
#[test]
fn an_oom_of_which_words_tell_no_more_is_not_decided() {
    let case = judge_text("told oom", "어제 새벽에 운영 서버에서 OOM이 발생했습니다. 서버 메모리는 8GB입니다.\n");
    case.finds("heap-exhausted", Severity::Warning, "heap-exhausted.told").with("message", "OOM");
    let verdict = &case.report.verdict;
    assert_eq!(verdict.lede.first().map(|said| said.key.as_str()), Some("verdict.lede.told.oom"));
    assert_eq!(verdict.actions.first().map(|said| said.key.as_str()), Some("verdict.action.message"));
}

/// A text that explains errors reports none.
#[test]
fn errors_that_a_text_explains_are_not_reported() {
    let case = judge("explained-error");
    case.silent(&["heap-exhausted", "memory-refused"]);
    assert_eq!(case.report.java_errors, []);
}

/// A pod of 512 MiB, OOMKilled, that sets no size but 90 % of its memory: that is a heap of 461 MiB, and the 51 MiB beside it hold no
/// JVM. Lower the percentage. Not: a question for the maximum, or advice to lower an -Xmx that nobody set.
#[test]
fn a_share_of_a_limit_is_a_maximum_heap() {
    let case = judge("share-of-a-pod");
    let close = case.finds("limit-below-heap-plus-native", Severity::Critical, "limit-below-heap-plus-native.close");
    close.with("heap", "460.8 MiB").with("left", "51.2 MiB").asks("-XX:MaxRAMPercentage").does_not_ask("-Xmx");
    let half = judge_with("share-of-a-pod", &[("90.0", "50.0")]);
    half.silent(&["limit-below-heap-plus-native", "heap-max-above-ram"]);
    assert_eq!(half.report.runs.first().and_then(|run| run.max_heap).map(|heap| heap.0 >> 20), Some(256));
    // A size goes before the share, and without a limit nothing is known of it.
    let sized = judge_with("share-of-a-pod", &[("-XX:+UseSerialGC", "-Xmx100m")]);
    assert_eq!(sized.report.runs.first().and_then(|run| run.max_heap).map(|heap| heap.0 >> 20), Some(100));
    let loose = judge_with("share-of-a-pod", &[("memory:  512Mi", "cpu:  1")]);
    assert_eq!(loose.report.runs.iter().map(|run| run.max_heap).collect::<Vec<_>>(), [None]);
    // An explicit memory counts as it is, also above the limit; where a fraction is set, a size is what to lower.
    let told = judge_with("share-of-a-pod", &[("-XX:+UseSerialGC", "-XX:MaxRAM=1g")]);
    assert_eq!(told.report.runs.first().and_then(|run| run.max_heap).map(|heap| heap.0 >> 20), Some(921));
    let fraction = judge_with("share-of-a-pod", &[("-XX:MaxRAMPercentage=90.0", "-XX:MaxRAMFraction=1")]);
    let whole =
        fraction.finds("limit-below-heap-plus-native", Severity::Critical, "limit-below-heap-plus-native.equal");
    whole.asks("-Xmx").does_not_ask("MaxRAMPercentage");
}

/// 90 % of a machine of 3.8 GiB are 3.4 GiB of heap: too little is left. Not: silence, because no -Xmx is printed.
#[test]
fn a_share_of_a_machine_is_a_maximum_heap() {
    let case = judge("share-of-a-machine");
    let close = case.finds("heap-max-above-ram", Severity::Warning, "heap-max-above-ram.close");
    close.with("heap", "3.4 GiB").with("ram", "3.8 GiB").asks("-XX:MaxRAMPercentage");
}

/// A kill of 14.8 GiB with score 947: the machine has 15.6 GiB of memory and swap, and -Xmx15g leaves next to nothing of it. Not: that the
/// memory of the machine is unknown, so that nothing can be said of the maximum.
#[test]
fn a_score_tells_whether_the_maximum_heap_fits() {
    let case = judge("score-and-maximum-heap");
    let close = case.finds("heap-max-above-ram", Severity::Critical, "heap-max-above-ram.score.close");
    close.with("heap", "15.0 GiB").with("ram", "15.6 GiB").asks("Lower -Xmx");
    let says = |text: &str| case.report.verdict.actions.iter().filter(|one| one.text.contains(text)).count();
    assert_eq!(says("Lower -Xmx"), 1, "{:?}", case.report.verdict.actions);
    judge_with("score-and-maximum-heap", &[("-Xmx15g", "-Xmx8g")]).silent(&["heap-max-above-ram"]);
}

/// No thread more, EAGAIN, and nothing that tells which limit it was: that of the container, the unit, the user, or the kernel. Ask for
/// it where it stands. Not: memory, or only a count of threads with nothing to compare it with.
#[test]
fn what_limits_threads_is_asked_where_it_stands() {
    let error = "[9.2s][warning][os,thread] Failed to start thread \"Unknown thread\" - pthread_create failed (EAGAIN) for attributes: stacksize: 1024k, guardsize: 0k, detached.\n\
                 Exception in thread \"pool-1\" java.lang.OutOfMemoryError: unable to create native thread: possibly out of memory or process/resource limits reached\n";
    let alone = judge_text("threads", error);
    let finding = alone.finds("memory-refused", Severity::Critical, "memory-refused.native-thread.eagain");
    finding.asks("ulimit -u; grep -H . /sys/fs/cgroup/pids.max").asks("sysctl kernel.threads-max");
    let docker = judge_text("threads in Docker", &format!("$ docker run -d --name shop -m 2g shop:1\n{error}"));
    let finding = docker.finds("memory-refused", Severity::Critical, "memory-refused.native-thread.eagain");
    finding.asks("docker exec").asks("cat /sys/fs/cgroup/pids.max; ulimit -u");
    // A limit that is printed is named, and not asked for.
    let unit = "● shop.service - Shop\n     Loaded: loaded (/etc/systemd/system/shop.service; enabled)\n     Active: active (running)\n   Main PID: 4711 (java)\n      Tasks: 4914 (limit: 4915)\n     Memory: 1.2G\n";
    let unit = judge_text("threads of a unit", &format!("{error}\n$ systemctl status shop\n{unit}"));
    let finding = unit.finds("memory-refused", Severity::Critical, "memory-refused.native-thread.tasks");
    finding
        .with("tasks", "4,914")
        .with("most", "4,915")
        .with("setting", "TasksMax of the unit")
        .does_not_ask("pids.max");
    let kernel = judge_text(
        "threads of a kernel",
        &format!(
            "{error}\n$ sysctl vm.max_map_count kernel.threads-max\nvm.max_map_count = 262144\nkernel.threads-max = 15273\n"
        ),
    );
    let finding = kernel.finds("memory-refused", Severity::Critical, "memory-refused.native-thread.limit");
    finding.with("most", "15,273").with("setting", "kernel.threads-max").does_not_ask("pids.max");
    // A warning without an error says the same.
    let warned = error.lines().next().expect("a warning");
    judge_text("a warning", warned).finds("memory-refused", Severity::Warning, "memory-refused.native-thread.eagain");
}

/// A kernel of 3.10, and `memory+swap:` of version 1 on any: the limit stands in memory.limit_in_bytes. Not: a file that this kernel has not.
#[test]
fn files_of_a_control_group_are_those_of_its_version() {
    let kill = "[101.100000] java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0\n\
                [101.100001] CPU: 1 PID: 4711 Comm: java Not tainted 3.10.0-1160.el7.x86_64 #1\n\
                [101.100002] Memory cgroup out of memory: Kill process 4711 (java) score 991 or sacrifice child\n\
                [101.100003] Killed process 4711 (java) total-vm:3123456kB, anon-rss:1030000kB, file-rss:0kB, shmem-rss:0kB\n";
    let asks = |text: &str| {
        judge_text("a version", text).report.gaps.iter().map(|gap| gap.command.clone()).collect::<Vec<_>>()
    };
    let first = asks(kill);
    assert!(first.iter().any(|command| command.ends_with("/sys/fs/cgroup/memory/memory.limit_in_bytes")), "{first:?}");
    let newer = kill.replace("3.10.0-1160.el7", "6.1.0-13");
    let counters =
        "[101.100001] memory+swap: usage 1048576kB, limit 9007199254740988kB, failcnt 0\n[101.100002] Memory cgroup";
    let mounted = asks(&newer.replace("[101.100002] Memory cgroup", counters));
    assert!(mounted.iter().any(|command| command.ends_with("memory.limit_in_bytes")), "{mounted:?}");
    let second = asks(&newer);
    assert!(second.iter().any(|command| command.ends_with("/sys/fs/cgroup/memory.max")), "{second:?}");
}

/// A pod that is OOMKilled 21 s after every start, and jps in it: the JVM was process 3 there, not 1. Ask nothing that takes a
/// minute; the next one has whatever number it gets. Direct buffers may take the 256 MiB that are set. Not: jcmd 1, jcmd of the one that
/// is dead, samples of a minute, or a guess of 16 MiB.
#[test]
fn what_is_printed_of_a_container_is_not_asked_or_guessed() {
    let case = judge("pids-of-a-container");
    let sizing = case.report.sizing.as_ref().expect("a section");
    let all: Vec<&str> = case.report.gaps.iter().chain(&sizing.missing).map(|gap| gap.command.as_str()).collect();
    assert!(all.iter().any(|command| command.contains("jcmd PID ")), "{all:?}");
    assert!(
        all.iter()
            .all(|command| !command.contains("jcmd 1 ") && !command.contains("jcmd 3 ") && !command.contains("jstat")),
        "{all:?}"
    );
    let direct = sizing.terms.iter().find(|term| term.name == "direct").expect("a term");
    assert_eq!((direct.bytes.0 >> 20, direct.line), (256, Some(2)));
}

/// A heap of 31 GiB that Linux refuses: the JVM did not come up. Not: that it crashed.
#[test]
fn a_heap_that_is_refused_is_no_crash() {
    let text = "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00007f1c40000000, 33285996544, 0) failed; error='Cannot allocate memory' (errno=12)\n\
                #\n# There is insufficient memory for the Java Runtime Environment to continue.\n\
                # Native memory allocation (mmap) failed to map 33285996544 bytes for committing reserved memory.\n\
                # An error report file with more information is saved as:\n# /tmp/hs_err_pid4711.log\n";
    let refused = judge_text("a heap", text).report.verdict;
    assert_eq!(refused.outcome, Outcome::Refused, "{}", refused.headline.text);
    let small = judge_text("a little", &text.replace("33285996544", "12288")).report.verdict;
    assert_eq!(small.outcome, Outcome::Crashed, "{}", small.headline.text);
}

/// A part of `VM.info` behind the flags of the same, living JVM. Not: that it crashed.
#[test]
fn an_answer_of_a_living_jvm_is_no_crash_file() {
    let text = "$ jinfo -flags 4711\nVM Flags:\n-XX:InitialHeapSize=100663296 -XX:MaxHeapSize=100663296 -XX:+UseG1GC\n\n\
                $ jcmd 4711 VM.info | grep -A5 '^Process Memory'\nProcess Memory:\nVirtual Size: 2681432K (peak: 2735132K)\n\
                Resident Set Size: 132420K (peak: 141472K) (anon: 110416K, file: 22004K, shmem: 0K)\nSwapped out: 0K\n\
                C-Heap outstanding allocations: 11144K, retained: 4315K\n";
    let verdict = judge_text("VM.info", text).report.verdict;
    assert_ne!(verdict.outcome, Outcome::Crashed, "{}", verdict.headline.text);
    let alone = text.split("Process Memory'\n").nth(1).expect("the part");
    assert_eq!(judge_text("a part", alone).report.verdict.outcome, Outcome::Crashed);
}

/// A comment in a composed file of Compose, a condition in a note, and a command that is recommended: nothing happened to a run, and no
/// JVM was started with it. The limit of Metaspace is none of the container, nor is a unit of a column memory.
#[test]
fn what_is_only_advised_or_supposed_tells_of_no_run() {
    let conditions = [
        "services:\n# If you see exit code 137 (OOM killer) then give Docker more memory\n  db:\n",
        "> If the container exited with code 137, raise its limit.\n",
        "만약 exit code 137 이면 메모리를 늘리세요.\n",
        "# falls der Dienst mit exit code 137 (OOM) endet, mehr Speicher geben\n",
    ];
    for text in conditions {
        let verdict = judge_text("a condition", text).report.verdict;
        assert_eq!(verdict.outcome, Outcome::NothingRecognised, "{text}: {}", verdict.headline.text);
    }
    let advice = "The job fails with:\n\n```\nError occurred during initialization of VM\nCould not reserve enough space for object heap\n```\n\n\
                  - You should always start it with the following options:\n\n```\njava -server -XX:MaxHeapSize=2g\n```\n";
    let options = |text: &str| judge_text("advice", text).report.host.len();
    assert_eq!(options(advice), 0);
    let ran = advice.replace("You should always start it with the following options:", "It was started with:");
    assert_eq!(options(&ran), 1);
}

/// Three composed experiments below one another: a heap of 25 MB that was full, a kill that only the shell tells, and a start whose option
/// the release does not know. Tell what ran out. Not: first that a JVM did not start.
#[test]
fn an_option_that_a_later_start_refused_leads_over_no_end_of_another_run() {
    let refused = "\n# java -XX:+UseNoSuchCgroupLimit Eat\nUnrecognized VM option 'UseNoSuchCgroupLimit'\n\
                   Error: Could not create the Java Virtual Machine.\n";
    let full = "# java -Xmx25m Eat\nException in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat Eat.main(Eat.java:10)\n";
    let killed = "root@3fdb53ae7125:/app# java Eat\nfree memory: 66MB\nKilled\n";
    let headline = |text: &str| judge_text("experiments", text).report.verdict.headline.key;
    assert!(headline(&format!("{full}{refused}")).starts_with("verdict.headline.heap"));
    assert!(headline(&format!("{killed}{refused}")).starts_with("verdict.headline.signal"));
    assert!(headline(&format!("{full}\n{killed}{refused}")).starts_with("verdict.headline.heap"));
    assert_eq!(headline(refused), "verdict.headline.startup");
}

/// The same words in other spellings: without the full stop, by a shell in another language, in brackets, glued to what followed.
#[test]
fn what_is_said_in_another_spelling_is_the_same() {
    let verdict = |text: &str| judge_text("a spelling", text).report.verdict;
    let insufficient = "### There is insufficient memory for the Java Runtime Environment to continue\n";
    assert_eq!(verdict(insufficient).headline.key, "verdict.headline.native");
    for word in ["已杀死", "죽었음", "強制終了", "Getötet", "Убито", "Processus arrêté", "Terminado (killed)", "Morto"]
    {
        let told = verdict(&format!("$ java -Xmx1g -jar shop.jar\nstarted in 4 s\n{word}\n"));
        assert_eq!(told.headline.key, "verdict.headline.signal.jvm", "{word}: {}", told.headline.text);
        let told = verdict(&format!("./run.sh: 行 3: 48213 {word}                 java -jar shop.jar\n"));
        assert_eq!(told.headline.key, "verdict.headline.signal", "{word}: {}", told.headline.text);
    }
    let bracketed = "ERROR Error Processing URI: /api/v1/hosts - (java.lang.OutOfMemoryError) Java heap space\n";
    assert_eq!(verdict(bracketed).headline.key, "verdict.headline.heap");
    let glued = "kernel: [101.246494] Out of memory: Kill process 28536 (java) score 673 or sacrifice childSep 12\n\
                 kernel: [101.246506] Killed process 28536 (java) total-vm:1271568kB, anon-rss:426528kB, file-rss:0kB\n";
    assert_eq!(verdict(glued).headline.key, "verdict.headline.killed.machine");
}

/// Digits in groups, and most of a heap of 1 GiB on a machine of 1 GB: the heap as a whole was asked for, and does not fit. A heap of
/// unknown size found no address space. Not: correct the options.
#[test]
fn a_start_that_is_refused_most_of_its_heap_is_told_so() {
    let block = |size: &str| {
        format!(
            "# There is insufficient memory for the Java Runtime Environment to continue.\n\
             # Native memory allocation (mmap) failed to map {size} bytes for committing reserved memory.\n\
             # An error report file with more information is saved as:\n# /tmp/hs_err_pid4711.log\n"
        )
    };
    let verdict = |text: &str| judge_text("a start", text).report.verdict;
    assert_eq!(verdict(&block("5,632,425,984")).headline.key, "verdict.headline.native.heap");
    let small = block("986513408");
    assert_eq!(verdict(&small).headline.key, "verdict.headline.native.size");
    let told = verdict(&format!("The server has 1 GB of memory.\n\n{small}"));
    assert_eq!((told.headline.key.as_str(), told.outcome), ("verdict.headline.native.heap", Outcome::Refused));
    let without = "Error occurred during initialization of VM\nCould not reserve enough space for object heap\n";
    let told = verdict(without);
    assert_eq!(told.headline.key, "verdict.headline.startup.heap.unsized");
    assert!(told.actions.iter().any(|action| action.text.contains("ulimit -v")), "{:?}", told.actions);
}

/// Pages that the kernel found in no piece large enough: how much, that it is a warning, and what helps. Not: an alarm without a word.
#[test]
fn a_failed_allocation_of_pages_is_told_with_its_size() {
    let told = judge_text("pages", "> kernel : java: page allocation failure. order:2, mode:0x20\n").report.verdict;
    assert_eq!(told.headline.text, "The kernel found no 16.0 KiB in one piece for java; nobody was killed");
    assert!(told.lede.iter().any(|said| said.key == "verdict.lede.page-allocation.piece"), "{:?}", told.lede);
    assert!(told.actions.iter().any(|action| action.text.contains("min_free_kbytes")), "{:?}", told.actions);
}

/// An old kernel names the thread that it chose, 7537; the only java with that address space is process 7493. A choice that no line confirms
/// is still one for the limit that was full. Not: another java beside it.
#[test]
fn a_thread_that_was_killed_is_its_process_and_a_choice_keeps_its_limit() {
    let id = "aa0c055d742e69a7c5056de02bcbefd3e914016a120a0858290cf41acc88507a";
    let report = format!(
        "[16277.381314] java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0\n\
         [16277.381414] Task in /docker/{id} killed as a result of limit of /docker/{id}\n\
         [16277.381417] memory: usage 131072kB, limit 131072kB, failcnt 1462\n\
         [16277.381445] [ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name\n\
         [16277.381523] [ 7459]     0  7459     1111      163       7        0             0 sh\n\
         [16277.381525] [ 7493]     0  7493   988100    35660     206        0             0 java\n\
         [16277.381528] Memory cgroup out of memory: Kill process 7537 (java) score 1094 or sacrifice child\n"
    );
    let killed = "[16277.381583] Killed process 7537 (java) total-vm:3952400kB, anon-rss:129696kB, file-rss:12944kB\n";
    let victims = judge_text("a thread", &format!("{report}{killed}")).report;
    assert_eq!(victims.oom_kills[0].victims[0].pid, 7493);
    assert!(victims.verdict.lede.iter().all(|said| !said.text.contains("Others")), "{:?}", victims.verdict.lede);
    let chosen = judge_text("a choice", &report).report;
    assert_eq!(chosen.verdict.headline.key, "verdict.headline.chosen.limit");
    let asked: Vec<&str> = chosen.gaps.iter().map(|gap| gap.command.as_str()).collect();
    assert!(asked.contains(&"docker exec aa0c055d742e jcmd 1 VM.flags"), "{asked:?}");
}

/// What is asked at the end decides something: of a healthy test nothing, of threads and one array too long no heap and no machine, of a
/// refused start no GC log, of a failed allocation of pages no victim. Options behind `time`, and behind a label, are read.
#[test]
fn nothing_is_asked_that_decides_nothing_or_is_printed() {
    let open = |text: &str| judge_text("a question", text).report.verdict.open.map(|gap| gap.key).unwrap_or_default();
    let test = "$ time java -Xms4G -Xmx4G -Xlog:gc AL\n[0.030s][info][gc] Using G1\n\
                [1.525s][info][gc] GC(0) Pause Young (G1 Evacuation Pause) 370M->367M(4096M) 991.610ms\n\
                [2.808s][info][gc] GC(1) Pause Young (G1 Evacuation Pause) 745M->747M(4096M) 928.510ms\n";
    assert_eq!(open(test), "");
    let heap = |text: &str| {
        judge_text("a heap", text).report.runs.iter().find_map(|run| run.max_heap).map(|size| size.0 >> 20)
    };
    assert_eq!(heap(test), Some(4096));
    let labelled = judge_text("a label", "> 2.服务的JVM参数如下：-Xms1024m -Xmx1024m -Xmn384m -server\n").report.host;
    assert!(labelled.iter().any(|host| host.flags.iter().any(|flag| flag == "-Xmx1024m")), "{labelled:?}");
    let threads = "Exception in thread \"main\" java.lang.OutOfMemoryError: unable to create new native thread\n";
    assert_eq!(open(threads), "");
    let array =
        "java.lang.OutOfMemoryError\n\tat java.io.ByteArrayOutputStream.hugeCapacity(ByteArrayOutputStream.java:123)\n";
    let told = judge_text("an array", array).report.verdict;
    assert_eq!((told.headline.key.as_str(), told.open), ("verdict.headline.array", None));
    assert_eq!(
        open("Error occurred during initialization of VM\nCould not reserve enough space for 2097152KB object heap\n"),
        ""
    );
    assert_eq!(open("kernel: java: page allocation failure. order:2, mode:0x20\n"), "");
    assert_eq!(open("Nothing of this is a log.\n"), "");
}

/// A JDK of 6: no jcmd, and no tracking of native memory, whose option such a JVM refuses.
#[test]
fn a_release_is_asked_by_what_it_has() {
    let text = "java version \"1.6.0_35\"\nJava HotSpot(TM) 64-Bit Server VM (build 20.10-b01, mixed mode)\n\n\
                Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat Eat.main(Eat.java:10)\n";
    let asks = |text: &str| {
        let report = judge_text("a release", text).report;
        let gaps = report.gaps.iter().map(|gap| gap.command.clone());
        gaps.chain(report.verdict.actions.iter().map(|action| action.text.clone())).collect::<Vec<_>>().join("\n")
    };
    let old = asks(text);
    assert!(!old.contains("jcmd") && !old.contains("NativeMemoryTracking") && old.contains("jinfo -flags"), "{old}");
    let new = asks(&text.replace("1.6.0_35", "1.8.0_352").replace("20.10-b01", "25.352-b08"));
    assert!(new.contains("jcmd"), "{new}");
}

/// A page broke frames behind `at`: the cause below is the same error. Not: twice.
#[test]
fn a_trace_whose_frames_are_broken_is_one_error() {
    let text = "java.lang.RuntimeException: java.lang.OutOfMemoryError: Java heap space\n    at\norg.acme.Run.run(Run.java:172)\n    at org.acme.Run.main(Run.java:9)\n\
                Caused by: java.lang.OutOfMemoryError: Java heap space\n    at\njava.util.Arrays.copyOf(Arrays.java:3332)\n";
    let errors = judge_text("a trace", text).report.java_errors;
    assert_eq!(errors.iter().map(|error| error.count).collect::<Vec<_>>(), [1]);
}

/// A page made one line of a command and its answer: 6.8 GiB are resident, and NMT counts 3.6 GiB. Tell the difference. Not: nothing
/// recognised.
#[test]
fn an_answer_that_a_page_made_one_line_of_is_read() {
    let text = "The service grows up to its limit.\n\n\
                ` [root]$ ps -p 75 -o rss,vsz RSS VSZ 7152568 17485844 copy`\n\n\
                ` #jcmd 75 VM.native_memory summary Native Memory Tracking: Total: reserved=5074027KB, committed=3798707KB \
                - Java Heap (reserved=3072000KB, committed=3072000KB) (mmap: reserved=3072000KB, committed=3072000KB) \
                - Class (reserved=1075949KB, committed=28973KB) (classes #4819) (malloc=749KB #13158) (mmap: reserved=1075200KB, committed=28224KB) copy`\n";
    let case = judge_text("one line", text);
    let found = case.finds("rss-not-explained-by-nmt", Severity::Warning, "rss-not-explained-by-nmt.living.pid");
    found.with("rss", "6.8 GiB").with("committed", "3.6 GiB").with("gap", "3.2 GiB");
}

/// Memory was refused though much is free, and `overcommit_memory` and the commit limit are printed. Ask only for the limits that are not.
#[test]
fn limits_that_are_printed_are_not_asked_for() {
    let text = "# There is insufficient memory for the Java Runtime Environment to continue.\n\
                # Native memory allocation (mmap) failed to map 697892864 bytes for committing reserved memory.\n\
                # An error report file with more information is saved as:\n# /tmp/hs_err_pid4711.log\n\n\
                $ free\n              total        used        free      shared  buff/cache   available\n\
                Mem:       16267196     6404952     8859812         404     1002432     9552720\nSwap:             0           0           0\n\n\
                $ cat /proc/sys/vm/overcommit_memory\n0\n\n$ grep -i commit /proc/meminfo\nCommitLimit:     8507704 kB\nCommitted_AS:     231612 kB\n";
    let found = judge_text("limits", text);
    let limit = found.finds("memory-refused", Severity::Critical, "memory-refused.native.limit");
    limit.asks("ulimit -v; sysctl vm.max_map_count").does_not_ask("overcommit_memory").does_not_ask("grep Commit");
}

/// Elasticsearch's circuit breaker refused a request of 980.7 MiB, by its limit of 972.8 MiB. Nothing ran out of memory. Not:
/// nothing recognised, an OutOfMemoryError.
#[test]
fn a_guard_of_a_program_is_no_lack_of_memory() {
    let text = "[2024-03-02T10:11:12,347][DEBUG][o.e.a.s.TransportSearchAction] [node-1] All shards failed for phase: [query]\n\
                Caused by: org.elasticsearch.common.breaker.CircuitBreakingException: [parent] Data too large, data for [<http_request>] \
                would be [1028306994/980.6mb], which is larger than the limit of [1020054732/972.7mb], real usage: [1028306432/980.6mb]\n";
    let report = judge_text("a breaker", text).report;
    assert_eq!(report.verdict.outcome, Outcome::Refused);
    let said = |text: &str| {
        let verdict = judge_text("a guard", text).report.verdict;
        let all = [vec![verdict.headline], verdict.lede, verdict.actions].concat();
        all.iter().map(|one| one.say(Language::En)).collect::<Vec<_>>().join("\n")
    };
    let told = said(text);
    assert!(told.contains("972.8 MiB") && told.contains("980.7 MiB") && told.contains("did not run out"), "{told}");
    let spark = "Total size of serialized results of 349 tasks (1024.7 MiB) is bigger than spark.driver.maxResultSize (1024.0 MiB)\n";
    assert!(said(spark).contains("spark.driver.memory"), "{}", said(spark));
    // An error of the JVM beside it says more.
    let both = format!("{text}java.lang.OutOfMemoryError: Java heap space\n\tat Eat.main(Eat.java:10)\n");
    assert!(said(&both).contains("heap was full"), "{}", said(&both));
}

/// Windows names the reason in the language of the user; its number is the same. Enlarge the paging file; no command of Linux.
#[test]
fn a_paging_file_is_known_by_the_number_of_the_error() {
    let text = "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00000000ad600000, 55574528, 0) failed; \
                error='Die Auslagerungsdatei ist zu klein' (DOS error/errno=1455)\n";
    let case = judge_text("1455", text);
    let found = case.finds("memory-refused", Severity::Critical, "memory-refused.native.paging-file");
    found.asks("tasklist").does_not_ask("free -m");
    let gaps: Vec<&str> = case.report.gaps.iter().map(|gap| gap.command.as_str()).collect();
    assert!(gaps.contains(&"type hs_err_pid*.log") && !gaps.iter().any(|gap| gap.contains("journalctl")), "{gaps:?}");
}

/// Three runs in one text: the heap of the first was full, the second was killed, the third refused its options. Each is told.
/// And what was set below "Fix" was not in force when it failed.
#[test]
fn runs_of_one_text_are_told_apart() {
    let text = "root@a:/app# java MemEat\nException in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\
                \tat MemEat.main(MemEat.java:10)\nroot@a:/app# java -Xss2m MemEat\nKilled\n\
                root@a:/app# java -XX:+UseCGroupMemoryLimitForHeap MemEat\nUnrecognized VM option 'UseCGroupMemoryLimitForHeap'\n\
                Error: Could not create the Java Virtual Machine.\nError: A fatal exception has occurred. Program will exit.\n";
    let said = |text: &str| {
        let verdict = judge_text("runs", text).report.verdict;
        verdict.lede.iter().map(|one| one.say(Language::En)).collect::<Vec<_>>().join("\n")
    };
    let told = said(text);
    assert!(["separate runs", "line 2", "line 5", "line 7"].iter().all(|part| told.contains(part)), "{told}");
    let one =
        "root@a:/app# java MemEat\njava.lang.OutOfMemoryError: Java heap space\n\tat MemEat.main(MemEat.java:10)\n";
    assert!(!said(&format!("{one}{one}")).contains("separate runs"));
    let fixed = "### Symptom\n\n```\njava.lang.OutOfMemoryError: Java heap space\n\tat Eat.main(Eat.java:10)\n```\n\n\
                 ### Fix\n\nThe launch line becomes:\n\n```\njava -Xmx512m -Xms128m -jar eat.jar\n```\n";
    let report = judge_text("a fix", fixed).report;
    assert!(report.runs.iter().all(|run| run.max_heap.is_none()), "{:#?}", report.runs);
}

/// The writer names the cause: it is quoted with its line, behind what the logs show.
#[test]
fn a_cause_in_words_is_quoted() {
    let text = "java.lang.OutOfMemoryError: Java heap space\n\tat Eat.main(Eat.java:10)\n\n\
                After two days: the root cause was a cache without an upper bound.\n";
    let case = judge_text("a cause", text);
    case.finds("stated-cause", Severity::Notice, "stated-cause");
    let lede = case.report.verdict.lede.last().map(|last| last.say(Language::En)).unwrap_or_default();
    assert_eq!(
        lede,
        "Cause given by the writer (line 4): “After two days: the root cause was a cache without an upper bound.”"
    );
    judge_text("a question", "java.lang.OutOfMemoryError: Java heap space\n\nWhat is the root cause of this?\n")
        .silent(&["stated-cause"]);
}

/// The machine had swap left when it killed: what filled its memory could not go there. Not: swap was used up.
#[test]
fn free_swap_at_a_kill_is_told() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/oom-killer/6.14-global-with-swap/input.log");
    let text = std::fs::read_to_string(path).expect("a case").replace("102400kB", "1902400kB");
    let verdict = judge_text("free swap", &text).report.verdict;
    let told: Vec<String> = verdict.lede.iter().map(|one| one.say(Language::En)).collect();
    assert!(told.iter().any(|one| one.contains("1.8 GiB of 2.0 GiB of swap was still free")), "{told:?}");
}

/// Windows says it alone, and in Spanish. Enlarge the paging file. Not: nothing recognised; an OutOfMemoryError.
#[test]
fn a_sentence_of_windows_alone_is_read() {
    let text = "Al compilar:\n\n\"El archivo de paginación es demasiado pequeño para completar la operación\"\n";
    let case = judge_text("a sentence of Windows", text);
    case.finds("memory-refused", Severity::Critical, "memory-refused.native.paging-file").asks("tasklist");
    assert_eq!(case.report.verdict.outcome, Outcome::Refused);
}

/// Netty's message behind a program's own words, 496 of 512 MiB in use; and OpenJ9's trace of a tenured space that is full though the heap
/// has room. Not: nothing recognised, no OutOfMemoryError.
#[test]
fn errors_without_their_names_are_read() {
    let netty = "[2024-05-18 14:24:49] [loop-3-336] [INFO ] -> 1 ms, false, failed to allocate 16777216 byte(s) of direct memory (used: 520093703, max: 536870912), null\n";
    let found = judge_text("netty", netty);
    let direct = found.finds("memory-refused", Severity::Critical, "memory-refused.direct-buffer.limit");
    direct.with("requested", "16.0 MiB").with("allocated", "496.0 MiB").with("limit", "512.0 MiB");
    let openj9 = "3STHSTTYPE     08:48:06:800805000 GMT j9mm.101 -   J9AllocateIndexableObject() returning NULL! 329392 bytes requested for object of class 000000000067FC00 from memory space 'Generational' id=00007F39B4082C00 \n\
                  3STHSTTYPE     08:48:06:800804000 GMT j9mm.84 -   Forcing J9AllocateIndexableObject() to fail due to excessive GC \n";
    let verdict = judge_text("openj9", openj9).report.verdict;
    assert_eq!(
        (verdict.outcome, verdict.headline.key.as_str()),
        (Outcome::OutOfMemory, "verdict.headline.gc-overhead")
    );
}

/// YARN killed a container for 9.8 GiB, of which the Java launcher held 254 MiB: the rest is another process's. Not: lower -Xmx.
#[test]
fn a_launcher_is_not_what_filled_its_container() {
    let text = "Container [pid=8788,containerID=container_1] is running beyond physical memory limits. Current usage: 9.8 GB of 9.8 GB \
                physical memory used; 43.0 GB of 47.6 TB virtual memory used. Killing container.\n\
                Dump of the process-tree for container_1 :\n  \
                |- PID PPID PGRPID SESSID CMD_NAME USER_MODE_TIME(MILLIS) SYSTEM_TIME(MILLIS) VMEM_USAGE(BYTES) RSSMEM_USAGE(PAGES) FULL_CMD_LINE\n  \
                |- 8795 8788 8788 8788 (java) 2011 1219 2151108608 64952 /usr/lib/jvm/java-1.8.0/bin/java -Xmx256M org.acme.Launcher\n";
    let actions = judge_text("a launcher", text).report.verdict.actions;
    let told: Vec<String> = actions.iter().map(|one| one.say(Language::En)).collect();
    assert!(told.iter().any(|one| one.contains("held 253.7 MiB of 9.8 GiB")), "{told:?}");
    assert!(!told.iter().any(|one| one.contains("Lower -Xmx")), "{told:?}");
}

/// One run hit its limit of direct memory, a container of another was killed: both are told.
#[test]
fn an_error_beside_a_kill_is_told() {
    let text = "## A\nException in thread \"main\" java.lang.OutOfMemoryError: Cannot reserve 1048576 bytes of direct buffer memory (allocated: 99622912, limit: 100663296)\n\
                ## B\nState: OOMKilled=true ExitCode=137\n";
    let verdict = judge_text("two ends", text).report.verdict;
    assert_eq!(verdict.outcome, Outcome::Killed);
    assert!(
        verdict.lede.iter().any(|one| one.say(Language::En).contains("95.0 MiB of 96.0 MiB")),
        "{:?}",
        verdict.lede
    );
}

/// A JVM ended for an error whose message stands two lines above. The heap was full. Not: that no reason is known.
#[test]
fn an_end_for_an_error_that_stands_above_tells_it() {
    let text = "              java.lang.OutOfMemoryError: Java heap space\n              Heap dump ... [1024595375 bytes]\n              \
                Terminating due to java.lang.OutOfMemoryError\n";
    let verdict = judge_text("an end", text).report.verdict;
    assert_eq!((verdict.outcome, verdict.headline.key.as_str()), (Outcome::Exited, "verdict.headline.heap"));
}

/// A list of what came of each of two runs, of which one container was killed. Not: what is denied.
#[test]
fn outcomes_in_a_list_are_believed_and_denials_are_not() {
    let told = |text: &str| {
        let events = judge_text("a list", text).report.events;
        events.iter().map(|event| event.kind.name()).collect::<Vec<_>>()
    };
    assert_eq!(told("- outcome: **killed** (docker OOMKilled flag: true)\n"), ["docker-oomkilled"]);
    assert!(told("- outcome: **it ended well** (docker OOMKilled flag: false)\n").is_empty());
    assert!(told("The outcome of such a kill is called OOMKilled there.\n").is_empty());
    let field = judge_text("a field", "- last line: `outcome=java.lang.OutOfMemoryError allocatedMiB=688`\n").report;
    assert_eq!(field.java_errors.len(), 1);
}

/// What the first sentences say, in English.
fn lede_of(text: &str) -> Vec<String> {
    let verdict = judge_text("the lede", text).report.verdict;
    verdict.lede.iter().map(|one| one.say(Language::En)).collect()
}

/// Right above or below an error the log says why: how much was to be allocated, which queue was full, which limit is too low. The story
/// quotes it. Not: a line that stands far away, or advice.
#[test]
fn the_line_that_says_why_is_in_the_story() {
    let heap = "2024-03-05 10:12:01.342 ERROR [main] c.e.Writer - export failed\njava.lang.OutOfMemoryError: Java heap space\n\
                \tat java.base/java.nio.ByteBuffer.allocate(ByteBuffer.java:363)\n";
    for (above, quoted) in [
        (
            "2024-03-05 10:12:01.330 INFO  [main] c.e.Writer - allocating buffer of 1073741824 bytes for report 4711\n",
            "(line 1): “allocating buffer of 1073741824 bytes for report 4711”",
        ),
        (
            "2024-03-05 10:11:58,330 WARN  [dispatch-1] o.e.Dispatcher - queue is full: 500000 of 500000 messages waiting\n",
            "(line 1): “queue is full: 500000 of 500000 messages waiting”",
        ),
    ] {
        let lede = lede_of(&format!("{above}{heap}"));
        assert!(lede.iter().any(|one| one.contains(quoted)), "{lede:?}");
        let far =
            lede_of(&format!("{above}{}{heap}", "2024-03-05 10:11:59,000 INFO  [main] c.e.Writer - tick\n".repeat(9)));
        assert!(!far.iter().any(|one| one.contains("line 1")), "{far:?}");
    }
    let below = "Caused by: java.lang.OutOfMemoryError: Map failed\n\tat sun.nio.ch.FileChannelImpl.map0(Native Method)\n\
                 max virtual memory areas vm.max_map_count [65530] is too low, increase to at least [262144]\n";
    assert!(lede_of(below).iter().any(|one| one.contains("[65530] is too low")), "{:?}", lede_of(below));
}

/// `fork` was refused with error 12: memory was short, and no limit on threads or processes. With 11 it is such a limit.
#[test]
fn the_number_of_an_error_decides_what_was_short() {
    let refused = |reason: &str| {
        let text = format!(
            "java.io.IOException: Cannot run program \"/bin/ls\": error={reason}\n\tat java.lang.ProcessBuilder.start(ProcessBuilder.java:1048)\n"
        );
        judge_text("a fork", &text).report.verdict
    };
    let memory = refused("12, Cannot allocate memory");
    assert_eq!(memory.headline.text, "The system had no memory for another process: /bin/ls");
    assert_eq!(memory.lede.first().map(|one| one.key.as_str()), Some("verdict.lede.fork.memory"));
    assert!(!memory.actions.iter().any(|one| one.text.contains("ulimit")), "{:?}", memory.actions);
    let tasks = refused("11, Resource temporarily unavailable");
    assert_eq!(tasks.lede.first().map(|one| one.key.as_str()), Some("verdict.lede.fork.tasks"));
    assert!(tasks.actions.iter().any(|one| one.text.contains("ulimit -u")), "{:?}", tasks.actions);
}

/// Paths and prompts show the system: on Windows and macOS nothing of Linux's is offered. A container is Linux's, wherever it is looked at.
#[test]
fn paths_and_prompts_decide_whose_commands_are_offered() {
    let threads =
        "java.lang.OutOfMemoryError: unable to create new native thread\n\tat java.lang.Thread.start0(Native Method)\n";
    let all = |text: &str| {
        let report = judge_text("a system", text).report;
        let offered = report.verdict.actions.iter().map(|one| one.text.clone());
        offered.chain(report.gaps.iter().map(|gap| gap.command.clone())).collect::<Vec<_>>().join("\n")
    };
    for (sign, is_linux) in [
        ("INFO config read from D:\\app\\conf\\server.xml\n", false),
        ("\"C:\\Program Files\\Java\\jre1.8.0_311\\bin\\javaw.exe\" -Xmx6G net.minecraft.client.main.Main\n", false),
        ("me@MacBook-Pro app % java -jar /Users/me/app/build/app.jar\n", false),
        ("INFO config read from /home/me/conf/server.xml\n", true),
        ("D:\\tools> ls\nINFO config read from /home/me/conf/server.xml\n", true),
    ] {
        let offered = all(&format!("{sign}{threads}"));
        let linux = ["ulimit", "/sys/fs", "sysctl kernel", "journalctl", "free -m", "grep -c"];
        assert_eq!(linux.iter().any(|word| offered.contains(word)), is_linux, "{sign}{offered}");
    }
}

/// One service ended with an error, and another was killed a day later: the second end is told, too.
#[test]
fn the_end_of_another_process_is_told_beside_an_error() {
    let text = "2024-03-06 10:00:01 web exited with code 1\njava.lang.OutOfMemoryError: Java heap space\n\
                \tat java.util.Arrays.copyOf(Arrays.java:3332)\n2024-03-07 10:00:01 worker exited with code 137\n";
    assert!(lede_of(text).iter().any(|one| one.contains("worker (line 4)")), "{:?}", lede_of(text));
}

/// A build pack found that 673 MiB do not fit in 512 MiB, before any JVM ran. Not: a kill, that the heap is outside of it, or a question
/// for `jcmd`.
#[test]
fn a_memory_calculator_that_finds_no_room_is_a_refused_start() {
    let cloud_foundry = "2017-04-05T15:29:18.25-0400 [APP/PROC/WEB/0]ERR Cannot calculate JVM memory configuration: There is insufficient memory \
                         remaining for heap. Memory limit 512M is less than allocated memory 689217K (-XX:ReservedCodeCacheSize=240M, \
                         -XX:MaxMetaspaceSize=106947K, -Xss1M * 300 threads)\n2017-04-05T15:29:18.26-0400 [APP/PROC/WEB/0]OUT Exit status 1\n";
    let paketo = "required memory 689217K is greater than 512M available for allocation: -XX:MaxDirectMemorySize=10M, -Xss1M x 50 threads\n";
    for text in [cloud_foundry, paketo] {
        let verdict = judge_text("a calculator", text).report.verdict;
        let said = "The memory settings need 673.1 MiB, 161.1 MiB more than the limit of 512.0 MiB";
        assert_eq!((verdict.outcome, verdict.headline.text.as_str()), (Outcome::Refused, said));
        assert_eq!(verdict.actions.first().map(|one| one.key.as_str()), Some("verdict.action.memory-calculator"));
        assert_eq!(verdict.open, None);
    }
}

/// A build takes its options from a place of its own, and has ended: what helps is to be set there, and nobody can be asked.
#[test]
fn what_failed_in_a_build_is_to_be_set_where_the_build_takes_it_from() {
    let compiler = "e: java.lang.OutOfMemoryError: Java heap space\n";
    let kotlin = "> Not enough memory to run compilation. Try to increase it via 'gradle.properties':\n\
                  kotlin.daemon.jvmargs=-Xmx<size>\n";
    let properties = "gradle.properties:\norg.gradle.jvmargs=-Xmx3g\nkotlin.daemon.jvmargs=-Xmx640m\n";
    let failed = "* What went wrong:\nExecution failed for task ':core:compile'.\n";
    for (text, headline, place) in [
        (format!("{compiler}{kotlin}"), "The Java heap was full", "application.kotlin-daemon.options"),
        (
            format!("{compiler}{properties}"),
            "The Java heap was full at its maximum of 640.0 MiB",
            "application.kotlin-daemon.options",
        ),
        (format!("{failed}> Java heap space\n"), "The Java heap was full", "application.gradle.options"),
        (
            format!("{failed}> Message: Metaspace\n> Stack: OutOfMemoryError\n"),
            "Metaspace was full; the heap was not the problem",
            "application.gradle.options",
        ),
        (
            "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.13.0:compile on project core: \
             Fatal error compiling: java.lang.OutOfMemoryError: Java heap space -> [Help 1]\n"
                .to_owned(),
            "The Java heap was full",
            "application.maven.options",
        ),
    ] {
        let verdict = judge_text("a build", &text).report.verdict;
        assert_eq!(verdict.headline.text, headline, "{text}");
        let first = verdict.actions.first().map(|action| action.values["place"].quantity.clone());
        assert_eq!(first, Some(Quantity::Term(place.to_owned())), "{text}");
        let asks = verdict.actions.iter().any(|action| action.values.contains_key("command"));
        assert!(!asks && verdict.open.is_none_or(|gap| !gap.key.starts_with("gap.flags")), "{text}");
    }
}

/// Options of Maven's own JVM are none of the JVM that it starts for tests.
#[test]
fn options_of_a_build_tool_do_not_show_whose_error_it_was() {
    let text = "java.lang.OutOfMemoryError: Java heap space\n\tat io.example.ParserTest.large(ParserTest.java:47)\n\n\
                export MAVEN_OPTS=\"-Xmx8g\"\n";
    let actions = judge_text("a test", text).report.verdict.actions;
    assert!(actions.iter().all(|action| action.key != "verdict.action.options-place"), "{actions:?}");
}

/// A server lives on and can be asked; then where its heap is set is told.
#[test]
fn what_failed_in_a_server_is_looked_at_and_set_at_its_place() {
    let text = "[2026-03-01T10:00:00,123][ERROR][o.e.b.ElasticsearchUncaughtExceptionHandler] [node-1] fatal error in thread \
                [elasticsearch[node-1][search][T#3]], exiting\njava.lang.OutOfMemoryError: Java heap space\n";
    let actions = judge_text("a server", text).report.verdict.actions;
    let keys: Vec<&str> = actions.iter().map(|action| action.key.as_str()).collect();
    assert_eq!(keys.get(1), Some(&"verdict.action.options-place"), "{keys:?}");
}

/// Gradle does not know why its daemon is gone: where the reason may stand is said.
#[test]
fn a_lost_daemon_says_where_its_reason_stands() {
    let lost = "* What went wrong:\nGradle build daemon disappeared unexpectedly (it may have been killed or may have crashed)\n";
    let verdict = judge_text("a daemon", lost).report.verdict;
    assert_eq!((verdict.outcome, verdict.headline.key.as_str()), (Outcome::Exited, "verdict.headline.event"));
    assert_eq!(verdict.actions.first().map(|one| one.key.as_str()), Some("verdict.action.daemon-lost"));
}

/// The JDK's words of direct memory without the name of the error, as a program's log repeats them.
#[test]
fn direct_memory_is_read_without_the_name_of_its_error() {
    let text = "Cannot reserve 131072 bytes of direct buffer memory (allocated: 31420000, limit: 31457280)\n";
    let verdict = judge_text("a log", text).report.verdict;
    assert_eq!(verdict.headline.text, "Direct memory was full at its limit of 30.0 MiB");
}

/// Surefire lost its JVM and does not know why: where the reason may stand is said. With an exit code of 137 it was killed.
#[test]
fn a_lost_fork_says_where_its_reason_stands() {
    let lost = "[ERROR] ExecutionException The forked VM terminated without properly saying goodbye. VM crash or System.exit called?\n";
    let verdict = judge_text("a fork", lost).report.verdict;
    assert_eq!((verdict.outcome, verdict.headline.key.as_str()), (Outcome::Exited, "verdict.headline.event"));
    assert_eq!(verdict.actions.first().map(|one| one.key.as_str()), Some("verdict.action.fork-lost"));
    let command =
        "[ERROR] Command was /bin/sh -c cd /build && /usr/bin/java -Xmx512m -jar /build/target/surefirebooter1.jar\n";
    let killed = judge_text("a killed fork", &format!("{lost}{command}[ERROR] Process Exit Code: 137\n")).report;
    assert_eq!(killed.verdict.outcome, Outcome::Killed);
    assert!(killed.verdict.figures.iter().any(|one| one.text.contains("512.0 MiB")), "{:?}", killed.verdict.figures);
}

/// Three services have heaps of their own, and the error does not say whose it is. Not: that the heap was the last one's.
#[test]
fn settings_of_several_services_are_nobodys() {
    let text = "- router: -Xmx128m\n- broker: -Xmx512m\n- historical: -Xmx1g\n\nThe broker dies:\njava.lang.OutOfMemoryError: Java heap space\n";
    assert_eq!(judge_text("services", text).report.verdict.headline.text, "The Java heap was full");
}

/// Headings number the experiments of a post: one ran out of heap, one was killed. Both ends are told.
#[test]
fn experiments_under_headings_are_told_apart() {
    let text = "### Test 1: -Xmx256m\njava.lang.OutOfMemoryError: Java heap space\n\tat com.example.A.b(A.java:1)\n\
                ### Test 2: -Xmx1g in a container of 512 MB\nexit code 137\n### Test 3: -Xmx400m\nfinished in 12 s\n";
    let lede = lede_of(text);
    assert!(lede.iter().any(|one| one.contains("(line 2)") && one.contains("(line 5)")), "{lede:?}");
}

/// IcedTea has 7u55 with the JVM of 7u51: the update is that of `java -version`, and of the JVM's own number only the family is told.
#[test]
fn an_update_is_not_taken_from_the_number_of_the_jvm() {
    let jdk = |text: &str| {
        let report = judge_text("a version", text).report;
        report.host.iter().find_map(|host| host.words.get("jdk").cloned())
    };
    let vm = "OpenJDK 64-Bit Server VM (build 24.51-b03, mixed mode)\n";
    assert_eq!(jdk(&format!("$ java -version\njava version \"1.7.0_55\"\n{vm}")).as_deref(), Some("1.7.0_55"));
    let jmap = "Attaching to process ID 4711, please wait...\nDebugger attached successfully.\nServer compiler detected.\nJVM version is 24.51-b03\n\n\
                using thread-local object allocation.\nMark Sweep Compact GC\n\nHeap Configuration:\n   MinHeapFreeRatio = 40\n   MaxHeapSize      = 536870912 (512.0MB)\n";
    assert_eq!(jdk(jmap).as_deref(), Some("7"));
}

/// A JVM in a sandbox could not reserve address space for classes: a limit on address space, and no lack of memory.
#[test]
fn address_space_for_classes_is_no_memory_in_use() {
    let text = "# There is insufficient memory for the Java Runtime Environment to continue.\n# pthread_getattr_np\n\n\
                Error occurred during initialization of VM\nCould not allocate metaspace: 1073741824 bytes\n";
    let verdict = judge_text("a sandbox", text).report.verdict;
    assert_eq!(verdict.outcome, Outcome::Refused);
    assert_eq!(verdict.lede.first().map(|one| one.key.as_str()), Some("rule.memory-refused.startup.class-space"));
}

/// Composed: ZGC at its maximum after each of two cycles, threads wait more than half a second each: full, an `OutOfMemoryError` is next.
/// Not: that nothing stands out.
#[test]
fn cycles_that_leave_the_heap_full_while_threads_wait_are_a_full_heap() {
    let case = judge("zgc-full-while-threads-wait");
    let full = "heap-full-after-collecting";
    let found = case.finds(full, Severity::Critical, "heap-full-after-collecting.cycles.waited");
    found.with("count", "2").with("share", "99.0%").with("after", "509.0 MiB");
    case.finds("allocation-stall", Severity::Warning, "allocation-stall.soft").with("count", "2");
    assert_eq!(case.report.verdict.outcome, Outcome::Thrashing);
    // The kernel's log and the machine answer nothing that is asked here.
    let open = case.report.verdict.open.as_ref().map(|gap| gap.key.as_str());
    assert_eq!(open, Some("gap.flags"));
    // With room left, the same stalls are short of nothing but time.
    let room = [("512M(100%)->509M(99%)", "360M(70%)->180M(35%)"), ("512M(100%)->511M(100%)", "350M(68%)->190M(37%)")];
    judge_with("zgc-full-while-threads-wait", &room).silent(&[full]);
}

/// Composed: one stall of 15 ms, but ZGC cleared all soft references: it had nothing else to free. The cycle before left a quarter.
#[test]
fn a_short_stall_beside_cleared_soft_references_is_a_sign_of_a_full_heap() {
    let case = judge("zgc-short-stall");
    case.finds("allocation-stall", Severity::Warning, "allocation-stall.soft").with("time", "15 ms").asks("-Xmx");
    let without = [("Clearing All Soft References", "Encountered: 0"), ("(Allocation Stall)", "(Allocation Rate)")];
    judge_with("zgc-short-stall", &without).silent(&["allocation-stall"]);
}

/// Composed: cycles of ZGC at 71 % of the maximum that end with more in use than they found. No stall yet; a larger heap before there is.
/// Not: full, not: nothing.
#[test]
fn cycles_that_free_nothing_are_told_before_threads_wait() {
    let case = judge_text("cycles in vain", ZGC_IN_VAIN);
    let full = "heap-full-after-collecting";
    case.finds(full, Severity::Warning, "heap-full-after-collecting.cycles.vain").with("share", "71.0%");
    assert_eq!(case.report.verdict.outcome, Outcome::AtRisk);
    judge_text("cycles that free", &ZGC_IN_VAIN.replace("1460M(71%)->1456M(71%)", "1460M(71%)->900M(44%)"))
        .silent(&[full]);
    judge_text("little in use", &ZGC_IN_VAIN.replace("(68%)", "(34%)").replace("(71%)", "(36%)")).silent(&[full]);
}

const ZGC_IN_VAIN: &str = "\
[41,902s][info][gc       ] GC(17) Garbage Collection (Allocation Rate) 1388M(68%)->1452M(71%)
[44,310s][info][gc       ] GC(18) Garbage Collection (Allocation Rate) 1460M(71%)->1456M(71%)
[44,420s][info][gc,phases] GC(19) Pause Mark Start 0,119ms
";

/// Composed: three young GCs of G1 a few milliseconds long that free nothing of 2 GiB: full. Two full GCs of Shenandoah say it, too.
#[test]
fn pauses_that_free_nothing_of_a_full_heap_are_a_full_heap() {
    let young = |nth: u32, after: u32| {
        format!(
            "[901.7{nth}s][info][gc] GC({nth}) Pause Young (Normal) (G1 Evacuation Pause) 2046M->{after}M(2048M) 3.118ms\n"
        )
    };
    let log = |after: u32| (71..74).map(|nth| young(nth, after)).collect::<String>();
    let full = "heap-full-after-collecting";
    let case = judge_text("in vain", &log(2046));
    case.finds(full, Severity::Critical, "heap-full-after-collecting.pauses").with("count", "3").with("share", "99.9%");
    judge_text("freed", &log(1400)).silent(&[full]);
    let shenandoah = "\
[90.502s][info][gc] GC(71) Pause Full 1024M->1022M(1024M) 377.310ms
[90.931s][info][gc] GC(72) Pause Full 1024M->1022M(1024M) 361.004ms
";
    judge_text("Shenandoah", shenandoah).finds(full, Severity::Critical, "heap-full-after-collecting.pauses");
    judge_text("asked for", &shenandoah.replace("Full ", "Full (System.gc()) ")).silent(&[full]);
}

/// Composed: G1 with 93 % in use after a young GC, nineteen hours after its start: nearly full, though a part may be garbage. At risk. Not at
/// the start, when the heap still grows.
#[test]
fn a_heap_that_is_nearly_full_after_a_young_collection_is_at_risk() {
    let log =
        "[70411.103s][info][gc] GC(8810) Pause Young (Normal) (G1 Evacuation Pause) 3980M->3815M(4096M) 11.702ms\n";
    let case = judge_text("nearly full", log);
    let full = "heap-full-after-collecting";
    case.finds(full, Severity::Warning, "heap-full-after-collecting.young").with("share", "93.1%");
    assert_eq!(case.report.verdict.outcome, Outcome::AtRisk);
    judge_text("start", &log.replace("70411.103s", "7.103s")).silent(&[full]);
    judge_text("room", &log.replace("3815M", "2100M")).silent(&[full]);
}

/// Composed: two full collections of CMS, 3.2 s and 3.2 s, three and a half seconds apart, each told by a monitor and by its pools: thrash. The
/// longest stop is the longer of the two, and neither counts twice.
#[test]
fn a_pause_and_its_collection_are_one_stop() {
    let case = judge_text("thrash", PAUSES);
    let thrash = case.finds("full-collection-thrash", Severity::Critical, "full-collection-thrash");
    thrash.with("count", "2").with("span", "6.93 s");
    let once = PAUSES.lines().take(3).collect::<Vec<_>>().join("\n");
    let case = judge_text("one", &once);
    case.silent(&["full-collection-thrash"]);
    case.finds("longest-stop", Severity::Notice, "longest-stop.bare").with("time", "3.24 s");
    // A part of the stop was something else: the stop is the longer one.
    let other = judge_text("other", &once.replace("time=3240ms", "time=1700ms"));
    other.finds("longest-stop", Severity::Notice, "longest-stop.bare").with("time", "3.1 s");
    let apart = judge_text("apart", &PAUSES.replace("04:12:11", "04:19:11"));
    apart.silent(&["full-collection-thrash"]);
}

const PAUSES: &str = "\
2018-02-11 04:12:07,311 INFO org.apache.hadoop.util.JvmPauseMonitor: Detected pause in JVM or host machine (eg GC): pause of approximately 3102ms
GC pool 'ParNew' had collection(s): count=1 time=2ms
GC pool 'ConcurrentMarkSweep' had collection(s): count=1 time=3240ms
2018-02-11 04:12:11,002 INFO org.apache.hadoop.util.JvmPauseMonitor: Detected pause in JVM or host machine (eg GC): pause of approximately 3011ms
GC pool 'ParNew' had collection(s): count=1 time=0ms
GC pool 'ConcurrentMarkSweep' had collection(s): count=1 time=3150ms
";

/// Composed: one message of Elasticsearch alone, 970 ms of the last second: 97 % of that second went into GC.
#[test]
fn one_second_in_which_a_program_only_collected_is_told() {
    let log = "[2022-08-14T09:41:03,118][WARN ][o.e.m.j.JvmGcMonitorService] [search-2] [gc][88120] overhead, spent [970ms] collecting in the last [1s]\n";
    let share = "gc-share-of-time";
    let case = judge_text("overhead", log);
    case.finds(share, Severity::Warning, "gc-share-of-time.reported").with("share", "97.0%").with("time", "970 ms");
    judge_text("little", &log.replace("970ms", "310ms")).silent(&[share]);
}

/// Composed: a diff of NMT that is cut off within the row of threads. The total grew by 700 MiB, the rows that are there explain 8 of them;
/// the stacks reserve 9 GiB more, which is some 9,000 threads: a leak of threads. Not: that classes are most of it.
#[test]
fn a_diff_that_is_cut_off_tells_what_it_shows_and_the_threads() {
    let case = judge_text("cut diff", CUT_DIFF);
    let threads = case.finds("thread-count", Severity::Warning, "thread-count.stacks.growing");
    threads.with("more", "9.0 GiB").with("reserved", "11.0 GiB").with("count", "9,200").asks("Thread.print");
    let growth = case.finds("nmt-diff-growth", Severity::Notice, "nmt-diff-growth.cut");
    growth.with("delta", "683.6 MiB").with("area", "Class").with("largest", "7.8 MiB");
    let headline = &case.report.verdict.headline;
    assert_eq!(headline.key, "verdict.headline.rule.thread-count.stacks.growing");
    // Without the row of threads the growth is all there is to say.
    let before = CUT_DIFF.split_once("-                    Thread").map(|(before, _)| before).unwrap_or_default();
    judge_text("no threads", before).finds("nmt-diff-growth", Severity::Warning, "nmt-diff-growth.cut");
}

const CUT_DIFF: &str = "\
Native Memory Tracking:
Total: reserved=30408704KB +9830400KB, committed=18874368KB +700000KB
-                 Java Heap (reserved=16777216KB, committed=16777216KB)
                            (mmap: reserved=16777216KB, committed=16777216KB)

-                     Class (reserved=1180000KB +8400KB, committed=145000KB +8000KB)
                            (classes #21044 +410)
                            (malloc=5000KB +600KB #60110 +9000)
                            (mmap: reserved=1175000KB +7800KB, committed=140000KB +7400KB)

-                    Thread (reserved=11534336KB +9437184KB, commi
";

/// Composed: the title of a post is the kernel's line of the kill, below it the report without that line. The kernel chose recorder-main, which
/// is no JVM; java only asked for memory. Not: that the line which says who was killed is missing.
#[test]
fn a_title_that_is_the_line_of_a_kill_is_that_line() {
    let title = "Out of memory: Kill process 2291 (recorder-main) score 688 or sacrifice child";
    let text = TITLE_AND_REPORT.replace("TITLE", title);
    let case = judge_text("title", &text).report;
    let [kill] = case.oom_kills.as_slice() else { panic!("{:?}", case.oom_kills) };
    assert_eq!(kill.chosen.as_ref().map(|chosen| (chosen.pid, chosen.name.as_str())), Some((2291, "recorder-main")));
    assert!(case.verdict.headline.text.contains("recorder-main"), "{:?}", case.verdict.headline);
    assert!(case.verdict.lede.iter().all(|one| one.key != "verdict.lede.victim-unknown"), "{:?}", case.verdict.lede);
    // Beside the kill itself the title is no other one, and a title in words is none.
    let both = format!("{text}[ 9021.220900] {title}\n");
    assert_eq!(judge_text("both", &both).report.oom_kills.len(), 1);
    let words =
        judge_text("words", &TITLE_AND_REPORT.replace("TITLE", "Kill process or sacrifice child: what does it mean?"))
            .report;
    assert!(words.oom_kills.iter().all(|kill| kill.chosen.is_none()), "{:?}", words.oom_kills);
}

const TITLE_AND_REPORT: &str = "\
# TITLE

[ 9021.220147] java invoked oom-killer: gfp_mask=0x24201ca, order=0, oom_score_adj=0
[ 9021.220150] java cpuset=/ mems_allowed=0
[ 9021.220155] CPU: 0 PID: 2307 Comm: java Not tainted 4.4.0-1072-aws #82-Ubuntu
[ 9021.220170] Call Trace:
";

/// Composed: the error stands in the title alone, below it a part of a javacore: it is told, as words of the writer. OpenJ9 lacked native
/// memory, of which its lowest 4 GiB may have been full; not: that the operating system refused it, or that nothing was seen.
#[test]
fn an_error_in_a_title_is_told() {
    let text = |title: &str| format!("# {title}\n\nOur limit is 3072MB and the heap is -Xmx2600m.\n\n{JAVACORE}");
    let case = judge_text("title", &text("[openj9, jdk17] OutOfMemoryError: native memory exhausted"));
    case.finds("memory-refused", Severity::Warning, "memory-refused.told").asks("-Xmcrs");
    assert_eq!(case.report.verdict.headline.key, "verdict.headline.told");
    assert!(case.report.gaps.iter().all(|gap| gap.key != "gap.crash-file"), "{:?}", case.report.gaps);
    for title in [
        "How to avoid OutOfMemoryError: native memory exhausted",
        "OutOfMemoryError: native memory exhausted explained",
    ] {
        judge_text(title, &text(title)).silent(&["memory-refused"]);
    }
    let logged = format!("JVMJ9VM015W no\n\njava.lang.OutOfMemoryError: native memory exhausted\n\n{JAVACORE}");
    judge_text("logged", &logged).finds("memory-refused", Severity::Critical, "memory-refused.openj9");
}

const JAVACORE: &str = "\
0SECTION       NATIVEMEMINFO subcomponent dump routine
NULL           =================================
0MEMUSER
1MEMUSER       JRE: 3,201,884,160 bytes / 90127 allocations
1MEMUSER       |
2MEMUSER       +--VM: 2,950,402,048 bytes / 81244 allocations
";

/// Composed: a title repeats the error below it, shortened or with the mark of crash files: one process, one error.
#[test]
fn a_title_that_repeats_an_error_is_no_second_one() {
    let threads = "unable to create native thread";
    let text = |mark: &str| {
        format!(
            "{mark}java.lang.OutOfMemoryError: {threads}\n\nSince the update:\n\n\
             java.lang.OutOfMemoryError: {threads}: possibly out of memory or process/resource limits reached\n"
        )
    };
    let insufficient = "There is insufficient memory for the Java Runtime Environment to continue.\n";
    let refused = "Native memory allocation (mmap) failed to map 805306368 bytes for Failed to commit area from \
         0x0000000700000000 to 0x0000000730000000 of length 805306368.\n";
    for text in [text(""), text("# "), format!("# # {insufficient}\nsomeone, 2023\n\n{insufficient}{refused}")] {
        let case = judge_text("title", &text);
        case.runs(1);
        assert_eq!(case.report.java_errors.len(), 1, "{:?}", case.report.java_errors);
        assert!(case.report.java_errors.iter().all(|error| !error.told));
    }
}

/// Composed: a JVM of 118 MiB on Windows was refused 64 KiB. 240 MiB of RAM were free, but of the commit limit of 12 GiB only 3 MiB were left:
/// that is the cause, and others hold it. Not: memory that was free, not: the heap.
#[test]
fn a_commit_limit_that_is_used_up_is_the_cause_whatever_is_free() {
    let case = judge_text("commit", COMMIT);
    let found = case.finds("memory-refused", Severity::Critical, "memory-refused.native.commit");
    found.with("free", "3.0 MiB").with("requested", "64.0 KiB").asks("paging file");
    assert_eq!(case.report.verdict.headline.key, "verdict.headline.native.windows");
    let figures: Vec<&str> = case.report.verdict.figures.iter().map(|figure| figure.text.as_str()).collect();
    assert!(figures.iter().all(|figure| !figure.contains("240")), "{figures:?}");
    assert!(figures.iter().any(|figure| figure.contains("118")), "{figures:?}");
    let room = judge_text("room", &COMMIT.replace("AvailPageFile size 3M", "AvailPageFile size 5200M"));
    room.finds("memory-refused", Severity::Critical, "memory-refused.native");
}

const COMMIT: &str = "\
#
# There is insufficient memory for the Java Runtime Environment to continue.
# Native memory allocation (malloc) failed to allocate 65536 bytes. Error detail: Chunk::new
#
#  Out of Memory Error (arena.cpp:189), pid=7720, tid=5104
#
# JRE version: OpenJDK Runtime Environment (17.0.9+9) (build 17.0.9+9)
# Java VM: OpenJDK 64-Bit Server VM (17.0.9+9, mixed mode, tiered, compressed oops, g1 gc, windows-amd64)
#

---------------  S Y S T E M  ---------------

Memory: 4k page, system-wide physical 4012M (240M free)
TotalPageFile size 12288M (AvailPageFile size 3M)
current process WorkingSet (physical memory assigned to process): 51M, peak: 52M
current process commit charge (\"private bytes\"): 118M, peak: 119M

END.
";

/// Composed: 16 KiB were refused, and guard pages of stacks could not be set: the process has as many mappings as it may have, mostly by
/// threads. Not: the machine's memory. Without the second line nothing tells.
#[test]
fn small_pieces_refused_beside_guard_pages_are_a_lack_of_mappings() {
    let refused = "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00007f31d02aa000, 16384, 0) failed; error='Cannot allocate memory' (errno=12)\n";
    let guard = "OpenJDK 64-Bit Server VM warning: Attempt to protect stack guard pages failed.\n";
    let case = judge_text("mappings", &format!("{refused}{guard}"));
    let found = case.finds("memory-refused", Severity::Critical, "memory-refused.native.mappings");
    found.with("requested", "16.0 KiB").asks("vm.max_map_count");
    judge_text("alone", refused).finds("memory-refused", Severity::Critical, "memory-refused.native");
    let large = refused.replace("16384", "16777216");
    judge_text("large", &format!("{large}{guard}")).finds(
        "memory-refused",
        Severity::Critical,
        "memory-refused.native",
    );
}

/// Composed: G1 finds no room once, in a pause of 402 ms; the longest pause is a remark of 710 ms two seconds later. Then 5 of 16 GiB are in use: no
/// leak, no error. Advice for G1, not the kernel's log, not the machine's memory.
#[test]
fn pauses_get_advice_that_is_about_pauses() {
    let case = judge_text("pauses", EVACUATION);
    let failed = case.finds("to-space-exhausted", Severity::Warning, "to-space-exhausted.pause");
    failed.with("longest", "402 ms").asks("G1ReservePercent").asks("G1HeapRegionSize");
    let remark = case.finds("longest-stop", Severity::Notice, "longest-stop");
    remark.with("time", "710 ms").asks("ParallelRefProc");
    remark.does_not_ask("free -m");
    let verdict = &case.report.verdict;
    assert!(verdict.lede.iter().any(|one| one.text.contains("710 ms")), "{:?}", verdict.lede);
    assert!(case.report.gaps.iter().all(|gap| gap.key != "gap.kernel"), "{:?}", case.report.gaps);
    assert!(verdict.open.as_ref().is_none_or(|gap| gap.key != "gap.machine"), "{:?}", verdict.open);
}

const EVACUATION: &str = "\
[5102.118s][info][gc] GC(90) Pause Young (Normal) (G1 Evacuation Pause) 15002M->5100M(16384M) 121.310ms
[5290.640s][info][gc] GC(91) To-space exhausted
[5290.641s][info][gc] GC(91) Pause Young (Normal) (G1 Evacuation Pause) 16370M->9411M(16384M) 402.118ms
[5291.102s][info][gc] GC(92) Pause Young (Concurrent Start) (G1 Humongous Allocation) 9500M->9433M(16384M) 48.007ms
[5291.103s][info][gc] GC(93) Concurrent Cycle
[5292.690s][info][gc] GC(93) Pause Remark 9900M->8012M(16384M) 710.244ms
[5293.315s][info][gc] GC(93) Concurrent Cycle 2212.114ms
[5299.201s][info][gc] GC(94) Pause Young (Mixed) (G1 Evacuation Pause) 8120M->5030M(16384M) 39.005ms
";

/// Composed: a mixed pause of 6.2 s in a log of JDK 8, of which 5.1 s went into undoing what could not be copied.
#[test]
fn what_a_failed_evacuation_cost_is_told() {
    let log = "\
80412.118: [GC pause (G1 Evacuation Pause) (mixed) (to-space exhausted), 6.2018843 secs]
   [Parallel Time: 1004.1 ms, GC Workers: 8]
   [Other: 5190.3 ms]
      [Evacuation Failure: 5102.8 ms]
";
    let case = judge_text("evacuation", log);
    let failed = case.finds("to-space-exhausted", Severity::Warning, "to-space-exhausted.pause.undone");
    failed.with("longest", "6.2 s").with("spent", "5.1 s").asks("InitiatingHeapOccupancyPercent");
}

/// Composed: a young pause of 14 min 41 s in which the processors worked for two hours, on 4 GiB: neither swap nor a starved processor, but a bug. The
/// same without the time of processors, and in a quarter of an hour: it waited.
#[test]
fn a_stop_that_is_too_long_for_what_was_in_use_is_no_matter_of_the_heap() {
    let log = "2015-03-02T11:20:30.101+0800: 90121.411: [GC (Allocation Failure) 90121.411: [ParNew: 1406667K->38270K(1763584K), 881.1202148 secs] \
        4195406K->2832232K(12581312K), 881.1210308 secs] [Times: user=7100.20 sys=0.40, real=881.12 secs]\n";
    let stop = "longest-stop";
    let case = judge_text("busy", log);
    case.finds(stop, Severity::Warning, "longest-stop.busy")
        .with("before", "4.0 GiB")
        .asks("JDK")
        .does_not_ask("vmstat");
    let (without, _) = log.split_once(" [Times").unwrap_or_default();
    judge_text("slow", without).finds(stop, Severity::Warning, "longest-stop.slow").asks("vmstat");
    judge_text("starved", &log.replace("7100.20", "71.20")).finds(stop, Severity::Warning, "longest-stop.starved");
    let usual = log.replace("881.12", "8.12").replace("7100.20", "61.20");
    judge_text("usual", &usual).finds(stop, Severity::Warning, "longest-stop");
}

/// Composed: two excerpts of one log, the later one first, words between them: one JVM. One that begins anew is another.
#[test]
fn an_earlier_excerpt_below_a_later_one_is_the_same_log() {
    let failure = |at: &str| {
        format!(
            "{at}: [GC {at}: [ParNew: 261760K->261760K(261952K), 0.0000750 secs]{at}: [CMS (concurrent mode failure): \
             1796901K->1078231K(1835008K), 96.6130290 secs] 2058661K->1078231K(2096960K), 96.6140400 secs]\n"
        )
    };
    let text = |second: &str| format!("1) Preclean:\n{}\n2) Sweep:\n{}", failure("7031.400"), failure(second));
    judge_text("excerpts", &text("6890.117")).runs(1);
    judge_text("anew", &text("12.117")).runs(2);
}

/// Composed: threads that did not start have names up to worker-3318: a pool that made thousands. EAGAIN is a limit of threads; the pool is why it was
/// reached. Not: the heap.
#[test]
fn numbers_of_threads_that_did_not_start_tell_a_pool_without_a_bound() {
    let line = |nth: u32| {
        format!(
            "[51.20{}s][warning][os,thread] Failed to start the native thread for java.lang.Thread \"sync-worker-{nth}\"\n",
            nth % 10
        )
    };
    let refused = "[51.209s][warning][os,thread] Failed to start thread \"Unknown thread\" - pthread_create failed (EAGAIN) for attributes: stacksize: 1024k, guardsize: 0k, detached.\n";
    let text = format!("{}{refused}{}{refused}", line(3318), line(3307));
    let case = judge_text("pool", &text);
    case.finds("thread-count", Severity::Warning, "thread-count.pool").with("count", "3,318").asks("maximum");
    let lede = &case.report.verdict.lede;
    assert!(lede.iter().any(|one| one.text.contains("3,318")), "{lede:?}");
    judge_text("few", &text.replace("33", "")).silent(&["thread-count"]);
}

/// Composed: `jstat` with one full GC between two samples: it freed half of the old generation in 2.1 s. Not: an average over the whole life, not: full.
#[test]
fn the_last_full_collection_says_more_than_a_mean() {
    let text = "\
 S0C    S1C    S0U    S1U      EC       EU        OC         OU       MC     MU    CCSC   CCSU   YGC     YGCT    FGC    FGCT     GCT
14848.0 15360.0  0.0   8140.3 4163072.0 238585.4 4716480.0  4642829.5  37592.0 36577.7 4096.0 3739.3   2669  143.129   4      4.399  147.528
14848.0 41984.0  0.0    0.0   4110336.0 3888676.8 4973504.0  2338417.4  37592.0 36577.7 4096.0 3739.3   2670  143.316   5      6.499  149.815
37376.0 38400.0  0.0   10415.9 4111872.0 1463619.6 4973504.0  2345162.4  37592.0 36577.7 4096.0 3739.3   2673  143.452   5      6.499  149.951
";
    let lede = judge_text("jstat", text).report.verdict.lede;
    let [said] = lede.as_slice() else { panic!("{lede:?}") };
    assert_eq!(said.key, "verdict.lede.full-collection.rows");
    assert_eq!(
        said.text,
        "The last full GC between two samples took 2.1 s and left 2.2 GiB of 4.4 GiB in the old generation."
    );
}

/// Composed: choices by the limit of a group, without sizes and without the lines of the kills: the opening says that a limit was reached.
#[test]
fn a_choice_within_a_group_says_that_its_limit_was_reached() {
    let line = |at: &str, pid: u32| {
        format!(
            "Nov 05 {at} node-7 kernel: Memory cgroup out of memory: Kill process {pid} (java) score 1310 or sacrifice child\n"
        )
    };
    let case = judge_text("group", &format!("{}{}", line("21:14:12", 19302), line("21:23:04", 78753)));
    assert_eq!(case.report.verdict.headline.key, "verdict.headline.chosen.group");
    assert!(case.report.verdict.headline.text.contains("memory limit"));
}

/// Composed: what the JVM could not print in four handlers is one error, four times; beside it the heap is full twice.
#[test]
fn an_error_that_several_handlers_could_not_print_is_one() {
    let handler = |name: &str| {
        format!("Exception: java.lang.OutOfMemoryError thrown from the UncaughtExceptionHandler in thread \"{name}\"\n")
    };
    let full = "Exception in thread \"Worker-31\" java.lang.OutOfMemoryError: Java heap space\n";
    let text = ["qtp21-3 Selector1", "qtp21-7 Selector0", "Scavenger", "Timer-1"].map(handler).join(full);
    let report = judge_text("handlers", &text).report;
    let counts: Vec<u64> = report.java_errors.iter().map(|error| error.count).collect();
    assert_eq!(counts, [4, 3], "{:?}", report.java_errors);
}

/// Composed: a program's own words for its lines, without level and tags, of ZGC: two threads waited 409 ms in all, one got nothing: an
/// `OutOfMemoryError`.
#[test]
fn stalls_are_read_without_level_and_tags() {
    let text = "\
[2021-04-02T10:11:09.123+0000] Allocation Stall (http-nio-8080-exec-12) 210.402ms
[2021-04-02T10:11:09.641+0000] Allocation Stall (http-nio-8080-exec-31) 198.330ms
[2021-04-02T10:11:10.002+0000] Out Of Memory (worker 8)
";
    for text in [text.to_owned(), text.replace("2021-04-02T10:11:", "").replace("+0000]", "s]")] {
        let case = judge_text("stalls", &text);
        case.finds("to-space-exhausted", Severity::Critical, "to-space-exhausted.zgc").with("count", "1");
        case.finds("allocation-stall", Severity::Warning, "allocation-stall").with("time", "409 ms");
    }
}

/// Composed: Gradle found the crash file of its daemon: pid 9921 crashed, and the file says why. Not: nothing recognised.
#[test]
fn a_crash_of_which_only_the_file_is_told_leads_to_the_file() {
    let text = "[        ] JVM crash log found: file:///D:/work/shop/android/hs_err_pid9921.log     \n[        ] FAILURE: Build failed with an exception.\n";
    for text in [text.to_owned(), text.replace("[        ] ", ""), text.replace("///D:", "///opt")] {
        let report = judge_text("crash log", &text).report;
        assert_eq!(report.verdict.outcome, Outcome::Crashed);
        let actions: Vec<&str> = report.verdict.actions.iter().map(|action| action.text.as_str()).collect();
        assert!(actions.iter().any(|action| action.ends_with("/work/shop/android/hs_err_pid9921.log")), "{actions:?}");
        assert_eq!(report.java_errors.iter().map(|error| error.pid).collect::<Vec<_>>(), [Some(9921)]);
    }
}

/// Composed: a circuit breaker of Elasticsearch whose message a client broke at its commas: 493.6 MiB refused by a limit of 486.4.
#[test]
fn a_circuit_breaker_that_was_broken_over_lines_is_read() {
    let whole = "Data too large, data for [<http_request>] would be [517560880/493.5mb], which is larger than the limit of [510027366/486.3mb], real usage: [517560880/493.5mb]\n";
    for text in [whole.to_owned(), whole.replace(", which", ",\nwhich").replace(", real", ",\nreal")] {
        let report = judge_text("breaker", &format!("FATAL  [circuit_breaking_exception] [parent]\n{text}")).report;
        let [event] = report.events.as_slice() else { panic!("{:?}", report.events) };
        let sizes: Vec<u64> =
            ["requested", "limit"].iter().filter_map(|name| event.sizes.get(*name)).map(|size| size.0).collect();
        assert_eq!(sizes, [517_560_880, 510_027_366]);
    }
}

/// Composed: the statistics of a group, wrapped inside of names: no pages of files but those of the two lists.
#[test]
fn statistics_wrapped_inside_a_name_are_put_together() {
    let text = "\
[ 7110.118030] java invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0
[ 7110.118220] Task in /docker/41ff killed as a result of limit of /docker/41ff
[ 7110.118240] memory: usage 2097152kB, limit 2097152kB, failcnt 4101
[ 7110.118241] memory+swap: usage 2097152kB, limit 4194304kB, failcnt 0
[ 7110.118250] Memory cgroup stats for /docker/41ff: cache:9388KB rss:2087764KB mapped_file:956KB swap:512KB inactive_anon:880KB active_anon:2086000KB inactive_
file:692KB active_file:120KB unevictable:0KB
[ 7110.118300] [ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name
[ 7110.118310] [ 4102]  1000  4102  1834720   521920    1200       3        0             0 java
";
    let report = judge_text("wrapped", text).report;
    let stats = &report.oom_kills.first().and_then(|kill| kill.cgroup.as_ref()).expect("a group").stats;
    let kib = |name: &str| stats.get(name).map(|size| size.0 / 1024);
    assert_eq!(
        (kib("inactive_file"), kib("active_file"), kib("file"), kib("swap")),
        (Some(692), Some(120), None, Some(512))
    );
}

/// Composed: the end of a GC log, whose start with the maximum is not there, below a sentence that states 64 MB and the machine's memory. Full GCs
/// leave 61 of these 64 MiB. Not: another ceiling beside it, or the machine's memory asked for.
#[test]
fn a_log_without_its_start_is_held_against_the_heap_that_is_stated() {
    let full =
        |at: u32| format!("[{at}.878s][info][gc] GC({at}) Pause Full (Allocation Failure) 61M->61M(61M) 5.135ms\n");
    let text = "The machine has 4 GB of memory and no swap, the maximum heap is set to 64 MB.\n\n".to_owned();
    let case = judge_text("half a log", &(text + &(20..25).map(full).collect::<String>()));
    let verdict = &case.report.verdict;
    let said: Vec<String> = verdict.lede.iter().chain([&verdict.headline]).map(|said| said.say(Language::En)).collect();
    assert!(said.iter().all(|said| !said.contains("of 61.0 MiB")) && said[0].contains("of 64.0 MiB"), "{said:#?}");
    assert!(case.report.gaps.iter().all(|gap| gap.key != "gap.machine"), "{:?}", case.report.gaps);
    let stated = |figure: &Statement| figure.key == "verdict.figure.max-heap.stated";
    assert!(verdict.figures.iter().any(stated), "{:?}", verdict.figures);
}

/// Captures of JVMs that were killed at a limit while something in them grew: what shows the growth comes before a higher limit, which is
/// named all the same.
#[test]
fn growth_is_looked_at_before_a_limit_is_raised() {
    for (name, raise) in [
        ("g1-jdk17-heap-killed", "rule.limit-below-heap-plus-native.raise.next"),
        ("g1-jdk17-native-killed", "sizing.change.limit"),
        ("g1-jdk25-direct-killed", "sizing.change.limit"),
        ("parallel-jdk25-metaspace-killed", "sizing.change.limit"),
    ] {
        let path = format!("{}/tests/corpus/incident/{name}/input.log", env!("CARGO_MANIFEST_DIR"));
        let report = corpus::read(&std::fs::read(path).expect("a capture"));
        let actions: Vec<&str> = report.verdict.actions.iter().map(|action| action.key.as_str()).collect();
        assert!(actions.iter().position(|key| *key == raise).is_some_and(|at| at > 0), "{name}: {actions:?}");
    }
}

/// A container that ended for memory leaves open which of its processes was killed; a shell that says `Killed` leaves open who sent
/// the signal. The kernel's log answers both.
#[test]
fn the_kernel_is_asked_for_what_is_open() {
    let asks = |text: &str, key: &str| judge_text(key, text).report.gaps.iter().any(|gap| gap.key == key);
    let ended = "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n";
    assert!(asks(ended, "gap.kernel.killed"));
    assert!(asks("$ java -jar app.jar\nKilled\n", "gap.kernel.signal"));
}
