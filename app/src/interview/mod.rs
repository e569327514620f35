//! The session's rules: `decide` turns a command into events, `apply` turns events into state.
//!
//! Pure and without a clock of its own: the time of a step is an argument. Every command is idempotent: one that changes
//! nothing decides on no events.

mod apply;
mod contact;
mod create;
mod decide;
mod judge;
mod proctoring;
mod questions;
mod room;
mod time;
mod words;

#[cfg(test)]
mod tests;

pub use apply::{apply, apply_sparingly};
pub use create::{SessionPlan, create};
pub use decide::{Command, GivenAnswer, Refusal, decide};
pub use time::{deadline, is_over};
