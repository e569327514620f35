//! Reports and corrected scores, by the API.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{
    app::{TestApp, session_path},
    backend::Backend,
    jobs::{other_methods_are_refused, strangers_are_refused, too_much},
    stores::over_both_stores,
};

over_both_stores! {
    a_report_is_there_when_the_interview_has_ended,
    a_score_is_corrected_and_the_report_made_again,
    a_wrong_score_is_refused,
    only_callers_with_a_key_or_a_login_get_in,
}

fn report(id: &str) -> String {
    format!("{}/report", session_path(id))
}

fn pdf(id: &str) -> String {
    format!("{}/report.pdf", session_path(id))
}

fn score(id: &str) -> String {
    format!("{}/score", session_path(id))
}

fn correction(question: u32, score: f64) -> Value {
    json!({ "question": question, "score": score, "reason": "Right, in other words." })
}

async fn a_report_is_there_when_the_interview_has_ended(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (early, candidate) = app.invite(&["One?"]).await;
    for path in [report(&early), pdf(&early)] {
        app.api().get(&path).await.problem(409);
    }
    candidate.begin().await;
    app.end_session(&early).await;
    for path in [report(&early), pdf(&early)] {
        let detail = app.api().get(&path).await.problem(404);
        assert!(detail.contains("Nothing was answered"), "{detail}");
    }
    let id = app.ended().await;
    for path in [report(&id), pdf(&id)] {
        let pending = app.api().get(&path).await;
        assert_eq!((pending.status, pending.header("retry-after")), (202, "1"), "{}", pending.text);
        assert_eq!(pending.json()["status"], "pending");
    }
    app.state.work.run().await;
    let made = app.api().get(&report(&id)).await.ok()["report"].clone();
    assert_eq!((&made["session_id"], &made["user_details"]["name"]), (&json!(id), &json!("Ada Lovelace")));
    assert_eq!((&made["questions_planned"], &made["questions_answered"]), (&json!(2), &json!(1)));
    assert_eq!(made["questions"][0]["question"], "What is a monad?");
    assert_eq!(made["average_score"], app.get_session(&id).await["session"]["average_score"]);
    let paper = app.admin().await.send(Method::HEAD, &pdf(&id), None, vec![]).await;
    assert_eq!((paper.status, paper.header("content-type")), (200, "application/pdf"));
    assert_eq!(paper.header("cache-control"), "no-store");
    app.api().delete(&session_path(&id)).await.ok();
    app.api().get(&report(&id)).await.problem(404);
    app.api().get(&pdf(&id)).await.problem(404);
}

async fn a_score_is_corrected_and_the_report_made_again(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.ended().await;
    app.api().post(&score(&id), &correction(0, 9.0)).await.problem(409);
    app.state.work.run().await;
    let first = app.api().get(&report(&id)).await.ok()["report"].clone();
    let before = first["average_score"].clone();
    let done = app.api().post(&score(&id), &correction(0, 9.5)).await.ok();
    let expected = json!({ "status": "success", "message": "Score corrected", "session_id": id, "average_score": 9.5 });
    assert_eq!(done, expected);
    assert_eq!(app.api().get(&report(&id)).await.status, 202, "it is out of date");
    app.state.work.run().await;
    let after = app.api().get(&report(&id)).await.ok()["report"].clone();
    assert_eq!(after["average_score"], 9.5);
    assert!(after["version"].as_u64() > first["version"].as_u64(), "{} {}", after["version"], first["version"]);
    let evaluation = &after["questions"][0]["evaluation"];
    assert_eq!((&evaluation["score"], &evaluation["evaluator_score"]), (&json!(9.5), &before));
    assert_eq!((&evaluation["correction"]["by"], &evaluation["correction"]["score"]), (&json!("API"), &json!(9.5)));

    app.admin().await.post(&score(&id), &correction(0, 3.0)).await.ok();
    app.state.work.run().await;
    let after = app.api().get(&report(&id)).await.ok()["report"].clone();
    assert_eq!(after["questions"][0]["evaluation"]["correction"]["by"], "admin@example.org");
}

async fn a_wrong_score_is_refused(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.ended().await;
    app.state.work.run().await;
    let long = "x".repeat(100_000);
    for body in [
        correction(0, 10.5),
        correction(0, -1.0),
        json!({ "question": 0, "score": 5, "reason": " " }),
        json!({ "question": 0, "score": 5, "reason": long }),
        json!({ "question": 0, "score": 5 }),
        json!({ "question": "first", "score": 5, "reason": "Good." }),
    ] {
        app.api().post(&score(&id), &body).await.problem(400);
    }
    app.api().post_text(&score(&id), "").await.problem(400);
    app.api().send(Method::POST, &score(&id), None, too_much()).await.problem(413);
    app.api().post(&score(&id), &correction(1, 5.0)).await.problem(409);
    app.api().post(&score(&id), &correction(9, 5.0)).await.problem(409);
    let unknown = uuid::Uuid::new_v4().to_string();
    for unknown in [unknown.as_str(), "x"] {
        app.api().post(&score(unknown), &correction(0, 5.0)).await.problem(404);
        app.api().get(&report(unknown)).await.problem(404);
        app.api().get(&pdf(unknown)).await.problem(404);
    }
    assert!(!app.history(&id).await.contains(&"score_corrected".to_owned()));
}

async fn only_callers_with_a_key_or_a_login_get_in(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.ended().await;
    let endpoints = [(Method::GET, report(&id)), (Method::GET, pdf(&id)), (Method::POST, score(&id))];
    strangers_are_refused(&app, &endpoints).await;
    other_methods_are_refused(&app, &endpoints).await;
}
