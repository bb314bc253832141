//! The answer to small texts, composed after the kinds of posts that people write: above each test what an expert reads, in it what the
//! answer says first, what must be in it, and what must not.

#[path = "support/corpus.rs"]
mod corpus;

use oomscope::analysis::statement::Statement;
use oomscope::analysis::verdict::Outcome;
use oomscope::i18n::{self, Language};
use oomscope::report::Report;

/// All that a report says: the answer, the findings and what they advise, the size of the heap, and the questions.
struct Answer {
    report: Report,
    text: String,
}

/// Reads a text.
fn answer(text: &str) -> Answer {
    let report = corpus::read(text.as_bytes());
    let verdict = &report.verdict;
    let mut said: Vec<String> = Vec::new();
    for language in Language::ALL {
        let mut say = |statement: &Statement| {
            let sentence = statement.say(language);
            assert!(!sentence.contains(['{', '}']), "not filled: {sentence}");
            if language == Language::En {
                said.push(sentence);
            }
        };
        say(&verdict.headline);
        let parts = [&verdict.subject, &verdict.lede, &verdict.figures, &verdict.explanations, &verdict.actions];
        parts.into_iter().flatten().for_each(&mut say);
        for finding in &report.findings {
            say(&finding.statement);
            finding.rivals.iter().chain(&finding.next).for_each(&mut say);
        }
        if let Some(sizing) = &report.sizing {
            [&sizing.reason].into_iter().chain(&sizing.current).chain(&sizing.changes).for_each(&mut say);
        }
    }
    said.extend(report.gaps.iter().map(|gap| format!("{} {}", i18n::text(Language::En, &gap.key), gap.command)));
    Answer { text: said.join("\n"), report }
}

impl Answer {
    fn is(&self, outcome: Outcome) -> &Answer {
        assert_eq!(self.report.verdict.outcome, outcome, "{}", self.text);
        self
    }

    /// Words of the first sentence.
    fn heads(&self, words: &str) -> &Answer {
        let headline = self.report.verdict.headline.say(Language::En);
        assert!(headline.contains(words), "{words} in: {headline}");
        self
    }

    fn says(&self, words: &str) -> &Answer {
        assert!(self.text.contains(words), "{words} in:\n{}", self.text);
        self
    }

    fn hides(&self, words: &str) -> &Answer {
        assert!(!self.text.contains(words), "{words} in:\n{}", self.text);
        self
    }
}

/// A dyno of Heroku uses 104.2 % of its quota, 267 MiB: the quota is 256 MiB. It swaps and lives; only R15 kills. Less than 100 % is
/// nothing. Not: killed, or two events where a fence stands beside the line.
#[test]
fn a_dyno_over_its_quota_swaps_and_lives() {
    let r14 = "2024-03-05T10:12:07.913036+00:00 heroku[worker.1]: Process running mem=267M(104.2%)\n\
               2024-03-05T10:12:07.930017+00:00 heroku[worker.1]: Error R14 (Memory quota exceeded)\n";
    let told = answer(r14);
    told.is(Outcome::AtRisk).heads("R14").says("about 256.0 MiB").says("still runs").hides("killed:").hides("free -m");
    let fenced = answer(&format!("We get\n```{}```\nafter an hour.\n", r14.trim_end()));
    let events: Vec<_> = fenced.report.events.iter().map(|event| (event.time.is_some(), event.sizes.len())).collect();
    assert_eq!(events, [(true, 2)]);
    let r15 = r14.replace("267M(104.2%)", "541M(211.3%)").replace("R14 (Memory quota", "R15 (Memory quota vastly");
    answer(&format!("{r15}heroku[worker.1]: Stopping process with SIGKILL\n")).is(Outcome::Killed).says("541.0 MiB");
    let calm = answer("heroku[worker.1]: Process running mem=112M(43.7%)\n");
    assert!(calm.report.events.is_empty() && calm.report.host.len() == 1, "{}", calm.text);
}

/// What the OOM killer looks at in general, beside the use of a pod that lives. Not: a kill.
#[test]
fn what_a_killer_does_in_general_is_no_kill() {
    let text = "We graph the working set, since it is what the OOM killer looks at. My pod uses 1730Mi.\n\n\
                NAME              CPU(cores)   MEMORY(bytes)\nledger-0          31m          1730Mi\n";
    let told = answer(text);
    told.is(Outcome::NothingFound).hides("killed a process");
    assert!(told.report.events.is_empty(), "{:?}", told.report.events);
}

/// The container says `OOMKilled=false`; a kill in May, with the limit of that time, is over. Not: killed, or words of Kubernetes.
#[test]
fn a_kill_of_another_time_is_told_as_one() {
    let text = "The indexer was OOM-killed in May with `mem_limit: 768m`, which we took back.\n\n\
                Today it is up: `OOMKilled=false`, `RestartCount=0`.\n";
    let told = answer(text);
    told.is(Outcome::NothingFound).heads("OOMKilled=false").says("768.0 MiB").says("line 1").hides("resources.limits");
    // Without the second sentence it is what is told.
    let alone = answer(text.split("\n\n").next().unwrap_or_default());
    alone.is(Outcome::Killed).says("mem_limit in Compose").says("768.0 MiB").hides("kubectl");
}

/// Code 137, and Docker denies that the container reached its limit: the machine, or somebody. Not: the limit of the container.
#[test]
fn a_denial_beside_an_exit_code_is_told() {
    let state = "\"State\": {\n    \"Status\": \"exited\",\n    \"OOMKilled\": false,\n    \"Dead\": false,\n    \"ExitCode\": 137,\n\
                 \"FinishedAt\": \"2024-03-05T10:12:07Z\"\n}\n";
    answer(state).is(Outcome::Killed).says("did not reach its own limit").says("journalctl").hides("memory.max");
    answer("ExitCode:137,\nOOMKilled:false,\n").says("did not reach its own limit");
    answer(&state.replace("false,\n    \"Dead\"", "true,\n    \"Dead\"")).hides("did not reach its own limit");
}

/// A container with one JVM is OOM killed at 3 GB while 2 GB of heap are allowed: a kill of the container. Not: an OutOfMemoryError.
#[test]
fn a_container_that_ooms_at_its_limit_was_killed() {
    let text = "I am having a docker container with a single JVM process OOM killed when I do not expect it to be. The usage grows until \
                it hits the 3GB limit and OOM.\n";
    let told = answer(text);
    told.is(Outcome::Killed).says("3.0 GiB").hides("stack trace").hides("heap was full");
    assert!(told.report.java_errors.is_empty(), "{:?}", told.report.java_errors);
}

/// A container was killed with 1 GiB, and lives with 6 GiB: the limit that it reached is the first. Not: killed at 6 GiB.
#[test]
fn what_was_set_afterwards_did_not_fail() {
    let killed = "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n";
    let fixed = "resources:\n  limits:\n    memory: 6144Mi\n";
    for words in ["I got it working with:", "Solved by the settings below:", "After changing it to:", "**After:**"] {
        let told = answer(&format!("{killed}\nThat was with 1GB.\n\n{words}\n```\n{fixed}```\n"));
        told.is(Outcome::Killed).says("states a memory limit of 1.0 GiB").says("6.0 GiB (line 11) was set afterwards");
        told.hides("limit of 6.0 GiB (OOMKilled)");
    }
    answer(&format!("{killed}\nOur settings:\n\n```\n{fixed}```\n")).heads("6.0 GiB");
    // Options in a sentence that says what helped are none of the JVM that failed.
    let heap = "java.lang.OutOfMemoryError: Java heap space\n\tat shop.Cart.main(Cart.java:7)\n";
    answer(&format!("{heap}\nI fixed it by -Xmx3g -Xms3g.\n")).is(Outcome::OutOfMemory).hides("3.0 GiB");
}

/// Two people, two settings: the one who has the same problem contradicts nobody.
#[test]
fn another_persons_settings_contradict_nothing() {
    let text = |between: &str| {
        format!(
            "java -Xmx3072m -jar ledger.jar\nIt ends without a word.\n\n{between}\nWe had set the maximum heap to 2 GB.\n"
        )
    };
    answer(&text("We looked again.")).says("The prose says");
    for voice in ["Same problem.", "someone · comment · 2024-03-05", "저도 같은 문제입니다."] {
        answer(&text(voice)).hides("The prose says");
    }
}

/// A limit that was raised in between: which of the two a kill reached is not told as if it were one.
#[test]
fn a_limit_that_was_raised_is_another_limit() {
    let text = "The container has a memory limit of 1 GiB. I increased the limit to 2 GiB, but it is killed:\n\n\
                Memory cgroup out of memory: Killed process 4711 (java) total-vm:9000000kB, anon-rss:1560580kB, file-rss:28248kB, shmem-rss:0kB\n";
    answer(text).is(Outcome::Killed).hides("states a memory limit");
}

/// What YARN says of a container, and the processes in it.
fn yarn(teller: &str, used: &str, rows: &str) -> String {
    format!(
        "2024-03-05 10:12:07,280 INFO {teller} - Container [pid=5150,containerID=container_e2_1_1_01_000004] is running beyond physical memory \
         limits. Current usage: {used} of {used} physical memory used; 6.2 GB of 8.4 GB virtual memory used. Killing container.\n\
         Dump of the process-tree for container_e2_1_1_01_000004 :\n\
         |- PID PPID PGRPID SESSID CMD_NAME USER_MODE_TIME(MILLIS) SYSTEM_TIME(MILLIS) VMEM_USAGE(BYTES) RSSMEM_USAGE(PAGES) FULL_CMD_LINE\n{rows}"
    )
}

/// A mapper of MapReduce, of which only the shell is listed: its heap of 700 MiB in a container of 1 GB, and the settings of MapReduce. Not:
/// Spark's, or that no JVM is known.
#[test]
fn a_jvm_in_the_command_of_a_shell_is_one_of_the_container() {
    let text = yarn(
        "monitor.ContainersMonitorImpl",
        "1 GB",
        "|- 5150 5148 5150 5150 (bash) 1 1 108605440 330 /bin/bash -c \"/usr/java/bin/java -Dx=y -Xmx734003200 -Djava.io.tmpdir=/tmp \
         org.apache.hadoop.mapred.YarnChild 10.0.3.7 41943 attempt_1 97 1>/var/log/stdout \"\n",
    );
    let told = answer(&text);
    told.is(Outcome::Killed).says("700.0 MiB maximum heap").says("mapreduce.map.memory.mb").hides("memoryOverhead");
}

/// Flink's JVM may have 2 GiB of heap, 512 MiB of buffers, and 256 MiB of metaspace, and held 4 GiB: the rest is native. Not: lower -Xmx,
/// or a maximum heap above the one that it had.
#[test]
fn memory_outside_of_all_caps_is_native() {
    let rows = "|- 5151 5150 5150 5150 (java) 9 9 6567804928 1048262 /usr/java/bin/java -Xmx2147483648 -Xms2147483648 \
                -XX:MaxDirectMemorySize=536870912 -XX:MaxMetaspaceSize=268435456 org.apache.flink.yarn.YarnTaskExecutorRunner\n";
    let told = answer(&yarn("o.a.f.r.active.ActiveResourceManager", "4.0 GB", rows));
    told.is(Outcome::Killed).says("may take 2.8 GiB together").says("1.2 GiB").says("taskmanager.memory.process.size");
    told.hides("Lower -Xmx").hides("At most about");
    // By who tells of it, where the class was cut off.
    let cut = rows.replace(" org.apache.flink.yarn.YarnTaskExecutorRunner", "");
    let teller = "org.apache.flink.runtime.resourcemanager.active.ActiveResourceManager";
    answer(&yarn(teller, "4.0 GB", &cut)).says("taskmanager.memory.process.size");
    answer(&yarn("m.ContainersMonitorImpl", "4.0 GB", &cut))
        .says("ask YARN for a larger container")
        .hides("Lower -Xmx");
    // Without caps nothing follows.
    let open = cut.replace("-XX:MaxDirectMemorySize=536870912 ", "");
    answer(&yarn("m.ContainersMonitorImpl", "4.0 GB", &open)).hides("outside of them").says("Lower -Xmx");
}

