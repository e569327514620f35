//! What is seen and heard of a candidate, and what follows from it: shared by the browser and the server, so that both reach
//! the same verdict from the same log.

mod bytes;
pub mod log;
pub mod observation;
pub mod policy;
pub mod reporter;
pub mod signal;
pub mod sound;
#[cfg(feature = "vision")]
pub mod vision;
pub mod wire;
