//! Programs in a JVM that have a place of their own for its options.

/// A program that people run in a JVM, or one of its JVMs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// As readings call it; `application.<id>` is its name, `application.<id>.options` where its options are set.
    pub id: &'static str,
    /// True if it compiles or tests: it has ended, and does its work again with the next build.
    pub is_build: bool,
    /// True if that place takes any option, not only the size of the heap.
    pub takes_all: bool,
    /// The variable or property that carries its options; empty where there is none.
    pub variable: &'static str,
    /// Words of which one in a line shows it. Libraries of it in another program must have none of them.
    pub signs: &'static [&'static str],
}

const fn build(id: &'static str, variable: &'static str, signs: &'static [&'static str]) -> Application {
    Application { id, is_build: true, takes_all: true, variable, signs }
}

const fn server(id: &'static str, variable: &'static str, signs: &'static [&'static str]) -> Application {
    Application { id, is_build: false, takes_all: true, variable, signs }
}

/// One whose place takes only the size of the heap.
const fn sized(id: &'static str, variable: &'static str, signs: &'static [&'static str]) -> Application {
    Application { id, is_build: false, takes_all: false, variable, signs }
}

/// All of them: where one starts another, the one that is started stands first.
#[rustfmt::skip]
pub static APPLICATIONS: &[Application] = &[
    build("kotlin-daemon", "kotlin.daemon.jvmargs", &["kotlin.daemon.jvmargs=-Xmx<size>", "Kotlin daemon", "e: java.lang.OutOfMemoryError", "at org.jetbrains.kotlin."]),
    build("gradle-test", "", &["Gradle Test Executor", "worker.org.gradle.process", "\"Test worker\""]),
    build("surefire", "", &["plugins:maven-surefire-plugin:", "plugins:maven-failsafe-plugin:", "The forked VM terminated", "at org.apache.maven.surefire."]),
    build("gradle", "org.gradle.jvmargs", &["> Task :", "Execution failed for task '", "Gradle build daemon", "Expiring Daemon because", "The Daemon will expire", "org.gradle.jvmargs", "at org.gradle.", "gradlew", "FAILURE: Build failed with an exception"]),
    build("maven", "MAVEN_OPTS", &["Failed to execute goal", "at org.apache.maven."]),
    build("sbt", "SBT_OPTS", &["at sbt.", "xsbt.boot"]),
    build("ant", "ANT_OPTS", &["at org.apache.tools.ant."]),
    build("sonar-scanner", "SONAR_SCANNER_OPTS", &["org.sonar.scanner.", "org.sonarsource.scanner."]),
    sized("spark-executor", "", &["at org.apache.spark.executor.", "Executor task launch worker"]),
    sized("spark-driver", "", &["org.apache.spark.deploy.SparkSubmit", "dag-scheduler-event-loop"]),
    sized("mapreduce", "", &["hadoop.mapred.YarnChild", "mapreduce.map.java.opts", "mapreduce.reduce.java.opts"]),
    sized("flink", "", &["YarnTaskExecutorRunner", "KubernetesTaskExecutorRunner", "at org.apache.flink.runtime.taskmanager.", "at org.apache.flink.runtime.taskexecutor."]),
    server("elasticsearch", "ES_JAVA_OPTS", &["org.elasticsearch.bootstrap", "at org.elasticsearch.index.", "at org.elasticsearch.node.", "ES_JAVA_OPTS", "thread [elasticsearch["]),
    server("opensearch", "OPENSEARCH_JAVA_OPTS", &["org.opensearch.bootstrap", "at org.opensearch.index.", "OPENSEARCH_JAVA_OPTS"]),
    server("logstash", "LS_JAVA_OPTS", &["org.logstash.", "LS_JAVA_OPTS"]),
    sized("kafka", "KAFKA_HEAP_OPTS", &["at kafka.server.", "at kafka.log.", "kafka.Kafka", "(kafka.server.", "KAFKA_HEAP_OPTS"]),
    server("zookeeper", "SERVER_JVMFLAGS", &["QuorumPeerMain", "SERVER_JVMFLAGS"]),
    server("cassandra", "", &["at org.apache.cassandra.", "CassandraDaemon"]),
    sized("solr", "", &["org.apache.solr.core.", "org.apache.solr.servlet.", "SOLR_HEAP", "SOLR_JAVA_MEM"]),
    server("hbase", "", &["hbase.regionserver.", "HRegionServer"]),
    server("trino", "", &["io.trino.execution.", "io.trino.server.", "io.prestosql.server."]),
    sized("neo4j", "", &["org.neo4j.server.", "neo4j.conf"]),
    server("sonarqube-ce", "", &["org.sonar.ce."]),
    server("nexus", "", &["org.sonatype.nexus.", "nexus.vmoptions"]),
    server("jenkins", "", &["at hudson.", "at jenkins.", "jenkins.war"]),
    server("keycloak", "JAVA_OPTS_KC_HEAP", &["org.keycloak.quarkus.", "JAVA_OPTS_KC_HEAP"]),
    server("wildfly", "", &["at org.jboss.as.", "org.wildfly.", "standalone.conf"]),
    server("tomcat", "CATALINA_OPTS", &["catalina.out", "catalina.startup.Bootstrap", "CATALINA_OPTS", "setenv.sh", "setenv.bat"]),
    server("minecraft", "", &["net.minecraft.", "net.minecraftforge.", "minecraft_server", "paper.jar", "spigot.jar"]),
    server("jmeter", "", &["org.apache.jmeter.", "ApacheJMeter"]),
    server("idea", "", &["com.intellij.openapi.", "com.intellij.util.", "idea64.vmoptions", "studio64.vmoptions"]),
    server("eclipse", "", &["org.eclipse.equinox.launcher", "eclipse.ini"]),
];

impl Application {
    /// The one that readings call so.
    pub fn of(id: &str) -> Option<&'static Application> {
        APPLICATIONS.iter().find(|application| application.id == id)
    }
}
