//! A snapshot while it is read: its total, categories, spaces, and call sites.

use std::collections::BTreeSet;

use super::check::check;
use super::detail::Detail;
use super::jfr;
use super::landmarks::{Header, Section, is_statistics, section};
use super::line::{self, Group, Part, Value, Values};
use super::names::{Trait, jdk_of, unified};
use crate::model::nmt::{NmtCategory, NmtSnapshot, NmtSpace, NmtTotal};
use crate::model::readings::Readings;
use crate::source::{Line, Places, Span};
use crate::units::{Bytes, SignedBytes};
use crate::warning::{Warning, WarningKind, WarningSink};

/// Categories of one snapshot; a JDK has about thirty.
const MAX_CATEGORIES: usize = 200;

#[derive(Debug, Default)]
pub(super) struct Open {
    pub(super) snapshot: NmtSnapshot,
    pub(super) detail: Detail,
    pub(super) section: Section,
    pub(super) context: Context,
    pub(super) traits: BTreeSet<Trait>,
    pub(super) is_diff: bool,
    pub(super) is_detail: bool,
    /// True if more than a heading says that there is a snapshot: a process id, a prompt, a scale.
    pub(super) announced: bool,
    /// True if its lines are parts of categories whose own lines are not there.
    pub(super) is_loose: bool,
    /// True if a logger put its time before the last line.
    pub(super) is_stamped: bool,
    /// True for a view of a flight recording: rows of a table, rounded for people, without a total.
    pub(super) is_recorded: bool,
    /// Takes back a number without unit at the end of the last line, should the source end there: it may be cut.
    pub(super) provisional: Option<fn(&mut NmtTotal)>,
}

/// What a line in parentheses belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Context {
    #[default]
    Nothing,
    Total,
    Category,
    Space,
}

impl Open {
    pub(super) fn has_content(&self) -> bool {
        let total = &self.snapshot.total;
        total.reserved.is_some()
            || total.committed.is_some()
            || total.malloc.is_some()
            || total.mmap_committed.is_some()
            || !self.snapshot.categories.is_empty()
            || self.is_in_detail()
    }

    pub(super) fn is_in_detail(&self) -> bool {
        self.section != Section::Summary
    }

    pub(super) fn has_category(&self, name: &str) -> bool {
        let name = unified(name);
        self.snapshot.categories.iter().any(|category| category.name == name)
    }

    pub(super) fn total(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        let rest = text.split_once(':').map_or("", |(_, rest)| rest);
        self.context = Context::Total;
        let mut values = line::values(rest, false);
        if values.get("committed").is_none() {
            // The line is cut, and perhaps inside of the number.
            values.list = values.list.into_iter().map(Value::without_open_end).collect();
        }
        for mut value in values.list {
            let is_reserved = match value.key {
                "reserved" => true,
                "committed" => false,
                _ => continue,
            };
            self.note_scale(&value);
            self.is_diff |= value.size_delta.is_some();
            let take_back: fn(&mut NmtTotal) = match (is_reserved, value.size_delta.is_some()) {
                (true, true) => |total| total.reserved_delta = None,
                (true, false) => |total| total.reserved = None,
                (false, true) => |total| total.committed_delta = None,
                (false, false) => |total| total.committed = None,
            };
            self.provisional = self.settle(&mut value, take_back);
            let total = &mut self.snapshot.total;
            let mut put = Put { line, at: &mut total.at, out };
            if is_reserved {
                put.size("reserved", &mut total.reserved, &value);
                put.change("reserved_delta", &mut total.reserved_delta, value.size_delta);
            } else {
                put.size("committed", &mut total.committed, &value);
                put.change("committed_delta", &mut total.committed_delta, value.size_delta);
            }
        }
        true
    }

    /// A number without unit at the end of a line counts in a report in bytes, as long as something follows; in any
    /// other report it is cut.
    fn settle(&self, value: &mut Value<'_>, take_back: fn(&mut NmtTotal)) -> Option<fn(&mut NmtTotal)> {
        if !value.open_ended {
            return None;
        }
        if self.snapshot.scale == Bytes(1) {
            return Some(take_back);
        }
        *value = value.clone().without_open_end();
        None
    }

    pub(super) fn note_scale(&mut self, value: &Value<'_>) {
        if self.snapshot.scale == Bytes(0) && value.unit > 0 {
            self.snapshot.scale = Bytes(value.unit);
        }
    }

