//! Reduces long series to what pixels can show, without losing a peak: per pixel column the smallest and the largest
//! sample and their mean, found in a pyramid that is built once.

use std::cell::{Ref, RefCell};
use std::ops::Range;

/// Samples that one entry of the lowest level of the pyramid covers, and entries that one of the next level covers.
const FANOUT: usize = 16;

/// When the samples of a series were taken, in microseconds of the series' clock (or sample numbers, without one).
/// Never decreasing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Times {
    /// At even distances.
    Even {
        /// Of the first sample.
        start: i64,
        /// From sample to sample; at least 1.
        step: i64,
        /// Number of samples.
        len: usize,
    },
    /// One per sample.
    Listed(Vec<i64>),
}

impl Times {
    /// Lists times; a time that would go back is held at the one before it.
    pub fn listed(mut times: Vec<i64>) -> Times {
        let mut latest = i64::MIN;
        for time in &mut times {
            latest = latest.max(*time);
            *time = latest;
        }
        Times::Listed(times)
    }

    /// Number of samples.
    pub fn len(&self) -> usize {
        match self {
            Times::Even { len, .. } => *len,
            Times::Listed(times) => times.len(),
        }
    }

    /// True without samples.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Time of a sample. `None` beyond the end.
    pub fn at(&self, index: usize) -> Option<i64> {
        match self {
            Times::Even { start, step, len } => {
                let index = i64::try_from(index).ok().filter(|_| index < *len)?;
                Some(start.saturating_add(step.saturating_mul(index)))
            }
            Times::Listed(times) => times.get(index).copied(),
        }
    }

    /// The first and the last time. `None` without samples.
    pub fn extent(&self) -> Option<(i64, i64)> {
        self.at(0).zip(self.at(self.len().checked_sub(1)?))
    }

    /// The first sample at or after `time`; the number of samples if there is none.
    pub fn first_from(&self, time: i64) -> usize {
        match self {
            Times::Even { start, step, len } if time > *start => {
                let steps = time.abs_diff(*start).div_ceil(step.unsigned_abs().max(1));
                usize::try_from(steps).map_or(*len, |at| at.min(*len))
            }
            Times::Even { .. } => 0,
            Times::Listed(times) => times.partition_point(|known| *known < time),
        }
    }

    /// The sample nearest to `time`. `None` without samples.
    pub fn nearest(&self, time: i64) -> Option<usize> {
        let after = self.first_from(time).min(self.len().checked_sub(1)?);
        let Some(before) = after.checked_sub(1) else { return Some(after) };
        let distance = |at: usize| self.at(at).map(|known| known.abs_diff(time));
        if distance(before)? < distance(after)? { Some(before) } else { Some(after) }
    }
}

/// The smallest and the largest value of every block of samples, over several levels. Samples that are not a number
/// are absent.
#[derive(Clone, Debug, Default)]
pub struct Pyramid {
    levels: Vec<Vec<Extremes>>,
    /// Of all samples before every block of the lowest level.
    sums: Vec<Sum>,
    /// The columns that were drawn last, in order. While a view moves along, most of them are drawn again.
    drawn: RefCell<Vec<Column>>,
}

impl PartialEq for Pyramid {
    fn eq(&self, other: &Pyramid) -> bool {
        self.levels == other.levels && self.sums == other.sums
    }
}

/// Samples of a pixel column, where the smallest and the largest of them stand, and what is in their middle.
#[derive(Clone, Debug)]
struct Column {
    samples: Range<usize>,
    extremes: Option<(usize, usize)>,
    mean: f64,
}

/// Samples that are not absent, added up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Sum {
    of: f64,
    count: u32,
}

impl Sum {
    fn with_samples(self, values: &[f64]) -> Sum {
        let known = values.iter().filter(|value| !value.is_nan());
        known.fold(self, |sum, value| Sum { of: sum.of + value, count: sum.count.saturating_add(1) })
    }
}

/// The smallest and the largest value of a block; infinite the other way round if all are absent.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Extremes {
    low: f64,
    high: f64,
}

const NONE: Extremes = Extremes { low: f64::INFINITY, high: f64::NEG_INFINITY };

impl Extremes {
    fn of_sample(value: f64) -> Extremes {
        Extremes { low: value, high: value }
    }

