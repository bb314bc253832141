//! The sums: floor, ceiling, verdict, and what follows from them.

use super::advice::{FLAT, HALF_BELOW, Replay, replay};
use super::facts::{Area, DIRECT_OF_OPENJ9, Fact, Facts, Missing, Origin, WallKind};
use super::knobs::{Collector, Knobs, share};
use crate::analysis::gaps::Gap;
use crate::analysis::rules::collector_by_machine_size::{G1_EVERYWHERE, MEMORY};
use crate::analysis::statement::{Quantity, Statement};
use crate::i18n::Language;
use crate::json::Json;
use crate::source::Span;
use crate::units::{Bytes, MIB};

/// What a server has outside of its heap where nothing was measured: code, classes without `jstat`, threads, direct
/// buffers, symbols and the like, in MiB.
const UNMEASURED: [(&str, u64); 4] = [("code", 64), ("threads", 20), ("direct", 16), ("other", 40)];
/// Classes of a framework application where nothing was measured.
const UNMEASURED_CLASSES: Bytes = Bytes(100 * MIB);

/// What OpenJ9's collectors have outside of the heap, and thousandths of it on top: a bit for every eight bytes (the mark map) and a card
/// of one byte for every 512. Source: `MM_MarkMap` and `CARD_SIZE` of Eclipse OMR.
const OPENJ9_GC: Bytes = Bytes(5 * MIB);
const OPENJ9_GC_PER_HEAP: u64 = 18;

/// The answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Sizing {
    /// The run that this is about.
    pub run: Option<String>,
    /// The smallest maximum that can work.
    pub floor: Option<Bytes>,
    /// The largest maximum that fits.
    pub ceiling: Option<Bytes>,
    /// A value between both.
    pub recommended: Option<Bytes>,
    /// Whether there is one.
    pub verdict: Verdict,
    /// The verdict in a sentence, with the reason for the place of `recommended`.
    pub reason: Statement,
    /// How the maximum in force stands to the range.
    pub current: Option<Statement>,
    /// The parts of both sums. Those that add to the ceiling minus those that take from it are the ceiling; those of the
    /// floor are the floor.
    pub terms: Vec<Term>,
    /// The least sure origin of a term.
    pub weakest: Option<Origin>,
    /// Commands whose output would narrow the range, the most telling first.
    pub missing: Vec<Gap>,
    /// What the answer rests on besides its terms.
    #[json(omit)]
    pub caveats: Vec<Statement>,
    /// What to change where no value works.
    #[json(omit)]
    pub changes: Vec<Statement>,
    /// The missing fact that decides between a range and none, where the scenarios end differently.
    pub decides: Option<Statement>,
    /// What the answer would be under each of several possibilities.
    #[json(omit)]
    pub scenarios: Vec<Scenario>,
    /// How far the range moves with what is assumed.
    #[json(omit)]
    pub sensitivity: Vec<Statement>,
    /// What common advice would have led to.
    #[json(omit)]
    pub advice: Vec<Replay>,
    /// Options to copy.
    #[json(omit)]
    pub flags: Vec<Flag>,
    /// What this was computed from.
    pub facts: Facts,
    /// With which settings.
    pub knobs: Knobs,
}

/// Whether a value works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Json)]
pub enum Verdict {
    /// Any from floor to ceiling.
    Range,
    /// No value does.
    None,
    /// Something that decides is not known.
    #[default]
    Unknown,
}

/// What a term does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Json)]
pub enum Role {
    /// Adds to the ceiling.
    Adds,
    /// Takes from the ceiling.
    Takes,
    /// Adds to the floor.
    Floor,
    /// Part of another term, or a cross-check; in no sum.
    Aside,
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Term {
    /// Catalogue key `sizing.term.<name>`; of an area of NMT, `area`.
    pub name: String,
    /// The NMT category, for `area`.
    pub area: Option<String>,
    /// Its size.
    pub bytes: Bytes,
    /// How it is known.
    pub origin: Origin,
    /// What it does.
    pub role: Role,
    /// 1-based line.
    pub line: Option<u32>,
    /// Where it was read.
    pub at: Option<Span>,
}

/// The answer if one open question had this answer.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Scenario {
    /// The heap maximum of the run that failed.
    pub heap: Fact,
    /// What one request then held at least; `None` without a number of requests.
    pub per_request: Option<Bytes>,
    /// The floor that follows.
    pub floor: Bytes,
    /// And the verdict.
    pub verdict: Verdict,
    /// All of it in a sentence.
    pub statement: Statement,
    /// Options to copy, if this is how it was and a value works.
    #[json(omit)]
    pub flags: Vec<Flag>,
}

/// An option to copy, with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Flag {
    /// The option.
    pub text: String,
    /// Why.
    pub comment: Statement,
}

impl Flag {
    /// True for what is written behind `java` with the others: neither a variable nor what stands for another option.
    pub fn is_option(&self) -> bool {
        self.text.starts_with('-') && self.comment.key != "sizing.flag.share"
    }
}

/// The largest maximum that fits, whichever case it is.
pub(super) fn ceiling(facts: &Facts, knobs: &Knobs) -> Option<Bytes> {
    Plan::of(facts, knobs).context.ceiling
}