/// What `kubectl get pods` and `kubectl top pod` name is a pod. Not: a container of some pod.
#[test]
fn the_name_of_a_pod_is_no_container() {
    let get = "NAME                      READY   STATUS      RESTARTS   AGE\nledger-6f5d8c7b9-x2k4p    0/1     OOMKilled   4          1d\n";
    let java = "java -Xms512m -Xmx1g -jar ledger.jar\n";
    answer(&format!("{get}{java}")).says("kubectl exec ledger-6f5d8c7b9-x2k4p --").hides(" -c ledger");
    let top = "$ kubectl top pod ledger-0\nNAME       CPU(cores)   MEMORY(bytes)\nledger-0   500m         950Mi\n\
               Last State:     Terminated\n  Reason:       OOMKilled\n";
    answer(&format!("{top}{java}")).says("kubectl exec ledger-0 --").hides(" -c ledger");
    let both = "$ kubectl top pod --containers\nPOD        NAME   CPU(cores)   MEMORY(bytes)\nledger-0   app    500m         950Mi\n";
    answer(&format!("{both}{java}")).says("kubectl exec ledger-0 -c app --");
}

/// earlyoom asked a process to end, which did not, and asked once more: it failed. What it prints of the machine is not asked for. Not: asked,
/// and nothing more.
#[test]
fn a_second_request_does_not_hide_that_the_first_failed() {
    let asks = "Mar 05 10:12:07 earlyoom[812]: sending SIGTERM to process 4711 uid 1000 \"java\": oom_score 1170, VmRSS 9912 MiB, cmdline \"…\"\n";
    let text = format!(
        "Mar 05 10:12:07 earlyoom[812]: mem avail:   188 of 15597 MiB ( 1.20%), swap free:    0 of 2047 MiB ( 0.00%)\n{asks}\
         Mar 05 10:12:17 earlyoom[812]: process 4711 did not exit\nMar 05 10:12:17 earlyoom[812]: kill failed: Timer expired\n{}",
        asks.replace(":07 ", ":17 ")
    );
    answer(&text).is(Outcome::AtRisk).heads("could not end").hides("free -m");
}

/// `Killed` above what Surefire makes of it: the JVM was killed. Not: that it exited without a reason.
#[test]
fn what_a_shell_saw_is_the_reason_of_a_lost_fork() {
    let text = "Running shop.CartTest\nKilled\nResults :\n\nTests run: 3, Failures: 0\n[ERROR] Failed to execute goal \
                org.apache.maven.plugins:maven-surefire-plugin:2.19.1:test (default-test) on project shop: The forked VM terminated without \
                properly saying goodbye. VM crash or System.exit called?\n";
    answer(text).is(Outcome::Killed).says("Surefire").says("SIGKILL").hides("exited without");
}

/// A size behind a list of what a process has is that of the last of them; a title is what stands below it; times are read.
#[test]
fn names_titles_and_times_are_what_they_are() {
    let parts =
        "容器里有: 堆内存(-Xmx) - Metaspace - 线程栈(每个线程1MB左右)\njava.lang.OutOfMemoryError: Java heap space\n";
    answer(parts).is(Outcome::OutOfMemory).hides("1.0 MiB");
    let error = "java.lang.OutOfMemoryError: unable to create new native thread";
    let titled = answer(&format!(
        "{error}\n\nSince the update we get this every night:\n\n{error}\n\tat java.lang.Thread.start0(Native Method)\n"
    ));
    assert_eq!(titled.report.java_errors.len(), 1, "{:?}", titled.report.java_errors);
    let ecs = "OutOfMemoryError: Container killed due to memory usage Exit Code 137";
    let titled = answer(&format!("{ecs}\n\nStatus reason\t{ecs}\n"));
    assert_eq!(titled.report.events.len(), 1, "{:?}", titled.report.events);
    for (text, time) in [
        (
            "24/03/05 10:12:07 ERROR YarnScheduler: Lost executor 3 on node-1: Container killed by YARN for exceeding memory limits. 5.5 GB of \
             5.5 GB physical memory used. Consider boosting spark.executor.memoryOverhead.\n",
            "2024-03-05 10:12:07",
        ),
        (
            "24/03/05 10:12:07 ERROR TaskSchedulerImpl: Lost executor 1 on 10.0.3.7:\nThe executor with id 1 exited with exit code 137.\n",
            "2024-03-05 10:12:07",
        ),
        (
            "[2024-03-05 10:12:07.796]Container [pid=4711,containerID=container_1] is running beyond virtual memory limits. Current usage: 264.3 MB \
             of 1 GB physical memory used; 2.8 GB of 2.1 GB virtual memory used. Killing container.\n",
            "2024-03-05 10:12:07",
        ),
        (
            "OUT App instance exited with guid 9bd9 payload: {\"exit_description\"=>\"Exited with status 137 (out of memory)\", \
             \"crash_timestamp\"=>1709633527158864443}\n",
            "2024-03-05 10:12:07 UTC",
        ),
    ] {
        answer(text).is(Outcome::Killed).says(time);
    }
}

/// The limit of an ECS container stands in the question: 400 MiB. Not: a file of a machine that Fargate hides, or the kernel's log.
#[test]
fn what_a_post_says_of_its_limits_is_not_asked_for() {
    let ecs = "OutOfMemoryError: Container killed due to memory usage Exit Code 137\n";
    for limit in [
        "Task memory (MiB) 1024, Container Hard/Soft Memory 400 MiB.",
        "- Memory hard limit: 400 MiB\n- Memory soft limit: 300 MiB",
    ] {
        let told = answer(&format!("We start a Fargate task.\n{limit}\n\nStatus reason {ecs}"));
        told.is(Outcome::Killed).says("400.0 MiB").hides("/sys/fs/cgroup").hides("journalctl");
    }
    let heap = "java.lang.OutOfMemoryError: Java heap space\n\tat shop.Cart.main(Cart.java:7)\n";
    let told = answer(&format!(
        "{heap}\nMax Memory Limits\n- Max heap: 235.21MB\n\nThat is about 25 %, so the maximum heap is 0.23GB.\n"
    ));
    told.is(Outcome::OutOfMemory).hides("VM.flags");
}

/// A JVM was refused 124 MiB at its start, on a server with 1 GB: a smaller heap to start with, or swap. Not only: see what the machine had.
#[test]
fn a_refused_start_is_told_what_helps() {
    let refused = "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00000000e0800000, 130023424, 0) failed; \
                   error='Cannot allocate memory' (errno=12)\n";
    answer(&format!("It runs on a server with 1G and no swap.\n\n{refused}")).is(Outcome::Refused).says("smaller -Xms");
    let small = refused.replace("130023424", "65536");
    answer(&small).hides("smaller -Xms");
}

/// The post says 2.5 GB resident, NMT counts 1.5 GiB: a gigabyte lies outside. Not: asked for what is said.
#[test]
fn what_a_post_says_is_resident_is_held_against_nmt() {
    let text = "My application has a RSS usage of 2.5GB.\n\nNative Memory Tracking:\n\nTotal: reserved=5164010KB, committed=1595678KB\n\
                -                 Java Heap (reserved=3145728KB, committed=937984KB)\n                            (mmap: reserved=3145728KB, committed=937984KB)\n";
    answer(text).says("2.5 GiB is resident").says("1001.7 MiB lies outside").hides("smaps_rollup");
}

/// 137 at the start of a program on a machine of 957 MiB, as neofetch shows it. Not: `free -m`.
#[test]
fn a_machine_at_a_glance_is_not_asked_for() {
    let text = "OS: Ubuntu 24.04 LTS x86_64 \nShell: bash 5.2.21 \nMemory: 236MiB / 957MiB \n\n\
                Exception in thread \"main\" java.lang.RuntimeException: starting java failed with [137]\n";
    answer(text).is(Outcome::Killed).hides("free -m");
}

/// The list of a crash file: after the full GC the old generation is as full as it was, its addresses say that it cannot grow, and
/// objects stay in eden: 256 MiB of heap are too small. Not: nothing found. Where it can still grow, or a young GC has emptied eden, it says
/// nothing of the kind; the heap's maximum is known by the addresses all the same.
#[test]
fn the_list_of_a_crash_file_tells_a_full_heap() {
    let block = |when: &str, eden: &str, old_end: &str| {
        format!(
            "{when} GC invocations=50189 (full 147):\n PSYoungGen      total 58240K, used {} [0x00000000faab0000, 0x0000000100000000, 0x0000000100000000)\n  \
             eden space 29120K, 9% used [0x00000000faab0000,{eden},0x00000000fc720000)\n  from space 29120K, 0% used [0x00000000fe390000,0x00000000fe390000,0x0000000100000000)\n \
             ParOldGen       total 174784K, used 174784K [0x00000000f0000000, 0x00000000faab0000, {old_end})\n  object space 174784K, 100% used [0x00000000f0000000,0x00000000faab0000,0x00000000faab0000)\n",
            if eden.ends_with("b81720") { "17221K" } else { "0K" }
        )
    };
    let list = |eden: &str, old_end: &str| {
        format!(
            "GC Heap History (10 events):\nEvent: 36212.198 GC heap before\n{{Heap{}Event: 36212.574 GC heap after\nHeap{}}}\n",
            block(" before", "0x00000000fbb81720", old_end),
            block(" after", eden, old_end)
        )
    };
    let told = answer(&list("0x00000000fbb81720", "0x00000000faab0000"));
    told.is(Outcome::Thrashing).heads("The heap is full").says("256.0 MiB").says("170.7 MiB").says("hs_err_pid*.log");
    for (eden, old_end) in [("0x00000000faab0000", "0x00000000faab0000"), ("0x00000000fbb81720", "0x0000000100000000")]
    {
        let calm = answer(&list(eden, old_end));
        assert!(calm.report.findings.is_empty() && !calm.text.contains("is full"), "{}", calm.text);
        assert!(calm.report.runs.iter().any(|run| run.max_heap.is_some()), "{:?}", calm.report.runs);
    }
}

/// The history in a javacore, the newest line first: 99 % of 2.1 GiB stay in use, and the next allocation fails at once; the JVM collects
/// the whole heap, for the 8,210th time. A larger heap, or what fills it. Not: a young generation of which nothing is used. Not: NMT.
#[test]
fn the_history_of_a_javacore_tells_a_full_heap() {
    let line = |time: &str, id: u32, what: &str| format!("3STHSTTYPE     02:54:{time} GMT j9mm.{id} -   {what} \n");
    let spaces = |free: u64| format!("newspace=0/563609600 oldspace={free}/1691222016 loa={free}/{free}");
    let text = |free: u64| {
        [
            line("11:368159000", 57, "Sweep end"),
            line("10:347506000", 474, "GlobalGC start: globalcount=8210"),
            line("10:346615000", 469, &format!("Allocation failure cycle start: {} requestedbytes=48", spaces(free))),
            line("10:345375000", 470, &format!("Allocation failure cycle end: {}", spaces(free))),
            line("10:342375000", 474, "GlobalGC start: globalcount=8209"),
            line("10:340375000", 469, &format!("Allocation failure cycle start: {} requestedbytes=48", spaces(free))),
        ]
        .concat()
    };
    let told = answer(&text(16_912_384));
    told.is(Outcome::Thrashing).heads("2.10 GiB").says("99.2%").hides("VM.native_memory").hides("VM.flags");
    let [ended, running] = told.report.gc_events.as_slice() else { panic!("{:?}", told.report.gc_events) };
    assert_eq!(
        (ended.after.is_some(), ended.duration, running.after),
        (true, Some(oomscope::units::Micros(5_000)), None)
    );
    answer(&text(169_123_840)).is(Outcome::NothingFound);
}

