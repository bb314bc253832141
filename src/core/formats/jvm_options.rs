//! The JVM's options in a command line, as `ps`, `pmap`, or a start script print it.
//!
//! ```text
//! /usr/bin/java -Xmx1g -XX:+UseG1GC -Dspring.profiles.active=prod -jar orders.jar --server.port=8080
//! ```
//!
//! Options of the JVM end with the main class or `-jar`; what follows belongs to the program, even if it looks alike.
//! System properties (`-D…`) are left out: they say little about memory and may hold passwords. No process prints
//! quotes, so the only option with blanks that is known is `-XX:OnOutOfMemoryError=kill -9 %p`.

use crate::formats::quantity;
use crate::units::Bytes;

/// Variables whose options reach the JVM of a build tool, and none that it starts.
pub const BUILD_TOOLS: [&str; 5] = ["ANT_OPTS", "GRADLE_OPTS", "LEIN_JVM_OPTS", "MAVEN_OPTS", "SBT_OPTS"];

/// What a command line says about its JVM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommandLine<'a> {
    /// `-X…`, `-XX:…`, agents and the like, in printed order.
    pub options: Vec<&'a str>,
    /// Main class, module, or jar, without its folders.
    pub main: Option<&'a str>,
    /// The first `@file`, in which more options stand.
    pub argument_file: Option<&'a str>,
}

/// The largest heap that options allow, with the option that says so: the last of `-Xmx2g` and
/// `-XX:MaxHeapSize=2147483648` counts. `None` if no option gives a size.
pub fn max_heap<'a>(options: &[&'a str]) -> Option<(Bytes, &'a str)> {
    options.iter().rev().find_map(|option| {
        let size = option.strip_prefix("-Xmx").or_else(|| option.strip_prefix("-XX:MaxHeapSize="))?;
        Some((quantity::option(size)?, *option))
    })
}

/// The initial heap that an option sets: `-Xms2g`, `-XX:InitialHeapSize=2147483648`.
pub fn initial_heap(option: &str) -> Option<Bytes> {
    let size = option.strip_prefix("-Xms").or_else(|| option.strip_prefix("-XX:InitialHeapSize="))?;
    quantity::option(size)
}

/// Options kept of one command line.
const MAX_OPTIONS: usize = 200;

/// Options of which the next word is a part.
pub(super) const WITH_VALUE: &[&str] = &[
    "-cp",
    "-classpath",
    "--class-path",
    "-p",
    "--module-path",
    "--upgrade-module-path",
    "--add-modules",
    "--add-opens",
    "--add-exports",
    "--add-reads",
    "--patch-module",
    "--limit-modules",
    "--enable-native-access",
    "--source",
];

/// What people put around options and programs: quotation marks, and the marks of Markdown.
pub(super) const MARKS: [char; 4] = ['"', '\'', '`', '*'];

/// True if this program is a JVM: `java`, `/usr/bin/java`, `javaw.exe`, `jsvc`.
pub fn is_jvm(program: &str) -> bool {
    let program = program.trim_matches(MARKS);
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    matches!(name.strip_suffix(".exe").unwrap_or(name), "java" | "javaw" | "jsvc" | "jsvc.exec")
}

/// The program at the front of a command. On Windows its path may have blanks: `C:\\Program Files\\Java\\bin\\java.exe`.
pub fn program_of(command: &str) -> &str {
    let is_path = command.trim_start_matches(MARKS).get(1..3) == Some(":\\");
    let end = if is_path { command.find(".exe").map(|at| at + ".exe".len()) } else { None };
    let end = end.or_else(|| command.find(char::is_whitespace)).unwrap_or(command.len());
    command.get(..end).unwrap_or(command)
}

/// Reads a command line from its program on. `None` if the program is no JVM.
pub fn command_line(command: &str) -> Option<CommandLine<'_>> {
    let program = program_of(command);
    let rest = command.get(program.len()..)?.trim_start_matches(MARKS);
    is_jvm(program).then(|| read(rest.split_ascii_whitespace().map(|word| word.trim_matches(MARKS))))
}

/// Options without a program before them, as `JAVA_TOOL_OPTIONS` holds them.
pub fn options(text: &str) -> Vec<&str> {
    read(text.split_ascii_whitespace()).options
}

fn read<'a>(mut words: impl Iterator<Item = &'a str>) -> CommandLine<'a> {
    let mut found = CommandLine::default();
    while let Some(word) = words.next() {
        if matches!(word, "-jar" | "-m" | "--module") {
            found.main = words.next().map(file_name);
            break;
        }
        if WITH_VALUE.contains(&word) {
            words.next();
        } else if word.starts_with('-') {
            if is_option(word) && found.options.len() < MAX_OPTIONS {
                found.options.push(word);
            }
            if on_error(word) && words.by_ref().any(|word| word.contains("%p")) {
                continue;
            }
        } else if let Some(file) = argument_file(word) {
            found.argument_file = found.argument_file.or(Some(file));
        } else {
            found.main = Some(file_name(word));
            break;
        }
    }
    found
}

