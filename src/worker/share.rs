//! What is handed on of a report, in all its forms; and what was handed on, opened again. Runs where analyses run, so that
//! the page carries neither rules nor exports.

use crate::export::svg::{Look, Picture, Style};
use crate::export::{self, Back};
use crate::i18n::Language;
use crate::json::Json;
use crate::report::redact::redact;
use crate::report::{Report, link};

/// What goes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Json)]
pub enum Include {
    /// No lines and no names from the logs.
    #[default]
    Numbers,
    /// The lines that evidence quotes, too, redacted.
    Lines,
    /// The texts as they were pasted.
    Whole,
}

/// What is wanted of a report that is handed on.
#[derive(Clone, Debug, PartialEq, Eq, Json)]
pub struct Wish {
    /// What goes in.
    pub include: Include,
    /// What its author calls it; empty, it has its own title.
    pub name: String,
    /// Characters of the link, for which long series are reduced.
    pub limit: usize,
    /// Colours of pictures.
    pub look: Look,
    /// Address of the page, for what leads back to it.
    pub page: String,
}

impl Default for Wish {
    fn default() -> Wish {
        Wish {
            limit: link::MAX_CHARS,
            include: Include::default(),
            name: String::new(),
            look: Look::default(),
            page: String::new(),
        }
    }
}

/// A report in the forms in which it is handed on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Shared {
    /// What stands behind `r=`.
    pub link: String,
    /// How many samples and entries the link kept, of how many.
    pub reduced: Option<(usize, usize)>,
    /// How much of each kind was taken out.
    pub removed: Vec<(String, u32)>,
    /// What was replaced (kind, what stood there, what stands there now); stays on the page.
    pub replaced: Vec<(String, String, String)>,
    /// A line.
    pub title: String,
    /// What its files are called, without their endings.
    pub stem: String,
    /// One file.
    pub html: String,
    /// Format 1.
    pub json: String,
    /// For issues and chat.
    pub markdown: String,
    /// Series and tables.
    pub csv: String,
    /// The answer in the format of link previews.
    pub card: String,
    /// The answer and all charts.
    pub picture: String,
    /// The timeline, if there is one.
    pub timeline: Option<String>,
    /// The memory map, if there is one.
    pub memory: Option<String>,
    /// The findings as a Markdown table.
    pub table: String,
    /// Story and findings as plain text.
    pub plain: String,
    /// For an assistant: short, and numbers only whatever else goes in.
    pub brief: String,
}

/// Characters that the report takes in the address bar, if it can be made that short: every step of the browser's history
/// holds it, and mail and issues take it.
const ADDRESS_CHARS: usize = 8000;

/// What the browser keeps of a report, in its address bar and among the last ones: numbers only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Json)]
pub struct Kept {
    /// What stands behind `r=`.
    pub link: String,
    /// A line without names from the logs.
    pub title: String,
}

/// Writes what the browser keeps. `None` if not even the shortest form is short enough for a link.
pub fn kept(report: &Report, language: Language) -> Option<Kept> {
    let report = redact(report, false).report;
    let link = link::write(&report, ADDRESS_CHARS).text;
    (link.len() <= link::MAX_CHARS).then(|| Kept { link, title: report.verdict.headline.say(language) })
}

