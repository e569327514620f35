//! All that is kept about a candidate as one file of JSON, pictures in base64. It is written while it is sent, so that no more
//! than one picture, or one part of the log, is in memory.

use std::time::Duration;

use app::{
    desk::entry_words,
    error::AppError,
    model::{Coverage, Event, Proctoring, Recorded, Review, Session, SessionId, UnixMillis, Violation, ViolationKey},
    service::{
        AppState, ServiceError,
        proctoring::{Line, LogState, Part, Telling, look_words},
    },
    violation_words,
};
use axum::{
    body::{Body, Bytes},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use futures::{Stream, StreamExt, stream};
use proctor::{observation::Look, policy::Source, signal::What};
use serde::Serialize;
use serde_json::{Value, json};

use super::{super::rest::rfc3339, happened::course};

/// How long is waited for a log to be read once more.
const PATIENCE: Duration = Duration::from_secs(10);

const ABOUT: &str = "What is kept about you. What was noticed are hints for people, not verdicts. Not in this file: how your \
                     answers were scored, who decided about what was noticed, and that you stand in a list of candidates if you \
                     were invited with others; ask the people who invited you.";

/// A picture that is still to be read.
struct Picture {
    head: Value,
    place: Place,
}

enum Place {
    Reference(String),
    Check(u32),
    Still(ViolationKey, u8),
}

/// The file.
pub async fn file(app: AppState, session: &Session) -> Result<Response, AppError> {
    let id = session.id;
    let checks = app.proctor.readable_checks(id).await?.unwrap_or_default();
    let log = app.proctor.log(id, PATIENCE).await?;
    let mut pictures = Vec::new();
    let mut proctoring = Value::Null;
    let events = app.sessions.events(id).await?;
    if let Some(kept) = &session.proctoring {
        pictures.extend(references(&app, id, &events).await?);
        let zero = kept.began_at.unwrap_or(session.created_at);
        let at = |ms: u32| rfc3339(UnixMillis(zero.0 + i64::from(ms)));
        for check in checks.iter().filter(|check| check.has_picture) {
            let head = json!({ "what": "spot_check", "at": at(check.at_ms) });
            pictures.push(Picture { head, place: Place::Check(check.at_ms) });
        }
        for violation in &kept.violations {
            for still in &violation.stills {
                let head = json!({ "what": violation.key.to_string(), "at": rfc3339(still.at) });
                pictures.push(Picture { head, place: Place::Still(violation.key, still.number) });
            }
        }
        let told: Vec<Value> = checks
            .iter()
            .map(|check| {
                json!({
                    "at": at(check.at_ms),
                    "page": check.claim.map(look_words),
                    "server": check.seen.map(look_words),
                    "same_person": check.same_person,
                })
            })
            .collect();
        proctoring = summary(kept, &log, told);
    }
    let draft = app.sessions.draft(id).await?.map(|draft| json!({ "question": draft.question, "text": draft.text }));
    let kept = Kept { draft, happened: course(id, &events), ..Kept::new(session, proctoring) };
    let mut begin = serde_json::to_string(&kept).map_err(|_| AppError::internal())?;
    // Its last brace comes after log and pictures.
    begin.pop();
    let telling = app.proctor.telling(session).await?;
    let name = HeaderValue::from_static("attachment; filename=\"what-is-kept-about-you.json\"");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    ];
    Ok((headers, Body::from_stream(parts(app, id, begin, telling, pictures))).into_response())
}

/// The pictures of the candidate's face, one for each visit before the start.
async fn references(app: &AppState, id: SessionId, events: &[Recorded]) -> Result<Vec<Picture>, ServiceError> {
    let names = app.proctor.references(id).await?;
    let captured = events.iter().filter(|recorded| matches!(recorded.event, Event::ReferenceCaptured));
    let times: Vec<_> = captured.map(|recorded| rfc3339(recorded.at)).collect();
    // Those of before an erasure are gone.
    let times = times.iter().skip(times.len().saturating_sub(names.len()));
    let picture = |(place, name): (usize, String)| Picture {
        head: json!({ "what": "device_check", "at": times.clone().nth(place) }),
        place: Place::Reference(name),
    };
    Ok(names.into_iter().enumerate().map(picture).collect())
}

/// The file in parts: the beginning, each part of the log, each picture, and the end.
fn parts(
    app: AppState,
    id: SessionId,
    begin: String,
    telling: Telling,
    pictures: Vec<Picture>,
) -> impl Stream<Item = Result<Bytes, ServiceError>> {
    let text = |text: &'static str| stream::once(async move { Ok(Bytes::from_static(text.as_bytes())) });
    let begin = stream::once(async { Ok(Bytes::from(begin)) });
    let log = stream::unfold((app.clone(), telling, true), |(app, mut telling, mut first)| async move {
        loop {
            let part = match app.proctor.next_part(&mut telling).await.transpose()? {
                Ok(part) => written(part, &mut first),
                Err(error) => return Some((Err(error), (app, telling, first))),
            };
            if !part.is_empty() {
                return Some((Ok(Bytes::from(part)), (app, telling, first)));
            }
        }
    });
    let pictures = stream::unfold((app, pictures.into_iter(), true), move |(app, mut left, first)| async move {
        let Picture { mut head, place } = left.next()?;
        let found = match place {
            Place::Reference(name) => app.proctor.reference_of(id, &name).await,
            Place::Check(at_ms) => app.proctor.check_picture(id, at_ms).await,
            Place::Still(violation, number) => app.proctor.still(id, violation, number).await,
        };
        // What was erased meanwhile is told with its time, and without a picture.
        let part = found.map(|jpeg| {
            head["jpeg_base64"] = jpeg.map(|jpeg| STANDARD.encode(jpeg)).into();
            Bytes::from(format!("{}{head}", if first { "" } else { "," }))
        });
        Some((part, (app, left, false)))
    });
    begin.chain(text(",\"log\":[")).chain(log).chain(text("],\"pictures\":[")).chain(pictures).chain(text("]}"))
}

