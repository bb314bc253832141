//! Options amid other things: what stands before them on the line says whose they are.
//!
//! | before the first option | what they are |
//! | --- | --- |
//! | a JVM, and before that nothing but what starts programs | the command |
//! | a name that may hold options, and a sign or a bracket between | a variable, a member, an element, a setting |
//! | words and a colon, a tag, a bullet, the bar of a table | options as somebody wrote them down |
//! | anything else | talk, which is none |

use super::What;
use super::written;
use crate::formats::is_advice;
use crate::formats::jvm_options::{WITH_VALUE, is_jvm, is_option, stands_among_options};
use crate::formats::quantity::{self, MIB};
use crate::look;
use crate::units::Bytes;

/// Longest line that is looked at.
const MAX_LINE: usize = 4000;
/// Words of a sentence before an assignment, or a label.
const MAX_WORDS: usize = 4;
/// Longest name of a variable.
const MAX_NAME: usize = 60;
/// What separates words, besides blanks.
const BETWEEN: [char; 13] = [' ', '\t', '"', '\'', '`', '[', ']', '(', ')', '<', '>', '|', '（'];

/// What a line with options in it is. `None` for talk.
pub(super) fn what_of(text: &str) -> Option<What<'_>> {
    if text.len() > MAX_LINE || !look::has(text, "-X") {
        return None;
    }
    let run = Run::of(text)?;
    let lower = text.to_lowercase();
    const ADVICE: [&str; 8] = ["should", "could", "would", "try ", "recommend", "suggest", "example", "e.g."];
    if ADVICE.iter().any(|word| lower.contains(word)) {
        return None;
    }
    run.command().or_else(|| run.variable()).or_else(|| run.listed())
}

/// `-Xmx  2g`, `| -Xmx | 2g |`, `"-Xmx": "2g"`: an option and its size in two cells.
pub(super) fn parted(text: &str) -> Option<(&str, &str)> {
    let mut words = text.split([' ', '\t', ':', '|', '"', '\'', '`', ',']).filter(|word| !word.is_empty());
    let (option, size) = (words.next()?, words.next()?);
    let is_pair = matches!(option, "-Xmx" | "-Xms" | "-Xss" | "-Xmn") && quantity::option(size).is_some();
    (is_pair && words.next().is_none()).then_some((option, size))
}

/// A setting of which something else makes an option.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Set<'a> {
    /// What it is called.
    pub(super) name: &'a str,
    /// Whose it is, where a program starts several JVMs.
    pub(super) of: Option<&'a str>,
    /// Our name of the size.
    pub(super) figure: &'static str,
    pub(super) size: Bytes,
    pub(super) printed: &'a str,
}

/// Their names, the unit of a number alone, whose they are, and what they are. The memory of a process of Flink is that of its container.
const SETTINGS: [(&str, u64, &str, &str); 14] = [
    ("MAX_HEAP_SIZE", 1, "", "heap_max"),
    ("SOLR_HEAP", 1, "", "heap_max"),
    ("HADOOP_HEAPSIZE", MIB, "", "heap_max"),
    ("wrapper.java.maxmemory", MIB, "", "heap_max"),
    ("maxHeapSize", 1, "", "heap_max"),
    ("spark.executor.memory", MIB, "executor", "heap_max"),
    ("spark.driver.memory", MIB, "driver", "heap_max"),
    ("--executor-memory", MIB, "executor", "heap_max"),
    ("--driver-memory", MIB, "driver", "heap_max"),
    ("taskmanager.memory.process.size", 1, "taskmanager", "limit"),
    ("taskmanager.memory.task.heap.size", 1, "taskmanager", "heap_max"),
    ("taskmanager.memory.jvm-metaspace.size", 1, "taskmanager", "metaspace_max"),
    ("jobmanager.memory.process.size", 1, "jobmanager", "limit"),
    ("jobmanager.memory.heap.size", 1, "jobmanager", "heap_max"),
];

/// `MAX_HEAP_SIZE="2G"`, `HADOOP_HEAPSIZE=2048`, `spark.executor.memory 8g`: a setting on a line of its own.
pub(super) fn setting(text: &str) -> Option<Set<'_>> {
    const BEFORE: [&str; 5] = ["export ", "set ", "--conf ", "- ", "\""];
    let text = BEFORE.iter().find_map(|before| text.strip_prefix(before)).unwrap_or(text);
    let set = set(text)?;
    let behind = text.split_once(set.printed)?.1.trim_start_matches(['"', '\'', ',', ';', ' ', '\\']);
    (behind.is_empty() || behind.starts_with(['#', '-'])).then_some(set)
}

