//! Tables, with their header on each page.

use std::rc::Rc;

use super::{
    Context,
    rows::{self, Cell},
};
use crate::{
    look::{self, GAP, Style, WIDTH},
    model::{Align, Column, Table, Text},
    piece::{Piece, after_gap},
    tags::{Kind, TagId},
};

const BETWEEN: f32 = 12.0;
const PADDING: f32 = 5.0;
/// Taller headers are not repeated.
const TALLEST_REPEATED: f32 = 200.0;

struct Place {
    x: f32,
    width: f32,
    align: Align,
}

impl Context<'_> {
    pub fn table(&mut self, table: &Table) -> Vec<Piece> {
        let places = places(table);
        if places.is_empty() {
            return Vec::new();
        }
        let tag = self.tags.add(Kind::Table);
        let mut pieces = Vec::new();
        let mut header = None;
        if !table.header.is_empty() {
            let texts: Vec<Text> = table.header.iter().map(|text| text.as_str().into()).collect();
            let mut laid = self.row(&places, &texts, look::HEADER, tag, || Kind::HeaderCell);
            laid.iter_mut().for_each(|piece| piece.keep = true);
            if let [only] = laid.as_slice()
                && only.height <= TALLEST_REPEATED
            {
                header = Some(Rc::new(decoration(only)));
            }
            pieces.append(&mut laid);
        }
        for texts in &table.rows {
            if let Some(above) = pieces.last_mut() {
                let above: &mut Piece = above;
                above.rectangle((0.0, above.height - 0.5), (WIDTH, 0.5), 0.0, look::LINE);
            }
            for mut piece in self.row(&places, texts, look::CELL, tag, || Kind::Cell) {
                piece.repeat.clone_from(&header);
                pieces.push(piece);
            }
        }
        after_gap(GAP + 2.0, pieces)
    }

    fn row(&mut self, places: &[Place], texts: &[Text], style: Style, tag: TagId, kind: fn() -> Kind) -> Vec<Piece> {
        let row = self.tags.add_in(tag, Kind::Row);
        let empty = Text::default();
        let cells = places.iter().enumerate().map(|(index, place)| Cell {
            text: self.setter.set(texts.get(index).unwrap_or(&empty), style, place.width),
            x: place.x,
            width: place.width,
            align: place.align,
            tag: self.tags.add_in(row, kind()),
        });
        let cells: Vec<_> = cells.collect();
        rows::row(&cells, PADDING)
    }
}

/// As many columns as anything in the table has.
fn places(table: &Table) -> Vec<Place> {
    let most = table.rows.iter().map(Vec::len).max().unwrap_or(0);
    let count = most.max(table.header.len()).max(table.columns.len());
    let column = |index| table.columns.get(index).copied().unwrap_or_default();
    let total: f32 = (0..count).map(|index| column(index).share()).sum();
    let between = if count > 12 { 2.0 } else { BETWEEN };
    let room = (WIDTH - between * count.saturating_sub(1) as f32).max(0.0);
    let mut x = 0.0;
    let place = |index| {
        let width = room * column(index).share() / total;
        let place = Place { x, width, align: column(index).align };
        x += width + between;
        place
    };
    (0..count).map(place).collect()
}

impl Column {
    fn share(self) -> f32 {
        if self.weight.is_finite() { self.weight.clamp(0.01, 1000.0) } else { 1.0 }
    }
}

impl Default for Column {
    fn default() -> Self {
        Self { weight: 1.0, align: Align::Left }
    }
}

/// The same to look at, without being read again.
fn decoration(piece: &Piece) -> Piece {
    let mut piece = Piece { keep: false, ..piece.clone() };
    piece.drawn.iter_mut().for_each(|drawn| drawn.tag = TagId::NONE);
    piece.rectangle((0.0, piece.height - 0.5), (WIDTH, 0.5), 0.0, look::LINE);
    piece
}
