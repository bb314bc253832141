//! Lines that come again and again without anything else between them, and that nobody takes: blank ones, above all. A short line costs
//! as much as a long one, and a megabyte unpacks to a thousand million of them; so those that every reader has been offered often
//! enough are counted, and only the last of a stretch are offered once more, when something else follows.

use std::collections::VecDeque;

use crate::detect::class::LineClass;

/// Bytes of a line that is remembered: a longer one costs no more than its length.
const MAX_TEXT: usize = 48;
/// Lines that are remembered.
const SLOTS: usize = 256;
/// How often a line is offered before it is only counted. More than any reader waits for among lines of others.
const OFTEN: u16 = 256;
/// Lines at the end of a stretch that readers see: what stands so near above a line may matter to it.
const NEAR: usize = 64;

/// The lines of a stretch.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    slots: Vec<Slot>,
    /// Slots of earlier stretches are empty.
    stretch: u32,
    /// Lines that were noted in this stretch.
    noted: u32,
    waiting: VecDeque<Waiting>,
}

#[derive(Clone, Debug)]
struct Slot {
    stretch: u32,
    times: u16,
    class: LineClass,
    text: String,
}

/// A line that was passed over so far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    /// Its number.
    pub(super) number: u32,
    /// See [`crate::source::Line::step`].
    pub(super) step: u32,
    kind: Kind,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    /// The line of that slot.
    Own(usize),
    /// One that copying put there, blank or not.
    Between(bool),
}

/// What becomes of a line that has waited.
pub(super) enum Settled<'r> {
    /// A line of the text, and what it was each time before.
    Own(&'r str, LineClass),
    /// One that copying put there, blank or not.
    Between(bool),
}

impl Repeats {
    /// True if a line was offered so often in this stretch that it need not be again. It waits then.
    pub(super) fn passes_over(&mut self, number: u32, step: u32, text: &str) -> bool {
        if self.noted < u32::from(OFTEN) || text.len() > MAX_TEXT {
            return false;
        }
        let at = slot_of(text);
        let known = self
            .slots
            .get(at)
            .is_some_and(|slot| slot.stretch == self.stretch && slot.times >= OFTEN && slot.text == text);
        if known {
            self.waiting.push_back(Waiting { number, step, kind: Kind::Own(at) });
        }
        known
    }

    /// A line that copying put there waits with the others, if any do.
    pub(super) fn waits_between(&mut self, number: u32, is_blank: bool) -> bool {
        let others = !self.waiting.is_empty();
        if others {
            self.waiting.push_back(Waiting { number, step: 2, kind: Kind::Between(is_blank) });
        }
        others
    }

    /// The first line that waits, if it is too far away from what may follow to matter.
    pub(super) fn far(&mut self) -> Option<Waiting> {
        if self.waiting.len() > NEAR { self.waiting.pop_front() } else { None }
    }

    /// The first line that waits.
    pub(super) fn next(&mut self) -> Option<Waiting> {
        self.waiting.pop_front()
    }

    /// What a line that has waited is.
    pub(super) fn settled(&self, waiting: Waiting) -> Settled<'_> {
        match waiting.kind {
            Kind::Own(at) => match self.slots.get(at) {
                Some(slot) => Settled::Own(&slot.text, slot.class),
                None => Settled::Between(true),
            },
            Kind::Between(is_blank) => Settled::Between(is_blank),
        }
    }

    /// Notes a line that was offered to all and changed nothing. None may wait.
    pub(super) fn note(&mut self, text: &str, class: LineClass) {
        if text.len() > MAX_TEXT {
            self.end();
            return;
        }
        if self.slots.is_empty() {
            let empty = Slot { stretch: u32::MAX, times: 0, class, text: String::new() };
            self.slots = vec![empty; SLOTS];
        }
        self.noted = self.noted.saturating_add(1);
        let stretch = self.stretch;
        let Some(slot) = self.slots.get_mut(slot_of(text)) else { return };
        if slot.stretch == stretch && slot.class == class && slot.text == text {
            slot.times = slot.times.saturating_add(1);
        } else {
            (slot.stretch, slot.times, slot.class) = (stretch, 1, class);
            slot.text.clear();
            slot.text.push_str(text);
        }
    }

    /// Something else came: what was offered before is to be offered again.
    pub(super) fn end(&mut self) {
        self.stretch = (self.stretch + 1) % u32::MAX;
        self.noted = 0;
    }
}

/// FNV-1a over what is never longer than [`MAX_TEXT`] where it matters.
fn slot_of(text: &str) -> usize {
    let bytes = text.as_bytes().iter().take(MAX_TEXT);
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash ^ hash >> 16) as usize % SLOTS
}
