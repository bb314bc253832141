//! The report as one picture: a card in the format of link previews, the long form with both charts, and one chart alone.

use std::fmt::Write as _;

use plotters::style::RGBColor;

use crate::analysis::statement::Statement;
use crate::chart::measured::{fit, text_width, wrap};
use crate::chart::memory::MemoryScene;
use crate::chart::theme::ChartTheme;
use crate::chart::timeline::Timeline;
use crate::export::markup::escape;
use crate::export::svg::{Drawn, Style, hex, memory, timeline, whole_pixels};
use crate::i18n::{self, Language};
use crate::report::Report;

/// Width and height of a card: what link previews show whole.
pub const CARD: (u32, u32) = (1200, 630);

/// How many times larger than on the page a card shows its chart: the first at which there is room for it.
const SCALES: [f64; 2] = [1.6, 1.3];

/// Texts and charts from top to bottom, with a margin around them.
struct Sheet<'a> {
    theme: &'a ChartTheme,
    margin: f64,
    /// Between the margins.
    inner: f64,
    /// Where the next line begins.
    y: f64,
    body: String,
}

/// How a text is written.
#[derive(Clone, Copy)]
struct Letters {
    size: f64,
    bold: bool,
    color: RGBColor,
}

impl Letters {
    fn line(self) -> f64 {
        (self.size * 1.32).round()
    }

    /// The size of plain letters that are as wide.
    fn wide(self) -> f64 {
        if self.bold { self.size * 1.09 } else { self.size }
    }

    /// The text in at most `most` lines, the last one cut if there is more.
    fn lines(self, text: &str, width: f64, most: usize) -> Vec<String> {
        let size = self.wide();
        let mut lines = wrap(text, size, width);
        if lines.len() > most {
            let rest = lines.split_off(most.saturating_sub(1)).join(" ");
            lines.push(fit(&rest, size, width));
        }
        lines.iter().map(|line| fit(line, size, width)).collect()
    }
}

impl<'a> Sheet<'a> {
    fn new(width: f64, margin: f64, theme: &'a ChartTheme) -> Sheet<'a> {
        Sheet { theme, margin, inner: width - 2.0 * margin, y: margin, body: String::new() }
    }

    fn letters(&self, size: f64) -> Letters {
        Letters { size, bold: false, color: self.theme.text }
    }

    /// A line of text that begins at `x` and stands `y` below the upper edge.
    fn write_at(&mut self, x: f64, y: f64, text: &str, Letters { size, bold, color }: Letters) {
        let weight = if bold { 700 } else { 400 };
        let _ = writeln!(
            self.body,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" font-family=\"{}\" font-size=\"{size}\" font-weight=\"{weight}\" fill=\"{}\">{}</text>",
            self.theme.font,
            hex(color),
            escape(text)
        );
    }

    fn write(&mut self, text: &str, letters: Letters, most: usize) {
        for line in letters.lines(text, self.inner, most) {
            self.write_at(self.margin, self.y + letters.size, &line, letters);
            self.y += letters.line();
        }
    }

    /// What became of whom and when, the outcome in its colour.
    fn subject(&mut self, report: &Report, language: Language, size: f64) {
        let verdict = &report.verdict;
        let outcome = i18n::text(language, verdict.outcome.key());
        let color = self.theme.tone(verdict.outcome.into());
        let letters = Letters { bold: true, color, ..self.letters(size) };
        self.write_at(self.margin, self.y + size, &outcome, letters);
        let parts: Vec<String> = verdict.subject.iter().map(|part| part.say(language)).collect();
        let parts = parts.join(" · ");
        let x = self.margin + text_width(&outcome, letters.wide()) + size * 0.6;
        let muted = Letters { color: self.theme.muted, ..self.letters(size) };
        let parts = fit(&parts, size, self.margin + self.inner - x);
        self.write_at(x, self.y + size, &parts, muted);
        self.y += letters.line();
    }

    /// A chart below the others, so many times as large.
    fn chart(&mut self, chart: &Drawn, scale: f64) {
        let (width, height) = (self.inner / scale, chart.height);
        let _ = writeln!(
            self.body,
            "<svg x=\"{}\" y=\"{:.1}\" width=\"{}\" height=\"{:.1}\" viewBox=\"0 0 {width:.1} {height}\">\n{}</svg>",
            self.margin,
            self.y,
            self.inner,
            f64::from(height) * scale,
            chart.body
        );
        self.y += f64::from(height) * scale;
    }

    /// Numbers side by side, each with what it is below it.
    fn figures(&mut self, figures: &[Statement], language: Language, size: f64) {
        let column = self.inner / figures.len().max(1) as f64;
        let (value, label) = (
            Letters { bold: true, ..self.letters(size) },
            Letters { color: self.theme.muted, ..self.letters(size * 0.52) },
        );
        for (at, figure) in figures.iter().enumerate() {
            let (pieces, what) = figure.figure(language);
            let number: String = pieces.into_iter().map(|(piece, _)| piece.text).collect();
            let x = self.margin + at as f64 * column;
            let width = column - label.size;
            for line in value.lines(&number, width, 1) {
                self.write_at(x, self.y + size, &line, value);
            }
            for (row, line) in label.lines(&what, width, 2).iter().enumerate() {
                self.write_at(x, self.y + value.line() + label.size + row as f64 * label.line(), line, label);
            }
        }
        self.y += value.line() + 2.0 * label.line();
    }

    /// The name of the program, the day of the incident, and where the picture opens again.
    fn foot(&mut self, report: &Report, page: &str, size: f64) {
        let letters = Letters { color: self.theme.muted, ..self.letters(size) };
        let page = page.split_once("://").map_or(page, |(_, page)| page).trim_end_matches(['#', '/']);
        let parts = [Some("oomscope"), report.verdict.day().as_deref(), Some(page)]
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        self.write(&parts, letters, 1);
    }

    /// With its ground.
    fn drawn(self, report: &Report, language: Language, width: u32, height: u32) -> Drawn {
        let summary: Vec<String> = report.verdict.lede.iter().map(|sentence| sentence.say(language)).collect();
        let ground = format!("<rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n", hex(self.theme.background));
        Drawn { title: report.title_in(language), summary: summary.join(" "), height, body: ground + &self.body }
    }
}

/// The card: the answer, and of its numbers and of one small chart what there is room for.
pub(super) fn small(report: &Report, &Style { language, back, .. }: &Style<'_>, theme: &ChartTheme) -> Drawn {
    let (width, height) = (f64::from(CARD.0), f64::from(CARD.1));
    let mut sheet = Sheet::new(width, 48.0, theme);
    sheet.subject(report, language, 24.0);
    sheet.y += 8.0;
    let title = report.title_in(language);
    let large = Letters { bold: true, ..sheet.letters(42.0) };
    let is_short = large.lines(&title, sheet.inner, usize::MAX).len() <= 2;
    sheet.write(&title, if is_short { large } else { Letters { size: 36.0, ..large } }, 3);
    sheet.y += 12.0;
    let said = sheet.letters(24.0);
    let story = report.verdict.lede.iter().map(|sentence| sentence.say(language)).reduce(|story, sentence| {
        let longer = format!("{story} {sentence}");
        if said.lines(&longer, sheet.inner, usize::MAX).len() <= 3 { longer } else { story }
    });
    sheet.write(&story.unwrap_or_default(), said, 4);
    let foot = height - sheet.margin - 18.0;
    let (gap, numbers) = (22.0, 106.0);
    let held = MemoryScene::small(report, language);
    let moved = Timeline::of(report, language).small();
    let chart = SCALES.into_iter().find_map(|scale| {
        let width = (sheet.inner / scale) as u32;
        let charts = [memory(&held, width, theme), moved.as_ref().and_then(|moved| timeline(moved, width, theme))];
        let height = |chart: &Drawn| f64::from(chart.height) * scale + gap;
        let chart = charts.into_iter().flatten().find(|chart| sheet.y + height(chart) <= foot)?;
        Some((height(&chart), scale, chart))
    });
    let left = foot - sheet.y - chart.as_ref().map_or(0.0, |(height, ..)| *height);
    let figures = &report.verdict.figures;
    if !figures.is_empty() && gap + numbers <= left {
        sheet.y += gap;
        sheet.figures(figures, language, 40.0);
    }
    if let Some((height, scale, chart)) = chart {
        sheet.y = foot - height;
        sheet.chart(&chart, scale);
    }
    sheet.y = foot;
    sheet.foot(report, back.page(), 20.0);
    sheet.drawn(report, language, CARD.0, CARD.1)
}

/// The margin of a picture that is as long as it gets.
const MARGIN: f64 = 16.0;

/// A chart between the margins of such a picture.
fn inner<'a>(style: &Style<'a>) -> Style<'a> {
    Style { width: style.width - 2 * MARGIN as u32, ..*style }
}

