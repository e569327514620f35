//! What happened in a session. Events are facts: once recorded they never change.

use serde::{Deserialize, Serialize};

use super::{Answer, DeviceCheck, EndReason, UnixMillis};

/// Who caused something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    Candidate,
    Admin,
    Api,
}

/// One fact about a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Created {
        total_questions: u32,
        max_questions: u32,
    },
    Started {
        by: Actor,
    },
    ConsentGiven,
    DevicesChecked {
        devices: DeviceCheck,
    },
    QuestionDelivered {
        index: u32,
        deadline: UnixMillis,
    },
    /// An answer was taken. Also when the time was over: its outcome says so.
    Answered {
        answer: Answer,
    },
    Ended {
        reason: EndReason,
    },
    RoomOpened,
    RoomClosed,
    ParticipantJoined {
        sid: String,
        identity: String,
    },
    ParticipantLeft {
        sid: String,
        identity: String,
    },
}

/// An event with its place in the session's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// 1 for the first event of a session, then without gaps.
    pub seq: u64,
    pub at: UnixMillis,
    #[serde(flatten)]
    pub event: Event,
}
