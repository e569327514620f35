//! What a connection left behind while the store was down: the end of a log, which no page sends again.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Proctor, on::On, watcher::Watcher};
use crate::{model::SessionId, ports::StoreError, service::ServiceError};

/// Ends of logs that are not durable yet, in the order in which they were left.
#[derive(Default)]
pub(super) struct Late(Mutex<Vec<(SessionId, Box<On>)>>);

impl Late {
    pub fn push(&self, id: SessionId, on: Box<On>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((id, on));
    }

    /// Takes them out: those of a session, or all.
    fn take(&self, id: Option<SessionId>) -> Vec<(SessionId, Box<On>)> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.extract_if(.., |(of, _)| id.is_none_or(|id| *of == id)).collect()
    }
}

impl Proctor {
    /// To be called every second: keeps what could not be kept when its connection ended.
    pub async fn keep_late(self: &Arc<Self>) {
        self.keep_late_of(None).await;
    }

    pub(super) async fn keep_late_of(self: &Arc<Self>, id: Option<SessionId>) {
        for (id, on) in self.late.take(id) {
            Watcher::going_on(self.clone(), id, on).wind_up().await;
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
