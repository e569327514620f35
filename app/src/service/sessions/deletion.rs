//! Deletion: nothing of a session is left, neither here nor in the store.

use std::{collections::HashSet, sync::Arc};

use futures::{FutureExt, StreamExt, stream};
use serde::{Deserialize, Serialize};

use super::{Sessions, to_its_end};
use crate::{
    model::{Delivery, DeliveryState, Event, Recorded, SessionId, UnixMillis, WebhookEvent},
    ports::{RecordKind, StoreError, Stored},
    service::{ServiceError, creation::room_record, hooks::told_of, records::Typed},
};

/// Milliseconds after a deletion when it is looked again whether anything is left: whoever was working on the session has
/// finished or died by then.
const LOOKED_AFTER_MS: i64 = 60_000;

/// Deletions looked after in one go.
const PAGE: u32 = 100;

/// And at the same time.
const AT_ONCE: usize = 8;

/// Events past the last known one that may have come meanwhile.
const IN_FLIGHT: u64 = 32;

/// What is kept of a deletion until it was looked after.
#[derive(Serialize, Deserialize)]
pub(super) struct Deletion {
    session: SessionId,
    at: UnixMillis,
    /// Sequence number of the session's last event.
    seq: u64,
    /// When that happened of which webhooks were told: deliveries are found by it.
    #[serde(default)]
    told: Vec<UnixMillis>,
    /// Under which key the session's create could be repeated.
    #[serde(default)]
    create_key: Option<String>,
    /// The list in which the candidate stood.
    #[serde(default)]
    list: Option<String>,
}

impl Sessions {
    /// Removes the session and its events, here and in the store.
    pub(in crate::service) async fn delete(self: &Arc<Self>, id: SessionId) -> Result<(), ServiceError> {
        let this = self.clone();
        to_its_end(async move { this.forget(id, None).await }).await
    }

    /// `begun`: when the deletion that is done once more began. What was made again under the same number since then is another
    /// session.
    async fn forget(&self, id: SessionId, begun: Option<UnixMillis>) -> Result<(), ServiceError> {
        let _turn = self.turn(id).await?;
        let stored = self.store.load(id).await?.ok_or(ServiceError::NoSession(id))?;
        if begun.is_some_and(|at| stored.session.created_at > at) {
            return Err(ServiceError::NoSession(id));
        }
        let told = self.told_at(&stored).await?;
        let session = stored.session;
        let (create_key, list) = (session.create_key, session.invitations);
        let deletion = Deletion { session: id, at: self.clock.now(), seq: session.seq, told, create_key, list };
        self.deletions.put(&key(deletion.at, &id.to_string()), &deletion, None).await?;
        if self.remove(&deletion).await? { Ok(()) } else { Err(ServiceError::NoSession(id)) }
    }

    /// Removes all there is of a session. Whatever fails in between is done again when the deletion is looked after.
    async fn remove(&self, deletion: &Deletion) -> Result<bool, ServiceError> {
        let id = deletion.session;
        self.once.free(deletion.create_key.as_deref(), &id.to_string()).await?;
        self.records.take(RecordKind::Idempotency, &room_record(id)).await?;
        // Before the session, so that whoever makes those of a list makes none anew; other records before it and after it,
        // since another worker may have kept one meanwhile. A line of a list that is forgotten is not written again.
        if let Some(list) = &deletion.list {
            self.lists.forget(list, id).await?;
        }
        self.forget_records(id).await?;
        self.cache.remove(&id);
        let deleted = self.store.delete(id).await?;
        self.news.gone(id);
        self.forget_records(id).await?;
        self.forget_told(deletion).await?;
        Ok(deleted)
    }

    async fn forget_records(&self, id: SessionId) -> Result<(), StoreError> {
        for kind in [RecordKind::Draft, RecordKind::Report] {
            self.records.take(kind, &id.to_string()).await?;
        }
        self.vault.erase(id).await
    }

