//! Wire and domain types. Pure: they compile for the server and the browser alike, without `cfg`, IO or a clock.

mod admin;
mod candidate;
mod channel;
mod event;
mod fair_time;
mod ids;
mod interview;
mod presence;
mod question;
mod session;
mod time;

pub use admin::*;
pub use candidate::*;
pub use channel::*;
pub use event::*;
pub use fair_time::*;
pub use ids::*;
pub use interview::*;
pub use presence::*;
pub use question::*;
pub use session::*;
pub use time::*;
