//! Start, end, delete.

use app::{interview::Command, service::AppState};
use axum::{Json, extract::State};

use super::{
    super::{
        auth::Caller,
        problem::{Failure, Problem},
    },
    SessionPath,
    refusals::Usual,
    views::{DeleteAnswer, EndAnswer, StartAnswer},
};

/// Opens the interview. Starting a started one changes nothing.
#[utoipa::path(
    post, path = "/api/parallel_interview/session/{id}/start", tag = "sessions",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 200, body = StartAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Already completed"),
        Usual,
    )
)]
pub async fn start(
    caller: Caller,
    State(app): State<AppState>,
    SessionPath(id): SessionPath,
) -> Result<Json<StartAnswer>, Failure> {
    let session = app.sessions.step(id, &Command::Start { by: caller.actor }).await?;
    Ok(Json(session.as_ref().into()))
}

/// Ends the interview and closes its room. Ending an ended one changes nothing.
#[utoipa::path(
    post, path = "/api/parallel_interview/session/{id}/end", tag = "sessions",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 200, body = EndAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Not started yet"),
        Usual,
    )
)]
pub async fn end(
    caller: Caller,
    State(app): State<AppState>,
    SessionPath(id): SessionPath,
) -> Result<Json<EndAnswer>, Failure> {
    let session = app.rooms.step_to_end(id, &Command::End { by: caller.actor }).await?;
    Ok(Json(session.as_ref().into()))
}

/// Removes the session and everything about it, in any status.
#[utoipa::path(
    delete, path = "/api/parallel_interview/session/{id}", tag = "sessions",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 200, body = DeleteAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        Usual,
    )
)]
pub async fn delete(
    _: Caller,
    State(app): State<AppState>,
    SessionPath(id): SessionPath,
) -> Result<Json<DeleteAnswer>, Failure> {
    app.delete_session(id).await?;
    Ok(Json(DeleteAnswer { status: "success", message: "Session deleted", session_id: id.to_string() }))
}
