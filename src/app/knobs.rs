//! The assumptions of a sizing as a reader changes them: which there are, how far each goes, and a history to go back in.

use std::rc::Rc;

use crate::analysis::sizing::{Collector, Fact, Facts, Field, Knobs, Origin, Settings, WallKind};
use crate::source::Span;
use crate::units::{Bytes, MIB};

/// Steps that can be taken back.
const STEPS: usize = 200;
/// What was read of a field.
struct Read {
    number: u64,
    origin: Origin,
    at: Option<Span>,
}

/// What stands behind a field's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A count.
    Count,
    /// MiB.
    Mib,
    /// Percent.
    Percent,
    /// Times.
    Times,
}

impl Unit {
    /// How many of what the knobs count make one of it.
    fn scale(self) -> f64 {
        match self {
            Unit::Count => 1.0,
            Unit::Mib => MIB as f64,
            Unit::Percent => 10.0,
            Unit::Times => 1000.0,
        }
    }
}

impl Field {
    /// What stands beside the sentence: what the incident leaves most open, and what may be changed about the host.
    pub fn main(facts: &Facts) -> Vec<Field> {
        let mut fields = vec![Field::Concurrency, Field::PerRequest];
        // Of a heap whose size is known it tells what each of them held.
        if !facts.max_heaps.is_empty() {
            fields.push(Field::Failed);
        }
        if facts.live_sets.is_empty() {
            fields.push(Field::LiveSet);
        }
        if facts.wall.is_none() {
            fields.push(Field::Ram);
        }
        fields.extend([Field::Safety, Field::Added, Field::Swap]);
        fields
    }

    /// The rest that has an effect.
    pub fn more(facts: &Facts) -> Vec<Field> {
        let kind = facts.wall.map(|wall| wall.kind);
        let mut fields = Vec::new();
        if !facts.live_sets.is_empty() {
            fields.push(Field::LiveSet);
        }
        fields.extend([Field::Factor, Field::Fill]);
        if matches!(kind, Some(WallKind::KilledAt | WallKind::Ram | WallKind::Seen)) {
            fields.push(Field::Ram);
        }
        fields.extend([Field::Code, Field::Metaspace, Field::Direct, Field::Threads, Field::Malloc]);
        if kind != Some(WallKind::Limit) {
            fields.extend([Field::Os, Field::PageCache]);
        }
        fields
    }

    /// Its unit.
    pub fn unit(self) -> Unit {
        match self {
            Field::Concurrency | Field::Failed => Unit::Count,
            Field::Safety | Field::Fill => Unit::Percent,
            Field::Factor => Unit::Times,
            _ => Unit::Mib,
        }
    }

    /// The least and the most that can be typed.
    pub fn ends(self) -> (f64, f64) {
        let (least, most) = self.bounds();
        (self.shown(least), self.shown(most))
    }

    /// A number of the knobs in the field's unit.
    fn shown(self, number: u64) -> f64 {
        number as f64 / self.unit().scale()
    }

    /// How far the slider goes: far enough for this incident, not so far that a pixel is a leap.
    pub fn reach(self, facts: &Facts) -> f64 {
        let of = |bytes: Option<Bytes>, least: f64| bytes.map_or(least, |bytes| (mib(bytes) * 2.0).ceil().max(least));
        let wall = facts.wall.map(|wall| wall.size.bytes);
        match self {
            Field::Concurrency | Field::Failed => 200.0,
            Field::PerRequest => 128.0,
            Field::Safety => 50.0,
            Field::Factor => 4.0,
            Field::Fill => 100.0,
            Field::Ram => of(facts.ram.map(|ram| ram.bytes).or(wall), 16_384.0),
            Field::Added | Field::Swap => of(wall, 4096.0),
            Field::LiveSet => of(facts.live_sets.first().map(|live| live.size.bytes), 1024.0),
            _ => 512.0,
        }
    }

    /// The step of its arrows.
    pub fn step(self) -> f64 {
        if self == Field::Factor { 0.1 } else { 1.0 }
    }

    /// Its number; where nothing was set, what was read. `None` if neither is known.
    pub fn value(self, knobs: &Knobs, facts: &Facts) -> Option<f64> {
        let set = Some(self.number(knobs)).filter(|number| *number > 0 || !self.may_be_unknown());
        // Of these the knobs say only what was set.
        let read = || self.read(facts).filter(|_| matches!(self, Field::LiveSet | Field::Ram));
        set.or_else(|| read().map(|read| read.number)).map(|number| self.shown(number))
    }

    /// True where zero stands for what is not known.
    pub fn may_be_unknown(self) -> bool {
        matches!(self, Field::Concurrency | Field::Failed | Field::PerRequest | Field::LiveSet | Field::Ram)
    }

