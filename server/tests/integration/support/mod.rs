//! What tests share: a clock to set, stores of their own, sessions to put in them, and a whole worker with its callers.

pub mod app;
pub mod backend;
pub mod build;
pub mod candidate;
pub mod client;
pub mod clock;
pub mod eventually;
pub mod gate;
pub mod jobs;
pub mod largest;
pub mod livekit;
pub mod page;
pub mod proctoring;
pub mod stores;
