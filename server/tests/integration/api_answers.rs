//! Answers: each is taken once, in time, and kept.

use futures::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{app::TestApp, backend::Backend, candidate::Candidate, stores::over_both_stores};

over_both_stores! {
    an_answer_sent_twice_counts_once,
    sixteen_submits_at_once_are_one_answer,
    sixteen_answers_at_once_are_one_answer,
    an_answer_is_taken_until_the_grace_is_over,
    an_unseen_question_runs_out,
    what_is_too_long_is_refused,
    the_longest_answer_in_any_script_is_taken,
    nothing_is_taken_after_the_end,
    an_acknowledged_answer_survives_a_restart,
}

async fn an_answer_sent_twice_counts_once(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["First?", "Second?"]).await;
    candidate.begin().await;
    let answer = Uuid::new_v4();
    let first = candidate.submit(answer, 0, "once").await.ok();
    app.clock.advance_s(5);
    let mut expected = first.clone();
    expected["server_now"] = json!(app.state.clock.now().0);
    assert_eq!(candidate.submit(answer, 0, "once").await.ok(), expected);
    let detail = candidate.submit(Uuid::new_v4(), 0, "another").await.rpc_error(409);
    assert!(detail.contains("already"), "{detail}");
    candidate.submit(Uuid::new_v4(), 7, "not asked").await.rpc_error(409);
    // Long after, when the interview is over, the browser's journal may still repeat it.
    candidate.answer(1, "two").await;
    assert_eq!(candidate.submit(answer, 0, "once").await.ok()["status"], "completed");
    assert_eq!(app.end_session(&id).await["questions_answered"], 2);
}

async fn sixteen_submits_at_once_are_one_answer(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["First?", "Second?"]).await;
    candidate.begin().await;
    let answer = Uuid::new_v4();
    let views = join_all((0..16).map(|_| async { candidate.submit(answer, 0, "once").await.ok() })).await;
    assert!(views.iter().all(|view| view == &views[0]), "{views:?}");
    assert_eq!(app.answers_of(&id).await.len(), 1);
    assert_eq!(app.history(&id).await.iter().filter(|event| *event == "answered").count(), 1);
}

async fn sixteen_answers_at_once_are_one_answer(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["First?", "Second?"]).await;
    candidate.begin().await;
    let texts: Vec<String> = (0..16).map(|number| format!("answer {number}")).collect();
    let replies = join_all(texts.iter().map(|text| candidate.submit(Uuid::new_v4(), 0, text))).await;
    let taken: Vec<usize> = (0..16).filter(|&number| replies[number].status == 200).collect();
    assert_eq!(taken.len(), 1, "{taken:?}");
    for reply in replies.iter().filter(|reply| reply.status != 200) {
        reply.rpc_error(409);
    }
    let answers = app.answers_of(&id).await;
    assert_eq!((answers.len(), &answers[0]["text"]), (1, &json!(texts[taken[0]])), "the acknowledged one");
}

async fn an_answer_is_taken_until_the_grace_is_over(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let created = app.create(json!({ "questions": ["1?", "2?", "3?", "4?"], "text_question_timer": 30 })).await;
    let (id, candidate) = (created["session_id"].as_str().expect("an id"), app.candidate(&created));
    candidate.begin().await;
    app.clock.advance_s(30);
    candidate.answer(0, "at the last moment").await;
    app.clock.advance_s(33);
    candidate.answer(1, "a draft, in the grace").await;
    app.clock.advance_s(31);
    candidate.answer(2, "").await;
    app.clock.advance_ms(33_001);
    let detail = candidate.submit(Uuid::new_v4(), 3, "too late").await.rpc_error(409);
    assert!(detail.contains("time"), "{detail}");
    assert_eq!(candidate.view().await["status"], "completed", "the last question's time is over");
    candidate.submit(Uuid::new_v4(), 3, "still too late").await.rpc_error(409);
    let outcomes: Vec<Value> = app.answers_of(id).await.iter().map(|answer| answer["outcome"].clone()).collect();
    assert_eq!(outcomes, ["submitted", "timed_out", "no_response", "no_response"]);
    assert_eq!(app.end_session(id).await["questions_answered"], 2);
}

