//! Small incidents for the tests of rules.

use super::Incident;
use crate::analysis::finding::Finding;
use crate::model::gc::{GcEvent, GcKind, GcLog};
use crate::model::jstat::{Cells, Column, Columns, JstatTable};
use crate::model::nmt::{NmtCategory, NmtSnapshot};
use crate::model::oom::{CgroupAtKill, OomKill, OomScope, ProcessRow, Trigger, Victim};
use crate::model::readings::Readings;
use crate::model::run::Run;
use crate::source::{Places, Span};
use crate::units::{Bytes, Micros, SignedBytes};

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

    /// Adds a table of the only run with a row every second from line 51 on: name, decimals, and values of each column.
    pub fn jstat(mut self, collector: Option<&str>, columns: &[(&str, u8, &[i64])]) -> Fixture {
        let rows = columns.first().map_or(0, |(_, _, values)| values.len());
        let cells = |(name, decimals, values): &(&str, u8, &[i64])| Column {
            name: (*name).into(),
            cells: Cells::Fixed { decimals: *decimals, values: values.iter().copied().collect() },
        };
        self.readings.jstat.push(JstatTable {
            run: "run-1".into(),
            source: 0,
            option: "gc".into(),
            pid: Some(77),
            interval: Some(Micros(1_000_000)),
            count: None,
            generation: None,
            collector: collector.map(str::to_owned),
            collector_reason: None,
            columns_inferred: false,
            rows,
            columns: columns.iter().map(|(name, ..)| (*name).into()).collect(),
            data: Columns(columns.iter().map(cells).collect()),
            lines: (51..).take(rows).collect(),
            wall: Vec::new(),
            wall_zone_known: false,
            first_line: 50,
            last_line: 50 + rows as u32,
            restarts: Vec::new(),
            kept: Vec::new(),
            at: Places::default(),
        });
        self
    }

    /// Adds a GC log of the only run and its events, at line 101 and after.
    pub fn gc_log(mut self, collector: &str, events: Vec<GcEvent>) -> Fixture {
        let log = u32::try_from(self.readings.gc_logs.len()).expect("few logs");
        self.readings.gc_logs.push(GcLog {
            run: "run-1".into(),
            collector: Some(collector.into()),
            first_line: 100,
            last_line: 200,
            ..GcLog::default()
        });
        self.readings.gc_events.extend((101..).zip(events).map(|(line, event)| GcEvent { log, line, ..event }));
        self
    }

    /// A table with a row every second: counts and times of young and full collections.
    pub fn collections(collector: &str, rows: &[(i64, i64, i64, i64)]) -> Fixture {
        let column = |pick: fn(&(i64, i64, i64, i64)) -> i64| rows.iter().map(pick).collect::<Vec<_>>();
        Fixture::of_one_run().jstat(
            Some(collector),
            &[
                ("YGC", 0, &column(|row| row.0)),
                ("YGCT", 3, &column(|row| row.1)),
                ("FGC", 0, &column(|row| row.2)),
                ("FGCT", 3, &column(|row| row.3)),
                ("GCT", 3, &column(|row| row.1 + row.3)),
            ],
        )
    }

    /// A GC log with that many equal events.
    pub fn events(kind: GcKind, cause: &str, micros: i64, count: usize) -> Fixture {
        let event = GcEvent { kind, cause: Some(cause.into()), duration: Some(Micros(micros)), ..GcEvent::default() };
        Fixture::of_one_run().gc_log("any", vec![event; count])
    }

    /// A run with a collector and a maximum heap in MiB.
    pub fn of_heap(collector: &str, heap: u64) -> Fixture {
        Fixture::of_one_run().run(|run| {
            run.collector = Some(collector.into());
            run.max_heap = Some(mib(heap));
            run.at.put("max_heap", span(2));
        })
    }

    /// Full collections with the heap, and the old generation, before and after, of 60 MiB, in a heap of 100.
    pub fn full_collections(collector: &str, cause: &str, sizes: &[(u64, u64, u64)]) -> Fixture {
        let event = |(all, before, after): &(u64, u64, u64)| GcEvent {
            kind: GcKind::Full,
            cause: Some(cause.into()),
            after: Some(mib(*all)),
            figures: [("old_before", *before), ("old_after", *after), ("old_committed", 60)]
                .map(|(name, size)| (name.to_owned(), mib(size)))
                .into(),
            ..GcEvent::default()
        };
        Fixture::of_heap(collector, 100).gc_log(collector, sizes.iter().map(event).collect())
    }

    /// A diff with 200 MiB committed, of it 100 for the heap, and areas with what they have and how much they grew, in MiB.
    pub fn nmt_diff(areas: &[(&str, u64, i64)]) -> Fixture {
        let mut incident = Fixture::of_one_run().nmt(mib(200), mib(100));
        for snapshot in &mut incident.readings.nmt {
            snapshot.kind = "summary.diff".into();
            snapshot.categories.extend(areas.iter().map(|(name, size, delta)| NmtCategory {
                name: (*name).into(),
                committed: Some(mib(*size)),
                reserved: Some(mib(*size)),
                committed_delta: Some(SignedBytes(delta * 1024 * 1024)),
                line: 22,
                ..NmtCategory::default()
            }));
        }
        incident
    }

    /// A kill of pid 77 with swap in MiB: in all, and free.
    pub fn swap_at_kill(scope: OomScope, total: u64, free: u64) -> Fixture {
        Fixture::of_one_run().kill(scope, |kill| {
            kill.swap_total = Some(mib(total));
            kill.swap_free = Some(mib(free));
        })
    }

    /// A kill of pid 77 that a thread called for, with a process table of those ids.
    pub fn triggered(trigger: &str, tid: u32, rows: &[u32]) -> Fixture {
        Fixture::of_one_run().kill(OomScope::Global, |kill| {
            kill.trigger = Some(Trigger { name: trigger.into(), tid: Some(tid), ..Trigger::default() });
            let row = |pid: &u32| ProcessRow {
                pid: *pid,
                name: trigger.into(),
                rss: Some(mib(1)),
                line: 3,
                ..ProcessRow::default()
            };
            kill.processes = rows.iter().map(row).collect();
        })
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
