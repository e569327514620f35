//! Some entries of a log in a row, as bytes.

use serde::{Deserialize, Serialize};

use super::digest::{Digest, LogId};
use super::entries::{self, DecodeError};
use crate::signal::Entry;

/// Bytes of a batch's entries, at most.
pub const MAX_PAYLOAD: usize = 32 * 1024;
/// Bytes of a batch, at most.
pub const MAX_BATCH: usize = MAX_PAYLOAD + 128;

/// A batch as it travels. Its bytes are the one way to write it: no other bytes decode to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch<'a> {
    pub log: LogId,
    /// From 0, without gaps.
    pub seq: u32,
    /// After the batch before; the genesis for the first.
    pub previous: Digest,
    /// After this one.
    pub digest: Digest,
    payload: &'a [u8],
}

impl<'a> Batch<'a> {
    /// The batch that follows `previous`.
    pub(super) fn new(log: LogId, seq: u32, previous: Digest, payload: &'a [u8]) -> Batch<'a> {
        Batch { log, seq, previous, digest: previous.next(log, seq, payload), payload }
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        // Writing plain fields into memory cannot fail.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// # Errors
    /// When the bytes are no batch, or not written the one way.
    pub fn decode(bytes: &'a [u8]) -> Result<Batch<'a>, DecodeError> {
        if bytes.len() > MAX_BATCH {
            return Err(DecodeError::TooLong);
        }
        let batch: Batch = postcard::from_bytes(bytes).map_err(|_| DecodeError::Malformed)?;
        if batch.payload.len() > MAX_PAYLOAD {
            return Err(DecodeError::TooLong);
        }
        if batch.encode() != bytes {
            return Err(DecodeError::Malformed);
        }
        Ok(batch)
    }

    /// Whether its digest is that of what it holds.
    pub fn is_whole(&self) -> bool {
        self.previous.next(self.log, self.seq, self.payload) == self.digest
    }

    /// # Errors
    /// When its payload is no list of entries.
    pub fn entries(&self) -> Result<Vec<Entry>, DecodeError> {
        entries::decode(self.payload)
    }
}
