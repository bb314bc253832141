//! Places of labels that want to stand near something and must not touch.

/// Where things of these sizes begin between two ends, in their order, each as near with its middle to where it wants to be as
/// the others let it. `None` without room for all.
pub(super) fn side_by_side(middles: &[f64], sizes: &[f64], between: f64, (from, to): (f64, f64)) -> Option<Vec<f64>> {
    /// Things that would touch: how many, where they begin, how large they are, and the sum of where each of them wants them to
    /// begin.
    struct Group {
        count: usize,
        start: f64,
        size: f64,
        wanted: f64,
    }
    let mut groups: Vec<Group> = Vec::new();
    for (middle, size) in middles.iter().zip(sizes) {
        let wanted = middle - size / 2.0;
        let mut next = Group { count: 1, start: wanted, size: *size, wanted };
        loop {
            next.start = (next.wanted / next.count as f64).min(to - next.size).max(from);
            let Some(last) = groups.pop_if(|last| last.start + last.size + between > next.start) else { break };
            let offset = last.size + between;
            next.wanted = last.wanted + next.wanted - offset * next.count as f64;
            next.count += last.count;
            next.size += offset;
        }
        groups.push(next);
    }
    if groups.last().is_some_and(|last| last.start + last.size > to + 0.5) {
        return None;
    }
    let mut sizes = sizes.iter();
    let mut starts = Vec::with_capacity(middles.len());
    for group in &groups {
        let mut start = group.start;
        for size in sizes.by_ref().take(group.count) {
            starts.push(start);
            start += size + between;
        }
    }
    Some(starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_touch_makes_room_for_each_other() {
        let places = |middles: &[f64], sizes: &[f64]| side_by_side(middles, sizes, 12.0, (0.0, 400.0));
        assert_eq!(
            places(&[100.0, 300.0], &[40.0, 60.0]),
            Some(vec![80.0, 270.0]),
            "alone each is where it wants to be"
        );
        assert_eq!(places(&[100.0, 110.0], &[40.0, 40.0]), Some(vec![59.0, 111.0]), "both give way");
        assert_eq!(places(&[5.0, 395.0], &[40.0, 40.0]), Some(vec![0.0, 360.0]), "nothing is beyond an end");
        assert_eq!(places(&[200.0, 200.0, 200.0], &[20.0; 3]), Some(vec![158.0, 190.0, 222.0]));
        assert_eq!(
            places(&[390.0, 395.0, 100.0], &[20.0; 3]).map(|places| places.len()),
            Some(3),
            "whatever they want"
        );
        assert_eq!(places(&[5.0, 395.0], &[300.0, 300.0]), None, "no room");
        assert_eq!(places(&[], &[]), Some(Vec::new()));
    }
}
