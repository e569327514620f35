//! `POST /session/{id}/start` and `/end`.

use serde_json::json;

use crate::support::{
    app::{TestApp, session_path, string},
    backend::Backend,
    stores::over_both_stores,
};

over_both_stores! {
    start_opens_the_interview,
    end_completes_it,
    answers_are_counted_at_the_end,
    the_last_answer_completes_it,
    other_transitions_are_conflicts,
}

async fn start_opens_the_interview(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, _) = app.invite(&["One?"]).await;
    let started = app.start_session(&id).await;
    let expected = json!({
        "status": "success", "message": "Interview session started", "session_id": id, "livekit_room_name": null,
    });
    assert_eq!(started, expected);
    assert_eq!(app.get_session(&id).await["session"]["is_active"], true);
    assert_eq!(app.start_session(&id).await, started, "the same again");
    assert_eq!(app.history(&id).await, ["created", "started"], "once");
}

async fn end_completes_it(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    app.start_session(&id).await;
    let ended = app.end_session(&id).await;
    let expected = json!({
        "status": "success", "message": "Interview session ended", "session_id": id,
        "report_available": false, "questions_answered": 0, "average_score": 0.0,
    });
    assert_eq!(ended, expected);
    assert!(ended["average_score"].is_f64(), "a number with a fraction, also when it is 0");
    assert_eq!(app.end_session(&id).await, ended, "the same again");
    assert_eq!(app.history(&id).await, ["created", "started", "ended"], "once");
    assert_eq!(app.get_session(&id).await["session"]["is_active"], false);
    assert_eq!(candidate.view().await["end_reason"], "ended_by_api");
}

async fn answers_are_counted_at_the_end(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?", "Two?", "Three?", "Four?"]).await;
    candidate.begin().await;
    candidate.answer(0, "an answer").await;
    candidate.answer(1, "  ").await;
    // A draft that comes in the grace after the deadline counts.
    app.clock.advance_s(122);
    candidate.answer(2, "a draft").await;
    let ended = app.end_session(&id).await;
    assert_eq!((&ended["questions_answered"], &ended["report_available"]), (&json!(2), &json!(true)));
}

async fn the_last_answer_completes_it(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    candidate.begin().await;
    candidate.answer(0, "an answer").await;
    assert_eq!(app.get_session(&id).await["session"]["is_active"], false);
    let ended = app.end_session(&id).await;
    assert_eq!((&ended["questions_answered"], &ended["report_available"]), (&json!(1), &json!(true)));
    assert_eq!(candidate.view().await["end_reason"], "all_answered", "ending it again changes nothing");
}

async fn other_transitions_are_conflicts(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    let act = async |act: &str| app.api().post_empty(&format!("{}/{act}", session_path(&id))).await;

    let detail = act("end").await.problem(409);
    assert!(detail.contains("not been started"), "{detail}");
    let detail = candidate.submit(uuid::Uuid::new_v4(), 0, "early").await.rpc_error(409);
    assert!(detail.contains("not been started"), "{detail}");
    assert_eq!(app.history(&id).await, ["created"], "nothing changed");

    act("start").await.ok();
    act("end").await.ok();
    let detail = act("start").await.problem(409);
    assert!(detail.contains("completed"), "{detail}");
    assert_eq!(app.history(&id).await, ["created", "started", "ended"]);
    let list = app.api().get("/api/parallel_interview/sessions").await.ok();
    assert_eq!(string(&list["sessions"][0]["status"]), "completed");
}
