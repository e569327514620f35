//! Where lines end: at the last place that Unicode allows, else, for words that are too long, wherever the width is used up.

use std::ops::Range;

use unicode_linebreak::linebreaks;

use super::shape::Cluster;
use crate::look::Style;

/// The clusters of each line; at least one line.
pub fn wrap(text: &str, clusters: &[Cluster], style: Style, width: f32) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut allowed = linebreaks(text).map(|(offset, _)| offset).peekable();
    let (mut start, mut used) = (0, 0.0);
    // The last place to break at, and the width used up to there.
    let mut place: Option<(usize, f32)> = None;
    for (index, cluster) in clusters.iter().enumerate() {
        loop {
            let room = if lines.is_empty() { width } else { width - style.further_in() };
            if cluster.is_space || index == start || used + cluster.width <= room {
                break;
            }
            let (end, width) = place.take().unwrap_or((index, used));
            lines.push(start..end);
            (start, used) = (end, used - width);
        }
        used += cluster.width;
        while allowed.next_if(|&offset| offset < cluster.end).is_some() {}
        if allowed.peek() == Some(&cluster.end) {
            place = Some((index + 1, used));
        }
    }
    lines.push(start..clusters.len());
    lines
}

impl Style {
    /// How far a line of code that goes on is set in.
    pub fn further_in(self) -> f32 {
        if self.code { self.size * 1.2 } else { 0.0 }
    }
}
