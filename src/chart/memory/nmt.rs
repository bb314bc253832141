//! What NMT knows, beside what was resident: committed by category, and the difference that it cannot explain.

use std::collections::BTreeMap;

use super::{Bar, Gap, Picture, Remark, Stack, Words};
use crate::analysis::accounting::is_impossible;
use crate::chart::theme::{Pattern, Role};
use crate::i18n::format;
use crate::model::host::HostReading;
use crate::model::nmt::{NmtCategory, NmtSnapshot};
use crate::model::oom::{OomKill, Victim};
use crate::order::InOrder as _;
use crate::source::Span;
use crate::units::{Bytes, SignedBytes};

/// Categories below this share of the total stand together in one row, if there are several of them …
const SMALL: f64 = 0.005;
/// … and do not reserve much either.
const SMALL_RESERVED: f64 = 0.05;

/// What the snapshot is held against.
struct Resident {
    bar: Bar,
    size: Bytes,
    same_process: bool,
    who: String,
}

/// A snapshot as it is drawn.
struct Snapshot<'a> {
    snapshot: &'a NmtSnapshot,
    /// The largest first.
    categories: Vec<&'a NmtCategory>,
    /// Of what can be.
    sum: Bytes,
    /// As printed; where it is not, the sum.
    total: Bytes,
}

impl<'a> Snapshot<'a> {
    fn of(snapshot: &'a NmtSnapshot) -> Snapshot<'a> {
        let mut categories: Vec<&NmtCategory> = snapshot.categories.iter().collect();
        categories.order_by_key(|category| std::cmp::Reverse((category.committed, category.reserved)));
        let possible = categories.iter().filter(|category| !is_impossible(snapshot, category));
        let sum = possible.filter_map(|category| category.committed).reduce(Bytes::plus).unwrap_or_default();
        let total = snapshot.total.committed.unwrap_or(sum);
        Snapshot { snapshot, categories, sum, total }
    }

    /// What the printed total has beyond the categories of the text.
    fn missing(&self) -> Option<Bytes> {
        let missing = self.total.0.checked_sub(self.sum.0).filter(|missing| *missing > 0);
        missing.filter(|_| !self.snapshot.complete).map(Bytes)
    }
}

impl Words<'_> {
    /// The pictures of each process, of its last complete snapshot.
    pub(super) fn nmt_pictures(&self) -> Vec<Picture> {
        let mut chosen: Vec<&NmtSnapshot> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (at, snapshot) in self.report.nmt.iter().enumerate().filter(|(_, snapshot)| !snapshot.categories.is_empty())
        {
            let who = match (snapshot.run.as_str(), snapshot.pid) {
                ("", Some(pid)) => format!("pid {pid}"),
                ("", None) => format!("snapshot {at}"),
                (run, _) => run.to_owned(),
            };
            let place = *places.entry(who).or_insert(chosen.len());
            match chosen.get_mut(place) {
                Some(known) if snapshot.complete || !known.complete => *known = snapshot,
                Some(_) => {}
                None => chosen.push(snapshot),
            }
        }
        let (chosen, remarks) = self.last_processes(chosen);
        let of_each = chosen.into_iter().enumerate().flat_map(|(at, snapshot)| self.nmt_in_the_end(at, snapshot));
        let mut pictures: Vec<Picture> = of_each.collect();
        pictures.last_mut().into_iter().for_each(|last| last.remarks.extend(remarks.iter().cloned()));
        pictures
    }

    /// The pictures of the last snapshot of a process, beside what it had resident in the end.
    pub(super) fn nmt_in_the_end(&self, at: usize, snapshot: &NmtSnapshot) -> Vec<Picture> {
        self.nmt_of(at, snapshot, self.resident_in_the_end(snapshot))
    }

    /// The pictures of one snapshot beside the resident memory that was read next to it.
    pub(super) fn nmt_alone(&self, at: usize, snapshot: &NmtSnapshot) -> Vec<Picture> {
        self.nmt_of(at, snapshot, self.resident_nearby(snapshot))
    }

