//! What is kept about a candidate, shown to that candidate. The invite alone decides whose it is.

mod download;
mod happened;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use app::{
    desk::{self, Fields, NoteForm, OwnLog, RecordView, Summary},
    error::{AppError, ErrorKind},
    model::{Invite, Session, SessionId, Status},
    service::{AppState, ServiceError, candidates::unknown_invite, proctoring::Part},
};
use axum::{
    Extension, Router,
    body::{Bytes, to_bytes},
    extract::{Path, Query, Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::Response,
    routing::get,
};
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};

use super::{
    Web,
    desk::{show_with, status_of},
    pages::never_stored,
    problem::Failure,
    see_other,
};

/// Largest form, in bytes: room for the longest note, as forms encode it.
const MAX_FORM: usize = 64 * 1024;

/// Downloads of one record: so many at once, and one more each.
const BURST: NonZeroU32 = NonZeroU32::new(4).expect("4 is not 0");
const EACH: Duration = Duration::from_secs(15);

/// Looks at one log, likewise, and how long is waited for it.
const LOOKS: NonZeroU32 = NonZeroU32::new(10).expect("10 is not 0");
const LOOK_EACH: Duration = Duration::from_secs(10);
const PATIENCE: Duration = Duration::from_secs(3);

/// How often one record may be read.
struct Limits {
    downloads: DefaultKeyedRateLimiter<SessionId>,
    looks: DefaultKeyedRateLimiter<SessionId>,
}

impl Limits {
    fn new() -> Self {
        let quota = |each, burst| Quota::with_period(each).expect("a period is longer than nothing").allow_burst(burst);
        Self {
            downloads: DefaultKeyedRateLimiter::keyed(quota(EACH, BURST)),
            looks: DefaultKeyedRateLimiter::keyed(quota(LOOK_EACH, LOOKS)),
        }
    }
}

pub fn router(web: &Web) -> Router<Web> {
    Router::new()
        .route("/i/{invite}/record", get(open).post(explain))
        .route("/i/{invite}/record/download", get(download))
        .layer(Extension(Arc::new(Limits::new())))
        .layer(middleware::from_fn_with_state(web.app.clone(), tell))
        .layer(middleware::map_response(never_stored))
}

/// Makes a page of what a handler failed with.
async fn tell(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() else { return response };
    let mut page = show_with(&app, response.status(), desk::no_record(&error, Some(&path)));
    if let Some(seconds) = error.retry_after_s {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    page
}

/// What the page was told by the redirect that led to it.
#[derive(serde::Deserialize)]
struct Told {
    #[serde(default)]
    noted: bool,
}

async fn open(
    State(app): State<AppState>,
    Path(invite): Path<String>,
    Query(told): Query<Told>,
    Extension(limits): Extension<Arc<Limits>>,
) -> Result<Response, Failure> {
    let invite = Invite(invite);
    let session = of(&app, &invite).await?;
    let log = &own_log(&app, &session, &limits).await?;
    let view = RecordView { invite: &invite, session: &session, noted: told.noted, refused: None, log };
    Ok(page(&app, StatusCode::OK, &view))
}

/// What the candidate can see of the log now.
async fn own_log(app: &AppState, session: &Session, limits: &Limits) -> Result<OwnLog, AppError> {
    let Some(kept) = session.proctoring.as_ref().filter(|_| session.status == Status::Completed) else {
        return Ok(OwnLog::Later);
    };
    if kept.erased_at.is_some() {
        return Ok(OwnLog::Not("The log was erased, since it was kept for long enough."));
    }
    if kept.began_at.is_none() {
        return Ok(OwnLog::Not("Your browser has not reported anything."));
    }
    if limits.looks.check_key(&session.id).is_err() {
        return Ok(OwnLog::Not("The log was read several times just now. Load this page again in a few seconds."));
    }
    limits.looks.retain_recent();
    let told = tokio::time::timeout(PATIENCE, summary(app, session)).await;
    Ok(told.unwrap_or(Ok(OwnLog::Not("The log is too long to be shown here. All of it is in the file below.")))?)
}

async fn summary(app: &AppState, session: &Session) -> Result<OwnLog, ServiceError> {
    let (mut summary, mut damaged) = (Summary::default(), false);
    let mut telling = app.proctor.telling(session).await?;
    while let Some(part) = app.proctor.next_part(&mut telling).await? {
        match part {
            Part::Lines(lines) => lines.into_iter().for_each(|line| summary.add(line)),
            Part::Unreadable => damaged = true,
        }
    }
    Ok(OwnLog::Told { summary, damaged })
}

/// The session that an invite opens. A candidate is not told ids, only that the link is no good.
async fn of(app: &AppState, invite: &Invite) -> Result<Arc<Session>, AppError> {
    let id = app.sessions.by_invite(invite).ok_or_else(unknown_invite)?;
    app.sessions.get(id).await.map_err(|error| match error {
        app::service::ServiceError::NoSession(_) => unknown_invite(),
        error => error.into(),
    })
}

fn page(app: &AppState, status: StatusCode, view: &RecordView) -> Response {
    show_with(app, status, desk::record(view))
}

async fn explain(
    State(app): State<AppState>,
    Path(invite): Path<String>,
    Extension(limits): Extension<Arc<Limits>>,
    request: Request,
) -> Result<Response, Failure> {
    let invite = Invite(invite);
    let session = of(&app, &invite).await?;
    let body = to_bytes(request.into_body(), MAX_FORM).await.map_err(|_| too_large())?;
    let form = NoteForm::read(&fields(&body))?;
    match app.proctor.explain(&invite, form.violation, &form.note).await {
        Ok(()) => Ok(see_other(&format!("/i/{}/record?noted=true", invite.0))),
        // What was written is not lost, even if the store is away for a moment.
        Err(error) if error.kind != ErrorKind::NotFound => {
            let status = status_of(&error);
            let refused = NoteForm { trouble: Some(error), ..form };
            let log = &own_log(&app, &session, &limits).await?;
            let view = RecordView { invite: &invite, session: &session, noted: false, refused: Some(&refused), log };
            Ok(page(&app, status, &view))
        }
        Err(error) => Err(error.into()),
    }
}

fn too_large() -> AppError {
    AppError::new(ErrorKind::TooLarge, "That is too much for one note. Please shorten it.")
}

/// Lines end as everywhere but in forms: with `\n` alone.
fn fields(body: &Bytes) -> Fields {
    let pairs = form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")));
    Fields::new(pairs.collect())
}

async fn download(
    State(app): State<AppState>,
    Path(invite): Path<String>,
    Extension(limits): Extension<Arc<Limits>>,
) -> Result<Response, Failure> {
    let session = of(&app, &Invite(invite)).await?;
    if session.status != Status::Completed {
        let text = "Your interview is not over. What is kept about you can be downloaded then.";
        return Err(AppError::new(ErrorKind::Conflict, text).into());
    }
    if let Err(until) = limits.downloads.check_key(&session.id) {
        let wait = until.wait_time_from(governor::clock::DefaultClock::default().now());
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        let text = format!("This was downloaded several times just now. Please try again in {seconds} seconds.");
        return Err(AppError::too_many_requests(text, seconds).into());
    }
    limits.downloads.retain_recent();
    Ok(download::file(app, &session).await?)
}
