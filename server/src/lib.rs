//! The server: settings in, a running worker out.
#![recursion_limit = "256"]

pub mod clock;
pub mod config;
pub mod evaluator;
pub mod examiner;
pub mod http;
pub mod https;
mod intake;
pub mod livekit;
mod master_key;
pub mod outside;
mod post;
mod printer;
mod report;
mod serving;
mod start;
pub mod store;
pub mod telemetry;

pub use serving::serve;
pub use start::{Worker, chores, run};
