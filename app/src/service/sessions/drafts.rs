//! What candidates are writing, kept beside their sessions until it is answered or the time is over.

use std::sync::Arc;

use super::{Held, Sessions, to_its_end};
use crate::{
    interview::{Command, GivenAnswer, is_over},
    model::{ChannelId, Draft, Session, SessionId, UnixMillis},
    ports::{RecordKind, StoreError},
    service::ServiceError,
};

/// Milliseconds for which a draft is kept: as long as the longest timer with the most generous accommodations, and a day.
const DRAFT_KEPT_MS: i64 = 7 * 86_400_000;

impl Sessions {
    /// Closes the open question if its time is over, with what was written for it. Answers the session afterwards.
    ///
    /// # Errors
    /// As [`Self::step`].
    pub async fn expire(self: &Arc<Self>, id: SessionId) -> Result<Arc<Session>, ServiceError> {
        let this = self.clone();
        to_its_end(async move {
            // No draft is kept between the look at it and the end of the question.
            let _turn = this.turn(id).await?;
            let draft = this.draft(id).await?;
            let draft = draft.map(|Draft { question, id, text, .. }| GivenAnswer { id, question, text });
            this.decide_and_save(id, &Command::Expire { draft }).await
        })
        .await
    }

    /// What was last written in a session.
    ///
    /// # Errors
    /// The store's.
    pub async fn draft(&self, id: SessionId) -> Result<Option<Draft>, StoreError> {
        let kept = self.records.get(RecordKind::Draft, &id.to_string()).await?;
        // A later version of the program may have written it: then there is no draft for this one.
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps what a candidate is writing on a channel of this worker, in place of what was kept before. A draft that is not
    /// needed any more is not kept. `false`: neither is this one, since another page or connection is live instead.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn keep_draft(&self, id: SessionId, channel: ChannelId, draft: &Draft) -> Result<bool, ServiceError> {
        // No draft is written behind a deletion's back.
        let _turn = self.turn(id).await?;
        let session = self.get(id).await?;
        let worker = self.workers.id();
        if session.presence.channel.is_some_and(|live| live.id != channel || live.worker != worker) {
            return Ok(false);
        }
        if session.open.is_none_or(|open| open.index != draft.question) {
            return Ok(true);
        }
        let text = serde_json::to_string(draft).map_err(|error| StoreError::Failed(error.to_string()))?;
        let expires_at = UnixMillis(self.clock.now().0 + DRAFT_KEPT_MS);
        self.records.put(RecordKind::Draft, &id.to_string(), &text, Some(expires_at)).await?;
        Ok(true)
    }

    /// Sessions of this worker with an open question whose time is over. The worker closes them, so that an interview
    /// whose candidate is gone ends on time; for sessions that nobody holds the candidate's return does it.
    #[must_use]
    pub fn overdue(&self) -> Vec<SessionId> {
        let now = self.clock.now();
        let over = |held: &Held| is_over(&held.session, now);
        self.cache.iter().filter(|(_, held)| over(held)).map(|(id, _)| id).collect()
    }
}
