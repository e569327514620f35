//! Webhooks and their deliveries, by the API.

use axum::http::Method;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    app::{BASE, TestApp, string},
    backend::Backend,
    gate::Gate,
    jobs::{other_methods_are_refused, strangers_are_refused, too_much},
    stores::over_both_stores,
};

over_both_stores! {
    a_webhook_is_added_listed_and_removed,
    a_wrong_address_is_refused,
    there_are_twenty_at_most,
    deliveries_are_listed_and_sent_again,
    a_repeated_add_makes_one,
    only_callers_with_a_key_or_a_login_get_in,
    an_id_that_cannot_be_read_is_not_found,
}

const URL: &str = "https://ats.example.com/hook";

fn hooks() -> String {
    format!("{BASE}/webhooks")
}

fn path(id: &str) -> String {
    format!("{BASE}/webhooks/{id}")
}

fn again(id: &str) -> String {
    format!("{BASE}/webhooks/deliveries/{id}/again")
}

fn wish() -> Value {
    json!({ "url": URL })
}

async fn listed(app: &TestApp) -> Vec<Value> {
    app.api().get(&hooks()).await.ok()["webhooks"].as_array().unwrap().clone()
}

async fn a_webhook_is_added_listed_and_removed(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let added = app.api().post(&hooks(), &wish()).await.ok()["webhook"].clone();
    assert_eq!((&added["url"], &added["created_at"]), (&json!(URL), &json!("2026-01-01T00:00:00Z")));
    assert!(string(&added["secret"]).starts_with("whsec_"));
    assert_eq!(listed(&app).await, std::slice::from_ref(&added));
    let id = string(&added["id"]);
    let removed = app.admin().await.delete(&path(&id)).await.ok();
    assert_eq!(removed, json!({ "status": "success", "message": "Webhook removed" }));
    assert!(listed(&app).await.is_empty());
    for unknown in [id.as_str(), "x", "%00"] {
        app.api().delete(&path(unknown)).await.problem(404);
        app.api().post_empty(&again(unknown)).await.problem(404);
    }
}

async fn a_wrong_address_is_refused(backend: &Backend) {
    let app = TestApp::start(backend).await;
    for url in ["", "ftp://example.org", "https://", "https://a b", "example.org"] {
        let detail = app.api().post(&hooks(), &json!({ "url": url })).await.problem(400);
        assert!(detail.contains("https://"), "{detail}");
    }
    for body in ["", "{}", "[]", "{\"url\": 1}"] {
        app.api().post_text(&hooks(), body).await.problem(400);
    }
    app.api().send(Method::POST, &hooks(), None, too_much()).await.problem(413);
    assert!(listed(&app).await.is_empty());
}

async fn there_are_twenty_at_most(backend: &Backend) {
    let app = TestApp::start(backend).await;
    for _ in 0..19 {
        app.api().post(&hooks(), &wish()).await.ok();
    }
    let (client, place, body) = (app.api(), hooks(), wish());
    let replies = join_all((0..4).map(|_| client.post(&place, &body))).await;
    let added = replies.iter().filter(|reply| reply.status == 200).count();
    replies.iter().filter(|reply| reply.status != 200).for_each(|reply| drop(reply.problem(409)));
    assert!(added <= 1 && listed(&app).await.len() == 19 + added, "{added}");
    if added == 0 {
        client.keyed("last").post(&place, &body).await.ok();
    }
    client.keyed("late").post(&place, &body).await.problem(409);
    client.delete(&path(&string(&listed(&app).await[0]["id"]))).await.ok();
    client.keyed("late").post(&place, &body).await.ok();
    assert_eq!(listed(&app).await.len(), 20);
}

async fn deliveries_are_listed_and_sent_again(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let nobody = Gate::before("127.0.0.1:9").await;
    nobody.shut();
    let url = format!("http://{}/hook", nobody.address);
    let hook = app.api().post(&hooks(), &json!({ "url": url })).await.ok()["webhook"].clone();
    let (id, _) = app.invite(&["One?"]).await;
    app.state.work.run().await;
    app.state.hooks.run().await;
    let listed = async || app.api().get(&format!("{BASE}/webhooks/deliveries")).await.ok()["deliveries"].clone();
    let delivery = listed().await[0].clone();
    assert_eq!((&delivery["event"], &delivery["session_id"]), (&json!("session.created"), &json!(id)));
    assert_eq!((&delivery["state"], &delivery["webhook_id"]), (&json!("due"), &hook["id"]));
    assert_eq!((&delivery["url"], &delivery["attempts"][0]["status"]), (&json!(url), &Value::Null));
    assert!(delivery["attempts"][0]["error"].is_string() && delivery["due_at"].is_string());

    let delivery = string(&delivery["id"]);
    let sent = app.api().post_empty(&again(&delivery)).await.ok();
    assert_eq!(sent["message"], "The delivery is sent again");
    assert_eq!(listed().await[0]["attempts"], json!([]));
    app.api().delete(&path(&string(&hook["id"]))).await.ok();
    app.api().post_empty(&again(&delivery)).await.problem(404);
}

async fn a_repeated_add_makes_one(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let client = app.api().keyed("hook 1");
    let replies = join_all((0..6).map(|_| async { client.post(&hooks(), &wish()).await.ok() })).await;
    assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
    assert_eq!(listed(&app).await, [replies[0]["webhook"].clone()]);
    client.post(&hooks(), &json!({ "url": "https://other.example.com/" })).await.problem(422);
    app.api().keyed("").post(&hooks(), &wish()).await.problem(400);
    app.api().delete(&path(&string(&replies[0]["webhook"]["id"]))).await.ok();
    assert_ne!(client.post(&hooks(), &wish()).await.ok(), replies[0], "the key is free again");
    assert_eq!(listed(&app).await.len(), 1);
}

async fn only_callers_with_a_key_or_a_login_get_in(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = string(&app.api().post(&hooks(), &wish()).await.ok()["webhook"]["id"]);
    let endpoints = [
        (Method::GET, hooks()),
        (Method::POST, hooks()),
        (Method::DELETE, path(&id)),
        (Method::GET, format!("{BASE}/webhooks/deliveries")),
        (Method::POST, again("x")),
    ];
    strangers_are_refused(&app, &endpoints).await;
    other_methods_are_refused(&app, &endpoints).await;
    assert_eq!(listed(&app).await.len(), 1);
}

/// Also those of other things.
async fn an_id_that_cannot_be_read_is_not_found(backend: &Backend) {
    let app = TestApp::start(backend).await;
    for path in ["jobs/%FF", "invitations/%FF", "invitations/%FF/csv", "session/%FF"] {
        app.api().get(&format!("{BASE}/{path}")).await.problem(404);
    }
    app.api().delete(&path("%FF")).await.problem(404);
    app.api().post_empty(&again("%FF")).await.problem(404);
}
