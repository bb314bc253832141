//! The numbers that decide, each with its line: at most four.

use super::Case;
use super::lead::What;
use super::witness::{last_full, limit_at_kill, limit_of};
use crate::analysis::accounting;
use crate::analysis::incident::first_line;
use crate::analysis::rules::{Refusal, refusal};
use crate::analysis::sizing::{Origin, Verdict as Answer};
use crate::analysis::statement::{Quantity, Statement};
use crate::i18n::format;
use crate::model::host::HostReading;
use crate::model::kind::{ErrorKind, EventKind};
use crate::model::oom::{Event, OomScope};
use crate::source::Span;
use crate::units::Bytes;

/// The figures, the most telling first.
pub(super) fn choose(case: &Case<'_>) -> Vec<Statement> {
    let mut figures = Vec::new();
    let mut add = |key: &str, quantity: Option<Quantity>, at: Option<Span>| {
        figures.extend(quantity.map(|quantity| Statement::new(key).with("value", quantity, at)));
    };
    match case.lead.what {
        What::Kill(kill, victim) => {
            add("verdict.figure.resident", victim.resident().map(Quantity::Size), victim.resident_at());
            let swapped = victim.swapped(kill);
            add("verdict.figure.swapped", swapped.map(|(size, _)| Quantity::Size(size)), swapped.map(|(_, at)| at));
            match kill.scope {
                OomScope::Cgroup => {
                    let limit = limit_at_kill(case, kill);
                    add(
                        "verdict.figure.limit",
                        limit.map(|limit| Quantity::Size(limit.bytes)),
                        limit.and_then(|limit| limit.at),
                    );
                }
                OomScope::Global => {
                    let ram = case.incident.ram(victim.run.as_deref());
                    let at = ram.and_then(|ram| ram.at).or(Some(first_line(kill)));
                    add("verdict.figure.ram", ram.map(|ram| Quantity::Size(ram.bytes)), at);
                }
                _ => {}
            }
        }
        What::Event(event) => {
            // What was passed there was no limit of memory.
            let of_space = event.kind == EventKind::YarnVirtual && event.sizes.contains_key("limit_virtual");
            let limit = limit_of(case, event).filter(|_| !of_space);
            if let Some(limit) = limit {
                add("verdict.figure.limit", Some(Quantity::Size(limit.bytes)), limit.at);
            }
            let ended = event.kind.ends_process();
            let of_rss = if ended { "verdict.figure.resident" } else { "verdict.figure.resident.alive" };
            let of_usage = if ended { "verdict.figure.usage" } else { "verdict.figure.usage.alive" };
            let of_usage = if above_limit(case, event).is_some() { OVER } else { of_usage };
            let names = [
                ("limit_virtual", "verdict.figure.address-space.limit"),
                ("virtual", "verdict.figure.address-space"),
                ("rss", of_rss),
                ("anon", "verdict.figure.anonymous"),
                ("usage", of_usage),
                ("quota_derived", "verdict.figure.quota"),
            ];
            for (name, key) in
                names.into_iter().filter(|(name, _)| of_space == matches!(*name, "limit_virtual" | "virtual"))
            {
                add(key, event.sizes.get(name).copied().map(Quantity::Size), event.at.get(name));
            }
        }
        What::Unfinished(kill) => {
            if let Some(cgroup) = &kill.cgroup {
                add("verdict.figure.limit", cgroup.limit.map(Quantity::Size), cgroup.at.get("limit"));
            }
        }
        What::Error(error) => {
            let run = case.lead.run.unwrap_or_default();
            let size = |names: &[&'static str]| {
                let of = |host: &HostReading| {
                    let name = names.iter().find(|name| host.sizes.contains_key(**name))?;
                    Some((*host.sizes.get(*name)?, host.at.get(name)))
                };
                case.incident.host(run).rev().find_map(of).unzip()
            };
            let told: &[(&str, &[&'static str])] = match error.kind {
                ErrorKind::Metaspace => &[("verdict.figure.max-metaspace", &["metaspace_max"])],
                ErrorKind::ClassSpace => &[("verdict.figure.max-class-space", &["class_space_max"])],
                // What counts on Windows is what it may promise.
                ErrorKind::Native | ErrorKind::InsufficientMemory
                    if matches!(refusal(case.incident, error, case.lead.run), Refusal::Commit(_)) =>
                {
                    &[
                        ("verdict.figure.commit-limit", &["commit_limit"]),
                        ("verdict.figure.commit-free", &["commit_free"]),
                        ("verdict.figure.private", &["private"]),
                    ]
                }
                // What the JVM saw of the machine, or of its container.
                ErrorKind::Native | ErrorKind::InsufficientMemory | ErrorKind::MapFailed => &[
                    ("verdict.figure.seen", &["physical", "mem_total"]),
                    ("verdict.figure.free", &["physical_free", "mem_available", "mem_free"]),
                ],
                _ => &[],
            };
            for (key, names) in told {
                let (bytes, at) = size(names);
                add(key, bytes.map(Quantity::Size), at.flatten());
            }
        }
        What::Counted(..) | What::State(_) | What::Nothing => {}
    }
    let runs = || [case.lead.run, case.seen_inside()].into_iter().flatten();
    if let Some(heap) = runs().find_map(|run| case.incident.max_heap(run)) {
        add("verdict.figure.max-heap", Some(Quantity::Size(heap.bytes)), heap.at);
    } else if let Some(heap) = case.lead.run.and_then(|run| case.incident.max_heap_or_stated(run)) {
        add("verdict.figure.max-heap.stated", Some(Quantity::Size(heap.bytes)), heap.at);
    } else if let Some(heap) =
        runs().find_map(|run| case.incident.jstat(run).rev().find_map(accounting::committed_heap))
    {
        add("verdict.figure.heap", Some(Quantity::Size(heap.bytes)), heap.at);
    }
    // What stays in a heap that was full, where no GC log tells it.
    let full = matches!(case.lead.what, What::Error(error) if error.kind.is_of_heap());
    let live = case.sizing.and_then(|sizing| sizing.facts.live_sets.first()).filter(|_| full);
    if let Some(live) = live.filter(|live| live.size.origin == Origin::Measured && last_full(case).is_none()) {
        let key = match live.after_full {
            true => "verdict.figure.live-set",
            false if live.growing => "verdict.figure.live-set.growing",
            false => "verdict.figure.live-set.upper",
        };
        add(key, Some(Quantity::Size(live.size.bytes)), live.size.at);
    }
    // NMT of the process itself, or the only one there is: then whose it is stays open, and its words say so.
    let own = case.lead.run.and_then(|run| case.incident.nmt(run).next_back());
    let inside = || case.seen_inside().and_then(|run| case.incident.nmt(run).next_back());
    let only = || match case.incident.readings.nmt.as_slice() {
        [.., last] => Some(last),
        [] => None,
    };
    if let Some(snapshot) = own.or_else(inside).or_else(only) {
        let key = match (own, inside()) {
            (Some(_), _) => "verdict.figure.committed",
            (None, Some(_)) => "verdict.figure.committed.inside",
            (None, None) => "verdict.figure.committed.unnamed",
        };
        add(key, snapshot.total.committed.map(Quantity::Size), snapshot.total.at.get("committed"));
    }
    if let Some(sizing) = case.sizing.filter(|sizing| sizing.verdict == Answer::Range) {
        figures.extend(sizing.floor.zip(sizing.ceiling).map(|(floor, ceiling)| {
            Statement::new("verdict.figure.heap-range").with("floor", Quantity::Size(floor), None).with(
                "ceiling",
                Quantity::Size(ceiling),
                None,
            )
        }));
    }
    if let What::Event(event) = case.lead.what
        && let Some(over) = above_limit(case, event)
        && let Some(figure) = figures.iter_mut().find(|figure| figure.key == OVER)
    {
        *figure = std::mem::take(figure).with("over", Quantity::Size(over), None);
    }
    figures
}

/// What was in use above a limit.
const OVER: &str = "verdict.figure.usage.over";

/// What was in use above the limit, where both read the same.
fn above_limit(case: &Case<'_>, event: &Event) -> Option<Bytes> {
    let (limit, usage) = (limit_of(case, event)?.bytes, *event.sizes.get("usage")?);
    let over = usage.0.checked_sub(limit.0).filter(|over| *over > 0 && event.kind.ends_process())?;
    (format::size(limit) == format::size(usage)).then_some(Bytes(over))
}
