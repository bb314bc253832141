//! Options wherever people write them: every place of `judgement/places-of-options.txt`, composed after public threads, with several
//! options in it.

#[path = "support/corpus.rs"]
mod corpus;

use corpus::read;
use oomscope::units::Bytes;

/// What stands in the places in the file, and what may stand there as well.
const WRITTEN: [(&str, &str); 2] = [("-Xms1g", "-Xmx2g"), ("-XX:InitialHeapSize=1g", "-XX:MaxHeapSize=2048m")];

#[test]
fn options_are_read_wherever_people_write_them() {
    let path = format!("{}/tests/judgement/places-of-options.txt", env!("CARGO_MANIFEST_DIR"));
    let places = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut failed = Vec::new();
    for place in places.split("=====\n") {
        for (least, most) in WRITTEN {
            if most.starts_with("-XX:") && place.contains("-Xmx ") | place.contains("-Xmx:") | place.contains("-Xmx\"")
            {
                continue;
            }
            let text = place.replace("-Xms1g", least).replace("-Xmx2g", most);
            let report = read(text.as_bytes());
            let found = report.host.iter().any(|reading| reading.sizes.get("heap_max") == Some(&Bytes(2 << 30)));
            if !found {
                failed.push(text);
            }
        }
    }
    assert!(failed.is_empty(), "{} places:\n{}", failed.len(), failed.join("-----\n"));
}

#[test]
fn talk_and_comments_are_no_options() {
    for text in [
        "#-Xms1g\n#-Xmx2g\n",
        "## -Xms1g\n## -Xmx2g\n",
        "You should start it with -Xms1g -Xmx2g\n",
        "for example JAVA_OPTS=\"-Xms1g -Xmx2g\"\n",
        "-Xmx was too small, and -Xms1g is what I set\n",
        "java -jar app.jar -Xmx2g\n",
    ] {
        let report = read(text.as_bytes());
        let found = report.host.iter().any(|reading| reading.sizes.contains_key("heap_max"));
        assert!(!found, "{text}: {:?}", report.host);
    }
}
