//! The report for an assistant or a chat message: plain text of at most [`MAX_BYTES`] bytes whatever the input's size, with numbers only.
//!
//! Nothing of the log leaves but what sharing lets out ([`redact`]), so that a brief may be pasted where a log may not. Places are
//! `source:line`: who has the log finds the line, who has the brief can ask for it. What does not fit goes by its weight, from the least
//! telling on, and the last line says how much went.

use crate::analysis::finding::Finding;
use crate::analysis::gaps::Gap;
use crate::analysis::sizing::{Role, Sizing, Term};
use crate::analysis::statement::Statement;
use crate::export::document::severity_key;
use crate::i18n::{self, Language, format};
use crate::report::Report;
use crate::report::redact::redact;
use crate::units::Bytes;
use crate::visible::shown_line;

/// Bytes of a brief at most, in UTF-8.
pub const MAX_BYTES: usize = 2500;
/// Findings in it at most.
pub const MAX_FINDINGS: usize = 7;
/// Places of one finding at most.
const MAX_PLACES: usize = 4;
/// Bytes of one line. The headline may be longer, since it is all that some readers see.
const MAX_LINE: usize = 480;
const MAX_HEADLINE: usize = 800;
/// Terms of a sum that are named, the largest; the others are one number.
const MAX_TERMS: usize = 6;
/// Sources that are named.
const MAX_SOURCES: usize = 4;
/// Commands that are asked for.
const MAX_ASKED: usize = 4;

/// Writes the brief of a report, without a line or a name of its logs.
pub fn write(report: &Report, language: Language) -> String {
    write_numbers(&redact(report, false).report, language)
}

/// The same of a report from which lines and names are taken out already.
pub(crate) fn write_numbers(report: &Report, language: Language) -> String {
    Brief { report, language, lines: Vec::new() }.write()
}

/// Parts from top to bottom.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Head,
    Findings,
    Size,
    Unknown,
    Actions,
}

const PARTS: [(Part, &str); 5] = [
    (Part::Head, ""),
    (Part::Findings, "page.section.findings"),
    (Part::Size, "brief.size"),
    (Part::Unknown, "brief.unknown"),
    (Part::Actions, "verdict.part.actions"),
];

/// A line and how soon it goes: the larger the number, the sooner.
struct Line {
    part: Part,
    goes: usize,
    text: String,
}

struct Brief<'a> {
    report: &'a Report,
    language: Language,
    lines: Vec<Line>,
}

