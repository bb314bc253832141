//! What grew in the native memory of a JVM: over its snapshots, and in a diff. The cost of the tracking itself is told
//! apart, since it would not be there without it.

use std::collections::BTreeMap;

use crate::model::nmt::{NmtCategory, NmtSite, NmtSnapshot};
use crate::order::InOrder as _;
use crate::report::Report;
use crate::units::{Bytes, SignedBytes};

/// The category of the tracking itself.
const OWN: &str = "Native Memory Tracking";

/// True for the cost of the tracking itself.
pub fn is_own_cost(category: &NmtCategory) -> bool {
    category.name == OWN
}

/// The snapshots of one run, in reading order, that say what was committed: indexes in the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Id of the run; empty for snapshots without one.
    pub run: String,
    /// Indexes in `nmt`.
    pub snapshots: Vec<usize>,
    /// What was committed: the total first, then categories by growth, last the tracking's own.
    pub rows: Vec<Growth>,
}

/// One category over the snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Growth {
    /// Of the category; empty for the total.
    pub name: String,
    /// Committed, one per snapshot.
    pub values: Vec<Option<Bytes>>,
    /// From the first to the last that tells it.
    pub growth: SignedBytes,
    /// True for the cost of the tracking itself.
    pub own: bool,
}

/// Every run with at least two snapshots. Snapshots without a run are nobody's history.
pub fn histories(report: &Report) -> Vec<History> {
    let mut runs: Vec<(&str, Vec<(usize, &NmtSnapshot)>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, snapshot) in report.nmt.iter().enumerate().filter(|(_, snapshot)| !snapshot.run.is_empty()) {
        let place = *places.entry(&snapshot.run).or_insert(runs.len());
        match runs.get_mut(place) {
            Some((_, snapshots)) => snapshots.push((at, snapshot)),
            None => runs.push((&snapshot.run, vec![(at, snapshot)])),
        }
    }
    runs.into_iter().filter_map(|(run, snapshots)| history(run, &snapshots)).collect()
}

fn history(run: &str, snapshots: &[(usize, &NmtSnapshot)]) -> Option<History> {
    if snapshots.len() < 2 {
        return None;
    }
    let row = |name: &str, own: bool, value: &dyn Fn(&NmtSnapshot) -> Option<Bytes>| {
        let values: Vec<Option<Bytes>> = snapshots.iter().map(|(_, snapshot)| value(snapshot)).collect();
        let mut told = values.iter().flatten();
        let first = told.next().copied()?;
        let last = told.next_back().copied().unwrap_or(first);
        Some(Growth { name: name.to_owned(), values, growth: last.minus(first), own })
    };
    let mut names: Vec<&str> = Vec::new();
    for category in snapshots.iter().flat_map(|(_, snapshot)| &snapshot.categories) {
        if !names.contains(&category.name.as_str()) {
            names.push(&category.name);
        }
    }
    let committed = |name: &str| {
        let name = name.to_owned();
        move |snapshot: &NmtSnapshot| snapshot.categories.iter().find(|category| category.name == name)?.committed
    };
    let mut rows: Vec<Growth> = names.into_iter().filter_map(|name| row(name, name == OWN, &committed(name))).collect();
    rows.order_by_key(|row| (row.own, std::cmp::Reverse(row.growth)));
    let total = row("", false, &|snapshot| snapshot.total.committed);
    rows.splice(0..0, total);
    (!rows.is_empty()).then(|| History {
        run: run.to_owned(),
        snapshots: snapshots.iter().map(|(at, _)| *at).collect(),
        rows,
    })
}

/// The categories of a snapshot as they are worth reading: those of a diff by what they grew, others by what they hold;
/// the cost of the tracking itself last in a diff.
pub fn in_order(snapshot: &NmtSnapshot) -> Vec<&NmtCategory> {
    let mut categories: Vec<&NmtCategory> = snapshot.categories.iter().collect();
    if snapshot.kind.ends_with("diff") {
        let grown = |category: &NmtCategory| category.committed_delta.map_or(0, |delta| delta.0);
        categories.order_by_key(|category| {
            (is_own_cost(category), std::cmp::Reverse(grown(category)), std::cmp::Reverse(category.committed))
        });
    } else {
        categories.order_by_key(|category| std::cmp::Reverse(category.committed));
    }
    categories
}

/// Call sites of one category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteGroup<'a> {
    /// Category; empty where none is printed.
    pub category: &'a str,
    /// Sum of the sizes.
    pub size: Bytes,
    /// Sum of the changes; `None` if none is printed.
    pub delta: Option<SignedBytes>,
    /// Largest change first in a diff, largest size first elsewhere.
    pub sites: Vec<&'a NmtSite>,
}