    fn with_samples(self, values: &[f64]) -> Extremes {
        values.iter().fold(self, |found, value| found.or(Extremes::of_sample(*value)))
    }

    fn with_blocks(self, blocks: &[Extremes]) -> Extremes {
        blocks.iter().fold(self, |found, block| found.or(*block))
    }

    /// What is not a number is neither smaller nor larger.
    fn or(self, other: Extremes) -> Extremes {
        Extremes {
            low: if other.low < self.low { other.low } else { self.low },
            high: if other.high > self.high { other.high } else { self.high },
        }
    }
}

/// Blocks of one level of the pyramid that follow each other; level 0 are the samples.
#[derive(Clone, Debug)]
struct Stretch {
    level: usize,
    blocks: Range<usize>,
}

impl Pyramid {
    /// Looks at every sample once.
    pub fn of(values: &[f64]) -> Pyramid {
        let mut levels: Vec<Vec<Extremes>> = Vec::new();
        if values.len() > FANOUT {
            levels.push(values.chunks(FANOUT).map(|block| NONE.with_samples(block)).collect());
        }
        while let Some(below) = levels.last().filter(|below| below.len() > FANOUT) {
            let next = below.chunks(FANOUT).map(|blocks| NONE.with_blocks(blocks)).collect();
            levels.push(next);
        }
        let sums = values
            .chunks_exact(FANOUT)
            .scan(Sum::default(), |sum, block| Some(std::mem::replace(sum, sum.with_samples(block))));
        Pyramid { levels, sums: sums.collect(), drawn: RefCell::default() }
    }

    /// The mean of `values` in `range`. `values` must be those that the pyramid was built of. `None` if all are absent.
    pub fn mean(&self, values: &[f64], range: Range<usize>) -> Option<f64> {
        let last = range.end.min(values.len());
        let before = |at: usize| {
            // The block that an end stands in, the last whole one at most.
            let block = (at / FANOUT).min(self.sums.len().saturating_sub(1));
            let sum = self.sums.get(block).copied().unwrap_or_default();
            sum.with_samples(values.get(block * FANOUT..at).unwrap_or_default())
        };
        let (from, to) = (before(range.start.min(last)), before(last));
        let count = to.count.saturating_sub(from.count);
        (count > 0).then(|| (to.of - from.of) / f64::from(count))
    }

    /// Where the smallest and the largest of `values` in `range` stand; the first of equals. `values` must be those
    /// that the pyramid was built of. `None` if all are absent.
    pub fn extremes(&self, values: &[f64], range: Range<usize>) -> Option<(usize, usize)> {
        let mut found = NONE;
        let (mut lowest, mut highest) = (None, None);
        let mut look = |stretch: Stretch| {
            let with = self.with_stretch(found, values, &stretch);
            if with.low < found.low {
                lowest = Some(stretch.clone());
            }
            if with.high > found.high {
                highest = Some(stretch);
            }
            found = with;
        };
        // In order, by the largest blocks that fit: first larger and larger ones, then smaller and smaller ones.
        let last = range.end.min(values.len());
        let (mut level, mut start, mut end) = (0, range.start, last);
        while start < end {
            let (up, down) = (start.next_multiple_of(FANOUT), end - end % FANOUT);
            if up >= down || level == self.levels.len() {
                look(Stretch { level, blocks: start..end });
                break;
            }
            look(Stretch { level, blocks: start..up });
            (start, end) = (up / FANOUT, down / FANOUT);
            level += 1;
        }
        for level in (0..level).rev() {
            let end = last / FANOUT.pow(level as u32);
            look(Stretch { level, blocks: end - end % FANOUT..end });
        }
        Some((
            self.descend(values, lowest?, |block| block.low == found.low)?,
            self.descend(values, highest?, |block| block.high == found.high)?,
        ))
    }

    fn with_stretch(&self, found: Extremes, values: &[f64], stretch: &Stretch) -> Extremes {
        let Stretch { level, blocks } = stretch.clone();
        match level.checked_sub(1).map(|level| self.levels.get(level).and_then(|level| level.get(blocks.clone()))) {
            None => found.with_samples(values.get(blocks).unwrap_or_default()),
            Some(blocks) => found.with_blocks(blocks.unwrap_or_default()),
        }
    }

