//! What is judged: an answer to a question, by a rubric.

use crate::language::Language;

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Code,
}

/// What a good answer says. All of it is optional; the less there is, the less can be judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rubric {
    pub key_points: Vec<KeyPoint>,
    /// A model answer, text or code as the question asks for.
    pub reference: Option<String>,
    /// Of code answers; guessed when absent.
    pub language: Option<Language>,
}

/// One thing that a right answer says.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyPoint {
    /// In plain words, as short as may be. ` / ` stands between alternatives, one of which is enough:
    /// `mutex / lock / atomic operation`. No other synonyms are known.
    pub text: String,
    /// How much it counts beside the other key points, above 0; anything else counts as 1.
    pub weight: f64,
}

/// An answer and what it is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    pub question: &'a str,
    pub kind: Kind,
    pub rubric: &'a Rubric,
    pub answer: &'a str,
}
