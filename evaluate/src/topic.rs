//! What a question is about, prepared once for an answer: the words of question, key points and reference.

use std::collections::BTreeSet;

use crate::key_points::Point;
use crate::lexicon::Lexicon;
use crate::passage::{content_stems, looked_at};
use crate::task::Task;
use crate::words::{Word, words};

#[derive(Debug)]
pub struct Topic {
    /// Stems of the question's content words.
    pub question: BTreeSet<String>,
    pub points: Vec<Point>,
    /// The reference's words; empty without one.
    pub reference: Vec<Word>,
    pub lexicon: Lexicon,
}

impl Topic {
    pub fn new(task: &Task) -> Self {
        let asked = words(looked_at(task.question));
        let question = content_stems(&asked);
        let points = Point::prepare(&task.rubric.key_points, &question);
        let reference = words(looked_at(task.rubric.reference.as_deref().unwrap_or_default()));
        let mut lexicon = Lexicon::default();
        lexicon.add(&asked);
        lexicon.add(&reference);
        for point in &points {
            lexicon.add(&words(&point.text));
        }
        Self { question, points, reference, lexicon }
    }

    /// The stems that tell of the topic but do not stand in the question.
    pub fn beyond_question(&self) -> BTreeSet<&str> {
        let reference = self.reference.iter().filter(|word| word.is_content()).map(|word| word.stem.as_str());
        let all = self.points.iter().flat_map(Point::stems).chain(reference);
        all.filter(|stem| !self.question.contains(*stem)).collect()
    }
}
