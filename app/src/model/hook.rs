//! Webhooks: where news of sessions is sent to, and what became of it.

use serde::{Deserialize, Serialize};

use super::{SessionId, UnixMillis};

/// Somebody's server that wants to know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hook {
    pub id: String,
    pub url: String,
    /// Signs what is sent: `whsec_` and the key in base64, as the Standard Webhooks specification has it.
    pub secret: String,
    /// What happened before it is not sent.
    pub created_at: UnixMillis,
    /// When the receiver said that it is gone for good. Nothing is sent there until somebody sends a delivery again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<UnixMillis>,
    /// Under which key its first result is kept, if whoever made it may repeat that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub create_key: Option<String>,
}

// The secret must not reach a log by way of `{:?}`.
impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hook").field("id", &self.id).field("url", &self.url).finish_non_exhaustive()
    }
}

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum WebhookEvent {
    #[serde(rename = "session.created")]
    SessionCreated,
    #[serde(rename = "session.started")]
    SessionStarted,
    #[serde(rename = "session.completed")]
    SessionCompleted,
    #[serde(rename = "report.ready")]
    ReportReady,
    #[serde(rename = "session.deleted")]
    SessionDeleted,
}

impl WebhookEvent {
    /// The name that receivers know it by.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SessionCreated => "session.created",
            Self::SessionStarted => "session.started",
            Self::SessionCompleted => "session.completed",
            Self::ReportReady => "report.ready",
            Self::SessionDeleted => "session.deleted",
        }
    }
}

/// How a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// Not taken yet; there will be another attempt.
    Due,
    /// The receiver answered with success.
    Delivered,
    /// The last attempt failed, too.
    GivenUp,
}

/// One attempt to deliver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    pub at: UnixMillis,
    /// The receiver's status, or why there was none.
    pub outcome: Result<u16, String>,
}

/// A piece of news on its way to one hook. What it says of the session is written when it is sent, so that nothing of that is
/// kept here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The same in every attempt, so that receivers can tell a repetition.
    pub id: String,
    pub hook: String,
    pub url: String,
    pub news: WebhookEvent,
    pub session: SessionId,
    /// The version of the report that is ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<u64>,
    pub created_at: UnixMillis,
    /// When it is tried next.
    pub due_at: UnixMillis,
    pub attempts: Vec<Attempt>,
    pub state: DeliveryState,
}
