//! Errors as `application/problem+json` (RFC 9457).

use std::any::Any;

use app::error::AppError;
use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

/// An error as clients read it.
#[derive(Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of error; `about:blank` when the status says it all.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status in words.
    pub title: &'static str,
    pub status: u16,
    /// What happened and what to do about it.
    pub detail: String,
    /// To be named when asking for help; also in `X-Request-Id`.
    pub request_id: Option<String>,
}

/// What a handler fails with. [`render`] writes the body, since only there the request's id is known.
#[derive(Clone, Debug)]
pub struct Failure(pub AppError);

impl<E: Into<AppError>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes a failure's body. `request` is the id of the request that failed.
pub fn render(request: Option<&HeaderValue>, mut response: Response) -> Response {
    let Some(Failure(error)) = response.extensions_mut().remove::<Failure>() else { return response };
    let status = response.status();
    let problem = Problem {
        kind: "about:blank",
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail: error.detail,
        request_id: request.and_then(|id| id.to_str().ok()).map(str::to_owned),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    if let Some(seconds) = error.retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    headers.remove(header::CONTENT_LENGTH);
    match serde_json::to_vec(&problem) {
        Ok(body) => *response.body_mut() = Body::from(body),
        Err(error) => tracing::error!(%error, "a problem could not be written"),
    }
    response
}

/// The answer to a request whose handler panicked. The panic itself goes to the log.
pub fn from_panic(panic: Box<dyn Any + Send>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(panic = text, "a handler panicked");
    Failure(AppError::internal()).into_response()
}
