//! The real LiveKit that tests share, what it holds, and what its webhooks look like.

use std::{env, time::Duration};

use app::model::SessionId;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use livekit_api::{access_token::AccessToken, services::room::RoomClient};
use serde_json::Value;
use server::config::LiveKitConfig;
use sha2::{Digest, Sha256};

use super::gate::Gate;

/// The LiveKit that `cargo xtask test` started.
pub fn livekit() -> LiveKitConfig {
    let var = |name: &str| {
        env::var(name)
            .unwrap_or_else(|_| panic!("{name} is not set: run through `cargo xtask test`, which starts LiveKit"))
    };
    LiveKitConfig {
        url: var("TEST_LIVEKIT_URL"),
        api_key: var("TEST_LIVEKIT_API_KEY"),
        api_secret: var("TEST_LIVEKIT_API_SECRET"),
    }
}

/// The same LiveKit, reached through a gate.
pub async fn livekit_behind_gate() -> (LiveKitConfig, Gate) {
    let config = livekit();
    let gate = Gate::before(config.url.trim_start_matches("ws://").trim_end_matches('/')).await;
    (LiveKitConfig { url: format!("ws://{}", gate.address), ..config }, gate)
}

/// A LiveKit that takes connections and never answers.
pub async fn silent_livekit() -> (LiveKitConfig, Gate) {
    let gate = Gate::silent().await;
    let secret = "a secret of thirty-two characters".to_owned();
    (LiveKitConfig { url: format!("ws://{}", gate.address), api_key: "key".into(), api_secret: secret }, gate)
}

/// LiveKit's own view of the session's room: its `empty_timeout` in seconds. `None`: there is no such room.
pub async fn empty_timeout_of_room(id: SessionId) -> Option<u32> {
    let config = livekit();
    let client = RoomClient::with_api_key(&config.url, &config.api_key, &config.api_secret);
    let rooms = client.list_rooms(vec![id.room_name()]).await.expect("LiveKit answers");
    rooms.first().map(|room| room.empty_timeout)
}

pub async fn has_room(id: SessionId) -> bool {
    empty_timeout_of_room(id).await.is_some()
}

/// Makes a room behind the server's back.
pub async fn make_room(name: &str) {
    let config = livekit();
    let client = RoomClient::with_api_key(&config.url, &config.api_key, &config.api_secret);
    client.create_room(name, Default::default()).await.expect("a room");
}

/// Removes a room behind the server's back.
pub async fn remove_room(name: &str) {
    let config = livekit();
    let client = RoomClient::with_api_key(&config.url, &config.api_key, &config.api_secret);
    client.delete_room(name).await.expect("the room is removed");
}

/// The claims of a token, read without looking at its signature.
pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).expect("a JWT");
    let json = URL_SAFE_NO_PAD.decode(payload).expect("base64");
    serde_json::from_slice(&json).expect("JSON")
}

/// What LiveKit puts into `Authorization` beside this webhook.
pub fn sign_webhook(config: &LiveKitConfig, body: &str) -> String {
    let hash = STANDARD.encode(Sha256::digest(body));
    let token = AccessToken::with_api_key(&config.api_key, &config.api_secret);
    token.with_sha256(&hash).with_ttl(Duration::from_secs(300)).to_jwt().expect("a token")
}
