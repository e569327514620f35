//! What happened in a session, in order.
//!
//! What other answers hold in full (answers, verdicts, the texts of the dialogue) is only named here, and what only this
//! program makes something of (its workers, channels and rooms' participants) is left out.

use app::{
    error::{AppError, ErrorKind},
    model::{Event, Recorded, Session},
    service::AppState,
};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use super::{
    super::{
        auth::Caller,
        problem::{Failure, Problem},
    },
    SessionPath,
    refusals::Usual,
    views::rfc3339,
};

/// Events on a page, at most, and unless told otherwise.
const MOST: usize = 1_000;
const USUAL: usize = 200;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct EventsQuery {
    /// Events later than the one with this `seq`; default 0: from the first on.
    #[param(value_type = Option<u64>)]
    after: Option<String>,
    /// 1..=1000, default 200.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    limit: Option<String>,
}

impl EventsQuery {
    fn check(&self) -> Result<(u64, usize), AppError> {
        let unprocessable = |text: &str| AppError::new(ErrorKind::Unprocessable, text);
        let after = self.after.as_deref().map_or(Ok(0), str::parse);
        let limit = self.limit.as_deref().map_or(Ok(USUAL), str::parse).ok();
        Ok((
            after.map_err(|_| unprocessable("`after` must be a number of 0 or more."))?,
            limit
                .filter(|limit| (1..=MOST).contains(limit))
                .ok_or_else(|| unprocessable("`limit` must be a number from 1 to 1000."))?,
        ))
    }
}

#[derive(Serialize, ToSchema)]
pub struct EventView {
    /// Its place in the session. Events that were counted and not kept leave gaps.
    pub seq: u64,
    /// RFC 3339, UTC.
    pub at: String,
    /// Such as `question_delivered`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What there is to say about it; depends on the type.
    #[schema(value_type = Object)]
    pub details: Value,
}

impl From<&Recorded> for EventView {
    fn from(recorded: &Recorded) -> Self {
        let whole = serde_json::to_value(&recorded.event).unwrap_or_default();
        let kind = whole["type"].as_str().unwrap_or_default().to_owned();
        Self { seq: recorded.seq, at: rfc3339(recorded.at), kind, details: details(&recorded.event) }
    }
}

fn details(event: &Event) -> Value {
    match event {
        Event::Created { total_questions, max_questions } => {
            json!({ "total_questions": total_questions, "max_questions": max_questions })
        }
        Event::Started { by } => json!({ "by": by }),
        Event::DevicesChecked { devices } => json!({ "camera": devices.camera, "microphone": devices.microphone }),
        Event::QuestionDelivered { index, deadline } => json!({ "question": index, "deadline": rfc3339(*deadline) }),
        Event::Answered { answer } => json!({
            "question": answer.question,
            "outcome": answer.outcome,
            "time_used": answer.time_used_ms as f64 / 1000.0,
            "characters": answer.text.chars().count(),
        }),
        Event::Ended { reason } => json!({ "reason": reason }),
        Event::ChannelClosed { last_seen, how, .. } => json!({ "last_seen": rfc3339(*last_seen), "how": how }),
        Event::AwayChanged { away } => json!({ "away": away }),
        Event::TimeCredited { question, ms, from, to, cause } => json!({
            "question": question,
            "seconds": *ms as f64 / 1000.0,
            "from": rfc3339(*from),
            "to": rfc3339(*to),
            "cause": cause,
        }),
        Event::TimeGranted { question, total_s, deadline, by } => {
            json!({ "question": question, "seconds": total_s, "deadline": rfc3339(*deadline), "by": by })
        }
        Event::TimeRulesSet { rules, deadline, by } => {
            json!({ "rules": rules, "deadline": deadline.map(rfc3339), "by": by })
        }
        Event::NoticeSent { id, text, by } => json!({ "id": id, "text": text, "by": by }),
        Event::NoticeRead { id } => json!({ "id": id }),
        Event::Evaluated { question, verdict } => json!({ "question": question, "score": verdict.measured() }),
        Event::ScoreCorrected { question, correction } => {
            json!({ "question": question, "score": correction.score, "reason": correction.reason, "by": correction.by })
        }
        Event::ViolationNoted { violation } => json!({
            "violation": violation.key.to_string(),
            "kind": violation.key.kind,
            "severity": violation.severity,
            "from": rfc3339(violation.from),
            "to": violation.to.map(rfc3339),
        }),
        Event::EvidenceKept { violation, stills } => {
            json!({ "violation": violation.to_string(), "stills": stills.len() })
        }
        Event::EvidenceMissing { violation } => json!({ "violation": violation.to_string() }),
        Event::ViolationReviewed { violation, review } => json!({
            "violation": violation.to_string(),
            "decision": review.decision,
            "reason": review.reason,
            "by": review.by,
        }),
        Event::ProctoringFailed { why } => json!({ "why": why }),
        Event::ViolationExplained { violation, note } => json!({ "violation": violation.to_string(), "note": note }),
        Event::ConsentGiven
        | Event::RoomOpened
        | Event::RoomClosed
        | Event::ParticipantJoined { .. }
        | Event::ParticipantLeft { .. }
        | Event::ChannelOpened { .. }
        | Event::HeardAgain
        | Event::ReportMade { .. }
        | Event::ProctoringBegan
        | Event::ProctoringMissed
        | Event::ReferenceCaptured
        | Event::ViolationUncounted { .. }
        | Event::LogKept { .. }
        | Event::EvidenceErased
        | Event::Announced { .. } => json!({}),
    }
}

/// Answer to `GET …/events`.
#[derive(Serialize, ToSchema)]
pub struct EventsAnswer {
    pub status: &'static str,
    pub session_id: String,
    pub events: Vec<EventView>,
    /// What to ask for next; null: these are the last ones so far.
    pub next_after: Option<u64>,
    /// Connections, looks away and the like that were counted only. Comings and goings in the room beyond the first 2,000
    /// are neither kept nor counted.
    pub not_kept: u32,
}

/// `events`: one more than fits, if there is one.
fn page(session: &Session, events: &[Recorded], limit: usize) -> EventsAnswer {
    let more = events.len() > limit;
    let events: Vec<EventView> = events.iter().take(limit).map(Into::into).collect();
    EventsAnswer {
        status: "success",
        session_id: session.id.to_string(),
        next_after: events.last().filter(|_| more).map(|last| last.seq),
        events,
        not_kept: session.recurred.not_kept(),
    }
}

/// What happened in a session, in order.
#[utoipa::path(
    get, path = "/api/parallel_interview/session/{id}/events", tag = "sessions",
    params(("id" = String, Path, description = "The session's id"), EventsQuery),
    responses(
        (status = 200, body = EventsAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "What is out of range"),
        Usual,
    )
)]
pub async fn list(
    _: Caller,
    State(app): State<AppState>,
    SessionPath(id): SessionPath,
    query: Result<Query<EventsQuery>, QueryRejection>,
) -> Result<Json<EventsAnswer>, Failure> {
    let Query(query) =
        query.map_err(|error| AppError::new(ErrorKind::Unprocessable, format!("{}.", error.body_text())))?;
    let (after, limit) = query.check()?;
    let events = app.sessions.events_after(id, after, limit as u32 + 1).await?;
    let session = app.sessions.get(id).await?;
    Ok(Json(page(&session, &events, limit)))
}
