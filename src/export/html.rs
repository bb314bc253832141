//! The report as one HTML file: opens from a disk, needs no network and no script, prints, and opens again in oomscope.

use std::fmt::Write as _;

use crate::analysis::finding::Severity;
use crate::export::Back;
use crate::export::document::{Block, Claim, Document, Limits, Phrase, Piece, Section, Table};
use crate::export::markup::escape;
use crate::export::svg::{self, Picture, Style};
use crate::i18n::{self, Language};
use crate::json::{self, Json};
use crate::report::Report;
use crate::visible::shown_in_json;

/// Id of the element that holds the report as JSON.
pub const REPORT_ID: &str = "oomscope-report";
/// Id of the element that holds the pasted texts, where they were included.
pub const TEXTS_ID: &str = "oomscope-texts";

const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const STYLE: &str = "
:root{color-scheme:light dark;--text:#1b1f24;--muted:#59626d;--line:#d9dee4;--ground:#ffffff;--soft:#f6f8fa;--critical:#b3261e;--warning:#8a5300;--notice:#0b61a4;--good:#00663f}
@media screen and (prefers-color-scheme:dark){:root{--text:#e6e9ee;--muted:#9aa4b0;--line:#333a44;--ground:#14171c;--soft:#1b2027;--critical:#ff8a80;--warning:#f2b36a;--notice:#6cb6ff;--good:#4cc9a4}}
body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:1rem 0 .25rem}
.note,.about,footer{color:var(--muted)}code{font:.875em ui-monospace,monospace;background:var(--soft);padding:.1em .25em}
pre{overflow-x:auto}.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.875rem;margin:.5rem 0}caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{border:1px solid var(--line);padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:normal}.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.finding{border-left:.25rem solid var(--notice);padding:.25rem 0 .25rem .75rem;margin:1rem 0}.finding.critical{border-color:var(--critical)}.finding.warning{border-color:var(--warning)}.finding.good{border-color:var(--good)}
.severity{font-weight:700}.critical .severity{color:var(--critical)}.warning .severity{color:var(--warning)}.notice .severity{color:var(--notice)}.good .severity{color:var(--good)}
figure{margin:1rem 0}figure svg{max-width:100%;height:auto}.narrow{display:none}
@media screen and (max-width:40rem){.broad{display:none}.narrow{display:block}}
@media print{:root{--text:#000;--muted:#444;--line:#999;--ground:#fff;--soft:#fff;color-scheme:light}.finding,figure,tr{break-inside:avoid}h2{break-after:avoid}body{max-width:none;padding:0}}
";

/// Writes the file. `texts` are the pasted texts with their names, where the whole paste is part of it.
pub fn write(report: &Report, language: Language, texts: &[(String, String)], back: Back<'_>) -> String {
    let document = Document::of(report, language, Limits { rows: 200, items: 60, details: 60 });
    let mut out = String::new();
    let title = escape(&document.title);
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"oomscope {}\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        language.tag(),
        env!("CARGO_PKG_VERSION"),
    );
    for section in &document.sections {
        write_section(&mut out, section);
        // As on the page.
        match section.id {
            "story" => write_chart(&mut out, report, Picture::Memory, language),
            "findings" => write_chart(&mut out, report, Picture::Timeline, language),
            _ => {}
        }
    }
    if !document.sections.iter().any(|section| section.id == "findings") {
        write_chart(&mut out, report, Picture::Timeline, language);
    }
    for (name, text) in texts {
        let _ =
            write!(out, "<section>\n<h2>{}</h2>\n<pre><code>{}</code></pre>\n</section>\n", escape(name), escape(text));
    }
    let way = match back.fragment().filter(|_| !back.page().is_empty()) {
        Some(address) => {
            format!(" <a href=\"{}\">{}</a>", escape(&address), escape(&i18n::text(language, "export.back")))
        }
        None => String::new(),
    };
    let _ = write!(out, "</main>\n<footer><p>{}{way}</p></footer>\n", escape(&i18n::text(language, "html.footer")));
    let _ = writeln!(out, "<script type=\"application/json\" id=\"{REPORT_ID}\">{}</script>", json(report));
    if !texts.is_empty() {
        let _ = writeln!(out, "<script type=\"application/json\" id=\"{TEXTS_ID}\">{}</script>", json(&texts.to_vec()));
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// JSON that cannot end the element it stands in.
fn json(value: &dyn Json) -> String {
    shown_in_json(&json::text(value)).replace('<', "\\u003c")
}

fn write_chart(out: &mut String, report: &Report, picture: Picture, language: Language) {
    let key = if picture == Picture::Memory { "page.section.memory" } else { "page.section.timeline" };
    let Some(broad) = svg::bare(report, picture, &Style::plain(language, 880)) else { return };
    let narrow = svg::bare(report, picture, &Style::plain(language, 340)).unwrap_or_default();
    let _ = write!(
        out,
        "<section>\n<h2>{}</h2>\n<figure class=\"broad\">\n{broad}</figure>\n<figure class=\"narrow\">\n{narrow}</figure>\n</section>\n",
        escape(&i18n::text(language, key)),
    );
}

fn write_section(out: &mut String, section: &Section) {
    let _ = writeln!(out, "<section id=\"{}\">\n<h2>{}</h2>", section.id, escape(&section.heading));
    for block in &section.blocks {
        match block {
            Block::Paragraph(sentence) => {
                let _ = writeln!(out, "<p>{}</p>", phrase(sentence));
            }
            Block::List(caption, items) => {
                if !caption.is_empty() {
                    let _ = writeln!(out, "<h3>{}</h3>", escape(caption));
                }
                write_list(out, items);
            }
            Block::Commands(commands) => {
                out.push_str("<ul>\n");
                for (command, about) in commands {
                    let _ = writeln!(out, "<li>{} <code>{}</code></li>", escape(about), escape(command));
                }
                out.push_str("</ul>\n");
            }
            Block::Options(caption, options) => {
                let _ = writeln!(out, "<h3>{}</h3>\n<ul>", escape(caption));
                for (option, about) in options {
                    let _ = writeln!(out, "<li><code>{}</code> {}</li>", escape(option), escape(about));
                }
                out.push_str("</ul>\n");
            }
            Block::Table(table) => write_table(out, table),
            Block::Finding(claim) => write_claim(out, claim),
        }
    }
    out.push_str("</section>\n");
}

/// A sentence with its commands as code.
fn phrase(phrase: &Phrase) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Words(words) | Piece::Value(words) => escape(words),
        Piece::Command(command) => format!("<code>{}</code>", escape(command)),
    };
    phrase.0.iter().map(piece).collect()
}

fn write_list(out: &mut String, items: &[Phrase]) {
    out.push_str("<ul>\n");
    for item in items {
        let _ = writeln!(out, "<li>{}</li>", phrase(item));
    }
    out.push_str("</ul>\n");
}

fn write_claim(out: &mut String, claim: &Claim) {
    let class = match claim.severity {
        Severity::Critical => "critical",
        Severity::Warning => "warning",
        Severity::Notice => "notice",
        Severity::Good => "good",
    };
    let _ = writeln!(
        out,
        "<article class=\"finding {class}\">\n<h3><span class=\"severity\">{}</span> {}</h3>\n<ul>",
        escape(&claim.severity_word),
        phrase(&claim.claim)
    );
    for (place, excerpt) in &claim.evidence {
        let _ = match excerpt.is_empty() {
            true => writeln!(out, "<li>{}</li>", escape(place)),
            false => writeln!(out, "<li>{}: <code>{}</code></li>", escape(place), escape(excerpt)),
        };
    }
    out.push_str("</ul>\n");
    if !claim.rivals.is_empty() {
        let _ = writeln!(out, "<p class=\"about\">{}</p>", escape(&claim.rivals_lead));
        write_list(out, &claim.rivals);
    }
    if !claim.next.is_empty() {
        write_list(out, &claim.next);
    }
    out.push_str("</article>\n");
}

fn write_table(out: &mut String, table: &Table) {
    out.push_str("<div class=\"wide\"><table>\n");
    if !table.caption.is_empty() {
        let _ = writeln!(out, "<caption>{}</caption>", escape(&table.caption));
    }
    let class = |column: usize| if table.is_numeric(column) { " class=\"number\"" } else { "" };
    if !table.header.is_empty() {
        out.push_str("<thead><tr>");
        for (column, cell) in table.header.iter().enumerate() {
            let _ = write!(out, "<th scope=\"col\"{}>{}</th>", class(column), escape(cell));
        }
        out.push_str("</tr></thead>\n");
    }
    out.push_str("<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let _ = match column {
                0 => write!(out, "<th scope=\"row\">{}</th>", escape(cell)),
                _ => write!(out, "<td{}>{}</td>", class(column), escape(cell)),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table></div>\n");
    if !table.note.is_empty() {
        let _ = writeln!(out, "<p class=\"note\">{}</p>", escape(&table.note));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Analyzer;

    fn report(text: &str) -> Report {
        let mut analyzer = Analyzer::new(Language::En);
        analyzer.open("<b onclick=x>");
        analyzer.feed(text.as_bytes());
        analyzer.finish().report
    }

    const KILL: &str = "[ 12.5] Out of memory: Killed process 7 (</script><script) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";

    #[test]
    fn markup_in_a_log_stays_text() {
        let texts = [("<i>".to_owned(), "</code><script>alert(1)</script>".to_owned())];
        let html = write(&report(KILL), Language::En, &texts, Back::default());
        assert_eq!(html.matches("<script").count(), 2, "only the data");
        assert_eq!(html.matches("</script>").count(), 2);
        assert!(!html.contains("<b ") && !html.contains("<i>"));
        assert!(html.contains("default-src 'none'"));
    }

    #[test]
    fn a_file_has_the_colours_of_the_page() {
        const TOKENS: &str = include_str!("../../static/css/tokens.css");
        let scheme = |start: &str| {
            let rest = STYLE.split_once(start).expect("a scheme").1;
            rest.split_once('}').expect("its end").0
        };
        let (light, dark) = (scheme("\n:root{color-scheme:light dark;"), scheme("(prefers-color-scheme:dark){:root{"));
        let ours = light.split(';').zip(dark.split(';')).map(|pair| {
            let (light, dark) = (pair.0.split_once(':').expect("a colour"), pair.1.split_once(':').expect("a colour"));
            assert_eq!(light.0, dark.0);
            (light.0.trim_start_matches('-'), light.1, dark.1)
        });
        for (name, light, dark) in ours {
            let token = match name {
                "muted" => "text-muted",
                "line" => "border",
                "ground" => "surface",
                "soft" => "surface-raised",
                name => name,
            };
            let line = format!("--{token}: light-dark({light}, {dark});");
            assert!(TOKENS.contains(&line), "tokens.css lacks `{line}`");
        }
    }

    #[test]
    fn nothing_is_fetched() {
        let html = write(&report(KILL), Language::Ko, &[], Back::default());
        let links = html.replace("http://www.w3.org/2000/svg", "");
        for way in ["http:", "https:", "src=", "href=", "url(", "@import"] {
            assert!(!links.contains(way), "{way}");
        }
    }
}
