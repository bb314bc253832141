//! The page's state and the one reducer that changes it. Effects (starting a job, moving focus) are hooks' matter.
//!
//! `B` is where the texts are: `Blob`s on the page, anything comparable in tests.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::rc::Rc;

use super::changes::Changes;
use crate::analysis::sizing::Settings;
use crate::analyzer::{Analysis, SourceMap};
use crate::i18n::Language;
use crate::report::{Report, name_of};
use crate::source::Span;
use crate::worker::protocol::{Problem, Progress};
use crate::worker::share::{Kept, Shared, Wish};

/// Shared data that is compared by address: a comparison of the whole report on every render would cost more than the
/// render.
#[derive(Debug)]
pub struct ByPtr<T>(Rc<T>);

impl<T> ByPtr<T> {
    /// Takes the value in.
    pub fn new(value: T) -> ByPtr<T> {
        ByPtr(Rc::new(value))
    }
}

impl<T> Clone for ByPtr<T> {
    fn clone(&self) -> ByPtr<T> {
        ByPtr(Rc::clone(&self.0))
    }
}

impl<T> PartialEq for ByPtr<T> {
    fn eq(&self, other: &ByPtr<T>) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Deref for ByPtr<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Everything the page knows.
#[derive(Debug, PartialEq)]
pub struct Session<B> {
    /// Where it stands.
    pub state: State<B>,
    /// Language of every word on the page.
    pub language: Language,
    /// Light or dark.
    pub theme: Theme,
    /// True while the source stands beside the report.
    pub source_open: bool,
    /// The line of it that the reader asked for, until they go back.
    pub shown: Option<Shown>,
    /// Said once about the last attempt to hand something over.
    pub notice: Option<Notice>,
    /// What was handed over beside a report, until the reader says whether it belongs to it.
    pub offered: Option<Rc<Vec<Text<B>>>>,
    /// What is handed on of the report, while the reader looks at it.
    pub sharing: Option<Sharing>,
    /// What the browser keeps of the report, once the job that made it has written that.
    pub kept: Option<ByPtr<Kept>>,
    /// What the reader set of the heap's size.
    pub settings: Settings,
    /// Number of the last job.
    last_job: u32,
}

impl<B: Clone> Clone for Session<B> {
    fn clone(&self) -> Session<B> {
        Session {
            state: self.state.clone(),
            language: self.language,
            theme: self.theme,
            source_open: self.source_open,
            shown: self.shown,
            notice: self.notice.clone(),
            offered: self.offered.clone(),
            sharing: self.sharing.clone(),
            kept: self.kept.clone(),
            settings: self.settings.clone(),
            last_job: self.last_job,
        }
    }
}

/// What is handed on of a report.
#[derive(Clone, Debug, PartialEq)]
pub struct Sharing {
    /// The job that writes it.
    pub job: u32,
    /// What is wanted.
    pub wish: Wish,
    /// All forms of it, once they are written.
    pub shared: Option<ByPtr<Shared>>,
}

/// How a report came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Handed over: a new step of the browser's history.
    HandedOver,
    /// The address led to it, as at the start, after a reload, or by Back.
    Address,
    /// The same where the address is all that is left of it: its texts were too large to keep.
    AddressAlone,
    /// A link under a passphrase: what was closed is kept nowhere open.
    Sealed,
}

/// Where the page stands.
#[derive(Debug, PartialEq)]
pub enum State<B> {
    /// Nothing was pasted.
    Empty,
    /// Something is on its way: what the address leads to, or what was handed over before the page was there.
    Opening,
    /// A job runs.
    Reading(Reading<B>),
    /// A report is shown.
    Ready(Ready<B>),
    /// The address holds a link under a passphrase.
    Locked(String),
    /// The last job came to nothing.
    Failed(Problem),
}

