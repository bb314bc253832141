//! A drawing backend whose texts have the same size everywhere: on screen, in a file, in a worker, in a test.

use plotters::backend::DrawingBackend;
use plotters_backend::text_anchor::Pos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind, FontFamily, FontStyle, FontTransform,
};

use crate::visible::marked;

/// Forwards everything to `B`, and answers how large a text will be from a fixed table of widths instead of asking a
/// font (on the page that costs a layout, in a worker it panics).
pub struct Measured<B> {
    inner: B,
    font_factor: f64,
    writes_text: bool,
}

impl<B> Measured<B> {
    /// Around a backend that draws texts in the size it is told.
    pub fn new(inner: B) -> Measured<B> {
        Measured { inner, font_factor: 1.0, writes_text: true }
    }

    /// Around `SVGBackend`, which divides font sizes by 1.24.
    pub fn svg(inner: B) -> Measured<B> {
        Measured { font_factor: 1.24, ..Measured::new(inner) }
    }

    /// Leaves all texts out; on screen they are HTML over the canvas.
    pub fn without_text(self) -> Measured<B> {
        Measured { writes_text: false, ..self }
    }
}

/// Width of one line of text in pixels, by a table of common sans-serif widths; full-width letters count one em. A
/// little more than most fonts need, so that labels laid out by it do not touch in the widest ones either.
pub fn text_width(text: &str, font_size: f64) -> f64 {
    text.chars().map(|c| f64::from(char_width(c))).sum::<f64>() / 1000.0 * font_size
}

/// Height of a line of text in pixels.
pub fn text_height(font_size: f64) -> f64 {
    font_size * 1.25
}

/// The beginning of a text that fits into `width` pixels, with an ellipsis if something was left out. Empty if not
/// even one letter fits.
pub fn fit(text: &str, font_size: f64, width: f64) -> String {
    if text_width(text, font_size) <= width {
        return text.to_owned();
    }
    let mut left = width - text_width("…", font_size);
    let mut out = String::new();
    for c in text.chars() {
        left -= f64::from(char_width(c)) / 1000.0 * font_size;
        if left < 0.0 {
            break;
        }
        out.push(c);
    }
    let kept = out.trim_end().len();
    out.truncate(kept);
    if !out.is_empty() {
        out.push('…');
    }
    out
}

/// A text as lines of at most `width` pixels, broken at blanks; a word that is too long is cut.
pub fn wrap(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if text_width(&longer, size) > width && !line.is_empty() {
            lines.push(std::mem::replace(&mut line, word.to_owned()));
        } else {
            line = longer;
        }
    }
    lines.push(fit(&line, size, width));
    lines
}

/// Thousandths of an em.
fn char_width(c: char) -> u16 {
    match c {
        'i' | 'j' | 'l' | '\'' | '|' => 290,
        ' ' | '!' | ',' | '.' | '/' | ':' | ';' | 'I' | '[' | '\\' | ']' | 'f' | 't' | '·' => 350,
        '(' | ')' | '-' | '`' | 'r' | '{' | '}' | '"' | '*' => 420,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' | '^' => 580,
        'm' | 'M' | 'W' | '%' | '@' | '…' | '—' => 970,
        'w' | 'O' | 'Q' | 'G' => 820,
        '+' | '<' | '=' | '>' | '~' | '−' | '±' | '×' | '≈' | '≤' | '≥' => 830,
        'A'..='Z' | '&' => 740,
        ' '..='~' => 635,
        '\u{300}'..='\u{36f}' | '\u{fe0e}'..='\u{fe0f}' => 0,
        '\u{1100}'..='\u{11ff}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7ff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f000}'..='\u{3ffff}' => 1000,
        _ => 640,
    }
}

/// A text style in another size.
struct Resized<'a, S> {
    style: &'a S,
    factor: f64,
}

impl<S: BackendTextStyle> BackendTextStyle for Resized<'_, S> {
    type FontError = S::FontError;

    fn color(&self) -> BackendColor {
        self.style.color()
    }

    fn size(&self) -> f64 {
        self.style.size() * self.factor
    }

    fn transform(&self) -> FontTransform {
        self.style.transform()
    }

    fn style(&self) -> FontStyle {
        self.style.style()
    }

    fn anchor(&self) -> Pos {
        self.style.anchor()
    }

    fn family(&self) -> FontFamily<'_> {
        self.style.family()
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), S::FontError> {
        self.style.layout_box(text)
    }

    fn draw<E, DrawFunc: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        pos: BackendCoord,
        draw: DrawFunc,
    ) -> Result<Result<(), E>, S::FontError> {
        self.style.draw(text, pos, draw)
    }
}

impl<B: DrawingBackend> DrawingBackend for Measured<B> {
    type ErrorType = B::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.inner.get_size()
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        upper_left: BackendCoord,
        bottom_right: BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_rect(upper_left, bottom_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        center: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vert: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.fill_polygon(vert, style)
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        pos: BackendCoord,
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        if !self.writes_text || text.is_empty() {
            return Ok(());
        }
        // Text of a log may stand in a label.
        self.inner.draw_text(&marked(text), &Resized { style, factor: self.font_factor }, pos)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<B::ErrorType>> {
        let size = style.size();
        Ok((text_width(text, size).ceil() as u32, text_height(size).ceil() as u32))
    }

    fn blit_bitmap(
        &mut self,
        pos: BackendCoord,
        size: (u32, u32),
        src: &[u8],
    ) -> Result<(), DrawingErrorKind<B::ErrorType>> {
        self.inner.blit_bitmap(pos, size, src)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plotters::prelude::*;

    fn svg_of(text: &str, wrap: impl for<'a> Fn(SVGBackend<'a>) -> Measured<SVGBackend<'a>>) -> String {
        let mut out = String::new();
        {
            let area = wrap(SVGBackend::with_string(&mut out, (200, 40))).into_drawing_area();
            area.draw_text(text, &("sans-serif", 12).into_text_style(&area), (10, 10)).expect("draws");
            area.present().expect("writes");
        }
        out
    }

    #[test]
    fn an_svg_text_has_the_size_that_was_asked_for() {
        assert!(svg_of("heap", |backend| Measured::svg(backend)).contains(r#"font-size="12""#));
        assert!(!svg_of("heap", |backend| Measured::svg(backend).without_text()).contains("heap"));
    }

    #[test]
    fn text_of_a_log_cannot_leave_its_label() {
        let svg = svg_of("<script>\u{1b}[31m\u{202e}java", |backend| Measured::svg(backend));
        assert!(svg.contains("&lt;script&gt;\u{fffd}[31m\u{fffd}java"), "{svg}");
    }

    #[test]
    fn a_korean_syllable_is_as_wide_as_it_is_high() {
        assert_eq!(text_width("힙 메모리", 10.0), 43.5);
        assert!(text_width("heap", 10.0) < 26.0);
    }

    #[test]
    fn a_text_is_cut_to_its_room() {
        assert_eq!(fit("12 identical samples", 10.0, 200.0), "12 identical samples");
        assert_eq!(fit("12 identical samples", 10.0, 60.0), "12 identi…");
        assert_eq!(fit("12 identical samples", 10.0, 5.0), "");
    }
}
