//! Wire and domain types. Pure: they compile for the server and the browser alike, without `cfg`, IO or a clock.

mod admin;
mod candidate;
mod channel;
mod evaluation;
mod event;
mod fair_time;
mod hook;
mod ids;
mod interview;
mod invitation;
mod job;
mod presence;
mod proctoring;
mod question;
mod recurring;
mod report;
mod session;
mod time;

pub use admin::*;
pub use candidate::*;
pub use channel::*;
pub use evaluation::*;
pub use event::*;
pub use fair_time::*;
pub use hook::*;
pub use ids::*;
pub use interview::*;
pub use invitation::*;
pub use job::*;
pub use presence::*;
pub use proctoring::*;
pub use question::*;
pub use recurring::*;
pub use report::*;
pub use session::*;
pub use time::*;