/// 7.5 GiB resident with 2 GiB of heap, and the path says OpenJ9: a javacore lists the rest. Not: NMT, which is HotSpot's.
#[test]
fn an_openj9_is_asked_what_openj9_knows() {
    let ps = "$ ps -o rss,cmd -p 27477\n    RSS CMD\n7835488 /opt/openj9-jdk-11.0.18.10/bin/java -Xms2g -Xmx2g -jar app.jar\n";
    answer(ps).says("5.5 GiB is outside").says("NATIVEMEMINFO").hides("NativeMemoryTracking").hides("VM.native_memory");
    answer(&ps.replace("openj9-", "")).says("VM.native_memory").hides("NATIVEMEMINFO");
    let kernel = "kernel: JIT Compilation invoked oom-killer: gfp_mask=0x24000c0, order=0, oom_score_adj=952\n";
    answer(kernel).hides("VM.native_memory").hides("Xloggc");
}

/// Somebody marked the line in bold: a heap dump asked for this full GC of 15.4 s, which left 1.7 of 3.9 GiB. Not: a sign of a heap that is
/// full, or a histogram to see what fills it.
#[test]
fn a_full_gc_for_a_heap_dump_is_no_shortage() {
    let text = "2017-06-07T20:21:11.273+0200: 197418.570: [GC (Allocation Failure)  3409054K->2316451K(4054272K), 0.9027510 secs]\n\
                2017-06-07T20:21:49.416+0200: 197456.713: [**Full GC (Heap Dump Initiated GC)**  2367339K->1730730K(4054272K), 15.4322177 secs]\n\
                2017-06-07T20:45:35.884+0200: 198883.151: [GC (Allocation Failure)  2851498K->1760080K(4054272K), 0.3658907 secs]\n";
    let told = answer(text);
    told.is(Outcome::Stopped).heads("15.4 s").says("a heap dump asked for").says("-all").hides("what fills the heap");
    answer(&text.replace("Heap Dump Initiated GC", "System.gc()")).says("code asked for").says("Find the caller");
    answer(&text.replace("Heap Dump Initiated GC", "Ergonomics")).says("See what fills the heap");
}

/// A report that was cut before its figures, of a thread whose cpuset bears the id of a container: most likely the container's limit; the
/// rest says so. The call trace tells it for sure, or that pages of the machine were asked for. Not: see what else uses the machine.
#[test]
fn a_report_that_was_cut_tells_the_container() {
    let id = "c6c68b75c3be24292a924fd4410c94102318302c873ea516740aef8857197928";
    let head = format!(
        "[175769.757162] java invoked oom-killer: gfp_mask=0x24000c0(GFP_KERNEL), order=0, oom_score_adj=0\n\
         [175769.757165] java cpuset={id} mems_allowed=0-1\n\
         [175769.757171] CPU: 5 PID: 108107 Comm: java Not tainted 4.8.12-040812-generic #1\n\
         [175769.757184] Call Trace:\n[175769.757191]  [<ffffffff9be12e02>] dump_stack+0x63/0x81\n"
    );
    answer(&head)
        .is(Outcome::Killed)
        .heads("in its container")
        .says("It probably was")
        .hides("ps aux")
        .hides("the cgroup");
    let frames = |name: &str| {
        format!(
            "{head}[175769.757200]  [<ffffffff9bba4f00>] out_of_memory+0x219/0x460\n[175769.757201]  [<ffffffff9bba4f00>] {name}+0x50/0x50\n"
        )
    };
    answer(&frames("mem_cgroup_out_of_memory")).heads("reached its memory limit").hides("ps aux");
    answer(&frames("__alloc_pages_slowpath.constprop.88")).hides("container").says("ps aux");
    // Without its first line the trace says what it is.
    let cut = |text: &str| text.lines().skip(1).map(|line| format!("{line}\n")).collect::<String>();
    answer(&cut(&frames("mem_cgroup_out_of_memory"))).is(Outcome::Killed).heads("reached its memory limit");
    answer(&cut(&head)).is(Outcome::NothingRecognised);
    let pieces = head.replace("order=0", "order=2").replace(id, "/");
    answer(&pieces).says("4 pages in one piece").says("ps aux");
}

/// Words say how large the heap is, and how much memory there is: a heap of 650 MB of 1 GB was full, so that a larger one hardly fits. Of a
/// heap that nobody set the JVM takes a quarter of the limit. Not: raise -Xmx, and no more.
#[test]
fn what_words_say_there_is_bounds_a_full_heap() {
    let error = "\n\njava.lang.OutOfMemoryError: Java heap space\n\tat com.example.shop.Cart.add(Cart.java:7)\n";
    answer(&format!("Java heap space with JVM set at 650 mb on 1 Gb peer.{error}"))
        .says("little room for a larger one");
    answer(&format!("The JVM has -Xmx650m on a server with 8 gigs of RAM.{error}")).hides("little room");
    answer(&format!("用docker运行,限制内存为2G,内存还很充足。{error}"))
        .is(Outcome::OutOfMemory)
        .says("512.0 MiB")
        .says("a quarter");
}

/// A container was OOM killed at 3 GB while its JVM had 2.2 GB resident: the rest is page cache, slab, or tmpfs; memory.stat tells. Not: first
/// a lower -Xmx. Where next to nothing is left the limit is too low.
#[test]
fn a_container_killed_far_above_its_jvm_is_told_what_else_counts() {
    let text = "My container is OOM killed. Its memory limit has been set to 3GB. The RSS remains at 2.2GB.\n";
    answer(text).is(Outcome::Killed).says("went to something else").says("memory.stat").hides("or lower -Xmx");
    answer(&text.replace("2.2GB", "2.9GB")).hides("memory.stat");
}

/// The kernel killed java at 1.3 GiB resident for a limit of its group, and its heap may take 4 GiB: the limit in force is far lower than that.
#[test]
fn a_limit_that_is_lower_than_was_believed_is_told() {
    let text = |heap: &str| {
        format!(
            "$ ps -o args -p 4711\nCOMMAND\n/usr/bin/java -Xmx{heap} -jar app.jar\n\n[Wed Jun 19 09:15:41 2019] Memory cgroup out of memory: Kill process 4711 (java) score 1499 or sacrifice child\n\
             [Wed Jun 19 09:15:41 2019] Killed process 4711 (java) total-vm:4770836kB, anon-rss:1298548kB, file-rss:21304kB, shmem-rss:0kB\n"
        )
    };
    answer(&text("4g")).is(Outcome::Killed).says("far below the maximum heap of 4.0 GiB");
    answer(&text("1g")).hides("far below");
}

/// A heap of three quarters of its container's limit, of which nothing else is known: told, and no alarm. Of a container that uses 7.4 GiB
/// more than its heap by an old `docker stats`: page cache, or memory outside the heap. Not: nothing to compare with.
#[test]
fn what_a_limit_leaves_beside_the_heap_is_told() {
    let text = |limit: &str| {
        format!("heapOpts: \"-Xmx1536m -Xms1536m\"\nresources:\n  limits:\n    cpu: 750m\n    memory: {limit}\n")
    };
    answer(&text("2Gi")).is(Outcome::NothingFound).says("75.0% of the limit of 2.0 GiB").says("512.0 MiB are left");
    answer(&text("3Gi")).hides("of the limit of");
    let stats = "I set the JVM to 8G heap (-Xmx8G).\n\nCONTAINER           CPU %               MEM USAGE/LIMIT     MEM %               NET I/O\n\
                 perf-1              3.63%               16.51 GB/135.3 GB   12.21%              30.71 MB/5.115 GB\n";
    answer(stats).is(Outcome::NothingFound).says("7.4 GiB more").says("page cache").hides("not enough to say");
    answer(&stats.replace("16.51", "8.51")).hides("page cache");
}

/// A crash in `malloc`: native code has damaged the C heap before; what wrote there is looked for. Not: memory was short, or a crash that says nothing.
#[test]
fn a_crash_in_the_allocator_is_a_damaged_heap() {
    let text = |frame: &str| {
        format!(
            "#\n# A fatal error has been detected by the Java Runtime Environment:\n#\n#  SIGSEGV (0xb) at pc=0x00007fc9753f11ca, pid=6882, tid=140502913906432\n#\n\
             # JRE version: OpenJDK Runtime Environment (17.0.1+12) (build 17.0.1+12)\n# Problematic frame:\n# {frame}\n#\n"
        )
    };
    for frame in [
        "C  [libc.so.6+0x781ca]  malloc_set_state+0x68a",
        "V  [libjvm.so+0x8d6a5e]  os::malloc(unsigned long, MEMFLAGS)+0x8e",
    ] {
        answer(&text(frame)).is(Outcome::Crashed).heads("in malloc").says("native code").hides("memory was short");
        let bare: String =
            text(frame).lines().map(|line| format!("{}\n", line.trim_start_matches(['#', ' ']))).collect();
        answer(&bare).is(Outcome::Crashed).heads("in malloc");
    }
    answer(&text("V  [libjvm.so+0x8d6a5e]  G1ParScanThreadState::copy_to_survivor_space+0x8e")).hides("in malloc");
}

/// 143 is a request to end, and memory is not the reason; 137 of a test JVM that a build started: its heap is set where the build is.
#[test]
fn codes_of_ended_processes_say_who_asked() {
    let panel = "[Pterodactyl Daemon]: ---------- Detected server process in a crashed state! ----------\n[Pterodactyl Daemon]: Exit code: 143\n[Pterodactyl Daemon]: Out of memory: false\n";
    answer(panel).is(Outcome::Exited).heads("SIGTERM").says("asks a process to end");
    let fork = "The forked VM terminated without properly saying goodbye. VM crash or System.exit called?\n\
                Command was /bin/sh -c cd /home/ci/build && java -jar /home/ci/build/target/surefire/surefirebooter71.jar\nProcess Exit Code: 137\n";
    answer(fork).is(Outcome::Killed).says("argLine").says("journalctl");
}

/// The title of an issue names a test and its error: OpenJ9 had no native memory left. Not: nothing found.
#[test]
fn an_error_behind_the_name_of_a_test_is_read() {
    let title = "java/nio/channels/LargeWrite.java OutOfMemoryError: native memory exhausted\n";
    answer(title).is(Outcome::OutOfMemory).says("native memory exhausted").hides("VM.native_memory");
    answer("How java/nio/LargeWrite.java OutOfMemoryError: Java heap space came to be\n")
        .is(Outcome::NothingRecognised);
}