/// What happened to whom, what charts show of it, and where it opens again.
fn sheet(report: &Report, style: &Style<'_>, theme: &ChartTheme, has_lede: bool, charts: &[Drawn]) -> Drawn {
    let Style { language, back, width, .. } = *style;
    let mut sheet = Sheet::new(f64::from(width), MARGIN, theme);
    sheet.subject(report, language, 13.0);
    let title = Letters { bold: true, ..sheet.letters(18.0) };
    sheet.write(&report.title_in(language), title, 4);
    let said = sheet.letters(14.0);
    if has_lede {
        sheet.y += 6.0;
    }
    for sentence in report.verdict.lede.iter().filter(|_| has_lede) {
        sheet.write(&sentence.say(language), said, 8);
    }
    for chart in charts {
        sheet.y += 16.0;
        sheet.chart(chart, 1.0);
    }
    sheet.y += 10.0;
    sheet.foot(report, back.page(), 12.0);
    let height = whole_pixels(sheet.y + sheet.margin);
    sheet.drawn(report, language, width, height)
}

/// The answer and both charts below it.
pub(super) fn long(report: &Report, style: &Style<'_>, theme: &ChartTheme) -> Drawn {
    let (language, width) = (style.language, inner(style).width);
    let charts = [
        memory(&MemoryScene::of(report, language), width, theme),
        timeline(&Timeline::of(report, language), width, theme),
    ];
    let charts: Vec<Drawn> = charts.into_iter().flatten().collect();
    sheet(report, style, theme, true, &charts)
}

/// One chart with what it is of. `None` if there is nothing to draw.
pub(super) fn alone(
    report: &Report,
    style: &Style<'_>,
    theme: &ChartTheme,
    draw: impl FnOnce(&Style<'_>) -> Option<Drawn>,
) -> Option<Drawn> {
    let charts = [draw(&inner(style))?];
    let drawn = sheet(report, style, theme, false, &charts);
    let [chart] = charts;
    Some(Drawn { title: format!("{}: {}", chart.title, drawn.title), summary: chart.summary, ..drawn })
}
