//! Inviting many candidates at once, by the API.

use axum::http::Method;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    app::{BASE, TestApp, session_path, string},
    backend::Backend,
    jobs::{other_methods_are_refused, strangers_are_refused, too_much},
    stores::over_both_stores,
};

over_both_stores! {
    a_list_is_invited_and_can_be_followed_and_downloaded,
    a_list_that_makes_no_sense_is_refused,
    unknown_lists_and_jobs_are_not_found,
    a_repeated_list_invites_once,
    whose_session_is_deleted_is_named_nowhere,
    only_callers_with_a_key_or_a_login_get_in,
}

const LIST: &str = "name,email,phone\nAda,ada@example.org,+1 23\nBob,nowhere\nGrace,grace@example.org\n";

fn begin(job: &str) -> String {
    format!("{BASE}/jobs/{job}/invitations")
}

fn path(id: &str) -> String {
    format!("{BASE}/invitations/{id}")
}

/// Sends a list; it is under way.
async fn begun(app: &TestApp, job: &str, list: &str) -> Value {
    let reply = app.api().post_text(&begin(job), list).await;
    assert_eq!(reply.status, 202, "{}", reply.text);
    reply.json()
}

async fn a_list_is_invited_and_can_be_followed_and_downloaded(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let job = app.make_job().await;
    let answer = begun(&app, &job, LIST).await;
    let id = string(&answer["id"]);
    assert_eq!((&answer["status"], &answer["job_id"]), (&json!("success"), &json!(job)));
    assert_eq!(answer["job_title"], "Backend engineer");
    assert_eq!((&answer["total"], &answer["invited"], &answer["refused"]), (&json!(3), &json!(0), &json!(1)));
    assert_eq!((&answer["finished"], &answer["rows"][0]["state"]), (&json!(false), &json!("waiting")));
    assert_eq!((&answer["rows"][1]["state"], &answer["rows"][1]["line"]), (&json!("refused"), &json!(3)));
    assert!(string(&answer["rows"][1]["detail"]).contains("`email`"));
    assert_eq!(app.api().get(&path(&id)).await.ok(), answer);

    app.state.invitations.run().await;
    let after = app.admin().await.get(&path(&id)).await.ok();
    assert_eq!((&after["invited"], &after["finished"], &after["deleted"]), (&json!(2), &json!(true), &json!(0)));
    let row = &after["rows"][0];
    assert!(string(&row["join_url"]).starts_with(&format!("{}/i/", app.url)));
    let session = app.get_session(row["session_id"].as_str().unwrap()).await;
    assert_eq!(
        session["session"]["user_details"],
        json!({ "name": "Ada", "email": "ada@example.org", "phone": "+1 23" })
    );
    let csv = app.api().get(&format!("{}/csv", path(&id))).await;
    assert_eq!((csv.status, csv.header("content-type")), (200, "text/csv; charset=utf-8"));
    assert_eq!((csv.header("cache-control"), csv.text.lines().count()), ("no-store", 4));
    assert!(csv.text.contains(row["join_url"].as_str().unwrap()));

    app.clock.advance_s(30 * 86_400);
    app.api().get(&path(&id)).await.problem(404);
}

async fn a_list_that_makes_no_sense_is_refused(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let job = app.make_job().await;
    let long: String = (0..2_001).map(|number| format!("A,a{number}@example.org\n")).collect();
    for (list, said) in [("", "empty"), ("name,email", "empty"), (long.as_str(), "2000")] {
        let detail = app.api().post_text(&begin(&job), list).await.problem(400);
        assert!(detail.contains(said), "{detail}");
    }
    let latin = b"Ad\xe1,ada@example.org".to_vec();
    let detail = app.api().send(Method::POST, &begin(&job), Some("text/csv"), latin).await.problem(400);
    assert!(detail.contains("UTF-8"), "{detail}");
    let detail = app.api().send(Method::POST, &begin(&job), None, too_much()).await.problem(413);
    assert!(detail.contains("256 KiB"), "{detail}");
    assert_eq!(app.state.invitations.list(9, 0).await.unwrap().total, 0);
}

async fn unknown_lists_and_jobs_are_not_found(backend: &Backend) {
    let app = TestApp::start(backend).await;
    for unknown in ["x", "%00", "..%2fstats"] {
        app.api().get(&path(unknown)).await.problem(404);
        app.api().get(&format!("{}/csv", path(unknown))).await.problem(404);
        app.api().post_text(&begin(unknown), LIST).await.problem(404);
    }
}

async fn a_repeated_list_invites_once(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let job = app.make_job().await;
    let client = app.api().keyed("list 1");
    let place = begin(&job);
    let replies = join_all((0..6).map(|_| client.post_text(&place, LIST))).await;
    assert!(replies.iter().all(|reply| reply.status == 202 && reply.json() == replies[0].json()));
    app.state.invitations.run().await;
    let again = client.post_text(&place, LIST).await.json();
    assert_eq!((&again["id"], &again["invited"]), (&replies[0].json()["id"], &json!(2)), "as far as it is");
    assert_eq!(app.stats().await["stats"]["total_sessions"], 2);
    client.post_text(&place, "Ada,ada@example.org").await.problem(422);
    client.post_text(&begin(&app.make_job().await), LIST).await.problem(422);
    app.api().keyed("list 2").post_text(&place, "").await.problem(400);
    assert_eq!(app.api().keyed("list 2").post_text(&place, LIST).await.status, 202, "a refused one keeps no key");
}

async fn whose_session_is_deleted_is_named_nowhere(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let job = app.make_job().await;
    let id = string(&begun(&app, &job, &format!("{LIST}Ada L,ADA@example.org\n")).await["id"]);
    app.state.invitations.run().await;
    let rows = app.api().get(&path(&id)).await.ok()["rows"].clone();
    app.api().delete(&session_path(rows[0]["session_id"].as_str().unwrap())).await.ok();
    let after = app.api().get(&path(&id)).await;
    assert_eq!((&after.ok()["deleted"], &after.ok()["invited"]), (&json!(1), &json!(1)));
    let nobody = json!({ "line": 2, "name": "", "email": "", "phone": "", "state": "deleted",
        "session_id": null, "join_url": null, "detail": null });
    assert_eq!(after.ok()["rows"][0], nobody);
    let csv = app.api().get(&format!("{}/csv", path(&id))).await;
    for text in [&after.text, &csv.text] {
        assert!(!text.to_lowercase().contains("ada") && !text.contains("+1 23"), "{text}");
    }
    let grace = string(&rows[2]["session_id"]);
    app.admin().await.rpc("delete_session", &[("id", &grace)]).await.ok();
    let page = app.admin().await.get(&format!("/admin/invitations/{id}")).await;
    assert!(page.text.contains("2 deleted") && !page.text.contains("grace@"), "{}", page.text);
}

async fn only_callers_with_a_key_or_a_login_get_in(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let job = app.make_job().await;
    let id = string(&begun(&app, &job, LIST).await["id"]);
    let endpoints =
        [(Method::POST, begin(&job)), (Method::GET, path(&id)), (Method::GET, format!("{}/csv", path(&id)))];
    strangers_are_refused(&app, &endpoints).await;
    other_methods_are_refused(&app, &endpoints).await;
    assert_eq!(app.state.invitations.list(9, 0).await.unwrap().total, 1);
}
