//! The limit of a container is smaller than what the JVM may use by its own settings: heap maximum plus what it has
//! outside of the heap. Where that is not known, the heap alone is judged: what it leaves must hold classes, code, and threads.

use super::room_outside::{Within, too_little};
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::event_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::units::Bytes;

/// Hundredths of a limit that a heap may take without a look at what is left.
const TIGHT: u128 = 75;

pub static RULE: Rule = Rule { id: RuleId::LimitBelowHeapPlusNative, check };

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, &run.id)).collect()
}

fn check_run(incident: &Incident<'_>, run: &str) -> Option<Finding> {
    let limit = incident.limit(run)?;
    let heap = incident.max_heap(run)?;
    let native = incident.non_heap(run);
    let sum = heap.bytes.plus(native.map_or(Bytes(0), |native| native.bytes));
    let left = limit.bytes.0.checked_sub(sum.0);
    // Where NMT tells what is outside of the heap, only a sum above the limit is one.
    let is_close = || native.is_none() && too_little(incident, run, (heap.bytes, limit.bytes), Within::Limit).is_some();
    // A limit that was passed is told with what passed it.
    let is_passed =
        incident.is_oomkilled(run) || incident.readings.events.iter().any(|event| event.kind.enforces_limit());
    let is_tight =
        !is_passed && native.is_none() && u128::from(heap.bytes.0) * 100 >= u128::from(limit.bytes.0) * TIGHT;
    let is_short = left.is_none() || is_close();
    if !is_short && !is_tight {
        return None;
    }
    let over = sum.0.saturating_sub(limit.bytes.0);
    let mut claim = match (native, left) {
        (None, Some(0)) => Statement::new("rule.limit-below-heap-plus-native.equal"),
        (None, Some(left)) => {
            let key = match is_short {
                true => "rule.limit-below-heap-plus-native.close",
                false => "rule.limit-below-heap-plus-native.tight",
            };
            Statement::new(key).with("left", Quantity::Size(Bytes(left)), None).with(
                "share",
                Quantity::share_of(heap.bytes, limit.bytes),
                None,
            )
        }
        (Some(native), _) => Statement::new("rule.limit-below-heap-plus-native")
            .with("native", Quantity::Size(native.bytes), native.at)
            .with("sum", Quantity::Size(sum), None),
        (None, None) => Statement::new("rule.limit-below-heap-plus-native.heap-alone"),
    };
    claim = claim
        .with("limit", Quantity::Size(limit.bytes), limit.at)
        .with("heap", Quantity::Size(heap.bytes), heap.at)
        .with("over", Quantity::Size(Bytes(over)), None);
    let mut lines = [limit.at, heap.at, native.and_then(|native| native.at)].into_iter().flatten();
    let proof = Proof::first(lines.next()?).all(lines);
    let severity = match (is_short, is_passed) {
        (false, _) => Severity::Notice,
        (true, true) => Severity::Critical,
        (true, false) => Severity::Warning,
    };
    let finding =
        Finding::new(RULE.id, severity, claim, proof).about(Some(run)).explaining(Some(Quantity::Size(Bytes(over))));
    Some(finding.then(next(incident, run, limit.bytes, native.map(|native| native.bytes))))
}

/// A smaller heap or a larger limit; only the latter where what is in use after GC does not fit below the limit.
fn next(incident: &Incident<'_>, run: &str, limit: Bytes, native: Option<Bytes>) -> Statement {
    let room = Bytes(limit.0.saturating_sub(native.unwrap_or_default().0));
    let used =
        incident.gc_events(run).rev().find_map(|event| Some((event.after?, event_line(incident.readings, event))));
    match used.filter(|(used, _)| native.is_some() && *used >= room) {
        Some((used, at)) => Statement::new("rule.limit-below-heap-plus-native.raise.next")
            .with("room", Quantity::Size(room), None)
            .with("used", Quantity::Size(used), Some(at)),
        None => {
            Statement::new("rule.limit-below-heap-plus-native.next").with("option", incident.heap_option(run), None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, cgroup, mib, span};
    use super::*;
    use crate::model::gc::GcEvent;
    use crate::model::oom::OomScope;

    fn incident(heap: u64) -> Fixture {
        Fixture::of_one_run()
            .run(|run| {
                run.max_heap = Some(mib(heap));
                run.at.put("max_heap", span(2));
            })
            .nmt(mib(200), mib(150))
            .kill(OomScope::Cgroup, |kill| kill.cgroup = cgroup("/docker/1", None, Some(mib(256))))
    }

    #[test]
    fn a_heap_that_leaves_no_room_for_the_rest_is_critical() {
        let (finding, key) = incident(220).finding(&RULE);
        assert_eq!(key, "rule.limit-below-heap-plus-native");
        assert_eq!(finding.severity, Severity::Critical);
        assert_eq!(finding.explains, Some(Quantity::Size(mib(220 + 50 - 256))));
    }

    #[test]
    fn a_smaller_heap_is_no_advice_where_what_is_in_use_would_not_fit() {
        let advised = |used: u64| {
            let fixture = incident(220).gc_log("G1", vec![GcEvent { after: Some(mib(used)), ..GcEvent::default() }]);
            let (finding, _) = fixture.finding(&RULE);
            finding.next.first().map(|next| next.key.clone())
        };
        assert_eq!(advised(205).as_deref(), Some("rule.limit-below-heap-plus-native.next"));
        assert_eq!(advised(206).as_deref(), Some("rule.limit-below-heap-plus-native.raise.next"));
    }

    #[test]
    fn a_limit_that_holds_both_is_fine() {
        assert_eq!(incident(206).check(&RULE), []);
    }

    #[test]
    fn a_heap_that_leaves_next_to_nothing_of_the_limit_is_told_without_nmt_as_well() {
        let without = |heap: u64| {
            let mut incident = incident(heap);
            incident.readings.nmt.clear();
            incident
        };
        assert_eq!(without(257).finding(&RULE).1, "rule.limit-below-heap-plus-native.heap-alone");
        assert_eq!(without(256).finding(&RULE).1, "rule.limit-below-heap-plus-native.equal");
        assert_eq!(without(240).finding(&RULE).1, "rule.limit-below-heap-plus-native.close");
        assert_eq!(without(200).check(&RULE), []);
    }
}
