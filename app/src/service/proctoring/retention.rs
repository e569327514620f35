//! Recordings are erased when they were kept for long enough.

use super::Proctor;
use crate::{
    interview::Command,
    model::{Session, SessionId, UnixMillis},
    service::{ServiceError, leases::Lease},
};

/// Sessions read in one go.
const PAGE: u32 = 100;

/// Milliseconds after which what could not be erased is tried again.
const AGAIN_MS: i64 = 3_600_000;

/// In the order of time. Times before 1970 do not occur; `;` follows `:`.
fn key(at: UnixMillis, id: SessionId) -> String {
    format!("{:016}:{id}", at.0.max(0))
}

impl Proctor {
    /// Writes down when the recordings of a session that are about to begin are to be looked at for the first time: nothing is
    /// due earlier, however little comes after this moment. Again is no error: each look finds out what is due.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn remember_to_erase(&self, session: &Session) -> Result<(), ServiceError> {
        let Some(kept) = &session.proctoring else { return Ok(()) };
        let at = kept.rules.kept_until(self.clock.now());
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
        let looked = self.look_at_due(&lease).await;
        lease.give_back().await;
        looked
    }

    /// All that is due by now, unless the lease is lost: then whoever has it goes on.
    async fn look_at_due(&self, lease: &Lease) -> Result<(), ServiceError> {
        let (mut from, to) = (String::new(), format!("{:016};", self.clock.now().0.max(0)));
        loop {
            let due = self.due.between(&from, &to, PAGE).await?;
            for (due, id) in due.items {
                if !lease.is_held() {
                    return Ok(());
                }
                if let Err(error) = self.erase_one(id, &due).await {
                    // The others do not wait for it.
                    tracing::warn!(session.id = %id, %error, "recordings could not be erased, and are tried again later");
                    self.look_again(id, &due, UnixMillis(self.clock.now().0 + AGAIN_MS)).await?;
                }
            }
            let Some(next) = due.next else { return Ok(()) };
            from = next;
        }
    }

    async fn erase_one(&self, id: SessionId, due: &str) -> Result<(), ServiceError> {
        match self.sessions.get(id).await {
            Ok(session) => {
                let until = session.proctoring.as_ref().map(|kept| kept.rules.kept_until(session.last_active_at()));
                if let Some(until) = until.filter(|until| *until > self.clock.now()) {
                    // More happened after this look was written down.
                    return self.look_again(id, due, until).await;
                }
                self.vault.erase(id).await?;
                self.sessions.step(id, &Command::NoteErased).await?;
            }
            // Deleted: its recordings went with it.
            Err(ServiceError::NoSession(_)) => self.vault.erase(id).await?,
            Err(error) => return Err(error),
        }
        self.due.take(due).await?;
        Ok(())
    }

    async fn look_again(&self, id: SessionId, due: &str, at: UnixMillis) -> Result<(), ServiceError> {
        self.due.put(&key(at, id), &id, None).await?;
        self.due.take(due).await?;
        Ok(())
    }
}
