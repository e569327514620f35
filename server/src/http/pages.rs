//! Server-rendered pages, and the server functions they call.

use app::{
    App,
    api::guard::{is_secure, login_cookie},
    error::{AppError, ErrorKind},
    service::AppState,
    shell,
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Query, State},
    http::{HeaderName, HeaderValue, StatusCode, header, request::Parts},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::{context::provide_context, server_fn::error::SERVER_FN_ERROR_HEADER};
use leptos_axum::{LeptosRoutes, generate_route_list};

use super::{DASHBOARD, MAX_BODY, Web, address_of, problem::Failure, see_other};

pub fn router(web: &Web) -> Router<Web> {
    let routes = generate_route_list(App);
    let state = web.app.clone();
    let fallback_state = web.app.clone();
    Router::new()
        // Looking at the link without following it must not use it up.
        .route("/admin/enter", get(enter).head(async || StatusCode::NO_CONTENT))
        .leptos_routes_with_context(web, routes, move || provide_context(state.clone()), shell)
        .fallback(leptos_axum::file_and_error_handler_with_context::<Web, _>(
            move || provide_context(fallback_state.clone()),
            |_| shell(),
        ))
        .layer(middleware::map_response(honest_status))
        .layer(middleware::map_response(never_stored))
}

/// A call that lacks something fails before any of our code runs, and Leptos answers that with 500: it is the caller's fault.
async fn honest_status(response: Response) -> Response {
    let failed_call = response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    if !failed_call || response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut head, body) = response.into_parts();
    let body = to_bytes(body, MAX_BODY).await.unwrap_or_default();
    if serde_json::from_slice(&body).is_ok_and(|error: AppError| error.kind == ErrorKind::BadRequest) {
        head.status = StatusCode::BAD_REQUEST;
    }
    Response::from_parts(head, Body::from(body))
}

/// Pages and answers hold what only one person may see.
pub(super) async fn never_stored(mut response: Response) -> Response {
    let headers = response.headers_mut();
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    headers.entry(HeaderName::from_static("x-frame-options")).or_insert(HeaderValue::from_static("DENY"));
    response
}

#[derive(serde::Deserialize)]
struct Enter {
    #[serde(default)]
    token: String,
}

/// Logs in by a one-time link.
async fn enter(State(app): State<AppState>, Query(query): Query<Enter>, parts: Parts) -> Response {
    match app.accounts.use_login_link(&address_of(&parts), &query.token).await {
        Ok(token) => {
            let mut response = see_other(DASHBOARD);
            if let Ok(cookie) = HeaderValue::from_str(&login_cookie(&token, is_secure(&app))) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(error) if error.kind == ErrorKind::Unauthorized => see_other("/admin/login?reason=link"),
        Err(error) => Failure(error).into_response(),
    }
}
