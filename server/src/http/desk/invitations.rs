//! Inviting many candidates at once, and what became of it.

use app::{
    desk::{self, LINES},
    error::AppError,
    model::JobId,
    service::AppState,
};
use axum::{extract::State, response::Response};

use super::{
    super::address::{Asked, Named},
    Failure, LoggedIn, Sent, Wanted, comes_back, download, see_other, show, show_with, status_of,
};

pub async fn invite(State(app): State<AppState>, _: LoggedIn, Named(id): Named) -> Result<Response, Failure> {
    let job = app.jobs.get(&JobId(id)).await?;
    Ok(show(&app, desk::invite(&job, "", None)))
}

pub async fn begin(State(app): State<AppState>, Named(id): Named, sent: Sent) -> Result<Response, Failure> {
    let (job, csv) = (JobId(id), sent.fields.one("csv"));
    match app.invitations.begin_once(sent.once().as_ref(), &job, &csv).await.map_err(AppError::from) {
        Ok(run) => Ok(see_other(&format!("/admin/invitations/{}", run.id))),
        Err(error) if comes_back(&error) => {
            let job = app.jobs.get(&job).await?;
            Ok(show_with(&app, status_of(&error), desk::invite(&job, &csv, Some(&error))))
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn list(State(app): State<AppState>, _: LoggedIn, Asked(wanted): Asked<Wanted>) -> Result<Response, Failure> {
    let place = wanted.at("/admin/invitations");
    let runs = app.invitations.list(LINES, place.offset()).await?;
    Ok(match place.within(runs.total) {
        Some(last) => see_other(&last.address()),
        None => show(&app, desk::invitations(&runs, &place)),
    })
}

pub async fn open(State(app): State<AppState>, _: LoggedIn, Named(id): Named) -> Result<Response, Failure> {
    let run = app.invitations.get(&id).await?;
    Ok(show(&app, desk::invited(&run, |session| app.sessions.join_url(session))))
}

pub async fn csv(State(app): State<AppState>, _: LoggedIn, Named(id): Named) -> Result<Response, Failure> {
    let run = app.invitations.get(&id).await?;
    Ok(download("invitations.csv", "text/csv; charset=utf-8", app.invitations.to_csv(&run)?))
}
