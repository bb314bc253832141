//! Options of a JVM, wherever it or somebody else prints them: `jcmd VM.flags` and `VM.command_line`, `jinfo -flags`,
//! `-XX:+PrintFlagsFinal`, `-XX:+PrintCommandLineFlags`, `Picked up JAVA_TOOL_OPTIONS:`, `jps -lvm`, `java -version`, and what
//! starts a JVM in Dockerfiles, units of systemd, and the environment of containers.
//!
//! ```text
//! $ jcmd 4711 VM.flags
//! 4711:
//! -XX:InitialHeapSize=100663296 -XX:MaxHeapSize=100663296 -XX:+UseG1GC
//!    size_t MaxHeapSize                              = 268435456                        {product} {ergonomic}
//!     uintx MaxHeapSize                             := 4294967296                       {product}
//! Picked up JAVA_TOOL_OPTIONS: -Xmx123m
//! ENV JAVA_OPTS="-Xms512m -Xmx1g"
//! ```
//!
//! Each becomes one [`HostReading`](crate::model::host::HostReading): `vm-flags` and `command-line` of a process; `print-flags`
//! and `flags-final` of a JVM that may have lived only for this; `options` that some JVM is started with. The JVM itself prints
//! bytes; people write k, m, and g. System properties are left out: they may hold passwords.

mod amid;
mod list;
mod names;
mod sizes;
mod table;
mod written;

use crate::formats::apart;
use crate::formats::draft::Draft;
use crate::formats::jdk_command::{Asked, JdkCommand, jdk_version, pid_line, read_command};
use crate::formats::jvm_options::{MARKS, argument_file, command_line, is_jvm, program_of};
use crate::formats::quantity::binary;
use crate::formats::{Claim, Format, Reader, killed_command};
use crate::model::host::HostReading;
use crate::model::kind::HostKind;
use crate::model::prose::{About, Amount, ProseNumber};
use crate::model::readings::Readings;
use crate::source::{Line, Span};
use list::List;

/// True for the name of an option (`-XX:`) that a JVM prints or that people set often.
pub fn is_option_name(name: &str) -> bool {
    names::is_name(name)
}

/// Options of JVMs.
pub static FORMAT: Format = Format { id: "jvm-flags", claim, reader: || Box::new(FlagsReader::default()) };

/// Lines of others between two lines of one answer at most: the answers of `jinfo` are single lines that follow each other closely.
const MAX_FOREIGN: u32 = 3;

fn claim(line: &Line<'_>) -> Claim {
    let text = line.body.trim();
    if tree_row(text).is_some() {
        return Claim::Strong;
    }
    if killed_command(text).is_some() {
        return Claim::Strong;
    }
    match what_of(text) {
        Some(What::Options(_)) if !text.contains(' ') => Claim::Weak,
        Some(What::Item(_)) => Claim::Weak,
        Some(_) => Claim::Strong,
        None if written::is_program(text) || is_amid(text) => Claim::Weak,
        None if jps_row(text).is_some() || pgrep_row(text).is_some() => Claim::Weak,
        None => Claim::None,
    }
}

