//! Whole OOM-killer reports, from bytes to the report: eras, transports, and what pastes do to them.

use oomscope::i18n::Language;
use oomscope::model::oom::{OomKill, OomScope, Victim};
use oomscope::report::Report;
use oomscope::units::{Bytes, Micros};

fn report(sources: &[&str]) -> Report {
    let mut analyzer = oomscope::Analyzer::new(Language::En);
    for source in sources {
        analyzer.open("paste");
        analyzer.feed(source.as_bytes());
    }
    analyzer.finish().report
}

fn one(text: &str) -> OomKill {
    let mut kills = report(&[text]).oom_kills;
    assert_eq!(kills.len(), 1, "{kills:#?}");
    kills.remove(0)
}

fn victim(kill: &OomKill) -> &Victim {
    kill.victims.first().expect("a victim")
}

fn kib(kib: u64) -> Option<Bytes> {
    Bytes::from_kib(kib)
}

fn warnings(report: &Report) -> Vec<(u32, &str)> {
    report.warnings.iter().map(|warning| (warning.line, warning.kind.as_str())).collect()
}

/// The part of the source that a field was read from.
fn read_at<'a>(text: &'a str, kill: &OomKill, field: &str) -> &'a str {
    let span = kill.at.get(field).or_else(|| kill.victims.first()?.at.get(field)).expect("a place");
    let line = text.lines().nth(span.line as usize - 1).expect("a line");
    &line[span.start as usize..span.end as usize]
}

const RHEL6: &str = "\
Aug  5 03:54:03 web01 kernel: java invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0, oom_score_adj=0
Aug  5 03:54:03 web01 kernel: java cpuset=/ mems_allowed=0
Aug  5 03:54:03 web01 kernel: Pid: 2841, comm: java Not tainted 2.6.32-999.el6.x86_64 #1
Aug  5 03:54:03 web01 kernel: Mem-Info:
Aug  5 03:54:03 web01 kernel: Node 0 DMA per-cpu:
Aug  5 03:54:03 web01 kernel: CPU    0: hi:    0, btch:   1 usd:   0
Aug  5 03:54:03 web01 kernel: 1048576 pages RAM
Aug  5 03:54:03 web01 kernel: 32768 pages reserved
Aug  5 03:54:03 web01 kernel: 4096 pages shared
Aug  5 03:54:03 web01 kernel: 1003520 pages non-shared
Aug  5 03:54:03 web01 kernel: [ pid ]   uid  tgid total_vm      rss cpu oom_adj oom_score_adj name
Aug  5 03:54:03 web01 kernel: [ 2790]   500  2790  1310720   884736   1       0             0 java
Aug  5 03:54:03 web01 kernel: Out of memory: Kill process 2790 (java) score 871 or sacrifice child
Aug  5 03:54:03 web01 kernel: Killed process 2790, UID 500, (java) total-vm:5242880kB, anon-rss:3538816kB, file-rss:128kB
";

#[test]
fn a_report_of_rhel_6_is_read() {
    let kill = one(RHEL6);
    assert_eq!((kill.scope, kill.kernel.as_deref()), (OomScope::Global, Some("2.6.32-999.el6.x86_64")));
    assert_eq!((kill.time, kill.local_time, kill.year_unknown), (None, Some(Micros(18_676_443_000_000)), true));
    assert_eq!(kill.host.as_deref(), Some("web01"));
    assert_eq!((kill.page_size, kill.page_size_reason.as_deref()), (kib(4), Some("kill-line")));
    assert_eq!(kill.ram, kib((1_048_576 - 32_768) * 4));
    assert_eq!(kill.trigger.as_ref().and_then(|trigger| trigger.tid), Some(2841));
    let java = victim(&kill);
    assert_eq!((java.uid, java.score, java.anon_rss, java.shmem_rss), (Some(500), Some(871), kib(3_538_816), None));
    let row = kill.processes.first().expect("a row");
    assert_eq!((row.rss, row.pgtables, row.oom_score_adj), (kib(884_736 * 4), None, Some(0)));
    assert_eq!(read_at(RHEL6, &kill, "anon_rss"), "3538816");
    assert_eq!(read_at(RHEL6, &kill, "ram"), "1048576");
}

/// People cut the block of the memory out and leave its totals.
#[test]
fn totals_of_the_machine_are_read_below_a_head_alone() {
    let left_out = ["Mem-Info:", "per-cpu:", "CPU    0:", "shared"];
    let text: String =
        RHEL6.split_inclusive('\n').filter(|line| !left_out.iter().any(|words| line.contains(words))).collect();
    assert_eq!(one(&text).ram, kib((1_048_576 - 32_768) * 4));
    let totals: String = text.split_inclusive('\n').filter(|line| line.contains(" pages ")).collect();
    assert!(report(&[&totals]).oom_kills.is_empty(), "totals alone are no kill");
}

