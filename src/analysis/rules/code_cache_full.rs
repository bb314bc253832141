//! The code cache is full: then nothing more is compiled, and what is hot and not yet compiled stays slow.

use super::{Incident, Rule};
use crate::analysis::accounting::category;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{host_line, line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::CodeCacheFull, check };

/// Hundredths of the cache that must be in use: the JVM keeps the last few for itself and flushes before.
const FULL: u64 = 95;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    let (used, size, at) = by_crash_file(incident, run).or_else(|| by_nmt(incident, run))?;
    if u128::from(used.0) * 100 < u128::from(size.0) * u128::from(FULL) {
        return None;
    }
    let claim = Statement::new("rule.code-cache-full").with("used", Quantity::Size(used), Some(at)).with(
        "size",
        Quantity::Size(size),
        Some(at),
    );
    let option = Quantity::Word(format!("-XX:ReservedCodeCacheSize={}m", (size.0 >> 20).saturating_mul(2).max(64)));
    Some(
        Finding::new(RULE.id, Severity::Warning, claim, Proof::first(at))
            .about(Some(&run.id))
            .explaining(Some(Quantity::Size(used)))
            .then(Statement::new("rule.code-cache-full.next").with("command", option, None)),
    )
}

fn by_crash_file(incident: &Incident<'_>, run: &Run) -> Option<(Bytes, Bytes, Span)> {
    let own = incident.host(&run.id).rev();
    own.filter(|host| host.sizes.contains_key("code_cache_used")).find_map(|host| {
        let at = host.at.get("code_cache").unwrap_or_else(|| host_line(host));
        Some((*host.sizes.get("code_cache_used")?, *host.sizes.get("code_cache")?, at))
    })
}

/// The mapped part of the category `Code`; what the compiler had from malloc is not of the cache.
fn by_nmt(incident: &Incident<'_>, run: &Run) -> Option<(Bytes, Bytes, Span)> {
    let snapshot = incident.nmt(&run.id).next_back()?;
    let code = category(snapshot, "Code")?;
    let at = code.at.get("committed").unwrap_or_else(|| line(snapshot.source, code.line));
    Some((code.mmap_committed?, code.mmap_reserved.filter(|reserved| reserved.0 > 0)?, at))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::host::HostReading;
    use crate::model::kind::HostKind;
    use crate::model::nmt::NmtCategory;

    fn nmt(committed: u64) -> Fixture {
        let mut incident = Fixture::of_one_run().nmt(mib(400), mib(200));
        for snapshot in &mut incident.readings.nmt {
            snapshot.categories.push(NmtCategory {
                name: "Code".into(),
                mmap_committed: Some(mib(committed)),
                mmap_reserved: Some(mib(48)),
                line: 25,
                ..NmtCategory::default()
            });
        }
        incident
    }

    #[test]
    fn a_cache_that_is_used_up_is_told() {
        assert_eq!(nmt(46).finding(&RULE).1, "rule.code-cache-full");
        let mut incident = Fixture::of_one_run();
        let sizes = [("code_cache".to_owned(), mib(240)), ("code_cache_used".to_owned(), mib(236))].into();
        let hs_err = HostReading { kind: HostKind::HsErr, run: Some("run-1".into()), sizes, ..HostReading::default() };
        incident.readings.host.push(hs_err);
        assert_eq!(incident.check(&RULE).len(), 1);
    }

    #[test]
    fn a_cache_with_room_is_not() {
        assert_eq!(nmt(45).check(&RULE), []);
        assert_eq!(Fixture::of_one_run().nmt(mib(400), mib(200)).check(&RULE), []);
    }
}
