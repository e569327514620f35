//! How an interview's log is kept: in chunks, each with all that another worker needs to go on from its end.

use proctor::{
    log::{Ledger, LogId, Nonce},
    policy::{Kind, Memory, Watch},
    wire::Beginning,
};
use serde::{Deserialize, Serialize};

use super::{asking::Asking, look::Finding};
use crate::{
    model::{Violation, ViolationKey},
    ports::StoreError,
};

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
    /// Pictures that were kept of violations so far.
    pub stills: u32,
    /// Spot checks in a row that showed somebody else.
    pub strangers: u32,
    /// Whether a page has begun a log yet: the server watches without one too.
    pub begun: bool,
    /// Since when the page has to know that the interview began, in ms since the first log.
    pub interview_ms: Option<u32>,
    pub asking: Asking,
    /// Whose pictures are waited for.
    pub wanted: Vec<ViolationKey>,
}

/// One chunk.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Chunk {
    pub items: Vec<Item>,
    /// How the violations stood that these items changed, as JSON: so that a session that missed them is brought up to date.
    violations: String,
    pub checkpoint: Checkpoint,
}

impl Chunk {
    pub fn new(items: Vec<Item>, violations: &[Violation], checkpoint: Checkpoint) -> Result<Self, StoreError> {
        let violations = serde_json::to_string(violations).map_err(|error| StoreError::Failed(error.to_string()))?;
        Ok(Self { items, violations, checkpoint })
    }

    pub fn violations(&self) -> Result<Vec<Violation>, StoreError> {
        serde_json::from_str(&self.violations).map_err(|_| unreadable())
    }

    pub fn encode(&self) -> Result<Vec<u8>, StoreError> {
        postcard::to_allocvec(self).map_err(|error| StoreError::Failed(error.to_string()))
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        postcard::from_bytes(bytes).map_err(|_| unreadable())
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

fn unreadable() -> StoreError {
    StoreError::Failed("a log of proctoring cannot be read".into())
}
