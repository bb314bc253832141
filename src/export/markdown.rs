//! The report as Markdown for issues and chat: no raw HTML, and short enough for the body of an issue.
//!
//! Names and lines come from logs that anybody may have written, so every word that Markdown, a forge, or a chat would act on (markup,
//! mentions, links, references) is written as code, in which it stays the text that it is.

use std::fmt::Write as _;

use crate::export::Back;
use crate::export::document::{Block, Claim, Document, Limits, Phrase, Piece, Section, Table};
use crate::i18n::{self, Language};
use crate::report::Report;
use crate::report::open::IN_MARKDOWN;
use crate::visible::shown_line;

/// Characters that an issue takes are 65,536; something is left for words around it.
pub const MAX_CHARS: usize = 60_000;

/// Tried in turn until the text fits.
const LIMITS: [Limits; 4] = [
    Limits { rows: 60, items: 40, details: 20 },
    Limits { rows: 24, items: 12, details: 12 },
    Limits { rows: 8, items: 6, details: 6 },
    Limits { rows: 2, items: 3, details: 3 },
];

/// Writes the report in less than [`MAX_CHARS`] characters. Its last line leads back.
pub fn write(report: &Report, language: Language, back: Back<'_>) -> String {
    let mut text = String::new();
    let foot = foot(language, back);
    let most = MAX_CHARS - foot.len();
    for limits in LIMITS {
        text = whole(&Document::of(report, language, limits));
        if text.chars().count() < most {
            return text + &foot;
        }
    }
    let note = format!("\n\n{}\n{foot}", i18n::text(language, "markdown.cut"));
    // Cut between two paragraphs, so that no fence and no table is left open.
    let most = text.char_indices().nth(most - 400).map_or(text.len(), |(at, _)| at);
    let head = text.get(..most).unwrap_or_default();
    let head = head.rfind("\n\n## ").and_then(|at| head.get(..at)).unwrap_or_default();
    format!("{head}{note}")
}

