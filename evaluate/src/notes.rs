//! What a verdict's reader must know: what was not measured, and what made scores low.

use whatlang::{Lang, Script};

use crate::guards::Substance;
use crate::key_points::MOST_POINTS;
use crate::passage::{LOOKED_AT, Passage, Standing};
use crate::task::{Kind, Task};
use crate::verdict::share;

/// Characters from which a text's language can be told at all.
const TELLING: usize = 40;

/// What follows from the question, the rubric and the answer's length.
pub fn of_task(task: &Task) -> Vec<String> {
    let mut notes = Vec::new();
    let reference = task.rubric.reference.as_deref().is_some_and(|reference| !reference.trim().is_empty());
    let points = task.rubric.key_points.len();
    if points == 0 && !reference {
        notes.push("Correctness could not be judged without key points or a reference answer.".to_owned());
    }
    if points > MOST_POINTS {
        notes.push(format!("Only the first {MOST_POINTS} of {points} key points were looked for."));
    }
    if task.kind == Kind::Code {
        notes.push("The code was read, not run: whether it works was not measured.".to_owned());
    } else {
        notes.push("Words were compared, not meaning: whether statements are true was not measured.".to_owned());
    }
    if task.answer.chars().nth(LOOKED_AT).is_some() {
        notes.push(format!("Only the first {LOOKED_AT} characters were looked at."));
    }
    notes
}

/// What follows from how an answer in prose is written.
pub fn of_passage(notes: &mut Vec<String>, passage: &Passage, substance: Substance) {
    if let Some(language) = foreign(passage) {
        notes.push(format!(
            "The answer seems to be in {language}; only English is understood, so its scores say little."
        ));
    }
    if passage.has(Standing::AddressesJudge) {
        notes.push("Sentences that speak to whoever scores were not counted.".to_owned());
    }
    if passage.has(Standing::RepeatsQuestion) {
        notes.push("Sentences that only repeat the question were not counted.".to_owned());
    }
    if passage.has(Standing::RepeatsItself) {
        notes.push("Repeated sentences were counted once.".to_owned());
    }
    if substance.prose < 0.5 {
        notes.push("It lists terms instead of saying something in sentences, which lowers its scores.".to_owned());
    }
    if substance.own_words < 0.7 {
        notes.push("It consists of little but the key points' own words, which lowers its scores.".to_owned());
    }
}

/// The language's English name, if the text is long enough to tell and it is not English.
///
/// A text with many English function words is English, whatever its letters' statistics say.
fn foreign(passage: &Passage) -> Option<&'static str> {
    let functions = passage.words.iter().filter(|word| word.function).count();
    if passage.text.chars().nth(TELLING).is_none() || share(functions, passage.words.len()) > 0.15 {
        return None;
    }
    let info = whatlang::detect(passage.text)?;
    match (info.script(), info.is_reliable()) {
        (_, true) if info.lang() != Lang::Eng => Some(info.lang().eng_name()),
        (Script::Latin, _) => None,
        _ => Some("another language"),
    }
}
