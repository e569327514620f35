//! What is seen and heard of a candidate, and what follows from it: shared by the browser and the server, so that both reach
//! the same verdict from the same log.

pub mod observation;
#[cfg(feature = "vision")]
pub mod vision;
