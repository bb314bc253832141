//! Where a large count of full collections means nothing, so that nobody is alarmed by it.

use super::gc_time::{PHASE, count, mean_full, row_line};
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::rule_id::RuleId;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;

pub static RULE: Rule = Rule { id: RuleId::FullCountIsNoAlarm, check };

/// Full collections from which their number says something.
const MANY: u64 = 10;

fn check(incident: &Incident<'_>) -> Vec<Finding> {
    incident.runs.iter().filter_map(|run| check_run(incident, run)).collect()
}

fn check_run(incident: &Incident<'_>, run: &Run) -> Option<Finding> {
    incident.jstat(&run.id).find_map(|table| {
        let last = table.rows.checked_sub(1)?;
        let at = row_line(table, last);
        let collector = run.collector.as_deref().or(table.collector.as_deref())?;
        let claim = match collector {
            "Shenandoah" | "CMS" => {
                let full = count(table, "FGC", last).filter(|full| *full >= MANY)?;
                let short = mean_full(table, last)? < PHASE;
                let key = match collector {
                    "Shenandoah" => "rule.full-count-is-no-alarm.shenandoah",
                    _ if short => "rule.full-count-is-no-alarm.cms",
                    _ => return None,
                };
                Statement::new(key).with("count", Quantity::Count(full), Some(at))
            }
            name if name.contains("ZGC") => {
                let column = table.column("O")?;
                let always = (0..table.rows).all(|row| column.value(row) == Some(100.0));
                always.then(|| {
                    Statement::new("rule.full-count-is-no-alarm.zgc").with("share", Quantity::Share(100_000), Some(at))
                })?
            }
            _ => return None,
        };
        Some(Finding::new(RULE.id, Severity::Notice, claim, Proof::first(at)).about(Some(&run.id)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Fixture;
    use super::*;

    #[test]
    fn phases_of_shenandoah_and_cms_are_no_full_collections() {
        let hundreds = [(0, 0, 400, 900), (0, 0, 800, 1900)];
        assert_eq!(
            Fixture::collections("Shenandoah", &hundreds).finding(&RULE).1,
            "rule.full-count-is-no-alarm.shenandoah"
        );
        assert_eq!(Fixture::collections("CMS", &hundreds).finding(&RULE).1, "rule.full-count-is-no-alarm.cms");
        assert_eq!(Fixture::collections("Serial", &hundreds).check(&RULE), []);
    }

    #[test]
    fn an_old_generation_that_is_always_full_means_nothing_in_generational_zgc() {
        let full = Fixture::of_one_run().jstat(Some("generational ZGC"), &[("O", 2, &[10_000, 10_000])]);
        assert_eq!(full.finding(&RULE).1, "rule.full-count-is-no-alarm.zgc");
    }
}
