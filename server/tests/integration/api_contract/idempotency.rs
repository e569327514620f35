//! `Idempotency-Key` on `create`.

use axum::http::HeaderName;
use futures::future::join_all;
use serde_json::{Value, json};

use super::{create_path, wish};
use crate::support::{
    app::{TestApp, session_path},
    backend::Backend,
    client::Client,
    stores::over_both_stores,
};

over_both_stores! {
    the_first_result_is_answered_again,
    eight_at_once_make_one,
    another_body_is_refused,
    keys_belong_to_their_owner,
    a_key_is_good_for_a_day,
    a_deleted_session_does_not_come_back,
    a_refused_create_keeps_nothing,
}

fn keyed(client: &Client, key: &str) -> Client {
    client.with(HeaderName::from_static("idempotency-key"), key)
}

async fn total(app: &TestApp) -> Value {
    app.stats().await["stats"]["total_sessions"].clone()
}

async fn the_first_result_is_answered_again(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let client = keyed(&app.api(), "order 66");
    let first = client.post(&create_path(), &wish()).await.ok();
    app.clock.advance_s(3600);
    app.start_session(first["session_id"].as_str().expect("an id")).await;
    assert_eq!(client.post(&create_path(), &wish()).await.ok(), first);

    let reordered =
        r#"{"questions":["One?","Two?","Three?"],"email":"ada@example.org", "name":"Ada Lovelace","phone":null}"#;
    assert_eq!(client.post_text(&create_path(), reordered).await.ok(), first, "the same request in other bytes");
    let other = keyed(&app.api(), "order 67").post(&create_path(), &wish()).await.ok();
    assert_ne!(other["session_id"], first["session_id"]);
    assert_eq!(total(&app).await, 2);

    let app = app.restart(backend).await;
    let again = keyed(&app.api(), "order 66").post(&create_path(), &wish()).await.ok();
    assert_eq!(again["session_id"], first["session_id"], "after a restart too");
}

async fn a_deleted_session_does_not_come_back(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let client = keyed(&app.api(), "order 68");
    let first = client.post(&create_path(), &wish()).await.ok();
    let id = first["session_id"].as_str().expect("an id");
    app.api().delete(&session_path(id)).await.ok();
    let again = client.post(&create_path(), &wish()).await.ok();
    assert_ne!(again["session_id"], first["session_id"], "the key is free again");
    assert_ne!(again["join_url"], first["join_url"]);
    app.api().get(&session_path(id)).await.problem(404);
    assert_eq!(total(&app).await, 1);
}

async fn eight_at_once_make_one(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let client = keyed(&app.api(), "at once");
    let replies = join_all((0..8).map(|_| async { client.post(&create_path(), &wish()).await.ok() })).await;
    for reply in &replies[1..] {
        assert_eq!(reply, &replies[0]);
    }
    assert_eq!(total(&app).await, 1);
}

async fn another_body_is_refused(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let client = keyed(&app.api(), "key");
    let first = client.post(&create_path(), &wish()).await.ok();
    for (field, value) in [("name", json!("Bob")), ("questions", json!(["One?"])), ("max_questions", json!(2))] {
        let mut other = wish();
        other[field] = value;
        let detail = client.post(&create_path(), &other).await.problem(422);
        assert!(detail.contains("Idempotency-Key"), "{detail}");
    }
    assert_eq!(client.post(&create_path(), &wish()).await.ok(), first);
    for key in ["", &"k".repeat(256)] {
        keyed(&app.api(), key).post(&create_path(), &wish()).await.problem(400);
    }
    keyed(&app.api(), &"k".repeat(255)).post(&create_path(), &wish()).await.ok();
    assert_eq!(total(&app).await, 2);
}

async fn keys_belong_to_their_owner(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let another = "pi_another_key_of_the_integration_tests";
    let wanted = app::service::accounts::Bootstrap { api_key: Some(another.into()), ..Default::default() };
    let make = async |owner: Client| {
        let made = keyed(&owner, "mine").post(&create_path(), &wish()).await.ok()["session_id"].clone();
        assert_eq!(keyed(&owner, "mine").post(&create_path(), &wish()).await.ok()["session_id"], made);
        made
    };
    let first = make(app.api()).await;
    app.state.accounts.bootstrap(wanted).await.expect("another key");
    let second = make(app.with_key(another)).await;
    let admins = make(app.admin().await).await;
    assert!(first != second && second != admins && first != admins, "{first} {second} {admins}");
    assert_eq!(make(app.admin().await).await, admins, "the same person logged in anew");
}

async fn a_key_is_good_for_a_day(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let client = keyed(&app.api(), "daily");
    let first = client.post(&create_path(), &wish()).await.ok();
    app.clock.advance_s(24 * 3600 - 1);
    assert_eq!(client.post(&create_path(), &wish()).await.ok(), first);
    app.clock.advance_s(2);
    assert_ne!(client.post(&create_path(), &wish()).await.ok()["session_id"], first["session_id"]);
}

async fn a_refused_create_keeps_nothing(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let client = keyed(&app.api(), "first wrong, then right");
    let mut wrong = wish();
    wrong["email"] = json!("nowhere");
    client.post(&create_path(), &wrong).await.problem(400);
    let mut job = wish();
    job["job_id"] = json!("unknown");
    client.post(&create_path(), &job).await.problem(404);
    let made = client.post(&create_path(), &wish()).await.ok();
    app.api().get(&session_path(made["session_id"].as_str().expect("an id"))).await.ok();
}
