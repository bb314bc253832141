//! Charts as SVG files: the same scenes as on the screen, with title and description, without script or anything from
//! elsewhere. A picture may carry its report as a link and then opens again where reports are opened.

use std::fmt::Write as _;

use crate::json::Json;

use plotters::prelude::{IntoDrawingArea, SVGBackend};

use crate::chart::measured::Measured;
use crate::chart::memory::{MemoryLayout, MemoryScene, draw_memory};
use crate::chart::theme::ChartTheme;
use crate::chart::timeline::{Layout, Timeline, draw_timeline};
pub use crate::export::card::CARD;
use crate::export::markup::escape;
use crate::export::{Back, card};
use crate::i18n::{self, Language};
use crate::report::Report;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// What happened when, below the headline.
    Timeline,
    /// Who had the memory, below the headline.
    Memory,
    /// The answer with one small chart, in the format of link previews ([`CARD`]).
    Card,
    /// The answer and both charts, as long as they are.
    Report,
}

/// In which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Json)]
pub enum Look {
    /// On white.
    Light,
    /// On black.
    Dark,
    /// As the reader's system says.
    #[default]
    Both,
}

/// How a picture is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// Of its texts.
    pub language: Language,
    /// In pixels; a card has its own.
    pub width: u32,
    /// Its colours.
    pub look: Look,
    /// What it carries, and where it opens again.
    pub back: Back<'a>,
}

impl Style<'_> {
    /// Of a width, in both colours, and without anything to carry.
    pub fn plain(language: Language, width: u32) -> Style<'static> {
        Style { language, width, look: Look::Both, back: Back::default() }
    }
}

/// Draws a picture. `None` if the report has nothing to draw there.
pub fn write(report: &Report, picture: Picture, style: &Style<'_>) -> Option<String> {
    let width = if picture == Picture::Card { CARD.0 } else { style.width.clamp(200, 4000) };
    let style = &Style { width, ..*style };
    in_colours(style, &|theme| draw(report, picture, style, theme)).map(|file| file.text)
}

/// A chart as it stands in a page that says what it is of. `None` if the report has nothing to draw there.
pub fn bare(report: &Report, picture: Picture, style: &Style<'_>) -> Option<String> {
    in_colours(style, &|theme| chart(report, picture, style, theme)).map(|file| file.text)
}

/// Who had the memory and what moved, each as low as it gets: the two pictures of a card.
pub fn small(report: &Report, style: &Style<'_>) -> [Option<File>; 2] {
    let held = MemoryScene::small(report, style.language);
    let moved = Timeline::of(report, style.language).small();
    let held = in_colours(style, &|theme| memory(&held, style.width, theme));
    let moved = moved.and_then(|moved| in_colours(style, &|theme| timeline(&moved, style.width, theme)));
    [held, moved]
}

/// What is drawn in the colours of the style, as a file.
fn in_colours(style: &Style<'_>, draw: &dyn Fn(&ChartTheme) -> Option<Drawn>) -> Option<File> {
    let Style { language, width, look, back } = *style;
    let drawn = match look {
        Look::Light => draw(&ChartTheme::light())?,
        Look::Dark => draw(&ChartTheme::dark())?,
        Look::Both => {
            let light = draw(&ChartTheme::light())?;
            let dark = draw(&ChartTheme::dark())?;
            Drawn { body: in_both_colours(&light.body, &dark.body), ..light }
        }
    };
    let body = joined_lines(&drawn.body);
    let height = drawn.height;
    let title = escape(&drawn.title);
    let summary = escape(&drawn.summary);
    let carried = match back.link {
        "" => String::new(),
        link => format!("<metadata id=\"oomscope-report\">{}</metadata>\n", escape(link)),
    };
    let text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" lang=\"{}\">\n<title>{title}</title>\n<desc>{summary}</desc>\n{carried}{body}</svg>\n",
        language.tag()
    );
    Some(File { text, summary: drawn.summary, height })
}

