//! Relevance: does the answer speak about what was asked?

use std::collections::BTreeSet;

use super::Reading;
use crate::passage::Sentence;
use crate::verdict::{Criterion, quotes, ramp, share, unit};

/// The criterion, and the share 0..=1 that it rests on.
///
/// Three parts: how many of the question's content words come up, how much of the rubric comes up, and what share of the
/// sentences has words of the topic. Without a rubric the question's words have to do.
pub fn judge(reading: &Reading) -> (Criterion, f64) {
    let topic = reading.topic;
    let stems: BTreeSet<&str> =
        reading.passage.counted_words().filter(|word| word.is_content()).map(|word| word.stem.as_str()).collect();
    let asked = topic.question.iter().filter(|stem| stems.contains(stem.as_str())).count();
    let question = ramp(share(asked, topic.question.len()), 0.0, 0.4);

    let beyond = topic.beyond_question();
    let on_topic = |sentence: &&Sentence| {
        let words = &reading.passage.words[sentence.words.clone()];
        let about =
            |word: &&crate::words::Word| topic.question.contains(&word.stem) || beyond.contains(word.stem.as_str());
        words
            .iter()
            .filter(|word| word.is_content())
            .filter(about)
            .map(|word| &word.stem)
            .collect::<BTreeSet<_>>()
            .len()
            >= 2
    };
    let counted = reading.passage.counted().count();
    let on = reading.passage.counted().filter(on_topic).count();
    let sentences = share(on, counted);

    let relevant = match reading.coverage.weighted() {
        Some(coverage) => 0.25 * question + 0.45 * ramp(coverage, 0.0, 0.35) + 0.3 * sentences,
        None if beyond.is_empty() => 0.6 * question + 0.4 * sentences,
        None => {
            let found = beyond.iter().filter(|stem| stems.contains(*stem)).count();
            0.25 * question + 0.45 * ramp(share(found, beyond.len()), 0.0, 0.3) + 0.3 * sentences
        }
    };
    let relevant = unit(relevant * reading.substance.factor().sqrt());
    let sentence = format!(
        "It uses {asked} of the question's {} content words, and {on} of {counted} sentences have words of the topic.",
        topic.question.len()
    );
    let best = reading.passage.counted().filter(on_topic).map(|sentence| sentence.text);
    (Criterion::new(relevant, sentence, quotes(best)), relevant)
}
