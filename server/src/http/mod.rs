//! Everything that is served over HTTP.

mod address;
mod assets;
mod auth;
mod desk;
mod edge;
mod health;
mod pages;
mod pictures;
mod problem;
mod record;
mod rest;
mod webhooks;
mod ws;

use std::{sync::Arc, time::Duration};

use app::{api::guard::client_network, service::AppState};
use axum::{
    Router,
    extract::{ConnectInfo, FromRef},
    http::{HeaderName, HeaderValue, header},
    middleware,
    response::Response,
};
use leptos::config::LeptosOptions;
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    limit::RequestBodyLimitLayer,
    request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer},
    set_header::SetResponseHeaderLayer,
};

use crate::{livekit::LiveKit, printer::Printer};

/// Largest body of an API request, in bytes.
pub const MAX_BODY: usize = 256 * 1024;

/// Largest form that a page sends, in bytes: room for the longest answer, in any script, as forms encode it.
const MAX_FORM: usize = 1024 * 1024;

/// How long a dependency may take to answer `/health/ready`.
const READY_TIMEOUT: Duration = Duration::from_secs(1);

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What handlers share.
#[derive(Clone)]
pub struct Web {
    pub app: AppState,
    pub leptos: Arc<LeptosOptions>,
    pub livekit: Option<Arc<LiveKit>>,
    pub printer: Arc<Printer>,
}

impl FromRef<Web> for AppState {
    fn from_ref(web: &Web) -> Self {
        web.app.clone()
    }
}

impl FromRef<Web> for Arc<Printer> {
    fn from_ref(web: &Web) -> Self {
        web.printer.clone()
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        (*web.leptos).clone()
    }
}

/// All routes.
pub fn router(web: Web, site_root: &std::path::Path) -> Router {
    let site = pages::router(&web)
        .merge(assets::router(site_root))
        .layer(RequestBodyLimitLayer::new(MAX_FORM))
        .merge(desk::router(&web))
        .merge(record::router(&web))
        // Links with an invite are told to nobody else. Forms without JavaScript need it to find back to their page.
        .layer(set_header("referrer-policy", "same-origin"))
        .layer(set_header(
            "permissions-policy",
            "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), geolocation=()",
        ));
    // Browsers that came by https once come by nothing else for a year.
    let secure = web.app.sessions.public_url().starts_with("https:");
    let strict = secure.then(|| set_header("strict-transport-security", "max-age=31536000"));
    // The first one sees a request first. Together in one layer: the router puts each layer of its own into a box.
    let around_all = ServiceBuilder::new()
        .layer(SetRequestIdLayer::new(REQUEST_ID.clone(), MakeRequestUuid))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID.clone()))
        .layer(set_header("x-content-type-options", "nosniff"))
        .option_layer(strict)
        .layer(middleware::from_fn(edge::guard))
        .layer(CatchPanicLayer::custom(problem::from_panic));
    Router::new()
        .merge(site)
        .merge(rest::router())
        .merge(health::router())
        .merge(webhooks::router())
        .merge(ws::router())
        .layer(around_all)
        .with_state(web)
}

fn set_header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// The address a request comes from.
fn address_of(request: &axum::http::request::Parts) -> String {
    let peer = request.extensions.get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0);
    client_network(&request.headers, peer)
}

/// Where a logged-in admin goes.
const DASHBOARD: &str = "/admin";

/// A redirect that is never cached.
fn see_other(location: &str) -> Response {
    use axum::response::{IntoResponse, Redirect};
    ([(header::CACHE_CONTROL, "no-store")], Redirect::to(location)).into_response()
}
