//! Options as people write them down: variables, units of systemd, Dockerfiles, manifests of Kubernetes, commands.

use super::What;
use crate::formats::container_start;
use crate::formats::jvm_options::{WITH_VALUE, argument_file, is_jvm, is_option, program_of};
use crate::formats::prompt::command_behind;
use crate::look;

/// Longest name of a variable.
const MAX_NAME: usize = 60;

/// What a build pack says before the options that it worked out.
const CALCULATED: &str = "JVM Memory Configuration: ";

/// What a line that people wrote is. `None` for prose and other settings.
pub(super) fn what_of(text: &str) -> Option<What<'_>> {
    let text = text.strip_prefix("++ ").unwrap_or(text);
    let behind = command_behind(text).filter(|command| !command.is_empty());
    if let Some(command) = behind {
        return started(only_start(command), true);
    }
    if let Some(rest) = text.strip_prefix("NOTE: Picked up ").or_else(|| text.strip_prefix("Picked up ")) {
        let (name, options) = rest.split_once(": ")?;
        return is_variable(name).then_some(What::Variable(name, options));
    }
    if let Some(name) = text.trim_start_matches("- ").strip_prefix("name: ") {
        let name = unquote(name);
        return is_variable(name).then_some(What::Name(name));
    }
    if let Some(name) = member(text, "name").filter(|name| is_variable(name)) {
        // `{ "name": "JAVA_OPTS", "value": "-Xmx1g" }` in one line, or in two.
        let value = text.split_once(',').and_then(|(_, rest)| member(rest, "value"));
        return match value {
            Some(value) => starts_with_option(value).then_some(What::Variable(name, value)),
            None => Some(What::Name(name)),
        };
    }
    if let Some(command) = begun(text) {
        return Some(What::Start(command));
    }
    // The rest of the shapes has an option of a JVM in it.
    if !look::has(text, "-X") {
        return if look::has(text, " @") { start(text, false).map(What::Start) } else { None };
    }
    // A crash report of Minecraft.
    if let Some((_, options)) = text.strip_prefix("JVM Flags: ").and_then(|rest| rest.split_once(" total; ")) {
        return starts_with_option(options).then_some(What::Variable("JVM Flags", options));
    }
    // The memory calculator of Paketo's and Cloud Foundry's build packs.
    if let Some((_, options)) = text.split_once(CALCULATED) {
        let options = options.split(" (Total Memory").next().unwrap_or(options);
        return starts_with_option(options).then_some(What::Variable(CALCULATED.trim_end_matches(": "), options));
    }
    if let Some(value) = text.strip_prefix("value: ").or_else(|| member(text, "value")) {
        return starts_with_option(value).then_some(What::Value(value));
    }
    if let Some(item) = item(text) {
        return Some(What::Item(item));
    }
    if let Some(what) = started(text, false) {
        return Some(what);
    }
    assignment(text).map(|(name, value)| What::Variable(name, value))
}

/// `ExecStart=/usr/bin/java \`: a command whose options follow, one a line.
fn begun(text: &str) -> Option<&str> {
    let command = text.strip_suffix(['\\', '^']).map(str::trim_end)?;
    let at = command.rfind(|c: char| c.is_whitespace() || matches!(c, '=' | '"' | '\'' | '[')).map_or(0, |at| at + 1);
    let program = command.get(at..)?.trim_end_matches(['"', '\'', ',']);
    is_jvm(program).then_some(text)
}

/// Of several commands on one line, the only one that starts a JVM: `ulimit -v 3000000; java -Xmx4g Main`.
fn only_start(command: &str) -> &str {
    let parts = || command.split("; ").flat_map(|part| part.split(" && ")).map(str::trim);
    let mut starts = parts().filter(|part| is_jvm(program_of(part)));
    match (starts.next(), starts.next()) {
        (Some(start), None) => start,
        _ => command,
    }
}

