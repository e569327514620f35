//! A profile over several axes.

use std::f32::consts::TAU;

use super::{Context, score, styled};
use crate::{
    look::{self, GAP, Style, WIDTH},
    model::{Axis, Bar, Face, Tone},
    piece::{Drawn, Mark, Piece, after_gap},
    tags::{Kind, TagId},
    text::SetText,
};

const RADIUS: f32 = 70.0;
const LABELS: f32 = 118.0;
/// From the outermost ring to a label.
const AWAY: f32 = 10.0;
const FEWEST: usize = 3;
/// More axes are hard to tell apart, and their labels collide.
const MOST: usize = 12;
/// Labels of more lines do not fit around the picture.
const LINES: usize = 2;

impl Context<'_> {
    pub fn radar(&mut self, axes: &[Axis]) -> Vec<Piece> {
        let style = Style { tone: Tone::Muted, ..look::SMALL };
        let labels: Vec<_> =
            axes.iter().map(|axis| self.setter.set(&axis.label.as_str().into(), style, LABELS)).collect();
        let fits = labels.iter().all(|label| label.lines.len() <= LINES);
        if !(FEWEST..=MOST).contains(&axes.len()) || !fits {
            let bar = |axis: &Axis| Bar { label: axis.label.clone(), value: Some(axis.value), note: String::new() };
            return self.bars(&axes.iter().map(bar).collect::<Vec<_>>());
        }

        let words = axes.iter().map(|axis| format!("{}: {} of 10", axis.label, score(Some(axis.value)).0));
        let tag = self.tags.add(Kind::Figure(crate::text::one_line(&words.collect::<Vec<_>>().join("; "))));
        let above = LINES as f32 * style.line + look::VALUE.line + AWAY;
        let mut piece = Piece::new(2.0 * (RADIUS + above));
        let centre = (WIDTH / 2.0, RADIUS + above);
        self.rings(&mut piece, axes, centre, tag);
        for (index, (axis, label)) in axes.iter().zip(&labels).enumerate() {
            let number = styled(&score(Some(axis.value)).0, Face::Bold, Tone::Plain);
            let number = self.setter.set(&number, look::VALUE, LABELS);
            self.label(
                &mut piece,
                corner(centre, index, axes.len(), RADIUS + AWAY),
                centre,
                &[number, label.clone()],
                tag,
            );
        }
        crop(&mut piece);
        after_gap(GAP + 4.0, vec![piece])
    }

    fn rings(&mut self, piece: &mut Piece, axes: &[Axis], centre: (f32, f32), tag: TagId) {
        let around = |length: &dyn Fn(usize) -> f32| -> Vec<_> {
            (0..axes.len()).map(|index| corner(centre, index, axes.len(), length(index))).collect()
        };
        let mut polygon = |corners, fill, stroke| {
            piece.drawn.push(Drawn { tag, x: 0.0, y: 0.0, mark: Mark::Polygon { corners, fill, stroke } });
        };
        let profile = around(&|index| RADIUS * score(Some(axes[index].value)).1 / 10.0);
        polygon(around(&|_| RADIUS), Some(look::FAINT), None);
        polygon(profile.clone(), Some(look::CALM), None);
        for part in [0.25, 0.5, 0.75, 1.0] {
            polygon(around(&|_| RADIUS * part), None, Some((look::LINE, 0.6)));
        }
        for end in around(&|_| RADIUS) {
            polygon(vec![centre, end], None, Some((look::LINE, 0.6)));
        }
        polygon(profile.clone(), None, Some((look::ACCENT, 1.5)));
        for (x, y) in profile {
            let dot = Mark::Rectangle { width: 5.0, height: 5.0, radius: 2.5, colour: look::ACCENT };
            piece.drawn.push(Drawn { tag, x: x - 2.5, y: y - 2.5, mark: dot });
        }
    }

    /// Texts under each other, on the side of `at` that looks away from the centre.
    fn label(&mut self, piece: &mut Piece, at: (f32, f32), centre: (f32, f32), texts: &[SetText], tag: TagId) {
        let height: f32 = texts.iter().map(SetText::height).sum();
        let (right, down) = ((at.0 - centre.0) / (RADIUS + AWAY), (at.1 - centre.1) / (RADIUS + AWAY));
        let mut y = at.1 - height * (1.0 - down) / 2.0;
        for text in texts {
            for line in &text.lines {
                let x = match right {
                    r if r > 0.2 => at.0,
                    r if r < -0.2 => at.0 - line.width,
                    _ => at.0 - line.width / 2.0,
                };
                piece.line(tag, x, y, text, line);
                y += text.style.line;
            }
        }
    }
}

/// The first axis points up; the others follow clockwise.
fn corner(centre: (f32, f32), index: usize, count: usize, length: f32) -> (f32, f32) {
    let angle = TAU * index as f32 / count as f32;
    (centre.0 + length * angle.sin(), centre.1 - length * angle.cos())
}

/// Leaves out the room above and below that labels of fewer lines do not need.
fn crop(piece: &mut Piece) {
    let (mut top, mut bottom) = (f32::MAX, f32::MIN);
    for drawn in &piece.drawn {
        let (from, to) = match &drawn.mark {
            Mark::Text(run) => (drawn.y - run.size, drawn.y + run.size * 0.3),
            Mark::Rectangle { height, .. } => (drawn.y, drawn.y + height),
            Mark::Polygon { corners, .. } => corners.iter().fold((f32::MAX, f32::MIN), |(from, to), corner| {
                (from.min(drawn.y + corner.1), to.max(drawn.y + corner.1))
            }),
        };
        (top, bottom) = (top.min(from), bottom.max(to));
    }
    piece.drawn.iter_mut().for_each(|drawn| drawn.y -= top);
    piece.height = bottom - top;
}
