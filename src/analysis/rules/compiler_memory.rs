//! Arenas of the compiler that are large or stay.

use super::nmt_changes::{Changes, MIB, place, size};
use super::{Incident, Rule};
use crate::analysis::accounting::category;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::CompilerMemory, check };

/// Compiler arenas are tens of MiB while something large is compiled and else next to nothing.
const MUCH_COMPILER: Bytes = Bytes(128 * 1024 * 1024);
/// Growth of compiler arenas since a baseline: they are given back after a compilation, so that this much stays is odd.
const COMPILER_GREW: i64 = 32 * MIB;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let one = |run: &Run| {
        let snapshot = incident.nmt(&run.id).next_back()?;
        let compiler = category(snapshot, "Compiler")?;
        let committed = compiler.committed?;
        let at = place(snapshot, compiler);
        let delta = Changes::of(incident, run).and_then(|changes| Some(changes.of_areas(&["Compiler"])?.1));
        let grew = delta.filter(|delta| *delta >= COMPILER_GREW);
        if committed < MUCH_COMPILER && grew.is_none() {
            return None;
        }
        let key = if grew.is_some() { "rule.compiler-memory.growing" } else { "rule.compiler-memory" };
        let mut claim = Statement::new(key).with("committed", Quantity::Size(committed), Some(at));
        if let Some(grew) = grew {
            claim = claim.with("delta", size(grew), compiler.at.get("committed_delta"));
        }
        Some(
            Finding::new(RULE.id, Severity::Warning, claim, Proof::first(at))
                .about(Some(&run.id))
                .explaining(Some(Quantity::Size(committed)))
                .then(Statement::new("rule.compiler-memory.next")),
        )
    };
    incident.runs.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn compiler_arenas_of_hundreds_of_mib_are_told() {
        assert_eq!(Fixture::nmt_diff(&[("Compiler", 128, 0)]).finding(&RULE).1, "rule.compiler-memory");
        assert_eq!(Fixture::nmt_diff(&[("Compiler", 127, 0)]).check(&RULE), []);
        assert_eq!(Fixture::nmt_diff(&[("Compiler", 60, 32)]).finding(&RULE).1, "rule.compiler-memory.growing");
        assert_eq!(Fixture::nmt_diff(&[("Compiler", 60, 31)]).check(&RULE), []);
    }
}
