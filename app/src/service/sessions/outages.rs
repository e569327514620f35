//! Time that candidates are given back for what workers could not do.

use std::sync::Arc;

use futures::{StreamExt, TryStreamExt, stream};

use super::Sessions;
use crate::{
    interview::Command,
    model::{Closing, Session, Status, UnixMillis},
    ports::StoreError,
    service::ServiceError,
};

/// Sessions that are given time back at once.
const GIVE_BACK: usize = 16;

impl Sessions {
    /// What happened while the worker that a candidate was connected to, or this one, could do nothing. Noted before any
    /// other step, so that nobody's time runs out by it.
    pub(super) async fn to_be_noted(&self, session: &Session) -> Result<Vec<Command>, StoreError> {
        let mut first = Vec::new();
        if session.status == Status::Completed {
            return Ok(first);
        }
        if let Some(channel) = session.presence.channel
            && let Some(last_seen) = self.workers.down_since(channel.worker).await?
        {
            let how = Closing::ServerDown;
            first.push(Command::CloseChannel { channel: channel.id, worker: channel.worker, last_seen, how });
        }
        if let Some(from) = self.workers.silent_since().filter(|_| self.depends_on_us(session)) {
            first.push(self.down_from(from));
        }
        Ok(first)
    }

    /// Whether a question is open and no other worker looks after the candidate.
    fn depends_on_us(&self, session: &Session) -> bool {
        session.open.is_some() && session.presence.channel.is_none_or(|channel| channel.worker == self.workers.id())
    }

    fn down_from(&self, from: UnixMillis) -> Command {
        Command::NoteServerDown { worker: self.workers.id(), from, to: self.clock.now() }
    }

    /// Gives time back to the candidates of this worker after it could do nothing for a while.
    ///
    /// # Errors
    /// When the store is still unavailable: then some may not have their time yet.
    pub(in crate::service) async fn give_back(self: &Arc<Self>, from: UnixMillis) -> Result<(), ServiceError> {
        let concerned: Vec<_> =
            self.cache.iter().filter(|(_, held)| self.depends_on_us(&held.session)).map(|(id, _)| id).collect();
        let steps = stream::iter(concerned).map(async |id| match self.step(id, &self.down_from(from)).await {
            Err(error) if error.is_transient() => Err(error),
            Err(ServiceError::NoSession(_)) | Ok(_) => Ok(()),
            // It must not keep all the others waiting for ever.
            Err(error) => {
                tracing::error!(session.id = %id, %error, "time could not be given back");
                Ok(())
            }
        });
        steps.buffer_unordered(GIVE_BACK).try_collect().await
    }
}
