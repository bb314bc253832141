//! Who asked for the memory that was not there: what the rules about it share.
//!
//! The kernel prints the thread's id and its name cut to 15 bytes; the process table has process ids. So another process is
//! certain only if the table has a row of that very id, and the same process only if the table of a control group has no
//! other row.

use super::{Incident, Rule};
use crate::analysis::decisive;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::{first_line, kill_line, line};
use crate::analysis::statement::{Quantity, Statement};
use crate::model::oom::{OomKill, OomScope, Trigger, Victim};

/// A kill, its victim, and the thread that asked.
pub type Asked<'a> = (&'a OomKill, &'a Victim, &'a Trigger);

/// The decisive kill of those whose trigger is another thread than the victim's first.
pub fn asked<'a>(incident: &Incident<'a>, of: impl Fn(&OomKill, &Trigger) -> bool) -> Option<Asked<'a>> {
    let (kill, victim) = incident.decisive(|kill| {
        let other = |trigger: &&Trigger| trigger.tid != decisive::victim(kill).map(|victim| victim.pid);
        kill.scope != OomScope::Sysrq && kill.trigger.as_ref().filter(other).is_some_and(|trigger| of(kill, trigger))
    })?;
    Some((kill, victim, kill.trigger.as_ref()?))
}

pub fn named(key: &str, (_, victim, trigger): Asked<'_>) -> Statement {
    Statement::new(key)
        .with("trigger", Quantity::Word(trigger.name.clone()), trigger.at.get("name"))
        .with("name", Quantity::Word(victim.name.clone()), victim.at.get("name"))
        .with("pid", Quantity::Number(u64::from(victim.pid)), victim.at.get("pid"))
}

pub fn notice(rule: &Rule, claim: Statement, (kill, victim, trigger): Asked<'_>, row: Option<u32>) -> Finding {
    let asked = trigger.at.get("name").unwrap_or_else(|| first_line(kill));
    let proof = Proof::first(asked).and(row.map(|row| line(kill.source, row))).and(Some(kill_line(kill)));
    Finding::new(rule.id, Severity::Notice, claim, proof).about(victim.run.as_deref())
}

/// The row of the process table that has the trigger's id.
pub fn own_row(kill: &OomKill, trigger: &Trigger) -> Option<u32> {
    kill.processes.iter().find(|row| Some(row.pid) == trigger.tid).map(|row| row.line)
}
