//! One line of text without breaks → glyphs, in runs of one look, face and direction, and the clusters that they form.

use std::{ops::Range, rc::Rc};

use rustybuzz::{Direction, ShapePlan};
use unicode_bidi::{BidiInfo, Level};
use unicode_segmentation::UnicodeSegmentation as _;

use super::{Glyph, Mark, Typesetter};
use crate::{
    fonts::FaceId,
    look::{Colour, Style},
};

/// Characters that a glyph stands for at most. PDF's readers know a glyph's text from hexadecimal digits, four or eight for
/// each character, and common ones take no more than 253 digits.
const MOST: usize = 30;

pub struct Shaped {
    pub runs: Vec<ShapedRun>,
    /// In the order of the text.
    pub clusters: Vec<Cluster>,
    pub from_right: bool,
}

pub struct ShapedRun {
    pub face: FaceId,
    pub size: f32,
    pub colour: Colour,
    pub level: Level,
    /// From left to right.
    pub glyphs: Vec<Glyph>,
}

/// What cannot be divided: a character with its marks, or a ligature.
pub struct Cluster {
    pub end: usize,
    pub run: usize,
    /// Of its run.
    pub glyphs: Range<usize>,
    pub width: f32,
    pub is_space: bool,
}

#[derive(Clone, Copy, PartialEq)]
struct Look {
    /// `None` if no face has it.
    face: Option<FaceId>,
    size: f32,
    colour: Colour,
    level: Level,
    is_arabic: bool,
}

pub fn shape(setter: &mut Typesetter, text: &Rc<str>, marks: &[Mark], style: Style) -> Shaped {
    let (levels, base) = levels(text);
    let mut shaped = Shaped { runs: Vec::new(), clusters: Vec::new(), from_right: base.is_rtl() };
    let mut pending: Option<(Look, Range<usize>)> = None;
    let mut marks = marks.iter().peekable();
    for (start, grapheme) in text.grapheme_indices(true) {
        while marks.next_if(|mark| mark.range.end <= start).is_some() {}
        let (face, colour) = marks.peek().map_or((style.face, style.tone.colour()), |mark| (mark.face, mark.colour()));
        let look = Look {
            face: setter.fonts.choose(face, grapheme),
            size: style.size_of(face),
            colour,
            level: levels.get(start).copied().unwrap_or(base),
            is_arabic: grapheme.chars().any(|c| matches!(c, '\u{600}'..='\u{8ff}' | '\u{fb50}'..='\u{fdff}')),
        };
        let end = start + grapheme.len();
        match &mut pending {
            Some((last, range)) if *last == look => range.end = end,
            _ => {
                if let Some((look, range)) = pending.replace((look, start..end)) {
                    setter.shape_run(text, look, range, &mut shaped);
                }
            }
        }
    }
    if let Some((look, range)) = pending {
        setter.shape_run(text, look, range, &mut shaped);
    }
    shaped
}

/// The direction of each byte, if any differs from the whole's, and the whole's.
fn levels(text: &str) -> (Vec<Level>, Level) {
    let goes_left = |c| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}');
    if !text.chars().any(goes_left) {
        return (Vec::new(), Level::ltr());
    }
    let info = BidiInfo::new(text, None);
    let base = info.paragraphs.first().map_or(Level::ltr(), |paragraph| paragraph.level);
    (info.levels, base)
}

impl Typesetter {
    fn shape_run(&mut self, text: &Rc<str>, look: Look, range: Range<usize>, shaped: &mut Shaped) {
        let rtl = look.level.is_rtl();
        let part = &text[range.clone()];
        let (face, mut glyphs) = match look.face {
            Some(face) => (face, self.shape_with(face, part, range.start, rtl)),
            None => self.boxes(part, range.start, rtl),
        };
        let mut clusters = clusters(text, &glyphs, shaped.runs.len(), look.size);
        divide(text, &mut glyphs, rtl);
        if rtl {
            clusters.reverse();
        }
        shaped.clusters.append(&mut clusters);
        shaped.runs.push(ShapedRun { face, size: look.size, colour: look.colour, level: look.level, glyphs });
    }

