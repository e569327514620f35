//! How much of the key points an answer covers, and how to say so.

use crate::key_points::{Found, Nearness, Point};
use crate::words::Word;

/// Credit from which a key point counts as made.
const MADE: f64 = 0.5;

#[derive(Debug)]
pub struct Coverage<'a> {
    points: Vec<(&'a Point, Found)>,
}

impl<'a> Coverage<'a> {
    pub fn of(points: &'a [Point], text: &str, words: &[Word], sentence_of: &[Option<usize>], near: Nearness) -> Self {
        let find = |point: &'a Point| (point, point.find(text, words, sentence_of, near));
        Self { points: points.iter().map(find).collect() }
    }

    /// The weighted share of the key points, 0..=1; `None` if there are none.
    pub fn weighted(&self) -> Option<f64> {
        let total: f64 = self.points.iter().map(|(point, _)| point.weight).sum();
        let credit: f64 = self.points.iter().map(|(point, found)| point.weight * found.credit).sum();
        (total > 0.0).then(|| credit / total)
    }

    /// How many key points were made, and of how many.
    pub fn made(&self) -> (usize, usize) {
        (self.points.iter().filter(|(_, found)| found.credit >= MADE).count(), self.points.len())
    }

    /// The sentences with key points, the weightiest first.
    pub fn sentences(&self) -> Vec<usize> {
        let mut found: Vec<(f64, usize)> = self
            .points
            .iter()
            .filter_map(|(point, found)| Some((point.weight * found.credit, found.sentence?)))
            .collect();
        found.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        found.into_iter().map(|(_, sentence)| sentence).collect()
    }

    /// "makes 3 of 7 key points; missing: “…”, “…”".
    pub fn sentence(&self) -> String {
        let (made, all) = self.made();
        let mut missing: Vec<&(&Point, Found)> =
            self.points.iter().filter(|(_, found)| found.credit < MADE && !found.denied).collect();
        missing.sort_by(|one, other| other.0.weight.total_cmp(&one.0.weight));
        let denied: Vec<&str> =
            self.points.iter().filter(|(_, found)| found.denied).map(|(point, _)| point.text.as_str()).collect();
        let mut sentence = format!("makes {made} of {all} key point{}", if all == 1 { "" } else { "s" });
        if !denied.is_empty() {
            sentence += &format!("; seems to deny: {}", quoted(denied));
        }
        if !missing.is_empty() {
            sentence += &format!("; missing: {}", quoted(missing.iter().map(|(point, _)| point.text.as_str())));
        }
        sentence
    }
}

fn quoted<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let texts: Vec<&str> = texts.into_iter().collect();
    let shown: Vec<String> = texts.iter().take(3).map(|text| format!("“{}”", text.trim())).collect();
    let more =
        if texts.len() > shown.len() { format!(" and {} more", texts.len() - shown.len()) } else { String::new() };
    shown.join(", ") + &more
}
