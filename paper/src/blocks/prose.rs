//! Headings, paragraphs, notices, quotes and lists.

use super::{Context, Heading};
use crate::{
    look::{self, GAP, Style, WIDTH},
    model::{Text, Tone},
    piece::{self, Ground, Piece, after_gap},
    tags::{Kind, TagId},
    text::{SetText, one_line},
};

/// From a bar at the left to its text.
const SET_IN: f32 = 14.0;

impl Context<'_> {
    pub fn heading(&mut self, level: u8, text: &str) -> Vec<Piece> {
        let (style, above, below) = look::heading(level);
        let set = self.setter.set(&text.into(), style, WIDTH);
        let name = one_line(text);
        if set.is_blank() || name.is_empty() {
            return Vec::new();
        }
        let tag = self.tags.add(Kind::Heading(level, name.clone()));
        let mut pieces = place(&set, tag, 0.0, WIDTH);
        pieces.iter_mut().for_each(|piece| piece.keep = true);
        if let Some(last) = pieces.last_mut() {
            last.height += below - GAP.min(below);
        }
        pieces[0].heading = Some(self.headings.len());
        self.headings.push(Heading { level, name });
        after_gap(above, pieces)
    }

    pub fn paragraph(&mut self, text: &Text, style: Style) -> Vec<Piece> {
        let set = self.setter.set(text, style, WIDTH);
        if set.is_blank() {
            return Vec::new();
        }
        let tag = self.tags.add(Kind::Paragraph);
        after_gap(GAP, place(&set, tag, 0.0, WIDTH))
    }

    pub fn notice(&mut self, tone: Tone, text: &Text) -> Vec<Piece> {
        let set = self.setter.set(text, look::LABEL, WIDTH - 2.0 * SET_IN);
        if set.is_blank() {
            return Vec::new();
        }
        let tag = self.tags.add(Kind::Paragraph);
        let mut pieces = place(&set, tag, SET_IN, WIDTH - 2.0 * SET_IN);
        pad(&mut pieces, 7.0);
        for piece in &mut pieces {
            piece.ground = Some(Ground { x: 0.0, width: WIDTH, colour: look::FAINT });
            piece.rectangle((0.0, 0.0), (3.0, piece.height), 0.0, tone.colour());
        }
        after_gap(GAP + 3.0, pieces)
    }

    pub fn quote(&mut self, text: &str, source: &str) -> Vec<Piece> {
        let words = self.setter.set(&text.into(), look::QUOTE, WIDTH - SET_IN);
        let source = self.setter.set(&source.into(), look::SMALL, WIDTH - SET_IN);
        let parent = self.tags.add(Kind::BlockQuote);
        let mut pieces = Vec::new();
        for set in [words, source] {
            if !set.is_blank() {
                let tag = self.tags.add_in(parent, Kind::Paragraph);
                if let Some(last) = pieces.last_mut() {
                    let last: &mut Piece = last;
                    last.keep = true;
                    last.height += 2.0;
                }
                pieces.append(&mut place(&set, tag, SET_IN, WIDTH - SET_IN));
            }
        }
        for piece in &mut pieces {
            piece.ground = Some(Ground { x: 0.0, width: 2.5, colour: look::LINE });
        }
        after_gap(GAP, pieces)
    }

    pub fn bullets(&mut self, items: &[Text]) -> Vec<Piece> {
        let list = self.tags.add(Kind::List);
        let mut pieces = Vec::new();
        for text in items {
            let set = self.setter.set(text, look::BODY, WIDTH - SET_IN);
            if set.is_blank() {
                continue;
            }
            let item = self.tags.add_in(list, Kind::Item);
            let (label, body) = (self.tags.add_in(item, Kind::Label), self.tags.add_in(item, Kind::Body));
            let bullet = self.setter.set(&"•".into(), look::BODY, SET_IN);
            let mut lines = place(&set, body, SET_IN, WIDTH - SET_IN);
            let mut text = std::mem::take(&mut lines[0].drawn);
            lines[0].line(label, 3.0, 0.0, &bullet, &bullet.lines[0]);
            lines[0].drawn.append(&mut text);
            let gap = if pieces.is_empty() { GAP } else { 3.0 };
            pieces.append(&mut after_gap(gap, lines));
        }
        pieces
    }
}

/// The text's lines, at the right where they are read from there.
pub fn place(set: &SetText, tag: TagId, x: f32, width: f32) -> Vec<Piece> {
    piece::lines(set, |piece, line| {
        let x = if line.from_right { x + width - line.width } else { x };
        piece.line(tag, x, 0.0, set, line);
    })
}

/// Room within the first piece above and the last one below its text.
pub fn pad(pieces: &mut [Piece], room: f32) {
    if let Some(first) = pieces.first_mut() {
        first.height += room;
        first.drawn.iter_mut().for_each(|drawn| drawn.y += room);
    }
    if let Some(last) = pieces.last_mut() {
        last.height += room;
    }
}