    /// Whether NMT explains what was resident, where that was read; and what it is made of.
    fn nmt_of(&self, at: usize, snapshot: &NmtSnapshot, resident: Option<Resident>) -> Vec<Picture> {
        let known = Snapshot::of(snapshot);
        let committed = self.committed_bar(&known);
        let who = self.process(&snapshot.run, snapshot.pid);
        let wall = self.wall_of(|run, pid| is_of(snapshot, run, pid));
        let note = match known.missing() {
            Some(missing) => self.fill("chart.note.nmt-cut", &[("size", &format::size(missing))]),
            None => String::new(),
        };
        let picture = |id: String, title: &str, note: &[&str], bars: Vec<Bar>| Picture {
            id,
            title: self.fill(title, &[("who", &who)]),
            note: note.iter().filter(|note| !note.is_empty()).copied().collect::<Vec<_>>().join(" "),
            top: 0.0,
            bars,
            walls: Vec::new(),
            remarks: Vec::new(),
        };
        let id = format!("nmt-{}", at + 1);
        let how = self.text("chart.note.nmt");
        let rows = self.category_rows(&known);
        let Some(resident) = resident else {
            let bars = std::iter::once(committed).chain(rows).collect();
            let alone = picture(id, "chart.picture.nmt", &[&note, &how], bars);
            return vec![Picture { walls: wall.into_iter().collect(), ..alone }];
        };
        let (bars, remark) = self.against_resident(&known, committed, resident);
        let against = picture(id.clone(), "chart.picture.nmt-resident", &[&note], bars);
        let against = Picture { walls: wall.into_iter().collect(), remarks: vec![remark], ..against };
        vec![against, picture(format!("{id}-categories"), "chart.picture.nmt", &[&how], rows)]
    }

    /// All that is committed, by category.
    fn committed_bar(&self, known: &Snapshot<'_>) -> Bar {
        let Snapshot { snapshot, total, .. } = *known;
        let mut stack = Stack::default();
        // What cannot be is told in words below.
        for category in known.categories.iter().filter(|category| !is_impossible(snapshot, category)) {
            let (role, pattern) = look(&category.name);
            stack.push(role, pattern, category.name.clone(), category.committed, place(snapshot, category));
        }
        let span = snapshot.total.at.get("committed").or(line_of(snapshot, snapshot.first_line));
        // Amounts are printed in whole units, so sums differ from the total by their rounding.
        let rounding = self.text("chart.part.rounding");
        let missing = if known.missing().is_some() { self.text("chart.part.not-pasted") } else { rounding.clone() };
        stack.close(Role::Rest, Pattern::Dotted, total, missing, rounding, span);
        Bar {
            label: self.text("chart.bar.nmt-committed"),
            value: format::size(total),
            total: Some(total),
            parts: stack.parts,
            reserved: None,
            gap: None,
            is_row: false,
            has_legend: false,
            span,
        }
    }

    /// What is committed and what was resident, with the difference in the room that the shorter one leaves.
    fn against_resident(&self, known: &Snapshot<'_>, mut committed: Bar, resident: Resident) -> (Vec<Bar>, Remark) {
        let Snapshot { snapshot, total, .. } = *known;
        let Resident { mut bar, size, same_process, who } = resident;
        let difference = size.minus(total);
        let span = bar.span;
        let gap = self.gap((total, size), difference, same_process, span);
        if difference.0 < 0 {
            bar.gap = gap
        } else {
            committed.gap = gap
        }
        let own = self.process(&snapshot.run, snapshot.pid);
        let arguments = [
            ("difference", format::signed_size(difference)),
            ("less", format::size(Bytes(difference.0.unsigned_abs()))),
            ("resident", format::size(size)),
            ("committed", format::size(total)),
            ("other", who),
            ("own", own),
        ];
        let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let key = match (same_process, difference.0) {
            (false, _) => "chart.remark.other-process",
            (true, ..0) => "chart.remark.not-resident",
            (true, _) => "chart.remark.same-process",
        };
        (vec![committed, bar], Remark { text: self.fill(key, &arguments), span })
    }

