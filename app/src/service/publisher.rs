//! Copies events to the events collection, behind the answers' back. Until then they are safe in their sessions.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex, mpsc},
    time::MissedTickBehavior,
};

use super::ServiceError;
use crate::{
    model::{Recorded, SessionId},
    ports::{SessionStore, StoreError},
};

/// Steps whose events may wait to be copied.
const QUEUE: usize = 10_000;

/// Steps whose events are copied in one write at most.
const BATCH: usize = 500;

/// From one write to the next at least. An idle worker's events go out at once; under load one write takes those of many
/// steps, which costs the store a fraction of what as many writes would.
const PACE: Duration = Duration::from_millis(25);

/// The pauses between attempts while the store is down.
const PAUSES: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(5));

/// A step's events on their way to the events collection.
pub(super) struct Outgoing {
    pub id: SessionId,
    pub events: Vec<Recorded>,
    /// Sequence number of the session's last event known to have been copied.
    pub published: Arc<AtomicU64>,
}

/// The way out for events.
pub(super) struct Publisher {
    exclusive: bool,
    queue: mpsc::Sender<Outgoing>,
    deleted: Deleted,
}

/// Sessions deleted while their events may still wait to be copied.
type Deleted = Arc<Mutex<HashSet<SessionId>>>;

impl Publisher {
    pub(super) fn start(store: Arc<dyn SessionStore>) -> Self {
        let (queue, outgoing) = mpsc::channel(QUEUE);
        let deleted = Deleted::default();
        let exclusive = store.is_exclusive();
        tokio::spawn(work(store, outgoing, deleted.clone()));
        Self { exclusive, queue, deleted }
    }

    /// Puts events on their way. While there are too many they stay with their session: its next step sends them along,
    /// and whoever loads it copies them.
    pub(super) fn send(&self, events: Outgoing) {
        if let Err(error) = self.queue.try_send(events) {
            tracing::warn!(%error, "events wait with their session");
        }
    }

    /// Runs a deletion, and copies no event of the session any more if it succeeds.
    pub(super) async fn without(
        &self,
        id: SessionId,
        deleting: impl Future<Output = Result<bool, ServiceError>>,
    ) -> Result<bool, ServiceError> {
        // A store that takes events together with their session has none on the way.
        if self.exclusive {
            return deleting.await;
        }
        // Waits for events that are being copied right now; later ones of this session are not copied.
        self.deleted.lock().await.insert(id);
        let result = deleting.await;
        if !matches!(result, Ok(true)) {
            self.deleted.lock().await.remove(&id);
        }
        result
    }
}

/// Events that are still to be copied, each once: a step takes along what the one before it has not got rid of yet.
fn uncopied<'a>(batch: impl Iterator<Item = &'a Outgoing>) -> Vec<(SessionId, Recorded)> {
    let mut last = HashMap::new();
    let mut events = Vec::new();
    for out in batch {
        let last = last.entry(out.id).or_insert(0);
        *last = out.published.load(Ordering::Acquire).max(*last);
        for event in out.events.iter().filter(|event| event.seq > *last) {
            events.push((out.id, event.clone()));
        }
        *last = out.events.last().map_or(*last, |event| event.seq.max(*last));
    }
    events
}

async fn work(store: Arc<dyn SessionStore>, mut outgoing: mpsc::Receiver<Outgoing>, deleted: Deleted) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut pace = tokio::time::interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        pace.tick().await;
        if outgoing.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        if let Err(error) = insist(store.as_ref(), &batch, &deleted).await {
            // One of them the store will never take; the others must not wait behind it.
            tracing::error!(%error, "events were refused");
            for one in &batch {
                if let Err(error) = insist(store.as_ref(), std::slice::from_ref(one), &deleted).await {
                    tracing::error!(session.id = %one.id, %error, "a step's events cannot be copied");
                }
            }
        }
        for out in batch.drain(..) {
            if let Some(last) = out.events.last() {
                out.published.fetch_max(last.seq, Ordering::AcqRel);
            }
        }
        if outgoing.is_empty() {
            deleted.lock().await.clear();
        }
    }
}

/// Copies events, again and again while the store is unavailable.
async fn insist(store: &dyn SessionStore, batch: &[Outgoing], deleted: &Deleted) -> Result<(), StoreError> {
    let (mut pause, longest) = PAUSES;
    loop {
        let result = {
            // Held until the events are copied, so that no session is deleted in between.
            let deleted = deleted.lock().await;
            store.publish(&uncopied(batch.iter().filter(|out| !deleted.contains(&out.id)))).await
        };
        match result {
            Err(StoreError::Failed(text)) => return Err(StoreError::Failed(text)),
            Err(error) => tracing::warn!(%error, steps = batch.len(), "events could not be copied; trying again"),
            Ok(()) => return Ok(()),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(longest);
    }
}
