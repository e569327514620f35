//! The LiveKit room of a session.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::UnixMillis;

/// Whether the session has a LiveKit room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum RoomState {
    /// None yet: LiveKit is not set up or did not answer.
    #[default]
    Absent,
    Open {
        since: UnixMillis,
    },
    /// Closed because the session ended, or by LiveKit after being empty for long.
    Closed,
}

/// The session's LiveKit room, as LiveKit last told us.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub state: RoomState,
    /// Participants in the room: LiveKit's participant id → identity. One that reconnects may stand here twice for a moment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub participants: BTreeMap<String, String>,
    /// Participant ids of those who left last: news of their joining may come late, or twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<String>,
}

impl Room {
    /// How many different participants are in the room. Hidden observers are not counted.
    #[must_use]
    pub fn participant_count(&self) -> usize {
        self.participants.values().collect::<BTreeSet<_>>().len()
    }

    /// Whether this identity is in the room.
    #[must_use]
    pub fn has(&self, identity: &str) -> bool {
        self.participants.values().any(|other| other == identity)
    }
}
