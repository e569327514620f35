//! What a candidate has written and the server has not acknowledged: kept in the browser, so that neither a reload nor a
//! crash nor a lost connection costs a word.

use serde::{Deserialize, Serialize};

use crate::{
    browser,
    model::{AnswerId, Draft, Invite},
};

/// What the journal keeps of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub draft: Draft,
    /// Whether it was submitted, and is to be sent until it is acknowledged.
    pub submitted: bool,
}

impl Kept {
    /// Everything that the journal keeps for the invite.
    pub async fn recall(invite: &Invite) -> Vec<Self> {
        let records = browser::journal_recall(invite).await;
        records.iter().filter_map(|record| serde_json::from_slice(record.as_bytes()).ok()).collect()
    }

    /// Writes it into the journal, in place of what was kept for the question.
    pub async fn keep(&self, invite: &Invite) {
        if let Ok(record) = serde_json::to_string(self) {
            browser::journal_keep(invite, &self.draft, &record).await;
        }
    }
}

/// An empty draft with an id of its own, which goes along with every attempt to send it.
#[must_use]
pub fn empty(question: u32) -> Draft {
    Draft { question, id: AnswerId(browser::new_id()), rev: 0, text: String::new() }
}
