//! Errors that any request can meet.

use axum::http::{HeaderName, Method};
use uuid::Uuid;

use super::endpoints;
use crate::support::{
    app::{BASE, TestApp, session_id, session_path},
    backend::Backend,
    candidate::Candidate,
    stores::over_both_stores,
};

over_both_stores! {
    unknown_sessions_are_not_found,
    unknown_paths_and_wrong_methods,
    a_request_s_own_id_is_kept,
    a_session_that_cannot_be_read_is_a_500_without_internals,
}

async fn unknown_sessions_are_not_found(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let nil = Uuid::nil().to_string();
    let unknown = Uuid::new_v4().to_string();
    for id in [unknown.as_str(), &nil, "x", "1", "..%2f..%2fstats", "%00", "%F0%9F%A4%94", "interview-1"] {
        for (method, path) in endpoints(id).into_iter().filter(|(_, path)| path.contains("/session/")) {
            app.api().send(method.parse().expect("a method"), &path, None, vec![]).await.problem(404);
        }
    }
}

async fn unknown_paths_and_wrong_methods(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, _) = app.invite(&["One?"]).await;
    let unknown = [
        "/api/x",
        "/api/parallel_interview",
        &format!("{BASE}/x"),
        &format!("{BASE}/session/{id}/pause"),
        &format!("{BASE}/session/"),
        &format!("{BASE}/sessions/"),
    ];
    for path in unknown {
        for client in [app.api(), app.anonymous()] {
            client.get(path).await.problem(404);
            client.post_empty(path).await.problem(404);
        }
    }
    for (method, path) in [
        (Method::GET, format!("{BASE}/create")),
        (Method::DELETE, format!("{BASE}/create")),
        (Method::POST, format!("{BASE}/sessions")),
        (Method::POST, format!("{BASE}/session/{id}")),
        (Method::PUT, format!("{BASE}/session/{id}")),
        (Method::PATCH, format!("{BASE}/session/{id}")),
        (Method::GET, format!("{BASE}/session/{id}/start")),
        (Method::GET, format!("{BASE}/session/{id}/end")),
        (Method::POST, format!("{BASE}/stats")),
        (Method::POST, "/api/openapi.json".to_owned()),
    ] {
        let reply = app.api().send(method, &path, None, vec![]).await;
        reply.problem(405);
        assert!(!reply.header("allow").is_empty(), "{path} says what it takes");
    }
}

async fn a_request_s_own_id_is_kept(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let own = HeaderName::from_static("x-request-id");
    let reply = app.api().with(own.clone(), "from-the-balancer").get("/api/x").await;
    reply.problem(404);
    assert_eq!(reply.json()["request_id"], "from-the-balancer");
    let reply = app.api().with(own, "good-too").get(&format!("{BASE}/stats")).await;
    assert_eq!(reply.header("x-request-id"), "good-too");
    let (one, other) = (app.api().get("/api/x").await, app.api().get("/api/x").await);
    assert_ne!(one.header("x-request-id"), other.header("x-request-id"));
}

async fn a_session_that_cannot_be_read_is_a_500_without_internals(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    backend.spoil(session_id(&id)).await;
    // A worker that does not remember the session.
    let app = app.restart(backend).await;
    let candidate = Candidate::new(app.anonymous(), &candidate.invite);
    let replies =
        [app.api().get(&session_path(&id)).await, app.api().post_empty(&format!("{}/start", session_path(&id))).await];
    for reply in replies {
        assert_eq!(reply.problem(500), "Something went wrong on our side. Please try again.");
    }
    assert_eq!(
        candidate.call("load_interview").await.rpc_error(500),
        "Something went wrong on our side. Please try again."
    );
}