/// A part of the log, as it follows what was written of it before.
fn written(part: Part, first: &mut bool) -> String {
    let entries = match part {
        Part::Lines(lines) => lines.iter().map(entry).collect(),
        Part::Unreadable => vec![json!({ "at": null, "what": "A part of the log that cannot be read" })],
    };
    entries.iter().map(|entry| format!("{}{entry}", if std::mem::take(first) { "" } else { "," })).collect()
}

fn entry(Line { at, what }: &Line) -> Value {
    let mut entry = json!({ "at": rfc3339(*at), "what": entry_words(*what) });
    if let What::Look(Look::Clear { head: Some(head), .. }) = what {
        entry["head"] = json!({ "degrees_to_the_left": head.yaw, "degrees_up": head.pitch });
    }
    entry
}

/// All but the pictures.
#[derive(Serialize)]
struct Kept {
    about: &'static str,
    session_id: String,
    name: String,
    email: String,
    phone: Option<String>,
    job: Option<String>,
    created_at: String,
    agreed_at: Option<String>,
    started_at: Option<String>,
    ended_at: Option<String>,
    answers: Vec<Value>,
    /// What is being written, or was when the time was over.
    draft: Option<Value>,
    messages: Vec<Value>,
    /// Questions, connections, looks away, time that was given back and the like, in order.
    happened: Vec<Value>,
    /// Of these, those that were counted only, since there were too many.
    happened_not_kept: u32,
    /// Null: the interview was not proctored.
    proctoring: Value,
}

impl Kept {
    fn new(session: &Session, proctoring: Value) -> Self {
        let answers = session.answers.iter().map(|answer| {
            json!({
                "question": session.questions.get(answer.question as usize).map(|question| &question.text),
                "answer": answer.text,
                "outcome": answer.outcome,
                "at": rfc3339(answer.at),
                "time_used": answer.time_used_ms as f64 / 1000.0,
            })
        });
        let messages = session.notices.iter().map(|notice| json!({ "at": rfc3339(notice.at), "text": notice.text }));
        Self {
            about: ABOUT,
            session_id: session.id.to_string(),
            name: session.candidate.name.clone(),
            email: session.candidate.email.clone(),
            phone: session.candidate.phone.clone(),
            job: session.job.as_ref().map(|job| job.title.clone()),
            created_at: rfc3339(session.created_at),
            agreed_at: session.consent_at.map(rfc3339),
            started_at: session.started_at.map(rfc3339),
            ended_at: session.ended_at.map(rfc3339),
            answers: answers.collect(),
            draft: None,
            messages: messages.collect(),
            happened: Vec::new(),
            happened_not_kept: session.recurred.not_kept(),
            proctoring,
        }
    }
}

fn summary(kept: &Proctoring, log: &LogState, checks: Vec<Value>) -> Value {
    let log = match log {
        LogState::Read(replay) => json!({
            "begun": replay.logs, "parts": replay.batches, "entries": replay.entries, "whole": replay.whole,
            "reported_percent": replay.coverage.map(Coverage::percent),
        }),
        LogState::None | LogState::TooLong | LogState::Unreadable | LogState::OtherVersion => Value::Null,
    };
    json!({
        "began_at": kept.began_at.map(rfc3339),
        "kept_for_days": kept.rules.keep_days,
        "erased_at": kept.erased_at.map(rfc3339),
        "log": log,
        "spot_checks": checks,
        "noticed": kept.violations.iter().map(noticed).collect::<Vec<_>>(),
    })
}

fn noticed(violation: &Violation) -> Value {
    let detail = |is: bool| violation.detail.as_ref().filter(|_| is);
    let by_server = violation.key.kind.source() == Source::Server;
    json!({
        "id": violation.key.to_string(),
        "kind": violation.key.kind,
        "words": violation_words::violation(violation.key.kind),
        "severity": violation.severity,
        "from": rfc3339(violation.from),
        "to": violation.to.map(rfc3339),
        "found_by_the_server": detail(by_server),
        "your_page_said": detail(!by_server),
        "your_note": violation.note,
        "decision": violation.review.as_ref().map(decided),
        "earlier_decisions": violation.earlier_reviews.iter().map(decided).collect::<Vec<_>>(),
    })
}

/// Without who decided.
fn decided(review: &Review) -> Value {
    json!({ "decision": review.decision, "reason": review.reason, "at": rfc3339(review.at) })
}
