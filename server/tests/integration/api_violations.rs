//! What was noticed, decisions about it, and what happened, by the API.

use app::interview::Command;
use axum::http::Method;
use proctor::policy::Severity;
use serde_json::{Value, json};

use crate::support::{
    app::{TestApp, session_path},
    backend::Backend,
    build::violation,
    jobs::{other_methods_are_refused, strangers_are_refused, too_much},
    proctoring::{FLAG, PICTURE},
    stores::over_both_stores,
};

over_both_stores! {
    violations_are_listed_with_what_people_made_of_them,
    a_decision_can_be_repeated_and_changed,
    a_decision_that_is_none_is_refused,
    pictures_are_there_until_they_are_erased,
    events_come_in_pages_and_tell_no_secrets,
    a_report_tells_of_what_counts,
    only_callers_with_a_key_or_a_login_get_in,
}

fn violations(id: &str) -> String {
    format!("{}/violations", session_path(id))
}

fn review(id: &str, violation: &str) -> String {
    format!("{}/{violation}/review", violations(id))
}

fn still(id: &str, number: &str) -> String {
    format!("{}/{FLAG}/stills/{number}", violations(id))
}

fn events(id: &str) -> String {
    format!("{}/events", session_path(id))
}

fn decision(decision: &str, reason: &str) -> Value {
    json!({ "decision": decision, "reason": reason })
}

async fn violations_are_listed_with_what_people_made_of_them(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.flagged().await;
    let note = "The light failed.".to_owned();
    app.step(&id, &Command::ExplainViolation { violation: FLAG.parse().unwrap(), note }).await;
    let all = app.api().get(&violations(&id)).await.ok();
    assert_eq!((&all["proctored"], &all["proctoring_violations_count"]), (&json!(true), &json!(3)));
    let kinds: Vec<_> = all["violations"].as_array().unwrap().iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["no_face", "contradiction", "copy", "devtools"]);
    let first = json!({
        "id": FLAG,
        "kind": "no_face",
        "severity": "high",
        "from": "2026-01-01T00:00:01Z",
        "to": "2026-01-01T00:00:03Z",
        "counts": true,
        "shown": true,
        "detail": null,
        "note": "The light failed.",
        "review": null,
        "earlier_reviews": [],
        "stills": [{ "at": "2026-01-01T00:00:01Z", "path": still(&id, "0") }],
    });
    assert_eq!(all["violations"][0], first);
    assert_eq!(all["violations"][1]["detail"], "the page claimed one person, the server saw nobody");
    assert_eq!((&all["violations"][2]["counts"], &all["violations"][3]["shown"]), (&json!(false), &json!(false)));
    let session = app.get_session(&id).await["session"].clone();
    assert_eq!(session["reference_face_captured"], true);
    assert_eq!(session["proctoring_violations_count"], 3);

    let plain = app.create(json!({ "questions": ["One?"], "proctored": false })).await;
    let plain = plain["session_id"].as_str().unwrap();
    let none = app.api().get(&violations(plain)).await.ok();
    assert_eq!((&none["proctored"], &none["violations"]), (&json!(false), &json!([])));
    assert_eq!(app.get_session(plain).await["session"]["reference_face_captured"], false);
}

async fn a_decision_can_be_repeated_and_changed(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.flagged().await;
    let path = review(&id, FLAG);
    let done = app.api().post(&path, &decision("dismissed", " The cat. ")).await.ok();
    assert_eq!(done["violation"]["review"]["reason"], "The cat.");
    assert_eq!((&done["violation"]["counts"], &done["proctoring_violations_count"]), (&json!(false), &json!(2)));
    assert_eq!(done["violation"]["review"]["by"], "API");
    app.clock.advance_s(60);
    assert_eq!(app.api().post(&path, &decision("dismissed", "The cat.")).await.ok(), done, "again changes nothing");
    let reviewed = async || app.history(&id).await.iter().filter(|event| *event == "violation_reviewed").count();
    assert_eq!(reviewed().await, 1);
    let done = app.admin().await.post(&path, &json!({ "decision": "confirmed" })).await.ok();
    let by = &done["violation"]["review"]["by"];
    assert_eq!((by, &done["proctoring_violations_count"]), (&json!("admin@example.org"), &json!(3)));
    assert_eq!(reviewed().await, 2);

    let graver = violation(1, Severity::Critical);
    app.step(&id, &Command::NoteViolations(vec![graver])).await;
    let first = app.api().get(&violations(&id)).await.ok()["violations"][0].clone();
    assert_eq!((&first["severity"], &first["review"]), (&json!("critical"), &Value::Null));
    assert_eq!(first["earlier_reviews"][0]["decision"], "confirmed");
}

