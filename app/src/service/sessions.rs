//! Steps of sessions: load, decide, save with compare-and-swap, publish.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::{StreamExt, TryStreamExt, stream};
use quick_cache::sync::Cache;
use tokio::sync::{Mutex, MutexGuard, Notify, watch};

use super::{
    ServiceError, Vault,
    creation::room_record,
    lists::Lists,
    news::{Latest, News},
    publisher::{Outgoing, Publisher},
    tokens::Secret,
    workers::Workers,
};
use crate::{
    interview::{Command, GivenAnswer, Refusal, apply, decide, is_over},
    model::{ChannelId, Closing, Draft, Invite, Recorded, Session, SessionFilter, SessionId, Status, UnixMillis},
    ports::{Clock, RecordKind, RecordStore, SessionPage, SessionStore, StoreError, Stored, Written},
};

/// Sessions held in memory at most; the least used ones give way.
const CACHED: usize = 20_000;

/// How often a step is decided again when another worker was faster.
const ATTEMPTS: usize = 16;

/// Locks that the sessions share. Two sessions that meet at one only wait for each other.
const LOCKS: usize = 1024;

/// Milliseconds for which a draft is kept: as long as the longest timer with the most generous accommodations, and a day.
const DRAFT_KEPT_MS: i64 = 7 * 86_400_000;

/// Sessions that are given time back at once.
const GIVE_BACK: usize = 16;

/// Sessions whose versions are asked for in one go.
const LOOK_AT: usize = 500;

/// How long a step waits for the one before it. Longer: the store hangs, and the caller is told so.
const PATIENCE: Duration = Duration::from_secs(10);

