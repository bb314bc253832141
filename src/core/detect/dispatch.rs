//! Offers each line to the readers and notes what every line was.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::civil::Zone;
use crate::detect::beside::Beside;
use crate::detect::cause::{self, Causes};
pub use crate::detect::class::LineClass;
use crate::detect::clocks::Clocks;
use crate::detect::frame::{Frames, Inside, SURE};
use crate::detect::load;
use crate::detect::ordinary::{Kept, Ordinary, Passed, is_of_log, is_said, ordinary, program};
use crate::detect::prose;
use crate::detect::repeats::{Repeats, Settled};
use crate::detect::surroundings::{Surrounding, classify, is_experiment, is_other_voice};
use crate::detect::transport::{self, Physical, Transport, escapes::may_be_escaped};
use crate::detect::{application, system, told};
use crate::formats::containers::Containers;
use crate::formats::java_error::{self, TITLE};
use crate::formats::jdk_command::answering;
use crate::formats::killers::{self, exit_code::starts_jvm};
use crate::formats::prompt::{command_behind, is_of_windows, is_prompt};
use crate::formats::{
    Claim, FORMATS, Reader, container_start, is_advice, is_condition, is_subject, killed_command, logger, oom_killer,
};
use crate::model::joining;
use crate::model::prose::ProseNumber;
use crate::model::readings::Readings;
use crate::model::relation::{Belonging, Whole};
use crate::source::{Around, Line, Span, Stamp};
use crate::units::Micros;
use crate::warning::WarningSink;

/// Programs of one source that are told apart at most.
const MAX_PROGRAMS: usize = 256;
/// No reader waits for longer among lines of others ([`crate::formats::apart`]).
const QUIET: u32 = 256;

/// The readers of one source.
pub struct Dispatcher {
    source: u16,
    transport: Transport,
    clocks: Clocks,
    containers: Containers,
    readers: Vec<Box<dyn Reader>>,
    /// Indexes of readers that have taken a line, latest last.
    recent: Vec<usize>,
    classes: Vec<(u32, LineClass)>,
    understood: u32,
    /// See [`Line::step`], of the next line.
    step: u32,
    /// The last line that the kernel timed, and who took it.
    timed: Timed,
    above: Above,
    around: Around,
    causes: Causes,
    beside: Beside,
    /// The commands that started a JVM.
    starts: Vec<Span>,
    /// First and last lines about what was set afterwards, and whether more follow.
    afterwards: Vec<(u32, u32, bool)>,
    repeats: Repeats,
    /// The last line from which something was read, or that a reader may go on from.
    eventful: u32,
    passed: Passed,
    /// Programs of `syslog` from which something was read: all that they say is.
    heard: BTreeSet<String>,
    /// Lines that must have said nothing before ordinary ones are passed over.
    quiet: u32,
    frames: Frames,
}

/// What stands above a line.
struct Above {
    /// Nothing, or a blank line.
    is_blank: bool,
    /// The last line with text begins as those of crash files do.
    is_marked: bool,
}

impl Above {
    fn note(&mut self, body: &str) {
        let text = body.trim_start();
        self.is_blank = text.is_empty();
        if !self.is_blank {
            self.is_marked = text.starts_with('#');
        }
    }
}

/// A line with the kernel's time.
#[derive(Default)]
struct Timed {
    uptime: Option<Micros>,
    body: String,
    reader: Option<usize>,
}

impl Timed {
    /// True for the same line from another logger, whatever that puts before it. The kernel says nothing twice in one microsecond.
    fn is_of(&self, line: &Line<'_>) -> bool {
        self.uptime.is_some() && self.uptime == line.stamp.uptime && self.body == line.body && !line.body.is_empty()
    }
}

/// What a line may tell readers of other lines, or the report, without being taken.
#[derive(Clone, Copy, PartialEq)]
struct Told {
    answers: Option<(u32, Span)>,
    prompt: Option<u32>,
    prose: usize,
    errors: usize,
    warnings: (usize, u64),
}

impl Told {
    fn without_prose(self) -> Told {
        Told { prose: 0, ..self }
    }

    fn of(around: &Around, out: &Readings) -> Told {
        let Readings { prose, said, told, told_ends, denied, warnings, dropped_warnings, .. } = out;
        Told {
            answers: around.answers,
            prompt: around.prompt,
            prose: prose.len() + said.len(),
            errors: told.len() + told_ends.len() + denied.len(),
            warnings: (warnings.len(), *dropped_warnings),
        }
    }
}