    /// A row for each category, one for all the small ones, and one for what is not in the text.
    fn category_rows(&self, known: &Snapshot<'_>) -> Vec<Bar> {
        let Snapshot { snapshot, total, .. } = *known;
        let is_small = |category: &&NmtCategory| {
            let share = |size: Option<Bytes>| size.unwrap_or_default().as_f64() / total.as_f64().max(1.0);
            let is_small = share(category.committed) < SMALL && share(category.reserved) < SMALL_RESERVED;
            is_small && !is_impossible(snapshot, category)
        };
        let (mut small, mut large): (Vec<&NmtCategory>, Vec<&NmtCategory>) =
            known.categories.iter().copied().partition(is_small);
        if small.len() < 3 {
            large.clone_from(&known.categories);
            small.clear();
        }
        let mut rows: Vec<Bar> = large.into_iter().map(|category| self.category_row(snapshot, category)).collect();
        let row = |label: String, parts: Stack, span: Option<Span>| Bar {
            label,
            value: format::size(parts.sum()),
            total: Some(parts.sum()),
            parts: parts.parts,
            reserved: None,
            gap: None,
            is_row: true,
            has_legend: false,
            span,
        };
        if !small.is_empty() {
            let mut parts = Stack::default();
            for category in &small {
                let name = category.name.clone();
                parts.push(Role::Rest, Pattern::Solid, name, category.committed, place(snapshot, category));
            }
            let label = self.fill("chart.bar.smaller", &[("count", &small.len().to_string())]);
            rows.push(row(label, parts, small.first().and_then(|category| line_of(snapshot, category.line))));
        }
        if let Some(missing) = known.missing() {
            let (mut parts, label) = (Stack::default(), self.text("chart.part.not-pasted"));
            let span = snapshot.total.at.get("committed");
            parts.push(Role::Rest, Pattern::Dotted, label.clone(), Some(missing), span);
            rows.push(row(label, parts, span));
        }
        rows
    }

    fn category_row(&self, snapshot: &NmtSnapshot, category: &NmtCategory) -> Bar {
        let (role, pattern) = look(&category.name);
        let span = place(snapshot, category);
        let committed = category.committed.map(format::size).unwrap_or_default();
        let can_be = !is_impossible(snapshot, category);
        let mut row = Stack::default();
        row.push(role, pattern, category.name.clone(), category.committed.filter(|_| can_be), span);
        let value = match category.reserved.filter(|reserved| Some(*reserved) != category.committed) {
            _ if !can_be => self.fill("chart.value.impossible", &[("size", &committed)]),
            Some(reserved) => {
                self.fill("chart.value.of-reserved", &[("size", &committed), ("reserved", &format::size(reserved))])
            }
            None => committed,
        };
        Bar {
            label: category.name.clone(),
            value,
            total: category.committed.filter(|_| can_be),
            parts: row.parts,
            reserved: category.reserved.filter(|reserved| can_be && Some(*reserved) > category.committed),
            gap: None,
            is_row: true,
            has_legend: false,
            span,
        }
    }

    /// Resident memory to hold against the last snapshot of a process: when it was killed, else as it was read last, else
    /// of another process that was killed, which is then only a comparison.
    fn resident_in_the_end(&self, snapshot: &NmtSnapshot) -> Option<Resident> {
        let victim = self.victims().find(|(_, victim)| is_of(snapshot, victim.run.as_deref(), Some(victim.pid)));
        victim
            .and_then(|(kill, victim)| self.resident_of_victim(kill, victim, true))
            .or_else(|| self.resident_by(self.readings_of(snapshot).next_back()?))
            .or_else(|| self.resident_elsewhere())
    }

    /// The same for any snapshot: what was read nearest to it in the text, unless that stands nearer to another snapshot of
    /// the process: then it says nothing about this one.
    fn resident_nearby(&self, snapshot: &NmtSnapshot) -> Option<Resident> {
        let distance =
            |from: &NmtSnapshot, source: u16, line: u32| (source != from.source, line.abs_diff(from.first_line));
        let same_process = |other: &&NmtSnapshot| {
            (other.run.as_str(), other.pid) == (snapshot.run.as_str(), snapshot.pid) && !other.categories.is_empty()
        };
        let is_nearest = |source: u16, line: u32| {
            let others = self.report.nmt.iter().filter(same_process);
            let least = others.map(|other| distance(other, source, line)).min();
            least.is_none_or(|least| distance(snapshot, source, line) <= least)
        };
        let is_victim = |victim: &Victim| is_of(snapshot, victim.run.as_deref(), Some(victim.pid));
        let mut victims = self.victims().filter(|(_, victim)| is_victim(victim)).peekable();
        let mut readings = self.readings_of(snapshot).peekable();
        if victims.peek().is_none() && readings.peek().is_none() {
            return self.resident_elsewhere();
        }
        let victims = victims.map(|(kill, victim)| {
            let resident = self.resident_of_victim(kill, victim, true);
            (kill.source, kill.first_line, resident)
        });
        let readings = readings.map(|reading| (reading.source, reading.first_line, self.resident_by(reading)));
        let near = readings.chain(victims).filter(|(source, line, _)| is_nearest(*source, *line));
        near.min_by_key(|(source, line, _)| distance(snapshot, *source, *line))?.2
    }

