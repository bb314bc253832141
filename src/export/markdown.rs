//! The report as Markdown for issues and chat: no raw HTML, and short enough for the body of an issue.
//!
//! Names and lines come from logs that anybody may have written, so everything that Markdown or a forge would act on
//! (markup, mentions, links, references) is written so that it stays text.

use std::fmt::Write as _;

use crate::export::document::{Block, Claim, Document, Limits, Phrase, Piece, Section, Table};
use crate::i18n::{self, Language};
use crate::report::Report;

/// Characters that an issue takes are 65,536; something is left for words around it.
pub const MAX_CHARS: usize = 60_000;

/// Tried in turn until the text fits.
const LIMITS: [Limits; 4] = [
    Limits { rows: 60, items: 40, details: 20 },
    Limits { rows: 24, items: 12, details: 12 },
    Limits { rows: 8, items: 6, details: 6 },
    Limits { rows: 2, items: 3, details: 3 },
];

/// Writes the report in less than [`MAX_CHARS`] characters.
pub fn write(report: &Report, language: Language) -> String {
    let mut text = String::new();
    for limits in LIMITS {
        text = whole(&Document::of(report, language, limits));
        if text.chars().count() < MAX_CHARS {
            return text;
        }
    }
    let note = format!("\n\n{}\n", i18n::text(language, "markdown.cut"));
    // Cut between two paragraphs, so that no fence and no table is left open.
    let most = text.char_indices().nth(MAX_CHARS - 400).map_or(text.len(), |(at, _)| at);
    let head = text.get(..most).unwrap_or_default();
    let head = head.rfind("\n\n## ").and_then(|at| head.get(..at)).unwrap_or_default();
    format!("{head}{note}")
}

fn whole(document: &Document) -> String {
    let mut out = format!("# {}\n", escaped(&document.title));
    for section in &document.sections {
        write_section(&mut out, section);
    }
    out
}

fn write_section(out: &mut String, section: &Section) {
    let _ = writeln!(out, "\n## {}", escaped(&section.heading));
    for block in &section.blocks {
        out.push('\n');
        match block {
            Block::Paragraph(sentence) => {
                let _ = writeln!(out, "{}", phrase(sentence));
            }
            Block::List(items) => {
                for item in items {
                    let _ = writeln!(out, "- {}", phrase(item));
                }
            }
            Block::Options(caption, options) => {
                let _ = writeln!(out, "**{}**\n", escaped(caption));
                for (option, about) in options {
                    let _ = writeln!(out, "- {}: {}", code(option), escaped(about));
                }
            }
            Block::Commands(commands) => {
                for (command, about) in commands {
                    let _ = writeln!(out, "- {}: {}", escaped(about.trim_end_matches(':')), code(command));
                }
            }
            Block::Table(table) => write_table(out, table),
            Block::Finding(claim) => write_claim(out, claim),
        }
    }
}

fn write_claim(out: &mut String, claim: &Claim) {
    let _ = writeln!(out, "**{}:** {} ({})\n", escaped(&claim.severity_word), phrase(&claim.claim), code(&claim.rule));
    for (place, excerpt) in &claim.evidence {
        let _ = match excerpt.is_empty() {
            true => writeln!(out, "- {}", escaped(place)),
            false => writeln!(out, "- {}: {}", escaped(place), code(excerpt)),
        };
    }
    for rival in &claim.rivals {
        let _ = writeln!(out, "- ⇄ {}", phrase(rival));
    }
    for next in &claim.next {
        let _ = writeln!(out, "- → {}", phrase(next));
    }
}

fn write_table(out: &mut String, table: &Table) {
    if !table.caption.is_empty() {
        let _ = writeln!(out, "**{}**\n", escaped(&table.caption));
    }
    let columns = table.columns();
    let row = |cells: &[String]| {
        let cell = |at: usize| cells.get(at).map(|cell| escaped(cell)).unwrap_or_default();
        format!("| {} |", (0..columns).map(cell).collect::<Vec<_>>().join(" | "))
    };
    let _ = writeln!(out, "{}", row(&table.header));
    let marks = (0..columns).map(|column| if table.is_numeric(column) { "---:" } else { "---" });
    let _ = writeln!(out, "| {} |", marks.collect::<Vec<_>>().join(" | "));
    for cells in &table.rows {
        let _ = writeln!(out, "{}", row(cells));
    }
    if !table.note.is_empty() {
        let _ = writeln!(out, "\n{}", escaped(&table.note));
    }
}

/// A sentence with its commands as code.
fn phrase(phrase: &Phrase) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) | Piece::Value(words) => unmarked(words),
        Piece::Command(command) => code(command),
    };
    line(phrase.0.iter().map(piece).collect())
}

/// Text that stays text: no markup, no mention, no reference, no link, no HTML, one line.
pub(crate) fn escaped(text: &str) -> String {
    line(unmarked(text))
}

/// A line that begins neither a list nor a heading.
fn line(text: String) -> String {
    let text = text.trim();
    if text.starts_with(['-', '+', '=']) { format!("\\{text}") } else { text.to_owned() }
}

fn unmarked(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '<' | '>' | '!' | '&' | '$' => out.extend(['\\', c]),
            // After a zero-width space nobody is called and nothing becomes a link.
            '@' => out.push_str("@\u{200b}"),
            '/' if before == ':' => out.push_str("\u{200b}/"),
            '.' if out.ends_with("www") => out.push_str("\u{200b}."),
            c if is_hostile(c) => out.push(' '),
            c => out.push(c),
        }
        before = c;
    }
    out
}

/// Code in line: the fence is longer than any run of backticks inside. A bar would end the cell of a table.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_hostile(c) { ' ' } else { c }).collect();
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    if text.trim().is_empty() { String::new() } else { format!("{fence}{pad}{text}{pad}{fence}") }
}

fn is_hostile(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Analyzer;

    fn of(text: &str, language: Language) -> String {
        let mut analyzer = Analyzer::new(language);
        analyzer.open("paste");
        analyzer.feed(text.as_bytes());
        write(&analyzer.finish().report, language)
    }

    const KILL: &str = "Out of memory: Killed process 7 (java) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:20kB oom_score_adj:0\n";

    #[test]
    fn it_has_a_title_a_story_and_findings_with_their_lines() {
        let text = of(KILL, Language::En);
        assert!(text.starts_with("# "), "{text}");
        assert!(text.contains("\n## What happened\n"), "{text}");
        assert!(text.contains("- line 1: `Out of memory: Killed process 7 (java)"), "{text}");
        assert!(of(KILL, Language::Ko).contains("커널"));
    }

    #[test]
    fn a_name_of_a_log_stays_text() {
        let text = of(&KILL.replace("(java)", "(<img|@all_#1)"), Language::En);
        assert!(text.contains("\\<img\\|@\u{200b}all\\_\\#1"), "{text}");
        assert!(!text.lines().any(|line| !line.contains('`') && line.replace("\\<", "").contains("<img")), "{text}");
    }

    #[test]
    fn backticks_do_not_end_the_code() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\u{1b}b"), "`a b`");
    }

    #[test]
    fn a_very_long_report_is_cut_below_the_limit() {
        let kills: String = (1..4000).map(|pid| KILL.replace("process 7 ", &format!("process {pid} "))).collect();
        let text = of(&kills, Language::Ko);
        assert!(text.chars().count() < MAX_CHARS, "{}", text.chars().count());
    }
}