/// A composed kill on a machine of 62.9 GiB: java held 61.5 GiB with -Xmx44g, and the parts of the kernel's report are apart. What is outside
/// the heap is the trouble, and less than 44 GiB fits. Not: a larger heap, other processes, or no swap where 48 GiB are printed.
#[test]
fn a_heap_that_was_killed_is_the_most_that_can_fit() {
    let kill = "Out of memory: Kill process 23195 (java) score 558 or sacrifice child\n\
                Killed process 23195, UID 40001, (java) total-vm:81176732kB, anon-rss:64507900kB, file-rss:2604kB\n";
    let machine = "The memory at that moment:\n\nFree swap  = 49990420kB\nTotal swap = 50331644kB\n16777215 pages RAM\n282254 pages reserved\n\
                   [ pid ]   uid  tgid total_vm      rss cpu oom_adj oom_score_adj name\n\
                   [ 1340]     0  1340   152806     9114   6       0             0 salt-minion\n";
    let options =
        "\nThe options of Tomcat:\n\n java -Xms44g -Xmx44g -server -XX:+UseG1GC -XX:+DisableExplicitGC -jar app.jar\n";
    let nmt = "\n31549:\n\nNative Memory Tracking:\n\nTotal: reserved=50215227KB, committed=49947839KB\n\
               -                 Java Heap (reserved=46137344KB, committed=46137344KB)\n\
               -                     Class (reserved=92639KB, committed=91707KB)\n\
               -                    Thread (reserved=914804KB, committed=914804KB)\n                            (thread #883)\n\
               -                      Code (reserved=263567KB, committed=87223KB)\n\
               -                        GC (reserved=1849937KB, committed=1849937KB)\n\
               -                  Internal (reserved=813935KB, committed=813935KB)\n";
    let heap = 44 << 30;
    for text in [
        format!("{kill}{machine}{options}"),
        format!("{kill}{machine}{options}{nmt}"),
        format!("{kill}{machine}{nmt}"),
        format!("{machine}{kill}{options}"),
        format!("{kill}{options}"),
    ] {
        let answer = answer(&text);
        answer.is(Outcome::Killed).hides("assuming no swap");
        let sizing = answer.report.sizing.as_ref().expect("a size");
        for size in [sizing.ceiling, sizing.recommended].into_iter().flatten() {
            assert!(size.0 < heap, "{size:?}\n{}", answer.text);
        }
        if text.contains("31549") {
            answer.says("If it had the maximum heap of pid 31549, 44.0 GiB, at least 17.5 GiB of it was outside");
        } else {
            answer.says("At least 17.5 GiB of it was outside a heap of at most 44.0 GiB");
        }
        if text.contains("pages RAM") {
            answer.hides("what else uses memory").says("97.8%");
            let caveats: Vec<&str> = sizing.caveats.iter().map(|caveat| caveat.key.as_str()).collect();
            assert!(!caveats.contains(&"sizing.caveat.swap-unknown"), "{caveats:?}\n{}", answer.text);
        }
    }
    // Others held most of this machine: how much fits is up to them.
    let beside = "Out of memory: Killed process 700 (java) total-vm:9176732kB, anon-rss:3507900kB, file-rss:0kB, shmem-rss:0kB\n\
                  java -Xmx3g -jar app.jar\n              total        used        free      shared  buff/cache   available\n\
                  Mem:       32000000    31000000      100000           0      900000      300000\n";
    let sizing = answer(beside).report.sizing;
    assert!(sizing.and_then(|sizing| sizing.ceiling).is_none_or(|ceiling| ceiling.0 < 3 << 30));
}

/// Composed: two full GCs for the metadata threshold, seconds apart, that leave 340 MiB of metaspace and a heap of which a fifth is used.
/// Metaspace is at its limit; the number in parentheses is reserved. Not: a heap that is short, or a size for it. A start with growing
/// metaspace is healthy.
#[test]
fn a_metaspace_that_no_full_gc_frees_is_at_its_limit() {
    let legacy = "420543.672: [Full GC (Metadata GC Threshold) [PSYoungGen: 19687K->0K(472064K)] [ParOldGen: 371811K->387616K(1572864K)] 391498K->387616K(2044928K), [Metaspace: 348187K->348103K(1480704K)], 1.7806265 secs] [Times: user=1.80 sys=0.00, real=1.78 secs] \n\
                  420546.272: [GC (Metadata GC Threshold) [PSYoungGen: 63514K->52108K(472064K)] 451130K->444152K(2044928K), 0.0847171 secs] [Times: user=0.06 sys=0.00, real=0.08 secs] \n\
                  420546.357: [Full GC (Metadata GC Threshold) [PSYoungGen: 52108K->0K(472064K)] [ParOldGen: 392043K->389031K(1572864K)] 444152K->389031K(2044928K), [Metaspace: 348188K->348188K(1480704K)], 1.5737886 secs] [Times: user=1.53 sys=0.00, real=1.58 secs] \n";
    let unified = "[420.543s][info][gc,start     ] GC(40) Pause Full (Metadata GC Threshold)\n\
                   [422.100s][info][gc,metaspace ] GC(40) Metaspace: 348187K(360000K)->348103K(360000K) NonClass: 300000K(310000K)->300000K(310000K) Class: 48187K(50000K)->48103K(50000K)\n\
                   [422.100s][info][gc           ] GC(40) Pause Full (Metadata GC Threshold) 380M->378M(2048M) 1557.000ms\n\
                   [444.543s][info][gc,start     ] GC(41) Pause Full (Metadata GC Threshold)\n\
                   [446.100s][info][gc,metaspace ] GC(41) Metaspace: 348188K(360000K)->348188K(360000K) NonClass: 300000K(310000K)->300000K(310000K) Class: 48188K(50000K)->48188K(50000K)\n\
                   [446.100s][info][gc           ] GC(41) Pause Full (Metadata GC Threshold) 381M->379M(2048M) 1557.000ms\n";
    for text in [legacy, unified] {
        let answer = answer(text);
        answer.is(Outcome::AtRisk).heads("Metaspace is at its limit").says("340.0 MiB").hides("GC.class_histogram");
        let sizing = answer.report.sizing.as_ref().expect("a size");
        assert!(sizing.recommended.is_none() && sizing.reason.key == "sizing.elsewhere.metaspace", "{}", answer.text);
    }
    answer(legacy).says("reserved address space");
    let start = legacy.replace("348187K->348103K", "20187K->20103K").replace("1.7806265", "0.1806265");
    answer(&start.replace("1.5737886", "0.0737886")).is(Outcome::NothingFound).hides("its limit");
}

/// Composed: words state -Xmx12g on 16 GB, the stacks, the operating system, and a kill. What is left is told. Not: that 13 GiB fit.
#[test]
fn what_words_show_not_to_fit_is_no_size_that_fits() {
    let text = "The JVM is configured with -Xmx12g on a host with 16 GB total RAM. The heap alone can consume 12 GB, but the JVM needs more:\n\
                - Thread stacks: ~1 GB (1 MB per thread x ~1000 threads)\n- OS kernel and other processes: ~1-2 GB\n\
                When the OS runs out of memory, the OOM killer selects the Java process.\n";
    let answer = answer(text);
    let sizing = answer.report.sizing.as_ref().expect("a size");
    assert_eq!((sizing.ceiling, sizing.recommended), (None, None), "{}", answer.text);
    answer.hides("fits").says("4.0 GiB are left");
}

/// A composed kill without the kernel's report: who else was there is unknown, and so is what fits. With the machine's memory, or the score
/// for a half of it, what java held is a ceiling.
#[test]
fn what_one_process_held_is_no_ceiling_beside_unknown_others() {
    let kill = "Out of memory: Killed process 2159900 (java) total-vm:2774660kB, anon-rss:534720kB, file-rss:2824kB, shmem-rss:0kB, UID:1001 pgtables:1488kB oom_score_adj:0\n";
    let ceiling = |text: &str| answer(text).report.sizing.and_then(|sizing| sizing.ceiling);
    assert_eq!(ceiling(kill), None);
    assert!(ceiling(&format!("The server has 1 GB of RAM.\n{kill}")).is_some());
    assert!(
        ceiling(&format!(
            "Out of memory: Kill process 2159900 (java) score 812 or sacrifice child\n{}",
            kill.replace("Out of memory: ", "")
        ))
        .is_some()
    );
}

/// Two composed pieces of CMS logs: what the larger one needs is the answer, not the 67 MiB of the other.
#[test]
fn another_piece_of_a_log_does_not_size_the_run_that_needs_more() {
    let text = "6043.903: [Full GC (Allocation Failure) 6043.903: [CMS: 1342523K->1336533K(1398144K), 6.7884210 secs] 2004251K->1336533K(2027264K), [Metaspace: 57231K->57231K(95548K)], 6.1361340 secs] [Times: user=6.13 sys=0.38, real=6.13 secs]\n\
                \nAnother one, of a permanent generation:\n\n\
                279.803: [Full GC 279.803: [CMS: 88569K->68870K(1398144K), 0.6714090 secs] 558070K->68870K(2027264K), [CMS Perm : 81919K->77654K(81920K)], 0.6716570 secs]\n";
    let answer = answer(text);
    let sizing = answer.report.sizing.as_ref().expect("a size");
    assert!(sizing.floor.is_some_and(|floor| floor.0 > 1 << 30), "{}", answer.text);
}

/// Composed: young GCs of Elasticsearch leave 16 GiB, and between them the old generation falls to 7.5 GiB. What may be garbage is no live
/// set, and twice that no minimum.
#[test]
fn what_may_be_garbage_is_no_minimum() {
    let line = |second: u32, old: &str, after: &str| {
        format!(
            "[2019-04-08T12:4{second}:52,956][WARN ][o.e.m.j.JvmGcMonitorService] [es-1] [gc][young][168818{second}][5538{second}] duration [7.{second}s], collections [1]/[8.6s], total [1.7s]/[1.6h], memory [17.5gb]->[{after}]/[20gb], all_pools {{[young] [6.7gb]->[48mb]/[0b]}}{{[survivor] [216mb]->[104mb]/[0b]}}{{[old] [{old}]->[16.3gb]/[20gb]}}\n"
        )
    };
    let answer =
        answer(&[line(1, "10.6gb", "16.5gb"), line(6, "7.5gb", "17.2gb"), line(9, "7.6gb", "16.9gb")].concat());
    let sizing = answer.report.sizing.as_ref().expect("a size");
    assert_eq!((sizing.floor, sizing.recommended), (None, None), "{}", answer.text);
    assert!(sizing.terms.iter().all(|term| term.name != "live-set"), "{:?}", sizing.terms);
    answer.says("much of it may be garbage").hides("For a live set of");
}

/// Composed: a promotion fails with 2.9 of 6 GiB free in the old generation. Not: a full old generation.
#[test]
fn an_old_generation_with_room_is_not_full() {
    let text = |old: &str| {
        format!(
            "2017-06-17T23:33:20.381+0800: 77708.486: [GC (Allocation Failure) 2017-06-17T23:33:20.382+0800: 77708.487: [ParNew (promotion failed): 3774912K->3679034K(3774912K), 0.2991519 secs]2017-06-17T23:33:20.681+0800: 77708.786: [CMS: {old}->3522738K(6291456K), 1.9341892 secs] 6332035K->3522738K(10066368K), [Metaspace: 71553K->71553K(1116160K)], 2.2340311 secs] [Times: user=5.61 sys=0.06, real=2.24 secs]\n"
        )
    };
    answer(&text("3270027K")).is(Outcome::AtRisk).heads("2.9 GiB free").hides("full old generation");
    answer(&text("6270027K")).is(Outcome::AtRisk).says("full old generation");
}

/// Composed: a shell says `Killed`. Not: an exit code that nobody printed.
#[test]
fn a_code_that_is_not_in_the_input_is_not_told() {
    answer("$ java -Xmx2048m -jar app.jar\nKilled\n").is(Outcome::Killed).says("SIGKILL").hides("137");
    answer("app exited with code 137\n").says("exit code 137");
}