    fn shape_with(&mut self, id: FaceId, text: &str, offset: usize, rtl: bool) -> Vec<Glyph> {
        let face = self.fonts.get(id);
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.push_str(text);
        let direction = if rtl { Direction::RightToLeft } else { Direction::LeftToRight };
        buffer.set_direction(direction);
        buffer.guess_segment_properties();
        let script = Some(buffer.script());
        let known = self.plans.iter().position(|(f, r, s, _)| (*f, *r, *s) == (id, rtl, script));
        let index = known.unwrap_or_else(|| {
            let plan = ShapePlan::new(&face.shaping, direction, script, buffer.language().as_ref(), &[]);
            self.plans.push((id, rtl, script, plan));
            self.plans.len() - 1
        });
        let output = rustybuzz::shape_with_plan(&face.shaping, &self.plans[index].3, buffer);
        let glyphs = output.glyph_infos().iter().zip(output.glyph_positions()).map(|(info, position)| Glyph {
            id: info.glyph_id as u16,
            advance: position.x_advance as f32 / face.em,
            dx: position.x_offset as f32 / face.em,
            dy: position.y_offset as f32 / face.em,
            start: offset as u32 + info.cluster,
            end: 0,
        });
        let mut glyphs: Vec<_> = glyphs.collect();
        set_ends(&mut glyphs, (offset + text.len()) as u32, rtl);
        self.buffer = Some(output.clear());
        glyphs
    }

    /// A box for each character as a person sees it.
    fn boxes(&mut self, text: &str, offset: usize, rtl: bool) -> (FaceId, Vec<Glyph>) {
        let (id, glyph) = self.fonts.replacement();
        let face = self.fonts.get(id);
        let advance = f32::from(face.shaping.glyph_hor_advance(glyph).unwrap_or(0)) / face.em;
        let mut glyphs = Vec::new();
        for (start, grapheme) in text.grapheme_indices(true) {
            let lacking = |c: &char| self.fonts.choose(Default::default(), c.encode_utf8(&mut [0; 4])).is_none();
            self.missing.extend(grapheme.chars().filter(lacking));
            let start = (offset + start) as u32;
            let drawn = Glyph { id: glyph.0, advance, dx: 0.0, dy: 0.0, start, end: start + grapheme.len() as u32 };
            // What is more than one glyph stands for has several boxes in one place.
            let below = grapheme.chars().count().div_ceil(MOST) - 1;
            let mut boxes = vec![Glyph { advance: 0.0, ..drawn }; below];
            boxes.push(drawn);
            if rtl {
                boxes.reverse();
            }
            glyphs.append(&mut boxes);
        }
        if rtl {
            glyphs.reverse();
        }
        (id, glyphs)
    }
}

/// A cluster ends where the next one in the text begins.
fn set_ends(glyphs: &mut [Glyph], end: u32, rtl: bool) {
    let mut ahead = (end, end);
    let mut set = |glyph: &mut Glyph| {
        if glyph.start != ahead.0 {
            ahead = (glyph.start, ahead.0);
        }
        glyph.end = ahead.1;
    };
    if rtl {
        glyphs.iter_mut().for_each(&mut set);
    } else {
        glyphs.iter_mut().rev().for_each(&mut set);
    }
}

/// Glyphs of one cluster stand for all of it. Where that is too much, such as dozens of marks on one letter, some stand for
/// one part of it, and some for the next.
fn divide(text: &str, glyphs: &mut [Glyph], rtl: bool) {
    for group in glyphs.chunk_by_mut(|a, b| a.start == b.start) {
        let (start, end) = (group[0].start as usize, group[0].end as usize);
        let count = text[start..end].chars().count();
        if count <= MOST {
            continue;
        }
        let begins = text[start..end].char_indices().step_by(MOST).map(|(at, _)| start + at);
        let bounds: Vec<usize> = begins.chain([end]).collect();
        let (parts, glyphs) = (bounds.len() - 1, group.len());
        for (index, glyph) in group.iter_mut().enumerate() {
            let index = if rtl { glyphs - 1 - index } else { index };
            let part = index * parts / glyphs;
            (glyph.start, glyph.end) = (bounds[part] as u32, bounds[part + 1] as u32);
        }
    }
}

fn clusters(text: &str, glyphs: &[Glyph], run: usize, size: f32) -> Vec<Cluster> {
    let mut clusters = Vec::new();
    let mut from = 0;
    for group in glyphs.chunk_by(|a, b| a.start == b.start) {
        let (start, end) = (group[0].start as usize, group[0].end as usize);
        clusters.push(Cluster {
            end,
            run,
            glyphs: from..from + group.len(),
            width: group.iter().map(|glyph| glyph.advance).sum::<f32>() * size,
            is_space: text[start..end].chars().all(|c| c == ' ' || c.is_whitespace() && !is_fixed(c)),
        });
        from += group.len();
    }
    clusters
}

/// Spaces at which no line is broken.
fn is_fixed(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}')
}