    /// The first sample of a stretch that is looked for, found from the largest blocks down.
    fn descend(&self, values: &[f64], stretch: Stretch, is_it: impl Fn(&Extremes) -> bool) -> Option<usize> {
        let Stretch { level, mut blocks } = stretch;
        for level in (0..level).rev() {
            let first = blocks.start;
            let block = first + self.levels.get(level)?.get(blocks)?.iter().position(&is_it)?;
            blocks = block * FANOUT..(block + 1) * FANOUT;
        }
        let values = values.get(blocks.start..blocks.end.min(values.len()))?;
        Some(blocks.start + values.iter().position(|value| is_it(&Extremes::of_sample(*value)))?)
    }

    /// The extremes of columns of samples, all in order. What was among the columns before is not looked up again.
    fn columns(&self, values: &[f64], columns: impl Iterator<Item = Range<usize>>) -> Ref<'_, [Column]> {
        let before = self.drawn.take();
        let mut before = before.iter().peekable();
        let columns = columns.map(|samples| {
            while before.next_if(|column| column.samples.start < samples.start).is_some() {}
            if let Some(known) = before.peek().filter(|column| column.samples == samples) {
                return (*known).clone();
            }
            let extremes = self.extremes(values, samples.clone());
            let mean = self.mean(values, samples.clone()).unwrap_or(f64::NAN);
            Column { samples, extremes, mean }
        });
        let columns = columns.collect();
        self.drawn.replace(columns);
        Ref::map(self.drawn.borrow(), Vec::as_slice)
    }
}

/// Which samples stand in which pixel column of a stretch of time; the same for all series with the same times.
#[derive(Clone, Debug)]
pub struct Window {
    /// Samples within the stretch.
    samples: Range<usize>,
    /// One past the last sample of every column. Empty where the samples are few enough to draw all of them.
    ends: Vec<usize>,
}

impl Window {
    /// The times `from..=to` on `columns` pixels. Columns start at multiples of their width, so that they stay the same
    /// while the stretch moves along.
    pub fn of(times: &Times, from: i64, to: i64, columns: usize) -> Window {
        let start = times.first_from(from);
        let end = times.first_from(to.saturating_add(1)).max(start);
        let columns = columns.max(1);
        if end - start <= columns.saturating_mul(3) {
            return Window { samples: start..end, ends: Vec::new() };
        }
        // Nor do they change where the stretch is a microsecond longer or shorter.
        let width = (to.abs_diff(from) / columns as u64).clamp(1, 1 << 62);
        let width = width.next_multiple_of(width.next_power_of_two().div_ceil(64)) as i64;
        let mut ends = Vec::with_capacity(columns + 2);
        let mut edge = from.div_euclid(width).saturating_mul(width);
        while ends.last() != Some(&end) {
            edge = edge.saturating_add(width);
            ends.push(times.first_from(edge).min(end));
        }
        Window { samples: start..end, ends }
    }

    /// The samples of each column that has some.
    fn columns(&self) -> impl Iterator<Item = Range<usize>> {
        let starts = std::iter::once(self.samples.start).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| start..*end).filter(|samples| !samples.is_empty())
    }
}

/// Which samples to draw in a window, in order: all of them where they are few, else the smallest and the largest of
/// every column, and always the first and the last, and one more on each side so that lines reach the edge. `None` stands
/// where the line is broken because samples are absent.
pub fn visible(window: &Window, values: &[f64], pyramid: &Pyramid) -> Vec<Option<usize>> {
    let Range { start, end } = window.samples;
    let most = if window.ends.is_empty() { end - start } else { 2 * window.ends.len() };
    let mut out = Path { points: Vec::with_capacity(most + 4) };
    if let Some(before) = start.checked_sub(1) {
        out.sample(values, before);
    }
    if window.ends.is_empty() {
        (start..end).for_each(|at| out.sample(values, at));
    } else {
        out.sample(values, start);
        for column in pyramid.columns(values, window.columns()).iter() {
            match column.extremes {
                Some((a, b)) => {
                    out.sample(values, a.min(b));
                    out.sample(values, a.max(b));
                }
                None => out.break_off(),
            }
        }
        out.sample(values, end - 1);
    }
    if end < values.len() {
        out.sample(values, end);
    }
    out.points
}

