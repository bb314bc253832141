//! Posts with logs in them: what is said of numbers that the logs contradict, and that nothing is said where they may agree.

use oomscope::i18n::Language;
use oomscope::report::Report;

fn read(text: &str) -> Report {
    let mut analyzer = oomscope::Analyzer::new(Language::En);
    analyzer.open("post.md");
    analyzer.feed(text.as_bytes());
    analyzer.finish().report
}

/// The claims about the text, and the lines they rest on.
fn told(text: &str) -> Vec<(String, Vec<u32>)> {
    let findings = read(text).findings;
    let of_text = findings.into_iter().filter(|finding| finding.rule.is_of_prose());
    of_text.map(|finding| (finding.claim.clone(), finding.evidence.iter().map(|line| line.line).collect())).collect()
}

const GC_LOG: &str = "\
[0.004s][info][gc,init] Version: 17.0.15+6 (release)
[0.004s][info][gc,init] CPUs: 2 total, 2 available
[0.004s][info][gc,init] Memory: 7900M
[0.004s][info][gc,init] Heap Max Capacity: 2G
[0.004s][info][gc] Using G1
[1.004s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 24M->4M(64M) 3.0ms
";

const KILL: &str = "[Tue Nov 22 13:24:51 2026] Memory cgroup out of memory: Killed process 4306 (java) total-vm:12345678kB, \
                    anon-rss:524288kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:2004kB oom_score_adj:0\n";

#[test]
fn a_maximum_heap_that_was_not_in_force_is_told_with_both_lines() {
    let claim = "The prose says the maximum heap was 4GB; the logs show 2.0 GiB.";
    for post in ["최대 힙은 4GB로 설정했습니다.\n", "We had set the maximum heap to 4GB.\n"] {
        assert_eq!(told(&format!("{post}\n{GC_LOG}")), [(claim.to_owned(), vec![1, 6])], "{post}");
    }
}

#[test]
fn a_post_that_tells_of_both_settings_is_right() {
    for post in [
        "처음에는 최대 힙을 4GB로 설정했습니다. 나중에 2GB로 줄였습니다.\n",
        "We had set the maximum heap to 4GB, before it was 2048 MB.\n",
        "We should have set the maximum heap to 4GB.\n",
        "다른 서버에서는 최대 힙을 4GB로 올리면 어떨까요?\n",
        "The heap usage was 4GB at that time, on another machine.\n",
        "We used to run with a max heap of 4GB on the old servers, and 8 cores each.\n",
        "The max heap of 2 GB helped. With 50% of the memory for the max heap it failed.\n",
    ] {
        assert_eq!(told(&format!("{post}\n{GC_LOG}")), [], "{post}");
    }
}

#[test]
fn address_space_is_not_memory_in_use() {
    let post = "자바 프로세스는 11.8GB를 사용하고 있었습니다.\n";
    let claims = told(&format!("{post}\n{KILL}"));
    assert!(claims[0].0.starts_with("The prose counts 11.8GB as used; that is address space"), "{claims:?}");
    assert_eq!(told(&format!("자바 프로세스는 512MB를 사용하고 있었습니다.\n\n{KILL}")), []);
}

#[test]
fn processors_are_compared_with_what_the_jvm_saw() {
    let claims = told(&format!("The server has 4 cores.\n\n{GC_LOG}"));
    assert_eq!(claims, [("The prose says 4 cores; the JVM saw 2 processors.".to_owned(), vec![1, 4])]);
    assert_eq!(told(&format!("The server has 2 cores.\n\n{GC_LOG}")), []);
}

#[test]
fn words_without_logs_and_logs_without_words_say_nothing() {
    assert_eq!(told("We had set the maximum heap to 4GB on a server with 8GB of memory and 4 cores.\n"), []);
    assert_eq!(told(GC_LOG), []);
}

/// Titles of articles hold what programs print, and say that it is a topic.
#[test]
fn titles_in_japanese_chinese_and_korean_report_nothing() {
    for title in [
        "java.lang.OutOfMemoryError: Java heap space の原因と対策",
        "・java.lang.OutOfMemoryError: unable to create new native thread が発生する場合の対処法",
        "问题: java.lang.OutOfMemoryError: Compressed class space 如何解决",
        "java.lang.OutOfMemoryError: Direct buffer memory的原因和解决办法",
        "Out of memory: Killed process とは",
        "Killed process 12345 (java) の見方",
        "systemd: orders.service: Main process exited, code=killed, status=9/KILL の意味",
        "Container killed by YARN for exceeding memory limits. 的解决方法",
        "Could not reserve enough space for object heap の対処法",
        "OOMKilled 的排查",
        "Error occurred during initialization of VM 원인과 해결",
        "java.lang.OutOfMemoryError: Metaspace 해결 방법",
    ] {
        let report = read(&format!("{title}\n\n"));
        assert_eq!((report.java_errors.len(), report.events.len(), report.oom_kills.len()), (0, 0, 0), "{title}");
    }
}