impl Brief<'_> {
    fn word(&self, key: &str) -> String {
        i18n::text(self.language, key)
    }

    fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        i18n::fill(self.language, key, values)
    }

    fn say(&self, statement: &Statement) -> String {
        statement.say(self.language)
    }

    fn add(&mut self, part: Part, goes: usize, text: &str) {
        let most = if goes == 0 { MAX_HEADLINE } else { MAX_LINE };
        let text = cut(&shown_line(text.trim()), most);
        if !text.is_empty() && !self.lines.iter().any(|line| line.text == text) {
            self.lines.push(Line { part, goes, text });
        }
    }

    fn write(mut self) -> String {
        self.head();
        self.findings();
        self.size();
        self.unknown();
        let actions: Vec<String> = self.report.verdict.actions.iter().map(|action| self.say(action)).collect();
        for (nth, action) in actions.iter().enumerate() {
            self.add(Part::Actions, 5 + nth * 6, &format!("- {action}"));
        }
        let mut gone = [0; PARTS.len()];
        loop {
            let text = self.whole(&gone);
            // The headline stays: it fits by itself.
            let last =
                self.lines.iter().enumerate().filter(|(_, line)| line.goes > 0).max_by_key(|(_, line)| line.goes);
            let Some((at, part)) = last.map(|(at, line)| (at, line.part)).filter(|_| text.len() > MAX_BYTES) else {
                return text;
            };
            self.lines.remove(at);
            let part = PARTS.iter().position(|(known, _)| *known == part);
            if let Some(count) = part.and_then(|part| gone.get_mut(part)) {
                *count += 1;
            }
        }
    }

    fn whole(&self, gone: &[usize]) -> String {
        let mut out = format!("{}\n", self.word("brief.title"));
        for (part, heading) in PARTS {
            let mut lines = self.lines.iter().filter(|line| line.part == part).peekable();
            if lines.peek().is_some() && !heading.is_empty() {
                out.push_str(&format!("\n{}:\n", self.word(heading)));
            }
            lines.for_each(|line| out.push_str(&format!("{}\n", line.text)));
        }
        let cut = self.left_out(gone);
        if !cut.is_empty() {
            out.push_str(&format!("\n{cut}\n"));
        }
        out
    }

    /// What is not in it.
    fn left_out(&self, gone: &[usize]) -> String {
        let of =
            |wanted: Part| PARTS.iter().zip(gone).find(|((part, _), _)| *part == wanted).map_or(0, |(_, gone)| *gone);
        let findings = of(Part::Findings) + self.report.findings.len().saturating_sub(MAX_FINDINGS);
        let others = gone.iter().sum::<usize>() - of(Part::Findings);
        let counts = [("brief.cut.findings", findings), ("brief.cut.lines", others)];
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        let what: Vec<String> =
            counts.map(|(key, count)| self.fill(key, &[("count", &i18n::number(count as u64))])).collect();
        if what.is_empty() {
            return String::new();
        }
        let what = i18n::list(self.language, "list.items", what);
        self.fill("brief.cut", &[("limit", &i18n::number(MAX_BYTES as u64)), ("what", &what)])
    }

    fn head(&mut self) {
        let report = self.report;
        let verdict = &report.verdict;
        let subject = verdict.subject.iter().map(|part| self.say(part));
        let who: Vec<String> = std::iter::once(self.word(verdict.outcome.key())).chain(subject).collect();
        let sources = report.sources.iter().take(MAX_SOURCES).zip(0_u16..).map(|(source, at)| {
            let (bytes, lines) = (format::size(Bytes(source.bytes)), i18n::number(u64::from(source.lines)));
            let understood = i18n::number(u64::from(source.understood_lines));
            let values = [("bytes", &*bytes), ("lines", &*lines), ("understood", &*understood)];
            format!("{}: {}", self.source(at), self.fill("text.source", &values))
        });
        let mut sources: Vec<String> = sources.collect();
        let more = report.sources.len().saturating_sub(MAX_SOURCES);
        if more > 0 {
            sources.push(self.fill("text.more", &[("count", &i18n::number(more as u64))]));
        }
        let figures: Vec<String> = verdict.figures.iter().map(|figure| self.say(figure)).collect();
        let lede: Vec<String> = verdict.lede.iter().map(|sentence| self.say(sentence)).collect();
        self.add(Part::Head, 14, &sources.join("; "));
        self.add(Part::Head, 1, &who.join(" · "));
        self.add(Part::Head, 0, &self.say(&verdict.headline));
        for (nth, sentence) in lede.iter().enumerate() {
            self.add(Part::Head, 2 + nth * 4, sentence);
        }
        self.add(Part::Head, 7, &figures.join("; "));
    }

    fn findings(&mut self) {
        for (nth, finding) in self.report.findings.iter().take(MAX_FINDINGS).enumerate() {
            let line = self.finding(finding);
            self.add(Part::Findings, 3 + nth * 5, &line);
        }
    }

    /// `- critical heap-exhausted dmesg:12 dmesg:40: the claim`, without a claim that is said already.
    fn finding(&self, finding: &Finding) -> String {
        let places = finding.evidence.iter().take(MAX_PLACES);
        let mut places: Vec<String> =
            places.map(|line| format!("{}:{}", self.source(line.source), line.line)).collect();
        let more = finding.evidence.len().saturating_sub(MAX_PLACES);
        places.extend((more > 0).then(|| format!("+{more}")));
        let severity = self.word(severity_key(finding.severity));
        let head = format!("- {severity} [{}] {}", finding.rule.name(), places.join(" "));
        let claim = self.say(&finding.statement);
        let is_said = self.lines.iter().any(|line| line.text == claim);
        if is_said { head } else { format!("{head}: {}", cut(&claim, MAX_LINE.saturating_sub(head.len() + 2))) }
    }

    /// What a source is called in places.
    fn source(&self, source: u16) -> String {
        let named = self.report.sources.get(usize::from(source)).map(|source| source.name.trim());
        match named.filter(|name| !name.is_empty()) {
            Some(name) => cut(&shown_line(name), 40),
            None => (u32::from(source) + 1).to_string(),
        }
    }

    fn size(&mut self) {
        let Some(sizing) = &self.report.sizing else { return };
        self.add(Part::Size, 4, &self.say(&sizing.reason));
        // Below another limit than the heap's, its sums would be taken for those of that limit.
        if sizing.facts.elsewhere.is_some() {
            return;
        }
        for (goes, key, sum, is_floor) in
            [(8, "text.ceiling", sizing.ceiling, false), (10, "text.floor", sizing.floor, true)]
        {
            if let Some(sum) = sum {
                let line = format!("{} {} = {}", self.word(key), format::size(sum), self.sum(sizing, is_floor));
                self.add(Part::Size, goes, line.trim_end_matches([' ', '=']));
            }
        }
    }

    /// The terms of a sum with their signs, the small ones as one.
    fn sum(&self, sizing: &Sizing, is_floor: bool) -> String {
        let of_sum = |term: &&Term| term.role != Role::Aside && (term.role == Role::Floor) == is_floor;
        let terms: Vec<&Term> = sizing.terms.iter().filter(of_sum).collect();
        let mut sizes: Vec<u64> = terms.iter().map(|term| term.bytes.0).collect();
        sizes.sort_unstable();
        let least = sizes.iter().rev().nth(MAX_TERMS - 1).copied().unwrap_or_default();
        let signed =
            |is_taken: bool, size: Bytes| format!("{} {}", if is_taken { '−' } else { '+' }, format::size(size));
        let (mut out, mut small, mut net) = (Vec::new(), 0_u64, 0_i128);
        for term in terms {
            let is_taken = term.role == Role::Takes;
            if term.bytes.0 < least || out.len() >= MAX_TERMS {
                small += 1;
                net += i128::from(term.bytes.0) * if is_taken { -1 } else { 1 };
                continue;
            }
            let name = self.word(&format!("sizing.term.{}", term.name));
            let line = term.at.map(|at| (at.source, at.line)).or(term.line.map(|line| (0, line)));
            let from = match line {
                Some((source, line)) => format!("{}:{line}", self.source(source)),
                None => self.word(term.origin.key()),
            };
            out.push(format!("{} {name} ({from})", signed(is_taken, term.bytes)));
        }
        if small > 0 {
            let size = Bytes(u64::try_from(net.unsigned_abs()).unwrap_or(u64::MAX));
            let others = self.fill("brief.others", &[("count", &i18n::number(small))]);
            out.push(format!("{} {others}", signed(net < 0, size)));
        }
        out.join(" ").trim_start_matches("+ ").to_owned()
    }

    fn unknown(&mut self) {
        let report = self.report;
        let missing = report.sizing.iter().flat_map(|sizing| &sizing.missing);
        let mut asked: Vec<&Gap> = Vec::new();
        for gap in report.verdict.question().into_iter().chain(&report.gaps).chain(missing) {
            if asked.len() < MAX_ASKED && !asked.iter().any(|known| known.command == gap.command) {
                asked.push(gap);
            }
        }
        for (nth, explanation) in report.verdict.explanations.iter().enumerate() {
            self.add(Part::Unknown, 9 + nth * 6, &format!("- ? {}", self.say(explanation)));
        }
        for (nth, gap) in asked.into_iter().enumerate() {
            let line = format!("- {} {}", self.word(&gap.key), gap.command);
            // A command is whole, or it is none.
            if line.len() <= MAX_LINE {
                self.add(Part::Unknown, 6 + nth * 7, &line);
            }
        }
        let unread = report.warnings.len();
        if unread > 0 {
            self.add(Part::Unknown, 16, &self.fill("brief.warnings", &[("count", &i18n::number(unread as u64))]));
        }
    }
}

