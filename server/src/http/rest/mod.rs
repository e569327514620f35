//! The public HTTP contract under `/api`. Paths, names and types are fixed: clients depend on them.

mod body;
mod create;
mod events;
mod invitations;
mod jobs;
mod lifecycle;
mod once;
mod openapi;
mod query;
mod read;
mod refusals;
mod reported_proctoring;
mod reports;
mod views;
mod violations;
mod webhooks;

use app::{
    error::{AppError, ErrorKind},
    model::SessionId,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts},
    http::request::Parts,
    routing::{any, delete, get, post},
};

use super::{MAX_BODY, Web, address::Named, problem::Failure};

pub(super) use {events::EventView, views::rfc3339};

const BASE: &str = "/api/parallel_interview";

pub fn router() -> Router<Web> {
    let sessions = Router::new()
        .route("/create", post(create::create))
        .route("/sessions", get(read::sessions))
        .route("/session/{id}", get(read::session).merge(delete(lifecycle::delete)))
        .route("/session/{id}/start", post(lifecycle::start))
        .route("/session/{id}/end", post(lifecycle::end))
        .route("/session/{id}/report", get(reports::read))
        .route("/session/{id}/report.pdf", get(reports::pdf))
        .route("/session/{id}/score", post(reports::correct))
        .route("/session/{id}/events", get(events::list))
        .route("/session/{id}/violations", get(violations::list))
        .route("/session/{id}/violations/{violation}/review", post(violations::review))
        .route("/session/{id}/violations/{violation}/stills/{number}", get(violations::still))
        .route("/jobs", get(jobs::list).post(jobs::create))
        .route("/jobs/{id}", get(jobs::read).put(jobs::replace).delete(jobs::delete))
        .route("/jobs/{id}/invitations", post(invitations::begin))
        .route("/invitations/{id}", get(invitations::read))
        .route("/invitations/{id}/csv", get(invitations::csv))
        .route("/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/webhooks/{id}", delete(webhooks::delete))
        .route("/webhooks/deliveries", get(webhooks::deliveries))
        .route("/webhooks/deliveries/{id}/again", post(webhooks::again))
        .route("/stats", get(read::stats));
    Router::new()
        .nest(BASE, sessions)
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/{*rest}", any(unknown))
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY))
}

async fn unknown() -> Failure {
    Failure(AppError::not_found("There is nothing at this address. /api/openapi.json lists what there is."))
}

async fn wrong_method() -> Failure {
    Failure(AppError::new(
        ErrorKind::MethodNotAllowed,
        "This address does not take this method. /api/openapi.json lists what it takes.",
    ))
}

/// The session that the path names.
struct SessionPath(SessionId);

impl<S: Send + Sync> FromRequestParts<S> for SessionPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Named(text) = Named::from_request_parts(parts, state).await?;
        let unknown = || Failure(AppError::not_found(format!("There is no session {text:?}.")));
        text.parse().map(Self).map_err(|_| unknown())
    }
}