/// The sessions of one worker.
pub struct Sessions {
    store: Arc<dyn SessionStore>,
    records: Arc<dyn RecordStore>,
    lists: Lists,
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
    /// Whether webhooks may want to know of sessions. Without any, nothing has to be announced.
    announces: Arc<AtomicBool>,
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
        Self {
            workers: Workers::new(records.clone(), clock.clone(), store.is_exclusive()),
            store,
            lists: Lists::new(records.clone()),
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
            announces: Arc::new(AtomicBool::new(true)),
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
    async fn decide_and_save(&self, id: SessionId, command: &Command) -> Result<Arc<Session>, ServiceError> {
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
            if !fresh && (refused.is_some() || events.is_empty()) {
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

    /// What happened while the worker that a candidate was connected to, or this one, could do nothing. Noted before any
    /// other step, so that nobody's time runs out by it.
    async fn to_be_noted(&self, session: &Session) -> Result<Vec<Command>, StoreError> {
        let mut first = Vec::new();
        if session.status == Status::Completed {
            return Ok(first);
        }
        if let Some(channel) = session.presence.channel
            && let Some(last_seen) = self.workers.down_since(channel.worker).await?
        {
            let how = Closing::ServerDown;
            first.push(Command::CloseChannel { channel: channel.id, worker: channel.worker, last_seen, how });
        }
        if let Some(from) = self.workers.silent_since().filter(|_| self.depends_on_us(session)) {
            first.push(self.down_from(from));
        }
        Ok(first)
    }

    /// Whether a question is open and no other worker looks after the candidate.
    fn depends_on_us(&self, session: &Session) -> bool {
        session.open.is_some() && session.presence.channel.is_none_or(|channel| channel.worker == self.workers.id())
    }

    fn down_from(&self, from: UnixMillis) -> Command {
        Command::NoteServerDown { worker: self.workers.id(), from, to: self.clock.now() }
    }

    /// Gives time back to the candidates of this worker after it could do nothing for a while.
    ///
    /// # Errors
    /// When the store is still unavailable: then some may not have their time yet.
    pub(super) async fn give_back(self: &Arc<Self>, from: UnixMillis) -> Result<(), ServiceError> {
        let concerned: Vec<_> =
            self.cache.iter().filter(|(_, held)| self.depends_on_us(&held.session)).map(|(id, _)| id).collect();
        let steps = stream::iter(concerned).map(async |id| match self.step(id, &self.down_from(from)).await {
            Err(error) if error.is_transient() => Err(error),
            Err(ServiceError::NoSession(_)) | Ok(_) => Ok(()),
            // It must not keep all the others waiting for ever.
            Err(error) => {
                tracing::error!(session.id = %id, %error, "time could not be given back");
                Ok(())
            }
        });
        steps.buffer_unordered(GIVE_BACK).try_collect().await
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

    async fn save(&self, held: &Held, session: Session, events: Vec<Recorded>) -> Result<Arc<Session>, StoreError> {
        let mut session = session;
        self.settle_news(&mut session);
        let published = held.published.load(Ordering::Acquire);
        let mut pending: Vec<Recorded> = held.pending.iter().filter(|r| r.seq > published).cloned().collect();
        pending.extend(events);
        let stored = Stored { session, version: held.version + 1, pending };
        let written = self.store.save(&stored).await?;
        Ok(self.hold(stored, written, held.published.clone()))
    }

    /// Where nobody wants to know, nothing is left to tell.
    fn settle_news(&self, session: &mut Session) {
        if !self.announces.load(Ordering::Acquire) {
            session.announced = session.to_announce();
        }
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
        if !events.is_empty() {
            self.store.publish(&events).await?;
        }
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
        // Before the session, so that what cannot be removed now is still to be found; and after it, since another
        // worker may have kept a record meanwhile. A line of a list that is forgotten is not written again.
        if let Some(list) = &stored.session.invitations {
            self.lists.forget(list, id).await?;
        }
        self.forget_records(id).await?;
        self.cache.remove(&id);
        let deleting = async { Ok(self.store.delete(id).await?) };
        let deleted = self.publisher.without(id, deleting).await?;
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

    /// The session now, and whenever it changes, here or at another worker.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn watch(&self, id: SessionId) -> Result<watch::Receiver<Latest>, ServiceError> {
        let _turn = self.turn(id).await?;
        let held = match self.held(id).filter(|_| self.store.is_exclusive()) {
            Some(held) => held,
            None => self.fetch(id).await?,
        };
        Ok(self.news.watch(held.version, held.session.clone()))
    }

    /// To be called every quarter of a second: looks what other workers did to sessions that are watched here.
    ///
    /// # Errors
    /// The store's.
    pub async fn follow(&self) -> Result<(), StoreError> {
        if self.store.is_exclusive() {
            return Ok(());
        }
        let watched = self.news.watched();
        let ids: Vec<_> = watched.keys().copied().collect();
        for some in ids.chunks(LOOK_AT) {
            let versions: HashMap<_, _> = self.store.versions(some).await?.into_iter().collect();
            for id in some {
                match versions.get(id) {
                    None => self.news.gone(*id),
                    Some(version) if *version > watched[id] => {
                        if let Some(stored) = self.store.load(*id).await? {
                            self.news.tell(stored.version, &Arc::new(stored.session));
                        }
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
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
        let over = |held: &Held| is_over(&held.session, now);
        self.cache.iter().filter(|(_, held)| over(held)).map(|(id, _)| id).collect()
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

    pub(super) fn announces(&self) -> Arc<AtomicBool> {
        self.announces.clone()
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

/// What follows from commands. Nothing when it is already so.
struct Decided {
    /// The session afterwards, if anything changed.
    session: Option<Session>,
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
                    decided.events.push(apply(session, event, now));
                }
                decided.refused = None;
            }
            Err(refusal) => decided.refused = Some(refusal),
        }
    }
    decided
}

/// Carries on although the caller goes away: what is in memory must follow what was saved.
async fn to_its_end<T: Send + 'static>(
    act: impl Future<Output = Result<T, ServiceError>> + Send + 'static,
) -> Result<T, ServiceError> {
    let done = tokio::spawn(act).await;
    done.unwrap_or_else(|error| Err(StoreError::Failed(format!("a step was cut off: {error}")).into()))
}
