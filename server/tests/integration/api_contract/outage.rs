//! 503: the store goes away and comes back.

use serde_json::json;
use uuid::Uuid;

use super::{create_path, endpoints, wish};
use crate::support::{
    app::{TestApp, session_path},
    backend::Backend,
    eventually::{eventually, eventually_true, in_time},
    gate::Gate,
};

/// A worker whose MongoDB can be taken away, with a session and a candidate under way.
async fn behind_gate() -> (Backend, Gate, TestApp) {
    let (backend, gate) = Backend::mongo_behind_gate().await;
    let app = TestApp::start(&backend).await;
    (backend, gate, app)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_store_the_server_says_so_and_goes_on_afterwards() {
    let (backend, gate, app) = behind_gate().await;
    let (id, candidate) = app.invite(&["One?", "Two?"]).await;
    candidate.begin().await;
    app.stats().await;
    let ready = app.anonymous().get("/health/ready").await.ok();
    assert_eq!(ready, json!({ "status": "ready", "store": "up", "livekit": "not_configured" }));

    gate.shut();
    for (method, path) in endpoints(&id).into_iter().filter(|(_, path)| !path.ends_with("/stats")) {
        let body = wish().to_string().into_bytes();
        let detail = app.api().send(method.parse().expect("a method"), &path, None, body).await.problem(503);
        assert!(detail.contains("try again"), "{detail}");
    }
    app.admin_is_told_503().await;
    let answer = Uuid::new_v4();
    let reply = candidate.submit(answer, 0, "kept by the browser").await;
    reply.rpc_error(503);
    assert!(reply.header("retry-after").parse::<u32>().is_ok_and(|seconds| seconds > 0));
    let stats = app.stats().await;
    assert_eq!(stats["stale"], json!(["store"]));
    assert_eq!(stats["stats"]["total_sessions"], 1, "the last known figure");
    assert_eq!(app.anonymous().get("/health/live").await.ok(), json!({ "status": "live" }));
    let ready = app.anonymous().get("/health/ready").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.json(), json!({ "status": "not_ready", "store": "down", "livekit": "not_configured" }));

    gate.open();
    eventually_true("the store is back", async || app.anonymous().get("/health/ready").await.status == 200).await;
    let view = eventually("the answer is taken", async || {
        let reply = candidate.submit(answer, 0, "kept by the browser").await;
        (reply.status == 200).then(|| reply.json())
    })
    .await;
    assert_eq!(view["question"]["index"], 1);
    assert_eq!(app.get_session(&id).await["interview_state"]["dialogue_length"], 3);
    assert_eq!(app.stats().await.get("stale"), None);
    eventually_true("all events are published, once", async || {
        app.history(&id).await
            == ["created", "consent_given", "started", "question_delivered", "answered", "question_delivered"]
    })
    .await;
    drop(app);
    backend.remove().await;
}

impl TestApp {
    async fn admin_is_told_503(&self) {
        let reply = self.anonymous().with(axum::http::header::COOKIE, "pi_admin=some").rpc("current_admin", &[]).await;
        reply.rpc_error(503);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_hangs_does_not_hang_the_server() {
    let (backend, gate, app) = behind_gate().await;
    let (id, _) = app.invite(&["One?"]).await;
    gate.fall_silent();
    in_time("a session", app.api().get(&session_path(&id))).await.problem(503);
    in_time("a new session", app.api().post(&create_path(), &wish())).await.problem(503);
    assert_eq!(in_time("figures", app.stats()).await["stale"], json!(["store"]));
    assert_eq!(in_time("readiness", app.anonymous().get("/health/ready")).await.status, 503);
    gate.open();
    eventually_true("the store is back", async || app.api().get(&session_path(&id)).await.status == 200).await;
    drop(app);
    backend.remove().await;
}

/// The embedded store: another process holds its file, as a careless backup might.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_embedded_store_that_cannot_write_says_so() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let (id, _) = app.invite(&["One?"]).await;
    let other = backend.worker_file();
    other.execute_batch("BEGIN EXCLUSIVE").expect("the lock");
    app.api().post(&create_path(), &wish()).await.problem(503);
    app.api().get(&session_path(&id)).await.ok();
    other.execute_batch("ROLLBACK").expect("the lock is given back");
    app.api().post(&create_path(), &wish()).await.ok();
}
