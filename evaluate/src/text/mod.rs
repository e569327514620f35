//! Answers in prose.

mod clarity;
mod correctness;
mod depth;
mod relevance;

use crate::coverage::Coverage;
use crate::guards::Substance;
use crate::key_points::Nearness;
use crate::notes;
use crate::passage::{Passage, looked_at};
use crate::task::Task;
use crate::topic::Topic;
use crate::verdict::Verdict;

/// A key point's words stand in one sentence or in two that follow each other, and not further apart than this.
const NEAR: Nearness = Nearness { words: 40, sentences: 1 };

/// An answer with all that was found out about it.
struct Reading<'a> {
    topic: &'a Topic,
    passage: &'a Passage<'a>,
    coverage: Coverage<'a>,
    substance: Substance,
}

pub fn evaluate(task: &Task) -> Verdict {
    let topic = Topic::new(task);
    let passage = Passage::new(looked_at(task.answer), &topic.question, &topic.lexicon);
    if passage.words.is_empty() {
        return Verdict::zero("There are no words in the answer.");
    }
    let substance = Substance::of(&passage, &topic.points);
    let coverage = Coverage::of(&topic.points, passage.text, &passage.words, &passage.sentence_of_words(), NEAR);
    let reading = Reading { topic: &topic, passage: &passage, coverage, substance };

    let mut notes = notes::of_task(task);
    notes::of_passage(&mut notes, &passage, substance);
    let (relevance, relevant) = relevance::judge(&reading);
    let correctness = correctness::judge(&reading);
    let depth = depth::judge(&reading, relevant);
    Verdict::new([relevance, correctness, depth, clarity::judge(&reading)], notes)
}
