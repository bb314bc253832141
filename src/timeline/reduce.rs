//! Reduces long series to what pixels can show, without losing a peak: per pixel column the smallest and the largest
//! sample, found in a pyramid that is built once.

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
            Times::Even { start, step, len } => {
                let ahead = i128::from(time) - i128::from(*start);
                let step = i128::from((*step).max(1));
                usize::try_from((ahead + step - 1).div_euclid(step).max(0)).map_or(*len, |at| at.min(*len))
            }
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

/// For every block of samples where its smallest and its largest stand, over several levels. Samples that are not a
/// number are absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pyramid {
    levels: Vec<Vec<Extremes>>,
}

/// Indexes of the smallest and the largest sample of a block. [`NONE`] if all are absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Extremes {
    min: u32,
    max: u32,
}

const NONE: Extremes = Extremes { min: u32::MAX, max: u32::MAX };

impl Pyramid {
    /// Looks at every sample once. Only the first 2^32 - 1 are looked at.
    pub fn of(values: &[f64]) -> Pyramid {
        let mut levels: Vec<Vec<Extremes>> = Vec::new();
        if values.len() <= FANOUT {
            return Pyramid { levels };
        }
        let mut base = Vec::with_capacity(values.len().div_ceil(FANOUT));
        let mut first: u32 = 0;
        for block in values.chunks(FANOUT) {
            let mut found = NONE;
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for (at, value) in (first..u32::MAX).zip(block) {
                if *value < low {
                    low = *value;
                    found.min = at;
                }
                if *value > high {
                    high = *value;
                    found.max = at;
                }
            }
            base.push(found);
            first = first.saturating_add(FANOUT as u32);
        }
        levels.push(base);
        while let Some(below) = levels.last().filter(|below| below.len() > FANOUT) {
            let next = below
                .chunks(FANOUT)
                .map(|block| block.iter().fold(NONE, |found, other| better(values, found, *other)))
                .collect();
            levels.push(next);
        }
        Pyramid { levels }
    }

    /// Where the smallest and the largest of `values` in `range` stand; the first of equals. `values` must be those
    /// that the pyramid was built of. `None` if all are absent.
    pub fn extremes(&self, values: &[f64], range: Range<usize>) -> Option<(usize, usize)> {
        let end = range.end.min(values.len());
        let mut at = range.start;
        let mut found = NONE;
        while at < end {
            // The highest level with a block that starts here and ends within the range.
            let mut block = 1;
            let mut entry = None;
            for level in &self.levels {
                let next = block * FANOUT;
                if !at.is_multiple_of(next) || at + next > end {
                    break;
                }
                block = next;
                entry = level.get(at / next);
            }
            let here = match entry {
                Some(entry) => *entry,
                None => single(values, at),
            };
            found = better(values, found, here);
            at += block;
        }
        (found != NONE).then_some((found.min as usize, found.max as usize))
    }
}

fn single(values: &[f64], at: usize) -> Extremes {
    match (u32::try_from(at), values.get(at)) {
        (Ok(at), Some(value)) if !value.is_nan() => Extremes { min: at, max: at },
        _ => NONE,
    }
}

fn better(values: &[f64], found: Extremes, other: Extremes) -> Extremes {
    let value = |at: u32| values.get(at as usize).copied();
    Extremes {
        min: match (value(found.min), value(other.min)) {
            (Some(a), Some(b)) if b < a => other.min,
            (None, Some(_)) => other.min,
            _ => found.min,
        },
        max: match (value(found.max), value(other.max)) {
            (Some(a), Some(b)) if b > a => other.max,
            (None, Some(_)) => other.max,
            _ => found.max,
        },
    }
}

/// Which samples to draw for the times `from..=to` on `columns` pixels, in order: all of them where they are few,
/// else the smallest and the largest of every column, and always the first and the last, and one more on each side so
/// that lines reach the edge. `None` stands where the line is broken because samples are absent.
pub fn visible(
    times: &Times,
    values: &[f64],
    pyramid: &Pyramid,
    from: i64,
    to: i64,
    columns: usize,
) -> Vec<Option<usize>> {
    let mut out = Path { points: Vec::new() };
    let len = times.len().min(values.len());
    let first = times.first_from(from).min(len);
    let end = times.first_from(to.saturating_add(1)).min(len);
    if let Some(before) = first.checked_sub(1) {
        out.sample(values, before);
    }
    let columns = columns.max(1);
    if end.saturating_sub(first) <= columns.saturating_mul(3) {
        (first..end).for_each(|at| out.sample(values, at));
    } else {
        out.sample(values, first);
        let span = i128::from(to) - i128::from(from) + 1;
        let mut start = first;
        for column in 1..=columns {
            let edge = i128::from(from) + span * column as i128 / columns as i128;
            let stop = times.first_from(i64::try_from(edge).unwrap_or(i64::MAX)).clamp(start, end);
            if start < stop {
                match pyramid.extremes(values, start..stop) {
                    Some((a, b)) => {
                        out.sample(values, a.min(b));
                        out.sample(values, a.max(b));
                    }
                    None => out.break_off(),
                }
            }
            start = stop;
        }
        out.sample(values, end - 1);
    }
    if end < len {
        out.sample(values, end);
    }
    out.points
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

    #[test]
    fn a_single_spike_in_a_million_samples_is_visible() {
        let mut values = vec![1.0; 1_000_000];
        values[654_321] = 9.0;
        values[123_456] = -9.0;
        let pyramid = Pyramid::of(&values);
        let points = visible(&even(1_000_000), &values, &pyramid, 0, 999_999_000, 700);
        assert!(points.contains(&Some(654_321)) && points.contains(&Some(123_456)));
        assert!(points.len() <= 2 * 700 + 4, "{}", points.len());
    }

    #[test]
    fn the_first_and_the_last_visible_sample_are_drawn_and_one_beyond() {
        let values: Vec<f64> = (0..100_000).map(|at| f64::from(at % 977)).collect();
        let pyramid = Pyramid::of(&values);
        let points = visible(&even(100_000), &values, &pyramid, 5_000_500, 80_000_500, 300);
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
                if seed >> 60 == 0 { f64::NAN } else { (seed >> 40) as f64 }
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
    fn absent_samples_break_the_line() {
        let values = [1.0, f64::NAN, f64::NAN, 2.0];
        let points = visible(&even(4), &values, &Pyramid::of(&values), 0, 3000, 100);
        assert_eq!(points, [Some(0), None, Some(3)]);
        let mut values = vec![1.0; 10_000];
        values[2000..5000].fill(f64::NAN);
        let points = visible(&even(10_000), &values, &Pyramid::of(&values), 0, 9_999_000, 100);
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
    fn extreme_ranges_do_no_harm() {
        let values = vec![1.0; 1000];
        let pyramid = Pyramid::of(&values);
        assert_eq!(visible(&even(1000), &values, &pyramid, i64::MIN, i64::MAX, 10).len(), 2);
        assert!(visible(&even(1000), &values, &pyramid, 5, -5, 0).len() <= 2);
        assert!(visible(&even(0), &[], &Pyramid::of(&[]), 0, 1, 10).is_empty());
    }
}
