//! Memory of the kernel, which no process owns, fills a good part of the limit or of the machine.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{first_line, kill_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::{OomKill, OomScope};
use crate::source::Span;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::KernelMemory, check };

/// Part of the limit or of the machine, in hundredths. Page tables and stacks of a busy container are a few.
const PART: u64 = 25;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let large = |kill: &OomKill| in_limit(kill).or_else(|| in_machine(kill)).is_some();
    let Some((kill, victim)) = incident.decisive(large) else { return Vec::new() };
    let Some((key, kernel, at, whole)) = in_limit(kill).or_else(|| in_machine(kill)) else { return Vec::new() };
    let mut claim = Statement::new(key).with("kernel", Quantity::Size(kernel), Some(at)).with(
        "whole",
        Quantity::Size(whole.0),
        whole.1,
    );
    let mut proof = Proof::first(at).and(whole.1).and(Some(kill_line(kill)));
    if key == "rule.kernel-memory.slab"
        && let Some(slab) = kill.slabs.iter().max_by_key(|slab| slab.total)
    {
        let slab_at = Some(line(kill.source, slab.line));
        claim.key = "rule.kernel-memory.slab.largest".to_owned();
        claim = claim.with("cache", Quantity::Word(slab.name.clone()), slab_at).with(
            "size",
            Quantity::Size(slab.total),
            slab_at,
        );
        proof = proof.and(slab_at);
    }
    vec![
        Finding::new(RULE.id, Severity::Warning, claim, proof)
            .about(victim.run.as_deref())
            .explaining(Some(Quantity::Size(kernel))),
    ]
}

type Part = (&'static str, Bytes, Span, (Bytes, Option<Span>));

fn is_large(kernel: Bytes, whole: Bytes) -> bool {
    u128::from(kernel.0) * 100 >= u128::from(whole.0) * u128::from(PART)
}

fn in_limit(kill: &OomKill) -> Option<Part> {
    let cgroup = kill.cgroup.as_ref().filter(|_| kill.scope == OomScope::Cgroup)?;
    let limit = cgroup.limit?;
    let stat = ["kernel", "slab"]
        .iter()
        .find_map(|key| Some((*cgroup.stats.get(*key)?, cgroup.at.get(&format!("stats.{key}")))));
    let (kernel, at) = stat.or_else(|| Some((cgroup.kmem_usage?, cgroup.at.get("kmem_usage"))))?;
    let at = at.unwrap_or_else(|| first_line(kill));
    is_large(kernel, limit).then_some(("rule.kernel-memory", kernel, at, (limit, cgroup.at.get("limit"))))
}

fn in_machine(kill: &OomKill) -> Option<Part> {
    let ram = kill.ram.filter(|_| kill.scope == OomScope::Global)?;
    let slab = *kill.memory.get("slab_unreclaimable")?;
    let at = kill.at.get("memory.slab_unreclaimable").unwrap_or_else(|| first_line(kill));
    is_large(slab, ram).then_some(("rule.kernel-memory.slab", slab, at, (ram, kill.at.get("ram"))))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, cgroup, mib};
    use super::*;

    #[test]
    fn a_quarter_of_a_limit_for_the_kernel_is_much() {
        let incident = |kernel: u64| {
            Fixture::of_one_run().kill(OomScope::Cgroup, |kill| {
                kill.cgroup = cgroup("/docker/1", None, Some(mib(400)));
                kill.cgroup.iter_mut().for_each(|cgroup| cgroup.kmem_usage = Some(mib(kernel)));
            })
        };
        assert_eq!(incident(100).finding(&RULE).1, "rule.kernel-memory");
        assert_eq!(incident(99).check(&RULE), []);
    }

    #[test]
    fn slab_that_cannot_be_reclaimed_is_told_for_a_machine() {
        let incident = |slab: u64| {
            Fixture::of_one_run().kill(OomScope::Global, |kill| {
                kill.ram = Some(mib(1000));
                kill.memory.insert("slab_unreclaimable".into(), mib(slab));
            })
        };
        assert_eq!(incident(250).finding(&RULE).1, "rule.kernel-memory.slab");
        assert_eq!(incident(249).check(&RULE), []);
    }
}
