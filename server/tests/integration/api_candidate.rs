//! What a candidate's browser can do, and what it cannot, over both stores.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    app::{BASE, TestApp, session_path},
    backend::Backend,
    candidate::Candidate,
    stores::over_both_stores,
};

over_both_stores! {
    a_whole_interview,
    accommodations_hold_from_the_start,
    no_question_before_consent,
    a_reload_returns_to_the_same_place,
    invites_open_their_own_session_only,
    a_tampered_invite_opens_nothing,
    admin_functions_ask_for_the_cookie,
    incomplete_calls_are_refused,
}

/// Everything in a view that a candidate must not see yet: the texts of questions that were not delivered.
fn hides(view: &Value, texts: &[&str]) {
    let view = view.to_string();
    for text in texts {
        assert!(!view.contains(text), "{text} is shown in {view}");
    }
}

async fn a_whole_interview(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let created = app
        .create(json!({
            "questions": ["First?", "Second?", "Third."], "question_types": ["text", "text", "coding"],
            "text_question_timer": 60, "coding_question_timer": 90,
        }))
        .await;
    let (id, candidate) = (created["session_id"].as_str().expect("an id"), app.candidate(&created));
    let now = app.state.clock.now().0;
    let mut expected = json!({
        "name": "Ada Lovelace", "job_title": null, "status": "initialized", "text_questions": 2, "coding_questions": 1,
        "timers": { "text_s": 60, "coding_s": 90 }, "consent_at": null, "devices": null, "live_video": false,
        "question": null, "answered": 0, "end_reason": null, "notices": [], "draft": null, "seq": 1, "server_now": now,
        // What its proctoring is about.
        "proctored": id, "asks": { "share_screen": false, "fullscreen": false }, "keep_days": 30, "terminate_after": null,
        "reference_at": null,
    });
    assert_eq!(candidate.view().await, expected);
    expected["seq"] = json!(2);
    expected["consent_at"] = json!(now);
    assert_eq!(candidate.consent().await, expected);
    let fields = [("invite", candidate.invite.as_str()), ("camera", "true"), ("microphone", "false")];
    expected["seq"] = json!(3);
    expected["devices"] = json!({ "camera": true, "microphone": false });
    assert_eq!(candidate.client.rpc("report_devices", &fields).await.ok(), expected);
    assert_eq!(candidate.call("join_room").await.ok(), Value::Null);

    expected["seq"] = json!(5);
    expected["status"] = json!("in_progress");
    let question = |index: u32, text: &str, kind: &str, at: i64, seconds: i64| {
        let deadline = at + seconds * 1000;
        json!({
            "index": index, "text": text, "kind": kind, "delivered_at": at, "deadline": deadline, "added_s": 0,
            "max_answer": 50_000,
        })
    };
    expected["question"] = question(0, "First?", "text", now, 60);
    let view = candidate.start().await;
    assert_eq!(view, expected);
    hides(&view, &["Second?", "Third."]);

    app.clock.advance_s(10);
    expected["server_now"] = json!(now + 10_000);
    expected["seq"] = json!(7);
    expected["answered"] = json!(1);
    expected["question"] = question(1, "Second?", "text", now + 10_000, 60);
    assert_eq!(candidate.answer(0, "line one\nline two & more + 100% \u{1F600}").await, expected);
    expected["seq"] = json!(9);
    expected["answered"] = json!(2);
    expected["question"] = question(2, "Third.", "coding", now + 10_000, 90);
    assert_eq!(candidate.answer(1, "two").await, expected);
    expected["seq"] = json!(11);
    expected["answered"] = json!(3);
    expected["question"] = Value::Null;
    expected["status"] = json!("completed");
    expected["end_reason"] = json!("all_answered");
    assert_eq!(candidate.answer(2, "fn main() {}").await, expected);

    let detail = app.admin().await.rpc("load_session", &[("id", id)]).await.ok();
    assert_eq!(detail["answers"][0]["text"], "line one\nline two & more + 100% \u{1F600}");
    assert_eq!(detail["answers"][0]["time_used_ms"], 10_000);
    let said: Vec<&str> =
        detail["dialogue"].as_array().expect("a dialogue").iter().filter_map(|it| it["speaker"].as_str()).collect();
    assert_eq!(said, ["interviewer", "candidate", "interviewer", "candidate", "interviewer", "candidate"]);
    assert_eq!(app.get_session(id).await["interview_state"]["dialogue_length"], 6);
}