/// Computes the answer. The same facts and knobs give the same answer, whoever asks.
pub fn compute(facts: &Facts, knobs: &Knobs, language: Language) -> Sizing {
    let plain = Plan::of(facts, knobs);
    // A heap that ran out tells what is needed, if one knows how large it was: a plan for each maximum that the text names.
    let with = |heap: Fact| {
        let assumed = Fact { origin: Origin::Assumed, ..heap };
        Facts { exhausted: Some(assumed), ..facts.clone() }
    };
    let scenarios: Vec<Scenario> = plain.open_heaps().map(|heap| Plan::of(&with(heap), knobs).scenario(heap)).collect();
    let decides = plain.context.decides(&scenarios);
    let none_fits = decides.is_none() && scenarios.first().is_some_and(|first| first.verdict == Verdict::None);
    let chosen = scenarios.iter().position(|case| case.heap.bytes == knobs.failed_heap);
    // While a fact decides between answers there is one for each, and nothing to copy.
    let is_open = chosen.is_none()
        && scenarios.len() > 1
        && (decides.is_some() || none_fits && !plain.context.is_unclear() && plain.verdict == Verdict::Range);
    // What is needed whichever of them it was.
    let least =
        || (0..scenarios.len()).filter(|_| knobs.failed > 0).min_by_key(|at| scenarios.get(*at).map(|one| one.floor));
    let unclear = plain.context.is_unclear();
    let case = chosen.or_else(least).and_then(|at| scenarios.get(at)).map(|case| with(case.heap));
    let mut plan = case.as_ref().map_or(plain, |facts| Plan::of(facts, knobs));
    if is_open {
        (plan.verdict, plan.recommended) = (Verdict::Unknown, None);
    } else if let Some(case) = chosen.and_then(|at| scenarios.get(at)).filter(|_| !unclear) {
        plan.verdict = case.verdict;
    } else if chosen.is_none() {
        // What is enough in each case.
        plan.recommended = plan.place(scenarios.iter().map(|one| one.floor).max());
    }
    let Plan { context, sums, verdict, recommended } = plan;
    let reason = match is_open {
        true => context.cases(&scenarios, none_fits),
        false => context.reason(verdict, recommended),
    };
    let mut sizing = Sizing {
        run: facts.run.clone(),
        floor: context.floor,
        // What was only assumed to leave nothing is not known to.
        ceiling: context.ceiling.filter(|ceiling| verdict != Verdict::Unknown || ceiling.0 > 0),
        recommended,
        verdict,
        reason,
        current: context.current(verdict),
        weakest: sums.terms.iter().filter(|term| term.role != Role::Aside).map(|term| term.origin).max(),
        terms: sums.terms,
        missing: context.missing(),
        caveats: context.caveats(),
        changes: match verdict {
            Verdict::None => context.changes(),
            _ => context.limit_for_heap().or_else(|| context.limit_for_floor()).into_iter().collect(),
        },
        decides,
        scenarios,
        sensitivity: context.sensitivity(),
        advice: replay(context.facts, knobs, context.wall, context.floor, context.ceiling),
        flags: context.flags(recommended),
        facts: facts.clone(),
        knobs: knobs.clone(),
    };
    if let Some(elsewhere) = &facts.elsewhere {
        sizing = sizing.quiet(elsewhere.clone());
    }
    sizing.say(language);
    sizing
}

/// The sums for one state of what is known, and what follows from them: all figures of an answer are of one plan.
struct Plan<'a> {
    context: Context<'a>,
    sums: Sums,
    verdict: Verdict,
    /// Where nothing else is to be enough.
    recommended: Option<Bytes>,
}

impl<'a> Plan<'a> {
    fn of(facts: &'a Facts, knobs: &'a Knobs) -> Plan<'a> {
        let mut sums = Sums::default();
        let wall = sums.wall(facts, knobs);
        if wall.is_some() {
            sums.below_the_wall(facts, knobs);
            let before = sums.balance();
            sums.collector(facts, knobs, before);
            sums.cross_check(facts, knobs);
        }
        let ceiling = wall.map(|_| sums.balance());
        let deficit = sums.deficit();
        let live = knobs.live_set.or(facts.live_sets.first().map(|live| live.size.bytes));
        let requests = requests(facts, knobs, live);
        // A live set that may be mostly garbage proves no need.
        let is_upper = knobs.live_set.is_none() && facts.live_sets.first().is_some_and(|live| !live.after_full);
        let mut floor = sums.floor(facts, knobs, (requests, is_upper));
        // A multiple of what may be mostly garbage is no minimum: with a maximum beside it, it tells how comfortable that is.
        if wall.is_none() && is_upper && requests.0 == 0 && not_enough(facts, knobs).is_none() {
            floor = None;
            sums.terms.retain(|term| term.role != Role::Floor);
        }
        let bare = ceiling.map(|_| sums.bare());
        let taken = sums.taken();
        let context = Context { facts, knobs, floor, ceiling, live, is_upper, requests, bare, deficit, wall, taken };
        let proven = if is_upper { context.proven() } else { floor };
        let verdict = match (floor, ceiling) {
            (Some(floor), Some(ceiling)) if context.is_ready() && floor <= ceiling => Verdict::Range,
            // In a container the operating system takes nothing of the memory that the JVM saw.
            (Some(_), Some(ceiling))
                if context.is_ready() && !context.is_unclear() && (ceiling.0 == 0 || proven > Some(ceiling)) =>
            {
                Verdict::None
            }
            _ => Verdict::Unknown,
        };
        let mut plan = Plan { context, sums, verdict, recommended: None };
        plan.recommended = plan.place(None);
        plan
    }

    /// A value in the range that is enough for that, too, and no heap that has failed, be it for less.
    fn place(&self, enough: Option<Bytes>) -> Option<Bytes> {
        let Context { facts, floor, ceiling, requests, .. } = &self.context;
        let (floor, ceiling) = floor.zip(*ceiling).filter(|_| self.verdict == Verdict::Range)?;
        let failed = facts.exhausted.map(|fact| fact.bytes);
        let enough = enough.into_iter().chain(failed).filter(|heap| *heap <= ceiling).max();
        place(enough.map_or(floor, |heap| heap.max(floor)), ceiling, requests.0 > 0)
    }

    /// The maxima that the run which failed may have had, while that is open.
    fn open_heaps(&self) -> impl Iterator<Item = Fact> + use<'a> {
        let Context { facts, knobs, live, ceiling, .. } = self.context;
        let several = facts.max_heaps.len() > 1 || knobs.failed > 0;
        let open = several && knobs.per_request.0 == 0 && facts.exhausted.is_none();
        let live = live.filter(|_| open && ceiling.is_some() && self.context.is_ready());
        facts.max_heaps.iter().filter(move |heap| live.is_some_and(|live| heap.bytes > live)).copied()
    }

    /// The answer if the run that failed had that maximum, in a sentence.
    fn scenario(&self, heap: Fact) -> Scenario {
        let Context { knobs, live, floor, ceiling, .. } = self.context;
        // What is to be planned for does not tell what failed. Without a plan it is for as many as failed.
        let planned = if knobs.concurrency == 0 { knobs.failed } else { knobs.concurrency };
        let per_request = Some(per_request(knobs, Some(heap.bytes).zip(live))).filter(|_| knobs.failed > 0);
        let floor = floor.unwrap_or_default();
        let verdict = if Some(floor) <= ceiling { Verdict::Range } else { Verdict::None };
        let key = match (per_request, verdict) {
            (Some(_), Verdict::Range) => "sizing.scenario.requests.range",
            (Some(_), _) => "sizing.scenario.requests.none",
            (None, Verdict::Range) => "sizing.scenario.range",
            (None, _) => "sizing.scenario.none",
        };
        let mut statement = with_fact(Statement::new(key), "heap", heap);
        if let Some(each) = per_request {
            let loads = statement.with("count", Quantity::Count(planned), None);
            statement = size(loads.with("failed", Quantity::Count(knobs.failed), None), "per_request", each);
        }
        let statement = statement.with("bound", self.context.bound(), None);
        let statement = size(statement, "floor", floor);
        let statement = ceiling.into_iter().fold(statement, |statement, ceiling| size(statement, "ceiling", ceiling));
        Scenario { heap, per_request, floor, verdict, statement, flags: self.context.flags(self.recommended) }
    }
}

