//! Inviting many candidates at once.

use app::{
    error::AppError,
    model::{Invitations, JobId, RowOutcome},
    service::AppState,
};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    super::{
        address::Named,
        auth::Caller,
        problem::{Failure, Problem},
    },
    body::RawBody,
    once::{IdempotencyKey, Repeating},
    refusals::Usual,
    views::rfc3339,
};

/// One line of the list.
#[derive(Serialize, ToSchema)]
pub struct InvitationView {
    /// The line in the file, 1 for the first.
    pub line: u64,
    pub name: String,
    pub email: String,
    pub phone: String,
    /// `waiting`, `invited`, `refused`, or `deleted` when the interview was: then the line names nobody any more.
    pub state: &'static str,
    pub session_id: Option<String>,
    pub join_url: Option<String>,
    /// Why it was refused.
    pub detail: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct InvitationsAnswer {
    pub status: &'static str,
    pub id: String,
    pub job_id: String,
    pub job_title: String,
    /// RFC 3339, UTC.
    pub created_at: String,
    pub total: usize,
    pub invited: usize,
    pub refused: usize,
    pub deleted: usize,
    pub finished: bool,
    pub rows: Vec<InvitationView>,
}

fn view(app: &AppState, run: &Invitations) -> InvitationsAnswer {
    let rows = run.rows.iter().map(|row| {
        let (state, detail) = match &row.outcome {
            RowOutcome::Waiting => ("waiting", None),
            RowOutcome::Invited => ("invited", None),
            RowOutcome::Refused { detail, .. } => ("refused", Some(detail.clone())),
            RowOutcome::Deleted => ("deleted", None),
        };
        let invited = row.outcome == RowOutcome::Invited;
        InvitationView {
            line: row.line,
            name: row.name.clone(),
            email: row.email.clone(),
            phone: row.phone.clone(),
            state,
            session_id: invited.then(|| row.session.to_string()),
            join_url: invited.then(|| app.sessions.join_url(row.session)),
            detail,
        }
    });
    InvitationsAnswer {
        status: "success",
        id: run.id.clone(),
        job_id: run.job.id.0.clone(),
        job_title: run.job.title.clone(),
        created_at: rfc3339(run.created_at),
        total: run.rows.len(),
        invited: run.invited(),
        refused: run.refused(),
        deleted: run.deleted(),
        finished: run.is_finished(),
        rows: rows.collect(),
    }
}

/// Invites the candidates of a CSV file (name, e-mail address, phone number) in the background.
#[utoipa::path(
    post, path = "/api/parallel_interview/jobs/{id}/invitations", tag = "jobs",
    params(("id" = String, Path, description = "The job's id"), IdempotencyKey),
    request_body(content = String, content_type = "text/csv", description = "A line each: name,email,phone, with commas, semicolons or tabs between. At most 2,000 lines"),
    responses(
        (status = 202, body = InvitationsAnswer, description = "Under way; what cannot be read is refused already"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "Body over 256 KiB"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The key was used with another request"),
        Usual,
    )
)]
pub async fn begin(
    Repeating(key): Repeating,
    State(app): State<AppState>,
    Named(id): Named,
    RawBody(body): RawBody,
) -> Result<(StatusCode, Json<InvitationsAnswer>), Failure> {
    let csv = std::str::from_utf8(&body).map_err(|_| AppError::bad_request("The list must be in UTF-8."))?;
    let run = app.invitations.begin_once(key.as_ref(), &JobId(id), csv).await?;
    Ok((StatusCode::ACCEPTED, Json(view(&app, &run))))
}

/// How far a list is, line by line.
#[utoipa::path(
    get, path = "/api/parallel_interview/invitations/{id}", tag = "jobs",
    params(("id" = String, Path, description = "The id that the list was given")),
    responses(
        (status = 200, body = InvitationsAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        Usual,
    )
)]
pub async fn read(
    _: Caller,
    State(app): State<AppState>,
    Named(id): Named,
) -> Result<Json<InvitationsAnswer>, Failure> {
    let run = app.invitations.get(&id).await?;
    Ok(Json(view(&app, &run)))
}

/// The list with the candidates' links, as CSV.
#[utoipa::path(
    get, path = "/api/parallel_interview/invitations/{id}/csv", tag = "jobs",
    params(("id" = String, Path, description = "The id that the list was given")),
    responses(
        (status = 200, body = String, content_type = "text/csv"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        Usual,
    )
)]
pub async fn csv(_: Caller, State(app): State<AppState>, Named(id): Named) -> Result<impl IntoResponse, Failure> {
    let run = app.invitations.get(&id).await?;
    let csv = app.invitations.to_csv(&run)?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"invitations.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, csv))
}