async fn accommodations_hold_from_the_start(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let created = app
        .create(json!({
            "questions": ["First?"], "text_question_timer": 60, "coding_question_timer": 90, "time_multiplier": 1.5,
            "extra_minutes": 2,
        }))
        .await;
    let candidate = app.candidate(&created);
    assert_eq!(candidate.view().await["timers"], json!({ "text_s": 210, "coding_s": 255 }));
    let view = candidate.begin().await;
    assert_eq!(view["question"]["deadline"], app.state.clock.now().plus_seconds(210).0);
    for (field, value) in
        [("time_multiplier", 0.99), ("time_multiplier", -1.0), ("time_multiplier", 5.01), ("extra_minutes", 61.0)]
    {
        let value = if field == "extra_minutes" { json!(value as u32) } else { json!(value) };
        let wish = json!({ "name": "Ada", "email": "ada@example.org", "questions": ["First?"], field: value });
        let detail = app.api().post(&format!("{BASE}/create"), &wish).await.problem(400);
        assert!(detail.contains(field), "{detail}");
    }
}

async fn no_question_before_consent(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["First?", "Second?"]).await;
    candidate.call("start_interview").await.rpc_error(409);
    candidate.call("join_room").await.rpc_error(409);
    app.start_session(&id).await;
    for function in ["start_interview", "open_question"] {
        let reply = candidate.call(function).await;
        assert!(reply.rpc_error(409).contains("Consent"), "{}", reply.text);
        hides(&reply.json(), &["First?"]);
    }
    hides(&candidate.view().await, &["First?"]);
    assert_eq!(app.get_session(&id).await["session"]["current_question_count"], 0);
    let view = candidate.consent().await;
    hides(&view, &["First?"]);
    assert_eq!(candidate.call("open_question").await.ok()["question"]["text"], "First?");
}

async fn a_reload_returns_to_the_same_place(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (_, candidate) = app.invite(&["First?", "Second?"]).await;
    let mut view = candidate.begin().await;
    for _ in 0..2 {
        app.clock.advance_s(7);
        view["server_now"] = json!(app.state.clock.now().0);
        assert_eq!(candidate.view().await, view);
        assert_eq!(candidate.start().await, view, "starting again does not give more time");
        assert_eq!(candidate.call("open_question").await.ok(), view);
        assert_eq!(candidate.consent().await, view);
    }
}

async fn invites_open_their_own_session_only(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (one_id, one) = app.invite(&["Only for one?"]).await;
    let (other_id, other) = app.invite(&["Only for the other?"]).await;
    let view = one.begin().await;
    hides(&view, &["other", &other_id]);
    assert_eq!(other.view().await["status"], "initialized");
    one.answer(0, "done").await;
    assert_eq!(other.view().await["answered"], 0);
    assert_eq!(app.get_session(&other_id).await["session"]["status"], "initialized");
    // Nothing but the invite chooses the session.
    let fields =
        [("invite", one.invite.as_str()), ("id", &other_id), ("session_id", &other_id), ("session", &other_id)];
    one.client.rpc("finish_interview", &fields).await.ok();
    assert_eq!(app.get_session(&other_id).await["session"]["status"], "initialized");
    // An invite is no credential for the API.
    app.with_key(&one.invite).get(&session_path(&one_id)).await.problem(401);
}

