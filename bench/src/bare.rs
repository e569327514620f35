//! What everything is compared with: an axum route that answers JSON of the size of a `get` answer and does nothing else.

use anyhow::{Context, Result};
use axum::{Json, Router, routing::get};
use serde::Serialize;

use crate::worker::Listening;

pub const PATH: &str = "/bare";

/// Fields like those of a `get` answer, and padding up to its size.
#[derive(Clone, Copy, Serialize)]
struct Answer {
    status: &'static str,
    session_id: &'static str,
    name: &'static str,
    email: &'static str,
    is_active: bool,
    current_question_count: u32,
    max_questions: u32,
    consent_received: bool,
    total_questions: usize,
    average_score: f64,
    room: Option<&'static str>,
    padding: &'static str,
}

/// Serves the route on a listener of its own; its answers have `size` bytes.
pub async fn serve(size: usize) -> Result<Listening> {
    let mut answer = Answer {
        status: "success",
        session_id: "00000000-0000-4000-8000-000000000000",
        name: "Jane Doe",
        email: "jane.doe@example.com",
        is_active: true,
        current_question_count: 1,
        max_questions: 3,
        consent_received: true,
        total_questions: 3,
        average_score: 0.0,
        room: None,
        padding: "",
    };
    let missing =
        size.checked_sub(serde_json::to_vec(&answer)?.len()).context("a `get` answer has become too small")?;
    // Once per run: the answer lives as long as the process.
    answer.padding = String::leak("x".repeat(missing));
    let router = Router::new().route(PATH, get(move || async move { Json(answer) }));
    Listening::start(async |_| Ok(router)).await
}
