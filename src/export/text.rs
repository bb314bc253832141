//! The report for a terminal: the same order as on the page, with line numbers.

use crate::export::document::{Block, Claim, Document, Limits, Phrase, Piece, Section, Table};
use crate::export::table::{plain, width};
use crate::i18n::Language;
use crate::report::Report;

/// A terminal scrolls.
const LIMITS: Limits = Limits { rows: 60, items: 1000, details: 20 };
/// In narrower terminals lines are broken as if they were so wide.
const MIN_COLUMNS: usize = 40;

/// Columns that a value in a sentence may have to stay in one line.
const MAX_UNBROKEN: usize = 24;

/// Writes the report, for a terminal that is so many columns wide. Without, lines are as long as they are.
pub fn write(report: &Report, language: Language, columns: Option<usize>) -> String {
    let document = Document::of(report, language, LIMITS);
    let columns = columns.unwrap_or(usize::MAX).max(MIN_COLUMNS);
    let mut text = Text { out: String::new(), columns };
    text.wrapped("", "", &document.title.clone().into());
    text.line(&"=".repeat(width(&document.title).min(columns).min(80)));
    for section in &document.sections {
        text.section(section);
    }
    text.out
}

struct Text {
    out: String,
    columns: usize,
}

impl Text {
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// A sentence in lines that fit, the first after `mark`, the others after `indent`.
    fn wrapped(&mut self, mark: &str, indent: &str, phrase: &Phrase) {
        let mut line = mark.to_owned();
        let mut is_empty = true;
        for word in words(phrase) {
            if !is_empty && width(&line) + width(word.trim_end()) > self.columns {
                self.line(&line);
                indent.clone_into(&mut line);
            }
            line.push_str(&word);
            is_empty = false;
        }
        self.line(&line);
    }

    fn section(&mut self, section: &Section) {
        // Captions that name what stands in the section head it themselves, and the story needs no heading.
        let is_headed = matches!(section.blocks.first(), Some(Block::Table(table)) if !table.caption.is_empty());
        if !is_headed {
            self.line("");
        }
        if !is_headed && section.id != "story" {
            self.line(&section.heading);
        }
        let indent = if section.id == "story" { "" } else { "  " };
        for block in &section.blocks {
            match block {
                Block::Paragraph(phrase) => self.wrapped(indent, indent, phrase),
                Block::List(caption, phrases) => {
                    if !caption.is_empty() {
                        self.line(&format!("{indent}{caption}:"));
                    }
                    phrases.iter().for_each(|phrase| self.wrapped("  - ", "    ", phrase));
                }
                Block::Commands(commands) => {
                    for (command, about) in commands {
                        self.wrapped(indent, indent, &about.clone().into());
                        self.line(&format!("    {command}"));
                    }
                }
                Block::Options(caption, options) => {
                    self.line(&format!("  {caption}:"));
                    let rows = options.iter().map(|(option, about)| vec![option.clone(), about.clone()]).collect();
                    self.out.push_str(&plain(&Table { rows, ..Table::default() }, 4, self.columns));
                }
                Block::Table(table) if is_headed => {
                    self.line("");
                    self.wrapped("", "  ", &table.caption.clone().into());
                    self.table(table, 2);
                }
                Block::Table(table) if table.caption.is_empty() => self.table(table, 2),
                Block::Table(table) => {
                    self.line(&format!("  {}:", table.caption));
                    self.table(table, 4);
                }
                Block::Finding(claim) => self.claim(claim),
            }
        }
    }

    fn table(&mut self, table: &Table, indent: usize) {
        self.out.push_str(&plain(table, indent, self.columns));
        if !table.note.is_empty() {
            self.line(&format!("{}{}", " ".repeat(indent), table.note));
        }
    }

    fn claim(&mut self, claim: &Claim) {
        self.line("");
        let mut sentence = claim.claim.clone();
        sentence.0.push(Piece::Words(format!(" [{}]", claim.rule)));
        self.wrapped(&format!("  {}: ", claim.severity_word), "    ", &sentence);
        for (place, excerpt) in &claim.evidence {
            let quoted = if excerpt.is_empty() { place.clone() } else { format!("{place}: {excerpt}") };
            self.wrapped("    ", "      ", &quoted.into());
        }
        if !claim.rivals.is_empty() {
            self.wrapped("    ", "    ", &claim.rivals_lead.clone().into());
        }
        claim.rivals.iter().for_each(|rival| self.wrapped("    - ", "      ", rival));
        claim.next.iter().for_each(|next| self.wrapped("    > ", "      ", next));
    }
}

/// What is not broken: words with the blanks after them, numbers with their units, commands.
fn words(phrase: &Phrase) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut add = |part: &str| match words.last_mut() {
        Some(word) if !word.ends_with(' ') => word.push_str(part),
        _ => words.push(part.to_owned()),
    };
    for piece in &phrase.0 {
        match piece {
            Piece::Words(text) => text.split_inclusive(' ').for_each(&mut add),
            Piece::Value(text) if width(text) > MAX_UNBROKEN => text.split_inclusive(' ').for_each(&mut add),
            Piece::Value(text) | Piece::Command(text) => add(text),
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(columns: usize, pieces: Vec<Piece>) -> String {
        let mut text = Text { out: String::new(), columns };
        text.wrapped("- ", "  ", &Phrase(pieces));
        text.out
    }

    #[test]
    fn a_sentence_is_broken_between_words_and_a_command_never() {
        let words = |text: &str| Piece::Words(text.to_owned());
        assert_eq!(wrapped(12, vec![words("one two three four")]), "- one two\n  three four\n");
        assert_eq!(wrapped(8, vec![words("힙이 가득 찼다")]), "- 힙이\n  가득\n  찼다\n");
        let size = Piece::Value("683.5 MiB".to_owned());
        assert_eq!(wrapped(14, vec![words("it held "), size, words(".")]), "- it held\n  683.5 MiB.\n");
        let command = Piece::Command("jcmd 7 VM.flags".to_owned());
        assert_eq!(wrapped(12, vec![words("ask it: "), command]), "- ask it:\n  jcmd 7 VM.flags\n");
    }
}