/// The settings that a command gives a job: `spark-submit --executor-memory 8g --conf spark.driver.memory=4g …`.
pub(super) fn of_job(text: &str) -> impl Iterator<Item = Set<'_>> {
    const COMMANDS: [&str; 6] =
        ["spark-submit ", "spark-shell ", "spark-sql ", "pyspark ", "flink run ", "flink run-application "];
    let may_be = ["spark", "flink"].iter().any(|word| look::has(text, word));
    let words = COMMANDS.iter().filter(|_| may_be).find_map(|command| Some(text.split_once(command)?.1));
    SETTINGS.iter().filter_map(move |(name, _, of, _)| {
        let at = words?.find(name).filter(|_| !of.is_empty())?;
        set(words?.get(at..)?)
    })
}

fn set(text: &str) -> Option<Set<'_>> {
    let (name, unit, of, figure, rest) = SETTINGS.iter().find_map(|(name, unit, of, figure)| {
        Some((text.get(..name.len())?, *unit, *of, *figure, text.strip_prefix(name)?))
    })?;
    let marks = [' ', '"', '\''];
    // Files of Spark need no sign between.
    let is_parted = rest.starts_with([' ', '\t']) && !of.is_empty();
    let rest = rest.trim_start_matches(['"', ' ', '\t']);
    let value = rest.strip_prefix(['=', ':']).or(is_parted.then_some(rest))?.trim_start_matches(marks);
    let printed = value.split([' ', '"', '\'', ',', ';', '\t']).next().unwrap_or(value);
    let size = match quantity::whole(printed) {
        Some(number) => number.checked_mul(unit).filter(|size| *size >= MIB).map(Bytes),
        None => quantity::option(printed.trim_end_matches(['b', 'B'])),
    };
    let of = name.find(of).and_then(|at| name.get(at..at + of.len())).filter(|of| !of.is_empty());
    Some(Set { name, of, figure, size: size.filter(|size| size.0 > 0)?, printed })
}

/// Options one behind the other.
struct Run<'a> {
    before: &'a str,
    options: &'a str,
    behind: &'a str,
    count: usize,
    text: &'a str,
}