impl Sizing {
    /// What the terms of the ceiling take beyond what they add. The ceiling itself is never below zero.
    pub fn shortfall(&self) -> Option<Bytes> {
        let sum = |role: Role| {
            let terms = self.terms.iter().filter(|term| term.role == role);
            terms.fold(0_u64, |sum, term| sum.saturating_add(term.bytes.0))
        };
        sum(Role::Takes).checked_sub(sum(Role::Adds)).filter(|short| *short > 0).map(Bytes)
    }
}

impl Sizing {
    /// The same where the heap was not what ran out: its sums, and no advice.
    fn quiet(self, elsewhere: Statement) -> Sizing {
        let Sizing { run, floor, ceiling, terms, weakest, facts, knobs, .. } = self;
        Sizing { run, floor, ceiling, terms, weakest, facts, knobs, reason: elsewhere, ..Sizing::default() }
    }

    /// Says every sentence in a language.
    pub fn say(&mut self, language: Language) {
        let one = |statement: &mut Statement| *statement = std::mem::take(statement).said(language);
        one(&mut self.reason);
        self.current.iter_mut().for_each(one);
        self.decides.iter_mut().for_each(one);
        self.caveats.iter_mut().for_each(one);
        self.changes.iter_mut().for_each(one);
        self.sensitivity.iter_mut().for_each(one);
        self.scenarios.iter_mut().for_each(|scenario| one(&mut scenario.statement));
        let of_cases = self.scenarios.iter_mut().flat_map(|scenario| &mut scenario.flags);
        self.flags.iter_mut().chain(of_cases).for_each(|flag| one(&mut flag.comment));
        let facts = &mut self.facts;
        facts.caveats.iter_mut().chain(&mut facts.subject).chain(&mut facts.elsewhere).for_each(one);
    }
}

/// A third of the way up, but not more than half above the floor where the range is wide: a heap larger than comfortable only
/// puts off collecting. Where requests are not counted they come on top of the floor: then two thirds of the way up, and not
/// more than three times the floor. Never less than the smallest heap worth setting, never a little more than references of four
/// bytes reach, and in whole MiB, where that stays in the range. `None` where HotSpot refuses all that fits.
fn place(floor: Bytes, ceiling: Bytes, busy: bool) -> Option<Bytes> {
    let third = (ceiling.0 - floor.0) / 3;
    let comfortable = floor.0.saturating_add(floor.0 / 2);
    let place = match (busy, is_wide(floor, ceiling)) {
        (true, true) => comfortable,
        (true, false) => floor.0 + third,
        (false, _) => (ceiling.0 - third).min(floor.0.saturating_mul(3)),
    };
    let place = place.max(SMALLEST.0.min(ceiling.0));
    let place = if (SHORT.0..SHORT_WORTH.0).contains(&place) && floor < SHORT { SHORT.0.max(floor.0) } else { place };
    let whole = place / MIB * MIB;
    let up = whole.saturating_add(MIB);
    let place = if whole >= floor.0 {
        whole
    } else if up <= ceiling.0 {
        up
    } else {
        place
    };
    Some(Bytes(place)).filter(|place| *place >= REFUSED_BELOW)
}

/// HotSpot does not start with a smaller maximum.
const REFUSED_BELOW: Bytes = Bytes(2 * MIB);
/// Up to here references take four bytes; HotSpot's own edge is a little below 32 GiB.
const SHORT: Bytes = Bytes(31 << 30);
/// From here on a heap with references of eight bytes holds more than one of 31 GiB.
const SHORT_WORTH: Bytes = Bytes(48 << 30);

/// True if a third of the way up is more than twice the floor.
fn is_wide(floor: Bytes, ceiling: Bytes) -> bool {
    ceiling.0.saturating_sub(floor.0) / 3 > floor.0
}

/// A smaller heap saves less than any JVM takes outside of it, and is collected for every few MiB that are allocated.
const SMALLEST: Bytes = Bytes(32 * MIB);

/// The terms as they are added up.
#[derive(Default)]
struct Sums {
    terms: Vec<Term>,
}

impl Sums {
    fn push(&mut self, role: Role, name: &str, fact: Fact) {
        self.terms.push(Term {
            name: name.to_owned(),
            area: None,
            bytes: fact.bytes,
            origin: fact.origin,
            role,
            line: fact.at.map(|at| at.line),
            at: fact.at,
        });
    }

    fn assume(&mut self, role: Role, name: &str, bytes: Bytes) {
        if bytes.0 > 0 {
            self.push(role, name, Fact { bytes, at: None, origin: Origin::Assumed });
        }
    }

    fn sum(&self, role: Role) -> u64 {
        self.terms.iter().filter(|term| term.role == role).fold(0_u64, |sum, term| sum.saturating_add(term.bytes.0))
    }

    /// What is added minus what is taken, and never below nothing.
    fn balance(&self) -> Bytes {
        Bytes(self.sum(Role::Adds).saturating_sub(self.sum(Role::Takes)))
    }

    /// What is taken from a limit, whatever its size: the margin is a part of it.
    fn taken(&self) -> Bytes {
        let sum = |role: Role, but: &str| {
            let terms = self.terms.iter().filter(|term| term.role == role && term.name != but);
            terms.fold(0_u64, |sum, term| sum.saturating_add(term.bytes.0))
        };
        Bytes(sum(Role::Takes, "safety").saturating_sub(sum(Role::Adds, "limit")))
    }

    /// What is taken beyond what is added.
    fn deficit(&self) -> Bytes {
        Bytes(self.sum(Role::Takes).saturating_sub(self.sum(Role::Adds)))
    }

