//! Walks through what happened as it is stored, and so comes to what the workers came to who were there.

use std::collections::BTreeMap;

use proctor::{
    log::{Arrival, Digest, Ledger, Receipt},
    policy::{Monitor, Output, Policy, Violation, ViolationId},
    signal::{Signal, Stage, What},
};

use super::{
    Proctor,
    budget::Budget,
    checks,
    chunk::{self, Checkpoint, Chunk, Item, Unreadable},
    evidence, ms_between,
};
use crate::{
    model::{Blind, LogMark, SessionId, UnixMillis},
    ports::StoreError,
    service::ServiceError,
};

pub(super) struct Walk {
    id: SessionId,
    zero: UnixMillis,
    at: Checkpoint,
    monitor: Monitor,
    /// Bytes that were read.
    bytes: u64,
    pub logs: u32,
    pub batches: u32,
    pub entries: u32,
    /// Every batch follows from the one before, and nothing is missing.
    pub whole: bool,
    /// Whether a page told of the interview's end.
    pub ended: bool,
    /// When pages could not look at the picture.
    pub blind: Option<Blind>,
    pub violations: BTreeMap<ViolationId, Violation>,
    /// Of which time the logs tell, in ms since the first one: from when to when.
    pub told: Vec<(u32, u32)>,
}

impl Walk {
    pub fn new(id: SessionId, policy: &Policy, zero: UnixMillis) -> Self {
        Self {
            id,
            zero,
            at: Checkpoint::new(id, policy, zero),
            monitor: Monitor::new(policy),
            bytes: 0,
            logs: 0,
            batches: 0,
            entries: 0,
            whole: true,
            ended: false,
            blind: None,
            violations: BTreeMap::new(),
            told: Vec::new(),
        }
    }

    pub fn head(&self) -> Digest {
        self.at.ledger.head()
    }

    pub fn read(&mut self, item: &Item) {
        let outputs = match item {
            Item::Opened { log, nonce, began_ms, opened_ms, .. } => {
                self.logs += 1;
                self.at.begun = true;
                self.at.nonce = *nonce;
                self.at.began_ms = *began_ms;
                self.at.ledger = Ledger::new(&self.id.to_string(), *log, nonce, *opened_ms);
                self.monitor.begin_log(*began_ms)
            }
            Item::Batch { arrived_ms, connected_since_ms, bytes } => {
                let arrival = Arrival { at_ms: *arrived_ms, connected_since_ms: *connected_since_ms };
                let Receipt::Accepted { entries, .. } = self.at.ledger.accept(bytes, arrival) else {
                    self.whole = false;
                    return;
                };
                self.batches += 1;
                self.entries += entries.len() as u32;
                for entry in &entries {
                    self.note(entry.what, self.at.began_ms.saturating_add(entry.at_ms));
                }
                let (told, mut before_ms) = (&mut self.told, 0);
                self.monitor.hear(&entries, ms_between(self.zero, UnixMillis(*arrived_ms)), |monitor, _| {
                    let (told_ms, to_ms) = monitor.told();
                    tell(told, to_ms.saturating_sub(told_ms - before_ms), to_ms);
                    before_ms = told_ms;
                })
            }
            Item::Watch { at_ms, watch } => self.monitor.watch(*at_ms, *watch),
            Item::Found { at_ms, kind, .. } => self.monitor.find(*kind, *at_ms),
        };
        for output in outputs {
            if let Output::Violation(_, violation) = output {
                self.violations.insert(violation.id, violation);
            }
        }
    }

    /// Notes what a page says of itself.
    fn note(&mut self, what: What, at_ms: u32) {
        match what {
            What::Signal(Signal::NoVision) => {
                self.blind.get_or_insert(Blind { from_ms: at_ms, to_ms: None }).to_ms = None;
            }
            What::Look(_) => {
                if let Some(blind) = &mut self.blind {
                    blind.to_ms.get_or_insert(at_ms);
                }
            }
            What::Signal(Signal::Stage(Stage::Ended)) => self.ended = true,
            What::Signal(_) => {}
        }
    }

    /// Where another worker goes on. What only a checkpoint knows is as at the beginning.
    fn checkpoint(self, stills: usize, frames: usize, now: UnixMillis) -> Checkpoint {
        let budget = Budget::after(self.bytes, stills as u32, frames as u32, now);
        Checkpoint { memory: self.monitor.checkpoint().clone(), budget, ..self.at }
    }
}

/// Adds a span that comes after all others.
fn tell(told: &mut Vec<(u32, u32)>, from_ms: u32, to_ms: u32) {
    match told.last_mut() {
        Some(last) if from_ms <= last.1 => last.1 = last.1.max(to_ms),
        _ if from_ms < to_ms => told.push((from_ms, to_ms)),
        _ => {}
    }
}

impl Proctor {
    /// Walks through all that is stored. `mark`: how far it came at least.
    pub(super) async fn walk(
        &self,
        mut walk: Walk,
        mark: Option<LogMark>,
    ) -> Result<Result<Walk, Unreadable>, ServiceError> {
        let names = self.vault.names(walk.id, chunk::PREFIX).await?;
        for (number, name) in (0..).zip(&names) {
            walk.whole &= chunk::number(name) == Some(number);
            let Some(bytes) = self.vault.read(walk.id, name).await? else {
                walk.whole = false;
                continue;
            };
            match Chunk::decode(&bytes) {
                Ok(chunk) => chunk.items.iter().for_each(|item| walk.read(item)),
                Err(why) => return Ok(Err(why)),
            }
            walk.bytes += bytes.len() as u64;
            walk.whole &= mark.is_none_or(|mark| mark.chunks != number + 1 || mark.head == walk.head());
        }
        walk.whole &= mark.is_none_or(|mark| mark.chunks as usize <= names.len());
        Ok(Ok(walk))
    }

    /// The checkpoint of a chunk, or what the log comes to where another build wrote it.
    pub(super) async fn checkpoint(
        &self,
        chunk: &Chunk,
        walk: Walk,
        now: UnixMillis,
    ) -> Result<Checkpoint, ServiceError> {
        if let Some(checkpoint) = chunk.checkpoint() {
            return Ok(checkpoint);
        }
        let id = walk.id;
        tracing::info!(session.id = %id, "a log of another build is read from its beginning");
        let walk = self.walk(walk, None).await?.map_err(StoreError::from)?;
        let stills = self.vault.names(id, evidence::STILLS).await?.len();
        let frames = self.vault.names(id, checks::FRAMES).await?.len();
        Ok(walk.checkpoint(stills, frames, now))
    }
}

#[cfg(test)]
mod tests;
