//! What the JVM itself said, what else ended processes, and what could not be used.

use super::{Cell, Part, Row, Style, Teller, line_span};
use crate::i18n::{format, number};
use crate::model::java::JavaError;
use crate::model::oom::Event;
use crate::report::{Report, ReportWarning};
use crate::units::Bytes;

impl Teller<'_> {
    /// Its message, and what is known of it.
    pub fn error(&self, error: &JavaError) -> Row {
        let mut facts: Vec<Part> = vec![self.word(error.kind.key()).into()];
        facts.extend(error.told.then(|| self.word("text.told").into()));
        facts.extend(error.thread.as_ref().map(|thread| format!("{} {thread}", self.word("text.thread")).into()));
        facts.extend(error.pid.map(|pid| self.pid(pid).into()));
        facts.extend(self.clock(error.time, error.local_time).map(Part::of));
        let up = |time| self.words.fill("chart.time.uptime", &[("time", &self.duration(time))]).into();
        facts.extend(error.uptime.map(up));
        facts.extend(error.sizes.iter().map(|(name, size)| self.named_size(name, Part::size(*size))));
        facts.extend((error.count > 1).then(|| format!("×{}", number(error.count)).into()));
        let message = Part::of(&*error.message).styled(Style::Code);
        Row::of(vec![vec![message], asides(facts)]).on(error.source, error.first_line, error.last_line)
    }

    /// What it was, and what is known of it.
    pub fn event(&self, event: &Event) -> Row {
        let mut facts: Vec<Part> = Vec::new();
        facts.extend(event.told.then(|| self.word("text.told").into()));
        facts.extend(self.clock(event.time, event.local_time).map(Part::of));
        let said = |key: &str, name: &str, value: String| Part::of(self.words.fill(key, &[(name, &value)]));
        facts.extend(event.uptime.map(|time| said("chart.time.boot", "time", self.duration(time))));
        facts.extend(event.pid.map(|pid| self.pid(pid).into()));
        facts.extend(event.name.clone().map(Part::of));
        facts.extend(event.lasted.map(|time| said("text.lasted", "time", self.duration(time))));
        facts.extend(event.restarts.map(|count| said("text.restarts", "count", number(count))));
        facts.extend(event.sizes.iter().map(|(name, size)| self.named_size(name, stated(*size))));
        let kind = self.word(event.kind.key()).into();
        Row::of(vec![vec![kind], asides(facts)]).on(event.source, event.first_line, event.last_line)
    }

    fn named_size(&self, name: &str, size: Part) -> Part {
        Part { text: format!("{} {}", self.name(name), size.plain()), exact: None, ..size }
    }

    /// What could not be used, and the lines of others of its kind.
    pub fn warning(&self, (warning, others): &(&ReportWarning, Vec<u32>)) -> Row {
        let mut cell: Cell = vec![warning.say(self.words.0).into()];
        if !others.is_empty() {
            cell.push(self.words.count("page.warnings.alike", others.len() as u64).into());
            let line = |line: &u32| Part::of(line.to_string()).at(line_span(warning.source, *line));
            cell.extend(others.iter().take(Report::ALIKE).map(line));
            cell.extend((others.len() > Report::ALIKE).then(|| "…".to_owned().into()));
        }
        Row::of(vec![cell]).on(warning.source, warning.line, warning.line)
    }
}

fn asides(mut facts: Cell) -> Cell {
    facts.iter_mut().for_each(|fact| fact.style = Style::Aside);
    facts
}

/// A size of what programs print with one decimal: its bytes are not known better than that.
fn stated(bytes: Bytes) -> Part {
    match format::is_told_by_tenths(bytes) {
        true => format::size(bytes).into(),
        false => Part::size(bytes),
    }
}