impl<'a> Run<'a> {
    /// The first ones of a line, if one of them has to do with memory.
    fn of(text: &'a str) -> Option<Run<'a>> {
        let (mut from, mut to, mut count) = (None, 0, 0);
        let mut takes_value = false;
        let mut at = 0;
        for word in text.split(BETWEEN) {
            let start = at;
            at += word.len() + text.get(at + word.len()..)?.chars().next().map_or(0, char::len_utf8);
            let bare = word.trim_end_matches([',', ';', '\\', '.', '*', '。', '）']);
            if bare.is_empty() {
                continue;
            }
            if from.is_some() {
                let is_option = stands_among_options(bare) || WITH_VALUE.contains(&bare) || takes_value;
                if !is_option {
                    break;
                }
                takes_value = WITH_VALUE.contains(&bare);
                (to, count) = (start + bare.len(), count + usize::from(stands_among_options(bare)));
                continue;
            }
            // `JAVA_OPTS=-Xms1g`, `**-Xmx1g**`, `-Dorg.gradle.jvmargs=-Xmx1g`
            let inside = ["=-X", ":-X", "=-D", "=-s", "*-X", "：-X", "{-X"].iter().filter_map(|mark| {
                let found = bare.find(mark)?;
                Some(found + mark.len() - 2)
            });
            let option = match bare.starts_with('-') && !bare.starts_with("-Dorg.") && !bare.starts_with("--conf=") {
                true => (stands_among_options(bare) || bare.len() > 2 && WITH_VALUE.contains(&bare)).then_some(0),
                false => inside.min(),
            };
            let Some(option) = option else { continue };
            takes_value = WITH_VALUE.contains(&bare);
            (from, to, count) = (Some(start + option), start + bare.len(), 1);
        }
        let from = from?;
        let (before, options, behind) = (text.get(..from)?, text.get(from..to)?, text.get(to..)?);
        let count = count + options.matches(",-").count();
        written::starts_with_option(options).then_some(Run { before, options, behind, count, text })
    }

    /// A JVM right before them, which something starts.
    fn command(&self) -> Option<What<'a>> {
        const STARTERS: [&str; 22] = [
            "sudo",
            "nohup",
            "exec",
            "time",
            "start",
            "env",
            "nice",
            "ionice",
            "numactl",
            "taskset",
            "systemd-run",
            "strace",
            "timeout",
            "gosu",
            "su-exec",
            "tini",
            "dumb-init",
            "sh",
            "bash",
            "docker",
            "run",
            "cmd",
        ];
        let before = self.before.trim_end_matches([' ', '"', '\'', ',']);
        let at = before
            .rfind(|c: char| BETWEEN.contains(&c) || matches!(c, '=' | ':'))
            .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8));
        let (start, program) = before.split_at_checked(at)?;
        if !is_jvm(program) {
            return None;
        }
        let is_starter = |word: &str| {
            STARTERS.contains(&word.rsplit('/').next().unwrap_or(word))
                || word.contains(['=', '-', '/', '+'])
                || word.bytes().all(|byte| byte.is_ascii_digit())
        };
        let open = start.trim_end();
        let is_started = open.ends_with("&&")
            || open.ends_with(['"', '\'', '`', '=', ':', '(', '[', '>', '|', '：'])
            || start.split_ascii_whitespace().all(|word| is_starter(word.trim_matches(['"', '\''])));
        let command = self.text.get(at..)?;
        // A line of processes has columns of its own.
        let is_number = |c: char| c.is_ascii_digit();
        let is_row = open.starts_with(is_number)
            || open.ends_with(is_number) && !open.split(' ').any(|word| STARTERS.contains(&word));
        (is_started && !is_row).then(|| written::started(command, true)).flatten()
    }

    /// A name that may hold options, and what puts them into it.
    fn variable(&self) -> Option<What<'a>> {
        let open = self.before.trim_end_matches([' ', '\t', '"', '\'', '`', '[', '(', '{', '$', '>']);
        let end = open.trim_end_matches("listOf").trim_end_matches("Seq").trim_end();
        let signed = end.trim_end_matches([' ', '=', ':', '+', '"', '\'', '*', '：', ']']);
        let rest = signed.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
        let name = signed.get(rest.len()..)?;
        let name = name.strip_prefix('D').filter(|_| rest.ends_with('-')).unwrap_or(name);
        let between = self.before.get(signed.len()..)?;
        let is_put = between.contains(['=', ':', '：', '[', '(', '"', '\'', '>']) || name.contains('.');
        let words =
            rest.split([' ', '\t']).filter(|word| word.chars().all(char::is_alphabetic) && !word.is_empty()).count();
        // In brackets or quotes of their own they are a value, however much is told before.
        let closed = self.behind.trim_start_matches([',', ' ']);
        let is_value = between.contains('[') && closed.starts_with(']') || words <= MAX_WORDS;
        let is_sentence =
            !between.contains(['"', '\'', '[', '(', '>']) && words > 0 && between.contains('=') && !name.contains('.');
        (is_put && is_value && !is_sentence && may_hold_options(name)).then_some(What::Variable(name, self.options))
    }

    /// A label, a bullet, a tag, or a cell of a table before them, and no more than a remark behind.
    fn listed(&self) -> Option<What<'a>> {
        let behind =
            self.behind.trim_start_matches(['"', '\'', '`', ',', ';', '*', ']', ')', '>', '/', '.']).trim_start();
        const REMARKS: [&str; 10] = ["#", "//", "(", "- ", "-- ", ": ", "|", "<", "\\", "-jar "];
        let is_end = behind.is_empty() || REMARKS.iter().any(|mark| behind.starts_with(mark));
        let marks = [' ', '\t', '"', '\'', '`', '*', '[', '('];
        let open = self.before.trim_end_matches(marks);
        let words = open.split_ascii_whitespace().count();
        let is_label = open.ends_with([':', '：']) && !is_version(open) && words <= 2 * MAX_WORDS && !is_advice(open);
        let is_tag =
            self.before.trim_start().starts_with('<') && self.text.trim_end().ends_with('>') && words <= MAX_WORDS;
        // `  …TaskManagerRunner [] -     -Xmx1g`: a logger's line.
        let is_logged = open.ends_with("[] -") || open.ends_with(": -") || open.ends_with("] -");
        let is_known = is_label || is_tag || open.ends_with('|') || is_bullet(open) || is_logged;
        if !is_end || !is_known {
            return None;
        }
        let tag = self.before.trim_start().trim_start_matches('<').split([' ', '>']).next().filter(|_| is_tag);
        // Of several programs in a list each has its own.
        let label = open.trim_start_matches(['-', '*', '•', ' ']).trim_end_matches([':', '：']);
        let label = Some(label).filter(|label| is_label && is_name(label));
        if let Some(name) = tag.or(label) {
            return Some(What::Variable(name, self.options));
        }
        let is_item = self.count == 1 && !is_label && is_option(self.options);
        Some(if is_item { What::Item(self.options) } else { What::Options(self.options) })
    }
}

