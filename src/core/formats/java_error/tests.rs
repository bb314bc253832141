use super::*;

fn run(text: &str) -> Readings {
    crate::formats::read_alone(&FORMAT, text)
}

fn one(text: &str) -> JavaError {
    let mut out = run(text);
    assert_eq!(out.java_errors.len(), 1, "{:?}", out.java_errors);
    out.java_errors.remove(0)
}

fn kind(text: &str) -> &'static str {
    one(text).kind.name()
}

#[test]
fn every_message_has_its_kind() {
    let of = |message: &str| kind(&format!("Exception in thread \"main\" java.lang.OutOfMemoryError: {message}"));
    assert_eq!(of("Java heap space"), "heap-space");
    assert_eq!(of("Java heap space: failed reallocation of scalar replaced objects"), "heap-space");
    assert_eq!(of("GC overhead limit exceeded"), "gc-overhead");
    assert_eq!(of("Metaspace"), "metaspace");
    assert_eq!(of("Compressed class space"), "class-space");
    assert_eq!(of("PermGen space"), "permgen");
    assert_eq!(of("Direct buffer memory"), "direct-buffer");
    assert_eq!(of("unable to create new native thread"), "native-thread");
    assert_eq!(
        of("unable to create native thread: possibly out of memory or process/resource limits reached"),
        "native-thread"
    );
    assert_eq!(of("Requested array size exceeds VM limit"), "array-size");
    assert_eq!(of("Map failed"), "map-failed");
    assert_eq!(of("request 32756 bytes for ChunkPool::allocate. Out of swap space?"), "native");
    assert_eq!(of("something new"), "other");
}

#[test]
fn an_exception_gives_its_thread_and_its_trace_is_taken() {
    let error = one(
        "Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n\tat a.B.c(B.java:1)\n\t... 3 more\n",
    );
    assert_eq!(error.thread.as_deref(), Some("main"));
    assert_eq!(error.message, "java.lang.OutOfMemoryError: Java heap space");
    assert_eq!((error.first_line, error.last_line, error.count), (1, 3, 1));
    assert_eq!(error.at.get("thread").map(|span| (span.start, span.end)), Some((21, 25)));
}

#[test]
fn direct_memory_names_its_figures() {
    let error = one(
        "java.lang.OutOfMemoryError: Cannot reserve 1048576 bytes of direct buffer memory (allocated: 16777216, limit: 16777217)",
    );
    let size = |name: &str| error.sizes.get(name).map(|bytes| bytes.0);
    assert_eq!(
        (size("requested"), size("allocated"), size("limit")),
        (Some(1_048_576), Some(16_777_216), Some(16_777_217))
    );
    let error = one(
        "io.netty.util.internal.OutOfDirectMemoryError: failed to allocate 16 byte(s) of direct memory (used: 7, max: 9)",
    );
    assert_eq!((error.kind.name(), error.sizes.get("limit")), ("direct-buffer", Some(&Bytes(9))));
}

#[test]
fn the_reason_of_the_system_may_end_a_line() {
    let line = "java.lang.OutOfMemoryError: Failed to create a thread: retVal -1073741830, errno 11";
    assert_eq!(one(&format!("{line}\n")).errno, Some(11));
    assert_eq!(one(&format!("{line} (x)\n")).errno, Some(11));
}

#[test]
fn the_same_message_is_counted() {
    let line = "java.lang.OutOfMemoryError: Cannot reserve 10 bytes of direct buffer memory (allocated: 4, limit: 5)\n\tat a.b(C.java)\n";
    let error = one(&format!("{line}{}", line.replace("10", "12")));
    assert_eq!((error.count, error.last_line), (2, 4));
    let later = "2026-03-01T10:00:00Z ERROR java.lang.OutOfMemoryError: Metaspace\n2026-03-01T23:00:00Z ERROR java.lang.OutOfMemoryError: Metaspace\n";
    assert_eq!(run(later).java_errors.iter().filter(|error| error.time.is_some()).count(), 2);
}

#[test]
fn a_cause_that_repeats_its_exception_is_not_counted_again() {
    let error = one(
        "2026-03-01 10:15:02.123 ERROR 4711 --- [nio-8080-exec-1] o.a.c.C : Handler dispatch failed; nested exception is java.lang.OutOfMemoryError: Java heap space\n\
         \tat a.b(C.java)\nCaused by: java.lang.OutOfMemoryError: Java heap space\n\tat c.d(E.java)\n",
    );
    assert_eq!((error.count, error.last_line, error.pid), (1, 4, Some(4711)));
    assert_eq!(error.thread.as_deref(), Some("nio-8080-exec-1"));
    assert!(error.local_time.is_some() && error.time.is_none());
}

