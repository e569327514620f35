//! The published set: five questions from different fields of software work, and three that ask for code.

mod accessible_app;
mod balanced_brackets;
mod database_index;
mod debounce;
mod flaky_test;
mod latency_after_release;
mod race_condition;
mod two_sum;

use super::LabelledQuestion;

pub const PUBLISHED: &[&LabelledQuestion] = &[
    &database_index::QUESTION,
    &latency_after_release::QUESTION,
    &accessible_app::QUESTION,
    &race_condition::QUESTION,
    &flaky_test::QUESTION,
    &two_sum::QUESTION,
    &debounce::QUESTION,
    &balanced_brackets::QUESTION,
];