/// The only error of a post is a fence of one line, code alone on its line, or the end of its title: what is quoted so was printed. Not:
/// nothing recognised; and no alarm for an article about the error, nor for one that a sentence explains.
#[test]
fn an_error_between_marks_of_markdown_is_read() {
    let metaspace = "java.lang.OutOfMemoryError: Compressed class space";
    for (before, after) in [("```", "```"), ("`", "`"), ("**", "**")] {
        let told = answer(&format!("Our plugin host stops.\n\n{before}{metaspace}{after}\n\nWhat now?\n"));
        told.is(Outcome::OutOfMemory).heads("class space").hides("Nothing recognised");
        assert_eq!(told.report.java_errors.len(), 1);
    }
    answer(&format!("# Ticker threw exception at world_2 {metaspace}\n\nIt stops.\n")).is(Outcome::OutOfMemory);
    for title in ["How to avoid", "Understanding", "What is"] {
        answer(&format!("# {title} {metaspace}\n\nClasses live there.\n")).is(Outcome::NothingRecognised);
    }
    let reply = "Give it more.\n\nThe `java.lang.OutOfMemoryError: Java heap space` error indicates the pack ran out of memory.";
    answer(&format!("{reply} Looking at line 12, only 1 GB is allowed.\n")).is(Outcome::OutOfMemory);
    answer(reply).is(Outcome::NothingRecognised);
}

/// The title is the refusal of a start, which the post need not repeat: below 4 GiB a Java of 32 bits is the likely reason. Where a log
/// says it again it is the same one. Not: nothing recognised, or a refusal twice.
#[test]
fn a_refused_start_in_a_title_is_read() {
    let reserve = "Could not reserve enough space for 3145728KB object heap";
    let post = format!("# {reserve}\n\nI run the bat file on Windows 7 64-bit and have 16 GB.\n");
    answer(&post).is(Outcome::Refused).heads("3.0 GiB").says("32-bit").says("64-bit");
    let again = answer(&format!("{post}\nError occurred during initialization of VM\n{reserve}\n"));
    let counts: Vec<u64> = again.report.java_errors.iter().map(|error| error.count).collect();
    assert_eq!(counts, [1], "{}", again.text);
}

/// Windows says by number 1455 that RAM and paging file are promised: no process starts, and no option is wrong. Beside it OpenJ9 got no
/// heap of 2 GB, which a Java of 32 bits would not get either. Not: correct the options.
#[test]
fn a_process_that_windows_does_not_start_lacks_commit() {
    let start = "07:11:02  Error: Could not create the Java Virtual Machine.\n07:11:02  Error: A fatal exception has occurred. Program will exit.\n";
    let create = "07:11:02  java.io.IOException: Cannot run program \"C:\\ci\\jdk\\bin\\java\": CreateProcess error=1455, The paging file is too small for this operation to complete\n";
    let told = answer(&format!("{start}{create}"));
    told.is(Outcome::Refused).heads("paging file").says("commit limit").hides("Correct the options");
    answer(create).is(Outcome::Refused).heads("paging file");
    let german =
        create.replace("The paging file is too small for this operation to complete", "Die Datei reicht nicht");
    answer(&german).is(Outcome::Refused).heads("paging file");
    let heap = "LT  stderr JVMJ9VM015W Initialization error for library j9gc29(2): Failed to instantiate heap.  2G requested\n";
    answer(heap).is(Outcome::Refused).heads("2.0 GiB").says("32-bit").hides("Correct the options");
}

/// Kafka and RocketMQ map files, and the system refuses a mapping: too many of them, or no address space. Not: nothing recognised, or a
/// full heap; and the error that the JVM had below is the same one.
#[test]
fn a_mapping_that_a_library_was_refused_is_one() {
    let trace = "        at sun.nio.ch.FileChannelImpl.map(FileChannelImpl.java:940)\n        at com.example.store.Segment.open(Segment.java:31)\n";
    for head in
        ["java.io.IOException: Map failed\n", "2021-03-04 05:06:07 ERROR Store - java.io.IOException: Map failed\n"]
    {
        let told = answer(&format!("2021-03-04 05:06:07 ERROR Store - segment 304 failed\n{head}{trace}"));
        told.is(Outcome::OutOfMemory).heads("mapped").says("vm.max_map_count").says("/maps").hides("-Xmx");
        let cause = "Caused by: java.lang.OutOfMemoryError: Map failed\n        at sun.nio.ch.FileChannelImpl.map0(Native Method)\n";
        let both = answer(&format!("{head}{trace}{cause}"));
        let errors: Vec<_> =
            both.report.java_errors.iter().map(|error| (error.message.as_str(), error.count)).collect();
        assert_eq!(errors, [("java.lang.OutOfMemoryError: Map failed", 1)]);
    }
    answer("Somebody wrote that java.io.IOException: Map failed means too many files.\n")
        .is(Outcome::NothingRecognised);
}

/// The builder of a native image was killed inside a build with Maven: its memory counts, and not that of Maven. Of a full heap of the
/// builder, its heap is raised; and it has ended.
#[test]
fn the_builder_of_a_native_image_is_not_maven() {
    let steps = "[ledger-1.0.0-runner:59]   (features):   4,625.36 ms,  1.50 GB\n[ledger-1.0.0-runner:59]    (compile):  92,858.01 ms,  1.40 GB\n";
    let maven = "[INFO] BUILD FAILURE\n[ERROR] Failed to execute goal io.quarkus.platform:quarkus-maven-plugin:2.5.0.Final:build (default) on project ledger: Build failed due to errors\n";
    let killed = answer(&format!("{steps}Error: Image build request failed with exit status 137\n{maven}"));
    killed.is(Outcome::Killed).says("native-image builder").says("native-image-xmx").hides("MAVEN_OPTS");
    let full = answer(&format!(
        "{steps}Exception in thread \"native-image pid watcher\" java.lang.OutOfMemoryError: GC overhead limit exceeded\n{maven}"
    ));
    full.is(Outcome::OutOfMemory).says("Raise -Xmx for the native-image builder");
    assert!(full.report.verdict.actions.iter().all(|action| !action.say(Language::En).contains("jcmd")));
}

/// A sentence quotes the first line of a crash file, of which only a part is pasted: no thread was to be had for the GC, while nearly all
/// memory is available. Not: the head of the file is missing. What an article says of such lines is nothing.
#[test]
fn the_head_of_a_crash_file_in_a_sentence_is_read() {
    let part = "```\n---------------  S Y S T E M  ---------------\n\nOS:\nuname: Linux 5.10.16 #1 SMP x86_64\n/proc/meminfo:\nMemTotal:       25846640 kB\nMemFree:        20327572 kB\nMemAvailable:   24082464 kB\n```\n";
    let post = |place: &str| {
        format!("Our broker stops at once with \"Out of Memory Error ({place}), pid=1, tid=1\" in Docker.\n\n{part}")
    };
    let told = answer(&post("workerManager.hpp:70"));
    told.heads("workerManager.hpp:70")
        .says("could not start a thread")
        .says("seccomp")
        .hides("is not in the input.\nThe JVM options");
    answer(&post("os_linux.cpp:2760")).heads("os_linux.cpp:2760");
    answer("If you see \"Out of Memory Error (os_linux.cpp:2760)\", the system refused memory.\n")
        .is(Outcome::NothingRecognised);
}

/// Tomcat's PermGen was full: -XX:MaxPermSize, and `jmap -permstat`, which JDK 7 has. Not: commands of later releases. A full GC that PermGen
/// called for says so by its log; one at a start, from which it grows, is nothing.
#[test]
fn permgen_is_of_releases_that_have_it() {
    let error = "Exception in thread \"http-8080-3\" java.lang.OutOfMemoryError: PermGen space\n\tat java.lang.ClassLoader.defineClass1(Native Method)\n";
    let told = answer(error);
    told.is(Outcome::OutOfMemory).says("-XX:MaxPermSize").says("jmap -permstat");
    told.hides("classloader_stats").hides("VM.native_memory").hides("-Xlog:gc");
    let log = |of: &str, before: &str| {
        format!(
            "279.803: [Full GC 279.803: [CMS: 88569K->68870K(1398144K), 0.6714090 secs] 558070K->68870K(2027264K), [CMS Perm : {before}->77654K({of})], 0.6716570 secs] [Times: user=0.66 sys=0.01, real=0.67 secs]\n"
        )
    };
    answer(&log("81920K", "81919K"))
        .is(Outcome::AtRisk)
        .heads("PermGen was full: 80.0 MiB of 80.0 MiB")
        .says("jmap -permstat");
    answer(&log("131072K", "81919K")).hides("PermGen was full");
    answer(&log("21248K", "21247K").replace("77654K", "21240K")).hides("PermGen was full");
}

/// The title is the error of Elasticsearch's script: its JVM got SIGKILL. Not: no kill in the logs.
#[test]
fn an_exit_code_in_a_title_is_read() {
    let title = "# Exception in thread \"main\" java.lang.RuntimeException: starting java failed with [137]\n\nIt does not start.\n";
    answer(title).is(Outcome::Killed).heads("exit code 137").hides("shows no kill");
    answer("# What starting java failed with [137] means\n\nSIGKILL.\n").hides("Killed by");
}

/// Who pastes the files of a control group explains each value behind `#`: 3 of 4 GiB are page cache, and 1 GiB is anonymous. Not: the values
/// that nobody explained alone.
#[test]
fn values_of_a_control_group_are_read_beside_comments() {
    let text = "$ cat /sys/fs/cgroup/memory/docker/x1/memory.limit_in_bytes\n4294967296\n\n$ cat /sys/fs/cgroup/memory/docker/x1/memory.usage_in_bytes\n4294967296  # exactly the limit\n\n\
                $ cat /sys/fs/cgroup/memory/docker/x1/memory.stat\ncache 3221225472          # 3 GB of files\nrss 1073741824   # 1 GB\nmapped_file 0\ninactive_file 2147483648  # old\n";
    let told = answer(text);
    told.says("2.0 GiB of the 4.0 GiB in use is page cache");
    let stated = text.split_once("\n\n").map(|(_, rest)| rest).unwrap_or_default();
    answer(&format!("The limit of our container is 4 GiB.\n\n{stated}"))
        .says("2.0 GiB of the 4.0 GiB in use is page cache");
    let sizes: Vec<u64> =
        ["usage", "cache", "anon"].iter().map(|name| told.report.host[0].sizes[*name].0 >> 30).collect();
    assert_eq!(sizes, [4, 3, 1]);
}

/// Two processes of one container were refused the same 2 GiB: one refusal is told once. Not: the same sentence twice.
#[test]
fn the_same_refusal_of_two_processes_is_told_once() {
    let warning = "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x0000000770400000, 2147483648, 0) failed; error='Not enough space' (errno=12)\n";
    let crash = |pid: u32| {
        format!(
            "#\n# There is insufficient memory for the Java Runtime Environment to continue.\n# Native memory allocation (mmap) failed to map 2147483648 bytes. Error detail: committing reserved memory.\n# An error report file with more information is saved as:\n# /srv/hs_err_pid{pid}.log\n"
        )
    };
    let told = answer(&format!("{warning}{}{warning}{}{warning}", crash(6), crash(7)));
    told.is(Outcome::Refused).heads("2.0 GiB");
    let findings =
        told.report.findings.iter().filter(|finding| finding.statement.say(Language::En).contains("2.0 GiB"));
    assert_eq!(findings.count(), 1, "{}", told.text);
}

/// Spark's driver lost an executor and does not know why: YARN's NodeManager does. Not: nothing recognised. An executor that was idle is
/// nothing, and what YARN says of a kill is what is told.
#[test]
fn a_lost_executor_is_asked_for_where_it_ran() {
    let lost = "15/10/26 16:13:40 ERROR cluster.YarnClusterScheduler: Lost executor 4 on node-7.example: remote Rpc client disassociated\n\
                15/10/26 16:13:40 WARN scheduler.TaskSetManager: Lost task 1.1 in stage 0.0 (TID 2, node-7.example): ExecutorLostFailure (executor 4 lost)\n";
    let told = answer(lost);
    told.is(Outcome::Exited).heads("lost an executor").says("NodeManager").says("memoryOverhead");
    assert_eq!(told.report.events.len(), 1);
    let idle = "15/10/26 16:13:40 INFO ExecutorAllocationManager: Removing executor 4 because it has been idle for 60 seconds\n";
    assert!(answer(idle).report.events.is_empty());
    let killed = "15/10/26 16:13:41 ERROR YarnScheduler: Lost executor 3 on node1: Container killed by YARN for exceeding memory limits. 5.5 GB of 5.5 GB physical memory used.\n";
    answer(&format!("{killed}{lost}")).is(Outcome::Killed).heads("YARN");
}

