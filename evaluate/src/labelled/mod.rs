//! Answers written to measure the evaluator with, ordered by hand before it was run on them.
//!
//! The order is a human judgement and is never changed to please the evaluator. Two sets: the published one, which the
//! evaluator was developed beside, and the held-out one, which was run once the evaluator was finished.

mod held_out;
mod published;

pub use held_out::HELD_OUT;
pub use published::PUBLISHED;

use crate::{Kind, Language};

/// A question with its rubric, and answers of clearly different quality.
#[derive(Debug)]
pub struct LabelledQuestion {
    pub name: &'static str,
    pub kind: Kind,
    pub question: &'static str,
    /// What a right answer says, with its weight (above 0).
    pub key_points: &'static [(&'static str, f64)],
    pub reference: Option<&'static str>,
    pub language: Option<Language>,
    pub answers: &'static [LabelledAnswer],
}

#[derive(Debug)]
pub struct LabelledAnswer {
    /// 1 is the best; answers of equal worth share a rank.
    pub rank: u8,
    pub text: &'static str,
}
