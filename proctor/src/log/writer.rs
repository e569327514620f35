//! The browser's side of a log.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::batch::{Batch, MAX_PAYLOAD};
use super::digest::{Digest, LogId, Nonce};
use super::entries::{self, MAX_ENTRIES};
use crate::signal::Entry;

/// What an entry takes at most, with room to spare.
const LONGEST_ENTRY: usize = 64;

/// Writes a log: takes entries, cuts batches, and keeps them until they are acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    log: LogId,
    head: Digest,
    next_seq: u32,
    /// Entries that are in no batch yet.
    #[serde(with = "crate::bytes")]
    open: Vec<u8>,
    open_entries: u32,
    open_last: Option<u32>,
    last_ms: u32,
    /// The batches before `next_seq` that are not acknowledged.
    kept: VecDeque<Kept>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept(#[serde(with = "crate::bytes")] Vec<u8>);

/// The journal cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal of the log is broken")]
pub struct BrokenJournal;

/// The server expects a batch that is not kept any more, that was never written, or that follows from other ones: the log has
/// to be begun anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("batch {expected} is not at hand")]
pub struct NotKept {
    pub expected: u32,
}

impl Writer {
    /// A new log, as the server's welcome names it.
    pub fn new(session: &str, log: LogId, nonce: &Nonce) -> Writer {
        Writer {
            log,
            head: Digest::genesis(session, log, nonce),
            next_seq: 0,
            open: Vec::new(),
            open_entries: 0,
            open_last: None,
            last_ms: 0,
            kept: VecDeque::new(),
        }
    }

    pub fn log(&self) -> LogId {
        self.log
    }

    /// The time of the last entry; an earlier one is taken for this time.
    pub fn last_ms(&self) -> u32 {
        self.last_ms
    }

    /// Adds an entry. A batch that is full is cut by itself.
    pub fn append(&mut self, entry: &Entry) {
        if self.open.len() + LONGEST_ENTRY > MAX_PAYLOAD || self.open_entries as usize == MAX_ENTRIES {
            self.cut();
        }
        self.last_ms = self.last_ms.max(entry.at_ms);
        entries::append(&mut self.open, &mut self.open_last, &Entry { at_ms: self.last_ms, ..*entry });
        self.open_entries += 1;
    }

    /// Closes the batch that is being written and returns its bytes to be sent; None when there is nothing new. Write the
    /// journal before they are sent: the server must not know more of the log than the journal does.
    pub fn cut(&mut self) -> Option<&[u8]> {
        if self.open.is_empty() {
            return None;
        }
        let batch = Batch::new(self.log, self.next_seq, self.head, &self.open);
        self.head = batch.digest;
        self.kept.push_back(Kept(batch.encode()));
        self.next_seq += 1;
        self.open.clear();
        self.open_entries = 0;
        self.open_last = None;
        self.kept.back().map(|kept| kept.0.as_slice())
    }

    /// Forgets the batches before `next_seq`.
    pub fn acknowledge(&mut self, next_seq: u32) {
        while !self.kept.is_empty() && self.first_kept() < next_seq {
            self.kept.pop_front();
        }
    }

    /// Goes on where a new connection's server is: it expects `next_seq`, and what it has comes to `head`. It comes to something
    /// else when two pages went on with one journal; the one that finds out begins anew, before it looks like tampering.
    ///
    /// # Errors
    /// When the log cannot go on from there.
    pub fn agree(&mut self, next_seq: u32, head: Digest) -> Result<(), NotKept> {
        let own = self.resend_from(next_seq)?.next().map(|bytes| Batch::decode(bytes).map(|batch| batch.previous));
        match own.unwrap_or(Ok(self.head)) {
            Ok(own) if own == head => Ok(()),
            _ => Err(NotKept { expected: next_seq }),
        }
    }

    /// The batches to send (again) from `next_seq` on: after [`Writer::agree`], or after a gap.
    ///
    /// # Errors
    /// When that batch is neither kept nor the next to be cut.
    pub fn resend_from(&mut self, next_seq: u32) -> Result<impl Iterator<Item = &[u8]>, NotKept> {
        if next_seq < self.first_kept() || self.next_seq < next_seq {
            return Err(NotKept { expected: next_seq });
        }
        self.acknowledge(next_seq);
        Ok(self.batches())
    }

    /// How many batches wait for their acknowledgement.
    pub fn waiting(&self) -> usize {
        self.kept.len()
    }

    /// Those batches, the oldest first.
    pub fn batches(&self) -> impl Iterator<Item = &[u8]> {
        self.kept.iter().map(|kept| kept.0.as_slice())
    }

    fn first_kept(&self) -> u32 {
        self.next_seq - self.kept.len() as u32
    }

    /// All of it, to be kept in the browser's database.
    pub fn journal(&self) -> Vec<u8> {
        // Writing plain fields into memory cannot fail.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// Goes on after the page was loaded anew.
    ///
    /// # Errors
    /// When the bytes are not what [`Writer::journal`] wrote.
    pub fn resume(journal: &[u8]) -> Result<Writer, BrokenJournal> {
        let (writer, rest) = postcard::take_from_bytes::<Writer>(journal).map_err(|_| BrokenJournal)?;
        let whole = rest.is_empty()
            && writer.kept.len() <= writer.next_seq as usize
            && writer.kept.iter().zip(writer.first_kept()..).all(|(kept, seq)| {
                Batch::decode(&kept.0)
                    .is_ok_and(|batch| batch.seq == seq && batch.log == writer.log && batch.is_whole())
            })
            && entries::decode(&writer.open).is_ok_and(|open| open.len() == writer.open_entries as usize);
        if whole { Ok(writer) } else { Err(BrokenJournal) }
    }
}