/// `@/opt/jvm.options`: a file with more options, from JDK 9 on. Its name.
pub fn argument_file(word: &str) -> Option<&str> {
    word.strip_prefix('@').filter(|file| !file.is_empty() && !file.starts_with('@'))
}

/// True for a word that stands among options and is none that is kept: a property, a switch of the launcher.
pub fn stands_among_options(word: &str) -> bool {
    is_option(word)
        || NAMED.contains(&word)
        || word.starts_with("-D")
        || word.starts_with("--add-")
        || word.starts_with("--enable-")
        || ["-ea", "-esa", "-da", "-enableassertions"]
            .iter()
            .any(|switch| word.strip_prefix(switch).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

/// An action on errors that sends a signal goes on up to the process id.
fn on_error(word: &str) -> bool {
    let action = word.strip_prefix("-XX:OnOutOfMemoryError=").or_else(|| word.strip_prefix("-XX:OnError="));
    action.is_some_and(|action| action.ends_with("kill") && !action.contains("%p"))
}

/// Options that say nothing without the size behind them: somebody names them.
const NAMED: [&str; 4] = ["-Xmx", "-Xms", "-Xmn", "-Xss"];

/// True for an option of the JVM that is kept.
pub fn is_option(word: &str) -> bool {
    // `-Xmx<size>` shows how it is written.
    word.starts_with("-X") && !word.ends_with("<size>") && !NAMED.contains(&word)
        || word.starts_with("-javaagent:")
        || word.starts_with("-agentlib:")
        || word.starts_with("-agentpath:")
        || matches!(word, "-server" | "-client" | "-d64" | "-d32")
        || word.starts_with("-verbose")
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_end_with_the_main_class() {
        let found =
            command_line("/usr/bin/java -Xms64m -XX:+UseG1GC -Dpassword=x -cp /srv/app:lib/* com.acme.Main -Xmx9g")
                .expect("a JVM");
        assert_eq!(found.options, ["-Xms64m", "-XX:+UseG1GC"]);
        assert_eq!(found.main, Some("com.acme.Main"));
    }

    #[test]
    fn a_jar_is_the_main_without_its_folder() {
        let found = command_line("java -jar -Xmx1g /opt/orders.jar").expect("a JVM");
        assert_eq!((found.options, found.main), (vec![], Some("-Xmx1g")));
        let found = command_line("java -Xmx1g -jar /opt/orders.jar --port 1").expect("a JVM");
        assert_eq!((found.options, found.main), (vec!["-Xmx1g"], Some("orders.jar")));
    }

    #[test]
    fn an_action_on_errors_may_have_blanks() {
        let found = command_line("java -XX:OnOutOfMemoryError=kill -9 %p -Xmx1g Main").expect("a JVM");
        assert_eq!(found.options, ["-XX:OnOutOfMemoryError=kill", "-Xmx1g"]);
        assert_eq!(found.main, Some("Main"));
        let found = command_line("java -XX:OnOutOfMemoryError=/opt/oom.sh -Xmx1g Main").expect("a JVM");
        assert_eq!(found.options.last(), Some(&"-Xmx1g"));
    }

    #[test]
    fn the_last_maximum_counts() {
        let of = |text: &'static str| max_heap(&options(text));
        assert_eq!(of("-Xmx1g -Xms4g -XX:MaxHeapSize=512M"), Some((Bytes(512 << 20), "-XX:MaxHeapSize=512M")));
        assert_eq!(of("-Xmx2048k"), Some((Bytes(2 << 20), "-Xmx2048k")));
        assert_eq!(of("-Xmx -Xmx2x"), None);
        assert_eq!(of("-Xmx99999999999999999999g"), None);
    }

    #[test]
    fn a_path_may_have_blanks_and_options_may_have_marks() {
        for command in [
            "C:\\Program Files (x86)\\Java\\jre1.8.0_251\\bin\\javaw.exe -Xmx1g -cp x Main",
            "\"C:\\Program Files\\Java\\bin\\java.exe\" -Xmx1g Main",
            "\"/usr/bin/java\" \"-Dx=y\" '-Xmx1g' Main",
            "java **-Xmx1g** Main",
        ] {
            let found = command_line(command).expect("a JVM");
            assert_eq!((found.options, found.main), (vec!["-Xmx1g"], Some("Main")), "{command}");
        }
    }

    #[test]
    fn other_programs_are_none() {
        assert_eq!(command_line("grep java"), None);
        assert_eq!(command_line("/usr/bin/javac Main.java"), None);
        assert_eq!(command_line(""), None);
        assert_eq!(options("-Xmx1g -Dx=y -XX:+UseSerialGC"), ["-Xmx1g", "-XX:+UseSerialGC"]);
    }
}
