//! Names and values, side by side.

use super::{Context, rows};
use crate::{
    look::{self, GAP, WIDTH},
    model::{Align, Text},
    piece::{Piece, after_gap},
    tags::Kind,
};

const NAMES: f32 = 118.0;
const BETWEEN: f32 = 12.0;

impl Context<'_> {
    pub fn facts(&mut self, facts: &[(String, Text)]) -> Vec<Piece> {
        let list = self.tags.add(Kind::List);
        let mut pieces = Vec::new();
        for (name, value) in facts {
            let item = self.tags.add_in(list, Kind::Item);
            let x = NAMES + BETWEEN;
            let muted = look::Style { tone: crate::model::Tone::Muted, ..look::LABEL };
            let cells = [
                rows::Cell {
                    text: self.setter.set(&name.as_str().into(), muted, NAMES),
                    x: 0.0,
                    width: NAMES,
                    align: Align::Left,
                    tag: self.tags.add_in(item, Kind::Label),
                },
                rows::Cell {
                    text: self.setter.set(value, look::LABEL, WIDTH - x),
                    x,
                    width: WIDTH - x,
                    align: Align::Left,
                    tag: self.tags.add_in(item, Kind::Body),
                },
            ];
            pieces.append(&mut rows::row(&cells, 2.0));
        }
        after_gap(GAP, pieces)
    }
}
