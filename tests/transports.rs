//! Short logs through everything that people copy them from: whatever stands around each line, the same values are read.

#[path = "support/corpus.rs"]
mod corpus;

use std::collections::BTreeSet;

use corpus::{each_fact, read};

/// Short logs, one of each kind.
const LOGS: [(&str, &str); 8] = [
    (
        "kernel",
        "java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=984\n\
         memory: usage 524288kB, limit 524288kB, failcnt 112\n\
         [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n\
         [   7134]  1000  7134  2334720   130928  1130496        0           984 java\n\
         oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=abc,mems_allowed=0,oom_memcg=/a,task_memcg=/a,task=java,pid=7134,uid=1000\n\
         Memory cgroup out of memory: Killed process 7134 (java) total-vm:9338880kB, anon-rss:503232kB, file-rss:20480kB, shmem-rss:0kB, UID:1000 pgtables:1104kB oom_score_adj:984\n",
    ),
    (
        "jstat",
        "  S0     S1     E      O      M     CCS    YGC     YGCT     FGC    FGCT     CGC    CGCT       GCT\n  \
           0.00 100.00  12.50  98.21  95.10  90.01     85     1.001    12     3.500     4     0.010     4.511\n  \
           0.00 100.00  25.00  98.30  95.10  90.01     86     1.101    13     3.900     4     0.010     5.011\n",
    ),
    (
        "gc log",
        "[12.345s][info][gc] GC(3) Pause Young (Normal) (G1 Evacuation Pause) 24M->9M(64M) 3.456ms\n\
         [13.345s][info][gc] GC(4) Pause Full (G1 Compaction Pause) 63M->62M(64M) 103.456ms\n",
    ),
    (
        "old gc log",
        "12.345: [GC (Allocation Failure) [PSYoungGen: 524800K->87031K(611840K)] 524800K->499220K(2010112K), 0.3782684 secs] [Times: user=0.25 sys=0.89, real=0.38 secs]\n\
         13.345: [Full GC (Ergonomics) [PSYoungGen: 87031K->0K(611840K)] [ParOldGen: 1398000K->1397000K(1398272K)] 1485031K->1397000K(2010112K), [Metaspace: 3136K->3136K(1056768K)], 2.2800000 secs] [Times: user=8.25 sys=0.01, real=2.28 secs]\n",
    ),
    (
        "nmt",
        "Native Memory Tracking:\n\n\
         Total: reserved=1710686KB, committed=332806KB\n\n\
         -                 Java Heap (reserved=262144KB, committed=262144KB)\n                            \
                                     (mmap: reserved=262144KB, committed=262144KB)\n\n\
         -                    Thread (reserved=20533KB, committed=909KB)\n                            \
                                     (thread #20)\n                            \
                                     (stack: reserved=20480KB, committed=856KB)\n",
    ),
    (
        "error",
        "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat java.base/java.util.Arrays.copyOf(Arrays.java:3537)\n\tat com.acme.Main.main(Main.java:12)\n",
    ),
    (
        "free",
        "              total        used        free      shared  buff/cache   available\n\
         Mem:       16262144    15262144      262144       12345      737856      512345\n\
         Swap:       2097148     2097148           0\n",
    ),
    (
        "pod",
        "    State:          Running\n    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n    Limits:\n      memory:  512Mi\n",
    ),
];

/// What puts something around each line.
type Around = fn(usize, &str) -> String;

const SECOND: [&str; 4] =
    ["2025-08-05T03:54:03.", "2025-08-05T03:54:04.", "2025-08-05T03:54:05.", "2025-08-05T03:54:06."];

fn second(line: usize) -> String {
    format!("{}{:07}", SECOND[line / 4 % 4], line * 1001 + 1_000_000)
}

