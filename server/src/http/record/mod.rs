//! What is kept about a candidate, shown to that candidate. The invite alone decides whose it is.

mod download;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use app::{
    desk::{self, Fields, NoteForm, RecordView},
    error::{AppError, ErrorKind},
    model::{Invite, Session, SessionId, Status},
    service::{AppState, candidates::unknown_invite},
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

type Downloads = DefaultKeyedRateLimiter<SessionId>;

pub fn router(web: &Web) -> Router<Web> {
    let quota = Quota::with_period(EACH).expect("a period is longer than nothing").allow_burst(BURST);
    Router::new()
        .route("/i/{invite}/record", get(open).post(explain))
        .route("/i/{invite}/record/download", get(download))
        .layer(Extension(Arc::new(Downloads::keyed(quota))))
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
) -> Result<Response, Failure> {
    let invite = Invite(invite);
    let session = of(&app, &invite).await?;
    Ok(page(&app, StatusCode::OK, &RecordView { invite: &invite, session: &session, noted: told.noted, refused: None }))
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
            let view = RecordView { invite: &invite, session: &session, noted: false, refused: Some(&refused) };
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
    Extension(downloads): Extension<Arc<Downloads>>,
) -> Result<Response, Failure> {
    let session = of(&app, &Invite(invite)).await?;
    if session.status != Status::Completed {
        let text = "Your interview is not over. What is kept about you can be downloaded then.";
        return Err(AppError::new(ErrorKind::Conflict, text).into());
    }
    if let Err(until) = downloads.check_key(&session.id) {
        let wait = until.wait_time_from(governor::clock::DefaultClock::default().now());
        let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
        let text = format!("This was downloaded several times just now. Please try again in {seconds} seconds.");
        return Err(AppError::too_many_requests(text, seconds).into());
    }
    downloads.retain_recent();
    Ok(download::file(app, &session).await?)
}