    /// When all that happened of which webhooks are told.
    async fn told_at(&self, stored: &Stored) -> Result<Vec<UnixMillis>, StoreError> {
        let session = &stored.session;
        let mut told: Vec<_> =
            [Some(session.created_at), session.started_at, session.ended_at].into_iter().flatten().collect();
        if session.report.is_some() {
            // It may have been made several times.
            let published = self.store.events(session.id).await?;
            let made = |recorded: &&Recorded| matches!(recorded.event, Event::ReportMade { .. });
            told.extend(published.iter().chain(&stored.pending).filter(made).map(|recorded| recorded.at));
        }
        told.sort_unstable();
        told.dedup();
        Ok(told)
    }

    /// Removes deliveries about a deleted session that are done, but for the news of its deletion. Those that are not done
    /// yet are removed when they are.
    async fn forget_told(&self, deletion: &Deletion) -> Result<(), StoreError> {
        if !self.records.any(RecordKind::Delivery).await? {
            return Ok(());
        }
        let deliveries = Typed::<Delivery>::new(self.records.clone(), RecordKind::Delivery);
        for at in &deletion.told {
            let begin = told_of(deletion.session, *at);
            let (mut from, to) = (begin.clone(), format!("{begin}~"));
            loop {
                let page = deliveries.between(&from, &to, PAGE).await?;
                let is_done = |delivery: &Delivery| {
                    delivery.state != DeliveryState::Due && delivery.news != WebhookEvent::SessionDeleted
                };
                for (key, delivery) in &page.items {
                    if is_done(delivery) {
                        deliveries.take(key).await?;
                    }
                }
                let Some(next) = page.next else { break };
                from = next;
            }
        }
        Ok(())
    }

    /// To be called every now and then by one worker: removes what was written about sessions while they were deleted, by workers
    /// that died before they noticed, and finishes deletions that broke off.
    ///
    /// # Errors
    /// The store's. Then the rest is removed another time.
    pub(in crate::service) async fn look_after_deletions(&self) -> Result<(), ServiceError> {
        let now = self.clock.now();
        let (mut from, to) = (String::new(), key(UnixMillis(now.0 - LOOKED_AFTER_MS), "~"));
        loop {
            let page = self.deletions.between(&from, &to, PAGE).await?;
            let ids: Vec<_> = page.items.iter().map(|(_, deletion)| deletion.session).collect();
            let there = self.those_there(&ids).await?;
            let looking = page.items.iter().map(|(key, deletion)| {
                let is_there = there.contains(&deletion.session);
                self.look_after(key, deletion, is_there).boxed()
            });
            // The compiler sees no `Send` in a stream of futures that it makes as it goes.
            let looking = stream::iter(looking.collect::<Vec<_>>());
            let outcomes: Vec<_> = looking.buffer_unordered(AT_ONCE).collect().await;
            outcomes.into_iter().collect::<Result<(), _>>()?;
            let Some(next) = page.next else { return Ok(()) };
            from = next;
        }
    }

    async fn look_after(&self, key: &str, deletion: &Deletion, is_there: bool) -> Result<(), ServiceError> {
        let id = deletion.session;
        if is_there {
            // The session may have gone on since. It is looked after by a note of its own once more.
            match self.forget(id, Some(deletion.at)).await {
                Ok(()) => tracing::warn!(session.id = %id, "a deletion had broken off, and is done now"),
                Err(ServiceError::NoSession(_)) => {}
                Err(error) => return Err(error),
            }
            self.deletions.take(key).await?;
            return Ok(());
        }
        self.forget_records(id).await?;
        self.forget_told(deletion).await?;
        // Where events come with their steps, none comes late.
        if !self.store.is_exclusive() {
            let events = (1..=deletion.seq + IN_FLIGHT).map(|seq| (id, seq));
            self.store.unpublish(&events.collect::<Vec<_>>()).await?;
        }
        self.deletions.take(key).await?;
        Ok(())
    }

    /// Which of these sessions are there, and not deleted.
    ///
    /// # Errors
    /// The store's.
    pub async fn those_there(&self, ids: &[SessionId]) -> Result<HashSet<SessionId>, StoreError> {
        Ok(self.store.versions(ids).await?.into_iter().map(|(id, _)| id).collect())
    }
}

/// By time.
fn key(at: UnixMillis, id: &str) -> String {
    format!("{:015}:{id}", at.0)
}
