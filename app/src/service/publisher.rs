//! Copies events to the events collection, behind the answers' back. Until then they are safe in their sessions.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::mpsc,
    time::{Instant, MissedTickBehavior},
};

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

/// Events copied this soon after their step need no look whether their session is still there: a deletion in between is looked
/// after a minute after it began, and that takes them away.
const SOON: Duration = Duration::from_secs(20);

/// A step's events on their way to the events collection.
pub(super) struct Outgoing {
    pub id: SessionId,
    pub events: Vec<Recorded>,
    /// When the step was saved.
    pub since: Instant,
    /// Sequence number of the session's last event known to have been copied.
    pub published: Arc<AtomicU64>,
}

/// The way out for events.
pub(super) struct Publisher {
    queue: mpsc::Sender<Outgoing>,
}

impl Publisher {
    pub(super) fn start(store: Arc<dyn SessionStore>) -> Self {
        let (queue, outgoing) = mpsc::channel(QUEUE);
        tokio::spawn(work(store, outgoing));
        Self { queue }
    }

    /// Puts events on their way. While there are too many they stay with their session: its next step sends them along,
    /// and whoever loads it copies them.
    pub(super) fn send(&self, events: Outgoing) {
        if let Err(error) = self.queue.try_send(events) {
            tracing::warn!(%error, "events wait with their session");
        }
    }
}

/// Copies events, and takes those of sessions that are gone away again. A deletion, here or at another worker, removes a
/// session's events once more after the session; so whichever of the two comes last leaves nothing.
pub(super) async fn copy(store: &dyn SessionStore, events: &[(SessionId, Recorded)]) -> Result<(), StoreError> {
    store.publish(events).await?;
    take_back(store, events).await
}

/// Takes the events of sessions that are gone away.
async fn take_back(store: &dyn SessionStore, events: &[(SessionId, Recorded)]) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = events.iter().map(|(id, _)| *id).collect::<BTreeSet<_>>().into_iter().collect();
    let there: HashSet<_> = store.versions(&ids).await?.into_iter().map(|(id, _)| id).collect();
    let left: Vec<_> =
        events.iter().filter(|(id, _)| !there.contains(id)).map(|(id, recorded)| (*id, recorded.seq)).collect();
    if left.is_empty() { Ok(()) } else { store.unpublish(&left).await }
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

async fn work(store: Arc<dyn SessionStore>, mut outgoing: mpsc::Receiver<Outgoing>) {
    let mut batch = Vec::with_capacity(BATCH);
    let mut pace = tokio::time::interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        pace.tick().await;
        if outgoing.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        if let Err(error) = insist(store.as_ref(), &batch).await {
            // One of them the store will never take; the others must not wait behind it.
            tracing::error!(%error, "events were refused");
            for one in &batch {
                if let Err(error) = insist(store.as_ref(), std::slice::from_ref(one)).await {
                    tracing::error!(session.id = %one.id, %error, "a step's events cannot be copied");
                }
            }
        }
        for out in batch.drain(..) {
            if let Some(last) = out.events.last() {
                out.published.fetch_max(last.seq, Ordering::AcqRel);
            }
        }
    }
}

/// Copies events, again and again while the store is unavailable.
async fn insist(store: &dyn SessionStore, batch: &[Outgoing]) -> Result<(), StoreError> {
    let (mut pause, longest) = PAUSES;
    loop {
        match copy_all(store, batch).await {
            Err(StoreError::Failed(text)) => return Err(StoreError::Failed(text)),
            Err(error) => tracing::warn!(%error, steps = batch.len(), "events could not be copied; trying again"),
            Ok(()) => return Ok(()),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(longest);
    }
}

/// Copies events; looks whether their sessions are still there only for those that waited. One read more for each new session
/// would cost some stores several times what copying does.
async fn copy_all(store: &dyn SessionStore, batch: &[Outgoing]) -> Result<(), StoreError> {
    store.publish(&uncopied(batch.iter())).await?;
    let late: Vec<_> = batch
        .iter()
        .filter(|out| out.since.elapsed() > SOON)
        .flat_map(|out| out.events.iter().map(|event| (out.id, event.clone())))
        .collect();
    take_back(store, &late).await
}
