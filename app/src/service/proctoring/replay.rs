//! Walks through a stored log again: whether it is whole, and leads to the same violations.

use std::collections::BTreeMap;

use proctor::{
    log::{Arrival, Ledger, Receipt},
    policy::{Monitor, Output, Violation, ViolationId, Watch},
};

use super::{
    Proctor,
    chunk::{self, Chunk, Item},
};
use crate::{model::SessionId, ports::StoreError, service::ServiceError};

/// What a log comes to when it is read once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    pub logs: u32,
    pub batches: u32,
    pub entries: u32,
    /// Every batch follows from the one before, and no chunk is missing.
    pub whole: bool,
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
            replay: Replay { logs: 0, batches: 0, entries: 0, whole: true, violations: Vec::new() },
        };
        for (number, name) in (0..).zip(&names) {
            reading.replay.whole &= chunk::number(name) == Some(number);
            match self.vault.read(id, name).await? {
                Some(bytes) => Chunk::decode(&bytes)?.items.into_iter().for_each(|item| reading.read(item)),
                None => reading.replay.whole = false,
            }
        }
        Ok(Some(Replay { violations: reading.violations.into_values().collect(), ..reading.replay }))
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
        for entry in &entries {
            let outputs = self.monitor.step(entry);
            self.take(outputs);
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