    /// `malloc:` and `mmap:` under the total, `malloc=` in diffs of newer JDKs.
    pub(super) fn under_total(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        if let Some(rest) = text.strip_prefix("malloc") {
            self.traits.insert(if rest.starts_with('=') { Trait::TotalMallocOfDiff } else { Trait::TotalMalloc });
            self.is_diff |= rest.starts_with('=');
            let Some(rest) = rest.strip_prefix([':', '=']) else { return false };
            let mut values = line::values(rest, false);
            self.note_peak(&values);
            let Some(value) = values.list.first_mut() else { return false };
            // Only the amount is kept, and a count behind it shows that it is whole.
            self.provisional = match value.count {
                Some(_) => None,
                None => self.settle(value, |total| total.malloc = None),
            };
            let total = &mut self.snapshot.total;
            let mut put = Put { line, at: &mut total.at, out };
            put.size("malloc", &mut total.malloc, value);
            self.is_diff |= value.size_delta.is_some();
            return true;
        }
        let Some(rest) = text.strip_prefix("mmap:") else { return false };
        let mut values = line::values(rest, false);
        for value in &mut values.list {
            let (take_back, name): (fn(&mut NmtTotal), _) = match value.key {
                "reserved" => (|total| total.mmap_reserved = None, "mmap_reserved"),
                "committed" => (|total| total.mmap_committed = None, "mmap_committed"),
                _ => continue,
            };
            let open_delta = value.open_ended && value.size_delta.is_some();
            self.provisional = if open_delta { None } else { self.settle(value, take_back) };
            let total = &mut self.snapshot.total;
            let slot = if name == "mmap_reserved" { &mut total.mmap_reserved } else { &mut total.mmap_committed };
            Put { line, at: &mut total.at, out }.size(name, slot, value);
            self.is_diff |= value.size_delta.is_some();
        }
        true
    }

    /// A category at the end of a recording, with its change since the beginning.
    pub(super) fn recorded(&mut self, line: &Line<'_>, row: &jfr::Row<'_>) -> bool {
        if self.snapshot.categories.len() >= MAX_CATEGORIES || self.has_category(row.name) {
            return false;
        }
        let mut category = NmtCategory {
            name: unified(row.name).to_owned(),
            committed: Some(row.last),
            committed_delta: Some(row.last.minus(row.first)).filter(|delta| delta.0 != 0),
            line: line.number,
            ..NmtCategory::default()
        };
        category.at.put("name", line.span_of(row.name));
        category.at.put("committed", line.span_of(row.printed));
        category.at.put("committed_delta", line.span_of(row.printed));
        self.snapshot.categories.push(category);
        true
    }

    /// A part of a category that is not named: it is kept under its own name, as often as it is printed.
    pub(super) fn loose(&mut self, line: &Line<'_>, part: &str, text: &str, out: &mut Readings) -> bool {
        self.is_loose = true;
        if self.snapshot.categories.len() >= MAX_CATEGORIES {
            self.context = Context::Nothing;
            return true;
        }
        let mut category = NmtCategory { name: part.to_owned(), line: line.number, ..NmtCategory::default() };
        category.at.put("name", line.span_of(part));
        self.snapshot.categories.push(category);
        self.context = Context::Category;
        for group in line::groups(text) {
            self.group(line, &group, out);
        }
        true
    }

    pub(super) fn category(&mut self, line: &Line<'_>, text: &str, header: &Header<'_>, out: &mut Readings) -> bool {
        self.context = Context::Category;
        if self.snapshot.categories.len() >= MAX_CATEGORIES {
            self.context = Context::Nothing;
            return true;
        }
        self.traits.extend(Trait::of_name(header.name));
        let mut category =
            NmtCategory { name: unified(header.name).to_owned(), line: line.number, ..NmtCategory::default() };
        category.at.put("name", line.span_of(header.name));
        let mut put = Put { line, at: &mut category.at, out };
        for value in &header.values.list {
            match value.key {
                "reserved" => {
                    put.size("reserved", &mut category.reserved, value);
                    put.change("reserved_delta", &mut category.reserved_delta, value.size_delta);
                }
                "committed" => {
                    put.size("committed", &mut category.committed, value);
                    put.change("committed_delta", &mut category.committed_delta, value.size_delta);
                }
                "readonly" => {
                    self.traits.insert(Trait::ReadOnly);
                }
                _ => {}
            }
        }
        if let Some(value) = header.values.list.first() {
            self.note_scale(value);
        }
        self.is_diff |= header.values.list.iter().any(|value| value.size_delta.is_some());
        self.snapshot.categories.push(category);
        // Flattened pastes carry the parts on the same line.
        for group in line::groups(text).skip(1) {
            if !self.group(line, &group, out) {
                break;
            }
        }
        true
    }

