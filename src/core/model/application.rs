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
}

const fn build(id: &'static str, variable: &'static str) -> Application {
    Application { id, is_build: true, takes_all: true, variable }
}

const fn server(id: &'static str, variable: &'static str) -> Application {
    Application { id, is_build: false, takes_all: true, variable }
}

/// One whose place takes only the size of the heap.
const fn sized(id: &'static str, variable: &'static str) -> Application {
    Application { id, is_build: false, takes_all: false, variable }
}

/// All of them: where one starts another, the one that is started stands first.
pub static APPLICATIONS: &[Application] = &[
    build("native-image", ""),
    build("kotlin-daemon", "kotlin.daemon.jvmargs"),
    build("gradle-test", ""),
    build("surefire", ""),
    build("gradle", "org.gradle.jvmargs"),
    build("maven", "MAVEN_OPTS"),
    build("sbt", "SBT_OPTS"),
    build("ant", "ANT_OPTS"),
    build("sonar-scanner", "SONAR_SCANNER_OPTS"),
    sized("spark-executor", ""),
    sized("spark-driver", ""),
    sized("mapreduce", ""),
    sized("flink", ""),
    server("elasticsearch", "ES_JAVA_OPTS"),
    server("opensearch", "OPENSEARCH_JAVA_OPTS"),
    server("logstash", "LS_JAVA_OPTS"),
    sized("kafka", "KAFKA_HEAP_OPTS"),
    server("zookeeper", "SERVER_JVMFLAGS"),
    server("cassandra", ""),
    sized("solr", ""),
    server("hbase", ""),
    server("trino", ""),
    sized("neo4j", ""),
    server("sonarqube-ce", ""),
    server("nexus", ""),
    server("jenkins", ""),
    server("keycloak", "JAVA_OPTS_KC_HEAP"),
    server("wildfly", ""),
    server("tomcat", "CATALINA_OPTS"),
    server("minecraft", ""),
    server("jmeter", ""),
    server("idea", ""),
    server("eclipse", ""),
];

impl Application {
    /// The one that readings call so.
    pub fn of(id: &str) -> Option<&'static Application> {
        APPLICATIONS.iter().find(|application| application.id == id)
    }
}
