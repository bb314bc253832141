//! Colours and signs of the charts: light and dark, apart for colour-blind readers and in grey print.
//!
//! The same colours stand in `static/css/tokens.css` as `--series-<name>` and a few others; a test compares the two.

use crate::analysis::finding::Severity;
use plotters::style::RGBColor;

/// What a series, a bar or a mark stands for. Its colour is the theme's; its second sign is its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Old generation, or the whole heap of collectors without generations.
    Old,
    /// Eden.
    Eden,
    /// Survivor spaces.
    Survivor,
    /// Capacity of the old generation.
    OldCapacity,
    /// Committed capacity.
    Capacity,
    /// Upper limit of the heap.
    Max,
    /// Metaspace.
    Metaspace,
    /// Compressed class space.
    ClassSpace,
    /// Young collections.
    YoungGc,
    /// Full collections.
    FullGc,
    /// Concurrent cycles and their pauses.
    ConcurrentGc,
    /// Resident memory.
    Resident,
    /// Committed as NMT says.
    Committed,
    /// Code, compiler.
    Code,
    /// Structures of the collector.
    GcStructures,
    /// Thread stacks.
    Threads,
    /// Direct buffers and other native memory of the JDK.
    Native,
    /// Symbols, tables and the small rest.
    Rest,
    /// Other processes.
    OtherProcesses,
    /// Page cache.
    PageCache,
    /// The kernel's own memory.
    Kernel,
    /// Free.
    Free,
    /// What no line explains.
    Unaccounted,
    /// Swap.
    Swap,
    /// The limit that was hit, the end of a process.
    Wall,
}

/// How a line is broken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dash {
    /// Unbroken.
    Solid,
    /// Long pieces.
    Dashed,
    /// Dots.
    Dotted,
    /// Piece, dot, piece.
    DashDot,
}

impl Dash {
    /// Lengths of pieces and gaps in CSS pixels, in turn. Empty for an unbroken line.
    pub fn pieces(self) -> &'static [u32] {
        match self {
            Dash::Solid => &[],
            Dash::Dashed => &[6, 4],
            Dash::Dotted => &[1, 3],
            Dash::DashDot => &[7, 3, 1, 3],
        }
    }
}

/// The form of a point or mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Marker {
    /// A disc.
    Disc,
    /// A ring.
    Ring,
    /// A square.
    Square,
    /// A diamond.
    Diamond,
    /// A triangle.
    Triangle,
    /// A cross.
    Cross,
}

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// Plain.
    Solid,
    /// Lines that rise: resident memory.
    Hatched,
    /// Lines that fall.
    BackHatched,
    /// Both.
    Crossed,
    /// Dots.
    Dotted,
    /// Only an outline: reserved, free.
    Outline,
}

