//! A record of the log from its opening bracket to its closing one, and what it says.

use crate::formats::gc_log::{Change, change, millis, seconds, size_of};
use crate::model::gc::{GcEvent, GcKind};
use crate::model::readings::Readings;
use crate::units::{Bytes, Micros};

/// What a whole record says.
pub(super) struct Read {
    pub(super) event: GcEvent,
    pub(super) failure: Option<&'static str>,
    pub(super) collector: Option<&'static str>,
    /// A collection inside the pause: `-XX:+CMSScavengeBeforeRemark`.
    pub(super) inner: Option<GcEvent>,
}

/// Reads a record from its opening bracket on. `None` for phases and for what has neither heap nor duration.
pub(super) fn parse(text: &str) -> Option<Read> {
    let (own, nested) = take_apart(text)?;
    let (is_full, rest) = match own.strip_prefix("Full GC") {
        Some(rest) => (true, rest),
        None => {
            let young = own.strip_prefix("Incremental GC").or_else(|| own.strip_prefix("GC"));
            (false, young.unwrap_or(&own))
        }
    };
    if let Some(phase) = own.strip_prefix("CMS-concurrent-") {
        return parse_cms_phase(phase);
    }
    if own.starts_with("Pause ") || own.starts_with("Concurrent ") {
        return parse_shenandoah(&own);
    }
    let duration = duration_of(rest);
    if let Some(phase) = rest.trim_start().strip_prefix("concurrent-") {
        // One event per cycle: the end of marking is the phase that all cycles have.
        let is_mark_end = phase.starts_with("mark-end");
        let event = GcEvent {
            kind: GcKind::Concurrent,
            name: "GC concurrent-mark-end".to_owned(),
            duration: Some(duration?),
            ..GcEvent::default()
        };
        return is_mark_end.then_some(Read { event, failure: None, collector: Some("G1"), inner: None });
    }
    if rest.split_ascii_whitespace().any(|word| word == ":" || word.ends_with("):")) {
        // The bracket of a generation is lost, and what stands behind its colon is not of the whole heap.
        return None;
    }
    let mut read = Read {
        event: GcEvent { duration, pause: true, ..GcEvent::default() },
        failure: None,
        collector: None,
        inner: None,
    };
    let (before, after, committed) = heap_of(rest);
    (read.event.before, read.event.after, read.event.committed) = (before, after, committed);
    let mut collects_old = false;
    let mut concurrent_pause = None;
    for block in &nested {
        if block.starts_with("[GC ") && block.contains("[ParNew") {
            let inner = parse(block)?;
            read.collector = read.collector.or(inner.collector);
            read.inner = Some(inner.event);
            continue;
        }
        let Some((inner, _)) = take_apart(block) else { continue };
        let (label, values) = inner.split_once(':').unwrap_or((&inner, ""));
        match label.trim_start_matches("1 ").trim_end() {
            "CMS-initial-mark" => concurrent_pause = Some("CMS-initial-mark"),
            "CMS-remark" => concurrent_pause = Some("CMS-remark"),
            _ => {}
        }
        match read.block(label, &inner, values) {
            Block::Old => collects_old = true,
            Block::Other => {}
            // A label that was torn: the record may be of another kind than it seems.
            Block::Unknown => return None,
        }
    }
    let failed = |name: &str| rest.contains(name) || nested.iter().any(|block| block.contains(name));
    if read.collector.is_some_and(|collector| matches!(collector, "CMS" | "Serial"))
        && (failed("(promotion failed)") || failed("(concurrent mode failure)"))
        && before.zip(after).is_none_or(|(before, after)| before > after)
    {
        // The old generation is collected in the same pause, even where its line is lost; but not where nothing was freed, as in
        // the incremental mode, which leaves that to a pause of its own.
        collects_old = true;
    }
    if collects_old && !is_full {
        // The young generation failed first, and what is printed behind its arrow is not what the pause left in it.
        read.event.figures.remove("young_after");
    }
    read.failure = read.failure.or(failure_in(rest));
    if rest.contains(")-- ") {
        // `[GC pause (G1 Evacuation Pause) (young)-- 250M->250M(256M), 0.5 secs]`, without details.
        read.failure = read.failure.or(Some("to-space exhausted"));
    } else if rest.starts_with("--") || rest.contains(" --") {
        read.failure = read.failure.or(Some("promotion failed"));
    }
    read.name(is_full || collects_old, is_full, rest, concurrent_pause);
    (read.event.duration.is_some() || read.event.after.is_some()).then_some(read)
}

