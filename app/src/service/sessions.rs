//! Steps of sessions: load, decide, save with compare-and-swap, publish.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use quick_cache::sync::Cache;
use tokio::sync::{Mutex, MutexGuard};

use super::{
    ServiceError,
    creation::room_record,
    publisher::{Outgoing, Publisher},
    tokens::Secret,
};
use crate::{
    interview::{Command, apply, decide},
    model::{Event, Invite, Recorded, Session, SessionFilter, SessionId, Status, UnixMillis},
    ports::{Clock, RecordKind, RecordStore, SessionPage, SessionStore, StoreError, Stored, Written},
};

/// Sessions held in memory at most; the least used ones give way.
const CACHED: usize = 20_000;

/// How often a step is decided again when another worker was faster.
const ATTEMPTS: usize = 16;

/// Locks that the sessions share. Two sessions that meet at one only wait for each other.
const LOCKS: usize = 1024;

/// How long a step waits for the one before it. Longer: the store hangs, and the caller is told so.
const PATIENCE: Duration = Duration::from_secs(10);

/// The sessions of one worker.
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    records: Arc<dyn RecordStore>,
    clock: Arc<dyn Clock>,
    secret: Arc<Secret>,
    public_url: String,
    cache: Cache<SessionId, Arc<Held>>,
    /// Steps of one session follow each other in this worker, so that the cache never goes back in time.
    locks: Box<[Mutex<()>]>,
    publisher: Publisher,
}

/// A session in memory.
struct Held {
    session: Arc<Session>,
    version: u64,
    /// Events that may not have been copied yet, oldest first.
    pending: Vec<Recorded>,
    /// Sequence number of the last event known to have been copied. Shared by all versions of the session.
    published: Arc<AtomicU64>,
}

impl Sessions {
    pub(super) fn new(
        store: Arc<dyn SessionStore>,
        records: Arc<dyn RecordStore>,
        clock: Arc<dyn Clock>,
        secret: Arc<Secret>,
        public_url: String,
    ) -> Self {
        let publisher = Publisher::start(store.clone());
        let locks = (0..LOCKS).map(|_| Mutex::default()).collect();
        Self { store, records, clock, secret, public_url, cache: Cache::new(CACHED), locks, publisher }
    }

    /// Saves a new session.
    pub(super) async fn insert(
        self: &Arc<Self>,
        session: Session,
        pending: Vec<Recorded>,
    ) -> Result<Arc<Session>, ServiceError> {
        let this = self.clone();
        to_its_end(async move {
            let _turn = this.turn(session.id).await?;
            let stored = Stored { session, version: 1, pending };
            let written = this.store.insert(&stored).await?;
            Ok(this.hold(stored, written, Arc::default()))
        })
        .await
    }