    /// The same if nothing but the heap grew, up to the wall itself.
    fn bare(&self) -> Bytes {
        let kept = |term: &&Term| term.name == "safety" || term.name.starts_with("growth-");
        let kept = self.terms.iter().filter(kept).fold(0_u64, |sum, term| sum.saturating_add(term.bytes.0));
        Bytes(self.sum(Role::Adds).saturating_sub(self.sum(Role::Takes).saturating_sub(kept)))
    }

    /// The wall and what is kept away from it. Answers with what a process can have at most.
    fn wall(&mut self, facts: &Facts, knobs: &Knobs) -> Option<Bytes> {
        let assumed = knobs.ram.map(|bytes| (WallKind::Ram, Fact { bytes, at: None, origin: Origin::Assumed }));
        let known = facts.wall.map(|wall| (wall.kind, wall.size));
        // A reader's machine replaces the machine that was read, but neither a limit nor a wall that was hit.
        let (kind, size) = match known {
            Some((WallKind::Ram | WallKind::Seen, _)) | None => assumed.or(known)?,
            Some(known) => known,
        };
        match kind {
            WallKind::Limit => self.push(Role::Adds, "limit", size),
            WallKind::KilledAt => self.push(Role::Adds, "killed-at", size),
            WallKind::Ram | WallKind::Seen => {
                self.push(Role::Adds, if kind == WallKind::Ram { "ram" } else { "seen" }, size);
                self.assume(Role::Takes, "os", knobs.os);
                self.assume(Role::Takes, "page-cache", knobs.page_cache);
            }
        }
        for (name, fact) in [("others", facts.others), ("kernel", facts.kernel)] {
            if let Some(fact) = fact.filter(|_| kind != WallKind::KilledAt) {
                self.push(Role::Takes, name, fact);
            }
        }
        self.assume(Role::Adds, "added", knobs.added);
        let wall = self.balance();
        self.assume(Role::Takes, "safety", share(wall, knobs.safety.min(1000)));
        self.assume(Role::Adds, "swap", knobs.swap);
        Some(wall)
    }

    fn below_the_wall(&mut self, facts: &Facts, knobs: &Knobs) {
        match facts.non_heap {
            Some(fact) => {
                // What prose states is what is left of resident memory.
                let name = match fact.origin {
                    Origin::Stated => "outside",
                    _ if facts.target.openj9 => "native",
                    _ => "non-heap",
                };
                self.push(Role::Takes, name, fact);
                for area in facts.areas.iter().filter(|area| area.bytes.0 >= MIB) {
                    let fact = Fact { bytes: area.bytes, at: area.at, origin: Origin::Measured };
                    self.push(Role::Aside, "area", fact);
                    if let Some(term) = self.terms.last_mut() {
                        term.area = Some(area.name.clone());
                    }
                }
            }
            None => self.unmeasured(facts),
        }
        if let Some(fact) = facts.untracked {
            let name = if facts.non_heap.is_some() { "untracked" } else { "untracked-estimate" };
            self.push(Role::Takes, name, fact);
        }
        let growth = &knobs.growth;
        self.assume(Role::Takes, "growth-code", growth.code);
        self.assume(Role::Takes, "growth-metaspace", growth.metaspace);
        self.assume(Role::Takes, "growth-direct", growth.direct);
        self.assume(Role::Takes, "growth-threads", growth.threads);
        self.assume(Role::Takes, "growth-malloc", growth.malloc);
    }

    /// Without NMT, `jstat` knows the metaspace; the rest is what servers have.
    fn unmeasured(&mut self, facts: &Facts) {
        match facts.metaspace {
            Some(fact) => self.push(Role::Takes, "metaspace", fact),
            None => self.assume(Role::Takes, "metaspace", UNMEASURED_CLASSES),
        }
        for (name, mib) in UNMEASURED {
            match facts.direct_max.filter(|_| name == "direct") {
                Some(limit) => self.push(Role::Takes, name, limit),
                None => self.assume(Role::Takes, name, Bytes(mib * MIB)),
            }
        }
        let collector =
            facts.collector.as_deref().and_then(Collector::named).unwrap_or_else(|| default_collector(facts));
        let heap = facts.max_heap.map_or(Bytes(0), |heap| heap.bytes);
        let structures = match facts.target.openj9 {
            true => OPENJ9_GC.plus(share(heap, OPENJ9_GC_PER_HEAP)),
            false => collector.structures(heap, facts.target.jdk),
        };
        self.assume(Role::Takes, "gc", structures);
    }

    /// Another collector gives back what the present one has measured, and takes what it is estimated to need.
    fn collector(&mut self, facts: &Facts, knobs: &Knobs, heap: Bytes) {
        let Some(collector) = knobs.collector else { return };
        if facts.collector.as_deref().and_then(Collector::named) == Some(collector) {
            return;
        }
        if let Some(area) = facts.areas.iter().find(|area| area.name == "GC") {
            self.push(Role::Adds, "gc-now", Fact { bytes: area.bytes, at: area.at, origin: Origin::Measured });
            self.assume(Role::Takes, "gc-then", collector.structures(heap, facts.target.jdk));
        }
    }

    /// The ceiling by the memory of the machine, beside that by the wall that was hit.
    fn cross_check(&mut self, facts: &Facts, knobs: &Knobs) {
        let assumed = knobs.ram.map(|bytes| Fact { bytes, at: None, origin: Origin::Assumed });
        let hit = facts.wall.is_some_and(|wall| wall.kind == WallKind::KilledAt);
        if let Some(ram) = assumed.or(facts.ram).filter(|_| hit) {
            let outside = |term: &&Term| term.role == Role::Takes && term.name != "safety";
            let taken = self.terms.iter().filter(outside).fold(0_u64, |sum, term| sum.saturating_add(term.bytes.0));
            let machine = ram.bytes.0.saturating_sub(knobs.os.0).saturating_sub(knobs.page_cache.0);
            let bytes = Bytes(machine.saturating_sub(taken));
            self.push(Role::Aside, "ceiling-by-ram", Fact { bytes, at: ram.at, origin: Origin::Assumed });
        }
    }