#[test]
fn the_killed_child_is_not_the_chosen_parent() {
    let kill = one("\
[ 7301.100001] sh invoked oom-killer: gfp_mask=0x14000c0(GFP_KERNEL), nodemask=(null),  order=0, oom_score_adj=979
[ 7301.100004] sh cpuset=9f8e7d mems_allowed=0-1
[ 7301.100007] CPU: 2 PID: 5150 Comm: sh Not tainted 4.14.999-generic #1
[ 7301.100090] Task in /kubepods/burstable/pod11/9f8e7d killed as a result of limit of /kubepods/burstable/pod11
[ 7301.100091] memory: usage 524288kB, limit 524288kB, failcnt 77
[ 7301.100092] memory+swap: usage 524288kB, limit 9007199254740988kB, failcnt 0
[ 7301.100093] kmem: usage 4096kB, limit 9007199254740988kB, failcnt 0
[ 7301.100120] [ pid ]   uid  tgid total_vm      rss nr_ptes nr_pmds swapents oom_score_adj name
[ 7301.100121] [ 5101]     0  5101     1100      200       8       3        0           979 sh
[ 7301.100122] [ 5120]     0  5120   655360   122880     320       6        0           979 java
[ 7301.100130] Memory cgroup out of memory: Kill process 5101 (sh) score 1201 or sacrifice child
[ 7301.100135] Killed process 5120 (java) total-vm:2621440kB, anon-rss:487424kB, file-rss:4096kB, shmem-rss:0kB
[ 7301.151000] oom_reaper: reaped process 5120 (java), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB
");
    assert_eq!((kill.scope, victim(&kill).pid, victim(&kill).score), (OomScope::Cgroup, 5120, None));
    assert_eq!(kill.chosen.as_ref().map(|chosen| (chosen.pid, chosen.score)), Some((5101, Some(1201))));
    let group = kill.cgroup.as_ref().expect("a group");
    assert_eq!((group.path.as_str(), group.limit, group.swap_limit), ("/kubepods/burstable/pod11", kib(524_288), None));
    assert_eq!((group.swap_usage, group.swap_includes_memory, group.failcnt), (kib(524_288), true, Some(77)));
    let tables: Vec<_> = kill.processes.iter().map(|row| row.pgtables).collect();
    assert_eq!(tables, [kib(11 * 4), kib(326 * 4)]);
    assert_eq!(kill.reaped.first().and_then(|left| left.anon_rss), Some(Bytes(0)));
    assert_eq!((kill.uptime, kill.first_line, kill.last_line), (Some(Micros(7_301_100_135)), 1, 13));
}

const GROUP: &str = "\
[81250.399001][T48301] GC Thread#2 invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP), order=0, oom_score_adj=984
[81250.399004][T48301] CPU: 5 UID: 1000 PID: 48301 Comm: GC Thread#2 Kdump: loaded Tainted: G           O       6.12.0-99.el10.x86_64 #1 PREEMPT(voluntary)
[81250.399005][T48301] Tainted: [O]=OOT_MODULE
[81250.400101][T48301] memory: usage 4194304kB, limit 4194304kB, failcnt 3127
[81250.400103][T48301] swap: usage 0kB, limit 0kB, failcnt 0
[81250.400200][T48301] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-aa11.scope,mems_allowed=0-1,3,oom_memcg=/kubepods.slice/kubepods-pod22.slice,task_memcg=/kubepods.slice/kubepods-pod22.slice/cri-containerd-aa11.scope,task=java,pid=48213,uid=1000
[81250.400210][T48301] Memory cgroup out of memory: Killed process 48213 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB, UID:1000 pgtables:9216kB oom_score_adj:984
[81250.400260][T48301] Tasks in /kubepods.slice/kubepods-pod22.slice/cri-containerd-aa11.scope are going to be killed due to memory.oom.group set
[81250.400270][T48301] Memory cgroup out of memory: Killed process 48213 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB, UID:1000 pgtables:9216kB oom_score_adj:984
[81250.400280][T48301] Memory cgroup out of memory: Killed process 48190 (tini) total-vm:2816kB, anon-rss:128kB, file-rss:640kB, shmem-rss:0kB, UID:1000 pgtables:48kB oom_score_adj:984
[81252.500000][   T77] oom_reaper: reaped process 48213 (java), now anon-rss:0kB, file-rss:20480kB, shmem-rss:0kB
";

#[test]
fn a_group_kill_is_one_event_with_each_victim_once() {
    let kill = one(GROUP);
    let pids: Vec<_> = kill.victims.iter().map(|victim| victim.pid).collect();
    assert_eq!((pids, kill.group_kill, kill.also.len()), (vec![48_213, 48_190], true, 0));
    let group = kill.cgroup.as_ref().expect("a group");
    assert_eq!(group.path, "/kubepods.slice/kubepods-pod22.slice");
    assert_eq!(group.task_path.as_deref(), Some("/kubepods.slice/kubepods-pod22.slice/cri-containerd-aa11.scope"));
    assert_eq!((group.swap_limit, group.swap_includes_memory), (Some(Bytes(0)), false));
    assert_eq!(kill.reaped.len(), 1);
    assert_eq!(read_at(GROUP, &kill, "pgtables"), "9216");
}

#[test]
fn sysrq_and_panic_have_no_victim() {
    let kills = report(&["\
[  900.000001] sysrq: Manual OOM execution
[  900.000100] kworker/3:1 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0
[ 1900.000100] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
[ 1900.000500] Kernel panic - not syncing: Out of memory: system-wide panic_on_oom is enabled
"]);
    assert_eq!(warnings(&kills), []);
    let found: Vec<_> =
        kills.oom_kills.iter().map(|kill| (kill.scope, kill.panic, kill.first_line, kill.last_line)).collect();
    assert_eq!(found, [(OomScope::Sysrq, false, 1, 2), (OomScope::Unknown, true, 3, 4)]);
}

const DAMAGED: &str = "\
> Aug 05 03:54:03 web01 kernel: java invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUS
> ER_MOVABLE|__GFP_ZERO|__GFP_COMP), order=0, oom_score_adj=984
> Aug 05 03:54:03 web01 kernel: active_anon:10 inactive_anon:5 isolated_anon:0#012 active_file:4#012 free:8200 free_pcp:0 free_cma:0
> Aug 05 03:54:03 web01 kernel: Node 0 Normal free:61200kB min:61440kB low:76800kB high:92160kB presen>
";

#[test]
fn a_damaged_paste_gives_what_is_whole() {
    let found = report(&[DAMAGED]);
    let kill = found.oom_kills.first().expect("an event");
    let trigger = kill.trigger.as_ref().expect("a trigger");
    assert_eq!(trigger.gfp_mask.as_deref(), Some("0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP)"));
    assert_eq!((trigger.order, trigger.oom_score_adj), (Some(0), Some(984)));
    assert_eq!(trigger.at.get("order").map(|span| (span.line, span.start)), Some((2, 43)));
    assert_eq!(kill.memory.get("free"), kib(8200 * 4).as_ref());
    let zone = kill.zones.first().expect("a zone");
    assert_eq!((zone.memory.get("high").copied(), zone.memory.len()), (kib(92_160), 4));
    let kinds: Vec<_> = found.warnings.iter().map(|warning| warning.kind.as_str()).collect();
    assert_eq!(kinds, ["wrap-repaired", "page-size-assumed", "year-unknown", "cut-off"]);
}

#[test]
fn wrapped_lines_are_put_together() {
    let flat = "\
[81250.400199] [  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name
[81250.400200] [  48213]  1000 48213  2334720  1020928  1015808     5120         0  9437184        0           984 java
[81250.400200] oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0-1,3,global_oom,task_memcg=/a,task=java,pid=48213,uid=1000
[81250.400210] Out of memory: Killed process 48213 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB, UID:1000 pgtables:9216kB oom_score_adj:984
";
    let whole = one(flat);
    for width in 60..100 {
        let wrapped: String = flat
            .lines()
            .flat_map(|line| {
                line.as_bytes().chunks(width).map(|part| String::from_utf8_lossy(part).into_owned() + "\n")
            })
            .collect();
        let kill = one(&wrapped);
        let facts = |kill: &OomKill| {
            let java = victim(kill);
            let sizes = (java.total_vm, java.anon_rss, java.file_rss, java.shmem_rss, java.pgtables);
            let row =
                kill.processes.first().map(|row| (row.pid, row.rss, row.rss_file, row.pgtables, row.name.clone()));
            (java.pid, java.name.clone(), java.uid, sizes, kill.scope, row)
        };
        assert_eq!(facts(&kill), facts(&whole), "width {width}:\n{wrapped}");
    }
}

#[test]
fn a_number_that_was_wrapped_is_one_number() {
    let kill = one("\
[10.000001] java invoked oom-killer: gfp_mask=0x2420
1ca, order=0, oom_score_adj=0
[10.000002] Out of memory: Killed process 48213 (java) total-vm:8192kB, anon-rss:4096kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0
[10.000003] oom_reaper: reaped process 4821
3 (java), now anon-rss:0kB, file-rss:20480kB, shmem-rss:0kB
");
    assert_eq!(kill.trigger.and_then(|trigger| trigger.gfp_mask).as_deref(), Some("0x24201ca"));
    let reaped: Vec<_> = kill.reaped.iter().map(|reaped| (reaped.pid, reaped.file_rss)).collect();
    assert_eq!(reaped, [(48213, kib(20_480))]);
}

#[test]
fn zone_lines_wrapped_by_a_mail_program_are_put_together() {
    let kill = one("\
[1.000001] java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0
[1.000002] Mem-Info:
[1.000003] active_anon:3801 inactive_anon:3990
112 isolated_anon:0
[1.000004] Node 0 Normal free:61200kB min:614
40kB low:76800kB high:92160kB
present:16777216kB managed:16384000kB
[1.000005] Node 0 Normal: 1200*4kB (UME) 800*8kB (UME) = 11200kB
");
    assert_eq!(kill.memory.get("inactive_anon"), kib(3_990_112 * 4).as_ref());
    let zone = &kill.zones.first().expect("a zone").memory;
    let sizes: Vec<_> = ["min", "low", "present", "managed"].iter().map(|key| zone.get(*key).copied()).collect();
    assert_eq!(sizes, [kib(61_440), kib(76_800), kib(16_777_216), kib(16_384_000)]);
}

#[test]
fn two_kills_on_one_line_are_two_events() {
    let found = report(&[
        "Out of memory: Killed process 1 (a) total-vm:8kB, anon-rss:4kB, file-rss:0kB [ 7001.000002] Out of memory: Killed process 2 (b) total-vm:16kB, anon-rss:8kB, file-rss:0kB\n",
    ]);
    let pids: Vec<_> = found.oom_kills.iter().map(|kill| victim(kill).pid).collect();
    assert_eq!(pids, [1, 2]);
}

#[test]
fn the_same_kill_in_two_sources_is_one_event() {
    let dmesg = "[81250.400210] Out of memory: Killed process 48213 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB\n";
    let journal = "2025-08-05T03:54:03.000210+0000 web01 kernel: Out of memory: Killed process 48213 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB\n";
    let found = report(&[dmesg, journal]);
    assert_eq!(found.oom_kills.len(), 1);
    let kill = found.oom_kills.first().expect("an event");
    assert_eq!((kill.uptime, kill.time.is_some(), kill.also.len()), (Some(Micros(81_250_400_210)), true, 1));
    assert_eq!(report(&[&format!("{GROUP}{GROUP}")]).oom_kills.len(), 1);
}

/// Posts quote the line of the kill, often shortened, and show the report below.
#[test]
fn a_quoted_line_and_the_report_of_its_kill_are_one_event() {
    for quoted in [
        "Killed process 2790 (java)\n",
        "Out of memory: Killed process 2790 (java) total-vm:5242880kB\n",
        "Killed process 2790, UID 500, (java) total-vm:5242880kB, anon-rss:3538816kB, file-rss:128kB\n",
    ] {
        for text in [format!("{quoted}\nThe whole log:\n\n{RHEL6}"), format!("{RHEL6}\nSo it says:\n\n{quoted}")] {
            let kill = one(&text);
            assert_eq!((victim(&kill).anon_rss, kill.trigger.is_some()), (kib(3_538_816), true), "{text}");
        }
    }
    let other = "Killed process 2790 (java) total-vm:5242000kB, anon-rss:1kB, file-rss:0kB\n";
    assert_eq!(report(&[&format!("{other}\nThe whole log:\n\n{RHEL6}")]).oom_kills.len(), 2, "sizes differ");
    let other = "Killed process 2790 (node)\n";
    assert_eq!(report(&[&format!("{other}\nThe whole log:\n\n{RHEL6}")]).oom_kills.len(), 2, "names differ");
}

#[test]
fn hosts_are_kept_apart() {
    let line = |host: &str, text: &str| format!("2025-08-05T03:54:03.000000+00:00 {host} kernel: {text}\n");
    let invoked = "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0";
    let killed = |pid: u32| {
        format!("Out of memory: Killed process {pid} (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB")
    };
    let text = [line("web01", invoked), line("web02", invoked), line("web01", &killed(11)), line("web02", &killed(22))]
        .concat();
    let found = report(&[&text]);
    let pairs: Vec<_> = found
        .oom_kills
        .iter()
        .map(|kill| (kill.host.as_deref().unwrap_or(""), victim(kill).pid, kill.trigger.is_some()))
        .collect();
    assert_eq!(pairs, [("web01", 11, true), ("web02", 22, true)]);
}

#[test]
fn a_table_without_header_is_told_from_its_rows() {
    let found = report(&["\
[  48190]     0 48190      256        1        0        1         0    36864        0          -998 pause
[  48213]  1000 48213  2334720  1020928  1015808     5120         0  9437184        0           984 java
Memory cgroup out of memory: Killed process 48213 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB
"]);
    assert_eq!(warnings(&found), [(1, "layout-inferred")]);
    let kill = found.oom_kills.first().expect("an event");
    assert_eq!(kill.processes.get(1).and_then(|row| row.rss_file), kib(20_480));
    assert_eq!(kill.page_size_reason.as_deref(), Some("kill-line"));
}

#[test]
fn page_tables_in_bytes_called_kb_are_bytes() {
    let kill = one("\
[ 1.000001] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name
[ 1.000002] [   4821]  1000  4821  2334720  1020928  9437184        0             0 java
[ 1.000003] Out of memory: Killed process 4821 (java) total-vm:9338880kB, anon-rss:4063232kB, file-rss:20480kB, shmem-rss:0kB, UID:1000 pgtables:9437184kB oom_score_adj:0
");
    assert_eq!(victim(&kill).pgtables, Some(Bytes(9_437_184)));
}

#[test]
fn foreign_lines_inside_a_report_do_not_end_it() {
    let foreign = "Aug 05 03:54:03 web01 sshd[99]: Accepted publickey for root from 192.0.2.7 port 1234 ssh2\nplain prose here\n12.5 99 x\n\n";
    let mixed: String = GROUP.lines().map(|line| format!("{line}\n{foreign}")).collect();
    let (kill, plain) = (one(&mixed), one(GROUP));
    let facts = |kill: &OomKill| {
        (kill.victims.len(), kill.scope, kill.cgroup.as_ref().and_then(|group| group.limit), kill.reaped.len())
    };
    assert_eq!(facts(&kill), facts(&plain));
}

#[test]
fn a_failed_allocation_is_no_kill() {
    let found = report(&["\
[ 1.000001] java: page allocation failure: order:5, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null),cpuset=/,mems_allowed=0
[ 1.000002] CPU: 1 PID: 7 Comm: java Not tainted 5.15.0 #1
[ 1.000003] Mem-Info:
[ 1.000004] active_anon:3801 inactive_anon:3990112 isolated_anon:0
[ 1.000005] 4194304 pages RAM
"]);
    assert_eq!(found.oom_kills, []);
    let kinds: Vec<_> =
        found.events.iter().map(|event| (event.kind.name(), event.name.as_deref(), event.last_line)).collect();
    assert_eq!(kinds, [("page-allocation-failure", Some("java"), 5)]);
}

#[test]
fn prose_about_kills_is_prose() {
    let found = report(&[
        "We saw Killed process 12 (java) in the log.\nThe OOM killer killed process 12.\nOut of memory is bad.\n",
    ]);
    assert_eq!(found.oom_kills, []);
}

#[test]
fn nothing_panics_when_a_report_is_cut_anywhere() {
    for text in [RHEL6, GROUP, DAMAGED] {
        for end in 0..text.len() {
            if let Some(cut) = text.get(..end) {
                report(&[cut]);
            }
            if let Some(cut) = text.get(end..) {
                report(&[cut]);
            }
        }
    }
}

#[test]
fn figures_that_stand_twice_add_up_once() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus/oom-killer");
    for case in ["3.10-rhel7-cgroup", "4.4-ubuntu-global-two-nodes"] {
        let text = std::fs::read_to_string(format!("{folder}/{case}/input.log")).expect("a case");
        let times =
            |line: &str| 1 + usize::from(line.contains("Memory cgroup stats") || line.contains("hugepages_total"));
        let twice: String = text.lines().map(|line| format!("{line}\n").repeat(times(line))).collect();
        let (once, twice) = (one(&text), one(&twice));
        let stats = |kill: &OomKill| kill.cgroup.as_ref().map(|group| group.stats.clone());
        assert_eq!((stats(&once), &once.memory), (stats(&twice), &twice.memory), "{case}");
        assert!(stats(&once).is_some() || once.memory.contains_key("hugepages_total"), "{case}");
    }
}
