//! The report as sections of sentences, lists, and tables: written once, then rendered for a terminal, as Markdown, and
//! as HTML.

mod readings;

use std::borrow::Cow;

use crate::analysis::finding::{Finding, Severity};
use crate::analysis::sizing::Sizing;
use crate::analysis::statement::Statement;
use crate::document::{Form, Teller};
use crate::i18n::{self, Language, Words, format};
use crate::report::{Report, ReportWarning};
use crate::units::Bytes;
use crate::visible::shown_line;

/// A report in order.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// One line that names the incident.
    pub title: String,
    /// From the story to the sources.
    pub sections: Vec<Section>,
}

/// A part with a heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Stable: `story`, `findings`, `sizing`, `runs`, `kills`, …
    pub id: &'static str,
    /// In the report's language.
    pub heading: String,
    /// In order.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A sentence or two.
    Paragraph(Phrase),
    /// Sentences, under a caption if that is not empty.
    List(String, Vec<Phrase>),
    /// Commands to run, each after what it is for.
    Commands(Vec<(String, String)>),
    /// Options to copy, each before what it is for, under a caption.
    Options(String, Vec<(String, String)>),
    /// Rows under a header.
    Table(Table),
    /// A claim with its lines.
    Finding(Claim),
}

/// A sentence in pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Phrase(pub Vec<Piece>);

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// Words to read.
    Words(String),
    /// A number with its unit, a name.
    Value(String),
    /// A command to copy.
    Command(String),
}

impl From<String> for Phrase {
    fn from(words: String) -> Phrase {
        Phrase(vec![Piece::Words(words)])
    }
}

/// Rows under a header.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Column names; empty for a table of names and values.
    pub header: Vec<String>,
    /// Cells.
    pub rows: Vec<Vec<String>>,
    /// Said under it: how many rows are left out.
    pub note: String,
}

impl Table {
    /// True if a column holds numbers, which stand to the right.
    pub fn is_numeric(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty()).peekable();
        let is_number = |cell: &String| {
            let digits = cell.trim_start_matches(['+', '−', '-', '<']);
            // A list of facts may begin with a date.
            cell == "-" || (digits.starts_with(|c: char| c.is_ascii_digit()) && !cell.contains(", "))
        };
        cells.peek().is_some() && cells.all(is_number)
    }

    /// Columns of its longest row.
    pub fn columns(&self) -> usize {
        self.rows.iter().map(Vec::len).chain([self.header.len()]).max().unwrap_or(0)
    }
}

/// A finding in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// How much it matters.
    pub severity: Severity,
    /// The same as a word.
    pub severity_word: String,
    /// The rule.
    pub rule: &'static str,
    /// The sentence.
    pub claim: Phrase,
    /// Where each line stands, and its text if that is part of the report.
    pub evidence: Vec<(String, String)>,
    /// What is said before other explanations.
    pub rivals_lead: String,
    /// Other explanations.
    pub rivals: Vec<Phrase>,
    /// What to do next.
    pub next: Vec<Phrase>,
}

/// How much of long lists is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Rows of a table of samples, identical ones as one.
    pub rows: usize,
    /// Items of other lists.
    pub items: usize,
    /// Processes of a kill, largest first; collections of a GC log.
    pub details: usize,
}

impl Document {
    /// Of a report, in a language. What is hidden in names and lines of logs is shown as text.
    pub fn of(report: &Report, language: Language, limits: Limits) -> Document {
        let maker = Maker { report, language, limits };
        let all = [
            maker.story(),
            maker.findings(),
            maker.sizing(),
            maker.runs(),
            maker.kills(),
            maker.errors(),
            maker.events(),
            maker.nmt(),
            maker.jstat(),
            maker.gc_logs(),
            maker.host(),
            maker.gaps(),
            maker.warnings(),
            maker.sources(),
        ];
        let sections = all.into_iter().filter(|section| !section.blocks.is_empty()).collect();
        let mut document = Document { title: report.title_in(language), sections };
        document.each_text(&mut |text| {
            if let Cow::Owned(shown) = shown_line(text) {
                *text = shown;
            }
        });
        document
    }

