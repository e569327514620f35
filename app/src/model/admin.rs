//! What hiring people are shown.

use serde::{Deserialize, Serialize};

use super::{
    Answer, Candidate, Contact, DeviceCheck, EndReason, JobRef, Notice, OpenQuestion, Question, SessionId,
    SessionSummary, Status, TimeRules, Timers, UnixMillis, Utterance,
};

/// A hiring person who is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admin {
    pub email: String,
}

/// The six figures of `/stats`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    pub total_sessions: u64,
    pub active_sessions: u64,
    pub completed_sessions: u64,
    pub initialized_sessions: u64,
    /// Sessions held by the answering worker.
    pub in_memory_sessions: u64,
    pub active_livekit_rooms: u64,
    /// Sources that did not answer in time; their figures are the last known ones. `"store"` and `"livekit"`.
    pub stale: Vec<String>,
}

/// Which sessions a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionFilter {
    pub status: Option<Status>,
    /// Part of a name, e-mail address or job title, in any case. Empty: all.
    #[serde(default)]
    pub search: String,
}

/// The dashboard: figures and a page of sessions, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    pub stats: Stats,
    pub sessions: Vec<SessionSummary>,
    /// Sessions that match the filter, on all pages.
    pub total: u64,
    /// 0 for the first.
    pub page: u32,
    pub page_size: u32,
    pub server_now: UnixMillis,
}

/// A session that was just made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedView {
    pub session_id: SessionId,
    pub name: String,
    pub join_url: String,
    /// Something that did not work, in words for a person; the session exists all the same.
    pub warning: Option<String>,
}

/// Everything an admin sees of one session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionDetail {
    pub id: SessionId,
    /// Sequence number of the last event.
    pub seq: u64,
    pub candidate: Candidate,
    pub job: Option<JobRef>,
    pub status: Status,
    pub questions: Vec<Question>,
    pub max_questions: u32,
    pub timers: Timers,
    pub time: TimeRules,
    /// Milliseconds that were given back for outages, over all questions.
    pub credited_ms: i64,
    pub notices: Vec<Notice>,
    pub created_at: UnixMillis,
    pub started_at: Option<UnixMillis>,
    pub ended_at: Option<UnixMillis>,
    pub end_reason: Option<EndReason>,
    pub consent_at: Option<UnixMillis>,
    pub devices: Option<DeviceCheck>,
    pub delivered: u32,
    pub open: Option<OpenQuestion>,
    pub answers: Vec<Answer>,
    pub dialogue: Vec<Utterance>,
    /// Of evaluated answers, 0..=10, as it is shown: browsers need not carry what writes numbers with points. `None`: none
    /// is evaluated yet.
    pub mean_score: Option<String>,
    /// Scores of evaluated answers, by index of the question, as they are shown.
    pub scores: Vec<(u32, String)>,
    pub violations_count: u32,
    /// Whether there is a room to watch.
    pub has_room: bool,
    /// Whether the candidate is in it.
    pub present: bool,
    pub contact: Contact,
    pub join_url: String,
    pub server_now: UnixMillis,
}

/// What happened in a session, in words for admins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    /// Oldest first.
    pub entries: Vec<TimelineEntry>,
    /// How many more there were.
    pub left_out: u32,
}

/// One line of what happened in a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    pub seq: u64,
    pub at: UnixMillis,
    pub text: String,
}
