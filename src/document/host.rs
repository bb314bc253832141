//! Figures about the machine, containers, and processes that stand around the JVM's own.

use super::{Cell, Fact, Facts, Part, Teller, line_span};
use crate::i18n::number;
use crate::model::host::HostReading;
use crate::model::names;

impl Teller<'_> {
    /// What a reading is, of whom, and when.
    pub fn host_caption(&self, host: &HostReading) -> Cell {
        let mut caption: Cell = vec![self.word(host.kind.key()).into()];
        caption.push(self.place(host.source, host.first_line, host.last_line));
        caption.extend(host.pid.map(|pid| self.pid(pid).into()));
        caption.extend(host.name.clone().map(Part::of));
        let at = host.at.get("time").or(host.at.get("local_time"));
        caption.extend(self.clock(host.time, host.local_time).map(|time| Part::of(time).at(at)));
        caption
    }

    /// Its figures and words.
    pub fn host_facts(&self, host: &HostReading) -> Vec<Fact> {
        let mut facts = Facts::of(self, &host.at, line_span(host.source, host.first_line));
        for (name, size) in &host.sizes {
            facts.push(("", self.name(name)), name, Part::size(*size));
        }
        for (name, count) in &host.counts {
            let said = match names::is_switch(name) {
                true => self.word(if *count == 0 { "text.no" } else { "text.yes" }),
                false => number(*count),
            };
            facts.push(("", self.name(name)), name, said.into());
        }
        for (name, word) in &host.words {
            facts.push(("", self.name(name)), name, names::said_word(self.words.0, name, word).into());
        }
        facts.text("page.host.flags", "flags", (!host.flags.is_empty()).then(|| host.flags.join(" ")));
        facts.facts
    }
}
