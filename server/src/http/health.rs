//! For load balancers and operators.

use axum::{Json, Router, extract::State, http::StatusCode, routing::get};
use serde::Serialize;

use super::{READY_TIMEOUT, Web};

/// What each dependency is like.
#[derive(Serialize)]
struct Ready {
    status: &'static str,
    /// `up` or `down`.
    store: &'static str,
    /// `up`, `down` (interviews go on without live video) or `not_configured`.
    livekit: &'static str,
}

pub fn router() -> Router<Web> {
    Router::new().route("/health/live", get(live)).route("/health/ready", get(ready))
}

async fn live() -> Json<serde_json::Value> {
    Json(serde_json::json!({ "status": "live" }))
}

async fn ready(State(web): State<Web>) -> (StatusCode, Json<Ready>) {
    let store = tokio::time::timeout(READY_TIMEOUT, web.app.sessions.ping()).await;
    let store_up = matches!(store, Ok(Ok(())));
    let livekit = match web.app.rooms.is_up() {
        Some(true) => "up",
        Some(false) => "down",
        None => "not_configured",
    };
    let (code, status, store) =
        if store_up { (StatusCode::OK, "ready", "up") } else { (StatusCode::SERVICE_UNAVAILABLE, "not_ready", "down") };
    (code, Json(Ready { status, store, livekit }))
}
