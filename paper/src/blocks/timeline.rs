//! What happened when, lane under lane.

use super::{
    Context,
    rows::{self, Cell},
};
use crate::{
    look::{self, GAP, Style, WIDTH},
    model::{Align, Lane, Timeline, Tone},
    piece::{Piece, after_gap},
    tags::{Kind, TagId},
};

const LABELS: f32 = 92.0;
const LANE: f32 = 11.0;
/// What is too short to see is drawn this wide.
const THINNEST: f32 = 1.8;
/// More spans of a lane are not put in words.
const IN_WORDS: usize = 20;

impl Context<'_> {
    pub fn timeline(&mut self, timeline: &Timeline) -> Vec<Piece> {
        let length = timeline.length_s;
        if timeline.lanes.is_empty() || !length.is_finite() || length <= 0.0 {
            return Vec::new();
        }
        let words = timeline.lanes.iter().map(in_words).collect::<Vec<_>>().join(" ");
        let tag = self.tags.add(Kind::Figure(crate::text::one_line(&format!("Timeline. {words}"))));
        let muted = Style { tone: Tone::Muted, ..look::SMALL };
        let (x, room) = (LABELS + 10.0, WIDTH - LABELS - 10.0);
        let mut pieces = Vec::new();
        for lane in &timeline.lanes {
            let cell = self.cell(&lane.label, muted, (0.0, LABELS), Align::Left, tag);
            let mut row = rows::row(&[cell], 4.0);
            row[0].height = row[0].height.max(LANE + 8.0);
            let y = 4.0 + (muted.line - LANE) / 2.0;
            row[0].rectangle((x, y), (room, LANE), 3.0, look::CALM);
            for span in &lane.spans {
                let at = |s: f64| room * (if s.is_finite() { s / length } else { 0.0 }).clamp(0.0, 1.0) as f32;
                let wide = (at(span.end_s) - at(span.start_s)).max(THINNEST);
                let from = at(span.start_s).min(room - wide);
                row[0].rectangle((x + from, y), (wide, LANE), 1.5f32.min(wide / 2.0), span.tone.colour());
            }
            row.iter_mut().for_each(|piece| piece.keep = true);
            pieces.append(&mut row);
        }
        let half = room / 2.0 - 5.0;
        let ends = [
            self.cell(&timeline.start_label, muted, (x, half), Align::Left, tag),
            self.cell(&timeline.end_label, muted, (x + half + 10.0, half), Align::Right, tag),
        ];
        pieces.append(&mut rows::row(&ends, 1.0));
        after_gap(GAP, pieces)
    }

    fn cell(&mut self, text: &str, style: Style, (x, width): (f32, f32), align: Align, tag: TagId) -> Cell {
        Cell { text: self.setter.set(&text.into(), style, width), x, width, align, tag }
    }
}

/// What those read who cannot see the lanes.
fn in_words(lane: &Lane) -> String {
    let clock = |s: f64| format!("{}:{:02}", (s as i64) / 60, (s as i64) % 60);
    let mut words: Vec<_> = lane
        .spans
        .iter()
        .take(IN_WORDS)
        .map(|span| format!("{} to {}", clock(span.start_s), clock(span.end_s)))
        .collect();
    if lane.spans.len() > IN_WORDS {
        words.push(format!("and {} more", lane.spans.len() - IN_WORDS));
    }
    if words.is_empty() {
        words.push("nothing".to_owned());
    }
    format!("{}: {}.", lane.label, words.join(", "))
}
