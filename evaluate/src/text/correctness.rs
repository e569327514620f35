//! Correctness, as far as words can tell: the key points made, and the likeness to the reference answer.

use super::Reading;
use crate::similarity::{bag_of_words, cosine};
use crate::verdict::{Criterion, quotes, ramp};

/// What can't be judged is neither good nor bad.
const NEUTRAL: f64 = 0.5;

/// Good answers in words of their own reach about this cosine with a reference; few reach more.
const ALIKE: f64 = 0.45;

pub fn judge(reading: &Reading) -> Criterion {
    let passage = reading.passage;
    let factor = reading.substance.factor();
    let coverage = reading.coverage.weighted().map(|coverage| ramp(coverage, 0.0, 0.85));
    let likeness = (!reading.topic.reference.is_empty()).then(|| {
        let answer = bag_of_words(passage.counted_words());
        cosine(&answer, &bag_of_words(&reading.topic.reference))
    });
    let (share, reason) = match (coverage, likeness) {
        (Some(coverage), Some(likeness)) => (
            0.75 * coverage + 0.25 * ramp(likeness, 0.05, ALIKE),
            format!("It {}; likeness to the reference: {likeness:.2} of 1.", reading.coverage.sentence()),
        ),
        (Some(coverage), None) => (coverage, format!("It {}.", reading.coverage.sentence())),
        (None, Some(likeness)) => {
            (ramp(likeness, 0.05, ALIKE), format!("Its likeness to the reference is {likeness:.2} of 1."))
        }
        (None, None) if passage.counted().next().is_none() => (0.0, "Nothing in it answers the question.".to_owned()),
        (None, None) => {
            (NEUTRAL, "It could not be judged without key points or a reference; the score is neutral.".to_owned())
        }
    };
    let sentences = reading.coverage.sentences();
    let found = sentences.iter().map(|index| passage.sentences[*index].text);
    Criterion::new(share * factor, reason, quotes(found))
}
