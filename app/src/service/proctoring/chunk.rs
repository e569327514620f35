//! How an interview's log is kept: in chunks, each with all that another worker needs to go on from its end.
//!
//! What happened stays readable as long as [`VERSION`] stays: items, kinds and findings are stored by their place, so new ones
//! come last. A checkpoint is of the build that wrote it and says which; for others it is made again from what happened.

use proctor::{
    log::{Ledger, LogId, Nonce},
    policy::{Kind, Memory, Monitor, Policy, Watch},
    wire::Beginning,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{asking::Asking, budget::Budget, evidence::Wanted, excuse::Said, faces::Strangers, look::Finding};
use crate::{
    model::{SessionId, UnixMillis, Violation},
    ports::StoreError,
};

/// Of a stored chunk.
pub(super) const VERSION: u8 = 2;

/// Of a [`Checkpoint`]. Whatever changes in it, or in what it is made of, is another layout.
const LAYOUT: [u8; 2] = [6, Kind::COUNT as u8];

/// What happened, in the order in which the server learnt of it. Replayed, it leads to the same violations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Item {
    /// A log began.
    Opened { log: LogId, nonce: Nonce, began_ms: u32, opened_ms: i64, why: Beginning },
    /// A batch was accepted.
    Batch { arrived_ms: i64, connected_since_ms: i64, bytes: Vec<u8> },
    /// The channel or the interview changed.
    Watch { at_ms: u32, watch: Watch },
    /// The server found something by itself.
    Found { at_ms: u32, kind: Kind, finding: Finding },
}

/// Where a worker goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Checkpoint {
    pub nonce: Nonce,
    /// Of the log, in ms since the first one.
    pub began_ms: u32,
    pub ledger: Ledger,
    pub memory: Memory,
    pub budget: Budget,
    pub strangers: Strangers,
    /// Whether a page has begun a log yet: the server watches without one too.
    pub begun: bool,
    /// Since when the page has to know that the interview began, in ms since the first log.
    pub interview_ms: Option<u32>,
    pub asking: Asking,
    /// What the log came to of late.
    pub said: Said,
    /// Whose pictures are waited for.
    pub wanted: Vec<Wanted>,
}

impl Checkpoint {
    /// Before anything was reported.
    pub fn new(id: SessionId, policy: &Policy, now: UnixMillis) -> Self {
        Self {
            nonce: Nonce::default(),
            began_ms: 0,
            ledger: Ledger::new(&id.to_string(), LogId(0), &Nonce::default(), now.0),
            memory: Monitor::new(policy).checkpoint().clone(),
            budget: Budget::new(now),
            strangers: 0,
            begun: false,
            interview_ms: None,
            asking: Asking::default(),
            said: Said::default(),
            wanted: Vec::new(),
        }
    }
}

/// One chunk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Chunk {
    pub items: Vec<Item>,
    /// How the violations stood that these items changed, as JSON: so that a session that missed them is brought up to date.
    violations: String,
    /// Its layout, then the checkpoint.
    checkpoint: Vec<u8>,
}

/// Why a chunk cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unreadable {
    #[error("a log of proctoring is of another version: {0}")]
    Version(u8),
    #[error("a log of proctoring cannot be read")]
    Damaged,
}

impl From<Unreadable> for StoreError {
    fn from(why: Unreadable) -> Self {
        Self::Failed(why.to_string())
    }
}

impl Chunk {
    pub fn new(items: Vec<Item>, violations: &[Violation], checkpoint: &Checkpoint) -> Result<Self, StoreError> {
        let violations = serde_json::to_string(violations).map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Self { items, violations, checkpoint: encode(checkpoint, &LAYOUT)? })
    }

    pub fn violations(&self) -> Result<Vec<Violation>, StoreError> {
        serde_json::from_str(&self.violations).map_err(|_| Unreadable::Damaged.into())
    }

    /// None: another build wrote it.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        decode(self.checkpoint.strip_prefix(&LAYOUT)?)
    }

    pub fn encode(&self) -> Result<Vec<u8>, StoreError> {
        encode(self, &[VERSION])
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        match bytes.split_first() {
            Some((&VERSION, rest)) => decode(rest).ok_or(Unreadable::Damaged),
            Some((version, _)) => Err(Unreadable::Version(*version)),
            None => Err(Unreadable::Damaged),
        }
    }
}

fn encode<T: Serialize>(what: &T, before: &[u8]) -> Result<Vec<u8>, StoreError> {
    postcard::to_extend(what, before.to_vec()).map_err(|error| StoreError::Failed(error.to_string()))
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((what, [])) => Some(what),
        _ => None,
    }
}

/// The name of a chunk. Names are in the order of the chunks.
pub(super) fn name(number: u32) -> String {
    format!("{PREFIX}{number:08}")
}

