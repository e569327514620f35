//! Keeps other sites from acting in the name of a logged-in admin.
//!
//! The cookie is SameSite=Lax already; this also covers sites on the same domain (another subdomain).

use app::{
    api::guard::cookie_token,
    error::{AppError, ErrorKind},
};
use axum::{
    extract::Request,
    http::{HeaderMap, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::problem::{self, Failure};

/// Refuses requests that change something, carry the cookie, and were made by another origin's page.
pub async fn check(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if *request.method() == Method::CONNECT {
        return refuse(headers, AppError::new(ErrorKind::MethodNotAllowed, "This is no proxy.")).await;
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || headers.contains_key(header::AUTHORIZATION) || cookie_token(headers).is_none() {
        return next.run(request).await;
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
    if foreign {
        let text = "This request came from another site's page. Open the admin pages themselves.";
        return refuse(headers, AppError::new(ErrorKind::Forbidden, text)).await;
    }
    next.run(request).await
}

async fn refuse(headers: &HeaderMap, error: AppError) -> Response {
    problem::render(problem::RequestId::of(headers), Failure(error).into_response()).await
}
