//! Pages of files fill a good part of a container's limit. The kernel gives them back, unless they wait to be written.

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{first_line, host_line, kill_line};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::host::HostReading;
use crate::model::kind::HostKind;
use crate::model::oom::{OomKill, OomScope};
use crate::source::Span;
use crate::units::Bytes;

pub static RULE: Rule = Rule { id: RuleId::PageCacheFillsLimit, check };

/// Part of the limit, in hundredths, that page cache had when the kernel killed: it gives back what it can before.
const AT_KILL: u64 = 50;
/// Part of the limit that says, without a kill, that usage is not the JVM's, …
const READ: u64 = 25;
/// … where the limit is used up to this part.
const USED: u64 = 80;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    by_kill(incident).or_else(|| by_files(incident)).into_iter().collect()
}

fn is_part(part: Bytes, whole: Bytes, hundredths: u64) -> bool {
    u128::from(part.0) * 100 >= u128::from(whole.0) * u128::from(hundredths)
}

/// Page cache, where it stands, and how much of it waits to be written. Shared memory counts as cache, and cannot be given back.
fn cache(kill: &OomKill) -> Option<(Bytes, Span, Option<Bytes>)> {
    let cgroup = kill.cgroup.as_ref().filter(|_| kill.scope == OomScope::Cgroup)?;
    let stat = |names: &[&'static str]| names.iter().find_map(|name| Some((*name, *cgroup.stats.get(*name)?)));
    let (name, cached) = stat(&["file", "total_cache", "cache"])?;
    let (_, shmem) = stat(&["total_shmem", "shmem"]).unwrap_or_default();
    let (_, dirty) = stat(&["file_dirty", "total_dirty", "dirty"]).unzip();
    let at = cgroup.at.get(&format!("stats.{name}")).unwrap_or_else(|| first_line(kill));
    Some((Bytes(cached.0.saturating_sub(shmem.0)), at, dirty))
}

fn by_kill(incident: &Incident<'_>) -> Option<Finding> {
    let limit = |kill: &OomKill| kill.cgroup.as_ref().and_then(|cgroup| Some((cgroup.limit?, cgroup.at.get("limit"))));
    let fills = |kill: &OomKill| {
        cache(kill).zip(limit(kill)).is_some_and(|((cached, ..), (limit, _))| is_part(cached, limit, AT_KILL))
    };
    let (kill, victim) = incident.decisive(fills)?;
    let ((cached, at, dirty), (limit, limit_at)) = cache(kill).zip(limit(kill))?;
    let waits = dirty.filter(|dirty| is_part(*dirty, cached, AT_KILL));
    let key = if waits.is_some() { "rule.page-cache-fills-limit.dirty" } else { "rule.page-cache-fills-limit" };
    let claim = Statement::new(key).with("cache", Quantity::Size(cached), Some(at)).with(
        "limit",
        Quantity::Size(limit),
        limit_at,
    );
    let claim = waits.into_iter().fold(claim, |claim, dirty| claim.with("dirty", Quantity::Size(dirty), Some(at)));
    let proof = Proof::first(at).and(limit_at).and(Some(kill_line(kill)));
    let finding = Finding::new(RULE.id, Severity::Warning, claim, proof)
        .about(victim.run.as_deref())
        .explaining(Some(Quantity::Size(cached)));
    Some(if waits.is_some() { finding.then(Statement::new("rule.page-cache-fills-limit.next")) } else { finding })
}

/// By the files of a control group, whose usage includes what the kernel would give back.
fn by_files(incident: &Incident<'_>) -> Option<Finding> {
    if !incident.readings.oom_kills.is_empty() {
        return None;
    }
    incident.readings.host.iter().rev().filter(|host| host.kind == HostKind::Cgroup).find_map(|host: &HostReading| {
        let size = |name: &str| host.sizes.get(name).copied();
        // Words may state the limit of the only container.
        let own = size("limit").map(|limit| (limit, host.at.get("limit")));
        let stated = || incident.stated("stated_limit").map(|limit| (limit.bytes, limit.at));
        let ((limit, limit_at), usage) = own.or_else(stated).zip(size("usage"))?;
        let name = ["inactive_file", "file", "cache"].into_iter().find(|name| host.sizes.contains_key(*name))?;
        let cached = Bytes(size(name)?.0.saturating_sub(if name == "inactive_file" { 0 } else { size("shmem")?.0 }));
        if cached > usage || !is_part(usage, limit, USED) || !is_part(cached, limit, READ) {
            return None;
        }
        let at = host.at.get(name).unwrap_or_else(|| host_line(host));
        let claim = Statement::new("rule.page-cache-fills-limit.files")
            .with("cache", Quantity::Size(cached), Some(at))
            .with("usage", Quantity::Size(usage), host.at.get("usage"))
            .with("limit", Quantity::Size(limit), limit_at);
        let proof = Proof::first(at).and(host.at.get("usage")).and(limit_at);
        Some(
            Finding::new(RULE.id, Severity::Notice, claim, proof)
                .about(host.run.as_deref())
                .explaining(Some(Quantity::Size(cached))),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, cgroup, mib};
    use super::*;

    fn killed(stats: &[(&str, u64)]) -> Fixture {
        Fixture::of_one_run().kill(OomScope::Cgroup, |kill| {
            kill.cgroup = cgroup("/docker/1", None, Some(mib(512)));
            if let Some(cgroup) = &mut kill.cgroup {
                cgroup.stats = stats.iter().map(|(name, size)| ((*name).to_owned(), mib(*size))).collect();
            }
        })
    }

    #[test]
    fn page_cache_of_half_a_limit_at_a_kill_is_told_with_what_waits_to_be_written() {
        assert_eq!(killed(&[("cache", 495), ("dirty", 491)]).finding(&RULE).1, "rule.page-cache-fills-limit.dirty");
        assert_eq!(killed(&[("file", 260), ("file_dirty", 1)]).finding(&RULE).1, "rule.page-cache-fills-limit");
        assert_eq!(killed(&[("file", 250)]).check(&RULE), []);
        assert_eq!(killed(&[("file", 495), ("shmem", 300)]).check(&RULE), [], "shared memory is no page cache");
    }

    #[test]
    fn usage_of_files_includes_what_the_kernel_would_give_back() {
        let read = |cached: u64| {
            let mut incident = Fixture::of_one_run();
            let sizes = [("limit", 1000), ("usage", 950), ("inactive_file", cached)];
            let sizes = sizes.map(|(name, size)| (name.to_owned(), mib(size))).into();
            incident.readings.host.push(HostReading { kind: HostKind::Cgroup, sizes, ..HostReading::default() });
            incident
        };
        assert_eq!(read(250).finding(&RULE).1, "rule.page-cache-fills-limit.files");
        assert_eq!(read(249).check(&RULE), []);
    }
}
