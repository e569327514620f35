//! The figures of `/stats`. A source that does not answer in time gives its last known value and its name.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use super::{Rooms, Sessions};
use crate::{model::Stats, ports::SessionCounts};

/// How long a source may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Counts from store, memory and LiveKit.
pub struct StatsService {
    sessions: Arc<Sessions>,
    rooms: Arc<Rooms>,
    counts: Source<SessionCounts>,
    live_rooms: Source<u64>,
}

impl StatsService {
    pub(super) fn new(sessions: Arc<Sessions>, rooms: Arc<Rooms>) -> Self {
        Self { sessions, rooms, counts: Source::default(), live_rooms: Source::default() }
    }

    /// The figures now. Takes a second at most.
    pub async fn read(&self) -> Stats {
        let sessions = self.sessions.clone();
        let counts = self.counts.read(PATIENCE, async move {
            sessions.store().counts().await.inspect_err(|error| tracing::warn!(%error, "counting sessions failed")).ok()
        });
        let rooms = self.rooms.clone();
        let live_rooms = self.live_rooms.read(PATIENCE, async move {
            rooms
                .list()
                .await
                .map(|list| list.len() as u64)
                .inspect_err(|error| tracing::warn!(%error, "listing rooms failed"))
                .ok()
        });
        let ((counts, store_stale), (live_rooms, rooms_stale)) = futures::join!(counts, live_rooms);
        let stale = [("store", store_stale), ("livekit", rooms_stale)];
        Stats {
            total_sessions: counts.initialized + counts.in_progress + counts.completed,
            active_sessions: counts.in_progress,
            completed_sessions: counts.completed,
            initialized_sessions: counts.initialized,
            in_memory_sessions: self.sessions.in_memory(),
            active_livekit_rooms: live_rooms,
            stale: stale.iter().filter(|(_, stale)| *stale).map(|(name, _)| (*name).to_owned()).collect(),
        }
    }
}

type Reading<T> = Shared<BoxFuture<'static, Option<T>>>;

/// One source of figures. Readers that come while it is being asked share the answer, so that a slow source is never
/// asked twice at once.
struct Source<T: Clone> {
    last: Arc<Mutex<T>>,
    reading: Mutex<Option<Reading<T>>>,
}

impl<T: Clone + Default> Default for Source<T> {
    fn default() -> Self {
        Self { last: Arc::default(), reading: Mutex::default() }
    }
}

impl<T: Clone + Send + Sync + 'static> Source<T> {
    /// The value, and whether it is an old one.
    async fn read(&self, patience: Duration, ask: impl Future<Output = Option<T>> + Send + 'static) -> (T, bool) {
        let reading = {
            let mut slot = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
            match slot.as_ref().filter(|reading| reading.peek().is_none()) {
                Some(reading) => reading.clone(),
                None => {
                    let last = self.last.clone();
                    let reading = async move {
                        let value = ask.await?;
                        *last.lock().unwrap_or_else(PoisonError::into_inner) = value.clone();
                        Some(value)
                    }
                    .boxed()
                    .shared();
                    // Goes on when every reader has given up, so that the next one finds a newer value.
                    tokio::spawn(reading.clone());
                    slot.insert(reading).clone()
                }
            }
        };
        match tokio::time::timeout(patience, reading).await {
            Ok(Some(value)) => (value, false),
            _ => (self.last.lock().unwrap_or_else(PoisonError::into_inner).clone(), true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_source_that_hangs_gives_its_last_value() {
        let source = Source::<u64>::default();
        assert_eq!(source.read(PATIENCE, async { Some(7) }).await, (7, false));
        assert_eq!(source.read(Duration::from_millis(1), std::future::pending()).await, (7, true));
    }

    #[tokio::test]
    async fn a_source_that_fails_gives_its_last_value_and_is_asked_again() {
        let source = Source::<u64>::default();
        assert_eq!(source.read(PATIENCE, async { None }).await, (0, true));
        assert_eq!(source.read(PATIENCE, async { Some(3) }).await, (3, false));
    }
}
