//! What proctoring found, for admins to decide about, and the pictures of it.

use std::time::Duration;

use app::{
    desk::{self, DecisionForm, FlagOrder, ProctoringView},
    error::AppError,
    model::{SessionId, ViolationKey},
    service::{AppState, proctoring::NewReview},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

use super::{
    super::address::{Asked, Named},
    super::pictures::picture,
    Failure, LoggedIn, Sent, comes_back, see_other, show, show_with, status_of,
};

/// How long a page waits for a log to be read once more.
const PATIENCE: Duration = Duration::from_secs(3);

/// Interviews in the queue at most.
const QUEUE: u32 = 100;

/// What the page was asked for, and told by the redirect that led to it.
#[derive(serde::Deserialize)]
pub struct Seen {
    #[serde(default)]
    order: String,
    /// The violation that was decided about.
    #[serde(default)]
    decided: String,
}

pub async fn queue(State(app): State<AppState>, _: LoggedIn) -> Result<Response, Failure> {
    let sessions = app.sessions.to_review(QUEUE).await?;
    Ok(show(&app, desk::review(&sessions, QUEUE)))
}

pub async fn open(
    State(app): State<AppState>,
    _: LoggedIn,
    Named(id): Named,
    Asked(seen): Asked<Seen>,
) -> Result<Response, Failure> {
    let order = FlagOrder::from_word(&seen.order);
    page(&app, session(&id)?, StatusCode::OK, order, seen.decided.parse().ok(), None).await
}

fn session(id: &str) -> Result<SessionId, AppError> {
    id.parse().map_err(|_| AppError::not_found("There is no interview at this address."))
}

async fn page(
    app: &AppState,
    id: SessionId,
    status: StatusCode,
    order: FlagOrder,
    decided: Option<ViolationKey>,
    refused: Option<&DecisionForm>,
) -> Result<Response, Failure> {
    let events = app.sessions.events(id).await?;
    let (log, checks) = (app.proctor.log(id, PATIENCE).await?, app.proctor.readable_checks(id).await?);
    let session = app.sessions.get(id).await?;
    let view = ProctoringView {
        session: &session,
        events: &events,
        checks: checks.as_deref(),
        log: &log,
        order,
        decided,
        refused,
        now: app.clock.now(),
    };
    Ok(show_with(app, status, desk::proctoring(&view)))
}

pub async fn decide(
    State(app): State<AppState>,
    Named(id): Named,
    Sent { admin, fields }: Sent,
) -> Result<Response, Failure> {
    let (id, form) = (session(&id)?, DecisionForm::read(&fields)?);
    let DecisionForm { violation, decision, reason, order, .. } = form.clone();
    match app.proctor.review(id, NewReview { violation, decision, reason, by: admin.email }).await {
        Ok(_) => {
            // In the order of gravity the next one to decide about is the first one now.
            let place = match order {
                FlagOrder::Gravity => "flags".to_owned(),
                FlagOrder::Time => format!("v-{violation}"),
            };
            let order = order.as_str();
            Ok(see_other(&format!("/admin/session/{id}/proctoring?order={order}&decided={violation}#{place}")))
        }
        Err(error) if comes_back(&error) => {
            let refused = DecisionForm { trouble: Some(error.clone()), ..form };
            page(&app, id, status_of(&error), refused.order, None, Some(&refused)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn still(
    State(app): State<AppState>,
    _: LoggedIn,
    Path((id, violation, number)): Path<(String, String, String)>,
) -> Result<Response, Failure> {
    let found = match (id.parse(), violation.parse(), number.parse()) {
        (Ok(id), Ok(violation), Ok(number)) => app.proctor.still(id, violation, number).await?,
        _ => None,
    };
    picture(found)
}

pub async fn check(
    State(app): State<AppState>,
    _: LoggedIn,
    Path((id, at_ms)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let found = match (id.parse(), at_ms.parse()) {
        (Ok(id), Ok(at_ms)) => app.proctor.check_picture(id, at_ms).await?,
        _ => None,
    };
    picture(found)
}

pub async fn reference(State(app): State<AppState>, _: LoggedIn, Named(id): Named) -> Result<Response, Failure> {
    let found = match id.parse() {
        Ok(id) => app.proctor.reference_picture(id).await?,
        Err(_) => None,
    };
    picture(found)
}
