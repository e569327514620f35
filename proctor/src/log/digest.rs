//! The chain of digests.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Which log of an interview, from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LogId(pub u32);

/// What the server gives for each new log, from a good source of randomness: so no log can be prepared before.
pub type Nonce = [u8; 16];

/// SHA-256 over everything in a log so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Where a log's chain begins.
    pub fn genesis(session: &str, log: LogId, nonce: &Nonce) -> Digest {
        let mut hash = Sha256::new_with_prefix(b"parallel-interview proctor genesis 1\0");
        hash.update((session.len() as u64).to_le_bytes());
        hash.update(session);
        hash.update(log.0.to_le_bytes());
        hash.update(nonce);
        Digest(hash.finalize().into())
    }

    /// After one more batch.
    pub fn next(&self, log: LogId, seq: u32, payload: &[u8]) -> Digest {
        let mut hash = Sha256::new_with_prefix(b"parallel-interview proctor batch 1\0");
        hash.update(log.0.to_le_bytes());
        hash.update(seq.to_le_bytes());
        hash.update(self.0);
        hash.update(payload);
        Digest(hash.finalize().into())
    }

    /// The first bytes, to tell the batches of one log apart.
    pub(super) fn short(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = self.0;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}
