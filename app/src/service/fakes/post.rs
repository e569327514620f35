//! Other people's servers.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Arc, Mutex},
};

use async_trait::async_trait;

use super::FakeClock;
use crate::{
    model::UnixMillis,
    ports::{Clock, Post, Posted, Unanswered},
};

/// What was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    pub at: UnixMillis,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Sent {
    pub fn header(&self, name: &str) -> &str {
        &self.headers.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("{name} was sent")).1
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// What it tells: `session.created`, for example.
    pub fn news(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

/// Remembers what is sent, and takes it unless it is told to do otherwise.
pub struct FakePost {
    clock: Arc<FakeClock>,
    sent: Mutex<Vec<Sent>>,
    outcomes: Mutex<VecDeque<Result<u16, Unanswered>>>,
    silent: Mutex<HashSet<String>>,
    retry_after_s: Mutex<Option<u32>>,
}

impl FakePost {
    pub fn new(clock: Arc<FakeClock>) -> Self {
        Self {
            clock,
            sent: Mutex::default(),
            outcomes: Mutex::default(),
            silent: Mutex::default(),
            retry_after_s: Mutex::default(),
        }
    }

    /// From now on every answer asks for a pause.
    pub fn ask_for_pause(&self, seconds: u32) {
        *self.retry_after_s.lock().unwrap() = Some(seconds);
    }

    /// What the next deliveries come to, one after the other; those after them are taken.
    pub fn answer(&self, outcomes: impl IntoIterator<Item = Result<u16, Unanswered>>) {
        self.outcomes.lock().unwrap().extend(outcomes);
    }

    /// From now on nothing sent to this address is answered.
    pub fn fall_silent(&self, url: &str) {
        self.silent.lock().unwrap().insert(url.to_owned());
    }

    /// How often something was sent to this address.
    pub fn sent_to(&self, url: &str) -> usize {
        self.sent().iter().filter(|sent| sent.url == url).count()
    }

    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    /// What was told, in order.
    pub fn news(&self) -> Vec<String> {
        self.sent().iter().map(Sent::news).collect()
    }
}

#[async_trait]
impl Post for FakePost {
    async fn post(&self, url: &str, headers: &[(&str, String)], body: &str) -> Result<Posted, Unanswered> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let sent = Sent { at: self.clock.now(), url: url.to_owned(), headers, body: body.to_owned() };
        self.sent.lock().unwrap().push(sent);
        if self.silent.lock().unwrap().contains(url) {
            std::future::pending::<()>().await;
        }
        // Another worker's turn comes in between.
        tokio::task::yield_now().await;
        let retry_after_s = *self.retry_after_s.lock().unwrap();
        let outcome = self.outcomes.lock().unwrap().pop_front().unwrap_or(Ok(200));
        outcome.map(|status| Posted { status, retry_after_s })
    }
}
