//! The report of an interview, and scores that admins set.

use std::sync::Arc;

use app::{
    desk::{self, Corrected, CorrectionForm, ReportState},
    error::AppError,
    interview::Command,
    model::{Correction, Session, SessionId},
    service::AppState,
};
use axum::{extract::State, response::Response};

use super::{
    super::address::{Asked, Named},
    Failure, LoggedIn, Sent, comes_back, see_other, show, show_with, status_of,
};

/// What the page was told by the redirect that led to it.
#[derive(serde::Deserialize)]
pub struct Seen {
    /// The question whose score was set.
    corrected: Option<u32>,
}

pub async fn open(
    State(app): State<AppState>,
    _: LoggedIn,
    Named(id): Named,
    Asked(seen): Asked<Seen>,
) -> Result<Response, Failure> {
    let (session, state) = look(&app, &id).await?;
    let is_set = |question: &u32| {
        session.evaluations.iter().any(|known| known.question == *question && known.correction.is_some())
    };
    let corrected = seen.corrected.filter(is_set).map(Corrected::Taken);
    Ok(show(&app, desk::report(&session, &state, corrected.as_ref())))
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
    Named(id): Named,
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
        Ok(()) => Ok(see_other(&format!("/admin/session/{}/report?corrected={}", session.id, form.question))),
        Err(error) if comes_back(&error) && matches!(state, ReportState::Ready { .. }) => {
            let status = status_of(&error);
            let refused = Corrected::Refused(CorrectionForm { trouble: Some(error), ..form });
            Ok(show_with(&app, status, desk::report(&session, &state, Some(&refused))))
        }
        Err(error) => Err(error.into()),
    }
}