/// The kubelet says that a probe failed, and so that it sent the SIGKILL; systemd says that a unit did not stop in time. Not: that the sender
/// is unknown, or to look for it in what was pasted.
#[test]
fn who_sent_sigkill_for_something_else_than_memory_is_told() {
    let pod = "    Last State:     Terminated\n      Reason:       Error\n      Exit Code:    137\n      Started:      Mon, 13 Nov 2023 03:48:52 +0100\n      Finished:     Mon, 13 Nov 2023 03:50:55 +0100\n\
               Events:\n  Normal   Killing    3m                 kubelet  Container app failed liveness probe, will be restarted\n";
    answer(pod)
        .is(Outcome::Killed)
        .heads("probe failed: app")
        .says("startupProbe")
        .hides("who sent it")
        .hides("kubectl");
    let unit = "Nov 05 21:14:12 h systemd[1]: app.service: State 'stop-sigterm' timed out. Killing.\n\
                Nov 05 21:14:12 h systemd[1]: app.service: Killing process 1234 (java) with signal SIGKILL.\n\
                Nov 05 21:14:12 h systemd[1]: app.service: Main process exited, code=killed, status=9/KILL\n";
    answer(unit)
        .heads("did not stop in time: app.service")
        .says("TimeoutStopSec")
        .hides("who sent it")
        .hides("journalctl");
    let other = "Nov 05 21:14:12 h systemd[1]: other.service: State 'stop-sigterm' timed out. Killing.\n\
                 Nov 05 21:14:13 h systemd[1]: app.service: Main process exited, code=killed, status=9/KILL\n";
    answer(other).heads("SIGKILL: app.service").says("who sent it");
}

/// A crash file's head names the source file of Windows. Not: commands and swap of Linux.
#[test]
fn the_head_of_a_crash_file_shows_windows() {
    let head = "# There is insufficient memory for the Java Runtime Environment to continue.\n\
                # Native memory allocation (mmap) failed to map 91226112 bytes for G1 virtual space\n\
                #  Out of Memory Error (os_windows.cpp:3593), pid=5364, tid=14908\n";
    answer(head)
        .is(Outcome::Refused)
        .says("page file")
        .says("systeminfo")
        .hides("add swap")
        .hides("free -m")
        .hides("cat hs_err");
}

/// An option that a sentence is about, and would only be set, is no maximum. Not: a maximum heap of 2 GiB.
#[test]
fn an_option_that_a_sentence_wishes_is_not_set() {
    let error = "Exception in thread \"x\" java.lang.OutOfMemoryError: Java heap space\n\n";
    for wish in [
        "`-Xmx2048m`, as in the line below, would conflict with the memory that was set by hand.",
        "`-Xmx2048m`，如在下面这行就会和手动设置的内存数冲突。",
    ] {
        answer(&format!("{error}{wish}\n")).heads("heap was full").hides("2.0 GiB");
    }
    answer(&format!("{error}`-Xmx2048m`, set by the script, is what it runs with.\n")).says("2.0 GiB");
}

/// "Here's the log" below a heading, and that a disk is slow, are no cause. Not: quoted as one.
#[test]
fn only_what_was_found_about_memory_is_quoted_as_a_cause() {
    let crash = "\n# A fatal error has been detected by the Java Runtime Environment:\n#  SIGBUS (0x7) at pc=0x76aabd84, pid=13087, tid=13355\n";
    for words in [
        "### Suspected cause\n\nHere's the log\n",
        "I found out that my disk is slow.\n",
        "It turned out that the server was slow again today.\n",
    ] {
        answer(&format!("{words}{crash}")).hides("given by the writer");
    }
    answer(&format!("It turned out that a cache kept every order.\n{crash}")).says("a cache kept every order");
}

/// A row of a small table sets what it names, whatever is said behind it: a heap of 4 GiB in a pod of 8. Not: nothing recognised of the heap.
#[test]
fn a_row_of_a_small_table_sets_what_it_names() {
    let told = answer(
        "| item | value | what it is |\n| --- | --- | --- |\n| App | -Xmx4096m | how far the heap may grow |\n| Pod | memory limit: 8192Mi | what the pod may take |\n",
    );
    let stated = |name: &str| told.report.host.iter().find_map(|host| host.sizes.get(name)).map(|size| size.0 >> 20);
    assert_eq!((stated("stated_heap_max"), stated("stated_limit")), (Some(4096), Some(8192)));
    let wished = answer("| we should | -Xmx4096m |\n");
    assert!(wished.report.host.iter().all(|host| host.sizes.is_empty()));
}

/// A kernel that says whom it chooses is older than the second version of control groups. Not: a file that it does not have.
#[test]
fn a_kernel_that_chooses_aloud_has_the_first_control_groups() {
    let choice = "Nov 05 21:14:12 n kernel: Memory cgroup out of memory: Kill process 19302 (java) score 1337 or sacrifice child\n";
    answer(choice).says("/sys/fs/cgroup/memory/memory.limit_in_bytes").hides("memory.max");
}

/// The old generation rises with every row, and the last one held 200 MiB: that is what a heap has to hold, and it says nothing of an upper
/// bound. Not: the lowest of the last rows, or "at most" beside "still growing".
#[test]
fn a_heap_that_still_fills_is_sized_from_its_last_row() {
    let row = |at: u64| {
        format!(
            "{at}.0 0.0 2048.0 0.0 2048.0 18432.0 4096.0 {}.0 {}.0 448.0 240.6 128.0 8.5 {at} 0.3 0 0.000 {at} 0.010 0.358\n",
            at * 20_480 + 40_960,
            at * 20_480
        )
    };
    let head = "$ jstat -gc -t 4711 1000\nTimestamp S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT CGC CGCT GCT\n";
    let told = answer(&format!("{head}{}", (1..=10).map(row).collect::<String>()));
    told.says("202.0 MiB was in use").hides("at most");
    let sizing = told.report.sizing.as_ref().expect("a size");
    let caveats: Vec<&str> = sizing.caveats.iter().map(|caveat| caveat.key.as_str()).collect();
    assert!(
        caveats.contains(&"sizing.caveat.growing") && !caveats.contains(&"sizing.caveat.upper-bound"),
        "{caveats:?}"
    );
}

/// The log of the GC says that an allocation in the metaspace failed, which ends in the error, and what its limit is: 64 MiB, all of it
/// committed and a quarter in use. Not: only at risk, or the memory of the machine. What has no room for classes is the class space.
#[test]
fn a_metaspace_without_room_is_told_by_the_gc_log() {
    let log = |part: &str, class: &str| {
        let lines = [
            &format!("Metaspace ({part}) allocation failed for size 7"),
            "",
            "Usage:",
            "       Both:     16.18 MB used.",
            "Virtual space:",
            &format!("      Class space:       64.00 MB reserved,      {class} MB ( 33%) committed,  1 nodes."),
            "             Both:      128.00 MB reserved,      64.00 MB ( 50%) committed. ",
            "MaxMetaspaceSize: 64.00 MB",
            "CompressedClassSpaceSize: 64.00 MB",
        ];
        let block: String =
            lines.iter().map(|line| format!("[6.966s][info][gc,metaspace,freelist,oom] {line}\n")).collect();
        format!(
            "[0.005s][info][gc] Using G1\n[6.940s][info][gc] GC(0) Pause Full (Metadata GC Threshold) 13M->13M(37M) 17.997ms\n{block}"
        )
    };
    let told = answer(&log("data", "21.25"));
    told.is(Outcome::OutOfMemory).heads("Metaspace was full").says("its limit of 64.0 MiB").says("16.2 MiB in use");
    told.says("VM.classloader_stats").hides("free -m");
    assert_eq!(told.report.java_errors.len(), 1);
    let again =
        answer(&format!("{}{}", log("data", "21.25"), log("data", "21.25").split_once("17.997ms\n").unwrap().1));
    assert_eq!(again.report.java_errors.iter().map(|error| error.count).collect::<Vec<_>>(), [2]);
    answer(&log("class", "62.50")).heads("class space").hides("MaxMetaspaceSize");
    answer(&log("class", "21.25")).heads("Metaspace was full");
}

/// Of a kernel's report the end is missing, which names the victim: that is asked for, and the container by the id that its cpuset has.
/// Not: the report above, or a file of the host.
#[test]
fn of_a_report_without_its_end_the_end_is_asked_for() {
    let id = "9f3c68b75c3be24292a924fd4410c94102318302c873ea516740aef88571979f";
    let head = format!(
        "[175769.757000] java invoked oom-killer: gfp_mask=0x24000c0(GFP_KERNEL), order=0, oom_score_adj=0\n[175769.757100] java cpuset={id} mems_allowed=0-1\n[175769.757200] CPU: 5 PID: 108107 Comm: java Not tainted 4.8.12\n[175769.757200] Call Trace:\n[175769.757200]  [<ffffffff9bc1f2a1>] mem_cgroup_out_of_memory+0x4b/0x80\n"
    );
    let told = answer(&head);
    told.says("goes on below")
        .hides("above the kill line")
        .says("docker inspect 9f3c68b75c3b")
        .hides("memory.limit_in_bytes");
    let whole = "[175769.757900] Memory cgroup out of memory: Killed process 108107 (java) total-vm:3328880kB, anon-rss:699868kB, file-rss:0kB\n";
    answer(whole).says("above the kill line");
    answer(&format!("{head}{whole}")).says("Parts of the kernel report").hides("goes on below");
}

/// A promotion failed while CMS was still collecting, and the log ends with the heap that JDK 8 prints when a JVM ends. Both are told.
/// Not: the log of the kernel, which has nothing of a JVM that ended by itself.
#[test]
fn a_failure_of_cms_is_named_and_an_end_in_order_is_one() {
    let log = "5.234: [GC (Allocation Failure) 5.234: [ParNew (promotion failed): 314560K->314560K(314560K), 0.1529612 secs]5.387: [CMS5.426: [CMS-concurrent-sweep: 0.400/0.978 secs] [Times: user=0.9 sys=0.0, real=0.98 secs] \n\
               \x20(concurrent mode failure): 690000K->512000K(699072K), 1.2345678 secs] 960000K->512000K(1013632K), [Metaspace: 52345K->52345K(1097728K)], 1.3876543 secs] [Times: user=1.50 sys=0.03, real=1.39 secs] \n";
    let heap = "Heap\n par new generation   total 314560K, used 200000K [0x00000006c0000000, 0x00000006d5550000, 0x00000006d5550000)\n\
                \x20concurrent mark-sweep generation total 699072K, used 512000K [0x00000006d5550000, 0x0000000700000000, 0x00000007c0000000)\n";
    answer(log).says("(concurrent mode failure); the longest of these pauses took 1.39 s");
    let asks = |text: &str| answer(text).report.gaps.iter().any(|gap| gap.key.starts_with("gap.kernel"));
    assert!(!asks(&format!("{log}{heap}")));
    // A heap that stands alone is an answer of a JVM that lives.
    assert!(asks(heap));
}