/// The format that reads a title, where it is a line of a log and not what people made of one.
fn of_title(title: &str) -> Option<&'static str> {
    match title {
        title if is_topic(title) => None,
        title if oom_killer::says_whom(title) => Some(oom_killer::FORMAT.id),
        title if java_error::is_refused_start(title) => Some(java_error::FORMAT.id),
        title if title.ends_with(" starting java failed with [137]") => Some(killers::FORMAT.id),
        _ => None,
    }
}

/// Formats of messages that people quote in headings, where they are no event.
const TOLD_IN_WORDS: [&str; 3] = ["event", "java-error", "oom-killer"];

/// True for a title in a script that no log is written in: `Killed process とは`, `OOMKilled 的排查`, `exit code 137 원인과 해결`.
fn is_topic(text: &str) -> bool {
    const ENDS: [&str; 20] = [
        "とは",
        "とは何か",
        "意味",
        "方法",
        "原因",
        "対処",
        "対処法",
        "対策",
        "見方",
        "について",
        "まとめ",
        "解決",
        "含义",
        "解决",
        "办法",
        "排查",
        "의미",
        "방법",
        "원인",
        "해결",
    ];
    let text = text.trim_end_matches([' ', '?', '？', '。', '!', '！', '」', '】']);
    text.ends_with(|c: char| !c.is_ascii()) && ENDS.iter().any(|end| text.ends_with(end))
}

/// True for a sentence that names options and says that they helped.
fn names_remedy(text: &str) -> bool {
    static OPTION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("-X"));
    OPTION.find(text.as_bytes()).is_some() && cause::remedies(text).next().is_some()
}

/// True for a prompt with several commands, each of which may be another reader's: `jcmd 7 VM.native_memory; cat /proc/7/status`.
fn is_of_many(body: &str) -> bool {
    is_prompt(body) && (body.contains("; ") || body.contains(" && "))
}

/// Starts of a JVM in one source that are told apart at most.
const MAX_STARTS: usize = 100;

/// Lines of a source that are asked for the zone of their times.
const WITH_ZONE: u32 = 20_000;

impl Dispatcher {
    /// For one source.
    pub fn new(source: u16) -> Dispatcher {
        Dispatcher {
            source,
            transport: Transport::default(),
            clocks: Clocks::default(),
            containers: Containers::default(),
            readers: FORMATS.iter().map(|format| (format.reader)()).collect(),
            recent: Vec::new(),
            classes: Vec::new(),
            understood: 0,
            step: 1,
            timed: Timed::default(),
            above: Above { is_blank: true, is_marked: false },
            around: Around::default(),
            causes: Causes::default(),
            beside: Beside::default(),
            starts: Vec::new(),
            afterwards: Vec::new(),
            repeats: Repeats::default(),
            eventful: 0,
            passed: Passed::default(),
            heard: BTreeSet::new(),
            quiet: QUIET,
            frames: Frames::default(),
        }
    }

    /// Offers every line, ordinary or not: the report is the same, and takes longer.
    pub fn passing_over_none(&mut self) {
        self.quiet = u32::MAX;
    }

    /// Reads one physical line.
    pub fn line(&mut self, number: u32, raw: &str, out: &mut Readings) {
        if self.frames.is_waiting() && self.frames.breaks(raw) {
            self.settle(out);
        }
        let ordinary = if self.frames.is_waiting() { None } else { self.ordinary(number, raw) };
        if ordinary.is_some() || !self.frames.wants(number, raw) {
            self.read(number, raw, ordinary, out);
        } else if self.frames.hold(number, raw, false) {
            self.settle(out);
        }
    }

