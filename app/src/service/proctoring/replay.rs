//! Walks through a stored log again: whether it is whole, and leads to the same violations.

use std::collections::BTreeMap;

use proctor::{
    log::{Arrival, Ledger, Receipt},
    policy::{Monitor, Output, Violation, ViolationId, Watch},
    signal::{Signal, Stage, What},
};

use super::{
    Proctor,
    chunk::{self, Chunk, Item},
    ending,
};
use crate::{
    model::{Blind, SessionId},
    ports::StoreError,
    service::ServiceError,
};

/// What a log comes to when it is read once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    pub logs: u32,
    pub batches: u32,
    pub entries: u32,
    /// Every batch follows from the one before, and no chunk is missing.
    pub whole: bool,
    /// Whether the page told of the interview's end, or may still do so.
    pub ended: bool,
    /// When the page could not look at the picture.
    pub blind: Option<Blind>,
    pub violations: Vec<Violation>,
}

impl Proctor {
    /// Reads a session's log once more. None where there is none, or none any more.
    ///
    /// # Errors
    /// The store's.
    pub async fn replay(&self, id: SessionId) -> Result<Option<Replay>, ServiceError> {
        let session = self.sessions.get(id).await?;
        let Some(kept) = &session.proctoring else { return Ok(None) };
        let names = self.vault.names(id, chunk::PREFIX).await?;
        if names.is_empty() || kept.erased_at.is_some() {
            return Ok(None);
        }
        let policy = kept.rules.policy().map_err(|error| StoreError::Failed(format!("a stored policy: {error}")))?;
        let mut reading = Reading {
            ledger: None,
            session: id.to_string(),
            monitor: Monitor::new(&policy),
            violations: BTreeMap::new(),
            replay: Replay {
                logs: 0,
                batches: 0,
                entries: 0,
                whole: true,
                ended: false,
                blind: None,
                violations: Vec::new(),
            },
        };
        for (number, name) in (0..).zip(&names) {
            reading.replay.whole &= chunk::number(name) == Some(number);
            match self.vault.read(id, name).await? {
                Some(bytes) => Chunk::decode(&bytes)?.items.into_iter().for_each(|item| reading.read(item)),
                None => reading.replay.whole = false,
            }
        }
        reading.replay.ended |= !ending::is_past(&session, self.clock.now());
        Ok(Some(Replay { violations: reading.violations.into_values().collect(), ..reading.replay }))
    }
}

impl Replay {
    /// Notes what the page says of itself.
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
}

struct Reading {
    ledger: Option<(Ledger, i64, u32)>,
    session: String,
    monitor: Monitor,
    violations: BTreeMap<ViolationId, Violation>,
    replay: Replay,
}

impl Reading {
    fn read(&mut self, item: Item) {
        match item {
            Item::Opened { log, nonce, began_ms, opened_ms, .. } => {
                let outputs = self.monitor.begin_log(began_ms);
                self.take(outputs);
                self.ledger = Some((Ledger::new(&self.session, log, &nonce, opened_ms), opened_ms, began_ms));
                self.replay.logs += 1;
            }
            Item::Batch { arrived_ms, connected_since_ms, bytes } => self.batch(arrived_ms, connected_since_ms, &bytes),
            Item::Watch { at_ms, watch } => {
                let outputs = self.monitor.watch(at_ms, watch);
                self.take(outputs);
            }
            Item::Found { at_ms, kind, .. } => {
                let outputs = self.monitor.find(kind, at_ms);
                self.take(outputs);
            }
        }
    }

    fn batch(&mut self, at_ms: i64, connected_since_ms: i64, bytes: &[u8]) {
        let Some((ledger, opened_ms, began_ms)) = &mut self.ledger else {
            self.replay.whole = false;
            return;
        };
        let Receipt::Accepted { entries, .. } = ledger.accept(bytes, Arrival { at_ms, connected_since_ms }) else {
            self.replay.whole = false;
            return;
        };
        let now_ms = u32::try_from(at_ms - *opened_ms).unwrap_or(0).saturating_add(*began_ms);
        self.replay.batches += 1;
        self.replay.entries += entries.len() as u32;
        let began_ms = *began_ms;
        for entry in &entries {
            let outputs = self.monitor.step(entry);
            self.take(outputs);
            self.replay.note(entry.what, began_ms.saturating_add(entry.at_ms));
        }
        if !entries.is_empty() {
            let outputs = self.monitor.watch(now_ms, Watch::Heard);
            self.take(outputs);
        }
    }

    fn take(&mut self, outputs: Vec<Output>) {
        for output in outputs {
            if let Output::Violation(_, violation) = output {
                self.violations.insert(violation.id, violation);
            }
        }
    }
}
