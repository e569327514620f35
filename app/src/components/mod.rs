//! Parts that several pages share.

mod bar;
mod confirm;
mod copy;
mod figures;
mod heading;
mod notice;
mod poll;
mod steps;
mod when;
pub mod words;

pub use bar::{AdminBar, Page};
pub use confirm::Confirm;
pub use copy::CopyField;
pub use figures::Figures;
pub use heading::{Arrival, Heading};
pub use notice::{Notice, Tone};
pub use poll::{Alive, While, poll};
pub use steps::Steps;
pub use when::When;