const TRANSPORTS: &[(&str, Around)] = &[
    ("Jenkins, elapsed", |n, line| format!("00:00:{:02}.123  {line}", n)),
    ("Jenkins, clock", |n, line| format!("03:54:{:02}  {line}", n)),
    ("Jenkins, full", |n, line| format!("[2025-08-05T03:54:{:02}.123Z] {line}", n)),
    ("GitHub Actions", |n, line| format!("{}Z {line}", second(n))),
    ("GitHub Actions, download", |n, line| format!("build (17)\tRun tests\t{}Z {line}", second(n))),
    ("GitHub Actions, unknown step", |n, line| format!("build\tUNKNOWN STEP\t{}Z {line}", second(n))),
    ("GitHub Actions, group", |_, line| format!("##[error]{line}")),
    ("Azure", |n, line| format!("{}Z {line}", second(n))),
    ("BuildKit", |n, line| format!("#59 {}.{n} {line}", 100 + n)),
    ("Jenkins and BuildKit", |n, line| format!("[{}Z] #7 {n}.25 {line}", second(n))),
    ("Azure, error", |n, line| format!("{}Z ##[error]{line}", second(n))),
    ("GitLab", |n, line| format!("2025-08-05T03:54:{:02}.123456Z 01O {line}", n)),
    ("Maven", |_, line| format!("[INFO] {line}")),
    ("Maven, error", |_, line| format!("[ERROR] {line}")),
    ("TeamCity", |n, line| format!("[03:54:{:02}] :\t [Step 1/2] {line}", n)),
    ("TeamCity, warning", |n, line| format!("[03:54:{:02}]W:\t [Step 1/2] {line}", n)),
    ("Buildkite", |n, line| format!("[2025-08-05T03:54:{:02}Z] {line}", n)),
    ("docker compose 1", |_, line| format!("orders_1  | {line}")),
    ("docker compose 2", |_, line| format!("orders-1  | {line}")),
    ("docker compose, named", |_, line| format!("orders  | {line}")),
    ("docker compose, named with dashes", |_, line| format!("my-orders-service    | {line}")),
    ("docker compose, named with dots", |_, line| format!("my.orders.service    | {line}")),
    ("docker compose, timestamps", |n, line| format!("orders-1  | {}00Z {line}", second(n))),
    ("docker compose, named and timestamps", |n, line| format!("orders  | {}00Z {line}", second(n))),
    ("docker logs -t", |n, line| format!("{}00Z {line}", second(n))),
    ("docker service logs", |_, line| format!("orders.1.m2xk1v5hb0z9@node1    | {line}")),
    ("kubectl --prefix", |_, line| format!("[pod/orders-7d9f-x2x/orders] {line}")),
    ("kubectl --prefix --timestamps", |n, line| format!("[pod/orders-7d9f-x2x/orders] {}00Z {line}", second(n))),
    ("kubectl --timestamps", |n, line| format!("{}00Z {line}", second(n))),
    ("stern", |_, line| format!("orders-7d9f4b5c6d-x2xkl orders {line}")),
    ("kubetail", |_, line| format!("[orders-7d9f4b5c6d-x2xkl] {line}")),
    ("Heroku", |n, line| format!("2025-08-05T03:54:{:02}.123456+00:00 app[web.1]: {line}", n)),
    ("Cloud Foundry", |n, line| format!("   2025-08-05T03:54:{:02}.12+0000 [APP/PROC/WEB/0] OUT {line}", n)),
    ("syslog", |n, line| format!("Aug  5 03:54:{:02} web01 app[812]: {line}", n)),
    ("syslog, German", |n, line| format!("Dez 05 03:54:{:02} web01 app[812]: {line}", n)),
    ("syslog, day first", |n, line| format!("5 août 03:54:{:02} web01 app[812]: {line}", n)),
    ("syslog, Spanish", |n, line| format!("ago 05 03:54:{:02} web01 app[812]: {line}", n)),
    ("syslog, Russian", |n, line| format!("авг 05 03:54:{:02} web01 app[812]: {line}", n)),
    ("syslog, Japanese", |n, line| format!("8月 05 03:54:{:02} web01 app[812]: {line}", n)),
    ("syslog, Polish", |n, line| format!("sie 05 03:54:{:02} web01 app[812]: {line}", n)),
    ("syslog, Czech", |n, line| format!("srp 05 03:54:{:02} web01 app[812]: {line}", n)),
    ("journal short-iso", |n, line| format!("2025-08-05T03:54:{:02}+0200 web01 app[812]: {line}", n)),
    ("number", |n, line| format!("{} {line}", n + 1)),
    ("number, padded", |n, line| format!("{:>3} {line}", n + 1)),
    ("number and tab", |n, line| format!("{}\t{line}", n + 1)),
    ("number and colon", |n, line| format!("{}: {line}", n + 1)),
    ("number and point", |n, line| format!("{}. {line}", n + 1)),
    ("number and bar", |n, line| format!("{} | {line}", n + 1)),
    ("number and line", |n, line| format!("{} │ {line}", n + 1)),
    ("number of cat -n", |n, line| format!("{:>6}\t{line}", n + 1)),
    ("number of bat", |n, line| format!("{:>4}   {line}", n + 1)),
    ("L number", |n, line| format!("L{}: {line}", n + 1)),
    ("border", |_, line| format!("│ {line}")),
    ("borders", |_, line| format!("│ {line:<250} │")),
    ("thick border", |_, line| format!("┃ {line}")),
    ("ASCII border", |_, line| format!("| {line}")),
    ("ASCII borders", |_, line| format!("| {line:<250} |")),
    ("<br>", |_, line| format!("{line}<br>")),
    ("<br/>", |_, line| format!("{line}<br />")),
    ("<p>", |_, line| format!("<p>{line}</p>")),
    ("<li>", |_, line| format!("<li>{line}</li>")),
    ("<code>", |_, line| format!("<code>{line}</code>")),
    ("<span>", |_, line| format!("<span class=\"x\">{line}</span>")),
    ("comment #", |_, line| format!("# {line}")),
    ("comment ##", |_, line| format!("## {line}")),
    ("comment //", |_, line| format!("// {line}")),
    ("comment *", |_, line| format!(" * {line}")),
    ("comment --", |_, line| format!("-- {line}")),
    ("comment ;", |_, line| format!("; {line}")),
    ("comment rem", |_, line| format!("REM {line}")),
    ("quote", |_, line| format!("> {line}")),
    ("quote, deep", |_, line| format!("> > > {line}")),
    ("quote, tight", |_, line| format!(">>> {line}")),
    ("quote, indented", |_, line| format!("  > {line}")),
    ("quote, named", |_, line| format!("me> {line}")),
    ("quote, bars", |_, line| format!("| | {line}")),
    ("quote, Slack", |_, line| format!("&gt; {line}")),
    ("bold", |_, line| if line.trim().is_empty() { String::new() } else { format!("**{}**", line.trim()) }),
    ("italic", |_, line| if line.trim().is_empty() { String::new() } else { format!("*{}*", line.trim()) }),
    ("bold of Slack", |_, line| if line.trim().is_empty() { String::new() } else { format!("*{}*", line.trim()) }),
    ("bold of HTML", |_, line| format!("<b>{line}</b>")),
    ("code in each line", |_, line| if line.trim().is_empty() { String::new() } else { format!("`{line}`") }),
    ("bullet", |_, line| format!("- {line}")),
    ("bullet *", |_, line| format!("* {line}")),
    ("indented", |_, line| format!("    {line}")),
    ("indented a lot", |_, line| format!("            {line}")),
    ("tab", |_, line| format!("\t{line}")),
    ("quoted strings", |_, line| format!("\"{}\"", line.replace('"', "\\\""))),
    ("quoted strings of a list", |_, line| format!("  \"{}\",", line.replace('"', "\\\"").replace('\t', "\\t"))),
    ("quoted, single", |_, line| format!("'{line}'")),
    ("line end as text", |_, line| format!("{line}\\n")),
    ("Java string", |_, line| format!("    + \"{}\\n\"", line.replace('"', "\\\""))),
    ("diff +", |_, line| format!("+{line}")),
    ("diff -", |_, line| format!("-{line}")),
    ("blanks behind", |_, line| format!("{line}      ")),
    ("two blanks behind", |_, line| format!("{line}  ")),
    ("JSON log", |n, line| {
        format!(
            "{{\"log\":\"{}\\n\",\"stream\":\"stdout\",\"time\":\"2025-08-05T03:54:{:02}.000000000Z\"}}",
            line.replace('"', "\\\"").replace('\t', "\\t"),
            n
        )
    }),
    ("JSON of Loki", |n, line| {
        format!(
            "{{\"line\":\"{}\",\"timestamp\":\"17543660430000000{:02}\",\"fields\":{{\"app\":\"x\"}}}}",
            line.replace('"', "\\\"").replace('\t', "\\t"),
            n
        )
    }),
    ("logcli", |n, line| format!("2025-08-05T03:54:{:02}+02:00 {{app=\"orders\"}} {line}", n)),
    ("CSV of Datadog", |n, line| {
        format!("2025-08-05T03:54:{:02}.123Z,node1,orders,\"{}\"", n, line.replace('"', "\"\""))
    }),
    ("CSV, quoted", |n, line| {
        format!("\"2025-08-05T03:54:{:02}.123Z\",\"node1\",\"{}\"", n, line.replace('"', "\"\""))
    }),
    ("CloudWatch tail", |n, line| {
        format!("2025-08-05T03:54:{:02}.123000+00:00 ecs/orders/0a1b2c3d4e5f60718293a4b5c6d7e8f9 {line}", n)
    }),
    ("CloudWatch awslogs", |n, line| {
        format!("/ecs/orders ecs/orders/0a1b2c3d4e5f60718293a4b5c6d7e8f9 2025-08-05T03:54:{:02}.123Z {line}", n)
    }),
    ("CloudWatch milliseconds", |n, line| format!("17543660430{:02}\t{line}", n)),
    ("gcloud", |n, line| format!("2025-08-05 03:54:{:02} orders[20250805t0354]  {line}", n)),
    ("fly", |n, line| format!("2025-08-05T03:54:{:02}Z app[e2865] fra [info]{line}", n)),
    ("Railway", |n, line| format!("Aug 05 03:54:{:02} {line}", n)),
    ("Render", |n, line| format!("Aug 5 03:54:{:02} AM  {line}", n)),
    ("PM2", |_, line| format!("0|orders  | {line}")),
    ("PM2, date", |n, line| format!("2025-08-05T03:54:{:02}: {line}", n)),
    ("supervisor", |n, line| format!("2025-08-05 03:54:{:02},123 {line}", n)),
    ("logger", |n, line| format!("2025-08-05 03:54:{:02}.123  INFO 1 --- [main] c.a.Probe : {line}", n)),
    ("logger, stdout", |n, line| format!("2025-08-05 03:54:{:02},123 INFO  [stdout] (main) {line}", n)),
    ("Minecraft", |n, line| format!("[03:54:{:02}] [Server thread/INFO]: {line}", n)),
    ("Minecraft, STDERR", |n, line| format!("[03:54:{:02}] [main/WARN] [STDERR]: {line}", n)),
    ("Rust tracing", |_, line| format!("INFO {line}")),
    ("Vagrant", |_, line| format!("==> default: {line}")),
    ("Vagrant, old", |_, line| format!("    default: {line}")),
    ("ssh many", |_, line| format!("web01: {line}")),
    ("pssh", |_, line| format!("[web01] {line}")),
    ("ts", |n, line| format!("Aug 05 03:54:{:02} {line}", n)),
    ("ts -i", |n, line| format!("00:00:{:02} {line}", n)),
    ("chat", |n, line| format!("[03:54:{:02}] <me> {line}", n)),
    ("IRC", |_, line| format!("03:54 < me> {line}")),
];

