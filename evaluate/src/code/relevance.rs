//! Relevance of code: is it about what was asked?

use std::collections::BTreeSet;

use super::reading::Reading;
use super::shape::tree_likeness;
use crate::verdict::{Criterion, quotes, ramp, share, unit};

pub fn judge(reading: &Reading) -> (Criterion, f64) {
    let question = &reading.topic.question;
    let stems: BTreeSet<&str> = reading.words.iter().map(|word| word.stem.as_str()).collect();
    let asked = question.iter().filter(|stem| stems.contains(stem.as_str())).count();
    let overlap = ramp(share(asked, question.len()), 0.0, 0.35);
    let coverage = reading.coverage.weighted().map(|coverage| ramp(coverage, 0.0, 0.5));
    let likeness =
        reading.reference.as_ref().map(|reference| ramp(tree_likeness(&reading.syntax, reference), 0.15, 0.6));
    let likeness = likeness.or(reading.word_likeness.map(|likeness| ramp(likeness, 0.05, 0.5)));
    let measures: Vec<f64> = [Some(overlap), coverage, likeness].into_iter().flatten().collect();
    let mean = measures.iter().sum::<f64>() / measures.len() as f64;
    let relevant = unit(mean * reading.gate());

    let language = reading.syntax.language.map_or("code".to_owned(), |language| language.to_string());
    let what = if reading.is_code < 0.5 { "words rather than code".to_owned() } else { language };
    let sentence = format!("It is {what} and uses {asked} of the question's {} content words.", question.len());
    let telling = reading.source.code.lines().filter(|line| {
        let lower = line.to_lowercase();
        question.iter().filter(|stem| lower.contains(stem.as_str())).count() >= 2
    });
    (Criterion::new(relevant, sentence, quotes(telling)), relevant)
}
