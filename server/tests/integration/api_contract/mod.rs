//! Every row of the public contract, good and bad, over both stores, through a port and a real HTTP client.

mod access;
mod create;
mod delete;
mod errors;
mod idempotency;
mod lifecycle;
mod limits;
mod list;
mod openapi;
mod outage;
mod session;
mod stats;

use serde_json::Value;

use crate::support::app::BASE;

/// The endpoints, by method and path, for a session's id.
fn endpoints(id: &str) -> [(&'static str, String); 7] {
    [
        ("POST", format!("{BASE}/create")),
        ("GET", format!("{BASE}/sessions")),
        ("GET", format!("{BASE}/session/{id}")),
        ("POST", format!("{BASE}/session/{id}/start")),
        ("POST", format!("{BASE}/session/{id}/end")),
        ("DELETE", format!("{BASE}/session/{id}")),
        ("GET", format!("{BASE}/stats")),
    ]
}

fn create_path() -> String {
    format!("{BASE}/create")
}

/// A body that `create` takes.
fn wish() -> Value {
    serde_json::json!({ "name": "Ada Lovelace", "email": "ada@example.org", "questions": ["One?", "Two?", "Three?"] })
}
