//! The only place that touches the browser and JavaScript. On the server the same functions exist and do nothing, so that
//! pages compile for both sides without a `cfg`.

mod link;

#[cfg(feature = "hydrate")]
mod csr;
#[cfg(not(feature = "hydrate"))]
mod ssr;

#[cfg(feature = "hydrate")]
pub use csr::*;
pub use link::*;
#[cfg(not(feature = "hydrate"))]
pub use ssr::*;
