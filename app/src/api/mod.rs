//! Typed server functions: what pages call. Each authenticates, calls a service and returns.

mod admin;
mod candidate;
#[cfg(feature = "ssr")]
pub mod guard;

pub use admin::*;
pub use candidate::*;