/// Collections that are not in the log are named, so that nobody takes the counts for all. Not: those of a cycle that is told later.
#[test]
fn collections_that_are_left_out_are_named() {
    let pause = |gc: u32| {
        format!("[{gc}.0s][info][gc] GC({gc}) Pause Young (Normal) (G1 Evacuation Pause) 5M->3M(10M) 1.619ms\n")
    };
    let said = |text: &str| answer(text).report.warnings.into_iter().map(|warning| warning.text).collect::<Vec<_>>();
    assert_eq!(
        said(&format!("{}{}", pause(1), pause(34))),
        ["GC(2) to GC(33) are not in the input; no count or sum includes them."]
    );
    assert_eq!(said(&format!("{}{}", pause(1), pause(3))), Vec::<String>::new());
}

/// Of a crash file only the history of the heap was pasted: the JVM has ended, and the maximum is that of the file. PermGen is of JDK 7 and
/// older. Not: no crash, a command to a process that is gone, or an option of later releases.
#[test]
fn a_history_of_a_crash_file_is_of_a_jvm_that_ended() {
    let block = |when: &str, used: u32| {
        format!(
            "Heap {when} GC invocations=5 (full 0):\n PSYoungGen      total 58240K, used {used}K [0x00000000faab0000, 0x0000000100000000, 0x0000000100000000)\n ParOldGen       total 174784K, used 1784K [0x00000000f0000000, 0x00000000faab0000, 0x00000000faab0000)\n PSPermGen       total 21504K, used 15259K [0x00000000eae00000, 0x00000000ec300000, 0x00000000f0000000)\n"
        )
    };
    let text = format!(
        "GC Heap History (2 events):\nEvent: 12.198 GC heap before\n{{{}Event: 12.274 GC heap after\n{}}}\n",
        block("before", 29_120),
        block("after", 1_721)
    );
    let told = answer(&text);
    told.is(Outcome::Crashed).says("a part of its crash file").says("-Xloggc").hides("-Xlog:gc");
    assert_eq!(told.report.runs[0].max_heap_reason.as_deref(), Some("max-heap.hs-err"));
}

/// The javacore that is there names the options. Not: another one.
#[test]
fn a_javacore_that_is_there_is_asked_for_its_options() {
    let core = "1CIPROCESSID   Process ID: 4711 (0x1267)\n1STGCHTYPE     GC History\n\
        3STHSTTYPE     02:54:10:347506000 GMT j9mm.474 -   GlobalGC start: globalcount=8210\n\
        3STHSTTYPE     02:54:10:346615000 GMT j9mm.469 -   Allocation failure cycle start: newspace=0/563609600 oldspace=16912384/1691222016 loa=16912384/16912384 requestedbytes=48\n\
        3STHSTTYPE     02:54:10:345375000 GMT j9mm.470 -   Allocation failure cycle end: newspace=0/563609600 oldspace=16912384/1691222016 loa=16912384/16912384\n\
        3STHSTTYPE     02:54:09:212506000 GMT j9mm.474 -   GlobalGC start: globalcount=8209\n";
    let told = answer(core);
    told.heads("2.08 GiB of 2.10 GiB").says("grep -E '1CICMDLINE|2CIUSERARG'").hides("Dump.java");
    assert_eq!(told.report.gc_events.last().map(|event| event.line), Some(4), "the line with its sizes");
}

/// The kill line is the title of the post, above the report whose end was not pasted: the media server was chosen, about three quarters of
/// memory; java only asked. Not: that the line is missing, or two events. Composed.
#[test]
fn a_kill_line_in_a_title_is_that_of_the_report_below() {
    let log = "[15874.505143] java invoked oom-killer: gfp_mask=0x24201ca, order=0, oom_score_adj=0\n\
               [15874.505146] java cpuset=/ mems_allowed=0\n\
               [15874.505151] CPU: 0 PID: 3436 Comm: java Not tainted 4.4.0-1072-aws #82-Ubuntu\n";
    let title = "Out of memory: Kill process 3386 (media-server) score 765 or sacrifice child\n";
    for text in [format!("{title}\n{log}"), format!("We see this.\n\n{title}{log}")] {
        let told = answer(&text);
        told.is(Outcome::Killed).heads("media-server").says("76.5%").hides("is not in the input. The request");
        assert_eq!(told.report.oom_kills.len(), 1, "{:?}", told.report.oom_kills);
    }
    // A title that says who asked says nothing that the report does not.
    for title in ["java invoked oom-killer", "# java invoked oom-killer"] {
        let told = answer(&format!("{title}\n\n{log}"));
        assert_eq!(told.report.oom_kills.len(), 1, "{:?}", told.report.oom_kills);
    }
    // Two reports of one text stay two.
    let other = log.replace("[15874", "[15999").replace("java invoked", "node invoked");
    assert_eq!(answer(&format!("{log}{other}")).report.oom_kills.len(), 2);
}

/// Two old GCs of Elasticsearch, of which each stopped who looks every second for six, or which are G1's (the young pool has no maximum of
/// its own), are full GCs: 19 of 20 GB are live. Those of CMS beside the program say no such thing. Composed.
#[test]
fn old_gcs_that_stop_the_program_leave_what_is_live() {
    let log = |young: &str, window: &str, after: &str| {
        [("10:12:07,692", 4711), ("10:12:16,032", 4713)]
            .map(|(time, sequence)| {
                format!(
                    "[2024-03-05T{time}][INFO ][o.e.m.j.JvmGcMonitorService] [es-1] [gc][old][{sequence}][90] duration [6.4s], collections \
                     [1]/[{window}], total [6.4s]/[9.2m], memory [19.5gb]->[{after}]/[20gb], all_pools {{[young] [248mb]->[40mb]/[{young}]}}\
                     {{[old] [19.3gb]->[{after}]/[20gb]}}{{[survivor] [0b]->[0b]/[{young}]}}\n"
                )
            })
            .concat()
    };
    for (young, window) in [("0b", "7.7s"), ("1gb", "7.7s")] {
        let told = answer(&log(young, window, "19.1gb"));
        told.is(Outcome::Thrashing).heads("19.1 GiB of 20.0 GiB").hides("not read after a full GC");
    }
    answer(&log("1gb", "1.1s", "19.1gb")).hides("full GCs left");
    answer(&log("0b", "7.7s", "4gb")).hides("full GCs left").says("For a live set of 4.0 GiB");
}

/// ZGC marks 60 of 198 MiB as live, reclaims nothing, and an allocation fails: garbage is there, but no room or no time. Not: more threads
/// first. Composed.
#[test]
fn what_zgc_marked_as_live_is_told_where_it_failed() {
    let text = "[0.843s][info][gc,heap     ] GC(11)      Used:      198M (52%)         198M (52%)         198M (52%)         198M (52%)         310M (81%)         198M (52%)\n\
                [0.843s][info][gc,heap     ] GC(11)      Live:         -                60M (16%)          60M (16%)          60M (16%)            -                  -\n\
                [0.843s][info][gc,heap     ] GC(11)   Garbage:         -               137M (36%)         137M (36%)         137M (36%)            -                  -\n\
                [0.843s][info][gc          ] GC(11) Garbage Collection (Allocation Stall) 198M(52%)->198M(52%)\n\
                [0.843s][info][gc          ] Allocation Stall (main) 18.041ms\n\
                [0.843s][info][gc          ] Out Of Memory (main)\n";
    answer(text).says("only 60.0 MiB of the 198.0 MiB in use as live").says("raise -Xmx. More threads");
}

/// The full GCs of a start have one cause, classes, and are harmless; half a minute later more is in use than they left, so that they tell
/// no live set. A full GC of the heap does. Composed.
#[test]
fn full_gcs_of_a_start_are_told_by_their_cause() {
    let log = |cause: &str| {
        format!(
            "[GC (Allocation Failure) [PSYoungGen: 65536K->6408K(76288K)] 65536K->6416K(251392K), 0.0148227 secs] [Times: user=0.02 sys=0.00, real=0.02 secs]\n\
             [Full GC ({cause}) [PSYoungGen: 15352K->0K(210432K)] [ParOldGen: 8926K->20725K(139264K)] 24278K->20725K(349696K), [Metaspace: 34021K->34007K(1079296K)], 0.0524986 secs] [Times: user=0.09 sys=0.00, real=0.05 secs]\n\
             [GC (Allocation Failure) [PSYoungGen: 195072K->11399K(306688K)] 215797K->32133K(445952K), 0.0121779 secs] [Times: user=0.02 sys=0.00, real=0.01 secs]\n\
             [GC (Allocation Failure) [PSYoungGen: 306311K->17380K(342016K)] 327045K->51832K(481280K), 0.0195859 secs] [Times: user=0.06 sys=0.00, real=0.02 secs]\n"
        )
    };
    let told = answer(&log("Metadata GC Threshold"));
    told.is(Outcome::NothingFound)
        .says("The only full GC (Metadata GC Threshold)")
        .says("harmless")
        .says("-XX:MetaspaceSize");
    told.hides("live set of 20.2 MiB").hides("40.5 MiB");
    answer(&log("Ergonomics")).says("(Ergonomics)").hides("harmless").says("live set of 20.2 MiB");
    answer(&log("System.gc()")).says("(System.gc())").says("asked for");
}

/// A JVM of 254 MiB in a container of YARN that used 9.8 GiB: the rest is others', and no heap of 8 GiB fits. Composed.
#[test]
fn what_others_hold_in_a_container_is_no_room_for_the_heap() {
    let rows = |pages: u64| {
        format!(
            "|- 5151 5150 5150 5150 (java) 2011 1219 2151108608 {pages} /usr/lib/jvm/java-1.8.0/bin/java -Xmx256M shop.Trainer\n\
             |- 5160 5151 5150 5150 (python3) 2011 1219 42151108608 2500000 python3 train.py\n"
        )
    };
    let told = answer(&yarn("monitor.ContainersMonitorImpl", "9.8 GB", &rows(64952)));
    told.is(Outcome::Killed).says("253.7 MiB of the 9.8 GiB in use").hides("At most about");
    answer(&yarn("monitor.ContainersMonitorImpl", "9.8 GB", &rows(1_310_720)))
        .hides("At most about 8")
        .hides("At most about 7");
}

/// NMT counts 5.5 of 6.2 GiB by malloc, beside a heap of 1 GiB that the post sets without a dash; the container was killed at 9.8 GiB. Neither
/// another limit nor another -Xmx helps. Where the row of the compiler says that it is the compiler: find the method. Composed.
#[test]
fn what_malloc_holds_is_no_heap() {
    let head = "Native Memory Tracking:\n\n(Omitting categories weighting less than 1KB)\n\n\
                Total: reserved=8444154KB, committed=6461730KB\n       malloc: 5747358KB #1200000\n       mmap:   reserved=2696796KB, committed=714372KB\n";
    let told = answer(&format!("The container was OOMKilled. Running with Xmx=1G\n{head}"));
    told.is(Outcome::Killed).says("5.5 GiB of the 6.2 GiB that NMT counts is malloc").hides("or lower -Xmx");
    assert!(
        told.report.host.iter().any(|host| host.sizes.get("stated_heap_max").is_some_and(|size| size.0 == 1 << 30))
    );
    let kill = "[12313888.555474] Memory cgroup out of memory: Killed process 4711 (java) total-vm:15036484kB, anon-rss:10207028kB, file-rss:39704kB, shmem-rss:0kB\n";
    answer(&format!("{kill}\n{head}")).is(Outcome::Killed).says("is malloc").hides("or lower -Xmx");
    let compiler = "\n-                 Java Heap (reserved=1048576KB, committed=520192KB)\n                            (mmap: reserved=1048576KB, committed=520192KB)\n\n\
                    -                  Compiler (reserved=5600000KB, committed=5600000KB)\n                            (malloc=165KB #3000)\n                            (arena=5599835KB #14)\n";
    answer(&format!("{head}{compiler}"))
        .heads("JIT compiler held 5.3 GiB")
        .says("MemStat")
        .hides("is malloc, not heap");
    answer(&head.replace("5747358", "114747")).hides("is malloc");
}