    /// A line inside a snapshot that is neither total nor category.
    pub(super) fn inner(&mut self, line: &Line<'_>, text: &str, out: &mut Readings) -> bool {
        if let Some(section) = section(text) {
            self.section = section;
            self.is_detail = true;
            self.context = Context::Nothing;
            return true;
        }
        if text.starts_with('[')
            && let Some(symbol) = line::frame(text)
        {
            // Diffs of call sites follow the summary without a heading.
            if self.section == Section::Summary {
                self.section = Section::Sites;
                self.is_detail = true;
                self.context = Context::Nothing;
            }
            if self.section == Section::Sites {
                self.detail.frame(symbol);
            }
            return true;
        }
        if self.context == Context::Total && self.under_total(line, text, out) {
            return true;
        }
        if self.is_in_detail() {
            if text.starts_with('(') && text.contains(" call sites weighting less than ") {
                return true;
            }
            // 7u40: `from [Thread::record_stack_base_and_size()+0xca]`.
            if self.section == Section::Map && text.starts_with("from [") {
                return true;
            }
            if self.section == Section::Files && text.starts_with("[0x") {
                return true;
            }
            return self.section == Section::Sites && self.site(line, text);
        }
        if is_statistics(text) && (text.starts_with("Preinit state:") || self.context == Context::Nothing) {
            self.context = Context::Nothing;
            return true;
        }
        let mut taken = false;
        for group in line::groups(text) {
            if !self.group(line, &group, out) {
                break;
            }
            taken = true;
        }
        taken
    }

    pub(super) fn site(&mut self, line: &Line<'_>, text: &str) -> bool {
        let Some(group) = line::groups(text).next().filter(|group| group.before.trim().is_empty()) else {
            return false;
        };
        let inside = group.inside.trim_start();
        let inside = inside.strip_prefix("mmap:").unwrap_or(inside);
        let mut values = line::values(inside, group.closed);
        values.list = values.list.into_iter().map(Value::without_open_end).collect();
        self.is_diff |= values.list.iter().any(|value| value.size_delta.is_some() || value.count_delta.is_some());
        self.detail.site(line, &values).is_some()
    }

    /// Reads a group in parentheses that belongs to a category or to a block inside it. False if it does not.
    pub(super) fn group(&mut self, line: &Line<'_>, group: &Group<'_>, out: &mut Readings) -> bool {
        let before = group.before.trim();
        if !before.is_empty() && before != ":" {
            return false;
        }
        let inside = group.inside.trim();
        let name = inside.trim_end_matches(':').trim_end();
        if matches!(name, "Metadata" | "Class space") && group.closed {
            return self.space_heading(line, inside, name, before);
        }
        let label = inside.split_once(':').map_or("", |(label, _)| label);
        let (label, inside) = match label {
            "mmap" | "stack" => (label, inside.get(label.len() + 1..).unwrap_or_default()),
            _ => ("", inside),
        };
        let mut values = line::values(inside, group.closed);
        values.list = values.list.into_iter().map(Value::without_open_end).collect();
        let Some(key) = values.list.first().map(|value| value.key) else {
            if values.at_peak {
                self.at_peak(line, group.inside);
            }
            return values.at_peak;
        };
        let is_space = label.is_empty() && matches!(key, "reserved" | "used" | "free" | "waste");
        let taken = match self.context {
            Context::Space if is_space => self.space_values(line, &values, out),
            Context::Category | Context::Space if !is_space => self.category_values(line, label, &values, inside, out),
            // The line that said whose part this is has been lost.
            Context::Nothing | Context::Total | Context::Category | Context::Space => {
                is_space
                    || !label.is_empty()
                    || matches!(key, "malloc" | "arena" | "peak" | "tracking overhead" | "overhead" | "classes")
                    || key.ends_with(" classes")
                    || key.starts_with("thread")
            }
        };
        if taken {
            self.is_diff |= values.list.iter().any(|value| value.size_delta.is_some() || value.count_delta.is_some());
        }
        taken
    }

    fn note_peak(&mut self, values: &Values<'_>) {
        if values.at_peak || values.get("peak").is_some() {
            self.traits.insert(Trait::Peak);
        }
    }

    pub(super) fn space_heading(&mut self, line: &Line<'_>, inside: &str, name: &str, before: &str) -> bool {
        let Some(category) = self.snapshot.categories.last_mut() else { return false };
        if self.context == Context::Nothing || category.spaces.len() >= 2 {
            return false;
        }
        self.traits.insert(Trait::MetadataBlock);
        if before == ":" {
            self.traits.insert(Trait::StrayColon);
        }
        self.is_diff |= !inside.ends_with(':');
        let mut space = NmtSpace { name: name.to_owned(), line: line.number, ..NmtSpace::default() };
        space.at.put("name", line.span_of(name));
        category.spaces.push(space);
        self.context = Context::Space;
        true
    }