/// `- -Xmx1g`, `* -Xmx1g`, `• -Xmx1g (was 2g)`: an option with a bullet before it, and perhaps a remark behind it.
fn item(text: &str) -> Option<&str> {
    const BULLETS: [&str; 7] = ["- ", "* ", "+ ", "• ", "· ", "– ", "‣ "];
    // `"-Xmx1g",` in a list of JSON.
    let of_json = || text.starts_with("\"-X").then_some(text).filter(|text| text.trim_end_matches(',').ends_with('"'));
    // `1. -Xmx1g`, `2) -Xmx1g`
    let numbered = || {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        (1..=2).contains(&(text.len() - rest.len())).then_some(rest)?.strip_prefix(['.', ')'])?.strip_prefix(' ')
    };
    let rest = BULLETS.iter().find_map(|bullet| text.strip_prefix(bullet)).or_else(of_json).or_else(numbered)?;
    let rest = rest.trim_start().trim_start_matches(['"', '\'', '`']);
    let end = rest.find([' ', '"', '\'', '`', ',', ';']).unwrap_or(rest.len());
    let (option, behind) = rest.split_at_checked(end)?;
    let behind = behind.trim_start_matches(['"', '\'', '`', ',', ';']).trim_start();
    let is_remark =
        behind.is_empty() || ["#", "//", "(", "- ", "-- ", ": "].iter().any(|mark| behind.starts_with(mark));
    (option.starts_with("-X") && is_option(option) && is_remark).then_some(option)
}

/// `"java",`, `- java`, `"Path": "java",`: the program at the head of a list of its arguments.
pub(super) fn is_program(text: &str) -> bool {
    let element = text.strip_prefix("- ").or_else(|| text.starts_with('"').then_some(text));
    let program = member(text, "Path").or_else(|| element.map(unquote));
    program.is_some_and(|program| !program.contains([' ', '"']) && is_jvm(program))
}

/// The program of [`is_program`]: `java` of `- /opt/jdk/bin/java`.
pub(super) fn program_of_item(text: &str) -> &str {
    unquote(text).rsplit(['/', '\\', ' ', '"']).next().unwrap_or_default()
}

/// The main class or the jar that is an item of such a list: `- com.acme.Main`, `"app.jar",`.
pub(super) fn main_of_item(text: &str) -> Option<&str> {
    let item = unquote(text.strip_prefix("- ").or_else(|| text.starts_with('"').then_some(text))?);
    let is_name = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
    };
    let mut parts = item.rsplit('.');
    let is_class = parts.next().is_some_and(|name| is_name(name) && name.starts_with(|c: char| c.is_ascii_uppercase()))
        && item.contains('.')
        && parts.all(is_name);
    let jar =
        || item.ends_with(".jar").then(|| item.rsplit('/').next().unwrap_or(item)).filter(|name| !name.contains(' '));
    is_class.then_some(item).or_else(jar)
}

/// What a command starts, with `is_command` if a prompt says that it is one.
pub(super) fn started(text: &str, is_command: bool) -> Option<What<'_>> {
    if !look::has(text, "-X") && !look::has(text, " @") {
        return None;
    }
    if let Some(rest) = container_start(text) {
        return in_container(rest);
    }
    if let Some(command) = start(text, is_command) {
        let has = |asks: &[&str]| command.split(' ').any(|word| asks.iter().any(|ask| word.starts_with(ask)));
        // Beside a program these two answer and the program runs.
        let probe = has(&["-version", "--version", "-help"])
            || (has(&["-XX:+PrintFlagsFinal", "-XshowSettings"]) && main_of(command).is_none());
        return Some(if probe { What::Probe } else { What::Start(command) });
    }
    if !is_command {
        return None;
    }
    let (name, value) = assignment(text)?;
    Some(What::Variable(name, value))
}

/// What the JVM in a container is started with: the command behind the image, else the first variable that holds options.
fn in_container(arguments: &str) -> Option<What<'_>> {
    let from_each_word = || {
        arguments.split(' ').scan(0, |at, word| {
            let from = arguments.get(*at..);
            *at += word.len() + 1;
            from
        })
    };
    from_each_word()
        .find_map(|text| start(text, false))
        .map(What::Start)
        .or_else(|| from_each_word().find_map(variable_of_container))
}