    /// The largest of the floors that are known, with what the requests to plan for hold, and whether the live set is an upper bound.
    fn floor(&mut self, facts: &Facts, knobs: &Knobs, (requests, is_upper): (Bytes, bool)) -> Option<Bytes> {
        let live = match knobs.live_set {
            Some(bytes) => Some(Fact { bytes, at: None, origin: Origin::Assumed }),
            None => facts.live_sets.first().map(|live| live.size),
        };
        let by_factor = by_factor(facts, knobs, live.map(|live| live.bytes), is_upper);
        let busy = live.map_or(Bytes(0), |live| live.bytes).plus(requests);
        let by_requests = if requests.0 > 0 { filled(busy, knobs.fill) } else { Bytes(0) };
        let exhausted = not_enough(facts, knobs).map_or(Bytes(0), |fact| filled(fact.bytes, knobs.fill));
        let floor = by_factor.max(by_requests).max(exhausted);
        if floor.0 == 0 {
            return None;
        }
        if floor == exhausted
            && let Some(fact) = facts.exhausted
        {
            self.push(Role::Floor, "exhausted", fact);
            self.assume(Role::Floor, "fill", Bytes(floor.0.saturating_sub(fact.bytes.0)));
            return Some(floor);
        }
        if let Some(live) = live {
            // What was in use between full GCs was measured, but it is no live set.
            let grows = || facts.live_sets.first().is_some_and(|live| live.growing);
            let name = match is_upper {
                true if grows() => "live-set-growing",
                true => "live-set-most",
                false => "live-set",
            };
            self.push(Role::Floor, name, live);
        }
        if floor == by_requests {
            self.assume(Role::Floor, "requests", requests);
            self.assume(Role::Floor, "fill", Bytes(floor.0.saturating_sub(busy.0)));
        } else {
            let rest = floor.0.saturating_sub(live.map_or(0, |live| live.bytes.0));
            self.assume(Role::Floor, "factor", Bytes(rest));
        }
        Some(floor)
    }
}

/// A multiple of the live set. Of what may be mostly garbage it adds nothing to a heap that is known not to have been enough.
fn by_factor(facts: &Facts, knobs: &Knobs, live: Option<Bytes>, is_upper: bool) -> Bytes {
    let counted = live.filter(|_| !is_upper || not_enough(facts, knobs).is_none());
    share(counted.unwrap_or_default(), knobs.factor.max(1000))
}

/// The heap that is known not to be enough. For fewer requests than it failed with it may be.
fn not_enough(facts: &Facts, knobs: &Knobs) -> Option<Fact> {
    facts.exhausted.filter(|_| !is_less(knobs))
}

/// True where fewer requests are planned for than failed.
fn is_less(knobs: &Knobs) -> bool {
    knobs.failed > knobs.concurrency && knobs.concurrency > 0
}

/// What the requests to plan for hold together.
fn requests(facts: &Facts, knobs: &Knobs, live: Option<Bytes>) -> Bytes {
    let each = per_request(knobs, facts.exhausted.map(|fact| fact.bytes).zip(live));
    Bytes(knobs.concurrency.saturating_mul(each.0))
}

/// What one request holds: as it is set, else at least its part of the heap that ran out above the live set.
fn per_request(knobs: &Knobs, failed: Option<(Bytes, Bytes)>) -> Bytes {
    let held = failed.filter(|_| knobs.failed > 0).map(|(heap, live)| heap.0.saturating_sub(live.0));
    match knobs.per_request {
        Bytes(0) => Bytes(held.map_or(0, |held| held / knobs.failed)),
        set => set,
    }
}

/// What is assumed to be outside of a heap of which nothing else was measured.
pub(super) fn unmeasured_outside(facts: &Facts) -> Bytes {
    let mut sums = Sums::default();
    sums.unmeasured(facts);
    Bytes(sums.sum(Role::Takes))
}

/// What a server has outside of a heap of that size where nothing of it was measured.
pub(crate) fn outside_of(collector: Collector, heap: Bytes) -> Bytes {
    let rest = UNMEASURED.iter().fold(UNMEASURED_CLASSES, |sum, (_, mib)| sum.plus(Bytes(mib * MIB)));
    rest.plus(collector.structures(heap, None))
}

/// What a JVM takes where no option asks for another: G1; Serial on a small machine, where the release is known to do so.
fn default_collector(facts: &Facts) -> Collector {
    let is_small = facts.ram.is_some_and(|ram| ram.bytes < MEMORY);
    match facts.target.jdk {
        Some((_, last)) if is_small && last < G1_EVERYWHERE => Collector::Serial,
        _ => Collector::G1,
    }
}

/// The heap in which that much fills the given thousandths, rounded up.
fn filled(bytes: Bytes, fill: u64) -> Bytes {
    let heap = (u128::from(bytes.0) * 1000).div_ceil(u128::from(fill.clamp(1, 1000)));
    Bytes(u64::try_from(heap).unwrap_or(u64::MAX))
}

/// What the sentences are about.
struct Context<'a> {
    facts: &'a Facts,
    knobs: &'a Knobs,
    floor: Option<Bytes>,
    ceiling: Option<Bytes>,
    live: Option<Bytes>,
    /// The live set is an upper bound: some of it may be garbage.
    is_upper: bool,
    /// What the requests to plan for hold; 0 if that is not known.
    requests: Bytes,
    /// The wall without what lives below it besides the process.
    wall: Option<Bytes>,
    /// The ceiling without margin and without any growth outside of the heap.
    bare: Option<Bytes>,
    /// What is taken from the wall beyond what there is, where the ceiling is nothing.
    deficit: Bytes,
    /// What is taken from a limit besides the margin.
    taken: Bytes,
}

/// A limit that is advised is rounded up to this.
const ROUND: u64 = 10 * MIB;

fn size(statement: Statement, name: &str, bytes: Bytes) -> Statement {
    statement.with(name, Quantity::Size(bytes), None)
}

/// The limit below which a heap of that size fits with the margin, beside what is taken from it otherwise.
fn limit_for(heap: Bytes, taken: Bytes, knobs: &Knobs) -> Bytes {
    let limit = filled(heap.plus(taken), 1000_u64.saturating_sub(knobs.safety.min(999)));
    Bytes(limit.0.div_ceil(ROUND).saturating_mul(ROUND))
}

fn with_fact(statement: Statement, name: &str, fact: Fact) -> Statement {
    statement.with(name, Quantity::Size(fact.bytes), fact.at)
}

