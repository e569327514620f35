//! Recordings are erased when they were kept for long enough.

use super::Proctor;
use crate::{
    interview::Command,
    model::{Session, SessionId, UnixMillis},
    ports::Order,
    service::ServiceError,
};

/// Sessions looked at in one go.
const PAGE: u32 = 100;

const DAY_MS: i64 = 86_400_000;

/// In the order of time. Times before 1970 do not occur.
fn key(at: UnixMillis, id: SessionId) -> String {
    format!("{:016}:{id}", at.0.max(0))
}

impl Proctor {
    /// Writes down when the recordings of a session are to be erased, counted from now. Again is no error: the latest counts.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn remember_to_erase(&self, session: &Session) -> Result<(), ServiceError> {
        let Some(kept) = &session.proctoring else { return Ok(()) };
        let begin = session.ended_at.unwrap_or(session.created_at);
        let at = UnixMillis(begin.0 + i64::from(kept.rules.keep_days) * DAY_MS);
        self.due.put(&key(at, session.id), &session.id, None).await?;
        Ok(())
    }

    /// Erases what is due.
    pub async fn erase_due(&self) {
        if let Err(error) = self.try_erase_due().await {
            tracing::warn!(%error, "recordings that are due could not be erased");
        }
    }

    async fn try_erase_due(&self) -> Result<(), ServiceError> {
        let Some(lease) = self.leases.take("erasure").await? else { return Ok(()) };
        let now = key(self.clock.now(), SessionId(uuid::Uuid::max()));
        let erased = async {
            for (key, id) in self.due.list(Order::Ascending, PAGE).await? {
                if key > now {
                    break;
                }
                self.erase_one(id, &key).await?;
            }
            Ok(())
        };
        let erased = erased.await;
        lease.give_back().await;
        erased
    }

    async fn erase_one(&self, id: SessionId, due: &str) -> Result<(), ServiceError> {
        match self.sessions.get(id).await {
            Ok(session) => {
                let end = session.ended_at;
                let days = session.proctoring.as_ref().map_or(0, |kept| i64::from(kept.rules.keep_days));
                let at = end.map(|end| UnixMillis(end.0 + days * DAY_MS));
                if at.is_none_or(|at| at > self.clock.now()) {
                    // It still goes on, or went on for longer than was thought: looked at again later.
                    let later = at.unwrap_or(UnixMillis(self.clock.now().0 + DAY_MS));
                    self.due.put(&key(later, id), &id, None).await?;
                } else {
                    self.vault.erase(id).await?;
                    self.sessions.step(id, &Command::NoteErased).await?;
                }
            }
            // Deleted: its recordings went with it.
            Err(ServiceError::NoSession(_)) => self.vault.erase(id).await?,
            Err(error) => return Err(error),
        }
        self.due.take(due).await?;
        Ok(())
    }
}