/// What tells a role apart without its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Sign {
    /// As a line.
    pub dash: Dash,
    /// As a point.
    pub marker: Marker,
    /// As an area.
    pub pattern: Pattern,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 25] = [
        Role::Old,
        Role::Eden,
        Role::Survivor,
        Role::OldCapacity,
        Role::Capacity,
        Role::Max,
        Role::Metaspace,
        Role::ClassSpace,
        Role::YoungGc,
        Role::FullGc,
        Role::ConcurrentGc,
        Role::Resident,
        Role::Committed,
        Role::Code,
        Role::GcStructures,
        Role::Threads,
        Role::Native,
        Role::Rest,
        Role::OtherProcesses,
        Role::PageCache,
        Role::Kernel,
        Role::Free,
        Role::Unaccounted,
        Role::Swap,
        Role::Wall,
    ];

    /// The name in CSS: `--series-<name>`, `legend__swatch--<name>`.
    pub fn name(self) -> &'static str {
        self.entry().0
    }

    /// What tells it apart without colour.
    pub fn sign(self) -> Sign {
        let (_, _, _, dash, marker, pattern) = self.entry();
        Sign { dash, marker, pattern }
    }

    /// Name, light colour, dark colour, signs.
    fn entry(self) -> (&'static str, u32, u32, Dash, Marker, Pattern) {
        use {Dash as D, Marker as M, Pattern as P};
        match self {
            Role::Old => ("old", 0x0b61a4, 0x6cb6ff, D::Solid, M::Disc, P::Solid),
            Role::Eden => ("eden", 0xbf530a, 0xf2a65a, D::Dashed, M::Triangle, P::BackHatched),
            Role::Survivor => ("survivor", 0x7a6a00, 0xd9c84a, D::Dotted, M::Ring, P::Dotted),
            Role::OldCapacity => ("old-capacity", 0x0b61a4, 0x6cb6ff, D::DashDot, M::Square, P::Outline),
            Role::Capacity => ("capacity", 0x59626d, 0x9aa4b0, D::Dashed, M::Square, P::Outline),
            Role::Max => ("max", 0x1b1f24, 0xe6e9ee, D::Dotted, M::Cross, P::Outline),
            Role::Metaspace => ("metaspace", 0x00785a, 0x4cc9a4, D::Solid, M::Disc, P::Solid),
            Role::ClassSpace => ("class-space", 0x7b4fa3, 0xc3a0ec, D::DashDot, M::Square, P::Dotted),
            Role::YoungGc => ("young-gc", 0xbf530a, 0xf2a65a, D::Dashed, M::Triangle, P::BackHatched),
            Role::FullGc => ("full-gc", 0xb3261e, 0xff8a80, D::Solid, M::Diamond, P::Solid),
            Role::ConcurrentGc => ("concurrent-gc", 0x2b78ad, 0x7cc4f0, D::Dotted, M::Ring, P::Dotted),
            Role::Resident => ("resident", 0xa0336f, 0xf08fc0, D::DashDot, M::Diamond, P::Hatched),
            Role::Committed => ("committed", 0x45558a, 0xa8b8f0, D::Solid, M::Square, P::Solid),
            Role::Code => ("code", 0x2b78ad, 0x7cc4f0, D::Dashed, M::Ring, P::BackHatched),
            Role::GcStructures => ("gc-structures", 0xb05a00, 0xf2b36a, D::Dashed, M::Triangle, P::Crossed),
            Role::Threads => ("threads", 0x7b4fa3, 0xc3a0ec, D::DashDot, M::Square, P::Dotted),
            Role::Native => ("native", 0x8a3324, 0xf0a090, D::Dotted, M::Diamond, P::BackHatched),
            Role::Rest => ("rest", 0x59626d, 0x9aa4b0, D::Dotted, M::Cross, P::Solid),
            Role::OtherProcesses => ("other-processes", 0x45558a, 0xa8b8f0, D::Dashed, M::Square, P::BackHatched),
            Role::PageCache => ("page-cache", 0x00785a, 0x4cc9a4, D::Dotted, M::Ring, P::Dotted),
            Role::Kernel => ("kernel", 0x7a6a00, 0xd9c84a, D::DashDot, M::Triangle, P::Crossed),
            Role::Free => ("free", 0x6a7480, 0x8b95a1, D::Dotted, M::Ring, P::Outline),
            Role::Unaccounted => ("unaccounted", 0x1b1f24, 0xe6e9ee, D::Dashed, M::Cross, P::Crossed),
            Role::Swap => ("swap", 0x8a3324, 0xf0a090, D::DashDot, M::Cross, P::Crossed),
            Role::Wall => ("wall", 0xb3261e, 0xff8a80, D::Solid, M::Cross, P::Solid),
        }
    }
}

/// Colours and sizes of a drawing. Sizes are CSS pixels; `scale` turns them into the backend's.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartTheme {
    /// True for the dark one.
    pub dark: bool,
    /// Behind everything; `--surface`.
    pub background: RGBColor,
    /// Titles and values; `--text`.
    pub text: RGBColor,
    /// Labels of axes, notes; `--text-muted`.
    pub muted: RGBColor,
    /// Lines of axes and lanes; `--border`.
    pub grid: RGBColor,
    /// Behind bands of identical samples; `--band`.
    pub band: RGBColor,
    /// CSS font families.
    pub font: &'static str,
    /// Size of labels.
    pub font_size: f64,
    /// Size of titles.
    pub title_size: f64,
    /// Backend pixels for a CSS pixel.
    pub scale: f64,
}

const FONT: &str =
    "system-ui, -apple-system, 'Segoe UI', 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR', sans-serif";

impl ChartTheme {
    /// Dark on light.
    pub fn light() -> ChartTheme {
        ChartTheme {
            dark: false,
            background: color(0xffffff),
            text: color(0x1b1f24),
            muted: color(0x59626d),
            grid: color(0xd9dee4),
            band: color(0xeef1f5),
            font: FONT,
            font_size: 11.0,
            title_size: 12.0,
            scale: 1.0,
        }
    }

    /// Light on dark.
    pub fn dark() -> ChartTheme {
        ChartTheme {
            dark: true,
            background: color(0x14171c),
            text: color(0xe6e9ee),
            muted: color(0x9aa4b0),
            grid: color(0x333a44),
            band: color(0x1f242c),
            ..ChartTheme::light()
        }
    }

    /// The same for a backend with that many pixels for a CSS pixel.
    pub fn at_scale(self, scale: f64) -> ChartTheme {
        ChartTheme { scale: if scale.is_finite() { scale.clamp(0.5, 8.0) } else { 1.0 }, ..self }
    }

