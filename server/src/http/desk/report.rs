//! The report of an interview, and scores that admins set.

use std::sync::Arc;

use app::{
    desk::{self, CorrectionForm, ReportState},
    error::AppError,
    interview::Command,
    model::{Correction, Session, SessionId},
    service::AppState,
};
use axum::{
    extract::{Path, Query, State},
    response::Response,
};

use super::{Failure, LoggedIn, Sent, Told, comes_back, see_other, show, show_with, status_of};

pub async fn open(
    State(app): State<AppState>,
    _: LoggedIn,
    Path(id): Path<String>,
    Query(told): Query<Told>,
) -> Result<Response, Failure> {
    let (session, state) = look(&app, &id).await?;
    Ok(show(&app, desk::report(&session, &state, None, told.words())))
}

async fn look(app: &AppState, id: &str) -> Result<(Arc<Session>, ReportState), Failure> {
    let id: SessionId = id.parse().map_err(|_| AppError::not_found("There is no interview at this address."))?;
    let session = app.sessions.get(id).await?;
    let report = app.work.report(id).await?;
    let state = ReportState::of(&session, report);
    Ok((session, state))
}

/// Sets a score in place of the evaluator's.
pub async fn correct(
    State(app): State<AppState>,
    Path(id): Path<String>,
    Sent { admin, fields }: Sent,
) -> Result<Response, Failure> {
    let form = CorrectionForm::read(&fields)?;
    let (session, state) = look(&app, &id).await?;
    let done = match form.wish() {
        Ok((score, reason)) => {
            let correction = Correction { score, reason, by: admin.email, at: app.clock.now() };
            let command = Command::CorrectScore { question: form.question, correction };
            app.sessions.step(session.id, &command).await.map(drop).map_err(AppError::from)
        }
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => {
            let number = form.question.saturating_add(1);
            Ok(see_other(&format!("/admin/session/{}/report?done=corrected#question-{number}", session.id)))
        }
        Err(error) if comes_back(&error) && matches!(state, ReportState::Ready { .. }) => {
            let status = status_of(&error);
            let form = CorrectionForm { trouble: Some(error), ..form };
            Ok(show_with(&app, status, desk::report(&session, &state, Some(&form), None)))
        }
        Err(error) => Err(error.into()),
    }
}
