//! One look at the camera's picture.

use serde::{Deserialize, Serialize};

/// What one frame shows. Angles are of the largest face, in whole degrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Look {
    /// The picture can be judged.
    Clear {
        /// How many faces are seen.
        faces: u8,
        /// Of the largest face, where the mesh could be laid over it.
        head: Option<Head>,
    },
    /// Nothing can be said about who is there.
    CannotTell(Unclear),
}

/// Where a head points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Degrees to the side, -90..=90; positive is to the candidate's left.
    pub yaw: i8,
    /// Degrees up (positive) or down, -90..=90.
    pub pitch: i8,
}

/// Why a frame tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unclear {
    TooDark,
    /// So bright that nothing is drawn.
    TooBright,
    TooBlurred,
    /// One plain surface: a lid, a finger, a wall right before the lens.
    Covered,
    /// The very same picture as before, for longer than a camera's noise allows.
    Frozen,
    /// Something may be a face: half out of the picture, out of focus, hidden by a hand.
    Doubtful,
}
