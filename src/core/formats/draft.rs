//! A reading while it is being read: values go in with their place, and what may be cut at the end of a paste goes out.

use super::cut;
use crate::model::host::HostReading;
use crate::model::kind::HostKind;
use crate::model::readings::Readings;
use crate::source::{Line, Span};
use crate::units::Bytes;
use crate::warning::{Warning, WarningKind, WarningSink};

/// Readings of the host kept over all sources.
pub(super) const MAX_READINGS: usize = 4000;

/// A reading and how far it was read.
#[derive(Debug)]
pub(super) struct Draft {
    /// What was read so far. Values go in through the methods, so that they have a place.
    pub(super) reading: HostReading,
    /// Where the last line ends: if the source ends there too, the fields that reach it may be cut.
    end: usize,
    /// The source ends in the middle of the last line.
    cut: bool,
    /// The value that was read last shows that it is whole.
    whole: bool,
}

impl Draft {
    /// An empty reading that starts here and has the time that a transport gave the line.
    pub(super) fn new(kind: HostKind, line: &Line<'_>) -> Draft {
        let mut reading = HostReading::on(line, kind);
        if let Some(wall) = line.stamp.wall.filter(|wall| wall.year_known) {
            (reading.time, reading.local_time) = wall.split();
        }
        Draft { reading, end: line.raw.trim_end().len(), cut: line.is_unterminated(), whole: false }
    }

    /// The reading goes on to this line.
    pub(super) fn extend(&mut self, line: &Line<'_>) {
        self.reading.last_line = line.number;
        self.end = line.raw.trim_end().len();
        self.cut = line.is_unterminated();
    }

    /// A size read from `part`; a warning names it if it could not be read.
    pub(super) fn size(&mut self, name: &'static str, size: Option<Bytes>, line: &Line<'_>, part: &str) {
        if let Some(size) = size {
            self.reading.sizes.insert(name.to_owned(), size);
            self.place(name, line, part);
        }
    }

    /// A size whose unit was told later: `printed` stood at `span`.
    pub(super) fn size_at(&mut self, name: &'static str, size: Bytes, span: Span, printed: &str) {
        self.reading.sizes.insert(name.to_owned(), size);
        self.reading.at.put(name, span);
        self.note_whole(printed);
    }

    /// A count read from `part`.
    pub(super) fn count(&mut self, name: &'static str, count: Option<u64>, line: &Line<'_>, part: &str) {
        if let Some(count) = count {
            self.reading.counts.insert(name.to_owned(), count);
            self.place(name, line, part);
        }
    }

    /// A word that stands at `part`.
    pub(super) fn word(&mut self, name: &'static str, word: &str, line: &Line<'_>, part: &str) {
        self.reading.words.insert(name.to_owned(), word.to_owned());
        self.place(name, line, part);
        // The last part of a path is another one as long as the path goes on, and so is a version without its build.
        self.whole &= match name {
            "main" => word.ends_with(".jar"),
            "argument_file" => !line.raw.trim_end().ends_with(part),
            "jdk" => false,
            _ => true,
        };
    }

    /// The process that other lines name, and where, unless it is known.
    pub(super) fn process(&mut self, named: Option<(u32, Span)>) {
        if let (None, Some((pid, span))) = (self.reading.pid, named) {
            self.reading.pid = Some(pid);
            self.reading.at.put("pid", span);
        }
    }

    /// The process id; nothing if it is no number.
    pub(super) fn pid(&mut self, line: &Line<'_>, part: &str) {
        if let Ok(pid) = part.parse() {
            self.reading.pid = Some(pid);
            self.place("pid", line, part);
        }
    }

    /// The name of the process, container, or pod.
    pub(super) fn name(&mut self, line: &Line<'_>, part: &str) {
        self.reading.name = Some(part.to_owned());
        self.place("name", line, part);
    }

    /// JVM options that stand in `part`.
    pub(super) fn flags(&mut self, flags: &[&str], line: &Line<'_>, part: &str) {
        if let Some(last) = flags.last() {
            self.reading.flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
            self.place("flags", line, part);
            self.whole = cut::is_whole_option(last);
        }
    }

    /// A row of a class histogram; the name of the class ends it.
    pub(super) fn class(&mut self, name: &str, instances: u64, bytes: Bytes, line: &Line<'_>) {
        self.extend(line);
        let known = |field: &String| self.reading.sizes.contains_key(field);
        // Two loaders may have loaded classes of one name.
        let names = std::iter::once(format!("class:{name}")).chain((2..100).map(|nth| format!("class:{name}#{nth}")));
        let Some(field) = names.into_iter().find(|field| !known(field)) else { return };
        self.reading.sizes.insert(field.clone(), bytes);
        self.reading.counts.insert(field.clone(), instances);
        self.reading.at.put_key(field, line.span_of(name));
    }

    /// Warns that a value could not be read.
    pub(super) fn not_a_number(column: &str, line: &Line<'_>, part: &str, out: &mut Readings) {
        let kind = WarningKind::NotANumber { column: column.to_owned() };
        out.warn(Warning { span: line.span_of(part), kind });
    }

    fn place(&mut self, name: &'static str, line: &Line<'_>, part: &str) {
        self.extend(line);
        self.reading.at.put(name, line.span_of(part));
        self.note_whole(part);
    }

    /// Whether the text may end here.
    fn note_whole(&mut self, part: &str) {
        // `512M` may be the beginning of `512Mi`, which is more.
        let may_be_binary =
            matches!(self.reading.kind, HostKind::Kubernetes | HostKind::KubernetesNode | HostKind::DockerStats);
        let letter = part.ends_with(['K', 'M', 'G', 'T', 'k', 'm', 'g', 't']);
        self.whole = cut::is_whole(part) && !(may_be_binary && letter);
    }

    /// True if a value of this name is there.
    pub(super) fn has(&self, name: &str) -> bool {
        let HostReading { sizes, counts, words, .. } = &self.reading;
        sizes.contains_key(name) || counts.contains_key(name) || words.contains_key(name)
    }

    /// True if nothing was read that says something by itself.
    pub(super) fn is_empty(&self) -> bool {
        let HostReading { sizes, counts, words, flags, .. } = &self.reading;
        let says = ["limit", "jdk", "argument_file", "kernel_release", "pids_limit", "user_processes_max"]
            .iter()
            .any(|word| words.contains_key(*word));
        sizes.is_empty() && counts.is_empty() && flags.is_empty() && !says
    }

    /// True if the source ended in the middle of the last line that was read.
    pub(super) fn is_cut(&self) -> bool {
        self.cut
    }

    /// Hands the reading over.
    pub(super) fn push(mut self, out: &mut Readings) {
        if self.cut && !self.whole {
            let is_last = |span: Span| span.line == self.reading.last_line && span.end as usize >= self.end;
            let at_end = self.reading.at.iter().filter(|(_, span)| is_last(*span));
            for (name, span) in at_end.map(|(name, span)| (name.to_owned(), span)).collect::<Vec<_>>() {
                self.take_back(&name);
                out.warn(Warning { span, kind: WarningKind::CutNumber { column: name } });
            }
        }
        if !self.is_empty() && out.host.len() < MAX_READINGS {
            out.host.push(self.reading);
        }
    }

    fn take_back(&mut self, name: &str) {
        let reading = &mut self.reading;
        reading.sizes.remove(name);
        reading.counts.remove(name);
        reading.words.remove(name);
        match name {
            "pid" => reading.pid = None,
            "name" => reading.name = None,
            "flags" => {
                reading.flags.pop();
                return;
            }
            _ => {}
        }
        reading.at.remove(name);
    }
}