    /// The colour of a role.
    pub fn color(&self, role: Role) -> RGBColor {
        let (_, light, dark, ..) = role.entry();
        color(if self.dark { dark } else { light })
    }

    /// The colour of a severity; `--critical` and its like.
    pub fn tone(&self, severity: Severity) -> RGBColor {
        let (light, dark) = match severity {
            Severity::Critical => (0xb3261e, 0xff8a80),
            Severity::Warning => (0x8a5300, 0xf2b36a),
            Severity::Notice => (0x0b61a4, 0x6cb6ff),
            Severity::Good => (0x00663f, 0x4cc9a4),
        };
        color(if self.dark { dark } else { light })
    }

    /// Behind the time in which something goes wrong, so that lines and texts on it stand out.
    pub fn onset(&self) -> RGBColor {
        mix(self.color(Role::FullGc), self.background, if self.dark { 0.16 } else { 0.10 })
    }

    /// The colour of a role as the filling of an area: opaque, near the background, so that lines on it stand out.
    pub fn tint(&self, role: Role) -> RGBColor {
        mix(self.color(role), self.background, if self.dark { 0.34 } else { 0.30 })
    }

    /// The colour of a role between the smallest and the largest of many values: beside its tint, and below its line.
    pub fn spread(&self, role: Role) -> RGBColor {
        mix(self.color(role), self.background, 0.55)
    }
}

/// `0xrrggbb`.
fn color(rgb: u32) -> RGBColor {
    RGBColor((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

/// `share` of `over`, the rest `under`.
fn mix(over: RGBColor, under: RGBColor, share: f64) -> RGBColor {
    let channel = |over: u8, under: u8| (f64::from(over) * share + f64::from(under) * (1.0 - share)).round() as u8;
    RGBColor(channel(over.0, under.0), channel(over.1, under.1), channel(over.2, under.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast ratio of WCAG 2.
    fn contrast(a: RGBColor, b: RGBColor) -> f64 {
        fn luminance(RGBColor(r, g, b): RGBColor) -> f64 {
            let channel = |value: u8| {
                let value = f64::from(value) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
        }
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_series_stands_out_and_every_text_can_be_read() {
        for theme in [ChartTheme::light(), ChartTheme::dark()] {
            for role in Role::ALL {
                // Lines are named in their colour.
                assert!(contrast(theme.color(role), theme.background) >= 4.5, "{role:?}");
                assert!(contrast(theme.color(role), theme.onset()) >= 3.0, "{role:?} where something goes wrong");
                assert!(contrast(theme.text, theme.tint(role)) >= 4.5, "text on {role:?}");
            }
            for background in [theme.background, theme.band] {
                assert!(contrast(theme.text, background) >= 4.5);
                assert!(contrast(theme.muted, background) >= 4.5);
            }
        }
    }

    #[test]
    fn roles_that_share_a_lane_differ_without_colour() {
        fn apart<S: PartialEq>(roles: &[Role], sign: impl Fn(Sign) -> S) -> bool {
            let signs: Vec<S> = roles.iter().map(|role| sign(role.sign())).collect();
            signs.iter().enumerate().all(|(at, sign)| !signs.iter().skip(at + 1).any(|other| other == sign))
        }
        assert!(apart(&[Role::Old, Role::Eden, Role::Survivor], |sign| sign.pattern));
        assert!(apart(&[Role::Old, Role::OldCapacity, Role::Capacity, Role::Max], |sign| sign.dash));
        assert!(apart(&[Role::YoungGc, Role::FullGc, Role::ConcurrentGc], |sign| sign.marker));
        assert!(apart(&[Role::Metaspace, Role::ClassSpace, Role::Capacity], |sign| sign.dash));
        let memory = [Role::Resident, Role::OtherProcesses, Role::PageCache, Role::Kernel, Role::Free];
        assert!(apart(&memory, |sign| sign.pattern));
    }

    #[test]
    fn the_style_sheet_has_the_same_colours() {
        const CSS: &str = include_str!("../../static/css/tokens.css");
        let hex = |RGBColor(r, g, b): RGBColor| format!("#{r:02x}{g:02x}{b:02x}");
        let (light, dark) = (ChartTheme::light(), ChartTheme::dark());
        let mut expected: Vec<(String, RGBColor, RGBColor)> = Role::ALL
            .iter()
            .map(|role| (format!("series-{}", role.name()), light.color(*role), dark.color(*role)))
            .collect();
        expected.push(("surface".into(), light.background, dark.background));
        expected.push(("text".into(), light.text, dark.text));
        for (name, light, dark) in expected {
            let line = format!("--{name}: light-dark({}, {});", hex(light), hex(dark));
            assert!(CSS.contains(&line), "tokens.css lacks `{line}`");
        }
    }
}
