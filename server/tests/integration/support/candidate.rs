//! A candidate's browser, as far as the server sees it.

use serde_json::Value;
use uuid::Uuid;

use super::client::{Client, Reply};

/// Calls server functions with an invite.
#[derive(Clone)]
pub struct Candidate {
    pub client: Client,
    pub invite: String,
}

impl Candidate {
    pub fn new(client: Client, invite: &str) -> Self {
        Self { client, invite: invite.into() }
    }

    pub async fn call(&self, function: &str) -> Reply {
        self.client.rpc(function, &[("invite", &self.invite)]).await
    }

    pub async fn view(&self) -> Value {
        self.call("load_interview").await.ok()
    }

    pub async fn consent(&self) -> Value {
        self.call("give_consent").await.ok()
    }

    pub async fn start(&self) -> Value {
        self.call("start_interview").await.ok()
    }

    /// Sends an answer under an id.
    pub async fn submit(&self, id: Uuid, question: u32, text: &str) -> Reply {
        let (id, question) = (id.to_string(), question.to_string());
        let fields = [("invite", self.invite.as_str()), ("id", &id), ("question", &question), ("text", text)];
        self.client.rpc("submit_answer", &fields).await
    }

    /// Answers a question once.
    pub async fn answer(&self, question: u32, text: &str) -> Value {
        self.submit(Uuid::new_v4(), question, text).await.ok()
    }

    /// Consents, starts, and sees the first question.
    pub async fn begin(&self) -> Value {
        self.consent().await;
        self.start().await
    }
}
