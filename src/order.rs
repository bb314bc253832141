//! Sorting that is compiled once, whatever is sorted: the standard library's is six kilobytes of wasm for every type and key.

use std::cmp::Ordering;

/// Puts items in order.
pub trait InOrder<T> {
    /// Sorts by a key; what has the same key stays in its order.
    fn order_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K);
}

impl<T> InOrder<T> for [T] {
    fn order_by_key<K: Ord>(&mut self, key: impl Fn(&T) -> K) {
        let compare = |a: usize, b: usize| match (self.get(a), self.get(b)) {
            (Some(a), Some(b)) => key(a).cmp(&key(b)),
            _ => Ordering::Equal,
        };
        for (a, b) in swaps(self.len(), &compare) {
            self.swap(a, b);
        }
    }
}

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
