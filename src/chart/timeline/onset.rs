//! When it began: from a moment on GC takes a good part of the time, as a finding says.

use super::{Band, BandKind, Builder, Place, Section, Timeline};
use crate::analysis::rule_id::RuleId;
use crate::source::Span;

/// What is shown before an onset is this part of what is shown after it: the change can be seen only beside what was.
const BEFORE: i64 = 4;

impl Timeline {
    /// The section in which something began on that line, and what of it shows that.
    pub fn onset(&self, line: Span) -> Option<(&Section, (i64, i64))> {
        self.sections.iter().find_map(|section| {
            let onset = section.bands.iter().find(|band| band.kind == BandKind::Onset && band.span == line)?;
            let before = onset.to.saturating_sub(onset.from) / BEFORE;
            Some((section, (onset.from.saturating_sub(before), onset.to)))
        })
    }
}

impl Builder<'_> {
    /// Shades what findings say to have begun, wherever the lines that they name stand in time.
    pub(super) fn onsets(&mut self) {
        for finding in self.report.findings.iter().filter(|finding| finding.rule == RuleId::Onset) {
            let value = |name: &str| finding.statement.values.get(name);
            let said = |name: &str| value(name).map(|value| value.quantity.text(self.language)).unwrap_or_default();
            let Some(line) = finding.statement.onset() else { continue };
            let arguments = [("what", said("what")), ("after", said("after"))];
            let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let (label, short) =
                (self.fill("chart.band.onset", &arguments), self.fill("chart.band.onset.short", &arguments));
            for section in &mut self.sections {
                if let Some((from, to, owner)) = since(section, line) {
                    let kind = BandKind::Onset;
                    section.bands.push(Band { from, to, kind, label, short, span: line, owner });
                    break;
                }
            }
        }
    }
}

/// From when what was read on a line to the end of what was read with it, and whose lanes those are.
fn since(section: &Section, line: Span) -> Option<(i64, i64, String)> {
    let place = Place { source: line.source, line: line.line };
    section.lanes.iter().find_map(|lane| {
        let found = lane.series.iter().filter_map(|series| {
            let row = series.places.iter().position(|known| *known == place)?;
            Some((series.times.at(row)?, series.times.extent()?.1))
        });
        let (from, to) = found.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        (from < to).then(|| (from, to, lane.owner.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Clock, View};
    use super::*;
    use crate::analyzer::analysis_of;
    use crate::i18n::Language;

    /// Forty quiet seconds, then twenty with 300 ms of full GCs in each.
    fn text() -> String {
        let header = "S0C S1C S0U S1U EC EU OC OU MC MU CCSC CCSU YGC YGCT FGC FGCT GCT\n";
        let rows = (0..60_u32).map(|row| {
            let (full, spent) = if row < 40 { (row / 20, row / 20 * 5) } else { (row, 10 + (row - 39) * 300) };
            let spent = f64::from(spent) / 1000.0;
            format!(
                "0.0 0.0 0.0 0.0 10240.0 0.0 40960.0 {}.0 4864.0 4532.1 512.0 400.0 9 0.090 {full} {spent:.3} {:.3}\n",
                4096 + row * 512,
                spent + 0.09
            )
        });
        format!("$ jstat -gc 77 1000\n{header}{}", rows.collect::<String>())
    }

    #[test]
    fn an_onset_is_shaded_from_its_line_to_the_end_of_the_samples() {
        let report = analysis_of(&text()).report;
        let finding = report.findings.iter().find(|finding| finding.rule == RuleId::Onset).expect("it began");
        let timeline = Timeline::of(&report, Language::En);
        let section = &timeline.sections[0];
        let onset = section.bands.iter().find(|band| band.kind == BandKind::Onset).expect("it is shaded");
        assert_eq!(section.clock, Clock::FromFirst);
        assert_eq!((onset.from, onset.to, onset.span.line), (39_000_000, 59_000_000, 42));
        assert_eq!(Some(onset.span), finding.statement.values["from"].at);
        assert_eq!(onset.label, "From here on, full GCs take 30.0% of the time");
        assert!(
            timeline.summary().contains("39 s after the first sample: From here on, full GCs"),
            "{}",
            timeline.summary()
        );
        let (shown, range) = timeline.onset(onset.span).expect("it is found by its line");
        assert_eq!((&shown.id, range), (&section.id, (34_000_000, 59_000_000)), "with some of what was before");
        let scene = timeline.scene(&View::default(), 900);
        let named: Vec<_> = scene.sections[0].onsets().map(|(_, lane)| Some(lane.at)).collect();
        assert_eq!(named, [scene.sections[0].first_plot], "it is named over the first lane with numbers");
    }

    #[test]
    fn what_began_is_about_the_lanes_of_its_process_wherever_they_are_placed() {
        let killed = "2022-11-23T07:35:42.203997+00:00 host kernel: Out of memory: Killed process 16021 (java) total-vm:3328880kB, anon-rss:699868kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:1804kB oom_score_adj:0\n";
        let report = analysis_of(&format!("{killed}\n{}", text())).report;
        let timeline = Timeline::of(&report, Language::En);
        let id = timeline.sections.iter().find(|section| !section.samples.is_empty()).expect("samples").id.clone();
        let start = 1_669_188_900_000_000;
        let aligned = timeline.aligned(&[(id, (start, start + 59_000_000))]);
        let scene = aligned.scene(&View::default(), 900);
        let onsets: Vec<_> = scene.sections[0].onsets().map(|(band, lane)| (band.from, lane.owner.clone())).collect();
        assert_eq!(onsets.len(), 1);
        assert_eq!(onsets[0].0, start + 39_000_000);
        assert!(onsets[0].1.contains("pid 77"), "{onsets:?}");
    }
}