async fn a_decision_that_is_none_is_refused(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.flagged().await;
    let long = "x".repeat(1_001);
    for body in [
        decision("dismissed", "  "),
        decision("guilty", "He looks it."),
        decision("confirmed", &long),
        json!({ "reason": "It is clear." }),
    ] {
        app.api().post(&review(&id, FLAG), &body).await.problem(400);
    }
    app.api().send(Method::POST, &review(&id, FLAG), None, too_much()).await.problem(413);
    for unknown in ["1001-no_face", "1000-nobody", "x"] {
        app.api().post(&review(&id, unknown), &decision("confirmed", "")).await.problem(404);
    }
    let nobody = uuid::Uuid::new_v4().to_string();
    for nobody in [nobody.as_str(), "x"] {
        app.api().post(&review(nobody, FLAG), &decision("confirmed", "")).await.problem(404);
        app.api().get(&violations(nobody)).await.problem(404);
        app.api().get(&events(nobody)).await.problem(404);
        app.api().get(&still(nobody, "0")).await.problem(404);
    }
    assert!(!app.history(&id).await.contains(&"violation_reviewed".to_owned()));
}

async fn pictures_are_there_until_they_are_erased(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.flagged().await;
    let picture = app.api().get(&still(&id, "0")).await;
    assert_eq!((picture.status, picture.text.as_str()), (200, PICTURE));
    assert_eq!(picture.header("content-type"), "image/jpeg");
    assert_eq!(picture.header("cache-control"), "private, no-store");
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    for none in ["1", "256", "x"] {
        app.api().get(&still(&id, none)).await.problem(404);
    }
    app.end_session(&id).await;
    app.erase(&id).await;
    app.api().get(&still(&id, "0")).await.problem(404);
    let all = app.api().get(&violations(&id)).await.ok();
    assert_eq!((&all["violations"][0]["stills"], all["erased_at"].is_string()), (&json!([]), true));
    assert_eq!(app.api().post(&review(&id, FLAG), &decision("confirmed", "")).await.status, 200, "decisions go on");
}

async fn events_come_in_pages_and_tell_no_secrets(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["What is a monad?"]).await;
    candidate.begin().await;
    app.flag(&id).await;
    candidate.answer(0, "endofunctors").await;
    let all = app.api().get(&events(&id)).await;
    let listed = all.ok();
    let names: Vec<_> = listed["events"].as_array().unwrap().iter().map(|it| it["type"].clone()).collect();
    assert_eq!(names, app.history(&id).await);
    assert!(!all.text.contains("endofunctors") && !all.text.contains(&candidate.invite), "{}", all.text);
    assert_eq!((&listed["next_after"], &listed["not_kept"]), (&Value::Null, &json!(0)));
    let answered = listed["events"].as_array().unwrap().iter().find(|it| it["type"] == "answered").unwrap();
    assert_eq!((&answered["details"]["question"], &answered["details"]["characters"]), (&json!(0), &json!(12)));
    let noted = listed["events"].as_array().unwrap().iter().find(|it| it["details"]["violation"] == FLAG).unwrap();
    assert_eq!(noted["details"]["severity"], "high");

    let (mut after, mut paged) = (0, Vec::new());
    loop {
        let page = app.api().get(&format!("{}?after={after}&limit=3", events(&id))).await.ok();
        paged.extend(page["events"].as_array().unwrap().clone());
        let Some(next) = page["next_after"].as_u64() else { break };
        after = next;
    }
    assert_eq!(json!(paged), listed["events"]);
    for wrong in ["after=-1", "after=x", "limit=0", "limit=1001", "limit="] {
        app.api().get(&format!("{}?{wrong}", events(&id))).await.problem(422);
    }
}

async fn a_report_tells_of_what_counts(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["What is a monad?", "Why?"]).await;
    candidate.begin().await;
    app.flag(&id).await;
    candidate.answer(0, "A monoid in the category of endofunctors.").await;
    app.end_session(&id).await;
    let path = format!("{}/report", session_path(&id));
    let report = async || {
        app.state.work.run().await;
        app.api().get(&path).await.ok()["report"].clone()
    };
    let proctoring = report().await["proctoring"].clone();
    assert_eq!((&proctoring["proctored"], &proctoring["notes"]), (&json!(true), &json!(1)));
    assert_eq!((&proctoring["spot_checks"], &proctoring["log_whole"]), (&json!(0), &Value::Null));
    assert_eq!(proctoring["violations"].as_array().unwrap().len(), 3);

    app.api().post(&review(&id, FLAG), &decision("dismissed", "The cat.")).await.ok();
    app.api().post(&review(&id, "4000-devtools"), &decision("confirmed", "Seen.")).await.ok();
    let made = report().await;
    let kinds: Vec<_> = made["proctoring"]["violations"].as_array().unwrap().iter().map(|it| &it["kind"]).collect();
    assert_eq!(kinds, ["contradiction", "devtools"]);
    assert_eq!((&made["proctoring"]["dismissed"], &made["proctoring_violations_count"]), (&json!(1), &json!(2)));
    assert_eq!(made["proctoring"]["violations"][1]["review"]["reason"], "Seen.");
    let missing = made["not_measured"].to_string();
    assert!(missing.contains("No spot check was made"), "{missing}");
    let paper = app.api().send(Method::HEAD, &format!("{path}.pdf"), None, vec![]).await;
    assert_eq!(paper.status, 200);
}

async fn only_callers_with_a_key_or_a_login_get_in(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.flagged().await;
    let endpoints = [
        (Method::GET, violations(&id)),
        (Method::GET, events(&id)),
        (Method::GET, still(&id, "0")),
        (Method::POST, review(&id, FLAG)),
    ];
    strangers_are_refused(&app, &endpoints).await;
    other_methods_are_refused(&app, &endpoints).await;
}
