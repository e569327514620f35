//! The server's side of a log.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::batch::Batch;
use super::digest::{Digest, LogId, Nonce};
use super::timing::Timing;
use crate::signal::Entry;

/// So many batches back an edited one is told from a repeated one by what was accepted; further back by its own digest alone.
const REMEMBERED: usize = 64;

/// Takes a log's batches and checks that they hold together. Serialisable: a checkpoint, so that another server goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    log: LogId,
    head: Digest,
    next_seq: u32,
    remembered: VecDeque<u64>,
    timing: Timing,
}

/// When a batch came, by the server's clock (any epoch, the same for all of a ledger).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    pub at_ms: i64,
    /// Since when the channel has been up without a break. What is older may come late: the journal brings it.
    pub connected_since_ms: i64,
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Receipt {
    /// It is the next of the log. Findings here do not speak against its place in the chain.
    Accepted { entries: Vec<Entry>, findings: Vec<Finding> },
    /// It was accepted before, the very same: to be acknowledged again.
    Duplicate,
    /// Others are missing before it. No finding: the writer sends again from there.
    Gap { expected: u32 },
    /// It is not taken.
    Refused(Finding),
}

/// What does not happen by loss, delay or repetition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    #[error("batch {seq} was accepted before with other content")]
    Edited { seq: u32 },
    #[error("batch {seq} does not follow from what was accepted")]
    Forged { seq: u32 },
    #[error("a batch of log {} was put into another", log.0)]
    Replayed { log: LogId },
    #[error("a batch cannot be read")]
    Undecodable,
    #[error("in batch {seq} the time runs backwards, by {by_ms} ms")]
    TimeReversed { seq: u32, by_ms: u32 },
    /// More time is told of than passed.
    #[error("batch {seq} is {by_ms} ms ahead of time")]
    TimeAhead { seq: u32, by_ms: u32 },
    /// Entries were held back though the channel was up, or the browser's clock was slowed.
    #[error("batch {seq} is {by_ms} ms behind time")]
    TimeBehind { seq: u32, by_ms: u32 },
}

impl Ledger {
    /// A new log. `opened_ms`: when the server gave the nonce, by its clock; the channel was up then.
    pub fn new(session: &str, log: LogId, nonce: &Nonce, opened_ms: i64) -> Ledger {
        Ledger {
            log,
            head: Digest::genesis(session, log, nonce),
            next_seq: 0,
            remembered: VecDeque::new(),
            timing: Timing::new(opened_ms),
        }
    }

    pub fn log(&self) -> LogId {
        self.log
    }

    /// What to acknowledge: all batches before it are accepted.
    pub fn next_seq(&self) -> u32 {
        self.next_seq
    }

    /// Over all that was accepted. Kept elsewhere, it proves later that nothing was changed.
    pub fn head(&self) -> Digest {
        self.head
    }

    /// The server's clock was set back by so much (ms): what was before was so much earlier by it.
    pub fn set_back(&mut self, by_ms: i64) {
        self.timing.set_back(by_ms);
    }

    /// Takes one batch as it came.
    pub fn accept(&mut self, bytes: &[u8], arrival: Arrival) -> Receipt {
        let Ok(batch) = Batch::decode(bytes) else { return Receipt::Refused(Finding::Undecodable) };
        let seq = batch.seq;
        if batch.log != self.log {
            return Receipt::Refused(Finding::Replayed { log: batch.log });
        }
        if seq < self.next_seq {
            let back = (self.next_seq - seq) as usize;
            let known = self.remembered.len().checked_sub(back).and_then(|place| self.remembered.get(place));
            let same = batch.is_whole() && known.is_none_or(|known| *known == batch.digest.short());
            return if same { Receipt::Duplicate } else { Receipt::Refused(Finding::Edited { seq }) };
        }
        if !batch.is_whole() {
            return Receipt::Refused(Finding::Forged { seq });
        }
        if seq > self.next_seq {
            return Receipt::Gap { expected: self.next_seq };
        }
        if batch.previous != self.head {
            return Receipt::Refused(Finding::Forged { seq });
        }
        let Ok(entries) = batch.entries() else { return Receipt::Refused(Finding::Undecodable) };
        // The last number is never used, so that there is always a next one.
        let Some(next_seq) = seq.checked_add(1) else { return Receipt::Refused(Finding::Forged { seq }) };
        self.next_seq = next_seq;
        self.head = batch.digest;
        if self.remembered.len() == REMEMBERED {
            self.remembered.pop_front();
        }
        self.remembered.push_back(batch.digest.short());
        let findings = self.timing.judge(seq, &entries, arrival);
        Receipt::Accepted { entries, findings }
    }
}