impl<B: Clone> Clone for State<B> {
    fn clone(&self) -> State<B> {
        match self {
            State::Empty => State::Empty,
            State::Opening => State::Opening,
            State::Reading(reading) => State::Reading(reading.clone()),
            State::Ready(ready) => State::Ready(ready.clone()),
            State::Locked(link) => State::Locked(link.clone()),
            State::Failed(problem) => State::Failed(problem.clone()),
        }
    }
}

/// A job that runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading<B> {
    /// Its number.
    pub job: u32,
    /// What it reads.
    pub texts: Rc<Vec<Text<B>>>,
    /// Where that came from.
    pub origin: Origin,
    /// How far it is.
    pub progress: Progress,
    /// The report that was shown before, and comes back if the job is cancelled.
    before: Option<Ready<B>>,
    /// True where it is that report with other texts.
    pub is_same: bool,
}

/// A report with what belongs to it.
#[derive(Debug, PartialEq)]
pub struct Ready<B> {
    /// The job that made it.
    pub job: u32,
    /// The report.
    pub report: ByPtr<Report>,
    /// One per source: what every line was.
    pub maps: ByPtr<Vec<SourceMap>>,
    /// One per source.
    pub texts: Rc<Vec<Text<B>>>,
    /// Where those came from.
    pub origin: Origin,
    /// What is not as it was before texts were added or taken out.
    pub changes: Option<ByPtr<Changes>>,
    /// What the reader or its author calls it.
    pub name: Option<String>,
}

impl<B> Ready<B> {
    /// Its name, else what it says first.
    pub fn title(&self, language: Language) -> String {
        self.name.clone().unwrap_or_else(|| self.report.verdict.headline.say(language))
    }
}

impl<B> Clone for Ready<B> {
    fn clone(&self) -> Ready<B> {
        let (report, maps, texts) = (self.report.clone(), self.maps.clone(), Rc::clone(&self.texts));
        Ready {
            job: self.job,
            report,
            maps,
            texts,
            origin: self.origin,
            changes: self.changes.clone(),
            name: self.name.clone(),
        }
    }
}

/// A text that was handed over.
#[derive(Clone, Debug, PartialEq)]
pub struct Text<B> {
    /// File name, or what the page calls a paste.
    pub name: String,
    /// Size.
    pub bytes: u64,
    /// The text itself.
    pub blob: B,
}

/// A line that is shown because a number led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Where.
    pub span: Span,
    /// The last line, if it is more than one.
    pub last: u32,
    /// Counts the askings, so that the same line asked for twice is scrolled to twice.
    pub asked: u32,
}

/// What becomes of texts that were handed over beside a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They belong to it.
    Adds,
    /// They are a report of their own.
    StandsAlone,
    /// They were a mistake.
    PutAway,
}

/// Something to tell about what was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The clipboard, or what was dropped, holds no text.
    Nothing,
    /// Cancelled by the reader.
    Cancelled,
    /// A packed file is being unpacked.
    Unpacking,
    /// What is to be handed on could not be written.
    NotShared,
    /// Only the numbers of a report are left.
    NumbersLeft,
    /// Memory ran out; the report before is shown again.
    Memory,
}