/// `Pause Full 2000M->1800M(2048M), 1234.567 ms`.
pub(super) fn parse_shenandoah(own: &str) -> Option<Read> {
    let (what, duration) = own.rsplit_once(", ")?;
    let duration = millis(duration.trim_end().strip_suffix(" ms")?)?;
    let (name, heap) = match what.rsplit_once(' ') {
        Some((name, last)) if change(last).is_some() => (name, change(last)),
        _ => (what, None),
    };
    let kind = match () {
        () if name.starts_with("Pause Full") => GcKind::Full,
        () if name.starts_with("Pause Degenerated") => GcKind::Degenerated,
        () if name.starts_with("Pause ") => GcKind::ConcurrentPause,
        () if heap.is_some() => GcKind::Concurrent,
        () => return None,
    };
    let heap = heap.unwrap_or_default();
    let event = GcEvent {
        kind,
        name: name.to_owned(),
        duration: Some(duration),
        pause: kind != GcKind::Concurrent,
        before: heap.before,
        after: heap.after,
        committed: heap.after_of,
        ..GcEvent::default()
    };
    Some(Read { event, failure: None, collector: Some("Shenandoah"), inner: None })
}

/// `[CMS-concurrent-mark: 0.012/0.013 secs]`: processor and elapsed time. Other phases of the cycle make no event.
pub(super) fn parse_cms_phase(phase: &str) -> Option<Read> {
    let times = phase.strip_prefix("mark: ")?.strip_suffix(" secs")?;
    let duration = seconds(times.split_once('/')?.1)?;
    let event = GcEvent {
        kind: GcKind::Concurrent,
        name: "CMS-concurrent-mark".to_owned(),
        duration: Some(duration),
        ..GcEvent::default()
    };
    Some(Read { event, failure: None, collector: Some("CMS"), inner: None })
}

/// What a bracket inside a record is about.
pub(super) enum Block {
    /// The old generation, which was collected.
    Old,
    /// Another part of memory, or none.
    Other,
    /// Sizes changed, and it is not known whose.
    Unknown,
}

