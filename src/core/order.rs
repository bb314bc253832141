//! Sorting that is compiled once, whatever is sorted: the standard library's is five kilobytes of wasm for every type and key. It sorts
//! before it makes a map or a set of what is collected, too; [`Gather`] does not.

use std::cmp::Ordering;

/// Puts items in order.
pub trait InOrder<T> {
    /// Sorts; what is equal stays in its order.
    fn order_by(&mut self, compare: impl Fn(&T, &T) -> Ordering);

    /// Sorts by a key.
    fn order_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        self.order_by(|a, b| key(a).cmp(&key(b)));
    }

    /// Sorts what has an order of its own.
    fn order(&mut self)
    where
        T: Ord,
    {
        self.order_by(Ord::cmp);
    }
}

impl<T> InOrder<T> for [T] {
    fn order_by(&mut self, compare: impl Fn(&T, &T) -> Ordering) {
        let compare = |a: usize, b: usize| match (self.get(a), self.get(b)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        };
        for (a, b) in swaps(self.len(), &compare) {
            self.swap(a, b);
        }
    }
}

/// Puts items into a map or a set, one by one.
pub trait Gather: Iterator + Sized {
    /// The map or the set.
    fn gathered<C: Default + Extend<Self::Item>>(self) -> C {
        let mut all = C::default();
        all.extend(self);
        all
    }
}

impl<I: Iterator> Gather for I {}

/// The places to swap, one pair after the other, until items of that order stand in it.
fn swaps(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<(usize, usize)> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|a, b| compare(*a, *b));
    let mut swaps = Vec::new();
    for start in 0..count {
        let mut at = start;
        // Each item comes from a place, whose item comes from another, until one comes from the start.
        while let Some(from) = order.get_mut(at) {
            let from = std::mem::replace(from, at);
            if from == start || from == at {
                break;
            }
            swaps.push((at, from));
            at = from;
        }
    }
    swaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stand_in_order_and_equal_ones_as_they_stood() {
        let mut seed = 7_u32;
        for count in 0..200 {
            let mut items: Vec<(u32, u32)> = (0..count)
                .map(|at| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    ((seed >> 16) % 23, at)
                })
                .collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            items.order_by_key(|(key, _)| *key);
            assert_eq!(items, expected);
        }
    }
}