impl Context<'_> {
    /// The heap that is needed at least: one that was not enough, and what requests hold beside what surely stays.
    fn proven(&self) -> Option<Bytes> {
        let live = self.live.filter(|_| !self.is_upper).unwrap_or_default();
        let requests = Some(self.requests).filter(|requests| requests.0 > 0).map(|requests| live.plus(requests));
        let known = not_enough(self.facts, self.knobs).map(|fact| fact.bytes).max(requests)?;
        Some(filled(known, self.knobs.fill))
    }

    /// True if the minimum is a lower bound for this live set, by what ran out or what requests hold: a sentence says "at least" only
    /// then, and names the figure that stands in the sums.
    fn is_least(&self) -> bool {
        let by_factor = by_factor(self.facts, self.knobs, self.live, self.is_upper);
        self.proven().is_some() && self.floor > Some(by_factor)
    }

    /// How sure the minimum is, in a word.
    fn bound(&self) -> Quantity {
        Quantity::Term(if self.is_least() { "sizing.bound.least" } else { "sizing.bound.about" }.to_owned())
    }

    /// True if both sums rest on what was measured.
    fn is_ready(&self) -> bool {
        self.facts.non_heap.is_some() && self.live.is_some()
    }

    /// True if the JVM may have seen a limit or a machine.
    fn is_unclear(&self) -> bool {
        self.knobs.ram.is_none() && self.facts.wall.is_some_and(|wall| wall.kind == WallKind::Seen)
    }

    fn reason(&self, verdict: Verdict, recommended: Option<Bytes>) -> Statement {
        let both = |key: &str| {
            let statement = Statement::new(key);
            let statement = self.floor.into_iter().fold(statement, |statement, floor| size(statement, "floor", floor));
            self.ceiling.into_iter().fold(statement, |statement, ceiling| size(statement, "ceiling", ceiling))
        };
        let is_least = self.is_least();
        match verdict {
            Verdict::Range => {
                let wide = self.floor.zip(self.ceiling).is_some_and(|(floor, ceiling)| is_wide(floor, ceiling));
                let busy = self.requests.0 > 0;
                let statement = both(match (busy, wide) {
                    _ if recommended.is_some_and(|heap| heap <= SMALLEST) => "sizing.reason.range.small",
                    (true, _) if self.knobs.per_request.0 == 0 => "sizing.reason.range.least",
                    (true, false) => "sizing.reason.range",
                    (true, true) => "sizing.reason.range.wide",
                    (false, _) => "sizing.reason.range.idle",
                });
                let load = Quantity::Count(self.knobs.concurrency);
                let is_loaded = busy && statement.key != "sizing.reason.range.small";
                let statement = if is_loaded { statement.with("count", load, None) } else { statement };
                let is_bound = statement.key == "sizing.reason.range.least";
                let statement = if is_bound { statement.with("bound", self.bound(), None) } else { statement };
                recommended.into_iter().fold(statement, |statement, value| size(statement, "recommended", value))
            }
            Verdict::None if self.ceiling == Some(Bytes(0)) => both("sizing.reason.no-room"),
            Verdict::None if self.bare >= self.floor => {
                let none = both("sizing.reason.none.margin").with("bound", self.bound(), None);
                self.bare.into_iter().fold(none, |statement, bare| size(statement, "bare", bare))
            }
            Verdict::None if is_least => both("sizing.reason.none.proven"),
            Verdict::None => both("sizing.reason.none"),
            Verdict::Unknown => match (self.floor, self.ceiling) {
                (Some(_), Some(Bytes(0))) if self.is_upper => Statement::new("sizing.reason.estimate.no-room"),
                (Some(_), Some(Bytes(0))) => match self.wall.filter(|_| self.is_above_limit()) {
                    Some(wall) => size(both("sizing.reason.unmeasured.heap-alone"), "wall", wall),
                    None => both("sizing.reason.unmeasured.no-room"),
                },
                (Some(floor), Some(ceiling)) if floor > ceiling && self.is_upper => {
                    let measured = self.facts.non_heap.is_some();
                    let key = if measured { "sizing.reason.upper" } else { "sizing.reason.upper.estimate" };
                    self.live.into_iter().fold(both(key), |statement, live| size(statement, "live", live))
                }
                (Some(floor), Some(ceiling)) if floor > ceiling => both("sizing.reason.unmeasured.none"),
                // What may be garbage is no least.
                (Some(_), Some(ceiling)) if self.is_upper => {
                    size(Statement::new("sizing.reason.estimate"), "ceiling", ceiling)
                }
                (Some(_), Some(_)) => both("sizing.reason.unmeasured"),
                (None, Some(Bytes(0))) => Statement::new("sizing.reason.estimate.no-room"),
                (None, Some(_)) if self.facts.non_heap.is_some() => both("sizing.reason.no-live-set"),
                (None, Some(_)) => both("sizing.reason.estimate"),
                (Some(_), None) if is_least => both("sizing.reason.no-wall"),
                (Some(_), None) => {
                    let key = if self.is_upper { "sizing.reason.no-wall.upper" } else { "sizing.reason.no-wall.live" };
                    self.live.into_iter().fold(both(key), |statement, live| size(statement, "live", live))
                }
                (None, None) if let Some(live) = self.live.filter(|_| self.is_upper) => {
                    size(Statement::new("sizing.reason.no-wall.upper"), "live", live)
                }
                (None, None) => both("sizing.reason.unknown"),
            },
        }
    }

    /// One answer for each possibility, and none for all.
    fn cases(&self, scenarios: &[Scenario], none_fits: bool) -> Statement {
        let key = if none_fits { "sizing.reason.cases.none" } else { "sizing.reason.cases" };
        let count = Statement::new(key).with("count", Quantity::Count(scenarios.len() as u64), None);
        self.ceiling.into_iter().fold(count, |statement, ceiling| size(statement, "ceiling", ceiling))
    }

    /// The limit below which a heap of that size fits with the margin.
    fn limit_for(&self, heap: Bytes) -> Bytes {
        limit_for(heap, self.taken, self.knobs)
    }

    /// True if what is outside of the heap was not measured, and the heap alone needs more than the limit.
    fn is_above_limit(&self) -> bool {
        let is_limit = self.facts.wall.is_some_and(|wall| wall.kind == WallKind::Limit);
        let is_guess = self.facts.non_heap.is_none() && self.ceiling == Some(Bytes(0));
        is_limit && is_guess && !self.is_upper && self.floor > self.wall
    }

    /// Where the maximum in force does not fit below the limit: the limit that it needs.
    fn limit_for_heap(&self) -> Option<Statement> {
        let heap = self.facts.max_heap.filter(|heap| self.ceiling.is_some_and(|ceiling| heap.bytes > ceiling))?;
        let limit = self.facts.wall.filter(|wall| wall.kind == WallKind::Limit)?;
        // What nobody has measured is no reason to raise a limit above which the heap alone does not go.
        if self.facts.non_heap.is_none() && heap.bytes < limit.size.bytes {
            return None;
        }
        let change = with_fact(Statement::new("sizing.change.limit-for-heap"), "heap", heap);
        Some(size(change, "to", self.limit_for(heap.bytes)))
    }

    /// Where a container has no limit that is known: the limit that what is needed would take.
    fn limit_for_floor(&self) -> Option<Statement> {
        let floor = self.floor.filter(|_| self.wall.is_none() && self.facts.target.contained && !self.is_upper)?;
        self.facts.non_heap?;
        let mut sums = Sums::default();
        sums.below_the_wall(self.facts, self.knobs);
        let limit = limit_for(floor, sums.taken(), self.knobs);
        Some(size(size(Statement::new("sizing.change.limit-for-heap.needed"), "heap", floor), "to", limit))
    }

    fn current(&self, verdict: Verdict) -> Option<Statement> {
        let heap = self.facts.max_heap?;
        let key = match verdict {
            Verdict::Range if Some(heap.bytes) < self.floor => "sizing.current.below",
            // Heap space has run out with just this maximum.
            Verdict::Range if self.facts.exhausted.is_some_and(|fact| fact.bytes >= heap.bytes) => {
                "sizing.current.below"
            }
            Verdict::Range if Some(heap.bytes) > self.ceiling => "sizing.current.above",
            Verdict::Range => "sizing.current.inside",
            _ if self.ceiling.is_some_and(|ceiling| heap.bytes > ceiling) && self.facts.non_heap.is_some() => {
                "sizing.current.above"
            }
            // Enough, as far as is known, is what it has already.
            _ if self.wall.is_none() && self.floor.is_some_and(|floor| floor <= heap.bytes) => "sizing.current.larger",
            _ => return None,
        };
        Some(with_fact(Statement::new(key), "heap", heap))
    }

    /// By how much each narrows the range: without a wall there is no ceiling at all, without NMT hundreds of MiB are
    /// assumed, without a live set there is no floor.
    fn missing(&self) -> Vec<Gap> {
        let seen = self.facts.wall.is_some_and(|wall| wall.kind == WallKind::Seen) && self.knobs.ram.is_none();
        let another =
            self.facts.caveats.iter().any(|caveat| {
                matches!(caveat.key.as_str(), "sizing.caveat.nmt-of-other" | "sizing.caveat.nmt-unnamed")
            });
        let exact = self
            .facts
            .live_sets
            .first()
            .is_some_and(|live| live.after_full && Some(&live.run) == self.facts.run.as_ref());
        let is_missing = |gap: &&Gap| {
            Missing::of(gap).is_some_and(|missing| match missing {
                Missing::Wall => self.wall.is_none(),
                Missing::Seen => seen,
                Missing::Nmt => self.facts.non_heap.is_none() || another,
                Missing::LiveSet => !exact,
                Missing::Flags => self.facts.max_heap.is_none(),
                // What follows from a maximum that is only supposed stays to be measured.
                Missing::Requests => {
                    self.requests.0 == 0 || self.facts.exhausted.is_some_and(|heap| heap.origin == Origin::Assumed)
                }
            })
        };
        self.facts.commands.iter().filter(is_missing).cloned().collect()
    }

    fn caveats(&self) -> Vec<Statement> {
        let mut caveats = self.facts.caveats.clone();
        if self.knobs.swap > Bytes(0) {
            // Which the reader has answered.
            caveats.retain(|caveat| caveat.key != "sizing.caveat.swap-unknown");
            caveats.push(size(Statement::new("sizing.caveat.swap-counted"), "swap", self.knobs.swap));
        }
        caveats.extend(self.facts.rests_on_prose().then(|| Statement::new("sizing.caveat.stated")));
        if let Some(live) = self.facts.live_sets.first().filter(|_| self.knobs.live_set.is_none()) {
            let add = |key: &str| with_fact(Statement::new(key), "live", live.size);
            // What still grows is no bound.
            if live.growing {
                caveats.push(add("sizing.caveat.growing"));
            } else if !live.after_full {
                caveats.push(add("sizing.caveat.upper-bound"));
            }
        }
        caveats
    }

    /// What would make room where there is none.
    fn changes(&self) -> Vec<Statement> {
        let (Some(floor), Some(ceiling)) = (self.floor, self.ceiling) else { return Vec::new() };
        let mut changes = Vec::new();
        let live = self.live.unwrap_or_default();
        let room = share(ceiling, self.knobs.fill.clamp(1, 1000)).0.saturating_sub(live.0);
        let (concurrency, per_request) = (self.knobs.concurrency, self.knobs.per_request.0);
        if concurrency > 0 && per_request > 0 {
            if room > 0 {
                let smaller =
                    Statement::new("sizing.change.per-request").with("count", Quantity::Count(concurrency), None);
                changes.push(size(smaller, "size", Bytes(room / concurrency)));
            }
            if room >= per_request {
                let fewer = Statement::new("sizing.change.concurrency").with(
                    "count",
                    Quantity::Count(room / per_request),
                    None,
                );
                changes.push(size(fewer, "size", self.knobs.per_request));
            }
        }
        let fitting =
            Bytes(u64::try_from(u128::from(ceiling.0) * 1000 / u128::from(self.knobs.factor.max(1000))).unwrap_or(0));
        if fitting < live && fitting.0 > 0 {
            changes.push(size(size(Statement::new("sizing.change.live-set"), "fitting", fitting), "live", live));
        }
        let now = self.facts.areas.iter().find(|area| area.name == "GC");
        if let Some(now) =
            now.filter(|_| self.knobs.collector.is_none() && self.facts.collector.as_deref() != Some("Serial"))
        {
            let gain = now.bytes.0.saturating_sub(Collector::Serial.structures(ceiling, self.facts.target.jdk).0);
            if gain >= 8 * MIB {
                let statement =
                    Statement::new("sizing.change.collector").with("now", Quantity::Size(now.bytes), now.at);
                changes.push(size(statement, "gain", Bytes(gain)));
            }
        }
        if self.facts.wall.is_some_and(|wall| wall.kind == WallKind::Limit) {
            changes.push(size(Statement::new("sizing.change.limit"), "to", self.limit_for(floor)));
            return changes;
        }
        // The safety margin grows with the memory that is added.
        let short = floor.plus(self.deficit).0.saturating_sub(ceiling.0);
        let more = filled(Bytes(short), 1000_u64.saturating_sub(self.knobs.safety.min(999)));
        changes.push(size(Statement::new("sizing.change.ram"), "more", more));
        changes
    }

    /// One missing fact, if scenarios end differently.
    fn decides(&self, scenarios: &[Scenario]) -> Option<Statement> {
        let ends = |verdict: Verdict| scenarios.iter().any(|scenario| scenario.verdict == verdict);
        if !(ends(Verdict::Range) && ends(Verdict::None)) {
            return None;
        }
        let ask = self.facts.commands.iter().find(|gap| Missing::of(gap) == Some(Missing::Flags));
        Some(match ask {
            Some(gap) => Statement::new("sizing.decides").with("command", Quantity::Word(gap.command.clone()), None),
            None => Statement::new("sizing.decides.script"),
        })
    }

    fn sensitivity(&self) -> Vec<Statement> {
        let mut moves = Vec::new();
        if self.knobs.concurrency > 0 {
            let step = filled(Bytes(self.knobs.concurrency.saturating_mul(10 * MIB)), self.knobs.fill);
            let statement = size(Statement::new("sizing.sensitivity.per-request"), "step", Bytes(10 * MIB));
            moves.push(size(statement, "moves", step));
        }
        // Without a ceiling there is none that would move, and one of nothing does not move down.
        if self.ceiling.is_none_or(|ceiling| ceiling.0 == 0) {
            return moves;
        }
        let stacks = self.facts.areas.iter().find(|area| area.name == "Thread");
        if let (Some(stacks), Some(threads)) = (stacks, self.facts.threads.filter(|threads| *threads > 0)) {
            let statement = Statement::new("sizing.sensitivity.threads").with("count", Quantity::Count(100), None);
            let hundred = u64::try_from(u128::from(stacks.bytes.0) * 100 / u128::from(threads)).unwrap_or(u64::MAX);
            moves.push(statement.with("moves", Quantity::Size(Bytes(hundred)), stacks.at));
        }
        if let Some(wall) = self.wall.filter(|wall| wall.0 > 0) {
            let statement = Statement::new("sizing.sensitivity.safety").with("count", Quantity::Count(5), None);
            moves.push(size(statement, "moves", share(wall, 50)));
        }
        moves
    }

    fn flags(&self, recommended: Option<Bytes>) -> Vec<Flag> {
        let Some(heap) = recommended else { return Vec::new() };
        let target = self.facts.target;
        let mut flags = Vec::new();
        let mut add = |text: String, comment: Statement| flags.push(Flag { text, comment });
        let why = match self.requests {
            _ if heap == SHORT => "sizing.flag.heap.short",
            Bytes(0) => "sizing.flag.heap.idle",
            _ => "sizing.flag.heap",
        };
        add(format!("-Xmx{}m", heap.0 / MIB), Statement::new(why));
        if let Some(initial) = target.initial_heap.filter(|initial| *initial > heap) {
            add(format!("-Xms{}m", heap.0 / MIB), size(Statement::new("sizing.flag.initial"), "initial", initial));
        }
        if let Some(collector) = self.knobs.collector.filter(|_| !target.openj9) {
            add(collector.flag().to_owned(), Statement::new("sizing.flag.collector"));
        }
        let is_direct = |area: &&Area| ["Other", DIRECT_OF_OPENJ9].contains(&area.name.as_str());
        let direct = self.facts.areas.iter().find(is_direct).map_or(Bytes(0), |area| area.bytes);
        // A limit that was not enough is none to set again.
        let direct = direct.max(self.facts.direct_exhausted.map_or(Bytes(0), |fact| fact.bytes));
        let direct = direct.plus(self.knobs.growth.direct).0.div_ceil(MIB).max(1);
        // One that somebody set stays, unless it was not enough.
        if self.facts.direct_max.is_none() || self.facts.direct_exhausted.is_some() {
            add(format!("-XX:MaxDirectMemorySize={direct}m"), Statement::new("sizing.flag.direct"));
        }
        if !target.elsewhere {
            add("MALLOC_ARENA_MAX=2".to_owned(), Statement::new("sizing.flag.arenas"));
        }
        if let Some((share, limit)) = self.share(heap) {
            add(share, with_fact(Statement::new("sizing.flag.share"), "limit", limit));
        }
        let limit = self.facts.wall.filter(|wall| wall.kind == WallKind::Limit && target.pod);
        if let Some(limit) = limit {
            let bytes = limit.size.bytes.plus(self.knobs.added);
            add(format!("memory: {}Mi", bytes.0 / MIB), Statement::new("sizing.flag.request"));
        }
        flags
    }

    /// The same heap as a share of the limit. Where the heap or the limit is small, HotSpot goes by the other option.
    fn share(&self, heap: Bytes) -> Option<(String, Fact)> {
        let target = self.facts.target;
        let limit = self.facts.wall.filter(|wall| wall.kind == WallKind::Limit && self.knobs.added.0 == 0)?.size;
        // OpenJ9 knows only one of the two.
        let knows = target.jdk.is_none_or(|(_, last)| last >= 8) && !target.unaware && !target.openj9;
        let tenths = u64::try_from(u128::from(heap.0) * 1000 / u128::from(limit.bytes.0.max(1))).ok()?;
        // Rounded down where that stays in the range.
        let tenths = [tenths, tenths + 1].into_iter().find(|tenths| {
            let heap = Some(share(limit.bytes, *tenths));
            (1..=1000).contains(tenths) && self.floor <= heap && heap <= self.ceiling
        })?;
        let option = |which: &str| format!("-XX:{which}RAMPercentage={}.{}", tenths / 10, tenths % 10);
        let is_small = share(limit.bytes, tenths) < FLAT || limit.bytes < HALF_BELOW;
        let options = if is_small { format!("{} {}", option("Max"), option("Min")) } else { option("Max") };
        knows.then_some((options, limit))
    }
}
