//! How full the room for classes is: what its rules share.

use super::{Incident, Rule};
use crate::analysis::addressee::Ask;
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::incident::host_line;
use crate::analysis::statement::{Quantity, Statement};
use crate::model::run::Run;
use crate::source::Span;
use crate::units::Bytes;

/// Hundredths of the room that must be in use.
const FULL: u64 = 90;
/// A larger "maximum" is none: the JVM prints its largest number.
const NO_MAXIMUM: Bytes = Bytes(1 << 40);

/// In use, room, and where both stand.
pub type Fill = (Bytes, Span, Bytes, Option<Span>);

pub fn nearly_full((used, _, room, _): &Fill) -> bool {
    room.0 > 0 && *room < NO_MAXIMUM && u128::from(used.0) * 100 >= u128::from(room.0) * u128::from(FULL)
}

pub fn finding(incident: &Incident<'_>, rule: &Rule, key: &str, run: &Run, (used, at, room, room_at): Fill) -> Finding {
    let claim =
        Statement::new(key).with("used", Quantity::Size(used), Some(at)).with("room", Quantity::Size(room), room_at);
    Finding::new(rule.id, Severity::Warning, claim, Proof::first(at).and(room_at))
        .about(Some(&run.id))
        .explaining(Some(Quantity::Size(used)))
        .ask(Statement::new("rule.class-growth.next"), incident.command(Some(&run.id), Ask::ClassLoaders))
}

/// Two figures of the same reading.
pub fn by_reading(incident: &Incident<'_>, run: &Run, used: &str, room: &str) -> Option<Fill> {
    let own = incident.host(&run.id).rev();
    own.filter(|host| host.sizes.contains_key(room)).find_map(|host| {
        let place = |name| host.at.get(name).unwrap_or_else(|| host_line(host));
        Some((*host.sizes.get(used)?, place(used), *host.sizes.get(room)?, Some(place(room))))
    })
}