/// `broker`, `order-service`: one word, and no number.
fn is_name(label: &str) -> bool {
    label.len() <= MAX_NAME
        && label.starts_with(char::is_alphabetic)
        && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// `-`, `•`, `(1)`, `a)`, `- [x]`, `→`, `8-13:`, or nothing.
fn is_bullet(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    let is_comment = text.starts_with(['#', '/', ';', '%', '$', '+', '=']);
    !is_comment && text.chars().count() <= 8 && (letters == 0 || letters <= 2 && text.ends_with([')', '.', ']', ':']))
        || is_version(text)
}

/// `8-13:`, `14-:`, as files of options name the releases that an option is for.
fn is_version(text: &str) -> bool {
    text.strip_suffix(':').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
}

/// True for a name under which options are kept: `JAVA_OPT`, `SOLR_JAVA_MEM`, `env.java.opts.taskmanager`, `jvmArgs`, `argLine`.
fn may_hold_options(name: &str) -> bool {
    const PARTS: [&str; 10] = ["opt", "arg", "flag", "param", "jvm", "java", "heap", "mem", "vm", "additional"];
    let lower = name.to_ascii_lowercase();
    (2..=MAX_NAME).contains(&name.len()) && PARTS.iter().any(|part| lower.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_options_says_whose_they_are() {
        for (text, expected) in [
            ("Daemon JVM args: [-Xms1g, -Xmx2g]", "variable args"),
            ("JVM arguments [-Xshare:auto, -Xmx2g]", "variable arguments"),
            ("jvmArgs = listOf(\"-Xms1g\", \"-Xmx2g\")", "variable jvmArgs"),
            ("<argLine>-Xms1g -Xmx2g</argLine>", "variable argLine"),
            ("<option value=\"-Xmx2g\"/>", "variable option"),
            ("gradle build -Dorg.gradle.jvmargs=-Xmx2g", "variable org.gradle.jvmargs"),
            ("taskset -c 0-3 java -Xmx2g -jar app.jar", "start"),
            ("| orders | `-Xms1g -Xmx2g` |", "options"),
            ("- broker: -Xmx2g", "variable broker"),
            ("cd /app && java -Xmx2g -jar app.jar", "start"),
            ("▪ -Xmx2g", "item"),
            ("8-13:-Xmx2g", "item"),
            ("**JVM Options:** -Xms1g -Xmx2g", "variable Options"),
            ("The heap: -Xms1g -Xmx2g", "variable heap"),
            ("web: java -Xmx2g -jar app.jar", "start"),
            ("A=b java -Xmx2g -jar app.jar", "start"),
            ("sh -c \"java -Xmx2g -jar app.jar\"", "start"),
            ("we run java -Xmx2g -jar app.jar", ""),
            ("We run it with -Xms1g -Xmx2g.", ""),
            ("You should set JAVA_OPTS=\"-Xmx1g\"", ""),
            ("# -Xmx2g", ""),
        ] {
            let found = match what_of(text) {
                Some(What::Variable(name, _)) => format!("variable {name}"),
                Some(What::Options(_)) => "options".to_owned(),
                Some(What::Item(_)) => "item".to_owned(),
                Some(What::Start(_)) => "start".to_owned(),
                _ => String::new(),
            };
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn settings_of_scripts_are_sizes() {
        let size = |text| setting(text).map(|set| (set.name, set.size.0 >> 20));
        assert_eq!(size("MAX_HEAP_SIZE=\"2G\""), Some(("MAX_HEAP_SIZE", 2048)));
        assert_eq!(size("export HADOOP_HEAPSIZE=2048"), Some(("HADOOP_HEAPSIZE", 2048)));
        assert_eq!(size("maxHeapSize = '512m'"), Some(("maxHeapSize", 512)));
        assert_eq!(size("MAX_HEAP_SIZE is 2G"), None);
        assert_eq!(size("spark.executor.memory 8g"), Some(("spark.executor.memory", 8192)));
        assert_eq!(size("\"spark.driver.memory\": \"4096\","), Some(("spark.driver.memory", 4096)));
        assert_eq!(size("taskmanager.memory.process.size: 1728m"), Some(("taskmanager.memory.process.size", 1728)));
        assert_eq!(size("--driver-memory 4g \\"), Some(("--driver-memory", 4096)));
        for talk in [
            "spark.executor.memory 8g is not enough",
            "spark.executor.memoryOverhead 1g",
            "spark.executor.memory is 8g",
        ] {
            assert_eq!(size(talk), None, "{talk}");
        }
        let job = "$ spark-submit --master yarn --executor-memory 8g --conf spark.driver.memory=4g app.jar";
        let sizes: Vec<_> = of_job(job).map(|set| (set.of, set.size.0 >> 30)).collect();
        assert_eq!(sizes, [(Some("driver"), 4), (Some("executor"), 8)]);
        let job = "./bin/flink run -m yarn-cluster -yD taskmanager.memory.process.size=8000m a.jar";
        assert_eq!(of_job(job).map(|set| set.figure).collect::<Vec<_>>(), ["limit"]);
    }

    #[test]
    fn an_option_and_its_size_stand_in_two_cells() {
        for text in ["-Xmx  2g", "| -Xmx | 2g |", "\"-Xmx\": \"2g\",", "-Xmx: 2g"] {
            assert_eq!(parted(text), Some(("-Xmx", "2g")), "{text}");
        }
        assert_eq!(parted("-Xmx is 2g"), None);
    }
}