impl Notice {
    /// Its catalogue key.
    pub fn key(&self) -> &'static str {
        match self {
            Notice::Nothing => "page.notice.nothing",
            Notice::Cancelled => "page.notice.cancelled",
            Notice::Unpacking => "page.notice.unpacking",
            Notice::NotShared => "page.notice.not-shared",
            Notice::NumbersLeft => "page.notice.numbers-left",
            Notice::Memory => "page.notice.memory",
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All of them.
    pub const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    /// The name in `data-theme` and in the browser's memory.
    pub fn name(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// What one press leads to: away from what the system shows, to the same by choice, and back to the system.
    pub fn next(self, is_system_dark: bool) -> Theme {
        match (self, is_system_dark) {
            (Theme::Auto, false) | (Theme::Light, true) => Theme::Dark,
            (Theme::Auto, true) | (Theme::Dark, false) => Theme::Light,
            (Theme::Light, false) | (Theme::Dark, true) => Theme::Auto,
        }
    }

    /// From its name.
    pub fn from_name(name: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.name() == name)
    }
}

/// What can happen.
pub enum Action<B> {
    /// Texts are there to be read.
    Read(Vec<Text<B>>, Origin),
    /// Texts were handed over: where a report with its texts stands, they may belong to it.
    HandOver(Vec<Text<B>>),
    /// Texts belong to the report.
    Add(Vec<Text<B>>),
    /// What becomes of the texts that were handed over.
    Decide(Decision),
    /// A text does not belong to the report.
    TakeOut(usize),
    /// The address leads to a link under a passphrase.
    Lock(String),
    /// What a job was to read holds these texts.
    Opened(u32, Vec<Text<B>>),
    /// A job is on its way.
    Progressed(u32, Progress),
    /// A job is done.
    Finished(u32, Box<Analysis>),
    /// What the browser keeps of a job's report is written.
    Kept(u32, Option<Kept>),
    /// A job, or unpacking what was handed over, came to nothing.
    Failed(Option<u32>, Problem),
    /// The reader ends the job.
    Cancel,
    /// The reader puts the report away.
    StartAgain,
    /// The reader wants to see the source.
    OpenSource,
    /// A number leads to its line.
    Show(Span),
    /// The reader set something of the heap's size.
    Set(Settings),
    /// Call the report so; blank: by what it says first.
    Name(String),
    /// A range leads to its lines: where they begin, and the last of them.
    ShowLines(Span, u32),
    /// And back.
    GoBack,
    /// Another language.
    Speak(Language),
    /// Another theme.
    Look(Theme),
    /// Something to tell.
    Tell(Notice),
    /// The reader wants to hand the report on.
    Share(Wish),
    /// What a job wrote of it.
    Written(u32, Box<Shared>),
    /// Enough of it.
    EndSharing,
}

impl<B: Clone + PartialEq> Session<B> {
    /// At the start.
    pub fn new(language: Language, theme: Theme) -> Session<B> {
        Session {
            state: State::Empty,
            language,
            theme,
            source_open: false,
            shown: None,
            notice: None,
            offered: None,
            sharing: None,
            kept: None,
            settings: Settings::default(),
            last_job: 0,
        }
    }

    /// At the start, where something is on its way.
    pub fn opening(language: Language, theme: Theme) -> Session<B> {
        Session { state: State::Opening, ..Session::new(language, theme) }
    }

    /// True while nothing is known of what is on its way: what the address leads to is mostly there before anything could be told.
    pub fn is_opening(&self) -> bool {
        match &self.state {
            State::Opening => true,
            State::Reading(reading) => reading.origin != Origin::HandedOver && reading.progress.bytes == 0,
            State::Empty | State::Ready(_) | State::Locked(_) | State::Failed(_) => false,
        }
    }

    /// The job that runs.
    pub fn running_job(&self) -> Option<u32> {
        match &self.state {
            State::Reading(reading) => Some(reading.job),
            State::Empty | State::Opening | State::Ready(_) | State::Locked(_) | State::Failed(_) => None,
        }
    }

