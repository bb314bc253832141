//! The machine is about to run out of memory: next to nothing is available, and no swap is left. Nobody has been killed yet.

use super::{Incident, Rule};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::host::HostReading;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::MemoryNearlyGone, check };

/// Memory that is available, as a part of all of it, in hundredths. User-space killers act below 10 or 5.
const AVAILABLE: u64 = 5;
/// Free swap that is as good as none, in hundredths of the total: the kernel keeps a few pages back.
const SWAP: u64 = 2;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let of_machine = |host: &&HostReading| host.kind.tells_machine() && host.sizes.contains_key("mem_available");
    let last = incident.readings.host.iter().rev().find(of_machine).filter(|_| incident.readings.oom_kills.is_empty());
    last.and_then(|host| by_reading(incident, host)).into_iter().collect()
}

fn by_reading(incident: &Incident<'_>, host: &HostReading) -> Option<Finding> {
    let size = |name: &str| host.sizes.get(name).copied();
    let (available, total) = size("mem_available").zip(size("mem_total"))?;
    let is_little = |part: Bytes, whole: Bytes, hundredths: u64| {
        u128::from(part.0) * 100 <= u128::from(whole.0) * u128::from(hundredths)
    };
    let swap = size("swap_total").zip(size("swap_free"));
    let key = match swap {
        Some((Bytes(0), _)) => "rule.memory-nearly-gone.no-swap",
        Some((all, free)) if is_little(free, all, SWAP) => "rule.memory-nearly-gone",
        _ => return None,
    };
    if !is_little(available, total, AVAILABLE) {
        return None;
    }
    let at = |name: &str| host.at.get(name);
    let first = at("mem_available").unwrap_or_else(|| host_line(host));
    let mut claim = Statement::new(key).with("available", Quantity::Size(available), Some(first)).with(
        "total",
        Quantity::Size(total),
        at("mem_total"),
    );
    if let Some((swap, free)) = swap.filter(|(all, _)| all.0 > 0) {
        claim = claim.with("swap", Quantity::Size(swap), at("swap_total")).with(
            "free",
            Quantity::Size(free),
            at("swap_free"),
        );
    }
    let proof = Proof::first(first).and(at("swap_free"));
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, proof)
            .explaining(Some(Quantity::Size(total)))
            .ask(Statement::new("rule.machine-out-of-memory.others"), incident.command(None, Ask::Processes)),
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::kind::HostKind;

    fn free(available: u64, swap: u64, swap_free: u64) -> Fixture {
        let sizes = [("mem_total", 2000), ("mem_available", available), ("swap_total", swap), ("swap_free", swap_free)];
        let sizes = sizes.map(|(name, size)| (name.to_owned(), mib(size))).into();
        let mut incident = Fixture::of_one_run();
        incident.readings.host.push(HostReading { kind: HostKind::Free, sizes, ..HostReading::default() });
        incident
    }

    #[test]
    fn a_machine_with_neither_memory_nor_swap_left_is_told_before_the_kill() {
        assert_eq!(free(100, 1000, 20).finding(&RULE).1, "rule.memory-nearly-gone");
        assert_eq!(free(100, 0, 0).finding(&RULE).1, "rule.memory-nearly-gone.no-swap");
    }

    #[test]
    fn memory_or_swap_that_is_left_is_no_alarm() {
        assert_eq!(free(101, 1000, 0).check(&RULE), []);
        assert_eq!(free(100, 1000, 21).check(&RULE), []);
    }
}