#[test]
fn a_heap_dump_gives_the_pid() {
    let error = one("java.lang.OutOfMemoryError: Java heap space\nDumping heap to java_pid1853.hprof ...\n\
         Heap dump file created [34380032 bytes in 0.066 secs]\n\
         Exception in thread \"main\" java.lang.OutOfMemoryError: Java heap space\n");
    assert_eq!((error.pid, error.count), (Some(1853), 2));
    assert_eq!(error.sizes.get("heap_dump"), Some(&Bytes(34_380_032)));
    assert_eq!(run("Dumping heap to /tmp/x.hprof ...\nHeap dump file created [5 bytes in 1 secs]\n").java_errors, []);
}

#[test]
fn what_other_programs_and_systems_say_has_its_kind() {
    let of = |text: &str| kind(&format!("java.lang.OutOfMemoryError: {text}"));
    assert_eq!(
        of("Failed to allocate a 4194316 byte allocation with 1048576 free bytes and 3MB until OOM"),
        "heap-space"
    );
    assert_eq!(of("pthread_create (1040KB stack) failed: Try again"), "native-thread");
    assert_eq!(kind("> java.lang.OutOfMemoryError (no error message)"), "other");
    assert_eq!(kind("Expiring Daemon because JVM heap space is exhausted"), "heap-space");
    assert_eq!(kind("The Daemon will expire after the build after running out of JVM Metaspace."), "metaspace");
    assert_eq!(kind("Error: GC overhead limit exceeded"), "gc-overhead");
    let agent = "OUT Resource exhaustion event: the JVM was unable to ";
    assert_eq!(kind(&format!("{agent}allocate memory from the heap.")), "heap-space");
    assert_eq!(kind(&format!("{agent}create a thread.")), "native-thread");
    assert_eq!(kind("[ERROR] Java heap space -> [Help 1]"), "heap-space");
    assert_eq!(kind("OutOfMemoryError Java heap space  java.util.Arrays.copyOf (Arrays.java:3332)"), "heap-space");
    assert_eq!(
        run("Error: Java heap space is what we saw\nOutOfMemoryError Java heap space is common\n").java_errors,
        []
    );
    let spark = one(
        "#\n# java.lang.OutOfMemoryError: Java heap space\n# -XX:OnOutOfMemoryError=\"kill -9 %p\"\n#   Executing /bin/sh -c \"kill -9 4711\"...\n",
    );
    assert_eq!((spark.kind.name(), spark.pid), ("heap-space", Some(4711)));
    assert_eq!(one("java.lang.OutOfMemoryError: Metaspace\nOutOfMemoryError: Metaspace\n").count, 2);
}

#[test]
fn threads_that_did_not_start_are_one_event() {
    let line = "[94.1s][warning][os,thread] Failed to start the native thread for java.lang.Thread \"Repo-1\"\n\
                [94.1s][warning][os,thread] Failed to start thread \"Unknown thread\" - pthread_create failed (EAGAIN) for attributes: stacksize: 1024k, guardsize: 0k, detached.\n";
    let out = run(&line.repeat(3));
    let events: Vec<_> =
        out.events.iter().map(|event| (event.kind.name(), event.first_line, event.last_line)).collect();
    assert_eq!((events, out.java_errors.len()), (vec![("thread-not-started", 1, 6)], 0));
}

#[test]
fn a_service_in_front_of_each_line_does_not_part_an_error_from_its_trace() {
    let error = one(
        "kafka-1  | java.lang.OutOfMemoryError: Map failed\nkafka-1  | \tat sun.nio.ch.FileChannelImpl.map0(Native Method)\n",
    );
    assert_eq!((error.first_line, error.last_line), (1, 2));
}