async fn an_unseen_question_runs_out(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["First?", "Second?"]).await;
    candidate.begin().await;
    app.clock.advance_s(124);
    app.state.upkeep.keep_time().await;
    let view = candidate.view().await;
    assert_eq!(
        (&view["question"], &view["answered"], &view["status"]),
        (&Value::Null, &json!(1), &json!("in_progress"))
    );
    candidate.submit(Uuid::new_v4(), 0, "too late").await.rpc_error(409);
    candidate.submit(Uuid::new_v4(), 1, "too early").await.rpc_error(409);
    // The next question's time begins when it is asked for.
    app.clock.advance_s(3600);
    let view = candidate.call("open_question").await.ok();
    assert_eq!(view["question"]["deadline"], app.state.clock.now().0 + 120_000);
    app.clock.advance_s(124);
    assert_eq!(candidate.view().await["end_reason"], "all_answered", "even if nobody looks after it");
    assert_eq!(app.end_session(&id).await["report_available"], false);
}

async fn what_is_too_long_is_refused(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (_, candidate) = app.invite(&["First?"]).await;
    candidate.begin().await;
    let detail = candidate.submit(Uuid::new_v4(), 0, &"x".repeat(50_001)).await.rpc_error(400);
    assert!(detail.contains("50001") && detail.contains("50000"), "{detail}");
    let reply = candidate.submit(Uuid::new_v4(), 0, &"x".repeat(2 * 1024 * 1024)).await;
    assert_eq!(reply.status, 413, "{}", reply.text);
    assert_eq!(candidate.view().await["answered"], 0);
}

async fn the_longest_answer_in_any_script_is_taken(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["First?"]).await;
    candidate.begin().await;
    // Four bytes each in UTF-8, twelve in a form.
    let longest = "\u{1F914}".repeat(50_000);
    candidate.answer(0, &longest).await;
    assert_eq!(app.answers_of(&id).await[0]["text"], longest);
}

async fn nothing_is_taken_after_the_end(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["First?", "Second?"]).await;
    candidate.begin().await;
    candidate.call("finish_interview").await.ok();
    let view = candidate.call("finish_interview").await.ok();
    assert_eq!((&view["status"], &view["end_reason"]), (&json!("completed"), &json!("candidate_finished")));
    for function in ["start_interview", "open_question"] {
        candidate.call(function).await.rpc_error(409);
    }
    candidate.submit(Uuid::new_v4(), 0, "late").await.rpc_error(409);
    let fields = [("invite", candidate.invite.as_str()), ("camera", "true"), ("microphone", "true")];
    candidate.client.rpc("report_devices", &fields).await.rpc_error(409);
    assert_eq!(candidate.call("join_room").await.ok(), Value::Null);
    assert_eq!(app.end_session(&id).await["questions_answered"], 0);

    let (_, unstarted) = app.invite(&["First?"]).await;
    unstarted.call("finish_interview").await.rpc_error(409);
    unstarted.submit(Uuid::new_v4(), 0, "early").await.rpc_error(409);
}

async fn an_acknowledged_answer_survives_a_restart(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["First?", "Second?"]).await;
    candidate.begin().await;
    let answer = Uuid::new_v4();
    let view = candidate.submit(answer, 0, "kept").await.ok();
    let app = app.restart(backend).await;
    let candidate = Candidate::new(app.anonymous(), &candidate.invite);
    assert_eq!(candidate.view().await, view);
    assert_eq!(candidate.submit(answer, 0, "kept").await.ok(), view);
    assert_eq!(app.answers_of(&id).await[0]["text"], "kept");
    let history = app.history(&id).await;
    assert_eq!(
        history,
        ["created", "consent_given", "started", "question_delivered", "answered", "question_delivered"]
    );
}
