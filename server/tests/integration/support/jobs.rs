//! Jobs, and calls that several features of the API make alike.

use axum::http::{HeaderName, Method};
use serde_json::{Value, json};

use super::{
    app::{BASE, TestApp, string},
    client::{Client, Reply},
};

/// A body that makes a job.
pub fn job() -> Value {
    json!({
        "title": "Backend engineer",
        "description": "For the platform team",
        "text_question_timer": 90,
        "questions": [
            { "text": "What is a monad?", "rubric": { "key_points": [{ "text": "bind", "weight": 3 }] } },
            { "text": "Reverse a list.", "type": "coding", "rubric": { "language": "Rust" } },
        ],
    })
}

impl TestApp {
    /// Makes [`job`] and answers its id.
    pub async fn make_job(&self) -> String {
        string(&self.api().post(&format!("{BASE}/jobs"), &job()).await.ok()["job"]["id"])
    }
}

impl Client {
    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(Method::PUT, path, Some("application/json"), body.to_string().into_bytes()).await
    }

    /// The same caller, whose requests carry this `Idempotency-Key`.
    pub fn keyed(&self, key: &str) -> Self {
        self.with(HeaderName::from_static("idempotency-key"), key)
    }
}

/// Each of these endpoints refuses strangers, and foreign sites where it changes something.
pub async fn strangers_are_refused(app: &TestApp, endpoints: &[(Method, String)]) {
    for (method, path) in endpoints {
        for stranger in [app.anonymous(), app.with_key("pi_wrong")] {
            stranger.send(method.clone(), path, None, b"{}".to_vec()).await.problem(401);
        }
    }
}

/// Each of these paths takes nothing but some methods.
pub async fn other_methods_are_refused(app: &TestApp, endpoints: &[(Method, String)]) {
    for (_, path) in endpoints {
        let reply = app.api().send(Method::PATCH, path, None, vec![]).await;
        reply.problem(405);
        assert!(!reply.header("allow").is_empty(), "{path} says what it takes");
    }
}

/// More than the API takes.
pub fn too_much() -> Vec<u8> {
    vec![b' '; 256 * 1024 + 1]
}
