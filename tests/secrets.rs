//! Forty kinds of secrets, planted in logs of all formats, must not stand in anything that is shared, packed or not.

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/shared.rs"]
mod shared;

use oomscope::Analyzer;
use oomscope::i18n::Language;
use oomscope::report::Report;
use oomscope::worker::share::Include;

/// Each as it may stand in a log. None of them is a word or a plain number that anybody knows.
const SECRETS: &[&str] = &[
    "web-prod-seoul-3",                                                 // host name
    "db01.internal.acme.example",                                       // qualified host name
    "ip-10-12-33-44",                                                   // cloud host name
    "10.12.33.44",                                                      // IPv4
    "2001:db8:85a3::8a2e:370:7334",                                     // IPv6
    "192.168.77.1:5432",                                                // address and port
    "00:1a:2b:3c:4d:5e",                                                // MAC
    "kim.minsu",                                                        // user
    "minsu@acme.example",                                               // mail
    "deploybot",                                                        // service account
    "/home/minsu/secrets",                                              // home folder
    "/opt/acme/billing-core/lib",                                       // install path
    "C:\\Users\\minsu\\acme",                                           // Windows path
    "billing-core-7f9c4b6d5-x2x9k",                                     // pod
    "pod3f6c1a52-6d0e-4a53-9a4b-0a5c9d9e7f19",                          // pod uid
    "8d1f0c5e7a4b9d2e6f3a1b0c8e7d5f4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e", // container id
    "payments-team",                                                    // namespace
    "acme-billing-service",                                             // service
    "billing-core.jar",                                                 // artifact
    "com.acme.billing.InvoiceRunner",                                   // class
    "-Dspring.datasource.password=hunter2secret",                       // system property
    "hunter2secret",                                                    // password
    "jdbc:postgresql://db01/invoices",                                  // database
    "AKIAIOSFODNN7EXAMPLE",                                             // cloud access key
    "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",                         // cloud secret key
    "ghp_16C7e42F292c6912E7710c838347Ae178B4a",                         // token of a forge
    "xoxb-2345-6789-abcdefghij",                                        // token of a chat
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",  // JWT
    "Bearer_abcdef0123456789",                                          // bearer token
    "-----BEGIN_RSA_PRIVATE_KEY-----",                                  // key
    "4111111111111111",                                                 // card
    "123-45-6789",                                                      // social security
    "900101-1234567",                                                   // resident registration
    "+82-10-1234-5678",                                                 // phone
    "01012345678",                                                      // phone without dashes
    "project-falcon",                                                   // code name
    "김민수",                                                           // a name in Korean
    "고객DB",                                                           // a Korean system name
    "https://intra.acme.example/wiki?id=42",                            // address of a page
    "invoice_id=INV-2024-00042",                                        // business key
    "0x7f3a5c001234",                                                   // address in memory
    "s3://acme-heap-dumps",                                             // bucket
    "sha256:9f86d081884c7d659a2feaa0c55ad015",                          // digest
    "SELECT*FROM.customers",                                            // query
];