/// `-e JAVA_OPTS=-Xmx1g`, `--env "JAVA_OPTS=-Xms1g -Xmx1g"`: without a quote the value ends at a blank, as in a shell.
fn variable_of_container(text: &str) -> Option<What<'_>> {
    const QUOTES: [char; 2] = ['"', '\''];
    let variable = ["-e ", "--env ", "--env="].iter().find_map(|option| text.strip_prefix(option))?;
    let (name, value) = assignment(variable)?;
    let bare = value.trim_start_matches(QUOTES);
    let quoted = bare.len() < value.len() || variable.starts_with(QUOTES);
    let end = if quoted { bare.find(QUOTES) } else { bare.find(' ') };
    Some(What::Variable(name, bare.get(..end.unwrap_or(bare.len())).unwrap_or(bare)))
}

/// `JAVA_OPTS=…`, `ENV JAVA_OPTS …`, `Environment="JAVA_OPTS=…"`, `- JAVA_OPTS=…`, `JAVA_OPTS: …`, `"JAVA_OPTS": "…"`.
fn assignment(text: &str) -> Option<(&str, &str)> {
    let mut rest = text;
    for before in ["- ", "export ", "set ", "ENV ", "Environment=", "-e ", "--env ", "\"", "'"] {
        rest = rest.strip_prefix(before).unwrap_or(rest);
    }
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-'))?;
    let (name, value) = rest.split_at_checked(end)?;
    let value = value.trim_start_matches(['"', '\'']);
    let value = value.strip_prefix('+').unwrap_or(value);
    let value = match value.strip_prefix(['=', ':']) {
        Some(value) => value,
        None => value.strip_prefix(' ').filter(|_| text.starts_with("ENV "))?,
    };
    (is_variable(name) && starts_with_option(value)).then_some((name, value))
}

/// True for names that hold options: `JAVA_OPTS`, `_JAVA_OPTIONS`, `KAFKA_HEAP_OPTS`, `spark.executor.extraJavaOptions`.
fn is_variable(name: &str) -> bool {
    const ENDS: [&str; 5] = ["opts", "options", "args", "arguments", "flags"];
    let lower = name.to_ascii_lowercase();
    // Images of Red Hat and Keycloak add `JAVA_OPTS_APPEND` to what they have.
    let lower = lower.strip_suffix("_append").unwrap_or(&lower);
    name.len() <= MAX_NAME && !name.contains(' ') && ENDS.iter().any(|end| lower.ends_with(end))
}

/// True if a value has an option of a JVM among its first words, which may also be variables.
pub(super) fn starts_with_option(value: &str) -> bool {
    let words = value.split([' ', '"', '\'', '*', '`']).filter(|word| !word.is_empty());
    words.take(6).any(|word| word.starts_with("-Xm") || word.starts_with("-XX:") || word.starts_with("-Xss"))
}

/// The command that starts a JVM, from `java` on: of a unit, a Dockerfile, a manifest, a script, a prompt.
fn start(text: &str, is_command: bool) -> Option<&str> {
    const BEFORE: [&str; 14] = [
        // What `set -x` prints.
        "+ ",
        "ExecStart=",
        "ENTRYPOINT ",
        "CMD ",
        "command: ",
        "Command: ",
        "cmd: ",
        "entrypoint: ",
        "args: ",
        "nohup ",
        "exec ",
        "sudo ",
        "time ",
        "$ ",
    ];
    let mut rest = text;
    let mut known = is_command;
    for _ in 0..3 {
        for before in BEFORE {
            if let Some(inner) = rest.strip_prefix(before) {
                rest = inner;
                known = true;
            }
        }
    }
    let rest = rest.trim_start_matches(['[', '"', '\'', '-', ' ']);
    let end = program_of(rest).find(['"', '\'', ',']).unwrap_or(program_of(rest).len());
    let (program, options) = rest.split_at_checked(end)?;
    let next = options.trim_start_matches([' ', '"', '\'', ',', '*', '`']);
    let file_follows = next.split(' ').next().and_then(argument_file).is_some_and(|file| file.contains(['/', '.']));
    let options_follow = file_follows || (next.starts_with(['-', '$', '@']) && starts_with_option(options));
    // A line that starts with `java` and an option is a command, even without a prompt.
    (is_jvm(program) && options_follow && (known || options.starts_with(' '))).then(|| until_main(rest))
}