/// OpenJ9 wrote its dumps into the root of the container, newest lines first, and its messages do not say which memory it was; the post does,
/// in a code span. Not: that the reason is unknown, or a stack trace that nobody pasted. Composed.
#[test]
fn dumps_of_openj9_are_of_the_error_that_the_post_names() {
    let said = "After the pod hit `java.lang.OutOfMemoryError: Java heap space` a heap dump was generated:\n\n";
    let log = "JVMDUMP010I Heap dump written to //heapdump.20240305.101207.1.0012.phd\n\
               JVMDUMP013I Processed dump event \"systhrow\", detail \"java/lang/OutOfMemoryError\".\n\
               JVM requested Java dump using '//javacore.20240305.101207.1.0011.txt' in response to an event\n\
               JVMDUMP039I Processing dump event \"systhrow\", detail \"java/lang/OutOfMemoryError\" at 2024/03/05 10:12:07 - please wait.\n";
    let told = answer(&format!("{said}{log}"));
    told.is(Outcome::OutOfMemory).heads("Java heap was full").says("//heapdump.20240305.101207.1.0012.phd");
    told.hides("stack trace").hides("does not say which");
    assert_eq!(told.report.java_errors.len(), 1, "{:?}", told.report.java_errors);
    // All that is left of it.
    let lines: Vec<&str> = log.lines().take(2).collect();
    answer(&lines.join("\n")).is(Outcome::OutOfMemory).says("does not say which").says("//heapdump");
    assert!(answer(lines[0]).report.java_errors.is_empty());
}

/// A thread of OpenJ9's compiler asked last, in a container: a JVM, of which people do not know the name. OpenJ9 has no metaspace. Composed.
#[test]
fn a_thread_that_asked_is_told_as_one_of_a_jvm() {
    let text = "[580439.225918] JIT Compilation invoked oom-killer: gfp_mask=0x24000c0, order=0, oom_score_adj=952\n\
                [580439.225921] JIT Compilation cpuset=19ff0ec7aacf066ea447b5f378a2ec7668bbe57a2b3a0ab4e1c5d36220a606fa mems_allowed=0\n";
    answer(text)
        .is(Outcome::Killed)
        .heads("A JVM thread (JIT Compilation, the just-in-time compiler)")
        .hides("metaspace");
}

/// Lines that everybody knows: two kinds of `docker build`, Spark's own code for an OutOfMemoryError, a disk that was full, a signal that asks,
/// the rest of a record of CMS, an error between quotation marks of Japanese and one that is a sentence. Composed.
#[test]
fn well_known_lines_are_understood() {
    let build = "#12 ERROR: process \"/bin/sh -c mvn -B package\" did not complete successfully: exit code: 137\n------\n > [build 6/6] RUN mvn -B package:\n------\n\
                 ERROR: failed to solve: process \"/bin/sh -c mvn -B package\" did not complete successfully: exit code: 137\n";
    let told = answer(build);
    told.is(Outcome::Killed).heads("exit code 137");
    assert_eq!(told.report.events.len(), 1, "{:?}", told.report.events);
    answer("[버그] docker build: returned a non-zero code: 137\n\n메모리가 부족한 듯하다.\n").is(Outcome::Killed);
    let spark = "ERROR TaskSchedulerImpl: Lost executor 3 on 10.0.0.5: Command exited with code 52\n\
                 WARN TaskSetManager: Lost task 1.1 in stage 0.0 (TID 2, 10.0.0.5): ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: Command exited with code 52\n";
    let told = answer(spark);
    told.heads("OutOfMemoryError").says("spark.executor.memory").hides("ExitOnOutOfMemoryError");
    assert_eq!(told.report.events.len(), 1, "{:?}", told.report.events);
    let evicted = "Status:   Failed\nReason:   Evicted\nMessage:  The node was low on resource: ephemeral-storage. Container app was using 12Gi, which exceeds its request of 0.\n";
    answer(evicted)
        .is(Outcome::Evicted)
        .heads("disk space, not for memory")
        .says("heap dumps")
        .hides("free -m")
        .hides("journalctl");
    let told = answer("*** JBossAS process (334) received TERM signal ***\n");
    told.is(Outcome::Exited).heads("SIGTERM").says("The kernel sends SIGKILL").hides("journalctl");
    let record = "(concurrent mode failure): 1048576K->185976K(1048576K), 1.4906868 secs] 1520447K->185976K(1520448K), \
                  [Metaspace: 140571K->140571K(1183744K)], 1.4909291 secs] [Times: user=1.96 sys=0.00, real=1.49 secs]\n";
    answer(record).heads("CMS came too late").says("1.49 s");
    let start = "Windowsでは「Error occurred during initialization of VM\nToo small maximum heap」が発生する\n";
    answer(start).is(Outcome::Refused).says("Too small maximum heap.");
    answer("Our limit is 2G. java.lang.OutOfMemoryError: Java heap space\n").is(Outcome::OutOfMemory);
    answer("What can I do? java.lang.OutOfMemoryError: Java heap space\n").is(Outcome::NothingRecognised);
    let graylog = "Garbage collection runs too long. (Node: 69929831, GC duration: 2119 ms, GC threshold: 1000 ms)\n";
    answer(graylog).says("GC of 2.12 s");
}

/// A row of `docker stats` without its header shows 525 MiB of all that the machine has, and the container is defined with 128 MiB: the
/// limit is not in force. Composed.
#[test]
fn a_limit_that_is_not_in_force_is_told() {
    let row = "25248ca03b7f        0.12%               525.5 MiB/11.74 GiB   4.37%               89.95 KiB/276.4 KiB\n";
    let text = format!(
        "docker stats:\n{row}\ndocker inspect 25248ca03b7f:\n\"Memory\": 134217728,\n\"MemorySwap\": 134217728,\n"
    );
    answer(&text).says("docker stats shows 525.5 MiB of 11.7 GiB").says("not in force");
    answer(&text.replace("525.5 MiB/11.74 GiB", "52.5 MiB/128 MiB")).hides("not in force");
    let named = "orders-1   0.12%   525.5MiB / 1GiB   51.37%   89.95kB / 276.4kB   0B / 0B   40\n";
    assert_eq!(answer(named).report.host[0].sizes["usage"].0 >> 20, 525);
    assert!(answer("ratio   12%   3GB / 4GB   75%\n").report.host.is_empty());
}

/// The history of a heap that holds no GC is no empty table. Composed.
#[test]
fn a_log_without_events_is_no_empty_table() {
    let text = "{Heap before GC invocations=2051 (full 16):\n PSYoungGen      total 254784K, used 249042K [0x0000000759f60000, 0x000000076ac10000, 0x0000000800000000)\n";
    let report = answer(text).report;
    let shown = oomscope::export::text::write(&report, Language::En, None);
    assert!(!shown.contains("longest"), "{shown}");
}

/// Pools that Cassandra prints at its start are those of one JVM, whose heap it prints as well. Composed.
#[test]
fn the_pools_of_cassandra_are_of_one_heap() {
    let text = "INFO  [main] 2024-03-05 10:12:07,652 CassandraDaemon.java:394 - Heap size: 1063256064/1063256064\n\
                INFO  [main] 2024-03-05 10:12:07,652 CassandraDaemon.java:397 - Eden Space Heap memory: init = 83886080(81920K) used = 53831376(52569K) committed = 83886080(81920K) max = 83886080(81920K)\n\
                INFO  [main] 2024-03-05 10:12:07,653 CassandraDaemon.java:397 - CMS Old Gen Heap memory: init = 968884224(946176K) used = 0(0K) committed = 968884224(946176K) max = 968884224(946176K)\n";
    let heaps: Vec<_> = answer(text).report.runs.iter().map(|run| run.max_heap.map(|heap| heap.0 >> 20)).collect();
    assert_eq!(heaps, [Some(1014)]);
}

/// Who sums a log up writes how often an error came. Composed.
#[test]
fn a_count_behind_an_error_counts() {
    let text =
        "06:39:39  ERROR  Java heap space\n06:39:54  ERROR  Java heap space\n06:40:38  ERROR  Java heap space (×4)\n";
    answer(text).says("6 times");
}

/// The thread with the highest number says how many a pool has started. Composed.
#[test]
fn the_highest_number_of_a_pool_is_told() {
    let line = |number: u32| {
        format!(
            "[94.1s][warning][os,thread] Failed to start the native thread for java.lang.Thread \"Task Executor #{number}\"\n"
        )
    };
    answer(&[11_314, 11_317, 11_316].map(line).concat()).says("11,317").hides("11,314");
}

/// 1,072.9 MiB were in use of 1,024: both read 1.0 GiB. And where address space was the limit, memory is no figure. Composed.
#[test]
fn figures_that_read_the_same_are_told_apart() {
    let before = "2024-03-05 10:12:07,270 WARN monitor.ContainersMonitorImpl: Process tree for container: container_1 has processes older than 1 \
                  iteration running over the configured limit. Limit=1073741824, current usage = 1125031936\n";
    let kill = "2024-03-05 10:12:07,276 WARN monitor.ContainersMonitorImpl: Container [pid=5150,containerID=container_1] is running beyond \
                physical memory limits. Current usage: 1.0 GB of 1 GB physical memory used; 1.7 GB of 5 GB virtual memory used. Killing container.\n";
    answer(&format!("{before}{kill}")).is(Outcome::Killed).says("1.0 GiB in use when killed, 48.9 MiB above the limit");
    answer(kill).hides("above the limit");
    let space = kill.replace("beyond physical", "beyond virtual").replace("1.7 GB of 5 GB", "39.9 GB of 12.6 GB");
    answer(&space).says("12.6 GiB limit of address space").says("39.9 GiB address space").hides("1.0 GiB in use");
}

/// At a kill by its cgroup 68 KiB were missing to 512 MiB: that probably was the limit, which is not in the input. Composed.
#[test]
fn a_round_size_at_a_kill_is_probably_the_limit() {
    let text = |rss: u64| {
        format!(
            "[580439.1] Memory cgroup stats for /kubepods/pod95387fa4/6895a3e13439535852d3184ac2aadd26d7363cc035f171545ec7d4ce74073b0b: cache:32KB rss:{rss}KB rss_huge:0KB mapped_file:0KB inactive_anon:267804KB active_anon:256384KB inactive_file:12KB active_file:4KB unevictable:0KB\n\
             [580439.2] Memory cgroup out of memory: Kill process 28438 (java) score 990 or sacrifice child\n\
             [580439.2] Killed process 28438 (java) total-vm:20255636kB, anon-rss:466160kB, file-rss:13684kB\n"
        )
    };
    answer(&text(524_188)).is(Outcome::Killed).says("probably 512.0 MiB");
    answer(&text(520_000)).hides("probably");
}

/// A maximum of 10 GiB was killed at a limit of 20: what was outside the heap is the question. Not: an -Xmx of more than that.
#[test]
fn no_larger_heap_is_named_where_a_smaller_one_reached_the_limit() {
    let pod = |heap: &str| {
        format!(
            "    Last State:     Terminated\n      Reason:       OOMKilled\n      Exit Code:    137\n    Limits:\n      memory:  20Gi\n    Environment:\n      JAVA_TOOL_OPTIONS:  -Xms1g -Xmx{heap}\n"
        )
    };
    answer(&pod("10g")).is(Outcome::Killed).hides("can be at most");
    answer(&pod("19g")).is(Outcome::Killed).says("can be at most");
}
