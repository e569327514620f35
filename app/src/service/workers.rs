//! Which workers are at work. Each says so every second; one that falls silent left its candidates alone, and they are
//! given back the time.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use super::tokens::random_uuid;
use crate::{
    model::{UnixMillis, WorkerId},
    ports::{Clock, Order, RecordKind, RecordStore, StoreError},
};

/// Milliseconds of silence after which a worker counts as down, another one or this one itself: it could not reach the
/// store, so it could not serve anybody.
const SILENT_MS: i64 = 4_000;

/// Milliseconds for which what was learned of another worker is taken to be so.
const KNOWN_MS: i64 = 1_000;

/// Milliseconds of silence after which a worker surely does nothing any more that it began before.
const GONE_MS: i64 = 60_000;

/// Workers whose records are looked at.
const LISTED: u32 = 1_000;

/// Milliseconds after which a silent worker is forgotten.
const FORGOTTEN_MS: i64 = 7 * 86_400_000;

/// This worker, and what it knows of the others.
pub struct Workers {
    id: WorkerId,
    records: Arc<dyn RecordStore>,
    clock: Arc<dyn Clock>,
    /// Whether there can be no other worker.
    alone: bool,
    /// When this worker last said that it is at work; 0 before the first time.
    beaten_at: AtomicI64,
    others: Mutex<HashMap<WorkerId, Known>>,
}

/// When it was looked at, and since when it has been down.
type Known = (UnixMillis, Option<UnixMillis>);

impl Workers {
    pub(super) fn new(records: Arc<dyn RecordStore>, clock: Arc<dyn Clock>, alone: bool) -> Self {
        let id = WorkerId(random_uuid());
        Self { id, records, clock, alone, beaten_at: AtomicI64::new(0), others: Mutex::default() }
    }

    /// This worker.
    #[must_use]
    pub fn id(&self) -> WorkerId {
        self.id
    }

    /// Says that this worker is at work.
    ///
    /// # Errors
    /// The store's.
    pub async fn beat(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let expires_at = UnixMillis(now.0 + FORGOTTEN_MS);
        self.records.put(RecordKind::Worker, &self.id.to_string(), &now.0.to_string(), Some(expires_at)).await?;
        self.beaten_at.store(now.0, Ordering::Release);
        Ok(())
    }

    /// Whether the others know that this worker is there.
    pub(super) fn is_known(&self) -> bool {
        self.beaten_at.load(Ordering::Acquire) != 0
    }

    /// Whether other workers may be at work.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn are_others(&self) -> Result<bool, StoreError> {
        if self.alone {
            return Ok(false);
        }
        let (now, own) = (self.clock.now(), self.id.to_string());
        let known = self.records.list(RecordKind::Worker, Order::Descending, LISTED).await?;
        let lately = |text: &str| text.parse().is_ok_and(|beaten_at| now.since(UnixMillis(beaten_at)) < GONE_MS);
        Ok(known.len() == LISTED as usize || known.iter().any(|(id, text)| *id != own && lately(text)))
    }

    /// Since when this worker has not been able to say that it is at work, if that is long.
    #[must_use]
    pub fn silent_since(&self) -> Option<UnixMillis> {
        let beaten_at = UnixMillis(self.beaten_at.load(Ordering::Acquire));
        (beaten_at.0 != 0 && self.clock.now().since(beaten_at) >= SILENT_MS).then_some(beaten_at)
    }

    /// Since when another worker has been down. `None`: it is at work.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn down_since(&self, worker: WorkerId) -> Result<Option<UnixMillis>, StoreError> {
        let now = self.clock.now();
        if worker == self.id {
            return Ok(None);
        }
        if let Some((at, down)) = self.others().get(&worker)
            && now.since(*at) < KNOWN_MS
        {
            return Ok(*down);
        }
        let record = self.records.get(RecordKind::Worker, &worker.to_string()).await?;
        // Without a record it has been silent for as long as we remember.
        let beaten_at = UnixMillis(record.and_then(|text| text.parse().ok()).unwrap_or(0));
        let down = (self.alone || now.since(beaten_at) >= SILENT_MS).then_some(beaten_at);
        let mut others = self.others();
        others.retain(|_, (at, _)| now.since(*at) < KNOWN_MS);
        others.insert(worker, (now, down));
        Ok(down)
    }

    fn others(&self) -> MutexGuard<'_, HashMap<WorkerId, Known>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
