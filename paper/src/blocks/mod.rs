//! From blocks to pieces.

mod bars;
mod code;
mod facts;
mod prose;
mod radar;
mod rows;
mod table;
mod timeline;

use crate::{
    look,
    model::{Block, Face, Span, Text, Tone},
    piece::Piece,
    tags::Tags,
    text::Typesetter,
};

/// What laying out a block needs.
pub struct Context<'a> {
    pub setter: &'a mut Typesetter,
    pub tags: &'a mut Tags,
    pub headings: Vec<Heading>,
}

/// What the outline says.
pub struct Heading {
    /// 1..=3
    pub level: u8,
    pub name: String,
}

/// All blocks' pieces, and the headings, which the pieces refer to by number.
pub fn lay_out(blocks: &[Block], setter: &mut Typesetter, tags: &mut Tags) -> (Vec<Piece>, Vec<Heading>) {
    let mut context = Context { setter, tags, headings: Vec::new() };
    let mut pieces = Vec::new();
    for block in blocks {
        pieces.append(&mut context.block(block));
    }
    (pieces, context.headings)
}

impl Context<'_> {
    fn block(&mut self, block: &Block) -> Vec<Piece> {
        match block {
            Block::Heading { level, text } => self.heading((*level).clamp(1, 3), text),
            Block::Paragraph(text) => self.paragraph(text, look::BODY),
            Block::Muted(text) => self.paragraph(text, look::MUTED),
            Block::Notice { tone, text } => self.notice(*tone, text),
            Block::Quote { text, source } => self.quote(text, source),
            Block::Code(text) => self.code(text),
            Block::Bullets(items) => self.bullets(items),
            Block::Facts(facts) => self.facts(facts),
            Block::Table(table) => self.table(table),
            Block::Bars(bars) => self.bars(bars),
            Block::Radar(axes) => self.radar(axes),
            Block::Timeline(timeline) => self.timeline(timeline),
        }
    }
}

/// A value of 0..=10 as it is printed, and as it is drawn.
pub fn score(value: Option<f64>) -> (String, f32) {
    match value.filter(|value| value.is_finite()) {
        Some(value) => {
            let value = value.clamp(0.0, 10.0);
            (format!("{value:.1}"), value as f32)
        }
        None => ("–".to_owned(), 0.0),
    }
}

/// A text that looks the same throughout.
pub fn styled(text: &str, face: Face, tone: Tone) -> Text {
    vec![Span { text: text.to_owned(), face, tone }].into()
}
