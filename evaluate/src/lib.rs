//! Judges answers to interview questions offline: the same verdict for the same answer, without a model, a network or a clock.
//!
//! Prose is compared with the rubric by its words (stems, key points, likeness to a reference answer) and measured for depth
//! and clarity; code is parsed and compared by structure. What this can't see is said in [`Verdict::notes`]: it knows no
//! facts, understands no meaning and runs no code. All work is bounded, whatever the answer is.

mod code;
mod coverage;
mod function_words;
mod guards;
mod key_points;
mod labelled_run;
mod language;
mod lexicon;
mod notes;
mod passage;
mod phrases;
mod sentences;
mod similarity;
mod task;
mod text;
mod to_the_judge;
mod topic;
mod verdict;
mod words;

// To measure the evaluator with: for benchmarks, the example and tests. Servers call none of it, so linkers leave it out of them.
pub mod labelled;
pub mod ranking;
pub use labelled_run::{Agreement, agreement, rank_correlation};

pub use code::guess_language;
pub use language::Language;
pub use task::{KeyPoint, Kind, Rubric, Task};
pub use to_the_judge::may_address_the_judge;
pub use verdict::{Criterion, Verdict, WEIGHTS};

/// Judges an answer.
///
/// Pure: equal tasks give equal verdicts. An answer without words scores 0.
pub fn evaluate(task: &Task) -> Verdict {
    match task.kind {
        Kind::Text => text::evaluate(task),
        Kind::Code => code::evaluate(task),
    }
}
