//! The sessions of one worker: in its memory, and as the store has them.

mod deletion;
mod drafts;
mod follow;
mod history;
mod outages;
mod steps;
mod upgrade;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use quick_cache::sync::Cache;
use tokio::{
    sync::{Mutex, MutexGuard, Notify},
    time::Instant,
};

pub use self::steps::MAX_WAITING;
use self::{deletion::Deletion, steps::to_its_end};
use super::{
    ServiceError, Vault,
    audience::Audience,
    lists::Lists,
    news::News,
    once::Once,
    publisher::{self, Outgoing, Publisher},
    records::Typed,
    tokens::Secret,
    workers::Workers,
};
use crate::{
    model::{Invite, Recorded, Session, SessionFilter, SessionId, SessionSummary, Status},
    ports::{Clock, RecordKind, RecordStore, SessionPage, SessionStore, StoreError, Stored, Written},
};

/// Sessions held in memory at most; the least used ones give way.
const CACHED: usize = 20_000;

/// Locks that the sessions share. Two sessions that meet at one only wait for each other.
const LOCKS: usize = 1024;

/// How long a step waits for the one before it. Longer: the store hangs, and the caller is told so.
const PATIENCE: Duration = Duration::from_secs(10);

/// The sessions of one worker.
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    records: Arc<dyn RecordStore>,
    pub(super) lists: Arc<Lists>,
    deletions: Typed<Deletion>,
    once: Once,
    clock: Arc<dyn Clock>,
    secret: Arc<Secret>,
    vault: Arc<Vault>,
    public_url: String,
    cache: Cache<SessionId, Arc<Held>>,
    /// Steps of one session follow each other in this worker, so that the cache never goes back in time.
    locks: Box<[Mutex<()>]>,
    publisher: Publisher,
    news: News,
    pub(super) workers: Workers,
    /// Wakes whoever does the background work.
    work_wanted: Arc<Notify>,
    audience: Arc<Audience>,
}

/// A session in memory.
#[derive(Clone)]
struct Held {
    session: Arc<Session>,
    version: u64,
    /// Events that may not have been copied yet, oldest first.
    pending: Vec<Recorded>,
    /// Sequence number of the last event known to have been copied. Shared by all versions of the session.
    published: Arc<AtomicU64>,
    /// Whether the store may hold another state. Then it only says that the session is one of this worker's.
    doubtful: bool,
}

impl Sessions {
    pub(super) fn new(
        store: Arc<dyn SessionStore>,
        records: Arc<dyn RecordStore>,
        clock: Arc<dyn Clock>,
        secret: Arc<Secret>,
        vault: Arc<Vault>,
        public_url: String,
    ) -> Self {
        let publisher = Publisher::start(store.clone());
        let exclusive = store.is_exclusive();
        Self {
            workers: Workers::new(records.clone(), clock.clone(), exclusive),
            store,
            lists: Arc::new(Lists::new(records.clone())),
            deletions: Typed::new(records.clone(), RecordKind::Deletion),
            once: Once::new(records.clone(), clock.clone()),
            records,
            clock,
            secret,
            vault,
            public_url,
            cache: Cache::new(CACHED),
            locks: (0..LOCKS).map(|_| Mutex::default()).collect(),
            publisher,
            news: News::default(),
            work_wanted: Arc::default(),
            audience: Arc::new(Audience::new(exclusive)),
        }
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
            let mut session = session;
            this.settle_news(&mut session);
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
            && let Some(held) = self.held(id)
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

    /// What is in memory of a session, if it can be relied on as far as memory can.
    fn held(&self, id: SessionId) -> Option<Arc<Held>> {
        self.cache.get(&id).filter(|held| !held.doubtful)
    }

    /// Marks what is in memory as not to be relied on.
    fn doubt(&self, held: &Held) {
        self.cache.insert(held.session.id, Arc::new(Held { doubtful: true, ..held.clone() }));
    }

    async fn turn(&self, id: SessionId) -> Result<MutexGuard<'_, ()>, StoreError> {
        let lock = self.locks[(id.0.as_u128() % LOCKS as u128) as usize].lock();
        let waited = tokio::time::timeout(PATIENCE, lock).await;
        waited.map_err(|_| StoreError::Unavailable("the steps before this one take too long".into()))
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
            Written::EventsPending if pending.is_empty() => {}
            Written::EventsPending => {
                let (events, published) = (pending.clone(), published.clone());
                self.publisher.send(Outgoing { id, events, since: Instant::now(), published });
            }
        }
        let session = Arc::new(stored.session);
        self.news.tell(stored.version, &session);
        if session.needs_work() {
            self.work_wanted.notify_one();
        }
        if session.status == Status::Completed {
            self.cache.remove(&id);
        } else {
            let held = Held { session: session.clone(), version: stored.version, pending, published, doubtful: false };
            self.cache.insert(id, Arc::new(held));
        }
        session
    }

    /// Loads a session that is about to change. Events that a crash kept from being copied are copied now.
    async fn fetch(&self, id: SessionId) -> Result<Arc<Held>, ServiceError> {
        let Some(stored) = self.store.load(id).await? else {
            self.cache.remove(&id);
            return Err(ServiceError::NoSession(id));
        };
        let events: Vec<_> = stored.pending.iter().map(|recorded| (id, recorded.clone())).collect();
        publisher::copy(self.store.as_ref(), &events).await?;
        let held = Arc::new(Held {
            published: Arc::new(AtomicU64::new(stored.session.seq)),
            session: Arc::new(stored.session),
            version: stored.version,
            pending: Vec::new(),
            doubtful: false,
        });
        self.news.tell(held.version, &held.session);
        if held.session.status == Status::Completed {
            self.cache.remove(&id);
        } else {
            self.cache.insert(id, held.clone());
        }
        Ok(held)
    }

    /// What happened in the session, in order. Heals what a crash left uncopied.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn events(&self, id: SessionId) -> Result<Vec<Recorded>, ServiceError> {
        let Some(stored) = self.store.load(id).await? else { return Err(ServiceError::NoSession(id)) };
        let events = self.store.events(id).await?;
        let copied = |event: &Recorded| events.binary_search_by_key(&event.seq, |it| it.seq).is_ok();
        let left: Vec<_> = stored.pending.into_iter().filter(|event| !copied(event)).map(|event| (id, event)).collect();
        if left.is_empty() {
            return Ok(events);
        }
        publisher::copy(self.store.as_ref(), &left).await?;
        Ok(self.store.events(id).await?)
    }

    /// A page of sessions, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self, filter: &SessionFilter, limit: u32, offset: u64) -> Result<SessionPage, ServiceError> {
        Ok(self.store.list(filter, limit, offset).await?)
    }

    /// Sessions with something that people have to decide about, the most urgent ones first, at most `limit`.
    ///
    /// # Errors
    /// The store's.
    pub async fn to_review(&self, limit: u32) -> Result<Vec<SessionSummary>, ServiceError> {
        Ok(self.store.to_review(limit).await?)
    }

    /// Sessions that this worker holds in memory.
    #[must_use]
    pub fn in_memory(&self) -> u64 {
        self.cache.len() as u64
    }

    /// Sessions with background work to be done, oldest first.
    pub(super) async fn with_work(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.store.with_work(limit).await
    }

    pub(super) fn work_wanted(&self) -> Arc<Notify> {
        self.work_wanted.clone()
    }

    pub(super) fn audience(&self) -> Arc<Audience> {
        self.audience.clone()
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