/// Light colours, and the dark ones where the reader's system is dark. Both drawings have the same elements in the same
/// order; where one has not, the light one stays as it is.
fn in_both_colours(light: &str, dark: &str) -> String {
    let mut out = String::with_capacity(light.len() + light.len() / 8);
    let mut rules: Vec<String> = Vec::new();
    let same = light.lines().count() == dark.lines().count();
    for (line, dark) in light.lines().zip(if same { dark } else { light }.lines()) {
        match colour(line).zip(colour(dark)).filter(|(light, dark)| light.1 != dark.1) {
            Some(((attribute, from), (_, to))) => {
                let class = format!("{}{}{}", attribute.get(..1).unwrap_or_default(), digits(from), digits(to));
                let rule = format!(".{class}{{{attribute}:{to}}}");
                if !rules.contains(&rule) {
                    rules.push(rule);
                }
                let written = format!("{attribute}=\"{from}\"");
                out.push_str(&line.replacen(&written, &format!("{written} class=\"{class}\""), 1));
            }
            None => out.push_str(line),
        }
        out.push('\n');
    }
    format!("<style>@media screen and (prefers-color-scheme:dark){{{}}}</style>\n{out}", rules.concat())
}

/// The one colour of an element and what it colours.
fn colour(line: &str) -> Option<(&'static str, &str)> {
    ["fill", "stroke"].into_iter().find_map(|attribute| {
        let (_, rest) = line.split_once(attribute)?;
        let value = rest.strip_prefix("=\"")?.get(..7).filter(|value| value.starts_with('#'))?;
        Some((attribute, value))
    })
}

fn digits(colour: &str) -> &str {
    colour.strip_prefix('#').unwrap_or(colour)
}

/// Lines of one colour that follow each other, such as dashes and hatching, as one path: a fraction of the text.
fn joined_lines(body: &str) -> String {
    let mut out = String::with_capacity(body.len() / 2);
    let mut open: Option<(String, String)> = None;
    let close = |out: &mut String, open: &mut Option<(String, String)>| {
        if let Some((head, path)) = open.take() {
            let _ = writeln!(out, "<path{head} d=\"{path}\"/>");
        }
    };
    for line in body.lines() {
        let parts = line.strip_prefix("<polyline").and_then(|rest| rest.split_once(" points=\""));
        let Some((head, points)) = parts.and_then(|(head, rest)| Some((head, rest.strip_suffix("\"/>")?.trim_end())))
        else {
            close(&mut out, &mut open);
            out.push_str(line);
            out.push('\n');
            continue;
        };
        if open.as_ref().is_none_or(|(known, _)| known != head) {
            close(&mut out, &mut open);
            open = Some((head.to_owned(), String::new()));
        }
        if let Some((_, path)) = &mut open {
            path.push('M');
            path.push_str(points);
        }
    }
    close(&mut out, &mut open);
    out
}

/// A picture as a file.
pub struct File {
    /// The file.
    pub text: String,
    /// What it shows, in words.
    pub summary: String,
    /// In pixels.
    pub height: u32,
}

/// A picture without its outer element.
pub(super) struct Drawn {
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) height: u32,
    pub(super) body: String,
}

fn draw(report: &Report, picture: Picture, style: &Style<'_>, theme: &ChartTheme) -> Option<Drawn> {
    match picture {
        Picture::Card => Some(card::small(report, style, theme)),
        Picture::Report => Some(card::long(report, style, theme)),
        Picture::Timeline | Picture::Memory => {
            card::alone(report, style, theme, |style| chart(report, picture, style, theme))
        }
    }
}

/// One of the two charts, without anything around it.
fn chart(report: &Report, picture: Picture, style: &Style<'_>, theme: &ChartTheme) -> Option<Drawn> {
    match picture {
        Picture::Memory => memory(&MemoryScene::of(report, style.language), style.width, theme),
        _ => timeline(&Timeline::of(report, style.language), style.width, theme),
    }
}

pub(super) fn timeline(timeline: &Timeline, width: u32, theme: &ChartTheme) -> Option<Drawn> {
    if timeline.is_empty() {
        return None;
    }
    let scene = timeline.beginning(width as usize);
    let height = whole_pixels(Layout::of(&scene, f64::from(width), theme).height);
    let mut out = String::new();
    {
        let area = Measured::svg(SVGBackend::with_string(&mut out, (width, height))).into_drawing_area();
        draw_timeline(&area, &scene, theme).ok()?;
        area.present().ok()?;
    }
    let title = i18n::text(timeline.language, "page.section.timeline");
    Some(Drawn { title, summary: scene.summary, height, body: inside(&out).to_owned() })
}

