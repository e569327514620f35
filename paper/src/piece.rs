//! What goes onto pages: pieces that are never divided, from top to bottom, each with what is drawn in it.

use std::rc::Rc;

use crate::{
    look::Colour,
    tags::TagId,
    text::{Line, Run, SetText},
};

/// A part of a block that stays on one page. Places in it are relative to its top left corner.
#[derive(Debug, Clone, Default)]
pub struct Piece {
    /// Room above, unless it begins a page.
    pub gap: f32,
    pub height: f32,
    /// Stays on the page of the next piece.
    pub keep: bool,
    /// A ground under it, joined with the same of its neighbours.
    pub ground: Option<Ground>,
    /// Where the outline's entry of this number leads.
    pub heading: Option<usize>,
    /// Stands above it if it begins a page.
    pub repeat: Option<Rc<Piece>>,
    pub drawn: Vec<Drawn>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ground {
    pub x: f32,
    pub width: f32,
    pub colour: Colour,
}

#[derive(Debug, Clone)]
pub struct Drawn {
    pub tag: TagId,
    pub x: f32,
    pub y: f32,
    pub mark: Mark,
}

#[derive(Debug, Clone)]
pub enum Mark {
    /// From its baseline.
    Text(Run),
    Rectangle {
        width: f32,
        height: f32,
        radius: f32,
        colour: Colour,
    },
    Polygon {
        corners: Vec<(f32, f32)>,
        fill: Option<Colour>,
        stroke: Option<(Colour, f32)>,
    },
}

impl Piece {
    pub fn new(height: f32) -> Self {
        Self { height, ..Self::default() }
    }

    /// Draws a line of text whose top is at `y`.
    pub fn line(&mut self, tag: TagId, x: f32, y: f32, text: &SetText, line: &Line) {
        let y = y + text.style.baseline();
        let runs = line.runs.iter().cloned();
        self.drawn.extend(runs.map(|run| Drawn { tag, x: x + run.x, y, mark: Mark::Text(run) }));
    }

    pub fn rectangle(&mut self, (x, y): (f32, f32), (width, height): (f32, f32), radius: f32, colour: Colour) {
        let mark = Mark::Rectangle { width, height, radius, colour };
        self.drawn.push(Drawn { tag: TagId::NONE, x, y, mark });
    }
}

/// A piece for each line, so that at a page's end there is neither a first nor a last line alone.
pub fn lines(text: &SetText, mut place: impl FnMut(&mut Piece, &Line)) -> Vec<Piece> {
    let count = text.lines.len();
    let pieces = text.lines.iter().enumerate().map(|(index, line)| {
        let mut piece = Piece::new(text.style.line);
        piece.keep = index + 1 < count && (index == 0 || index + 2 == count);
        place(&mut piece, line);
        piece
    });
    pieces.collect()
}

/// Room above the first piece.
pub fn after_gap(gap: f32, mut pieces: Vec<Piece>) -> Vec<Piece> {
    if let Some(first) = pieces.first_mut() {
        first.gap = first.gap.max(gap);
    }
    pieces
}
