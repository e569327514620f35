//! Admin pages that the server alone renders. Each handler asks who is there, calls a service, and shows a page; what
//! changes something answers with a redirect to a page that shows it.

mod hooks;
mod invitations;
mod jobs;
mod proctoring;
mod report;

use std::sync::{Arc, OnceLock};

use app::{
    api::guard::{cookie_token, is_secure},
    desk::{Again, Fields, Place, Sheet, problem},
    error::{AppError, ErrorKind},
    model::Admin,
    service::{AppState, hash_token, once::OnceKey},
};
use axum::{
    Router,
    body::to_bytes,
    extract::{FromRef, FromRequest, FromRequestParts, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};

use super::{DASHBOARD, Web, problem::Failure, see_other};

/// Largest form, in bytes: room for the longest list of candidates, and for any job that a person writes.
const MAX_FORM: usize = 8 * 1024 * 1024;

/// Where people log in.
const LOGIN: &str = "/admin/login";

pub fn router(web: &Web) -> Router<Web> {
    Router::new()
        .route("/admin/jobs", get(jobs::list))
        .route("/admin/jobs/new", get(jobs::blank).post(jobs::create))
        .route("/admin/jobs/import", get(jobs::import).post(jobs::bring_in))
        .route("/admin/jobs/{id}", get(jobs::open).post(jobs::save))
        .route("/admin/jobs/{id}/delete", post(jobs::delete))
        .route("/admin/jobs/{id}/export", get(jobs::export))
        .route("/admin/jobs/{id}/invite", get(invitations::invite).post(invitations::begin))
        .route("/admin/invitations", get(invitations::list))
        .route("/admin/invitations/{id}", get(invitations::open))
        .route("/admin/invitations/{id}/csv", get(invitations::csv))
        .route("/admin/review", get(proctoring::queue))
        .route("/admin/session/{id}/proctoring", get(proctoring::open).post(proctoring::decide))
        .route("/admin/session/{id}/stills/{violation}/{number}", get(proctoring::still))
        .route("/admin/session/{id}/checks/{at_ms}", get(proctoring::check))
        .route("/admin/session/{id}/reference", get(proctoring::reference))
        .route("/admin/session/{id}/report", get(report::open))
        .route("/admin/session/{id}/score", post(report::correct))
        .route("/admin/webhooks", get(hooks::open).post(hooks::add))
        .route("/admin/webhooks/{id}/remove", post(hooks::remove))
        .route("/admin/webhooks/send", post(hooks::send_again))
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(web.app.clone(), explain))
        .layer(middleware::map_response(super::pages::never_stored))
}

async fn wrong_method() -> Failure {
    Failure(AppError::new(ErrorKind::MethodNotAllowed, "There is no page at this address. A button leads there."))
}

/// What a form sent, for the case that its handler fails.
#[derive(Clone, Default)]
struct Unsent(Arc<OnceLock<Fields>>);

/// Makes a page of what a handler failed with. Strangers are sent to the login.
async fn explain(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path_and_query().map_or(DASHBOARD, |path| path.as_str()).to_owned();
    let reads = request.method().is_safe();
    let unsent = Unsent::default();
    request.extensions_mut().insert(unsent.clone());
    let mut response = next.run(request).await;
    let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() else { return response };
    if error.kind == ErrorKind::Unauthorized {
        return see_other(LOGIN);
    }
    let again = match unsent.0.get() {
        Some(fields) => Some(Again::Send(&path, fields)),
        None => reads.then_some(Again::Open(&path)),
    };
    let mut page = show_with(&app, response.status(), problem(&error, again));
    if let Some(seconds) = error.retry_after_s {
        page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    page
}

/// A page as a response.
fn show(app: &AppState, sheet: Sheet) -> Response {
    show_with(app, StatusCode::OK, sheet)
}

pub(super) fn show_with(app: &AppState, status: StatusCode, sheet: Sheet) -> Response {
    let document = sheet.render(&app.assets);
    let mut response = (status, Html(document.html)).into_response();
    if let Ok(policy) = HeaderValue::from_str(&document.policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The status for a form that comes back because of `error`.
pub(super) fn status_of(error: &AppError) -> StatusCode {
    StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Whether the form that was sent comes back with `error` on it, because something else has to be typed.
fn comes_back(error: &AppError) -> bool {
    !error.is_transient() && error.kind != ErrorKind::NotFound
}

/// A file to be kept.
fn download(name: &str, content_type: &'static str, text: String) -> Response {
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CONTENT_DISPOSITION, disposition),
        (HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex")),
    ];
    (headers, text).into_response()
}

/// Proof that an admin is logged in. Handlers that take one cannot be called without.
struct LoggedIn(Admin);

impl<S> FromRequestParts<S> for LoggedIn
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let stranger = || AppError::new(ErrorKind::Unauthorized, "Please log in first.");
        let state = AppState::from_ref(state);
        let token = cookie_token(&parts.headers, is_secure(&state)).ok_or_else(stranger)?;
        let admin = state.accounts.admin(token).await?;
        Ok(Self(admin.ok_or_else(stranger)?))
    }
}

/// A form that a logged-in admin sent. Lines end as everywhere but in forms: with `\n` alone.
struct Sent {
    admin: Admin,
    fields: Fields,
}

impl Sent {
    /// The key of a form that carries a token: the same when it is sent again as it is, and another one when something
    /// was changed in it before.
    fn once(&self) -> Option<OnceKey> {
        Some(self.fields.one("once")).filter(|token| !token.is_empty())?;
        let mut all = form_urlencoded::Serializer::new(String::new());
        all.extend_pairs(self.fields.each());
        OnceKey::new(&self.admin.email, &hash_token(&all.finish())).ok()
    }
}

impl<S> FromRequest<S> for Sent
where
    S: Send + Sync,
    AppState: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        let admin = LoggedIn::from_request_parts(&mut parts, state).await;
        // Strangers' forms are not even read.
        if let Err(Failure(error)) = &admin
            && !error.is_transient()
        {
            return Err(Failure(error.clone()));
        }
        let too_large = |_| {
            let text = format!("That is too much for one form: at most {} MB can be sent.", MAX_FORM / 1024 / 1024);
            AppError::new(ErrorKind::TooLarge, text)
        };
        let body = to_bytes(body, MAX_FORM).await.map_err(too_large)?;
        let pairs = form_urlencoded::parse(&body).map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")));
        let fields = Fields::new(pairs.collect());
        if let Some(Unsent(kept)) = parts.extensions.get() {
            // A request has one form.
            let _ = kept.set(fields.clone());
        }
        Ok(Self { admin: admin?.0, fields })
    }
}

/// What a page was told by the redirect that led to it.
#[derive(serde::Deserialize)]
struct Told {
    #[serde(default)]
    done: String,
    /// The id of what was made.
    #[serde(default)]
    made: String,
}

/// Which part of a list an address asks for.
#[derive(serde::Deserialize)]
struct Wanted {
    /// What is looked for.
    #[serde(default)]
    q: String,
    #[serde(default)]
    page: String,
}

impl Wanted {
    fn at(&self, path: &'static str) -> Place {
        Place::new(path, &self.q, &self.page)
    }
}

impl Told {
    /// The words for what was done.
    fn words(&self) -> Option<&'static str> {
        Some(match self.done.as_str() {
            "saved" => "Saved.",
            "imported" => "Imported as a new job.",
            "deleted" => "The job was deleted.",
            "added" => "Added. Put the signing secret into your server's settings.",
            "removed" => "The webhook was removed.",
            "sent" => "It is being sent again. Look again in a moment.",
            _ => return None,
        })
    }
}
