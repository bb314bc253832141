//! A column of numbers in little memory, every one at hand: a table of a million rows mostly repeats itself.

/// Numbers by row. Only ever grows at its end.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    blocks: Vec<Block>,
    /// What is behind the last full block.
    rest: Rest,
}

/// Numbers of a full block.
const BLOCK: usize = 256;

#[derive(Clone, Debug)]
enum Block {
    /// All are this one, so many times.
    Same(i64, u32),
    /// The first and how far every one is from it.
    Near(i64, Box<[i32]>),
    /// Numbers as they are.
    Far(Box<[i64]>),
}

/// Fewer numbers than a block has.
#[derive(Clone, Debug)]
enum Rest {
    /// More are to come.
    Open(Vec<i64>),
    /// None is, most likely.
    Closed(Block),
}

impl Default for Rest {
    fn default() -> Rest {
        Rest::Open(Vec::new())
    }
}

impl Rest {
    #[inline]
    fn get(&self, at: usize) -> Option<i64> {
        match self {
            Rest::Open(numbers) => numbers.get(at).copied(),
            Rest::Closed(block) => block.get(at),
        }
    }

    fn len(&self) -> usize {
        match self {
            Rest::Open(numbers) => numbers.len(),
            Rest::Closed(block) => block.len(),
        }
    }

    /// The numbers, to which others can be added.
    #[inline]
    fn opened(&mut self) -> &mut Vec<i64> {
        if let Rest::Closed(block) = self {
            *self = Rest::Open((0..block.len()).filter_map(|at| block.get(at)).collect());
        }
        let Rest::Open(numbers) = self else { unreachable!("opened above") };
        numbers
    }
}

impl Numbers {
    /// Adds a row.
    #[inline]
    pub fn push(&mut self, number: i64) {
        let rest = self.rest.opened();
        rest.push(number);
        if rest.len() == BLOCK {
            self.blocks.push(Block::of(rest));
            rest.clear();
        }
    }

    /// The number of a row. `None` behind the last one.
    #[inline]
    pub fn get(&self, row: usize) -> Option<i64> {
        match self.blocks.get(row / BLOCK) {
            Some(block) => block.get(row % BLOCK),
            None => self.rest.get(row - self.blocks.len() * BLOCK),
        }
    }

    /// Takes the numbers from a row on.
    pub fn split_off(&mut self, row: usize) -> Numbers {
        let tail = (row..self.len()).filter_map(|row| self.get(row)).collect();
        let block = row / BLOCK;
        if block < self.blocks.len() {
            let start = block * BLOCK;
            self.rest = Rest::Open((start..row).filter_map(|row| self.get(row)).collect());
            self.blocks.truncate(block);
        } else {
            self.rest.opened().truncate(row - self.blocks.len() * BLOCK);
        }
        tail
    }

    /// Gives back the room that was taken ahead.
    pub fn tighten(&mut self) {
        self.blocks.shrink_to_fit();
        if let Rest::Open(numbers) = &self.rest {
            self.rest = Rest::Closed(Block::of(numbers));
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.blocks.len() * BLOCK + self.rest.len()
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rows whose number is not that of the row before, with it; the first row is one of them.
    pub fn changes(&self) -> impl Iterator<Item = (usize, i64)> {
        let blocks = self.blocks.iter().zip((0..).step_by(BLOCK));
        let candidates = blocks.flat_map(|(block, first)| match block {
            Block::Same(..) => first..first + 1,
            Block::Near(..) | Block::Far(_) => first..first + BLOCK,
        });
        let mut before = None;
        candidates.chain(self.blocks.len() * BLOCK..self.len()).filter_map(move |row| {
            let number = self.get(row)?;
            (before.replace(number) != Some(number)).then_some((row, number))
        })
    }

    /// All numbers by row.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = i64> {
        (0..self.len()).filter_map(|row| self.get(row))
    }
}

/// However they are kept.
impl PartialEq for Numbers {
    fn eq(&self, other: &Numbers) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

impl Eq for Numbers {}

impl Block {
    fn of(numbers: &[i64]) -> Block {
        let first = numbers.first().copied().unwrap_or_default();
        let (mut different, mut far) = (0, 0);
        for number in numbers {
            let distance = number.wrapping_sub(first);
            different |= distance;
            far |= distance.wrapping_sub(i64::from(i32::MIN)) >> 32;
        }
        if different == 0 {
            Block::Same(first, numbers.len() as u32)
        } else if far == 0 {
            Block::Near(first, numbers.iter().map(|number| number.wrapping_sub(first) as i32).collect())
        } else {
            Block::Far(Box::from(numbers))
        }
    }

    #[inline]
    fn get(&self, at: usize) -> Option<i64> {
        match self {
            Block::Same(number, count) => (at < *count as usize).then_some(*number),
            Block::Near(first, distances) => distances.get(at).map(|distance| first.wrapping_add(i64::from(*distance))),
            Block::Far(numbers) => numbers.get(at).copied(),
        }
    }

    fn len(&self) -> usize {
        match self {
            Block::Same(_, count) => *count as usize,
            Block::Near(_, distances) => distances.len(),
            Block::Far(numbers) => numbers.len(),
        }
    }
}

impl FromIterator<i64> for Numbers {
    fn from_iter<T: IntoIterator<Item = i64>>(numbers: T) -> Numbers {
        let numbers = numbers.into_iter();
        let mut all = Numbers::default();
        all.rest.opened().reserve_exact(numbers.size_hint().0.min(BLOCK));
        numbers.for_each(|number| all.push(number));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_however_they_are_kept() {
        let same = [7; 300];
        let near: Vec<i64> = (0..700).map(|row| i64::MIN + row * 1000).collect();
        let far: Vec<i64> = (0..600).map(|row| if row % 2 == 0 { i64::MIN } else { row }).collect();
        for numbers in [&[], &same[..], &near, &far, &[&same[..], &near, &far].concat()] {
            let kept: Numbers = numbers.iter().copied().collect();
            assert_eq!(kept.len(), numbers.len());
            assert_eq!(kept.iter().collect::<Vec<_>>(), *numbers);
            let changes = (0..numbers.len()).filter(|row| *row == 0 || numbers[row - 1] != numbers[*row]);
            assert!(kept.changes().eq(changes.map(|row| (row, numbers[row]))));
            assert!((0..numbers.len()).all(|row| kept.get(row) == Some(numbers[row])));
            assert_eq!(kept.get(numbers.len()), None);
            let mut tight = kept.clone();
            tight.tighten();
            assert_eq!(tight, kept);
            assert!(tight.changes().eq(kept.changes()));
            assert_eq!(tight.get(numbers.len()), None);
            tight.push(9);
            assert!(tight.iter().eq(numbers.iter().copied().chain([9])));
        }
    }

    #[test]
    fn a_column_is_split_at_any_row() {
        let all: Vec<i64> = (0..600).map(|row| row * 7).collect();
        for row in [0, 1, 255, 256, 257, 511, 512, 599, 600, 700] {
            let mut first: Numbers = all.iter().copied().collect();
            first.tighten();
            let second = first.split_off(row);
            assert_eq!(first.iter().chain(second.iter()).collect::<Vec<_>>(), all, "{row}");
            assert_eq!(first.len(), row.min(600));
        }
    }
}
