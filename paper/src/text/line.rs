//! The clusters of one line, in the order in which they stand on paper.

use std::{ops::Range, rc::Rc};

use unicode_bidi::{BidiInfo, Level};

use super::{Line, Run, shape::Shaped};
use crate::look::Style;

pub fn line(text: &Rc<str>, shaped: &Shaped, mut clusters: Range<usize>, style: Style) -> Line {
    let goes_on = clusters.start > 0;
    let all = &shaped.clusters;
    let spaces = all[clusters.clone()].iter().rev().take_while(|cluster| cluster.is_space).count();
    let seen = clusters.start..clusters.end - spaces;
    let is_blank = seen.is_empty();
    let width = all[seen.clone()].iter().map(|cluster| cluster.width).sum::<f32>();
    if shaped.runs.iter().any(|run| run.level.is_rtl()) {
        // At the end of the line as it is read, they would stand at the left of what is seen.
        clusters = seen;
    }

    let parts: Vec<_> = all[clusters].chunk_by(|a, b| a.run == b.run).collect();
    let levels: Vec<Level> = parts.iter().map(|part| shaped.runs[part[0].run].level).collect();
    let indent = if goes_on { style.further_in() } else { 0.0 };
    let mut x = indent;
    let mut runs = Vec::new();
    for index in BidiInfo::reorder_visual(&levels) {
        let part = parts[index];
        let run = &shaped.runs[part[0].run];
        let (first, last) = (&part[0].glyphs, &part[part.len() - 1].glyphs);
        let glyphs = run.glyphs[first.start.min(last.start)..first.end.max(last.end)].to_vec();
        runs.push(Run { x, face: run.face, size: run.size, colour: run.colour, glyphs, text: text.clone() });
        x += part.iter().map(|cluster| cluster.width).sum::<f32>();
    }
    Line { runs, width: indent + width, is_blank, from_right: shaped.from_right }
}
