//! News of sessions for those who watch them: in this worker at once, from other workers by looking at the store.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::watch;

use crate::model::{Session, SessionId};

/// A session as it was last heard of. `None`: it was deleted.
pub type Latest = Option<Arc<Session>>;

/// Who watches what. Only the newest state counts, so a slow watcher misses steps in between and never the last one.
#[derive(Default)]
pub struct News {
    watched: Mutex<HashMap<SessionId, Watched>>,
}

struct Watched {
    version: u64,
    latest: watch::Sender<Latest>,
}

impl News {
    /// Watches a session, which is at `version` or later now.
    pub(super) fn watch(&self, version: u64, session: Arc<Session>) -> watch::Receiver<Latest> {
        let mut all = self.all();
        // Those whom nobody watches any more make room.
        all.retain(|_, watched| watched.latest.receiver_count() > 0);
        let id = session.id;
        let watched = all.entry(id).or_insert_with(|| Watched { version, latest: watch::Sender::new(Some(session)) });
        watched.latest.subscribe()
    }

    /// Tells what was saved or loaded. Older news than what was told is dropped.
    pub(super) fn tell(&self, version: u64, session: &Arc<Session>) {
        if let Some(watched) = self.all().get_mut(&session.id)
            && version > watched.version
        {
            watched.version = version;
            watched.latest.send_replace(Some(session.clone()));
        }
    }

    /// Tells that a session is no more.
    pub(super) fn gone(&self, id: SessionId) {
        if let Some(watched) = self.all().remove(&id) {
            watched.latest.send_replace(None);
        }
    }

    /// The sessions that somebody watches, with the version last told.
    pub(super) fn watched(&self) -> HashMap<SessionId, u64> {
        let all = self.all();
        let still = all.iter().filter(|(_, watched)| watched.latest.receiver_count() > 0);
        still.map(|(id, watched)| (*id, watched.version)).collect()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<SessionId, Watched>> {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
