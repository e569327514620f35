//! What LiveKit tells us: who is in which room.

use app::error::AppError;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    routing::post,
};

use super::Web;

pub fn router() -> Router<Web> {
    Router::new().route("/webhooks/livekit", post(livekit))
}

/// Takes a webhook that LiveKit signed. A failure of ours is answered with 503, so that LiveKit sends it again.
async fn livekit(State(web): State<Web>, headers: HeaderMap, body: String) -> StatusCode {
    let Some(livekit) = &web.livekit else { return StatusCode::NOT_FOUND };
    let auth = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let auth = auth.strip_prefix("Bearer ").unwrap_or(auth);
    let news = match livekit.read_webhook(&body, auth) {
        Ok(news) => news,
        Err(error) => {
            tracing::warn!(%error, "a webhook was refused");
            return StatusCode::UNAUTHORIZED;
        }
    };
    let Some((id, news)) = news else { return StatusCode::OK };
    match web.app.rooms.take_news(id, news).await {
        Ok(()) => StatusCode::OK,
        Err(error) => StatusCode::from_u16(AppError::from(error).status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
    }
}
