//! Placing a section without a clock on the dated axis by hand. What stands there says that a reader put it there.

use std::rc::Rc;

use super::{Band, BandKind, Clock, Lane, Mark, Samples, Section, Series, Timeline, extent_of};
use crate::i18n;
use crate::timeline::reduce::Times;

/// A section placed by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// Of the section that was placed.
    pub id: String,
    /// What its lanes say instead of whose they are.
    pub owner: String,
}

/// Where the first and the last sample of a section stand, by the section's id.
pub type Placement = (String, (i64, i64));

impl Timeline {
    /// True if the section can be placed by hand: it has no clock, and another has dates.
    pub fn can_align(&self, section: &Section) -> bool {
        !section.clock.is_known() && self.dated().is_some()
    }

    /// The section with dates.
    pub fn dated(&self) -> Option<&Section> {
        let with = |is: fn(Clock) -> bool| self.sections.iter().find(move |section| is(section.clock));
        with(|clock| matches!(clock, Clock::Utc(_))).or_else(|| with(|clock| clock == Clock::Local))
    }

    /// The timeline with sections moved onto the dated axis. What cannot be placed stays where it is.
    pub fn aligned(&self, placements: &[Placement]) -> Timeline {
        let mut out = self.clone();
        for (id, (first, last)) in placements {
            out.align(id, *first, *last);
        }
        out
    }

    fn align(&mut self, id: &str, first: i64, last: i64) {
        let Some(at) = self.sections.iter().position(|section| section.id == id) else { return };
        let can = self.sections.get(at).is_some_and(|section| self.can_align(section)) && first <= last;
        let Some(target) = self.dated().map(|section| section.id.clone()).filter(|_| can) else { return };
        let section = self.sections.remove(at);
        let owner = i18n::fill(self.language, "chart.by-hand", &[("who", &section.title)]);
        let moved = Moved { from: section.extent, to: (first, last) };
        // Series that share their times go on sharing them.
        let mut known: Vec<(Rc<Times>, Rc<Times>)> = Vec::new();
        let mut times = |times: &Rc<Times>| match known.iter().find(|(before, _)| Rc::ptr_eq(before, times)) {
            Some((_, after)) => Rc::clone(after),
            None => {
                let after = Rc::new(moved.times(times));
                known.push((Rc::clone(times), Rc::clone(&after)));
                after
            }
        };
        let Section { lanes, bands, samples, .. } = section;
        let lanes: Vec<Lane> = lanes
            .into_iter()
            .map(|lane| Lane {
                owner: owner.clone(),
                series: lane
                    .series
                    .into_iter()
                    .map(|series| Series { times: times(&series.times), ..series })
                    .collect(),
                marks: lane.marks.into_iter().map(|mark| moved.mark(mark)).collect(),
                ..lane
            })
            .collect();
        let samples: Vec<Samples> =
            samples.into_iter().map(|samples| Samples { times: times(&samples.times), ..samples }).collect();
        if let Some(target) = self.sections.iter_mut().find(|section| section.id == target) {
            target.lanes.extend(lanes);
            target.samples.extend(samples);
            target.bands.extend(bands.into_iter().map(|band| Band {
                from: moved.time(band.from),
                to: moved.time(band.to),
                label: format!("{}: {}", section.title, band.label),
                owner: if band.kind == BandKind::Onset { owner.clone() } else { band.owner },
                ..band
            }));
            target.extent = extent_of(target);
        }
        self.by_hand.push(ByHand { id: id.to_owned(), owner });
    }
}

/// From one stretch of time onto another.
struct Moved {
    from: (i64, i64),
    to: (i64, i64),
}

impl Moved {
    fn time(&self, at: i64) -> i64 {
        let (from, to) = (i128::from(self.from.0), i128::from(self.from.1));
        let (first, last) = (i128::from(self.to.0), i128::from(self.to.1));
        let share = if to > from { (i128::from(at) - from) * (last - first) / (to - from) } else { 0 };
        i64::try_from(first + share).unwrap_or(if share < 0 { i64::MIN } else { i64::MAX })
    }

    fn mark(&self, mark: Mark) -> Mark {
        let between = mark.between.map(|(from, to)| (self.time(from), self.time(to)));
        Mark { at: self.time(mark.at), between, ..mark }
    }

    fn times(&self, times: &Times) -> Times {
        Times::listed((0..times.len()).filter_map(|row| times.at(row)).map(|at| self.time(at)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;
    use crate::chart::timeline::LaneId;
    use crate::chart::timeline::View;
    use crate::i18n::Language;

    fn draft() -> Timeline {
        let text = include_str!("../../../tests/corpus/mixed/draft-post/input.log");
        Timeline::of(&analysis_of(text).report, Language::En)
    }

    const START: i64 = 1_669_188_930_000_000;

    fn undated(timeline: &Timeline) -> String {
        let section = timeline.sections.iter().find(|section| section.title.contains("17692")).expect("it is there");
        assert!(timeline.can_align(section));
        section.id.clone()
    }

    #[test]
    fn a_section_without_a_clock_is_placed_where_a_reader_puts_it_and_says_so() {
        let timeline = draft();
        let id = undated(&timeline);
        let aligned = timeline.aligned(&[(id.clone(), (START, START + 11_000_000))]);
        assert_eq!(aligned.sections.len() + 1, timeline.sections.len());
        assert!(aligned.section(&id).is_none());
        let dated = aligned.dated().expect("it has dates");
        let heap = dated.lanes.iter().find(|lane| lane.id == LaneId::Heap).expect("its lanes came along");
        assert!(heap.owner.contains("17692") && heap.owner.contains("by hand"), "{}", heap.owner);
        assert_eq!(heap.series[0].times.extent(), Some((START, START + 11_000_000)));
        assert_eq!(heap.series[0].times.at(1), Some(START + 1_000_000));
        assert!(dated.extent.0 <= START);
        let idle = dated.bands.iter().find(|band| band.kind == BandKind::Identical).expect("its bands came along");
        assert_eq!((idle.from, idle.to), (START, START + 11_000_000));
        assert!(idle.label.starts_with("pid 17692"), "{}", idle.label);
        assert_eq!(aligned.by_hand, [ByHand { id, owner: heap.owner.clone() }]);
        assert!(!aligned.scene(&View::default(), 700).sections.is_empty());
    }

    #[test]
    fn what_has_a_clock_or_does_not_exist_is_not_moved() {
        let timeline = draft();
        let id = undated(&timeline);
        let nowhere = [("utc".to_owned(), (0, 1)), ("run-9.jstat-9".to_owned(), (0, 1)), (id.clone(), (5, -5))];
        let same = timeline.aligned(&nowhere);
        assert_eq!((same.sections.len(), same.by_hand.len()), (timeline.sections.len(), 0));
        let far = timeline.aligned(&[(id, (i64::MIN, i64::MAX))]);
        assert!(!far.scene(&View::default(), 700).sections.is_empty());
    }
}
