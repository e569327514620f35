//! Steps of sessions: load, decide, save with compare-and-swap, publish.

use std::sync::{Arc, atomic::Ordering};

use super::{Held, Sessions};
use crate::{
    interview::{Command, Refusal, apply_sparingly, decide},
    model::{Recorded, Session, SessionId, UnixMillis},
    ports::{StoreError, Stored},
    service::{ServiceError, publisher},
};

/// How often a step is decided again when another worker was faster.
const ATTEMPTS: usize = 16;

/// Events of earlier steps that a session carries along until they are copied. When more wait, its next step copies them
/// first: there are answers among them, and a document has an end.
pub const MAX_WAITING: usize = 8;

impl Sessions {
    /// Decides `command` against the session and makes what follows durable. Answers the session afterwards.
    ///
    /// # Errors
    /// `NoSession`, the rules' refusal, or the store's error: then nothing was changed, or the change is complete.
    pub async fn step(self: &Arc<Self>, id: SessionId, command: &Command) -> Result<Arc<Session>, ServiceError> {
        let (this, command) = (self.clone(), command.clone());
        to_its_end(async move { this.take_step(id, &command).await }).await
    }

    async fn take_step(&self, id: SessionId, command: &Command) -> Result<Arc<Session>, ServiceError> {
        let _turn = self.turn(id).await?;
        self.decide_and_save(id, command).await
    }

    /// To be called by whoever has the session's turn.
    pub(super) async fn decide_and_save(&self, id: SessionId, command: &Command) -> Result<Arc<Session>, ServiceError> {
        let mut fresh = self.store.is_exclusive();
        for _ in 0..ATTEMPTS {
            let held = match self.held(id) {
                Some(held) => held,
                None => {
                    fresh = true;
                    self.fetch(id).await?
                }
            };
            let now = self.clock.now();
            let first = self.to_be_noted(&held.session).await?;
            let Decided { session, events, refused } = decide_all(&held.session, &first, command, now);
            // What this worker remembers may be behind what another one saved: look before saying no, or that it is so.
            if !fresh && (refused.is_some() || session.is_none()) {
                self.doubt(&held);
                continue;
            }
            let session = match session {
                Some(session) => match self.save(&held, session, events).await {
                    Ok(session) => session,
                    Err(StoreError::Conflict) => {
                        self.doubt(&held);
                        continue;
                    }
                    Err(error) => {
                        // It may have been saved all the same.
                        self.doubt(&held);
                        return Err(error.into());
                    }
                },
                None => held.session.clone(),
            };
            return refused.map_or(Ok(session), |refusal| Err(refusal.into()));
        }
        Err(StoreError::Conflict.into())
    }

    pub(super) async fn save(
        &self,
        held: &Held,
        session: Session,
        events: Vec<Recorded>,
    ) -> Result<Arc<Session>, StoreError> {
        let mut session = session;
        self.settle_news(&mut session);
        let published = held.published.load(Ordering::Acquire);
        let mut pending: Vec<Recorded> = held.pending.iter().filter(|r| r.seq > published).cloned().collect();
        if pending.len() > MAX_WAITING {
            let waiting: Vec<_> = pending.drain(..).map(|recorded| (session.id, recorded)).collect();
            publisher::copy(self.store.as_ref(), &waiting).await?;
            held.published.fetch_max(held.session.seq, Ordering::AcqRel);
        }
        pending.extend(events);
        let stored = Stored { session, version: held.version + 1, pending };
        let written = self.store.save(&stored).await?;
        Ok(self.hold(stored, written, held.published.clone()))
    }

    /// Where nobody wants to know, nothing is left to tell.
    pub(super) fn settle_news(&self, session: &mut Session) {
        if self.audience.is_nobody() {
            session.announced = session.to_announce();
        }
    }
}

/// What follows from commands. Nothing when it is already so.
struct Decided {
    /// The session afterwards, if anything changed.
    session: Option<Session>,
    /// Those that are kept.
    events: Vec<Recorded>,
    /// Why the last command cannot be carried out. What came before it happened all the same.
    refused: Option<Refusal>,
}

/// Decides `command` after others, which describe facts and so cannot be refused.
fn decide_all(known: &Session, first: &[Command], command: &Command, now: UnixMillis) -> Decided {
    let mut decided = Decided { session: None, events: Vec::new(), refused: None };
    for command in first.iter().chain([command]) {
        match decide(decided.session.as_ref().unwrap_or(known), command, now) {
            Ok(events) => {
                for event in events {
                    let session = decided.session.get_or_insert_with(|| known.clone());
                    decided.events.extend(apply_sparingly(session, event, now));
                }
                decided.refused = None;
            }
            Err(refusal) => decided.refused = Some(refusal),
        }
    }
    decided
}

/// Carries on although the caller goes away: what is in memory must follow what was saved.
/// It begins at once. What waits for it does not hold it, so that it stays small.
pub(super) fn to_its_end<T: Send + 'static>(
    act: impl Future<Output = Result<T, ServiceError>> + Send + 'static,
) -> impl Future<Output = Result<T, ServiceError>> + Send {
    let act = tokio::spawn(act);
    async move {
        let done = act.await;
        done.unwrap_or_else(|error| Err(StoreError::Failed(format!("a step was cut off: {error}")).into()))
    }
}
