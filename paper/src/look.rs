//! The look of every report: sizes in points, colours as meanings. The colours are the light ones of the site.

use crate::model::{Face, Tone};

pub const PAGE_WIDTH: f32 = 595.28;
pub const PAGE_HEIGHT: f32 = 841.89;
pub const LEFT: f32 = 56.0;
pub const TOP: f32 = 56.0;
/// Of what stands between the side margins.
pub const WIDTH: f32 = PAGE_WIDTH - 2.0 * LEFT;
pub const FOOTER_WIDTH: f32 = WIDTH - 70.0;
/// More lines of footer than these are shortened.
pub const FOOTER_LINES: usize = 4;
/// From the last line of the footer to the end of the page.
const BELOW_FOOTER: f32 = 34.0;

/// Where the footer's first line begins.
pub fn footer_top(lines: usize) -> f32 {
    let lines = lines.clamp(1, FOOTER_LINES) as f32;
    PAGE_HEIGHT - BELOW_FOOTER - lines * FOOTER.line
}

/// Where the blocks have to end.
pub fn bottom(footer_lines: usize) -> f32 {
    footer_top(footer_lines) - 22.0
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

pub const INK: Colour = Colour(0x12, 0x16, 0x1c);
pub const DIM: Colour = Colour(0x5a, 0x64, 0x72);
pub const LINE: Colour = Colour(0xd9, 0xdd, 0xe3);
pub const FAINT: Colour = Colour(0xf4, 0xf5, 0xf8);
pub const CALM: Colour = Colour(0xe9, 0xee, 0xfa);
pub const ACCENT: Colour = Colour(0x24, 0x56, 0xd6);

impl Tone {
    pub(crate) fn colour(self) -> Colour {
        match self {
            Self::Plain => INK,
            Self::Muted => DIM,
            Self::Accent => ACCENT,
            Self::Good => Colour(0x15, 0x73, 0x47),
            Self::Warn => Colour(0x9a, 0x5b, 0x00),
            Self::Bad => Colour(0xb4, 0x23, 0x18),
        }
    }
}

/// How a text is set where its spans say nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub size: f32,
    /// From line to line.
    pub line: f32,
    pub face: Face,
    pub tone: Tone,
    /// Keeps spaces and sets tab stops; a line that is too long goes on further in.
    pub code: bool,
}

const fn style(size: f32, line: f32, face: Face, tone: Tone) -> Style {
    Style { size, line, face, tone, code: false }
}

pub const BODY: Style = style(10.0, 15.0, Face::Regular, Tone::Plain);
pub const MUTED: Style = style(9.0, 13.5, Face::Regular, Tone::Muted);
pub const SMALL: Style = style(8.5, 12.0, Face::Regular, Tone::Muted);
pub const QUOTE: Style = style(10.0, 15.0, Face::Italic, Tone::Plain);
pub const CELL: Style = style(9.0, 13.0, Face::Regular, Tone::Plain);
pub const HEADER: Style = style(8.5, 12.0, Face::Bold, Tone::Muted);
pub const LABEL: Style = style(9.5, 14.0, Face::Regular, Tone::Plain);
pub const VALUE: Style = style(9.5, 14.0, Face::Bold, Tone::Plain);
pub const FOOTER: Style = style(8.0, 11.0, Face::Regular, Tone::Muted);
pub const CODE: Style = Style { code: true, ..style(8.5, 12.5, Face::Mono, Tone::Plain) };

/// The style of a heading and the room above and below it.
pub fn heading(level: u8) -> (Style, f32, f32) {
    match level {
        0 | 1 => (style(22.0, 28.0, Face::Bold, Tone::Plain), 8.0, 6.0),
        2 => (style(13.5, 19.0, Face::Bold, Tone::Plain), 26.0, 8.0),
        _ => (style(10.5, 15.0, Face::Bold, Tone::Plain), 16.0, 5.0),
    }
}

/// Between blocks.
pub const GAP: f32 = 9.0;