#[test]
fn openj9_says_when_and_who() {
    let error = one(
        "JVMDUMP039I Processing dump event \"systhrow\", detail \"java/lang/OutOfMemoryError\" at 2021/06/30 14:25:21 - please wait.\n\
         JVMDUMP032I JVM requested Heap dump using '/app/heapdump.20210630.142521.17.0002.phd' in response to an event\n\
         JVMDUMP010I Heap dump written to /app/heapdump.20210630.142521.17.0002.phd\n\
         JVMDUMP013I Processed dump event \"systhrow\", detail \"java/lang/OutOfMemoryError\".\n",
    );
    assert_eq!((error.kind.name(), error.count, error.pid, error.last_line), ("other", 1, Some(17), 4));
    assert_eq!(error.local_time, Some(Micros(1_625_063_121_000_000)));
    let error = one(
        "1TISIGINFO     Dump Event \"systhrow\" (00040000) Detail \"java/lang/OutOfMemoryError\" \"Java heap space\" received",
    );
    assert_eq!((error.kind.name(), error.message.as_str()), ("heap-space", "Java heap space"));
    assert_eq!(run("JVMDUMP006I Processing dump event \"user\", detail \"\" - please wait.").java_errors, []);
}

#[test]
fn a_jvm_that_ends_itself_is_an_event() {
    let out = run("Terminating due to java.lang.OutOfMemoryError: Java heap space\n");
    assert_eq!(out.events.iter().map(|event| event.kind.name()).collect::<Vec<_>>(), ["exit-on-oom"]);
    assert_eq!(out.java_errors.iter().map(|error| error.kind.name()).collect::<Vec<_>>(), ["heap-space"]);
}

#[test]
fn a_refused_start_says_why() {
    let error =
        one("Error occurred during initialization of VM\nCould not reserve enough space for 4194304KB object heap\n");
    assert_eq!((error.kind.name(), error.first_line, error.last_line), ("startup", 1, 2));
    assert_eq!(error.sizes.get("requested"), Some(&Bytes(4 << 30)));
    let out = run(
        "Error occurred during initialization of VM\nInitial heap size set to a larger value than the maximum heap size\n\
         Invalid maximum heap size: -Xmx4x\nError: Could not create the Java Virtual Machine.\nError: A fatal exception has occurred. Program will exit.\n\
         Error occurred during initialization of VM\nToo small maximum heap\n",
    );
    let messages: Vec<_> = out.java_errors.iter().map(|error| (error.message.as_str(), error.count)).collect();
    assert_eq!(
        messages,
        [
            ("Initial heap size set to a larger value than the maximum heap size", 1),
            ("Invalid maximum heap size: -Xmx4x", 1),
            ("Too small maximum heap", 1)
        ]
    );
    let again = "Error occurred during initialization of VM\nToo small maximum heap\n".repeat(3);
    assert_eq!((one(&again).count, one(&again).last_line), (3, 6));
}

#[test]
fn a_failed_commit_is_read_in_any_language() {
    let error = one(
        "OpenJDK 64-Bit Server VM warning: INFO: os::commit_memory(0x00000000fc7b0000, 196608, 0) failed; error='메모리를 할당할 수 없습니다' (errno=12)",
    );
    assert_eq!((error.kind.name(), error.sizes.get("requested")), ("insufficient-memory", Some(&Bytes(196_608))));
}

#[test]
fn a_failed_commit_may_be_broken_over_two_lines() {
    for text in [
        " * INFO: os::commit_memory(0x00000000fc7b0000, 196608, 0)\n *   failed; error='Le fichier de pagination est insuffisant' (DOS error/errno=1455)\n",
        "os::commit_memory(0x00000000fc7b0000, 196608, 0) failed;\nerror='The paging file is too small' (DOS error/errno=1455)\n",
    ] {
        let error = one(text);
        let told = (error.errno, error.sizes.get("requested"), error.last_line);
        assert_eq!(told, (Some(1455), Some(&Bytes(196_608)), 2), "{text}");
    }
}

#[test]
fn words_about_the_error_are_no_error() {
    for text in [
        "We saw java.lang.OutOfMemoryError in production.",
        "-XX:+HeapDumpOnOutOfMemoryError -XX:+ExitOnOutOfMemoryError",
        "`java.lang.OutOfMemoryError: Java heap space`가 발생했습니다",
        "the OutOfMemoryError: it hurts",
        "\tat com.example.OutOfMemoryErrorHandler.run(H.java:3)",
        "jvm_args: -XX:OnOutOfMemoryError=kill",
        "java.lang.OutOfMemoryError: Java heap space の原因と対策",
        "・OutOfMemoryError: Metaspace とは",
        "问题: java.lang.OutOfMemoryError: Compressed class space 如何解决",
        "java.lang.OutOfMemoryError: Direct buffer memory的原因和解决办法",
        "OutOfMemoryError: Java heap space. How to avoid it is told below.",
        "if (failed) { throw new IllegalStateException(\"OutOfMemoryError: Metaspace\"); }",
    ] {
        assert_eq!(run(text).java_errors, [], "{text}");
    }
}

