//! Programs, on a ground of their own.

use super::{Context, prose};
use crate::{
    look::{self, GAP, WIDTH},
    piece::{Ground, Piece, after_gap},
    tags::Kind,
};

const PADDING: f32 = 9.0;

impl Context<'_> {
    pub fn code(&mut self, text: &str) -> Vec<Piece> {
        let set = self.setter.set(&text.trim_end().into(), look::CODE, WIDTH - 2.0 * PADDING);
        if set.is_blank() {
            return Vec::new();
        }
        let parent = self.tags.add(Kind::Paragraph);
        let tag = self.tags.add_in(parent, Kind::Code);
        let mut pieces = prose::place(&set, tag, PADDING, WIDTH - 2.0 * PADDING);
        prose::pad(&mut pieces, PADDING - 2.0);
        for piece in &mut pieces {
            piece.ground = Some(Ground { x: 0.0, width: WIDTH, colour: look::FAINT });
        }
        after_gap(GAP, pieces)
    }
}