    /// Reads the lines that have waited for each other.
    fn settle(&mut self, out: &mut Readings) {
        let source = self.source;
        let rate = |text: &str| {
            let body = transport::bare(text);
            let line = Line { source, body, ..Line::of(text) };
            match FORMATS.iter().map(|format| (format.claim)(&line)).max() {
                Some(Claim::Strong) => SURE,
                Some(Claim::Weak) => 1,
                Some(Claim::None) | None => 0,
            }
        };
        let known = |text: &str| {
            let at = (transport::bare(text).as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
            text.get(..at).map_or(0, |before| before.trim_end().len())
        };
        for held in self.frames.settle(known, rate) {
            match held.is_between {
                true => self.read_between(held.number, &held.raw, out),
                false => self.read(held.number, &held.raw, self.ordinary(held.number, &held.raw), out),
            }
        }
    }

    /// What the line is, if it is ordinary and nobody waits for it.
    fn ordinary<'a>(&self, number: u32, raw: &'a str) -> Option<Ordinary<'a>> {
        let is_quiet = self.step == 1
            && number.saturating_sub(self.eventful) > self.quiet
            && self.around.unterminated != Some(number)
            && self.transport.is_idle()
            && !self.frames.has_one();
        let is_heard = || !self.heard.is_empty() && self.heard.contains(program(raw));
        // Words may stand in a frame: those that are asked for it are read.
        let is_free = |what: &Ordinary<'_>| {
            !matches!(what, Ordinary::Words(_)) || self.causes.is_idle() && !self.frames.wants(number, raw)
        };
        if is_quiet && !is_heard() { ordinary(raw).filter(is_free) } else { None }
    }

    fn read(&mut self, number: u32, raw: &str, ordinary: Option<Ordinary<'_>>, out: &mut Readings) {
        let step = std::mem::replace(&mut self.step, 1);
        if self.repeats.passes_over(number, step, raw) {
            self.count_far();
            return;
        }
        self.catch_up(out);
        if number <= WITH_ZONE {
            Zone::of_line(raw).into_iter().for_each(|zone| out.clocks.zone(zone));
        }
        if ordinary.is_some_and(|what| self.pass(number, raw, what, out)) {
            return;
        }
        self.hand_over(out);
        let told = Told::of(&self.around, out);
        let (class, is_bare) = self.route_physical(number, step, raw, out);
        if number == 2 && raw.trim().is_empty() && self.understood == 1 {
            out.titles.push(self.source);
        }
        self.note_class(class);
        let now = Told::of(&self.around, out);
        // A number in words is nobody's beginning.
        let is_eventful = class.is_understood() || told.without_prose() != now.without_prose();
        if is_eventful {
            self.eventful = number;
            let program = program(raw);
            if !program.is_empty() && self.heard.len() < MAX_PROGRAMS && !self.heard.contains(program) {
                self.heard.insert(program.to_owned());
            }
        }
        if is_bare && told == now {
            self.repeats.note(raw, class);
        } else {
            self.repeats.end();
        }
    }

    /// Reads the numbers of a sentence; what was set afterwards says nothing of what happened.
    fn prose(&self, line: &Line<'_>, out: &mut Readings) {
        let known = out.prose.len();
        prose::read(line, out);
        load::read(line, out);
        if self.causes.in_remedy() {
            out.prose.iter_mut().skip(known).for_each(|number| number.about = None);
        } else if out.prose.iter().skip(known).any(|number| number.about.is_some()) {
            let start = line.span_of(line.body).start;
            for said in cause::remedies(line.body) {
                let is_in =
                    |number: &&mut ProseNumber| said.contains(&(number.span.start.saturating_sub(start) as usize));
                out.prose.iter_mut().skip(known).filter(is_in).for_each(|number| number.about = None);
            }
        }
    }

    /// Counts an ordinary line. False for a prompt or a fence, which it is no more.
    fn pass(&mut self, number: u32, raw: &str, what: Ordinary<'_>, out: &mut Readings) -> bool {
        let class = classify(what.said());
        let is_words = matches!(what, Ordinary::Words(_));
        if matches!(class, Surrounding::Prompt | Surrounding::Fence) || is_words && is_other_voice(raw) {
            return false;
        }
        if let Ordinary::Kernel(_) = what {
            let Dispatcher { transport, clocks, around, source, .. } = self;
            let physical = Physical { source: *source, number, raw };
            transport.unwrap(physical, raw, Stamp::default(), &mut |line| {
                clocks.note(line, &mut out.clocks);
                logger::note(line, &mut around.logged);
            });
            self.above = Above { is_blank: false, is_marked: false };
        }
        let line = Line { source: self.source, number, body: what.said(), ..Line::of(raw) };
        if class == Surrounding::Prose && number <= WITH_ZONE {
            system::read(&line, out);
        }
        // All else that tells a number is a sign, which no ordinary line has.
        match class {
            _ if !prose::may_have_a_number(line.body) => {}
            Surrounding::Prose => self.prose(&line, out),
            _ => prose::read_labelled(&line, out),
        }
        if is_words {
            self.note_afterwards(number, false);
            if class == Surrounding::Prose {
                self.causes.read(&line, out);
            }
        }
        if !self.containers.is_idle() {
            // It may end what a manifest began.
            let body = match what {
                Ordinary::Logged(said) | Ordinary::Kernel(said) if !program(raw).is_empty() => said,
                _ => raw,
            };
            self.containers.note(&Line { source: self.source, number, body, ..Line::of(raw) });
        }
        self.note_class(LineClass::Around(class));
        self.passed.put(number, raw, what);
        self.repeats.end();
        true
    }

    /// Hands over those of the lines that were passed over that matter to the next one.
    fn hand_over(&mut self, out: &mut Readings) {
        let mut passed = std::mem::take(&mut self.passed);
        self.stands_above(&passed.earliest, out);
        self.stands_above(&passed.latest, out);
        self.stands_above(&passed.logged, out);
        if passed.trace.number > passed.first_of_trace
            && let Some(logged) = &mut self.around.logged
            && logged.last_line.saturating_add(1) == passed.first_of_trace
        {
            logged.last_line = passed.trace.number - 1;
        }
        self.stands_above(&passed.trace, out);
        self.stands_above(&passed.blank, out);
        passed.clear();
        self.passed = passed;
    }

    /// Notes of a line that was passed over what the next ones ask for.
    fn stands_above(&mut self, Kept { number, text }: &Kept, out: &mut Readings) {
        if *number == 0 {
            return;
        }
        if self.causes.in_remedy() || is_advice(text) {
            self.around.advice = Some(*number);
        }
        let physical = Physical { source: self.source, number: *number, raw: text };
        let Dispatcher { transport, clocks, around, above, timed, .. } = self;
        transport.unwrap(physical, text, Stamp::default(), &mut |line| {
            clocks.note(line, &mut out.clocks);
            logger::note(line, &mut around.logged);
            above.note(line.body);
            timed.uptime = None;
        });
    }

    /// Counts the lines that were passed over and are too far away to matter to the next ones.
    fn count_far(&mut self) {
        while let Some(far) = self.repeats.far() {
            let class = match self.repeats.settled(far) {
                Settled::Own(_, class) => class,
                Settled::Between(is_blank) => self.class_between(is_blank),
            };
            self.note_class(class);
        }
    }

    /// Offers the lines that were passed over: something else follows.
    fn catch_up(&mut self, out: &mut Readings) {
        while let Some(near) = self.repeats.next() {
            let class = match self.repeats.settled(near) {
                Settled::Own(text, _) => {
                    let text = text.to_owned();
                    self.route_physical(near.number, near.step, &text, out).0
                }
                Settled::Between(is_blank) => self.class_between(is_blank),
            };
            self.note_class(class);
        }
    }

    /// The text ends with this line, which is fed next, without a line end.
    pub fn ends_in(&mut self, number: u32) {
        self.around.unterminated = Some(number);
    }

    /// Passes a line over that copying put behind another: a blank one, or the same once more.
    pub fn pass_over(&mut self, number: u32, raw: &str, out: &mut Readings) {
        match self.frames.is_waiting() {
            true => drop(self.frames.hold(number, raw, true)),
            false => self.read_between(number, raw, out),
        }
    }

    fn read_between(&mut self, number: u32, raw: &str, out: &mut Readings) {
        self.step = 2;
        out.copies.note(self.source, number);
        let is_blank = raw.trim().is_empty();
        if self.repeats.waits_between(number, is_blank) {
            self.count_far();
            return;
        }
        let class = match self.classes.is_empty() {
            true => LineClass::Around(classify(raw)),
            false => self.class_between(is_blank),
        };
        self.note_class(class);
    }

    /// What a line that copying put there is: the same as the one that it copies.
    fn class_between(&self, is_blank: bool) -> LineClass {
        match self.classes.last() {
            Some((_, class)) if !is_blank => *class,
            _ => LineClass::Around(Surrounding::Blank),
        }
    }

    fn note_class(&mut self, class: LineClass) {
        if class.is_understood() {
            self.understood = self.understood.saturating_add(1);
        }
        match self.classes.last_mut() {
            Some((count, last)) if *last == class => *count = count.saturating_add(1),
            _ => self.classes.push((1, class)),
        }
    }

    /// The source has ended.
    pub fn finish(mut self, out: &mut Readings) -> (Vec<(u32, LineClass)>, u32) {
        self.settle(out);
        self.catch_up(out);
        self.hand_over(out);
        let mut transport = std::mem::take(&mut self.transport);
        transport.finish(self.source, &mut |line| {
            self.route(line, out);
        });
        for reader in &mut self.readers {
            reader.finish(out);
        }
        self.note_attempts(out);
        out.relations.wholes.extend(self.afterwards.iter().map(|(first_line, last_line, _)| Belonging {
            first_line: *first_line,
            last_line: *last_line,
            to: Whole::Afterwards,
        }));
        self.containers.note_all(out);
        joining::join(self.source, out);
        self.clocks.finish(&mut out.clocks);
        (self.classes, self.understood)
    }

    /// Notes of several starts of a JVM which lines are about which.
    fn note_attempts(&self, out: &mut Readings) {
        let ends = self.starts.iter().skip(1).map(|next| next.line.saturating_sub(1)).chain([u32::MAX]);
        if (2..=MAX_STARTS).contains(&self.starts.len()) {
            out.relations.wholes.extend(self.starts.iter().zip(ends).map(|(at, last_line)| Belonging {
                first_line: at.line,
                last_line,
                to: Whole::Attempt { at: *at },
            }));
        }
    }

    /// Notes which lines are about what was set afterwards.
    fn note_afterwards(&mut self, number: u32, is_afterwards: bool) {
        if let Some((_, last, open)) = self.afterwards.last_mut().filter(|(.., open)| *open) {
            *open = is_afterwards;
            *last = if is_afterwards { number } else { number.saturating_sub(1) };
        } else if is_afterwards && self.afterwards.len() < MAX_STARTS {
            self.afterwards.push((number, number, true));
        }
    }

    /// Also tells whether it is a line without a clock of its own that nobody took, or a blank one.
    fn route_physical(&mut self, number: u32, step: u32, raw: &str, out: &mut Readings) -> (LineClass, bool) {
        let inside = self.frames.inside(raw);
        let (text, outer) = match &inside {
            Some(Inside { before, text }) => (text.as_ref(), transport::stamp_of(before)),
            None => (raw, Stamp::default()),
        };
        // Bulk rows (jstat, GC logs) carry no transport prefix: try the last reader first.
        if let Some(latest) = self.recent.last().copied()
            && !may_be_escaped(text)
        {
            let body = text.trim_ascii_end();
            let line = Line { source: self.source, number, step, raw, body, stamp: outer, around: &self.around };
            if let Some(reader) = self.readers.get_mut(latest)
                && reader.bulk(&line, out)
            {
                self.around.taken = Some(number);
                out.keep_early(self.source, number, raw);
                self.above = Above { is_blank: false, is_marked: false };
                self.frames.note(true);
                return (LineClass::of_reader(latest), false);
            }
        }
        // What stands there was set afterwards.
        let is_afterwards = self.causes.in_remedy();
        self.note_afterwards(number, is_afterwards);
        if is_afterwards || names_remedy(text) {
            self.around.advice = Some(number);
        }
        let mut transport = std::mem::take(&mut self.transport);
        let mut taken = None;
        let mut is_bare = true;
        let mut is_mark = false;
        // Without a logger's prefix, a terminal's colours, and the like.
        let mut plain: Option<String> = None;
        let physical = Physical { source: self.source, number, raw };
        let own = transport.unwrap(physical, text, outer, &mut |line| {
            let line = &Line { step, ..*line };
            is_bare &= line.stamp == Stamp::default() && text.len() == raw.len();
            is_mark = line.body.trim() == "#";
            let reader = self.route(line, out);
            let of = reader.and_then(|reader| FORMATS.get(reader)).map(|format| format.id);
            let is_told = matches!(of, None | Some("event" | "java-error" | "jvm-flags"));
            // The head of a crash file, which may be all that is pasted of it.
            let is_head =
                of == Some("hs-err") && (line.body.contains("Error (os_") || line.body.contains("hs_err_pid"));
            if number <= WITH_ZONE && (is_told || is_head) {
                system::look(line, out);
            }
            if number <= WITH_ZONE && is_told {
                application::look(line, out);
            }
            if let Some(reader) = reader {
                if !line.body.trim_ascii().is_empty() {
                    self.around.taken = Some(line.number);
                }
                taken = Some(reader);
            } else if plain.is_none() && line.body.trim() != text.trim() {
                plain = Some(line.body.to_owned());
            }
        });
        for warning in transport.take_warnings() {
            out.warn(warning);
        }
        self.transport = transport;
        if !raw.trim().is_empty() && taken.is_some() {
            self.causes.end();
        }
        // Whatever else its line says: a sentence may name options, too.
        if taken.is_none_or(|reader| FORMATS.get(reader).is_none_or(|format| format.id != "java-error")) {
            let body = plain.as_deref().unwrap_or(text);
            told::read(&Line { source: self.source, number, body, ..Line::of(raw) }, out);
        }
        let body = plain.as_deref().unwrap_or(text);
        self.beside.note(&Line { source: self.source, number, body, ..Line::of(raw) }, taken.is_some(), out);
        let class = match taken {
            // Readers have no use for a blank line, whatever they answer.
            Some(reader) => {
                out.keep_early(self.source, number, raw);
                is_bare &= text.trim().is_empty();
                LineClass::of_reader(reader)
            }
            None if own => {
                is_bare = false;
                LineClass::Transport
            }
            // Crash files frame what they say by lines with nothing but their mark.
            None if is_mark => LineClass::Around(Surrounding::Fence),
            None => {
                let body = plain.as_deref().unwrap_or(text);
                let around = match classify(text) {
                    Surrounding::Prose | Surrounding::Other => classify(body),
                    other => other,
                };
                let line = || Line { source: self.source, number, body, ..Line::of(raw) };
                if number <= WITH_ZONE && matches!(around, Surrounding::Prose) {
                    system::read(&line(), out);
                }
                if is_advice(body) {
                    self.around.advice = Some(number);
                }
                let may_speak = matches!(around, Surrounding::Prose | Surrounding::Other) && !is_of_log(raw);
                if may_speak && out.voices.len() < MAX_STARTS && is_other_voice(body) {
                    out.voices.push(line().span());
                }
                match around {
                    Surrounding::Prose => {
                        self.prose(&line(), out);
                        if !is_of_log(raw) {
                            self.causes.read(&line(), out);
                        }
                    }
                    Surrounding::Fence => self.causes.fence(number, raw),
                    Surrounding::Other => prose::read_labelled(&line(), out),
                    _ => {}
                }
                is_bare &= !matches!(around, Surrounding::Prompt | Surrounding::Fence);
                LineClass::Around(around)
            }
        };
        if !text.trim().is_empty() {
            self.frames.note(class.is_understood() && !matches!(class, LineClass::Around(_)));
        }
        (class, is_bare)
    }

    fn route(&mut self, line: &Line<'_>, out: &mut Readings) -> Option<usize> {
        self.clocks.note(line, &mut out.clocks);
        if self.timed.is_of(line) {
            return self.timed.reader;
        }
        if let Some((pid, word)) = answering(line.body) {
            self.around.answers = Some((pid, line.span_of(word)));
        } else if is_experiment(line.body) {
            self.starts.push(line.span());
        } else if let Some(command) = command_behind(line.body) {
            self.around.prompt = Some(line.number);
            if is_of_windows(line.body) {
                system::read(line, out);
            }
            if starts_jvm(command) && !command.contains("-version") {
                self.starts.push(line.span());
            }
            self.around.ran_jvm = starts_jvm(command) || self.around.ran_jvm && command.starts_with("echo ");
        }
        let mut around = std::mem::take(&mut self.around);
        let reader = self.offer(&Line { around: &around, ..*line }, out);
        if reader.is_none() {
            logger::note(line, &mut around.logged);
        }
        self.around = around;
        self.above.note(line.body);
        self.timed.uptime = line.stamp.uptime;
        if line.stamp.uptime.is_some() {
            self.timed.body.clear();
            self.timed.body.push_str(line.body);
            self.timed.reader = reader;
        }
        reader
    }

    fn offer(&mut self, line: &Line<'_>, out: &mut Readings) -> Option<usize> {
        self.containers.note(line);
        if container_start(line.body).is_some() || killed_command(line.body.trim()).is_some() {
            return self.route_to_all(line, out);
        }
        if is_of_many(line.body)
            && let Some(first) = self.route_to_all(line, out)
        {
            return Some(first);
        }
        let is_heading = self.is_heading(line.body);
        if let Some(latest) = self.recent.last().copied()
            && self.resume(latest, line, out)
        {
            return Some(latest);
        }
        if line.body.trim().is_empty() {
            return None;
        }
        // The title of a post is often the line itself.
        if is_heading
            && line.number <= TITLE
            && let quoted = (Line { body: line.body.trim_start_matches(['#', ' ']), ..*line })
            && let Some(format) = of_title(quoted.body)
            && let Some(at) = FORMATS.iter().position(|known| known.id == format)
            && self.open(at, &quoted, out)
        {
            return Some(at);
        }
        // No format claims what is nothing but words.
        if self.quiet < u32::MAX && is_said(line.body) {
            return self.resume_others(line, out);
        }
        let mut weak = Vec::new();
        for (at, format) in FORMATS.iter().enumerate() {
            if is_heading && TOLD_IN_WORDS.contains(&format.id) {
                continue;
            }
            match (format.claim)(line) {
                Claim::Strong if self.open(at, line, out) => return Some(at),
                Claim::Weak => weak.push(at),
                Claim::Strong | Claim::None => {}
            }
        }
        self.resume_others(line, out).or_else(|| weak.into_iter().find(|at| self.open(*at, line, out)))
    }

    /// Offers a line to the readers that have something open but for the latest.
    fn resume_others(&mut self, line: &Line<'_>, out: &mut Readings) -> Option<usize> {
        let mut others = self.recent.clone().into_iter().rev().skip(1);
        others.find(|at| self.resume(*at, line, out))
    }

    /// True for a heading of Markdown, a subject, or a condition, which people make of what programs said. Below a line, `# ` is the mark of crash files.
    fn is_heading(&self, body: &str) -> bool {
        let text = body.trim_start();
        let is_first = self.above.is_blank && !self.above.is_marked;
        let marks = text.bytes().take_while(|byte| *byte == b'#').count();
        let is_marked = text.as_bytes().get(marks) == Some(&b' ') && (marks > 1 || marks == 1 && is_first);
        // Nobody makes a heading of sizes: somebody made a comment of a log.
        let is_log = || ["total-vm:", "anon-rss:", "gfp_mask="].iter().any(|word| text.contains(word));
        is_marked && !is_log() || is_subject(text) || is_topic(text) || is_condition(text)
    }

    /// Offers a line that tells several formats of different things to each that claims it; the first one counts.
    fn route_to_all(&mut self, line: &Line<'_>, out: &mut Readings) -> Option<usize> {
        let mut first = None;
        for (at, format) in FORMATS.iter().enumerate() {
            if (format.claim)(line) == Claim::Strong && self.open(at, line, out) {
                first = first.or(Some(at));
            }
        }
        first
    }

    fn resume(&mut self, at: usize, line: &Line<'_>, out: &mut Readings) -> bool {
        let taken = self.readers.get_mut(at).is_some_and(|reader| reader.resume(line, out));
        if taken {
            self.note_recent(at);
        }
        taken
    }

    fn open(&mut self, at: usize, line: &Line<'_>, out: &mut Readings) -> bool {
        let taken = self.readers.get_mut(at).is_some_and(|reader| reader.open(line, out));
        if taken {
            self.note_recent(at);
        }
        taken
    }

    fn note_recent(&mut self, at: usize) {
        if self.recent.last() != Some(&at) {
            self.recent.retain(|known| *known != at);
            self.recent.push(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Lines of the corpus that are nothing but words and that somebody claims.
    fn claimed(folder: &Path, found: &mut Vec<String>) {
        for path in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                claimed(&path, found);
            } else if path.ends_with("input.log") {
                let text = String::from_utf8_lossy(&std::fs::read(&path).expect("a case")).into_owned();
                for raw in text.lines() {
                    let line = Line { body: transport::bare(raw), ..Line::of(raw) };
                    let said = FORMATS.iter().take_while(|_| is_said(line.body));
                    let by = said.filter(|format| (format.claim)(&line) != Claim::None);
                    found.extend(by.map(|format| format!("{}: {} of {}", path.display(), line.body, format.id)));
                }
            }
        }
    }

    #[test]
    fn no_format_claims_what_is_nothing_but_words() {
        let mut found = Vec::new();
        claimed(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus"), &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}