#[test]
fn a_json_log_gives_the_message_without_its_trace() {
    let error =
        one(r#"{"level":"ERROR","message":"java.lang.OutOfMemoryError: Java heap space\n\tat a.b(C.java:1)\n"}"#);
    assert_eq!(error.message, "java.lang.OutOfMemoryError: Java heap space");
    let error = one(r#"{"level":"ERROR","stack":"java.lang.OutOfMemoryError: odd one\n\tat a.b(C.java:1)\n"}"#);
    assert_eq!(error.message, "java.lang.OutOfMemoryError: odd one");
}

#[test]
fn the_exception_below_the_line_that_tells_of_it_is_the_same() {
    let error = one(
        "11-Nov-2021 14:05:12.345 SEVERE [exec-7] Servlet.service() threw [nested exception is java.lang.OutOfMemoryError: GC overhead limit exceeded] with root cause\n\
         java.lang.OutOfMemoryError: GC overhead limit exceeded\n\tat A.b(A.java:1)\n",
    );
    assert_eq!((error.count, error.last_line), (1, 3));
}

#[test]
fn the_head_of_a_command_at_an_error_is_no_further_error() {
    let error = one(
        "java.lang.OutOfMemoryError: Java heap space\nDumping heap to java_pid7.hprof ...\n#\n# java.lang.OutOfMemoryError: Java heap space\n\
         # -XX:OnOutOfMemoryError=\"kill -9 %p\"\n#   Executing /bin/sh -c \"kill -9 7\"...\n",
    );
    assert_eq!((error.count, error.pid, error.last_line), (1, Some(7), 6));
}

#[test]
fn jvmkill_says_what_was_exhausted() {
    let line = "ERR Resource exhaustion event: the JVM was unable to allocate memory from the heap.";
    assert_eq!(kind(line), "heap-space");
    assert_eq!(kind("Resource exhaustion event: the JVM was unable to create a thread."), "native-thread");
}

#[test]
fn a_heap_that_could_not_be_reserved_is_a_refused_start_without_the_line_above_it_too() {
    let error = one("Error: Could not reserve enough space for 2097152KB object heap\n");
    assert_eq!((error.kind.name(), error.sizes.get("requested")), ("startup", Some(&Bytes(2 << 30))));
    assert_eq!(
        one("Could not reserve enough space for object heap\nError: Could not create the Java Virtual Machine.\n")
            .count,
        1
    );
    let joined = one("Error occurred during initialization of VM. Could not reserve enough space for object heap\n");
    assert_eq!(joined.message, "Could not reserve enough space for object heap");
    assert_eq!(run("We could not reserve enough space for object heap dumps.\n").java_errors, []);
}

#[test]
fn a_dump_that_was_not_written_is_no_dump() {
    let of = |text: &str| {
        one(&format!("java.lang.OutOfMemoryError: Java heap space\nDumping heap to /dumps/app.bin ...{text}\n"))
    };
    for text in [
        "\nUnable to create /dumps/app.bin: Permission denied",
        " Permission denied",
        "\nHeap dump file created [0 bytes in 0.001 secs]",
    ] {
        let error = of(text);
        assert!(error.dump_failed(), "{text}");
        assert_eq!(error.file.as_deref(), Some("/dumps/app.bin"), "{text}");
    }
    assert!(!of("").dump_failed());
}

#[test]
fn what_a_sentence_quotes_is_no_line_of_a_log_and_what_a_field_holds_is() {
    assert_eq!(run("Then I get \"java.lang.OutOfMemoryError: Java heap space\" again.\n").java_errors, []);
    assert_eq!(kind("{\"level\":\"ERROR\", \"message\": \"java.lang.OutOfMemoryError: Metaspace\"}"), "metaspace");
    assert_eq!(
        kind("2026-03-01 10:00:00,123 ERROR [main] a.B - job failed with java.lang.OutOfMemoryError: Metaspace"),
        "metaspace"
    );
}