    /// The state after an action: the same pointer if the action changes nothing.
    pub fn after(self: Rc<Session<B>>, action: Action<B>) -> Rc<Session<B>> {
        let next = match action {
            Action::Read(texts, origin) => self.reading(texts, origin),
            Action::HandOver(texts) => match &self.state {
                State::Ready(ready) if !ready.maps.is_empty() && !texts.is_empty() => {
                    Some(Session { offered: Some(Rc::new(texts)), ..Session::clone(&self) })
                }
                _ => self.reading(texts, Origin::HandedOver),
            },
            Action::Add(texts) => self.with_texts(|known| known.extend(texts)),
            Action::Decide(decision) => self.offered.clone().and_then(|texts| match decision {
                Decision::Adds => self.with_texts(|known| known.extend(Vec::clone(&texts))),
                Decision::StandsAlone => self.reading(Vec::clone(&texts), Origin::HandedOver),
                Decision::PutAway => Some(Session { offered: None, ..Session::clone(&self) }),
            }),
            Action::TakeOut(nth) => self.with_texts(|known| {
                if known.len() > 1 && nth < known.len() {
                    known.remove(nth);
                }
            }),
            Action::Lock(link) => {
                let state = State::Locked(link);
                let Session { language, theme, last_job, .. } = *self;
                (self.state != state).then(|| Session { state, last_job, ..Session::new(language, theme) })
            }
            Action::Opened(job, texts) => self.opened(job, texts),
            Action::Progressed(job, progress) => self.progressed(job, progress),
            Action::Finished(job, analysis) => self.finished(job, *analysis),
            Action::Kept(job, kept) => self.kept(job, kept),
            Action::Failed(job, problem) => self.failed(job, problem),
            Action::Cancel => self.cancelled(),
            Action::StartAgain => self.started_again(),
            Action::Show(span) => Some(self.showing(span, span.line)),
            Action::ShowLines(span, last) => Some(self.showing(span, last.max(span.line))),
            Action::OpenSource => {
                let opens = !self.source_open && matches!(self.state, State::Ready(_));
                opens.then(|| Session { source_open: true, ..Session::clone(&self) })
            }
            Action::GoBack => self.source_open.then(|| self.cleared()),
            Action::Speak(language) => {
                (self.language != language).then(|| Session { language, ..Session::clone(&self) })
            }
            Action::Look(theme) => (self.theme != theme).then(|| Session { theme, ..Session::clone(&self) }),
            Action::Share(wish) => matches!(self.state, State::Ready(_)).then(|| {
                let job = self.last_job.wrapping_add(1);
                let sharing = Some(Sharing { job, wish, shared: None });
                Session { sharing, last_job: job, ..Session::clone(&self) }
            }),
            Action::Written(job, shared) => self.sharing.as_ref().filter(|sharing| sharing.job == job).map(|sharing| {
                let sharing = Some(Sharing { shared: Some(ByPtr::new(*shared)), ..sharing.clone() });
                Session { sharing, ..Session::clone(&self) }
            }),
            Action::Name(typed) => {
                let State::Ready(ready) = &self.state else { return self };
                let name = name_of(&typed);
                (ready.name != name)
                    .then(|| Session { state: State::Ready(Ready { name, ..ready.clone() }), ..Session::clone(&self) })
            }
            Action::Set(settings) => (self.settings != settings).then(|| Session { settings, ..Session::clone(&self) }),
            Action::EndSharing => self.sharing.is_some().then(|| Session { sharing: None, ..Session::clone(&self) }),
            Action::Tell(notice) => {
                let notice = Some(notice);
                (self.notice != notice).then(|| Session { notice, ..Session::clone(&self) })
            }
        };
        next.map_or(self, Rc::new)
    }

    /// Reads the report's texts again after a change of them.
    fn with_texts(&self, change: impl FnOnce(&mut Vec<Text<B>>)) -> Option<Session<B>> {
        let State::Ready(ready) = &self.state else { return None };
        let mut texts = Vec::clone(&ready.texts);
        change(&mut texts);
        number_alike(&mut texts);
        let mut session = (texts != *ready.texts).then(|| self.reading(texts, Origin::HandedOver)).flatten()?;
        if let State::Reading(reading) = &mut session.state {
            reading.is_same = true;
        }
        Some(session)
    }

    fn reading(&self, texts: Vec<Text<B>>, origin: Origin) -> Option<Session<B>> {
        if texts.is_empty() {
            return None;
        }
        let job = self.last_job.wrapping_add(1);
        let total = texts.iter().fold(0, |sum: u64, text| sum.saturating_add(text.bytes));
        let before = match &self.state {
            State::Ready(ready) => Some(ready.clone()),
            State::Reading(reading) => reading.before.clone(),
            State::Empty | State::Opening | State::Locked(_) | State::Failed(_) => None,
        };
        let progress = Progress { total, ..Progress::default() };
        let state = State::Reading(Reading { job, texts: Rc::new(texts), origin, progress, before, is_same: false });
        Some(Session { state, notice: None, sharing: None, kept: None, last_job: job, ..self.cleared() })
    }