    pub(super) fn space_values(&mut self, line: &Line<'_>, values: &Values<'_>, out: &mut Readings) -> bool {
        let Some(space) = self.snapshot.categories.last_mut().and_then(|category| category.spaces.last_mut()) else {
            return false;
        };
        for value in &values.list {
            let (name, slot) = match value.key {
                "reserved" => ("reserved", &mut space.reserved),
                "committed" => ("committed", &mut space.committed),
                "used" => ("used", &mut space.used),
                "free" => ("free", &mut space.free),
                "waste" => ("waste", &mut space.waste),
                _ => continue,
            };
            if name == "free" {
                self.traits.insert(Trait::MetadataFree);
            } else if name == "waste" && !self.traits.contains(&Trait::MetadataFree) {
                self.traits.insert(Trait::MetadataWithoutFree);
            }
            Put { line, at: &mut space.at, out }.size(name, slot, value);
        }
        true
    }

    fn category_values(
        &mut self,
        line: &Line<'_>,
        label: &str,
        values: &Values<'_>,
        inside: &str,
        out: &mut Readings,
    ) -> bool {
        self.note_traits(label, values, inside);
        let Some(category) = self.snapshot.categories.last_mut() else { return false };
        let part = category.last_part(line.number);
        let c = category;
        let mut put = Put { line, at: &mut c.at, out };
        // A second part of the same kind: the line of its category is missing, and so is the owner of what follows.
        let is_lost = match (label, values.list.first().map(|value| value.key)) {
            ("mmap", _) => c.mmap_reserved.is_some(),
            ("stack", _) => c.stack_reserved.is_some(),
            (_, Some("malloc")) => c.malloc.is_some(),
            (_, Some("arena")) => c.arena.is_some(),
            (_, Some("overhead")) => c.tracking_overhead.is_some(),
            (_, Some("classes")) => c.classes.is_some(),
            (_, Some("thread" | "threads")) => c.threads.is_some(),
            _ => false,
        };
        if is_lost {
            self.context = Context::Nothing;
            return true;
        }
        for value in &values.list {
            match (label, value.key) {
                ("mmap", "reserved") => {
                    put.size("mmap_reserved", &mut c.mmap_reserved, value);
                    put.change("mmap_reserved_delta", &mut c.mmap_reserved_delta, value.size_delta);
                }
                ("mmap", "committed") => {
                    put.size("mmap_committed", &mut c.mmap_committed, value);
                    put.change("mmap_committed_delta", &mut c.mmap_committed_delta, value.size_delta);
                }
                ("stack", "reserved") => put.size("stack_reserved", &mut c.stack_reserved, value),
                ("stack", "committed") => put.size("stack_committed", &mut c.stack_committed, value),
                ("mmap" | "stack", _) => {}
                (_, "malloc") => {
                    put.size("malloc", &mut c.malloc, value);
                    put.change("malloc_delta", &mut c.malloc_delta, value.size_delta);
                    put.count("malloc_count", &mut c.malloc_count, value.count);
                    put.count("malloc_count_delta", &mut c.malloc_count_delta, value.count_delta);
                }
                (_, "arena") => {
                    put.size("arena", &mut c.arena, value);
                    put.change("arena_delta", &mut c.arena_delta, value.size_delta);
                }
                // Behind the part it belongs to, on the same line.
                (_, "peak") => match part {
                    Some("arena") => put.size("arena_peak", &mut c.arena_peak, value),
                    Some(_) => put.size("malloc_peak", &mut c.malloc_peak, value),
                    None => return false,
                },
                // `tracking overhead=`
                (_, "overhead") => put.size("tracking_overhead", &mut c.tracking_overhead, value),
                (_, "classes") => {
                    put.count("classes", &mut c.classes, value.count);
                    put.count("classes_delta", &mut c.classes_delta, value.count_delta);
                }
                (_, "thread" | "threads") => {
                    put.count("threads", &mut c.threads, value.count);
                    put.count("threads_delta", &mut c.threads_delta, value.count_delta);
                }
                (_, "instance classes" | "array classes") => {}
                _ => return false,
            }
        }
        let count = |key| values.get(key).and_then(|value| value.count).map(|count| count.value);
        if let (Some(instance), Some(array)) = (count("instance classes"), count("array classes"))
            && let Some(classes) = c.classes
            && instance.checked_add(array) != Some(classes)
        {
            put.out.warn_line(line, WarningKind::TornSample { column: "classes".to_owned() });
        }
        self.context = Context::Category;
        true
    }

