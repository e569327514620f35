//! What the contract's answers look like.

use app::{
    model::{Candidate, RoomState, Session, SessionSummary, UnixMillis},
    service::creation::Created,
};
use serde::Serialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use utoipa::ToSchema;

/// Said in place of live video.
pub const FALLBACK: &str = "LiveKit room creation failed, using fallback mode";

#[derive(Serialize, ToSchema)]
pub struct UserDetails {
    pub name: String,
    pub email: String,
    pub phone: Option<String>,
}

impl From<&Candidate> for UserDetails {
    fn from(candidate: &Candidate) -> Self {
        Self { name: candidate.name.clone(), email: candidate.email.clone(), phone: candidate.phone.clone() }
    }
}

#[derive(Serialize, ToSchema)]
pub struct InterviewConfig {
    pub total_questions: usize,
    pub max_questions: u32,
    /// Seconds.
    pub text_question_timer: u32,
    /// Seconds.
    pub coding_question_timer: u32,
    /// `text` or `coding`, an entry for each question.
    #[schema(value_type = Vec<String>)]
    pub question_types: Vec<app::model::QuestionKind>,
}

/// Answer to `create`. Without live video the three `livekit_` fields are missing and `warning` says so.
#[derive(Serialize, ToSchema)]
pub struct CreateAnswer {
    pub status: &'static str,
    pub session_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub livekit_room_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub livekit_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub livekit_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<&'static str>,
    pub user_details: UserDetails,
    pub interview_config: InterviewConfig,
    /// The candidate's link.
    pub join_url: String,
}

impl From<Created> for CreateAnswer {
    fn from(created: Created) -> Self {
        let session = created.session;
        let (url, token) = created.room.map(|room| (room.url, room.token)).unzip();
        Self {
            status: "success",
            session_id: session.id.to_string(),
            livekit_room_name: token.is_some().then(|| session.id.room_name()),
            warning: token.is_none().then_some(FALLBACK),
            livekit_token: token,
            livekit_url: url,
            user_details: (&session.candidate).into(),
            interview_config: InterviewConfig {
                total_questions: session.questions.len(),
                max_questions: session.max_questions,
                text_question_timer: session.timers.text_s,
                coding_question_timer: session.timers.coding_s,
                question_types: session.questions.iter().map(|question| question.kind).collect(),
            },
            join_url: created.join_url,
        }
    }
}

/// A session in the list.
#[derive(Serialize, ToSchema)]
pub struct ListedSession {
    pub _id: String,
    pub proctoring_session_id: String,
    pub user_details: UserDetails,
    /// `initialized`, `in_progress` or `completed`.
    pub status: &'static str,
    /// RFC 3339, UTC.
    pub created_at: String,
    pub job_id: Option<String>,
    pub job_title: Option<String>,
    pub question_index: u32,
    pub consent_received: bool,
}

