//! Who is in a room, as LiveKit's webhooks tell it.

use axum::http::{Method, header};
use serde_json::{Value, json};
use server::config::LiveKitConfig;

use crate::support::{
    app::TestApp,
    backend::Backend,
    client::Reply,
    livekit::{livekit, sign_webhook},
    stores::over_both_stores,
};

over_both_stores! {
    signed_webhooks_change_presence,
    replays_are_harmless,
    unsigned_webhooks_are_refused,
}

/// A webhook as LiveKit writes it.
fn news(event: &str, id: &str, participant: Option<(&str, &str)>) -> String {
    let mut news = json!({
        "event": event, "id": "EV_1", "createdAt": "1767225600",
        "room": { "sid": "RM_1", "name": format!("interview-{id}"), "emptyTimeout": 600, "creationTime": "1767225600" },
    });
    if let Some((sid, identity)) = participant {
        news["participant"] = json!({ "sid": sid, "identity": identity, "state": "ACTIVE", "joinedAt": "1767225600" });
    }
    news.to_string()
}

async fn post(app: &TestApp, body: &str, authorization: &str) -> Reply {
    let client = app.anonymous().with(header::AUTHORIZATION, authorization);
    client.send(Method::POST, "/webhooks/livekit", Some("application/webhook+json"), body.into()).await
}

async fn tell(app: &TestApp, body: &str) {
    let reply = post(app, body, &sign_webhook(&livekit(), body)).await;
    assert_eq!(reply.status, 200, "{body}: {}", reply.text);
}

async fn participants(app: &TestApp, id: &str) -> Value {
    app.get_session(id).await["livekit_room"]["num_participants"].clone()
}

async fn signed_webhooks_change_presence(backend: &Backend) {
    let app = TestApp::start_with_livekit(backend, livekit()).await;
    let (id, _) = app.invite(&["One?"]).await;
    let identity = format!("candidate-{id}");
    tell(&app, &news("room_started", &id, None)).await;
    assert_eq!(participants(&app, &id).await, 0);
    tell(&app, &news("participant_joined", &id, Some(("PA_1", &identity)))).await;
    assert_eq!(participants(&app, &id).await, 1);
    tell(&app, &news("participant_joined", &id, Some(("PA_2", "observer-x")))).await;
    assert_eq!(participants(&app, &id).await, 1, "observers are hidden");
    // A reconnect: the new connection comes before the old one goes.
    tell(&app, &news("participant_joined", &id, Some(("PA_3", &identity)))).await;
    tell(&app, &news("participant_left", &id, Some(("PA_1", &identity)))).await;
    assert_eq!(participants(&app, &id).await, 1);
    let admin = app.admin().await;
    let dashboard = admin.rpc("load_dashboard", &[("filter[search]", ""), ("page", "0")]).await.ok();
    assert_eq!(dashboard["sessions"][0]["present"], true);
    tell(&app, &news("participant_left", &id, Some(("PA_3", &identity)))).await;
    assert_eq!(participants(&app, &id).await, 0);
    tell(&app, &news("participant_joined", &id, Some(("PA_4", &identity)))).await;
    tell(&app, &news("room_finished", &id, None)).await;
    assert_eq!(app.get_session(&id).await["livekit_room"], Value::Null);

    let stranger = uuid::Uuid::new_v4().to_string();
    tell(&app, &news("participant_joined", &stranger, Some(("PA_1", "someone")))).await;
    tell(&app, &news("track_published", &id, Some(("PA_1", &identity)))).await;
    tell(&app, &json!({ "event": "room_started", "room": { "name": "lobby" } }).to_string()).await;
    tell(&app, &json!({ "event": "egress_ended", "somethingNew": { "a": 1 } }).to_string()).await;
}

async fn replays_are_harmless(backend: &Backend) {
    let app = TestApp::start_with_livekit(backend, livekit()).await;
    let (id, _) = app.invite(&["One?"]).await;
    let joined = news("participant_joined", &id, Some(("PA_1", &format!("candidate-{id}"))));
    let left = news("participant_left", &id, Some(("PA_1", &format!("candidate-{id}"))));
    for webhook in [&joined, &joined, &joined, &left, &left] {
        tell(&app, webhook).await;
    }
    assert_eq!(participants(&app, &id).await, 0);
    let history = app.history(&id).await;
    assert_eq!(history, ["created", "room_opened", "participant_joined", "participant_left"]);
    app.start_session(&id).await;
    app.end_session(&id).await;
    tell(&app, &joined).await;
    assert_eq!(app.get_session(&id).await["livekit_room"], Value::Null, "nobody is in a room that is closed");
}

async fn unsigned_webhooks_are_refused(backend: &Backend) {
    let app = TestApp::start_with_livekit(backend, livekit()).await;
    let (id, _) = app.invite(&["One?"]).await;
    let body = news("participant_joined", &id, Some(("PA_1", &format!("candidate-{id}"))));
    let config = livekit();
    let other_secret = LiveKitConfig { api_secret: "another secret of thirty-two characters".into(), ..config.clone() };
    let other_key = LiveKitConfig { api_key: "another".into(), ..config.clone() };
    let other_body = news("participant_joined", &id, None);
    for authorization in [
        String::new(),
        "Bearer".into(),
        "nonsense".into(),
        sign_webhook(&other_secret, &body),
        sign_webhook(&other_key, &body),
        sign_webhook(&config, &other_body),
        app.create(json!({ "questions": ["?"] })).await["livekit_token"].as_str().expect("a token").into(),
    ] {
        assert_eq!(post(&app, &body, &authorization).await.status, 401, "{authorization}");
    }
    assert_eq!(participants(&app, &id).await, 0);
    let signed = format!("Bearer {}", sign_webhook(&config, &body));
    assert_eq!(post(&app, &body, &signed).await.status, 200);
    let garbage = "{\"event\": ";
    let refused = post(&app, garbage, &sign_webhook(&config, garbage)).await.status;
    assert!((400..500).contains(&refused), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_livekit_there_are_no_webhooks() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    assert_eq!(post(&app, "{}", &sign_webhook(&livekit(), "{}")).await.status, 404);
}
