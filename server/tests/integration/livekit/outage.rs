//! Interviews go on without LiveKit, and get their rooms when it is back.

use serde_json::{Value, json};

use crate::support::{
    app::{TestApp, session_id, session_path},
    backend::Backend,
    eventually::{eventually_true, in_time},
    livekit::{empty_timeout_of_room, has_room, livekit_behind_gate, silent_livekit},
    stores::over_both_stores,
};

over_both_stores! {
    a_session_made_in_an_outage_gets_its_room_later,
    what_ended_in_an_outage_loses_its_room_later,
}

const WARNING: &str = "LiveKit room creation failed, using fallback mode";

fn is_fallback(created: &Value) -> bool {
    let missing =
        ["livekit_room_name", "livekit_token", "livekit_url"].iter().all(|field| created.get(field).is_none());
    missing && created["warning"] == WARNING && created["status"] == "success"
}

async fn a_session_made_in_an_outage_gets_its_room_later(backend: &Backend) {
    let (config, gate) = livekit_behind_gate().await;
    let app = TestApp::start_with_livekit(backend, config).await;
    gate.shut();
    let created = app.create(json!({ "questions": ["One?", "Two?"] })).await;
    assert!(is_fallback(&created), "{created}");
    let (id, candidate) = (created["session_id"].as_str().expect("an id"), app.candidate(&created));
    assert_eq!(app.get_session(id).await["livekit_room"], Value::Null);
    assert_eq!(app.start_session(id).await["livekit_room_name"], Value::Null);
    assert_eq!(candidate.begin().await["live_video"], true, "the page keeps trying to join");
    assert_eq!(candidate.call("join_room").await.ok(), Value::Null);
    candidate.answer(0, "without video").await;
    assert_eq!(app.admin().await.rpc("observe", &[("id", id)]).await.ok(), Value::Null);
    assert_eq!(app.stats().await["stale"], json!(["livekit"]));
    let ready = app.anonymous().get("/health/ready").await.ok();
    assert_eq!(ready, json!({ "status": "ready", "store": "up", "livekit": "down" }));

    app.state.upkeep.look_after_outage().await;
    assert!(!has_room(session_id(id)).await, "LiveKit is still away");
    gate.open();
    app.state.upkeep.look_after_outage().await;
    assert_eq!(empty_timeout_of_room(session_id(id)).await, Some(600));
    assert_eq!(app.get_session(id).await["livekit_room"]["name"], format!("interview-{id}"));
    assert!(candidate.call("join_room").await.ok()["token"].is_string());
    assert_eq!(app.stats().await.get("stale"), None);
    assert!(!is_fallback(&app.create(json!({ "questions": ["One?"] })).await));
}

async fn what_ended_in_an_outage_loses_its_room_later(backend: &Backend) {
    let (config, gate) = livekit_behind_gate().await;
    let app = TestApp::start_with_livekit(backend, config).await;
    let (id, _) = app.invite(&["One?"]).await;
    let (running, _) = app.invite(&["One?"]).await;
    app.start_session(&id).await;
    app.start_session(&running).await;
    gate.shut();
    app.end_session(&id).await;
    assert!(has_room(session_id(&id)).await);
    gate.open();
    eventually_true("upkeep notices that LiveKit is back and closes the room", async || {
        app.state.upkeep.look_after_outage().await;
        !has_room(session_id(&id)).await
    })
    .await;
    assert_eq!(app.get_session(&id).await["livekit_room"], Value::Null);
    assert!(has_room(session_id(&running)).await, "others keep theirs");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_livekit_that_hangs_is_asked_twice_and_then_not_waited_for() {
    let backend = Backend::sqlite();
    let (config, gate) = silent_livekit().await;
    let app = TestApp::start_with_livekit(&backend, config).await;
    assert!(is_fallback(&app.create(json!({ "questions": ["One?"] })).await));
    assert_eq!(gate.taken(), 2);

    // It is known to be down now.
    let created = app.create(json!({ "questions": ["One?"] })).await;
    assert!(is_fallback(&created));
    let id = created["session_id"].as_str().expect("an id");
    app.start_session(id).await;
    app.stats().await;
    app.end_session(id).await;
    app.api().delete(&session_path(id)).await.ok();
    assert_eq!(gate.taken(), 2, "nobody asks it again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ending_and_deleting_work_while_livekit_hangs() {
    let backend = Backend::sqlite();
    let (config, gate) = livekit_behind_gate().await;
    let app = TestApp::start_with_livekit(&backend, config).await;
    let (one, _) = app.invite(&["One?"]).await;
    let (other, _) = app.invite(&["One?"]).await;
    app.start_session(&one).await;
    gate.fall_silent();
    in_time("the end", app.end_session(&one)).await;
    in_time("the deletion", app.api().delete(&session_path(&other))).await.ok();
    gate.open();
    eventually_true("the room goes", async || {
        app.state.upkeep.look_after_outage().await;
        !has_room(session_id(&one)).await
    })
    .await;
}
