//! Reads what else ends processes for their memory, or looks as if it did: systemd and its oomd, earlyoom, Kubernetes, Docker,
//! YARN, Slurm and their like, exit codes, and kernel messages that are no kill.
//!
//! ```text
//! Aug 05 03:54:04 web01 systemd[1]: orders.service: A process of this unit has been killed by the OOM killer.
//! Aug 05 03:54:11 web01 earlyoom[702]: sending SIGTERM to process 48213 uid 1000 "java": badness 911, VmRSS 14210 MiB
//!       Reason:       OOMKilled
//!       Exit Code:    137
//! ```
//!
//! Each becomes an event of its own kind. An exit code of 137 proves a SIGKILL and not who sent it. Sources: systemd
//! (`src/oom/oomd-manager.c`, `src/core/unit.c`), earlyoom (`kill.c`), Kubernetes (`pkg/kubelet`), Hadoop
//! (`ContainersMonitorImpl`), Slurm (`slurmstepd`).

mod containers;
mod earlyoom;
mod found;
mod kernel;
mod kubernetes;
mod reader;
mod schedulers;
mod shell;
mod systemd;

use std::sync::LazyLock;

use memchr::memmem::Finder;

use self::found::{Found, Status};
use self::reader::KillerReader;
use super::{Claim, Format};
use crate::source::Line;

/// Other killers and look-alikes.
pub static FORMAT: Format = Format { id: "event", claim, reader: || Box::new(KillerReader::default()) };

/// A longer line is no message of these programs.
const MAX_LINE: usize = 4096;

fn claim(line: &Line<'_>) -> Claim {
    match recognise(line.body.trim()) {
        Some(Seen::Event(found)) if found.weak => Claim::Weak,
        Some(_) => Claim::Strong,
        None => Claim::None,
    }
}

enum Seen<'a> {
    Event(Found<'a>),
    /// earlyoom's periodic line.
    Status(Status<'a>),
    /// The list of candidates that oomd prints before it kills.
    Candidates,
}

/// Words of which every recognised line has one: most foreign lines go by these searches.
fn may_matter(body: &str) -> bool {
    static WORDS: LazyLock<[Finder<'static>; 12]> = LazyLock::new(|| {
        ["kill", "Kill", "KILL", "OOM", "oom", "emory", "mem", "SIG", "OUT_OF_ME", "vmalloc", "MEM", ", badness: "]
            .map(Finder::new)
    });
    static CODES: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["137", "143"].map(Finder::new));
    let bytes = body.as_bytes();
    let is_digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let is_number = |at: usize| !is_digit(at.checked_sub(1)) && !is_digit(Some(at + 3));
    body.len() <= MAX_LINE
        && (WORDS.iter().any(|word| word.find(bytes).is_some())
            || CODES.iter().any(|code| code.find_iter(bytes).any(is_number)))
}

