//! The pages.

pub mod admin;
pub mod candidate;
mod landing;
mod missing;

pub use landing::Landing;
pub use missing::Missing;
