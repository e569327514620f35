//! What a candidate has written and the server has not acknowledged: kept on the device, so that neither a reload nor a
//! crash nor a lost connection costs a word.

use crate::{
    browser,
    model::{AnswerId, Invite},
};

/// A draft. Its id is made once and goes along with every attempt to send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub id: AnswerId,
    pub text: String,
}

impl Draft {
    /// An empty one with an id of its own.
    #[must_use]
    pub fn new() -> Self {
        Self { id: browser::new_answer_id(), text: String::new() }
    }

    /// The draft that this device keeps for the question.
    #[must_use]
    pub fn recall(invite: &Invite, question: u32) -> Option<Self> {
        Self::decode(&browser::recall(&key(invite, question))?)
    }

    pub fn keep(&self, invite: &Invite, question: u32) {
        browser::remember(&key(invite, question), &self.encode());
    }

    /// Forgets the draft, if it is the one with this id.
    pub fn forget(invite: &Invite, question: u32, id: AnswerId) {
        if Self::recall(invite, question).is_some_and(|draft| draft.id == id) {
            browser::forget(&key(invite, question));
        }
    }

    /// The id on the first line, then the text as it is.
    fn encode(&self) -> String {
        format!("{}\n{}", self.id, self.text)
    }

    fn decode(kept: &str) -> Option<Self> {
        let (id, text) = kept.split_once('\n')?;
        Some(Self { id: id.parse().ok()?, text: text.to_owned() })
    }
}

fn key(Invite(invite): &Invite, question: u32) -> String {
    format!("draft/{invite}/{question}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_comes_back_as_it_was() {
        let draft = Draft { id: AnswerId(uuid::Uuid::from_u128(7)), text: "one\n\n  two\n".into() };
        assert_eq!(Draft::decode(&draft.encode()), Some(draft));
    }

    #[test]
    fn what_is_no_draft_is_none() {
        assert_eq!(Draft::decode(""), None);
        assert_eq!(Draft::decode("no id\ntext"), None);
    }
}