/// Arguments of the program itself are left out: the text ends with `-jar` and its file, or with the main class.
fn until_main(command: &str) -> &str {
    match command.find("-jar") {
        Some(at) => {
            let after = command.get(at + 4..).unwrap_or_default();
            let skipped = after.len() - after.trim_start_matches([' ', '"', '\'', ',']).len();
            let name = after.get(skipped..).unwrap_or_default();
            let end = name.find([' ', '"', '\'', ',', '<', '`']).unwrap_or(name.len());
            command.get(..at + 4 + skipped + end).unwrap_or(command)
        }
        None => {
            let mut end = command.len();
            let mut options_seen = false;
            let mut at = 0;
            let mut takes_value = false;
            for word in command.split(' ') {
                let bare = word.trim_matches(['"', '\'', ',', '[', ']', '*', '`']);
                if bare.starts_with(['-', '@']) {
                    options_seen = true;
                } else if options_seen && !takes_value && !bare.is_empty() && !bare.starts_with('$') {
                    end = at + word.len();
                    break;
                }
                takes_value = bare == "-m" || WITH_VALUE.contains(&bare);
                at += word.len() + 1;
            }
            command.get(..end.min(command.len())).unwrap_or(command)
        }
    }
}

/// True for a command that goes as far as its jar or main class.
pub(super) fn names_program(command: &str) -> bool {
    until_program(command.get(program_of(command).len()..).unwrap_or_default()).1
}

/// Options up to a jar or main class, and whether there is one.
pub(super) fn until_program(options: &str) -> (&str, bool) {
    let own = until_main(options);
    (own, main_of(own).is_some())
}

/// The jar or main class at the end of a command.
pub(super) fn main_of(command: &str) -> Option<&str> {
    // In a list the arguments stand in quotes; a comma inside one belongs to it.
    let mut words = command.split([' ', '"', '\'']).map(|word| word.trim_matches(',')).filter(|word| !word.is_empty());
    let last = words.next_back()?;
    if words.next_back().is_some_and(|before| WITH_VALUE.contains(&before.trim_matches(['*', '`']))) {
        return None;
    }
    let name = last.rsplit(['/', '\\']).next().unwrap_or(last);
    let is_name = !is_jvm(name) && name.contains(|c: char| c.is_alphanumeric());
    (![last, name].iter().any(|word| word.starts_with(['-', '$'])) && is_name).then_some(name)
}

/// The jar that a line of a command names: `-jar /opt/app.jar \`, `"-jar", "app.jar"`.
pub(super) fn jar_of(text: &str) -> Option<&str> {
    let mut words = text.split([' ', '"', '\'', ',']).skip_while(|word| *word != "-jar").skip(1);
    let path = words.find(|word| !word.is_empty())?;
    path.rsplit(['/', '\\']).next().filter(|name| !name.is_empty())
}

/// The text of a member of JSON at the front of a line.
fn member<'a>(text: &'a str, key: &str) -> Option<&'a str> {
    let rest = text.trim_start_matches(['{', ' ']).strip_prefix('"')?.strip_prefix(key)?.strip_prefix('"')?;
    rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split_once('"').map(|(value, _)| value)
}