    /// What was read of it.
    fn read(self, facts: &Facts) -> Option<Read> {
        let size = |fact: Fact| Read { number: fact.bytes.0, origin: fact.origin, at: fact.at };
        match self {
            Field::Concurrency | Field::Failed => {
                facts.requests.map(|said| Read { number: said.count, origin: Origin::Stated, at: said.at })
            }
            Field::LiveSet => facts.live_sets.first().map(|live| size(live.size)),
            Field::Ram => facts.ram.map(size),
            Field::Swap => facts.swap.map(size),
            _ => None,
        }
    }

    /// How its number is known: as what was read, where the reader left that alone, else assumed. `None` for what is not known.
    pub fn origin(self, knobs: &Knobs, facts: &Facts) -> Option<(Origin, Option<Span>)> {
        self.value(knobs, facts)?;
        let number = self.number(knobs);
        let is_left = |read: &Read| number == read.number || number == 0 && self.may_be_unknown();
        Some(self.read(facts).filter(is_left).map_or((Origin::Assumed, None), |read| (read.origin, read.at)))
    }

    /// What was read of it and is in no sum: its size, how it is known, and where.
    pub fn not_counted(self, knobs: &Knobs, facts: &Facts) -> Option<(Bytes, Origin, Option<Span>)> {
        let read = self.read(facts).filter(|read| read.number > 0 && self.number(knobs) == 0)?;
        (!self.may_be_unknown()).then_some((Bytes(read.number), read.origin, read.at))
    }

    /// The knobs with another number, kept inside the bounds. `None` for what is no number.
    fn moved(self, knobs: &Knobs, value: f64) -> Option<Knobs> {
        let (least, most) = self.ends();
        let value = Some(value).filter(|value| value.is_finite())?.clamp(least, most);
        Some(self.set(knobs, (value * self.unit().scale()).round() as u64))
    }
}

fn mib(bytes: Bytes) -> f64 {
    bytes.0 as f64 / MIB as f64
}

/// `231`, `10.5`: as few decimals as the number needs, two at most.
pub fn text(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The knobs and what they were before.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    start: Knobs,
    now: Knobs,
    past: Vec<Knobs>,
    future: Vec<Knobs>,
    /// The field that is being moved: one drag is one step.
    moving: Option<Field>,
}

/// What a reader does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Moves a field.
    Move(Field, f64),
    /// Sets a field's number among the knobs.
    Set(Field, u64),
    /// Lets go of it.
    LetGo,
    /// Tries a collector; `None` is the present one.
    Collector(Option<Collector>),
    /// One step back.
    Undo,
    /// And forth.
    Redo,
    /// Back to where the report started; that is a step, too.
    Reset,
}

impl History {
    /// From the report's own, as far as something is set in place of them.
    pub fn new(start: Knobs, settings: &Settings) -> History {
        let now = settings.over(&start);
        History { start, now, past: Vec::new(), future: Vec::new(), moving: None }
    }

    /// True for a field that the reader set.
    pub fn is_set(&self, field: Field) -> bool {
        field.number(&self.now) != field.number(&self.start)
    }

    /// What the reader set.
    pub fn settings(&self) -> Settings {
        Settings::between(&self.start, &self.now)
    }

    /// The knobs as they are.
    pub fn knobs(&self) -> &Knobs {
        &self.now
    }

    /// True if there is a step to take back.
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    /// True if one was taken back.
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// True if anything differs from the report's own.
    pub fn is_changed(&self) -> bool {
        self.now != self.start
    }

    /// After a change: the same pointer if it changes nothing.
    pub fn after(self: Rc<History>, change: Change) -> Rc<History> {
        let next = match change {
            Change::Move(field, value) => field.moved(&self.now, value).and_then(|knobs| self.step(knobs, Some(field))),
            Change::Set(field, number) => self.step(field.set(&self.now, number), None),
            Change::LetGo => self.moving.is_some().then(|| History { moving: None, ..History::clone(&self) }),
            Change::Collector(collector) => self.step(Knobs { collector, ..self.now.clone() }, None),
            Change::Reset => self.step(self.start.clone(), None),
            Change::Undo => self.past.last().cloned().map(|now| {
                let mut next = History { moving: None, ..History::clone(&self) };
                next.past.pop();
                next.future.push(std::mem::replace(&mut next.now, now));
                next
            }),
            Change::Redo => self.future.last().cloned().map(|now| {
                let mut next = History { moving: None, ..History::clone(&self) };
                next.future.pop();
                next.past.push(std::mem::replace(&mut next.now, now));
                next
            }),
        };
        next.map_or(self, Rc::new)
    }

