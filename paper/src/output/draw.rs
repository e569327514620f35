//! What is drawn on one page.

use std::ops::Range;

use krilla::{
    color::rgb,
    geom::{Path, PathBuilder, Point, Rect},
    paint::{Fill, Stroke},
    surface::{Location, Surface},
    tagging::{Artifact, ArtifactType, ContentTag},
    text::GlyphId,
};

use crate::{
    fonts::Fonts,
    look::{Colour, LEFT},
    piece::{Drawn, Ground, Mark},
    tags::{TagId, Tags},
    text::Glyph,
};

/// How far control points are from the ends of a quarter of a circle, in radii.
const QUARTER: f32 = 0.552_284_8;

/// Draws everything in its order; what belongs to the same part of the document is marked as one.
pub fn all(surface: &mut Surface, fonts: &Fonts, drawn: Vec<Drawn>, tags: &mut Tags) {
    for part in drawn.chunk_by(|a, b| a.tag == b.tag) {
        let tag = part[0].tag;
        let content = if tag == TagId::NONE { layout() } else { ContentTag::Other };
        let identifier = surface.start_tagged(content);
        part.iter().for_each(|drawn| draw(surface, fonts, drawn));
        surface.end_tagged();
        tags.drawn(tag, identifier);
    }
}

pub fn artifact(surface: &mut Surface, fonts: &Fonts, drawn: Vec<Drawn>, artifact: Artifact) {
    surface.start_tagged(ContentTag::Artifact(artifact));
    drawn.iter().for_each(|drawn| draw(surface, fonts, drawn));
    surface.end_tagged();
}

pub fn ground(surface: &mut Surface, ground: Ground, top: f32, end: f32) {
    surface.start_tagged(layout());
    fill(surface, ground.colour, rectangle(LEFT + ground.x, top, ground.width, end - top, 0.0));
    surface.end_tagged();
}

fn layout() -> ContentTag<'static> {
    ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout))
}

fn draw(surface: &mut Surface, fonts: &Fonts, drawn: &Drawn) {
    let (x, y) = (drawn.x, drawn.y);
    match &drawn.mark {
        Mark::Text(run) => {
            set_fill(surface, run.colour);
            let font = fonts.get(run.face).embedding.clone();
            surface.draw_glyphs(Point::from_xy(x, y), &run.glyphs, font, &run.text, run.size, false);
        }
        Mark::Rectangle { width, height, radius, colour } => {
            fill(surface, *colour, rectangle(x, y, *width, *height, *radius));
        }
        Mark::Polygon { corners, fill: inside, stroke } => {
            let mut builder = PathBuilder::new();
            for (index, corner) in corners.iter().enumerate() {
                let (x, y) = (x + corner.0, y + corner.1);
                if index == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
            }
            builder.close();
            let Some(path) = builder.finish() else { return };
            surface.set_fill(inside.map(paint));
            surface.set_stroke(stroke.map(|(colour, width)| Stroke {
                paint: rgb(colour).into(),
                width,
                ..Stroke::default()
            }));
            surface.draw_path(&path);
            surface.set_stroke(None);
        }
    }
}

fn fill(surface: &mut Surface, colour: Colour, path: Option<Path>) {
    set_fill(surface, colour);
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn set_fill(surface: &mut Surface, colour: Colour) {
    surface.set_stroke(None);
    surface.set_fill(Some(paint(colour)));
}

fn paint(colour: Colour) -> Fill {
    Fill { paint: rgb(colour).into(), ..Fill::default() }
}

fn rgb(Colour(red, green, blue): Colour) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

fn rectangle(x: f32, y: f32, width: f32, height: f32, radius: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    let r = radius.min(width / 2.0).min(height / 2.0);
    if r <= 0.0 {
        path.push_rect(Rect::from_xywh(x, y, width, height)?);
        return path.finish();
    }
    let (right, low, c) = (x + width, y + height, r * (1.0 - QUARTER));
    path.move_to(x + r, y);
    path.line_to(right - r, y);
    path.cubic_to(right - c, y, right, y + c, right, y + r);
    path.line_to(right, low - r);
    path.cubic_to(right, low - c, right - c, low, right - r, low);
    path.line_to(x + r, low);
    path.cubic_to(x + c, low, x, low - c, x, low - r);
    path.line_to(x, y + r);
    path.cubic_to(x, y + c, x + c, y, x + r, y);
    path.close();
    path.finish()
}

impl krilla::text::Glyph for Glyph {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(self.id.into())
    }

    fn text_range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    fn x_advance(&self, size: f32) -> f32 {
        self.advance * size
    }

    fn x_offset(&self, size: f32) -> f32 {
        self.dx * size
    }

    fn y_offset(&self, size: f32) -> f32 {
        self.dy * size
    }

    fn y_advance(&self, _size: f32) -> f32 {
        0.0
    }

    fn location(&self) -> Option<Location> {
        None
    }
}
