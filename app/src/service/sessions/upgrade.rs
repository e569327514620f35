//! Sessions that an older version of the program stored are brought up to date.

use super::Sessions;
use crate::{
    model::{SessionId, UnixMillis},
    ports::{RecordKind, StoreError},
    service::ServiceError,
};

/// Sessions looked for in one go.
const PAGE: u32 = 200;

/// Milliseconds until it is looked again, by whichever worker: one of an older version may still be at work.
const AGAIN_MS: i64 = 86_400_000;

/// What is kept of the last look.
const LOOKED: &str = "sessions are up to date";

impl Sessions {
    /// To be called every now and then: puts right how completed sessions are stored that never had a report because an
    /// older version of the program did not say that there is work. Looks once a day, for all workers.
    ///
    /// # Errors
    /// The store's. Then the rest is put right another time.
    pub(in crate::service) async fn bring_up_to_date(&self) -> Result<(), ServiceError> {
        if self.records.get(RecordKind::Lease, LOOKED).await?.is_some() {
            return Ok(());
        }
        loop {
            let outdated = self.store.outdated(PAGE).await?;
            let mut left = 0;
            for id in &outdated {
                if let Err(error) = self.store_again(*id).await {
                    tracing::warn!(session.id = %id, %error, "a session of an older version could not be brought up to date");
                    left += 1;
                }
            }
            if outdated.len() < PAGE as usize || left == outdated.len() {
                break;
            }
        }
        let expires_at = UnixMillis(self.clock.now().0 + AGAIN_MS);
        Ok(self.records.put(RecordKind::Lease, LOOKED, "", Some(expires_at)).await?)
    }

    async fn store_again(&self, id: SessionId) -> Result<(), ServiceError> {
        let _turn = self.turn(id).await?;
        let held = self.fetch(id).await?;
        match self.save(&held, (*held.session).clone(), Vec::new()).await {
            // Somebody else saved it.
            Ok(_) | Err(StoreError::Conflict) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
