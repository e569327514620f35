//! Parts that several pages share.

mod bar;
mod confirm;
mod copy;
mod figures;
mod form;
mod heading;
mod loaded;
mod notice;
mod paging;
mod poll;
mod react;
mod refusal;
mod steps;
pub mod violation_words;
mod when;
pub mod words;

pub use bar::{AdminBar, Page};
pub use confirm::Confirm;
pub use copy::CopyField;
pub use figures::Figures;
pub use form::{Fields, PostForm, refused_before};
pub use heading::{Arrival, Heading};
pub use loaded::{Coming, Loaded, first_look};
pub use notice::{Notice, Tone};
pub use paging::{Paging, page_address, page_of, pages};
pub use poll::{Alive, While, poll};
pub use react::react;
pub use refusal::{above_form, aria, beside};
pub use steps::Steps;
pub use when::When;