/// What stands in a pixel column of a window in which not every sample is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// The samples.
    pub samples: Range<usize>,
    /// The smallest of them.
    pub low: f64,
    /// The largest.
    pub high: f64,
    /// Their mean.
    pub mean: f64,
}

/// How far the samples of every column reach, in order. `None` stands where all of a column are absent. Nothing where they are
/// few enough to draw all of them.
pub fn spreads(window: &Window, values: &[f64], pyramid: &Pyramid) -> Vec<Option<Spread>> {
    let columns = pyramid.columns(values, window.columns());
    let spread = |Column { samples, extremes, mean }: &Column| {
        let (low, high) = (*extremes)?;
        Some(Spread { samples: samples.clone(), low: *values.get(low)?, high: *values.get(high)?, mean: *mean })
    };
    columns.iter().map(spread).collect()
}

struct Path {
    points: Vec<Option<usize>>,
}

impl Path {
    fn sample(&mut self, values: &[f64], at: usize) {
        match values.get(at) {
            Some(value) if !value.is_nan() => {
                if self.points.last() != Some(&Some(at)) {
                    self.points.push(Some(at));
                }
            }
            _ => self.break_off(),
        }
    }

    fn break_off(&mut self) {
        if self.points.last().is_some_and(Option::is_some) {
            self.points.push(None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn even(len: usize) -> Times {
        Times::Even { start: 0, step: 1000, len }
    }

    fn drawn(times: &Times, values: &[f64], from: i64, to: i64, columns: usize) -> Vec<Option<usize>> {
        visible(&Window::of(times, from, to, columns), values, &Pyramid::of(values))
    }

    #[test]
    fn a_single_spike_in_a_million_samples_is_visible() {
        let mut values = vec![1.0; 1_000_000];
        values[654_321] = 9.0;
        values[123_456] = -9.0;
        let points = drawn(&even(1_000_000), &values, 0, 999_999_000, 700);
        assert!(points.contains(&Some(654_321)) && points.contains(&Some(123_456)));
        assert!(points.len() <= 2 * 700 + 4, "{}", points.len());
    }

    #[test]
    fn the_first_and_the_last_visible_sample_are_drawn_and_one_beyond() {
        let values: Vec<f64> = (0..100_000).map(|at| f64::from(at % 977)).collect();
        let points = drawn(&even(100_000), &values, 5_000_500, 80_000_500, 300);
        assert_eq!(points.first(), Some(&Some(5000)));
        assert_eq!(points.get(1), Some(&Some(5001)));
        assert_eq!(points.get(points.len() - 2), Some(&Some(80_000)));
        assert_eq!(points.last(), Some(&Some(80_001)));
        assert!(points.is_sorted());
    }

    #[test]
    fn the_pyramid_agrees_with_looking_at_every_sample() {
        let mut seed: u64 = 7;
        let values: Vec<f64> = (0..10_000)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // Equals as well: the first of them counts.
                if seed >> 60 == 0 { f64::NAN } else { (seed >> 56) as f64 }
            })
            .collect();
        let pyramid = Pyramid::of(&values);
        for (start, end) in [(0, 10_000), (0, 1), (15, 17), (16, 32), (1, 9_999), (255, 4097), (5000, 5000)] {
            let range: Vec<usize> = (start..end).filter(|at| !values[*at].is_nan()).collect();
            let min = range.iter().copied().reduce(|a, b| if values[b] < values[a] { b } else { a });
            let max = range.iter().copied().reduce(|a, b| if values[b] > values[a] { b } else { a });
            assert_eq!(pyramid.extremes(&values, start..end), min.zip(max), "{start}..{end}");
        }
    }

    #[test]
    fn the_mean_is_that_of_a_plain_loop() {
        let mut seed: u64 = 11;
        let values: Vec<f64> = (0..10_007)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                // Bytes of a large heap: their sums are whole numbers.
                if seed >> 61 == 0 { f64::NAN } else { (seed >> 28) as f64 }
            })
            .collect();
        let pyramid = Pyramid::of(&values);
        let ends = [0, 1, 15, 16, 17, 255, 256, 4097, 9_999, 10_000, 10_006, 10_007, 20_000];
        for start in ends {
            for end in ends {
                let samples = values.get(start..end.min(values.len())).unwrap_or_default();
                let known: Vec<f64> = samples.iter().copied().filter(|value| !value.is_nan()).collect();
                let mean = (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64);
                assert_eq!(pyramid.mean(&values, start..end), mean, "{start}..{end}");
            }
        }
        assert_eq!(Pyramid::of(&[f64::NAN; 40]).mean(&[f64::NAN; 40], 0..40), None);
    }

    #[test]
    fn of_a_dense_window_every_column_has_its_extremes_and_its_mean() {
        let mut values: Vec<f64> = (0..100_000).map(|at| f64::from(at % 10)).collect();
        values[40_000..60_000].fill(f64::NAN);
        values[12_345] = 1e6;
        let (times, pyramid) = (even(100_000), Pyramid::of(&values));
        let window = Window::of(&times, 0, 99_999_000, 100);
        let spreads = spreads(&window, &values, &pyramid);
        for spread in spreads.iter().flatten() {
            let samples = || values[spread.samples.clone()].iter().filter(|value| !value.is_nan());
            assert_eq!(spread.low, samples().copied().fold(f64::INFINITY, f64::min));
            assert_eq!(spread.high, samples().copied().fold(f64::NEG_INFINITY, f64::max));
            assert_eq!(spread.mean, samples().sum::<f64>() / samples().count() as f64);
        }
        assert_eq!(spreads.iter().flatten().filter(|spread| spread.high == 1e6).count(), 1);
        assert!(spreads.contains(&None), "nothing is told of what is absent");
        assert!(super::spreads(&Window::of(&times, 0, 90_000, 100), &values, &pyramid).is_empty());
    }

    #[test]
    fn absent_samples_break_the_line() {
        let values = [1.0, f64::NAN, f64::NAN, 2.0];
        let points = drawn(&even(4), &values, 0, 3000, 100);
        assert_eq!(points, [Some(0), None, Some(3)]);
        let mut values = vec![1.0; 10_000];
        values[2000..5000].fill(f64::NAN);
        let points = drawn(&even(10_000), &values, 0, 9_999_000, 100);
        assert_eq!(points.iter().filter(|point| point.is_none()).count(), 1);
    }

    #[test]
    fn times_find_samples() {
        for times in [even(4), Times::listed(vec![0, 1000, 2000, 3000])] {
            assert_eq!(times.first_from(-5), 0);
            assert_eq!(times.first_from(1), 1);
            assert_eq!(times.first_from(2000), 2);
            assert_eq!(times.first_from(i64::MAX), 4);
            assert_eq!(times.nearest(1400), Some(1));
            assert_eq!(times.nearest(1600), Some(2));
            assert_eq!(times.nearest(i64::MIN), Some(0));
            assert_eq!(times.extent(), Some((0, 3000)));
        }
        assert_eq!(Times::listed(vec![5, 3, 9]), Times::Listed(vec![5, 5, 9]));
        assert_eq!(Times::Listed(Vec::new()).nearest(0), None);
    }

    #[test]
    fn columns_stay_the_same_while_the_view_moves() {
        let values: Vec<f64> = (0..100_000).map(|at| f64::from(at * 7919 % 10_007)).collect();
        let pyramid = Pyramid::of(&values);
        let samples_from = |from: i64, to: i64| {
            let columns: Vec<_> = Window::of(&even(100_000), from, to, 500).columns().collect();
            let moved = visible(&Window::of(&even(100_000), from, to, 500), &values, &pyramid);
            assert_eq!(moved, drawn(&even(100_000), &values, from, to, 500), "what was drawn before changes nothing");
            columns
        };
        let (here, moved) = (samples_from(10_000_000, 60_000_000), samples_from(10_345_678, 60_345_677));
        assert!(here.len() <= 502);
        let both = here.iter().filter(|column| moved.contains(column)).count();
        assert!(both >= here.len() - 6, "{both} of {}", here.len());
    }

    #[test]
    fn extreme_ranges_do_no_harm() {
        let values = vec![1.0; 1000];
        assert_eq!(drawn(&even(1000), &values, i64::MIN, i64::MAX, 10).len(), 2);
        assert!(drawn(&even(1000), &values, 5, -5, 0).len() <= 2);
        assert!(drawn(&even(0), &[], 0, 1, 10).is_empty());
    }
}