/// Logs of all formats, with a place for a secret wherever the format has text.
fn logs(secret: &str) -> Vec<(&'static str, String)> {
    let name: String = secret.chars().take(15).collect();
    vec![
        (
            "kernel",
            format!(
                "Nov 23 07:35:41 {secret} kernel: [446869.056771] {secret} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0\n\
                 Nov 23 07:35:41 {secret} kernel: [446869.056772] CPU: 1 PID: 77 Comm: {name} Not tainted 5.15.0-91-generic-{secret} #101-Ubuntu\n\
                 Nov 23 07:35:41 {secret} kernel: [446869.056773] Hardware name: {secret}\n\
                 Nov 23 07:35:41 {secret} kernel: [446869.056774] memory: usage 524288kB, limit 524288kB, failcnt 93\n\
                 Nov 23 07:35:41 {secret} kernel: [446869.056775] Memory cgroup stats for /kubepods/burstable/{secret}/{secret}:\n\
                 Nov 23 07:35:41 {secret} kernel: [446869.056776] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n\
                 Nov 23 07:35:41 {secret} kernel: [446869.056777] [   4242]  1000  4242   832220   174967  2052096        0             0 {name}\n\
                 Nov 23 07:35:41 {secret} kernel: [446869.056778] oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset={secret},mems_allowed=0,oom_memcg=/kubepods/{secret},task_memcg=/kubepods/{secret}/{secret},task={name},pid=4242,uid=1000\n\
                 Nov 23 07:35:41 {secret} kernel: [446869.056779] Memory cgroup out of memory: Killed process 4242 ({name}) total-vm:3328880kB, anon-rss:699868kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:2004kB oom_score_adj:0\n"
            ),
        ),
        (
            "java",
            format!(
                "Exception in thread \"{secret}\" java.lang.OutOfMemoryError: Java heap space\n\tat {secret}.run({secret}:42)\n\
                 java.lang.OutOfMemoryError: {secret}\n\
                 java.lang.OutOfMemoryError: unable to create native thread: {secret}\n\
                 Terminating due to java.lang.OutOfMemoryError: {secret}\n\
                 OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00000000e0000000, 536870912, 0) failed; error='{secret}' (errno=12)\n"
            ),
        ),
        (
            "command",
            format!(
                "USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n\
                 {name}      4242 12.5 70.1 3328880 699868 ?      Sl   07:00   1:23 /opt/{secret}/bin/java -Xmx512m -XX:HeapDumpPath={secret} -XX:OnOutOfMemoryError={secret} -D{secret}={secret} -javaagent:{secret}=x -cp {secret} {secret} --{secret}\n\
                 {name}      4243  0.5  0.1   28880   9868 ?      Sl   07:00   0:03 {secret} {secret}\n"
            ),
        ),
        (
            "top",
            format!(
                "top - 07:35:41 up 5 days,  4:07,  1 user,  load average: 0.10, 0.20, 0.30\nMiB Mem :    990.3 total,     60.1 free,    880.0 used,     50.2 buff/cache\n    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND\n   4242 {name}  20   0 3328880 699868   1024 S  12.5  70.1   1:23.45 {name}\n"
            ),
        ),
        (
            "jstat",
            format!(
                "{secret}@{secret}:~/{secret}$ sudo jstat -gccause 4242 1000\n  S0     S1     E      O      M     CCS    YGC     YGCT    FGC    FGCT     CGC    CGCT     GCT    LGCC                 GCC\n  0.00 100.00  40.00  99.90  97.00  95.00     12    0.120    90    9.050     -        -    9.170 {secret} {secret}\n  0.00 100.00  41.00  99.95  97.00  95.00     13    0.130    91    9.150     -        -    9.280 Allocation Failure   No GC\n"
            ),
        ),
        (
            "nmt",
            format!(
                "4242:\n\nNative Memory Tracking: {secret}\n\nTotal: reserved=2082907KB +15KB, committed=448079KB +79KB\n\n-                 Java Heap (reserved=524288KB, committed=262144KB)\n                            (mmap: reserved=524288KB, committed=262144KB)\n\n-                 {secret} (reserved=1000KB, committed=1000KB)\n\n[0x00007f3a5c001234] {secret}::{secret}(int)+0x12\n                             (malloc=1000KB type={secret} #12)\n"
            ),
        ),
        (
            "gc",
            format!(
                "[2022-11-23T07:35:41.203+0900][0.012s][{secret}][4242][info][gc] Using G1\n[2022-11-23T07:35:41.203+0900][0.012s][{secret}][4242][info][gc,init] Version: 17.0.9+9-{secret} (release)\n[2022-11-23T07:35:42.203+0900][1.012s][{secret}][4242][info][gc] GC(0) Pause Young (Normal) ({secret}) 24M->3M(256M) 3.456ms\n[2022-11-23T07:35:43.203+0900][2.012s][{secret}][4242][info][gc] GC(1) Pause Full ({secret}) 250M->249M(256M) 345.678ms\nCommandLine flags: -XX:InitialHeapSize=16777216 -XX:HeapDumpPath={secret} -X{secret}\n"
            ),
        ),
        (
            "containers",
            format!(
                "NAME READY STATUS RESTARTS AGE\n{secret} 0/1 OOMKilled 3 5m\nLast State: Terminated\n  Reason: OOMKilled\n  Exit Code: 137\n{secret} systemd[1]: {secret}.service: A process of this unit has been killed by the OOM killer.\n{secret} systemd[1]: {secret}.service: Failed with result 'oom-kill'.\nearlyoom: sending SIGTERM to process 4242 uid 1000 \"{name}\": badness 900, VmRSS 700 MiB\nmemory.max 536870912\n/sys/fs/cgroup/{secret}/memory.max:536870912\nCONTAINER ID   NAME   CPU %  MEM USAGE / LIMIT  MEM %\n{name}   {secret}   1.00%   500MiB / 512MiB   97.6%\n"
            ),
        ),
        (
            "prose",
            format!(
                "# {secret}\n\n우리 서버 {secret} 가 죽었다. {secret}\n```\n{secret}\n```\nVmRSS:\t 699868 kB {secret}\nName:\t{name}\nVmHWM:\t 699868 kB\n"
            ),
        ),
    ]
}

/// The secret, and the beginning of it that fits into a process name, as bytes to look for.
fn needles(secret: &str) -> Vec<String> {
    let mut needles = vec![secret.to_owned()];
    let short: String = secret.chars().take(15).collect();
    needles.push(short);
    // Parts that would tell something alone.
    needles.extend(
        secret
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| part.chars().count() >= 6 && part.chars().any(char::is_alphabetic))
            .filter(|part| !["service", "internal", "example", "PRIVATE", "FactoryBean"].contains(part))
            .map(str::to_owned),
    );
    needles
}

fn leaks(what: &str, text: &str, secret: &str) -> Option<String> {
    let found = needles(secret).into_iter().find(|needle| text.contains(needle.as_str()))?;
    let at = text.find(&found)?;
    Some(format!("{what}: {found:?} in …{}…", shared::around(text, at)))
}

