//! Sees who is before the camera: in the browser while an interview runs, and on the server in single pictures.
//!
//! Everything is computed where it runs, and the same picture always gives the same answer. What cannot be judged is said to be
//! so ([`Look::CannotTell`](crate::observation::Look)) and never passes for an empty chair.

mod detector;
mod edge;
#[cfg(feature = "identity")]
mod embedder;
mod eye;
mod face;
mod frame;
mod mesh;
mod network;
#[cfg(feature = "jpeg")]
mod picture;
mod pose;
mod quality;

#[cfg(feature = "identity")]
pub use self::embedder::{Embedder, Embedding, Likeness, OTHER, SAME};
pub use self::eye::{Eye, Seen};
pub use self::face::{Bounds, Face};
pub use self::frame::{Frame, LARGEST, Point};
#[cfg(feature = "jpeg")]
pub use self::picture::{LARGEST_JPEG, Picture};
pub use self::pose::Pose;
pub use self::quality::Quality;

/// Why nothing was seen.
#[derive(Debug, thiserror::Error)]
pub enum VisionError {
    #[error("{bytes} bytes are no picture of {width}×{height} pixels")]
    BadFrame { width: u32, height: u32, bytes: usize },
    #[cfg(feature = "jpeg")]
    #[error("not a picture that can be read: {0}")]
    BadJpeg(String),
    #[error("the model cannot be used: {0}")]
    BadModel(String),
    #[error("the model failed: {0}")]
    Failed(String),
}