impl Read {
    /// Reads `PSYoungGen: 524800K->87031K(611840K)` and its like.
    fn block(&mut self, label: &str, inner: &str, values: &str) -> Block {
        let label = label.trim_start();
        // `CMS2.2: [CMS-concurrent-mark: …] (concurrent mode failure): 3K->2K(4K)`: the stamp stands in the label.
        let word = label.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        self.failure = self.failure.or(failure_in(inner));
        // Two changes in one bracket: the end of one generation and the beginning of the next are lost.
        let changed = || {
            let mut changes = inner.split_ascii_whitespace().filter_map(|word| change(word.trim_end_matches(',')));
            changes.next().filter(|_| changes.next().is_none())
        };
        let figures = &mut self.event.figures;
        let mut put = |name: &str, value: Option<Bytes>| {
            if let Some(value) = value {
                figures.insert(name.to_owned(), value);
            }
        };
        match word {
            "PSYoungGen" | "DefNew" | "ParNew" => {
                self.collector = Some(match word {
                    "PSYoungGen" => "Parallel",
                    "DefNew" => "Serial",
                    _ => "CMS",
                });
                if let Some(young) = changed() {
                    put("young_before", young.before);
                    put("young_after", young.after);
                    put("young_committed", young.after_of);
                }
            }
            "CMS" if label.starts_with("CMS Perm") => perm(changed(), &mut put),
            "CMS" if label.starts_with("CMS-") => {}
            // `[CMSJava HotSpot(TM) Server VM warning: bailing out to foreground collection`
            "ParOldGen" | "PSOldGen" | "Tenured" | "CMS" | "CMSJava" | "CMSOpenJDK" => {
                self.collector = self.collector.or(match word {
                    "Tenured" => Some("Serial"),
                    "ParOldGen" | "PSOldGen" => Some("Parallel"),
                    _ => Some("CMS"),
                });
                let Some(old) = changed() else { return Block::Unknown };
                put("old_before", old.before);
                put("old_after", old.after);
                put("old_committed", old.after_of);
                return Block::Old;
            }
            "Metaspace" => {
                if let Some(metaspace) = changed() {
                    put("metaspace_used", metaspace.after);
                    put("metaspace_reserved", metaspace.after_of);
                }
            }
            "PSPermGen" | "Perm" => perm(changed(), &mut put),
            _ if label.starts_with("1 CMS-") => {
                self.collector = Some("CMS");
                if let Some((used, committed)) = values.split_ascii_whitespace().find_map(size_of) {
                    put("old_after", Some(used));
                    put("old_committed", committed);
                }
            }
            _ if changed().is_some() => return Block::Unknown,
            _ => {}
        }
        Block::Other
    }

    /// Kind, name, and cause from what stands in round brackets.
    fn name(&mut self, collects_all: bool, is_full: bool, rest: &str, concurrent_pause: Option<&str>) {
        let event = &mut self.event;
        let groups = groups(rest);
        let has = |word: &str| groups.contains(&word);
        let start = rest.trim_start();
        let head = if is_full {
            "Full GC"
        } else if start.starts_with("pause") {
            "GC pause"
        } else if start.starts_with("remark") {
            "GC remark"
        } else if start.starts_with("cleanup") {
            "GC cleanup"
        } else {
            "GC"
        };
        event.name = head.to_owned();
        let descriptors = ["young", "mixed", "initial-mark", "partial", "CMS Initial Mark", "CMS Final Remark"];
        for group in groups.iter().filter(|group| descriptors.contains(group)) {
            event.name.push_str(&format!(" ({group})"));
        }
        if event.name == "GC"
            && let Some(pause) = concurrent_pause
        {
            event.name = format!("GC {pause}");
        }
        event.cause = groups
            .iter()
            .find(|group| !descriptors.contains(group) && failure_in(&format!("({group})")).is_none())
            .map(|group| (*group).to_owned());
        // Without details only the words say it; what collects on the way has a heap before.
        let marks = (has("CMS Initial Mark") || has("CMS Final Remark")) && event.before.is_none();
        if marks {
            self.collector = Some("CMS");
        }
        event.kind = if collects_all {
            GcKind::Full
        } else if marks || matches!(head, "GC remark" | "GC cleanup") || concurrent_pause.is_some() {
            GcKind::ConcurrentPause
        } else if has("mixed") {
            GcKind::Mixed
        } else {
            GcKind::Young
        };
        if head.starts_with("GC ") {
            self.collector = Some("G1");
        }
    }
}

pub(super) fn perm(changed: Option<Change>, put: &mut dyn FnMut(&str, Option<Bytes>)) {
    if let Some(perm) = changed {
        // What was in use before says more only where nothing was left.
        let is_full = perm.before.zip(perm.after_of).is_some_and(|(before, of)| before.0 / 199 >= of.0 / 200);
        put("perm_before", perm.before.filter(|_| is_full));
        put("perm_used", perm.after);
        put("perm_committed", perm.after_of);
    }
}