/// True for options amid other things, and for settings that become options.
fn is_amid(text: &str) -> bool {
    amid::what_of(text).is_some()
        || amid::parted(text).is_some()
        || amid::setting(text).is_some()
        || amid::of_job(text).next().is_some()
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What<'a> {
    /// A question whose answer is read here.
    Question(JdkCommand<'a>),
    /// `VM Flags:`, `[Global flags]`, `VM Arguments:`, `Launcher Type: …`.
    Heading,
    /// A line of options alone.
    Options(&'a str),
    /// `jvm_args: …` and JDK 8's `Command line: …` of jinfo.
    Arguments(&'a str),
    /// JDK 8's `Non-default VM flags: …`.
    Flags(&'a str),
    /// `java_command: …`.
    Main(&'a str),
    /// A row of `-XX:+PrintFlagsFinal`.
    Row(table::Row<'a>),
    /// `Picked up JAVA_TOOL_OPTIONS: …` and assignments: the name and the options.
    Variable(&'a str, &'a str),
    /// `name: JAVA_OPTS` of Kubernetes; the value follows.
    Name(&'a str),
    /// `value: -Xmx1g`.
    Value(&'a str),
    /// A command that starts a JVM.
    Start(&'a str),
    /// A command that starts one only to ask it for something.
    Probe,
    /// `- -Xmx1g`, one argument of a list.
    Item(&'a str),
    /// `| -Xmx | 1g |`: the same in two cells.
    Parted(&'a str, &'a str),
    /// The version that `java -version` prints.
    Version(&'a str),
    /// A row of `-XshowSettings:vm`: our name, and the size as printed.
    Setting(Option<(&'static str, &'a str)>),
}

impl What<'_> {
    /// True for what people write down, and no JVM prints.
    fn is_written(&self) -> bool {
        matches!(
            self,
            What::Options(_) | What::Variable(..) | What::Value(_) | What::Start(_) | What::Item(_) | What::Parted(..)
        )
    }
}

/// True right below a sentence that recommends it: these are no options of a JVM that ran.
fn is_advised(line: &Line<'_>) -> bool {
    let taken = line.around.taken;
    line.around.advice.is_some_and(|at| line.since(at) <= apart::INSIDE && taken.is_none_or(|taken| taken < at))
}

fn what_of(text: &str) -> Option<What<'_>> {
    if let Some(command) = asks(text) {
        return Some(What::Question(command));
    }
    if matches!(text, "VM Flags:" | "VM Arguments:" | "[Global flags]" | "Launcher Type: SUN_STANDARD") {
        return Some(What::Heading);
    }
    for (start, make) in [
        ("jvm_args: ", What::Arguments as fn(_) -> _),
        ("Command line: ", What::Arguments),
        ("Command line:  ", What::Arguments),
        ("Non-default VM flags: ", What::Flags),
        ("java_command: ", What::Main),
    ] {
        if let Some(rest) = text.strip_prefix(start) {
            let others = start.starts_with("Command line") && !rest.trim_start().starts_with('-');
            return (!others).then(|| make(rest.trim()));
        }
    }
    if text.starts_with("java_class_path (initial):") {
        return Some(What::Heading);
    }
    if list::is_options(text) {
        return Some(What::Options(text));
    }
    if let Some(row) = table::row(text) {
        return Some(What::Row(row));
    }
    if let Some(version) = version(text) {
        return Some(What::Version(version));
    }
    if let Some(setting) = setting(text) {
        return Some(What::Setting(setting));
    }
    written::what_of(text)
}

/// A command whose answer is read here.
fn asks(text: &str) -> Option<JdkCommand<'_>> {
    // Rows of `ps` hold such commands too; a question stands near the beginning.
    read_command(text).filter(|command| match command.tool {
        "jcmd" => matches!(command.asks, "VM.flags" | "VM.command_line"),
        "jinfo" => command.asks.starts_with("-flag") || command.asks.is_empty() && command.pid.is_some(),
        "jps" => command.asks.starts_with('-') && command.asks.contains('v'),
        _ => false,
    })
}

/// The build in `OpenJDK 64-Bit Server VM (build 17.0.15+6, mixed mode, sharing)`, or the text before the brackets.
fn version(text: &str) -> Option<&str> {
    if let Some(rest) = text.strip_prefix("openjdk version \"").or_else(|| text.strip_prefix("java version \"")) {
        return rest.split('"').next().filter(|version| rest.len() > version.len());
    }
    // `jcmd VM.version`
    let of_jcmd = ["OpenJDK ", "Java HotSpot(TM) "].iter().any(|name| text.starts_with(name));
    if let Some((_, version)) = of_jcmd.then(|| text.split_once(" Server VM version ")).flatten() {
        return Some(version);
    }
    let rest = ["OpenJDK ", "Java", "IBM ", "Eclipse "].iter().find_map(|start| text.strip_prefix(start))?;
    let (name, build) = rest.split_once("(build ")?;
    let known = ["Runtime Environment", "Server VM", "Client VM", "Semeru Runtime", "J9 VM"]
        .iter()
        .any(|known| name.contains(known));
    known.then(|| build.split([',', ')']).next().unwrap_or(build))
}

/// Whose JVM it is, by the line of `java -version` that names it.
fn vendor(text: &str) -> Option<&'static str> {
    let (name, _) = text.split_once("(build ")?;
    match () {
        () if name.contains("J9 VM") => Some("OpenJ9"),
        () if ["64-Bit Server VM", "Server VM", "Client VM"].iter().any(|vm| name.contains(vm)) => Some("HotSpot"),
        () => None,
    }
}

/// `VM settings:`, or a row below it: our name and the size, if it is one.
fn setting(text: &str) -> Option<Option<(&'static str, &str)>> {
    const ROWS: [(&str, &str); 6] = [
        // `jfr view heap-configuration`
        ("Maximum Heap Size: ", "heap_max"),
        ("Initial Heap Size: ", "heap_initial"),
        ("Max. Heap Size: ", "heap_max"),
        ("Max. Heap Size (Estimated): ", "heap_max"),
        ("Min. Heap Size: ", "heap_initial"),
        ("Stack Size: ", "thread_stack"),
    ];
    let sized = ROWS.iter().find_map(|(row, name)| Some((*name, text.strip_prefix(row)?)));
    // A recording has a decimal and a blank in each size; what people write seldom has both.
    let is_recorded = |printed: &str| {
        !text.contains("imum ") && !text.starts_with("Init") || printed.contains('.') && printed.contains(' ')
    };
    if sized.is_some_and(|(_, printed)| binary(printed, 1).is_some() && is_recorded(printed)) {
        return Some(sized);
    }
    (text == "VM settings:"
        || text == "Heap Configuration"
        || text.starts_with("Using VM: ")
        || text.starts_with("Ergonomics Machine Class: "))
    .then_some(None)
}

/// A row of `jps -lvm`: the process, its program, and its options, among them at least one of the JVM.
fn jps_row(text: &str) -> Option<(&str, &str, &str)> {
    let (pid, rest) = text.split_once(' ')?;
    let number = pid.len() <= 10 && pid.parse::<u32>().is_ok_and(|pid| pid > 0);
    let (main, rest) = rest.split_once(' ')?;
    let name = main.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') && !main.contains(['=', ':', '%', ',']);
    let has_option = || rest.split(' ').any(|word| word.starts_with("-X"));
    (number && name && has_option()).then_some((pid, main, rest))
}

/// `└─1847 /usr/bin/java -Xmx1g …`: a process in the tree that `systemctl status` draws.
fn tree_row(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("└─").or_else(|| text.strip_prefix("├─"))?;
    let (pid, command) = rest.split_once(' ')?;
    let program = command.split(' ').next().unwrap_or(command);
    (pid.parse::<u32>().is_ok() && is_jvm(program)).then_some((pid, command))
}

/// `31337 java -Xmx3g -jar api.jar`: a process by `pgrep -a java`.
fn pgrep_row(text: &str) -> Option<(&str, &str)> {
    let (pid, command) = text.split_once(' ')?;
    let (program, options) = command.split_once(' ')?;
    let has_option = options.split(' ').any(|word| word.starts_with("-X") || matches!(word, "-jar" | "-cp"));
    let is_program = is_jvm(program) && !program.contains('=');
    (pid.parse::<u32>().is_ok() && is_program && has_option).then_some((pid, command))
}

/// True for the number of the line itself: somebody numbered the text. Pid 1 may well stand at its beginning.
fn is_line_number(number: &str, line: &Line<'_>) -> bool {
    line.number > 2 && number.parse() == Ok(line.number)
}

#[derive(Default)]
struct FlagsReader {
    asked: Asked,
    /// What was asked for last, and on which line.
    question: Option<(Question, u32)>,
    block: Option<Block>,
    /// `name: JAVA_OPTS`, and its line.
    name: Option<(String, u32)>,
    /// The line of a program at the head of a list of its arguments.
    program: Option<(u32, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    /// `jcmd VM.flags`, `jinfo -flags`.
    Flags,
    /// `jinfo -flag Name`.
    Flag,
    /// `jcmd VM.command_line`.
    CommandLine,
    /// `jps -v`.
    Jps,
}

/// Options that are being read.
struct Block {
    draft: Draft,
    list: List,
    /// True for a table of flags.
    table: bool,
    /// True for the arguments of a program: one option among them is no talk.
    of_command: bool,
    /// True for a row of a table of words: what stands in its cell is set.
    in_row: bool,
    foreign: u32,
}

impl Reader for FlagsReader {
    fn resume(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let Some(block) = &mut self.block else { return false };
        let text = line.body.trim();
        if block.table {
            if let Some(row) = table::row(text) {
                table::take(&mut block.draft, &mut block.list, &row, line);
                block.foreign = 0;
                return true;
            }
        } else if block.list.go_on(text, line) {
            self.asked.go_on(line);
            block.draft.extend(line);
            if block.draft.reading.kind == HostKind::Options
                && !block.draft.has("main")
                && let Some(jar) = written::jar_of(text)
            {
                block.draft.word("main", jar, line, jar);
            }
            block.foreign = 0;
            return true;
        }
        if !block.table
            && block.foreign <= 1
            && block.list.is_of_single()
            && !list::is_options(text)
            && list::is_single(text)
        {
            block.list.add(text, line);
            block.draft.extend(line);
            block.foreign = 0;
            return true;
        }
        if block.of_command
            && !block.draft.has("main")
            && let Some(main) = written::main_of_item(text)
        {
            block.draft.word("main", main, line, main);
            return true;
        }
        // What begins something new is looked at in `open`.
        block.foreign = block.foreign.saturating_add(1);
        if pid_line(text).is_some() || block.foreign > MAX_FOREIGN {
            self.close(out);
        }
        false
    }

    fn open(&mut self, line: &Line<'_>, out: &mut Readings) -> bool {
        let text = line.body.trim();
        if let Some(set) = amid::setting(text) {
            self.close(out);
            self.set(&set, line, out);
            return true;
        }
        if let Some((pid, command)) =
            tree_row(text).or_else(|| pgrep_row(text)).filter(|(pid, _)| !is_line_number(pid, line))
        {
            self.close(out);
            self.process(pid, command, line, out);
            return true;
        }
        if let Some((pid, command)) = killed_command(text) {
            self.close(out);
            self.process(pid, command, line, out);
            return true;
        }
        if written::is_program(text) {
            self.close(out);
            self.program = Some((line.number, written::program_of_item(text).to_owned()));
            return false;
        }
        // What submits a job of Spark sets its JVMs, too.
        let of_job = amid::of_job(text).map(|set| self.set(&set, line, out)).count();
        let what = what_of(text).or_else(|| amid::parted(text).map(|(option, size)| What::Parted(option, size)));
        let what = match what {
            Some(what) => what,
            None if self.jps(text, line, out) => return true,
            None => match amid::what_of(text) {
                Some(what) => what,
                None => return of_job > 0,
            },
        };
        let what = if is_advised(line) && what.is_written() { What::Probe } else { what };
        self.take(what, line, out);
        true
    }

    fn finish(&mut self, out: &mut Readings) {
        self.close(out);
    }
}

impl FlagsReader {
    fn take(&mut self, what: What<'_>, line: &Line<'_>, out: &mut Readings) {
        match what {
            What::Question(command) => {
                self.close(out);
                out.keep(line);
                self.asked.note(&command, line);
                let question = match (command.tool, command.asks) {
                    ("jps", _) => Question::Jps,
                    (_, "VM.command_line") => Question::CommandLine,
                    (_, "-flag") => Question::Flag,
                    _ => Question::Flags,
                };
                self.question = Some((question, line.number));
            }
            What::Heading => {
                if line.body.trim() == "VM Arguments:" || self.is_in(|block| block.table) {
                    self.close(out);
                }
            }
            What::Options(options) => {
                let single = !options.contains(' ');
                let goes_on = self.is_in(|block| !block.table && block.foreign <= 1 && block.list.is_of_single());
                self.go_on(single && goes_on, self.kind_of(options, line), line, out);
                self.add(options, single, line, out);
            }
            What::Flags(options) => {
                self.start(HostKind::VmFlags, line, out);
                self.add(options, false, line, out);
            }
            What::Arguments(options) => {
                self.start(HostKind::CommandLine, line, out);
                self.add(options, false, line, out);
            }
            What::Main(main) => {
                let goes_on = self.is_in(|block| block.draft.reading.kind == HostKind::CommandLine);
                let program = main.split(' ').next().unwrap_or(main);
                let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
                self.go_on(goes_on, HostKind::CommandLine, line, out).draft.word("main", name, line, name);
            }
            What::Row(row) => {
                let block = self.go_on(self.is_in(|block| block.table), HostKind::FlagsFinal, line, out);
                block.table = true;
                block.foreign = 0;
                table::take(&mut block.draft, &mut block.list, &row, line);
            }
            What::Variable(name, options) => {
                self.start(HostKind::Options, line, out).draft.word("from", name, line, name);
                self.add(options, false, line, out);
            }
            What::Name(name) => self.name = Some((name.to_owned(), line.number)),
            What::Value(options) => {
                let name = self.name.take().filter(|(_, at)| line.since(*at) <= 2);
                let block = self.start(HostKind::Options, line, out);
                block.draft.reading.words.extend(name.map(|(name, _)| ("from".to_owned(), name)));
                self.add(options, false, line, out);
            }
            What::Start(command) => {
                let block = self.start(HostKind::Options, line, out);
                if let Some(main) = written::main_of(command) {
                    block.draft.word("main", main, line, main);
                }
                self.add(command, false, line, out);
                if !written::names_program(command)
                    && let Some(block) = &mut self.block
                {
                    block.list.note_command(line);
                }
            }
            What::Probe => {
                self.close(out);
                self.question = None;
            }
            What::Item(option) => {
                if !self.is_in(|block| !block.table && block.list.is_of_single()) {
                    let program = self.program.take().filter(|(at, _)| line.since(*at) <= MAX_FOREIGN);
                    let block = self.start(HostKind::Options, line, out);
                    block.of_command = program.is_some();
                    // Whatever few options it has, they are of a JVM.
                    block.draft.reading.words.extend(program.map(|(_, name)| ("from".to_owned(), name)));
                }
                self.add(option, true, line, out);
            }
            What::Parted(option, size) => {
                if !self.is_in(|block| !block.table && block.list.is_of_single()) {
                    self.start(HostKind::Options, line, out);
                }
                if let Some(block) = &mut self.block {
                    block.list.push((format!("{option}{size}"), line.span_of(size)));
                    block.list.note_single();
                    block.draft.extend(line);
                    block.foreign = 0;
                }
            }
            What::Setting(setting) => {
                let goes_on = |block: &Block| {
                    block.draft.reading.kind == HostKind::VmSettings
                        && setting.is_none_or(|(name, _)| !block.draft.has(name))
                };
                let goes_on = line.body.trim() != "VM settings:" && self.is_in(goes_on);
                let block = self.go_on(goes_on, HostKind::VmSettings, line, out);
                block.foreign = 0;
                match setting {
                    Some((name, printed)) => block.draft.size(name, binary(printed, 1), line, printed),
                    None => block.draft.extend(line),
                }
            }
            What::Version(version) => {
                let of_block = |block: &Block| line.around.prompt.is_none_or(|at| at <= block.draft.reading.last_line);
                let block = self.go_on(self.is_in(of_block), HostKind::JavaVersion, line, out);
                block.foreign = 0;
                if !block.draft.has("jdk") {
                    block.draft.word("jdk", &jdk_version(version), line, version);
                }
                if let Some(vendor) = vendor(line.body.trim()) {
                    block.draft.word("vendor", vendor, line, version);
                }
                block.draft.extend(line);
                // Whoever asks for the version starts a JVM for just that.
                block.list.end();
            }
        }
    }

    /// A setting of a start script, or of a program that starts JVMs, which has a name for each.
    fn set(&self, set: &amid::Set<'_>, line: &Line<'_>, out: &mut Readings) {
        let mut draft = Draft::new(HostKind::Options, line);
        draft.word("from", set.name, line, set.name);
        if let Some(of) = set.of {
            draft.name(line, of);
        }
        draft.size(set.figure, Some(set.size), line, set.printed);
        draft.push(out);
    }

    fn is_in(&self, of: impl Fn(&Block) -> bool) -> bool {
        self.block.as_ref().is_some_and(of)
    }

    /// Flags that a JVM prints at its start name the option that makes it do so.
    fn kind_of(&self, options: &str, line: &Line<'_>) -> HostKind {
        // A terminal may have torn it.
        const PRINTED: &str = "-XX:+PrintCommandLineFlags";
        let is_printed = |option: &str| PRINTED.starts_with(option) && option.len() >= "-XX:+PrintComma".len();
        let printed = options.split(' ').any(is_printed);
        let sizes = options.split(' ').filter(|option| option.starts_with("-XX:")).count();
        let asked = self.question(apart::TO_ANSWER, line);
        // `32144:` right above: an answer of jcmd whose question is not in the text.
        let answered = line.around.answers.is_some_and(|(_, at)| line.number.checked_sub(at.line) == Some(1));
        let asked = answered || asked.is_some_and(|question| matches!(question, Question::Flags | Question::Flag));
        match () {
            () if printed => HostKind::PrintFlags,
            // The JVM prints sizes in bytes, sorted by name; people write other lines.
            () if asked || (sizes > 4 && !options.split(' ').any(|option| option.starts_with("-Xm"))) => {
                HostKind::VmFlags
            }
            () => HostKind::Options,
        }
    }

    /// The question that this line may answer: the last one, unless another prompt or more than `lines` lie between.
    fn question(&self, lines: u32, line: &Line<'_>) -> Option<Question> {
        let (question, at) = self.question?;
        let is_last = line.around.prompt.is_none_or(|prompt| prompt <= at);
        (is_last && at <= line.number && line.since(at) <= lines).then_some(question)
    }

    fn jps(&mut self, text: &str, line: &Line<'_>, out: &mut Readings) -> bool {
        if self.question(apart::IN_A_LOG, line) != Some(Question::Jps) {
            return false;
        }
        let Some((pid, main, options)) = jps_row(text) else { return false };
        self.close(out);
        let mut block = Block {
            draft: Draft::new(HostKind::Jps, line),
            list: List::default(),
            table: false,
            of_command: false,
            in_row: false,
            foreign: 0,
        };
        block.draft.pid(line, pid);
        let name = main.rsplit('/').next().unwrap_or(main);
        block.draft.word("main", name, line, name);
        block.list.add(options, line);
        self.block = Some(block);
        self.close(out);
        true
    }

    /// A process with the options in its command, which may be cut where three dots say so.
    fn process(&mut self, pid: &str, command: &str, line: &Line<'_>, out: &mut Readings) {
        // The line may end in the middle of the command.
        let is_torn = !written::names_program(command) && List::may_wrap(line) && !line.is_cut();
        let cut = command.ends_with('…') || command.ends_with("...") || line.is_cut();
        let Some(found) = command_line(command) else { return };
        let mut draft = Draft::new(HostKind::Ps, line);
        if !pid.is_empty() {
            draft.pid(line, pid);
        }
        draft.name(line, program_of(command).trim_matches(MARKS));
        if let Some(main) = found.main.filter(|_| !cut) {
            draft.word("main", main, line, main);
        }
        if let Some(file) = found.argument_file {
            draft.word("argument_file", file, line, file);
        }
        let mut list = List::default();
        let options = if cut { found.options.split_last().map_or(&[][..], |(_, rest)| rest) } else { &found.options };
        for option in options {
            list.push(((*option).to_owned(), line.span_of(option)));
        }
        draft.extend(line);
        if is_torn {
            list.note_command(line);
            self.block = Some(Block { draft, list, table: false, of_command: true, in_row: false, foreign: 0 });
            return;
        }
        list.put(&mut draft);
        draft.push(out);
    }

    /// The block that goes on, else a new one.
    fn go_on(&mut self, goes_on: bool, kind: HostKind, line: &Line<'_>, out: &mut Readings) -> &mut Block {
        match self.block.take_if(|_| goes_on) {
            Some(block) => self.block.insert(block),
            None => self.start(kind, line, out),
        }
    }

    fn start(&mut self, kind: HostKind, line: &Line<'_>, out: &mut Readings) -> &mut Block {
        self.close(out);
        let mut draft = Draft::new(kind, line);
        if matches!(kind, HostKind::VmFlags | HostKind::CommandLine) {
            self.asked.note_pid(line);
            self.asked.go_on(line);
            draft.process(self.asked.pid(line));
        }
        out.keep(line);
        let mut list = List::default();
        if kind != HostKind::Options {
            list.note_printed();
        }
        self.block.insert(Block {
            draft,
            list,
            table: false,
            of_command: false,
            in_row: line.body.contains(" | "),
            foreign: 0,
        })
    }

    fn add(&mut self, options: &str, single: bool, line: &Line<'_>, out: &mut Readings) {
        let Some(block) = &mut self.block else { return };
        block.foreign = 0;
        block.draft.extend(line);
        block.list.add(options, line);
        let words = options.split([' ', '"', '\'', ',']);
        if let Some(file) = words.filter(|_| !single).find_map(argument_file)
            && !block.draft.has("argument_file")
        {
            block.draft.word("argument_file", file, line, file);
        }
        if single {
            block.list.note_single();
        }
        if block.list.is_full() {
            self.close(out);
        }
    }

    fn close(&mut self, out: &mut Readings) {
        let Some(Block { mut draft, list, of_command, in_row, .. }) = self.block.take() else { return };
        let of_person = draft.reading.kind == HostKind::Options || draft.reading.kind == HostKind::Jps;
        let alone = list.is_of_single() && draft.reading.kind == HostKind::Options;
        list.put(&mut draft);
        // `name: JAVA_OPTS` whose value names no option says nothing, and one option alone is what people talk about.
        let flags = draft.reading.flags.len();
        if of_person && !draft.has("argument_file") && (flags == 0 || (alone && flags == 1 && !of_command)) {
            let HostReading { sizes, at, flags, .. } = &draft.reading;
            if let (Some(size), Some(span), true) = (sizes.get("heap_max"), at.get("heap_max"), in_row) {
                out.prose.push(ProseNumber {
                    about: Some(About::MaxHeap),
                    amount: Amount::Size { binary: *size, decimal: *size },
                    text: flags.iter().filter_map(|flag| flag.rsplit(['=', 'x']).next()).collect(),
                    span,
                });
            }
            return;
        }
        draft.push(out);
    }
}

/// An option and where it stands.
type Placed = (String, Span);

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::source::Around;
    use crate::units::Bytes;

    /// Reads lines as the dispatcher would; `4711:` is announced to all readers.
    fn read(text: &str) -> Vec<HostReading> {
        let mut reader = FlagsReader::default();
        let mut out = Readings::default();
        let mut around = Around::of(text);
        for (number, body) in (1..).zip(text.lines()) {
            let line = Line { number, ..Line::of(body) };
            around.answers = pid_line(body).map(|(pid, word)| (pid, line.span_of(word))).or(around.answers);
            let line = Line { around: &around, ..line };
            let _ = reader.resume(&line, &mut out) || (claim(&line) > Claim::None && reader.open(&line, &mut out));
        }
        reader.finish(&mut out);
        out.host
    }

    fn mib(reading: &HostReading, name: &str) -> Option<u64> {
        reading.sizes.get(name).map(|size| size.0 >> 20)
    }

    #[test]
    fn a_command_that_only_asks_starts_no_program() {
        for asks in ["-XshowSettings:vm", "-XX:+PrintFlagsFinal -version", "-XshowSettings:vm -jar app.jar -version"] {
            assert_eq!(read(&format!("$ java -Xmx512m {asks}\n")).len(), usize::from(asks.contains("-jar")), "{asks}");
        }
    }

    #[test]
    fn jcmd_answers_with_the_flags_of_a_process() {
        let read = read(
            "$ jcmd 32144 VM.flags\n32144:\n-XX:CICompilerCount=2 -XX:InitialHeapSize=100663296 -XX:MaxHeapSize=104857600 -XX:ThreadStackSize=512 -XX:+UseG1GC \n\n\
             $ jcmd 32144 VM.command_line\n32144:\nVM Arguments:\njvm_args: -XX:+UseG1GC -Xmx100m -Dpassword=x \njava_command: /srv/orders.jar 15 -Xmx9g\n\
             java_class_path (initial): /srv/orders.jar\nLauncher Type: SUN_STANDARD\n",
        );
        let [flags, command] = read.as_slice() else { panic!("two readings: {read:?}") };
        assert_eq!((flags.kind.name(), flags.pid, flags.flags.len()), ("vm-flags", Some(32144), 5));
        assert_eq!((mib(flags, "heap_max"), mib(flags, "heap_initial")), (Some(100), Some(96)));
        assert_eq!(flags.sizes.get("thread_stack"), Some(&Bytes(512 << 10)));
        assert_eq!(flags.at.get("heap_max").map(|span| (span.line, span.start, span.end)), Some((3, 52, 77)));
        assert_eq!((command.kind.name(), command.pid), ("command-line", Some(32144)));
        assert_eq!((command.flags.len(), mib(command, "heap_max")), (2, Some(100)));
        assert_eq!(command.words.get("main").map(String::as_str), Some("orders.jar"));
    }

    #[test]
    fn pgrep_names_processes_and_their_options() {
        let read = read("$ pgrep -a java\n31337 java -Xmx3g -jar api.jar\n31338 /usr/bin/java -Xmx1g -cp x web\n");
        let rows: Vec<_> = read.iter().map(|row| (row.kind.name(), row.pid, mib(row, "heap_max"))).collect();
        assert_eq!(rows, [("ps", Some(31337), Some(3072)), ("ps", Some(31338), Some(1024))]);
    }

    #[test]
    fn a_shell_that_saw_a_jvm_die_prints_its_options() {
        let read =
            read("/opt/bin/picard: line 3: 42833 Killed                  java -Xmx8g -jar /opt/jars/picard.jar $@\n");
        let rows: Vec<_> = read.iter().map(|row| (row.pid, mib(row, "heap_max"), row.words["main"].as_str())).collect();
        assert_eq!(rows, [(Some(42_833), Some(8192), "picard.jar")]);
    }

    #[test]
    fn so_does_one_that_saw_it_abort() {
        let aborted =
            read("./start.sh: line 25:  3617 Aborted                 (core dumped) java -Xms2g -Xmx2g -jar app.war\n");
        assert_eq!(
            aborted.iter().map(|row| (row.pid, mib(row, "heap_max"))).collect::<Vec<_>>(),
            [(Some(3617), Some(2048))]
        );
    }

    #[test]
    fn a_command_that_a_page_wrapped_goes_on_in_the_next_line() {
        let quoted = "/srv/bin/catalina.sh: line 386: 4370 Killed \"/usr/local/jdk/bin/java\" \"-Djava.util.logging.config.file=/srv/conf/logg\ning.properties\" -Xms4096m -Xmx4096m -XX:MaxNewSize=512m -classpath x Bootstrap -Xmx1g\n";
        let torn = "/srv/bin/catalina.sh: line 386: 4370 Killed /usr/local/jdk/bin/java -Xms4096m -Xmx40\n96m -XX:MaxNewSize=512m -classpath x Bootstrap\n";
        let start = "nohup java -Xmx4096m -Djava.util.logging.manager=org.apache.juli.ClassLoader\nLogManager -XX:MaxNewSize=512m -jar x.jar -Xmx1g\n-Xmx2g is what we want\n";
        for text in [quoted, torn, start] {
            let read = read(text);
            let rows: Vec<_> = read.iter().map(|row| (mib(row, "heap_max"), mib(row, "young_max"))).collect();
            assert_eq!(rows, [(Some(4096), Some(512))], "{text}");
        }
    }

    #[test]
    fn an_assignment_stands_amid_words() {
        for text in [
            "We set (<code>CATALINA_OPTS=\"-Xmx1024M -Xms256M\"</code>) in setenv.sh, and it fails.\n",
            "and  export _JAVA_OPTIONS='-Xmx1g'\n",
            "Yes applicationDefaultJvmArgs = [\"-Xms1g -Xmx1g\"]\n",
            "The unit（JAVA_OPTS=\"-Xmx1g\"）\n",
        ] {
            assert_eq!(read(text).iter().map(|row| mib(row, "heap_max")).collect::<Vec<_>>(), [Some(1024)], "{text}");
        }
        for text in [
            "You should set JAVA_OPTS=\"-Xmx1g\" there\n",
            "Then we raised the limit of memory (JAVA_OPTS=\"-Xmx1g\"), and it fails all the same\n",
            "a=\"-Xmx1g\"\n",
        ] {
            assert_eq!(read(text), [], "{text}");
        }
    }

    #[test]
    fn the_version_tells_whose_jvm_it_is() {
        for (text, jdk, vendor) in [
            (
                "openjdk version \"17.0.10\" 2024-01-16\nIBM Semeru Runtime Open Edition 17.0.10.0 (build 17.0.10+7)\nEclipse OpenJ9 VM 17.0.10.0 (build openj9-0.43.0, JRE 17 Linux amd64-64-Bit Compressed References 20240116_673 (JIT enabled, AOT enabled)\n",
                "17.0.10",
                "OpenJ9",
            ),
            (
                "java version \"1.8.0_391\"\nIBM J9 VM (build 2.9, JRE 1.8.0 Linux amd64-64-Bit Compressed References)\n",
                "1.8.0_391",
                "OpenJ9",
            ),
            (
                "openjdk version \"21.0.2\" 2024-01-16\nOpenJDK 64-Bit Server VM (build 21.0.2+13, mixed mode, sharing)\n",
                "21.0.2",
                "HotSpot",
            ),
        ] {
            let read = read(text);
            let words: Vec<_> =
                read.iter().map(|row| (row.words["jdk"].as_str(), row.words["vendor"].as_str())).collect();
            assert_eq!(words, [(jdk, vendor)], "{text}");
        }
    }

    #[test]
    fn arguments_in_a_list_of_json_are_of_their_program() {
        let list = "\"Cmd\": [\n    \"java\",\n    \"-Xmx512m\",\n    \"-jar\",\n    \"/app/orders.jar\"\n],\n";
        assert_eq!(read(list).iter().map(|row| mib(row, "heap_max")).collect::<Vec<_>>(), [Some(512)]);
        assert_eq!(read("\"Cmd\": [\n    \"python\",\n    \"-Xmx512m\"\n]\n"), []);
    }

    #[test]
    fn a_column_of_options_may_hold_others_between() {
        let read = read("-Xms28g\n-Xmx28g\n-verbose:gc\n-server\n-Dfile.encoding=UTF-8\n-XX:+UseConcMarkSweepGC\n");
        let flags: Vec<_> = read.iter().map(|row| row.flags.join(" ")).collect();
        assert_eq!(flags, ["-Xms28g -Xmx28g -verbose:gc -server -XX:+UseConcMarkSweepGC"]);
        let one = self::read("-server -Dx=y -Xmx1g -XX:+UseG1GC\n");
        assert_eq!(one.iter().map(|row| mib(row, "heap_max")).collect::<Vec<_>>(), [Some(1024)]);
    }

    #[test]
    fn the_number_of_a_line_is_no_process() {
        let numbered =
            |text: &str| text.lines().zip(1..).map(|(line, at)| format!("{at} {line}\n")).collect::<String>();
        let text = "some\nnotes\njava -Xmx3g -jar api.jar\nExecStart=/usr/bin/java -Xmx1g -jar web.jar\n";
        assert!(read(&numbered(text)).iter().all(|reading| reading.pid.is_none()));
        assert_eq!(read("4711 ExecStart=/usr/bin/java -Xmx1g -jar web.jar\n").len(), 0);
    }

    #[test]
    fn an_answer_needs_no_question_above_its_process() {
        let read = read("4711:\n-XX:MaxHeapSize=104857600 -XX:+UseG1GC\n");
        let kinds: Vec<_> = read.iter().map(|reading| (reading.kind.name(), reading.pid)).collect();
        assert_eq!(kinds, [("vm-flags", Some(4711))]);
    }

    #[test]
    fn a_line_that_a_terminal_wrapped_is_one_list() {
        let list = "-XX:CICompilerCount=2 -XX:ConcGCThreads=1 -XX:G1HeapRegionSize=1048576 -XX:MaxHeapSize=104857600 -XX:MaxNewSize=62914560 -XX:+UseG1GC";
        for width in 62..132 {
            let rows: Vec<&str> =
                list.as_bytes().chunks(width).filter_map(|row| std::str::from_utf8(row).ok()).collect();
            let read = read(&format!("$ jcmd 7 VM.flags\n7:\n{} \n\n", rows.join("\n")));
            let [flags] = read.as_slice() else { panic!("one reading at {width}: {read:?}") };
            assert_eq!(flags.flags.join(" "), list, "at {width}");
            assert_eq!((mib(flags, "heap_max"), mib(flags, "young_max")), (Some(100), Some(60)));
        }
    }

    #[test]
    fn halves_of_two_options_are_none() {
        // The rows between have been lost: `G1HeapReg…` and `…e=256`, `MaxHeapSize=42…` and `…37`.
        let readings = read(
            "$ jcmd 4711 VM.flags\n4711:\n\
             -XX:CICompilerCount=3 -XX:ConcGCThreads=1 -XX:InitialHeapSize=268435456 -XX:G1HeapReg\n\
             e=256 -XX:MarkStackSize=4194304 -XX:MaxNewSize=2576351232 -XX:+UseG1GC -XX:MaxHeapSize=42\n\
             37 -XX:MinHeapDeltaBytes=1048576 -XX:+UseCompressedOops -XX:SoftMaxHea\n",
        );
        let flags: Vec<&str> = readings.iter().flat_map(|reading| &reading.flags).map(String::as_str).collect();
        assert_eq!(
            flags,
            [
                "-XX:CICompilerCount=3",
                "-XX:ConcGCThreads=1",
                "-XX:InitialHeapSize=268435456",
                "-XX:MarkStackSize=4194304",
                "-XX:MaxNewSize=2576351232",
                "-XX:+UseG1GC",
                "-XX:MinHeapDeltaBytes=1048576",
                "-XX:+UseCompressedOops",
            ]
        );
        assert!(readings.iter().all(|reading| !reading.sizes.contains_key("heap_max")));
    }

    #[test]
    fn a_file_of_arguments_is_named() {
        let readings =
            read("NOTE: Picked up JDK_JAVA_OPTIONS: @/opt/jvm.options -Xmx512m\njava @/opt/app.options -jar app.jar\n");
        let files: Vec<_> = readings.iter().filter_map(|reading| reading.words.get("argument_file")).collect();
        assert_eq!(files, ["/opt/jvm.options", "/opt/app.options"]);
        assert_eq!(mib(&readings[0], "heap_max"), Some(512));
    }

    #[test]
    fn a_word_after_a_list_is_no_part_of_it() {
        let read = read("$ jcmd 7 VM.flags\n7:\n-XX:MaxHeapSize=104857600 -XX:+UseG1GC\ndone\n");
        let [flags] = read.as_slice() else { panic!("one reading: {read:?}") };
        assert_eq!(flags.flags.last().map(String::as_str), Some("-XX:+UseG1GC"));
    }

    #[test]
    fn tables_of_jdk_8_and_17_name_what_was_set() {
        let read = read(
            "[Global flags]\n    uintx MaxHeapSize                              := 4294967296                          {product}           \n\
             \x20    bool UseParallelGC                             := true                                {product}           \n\
             \x20    intx ThreadStackSize                           = 1024                                {pd product}        \n\
             \n\n\n\n\n   size_t MaxHeapSize                              = 268435456                                 {product} {ergonomic}\n\
             \x20 size_t MaxMetaspaceSize                         = 18446744073709551615                      {product} {default}\n\
             \x20   ccstr HeapDumpPath                             = /var/dumps                             {manageable} {command line}\n",
        );
        let [old, new] = read.as_slice() else { panic!("two readings: {read:?}") };
        assert_eq!((mib(old, "heap_max"), mib(old, "thread_stack")), (Some(4096), Some(1)));
        assert_eq!(old.flags, ["-XX:MaxHeapSize=4294967296", "-XX:+UseParallelGC"]);
        assert_eq!((mib(new, "heap_max"), mib(new, "metaspace_max")), (Some(256), None));
        assert_eq!(new.flags, ["-XX:MaxHeapSize=268435456", "-XX:HeapDumpPath=/var/dumps"]);
    }

    #[test]
    fn options_that_are_picked_up_say_where_from() {
        let read = read(
            "Picked up JAVA_TOOL_OPTIONS: -Xmx123m -XX:+UseSerialGC\nPicked up _JAVA_OPTIONS: -Xmx1g\n\
             NOTE: Picked up JDK_JAVA_OPTIONS: -Xmx77m\nPicked up JAVA_TOOL_OPTIONS: -Dfile.encoding=UTF-8\n",
        );
        let seen: Vec<_> = read.iter().map(|read| (read.words["from"].as_str(), mib(read, "heap_max"))).collect();
        assert_eq!(
            seen,
            [("JAVA_TOOL_OPTIONS", Some(123)), ("_JAVA_OPTIONS", Some(1024)), ("JDK_JAVA_OPTIONS", Some(77))]
        );
    }

    /// The maximum heap in MiB of the one reading of a text, and where it is from.
    fn one(text: &str) -> (Option<u64>, String) {
        let read = read(text);
        let [options] = read.as_slice() else { panic!("one reading of {text}: {read:?}") };
        (mib(options, "heap_max"), options.words.get("from").cloned().unwrap_or_default())
    }

    #[test]
    fn files_that_start_a_jvm_are_read() {
        let java_opts = |size| (Some(size), "JAVA_OPTS".to_owned());
        assert_eq!(one("ENV JAVA_OPTS=\"-Xms512m -Xmx1g\"\n"), java_opts(1024));
        assert_eq!(one("ENV JAVA_OPTS -Xmx2g\n"), java_opts(2048));
        assert_eq!(one("export JAVA_OPTS=\"$JAVA_OPTS -Xmx3g\"\n"), java_opts(3072));
        assert_eq!(one("Environment=\"JAVA_OPTS=-Xmx3g -XX:+UseG1GC\"\n"), java_opts(3072));
        assert_eq!(one("      - JAVA_OPTS=-Xmx512m\n"), java_opts(512));
        assert_eq!(one("      JAVA_OPTS: \"-Xmx512m\"\n"), java_opts(512));
        assert_eq!(one("        - name: JAVA_OPTS\n          value: \"-Xmx768m -XX:+UseG1GC\"\n"), java_opts(768));
        assert_eq!(one("\"JAVA_OPTS=-Xmx512m\",\n"), java_opts(512));
        let from_command = (Some(512), String::new());
        assert_eq!(one("ExecStart=/usr/bin/java -Xmx512m -jar /opt/app.jar --x=-Xmx9g\n"), from_command);
        assert_eq!(one("ENTRYPOINT [\"java\",\"-Xmx512m\",\"-jar\",\"/app.jar\"]\n"), from_command);
        assert_eq!(one("command: [\"java\", \"-Xmx512m\", \"-jar\", \"/app.jar\"]\n"), from_command);
        assert_eq!(one("        - -Xms256m\n        - -Xmx512m\n"), from_command);
        assert_eq!(one("nohup java -Xmx512m -jar app.jar > out.log 2>&1 &\n"), from_command);
    }

    #[test]
    fn what_starts_a_container_names_the_options_of_the_jvm_in_it() {
        let java_opts = (Some(1024), "JAVA_OPTS".to_owned());
        assert_eq!(
            one("$ docker run -d -m 512m -e JAVA_OPTS=\"-Xms256m -Xmx1g\" --name a-Xmx9g orders:1\n"),
            java_opts
        );
        assert_eq!(one("sudo docker run --env 'JAVA_OPTS=-Xmx1g -Xss1m' orders:1\n"), java_opts);
        assert_eq!(one("podman run -e TZ=UTC -e JAVA_OPTS=-Xmx1g orders:1 -Xmx9g\n"), java_opts);
        let from_command = (Some(512), String::new());
        assert_eq!(one("docker run -m 1g eclipse-temurin:17 java -Xmx512m -jar app.jar\n"), from_command);
    }

    #[test]
    fn jinfo_of_jdk_8_and_rows_of_jps_name_their_process() {
        let found = read(
            "$ jinfo -flags 812\nAttaching to process ID 812, please wait...\nNon-default VM flags: -XX:CICompilerCount=3 -XX:MaxHeapSize=2147483648 \n\
             Command line:  -Xmx2g -Dx=y\n\n$ jps -lvm\n32368 Incident none 15 900 -XX:+UseZGC -Xmx96m\n41 sun.tools.jps.Jps -lvm -Xms8m\n",
        );
        let seen: Vec<_> = found.iter().map(|read| (read.kind.name(), read.pid, mib(read, "heap_max"))).collect();
        assert_eq!(
            seen,
            [
                ("vm-flags", Some(812), Some(2048)),
                ("command-line", Some(812), Some(2048)),
                ("jps", Some(32368), Some(96)),
                ("jps", Some(41), None)
            ]
        );
        assert_eq!(read("12 Incident -Xmx96m\n"), []);
    }

    #[test]
    fn the_tree_of_systemd_names_processes() {
        let read = read(
            "             └─1847 /usr/bin/java -Xms512m -Xmx1g -classpath /opt/lib.jar com.acme.Main start\n             ├─1901 /usr/bin/java -Xms512m -Xmx10…\n",
        );
        let seen: Vec<_> = read.iter().map(|read| (read.pid, mib(read, "heap_max"), read.flags.len())).collect();
        assert_eq!(seen, [(Some(1847), Some(1024), 2), (Some(1901), None, 1)]);
    }

    #[test]
    fn what_is_cut_at_the_end_is_left_out() {
        let read =
            read("$ jcmd 7 VM.flags\n7:\n-XX:CICompilerCount=2 -XX:InitialHeapSize=1048576 -XX:MaxHeapSize=1048");
        assert_eq!(read[0].flags, ["-XX:CICompilerCount=2", "-XX:InitialHeapSize=1048576"]);
        assert_eq!(mib(&read[0], "heap_max"), None);
    }

    #[test]
    fn prose_and_other_logs_are_no_options() {
        for text in [
            "We set -Xmx2g and -Xms2g, and it still died.",
            "- the heap is too small",
            "name: orders",
            "value: 12",
            "java.lang.OutOfMemoryError: Java heap space",
            "LC_ALL=C",
            "PATH=/usr/bin",
            "command: [\"python\", \"app.py\"]",
            "root 3 13.5 0.6 1814944 151944 ? Sl 13:31 0:00 java -XX:+UseG1GC -Xmx200m Incident",
        ] {
            assert_eq!(claim(&Line::of(text)), Claim::None, "{text}");
        }
    }
}
