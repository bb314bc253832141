//! Charts as SVG files: the same scenes as on the screen, with title and description, without script or anything from
//! elsewhere. A picture may carry its report as a link and then opens again where reports are opened.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use plotters::prelude::{IntoDrawingArea, SVGBackend};

use crate::chart::measured::{Measured, fit, wrap};
use crate::chart::memory::{MemoryLayout, MemoryScene, draw_memory};
use crate::chart::theme::ChartTheme;
use crate::chart::timeline::{Layout, Timeline, draw_timeline};
use crate::export::markup::escape;
use crate::i18n::{self, Language};
use crate::report::Report;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// What happened when.
    Timeline,
    /// Who had the memory.
    Memory,
    /// Title, story, and both charts, as far as there is something to draw.
    Card,
}

/// In which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    /// On white.
    Light,
    /// On black.
    Dark,
    /// As the reader's system says.
    #[default]
    Both,
}

/// Around the card's texts and charts.
const MARGIN: f64 = 16.0;
/// Lines of a sentence on the card.
const LINE: f64 = 20.0;

/// Draws a picture of that width. `None` if the report has nothing to draw there. `link` is what a shared link carries.
pub fn write(
    report: &Report,
    picture: Picture,
    language: Language,
    width: u32,
    look: Look,
    link: Option<&str>,
) -> Option<String> {
    let width = width.clamp(200, 4000);
    let drawn = match look {
        Look::Light => draw(report, picture, language, width, &ChartTheme::light())?,
        Look::Dark => draw(report, picture, language, width, &ChartTheme::dark())?,
        Look::Both => {
            let light = draw(report, picture, language, width, &ChartTheme::light())?;
            let dark = draw(report, picture, language, width, &ChartTheme::dark())?;
            Drawn { body: in_both_colours(&light.body, &dark.body), ..light }
        }
    };
    let body = joined_lines(&drawn.body);
    let height = drawn.height;
    let title = escape(&drawn.title);
    let summary = escape(&drawn.summary);
    let carried = link.map(|link| format!("<metadata id=\"oomscope-report\">{}</metadata>\n", escape(link)));
    let carried = carried.unwrap_or_default();
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" lang=\"{}\">\n<title>{title}</title>\n<desc>{summary}</desc>\n{carried}{body}</svg>\n",
        language.tag()
    ))
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

#[derive(Clone)]
struct Drawn {
    title: String,
    summary: String,
    height: u32,
    body: String,
}

fn draw(report: &Report, picture: Picture, language: Language, width: u32, theme: &ChartTheme) -> Option<Drawn> {
    match picture {
        Picture::Timeline => timeline(report, language, width, theme),
        Picture::Memory => memory(report, language, width, theme),
        Picture::Card => Some(card(report, language, width, theme)),
    }
}

fn timeline(report: &Report, language: Language, width: u32, theme: &ChartTheme) -> Option<Drawn> {
    let timeline = Timeline::of(report, language);
    if timeline.sections.is_empty() {
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
    let title = i18n::text(language, "page.section.timeline");
    Some(Drawn { title, summary: scene.summary, height, body: inside(&out).to_owned() })
}

fn memory(report: &Report, language: Language, width: u32, theme: &ChartTheme) -> Option<Drawn> {
    let scene = MemoryScene::of(report, language);
    if scene.pictures.is_empty() {
        return None;
    }
    let height = whole_pixels(MemoryLayout::of(&scene, f64::from(width), theme).height);
    let mut out = String::new();
    {
        let area = Measured::svg(SVGBackend::with_string(&mut out, (width, height))).into_drawing_area();
        draw_memory(&area, &scene, theme).ok()?;
        area.present().ok()?;
    }
    let title = i18n::text(language, "page.section.memory");
    Some(Drawn { title, summary: scene.summary, height, body: inside(&out).to_owned() })
}

fn card(report: &Report, language: Language, width: u32, theme: &ChartTheme) -> Drawn {
    let inner = f64::from(width) - 2.0 * MARGIN;
    let title = report.title_in(language);
    let mut body = String::new();
    let mut y = MARGIN;
    let mut write_line = |body: &mut String, text: &str, size: f64, weight: &str| {
        y += LINE;
        let _ = writeln!(
            body,
            "<text x=\"{MARGIN}\" y=\"{}\" font-family=\"sans-serif\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{}\">{}</text>",
            y - 5.0,
            hex(theme.text),
            escape(text)
        );
    };
    for line in wrap(&title, 17.0, inner).iter().take(3) {
        write_line(&mut body, &fit(line, 17.0, inner), 16.0, "bold");
    }
    let story: Vec<String> = report.verdict.lede.iter().map(|statement| statement.say(language)).collect();
    for line in story.iter().flat_map(|sentence| wrap(sentence, 13.5, inner)).take(12) {
        write_line(&mut body, &line, 13.0, "normal");
    }
    y += 10.0;
    let charts = [memory(report, language, inner as u32, theme), timeline(report, language, inner as u32, theme)];
    for chart in charts.into_iter().flatten() {
        let _ = writeln!(
            body,
            "<svg x=\"{MARGIN}\" y=\"{y}\" width=\"{inner}\" height=\"{}\">\n{}</svg>",
            chart.height, chart.body
        );
        y += f64::from(chart.height) + MARGIN;
    }
    let height = whole_pixels(y + 4.0);
    let ground = format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n", hex(theme.background));
    Drawn { title, summary: story.join(" "), height, body: ground + &body }
}

fn whole_pixels(height: f64) -> u32 {
    height.ceil().clamp(1.0, 100_000.0) as u32
}

fn hex(color: plotters::style::RGBColor) -> String {
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

    const KILL: &str = "[ 12.5] Out of memory: Killed process 7 (</text><script>) total-vm:8000kB, anon-rss:4000kB, file-rss:0kB, shmem-rss:0kB\n";

    #[test]
    fn a_picture_has_a_title_a_description_and_no_script() {
        for picture in [Picture::Timeline, Picture::Memory, Picture::Card] {
            let svg = write(&report(KILL), picture, Language::En, 720, Look::Both, Some("1.abc")).expect("a picture");
            assert!(svg.contains("<title>") && svg.contains("<desc>") && svg.contains(">1.abc</metadata>"), "{svg}");
            assert!(!svg.contains("<script") && !svg.contains("href") && !svg.contains("url("), "{svg}");
            assert_eq!(svg.matches("<svg").count(), svg.matches("</svg>").count());
        }
    }

    #[test]
    fn nothing_to_draw_is_no_picture() {
        assert_eq!(write(&report("hello"), Picture::Timeline, Language::En, 720, Look::Light, None), None);
        assert!(write(&report("hello"), Picture::Card, Language::Ko, 360, Look::Dark, None).is_some());
    }
}