/// The text of a bracket without the brackets inside it, and those.
pub(super) fn take_apart(text: &str) -> Option<(String, Vec<&str>)> {
    let inner = text.strip_prefix('[')?;
    let mut own = String::new();
    let mut nested = Vec::new();
    let mut depth = 0usize;
    let mut from = 0;
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            b'[' => {
                if depth == 0 {
                    own.push_str(inner.get(from..at)?);
                    own.push(' ');
                    from = at;
                }
                depth += 1;
            }
            b']' if depth == 0 => {
                own.push_str(inner.get(from..at)?);
                return Some((own, nested));
            }
            b']' => {
                depth -= 1;
                if depth == 0 {
                    nested.push(inner.get(from..=at)?);
                    from = at + 1;
                }
            }
            _ => {}
        }
    }
    None
}

/// The last `N secs`, which some languages write with a comma; one may also stand right before it.
pub(super) fn duration_of(text: &str) -> Option<Micros> {
    let (before, _) = text.rsplit_once(" secs")?;
    let word = before.rsplit([' ', ')', ']']).next()?.trim_start_matches(',');
    seconds(word).or_else(|| seconds(word.rsplit(',').next()?))
}

/// `524800K->499220K(2010112K)`, or `10K(506816K)` of a pause that collects nothing.
pub(super) fn heap_of(text: &str) -> (Option<Bytes>, Option<Bytes>, Option<Bytes>) {
    let mut words = text.split_ascii_whitespace().map(|word| word.trim_end_matches(','));
    if let Some(heap) = words.clone().find_map(change) {
        return (heap.before, heap.after, heap.after_of);
    }
    match words.find_map(|word| size_of(word).filter(|(_, committed)| committed.is_some())) {
        Some((used, committed)) => (None, Some(used), committed),
        None => (None, None, None),
    }
}

/// What stands in round brackets after a blank: `(System.gc())` as `System.gc()`, but not `499220K(2010112K)`.
pub(super) fn groups(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut groups = Vec::new();
    let mut depth = 0usize;
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' if depth > 0 => depth += 1,
            b'(' if at == 0 || bytes.get(at - 1).is_some_and(|b| *b == b' ') => {
                depth = 1;
                from = at + 1;
            }
            b')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    groups.extend(text.get(from..at));
                }
            }
            _ => {}
        }
    }
    groups
}

pub(super) fn failure_in(text: &str) -> Option<&'static str> {
    ["to-space exhausted", "to-space overflow", "promotion failed", "concurrent mode failure"]
        .into_iter()
        .find(|failure| text.strip_prefix('(').unwrap_or(text).contains(failure) && text.contains('('))
}

/// `[Eden: 24.0M(24.0M)->0.0B(13.0M) Survivors: 0.0B->3072.0K Heap: 24.0M(256.0M)->5120.0K(256.0M)], [Metaspace: …]`.
pub(super) fn details(text: &str, event: usize, out: &mut Readings) {
    let Some(event) = out.gc_events.get_mut(event) else { return };
    let mut words = text.split_ascii_whitespace();
    while let Some(label) = words.next() {
        let value = || change(words.clone().next()?.trim_end_matches([']', ',']));
        let names = match label.trim_start_matches('[') {
            "Eden:" => ["eden_before", "eden_after", ""],
            "Survivors:" => ["survivor_before", "survivor_after", ""],
            "Metaspace:" => ["", "metaspace_used", "metaspace_reserved"],
            "Heap:" => {
                if let Some(heap) = value() {
                    event.before = event.before.or(heap.before);
                    event.after = event.after.or(heap.after);
                    event.committed = event.committed.or(heap.after_of);
                }
                continue;
            }
            _ => continue,
        };
        let Some(read) = value() else { continue };
        for (name, value) in names.into_iter().zip([read.before, read.after, read.after_of]) {
            if let Some(value) = value.filter(|_| !name.is_empty()) {
                event.figures.insert(name.to_owned(), value);
            }
        }
    }
}
