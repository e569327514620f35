//! The held-out set: other questions, written at the same time, and run only when the evaluator was finished.

mod code_review;
mod group_by;
mod idempotent_payment;
mod overfitting;
mod password_storage;
mod reverse_list;
mod service_split;
mod word_count;

use super::LabelledQuestion;

pub const HELD_OUT: &[&LabelledQuestion] = &[
    &password_storage::QUESTION,
    &idempotent_payment::QUESTION,
    &overfitting::QUESTION,
    &service_split::QUESTION,
    &code_review::QUESTION,
    &word_count::QUESTION,
    &group_by::QUESTION,
    &reverse_list::QUESTION,
];