/// The line that leads back to the report: to its page, or for a page that the reader knows.
fn foot(language: Language, back: Back<'_>) -> String {
    let words = i18n::text(language, "export.back");
    match back.fragment() {
        Some(address) if back.page().is_empty() => format!("\n{IN_MARKDOWN}{words} `{address}`\n"),
        Some(address) => format!("\n{IN_MARKDOWN}[{words}](<{address}>)\n"),
        None => String::new(),
    }
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
            Block::List(caption, items) => {
                if !caption.is_empty() {
                    let _ = writeln!(out, "**{}**\n", escaped(caption));
                }
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
    let _ = writeln!(out, "**{}:** {}\n", escaped(&claim.severity_word), phrase(&claim.claim));
    let (bare, quoted): (Vec<_>, Vec<_>) = claim.evidence.iter().partition(|(_, excerpt)| excerpt.is_empty());
    for (place, excerpt) in quoted {
        let _ = writeln!(out, "- {}: {}", escaped(place), code(excerpt));
    }
    if !bare.is_empty() {
        let places: Vec<String> = bare.iter().map(|(place, _)| escaped(place)).collect();
        let _ = writeln!(out, "- {}", places.join(", "));
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
    if table.header.is_empty() {
        // A table without a head is none in Markdown.
        for cells in &table.rows {
            let mut cells = cells.iter().filter(|cell| !cell.trim().is_empty()).map(|cell| escaped(cell));
            let (name, values) = (cells.next().unwrap_or_default(), cells.collect::<Vec<_>>().join(", "));
            let _ = if values.is_empty() { writeln!(out, "- {name}") } else { writeln!(out, "- {name}: {values}") };
        }
        if !table.note.is_empty() {
            let _ = writeln!(out, "\n{}", escaped(&table.note));
        }
        return;
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
    let mut out = String::new();
    let mut words = String::new();
    for piece in &phrase.0 {
        match piece {
            // What is put together here may refer to something where no piece alone does.
            Piece::Words(text) | Piece::Value(text) => words.push_str(text),
            Piece::Command(command) => {
                push(&mut out, &inert(&words));
                words.clear();
                push(&mut out, &code(command));
            }
        }
    }
    push(&mut out, &inert(&words));
    line(out)
}

/// Text that stays text: no markup, no mention, no reference, no link, no HTML, one line.
pub(crate) fn escaped(text: &str) -> String {
    line(inert(text))
}

/// A line that begins neither a list nor a heading.
fn line(text: String) -> String {
    let text = text.trim();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match text.split_at_checked(digits) {
        _ if text.starts_with(['-', '+', '=']) => format!("\\{text}"),
        Some((number, rest)) if digits > 0 && [". ", ") "].iter().any(|mark| rest.starts_with(mark)) => {
            format!("{number}\\{rest}")
        }
        _ => text.to_owned(),
    }
}

/// Words, with those as code that a forge or a chat would act on: inside code nothing is marked up, nobody is called, nothing is
/// linked, and it reads as it is.
fn inert(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (at, word) in shown_line(&text.replace(['\n', '\r', '\t'], " ")).split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        // A bar would end the cell of a table, and cannot stand in code outside of tables.
        for (at, part) in word.split('|').enumerate() {
            if at > 0 {
                out.push_str("\\|");
            }
            if !is_acted_on(part) {
                out.push_str(part);
                continue;
            }
            let (before, inner, after) = parted(part);
            out.push_str(before);
            push(&mut out, &code(inner));
            out.push_str(after);
        }
    }
    out
}

/// A word without what stands around it. A bracket that was opened inside is a part of it.
fn parted(word: &str) -> (&str, &str, &str) {
    let inner = word.trim_start_matches(OPENING);
    let (before, inner) = word.split_at_checked(word.len() - inner.len()).unwrap_or(("", word));
    let mut end = inner.trim_end_matches(CLOSING).len();
    if inner.get(..end).is_some_and(|text| text.matches('(').count() > text.matches(')').count())
        && inner.get(end..).is_some_and(|rest| rest.starts_with(')'))
    {
        end += 1;
    }
    let (inner, after) = inner.split_at_checked(end).unwrap_or((inner, ""));
    (before, inner, after)
}

/// What may stand around a word.
const OPENING: [char; 3] = ['(', '"', '\''];
const CLOSING: [char; 8] = [')', '"', '\'', ',', '.', ';', ':', '?'];

/// True if a forge or a chat may make more of a word than its letters: markup, `@name`, `#1`, `!1`, `owner/repo#1`, `%1`, `~label`, `GH-1`,
/// a commit, an address, `:smile:`.
fn is_acted_on(word: &str) -> bool {
    let bytes = word.as_bytes();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte >= 0x80;
    let marks = word.contains(['\\', '`', '*', '_', '[', ']', '#', '~', '<', '>', '&', '$', '@', '^']);
    // `43.2%` and `Stop!` are words.
    let prefix = |mark: u8| {
        bytes.windows(2).any(|pair| matches!(pair, [first, next] if *first == mark && (is_name(next) || *next == b'"')))
    };
    let address = word.contains("//")
        || ["mailto:", "xmpp:", "tel:", "www."].iter().any(|scheme| word.to_ascii_lowercase().contains(scheme))
        || bytes.windows(4).any(|part| {
            matches!(part, [before, b'.', a, b] if is_name(before) && a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
        });
    let issue = word.split('-').zip(word.split('-').skip(1)).any(|(before, number)| {
        let key = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        key.starts_with(|c: char| c.is_ascii_alphabetic()) && number.starts_with(|c: char| c.is_ascii_digit())
    });
    let commit = word
        .split(|c: char| !c.is_alphanumeric())
        .any(|part| part.len() >= MIN_COMMIT && part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let sign = word.split(':').skip(1).any(|name| name.bytes().any(|byte| byte.is_ascii_alphabetic()))
        && word.matches(':').count() > 1;
    marks || prefix(b'!') || prefix(b'%') || address || issue || commit || sign
}

/// Digits by which forges know a commit.
const MIN_COMMIT: usize = 7;

/// Puts a part behind another. Two pieces of code that touch would be one.
fn push(out: &mut String, part: &str) {
    if out.ends_with('`') && part.starts_with('`') {
        out.push(' ');
    }
    out.push_str(part);
}

/// Code in line: the fence is longer than any run of backticks inside.
fn code(text: &str) -> String {
    let text = shown_line(&text.replace(['\n', '\r', '\t'], " ")).into_owned();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Analyzer;

    fn of(text: &str, language: Language) -> String {
        let mut analyzer = Analyzer::new(language);
        analyzer.open("paste");
        analyzer.feed(text.as_bytes());
        write(&analyzer.finish().report, language, Back::default())
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
        assert!(text.contains("`<img`\\|`@all_#1`"), "{text}");
        assert_eq!(live(&text), Vec::<&str>::new(), "{text}");
    }

    #[test]
    fn backticks_do_not_end_the_code() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\u{1b}b"), "`a\\u{1b}b`");
        let command = |text: &str| Piece::Command(text.to_owned());
        let touching = Phrase(vec![Piece::Value("a_b".to_owned()), command("ls"), command("ps")]);
        assert_eq!(phrase(&touching), "`a_b` `ls` `ps`");
    }

    /// Words outside of code that something would be made of.
    fn live(markdown: &str) -> Vec<&str> {
        let outside = markdown.lines().flat_map(|line| line.split('`').step_by(2));
        let marks = ["@", "#", "<", ">", "_", "~", "&", "://", "GH-", "www."];
        outside.filter(|text| marks.iter().any(|mark| text.trim_start_matches(['#', ' ']).contains(mark))).collect()
    }

    #[test]
    fn what_a_forge_or_a_chat_would_act_on_is_code_and_reads_as_it_is() {
        for word in [
            "#1",
            "owner/repo#1",
            "GH-1",
            "gh-12",
            "JDK-8347811",
            "!12",
            "group/project!12",
            "@all",
            "a@b.example",
            "~bug",
            "%12",
            "%\"next",
            "&4",
            "$7",
            "^alert#1",
            "deadbeef",
            "0123456789abcdef0123456789abcdef01234567",
            "1234567",
            "https://example.com/x",
            "http:\u{2f}/x",
            "www.example.com",
            "mailto:x",
            "example.com",
            "README.md",
            "run.sh",
            "<b>",
            "</b>",
            "<https://x>",
            "[a](b)",
            "![a](b)",
            "*a*",
            "_a_",
            "~~a~~",
            "a\\b",
            "<!channel>",
            "java.lang.OutOfMemoryError",
        ] {
            assert_eq!(escaped(word), format!("`{word}`"));
            assert_eq!(escaped(&format!("of ({word}), it")), format!("of (`{word}`), it"));
        }
    }

    #[test]
    fn words_and_figures_stay_words() {
        for text in [
            "java (pid 16021) killed by the kernel, 2022-11-23 07:35:42 UTC",
            "683.5 MiB, 43.2%, e.g. 699,868 KiB",
            "Stop! 13 min 3 s?",
            "커널이 java(PID 16021)를 종료했습니다.",
            "−3.0 KiB and +12",
            "full GC/young GC",
        ] {
            assert_eq!(escaped(text), text);
        }
        assert_eq!((&*escaped("1. a"), &*escaped("12) a"), &*escaped("- a")), ("1\\. a", "12\\) a", "\\- a"));
        assert_eq!((&*escaped("&lt; x"), &*escaped(":tada: x")), ("`&lt`; x", "`:tada`: x"));
        assert_eq!(escaped("a|b"), "a\\|b");
        assert_eq!(escaped("a\u{202e}b\nc"), "`a\\u{202e}b` c");
    }

    #[test]
    fn a_very_long_report_is_cut_below_the_limit() {
        let kills: String = (1..4000).map(|pid| KILL.replace("process 7 ", &format!("process {pid} "))).collect();
        let text = of(&kills, Language::Ko);
        assert!(text.chars().count() < MAX_CHARS, "{}", text.chars().count());
    }
}
