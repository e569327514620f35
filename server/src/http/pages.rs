//! Server-rendered pages, and the server functions they call.

use app::{App, api::guard::login_cookie, service::AppState, shell};
use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderName, HeaderValue, header, request::Parts},
    middleware,
    response::Response,
    routing::get,
};
use leptos::context::provide_context;
use leptos_axum::{LeptosRoutes, generate_route_list};

use super::{DASHBOARD, Web, address_of, see_other};

pub fn router(web: &Web) -> Router<Web> {
    let routes = generate_route_list(App);
    let state = web.app.clone();
    let fallback_state = web.app.clone();
    Router::new()
        .route("/admin/enter", get(enter))
        .leptos_routes_with_context(web, routes, move || provide_context(state.clone()), shell)
        .fallback(leptos_axum::file_and_error_handler_with_context::<Web, _>(
            move || provide_context(fallback_state.clone()),
            |_| shell(),
        ))
        .layer(middleware::map_response(never_stored))
}

/// Pages and answers hold what only one person may see.
async fn never_stored(mut response: Response) -> Response {
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
            let secure = app.sessions.public_url().starts_with("https:");
            if let Ok(cookie) = HeaderValue::from_str(&login_cookie(&token, secure)) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            response
        }
        Err(error) => {
            tracing::info!(%error, "a login link was refused");
            see_other("/admin/login?reason=link")
        }
    }
}
