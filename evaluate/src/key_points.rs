//! Looks for a rubric's key points in an answer.
//!
//! A key point is found where enough of its words stand near each other, by stem. Words that many key points share, or that
//! the question has already, count less (the inverse document frequency, with the key points as the documents).

use std::collections::{BTreeMap, BTreeSet};

use crate::phrases::has_phrase;
use crate::task::KeyPoint;
use crate::verdict::ramp;
use crate::words::{Word, words};

/// More are not looked for.
pub const MOST_POINTS: usize = 60;
const MOST_ALTERNATIVES: usize = 10;
/// Places of one alternative's words that are looked at.
const MOST_PLACES: usize = 300;
/// A negation counts within so many words before what it denies.
const REACH: usize = 4;

/// A key point, prepared.
#[derive(Debug)]
pub struct Point {
    pub text: String,
    pub weight: f64,
    alternatives: Vec<Alternative>,
}

#[derive(Debug)]
struct Alternative {
    /// Content stems and their weights.
    stems: BTreeMap<String, f64>,
    /// What stands for an alternative without content words, such as `O(n)`. Where it is one word with a capital, such as `Go`
    /// or `C`, it is looked for as it is written: `go` is another word. Otherwise in lower case.
    literal: String,
    as_written: bool,
    negated: bool,
}

/// A word of the answer that is one of an alternative's.
struct Place {
    word: usize,
    stem: usize,
    sentence: usize,
}

/// Where and how far a key point was found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Found {
    /// 0..=1
    pub credit: f64,
    /// The answer denies it.
    pub denied: bool,
    pub sentence: Option<usize>,
}

/// How far apart the words of a key point may stand.
#[derive(Debug, Clone, Copy)]
pub struct Nearness {
    pub words: usize,
    pub sentences: usize,
}

impl Point {
    /// `question` holds the stems of the question's content words.
    pub fn prepare(key_points: &[KeyPoint], question: &BTreeSet<String>) -> Vec<Self> {
        let key_points = &key_points[..key_points.len().min(MOST_POINTS)];
        let mut frequency: BTreeMap<String, usize> = BTreeMap::new();
        for point in key_points {
            for stem in crate::passage::content_stems(&words(&point.text)) {
                *frequency.entry(stem).or_default() += 1;
            }
        }
        let idf = |stem: &str| {
            let documents = frequency.get(stem).copied().unwrap_or(1);
            let known = if question.contains(stem) { 0.5 } else { 1.0 };
            known * (1.0 + key_points.len() as f64 / documents as f64).ln()
        };
        key_points.iter().map(|point| Self::new(point, idf)).filter(|point| !point.alternatives.is_empty()).collect()
    }

    fn new(point: &KeyPoint, idf: impl Fn(&str) -> f64) -> Self {
        let alternative = |text: &str| {
            let words = words(text);
            let content = words.iter().filter(|word| word.is_content());
            let stems = content.map(|word| (word.stem.clone(), idf(&word.stem))).collect();
            let negated = words.iter().any(|word| word.negation);
            let as_written = text.trim().chars().all(char::is_alphabetic) && text.contains(char::is_uppercase);
            let literal = if as_written { text.trim().to_owned() } else { text.trim().to_lowercase() };
            Alternative { stems, literal, as_written, negated }
        };
        let alternatives = point.text.split(" / ").take(MOST_ALTERNATIVES).map(alternative);
        let alternatives = alternatives.filter(|alternative| !alternative.literal.is_empty()).collect();
        let weight = if point.weight > 0.0 && point.weight.is_finite() { point.weight } else { 1.0 };
        Self { text: point.text.clone(), weight, alternatives }
    }

    /// The stems of its content words.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.alternatives.iter().flat_map(|alternative| alternative.stems.keys().map(String::as_str))
    }

    /// Looks for the best place of the best alternative. `sentence_of` tells each word's sentence, `None` for words that do
    /// not count.
    pub fn find(&self, text: &str, words: &[Word], sentence_of: &[Option<usize>], near: Nearness) -> Found {
        let mut best = Found::default();
        for alternative in &self.alternatives {
            let found = alternative.find(text, words, sentence_of, near);
            if found.credit > best.credit {
                best = found;
            }
        }
        best
    }
}

impl Alternative {
    fn find(&self, text: &str, words: &[Word], sentence_of: &[Option<usize>], near: Nearness) -> Found {
        if self.stems.is_empty() {
            let found = if self.as_written {
                has_phrase(text, &self.literal)
            } else {
                has_phrase(&text.to_lowercase(), &self.literal)
            };
            return Found { credit: if found { 1.0 } else { 0.0 }, ..Found::default() };
        }
        let stems: Vec<(&String, f64)> = self.stems.iter().map(|(stem, weight)| (stem, *weight)).take(64).collect();
        let total: f64 = stems.iter().map(|(_, weight)| weight).sum();
        let places: Vec<Place> = words
            .iter()
            .zip(sentence_of)
            .enumerate()
            .filter(|(_, (word, _))| word.is_content())
            .filter_map(|(word, (Word { stem, .. }, sentence))| {
                let stem = stems.binary_search_by_key(&stem, |(known, _)| *known).ok()?;
                Some(Place { word, stem, sentence: (*sentence)? })
            })
            .take(MOST_PLACES)
            .collect();
        let mut best = Found::default();
        for (start, first) in places.iter().enumerate() {
            let mut seen = 0_u64;
            let mut weight = 0.0;
            let mut end = start;
            while let Some(place) = places.get(end)
                && place.word - first.word <= near.words
                && place.sentence - first.sentence <= near.sentences
            {
                if seen & (1 << place.stem) == 0 {
                    seen |= 1 << place.stem;
                    weight += stems[place.stem].1;
                }
                end += 1;
            }
            // A third of the words may be any coincidence; two thirds say it in other words.
            let credit = ramp(weight / total, 0.3, 0.7);
            if credit > best.credit {
                let hits = places[start..end].iter().map(|place| place.word);
                let denied = if self.negated {
                    !hits.clone().any(|hit| negation_around(words, hit))
                } else {
                    negated(words, hits)
                };
                let credit = if denied { credit / 2.0 } else { credit };
                if credit > best.credit {
                    best = Found { credit, denied, sentence: Some(first.sentence) };
                }
            }
        }
        best
    }
}

/// Whether a negation stands shortly before one of the words, in the same clause. `Not only` and `not just` deny nothing.
fn negated(words: &[Word], mut hits: impl Iterator<Item = usize>) -> bool {
    hits.any(|hit| {
        (hit.saturating_sub(REACH)..hit).any(|index| {
            let next = words.get(index + 1).map_or("", |word| word.raw.as_str());
            words[index].negation && words[index].clause == words[hit].clause && !matches!(next, "only" | "just")
        })
    })
}

/// Whether a negation stands near a word, on either side.
fn negation_around(words: &[Word], hit: usize) -> bool {
    let around = hit.saturating_sub(2 * REACH)..(hit + 2 * REACH).min(words.len());
    words[around].iter().any(|word| word.negation)
}
