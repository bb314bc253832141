//! Room for classes that is nearly used up: the compressed class space, or a metaspace with a maximum. And full collections
//! that only classes called for.

use super::incident::{event_line, host_line, line};
use super::{Incident, Rule};
use crate::analysis::finding::{Finding, Proof, Severity};
use crate::analysis::statement::{Quantity, Statement};
use crate::formats::jvm_options::size_of;
use crate::model::gc::{GcEvent, GcKind};
use crate::model::run::Run;
use crate::source::Span;
use crate::units::{Bytes, Micros};

pub static CLASS_SPACE: Rule = Rule { id: "class-space-nearly-full", check: class_space };
pub static METASPACE: Rule = Rule { id: "metaspace-nearly-full", check: metaspace };
pub static THRESHOLD: Rule = Rule { id: "metaspace-threshold-collections", check: threshold };

/// Hundredths of the room that must be in use.
const FULL: u64 = 90;
/// A larger "maximum" is none: the JVM prints its largest number.
const NO_MAXIMUM: Bytes = Bytes(1 << 40);
/// Collections for the threshold that are no accident; starting takes one or two.
const OFTEN: usize = 4;

/// In use, room, and where both stand.
type Fill = (Bytes, Span, Bytes, Option<Span>);

fn nearly_full((used, _, room, _): &Fill) -> bool {
    room.0 > 0 && *room < NO_MAXIMUM && u128::from(used.0) * 100 >= u128::from(room.0) * u128::from(FULL)
}

fn finding(incident: &Incident<'_>, rule: &Rule, key: &str, run: &Run, (used, at, room, room_at): Fill) -> Finding {
    let claim =
        Statement::new(key).with("used", Quantity::Size(used), Some(at)).with("room", Quantity::Size(room), room_at);
    let command = format!("jcmd {} VM.classloader_stats", incident.pid(Some(&run.id)));
    Finding::new(rule.id, Severity::Warning, claim, Proof::first(at).and(room_at))
        .about(Some(&run.id))
        .explaining(Some(Quantity::Size(used)))
        .then(Statement::new("rule.class-growth.next").with("command", Quantity::Word(command), None))
}

fn class_space(incident: &Incident<'_>) -> Vec<Finding> {
    let of_run = |run: &Run| {
        let fill = by_reading(incident, run, "class_used", "class_space_max")
            .or_else(|| by_nmt(incident, run))
            .filter(nearly_full)?;
        Some(finding(incident, &CLASS_SPACE, "rule.class-space-nearly-full", run, fill))
    };
    incident.runs.iter().filter_map(of_run).collect()
}

fn metaspace(incident: &Incident<'_>) -> Vec<Finding> {
    let of_run = |run: &Run| {
        let fill = by_reading(incident, run, "metaspace_used", "metaspace_max")
            .filter(nearly_full)
            .or_else(|| by_rows(incident, run).filter(nearly_full))?;
        Some(finding(incident, &METASPACE, "rule.metaspace-nearly-full", run, fill))
    };
    incident.runs.iter().filter_map(of_run).collect()
}

/// Two figures of the same reading.
fn by_reading(incident: &Incident<'_>, run: &Run, used: &str, room: &str) -> Option<Fill> {
    let own = incident.readings.host.iter().rev().filter(|host| host.run.as_deref() == Some(&run.id));
    own.filter(|host| host.sizes.contains_key(room)).find_map(|host| {
        let place = |name| host.at.get(name).unwrap_or_else(|| host_line(host));
        Some((*host.sizes.get(used)?, place(used), *host.sizes.get(room)?, Some(place(room))))
    })
}

/// The class space is reserved at once, so its reservation is its room.
fn by_nmt(incident: &Incident<'_>, run: &Run) -> Option<Fill> {
    let snapshot = incident.nmt(&run.id).next_back()?;
    let space =
        snapshot.categories.iter().flat_map(|category| &category.spaces).find(|space| space.name == "Class space")?;
    let at = |name| space.at.get(name).unwrap_or_else(|| line(snapshot.source, space.line));
    Some((space.used?, at("used"), space.reserved?, Some(at("reserved"))))
}

