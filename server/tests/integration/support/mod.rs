//! What tests share: a clock to set, stores of their own, sessions to put in them.

pub mod backend;
pub mod build;
pub mod clock;
