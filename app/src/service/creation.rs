//! Making sessions.

use std::sync::Arc;

use super::{
    Jobs, Rooms, ServiceError, Sessions,
    once::{Once, OnceKey},
    records::{from_json, to_json},
    tokens::random_session_id,
};
use crate::{
    interview::{SessionPlan, apply, create},
    model::{Event, NewInterview, RoomAccess, Session, SessionId},
    ports::{Clock, RecordKind, RecordStore, StoreError},
    validate,
};

/// A session that was made, or made earlier by a create with the same `Idempotency-Key`.
#[derive(Clone, Debug)]
pub struct Created {
    pub session: Arc<Session>,
    pub join_url: String,
    /// The candidate's way into the room. `None`: there is no live video now; the room is made later.
    pub room: Option<RoomAccess>,
}

/// Makes sessions.
pub struct Creation {
    sessions: Arc<Sessions>,
    rooms: Arc<Rooms>,
    jobs: Arc<Jobs>,
    records: Arc<dyn RecordStore>,
    once: Once,
    clock: Arc<dyn Clock>,
}

/// What a session was made for. Deleting it removes what is kept there.
#[derive(Default)]
struct Origin {
    /// Under which key its create can be repeated.
    key: Option<String>,
    /// The list in which the candidate stood.
    invitations: Option<String>,
}

impl Creation {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        rooms: Arc<Rooms>,
        jobs: Arc<Jobs>,
        records: Arc<dyn RecordStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let once = Once::new(records.clone(), clock.clone());
        Self { sessions, rooms, jobs, records, once, clock }
    }

    /// Makes a session and, where LiveKit answers, its room.
    ///
    /// # Errors
    /// What is wrong with the wish, or the store's error.
    pub async fn create(&self, wish: NewInterview) -> Result<Created, ServiceError> {
        self.create_as(random_session_id(), Origin::default(), wish).await
    }

    /// Like [`Self::create`]; the same `key` of the same `owner` answers the first result again for 24 hours.
    ///
    /// # Errors
    /// Also `Unprocessable` when the key was used with another request.
    pub async fn create_once(&self, owner: &str, key: &str, wish: NewInterview) -> Result<Created, ServiceError> {
        let key = OnceKey::new(owner, key)?;
        let promise = match self.once.promised(Some(&key), &wish).await? {
            Some(promise) => promise,
            None => {
                // A wish that cannot be fulfilled keeps no key.
                self.plan(&wish).await?;
                self.once.promise(Some(&key), random_session_id().0, &wish).await?
            }
        };
        let (id, of) = (SessionId(promise.id), Origin { key: promise.key.clone(), ..Origin::default() });
        let mut created = match self.sessions.get(id).await {
            Ok(session) => self.again(session).await?,
            Err(ServiceError::NoSession(_)) => match self.create_as(id, of, wish).await {
                Err(ServiceError::Store(StoreError::Conflict)) => self.again(self.sessions.get(id).await?).await?,
                other => other?,
            },
            Err(error) => return Err(error),
        };
        let (kind, until) = (RecordKind::Idempotency, Some(self.once.until()));
        if promise.key.is_some() {
            let first = self.records.put_new(kind, &room_record(id), &to_json(&created.room)?, until).await?;
            created.room = from_json(&first)?;
        }
        Ok(created)
    }

    async fn create_as(&self, id: SessionId, of: Origin, wish: NewInterview) -> Result<Created, ServiceError> {
        let plan = self.plan(&wish).await?;
        let room = self.rooms.open_for_new(id, &plan.candidate.name).await;
        let now = self.clock.now();
        let (mut session, event) = create(id, plan, now);
        session.create_key = of.key;
        session.invitations = of.invitations;
        let mut events = vec![event];
        if room.is_some() {
            events.push(apply(&mut session, Event::RoomOpened, now));
        }
        let session = self.sessions.insert(session, events).await?;
        tracing::info!(session.id = %id, room = room.is_some(), "session created");
        Ok(Created { session, join_url: self.sessions.join_url(id), room })
    }

    /// What the session will be made of.
    async fn plan(&self, wish: &NewInterview) -> Result<SessionPlan, ServiceError> {
        match &wish.job_id {
            Some(job) => {
                // What is wrong with the wish itself is said first.
                validate::candidate(wish)?;
                Ok(validate::plan_for(&self.jobs.get(job).await?, wish)?)
            }
            None => Ok(validate::plan(wish.clone())?),
        }
    }

    /// Makes the session that a list of `invitations` promised under `id`; if it was made already, that one.
    pub(super) async fn create_promised(
        &self,
        id: SessionId,
        invitations: &str,
        wish: NewInterview,
    ) -> Result<Created, ServiceError> {
        let of = Origin { invitations: Some(invitations.to_owned()), ..Origin::default() };
        match self.sessions.get(id).await {
            Ok(session) => self.again(session).await,
            Err(ServiceError::NoSession(_)) => self.create_as(id, of, wish).await,
            Err(error) => Err(error),
        }
    }

    async fn again(&self, session: Arc<Session>) -> Result<Created, ServiceError> {
        let id = session.id;
        let room = self.rooms.candidate_access(id).await?;
        Ok(Created { session, join_url: self.sessions.join_url(id), room })
    }
}

/// Where the room access of a repeatable create's first result is kept.
pub(super) fn room_record(session: SessionId) -> String {
    format!("{session}:room")
}