/// What is read of a text, without times and processes that only a transport tells.
fn values(text: &str) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    each_fact(&read(text.as_bytes()), &mut |_, field, value| {
        if ![".time", ".local_time", ".pid"].iter().any(|end| field.ends_with(end)) || field.starts_with("oom_kills") {
            values.insert(format!("{field} {value}"));
        }
    });
    values
}

/// What cannot be told apart: a heading of Markdown from a comment, and a time from what is glued to it.
const NOT_TOLD: [(&str, &str); 6] = [
    ("Azure, error", "old gc log"),
    ("comment #", "error"),
    ("comment ##", "error"),
    ("diff +", "old gc log"),
    ("diff -", "old gc log"),
    ("fly", "old gc log"),
];

#[test]
fn whatever_stands_around_each_line_the_same_is_read() {
    let mut failed = Vec::new();
    for (transport, around) in TRANSPORTS {
        for (log, text) in LOGS.iter().filter(|(log, _)| !NOT_TOLD.contains(&(transport, log))) {
            let whole = values(text);
            assert!(!whole.is_empty(), "{log}: {whole:?}");
            let copied: String = text.lines().enumerate().map(|(n, line)| around(n, line) + "\n").collect();
            let found = values(&copied);
            let lost: Vec<_> = whole.difference(&found).take(3).collect();
            let other: Vec<_> = found.difference(&whole).take(3).collect();
            if !lost.is_empty() || !other.is_empty() {
                failed.push(format!("{transport} | {log} | lost {lost:?}, and read {other:?}"));
            }
        }
    }
    assert!(failed.is_empty(), "{}\n{}", failed.len(), failed.join("\n"));
}
