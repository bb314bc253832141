//! Small incidents for the tests of rules.

use super::Incident;
use crate::analysis::finding::Finding;
use crate::model::nmt::{NmtCategory, NmtSnapshot};
use crate::model::oom::{CgroupAtKill, OomKill, OomScope, Victim};
use crate::model::readings::Readings;
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Bytes;

/// Bytes of a number of MiB.
pub fn mib(mib: u64) -> Bytes {
    Bytes(mib * 1024 * 1024)
}

/// A whole line.
pub fn span(line: u32) -> Span {
    Span { source: 0, line, start: 0, end: 0 }
}

/// Readings and runs under construction.
#[derive(Default)]
pub struct Fixture {
    pub readings: Readings,
    pub runs: Vec<Run>,
}

impl Fixture {
    /// With one run, `run-1`, of pid 77.
    pub fn of_one_run() -> Fixture {
        let run = Run { id: "run-1".into(), pid: Some(77), name: Some("java".into()), ..Run::default() };
        Fixture { runs: vec![run], ..Fixture::default() }
    }

    /// Changes the only run.
    pub fn run(mut self, change: impl FnOnce(&mut Run)) -> Fixture {
        change(self.runs.first_mut().expect("a run"));
        self
    }

    /// Adds a kill of pid 77, which held 300 MiB, by line 5.
    pub fn kill(mut self, scope: OomScope, change: impl FnOnce(&mut OomKill)) -> Fixture {
        let victim = Victim {
            pid: 77,
            name: "java".into(),
            anon_rss: Some(mib(290)),
            file_rss: Some(mib(10)),
            line: 5,
            run: Some("run-1".into()),
            ..Victim::default()
        };
        let mut kill = OomKill { scope, victims: vec![victim], first_line: 1, last_line: 6, ..OomKill::default() };
        change(&mut kill);
        self.readings.oom_kills.push(kill);
        self
    }

    /// Adds an NMT snapshot of the only run at line 20, with that much committed in total and for the heap (line 21).
    pub fn nmt(mut self, total: Bytes, heap: Bytes) -> Fixture {
        let category =
            NmtCategory { name: "Java Heap".into(), committed: Some(heap), line: 21, ..NmtCategory::default() };
        let mut snapshot = NmtSnapshot {
            run: "run-1".into(),
            kind: "summary".into(),
            categories: vec![category],
            first_line: 19,
            last_line: 40,
            complete: true,
            ..NmtSnapshot::default()
        };
        snapshot.total.committed = Some(total);
        snapshot.total.at.put("committed", span(20));
        self.readings.nmt.push(snapshot);
        self
    }

    /// What a rule finds.
    pub fn check(&self, rule: &super::Rule) -> Vec<Finding> {
        (rule.check)(&Incident::new(&self.readings, &self.runs))
    }

    /// The only finding of a rule, and the key of its claim.
    pub fn finding(&self, rule: &super::Rule) -> (Finding, String) {
        let findings = self.check(rule);
        let [finding] = findings.as_slice() else { panic!("{} findings", findings.len()) };
        assert!(crate::i18n::knows(&finding.statement.key), "{}", finding.statement.key);
        (finding.clone(), finding.statement.key.clone())
    }
}

/// A control group with a limit.
pub fn cgroup(path: &str, task_path: Option<&str>, limit: Option<Bytes>) -> Option<CgroupAtKill> {
    Some(CgroupAtKill { path: path.into(), task_path: task_path.map(str::to_owned), limit, ..CgroupAtKill::default() })
}
