//! Which program an input is about: it may have a place of its own for the options of its JVM.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::signs::Signs;
use crate::model::application::{APPLICATIONS, Application};
use crate::model::readings::Readings;
use crate::source::Line;

/// Bytes of a line that are looked at.
const MAX_LINE: usize = 1000;

/// Notes the programs that a line shows, whoever reads the line.
pub fn look(line: &Line<'_>, out: &mut Readings) {
    static ANY: LazyLock<Signs> = LazyLock::new(|| Signs::of(signs()));
    static EACH: LazyLock<Vec<(Finder<'static>, &'static Application)>> = LazyLock::new(|| {
        let of = |application: &'static Application| {
            application.signs.iter().map(move |sign| (Finder::new(*sign), application))
        };
        APPLICATIONS.iter().flat_map(of).collect()
    });
    let text = line.body.get(..line.body.floor_char_boundary(MAX_LINE)).unwrap_or_default().as_bytes();
    if ANY.are_in(text) {
        let shown = EACH.iter().find(|(sign, _)| sign.find(text).is_some());
        if let Some((_, application)) = shown {
            out.note_application(application, line.span());
        }
    }
}

/// All that shows any of them.
pub(super) fn signs() -> impl Iterator<Item = &'static str> {
    APPLICATIONS.iter().flat_map(|application| application.signs.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_that_another_started_is_the_one() {
        let shown = |text: &str| {
            let mut out = Readings::default();
            look(&Line::of(text), &mut out);
            out.applications.iter().map(|(application, _)| application.id).collect::<Vec<_>>()
        };
        assert_eq!(shown("> Task :app:mergeDexRelease FAILED"), ["gradle"]);
        assert_eq!(shown("e: java.lang.OutOfMemoryError: Java heap space"), ["kotlin-daemon"]);
        assert_eq!(
            shown("\tat org.apache.spark.executor.Executor$TaskRunner.run(Executor.scala:623)"),
            ["spark-executor"]
        );
        assert_eq!(
            shown(
                "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test)"
            ),
            ["surefire"]
        );
        // A client of a server is not the server.
        assert!(shown("\tat org.elasticsearch.client.RestClient.performRequest(RestClient.java:228)").is_empty());
        assert!(shown("\tat org.apache.kafka.clients.producer.KafkaProducer.send(KafkaProducer.java:931)").is_empty());
    }

    #[test]
    fn every_program_has_words_of_its_own() {
        let mut all: Vec<&str> = signs().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(signs().all(|sign| sign.len() >= 4), "shorter ones are not looked for");
    }
}
