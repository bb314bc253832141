//! How full each heap was at its last sample: in use, committed, maximum.

use std::collections::BTreeMap;

use super::{Bar, Picture, Stack, Words};
use crate::chart::theme::{Pattern, Role};
use crate::i18n::format;
use crate::model::jstat::JstatTable;
use crate::report::Report;
use crate::source::Span;
use crate::units::Bytes;

impl Words<'_> {
    /// One picture, one bar per process with heap samples.
    pub(super) fn heaps(&self) -> Option<Picture> {
        let (tables, remarks) = self.last_processes(self.tables().to_vec());
        let picture = self.heap_picture(tables.into_iter().map(|(_, table)| table))?;
        Some(Picture { remarks, ..picture })
    }

    /// The heaps of some of the tables.
    pub(super) fn heap_picture<'t>(&self, tables: impl Iterator<Item = &'t JstatTable>) -> Option<Picture> {
        let bars: Vec<Bar> = tables.filter_map(|table| self.heap_bar(table)).collect();
        (!bars.is_empty()).then(|| Picture {
            id: "heap".to_owned(),
            title: self.text("chart.picture.heap"),
            note: self.text("chart.note.heap"),
            top: 0.0,
            bars,
            walls: Vec::new(),
            remarks: Vec::new(),
        })
    }

    pub(super) fn heap_bar(&self, table: &JstatTable) -> Option<Bar> {
        let row = table.rows.checked_sub(1)?;
        let get = |name: &str| table.value(name, row).map(|kib| Bytes((kib * 1024.0).round().max(0.0) as u64));
        let run = self.runs.get(&table.run);
        let collector = run.and_then(|run| run.collector.as_deref()).or(table.collector.as_deref());
        let line = table.lines.get(row).copied().unwrap_or(table.last_line);
        let span = Some(Span { source: table.source, line, start: 0, end: 0 });
        let whole_heap = matches!(collector, Some("ZGC" | "Shenandoah"));
        let mut stack = Stack::default();
        let old = if whole_heap { "chart.series.heap-used" } else { "chart.series.old" };
        stack.push(Role::Old, Pattern::Solid, self.text(old), Some(get("OU")?), span);
        let survivor = [get("S0U"), get("S1U")].into_iter().flatten().reduce(Bytes::plus);
        stack.push(Role::Survivor, Pattern::Dotted, self.text("chart.series.survivor"), survivor, span);
        stack.push(Role::Eden, Pattern::BackHatched, self.text("chart.series.eden"), get("EU"), span);
        let used = stack.sum();
        let committed = match collector {
            // There the old generation's capacity is what is in use.
            Some("generational ZGC") => None,
            _ if whole_heap => get("OC"),
            _ => ["S0C", "S1C", "EC", "OC"].into_iter().map(get).try_fold(Bytes(0), |sum, part| Some(sum.plus(part?))),
        };
        let mut total = used;
        if let Some(committed) = committed.filter(|committed| *committed > total) {
            let label = self.text("chart.part.committed-unused");
            stack.close(Role::Capacity, Pattern::Outline, committed, label, String::new(), span);
            total = committed;
        }
        let max = run.and_then(|run| run.max_heap);
        if let Some(max) = max.filter(|max| *max > total) {
            let label = self.text("chart.part.not-committed");
            let at = run.and_then(|run| run.at.get("max_heap"));
            stack.close(Role::Free, Pattern::Outline, max, label, String::new(), at);
            total = max;
        }
        let value = match max {
            Some(max) => self.fill("chart.value.of-max", &[("size", &format::size(used)), ("max", &format::size(max))]),
            None => self.fill("chart.value.in-use", &[("size", &format::size(used))]),
        };
        let label = self.process(&table.run, table.pid);
        Some(Bar {
            label,
            value,
            total: Some(total),
            parts: stack.parts,
            reserved: None,
            gap: None,
            is_row: false,
            has_legend: true,
            span,
        })
    }
}

/// Of each process the last table with sizes, with its place in the report.
pub(super) fn last_tables(report: &Report) -> Vec<(usize, &JstatTable)> {
    /// A process as far as a table names it.
    #[derive(PartialEq, Eq, PartialOrd, Ord)]
    enum Who<'a> {
        Run(&'a str),
        Pid(u32),
        Unknown(usize),
    }
    let mut last: Vec<(usize, &JstatTable)> = Vec::new();
    let mut places: BTreeMap<Who<'_>, usize> = BTreeMap::new();
    let has_sizes = |table: &JstatTable| table.option == "gc" && table.rows > 0 && table.column("OU").is_some();
    for (at, table) in report.jstat.iter().enumerate().filter(|(_, table)| has_sizes(table)) {
        let who = match (table.run.as_str(), table.pid) {
            ("", Some(pid)) => Who::Pid(pid),
            ("", None) => Who::Unknown(at),
            (run, _) => Who::Run(run),
        };
        let place = *places.entry(who).or_insert(last.len());
        match last.get_mut(place) {
            Some(known) => *known = (at, table),
            None => last.push((at, table)),
        }
    }
    last
}
