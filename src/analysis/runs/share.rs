//! The maximum of a heap that is set as a share of the memory: `-XX:MaxRAMPercentage=75.0` of a container with 512 MiB is 384 MiB.
//!
//! Sources: HotSpot, `Arguments::set_heap_size`; OpenJ9 has the two options with a percentage, too.

use crate::analysis::accounting::Known;
use crate::analysis::incident::Incident;
use crate::analysis::sizing::heap_of_shares;
use crate::model::readings::Readings;
use crate::model::run::{MAX_HEAP_BY_SHARE, Run};
use crate::source::Span;
use crate::units::Bytes;

/// What a JVM takes by itself of a small memory, in percent.
const OF_LITTLE: f64 = 50.0;

/// Fills in the maximum of those whose options give a share and no size.
pub(super) fn fill(runs: &mut [Run], readings: &Readings) {
    let is_open = |run: &Run| run.max_heap.is_none() && run.flags.iter().any(|flag| sets_share(flag));
    if !runs.iter().any(is_open) {
        return;
    }
    let incident = Incident::new(readings, runs);
    let told: Vec<_> = runs.iter().map(|run| max_heap(&incident, run)).collect();
    for (run, told) in runs.iter_mut().zip(told) {
        let Some((bytes, at)) = told else { continue };
        run.max_heap = Some(bytes);
        run.max_heap_reason = Some(MAX_HEAP_BY_SHARE.to_owned());
        run.at.put("max_heap", at);
    }
}

/// True for an option that gives the maximum as a share.
pub(super) fn sets_share(option: &str) -> bool {
    share(option).is_some()
}

fn max_heap(incident: &Incident<'_>, run: &Run) -> Option<(Bytes, Span)> {
    let last = |of: fn(&str) -> Option<f64>| run.flags.iter().rev().find_map(|flag| Some((of(flag)?, flag)));
    let (most, option) = last(percentage).or_else(|| last(fraction)).filter(|_| run.max_heap.is_none())?;
    let of_little = last(of_little).map_or(OF_LITTLE, |(share, _)| share);
    let memory = memory(incident, run)?;
    let at = incident.option_at(&run.id, option).or(memory.at)?;
    Some((heap_of_shares(memory.bytes, most, of_little), at))
}

/// What the JVM sizes itself by: what an option says, else what it saw, which is the limit of its container or the machine.
fn memory(incident: &Incident<'_>, run: &Run) -> Option<Known> {
    let sees_limits = !run.flags.iter().any(|flag| flag == "-XX:-UseContainerSupport");
    let limit = || incident.group_limit(&run.id).filter(|_| sees_limits);
    let seen = || incident.memory_seen(&run.id).or_else(limit).or_else(|| incident.ram(Some(&run.id)));
    incident.size_option(&run.id, "-XX:MaxRAM=").or_else(seen)
}

fn share(option: &str) -> Option<f64> {
    percentage(option).or_else(|| fraction(option))
}

fn percentage(option: &str) -> Option<f64> {
    percent(option.strip_prefix("-XX:MaxRAMPercentage=")?)
}

/// Until JDK 9, and outdated since: a part of so many.
fn fraction(option: &str) -> Option<f64> {
    let parts = option.strip_prefix("-XX:MaxRAMFraction=")?.parse::<u32>().ok()?;
    (parts > 0).then(|| 100.0 / f64::from(parts))
}

fn of_little(option: &str) -> Option<f64> {
    percent(option.strip_prefix("-XX:MinRAMPercentage=")?)
}

fn percent(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|share| (0.0..=100.0).contains(share) && *share > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::MIB;

    #[test]
    fn a_share_is_a_number_of_percent_or_a_part() {
        assert_eq!(
            ["75", "75.0", "33.3"].map(|text| percentage(&format!("-XX:MaxRAMPercentage={text}"))),
            [Some(75.0), Some(75.0), Some(33.3)]
        );
        assert_eq!(fraction("-XX:MaxRAMFraction=2"), Some(50.0));
        for wrong in ["-XX:MaxRAMPercentage=", "-XX:MaxRAMPercentage=750", "-XX:MaxRAMFraction=0", "-Xmx1g"] {
            assert!(!sets_share(wrong), "{wrong}");
        }
    }

    #[test]
    fn little_memory_goes_by_the_other_share() {
        let heap = |mib: u64, most: f64, of_little: f64| heap_of_shares(Bytes(mib * MIB), most, of_little).0 / MIB;
        assert_eq!([heap(512, 75.0, 50.0), heap(1024, 25.0, 50.0), heap(128, 75.0, 50.0)], [384, 256, 64]);
        assert_eq!([heap(128, 75.0, 75.0), heap(300, 25.0, 50.0)], [96, 126]);
    }
}