fn recognise(body: &str) -> Option<Seen<'_>> {
    if !may_matter(body) {
        return None;
    }
    if let Some(status) = earlyoom::earlyoom_status(body) {
        return Some(Seen::Status(status));
    }
    if body.starts_with("Considered ") && body.contains(" cgroups for killing") {
        return Some(Seen::Candidates);
    }
    systemd::systemd(body)
        .or_else(|| earlyoom::earlyoom(body))
        .or_else(|| kubernetes::kubernetes(body))
        .or_else(|| containers::containers(body))
        .or_else(|| schedulers::schedulers(body))
        .or_else(|| kernel::kernel(body))
        .or_else(|| shell::shell(body))
        .or_else(|| shell::runner(body))
        .or_else(|| shell::exit_code(body))
        .map(Seen::Event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::readings::Readings;
    use crate::units::{Bytes, Micros};

    fn read(text: &str) -> Readings {
        crate::formats::read_alone(&FORMAT, text)
    }

    fn kinds(text: &str) -> Vec<(String, Option<String>, Option<u32>)> {
        read(text).events.into_iter().map(|event| (event.kind, event.name, event.pid)).collect()
    }

    fn event(kind: &str, name: Option<&str>, pid: Option<u32>) -> (String, Option<String>, Option<u32>) {
        (kind.to_owned(), name.map(str::to_owned), pid)
    }

    #[test]
    fn each_killer_is_known_by_its_words() {
        for (line, expected) in [
            (
                "orders.service: A process of this unit has been killed by the OOM killer.",
                event("systemd-unit-oom", Some("orders.service"), None),
            ),
            (
                "orders.service: Main process exited, code=killed, status=9/KILL",
                event("systemd-unit-killed", Some("orders.service"), None),
            ),
            (
                "Killed /system.slice/orders.service due to memory pressure for /system.slice being 83.20% > 80.00% for > 20s with reclaim activity",
                event("systemd-oomd", Some("/system.slice/orders.service"), None),
            ),
            (
                "sending SIGTERM to process 48213 uid 1000 \"java\": badness 911, VmRSS 14210 MiB",
                event("earlyoom", Some("java"), Some(48_213)),
            ),
            (
                "killing process 48213 \"java\" with signal 15: badness 911",
                event("earlyoom", Some("java"), Some(48_213)),
            ),
            (
                "orders-7d9   0/1     OOMKilled   3 (30s ago)   6m",
                event("kubernetes-oomkilled", Some("orders-7d9"), None),
            ),
            (
                "shop  orders-7d9   0/1     OOMKilled   3 (30s ago)   6m",
                event("kubernetes-oomkilled", Some("orders-7d9"), None),
            ),
            (
                "Warning  SystemOOM  2m  kubelet  System OOM encountered, victim process: java, pid: 48213",
                event("kubernetes-system-oom", Some("java"), Some(48_213)),
            ),
            ("container oom 0a1b2c (image=orders:1, name=orders)", event("container-oom", Some("orders"), None)),
            (
                "time=\"x\" level=info msg=\"TaskOOM event &TaskOOM{ContainerID:aa11,XXX:[],}\"",
                event("container-oom", Some("aa11"), None),
            ),
            (
                "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=12.batch. Some of your processes",
                event("slurm", Some("12.batch"), None),
            ),
            (
                "run.sh: line 3: 48213 Killed                  java -jar app.jar",
                event("shell-killed", Some("java -jar app.jar"), Some(48_213)),
            ),
            ("[1]+  Killed                  java -jar app.jar", event("shell-killed", Some("java -jar app.jar"), None)),
            (
                "I0805 03:54:03.1 1201 oom_watcher_linux.go:77] \"Got sys oom event\" event={\"Pid\":48213,\"ProcessName\":\"java\",\"ContainerName\":\"/\"}",
                event("kubernetes-system-oom", Some("java"), Some(48_213)),
            ),
            (
                "level=info msg=\"TaskOOM event container_id:\\\"aa11bb22\\\"\"",
                event("container-oom", Some("aa11bb22"), None),
            ),
            ("level=info msg=\"OOM detected!\" id=aa11bb22", event("container-oom", Some("aa11bb22"), None)),
            (
                "container die 0a1b (execDuration=4801, exitCode=137, image=orders:1.4, name=orders)",
                event("exit-137", Some("orders"), None),
            ),
            (
                "orders.service: Main process exited, code=exited, status=137/n/a",
                event("exit-137", Some("orders.service"), None),
            ),
            (
                "INFO exited: orders (terminated by SIGKILL; not expected)",
                event("wrapper-sigkill", Some("orders"), None),
            ),
            ("slurmstepd: error: Exceeded job memory limit", event("memory-limit-exceeded", None, None)),
            ("Error R15 (Memory quota vastly exceeded)", event("memory-limit-exceeded", None, None)),
            (
                "pid 48213 (java), jid 0, uid 1000, was killed: failed to reclaim memory",
                event("freebsd-out-of-memory", Some("java"), Some(48_213)),
            ),
            (
                "lowmemorykiller: Killing 'java' (48213), adj 900, to free 51234kB on behalf of 'kswapd0' (56)",
                event("android-low-memory", Some("java"), Some(48_213)),
            ),
            (
                "lowmemorykiller( 710): Kill 'com.example.app' (48213), uid 10123, oom_score_adj 900 to free 51234kB rss, 0kB swap; reason: low watermark is breached",
                event("android-low-memory", Some("com.example.app"), Some(48_213)),
            ),
            (
                "lowmemorykiller: send sigkill to 48213 (com.example.app), adj 15, size 3122",
                event("android-low-memory", Some("com.example.app"), Some(48_213)),
            ),
            (
                "systemd[2034]: orders.service: The kernel OOM killer killed some processes in this unit.",
                event("systemd-unit-oom", Some("orders.service"), None),
            ),
            (
                "Container [pid=48213,containerID=container_1] is running beyond virtual memory limits. Current usage: 264.3 MB of 1 GB physical memory used; 2.8 GB of 2.1 GB virtual memory used. Killing container.",
                event("yarn-virtual", Some("container_1"), Some(48_213)),
            ),
            ("/tmp/slurmd/job603995/slurm_script: line 9:  4727 Killed", event("shell-killed", None, Some(4727))),
            ("java: vmalloc: allocation failure: 2147483648 bytes, mode:0xcc2", event("vmalloc-failure", None, None)),
            (
                "__vm_enough_memory: pid: 4711, comm: java, bytes: 8589934592 not enough memory for the allocation",
                event("commit-refused", Some("java"), Some(4711)),
            ),
            (
                "63ad864580d8   elasticsearch   \"/docker-entrypoin…\"   4 seconds ago   Exited (137) 3 seconds ago              es_1",
                event("exit-137", Some("es_1"), None),
            ),
            ("exit_status  137", event("exit-137", None, None)),
            ("make[1]: *** [Makefile:12: run] Killed", event("shell-killed", None, None)),
            ("make: *** [Makefile:12: run] Error 137", event("exit-137", None, None)),
            ("The command \"ci/run_test.sh\" exited with 137.", event("exit-137", None, None)),
            (
                "PM2      | App [api:0] exited with code [137] via signal [SIGKILL]",
                event("wrapper-sigkill", Some("api:0"), None),
            ),
            ("[APP/PROC/WEB/0] OUT Exit status 137", event("exit-137", None, None)),
            ("Invoking oom killer: done", event("earlyoom-low-memory", None, None)),
            (
                "Warning  EvictionThresholdMet  10m  kubelet  Attempting to reclaim memory",
                event("kubernetes-low-memory", None, None),
            ),
            ("6610.batch   OUT_OF_ME+               10466336K   00:13:10", event("slurm", Some("6610"), None)),
            (
                "Container 'orders' was terminated with exit code '137' and reason 'OOMKilled'",
                event("container-oom", Some("orders"), None),
            ),
            ("Killed", event("shell-killed", None, None)),
            ("OutOfMemoryError: Container killed due to memory usage", event("ecs-oomkilled", None, None)),
            (
                "RequestId: 85b8-4ac4 Error: Runtime exited with error: signal: killed",
                event("lambda-killed", Some("85b8-4ac4"), None),
            ),
            ("OUT Exit status 137 (out of memory)", event("cloud-foundry-oom", None, None)),
            ("orders-1 exited with code 137", event("exit-137", Some("orders-1"), None)),
            ("INFO   | jvm 1    | JVM received a signal SIGKILL (9).", event("wrapper-sigkill", None, None)),
            ("Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF", event("vm-fault-oom", None, None)),
        ] {
            assert_eq!(kinds(line), [expected], "{line}");
        }
    }

    #[test]
    fn words_about_a_kill_are_no_event() {
        for line in [
            "An exit code 137 means that the container was killed",
            "종료 코드가 exit code 137 이었다",
            "\"OOMKilled\": false,",
            "The pod was OOMKilled again",
            "exit code 1",
            "Exit Code:    143",
            "Killed by the deadline",
            "Killed 12 sessions",
        ] {
            assert_eq!(kinds(line), [], "{line}");
        }
    }

    #[test]
    fn a_container_state_is_one_event_with_the_time_of_its_end() {
        let described = "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n      Started:      Tue, 05 Aug 2025 03:50:00 +0200\n      Finished:     Tue, 05 Aug 2025 05:54:03 +0200\n";
        let out = read(described);
        assert_eq!(out.events.len(), 1);
        let event = out.events.first().expect("an event");
        assert_eq!((event.kind.as_str(), event.first_line, event.last_line), ("kubernetes-oomkilled", 2, 5));
        assert_eq!(event.time, Some(Micros(1_754_366_043_000_000)));
        let yaml = "terminated:\n  exitCode: 137\n  finishedAt: \"2025-08-05T03:54:03Z\"\n  reason: OOMKilled\n";
        let out = read(yaml);
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| (event.kind.as_str(), event.time, event.first_line, event.last_line))
            .collect();
        assert_eq!(found, [("kubernetes-oomkilled", Some(Micros(1_754_366_043_000_000)), 2, 4)]);
    }

    #[test]
    fn the_end_before_and_the_last_one_keep_their_own_times() {
        let yaml = "lastState:\n  terminated:\n    exitCode: 137\n    finishedAt: \"2025-08-05T03:54:03Z\"\n    reason: OOMKilled\nname: app\nstate:\n  terminated:\n    exitCode: 137\n    finishedAt: \"2025-08-05T04:10:00Z\"\n    reason: OOMKilled\n";
        let times: Vec<_> = read(yaml).events.iter().map(|event| event.time.map(|time| time.0 / 1_000_000)).collect();
        assert_eq!(times, [Some(1_754_366_043), Some(1_754_367_000)]);
    }

    #[test]
    fn a_container_of_docker_may_not_know_who_killed_it() {
        assert_eq!(
            kinds("\"OOMKilled\": true,\n\"Dead\": false,\n\"ExitCode\": 137,"),
            [event("docker-oomkilled", None, None)]
        );
        assert_eq!(
            kinds("\"OOMKilled\": false,\n\"Dead\": false,\n\"ExitCode\": 137,"),
            [event("exit-137", None, None)]
        );
    }

    #[test]
    fn the_lines_of_one_kill_are_one_event() {
        let slurm = "slurmstepd: error: Detected 1 oom-kill event(s) in step 3495064.0 cgroup. Some of your processes may have been killed by the cgroup out-of-memory handler.\nsrun: error: node-01: task 4: Out Of Memory\n";
        assert_eq!(kinds(slurm), [event("slurm", Some("3495064.0"), None)]);
        let unit = "a.service: A process of this unit has been killed by the OOM killer.\na.service: Main process exited, code=killed, status=9/KILL\na.service: Failed with result 'oom-kill'.\n";
        assert_eq!(kinds(unit).len(), 2);
        let oomd = "Considered 2 cgroups for killing, top candidates were:\n\tPath: /a\n\t\tPressure: Avg10: 83.20 Avg60: 1 Avg300: 1 Total: 9s\nKilled /a due to memory used (100) / total (120) and swap used (5) / total (9) being more than 90%\n";
        let out = read(oomd);
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| (event.first_line, event.last_line, event.sizes.get("usage").copied()))
            .collect();
        assert_eq!(found, [(1, 4, Some(Bytes(100)))]);
    }

    #[test]
    fn sizes_are_powers_of_1024() {
        let out = read(
            "Container [pid=48213,containerID=container_1] is running 123B beyond the 'PHYSICAL' memory limit. Current usage: 2.5 GB of 2 GB physical memory used; 4 GB of 4.2 GB virtual memory used. Killing container.\nExit code is 143\n",
        );
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| {
                (
                    event.kind.as_str(),
                    event.sizes.get("usage").copied(),
                    event.sizes.get("limit").copied(),
                    event.last_line,
                )
            })
            .collect();
        assert_eq!(found, [("yarn", Some(Bytes(2_684_354_560)), Some(Bytes(2_147_483_648)), 2)]);
        let sizes = |text: &str| {
            let event = read(text).events.into_iter().next().expect("an event");
            (event.sizes.get("usage").copied(), event.sizes.get("limit").copied())
        };
        let mib = |count: u64| Some(Bytes(count << 20));
        assert_eq!(sizes("Memory limit of 512 MiB exceeded with 530 MiB used."), (mib(530), mib(512)));
        assert_eq!(
            sizes(
                "Container killed by YARN for exceeding memory limits. 5.5 GB of 5 GB physical memory used. Consider"
            ),
            (mib(5632), mib(5120))
        );
        let condor = "Error from slot1_8@worker: Job has gone over memory limit of 16384 megabytes. Peak usage: 16328 megabytes.";
        assert_eq!(sizes(condor), (mib(16_328), mib(16_384)));
        let moab = "job 3132467 exceeded MEM usage hard limit (2528 > 1126)";
        assert_eq!(sizes(moab), (mib(2528), mib(1126)));
        let torque = "Job exceeded a memory resource limit (vmem, pvmem, etc.). Job was aborted\nSee Administrator for help\nExit_status=-10\nresources_used.vmem=286793240kb\nresources_used.mem=1048576kb\n";
        assert_eq!(sizes(torque), (mib(1024), None));
        let lsf = "TERM_MEMLIMIT: job killed after reaching LSF memory usage limit.\nExited with exit code 137.\n\n    Max Memory :    23183 MB\n";
        assert_eq!((sizes(lsf), kinds(lsf).len()), ((mib(23_183), None), 1));
        let heroku = "Process running mem=513M(100.4%)\nError R14 (Memory quota exceeded)\nProcess running mem=520M(101.6%)\nError R14 (Memory quota exceeded)\n";
        assert_eq!((sizes(heroku), kinds(heroku).len()), ((mib(520), None), 1));
        assert_eq!(sizes("=>> PBS: job killed: mem 4194304kb exceeded limit 1048576kb"), (mib(4096), mib(1024)));
        let evicted = read(
            "Evicted  The node was low on resource: memory. Container app was using 5204Ki, which exceeds its request of 0. ",
        );
        assert_eq!(
            evicted.events.first().and_then(|event| event.sizes.get("usage").copied()),
            Some(Bytes(5204 * 1024))
        );
    }

    #[test]
    fn the_lines_of_nohang_are_one_event() {
        let out = read(
            "2023-08-10 16:53:26,460: Memory status that requires corrective actions:\n  PID: 903309, name: mysqld, badness: 849\nMemory status that requires corrective actions:\nVictim VmRSS: 3268608 KiB\n",
        );
        let found: Vec<_> = out
            .events
            .iter()
            .map(|event| (event.name.as_deref(), event.pid, event.sizes.get("rss").copied()))
            .collect();
        assert_eq!(found, [(Some("mysqld"), Some(903_309), Some(Bytes(3_268_608 << 10)))]);
    }

    #[test]
    fn earlyoom_gives_a_series() {
        let out = read("mem avail:  1290 of 23909 MiB ( 5.40%), swap free:    0 of 2048 MiB ( 0.00%)");
        let sizes = out.host.first().map(|reading| reading.sizes.clone()).unwrap_or_default();
        assert_eq!(sizes.get("mem_available"), Some(&Bytes(1290 << 20)));
        assert_eq!(sizes.get("swap_free"), Some(&Bytes(0)));
    }
}