/// Writes all forms. `texts` are needed for the whole paste only.
pub fn share(whole: &Report, texts: &[(String, String)], wish: &Wish, language: Language) -> Shared {
    let include = wish.include;
    let mut shared = Shared::default();
    let whole = whole.clone().said(language);
    let report = match include {
        Include::Whole => whole,
        Include::Numbers | Include::Lines => {
            let redacted = redact(&whole, include == Include::Lines);
            shared.removed = redacted.removed.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect();
            let replaced = redacted.replaced.into_iter();
            shared.replaced = replaced.map(|one| (one.kind.to_owned(), one.original, one.now)).collect();
            redacted.report
        }
    };
    let report = report.named(&wish.name);
    let texts = if include == Include::Whole { texts } else { &[] };
    if texts.is_empty() {
        let link = link::write(&report, wish.limit.min(link::MAX_CHARS));
        shared.reduced = link.reduced.map(|reduced| (reduced.kept, reduced.of));
        shared.link = link.text;
    } else {
        shared.link = link::write_texts(texts);
    }
    let link = shared.link.clone();
    let back = Back { page: &wish.page, link: if link.len() <= link::MAX_CHARS { &link } else { "" } };
    let style = Style { language, width: 720, look: wish.look, back };
    let picture = |picture| export::svg::write(&report, picture, &style);
    shared.card = picture(Picture::Card).unwrap_or_default();
    shared.picture = picture(Picture::Report).unwrap_or_default();
    (shared.timeline, shared.memory) = (picture(Picture::Timeline), picture(Picture::Memory));
    shared.stem = export::file_stem(&report);
    shared.title = report.title_in(language);
    shared.table = export::snippet::table(&report, language);
    shared.plain = export::snippet::plain(&report, language);
    shared.brief = match include {
        Include::Numbers => export::brief::write_numbers(&report, language),
        Include::Lines | Include::Whole => export::brief::write(&report, language),
    };
    shared.html = export::html::write(&report, language, texts, back);
    shared.json = export::json::write(&report);
    shared.markdown = export::markdown::write(&report, language, back);
    shared.csv = export::csv::write(&report);
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sizing::{Field, Settings};
    use crate::report::open::{self, Opened};

    const KILL: &str =
        "Out of memory: Killed process 7 (acme) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";

    #[test]
    fn what_a_reader_set_is_in_every_form_and_in_the_size_of_the_heap() {
        let mut analyzer = crate::Analyzer::new(Language::En);
        analyzer.feed(include_bytes!("../../tests/corpus/incident/g1-jdk17-healthy/input.log"));
        let report = analyzer.finish().report;
        let answer = report.sizing.clone().expect("its heap has a size");
        let knobs = Field::PerRequest.set(&Field::Concurrency.set(&answer.knobs, 20), 3 << 20);
        let settings = Settings::between(&answer.knobs, &knobs);
        let set = report.clone().set(settings.clone());
        assert_eq!(set.verdict, report.verdict, "what was read is not what was set");
        assert_eq!(set.clone().set(Settings::default()), report, "and it can be taken back");
        for include in [Include::Numbers, Include::Lines, Include::Whole] {
            let shared = share(&set, &[], &Wish { include, ..Wish::default() }, Language::En);
            for text in [format!("#r={}", shared.link), shared.json, shared.html, shared.card, shared.markdown] {
                let Some(Ok(Opened::Report(opened))) = open::text(&text) else { panic!("does not open") };
                let size = opened.sizing.expect("its heap has a size");
                assert_eq!((&opened.settings, &size.knobs), (&settings, &knobs), "{include:?}");
                assert_ne!(size.reason.text, answer.reason.text);
            }
        }
    }

    #[test]
    fn every_form_opens_again_and_holds_what_was_chosen() {
        let mut analyzer = crate::Analyzer::new(Language::En);
        analyzer.feed(KILL.as_bytes());
        let report = analyzer.finish().report;
        let texts = [("a.log".to_owned(), KILL.to_owned())];
        for include in [Include::Numbers, Include::Lines, Include::Whole] {
            let wish = Wish { include, name: " Our  outage ".to_owned(), ..Wish::default() };
            let shared = share(&report, &texts, &wish, Language::Ko);
            for text in [format!("#r={}", shared.link), shared.html, shared.card, shared.markdown] {
                let opened = open::text(&text).expect("ours").expect("opens");
                match opened {
                    Opened::Report(report) => assert_eq!(report.name.as_deref(), Some("Our outage")),
                    Opened::Texts(_) | Opened::Sealed(_) => assert_eq!(include, Include::Whole),
                }
            }
            assert_eq!(shared.json.contains("acme"), include == Include::Whole);
            assert_eq!(shared.removed.is_empty(), include == Include::Whole);
        }
    }
}
