//! The same program was killed again and again: how often, how far apart, and whether it was larger every time.

use std::collections::BTreeMap;

use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::kill_line;
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::{OomKill, Victim};
use crate::units::Micros;

pub static RULE: Rule = Rule { id: RuleId::RepeatedKills, check };

/// Lines quoted of a series of kills: enough to see it, not all of two hundred.
const QUOTED: usize = 4;
/// A series is said to grow if its last death was this much larger than its first, in hundredths.
const GROWN: u64 = 110;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    let mut groups: Vec<Vec<(&OomKill, &Victim)>> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (kill, victim) in incident.kills() {
        let group =
            kill.cgroup.as_ref().map_or("", |cgroup| service(cgroup.task_path.as_deref().unwrap_or(&cgroup.path)));
        let name = format!("{}\n{group}\n{}", victim.name, kill.host.as_deref().unwrap_or_default());
        let place = *places.entry(name).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(kills) => kills.push((kill, victim)),
            None => groups.push(vec![(kill, victim)]),
        }
    }
    groups.iter().filter_map(|kills| series(kills)).collect()
}

/// A group that a restart keeps: a unit's. Containers get a new id every time, and their kills are told by name.
fn service(path: &str) -> &str {
    let last = path.rsplit('/').next().unwrap_or_default();
    if last.ends_with(".service") { last } else { "" }
}

fn series(kills: &[(&OomKill, &Victim)]) -> Option<Finding> {
    let (first, last) = (kills.first()?, kills.last()?);
    let pids = kills.iter().filter(|(_, victim)| victim.pid != first.1.pid).count();
    let limit = |kill: &OomKill| kill.cgroup.as_ref().and_then(|group| group.limit);
    // What two texts tell of groups with different limits is of two programs of one name.
    let differs = |(kill, _): &(&OomKill, &Victim)| {
        kill.source != first.0.source && limit(kill).zip(limit(first.0)).is_some_and(|(one, other)| one != other)
    };
    if kills.len() < 2 || pids == 0 || kills.iter().any(differs) {
        return None;
    }
    let sizes = first.1.resident().zip(last.1.resident());
    let span = span(first.0, last.0);
    let key = match (span, sizes) {
        (Some(_), Some((before, after))) if after.0 / 100 > before.0 / 100 * GROWN / 100 => {
            "rule.repeated-kills.growing"
        }
        (Some(_), Some(_)) => "rule.repeated-kills.alike",
        (Some(_), None) => "rule.repeated-kills",
        (None, Some(_)) => "rule.repeated-kills.undated.sizes",
        (None, None) => "rule.repeated-kills.undated",
    };
    let mut claim = Statement::new(key)
        .with("name", Quantity::Word(first.1.name.clone()), first.1.at.get("name"))
        .with("count", Quantity::Count(kills.len() as u64), None);
    if let Some(span) = span {
        claim = claim.with("span", Quantity::Duration(span), None);
    }
    if let Some((before, after)) = sizes {
        claim = claim.with("before", Quantity::Size(before), first.1.resident_at()).with(
            "after",
            Quantity::Size(after),
            last.1.resident_at(),
        );
    }
    let between = kills.iter().skip(1).take(QUOTED.saturating_sub(2)).map(|(kill, _)| kill_line(kill));
    let proof = Proof::first(kill_line(first.0)).all(between).and(Some(kill_line(last.0)));
    Some(Finding::new(RULE.id, Severity::Warning, claim, proof).explaining(last.1.resident().map(Quantity::Size)))
}

/// From the first kill to the last, if one clock has both.
fn span(first: &OomKill, last: &OomKill) -> Option<Micros> {
    let same_years = first.year_unknown == last.year_unknown;
    let local = |kill: &OomKill| kill.local_time.filter(|_| same_years);
    // Two texts may be of two machines, or of two boots.
    let uptime = |kill: &OomKill| kill.uptime.filter(|_| first.source == last.source);
    let clocks = [(first.time, last.time), (local(first), local(last)), (uptime(first), uptime(last))];
    let (before, after) = clocks.into_iter().find_map(|(before, after)| before.zip(after))?;
    Some(after.minus(before)).filter(|span| span.0 > 0)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::oom::OomScope;

    fn incident(sizes: &[(u32, u64)]) -> Fixture {
        let mut incident = Fixture::of_one_run();
        for (pid, size) in sizes {
            incident = incident.kill(OomScope::Global, |kill| {
                kill.uptime = Some(Micros(i64::from(*pid) * 1_000_000));
                for victim in &mut kill.victims {
                    victim.pid = *pid;
                    victim.anon_rss = Some(mib(*size));
                }
            });
        }
        incident
    }

    #[test]
    fn deaths_that_grow_are_told_with_their_sizes_and_the_time_between() {
        let (finding, key) = incident(&[(10, 300), (70, 400)]).finding(&RULE);
        assert_eq!(key, "rule.repeated-kills.growing");
        assert_eq!(
            finding.statement.values.get("span").map(|value| &value.quantity),
            Some(&Quantity::Duration(Micros(60_000_000)))
        );
        assert_eq!(incident(&[(10, 300), (70, 300)]).finding(&RULE).1, "rule.repeated-kills.alike");
    }

    #[test]
    fn one_death_is_no_series_and_one_process_dies_once() {
        assert_eq!(incident(&[(10, 300)]).check(&RULE), []);
        assert_eq!(incident(&[(10, 300), (10, 300)]).check(&RULE), []);
    }
}
