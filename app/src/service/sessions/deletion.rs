//! Deletion: of a session nothing is left, neither here nor in the store.

use std::sync::Arc;

use super::{Sessions, to_its_end};
use crate::{
    model::SessionId,
    ports::{RecordKind, StoreError},
    service::{ServiceError, creation::room_record},
};

impl Sessions {
    /// Removes the session and its events, here and in the store.
    pub(in crate::service) async fn delete(self: &Arc<Self>, id: SessionId) -> Result<(), ServiceError> {
        let this = self.clone();
        to_its_end(async move { this.forget(id).await }).await
    }

    async fn forget(&self, id: SessionId) -> Result<(), ServiceError> {
        let _turn = self.turn(id).await?;
        let stored = self.store.load(id).await?.ok_or(ServiceError::NoSession(id))?;
        for key in stored.session.create_key.iter().flat_map(|key| [key.clone(), room_record(key)]) {
            self.records.take(RecordKind::Idempotency, &key).await?;
        }
        // Before the session, so that what cannot be removed now is still to be found; and after it, since another
        // worker may have kept a record meanwhile. A line of a list that is forgotten is not written again.
        if let Some(list) = &stored.session.invitations {
            self.lists.forget(list, id).await?;
        }
        self.forget_records(id).await?;
        self.cache.remove(&id);
        let deleted = self.store.delete(id).await?;
        self.news.gone(id);
        self.forget_records(id).await?;
        if deleted { Ok(()) } else { Err(ServiceError::NoSession(id)) }
    }

    async fn forget_records(&self, id: SessionId) -> Result<(), StoreError> {
        for kind in [RecordKind::Draft, RecordKind::Report] {
            self.records.take(kind, &id.to_string()).await?;
        }
        self.vault.erase(id).await
    }
}
