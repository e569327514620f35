//! Texts side by side. A row that is short stays whole; a tall one is divided between lines.

use crate::{model::Align, piece::Piece, tags::TagId, text::SetText};

/// Rows of more lines are divided.
const WHOLE: usize = 16;

/// A text in its column.
pub struct Cell {
    pub text: SetText,
    pub x: f32,
    pub width: f32,
    pub align: Align,
    pub tag: TagId,
}

/// The row's pieces, at least one, with `padding` above and below the texts.
pub fn row(cells: &[Cell], padding: f32) -> Vec<Piece> {
    let most = cells.iter().map(|cell| cell.text.lines.len()).max().unwrap_or(0);
    let step = if most <= WHOLE { WHOLE } else { WHOLE / 4 };
    let mut pieces = Vec::new();
    let mut from = 0;
    loop {
        let is_first = from == 0;
        let is_last = from + step >= most;
        let top = if is_first { padding } else { 0.0 };
        let mut piece = Piece::new(0.0);
        let mut height: f32 = 0.0;
        for cell in cells {
            let lines = cell.text.lines.iter().skip(from).take(step);
            height = height.max(lines.len() as f32 * cell.text.style.line);
            for (index, line) in lines.enumerate() {
                let room = cell.width - line.width;
                let x = cell.x + if cell.align == Align::Right { room } else { 0.0 };
                piece.line(cell.tag, x, top + index as f32 * cell.text.style.line, &cell.text, line);
            }
        }
        piece.height = top + height + if is_last { padding } else { 0.0 };
        pieces.push(piece);
        if is_last {
            return pieces;
        }
        from += step;
    }
}