/// What the names of chunks begin with.
pub(super) const PREFIX: &str = "log/";

/// The number of the chunk of this name.
pub(super) fn number(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use proctor::{
        log::{Arrival, Digest, Writer},
        observation::Look,
        signal::{Entry, Signal, Stage, What},
    };
    use uuid::Uuid;

    use super::*;
    use crate::model::ViolationKey;

    impl Chunk {
        /// As another build would have written it.
        pub fn of_another_build(self) -> Self {
            Self { checkpoint: [&[LAYOUT[0] + 1, LAYOUT[1]], &self.checkpoint[LAYOUT.len()..]].concat(), ..self }
        }
    }

    /// A checkpoint with something in most of its places.
    fn checkpoint() -> Checkpoint {
        let (id, policy) = (SessionId(Uuid::nil()), Policy::default());
        let mut checkpoint = Checkpoint::new(id, &policy, UnixMillis(0));
        let mut writer = Writer::new(&id.to_string(), LogId(0), &checkpoint.nonce);
        let mut monitor = Monitor::new(&policy);
        let start = Entry { at_ms: 0, what: What::Signal(Signal::Stage(Stage::Interview)) };
        let looks = (1..40).map(|n| Entry { at_ms: n * 500, what: What::Look(Look::Clear { faces: 0, head: None }) });
        let entries: Vec<_> = std::iter::once(start).chain(looks).collect();
        entries.iter().for_each(|entry| writer.append(entry));
        let batch = writer.cut().expect("a batch").to_vec();
        checkpoint.ledger.accept(&batch, Arrival { at_ms: 20_000, connected_since_ms: 0 });
        monitor.hear(&entries, 20_000, |_, _| {});
        checkpoint.memory = monitor.checkpoint().clone();
        checkpoint.wanted.push(Wanted::new(ViolationKey { from_ms: 500, kind: Kind::NoFace }));
        checkpoint
    }

    #[test]
    fn another_layout_of_a_checkpoint_is_told_apart() {
        let bytes = encode(&checkpoint(), &LAYOUT).unwrap();
        let Digest([a, b, c, d, ..]) = Digest::genesis(&format!("{bytes:?}"), LogId(0), &[0; 16]);
        assert_eq!(
            (LAYOUT, [a, b, c, d]),
            ([6, 33], [199, 169, 192, 137]),
            "what is stored changed: raise LAYOUT, then note it here"
        );
    }

    #[test]
    fn what_happened_is_readable_without_the_checkpoint() {
        let items = vec![
            Item::Opened { log: LogId(1), nonce: [3; 16], began_ms: 4, opened_ms: 5, why: Beginning::Refused },
            Item::Batch { arrived_ms: 6, connected_since_ms: 7, bytes: vec![8] },
            Item::Watch { at_ms: 9, watch: Watch::Tick },
            Item::Found { at_ms: 10, kind: Kind::AnotherPerson, finding: Finding::LeftOut(11) },
        ];
        let chunk = Chunk::new(items, &[], &checkpoint()).unwrap();
        let read = Chunk::decode(&chunk.encode().unwrap()).unwrap();
        assert_eq!((&read, read.checkpoint()), (&chunk, Some(checkpoint())));
        let other = Chunk::decode(&chunk.of_another_build().encode().unwrap()).unwrap();
        assert_eq!((other.items, other.checkpoint.is_empty()), (read.items, false));
    }

    /// Whoever changes how items are stored makes older logs unreadable.
    #[test]
    fn what_happened_is_stored_as_ever() {
        let items = vec![
            Item::Opened { log: LogId(1), nonce: [3; 16], began_ms: 4, opened_ms: 5, why: Beginning::Refused },
            Item::Batch { arrived_ms: 6, connected_since_ms: 7, bytes: vec![8] },
            Item::Watch { at_ms: 9, watch: Watch::Tick },
            Item::Found { at_ms: 10, kind: Kind::AnotherPerson, finding: Finding::LeftOut(11) },
        ];
        let opened = [&[0, 1][..], &[3; 16], &[4, 10, 2]].concat();
        let stored = [&[4][..], &opened, &[1, 12, 14, 1, 8], &[2, 9, 5], &[3, 10, 30, 1, 11]].concat();
        assert_eq!(postcard::to_allocvec(&items).unwrap(), stored);
    }

    #[test]
    fn another_version_is_told_apart_from_damage() {
        assert_eq!(Chunk::decode(&[VERSION + 1, 0, 0, 0]), Err(Unreadable::Version(VERSION + 1)));
        for damaged in [&[][..], &[VERSION], &[VERSION, 9, 9, 9]] {
            assert_eq!(Chunk::decode(damaged), Err(Unreadable::Damaged), "{damaged:?}");
        }
    }
}