    fn opened(&self, job: u32, texts: Vec<Text<B>>) -> Option<Session<B>> {
        match &self.state {
            State::Reading(reading) if reading.job == job => self.reading(texts, reading.origin),
            _ => None,
        }
    }

    fn kept(&self, job: u32, kept: Option<Kept>) -> Option<Session<B>> {
        match &self.state {
            State::Ready(ready) if ready.job == job => {
                Some(Session { kept: Some(ByPtr::new(kept?)), ..Session::clone(self) })
            }
            _ => None,
        }
    }

    fn progressed(&self, job: u32, progress: Progress) -> Option<Session<B>> {
        match &self.state {
            State::Reading(reading) if reading.job == job && reading.progress != progress => {
                let state = State::Reading(Reading { progress, ..reading.clone() });
                Some(Session { state, ..Session::clone(self) })
            }
            _ => None,
        }
    }

    fn finished(&self, job: u32, analysis: Analysis) -> Option<Session<B>> {
        match &self.state {
            State::Reading(reading) if reading.job == job => {
                let (report, maps) = (ByPtr::new(analysis.report), ByPtr::new(analysis.maps));
                let (texts, origin) = (Rc::clone(&reading.texts), reading.origin);
                let before = reading.before.as_ref().filter(|_| reading.is_same);
                let changes = before.map(|before| ByPtr::new(Changes::between(&before.report, &report)));
                // With other texts it is still what its reader called it.
                let name = report.name.clone().or_else(|| before.and_then(|before| before.name.clone()));
                let settings = report.settings.clone();
                let state = State::Ready(Ready { job, report, maps, texts, origin, changes, name });
                let notice = (origin == Origin::AddressAlone).then_some(Notice::NumbersLeft);
                Some(Session { state, notice, settings, ..Session::clone(self) })
            }
            _ => None,
        }
    }

    fn failed(&self, job: Option<u32>, problem: Problem) -> Option<Session<B>> {
        if self.sharing.as_ref().is_some_and(|sharing| Some(sharing.job) == job) {
            return Some(Session { sharing: None, notice: Some(Notice::NotShared), ..Session::clone(self) });
        }
        if job.is_some() && job != self.running_job() {
            return None;
        }
        // Where memory ends, what was read before stays.
        if let (Problem::Memory, State::Reading(Reading { before: Some(before), .. })) = (&problem, &self.state) {
            let state = State::Ready(before.clone());
            return Some(Session { state, notice: Some(Notice::Memory), ..self.cleared() });
        }
        Some(Session { state: State::Failed(problem), notice: None, ..self.cleared() })
    }

    fn cancelled(&self) -> Option<Session<B>> {
        let State::Reading(reading) = &self.state else { return None };
        let state = reading.before.clone().map_or(State::Empty, State::Ready);
        Some(Session { state, notice: Some(Notice::Cancelled), ..Session::clone(self) })
    }

    fn started_again(&self) -> Option<Session<B>> {
        let changes = self.state != State::Empty || self.notice.is_some();
        changes.then(|| Session { state: State::Empty, notice: None, kept: None, ..self.cleared() })
    }

    fn showing(&self, span: Span, last: u32) -> Session<B> {
        let asked = self.shown.map_or(0, |shown| shown.asked).wrapping_add(1);
        Session { source_open: true, shown: Some(Shown { span, last, asked }), ..Session::clone(self) }
    }

    /// The same with nothing beside the report or over it.
    fn cleared(&self) -> Session<B> {
        Session { source_open: false, shown: None, offered: None, ..Session::clone(self) }
    }
}

/// Texts of one name get numbers: `paste`, `paste 2`.
fn number_alike<B>(texts: &mut [Text<B>]) {
    let mut taken = BTreeSet::new();
    for text in texts {
        let name = text.name.clone();
        let mut nth = 2usize;
        while !taken.insert(text.name.clone()) {
            text.name = format!("{name} {nth}");
            nth = nth.saturating_add(1);
        }
    }
}

#[cfg(feature = "web")]
impl<B: Clone + PartialEq> yew::Reducible for Session<B> {
    type Action = Action<B>;