fn unquote(text: &str) -> &str {
    text.trim().trim_matches(['"', '\'', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_ends_with_its_program() {
        let command = start("ExecStart=/usr/bin/java -Xmx512m -jar /opt/app.jar --x=-Xmx9g", false).unwrap_or_default();
        assert_eq!(command, "/usr/bin/java -Xmx512m -jar /opt/app.jar");
        assert_eq!(main_of(command), Some("app.jar"));
        let command = start("java -Xmx1g -cp /srv/lib com.acme.Main -Xmx9g", false).unwrap_or_default();
        assert_eq!((command.ends_with("com.acme.Main"), main_of(command)), (true, Some("com.acme.Main")));
        assert_eq!(start("java is slow, and -Xmx1g was set", false), None);
    }

    #[test]
    fn a_value_of_an_option_is_no_program() {
        let command = "java -Xmx1g --add-opens java.base/java.nio=ALL-UNNAMED com.example.Main";
        assert_eq!(start(command, false).and_then(main_of), Some("com.example.Main"));
    }

    #[test]
    fn options_stand_behind_prompts_and_bullets() {
        for prompt in [
            "[app@node1 ~]$ ",
            "root@web01:/# ",
            "$ ",
            "% ",
            "C:\\app>",
            "PS C:\\app> ",
            "me@mac app % ",
            "/app # ",
            "+ ",
        ] {
            let line = format!("{prompt}java -Xmx512m -XX:+UseSerialGC -jar app.jar");
            assert!(matches!(what_of(&line), Some(What::Start(command)) if command.ends_with("app.jar")), "{line}");
        }
        assert!(matches!(
            what_of("[app@node1 ~]$ export JAVA_OPTS=-Xmx1g"),
            Some(What::Variable("JAVA_OPTS", "-Xmx1g"))
        ));
        for line in [
            "* -Xmx1g",
            "\"-Xmx1g\",",
            "- `-Xmx1g`",
            "• -Xmx1g (was 2g)",
            "2. -Xmx1g",
            "+ -Xmx1g # heap",
            "- \"-Xmx1g\",",
        ] {
            assert!(matches!(what_of(line), Some(What::Item("-Xmx1g"))), "{line}");
        }
        for line in ["* -Xmx was too small", "- -Xmx1g and -Xms1g are what we use", "* Xmx1g"] {
            assert!(what_of(line).is_none(), "{line}");
        }
    }

    #[test]
    fn variables_of_json_are_read_in_one_line_and_in_two() {
        let is = |text, name, value| matches!(what_of(text), Some(What::Variable(a, b)) if (a, b) == (name, value));
        assert!(is("{ \"name\": \"JAVA_OPTS\", \"value\": \"-Xmx1g -Xss1m\" },", "JAVA_OPTS", "-Xmx1g -Xss1m"));
        assert!(matches!(what_of("\"name\": \"JAVA_OPTS\","), Some(What::Name("JAVA_OPTS"))));
        assert!(matches!(what_of("\"value\": \"-Xmx1g\""), Some(What::Value("-Xmx1g"))));
        assert!(what_of("\"name\": \"orders\",").is_none() && what_of("\"value\": \"-Xmx1").is_none());
    }

    #[test]
    fn a_file_of_arguments_makes_a_command() {
        assert_eq!(
            start("java @/opt/jvm.options -jar app.jar --x", false),
            Some("java @/opt/jvm.options -jar app.jar")
        );
        assert_eq!(start("java @work is a magazine", false), None);
    }

    #[test]
    fn variables_of_options_are_known_by_their_name() {
        assert_eq!(
            assignment("spark.executor.extraJavaOptions=-XX:+UseG1GC"),
            Some(("spark.executor.extraJavaOptions", "-XX:+UseG1GC"))
        );
        assert_eq!(assignment("\"JAVA_OPTS\": \"-Xmx1g\","), Some(("JAVA_OPTS", " \"-Xmx1g\",")));
        assert_eq!(assignment("GREETING=-Xmx1g"), None);
        assert_eq!(assignment("JAVA_OPTS=-Dx=y"), None);
    }
}
