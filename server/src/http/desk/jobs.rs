//! Jobs: all of them, one in its editor, and from and to files.

use app::{
    desk::{self, Action, EditorView, JobForm, LINES},
    error::{AppError, ErrorKind},
    model::{Job, JobId, NewJob},
    service::{AppState, ServiceError},
};
use axum::{extract::State, response::Response};

use super::{
    super::address::{Asked, Named},
    Failure, LoggedIn, Sent, Told, Wanted, comes_back, download, see_other, show, show_with, status_of,
};

pub async fn list(
    State(app): State<AppState>,
    _: LoggedIn,
    Asked(told): Asked<Told>,
    Asked(wanted): Asked<Wanted>,
) -> Result<Response, Failure> {
    let place = wanted.at("/admin/jobs");
    let jobs = app.jobs.find(&place.search, LINES, place.offset()).await?;
    Ok(match place.within(jobs.total) {
        Some(last) => see_other(&last.address()),
        None => show(&app, desk::jobs(&jobs, &place, told.words())),
    })
}

pub async fn blank(State(app): State<AppState>, _: LoggedIn) -> Response {
    show(&app, desk::editor(EditorView { form: JobForm::blank(), ..EditorView::default() }))
}

/// The editor's buttons for a job that does not exist yet.
pub async fn create(State(app): State<AppState>, sent: Sent) -> Result<Response, Failure> {
    let (mut form, action) = JobForm::read(&sent.fields);
    if !matches!(action, Action::Save | Action::Overwrite(_)) {
        let focus = form.change(action);
        return Ok(show(&app, desk::editor(EditorView { form, focus, ..EditorView::default() })));
    }
    let made = match form.wish() {
        Ok(wish) => app.jobs.create_once(sent.once().as_ref(), wish).await.map_err(AppError::from),
        Err(error) => Err(error),
    };
    match made {
        Ok(job) => Ok(see_other(&format!("/admin/jobs/{}?done=saved", job.id.0))),
        Err(error) if comes_back(&error) => Ok(back(&app, None, form, &error)),
        Err(error) => Err(error.into()),
    }
}

pub async fn open(
    State(app): State<AppState>,
    _: LoggedIn,
    Named(id): Named,
    Asked(told): Asked<Told>,
) -> Result<Response, Failure> {
    let job = app.jobs.get(&JobId(id)).await?;
    let view = EditorView { form: JobForm::of(&job), job: Some(&job), done: told.words(), ..EditorView::default() };
    Ok(show(&app, desk::editor(view)))
}

/// The editor's buttons for a job.
pub async fn save(
    State(app): State<AppState>,
    Named(id): Named,
    Sent { fields, .. }: Sent,
) -> Result<Response, Failure> {
    let (mut form, action) = JobForm::read(&fields);
    let job = match app.jobs.get(&JobId(id)).await.map_err(AppError::from) {
        Ok(job) => job,
        // What was typed is worth more than the job was.
        Err(error) if error.kind == ErrorKind::NotFound => {
            let text = "Somebody else deleted this job in between. Save it as a new one, if it is still needed.";
            let gone = AppError::new(ErrorKind::Conflict, text);
            return Ok(back(&app, None, JobForm { revision: None, ..form }, &gone));
        }
        Err(error) => return Err(error.into()),
    };
    let revision = match action {
        Action::Save => form.revision,
        Action::Overwrite(theirs) => Some(theirs),
        change => {
            let focus = form.change(change);
            let view = EditorView { form, job: Some(&job), focus, ..EditorView::default() };
            return Ok(show(&app, desk::editor(view)));
        }
    };
    let done = match form.wish() {
        Ok(wish) => app.jobs.replace(&job.id, wish, revision).await.map_err(AppError::from),
        Err(error) => Err(error),
    };
    match done {
        Ok(job) => Ok(see_other(&format!("/admin/jobs/{}?done=saved", job.id.0))),
        Err(error) if comes_back(&error) => Ok(back(&app, Some(&job), form, &error)),
        Err(error) => Err(error.into()),
    }
}

/// The form with what was typed, and why it could not be saved.
fn back(app: &AppState, job: Option<&Job>, form: JobForm, error: &AppError) -> Response {
    let conflict = job.filter(|_| error.kind == ErrorKind::Conflict).map(|job| job.revision);
    let told = match conflict {
        Some(_) => AppError::new(
            ErrorKind::Conflict,
            "Somebody else changed this job while you did. Nothing of yours is lost: it stands below, and is not saved.",
        ),
        None => error.clone(),
    };
    let view = EditorView { job, form, trouble: Some(&told), conflict, ..EditorView::default() };
    show_with(app, status_of(error), desk::editor(view))
}

pub async fn delete(State(app): State<AppState>, _: LoggedIn, Named(id): Named) -> Result<Response, Failure> {
    match app.jobs.delete(&JobId(id)).await {
        Ok(()) => {}
        // Somebody else was quicker: what was asked for is so.
        Err(ServiceError::Told(error)) if error.kind == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    Ok(see_other("/admin/jobs?done=deleted"))
}

pub async fn export(State(app): State<AppState>, _: LoggedIn, Named(id): Named) -> Result<Response, Failure> {
    let job = app.jobs.get(&JobId(id)).await?;
    let text = serde_json::to_string_pretty(&NewJob::from(&job)).map_err(|error| {
        tracing::error!(%error, "a job could not be written as JSON");
        AppError::internal()
    })?;
    Ok(download(&desk::file_name(&job), "application/json", text + "\n"))
}

pub async fn import(State(app): State<AppState>, _: LoggedIn) -> Response {
    show(&app, desk::import("", None))
}

/// Makes a job from JSON.
pub async fn bring_in(State(app): State<AppState>, sent: Sent) -> Result<Response, Failure> {
    let text = sent.fields.one("json");
    let made = match serde_json::from_str::<NewJob>(text.trim_start_matches('\u{feff}')) {
        Ok(wish) => app.jobs.create_once(sent.once().as_ref(), wish).await.map_err(AppError::from),
        Err(error) => Err(AppError::new(ErrorKind::Unprocessable, format!("This is no exported job: {error}."))),
    };
    match made {
        Ok(job) => Ok(see_other(&format!("/admin/jobs/{}?done=imported", job.id.0))),
        Err(error) if comes_back(&error) => Ok(show_with(&app, status_of(&error), desk::import(&text, Some(&error)))),
        Err(error) => Err(error.into()),
    }
}
