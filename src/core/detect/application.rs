//! Which program an input is about: it may have a place of its own for the options of its JVM.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::signs::Signs;
use crate::model::application::{APPLICATIONS, Application};
use crate::model::readings::Readings;
use crate::source::Line;

/// Words of which one in a line shows a program. Libraries of it in another program must have none of them.
#[rustfmt::skip]
const SIGNS: &[(&str, &[&str])] = &[
    ("native-image", &["Image build request ", "com.oracle.svm.hosted.", "]    (clinit): ", "]   (typeflow): ", "]    (objects): ", "]   (features): ", "]    (inline): ", "]   (compile): ", "]    universe: ", "GraalVM Native Image: Generating"]),
    ("kotlin-daemon", &["kotlin.daemon.jvmargs=-Xmx<size>", "Kotlin daemon", "e: java.lang.OutOfMemoryError", "at org.jetbrains.kotlin."]),
    ("gradle-test", &["Gradle Test Executor", "worker.org.gradle.process", "\"Test worker\""]),
    ("surefire", &["plugins:maven-surefire-plugin:", "plugins:maven-failsafe-plugin:", "The forked VM terminated", "at org.apache.maven.surefire."]),
    ("gradle", &["> Task :", "Execution failed for task '", "Gradle build daemon", "Expiring Daemon because", "The Daemon will expire", "org.gradle.jvmargs", "at org.gradle.", "gradlew", "FAILURE: Build failed with an exception"]),
    ("maven", &["Failed to execute goal", "at org.apache.maven."]),
    ("sbt", &["at sbt.", "xsbt.boot"]),
    ("ant", &["at org.apache.tools.ant."]),
    ("sonar-scanner", &["org.sonar.scanner.", "org.sonarsource.scanner."]),
    ("spark-executor", &["at org.apache.spark.executor.", "Executor task launch worker"]),
    ("spark-driver", &["org.apache.spark.deploy.SparkSubmit", "dag-scheduler-event-loop"]),
    ("mapreduce", &["hadoop.mapred.YarnChild", "mapreduce.map.java.opts", "mapreduce.reduce.java.opts"]),
    ("flink", &["YarnTaskExecutorRunner", "KubernetesTaskExecutorRunner", "at org.apache.flink.runtime.taskmanager.", "at org.apache.flink.runtime.taskexecutor."]),
    ("elasticsearch", &["org.elasticsearch.bootstrap", "at org.elasticsearch.index.", "at org.elasticsearch.node.", "ES_JAVA_OPTS", "thread [elasticsearch["]),
    ("opensearch", &["org.opensearch.bootstrap", "at org.opensearch.index.", "OPENSEARCH_JAVA_OPTS"]),
    ("logstash", &["org.logstash.", "LS_JAVA_OPTS"]),
    ("kafka", &["at kafka.server.", "at kafka.log.", "kafka.Kafka", "(kafka.server.", "KAFKA_HEAP_OPTS"]),
    ("zookeeper", &["QuorumPeerMain", "SERVER_JVMFLAGS"]),
    ("cassandra", &["at org.apache.cassandra.", "CassandraDaemon"]),
    ("solr", &["org.apache.solr.core.", "org.apache.solr.servlet.", "SOLR_HEAP", "SOLR_JAVA_MEM"]),
    ("hbase", &["hbase.regionserver.", "HRegionServer"]),
    ("trino", &["io.trino.execution.", "io.trino.server.", "io.prestosql.server."]),
    ("neo4j", &["org.neo4j.server.", "neo4j.conf"]),
    ("sonarqube-ce", &["org.sonar.ce."]),
    ("nexus", &["org.sonatype.nexus.", "nexus.vmoptions"]),
    ("jenkins", &["at hudson.", "at jenkins.", "jenkins.war"]),
    ("keycloak", &["org.keycloak.quarkus.", "JAVA_OPTS_KC_HEAP"]),
    ("wildfly", &["at org.jboss.as.", "org.wildfly.", "standalone.conf"]),
    ("tomcat", &["catalina.out", "catalina.startup.Bootstrap", "CATALINA_OPTS", "setenv.sh", "setenv.bat"]),
    ("minecraft", &["net.minecraft.", "net.minecraftforge.", "minecraft_server", "paper.jar", "spigot.jar"]),
    ("jmeter", &["org.apache.jmeter.", "ApacheJMeter"]),
    ("idea", &["com.intellij.openapi.", "com.intellij.util.", "idea64.vmoptions", "studio64.vmoptions"]),
    ("eclipse", &["org.eclipse.equinox.launcher", "eclipse.ini"]),
];

/// Bytes of a line that are looked at.
const MAX_LINE: usize = 1000;

/// Notes the programs that a line shows, whoever reads the line.
pub fn look(line: &Line<'_>, out: &mut Readings) {
    static ANY: LazyLock<Signs> = LazyLock::new(|| Signs::of(signs()));
    static EACH: LazyLock<Vec<(Finder<'static>, &'static Application)>> = LazyLock::new(|| {
        let of = |application: &'static Application| {
            let own = SIGNS.iter().find(|(id, _)| *id == application.id).map_or(&[][..], |(_, signs)| *signs);
            own.iter().map(move |sign| (Finder::new(*sign), application))
        };
        APPLICATIONS.iter().flat_map(of).collect()
    });
    // As it stands there: a transport takes the mark of Gradle's lines for that of a quotation.
    let text = line.raw.get(..line.raw.floor_char_boundary(MAX_LINE)).unwrap_or_default().as_bytes();
    if ANY.are_in(text) {
        let shown = EACH.iter().find(|(sign, _)| sign.find(text).is_some());
        if let Some((_, application)) = shown {
            out.note_application(application, line.span());
        }
    }
}

/// All that shows any of them.
pub(super) fn signs() -> impl Iterator<Item = &'static str> {
    SIGNS.iter().flat_map(|(_, signs)| signs.iter().copied())
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
        let ids = |list: &[Application]| list.iter().map(|application| application.id).collect::<Vec<_>>();
        assert_eq!(SIGNS.iter().map(|(id, _)| *id).collect::<Vec<_>>(), ids(APPLICATIONS));
        assert!(signs().all(|sign| sign.len() >= 4), "shorter ones are not looked for");
    }
}