/// A text of at most so many bytes, whole characters; what is cut ends in dots.
fn cut(text: &str, most: usize) -> String {
    const DOTS: &str = "…";
    if text.len() <= most {
        return text.to_owned();
    }
    let most = most.saturating_sub(DOTS.len());
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= most).last().unwrap_or_default();
    format!("{}{DOTS}", text.get(..end).unwrap_or_default().trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    #[test]
    fn it_says_what_happened_where_and_what_to_ask_and_names_nobody() {
        let text = include_str!("../../tests/corpus/mixed/draft-post/input.log");
        let report = analysis_of(text).report;
        for language in Language::ALL {
            let brief = write(&report, language);
            assert!(brief.len() <= MAX_BYTES, "{} bytes", brief.len());
            let headline = redact(&report, false).report.verdict.headline.say(language);
            assert!(brief.contains(&headline), "{brief}");
            assert!(brief.contains("[machine-out-of-memory] paste:57"), "{brief}");
            assert!(brief.contains("ps aux --sort=-rss"), "{brief}");
        }
    }

    #[test]
    fn a_sum_adds_up_and_says_what_it_folds() {
        let text = include_str!("../../tests/corpus/mixed/draft-post/input.log");
        let brief = write(&analysis_of(text).report, Language::En);
        let line = |start: &str| brief.lines().find(|line| line.starts_with(start)).unwrap_or_default();
        let mebibytes = |text: &str| {
            let (number, rest) = text.trim_start_matches([' ', '+']).split_once(' ').expect("a number");
            assert!(rest.starts_with("MiB "), "{rest}");
            number.parse::<f64>().expect("a number")
        };
        for start in ["maximum ", "minimum "] {
            let (sum, terms) = line(start).strip_prefix(start).and_then(|line| line.split_once('=')).expect("a sum");
            let mut sign = 1.0;
            let mut total = 0.0;
            for part in terms.split_inclusive(['+', '−']) {
                total += sign * mebibytes(part);
                sign = if part.ends_with('−') { -1.0 } else { 1.0 };
            }
            assert!((total - mebibytes(sum)).abs() < 0.5, "{}", line(start));
        }
        assert!(line("maximum ").ends_with("− 20.0 MiB 2 smaller terms together"), "{brief}");
    }

    #[test]
    fn what_is_cut_keeps_whole_characters() {
        assert_eq!(cut("메모리", 9), "메모리");
        assert_eq!(cut("메모리", 8), "메…");
        assert_eq!(cut("abc", 0), "…");
    }

    #[test]
    fn of_very_many_kills_it_says_how_much_it_leaves_out() {
        let kills: String = (1..500)
            .map(|pid| format!("Out of memory: Killed process {pid} (secret{pid}) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n"))
            .collect();
        let report = analysis_of(&kills).report;
        for language in Language::ALL {
            let brief = write(&report, language);
            assert!(brief.len() <= MAX_BYTES && !brief.contains("secret"), "{brief}");
        }
    }
}