/// `MU` of the last row against `-XX:MaxMetaspaceSize`.
fn by_rows(incident: &Incident<'_>, run: &Run) -> Option<Fill> {
    let room = run.flags.iter().rev().find_map(|flag| size_of(flag.strip_prefix("-XX:MaxMetaspaceSize=")?))?;
    let with_flag = |flags: &[String]| flags.iter().any(|flag| flag.starts_with("-XX:MaxMetaspaceSize="));
    let host =
        incident.readings.host.iter().find(|host| host.run.as_deref() == Some(&run.id) && with_flag(&host.flags));
    incident.jstat(&run.id).rev().find_map(|table| {
        let last = table.rows.checked_sub(1)?;
        let at = line(table.source, table.lines.get(last).copied()?);
        let used = crate::analysis::accounting::cell(table, "MU", last)?;
        Some((used, at, room, host.map(|host| host.at.get("flags").unwrap_or_else(|| host_line(host)))))
    })
}

fn threshold(incident: &Incident<'_>) -> Vec<Finding> {
    let of_run = |run: &Run| {
        let asked = |event: &&GcEvent| {
            event.kind == GcKind::Full && event.cause.as_deref().is_some_and(|cause| cause.starts_with("Metadata GC"))
        };
        let events: Vec<&GcEvent> = incident.gc_events(&run.id).filter(asked).collect();
        let (first, last) = (events.first()?, events.last()?);
        // An error of the metaspace says more.
        let told = incident.readings.java_errors.iter().any(|error| error.kind == "metaspace");
        if events.len() < OFTEN || told {
            return None;
        }
        let time = events.iter().filter_map(|event| event.duration).fold(Micros(0), Micros::plus);
        let claim = Statement::new("rule.metaspace-threshold-collections")
            .with("count", Quantity::Count(events.len() as u64), None)
            .with("time", Quantity::Duration(time), None);
        let proof = Proof::first(event_line(incident.readings, first)).and(Some(event_line(incident.readings, last)));
        Some(
            Finding::new(THRESHOLD.id, Severity::Notice, claim, proof)
                .about(Some(&run.id))
                .explaining(Some(Quantity::Duration(time)))
                .then(Statement::new("rule.metaspace-threshold-collections.next")),
        )
    };
    incident.runs.iter().filter_map(of_run).collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, mib};
    use super::*;
    use crate::model::host::HostReading;
    use crate::model::nmt::NmtSpace;

    fn nmt(used: u64) -> Fixture {
        let mut incident = Fixture::of_one_run().nmt(mib(300), mib(100));
        for category in incident.readings.nmt.iter_mut().flat_map(|snapshot| &mut snapshot.categories) {
            category.spaces.push(NmtSpace {
                name: "Class space".into(),
                reserved: Some(mib(100)),
                used: Some(mib(used)),
                line: 24,
                ..NmtSpace::default()
            });
        }
        incident
    }

    #[test]
    fn a_class_space_that_is_nearly_used_up_is_told() {
        assert_eq!(nmt(90).finding(&CLASS_SPACE).1, "rule.class-space-nearly-full");
        assert_eq!(nmt(89).check(&CLASS_SPACE), []);
    }

    fn metaspace(used: u64, max: u64) -> Fixture {
        let mut incident = Fixture::of_one_run();
        let sizes = [("metaspace_used".to_owned(), mib(used)), ("metaspace_max".to_owned(), Bytes(max))].into();
        let reading =
            HostReading { kind: "heap-info".into(), run: Some("run-1".into()), sizes, ..HostReading::default() };
        incident.readings.host.push(reading);
        incident
    }

    #[test]
    fn a_metaspace_near_its_maximum_is_told_and_one_without_a_maximum_is_not() {
        assert_eq!(metaspace(95, 100 << 20).finding(&METASPACE).1, "rule.metaspace-nearly-full");
        assert_eq!(metaspace(80, 100 << 20).check(&METASPACE), []);
        assert_eq!(metaspace(95, u64::MAX).check(&METASPACE), []);
        let rows = |used: i64| {
            Fixture::of_one_run()
                .run(|run| run.flags = vec!["-XX:MaxMetaspaceSize=100m".into()])
                .jstat(Some("G1"), &[("MU", 1, &[used * 10_240])])
        };
        assert_eq!(rows(95).finding(&METASPACE).1, "rule.metaspace-nearly-full");
        assert_eq!(rows(50).check(&METASPACE), []);
    }

    #[test]
    fn collections_for_the_threshold_count_from_the_fourth() {
        let log = |count: usize| {
            let event =
                GcEvent { kind: GcKind::Full, cause: Some("Metadata GC Threshold".into()), ..GcEvent::default() };
            Fixture::of_one_run().gc_log("Parallel", vec![event; count])
        };
        assert_eq!(log(4).finding(&THRESHOLD).1, "rule.metaspace-threshold-collections");
        assert_eq!(log(3).check(&THRESHOLD), []);
    }
}