fn read(name: &str, log: &[u8]) -> Report {
    let mut analyzer = Analyzer::new(Language::En);
    analyzer.open(name);
    analyzer.feed(log);
    analyzer.finish().report
}

#[test]
fn no_secret_leaves() {
    let mut leaking = corpus::wrong_in_each(SECRETS, |secret| {
        let mut leaking = Vec::new();
        for (format, log) in logs(secret) {
            let whole = read(&format!("{secret}.log"), log.as_bytes());
            for include in [Include::Numbers, Include::Lines] {
                let what = |form: &str| format!("{secret} in {format}, {include:?}, {form}");
                let outputs = shared::outputs(&whole, include);
                leaking.extend(outputs.iter().filter_map(|(form, text)| leaks(&what(form), text, secret)));
            }
        }
        leaking
    });
    let count = leaking.len();
    leaking.truncate(40);
    assert!(leaking.is_empty(), "{count} leaks:\n{}", leaking.join("\n"));
}

/// Puts a secret into a text: at the end of lines, before lines, inside words, as lines of their own; every `step`th line.
fn planted(input: &str, secret: &str, step: usize) -> String {
    let is_number = secret.bytes().all(|byte| byte.is_ascii_digit());
    let mut out = String::new();
    for (number, line) in input.lines().enumerate() {
        let middle = line.char_indices().map(|(at, _)| at).nth(line.chars().count() / 2).unwrap_or(0);
        let (before, after) = line.split_at(middle);
        let near_digits = |text: &str| text.contains(|c: char| c.is_ascii_digit());
        match (number % step == step / 2).then_some(number / step % 5) {
            Some(0) => out.push_str(&format!("{line} {secret}\n")),
            Some(1) => out.push_str(&format!("{secret} {line}\n")),
            // Digits amid digits are another number.
            Some(2) if is_number && (near_digits(before) || near_digits(after)) => {
                out.push_str(&format!("{line} ({secret})\n"))
            }
            Some(2) => out.push_str(&format!("{before}{secret}{after}\n")),
            Some(3) => out.push_str(&format!("{line}\n{secret}\n")),
            Some(_) => out.push_str(&format!("{line}={secret}\n")),
            None => out.push_str(&format!("{line}\n")),
        }
    }
    out
}

/// True if the log was read as saying this very number in a field of numbers: then it is a figure, and leaves as one.
fn is_figure(whole: &Report, secret: &str) -> bool {
    fn holds(value: &serde_json::Value, secret: &str) -> bool {
        match value {
            serde_json::Value::Number(number) => number.to_string().contains(secret),
            serde_json::Value::Array(items) => items.iter().any(|item| holds(item, secret)),
            serde_json::Value::Object(fields) => fields.values().any(|value| holds(value, secret)),
            _ => false,
        }
    }
    secret.bytes().all(|byte| byte.is_ascii_digit()) && holds(&oomscope::json::tree(whole), secret)
}

/// Every case, with one of the secrets in it at many places, each in its turn; with all of them where everything is tried.
#[test]
fn no_secret_leaves_that_is_planted_in_a_case_of_the_corpus() {
    let cases: Vec<(usize, corpus::Case)> = corpus::cases().into_iter().enumerate().collect();
    let mut leaking = corpus::wrong_in_each(&cases, |(nth, case)| {
        let input = String::from_utf8_lossy(&case.input);
        let lines = input.lines().count();
        // Long tables cost much and say the same in every row.
        let input: String = input.lines().take(400).map(|line| format!("{line}\n")).collect();
        let mut leaking = Vec::new();
        let chosen = |at: usize| corpus::exhaustive() || at == nth * 7 % SECRETS.len();
        for (at, secret) in SECRETS.iter().enumerate().filter(|(at, _)| chosen(*at)) {
            let step = [2, 3, 5][at % 3].min(lines.max(1));
            let whole = read(&format!("{secret}.log"), planted(&input, secret, step).as_bytes());
            if is_figure(&whole, secret) {
                continue;
            }
            let include = if (at + nth) % 4 == 0 { Include::Numbers } else { Include::Lines };
            let what = |form: &str| format!("{secret} in {}, {include:?}, {form}", case.name);
            let outputs = shared::outputs(&whole, include);
            // Whatever stands in a log, what is made of it opens.
            let refused =
                outputs.iter().filter(|(form, text)| matches!(*form, "link" | "PNG") && !text.starts_with('{'));
            leaking.extend(refused.map(|(form, text)| format!("{}: {}", what(form), shared::around(text, 0))));
            leaking.extend(outputs.iter().filter_map(|(form, text)| leaks(&what(form), text, secret)));
        }
        leaking
    });
    let count = leaking.len();
    leaking.truncate(40);
    assert!(leaking.is_empty(), "{count} leaks:\n{}", leaking.join("\n"));
}

#[test]
fn there_are_forty_kinds() {
    assert!(SECRETS.len() >= 40);
}