    fn reduce(self: Rc<Self>, action: Action<B>) -> Rc<Self> {
        self.after(action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sizing::{Field, Knobs};
    use crate::analyzer::analysis_of;

    type TestSession = Session<&'static str>;

    fn start() -> Rc<TestSession> {
        Rc::new(Session::new(Language::En, Theme::Auto))
    }

    fn pasted(blob: &'static str) -> Text<&'static str> {
        Text { name: "paste".into(), bytes: blob.len() as u64, blob }
    }

    fn analysis(blob: &str) -> Box<Analysis> {
        Box::new(analysis_of(blob))
    }

    fn ready(blob: &'static str) -> Rc<TestSession> {
        let session = start().after(Action::Read(vec![pasted(blob)], Origin::HandedOver));
        let job = session.running_job().expect("a job runs");
        session.after(Action::Finished(job, analysis(blob)))
    }

    fn span(line: u32) -> Span {
        Span { source: 0, line, start: 0, end: 1 }
    }

    #[test]
    fn a_paste_is_read_and_becomes_a_report() {
        let session = start().after(Action::Read(vec![pasted("one\ntwo")], Origin::HandedOver));
        let State::Reading(reading) = &session.state else { panic!("not reading") };
        assert_eq!((reading.job, reading.progress.total), (1, 7));
        let session = session.after(Action::Finished(1, analysis("one\ntwo")));
        let State::Ready(ready) = &session.state else { panic!("not ready") };
        assert_eq!(ready.report.sources[0].lines, 2);
    }

    #[test]
    fn what_the_address_leads_to_is_on_its_way_until_something_can_be_told() {
        let session = Rc::new(TestSession::opening(Language::En, Theme::Auto));
        assert!(session.is_opening());
        let reading = session.clone().after(Action::Read(vec![pasted("one")], Origin::Address));
        assert!(reading.is_opening());
        let progress = Progress { bytes: 1, total: 3, ..Progress::default() };
        assert!(!reading.after(Action::Progressed(1, progress)).is_opening());
        assert!(!session.clone().after(Action::HandOver(vec![pasted("one")])).is_opening());
        assert_eq!(session.after(Action::StartAgain).state, State::Empty);
    }

    #[test]
    fn an_action_that_changes_nothing_returns_the_same_session() {
        let session = ready("x");
        for action in [
            Action::Read(Vec::new(), Origin::HandedOver),
            Action::Progressed(1, Progress::default()),
            Action::Finished(1, analysis("late")),
            Action::Failed(Some(1), Problem::Fault { message: "late".into() }),
            Action::Cancel,
            Action::GoBack,
            Action::Speak(Language::En),
            Action::Look(Theme::Auto),
        ] {
            assert!(Rc::ptr_eq(&session, &Rc::clone(&session).after(action)));
        }
        let empty = start();
        assert!(Rc::ptr_eq(&empty, &Rc::clone(&empty).after(Action::StartAgain)));
    }

    #[test]
    fn another_paste_replaces_the_report_and_cancelling_brings_it_back() {
        let session = ready("first").after(Action::Read(vec![pasted("second")], Origin::HandedOver));
        assert_eq!(session.running_job(), Some(2));
        let back = session.after(Action::Cancel);
        let State::Ready(ready) = &back.state else { panic!("the report is gone") };
        assert_eq!((ready.texts[0].blob, &back.notice), ("first", &Some(Notice::Cancelled)));
    }

    #[test]
    fn cancelling_the_first_job_leads_back_to_the_start() {
        let session = start().after(Action::Read(vec![pasted("x")], Origin::HandedOver)).after(Action::Cancel);
        assert_eq!(session.state, State::Empty);
    }

    #[test]
    fn what_a_replaced_job_says_is_ignored() {
        let session = start()
            .after(Action::Read(vec![pasted("a")], Origin::HandedOver))
            .after(Action::Read(vec![pasted("b")], Origin::HandedOver));
        let late = Rc::clone(&session).after(Action::Finished(1, analysis("a")));
        assert!(Rc::ptr_eq(&session, &late));
        let progress = Progress { bytes: 1, total: 1, lines: 0, elapsed_ms: 1 };
        assert!(Rc::ptr_eq(&session, &Rc::clone(&session).after(Action::Progressed(1, progress))));
    }

    #[test]
    fn a_number_leads_to_its_line_and_back_any_number_of_times() {
        let session = ready("x").after(Action::Show(span(1)));
        let once = session.shown.expect("shown");
        let session = session.after(Action::Show(span(1)));
        let twice = session.shown.expect("shown");
        assert_eq!(once.span, twice.span);
        assert_ne!(once.asked, twice.asked);
        assert_eq!(session.after(Action::GoBack).shown, None);
    }

    #[test]
    fn what_is_handed_over_beside_a_report_waits_for_a_word() {
        let names = |session: &Session<&'static str>| match &session.state {
            State::Reading(reading) => reading.texts.iter().map(|text| text.name.clone()).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let session = start().after(Action::HandOver(vec![pasted("x")]));
        assert_eq!((session.running_job(), session.offered.clone()), (Some(1), None), "nothing is there to add to");
        let session = ready("x").after(Action::HandOver(vec![pasted("y")]));
        assert_eq!((session.running_job(), session.offered.is_some()), (None, true));
        let alone = Rc::clone(&session).after(Action::Decide(Decision::StandsAlone));
        assert_eq!((names(&alone), alone.offered.clone()), (vec!["paste".to_owned()], None));
        let away = Rc::clone(&session).after(Action::Decide(Decision::PutAway));
        assert_eq!((away.running_job(), away.offered.clone()), (None, None));
        let left = Rc::clone(&session).after(Action::StartAgain);
        assert_eq!(left.offered, None, "Back leads away from the question, too");
        let both = Rc::clone(&session).after(Action::Decide(Decision::Adds));
        assert_eq!(names(&both), ["paste", "paste 2"]);
        let added = session.after(Action::Add(vec![pasted("y"), pasted("z")]));
        assert_eq!(
            (names(&added), added.offered.clone()),
            (vec!["paste".into(), "paste 2".into(), "paste 3".into()], None)
        );
    }

    #[test]
    fn a_text_is_taken_out_and_the_last_one_stays() {
        let session = ready("x");
        assert!(Rc::ptr_eq(&session, &Rc::clone(&session).after(Action::TakeOut(0))));
        let session = session.after(Action::Add(vec![pasted("y")]));
        let session = session.after(Action::Finished(2, analysis("x")));
        let session = session.after(Action::TakeOut(0));
        let State::Reading(reading) = &session.state else { panic!("not reading") };
        assert_eq!(reading.texts.iter().map(|text| text.blob).collect::<Vec<_>>(), ["y"]);
    }

    #[test]
    fn language_and_theme_leave_the_report_alone() {
        let session = ready("x");
        let State::Ready(before) = &session.state else { panic!("not ready") };
        let before = before.clone();
        let session = Rc::clone(&session).after(Action::Speak(Language::Ko)).after(Action::Look(Theme::Dark));
        assert_eq!((session.language, session.theme), (Language::Ko, Theme::Dark));
        assert_eq!(session.state, State::Ready(before));
    }

    #[test]
    fn what_is_handed_on_is_written_by_a_job_of_its_own() {
        let session = ready("x").after(Action::Share(Wish::default()));
        let job = session.sharing.as_ref().expect("asked").job;
        assert_eq!((job, session.running_job()), (2, None));
        let late = Rc::clone(&session).after(Action::Written(1, Box::default()));
        assert!(Rc::ptr_eq(&session, &late));
        let session = session.after(Action::Written(job, Box::default()));
        assert!(session.sharing.as_ref().is_some_and(|sharing| sharing.shared.is_some()));
        assert_eq!(session.after(Action::EndSharing).sharing, None);
        assert_eq!(start().after(Action::Share(Wish::default())).sharing, None);
    }

    #[test]
    fn what_the_browser_keeps_belongs_to_the_report_that_is_shown() {
        let kept = |link: &str| Some(Kept { link: link.to_owned(), title: String::new() });
        let session = ready("x").after(Action::Kept(1, kept("1.a")));
        assert_eq!(session.kept.as_ref().map(|kept| kept.link.as_str()), Some("1.a"));
        let late = Rc::clone(&session).after(Action::Kept(7, kept("1.b")));
        assert!(Rc::ptr_eq(&session, &late));
        let session = session.after(Action::Read(vec![pasted("y")], Origin::HandedOver));
        assert_eq!(session.kept, None);
    }

    #[test]
    fn texts_inside_of_what_was_read_come_from_where_that_came_from() {
        let session = start().after(Action::Read(vec![pasted("#r=1.x")], Origin::AddressAlone));
        let session = session.after(Action::Opened(1, vec![pasted("text")]));
        let State::Reading(reading) = &session.state else { panic!("not reading") };
        assert_eq!((reading.job, reading.origin, reading.texts[0].blob), (2, Origin::AddressAlone, "text"));
        let session = session.after(Action::Finished(2, analysis("text")));
        assert_eq!(session.notice, Some(Notice::NumbersLeft));
    }

    #[test]
    fn the_first_press_always_changes_the_colours_and_the_third_leads_back() {
        for (system, first) in [(false, Theme::Dark), (true, Theme::Light)] {
            assert_eq!(Theme::Auto.next(system), first);
            assert_eq!(first.next(system).next(system), Theme::Auto);
        }
    }

    #[test]
    fn what_was_set_stays_with_other_texts_and_goes_with_another_report() {
        let knobs = Field::Concurrency.set(&Knobs::default(), 20);
        let settings = Settings::between(&Knobs::default(), &knobs);
        let session = ready("total used free\n").after(Action::Set(settings.clone()));
        assert!(Rc::ptr_eq(&session, &Rc::clone(&session).after(Action::Set(settings.clone()))));
        let added = Rc::clone(&session).after(Action::Add(vec![pasted("more")]));
        let State::Reading(reading) = &added.state else { panic!("not reading") };
        assert!(reading.is_same);
        assert_eq!(added.settings, settings);
        let other = session.after(Action::Read(vec![pasted("other")], Origin::HandedOver));
        let job = other.running_job().expect("a job");
        assert!(other.after(Action::Finished(job, analysis("other"))).settings.is_empty());
    }

    #[test]
    fn a_fault_is_shown_and_the_next_paste_still_works() {
        let session = start().after(Action::Read(vec![pasted("x")], Origin::HandedOver));
        let session = session.after(Action::Failed(Some(1), Problem::Fault { message: "m".into() }));
        assert!(matches!(session.state, State::Failed(Problem::Fault { .. })));
        assert_eq!(session.after(Action::Read(vec![pasted("y")], Origin::HandedOver)).running_job(), Some(2));
    }

    #[test]
    fn where_memory_ends_the_report_before_stays() {
        let session = ready("total used free\n");
        let State::Ready(before) = &session.state else { panic!("no report") };
        let job = before.job;
        let session = session.after(Action::Read(vec![pasted("much more")], Origin::HandedOver));
        let running = session.running_job();
        let session = session.after(Action::Failed(running, Problem::Memory));
        assert!(matches!(&session.state, State::Ready(ready) if ready.job == job));
        assert_eq!(session.notice, Some(Notice::Memory));
        let session = start().after(Action::Read(vec![pasted("much")], Origin::HandedOver));
        let running = session.running_job();
        let session = session.after(Action::Failed(running, Problem::Memory));
        assert_eq!(session.state, State::Failed(Problem::Memory));
    }
}
