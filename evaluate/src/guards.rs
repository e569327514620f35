//! What keeps cheap tricks from scoring: repeating the question or oneself, addressing the judge, piling up terms.

use std::collections::BTreeSet;

use crate::key_points::Point;
use crate::passage::{Passage, Sentence, Standing};
use crate::to_the_judge::addresses_the_judge;
use crate::verdict::{ramp, share, unit};
use crate::words::{Word, words};

/// Earlier sentences that a sentence is compared with.
const REMEMBERED: usize = 64;

/// Decides which sentences count.
pub fn judge_sentences(sentences: &mut [Sentence], words: &[Word], question: &BTreeSet<String>) {
    let mut earlier: Vec<BTreeSet<&str>> = Vec::new();
    for sentence in sentences {
        let stems: BTreeSet<&str> = words[sentence.words.clone()]
            .iter()
            .filter(|word| word.is_content())
            .map(|word| word.stem.as_str())
            .collect();
        let new = stems.iter().filter(|stem| !question.contains(**stem)).count();
        sentence.standing = if addresses_the_judge(sentence.text) {
            Standing::AddressesJudge
        } else if !stems.is_empty() && share(new, stems.len()) < 0.25 {
            Standing::RepeatsQuestion
        } else if stems.len() > 1 && earlier.iter().any(|seen| nearly_equal(seen, &stems)) {
            Standing::RepeatsItself
        } else {
            Standing::Counts
        };
        if earlier.len() < REMEMBERED {
            earlier.push(stems);
        }
    }
}

/// At least four fifths of the words are common to both (Jaccard).
fn nearly_equal(one: &BTreeSet<&str>, other: &BTreeSet<&str>) -> bool {
    let common = one.intersection(other).count();
    5 * common >= 4 * (one.len() + other.len() - common)
}

/// How far an answer is made of sentences rather than of terms, and of its own words rather than of the rubric's.
#[derive(Debug, Clone, Copy)]
pub struct Substance {
    /// 0 for a pile of terms, 1 for prose: by the share of function words, which is about 0.45 in English prose, 0.3 in
    /// terse notes, and below 0.1 in lists of terms.
    pub prose: f64,
    /// 1 unless nearly all content words are key points' words, or key points are copied word for word.
    pub own_words: f64,
}

impl Substance {
    pub fn of(passage: &Passage, points: &[Point]) -> Self {
        let words: Vec<&Word> = passage.counted_words().collect();
        let content: Vec<&&Word> = words.iter().filter(|word| word.is_content()).collect();
        let functions = words.iter().filter(|word| word.function).count();
        let prose = if words.len() < 6 { 1.0 } else { ramp(share(functions, words.len()), 0.06, 0.24) };

        let vocabulary: BTreeSet<&str> = points.iter().flat_map(Point::stems).collect();
        let from_rubric = content.iter().filter(|word| vocabulary.contains(word.stem.as_str())).count();
        let density = if content.len() < 8 { 0.0 } else { share(from_rubric, content.len()) };
        let pasted = share(copied(&words, points), words.len());
        let own_words = (1.0 - 0.7 * ramp(density, 0.75, 1.0)).min(1.0 - ramp(pasted, 0.35, 0.9));
        Self { prose, own_words: unit(own_words) }
    }

    /// What coverage is multiplied with.
    pub fn factor(self) -> f64 {
        self.prose.max(0.1) * self.own_words.max(0.1)
    }
}

const COPIED: usize = 4;

/// How many words stand in a row of four that a key point has too.
fn copied(answer: &[&Word], points: &[Point]) -> usize {
    let mut rows: BTreeSet<Vec<String>> = BTreeSet::new();
    for point in points {
        let raw: Vec<String> = words(&point.text).into_iter().map(|word| word.raw).collect();
        rows.extend(raw.windows(COPIED).map(<[String]>::to_vec));
    }
    let raw: Vec<String> = answer.iter().map(|word| word.raw.clone()).collect();
    let mut hit = vec![false; raw.len()];
    for (index, row) in raw.windows(COPIED).enumerate() {
        if rows.contains(row) {
            hit[index..index + COPIED].fill(true);
        }
    }
    hit.into_iter().filter(|hit| *hit).count()
}
