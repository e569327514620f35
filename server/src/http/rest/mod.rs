//! The public HTTP contract under `/api`. Paths, names and types are fixed: clients depend on them.

mod body;
mod create;
mod lifecycle;
mod openapi;
mod query;
mod read;
mod views;

use app::{
    error::{AppError, ErrorKind},
    model::SessionId,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, Path},
    http::request::Parts,
    middleware,
    routing::{any, delete, get, post},
};

use super::{
    MAX_BODY, Web,
    problem::{self, Failure},
};

const BASE: &str = "/api/parallel_interview";

pub fn router() -> Router<Web> {
    let sessions = Router::new()
        .route("/create", post(create::create))
        .route("/sessions", get(read::sessions))
        .route("/session/{id}", get(read::session).merge(delete(lifecycle::delete)))
        .route("/session/{id}/start", post(lifecycle::start))
        .route("/session/{id}/end", post(lifecycle::end))
        .route("/stats", get(read::stats));
    Router::new()
        .nest(BASE, sessions)
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/{*rest}", any(unknown))
        .method_not_allowed_fallback(wrong_method)
        .layer((middleware::map_response(problem::render), DefaultBodyLimit::max(MAX_BODY)))
}

async fn unknown() -> Failure {
    Failure(AppError::not_found("There is nothing at this address. /api/openapi.json lists what there is."))
}

async fn wrong_method() -> Failure {
    Failure(AppError::new(
        ErrorKind::MethodNotAllowed,
        "This address does not take this method. /api/openapi.json lists what it takes.",
    ))
}

/// The session that the path names.
struct SessionPath(SessionId);

impl<S: Send + Sync> FromRequestParts<S> for SessionPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let text = Path::<String>::from_request_parts(parts, state).await;
        // What cannot even be decoded names no session either.
        let text = text.map_or_else(|_| String::new(), |Path(text)| text);
        let unknown = || Failure(AppError::not_found(format!("There is no session {text:?}.")));
        text.parse().map(Self).map_err(|_| unknown())
    }
}
