//! Wire and domain types. Pure: they compile for the server and the browser alike, without `cfg`, IO or a clock.

mod admin;
mod candidate;
mod event;
mod ids;
mod interview;
mod question;
mod session;
mod time;

pub use admin::*;
pub use candidate::*;
pub use event::*;
pub use ids::*;
pub use interview::*;
pub use question::*;
pub use session::*;
pub use time::*;