async fn a_tampered_invite_opens_nothing(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, good) = app.invite(&["First?"]).await;
    let (_, other) = app.invite(&["First?"]).await;
    let bytes = URL_SAFE_NO_PAD.decode(&good.invite).expect("base64");
    let mut bad = vec![String::new(), id, "x".into(), format!("{}A", good.invite), "%00".into(), "x".repeat(10_000)];
    for place in [0, 15, 16, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        bad.push(URL_SAFE_NO_PAD.encode(changed));
    }
    for length in [0, 8, 16, 17, bytes.len() - 1] {
        bad.push(URL_SAFE_NO_PAD.encode(&bytes[..length]));
    }
    let (id_part, signature) = bytes.split_at(16);
    let foreign = URL_SAFE_NO_PAD.decode(&other.invite).expect("base64");
    bad.push(URL_SAFE_NO_PAD.encode([id_part, &foreign[16..]].concat()));
    bad.push(URL_SAFE_NO_PAD.encode([&[0; 16], signature].concat()));
    for invite in bad {
        let candidate = Candidate::new(app.anonymous(), &invite);
        for function in ["load_interview", "give_consent", "start_interview", "open_question", "finish_interview"] {
            candidate.call(function).await.rpc_error(404);
        }
        candidate.call("join_room").await.rpc_error(404);
        candidate.submit(Uuid::new_v4(), 0, "text").await.rpc_error(404);
    }
    assert_eq!(good.view().await["consent_at"], Value::Null);
}

async fn admin_functions_ask_for_the_cookie(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["First?"]).await;
    let create = [
        ("name", "Eve"),
        ("email", "eve@example.org"),
        ("questions[0]", "One?"),
        ("question_types[0]", "text"),
        ("text_question_timer", "60"),
        ("coding_question_timer", "60"),
    ];
    let by_id = [("id", id.as_str())];
    let list = [("filter[search]", ""), ("page", "0")];
    let calls: [(&str, &[(&str, &str)]); 7] = [
        ("load_dashboard", &list),
        ("create_interview", &create),
        ("load_session", &by_id),
        ("start_session", &by_id),
        ("end_session", &by_id),
        ("observe", &by_id),
        ("delete_session", &by_id),
    ];
    for stranger in [app.anonymous(), app.api(), app.with_key(&candidate.invite)] {
        for (function, fields) in calls {
            stranger.rpc(function, fields).await.rpc_error(401);
        }
        assert_eq!(stranger.rpc("current_admin", &[]).await.ok(), Value::Null);
    }
    assert_eq!(app.stats().await["stats"]["total_sessions"], 1);
    let admin = app.admin().await;
    for (function, fields) in calls {
        admin.rpc(function, fields).await.ok();
    }
    let dashboard = admin.rpc("load_dashboard", &list).await.ok();
    assert_eq!(dashboard["total"], 1, "one was made and one deleted");
    assert_eq!(dashboard["sessions"][0]["candidate"]["name"], "Eve");
    admin.rpc("load_session", &by_id).await.rpc_error(404);
    admin.rpc("delete_session", &by_id).await.ok();
}

async fn incomplete_calls_are_refused(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (_, candidate) = app.invite(&["First?"]).await;
    candidate.begin().await;
    let invite = ("invite", candidate.invite.as_str());
    let id = Uuid::new_v4().to_string();
    for fields in [
        vec![],
        vec![invite],
        vec![invite, ("id", "no-uuid"), ("question", "0"), ("text", "x")],
        vec![invite, ("id", id.as_str()), ("question", "-1"), ("text", "x")],
        vec![invite, ("id", id.as_str()), ("text", "x")],
    ] {
        candidate.client.rpc("submit_answer", &fields).await.rpc_error(400);
    }
    candidate.client.rpc("load_interview", &[]).await.rpc_error(400);
    assert_eq!(candidate.view().await["answered"], 0);
}