    /// The session as it is now.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn get(&self, id: SessionId) -> Result<Arc<Session>, ServiceError> {
        if self.store.is_exclusive()
            && let Some(held) = self.cache.get(&id)
        {
            return Ok(held.session.clone());
        }
        match self.store.load(id).await? {
            Some(stored) => Ok(Arc::new(stored.session)),
            None => {
                self.cache.remove(&id);
                Err(ServiceError::NoSession(id))
            }
        }
    }

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
        let mut fresh = self.store.is_exclusive();
        for _ in 0..ATTEMPTS {
            let held = match self.cache.get(&id) {
                Some(held) => held,
                None => {
                    fresh = true;
                    self.fetch(id).await?
                }
            };
            let now = self.clock.now();
            let events = match decide(&held.session, command, now) {
                // What this worker remembers may be behind what another one saved: look before saying no.
                Err(_) if !fresh => {
                    self.cache.remove(&id);
                    continue;
                }
                Ok(events) if events.is_empty() && !fresh => {
                    self.cache.remove(&id);
                    continue;
                }
                Err(refusal) => return Err(refusal.into()),
                Ok(events) if events.is_empty() => return Ok(held.session.clone()),
                Ok(events) => events,
            };
            match self.save(&held, events, now).await {
                Ok(session) => return Ok(session),
                Err(StoreError::Conflict) => {
                    self.cache.remove(&id);
                }
                Err(error) => {
                    // It may have been saved all the same; what we hold is no longer known to be true.
                    self.cache.remove(&id);
                    return Err(error.into());
                }
            }
        }
        Err(StoreError::Conflict.into())
    }

    async fn turn(&self, id: SessionId) -> Result<MutexGuard<'_, ()>, StoreError> {
        let lock = self.locks[(id.0.as_u128() % LOCKS as u128) as usize].lock();
        let waited = tokio::time::timeout(PATIENCE, lock).await;
        waited.map_err(|_| StoreError::Unavailable("the steps before this one take too long".into()))
    }

    async fn save(&self, held: &Held, events: Vec<Event>, now: UnixMillis) -> Result<Arc<Session>, StoreError> {
        let mut session = (*held.session).clone();
        let published = held.published.load(Ordering::Acquire);
        let mut pending: Vec<Recorded> = held.pending.iter().filter(|r| r.seq > published).cloned().collect();
        pending.extend(events.into_iter().map(|event| apply(&mut session, event, now)));
        let stored = Stored { session, version: held.version + 1, pending };
        let written = self.store.save(&stored).await?;
        Ok(self.hold(stored, written, held.published.clone()))
    }

    /// Keeps what was just written, and sends its events on their way.
    fn hold(&self, stored: Stored, written: Written, published: Arc<AtomicU64>) -> Arc<Session> {
        let id = stored.session.id;
        let mut pending = stored.pending;
        match written {
            Written::WithEvents => {
                published.fetch_max(stored.session.seq, Ordering::AcqRel);
                pending.clear();
            }
            Written::EventsPending => {
                self.publisher.send(Outgoing { id, events: pending.clone(), published: published.clone() });
            }
        }
        let session = Arc::new(stored.session);
        if session.status == Status::Completed {
            self.cache.remove(&id);
        } else {
            let held = Held { session: session.clone(), version: stored.version, pending, published };
            self.cache.insert(id, Arc::new(held));
        }
        session
    }

    /// Loads a session that is about to change. Events that a crash kept from being copied are copied now.
    async fn fetch(&self, id: SessionId) -> Result<Arc<Held>, ServiceError> {
        let stored = self.store.load(id).await?.ok_or(ServiceError::NoSession(id))?;
        let events: Vec<_> = stored.pending.iter().map(|recorded| (id, recorded.clone())).collect();
        if !events.is_empty() {
            self.store.publish(&events).await?;
        }
        let held = Arc::new(Held {
            published: Arc::new(AtomicU64::new(stored.session.seq)),
            session: Arc::new(stored.session),
            version: stored.version,
            pending: Vec::new(),
        });
        if held.session.status != Status::Completed {
            self.cache.insert(id, held.clone());
        }
        Ok(held)
    }

    /// Removes the session and its events, here and in the store.
    pub(super) async fn delete(self: &Arc<Self>, id: SessionId) -> Result<(), ServiceError> {
        let this = self.clone();
        to_its_end(async move { this.forget(id).await }).await
    }

    async fn forget(&self, id: SessionId) -> Result<(), ServiceError> {
        let _turn = self.turn(id).await?;
        let stored = self.store.load(id).await?.ok_or(ServiceError::NoSession(id))?;
        for key in stored.session.create_key.iter().flat_map(|key| [key.clone(), room_record(key)]) {
            self.records.take(RecordKind::Idempotency, &key).await?;
        }
        self.cache.remove(&id);
        let deleting = async { Ok(self.store.delete(id).await?) };
        if self.publisher.without(id, deleting).await? { Ok(()) } else { Err(ServiceError::NoSession(id)) }
    }

    /// What happened in the session, in order. Heals what a crash left uncopied.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn events(&self, id: SessionId) -> Result<Vec<Recorded>, ServiceError> {
        {
            let _turn = self.turn(id).await?;
            self.fetch(id).await?;
        }
        Ok(self.store.events(id).await?)
    }

    /// A page of sessions, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self, filter: &SessionFilter, limit: u32, offset: u64) -> Result<SessionPage, ServiceError> {
        Ok(self.store.list(filter, limit, offset).await?)
    }

    /// Sessions of this worker with an open question whose time is over. The worker closes them, so that an interview
    /// whose candidate is gone ends on time; for sessions that nobody holds the candidate's return does it.
    #[must_use]
    pub fn overdue(&self) -> Vec<SessionId> {
        let now = self.clock.now();
        let over = |held: &Held| held.session.open.is_some_and(|open| open.is_over(now));
        self.cache.iter().filter(|(_, held)| over(held)).map(|(id, _)| id).collect()
    }

    /// Sessions that this worker holds in memory.
    #[must_use]
    pub fn in_memory(&self) -> u64 {
        self.cache.len() as u64
    }

    /// The session that an invite opens.
    #[must_use]
    pub fn by_invite(&self, invite: &Invite) -> Option<SessionId> {
        self.secret.session_of(invite)
    }

    /// What links begin with, without a slash at the end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The candidate's link.
    #[must_use]
    pub fn join_url(&self, id: SessionId) -> String {
        format!("{}/i/{}", self.public_url, self.secret.invite(id).0)
    }

    pub(super) fn store(&self) -> &dyn SessionStore {
        self.store.as_ref()
    }

    /// Succeeds when the store answers.
    ///
    /// # Errors
    /// The store's.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.store.ping().await
    }
}

/// Carries on although the caller goes away: what is in memory must follow what was saved.
async fn to_its_end<T: Send + 'static>(
    act: impl Future<Output = Result<T, ServiceError>> + Send + 'static,
) -> Result<T, ServiceError> {
    let done = tokio::spawn(act).await;
    done.unwrap_or_else(|error| Err(StoreError::Failed(format!("a step was cut off: {error}")).into()))
}