impl From<&SessionSummary> for ListedSession {
    fn from(session: &SessionSummary) -> Self {
        let id = session.id.to_string();
        Self {
            _id: id.clone(),
            proctoring_session_id: id,
            user_details: (&session.candidate).into(),
            status: session.status.as_str(),
            created_at: rfc3339(session.created_at),
            job_id: session.job.as_ref().map(|job| job.id.0.clone()),
            job_title: session.job.as_ref().map(|job| job.title.clone()),
            question_index: session.delivered,
            consent_received: session.consent_received,
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ListAnswer {
    pub status: &'static str,
    pub sessions: Vec<ListedSession>,
    /// Matches on all pages.
    pub total: u64,
    pub limit: u32,
    pub offset: u64,
}

#[derive(Serialize, ToSchema)]
pub struct SessionView {
    pub session_id: String,
    pub user_details: UserDetails,
    /// Whether the status is `in_progress`.
    pub is_active: bool,
    /// Questions delivered so far.
    pub current_question_count: u32,
    pub max_questions: u32,
    pub consent_received: bool,
    pub reference_face_captured: bool,
    pub total_questions: usize,
    /// Index of the question that is asked next.
    pub current_question_index: u32,
    /// 0..=10 over evaluated answers; 0 with none.
    pub average_score: f64,
    pub proctoring_violations_count: u32,
    /// `initialized`, `in_progress` or `completed`.
    pub status: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct InterviewStateView {
    /// Utterances of both sides.
    pub dialogue_length: usize,
    pub evaluations_count: usize,
    /// Seconds.
    pub text_question_timer: u32,
    /// Seconds.
    pub coding_question_timer: u32,
}

#[derive(Serialize, ToSchema)]
pub struct RoomView {
    pub name: String,
    pub num_participants: usize,
    /// Seconds since 1970.
    pub creation_time: i64,
}

/// Answer to `GET /session/{id}`.
#[derive(Serialize, ToSchema)]
pub struct SessionAnswer {
    pub status: &'static str,
    pub session: SessionView,
    pub interview_state: InterviewStateView,
    /// Null when there is no room.
    pub livekit_room: Option<RoomView>,
}

impl From<&Session> for SessionAnswer {
    fn from(session: &Session) -> Self {
        let livekit_room = match session.room.state {
            RoomState::Open { since } => Some(RoomView {
                name: session.id.room_name(),
                num_participants: session.room.participant_count(),
                creation_time: since.0 / 1000,
            }),
            RoomState::Absent | RoomState::Closed => None,
        };
        Self {
            status: "success",
            session: SessionView {
                session_id: session.id.to_string(),
                user_details: (&session.candidate).into(),
                is_active: session.status == app::model::Status::InProgress,
                current_question_count: session.delivered,
                max_questions: session.max_questions,
                consent_received: session.consent_at.is_some(),
                reference_face_captured: session.proctoring.as_ref().is_some_and(|kept| kept.reference_at.is_some()),
                total_questions: session.questions.len(),
                current_question_index: session.delivered,
                average_score: session.average_score(),
                proctoring_violations_count: session.violations_count,
                status: session.status.as_str(),
            },
            interview_state: InterviewStateView {
                dialogue_length: session.dialogue.len(),
                evaluations_count: session.evaluations.len(),
                text_question_timer: session.timers.text_s,
                coding_question_timer: session.timers.coding_s,
            },
            livekit_room,
        }
    }
}

/// Answer to `start`.
#[derive(Serialize, ToSchema)]
pub struct StartAnswer {
    pub status: &'static str,
    pub message: &'static str,
    pub session_id: String,
    pub livekit_room_name: Option<String>,
}

impl From<&Session> for StartAnswer {
    fn from(session: &Session) -> Self {
        let open = matches!(session.room.state, RoomState::Open { .. });
        Self {
            status: "success",
            message: "Interview session started",
            session_id: session.id.to_string(),
            livekit_room_name: open.then(|| session.id.room_name()),
        }
    }
}

/// Answer to `end`.
#[derive(Serialize, ToSchema)]
pub struct EndAnswer {
    pub status: &'static str,
    pub message: &'static str,
    pub session_id: String,
    /// Whether there is something to report on.
    pub report_available: bool,
    pub questions_answered: u32,
    pub average_score: f64,
}

impl From<&Session> for EndAnswer {
    fn from(session: &Session) -> Self {
        let answered = session.answered();
        Self {
            status: "success",
            message: "Interview session ended",
            session_id: session.id.to_string(),
            report_available: answered > 0,
            questions_answered: answered,
            average_score: session.average_score(),
        }
    }
}

/// Answer to `DELETE`.
#[derive(Serialize, ToSchema)]
pub struct DeleteAnswer {
    pub status: &'static str,
    pub message: &'static str,
    pub session_id: String,
}

#[derive(Serialize, ToSchema)]
pub struct StatsView {
    pub total_sessions: u64,
    pub active_sessions: u64,
    pub completed_sessions: u64,
    pub initialized_sessions: u64,
    /// Sessions held by the answering worker.
    pub in_memory_sessions: u64,
    /// Rooms named `interview-…`.
    pub active_livekit_rooms: u64,
}

/// Answer to `/stats`.
#[derive(Serialize, ToSchema)]
pub struct StatsAnswer {
    pub status: &'static str,
    pub stats: StatsView,
    /// Sources that did not answer within a second: their figures are the last known ones. `store`, `livekit`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<String>,
}

impl From<app::model::Stats> for StatsAnswer {
    fn from(stats: app::model::Stats) -> Self {
        Self {
            status: "success",
            stats: StatsView {
                total_sessions: stats.total_sessions,
                active_sessions: stats.active_sessions,
                completed_sessions: stats.completed_sessions,
                initialized_sessions: stats.initialized_sessions,
                in_memory_sessions: stats.in_memory_sessions,
                active_livekit_rooms: stats.active_livekit_rooms,
            },
            stale: stats.stale,
        }
    }
}

pub(in super::super) fn rfc3339(at: UnixMillis) -> String {
    let nanos = i128::from(at.0) * 1_000_000;
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanos).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(&Rfc3339).unwrap_or_default()
}