    /// Readings of resident memory of the snapshot's process.
    fn readings_of<'s>(&'s self, snapshot: &'s NmtSnapshot) -> impl DoubleEndedIterator<Item = &'s HostReading> {
        let of_process = |reading: &&HostReading| is_of(snapshot, reading.run.as_deref(), reading.pid);
        self.report.host.iter().filter(|reading| reading.sizes.contains_key("rss")).filter(of_process)
    }

    fn victims(&self) -> impl Iterator<Item = (&OomKill, &Victim)> {
        self.report.oom_kills.iter().flat_map(|kill| kill.victims.iter().map(move |victim| (kill, victim)))
    }

    fn resident_elsewhere(&self) -> Option<Resident> {
        self.victims().find_map(|(kill, victim)| self.resident_of_victim(kill, victim, false))
    }

    fn resident_of_victim(&self, kill: &OomKill, victim: &Victim, same_process: bool) -> Option<Resident> {
        let bar = self.victim_bar(kill, victim).filter(|_| !super::kill::is_impossible(victim))?;
        let who = self.process("", Some(victim.pid));
        Some(Resident { bar, size: victim.resident()?, same_process, who })
    }

    fn resident_by(&self, reading: &HostReading) -> Option<Resident> {
        let size = *reading.sizes.get("rss")?;
        let line = Span { source: reading.source, line: reading.first_line, start: 0, end: 0 };
        let span = Some(reading.at.get("rss").unwrap_or(line));
        let mut stack = Stack::default();
        stack.push(Role::Resident, Pattern::Hatched, self.text("chart.series.resident"), Some(size), span);
        let bar = Bar {
            label: self.fill("chart.bar.resident-by", &[("what", &self.text(reading.kind.key()))]),
            value: self.fill("chart.value.resident", &[("size", &format::size(size))]),
            total: Some(size),
            parts: stack.parts,
            reserved: None,
            gap: None,
            is_row: false,
            has_legend: true,
            span,
        };
        Some(Resident { bar, size, same_process: true, who: self.process("", reading.pid) })
    }

    /// From where NMT ends to where resident memory ends, or back.
    fn gap(
        &self,
        (committed, resident): (Bytes, Bytes),
        size: SignedBytes,
        same_process: bool,
        span: Option<Span>,
    ) -> Option<Gap> {
        let label = match (same_process, size.0) {
            (_, 0) => return None,
            (true, 1..) => "chart.bar.unexplained",
            (true, _) => "chart.bar.not-resident",
            (false, _) => "chart.bar.comparison",
        };
        let (from, to) = (committed.as_f64().min(resident.as_f64()), committed.as_f64().max(resident.as_f64()));
        Some(Gap { label: self.text(label), size, from, to, span })
    }
}

/// True if a figure of that run or process is about the snapshot's process.
fn is_of(snapshot: &NmtSnapshot, run: Option<&str>, pid: Option<u32>) -> bool {
    let by_run = !snapshot.run.is_empty() && run == Some(snapshot.run.as_str());
    by_run || (snapshot.pid.is_some() && snapshot.pid == pid && (snapshot.run.is_empty() || run.is_none()))
}

fn place(snapshot: &NmtSnapshot, category: &NmtCategory) -> Option<Span> {
    category.at.get("committed").or(line_of(snapshot, category.line))
}

fn line_of(snapshot: &NmtSnapshot, line: u32) -> Option<Span> {
    Some(Span { source: snapshot.source, line, start: 0, end: 0 })
}

/// Colour and pattern of a category. Names stay as the JVM prints them.
fn look(category: &str) -> (Role, Pattern) {
    match category {
        "Java Heap" => (Role::Old, Pattern::Solid),
        "Class" | "Metaspace" => (Role::Metaspace, Pattern::Solid),
        "Shared class space" => (Role::PageCache, Pattern::Dotted),
        "Thread" | "Thread Stack" => (Role::Threads, Pattern::Dotted),
        "Code" | "Compiler" | "JVMCI" => (Role::Code, Pattern::BackHatched),
        "GC" | "GCCardSet" => (Role::GcStructures, Pattern::Crossed),
        "Other" | "Internal" | "Unsafe" => (Role::Native, Pattern::BackHatched),
        _ => (Role::Rest, Pattern::Solid),
    }
}
