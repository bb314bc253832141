//! Lines of a source for the evidence map: what each was, and how the whole divides. Counting only; the text stays where
//! it is.

use crate::analyzer::SourceMap;
use crate::detect::dispatch::LineClass;
use crate::detect::surroundings::Surrounding;

/// A run of lines of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// First line, 1-based.
    pub first: u32,
    /// Number of lines.
    pub count: u32,
    /// What they are.
    pub class: LineClass,
    /// Lines of the stretches above it.
    above: usize,
}

impl Stretch {
    /// Last line.
    pub fn last(&self) -> u32 {
        self.first.saturating_add(self.count).saturating_sub(1)
    }
}

/// The classes of a source with line numbers, ready for questions about single lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stretches(Vec<Stretch>);

impl Stretches {
    /// Of a source.
    pub fn of(map: &SourceMap) -> Stretches {
        let mut first = 1u32;
        let mut stretches = Vec::with_capacity(map.classes.len());
        for (count, class) in &map.classes {
            stretches.push(Stretch { first, count: *count, class: *class, above: 0 });
            first = first.saturating_add(*count);
        }
        Stretches::in_order(stretches)
    }

    fn in_order(mut stretches: Vec<Stretch>) -> Stretches {
        let mut above = 0usize;
        for stretch in &mut stretches {
            stretch.above = above;
            above = above.saturating_add(stretch.count as usize);
        }
        Stretches(stretches)
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = &Stretch> {
        self.0.iter()
    }

    /// What a line was. `None` beyond the end.
    pub fn class(&self, line: u32) -> Option<LineClass> {
        let at = self.0.partition_point(|stretch| stretch.last() < line);
        self.0.get(at).filter(|stretch| stretch.first <= line).map(|stretch| stretch.class)
    }

    /// Number of lines.
    pub fn lines(&self) -> u32 {
        self.0.last().map_or(0, Stretch::last)
    }

    /// The same without what is no log: prose and blank lines.
    pub fn of_logs(&self) -> Stretches {
        let is_log = |stretch: &&Stretch| {
            !matches!(stretch.class, LineClass::Around(Surrounding::Prose | Surrounding::Blank | Surrounding::Fence))
        };
        Stretches::in_order(self.0.iter().filter(is_log).copied().collect())
    }

    /// Number of lines in the stretches, which may leave lines out between them.
    pub fn count(&self) -> usize {
        self.0.last().map_or(0, |stretch| stretch.above.saturating_add(stretch.count as usize))
    }

    /// The line at a place, counted from 0 over the stretches.
    pub fn line_at(&self, place: usize) -> Option<u32> {
        let at = self.0.partition_point(|stretch| stretch.above <= place).checked_sub(1)?;
        let stretch = self.0.get(at)?;
        let within = u32::try_from(place - stretch.above).ok().filter(|within| *within < stretch.count)?;
        Some(stretch.first.saturating_add(within))
    }

    /// Where a line stands, counted from 0 over the stretches; of one that is left out, the next.
    pub fn place_of(&self, line: u32) -> usize {
        let at = self.0.partition_point(|stretch| stretch.first <= line);
        let above = at.checked_sub(1).and_then(|at| self.0.get(at));
        above.map_or(0, |stretch| stretch.above.saturating_add((line - stretch.first).min(stretch.count) as usize))
    }

    /// The classes that occur, in order of appearance, each with its number of lines and its first line.
    pub fn kinds(&self) -> Vec<Stretch> {
        let mut kinds: Vec<Stretch> = Vec::new();
        for stretch in &self.0 {
            match kinds.iter_mut().find(|kind| kind.class == stretch.class) {
                Some(kind) => kind.count = kind.count.saturating_add(stretch.count),
                None => kinds.push(*stretch),
            }
        }
        kinds
    }

    /// First line of the next stretch of that class after `line`, or of the first one if there is none.
    pub fn next(&self, class: LineClass, line: u32) -> Option<u32> {
        let mut of_class = self.0.iter().filter(|stretch| stretch.class == class).map(|stretch| stretch.first);
        let first = of_class.clone().next();
        of_class.find(|start| *start > line).or(first)
    }

    /// The most telling class of each of `parts` equal parts of the source, for a strip that shows all of it.
    pub fn strip(&self, parts: u32) -> Vec<(u32, LineClass)> {
        let lines = u64::from(self.lines());
        let parts = u64::from(parts).min(lines);
        let mut strip: Vec<(u32, LineClass)> = Vec::new();
        for part in 0..parts {
            let first = part * lines / parts + 1;
            let last = (part + 1) * lines / parts;
            let at = self.0.partition_point(|stretch| u64::from(stretch.last()) < first);
            let here = self.0.get(at..).unwrap_or_default();
            let class = here
                .iter()
                .take_while(|stretch| u64::from(stretch.first) <= last)
                .map(|stretch| stretch.class)
                .max_by_key(|class| weight(*class));
            match (strip.last_mut(), class) {
                (Some((count, known)), Some(class)) if *known == class => *count += 1,
                (_, Some(class)) => strip.push((1, class)),
                (_, None) => {}
            }
        }
        strip
    }
}

/// How a source divides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Lines that a reader or a transport took, prompts and fences.
    pub read: u32,
    /// Words for people.
    pub prose: u32,
    /// Blank lines.
    pub blank: u32,
    /// Not understood.
    pub unknown: u32,
}

