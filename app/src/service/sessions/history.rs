//! What happened in a session, a part at a time.

use super::{Sessions, publisher};
use crate::{
    model::{Recorded, SessionId},
    service::ServiceError,
};

impl Sessions {
    /// What happened in the session later than number `after`, in order: at most `limit`. Heals what a crash left uncopied.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn events_after(&self, id: SessionId, after: u64, limit: u32) -> Result<Vec<Recorded>, ServiceError> {
        let Some(stored) = self.store.load(id).await? else { return Err(ServiceError::NoSession(id)) };
        let events = self.store.events_after(id, after, limit).await?;
        // A page that is not full goes on to the end.
        let last = events.last().filter(|_| events.len() >= limit as usize).map_or(u64::MAX, |last| last.seq);
        let copied = |seq: u64| events.binary_search_by_key(&seq, |it| it.seq).is_ok();
        let here = |event: &Recorded| event.seq > after && event.seq < last;
        let pending = stored.pending.into_iter().filter(|event| here(event) && !copied(event.seq));
        let left: Vec<_> = pending.map(|event| (id, event)).collect();
        if left.is_empty() {
            return Ok(events);
        }
        publisher::copy(self.store.as_ref(), &left).await?;
        Ok(self.store.events_after(id, after, limit).await?)
    }
}
