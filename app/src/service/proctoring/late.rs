//! What a connection left behind while the store was down: the end of a log, which no page sends again.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::{StreamExt as _, stream};

use super::{Proctor, on::On, watcher::Watcher};
use crate::{model::SessionId, ports::StoreError, service::ServiceError};

/// Ends of logs that are kept at the same time.
const AT_ONCE: usize = 8;

/// Ends of logs that are not durable yet, in the order in which they were left.
#[derive(Default)]
pub(super) struct Late {
    ends: Mutex<Vec<(SessionId, Box<On>)>>,
    /// One looks through all of them at a time: whoever is the last to look waits for what others took out.
    turn: tokio::sync::Mutex<()>,
}

impl Late {
    pub fn push(&self, id: SessionId, on: Box<On>) {
        self.lock().push((id, on));
    }

    /// Takes them out: those of a session, or all.
    fn take(&self, id: Option<SessionId>) -> Vec<(SessionId, Box<On>)> {
        self.lock().extract_if(.., |(of, _)| id.is_none_or(|id| *of == id)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(SessionId, Box<On>)>> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Proctor {
    /// To be called every second: keeps what could not be kept when its connection ended. What an earlier call is at is waited
    /// for.
    pub async fn keep_late(self: &Arc<Self>) {
        let _turn = self.late.turn.lock().await;
        self.keep_late_of(None).await;
    }

    pub(super) async fn keep_late_of(self: &Arc<Self>, id: Option<SessionId>) {
        let mut sessions: BTreeMap<SessionId, Vec<On>> = BTreeMap::new();
        for (id, on) in self.late.take(id) {
            sessions.entry(id).or_default().push(*on);
        }
        let all = stream::iter(sessions);
        all.map(|(id, ends)| Box::pin(self.keep_ends(id, ends))).buffer_unordered(AT_ONCE).collect::<()>().await;
    }

    async fn keep_ends(self: &Arc<Self>, id: SessionId, ends: Vec<On>) {
        for on in ends {
            Watcher::going_on(self.clone(), id, Box::new(on)).wind_up().await;
        }
    }
}

impl Watcher {
    /// Keeps all that is there. What the store does not take now is tried again by and by.
    pub(super) async fn wind_up(&mut self) {
        let Some(on) = &self.on else { return };
        let kept = if on.ended_at.is_some() { self.close().await } else { self.save_and_mark().await };
        let on = self.on.take();
        match (kept, on) {
            (Err(ServiceError::Store(StoreError::Unavailable(error))), Some(on)) => {
                tracing::debug!(session.id = %self.id, %error, "the end of a log waits for the store");
                self.proctor.late.push(self.id, on);
            }
            // Another worker went on with it, and the page sends it what it lacks.
            (Err(ServiceError::Store(StoreError::Conflict)), Some(on)) => Box::pin(self.hand_over(on)).await,
            (Err(error), _) => tracing::debug!(session.id = %self.id, %error, "the end of a log is not kept"),
            (Ok(_), _) => {}
        }
    }
}
