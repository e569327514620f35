//! A session's room comes with it and goes with it.

use axum::http::HeaderName;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    app::{BASE, TestApp, session_id, session_path, string},
    backend::Backend,
    eventually::eventually_true,
    livekit::{empty_timeout_of_room, has_room, livekit, make_room, remove_room},
    stores::over_both_stores,
};

over_both_stores! {
    create_makes_the_room,
    a_created_session_shows_its_room,
    a_repeated_create_answers_the_first_token,
    the_end_removes_the_room,
    delete_removes_the_room,
    a_room_that_livekit_lost_is_made_again_for_who_joins,
}

async fn create_makes_the_room(backend: &Backend) {
    let config = livekit();
    let app = TestApp::start_with_livekit(backend, config.clone()).await;
    let created = app.create(json!({ "questions": ["One?"] })).await;
    let id = string(&created["session_id"]);
    let expected = json!({
        "status": "success", "session_id": id, "livekit_room_name": format!("interview-{id}"),
        "livekit_token": created["livekit_token"], "livekit_url": config.url, "join_url": created["join_url"],
        "user_details": { "name": "Ada Lovelace", "email": "ada@example.org", "phone": null },
        "interview_config": {
            "total_questions": 1, "max_questions": 1, "text_question_timer": 120, "coding_question_timer": 300,
            "question_types": ["text"],
        },
    });
    assert_eq!(created, expected);
    assert_eq!(empty_timeout_of_room(session_id(&id)).await, Some(600));
}

async fn a_created_session_shows_its_room(backend: &Backend) {
    let app = TestApp::start_with_livekit(backend, livekit()).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    let seconds = app.state.clock.now().0 / 1000;
    let room = json!({ "name": format!("interview-{id}"), "num_participants": 0, "creation_time": seconds });
    assert_eq!(app.get_session(&id).await["livekit_room"], room);
    assert_eq!(app.start_session(&id).await["livekit_room_name"], room["name"]);
    assert_eq!(candidate.view().await["live_video"], true);
    let stats = app.stats().await;
    assert!(stats["stats"]["active_livekit_rooms"].as_u64() >= Some(1), "{stats}");
    let ready = app.anonymous().get("/health/ready").await.ok();
    assert_eq!(ready, json!({ "status": "ready", "store": "up", "livekit": "up" }));
}

async fn a_repeated_create_answers_the_first_token(backend: &Backend) {
    let app = TestApp::start_with_livekit(backend, livekit()).await;
    let client = app.api().with(HeaderName::from_static("idempotency-key"), "key");
    let wish = json!({ "name": "Ada", "email": "ada@example.org", "questions": ["One?"] });
    let path = format!("{BASE}/create");
    let replies = join_all((0..4).map(|_| async { client.post(&path, &wish).await.ok() })).await;
    assert!(replies[0]["livekit_token"].is_string());
    for reply in &replies {
        assert_eq!(reply, &replies[0]);
    }
    assert_eq!(client.post(&path, &wish).await.ok(), replies[0]);
}

async fn the_end_removes_the_room(backend: &Backend) {
    let app = TestApp::start_with_livekit(backend, livekit()).await;
    for way in ["api", "candidate", "last answer", "time"] {
        let (id, candidate) = app.invite(&["One?"]).await;
        candidate.begin().await;
        assert!(has_room(session_id(&id)).await);
        match way {
            "api" => drop(app.end_session(&id).await),
            "candidate" => drop(candidate.call("finish_interview").await.ok()),
            "last answer" => drop(candidate.answer(0, "done").await),
            _ => {
                app.clock.advance_s(124);
                app.state.upkeep.keep_time().await;
            }
        }
        eventually_true(way, async || !has_room(session_id(&id)).await).await;
        eventually_true(way, async || app.get_session(&id).await["livekit_room"] == Value::Null).await;
        assert_eq!(candidate.call("join_room").await.ok(), Value::Null);
        assert!(!has_room(session_id(&id)).await, "nobody makes it again");
    }
}

async fn delete_removes_the_room(backend: &Backend) {
    let app = TestApp::start_with_livekit(backend, livekit()).await;
    for started in [false, true] {
        let (id, _) = app.invite(&["One?"]).await;
        if started {
            app.start_session(&id).await;
        }
        app.api().delete(&session_path(&id)).await.ok();
        eventually_true("the room is gone", async || !has_room(session_id(&id)).await).await;
    }
}

async fn a_room_that_livekit_lost_is_made_again_for_who_joins(backend: &Backend) {
    let app = TestApp::start_with_livekit(backend, livekit()).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    remove_room(&format!("interview-{id}")).await;
    candidate.consent().await;
    assert!(candidate.call("join_room").await.ok()["token"].is_string());
    assert_eq!(empty_timeout_of_room(session_id(&id)).await, Some(600));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rooms_of_others_are_left_alone() {
    let backend = Backend::sqlite();
    let app = TestApp::start_with_livekit(&backend, livekit()).await;
    let name = format!("lobby-{}", uuid::Uuid::new_v4());
    make_room(&name).await;
    app.state.upkeep.put_right().await;
    remove_room(&name).await;
}
