//! What can be read: one session, a list, the figures.

use app::{model::SessionFilter, service::AppState};
use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};

use super::{
    super::{
        auth::Caller,
        problem::{Failure, Problem},
    },
    SessionPath,
    query::{self, ListQuery},
    refusals::{Guarded, Usual},
    views::{ListAnswer, SessionAnswer, StatsAnswer},
};

/// Sessions, newest first.
#[utoipa::path(
    get, path = "/api/parallel_interview/sessions", tag = "sessions", params(ListQuery),
    responses(
        (status = 200, body = ListAnswer),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "What is out of range"),
        Usual,
    )
)]
pub async fn sessions(
    _: Caller,
    State(app): State<AppState>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<ListAnswer>, Failure> {
    let page = query::read(query)?.check()?;
    let filter = SessionFilter { status: page.status, search: String::new() };
    let found = app.sessions.list(&filter, page.limit, page.offset).await?;
    Ok(Json(ListAnswer {
        status: "success",
        sessions: found.sessions.iter().map(Into::into).collect(),
        total: found.total,
        limit: page.limit,
        offset: page.offset,
    }))
}

/// One session.
#[utoipa::path(
    get, path = "/api/parallel_interview/session/{id}", tag = "sessions",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 200, body = SessionAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        Usual,
    )
)]
pub async fn session(
    _: Caller,
    State(app): State<AppState>,
    SessionPath(id): SessionPath,
) -> Result<Json<SessionAnswer>, Failure> {
    let session = app.sessions.get(id).await?;
    Ok(Json(session.as_ref().into()))
}

/// Figures from store, memory and LiveKit.
#[utoipa::path(
    get, path = "/api/parallel_interview/stats", tag = "monitoring",
    responses(
        (status = 200, body = StatsAnswer),
        Guarded,
    )
)]
pub async fn stats(_: Caller, State(app): State<AppState>) -> Json<StatsAnswer> {
    Json(app.stats.read().await.into())
}
