//! Names of processes and threads that only a JVM has.
//!
//! Sources: OpenJDK (`JavaThread`, `NamedThread`, `WorkerThreads`), OpenJ9, the JDK's executors, Tomcat. The kernel keeps 15
//! bytes of a name, so logs of the kernel print `C2 CompilerThre`.

/// Bytes of a name that the kernel keeps.
const KEPT: usize = 15;

/// Threads of one kind.
struct Kind {
    /// What is the same in all their names, as far as the kernel keeps it; `*` stands for anything.
    pattern: &'static str,
    /// What they do (a catalogue key).
    job: &'static str,
    /// Their whole names, without the numbers in them.
    names: &'static [&'static str],
}

const fn kind(pattern: &'static str, job: &'static str, names: &'static [&'static str]) -> Kind {
    Kind { pattern, job, names }
}

const KINDS: &[Kind] = &[
    kind("C1 CompilerThre*", "thread.compiler", &["C CompilerThread"]),
    kind("C2 CompilerThre*", "thread.compiler", &["C CompilerThread"]),
    kind("JIT Compilation*", "thread.compiler", &["JIT Compilation Thread"]),
    kind("Common-Cleaner", "thread.java", &["Common-Cleaner"]),
    kind("Finalizer", "thread.java", &["Finalizer"]),
    kind("ForkJoinPool*", "thread.pool", &["ForkJoinPool--worker-", "ForkJoinPool.commonPool-worker-"]),
    kind("G1 *", "thread.gc", &["G Conc#", "G Main Marker", "G Refine#", "G Service", "G Young RemSet Sampling"]),
    kind("GC Slave", "thread.gc", &["GC Slave"]),
    kind("GC Thread#*", "thread.gc", &["GC Thread#"]),
    kind("GC task thread#*", "thread.gc", &["GC task thread#"]),
    kind("Gang worker#*", "thread.gc", &["Gang worker#"]),
    kind("ParGC Thread#*", "thread.gc", &["ParGC Thread#"]),
    kind("Reference Handl*", "thread.java", &["Reference Handler"]),
    kind("Service Thread", "thread.vm", &["Service Thread"]),
    kind("Shenandoah*", "thread.gc", &["Shenandoah Control Thread", "Shenandoah GC Threads#"]),
    kind("Signal Dispatch*", "thread.vm", &["Signal Dispatcher"]),
    kind("VM Periodic Tas*", "thread.vm", &["VM Periodic Task Thread"]),
    kind("VM Thread", "thread.vm", &["VM Thread"]),
    kind("XDirector", "thread.gc", &["XDirector"]),
    kind("XDriver*", "thread.gc", &["XDriver"]),
    kind("XWorker*", "thread.gc", &["XWorker#"]),
    kind("ZDirector", "thread.gc", &["ZDirector"]),
    kind("ZDriver*", "thread.gc", &["ZDriverMajor", "ZDriverMinor"]),
    kind("ZWorker*", "thread.gc", &["ZWorker#", "ZWorkerOld#", "ZWorkerYoung#"]),
    kind("http-nio-*", "thread.http", &["http-nio--exec-"]),
    kind("https-jsse-*", "thread.http", &["https-jsse-nio--exec-"]),
    kind("pool-*-thread-*", "thread.pool", &["pool--thread-"]),
];

/// True for the name of a Java launcher, or of a thread that only a JVM has.
pub fn names_a_jvm(name: &str) -> bool {
    matches!(name, "java" | "javaw" | "jsvc") || job(name).is_some()
}

/// What a thread of that name does in a JVM (a catalogue key).
pub fn job(name: &str) -> Option<&'static str> {
    KINDS.iter().find(|kind| is_like(name, kind.pattern)).map(|kind| kind.job)
}

/// True for a thread that only OpenJ9 has.
pub fn is_of_openj9(name: &str) -> bool {
    name == "GC Slave" || name.starts_with("JIT Compilation")
}

/// True if all of a name is a JVM's own, so that nobody's words are in it: one that it gives a thread, also cut as the
/// kernel cuts it, with numbers that are small.
pub fn is_own_name(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let bare: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    let is = |name: &str| bare == name || text.len() == KEPT && name.starts_with(&bare);
    digits <= 5 && KINDS.iter().any(|kind| kind.names.iter().any(|name| is(name)))
}

fn is_like(name: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    if !pattern.contains('*') {
        return rest.is_empty();
    }
    for part in parts {
        match rest.find(part).and_then(|at| rest.get(at + part.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_of_a_jvm_are_told_by_their_names() {
        assert_eq!(job("C2 CompilerThre"), Some("thread.compiler"));
        assert_eq!(job("pool-1-thread-12"), Some("thread.pool"));
        assert_eq!(job("pool-keeper"), None);
        assert_eq!(job("G1 Conc#0"), Some("thread.gc"));
        assert_eq!(job("VM Threads"), None);
        assert!(names_a_jvm("java") && names_a_jvm("VM Thread") && !names_a_jvm("javac"));
    }

    #[test]
    fn a_name_with_words_of_others_is_not_a_jvms_own() {
        assert!(
            is_own_name("C2 CompilerThread0") && is_own_name("C2 CompilerThre") && is_own_name("http-nio-8080-exec-3")
        );
        assert!(!is_own_name("G1 acme") && !is_own_name("http-nio-acme-exec-1") && !is_own_name("C2 Compil"));
    }

    #[test]
    fn every_whole_name_begins_like_its_kind() {
        for kind in KINDS {
            for name in kind.names {
                let begin = kind.pattern.split('*').next().unwrap_or_default();
                let begin: String = begin.chars().filter(|c| !c.is_ascii_digit()).collect();
                assert!(name.starts_with(&begin), "{name} is not like {}", kind.pattern);
            }
        }
    }
}
