//! What is done around every request: other sites are kept from acting in the name of a logged-in admin, failures get their
//! body, and those of our side a line in the log.
//!
//! One function, since the router puts each middleware of its own into boxes of its own.

use app::{
    api::guard::cookie_token,
    error::{AppError, ErrorKind},
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    REQUEST_ID,
    problem::{self, Failure},
};

/// The outermost middleware but for those that set headers. The request has its id.
pub async fn guard(request: Request, next: Next) -> Response {
    let id = request.headers().get(&REQUEST_ID).cloned();
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let response = match refusal(&method, request.headers()) {
        Some(error) => Failure(error).into_response(),
        None => next.run(request).await,
    };
    let response = problem::render(id.as_ref(), response);
    if response.status().is_server_error() {
        log(&method, &uri, id.as_ref(), &response);
    }
    response
}

/// Paths are left out where they hold an invite.
fn log(method: &Method, uri: &Uri, id: Option<&HeaderValue>, response: &Response) {
    let id = id.and_then(|id| id.to_str().ok()).unwrap_or_default();
    let path = if uri.path().starts_with("/i/") { "/i/…" } else { uri.path() };
    tracing::warn!(request.id = id, %method, path, status = response.status().as_u16(), "request failed");
}

/// Refuses requests that change something, carry the cookie, and were made by another origin's page. The cookie is
/// SameSite=Lax already; this also covers sites on the same domain (another subdomain).
fn refusal(method: &Method, headers: &HeaderMap) -> Option<AppError> {
    if *method == Method::CONNECT {
        return Some(AppError::new(ErrorKind::MethodNotAllowed, "This is no proxy."));
    }
    let reads = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    let logged_in = [true, false].into_iter().any(|secure| cookie_token(headers, secure).is_some());
    if reads || headers.contains_key(header::AUTHORIZATION) || !logged_in {
        return None;
    }
    let foreign = match headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()) {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => {
            let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
            let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
            // Clients that are no browsers send neither.
            origin.is_some_and(|origin| origin.split_once("://").map(|(_, host)| host) != host)
        }
    };
    let text = "This request came from another site's page. Open the admin pages themselves.";
    foreign.then(|| AppError::new(ErrorKind::Forbidden, text))
}