    /// Hands every text to `each`, which may change it. Each is one line.
    fn each_text(&mut self, each: &mut dyn FnMut(&mut String)) {
        fn of_phrases(phrases: &mut [Phrase], each: &mut dyn FnMut(&mut String)) {
            for piece in phrases.iter_mut().flat_map(|phrase| &mut phrase.0) {
                let (Piece::Words(text) | Piece::Value(text) | Piece::Command(text)) = piece;
                each(text);
            }
        }
        fn of_pairs(pairs: &mut [(String, String)], each: &mut dyn FnMut(&mut String)) {
            pairs.iter_mut().flat_map(|(first, second)| [first, second]).for_each(each);
        }
        each(&mut self.title);
        for section in &mut self.sections {
            each(&mut section.heading);
            for block in &mut section.blocks {
                match block {
                    Block::Paragraph(phrase) => of_phrases(std::slice::from_mut(phrase), each),
                    Block::List(caption, phrases) => {
                        each(caption);
                        of_phrases(phrases, each);
                    }
                    Block::Commands(pairs) => of_pairs(pairs, each),
                    Block::Options(caption, pairs) => {
                        each(caption);
                        of_pairs(pairs, each);
                    }
                    Block::Table(Table { caption, header, rows, note }) => {
                        [caption, note].into_iter().for_each(&mut *each);
                        header.iter_mut().chain(rows.iter_mut().flatten()).for_each(&mut *each);
                    }
                    Block::Finding(claim) => {
                        [&mut claim.severity_word, &mut claim.rivals_lead].into_iter().for_each(&mut *each);
                        of_phrases(std::slice::from_mut(&mut claim.claim), each);
                        of_pairs(&mut claim.evidence, each);
                        of_phrases(&mut claim.rivals, each);
                        of_phrases(&mut claim.next, each);
                    }
                }
            }
        }
    }
}

struct Maker<'a> {
    report: &'a Report,
    language: Language,
    limits: Limits,
}

