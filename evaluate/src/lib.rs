//! Judges answers offline: the same verdict for the same answer, without a model, a network or a clock.

pub mod labelled;
mod task;

pub use task::{Kind, Language};
