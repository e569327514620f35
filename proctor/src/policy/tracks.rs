//! The tracks of all kinds. Of most kinds there is nothing in most interviews, and the server keeps many interviews in memory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::track::Track;

/// A track for each kind. What is as in the beginning takes no room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tracks(BTreeMap<Kind, Box<Track>>);

impl Tracks {
    /// None: it is as in the beginning.
    pub(super) fn get(&self, kind: Kind) -> Option<&Track> {
        self.0.get(&kind).map(|track| &**track)
    }

    /// Those of which there is something, in the order of their kinds.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Track> {
        self.0.values().map(|track| &**track)
    }

    /// Does something to a kind's track.
    pub(super) fn change(&mut self, kind: Kind, act: impl FnOnce(&mut Track)) {
        if let Some(track) = self.0.get_mut(&kind) {
            act(track);
            if **track == Track::default() {
                self.0.remove(&kind);
            }
        } else {
            let mut track = Track::default();
            act(&mut track);
            if track != Track::default() {
                self.0.insert(kind, Box::new(track));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Policy, track::Tracking};

    #[test]
    fn what_came_to_nothing_is_forgotten() {
        let rule = &Policy::default().rules[Kind::NoFace];
        let (mut tracks, mut outputs) = (Tracks::default(), Vec::new());
        let mut look = |tracks: &mut Tracks, now, seen| {
            tracks.change(Kind::NoFace, |track| {
                Tracking { kind: Kind::NoFace, rule, track, outputs: &mut outputs }.look(now, Some(seen), 2_000);
            });
        };
        look(&mut tracks, 500, false);
        assert_eq!(tracks, Tracks::default());
        look(&mut tracks, 1_000, true);
        assert!(tracks.get(Kind::NoFace).is_some_and(|track| track.run.is_some()));
        assert_eq!(tracks.iter().count(), 1);
        for now in (1_500..10_000).step_by(500) {
            look(&mut tracks, now, false);
        }
        assert_eq!(tracks, Tracks::default());
    }
}
