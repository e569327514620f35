//! What is asked: reads and creates as fixed requests, and whole interviews.

use std::sync::Arc;

use anyhow::{Context, Result};
use uuid::Uuid;

use crate::{
    client::{By, Connection, request},
    data,
    load::Driver,
    worker::KEY,
};

const BASE: &str = "/api/parallel_interview";

/// What a lifecycle is, for the table.
pub const LIFECYCLE: &str =
    "create with 3 questions, start, consent, first question, one answer, end: 6 requests, each a durable write";

/// The requests of the contract and of the candidate's page.
pub fn get(id: &str) -> Vec<u8> {
    request("GET", &format!("{BASE}/session/{id}"), By::Key(KEY), None)
}

pub fn list() -> Vec<u8> {
    request("GET", &format!("{BASE}/sessions"), By::Key(KEY), None)
}

pub fn stats() -> Vec<u8> {
    request("GET", &format!("{BASE}/stats"), By::Key(KEY), None)
}

pub fn create() -> Vec<u8> {
    request("POST", &format!("{BASE}/create"), By::Key(KEY), Some(("application/json", &data::create_body())))
}

pub fn end(id: &str) -> Vec<u8> {
    transition(id, "end")
}

pub fn report(id: &str) -> Vec<u8> {
    get(&format!("{id}/report"))
}

fn transition(id: &str, word: &str) -> Vec<u8> {
    request("POST", &format!("{BASE}/session/{id}/{word}"), By::Key(KEY), None)
}

/// A server function, as the candidate's page calls it. What is put in needs no escaping.
pub fn candidate(name: &str, form: &str) -> Vec<u8> {
    function(name, By::Nobody, form)
}

/// A server function, as pages call it.
pub fn function(name: &str, by: By, form: &str) -> Vec<u8> {
    request("POST", &format!("/rpc/{name}"), by, Some(("application/x-www-form-urlencoded", form)))
}

/// Sends the same requests in turn.
pub struct Repeat {
    requests: Arc<[Vec<u8>]>,
    next: usize,
}

impl Repeat {
    /// Connections begin at different places.
    pub fn new(requests: Arc<[Vec<u8>]>, connection: usize) -> Self {
        Self { next: connection % requests.len().max(1), requests }
    }
}

impl Driver for Repeat {
    async fn step(&mut self, connection: &mut Connection) -> Result<()> {
        connection.call(&self.requests[self.next]).await?;
        self.next = (self.next + 1) % self.requests.len();
        Ok(())
    }
}

/// Goes through one interview after another.
pub struct Lifecycle {
    create: Vec<u8>,
    answer: String,
}

impl Lifecycle {
    pub fn new() -> Self {
        Self { create: create(), answer: data::ANSWER.replace(' ', "+") }
    }
}

impl Driver for Lifecycle {
    async fn step(&mut self, connection: &mut Connection) -> Result<()> {
        let (id, invite) = made(connection.call(&self.create).await?)?;
        connection.call(&transition(&id, "start")).await?;
        connection.call(&candidate("give_consent", &format!("invite={invite}"))).await?;
        connection.call(&candidate("open_question", &format!("invite={invite}"))).await?;
        let answer = format!("invite={invite}&id={}&question=0&text={}", Uuid::new_v4(), self.answer);
        connection.call(&candidate("submit_answer", &answer)).await?;
        connection.call(&end(&id)).await?;
        Ok(())
    }
}

/// The id and the invite in a create's answer.
pub fn made(answer: &[u8]) -> Result<(String, String)> {
    let text = std::str::from_utf8(answer).context("the answer is not text")?;
    let after = |mark: &str| {
        let (_, rest) = text.split_once(mark)?;
        Some(rest.split('"').next()?.to_owned())
    };
    let found = after("\"session_id\":\"").zip(after("/i/"));
    found.with_context(|| format!("a create was answered without id or link: {text}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn id_and_invite_are_found_in_an_answer() {
        let answer = br#"{"status":"success","session_id":"7-a","join_url":"http://127.0.0.1:1/i/in_v-ite"}"#;
        assert_eq!(made(answer).unwrap(), ("7-a".to_owned(), "in_v-ite".to_owned()));
        assert!(made(br#"{"status":"success"}"#).is_err());
    }
}
