//! What a candidate's browser and a worker say to each other on the live channel, as JSON text.
//!
//! The channel is an aid, never the truth: every command also works without it. What the server pushes is a whole view, so
//! a message that is lost or comes late does no harm.

use serde::{Deserialize, Serialize};

use super::{AnswerId, CandidateView, ChannelId, Invite, UnixMillis};

/// Seconds between two heartbeats of a worker.
pub const BEAT_S: u32 = 2;

/// Seconds of silence after which either side takes the other for lost.
pub const SILENCE_S: u32 = 7;

/// What has been written so far for a question.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Index of the question.
    pub question: u32,
    /// The answer's id: the same in every attempt to send it.
    pub id: AnswerId,
    /// Grows with every change in one page; a page that takes a draft over counts on from it. Of two pages that wrote apart
    /// from each other it says nothing: what the live one sends counts.
    pub rev: u64,
    pub text: String,
}

// What a candidate writes must not reach a log by way of `{:?}`.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("question", &self.question).field("rev", &self.rev).finish_non_exhaustive()
    }
}

/// From the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Up {
    /// The first message. `channel` is new for each page, and the same when a page connects again.
    Hello { invite: Invite, channel: ChannelId },
    /// The page is hidden behind something else, or seen again.
    Away { away: bool },
    /// To be kept, and to be taken as the answer when the time is over.
    Draft(Draft),
}

/// To the browser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Down {
    /// The interview as it is now: at the start, and whenever something changed.
    View { view: Box<CandidateView> },
    /// The channel lives.
    Beat { server_now: UnixMillis },
    /// The draft is durable. Also for one that is not needed any more.
    Kept { question: u32, rev: u64 },
    /// A newer page took over. The last message.
    TakenOver,
    /// There is no such interview. The last message.
    Gone { detail: String },
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn messages_are_told_by_their_type() {
        let draft = Draft { question: 1, id: AnswerId(Uuid::nil()), rev: 3, text: "Hm".into() };
        let text = serde_json::to_string(&Up::Draft(draft.clone())).unwrap();
        assert_eq!(
            text,
            r#"{"type":"draft","question":1,"id":"00000000-0000-0000-0000-000000000000","rev":3,"text":"Hm"}"#
        );
        assert_eq!(serde_json::from_str::<Up>(&text).unwrap(), Up::Draft(draft));
        assert_eq!(serde_json::to_string(&Down::TakenOver).unwrap(), r#"{"type":"taken_over"}"#);
    }

    #[test]
    fn a_draft_is_not_shown_by_debug() {
        let draft = Draft { question: 1, id: AnswerId(Uuid::nil()), rev: 3, text: "secret".into() };
        assert!(!format!("{:?}", Up::Draft(draft)).contains("secret"));
    }
}
