//! What tokens allow, and that LiveKit takes them.

use serde_json::{Value, json};

use crate::support::{
    app::{TestApp, string},
    backend::Backend,
    client::Client,
    livekit::{claims, livekit},
};

/// The claims without their times, which are checked here: good for an hour, from now on.
fn checked_claims(token: &str) -> Value {
    let mut claims = claims(token);
    let claims_map = claims.as_object_mut().expect("claims");
    let mut time = |name: &str| claims_map.remove(name).and_then(|time| time.as_i64()).expect(name);
    let (not_before, expires) = (time("nbf"), time("exp"));
    assert_eq!(expires - not_before, 3600);
    claims.as_object_mut().expect("claims").retain(|_, value| !is_nothing(value));
    claims
}

/// What a claim is when it is not set.
fn is_nothing(value: &Value) -> bool {
    value.is_null() || value == "" || value == &json!({}) || value == &json!([])
}

/// Asks LiveKit itself.
async fn livekit_takes(token: &str) -> bool {
    let client = Client::new(&livekit().url.replace("ws://", "http://"));
    client.get(&format!("/rtc/validate?access_token={token}")).await.status == 200
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_candidate_may_join_and_publish_in_its_own_room_alone() {
    let (backend, config) = (Backend::sqlite(), livekit());
    let app = TestApp::start_with_livekit(&backend, config.clone()).await;
    let created = app.create(json!({ "questions": ["One?"], "name": "Zoë \"Z\" Ω" })).await;
    let (id, candidate) = (string(&created["session_id"]), app.candidate(&created));
    candidate.consent().await;
    let joined = candidate.call("join_room").await.ok();
    assert_eq!(joined["url"], config.url);
    for token in [string(&created["livekit_token"]), string(&joined["token"])] {
        let expected = json!({
            "iss": config.api_key, "sub": format!("candidate-{id}"), "name": "Zoë \"Z\" Ω",
            "video": {
                "roomJoin": true, "room": format!("interview-{id}"),
                "canPublish": true, "canSubscribe": true, "canPublishData": true,
            },
        });
        assert_eq!(granted(checked_claims(&token)), expected);
        assert!(livekit_takes(&token).await);
        assert!(!livekit_takes(&token[..token.len() - 2]).await, "the signature counts");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_observer_is_hidden_and_only_watches() {
    let (backend, config) = (Backend::sqlite(), livekit());
    let app = TestApp::start_with_livekit(&backend, config.clone()).await;
    let (id, _) = app.invite(&["One?"]).await;
    let admin = app.admin().await;
    let observe = async || admin.rpc("observe", &[("id", &id)]).await.ok();
    let (first, second) = (observe().await, observe().await);
    let mut claims = checked_claims(first["token"].as_str().expect("a token"));
    let identity = claims.as_object_mut().expect("claims").remove("sub").expect("an identity");
    let other = checked_claims(second["token"].as_str().expect("a token"))["sub"].clone();
    assert!(identity.as_str().is_some_and(|identity| identity.starts_with("observer-")), "{identity}");
    assert_ne!(identity, other, "two observers do not push each other out");
    let expected = json!({
        "iss": config.api_key,
        "video": { "roomJoin": true, "room": format!("interview-{id}"), "hidden": true, "canSubscribe": true },
    });
    assert_eq!(granted(claims.clone()), expected);
    for denied in ["canPublish", "canPublishData"] {
        assert_eq!(claims["video"][denied], false, "left out, LiveKit would allow it");
    }
    assert!(livekit_takes(first["token"].as_str().expect("a token")).await);
    app.start_session(&id).await;
    app.end_session(&id).await;
    assert_eq!(observe().await, Value::Null, "there is nothing to watch");
}

/// The claims with those grants alone that allow something.
fn granted(mut claims: Value) -> Value {
    claims["video"].as_object_mut().expect("grants").retain(|_, value| *value != false && !is_nothing(value));
    claims
}