    fn note_traits(&mut self, label: &str, values: &Values<'_>, inside: &str) {
        let peak = values.at_peak || values.get("peak").is_some();
        let has = |key: &str| values.get(key).is_some();
        let seen = [
            (peak, Trait::Peak),
            (peak && !label.is_empty(), Trait::MmapPeak),
            (has("malloc") && inside.contains(" tag="), Trait::Tag),
            (has("malloc") && inside.contains(", #"), Trait::CommaBeforeCount),
            (has("classes"), Trait::Classes),
            (has("instance classes"), Trait::InstanceClasses),
            (has("thread"), Trait::Thread),
            (has("threads"), Trait::Threads),
        ];
        self.traits.extend(seen.into_iter().filter(|(seen, _)| *seen).map(|(_, known)| known));
    }

    /// `(at peak)` behind a part: it has never been larger.
    pub(super) fn at_peak(&mut self, line: &Line<'_>, text: &str) {
        self.traits.insert(Trait::Peak);
        if self.context != Context::Category {
            return;
        }
        let Some(category) = self.snapshot.categories.last_mut() else { return };
        match category.last_part(line.number) {
            Some("arena") => {
                category.arena_peak = category.arena;
                category.at.put("arena_peak", line.span_of(text));
            }
            Some("malloc") => {
                category.malloc_peak = category.malloc;
                category.at.put("malloc_peak", line.span_of(text));
            }
            _ => {}
        }
    }

    pub(super) fn finish(mut self, out: &mut Readings) {
        let place = Span { source: self.snapshot.source, line: self.snapshot.first_line, start: 0, end: 0 };
        if !self.has_content() {
            if self.announced {
                out.warn(Warning { span: place, kind: WarningKind::CutOff { format: "nmt".to_owned() } });
            }
            return;
        }
        let mut snapshot = self.snapshot;
        snapshot.kind = match (self.is_detail, self.is_diff) {
            (false, false) => "summary",
            (false, true) => "summary.diff",
            (true, false) => "detail",
            (true, true) => "detail.diff",
        }
        .to_owned();
        snapshot.jdk = jdk_of(&self.traits);
        if std::mem::take(&mut self.detail.overflow) {
            out.warn(Warning { span: place, kind: WarningKind::LimitReached { what: "NMT detail".to_owned() } });
        }
        (snapshot.regions, snapshot.sites) = self.detail.finish();
        let (mut doubts, complete) = check(&snapshot);
        if self.is_recorded {
            doubts.clear(); // No view of a recording has a total.
        }
        snapshot.complete = complete;
        for (line, kind) in doubts {
            let total = snapshot.total.at.get("reserved");
            let categories = snapshot.categories.iter().filter_map(|category| category.at.get("name"));
            let span = total.into_iter().chain(categories).find(|span| span.line == line);
            out.warn(Warning { span: span.unwrap_or(Span { line, ..place }), kind });
        }
        out.nmt.push(snapshot);
    }
}

impl NmtCategory {
    /// The part read from this line, if it can have a peak.
    fn last_part(&self, line: u32) -> Option<&'static str> {
        ["malloc", "arena"].into_iter().find(|part| self.at.get(part).is_some_and(|span| span.line == line))
    }
}

/// Writes values with their places.
pub(super) struct Put<'a, 'l> {
    line: &'a Line<'l>,
    at: &'a mut Places,
    out: &'a mut Readings,
}

impl Put<'_, '_> {
    fn size(&mut self, name: &'static str, slot: &mut Option<Bytes>, value: &Value<'_>) {
        if let Some(size) = value.size {
            *slot = Some(Bytes(size.value));
            self.at.put(name, self.line.span_of(size.text));
        } else if value.broken {
            self.out.warn_line(self.line, WarningKind::NotANumber { column: name.to_owned() });
        }
    }

    fn change(&mut self, name: &'static str, slot: &mut Option<SignedBytes>, delta: Option<Part<'_, i64>>) {
        if let Some(delta) = delta {
            *slot = Some(SignedBytes(delta.value));
            self.at.put(name, self.line.span_of(delta.text));
        }
    }

    fn count<T: Copy>(&mut self, name: &'static str, slot: &mut Option<T>, count: Option<Part<'_, T>>) {
        if let Some(count) = count {
            *slot = Some(count.value);
            self.at.put(name, self.line.span_of(count.text));
        }
    }
}
