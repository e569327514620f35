//! Errors that any request can meet.

use axum::http::{HeaderName, Method};
use uuid::Uuid;

use super::endpoints;
use crate::support::{
    app::{BASE, TestApp},
    backend::Backend,
    stores::over_both_stores,
};

over_both_stores! {
    unknown_sessions_are_not_found,
    unknown_paths_and_wrong_methods,
    a_request_s_own_id_is_kept,
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