    fn step(&self, now: Knobs, moving: Option<Field>) -> Option<History> {
        if now == self.now {
            return None;
        }
        let mut past = self.past.clone();
        if moving.is_none() || moving != self.moving {
            past.push(self.now.clone());
        }
        let surplus = past.len().saturating_sub(STEPS);
        past.drain(..surplus);
        Some(History { start: self.start.clone(), now, past, future: Vec::new(), moving })
    }
}

#[cfg(feature = "web")]
impl yew::Reducible for History {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        self.after(change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sizing::Wall;

    fn start() -> Rc<History> {
        Rc::new(History::new(Knobs::default(), &Settings::default()))
    }

    fn moved(history: Rc<History>, changes: &[Change]) -> Rc<History> {
        changes.iter().fold(history, |history, change| history.after(*change))
    }

    #[test]
    fn a_whole_drag_is_one_step() {
        let drag: Vec<Change> = (1..=20).map(|count| Change::Move(Field::Concurrency, f64::from(count))).collect();
        let history = moved(start(), &drag).after(Change::LetGo);
        assert_eq!(history.knobs().concurrency, 20);
        let history = history.after(Change::Move(Field::Concurrency, 30.0)).after(Change::Undo);
        assert_eq!(history.knobs().concurrency, 20);
        let history = history.after(Change::Undo);
        assert_eq!((history.knobs(), history.can_undo()), (&Knobs::default(), false));
        assert_eq!(history.after(Change::Redo).after(Change::Redo).knobs().concurrency, 30);
    }

    #[test]
    fn a_reset_can_be_taken_back() {
        let history = moved(start(), &[Change::Move(Field::Safety, 5.0), Change::Reset]);
        assert!(!history.is_changed());
        assert_eq!(history.after(Change::Undo).knobs().safety, 50);
    }

    #[test]
    fn a_change_after_going_back_forgets_what_was_ahead() {
        let history = moved(start(), &[Change::Move(Field::Swap, 1.0), Change::Undo, Change::Collector(None)]);
        assert!(history.can_redo(), "nothing was changed");
        let history = history.after(Change::Collector(Some(Collector::Serial)));
        assert!(!history.can_redo());
    }

    #[test]
    fn what_changes_nothing_returns_the_same_history() {
        let history = start();
        for change in [
            Change::Undo,
            Change::Redo,
            Change::Reset,
            Change::LetGo,
            Change::Collector(None),
            Change::Move(Field::Concurrency, 0.0),
            Change::Move(Field::Swap, f64::NAN),
            Change::Move(Field::Safety, 10.0),
        ] {
            assert!(Rc::ptr_eq(&history, &Rc::clone(&history).after(change)), "{change:?}");
        }
    }

    #[test]
    fn no_number_leaves_its_bounds() {
        let history = moved(start(), &[Change::Move(Field::Safety, 9000.0), Change::Move(Field::Added, -5.0)]);
        assert_eq!((history.knobs().safety, history.knobs().added), (900, Bytes(0)));
        let history = history.after(Change::Move(Field::Added, f64::MAX));
        assert_eq!(history.knobs().added, Bytes(16 << 40));
    }

    #[test]
    fn a_measured_number_is_shown_until_the_reader_knows_better() {
        let ram = Fact { bytes: Bytes(950 * MIB), at: None, origin: Origin::Measured };
        let facts = Facts { ram: Some(ram), ..Facts::default() };
        let knobs = Knobs::default();
        assert_eq!(Field::Ram.value(&knobs, &facts).map(text).as_deref(), Some("950"));
        assert_eq!(Field::Ram.origin(&knobs, &facts), Some((Origin::Measured, None)));
        let history = start().after(Change::Move(Field::Ram, 2048.0));
        assert_eq!((history.is_set(Field::Ram), history.is_set(Field::Swap)), (true, false));
        assert_eq!(Field::Ram.origin(history.knobs(), &facts), Some((Origin::Assumed, None)));
        assert_eq!(history.after(Change::Move(Field::Ram, 0.0)).knobs().ram, None);
        for field in [Field::LiveSet, Field::Concurrency, Field::Failed, Field::PerRequest] {
            assert_eq!((field.value(&knobs, &Facts::default()), field.origin(&knobs, &Facts::default())), (None, None));
        }
    }

    #[test]
    fn every_field_is_offered_once_and_only_where_it_matters() {
        let size = Fact { bytes: Bytes(1 << 30), at: None, origin: Origin::Measured };
        for kind in [None, Some(WallKind::Limit), Some(WallKind::KilledAt), Some(WallKind::Ram), Some(WallKind::Seen)] {
            let facts = Facts { wall: kind.map(|kind| Wall { kind, size }), ..Facts::default() };
            let mut names: Vec<&str> =
                Field::main(&facts).into_iter().chain(Field::more(&facts)).map(Field::name).collect();
            assert_eq!(names.contains(&"ram"), kind != Some(WallKind::Limit));
            let count = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), count);
        }
    }
}