impl Coverage {
    /// Of a source.
    pub fn of(map: &SourceMap) -> Coverage {
        let mut coverage = Coverage::default();
        for (count, class) in &map.classes {
            let part = match class {
                LineClass::Around(Surrounding::Prose) => &mut coverage.prose,
                LineClass::Around(Surrounding::Blank) => &mut coverage.blank,
                LineClass::Around(Surrounding::Other) => &mut coverage.unknown,
                _ => &mut coverage.read,
            };
            *part = part.saturating_add(*count);
        }
        coverage
    }

    /// All lines.
    pub fn lines(&self) -> u32 {
        self.read.saturating_add(self.prose).saturating_add(self.blank).saturating_add(self.unknown)
    }

    /// Share of the lines with something on them that were understood or are words for people. `None` without any.
    pub fn share(&self) -> Option<f64> {
        let written = self.lines().saturating_sub(self.blank);
        let accounted = self.read.saturating_add(self.prose);
        (written > 0).then(|| f64::from(accounted) / f64::from(written))
    }
}

/// The sign that stands in the margin beside the colour: a format's first letter, or a mark.
pub fn sign(class: LineClass) -> String {
    match class {
        LineClass::Around(Surrounding::Blank) => String::new(),
        LineClass::Around(Surrounding::Fence) => "`".to_owned(),
        LineClass::Around(Surrounding::Prompt) => "$".to_owned(),
        LineClass::Around(Surrounding::Prose) => "¶".to_owned(),
        LineClass::Around(Surrounding::Other) => "?".to_owned(),
        LineClass::Transport => "·".to_owned(),
        LineClass::Format(_) => class.name().chars().take(1).map(|c| c.to_ascii_uppercase()).collect(),
    }
}

/// Which class speaks for a part of the strip: rare and telling ones win.
fn weight(class: LineClass) -> u8 {
    match class {
        LineClass::Around(Surrounding::Blank) => 0,
        LineClass::Around(Surrounding::Prose) => 1,
        LineClass::Around(Surrounding::Fence) => 2,
        LineClass::Around(Surrounding::Prompt) => 3,
        LineClass::Transport => 4,
        LineClass::Around(Surrounding::Other) => 5,
        LineClass::Format(at) => u8::MAX.saturating_sub(at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: LineClass = LineClass::Around(Surrounding::Prose);
    const BLANK: LineClass = LineClass::Around(Surrounding::Blank);
    const OTHER: LineClass = LineClass::Around(Surrounding::Other);
    const KILL: LineClass = LineClass::Format(0);

    fn map(classes: &[(u32, LineClass)]) -> SourceMap {
        SourceMap { classes: classes.to_vec(), checkpoints: vec![0] }
    }

    #[test]
    fn every_line_has_its_class() {
        let stretches = Stretches::of(&map(&[(2, PROSE), (1, BLANK), (3, KILL)]));
        let classes: Vec<Option<LineClass>> = (0..=7).map(|line| stretches.class(line)).collect();
        let (prose, blank, kill) = (Some(PROSE), Some(BLANK), Some(KILL));
        assert_eq!(classes, [None, prose, prose, blank, kill, kill, kill, None]);
        assert_eq!(stretches.lines(), 6);
    }

    #[test]
    fn kinds_are_counted_and_can_be_stepped_through() {
        let stretches = Stretches::of(&map(&[(2, PROSE), (1, KILL), (3, PROSE), (1, KILL)]));
        let kinds: Vec<(u32, u32)> = stretches.kinds().iter().map(|kind| (kind.first, kind.count)).collect();
        assert_eq!(kinds, [(1, 5), (3, 2)]);
        assert_eq!(stretches.next(KILL, 0), Some(3));
        assert_eq!(stretches.next(KILL, 3), Some(7));
        assert_eq!(stretches.next(KILL, 7), Some(3));
        assert_eq!(stretches.next(BLANK, 0), None);
    }

    #[test]
    fn lines_of_logs_are_counted_without_what_stands_between() {
        let stretches = Stretches::of(&map(&[(2, PROSE), (3, KILL), (1, BLANK), (2, OTHER)]));
        let logs = stretches.of_logs();
        assert_eq!((stretches.count(), logs.count()), (8, 5));
        let lines: Vec<Option<u32>> = (0..6).map(|place| logs.line_at(place)).collect();
        assert_eq!(lines, [Some(3), Some(4), Some(5), Some(7), Some(8), None]);
        assert_eq!((1..=8).map(|line| logs.place_of(line)).collect::<Vec<_>>(), [0, 0, 0, 1, 2, 3, 3, 4]);
    }

    #[test]
    fn coverage_counts_every_line_once_and_blank_ones_for_nothing() {
        let coverage = Coverage::of(&map(&[(2, PROSE), (4, BLANK), (1, OTHER), (1, KILL)]));
        assert_eq!(coverage, Coverage { read: 1, prose: 2, blank: 4, unknown: 1 });
        assert_eq!((coverage.lines(), coverage.share()), (8, Some(0.75)));
        assert_eq!(Coverage::of(&map(&[(4, BLANK)])).share(), None);
    }

    #[test]
    fn one_telling_line_is_seen_in_the_strip_of_a_large_source() {
        let stretches = Stretches::of(&map(&[(5000, PROSE), (1, KILL), (5000, PROSE)]));
        assert_eq!(stretches.strip(100).iter().map(|(count, _)| count).sum::<u32>(), 100);
        assert!(stretches.strip(100).iter().any(|(_, class)| *class == KILL));
        assert_eq!(Stretches::of(&map(&[(3, PROSE)])).strip(100), [(3, PROSE)]);
        assert_eq!(Stretches::default().strip(100), []);
    }
}
