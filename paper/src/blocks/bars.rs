//! A bar for each value, with its label and number.

use super::{
    Context,
    rows::{self, Cell},
    score, styled,
};
use crate::{
    look::{self, GAP, WIDTH},
    model::{Align, Bar, Face, Tone},
    piece::{Piece, after_gap},
    tags::Kind,
};

const LABELS: f32 = 210.0;
const VALUES: f32 = 34.0;
const BETWEEN: f32 = 14.0;
const THICK: f32 = 6.0;
const PADDING: f32 = 4.5;

impl Context<'_> {
    pub fn bars(&mut self, bars: &[Bar]) -> Vec<Piece> {
        let list = self.tags.add(Kind::List);
        let mut pieces = Vec::new();
        for bar in bars {
            let item = self.tags.add_in(list, Kind::Item);
            let (label, body) = (self.tags.add_in(item, Kind::Label), self.tags.add_in(item, Kind::Body));
            let (number, value) = score(bar.value);
            let tone = if bar.value.is_some() { Tone::Plain } else { Tone::Muted };
            let cells = [
                Cell {
                    text: self.setter.set(&bar.label.as_str().into(), look::LABEL, LABELS),
                    x: 0.0,
                    width: LABELS,
                    align: Align::Left,
                    tag: label,
                },
                Cell {
                    text: self.setter.set(&styled(&number, Face::Bold, tone), look::VALUE, VALUES),
                    x: WIDTH - VALUES,
                    width: VALUES,
                    align: Align::Right,
                    tag: body,
                },
            ];
            let mut row = rows::row(&cells, PADDING);
            let x = LABELS + BETWEEN;
            let room = WIDTH - VALUES - x - 4.0;
            let y = PADDING + (look::LABEL.line - THICK) / 2.0 + 0.5;
            row[0].rectangle((x, y), (room, THICK), THICK / 2.0, look::CALM);
            if value > 0.0 {
                let length = (room * value / 10.0).max(THICK);
                row[0].rectangle((x, y), (length, THICK), THICK / 2.0, look::ACCENT);
            }
            let note = self.setter.set(&bar.note.as_str().into(), look::SMALL, LABELS);
            if !note.is_blank() {
                if let Some(last) = row.last_mut() {
                    last.keep = true;
                    last.height -= PADDING;
                }
                let cell = Cell { text: note, x: 0.0, width: LABELS, align: Align::Left, tag: body };
                row.append(&mut rows::row(&[cell], 0.0));
                if let Some(last) = row.last_mut() {
                    last.height += PADDING;
                }
            }
            pieces.append(&mut row);
        }
        after_gap(GAP, pieces)
    }
}