impl Maker<'_> {
    fn word(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    fn section(&self, id: &'static str, heading: &str, blocks: Vec<Block>) -> Section {
        Section { id, heading: self.word(heading), blocks }
    }

    fn phrase(&self, statement: &Statement) -> Phrase {
        let piece = |piece: i18n::Piece| match piece.argument.as_deref() {
            Some("command") => Piece::Command(piece.text),
            Some(_) => Piece::Value(piece.text),
            None => Piece::Words(piece.text),
        };
        Phrase(statement.pieces(self.language).into_iter().map(|(text, _)| piece(text)).collect())
    }

    fn phrases<'s>(&self, statements: impl IntoIterator<Item = &'s Statement>) -> Vec<Phrase> {
        statements.into_iter().map(|statement| self.phrase(statement)).collect()
    }

    /// What describes tables and facts.
    fn teller(&self) -> Teller<'_> {
        Teller { report: self.report, words: Words(self.language), form: Form::Text }
    }

    fn list(&self, items: Vec<String>) -> String {
        i18n::list(self.language, "list.items", items)
    }

    /// Where something stands; with the name of its source, where there are several.
    fn place(&self, source: u16, first: u32, last: u32) -> String {
        self.teller().place(source, first, last).text
    }

    fn more(&self, all: usize, shown: usize) -> String {
        match all.checked_sub(shown).filter(|left| *left > 0) {
            Some(left) => i18n::fill(self.language, "text.more", &[("count", &i18n::number(left as u64))]),
            None => String::new(),
        }
    }

    fn story(&self) -> Section {
        let verdict = &self.report.verdict;
        let subject = verdict.subject.iter().map(|part| part.say(self.language));
        let head: Vec<String> = std::iter::once(self.word(verdict.outcome.key())).chain(subject).collect();
        let mut blocks = vec![Block::Paragraph(head.join(" · ").into())];
        blocks.extend(self.phrases(&verdict.lede).into_iter().map(Block::Paragraph));
        for (caption, part) in [
            ("verdict.part.figures", &verdict.figures),
            ("verdict.part.actions", &verdict.actions),
            ("verdict.part.explanations", &verdict.explanations),
        ] {
            let list = || Block::List(self.word(caption), self.phrases(part));
            blocks.extend((!part.is_empty()).then(list));
        }
        blocks.extend(verdict.question().map(|gap| Block::Commands(vec![(gap.command.clone(), self.word(&gap.key))])));
        self.section("story", "page.section.story", blocks)
    }

    fn findings(&self) -> Section {
        let blocks = self.report.findings.iter().map(|finding| Block::Finding(self.claim(finding))).collect();
        self.section("findings", "page.section.findings", blocks)
    }

    fn claim(&self, finding: &Finding) -> Claim {
        let evidence = finding.evidence.iter().map(|evidence| {
            (self.place(evidence.source, evidence.line, evidence.line), evidence.excerpt.trim().to_owned())
        });
        Claim {
            severity: finding.severity,
            severity_word: self.word(severity_key(finding.severity)),
            rule: finding.rule.name(),
            claim: self.phrase(&finding.statement),
            evidence: evidence.collect(),
            rivals_lead: self.word("text.rivals"),
            rivals: self.phrases(&finding.rivals),
            next: self.phrases(&finding.next),
        }
    }

    fn sizing(&self) -> Section {
        let blocks = self.report.sizing.as_ref().map(|sizing| self.answer(sizing)).unwrap_or_default();
        self.section("sizing", "page.section.sizing", blocks)
    }

    fn answer(&self, sizing: &Sizing) -> Vec<Block> {
        let mut answer = self.phrase(&sizing.reason);
        if let Some(subject) = &sizing.facts.subject {
            let Phrase(mut whole) = self.phrase(subject);
            whole.push(Piece::Words(" ".to_owned()));
            whole.append(&mut answer.0);
            answer = Phrase(whole);
        }
        let mut blocks = vec![Block::Paragraph(answer)];
        // Below another limit than the heap's, its sums would be taken for those of that limit.
        if sizing.facts.elsewhere.is_some() {
            return blocks;
        }
        let sentences = sizing.current.iter().chain(&sizing.caveats).chain(&sizing.changes);
        let scenarios = sizing.scenarios.iter().map(|scenario| &scenario.statement);
        let sentences = self.phrases(sentences.chain(&sizing.decides).chain(scenarios).chain(&sizing.sensitivity));
        blocks.extend((!sentences.is_empty()).then_some(Block::List(String::new(), sentences)));
        for table in [self.teller().sizing_terms(sizing), self.teller().sizing_advice(sizing)] {
            blocks.extend((!table.is_empty()).then(|| Block::Table(self.described(&table, usize::MAX, false))));
        }
        let flags = sizing.flags.iter().map(|flag| (flag.text.clone(), flag.comment.say(self.language)));
        let flags: Vec<(String, String)> = flags.collect();
        blocks.extend((!flags.is_empty()).then(|| Block::Options(self.word("text.sizing-flags"), flags)));
        let missing = sizing.missing.iter().map(|gap| (gap.command.clone(), self.word(&gap.key)));
        let missing: Vec<(String, String)> = missing.collect();
        blocks.extend((!missing.is_empty()).then_some(Block::Commands(missing)));
        blocks
    }

    fn gaps(&self) -> Section {
        let commands: Vec<_> = self.report.gaps.iter().map(|gap| (gap.command.clone(), self.word(&gap.key))).collect();
        let blocks = if commands.is_empty() { vec![] } else { vec![Block::Commands(commands)] };
        self.section("gaps", "text.gaps", blocks)
    }

    fn warnings(&self) -> Section {
        let warnings = self.report.warnings_by_kind();
        let sentence = |(warning, others): &(&ReportWarning, Vec<u32>)| {
            let mut text = warning.say(self.language);
            if !others.is_empty() {
                let mut lines: Vec<String> = others.iter().take(Report::ALIKE).map(u32::to_string).collect();
                lines.extend((others.len() > Report::ALIKE).then(|| "…".to_owned()));
                let count = i18n::number(others.len() as u64);
                let lines = lines.join(", ");
                let more = i18n::fill(self.language, "text.alike", &[("count", &count), ("lines", &lines)]);
                text = format!("{text} {more}");
            }
            match warning.line {
                0 => text.into(),
                line => format!("{}: {text}", self.place(warning.source, line, line)).into(),
            }
        };
        let mut sentences: Vec<Phrase> = warnings.iter().take(self.limits.items).map(sentence).collect();
        let more = self.more(warnings.len(), self.limits.items);
        sentences.extend((!more.is_empty()).then(|| more.into()));
        let blocks = if sentences.is_empty() { vec![] } else { vec![Block::List(String::new(), sentences)] };
        self.section("warnings", "text.warnings", blocks)
    }

    fn sources(&self) -> Section {
        let sources = &self.report.sources;
        let mut sentences: Vec<Phrase> = sources
            .iter()
            .take(self.limits.items)
            .map(|source| {
                let bytes = format::size(Bytes(source.bytes));
                let lines = i18n::number(u64::from(source.lines));
                let understood = i18n::number(u64::from(source.understood_lines));
                let arguments = [("bytes", &*bytes), ("lines", &*lines), ("understood", &*understood)];
                format!("{}: {}", source.name, i18n::fill(self.language, "text.source", &arguments)).into()
            })
            .collect();
        let more = self.more(sources.len(), self.limits.items);
        sentences.extend((!more.is_empty()).then(|| more.into()));
        let blocks = if sentences.is_empty() { vec![] } else { vec![Block::List(String::new(), sentences)] };
        self.section("sources", "text.sources", blocks)
    }
}

/// The catalogue key of a severity.
pub fn severity_key(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "severity.critical",
        Severity::Warning => "severity.warning",
        Severity::Notice => "severity.notice",
        Severity::Good => "severity.good",
    }
}
