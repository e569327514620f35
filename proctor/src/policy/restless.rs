//! Looks without a face whose reason changes all the time: each alone would come to nothing.

use serde::{Deserialize, Serialize};

use crate::observation::{Look, Unclear};

/// Two changes within so long (ms), and no face in between, are all the time: by default nothing that a picture shows is flagged later
/// than after half of that.
const OFTEN_MS: u32 = 60_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Restless {
    newest: Option<Faceless>,
    /// When the reason changed last, and when the time before.
    changed_ms: [Option<u32>; 2],
}

/// Why a look shows no face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Faceless {
    Nobody,
    Unclear(Unclear),
}

impl Restless {
    /// Whether the look shows no face, and why changes all the time.
    pub(super) fn look(&mut self, now: u32, look: Look) -> bool {
        let faceless = match look {
            Look::Clear { faces: 0, .. } => Faceless::Nobody,
            Look::CannotTell(why) => Faceless::Unclear(why),
            Look::Clear { .. } => {
                *self = Self::default();
                return false;
            }
        };
        if self.newest.replace(faceless).is_some_and(|before| before != faceless) {
            self.changed_ms = [Some(now), self.changed_ms[0]];
        }
        self.changed_ms[1].is_some_and(|at| now.saturating_sub(at) <= OFTEN_MS)
    }
}