/// The call sites that contain all words of a search, by category.
pub fn call_sites<'a>(snapshot: &'a NmtSnapshot, search: &str) -> Vec<SiteGroup<'a>> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    let matches = |site: &NmtSite| {
        let text = format!("{} {} {}", site.frame, site.category.as_deref().unwrap_or_default(), site.kind);
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let mut groups: Vec<SiteGroup<'a>> = Vec::new();
    for site in snapshot.sites.iter().filter(|site| matches(site)) {
        let category = site.category.as_deref().unwrap_or_default();
        let group = match groups.iter_mut().position(|group| group.category == category) {
            Some(at) => groups.get_mut(at),
            None => {
                groups.push(SiteGroup { category, size: Bytes(0), delta: None, sites: Vec::new() });
                groups.last_mut()
            }
        };
        let Some(group) = group else { continue };
        group.size = group.size.plus(site.size);
        if let Some(SignedBytes(delta)) = site.delta {
            let before = group.delta.map_or(0, |SignedBytes(before)| before);
            group.delta = Some(SignedBytes(before.saturating_add(delta)));
        }
        group.sites.push(site);
    }
    let weight = |size: Bytes, delta: Option<SignedBytes>| std::cmp::Reverse((delta.map(|delta| delta.0), size));
    for group in &mut groups {
        group.sites.order_by_key(|site| weight(site.size, site.delta));
    }
    groups.order_by_key(|group| (group.category == OWN, weight(group.size, group.delta)));
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category(name: &str, committed: u64, delta: Option<i64>) -> NmtCategory {
        NmtCategory {
            name: name.into(),
            committed: Some(Bytes(committed)),
            committed_delta: delta.map(SignedBytes),
            ..NmtCategory::default()
        }
    }

    fn snapshot(run: &str, kind: &str, categories: Vec<NmtCategory>) -> NmtSnapshot {
        NmtSnapshot { run: run.into(), kind: kind.into(), categories, ..NmtSnapshot::default() }
    }

    #[test]
    fn what_grew_most_comes_first_and_the_cost_of_tracking_last() {
        let report = Report {
            nmt: vec![
                snapshot(
                    "run-1",
                    "summary",
                    vec![category("Thread", 10, None), category(OWN, 1, None), category("Code", 5, None)],
                ),
                snapshot("run-2", "summary", vec![category("Thread", 10, None)]),
                snapshot(
                    "run-1",
                    "summary",
                    vec![category("Thread", 12, None), category(OWN, 900, None), category("Code", 50, None)],
                ),
                snapshot("", "summary", vec![category("Thread", 10, None)]),
                snapshot("", "summary", vec![category("Thread", 10, None)]),
            ],
            ..Report::default()
        };
        let histories = histories(&report);
        assert_eq!(histories.len(), 1);
        assert_eq!(histories[0].snapshots, [0, 2]);
        let names: Vec<&str> = histories[0].rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["Code", "Thread", OWN]);
        assert_eq!(histories[0].rows[0].growth, SignedBytes(45));
    }

    #[test]
    fn a_diff_is_read_by_growth_and_a_summary_by_size() {
        let categories = vec![category("Heap", 900, None), category(OWN, 1, Some(99)), category("Code", 5, Some(7))];
        let names = |snapshot: &NmtSnapshot| -> Vec<String> {
            in_order(snapshot).iter().map(|category| category.name.clone()).collect()
        };
        assert_eq!(names(&snapshot("", "summary.diff", categories.clone())), ["Code", "Heap", OWN]);
        assert_eq!(names(&snapshot("", "summary", categories)), ["Heap", "Code", OWN]);
    }

    #[test]
    fn call_sites_are_grouped_and_found_by_all_words() {
        let site = |frame: &str, category: &str, size: u64| NmtSite {
            frame: frame.into(),
            category: Some(category.into()),
            kind: "malloc".into(),
            size: Bytes(size),
            ..NmtSite::default()
        };
        let mut detail = snapshot("run-1", "detail", Vec::new());
        detail.sites =
            vec![site("Arena::grow", "Compiler", 5), site("os::malloc", "Other", 9), site("Arena::new", "Compiler", 7)];
        let all = call_sites(&detail, "");
        assert_eq!(
            (all[0].category, all[0].size, all[0].sites[0].frame.as_str()),
            ("Compiler", Bytes(12), "Arena::new")
        );
        let found = call_sites(&detail, "ARENA comp");
        assert_eq!(found.len(), 1);
        assert_eq!(call_sites(&detail, "arena other"), []);
    }
}