pub(super) fn memory(scene: &MemoryScene, width: u32, theme: &ChartTheme) -> Option<Drawn> {
    if scene.is_empty() {
        return None;
    }
    let height = whole_pixels(MemoryLayout::of(scene, f64::from(width), theme).height);
    let mut out = String::new();
    {
        let area = Measured::svg(SVGBackend::with_string(&mut out, (width, height))).into_drawing_area();
        draw_memory(&area, scene, theme).ok()?;
        area.present().ok()?;
    }
    let title = i18n::text(scene.language, "page.section.memory");
    Some(Drawn { title, summary: scene.summary.clone(), height, body: inside(&out).to_owned() })
}

pub(super) fn whole_pixels(height: f64) -> u32 {
    height.ceil().clamp(1.0, 100_000.0) as u32
}

pub(super) fn hex(color: plotters::style::RGBColor) -> String {
    format!("#{:02X}{:02X}{:02X}", color.0, color.1, color.2)
}

/// What stands between the outer tags.
fn inside(svg: &str) -> &str {
    let start = svg.find("<svg").and_then(|at| svg.get(at..)?.find('>').map(|end| at + end + 1));
    let end = svg.rfind("</svg>");
    start.zip(end).and_then(|(start, end)| svg.get(start..end)).map(str::trim_start).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyzer::analysis_of;

    fn report(text: &str) -> Report {
        analysis_of(text).report
    }

    const KILL: &str = "[   12.500000] Out of memory: Killed process 7 (</text><script>) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";

    #[test]
    fn a_picture_has_a_title_a_description_and_no_script() {
        for picture in [Picture::Timeline, Picture::Memory, Picture::Card, Picture::Report] {
            let style = Style { back: Back { link: "1.abc", page: "" }, ..Style::plain(Language::En, 720) };
            let svg = write(&report(KILL), picture, &style).expect("a picture");
            assert!(svg.contains("<title>") && svg.contains("<desc>") && svg.contains(">1.abc</metadata>"), "{svg}");
            assert!(!svg.contains("<script") && !svg.contains("href") && !svg.contains("url("), "{svg}");
            assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
        }
    }

    #[test]
    fn every_picture_says_what_it_is_of_and_stands_apart_from_its_edges() {
        let report = report(&format!(
            "2022-11-23T07:35:42+00:00 host kernel: {}",
            KILL.replacen("[   12.500000] ", "", 1).replace("</text><script>", "java")
        ));
        let title = report.title_in(Language::En);
        for (look, ground) in [(Look::Light, "#FFFFFF"), (Look::Dark, "#14171C")] {
            for picture in [Picture::Timeline, Picture::Memory, Picture::Report] {
                let back = Back { link: "", page: "https://example.org/oomscope/" };
                let svg =
                    write(&report, picture, &Style { back, look, ..Style::plain(Language::En, 720) }).expect("drawn");
                for text in [&*escape(&title), "oomscope · 2022-11-23 · example.org/oomscope"] {
                    assert!(svg.contains(&format!(">{text}</text>")), "{text}: {svg}");
                }
                assert!(svg.contains("<rect width=\"720\" height=\"") && svg.contains(ground), "{svg}");
                let inner = svg
                    .split_once("<svg x=\"16\"")
                    .map(|(_, chart)| chart.starts_with(" y=") && chart.contains("width=\"688\""));
                assert_eq!(inner, Some(true), "{svg}");
                let families = || {
                    let named = svg.split("font-family=\"").skip(1).filter_map(|rest| rest.split('"').next());
                    named.map(|family| family.replace("&apos;", "'"))
                };
                let first = families().next().expect("texts");
                assert!(families().all(|family| family == first), "one font");
            }
        }
        let bare = bare(&report, Picture::Memory, &Style::plain(Language::En, 720)).expect("a chart");
        assert!(!bare.contains("oomscope ·"), "in a page that says it");
    }

    #[test]
    fn nothing_to_draw_is_no_picture() {
        assert_eq!(write(&report("hello"), Picture::Timeline, &Style::plain(Language::En, 720)), None);
        for picture in [Picture::Card, Picture::Report] {
            assert!(write(&report("hello"), picture, &Style::plain(Language::Ko, 360)).is_some());
        }
    }
}
