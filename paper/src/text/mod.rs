//! From text to lines of placed glyphs: cleaned, shaped with fallback between faces, broken at the width.

mod clean;
mod line;
mod shape;
mod wrap;

use std::{collections::BTreeSet, ops::Range, rc::Rc};

use rustybuzz::{Script, ShapePlan, UnicodeBuffer};

use crate::{
    fonts::{FaceId, Fonts},
    look::{self, Colour, Style},
    model::{Face, Text, Tone},
};

pub use clean::{clean, one_line};

/// Sets text. One per document: it keeps what shaping needs again and again, and notes what could not be shown.
pub struct Typesetter {
    fonts: &'static Fonts,
    missing: BTreeSet<char>,
    buffer: Option<UnicodeBuffer>,
    plans: Vec<(FaceId, bool, Option<Script>, ShapePlan)>,
}

/// A text as lines, none of them wider than was asked for.
#[derive(Debug, Clone)]
pub struct SetText {
    pub lines: Vec<Line>,
    pub style: Style,
}

#[derive(Debug, Clone, Default)]
pub struct Line {
    pub runs: Vec<Run>,
    /// Without the spaces at its end.
    pub width: f32,
    /// Whether there is nothing to see.
    pub is_blank: bool,
    /// Whether its paragraph is read from right to left.
    pub from_right: bool,
}

/// Glyphs of one face, size and colour, from left to right.
#[derive(Debug, Clone)]
pub struct Run {
    /// From the line's left end.
    pub x: f32,
    pub face: FaceId,
    pub size: f32,
    pub colour: Colour,
    pub glyphs: Vec<Glyph>,
    /// What the glyphs' ranges refer to.
    pub text: Rc<str>,
}

/// A glyph and the bytes of the text that it stands for. Lengths are in ems.
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    pub id: u16,
    pub advance: f32,
    pub dx: f32,
    pub dy: f32,
    pub start: u32,
    pub end: u32,
}

/// How the bytes of a range are to look.
struct Mark {
    range: Range<usize>,
    face: Face,
    tone: Tone,
}

impl Typesetter {
    pub fn new(fonts: &'static Fonts) -> Self {
        Self { fonts, missing: BTreeSet::new(), buffer: None, plans: Vec::new() }
    }

    /// `text` in lines of at most `width` points. A single character that is wider stands alone on its line.
    pub fn set(&mut self, text: &Text, style: Style, width: f32) -> SetText {
        let mut lines = Vec::new();
        let (whole, marks) = join(text, style);
        let mut start = 0;
        for part in whole.split('\n') {
            let range = start..start + part.len();
            let part: Rc<str> = part.into();
            let marks = within(&marks, &range);
            let shaped = shape::shape(self, &part, &marks, style);
            for clusters in wrap::wrap(&part, &shaped.clusters, style, width) {
                lines.push(line::line(&part, &shaped, clusters, style));
            }
            start = range.end + 1;
        }
        SetText { lines, style }
    }

    /// As [`Self::set`], but of more than `most` lines only the beginning, with an ellipsis.
    pub fn set_shortened(&mut self, text: &str, style: Style, width: f32, most: usize) -> SetText {
        let mut kept: Vec<char> = text.chars().collect();
        let mut set = self.set(&text.into(), style, width);
        while set.lines.len() > most {
            kept.truncate(kept.len() * 9 / 10);
            let shorter = kept.iter().collect::<String>() + "…";
            set = self.set(&shorter.into(), style, width);
        }
        set
    }

    /// The characters that no face has.
    pub fn missing(&self) -> Vec<char> {
        self.missing.iter().copied().collect()
    }
}

impl SetText {
    pub fn height(&self) -> f32 {
        self.lines.len() as f32 * self.style.line
    }

    /// Whether there is nothing to see.
    pub fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.is_blank)
    }
}

impl Style {
    /// From the top of a line to its baseline.
    pub fn baseline(self) -> f32 {
        (self.line - self.size) / 2.0 + self.size * 0.85
    }

    fn size_of(self, face: Face) -> f32 {
        // The code's face looks larger than the text's at the same size.
        if face == Face::Mono && !self.code { self.size * 0.92 } else { self.size }
    }
}

/// The cleaned text of all spans, and how each part of it looks.
fn join(text: &Text, style: Style) -> (String, Vec<Mark>) {
    let mut whole = String::new();
    let mut marks = Vec::new();
    for span in &text.0 {
        let start = whole.len();
        clean(&mut whole, &span.text, style.code);
        let face = if span.face == Face::Regular { style.face } else { span.face };
        let tone = if span.tone == Tone::Plain { style.tone } else { span.tone };
        marks.push(Mark { range: start..whole.len(), face, tone });
    }
    (whole, marks)
}

fn within(marks: &[Mark], line: &Range<usize>) -> Vec<Mark> {
    let overlap = marks.iter().filter(|mark| mark.range.start < line.end && mark.range.end > line.start);
    overlap
        .map(|mark| Mark {
            range: mark.range.start.max(line.start) - line.start..mark.range.end.min(line.end) - line.start,
            ..*mark
        })
        .collect()
}

impl Mark {
    fn colour(&self) -> look::Colour {
        self.tone.colour()
    }
}
