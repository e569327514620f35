//! A store in memory.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;

use super::FakeClock;
use crate::{
    model::{Recorded, RoomState, SessionFilter, SessionId, SessionSummary, Status, UnixMillis},
    ports::{RecordKind, SessionCounts, SessionPage, SessionStore, StoreError, Stored, Written},
};

type Records = HashMap<(RecordKind, String), (String, Option<UnixMillis>)>;

/// Keeps what it is given, and fails as often as it is told to.
pub struct FakeStore {
    exclusive: bool,
    pub(super) clock: Arc<FakeClock>,
    sessions: Mutex<HashMap<SessionId, Stored>>,
    events: Mutex<BTreeMap<(SessionId, u64), Recorded>>,
    /// Events in the order in which they were copied, those copied again too.
    copied: Mutex<Vec<(SessionId, u64)>>,
    pub(super) records: Mutex<Records>,
    loads: AtomicUsize,
    failing_publishes: AtomicUsize,
    losing_saves: AtomicUsize,
    vanishing_answers: AtomicUsize,
    unavailable: AtomicUsize,
    successes: AtomicUsize,
    spoiled: Mutex<HashSet<SessionId>>,
    outdated: Mutex<HashSet<SessionId>>,
    scans: AtomicUsize,
}

impl FakeStore {
    pub fn new(exclusive: bool, clock: Arc<FakeClock>) -> Self {
        Self {
            exclusive,
            clock,
            sessions: Mutex::default(),
            events: Mutex::default(),
            copied: Mutex::default(),
            records: Mutex::default(),
            loads: AtomicUsize::new(0),
            failing_publishes: AtomicUsize::new(0),
            losing_saves: AtomicUsize::new(0),
            vanishing_answers: AtomicUsize::new(0),
            unavailable: AtomicUsize::new(0),
            successes: AtomicUsize::new(0),
            spoiled: Mutex::default(),
            outdated: Mutex::default(),
            scans: AtomicUsize::new(0),
        }
    }

    /// The next `times` times that events are to be copied, it fails.
    pub fn fail_publishes(&self, times: usize) {
        self.failing_publishes.store(times, Ordering::SeqCst);
    }

    /// How many more copies will fail.
    pub fn failing_publishes(&self) -> usize {
        self.failing_publishes.load(Ordering::SeqCst)
    }

    /// The next `times` saves lose against somebody else's.
    pub fn lose_saves(&self, times: usize) {
        self.losing_saves.store(times, Ordering::SeqCst);
    }

    /// The next `times` saves are done, and the caller does not learn of it.
    pub fn lose_answers(&self, times: usize) {
        self.vanishing_answers.store(times, Ordering::SeqCst);
    }

    /// The next `times` operations of any kind fail.
    pub fn be_unavailable(&self, times: usize) {
        self.unavailable.store(times, Ordering::SeqCst);
    }

    /// All operations fail after the next `successes`.
    pub fn be_unavailable_after(&self, successes: usize) {
        self.successes.store(successes, Ordering::SeqCst);
        self.be_unavailable(usize::MAX);
    }

    /// Somebody changes a session from outside.
    pub fn change(&self, id: SessionId, change: impl FnOnce(&mut crate::model::Session)) {
        change(&mut lock(&self.sessions).get_mut(&id).expect("it is stored").session);
    }

    /// Somebody changes a record from outside.
    pub fn overwrite(&self, kind: RecordKind, key: &str, value: &str) {
        lock(&self.records).insert((kind, key.to_owned()), (value.to_owned(), None));
    }

    /// From now on the session can neither be read nor saved, whoever tries.
    pub fn spoil(&self, id: SessionId) {
        lock(&self.spoiled).insert(id);
    }

    /// It can be read and saved again.
    pub fn mend(&self, id: SessionId) {
        lock(&self.spoiled).remove(&id);
    }

    /// The session, and that there is work, as an older version of the program stored it: without a word of the latter.
    pub fn make_outdated(&self, id: SessionId) {
        let mut sessions = lock(&self.sessions);
        let session = &mut sessions.get_mut(&id).expect("it is stored").session;
        (session.report, session.basis, session.announced) = (None, 0, Default::default());
        lock(&self.outdated).insert(id);
    }

    /// How often it was asked for outdated sessions, which costs a look at all of them.
    pub fn scans(&self) -> usize {
        self.scans.load(Ordering::SeqCst)
    }

    /// Sessions loaded so far.
    pub fn loads(&self) -> usize {
        self.loads.load(Ordering::SeqCst)
    }

    /// What is stored of a session.
    pub fn stored(&self, id: SessionId) -> Option<Stored> {
        lock(&self.sessions).get(&id).cloned()
    }

    /// The sequence numbers of a session's copied events, in the order of copying.
    pub fn copied(&self, id: SessionId) -> Vec<u64> {
        lock(&self.copied).iter().filter(|(of, _)| *of == id).map(|(_, seq)| *seq).collect()
    }

    /// How many of a session's events are kept.
    pub fn kept_events(&self, id: SessionId) -> usize {
        lock(&self.events).range((id, 0)..=(id, u64::MAX)).count()
    }

    /// All records' kinds and values.
    pub fn records(&self) -> Vec<(RecordKind, String)> {
        lock(&self.records).iter().map(|((kind, _), (value, _))| (*kind, value.clone())).collect()
    }

    pub(super) fn check(&self) -> Result<(), StoreError> {
        if take_one(&self.successes) {
            return Ok(());
        }
        if take_one(&self.unavailable) { Err(StoreError::Unavailable("told to".into())) } else { Ok(()) }
    }

    fn check_one(&self, id: SessionId) -> Result<(), StoreError> {
        self.check()?;
        if lock(&self.spoiled).contains(&id) { Err(StoreError::Failed("it is spoiled".into())) } else { Ok(()) }
    }

    fn written(&self, stored: &Stored) -> Written {
        if !self.exclusive {
            return Written::EventsPending;
        }
        self.copy(stored.pending.iter().map(|recorded| (stored.session.id, recorded.clone())));
        Written::WithEvents
    }

    fn copy(&self, events: impl Iterator<Item = (SessionId, Recorded)>) {
        for (id, recorded) in events {
            lock(&self.copied).push((id, recorded.seq));
            lock(&self.events).entry((id, recorded.seq)).or_insert(recorded);
        }
    }
}

/// Whether one of a number of times was left, which is used up.
fn take_one(times: &AtomicUsize) -> bool {
    times.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |times| times.checked_sub(1)).is_ok()
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}

#[async_trait]
impl SessionStore for FakeStore {
    fn is_exclusive(&self) -> bool {
        self.exclusive
    }

    async fn insert(&self, stored: &Stored) -> Result<Written, StoreError> {
        self.check()?;
        if self.stored(stored.session.id).is_some() {
            return Err(StoreError::Conflict);
        }
        lock(&self.sessions).insert(stored.session.id, stored.clone());
        Ok(self.written(stored))
    }

    async fn load(&self, id: SessionId) -> Result<Option<Stored>, StoreError> {
        self.check_one(id)?;
        self.loads.fetch_add(1, Ordering::SeqCst);
        // Another worker's turn comes in between.
        tokio::task::yield_now().await;
        Ok(self.stored(id))
    }

    async fn save(&self, stored: &Stored) -> Result<Written, StoreError> {
        self.check_one(stored.session.id)?;
        tokio::task::yield_now().await;
        if take_one(&self.losing_saves) {
            return Err(StoreError::Conflict);
        }
        let id = stored.session.id;
        match lock(&self.sessions).get_mut(&id) {
            Some(kept) if kept.version + 1 == stored.version => {
                *kept = stored.clone();
                lock(&self.outdated).remove(&id);
            }
            _ => return Err(StoreError::Conflict),
        }
        if take_one(&self.vanishing_answers) {
            return Err(StoreError::Unavailable("the answer got lost".into()));
        }
        // It is done, and the caller does not know yet.
        tokio::task::yield_now().await;
        Ok(self.written(stored))
    }

    async fn publish(&self, events: &[(SessionId, Recorded)]) -> Result<(), StoreError> {
        self.check()?;
        if take_one(&self.failing_publishes) {
            return Err(StoreError::Unavailable("told to".into()));
        }
        // Time enough for others to do a good deal, such as deleting a session.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        self.copy(events.iter().cloned());
        Ok(())
    }

    async fn unpublish(&self, events: &[(SessionId, u64)]) -> Result<(), StoreError> {
        self.check()?;
        lock(&self.events).retain(|key, _| !events.contains(key));
        Ok(())
    }

    async fn events(&self, id: SessionId) -> Result<Vec<Recorded>, StoreError> {
        self.check()?;
        Ok(lock(&self.events).range((id, 0)..=(id, u64::MAX)).map(|(_, recorded)| recorded.clone()).collect())
    }

    async fn events_after(&self, id: SessionId, after: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        let events = SessionStore::events(self, id).await?;
        Ok(events.into_iter().filter(|event| event.seq > after).take(limit as usize).collect())
    }

    async fn versions(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, u64)>, StoreError> {
        self.check()?;
        let sessions = lock(&self.sessions);
        Ok(ids.iter().filter_map(|id| Some((*id, sessions.get(id)?.version))).collect())
    }

    async fn statuses(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, Status)>, StoreError> {
        self.check()?;
        let sessions = lock(&self.sessions);
        Ok(ids.iter().filter_map(|id| Some((*id, sessions.get(id)?.session.status))).collect())
    }

    async fn delete(&self, id: SessionId) -> Result<bool, StoreError> {
        self.check()?;
        lock(&self.events).retain(|(of, _), _| *of != id);
        Ok(lock(&self.sessions).remove(&id).is_some())
    }

    async fn list(&self, filter: &SessionFilter, limit: u32, offset: u64) -> Result<SessionPage, StoreError> {
        self.check()?;
        let mut found: Vec<_> = lock(&self.sessions).values().map(|stored| stored.session.summary()).collect();
        found.retain(|session| filter.status.is_none_or(|status| status == session.status));
        found.sort_by_key(|session| (std::cmp::Reverse(session.created_at), session.id));
        let total = found.len() as u64;
        let sessions = found.into_iter().skip(offset as usize).take(limit as usize).collect();
        Ok(SessionPage { sessions, total })
    }

    async fn counts(&self) -> Result<SessionCounts, StoreError> {
        self.check()?;
        let count = |status| lock(&self.sessions).values().filter(|it| it.session.status == status).count() as u64;
        Ok(SessionCounts {
            initialized: count(Status::Initialized),
            in_progress: count(Status::InProgress),
            completed: count(Status::Completed),
        })
    }

    async fn without_room(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.check()?;
        let sessions = lock(&self.sessions);
        let waiting = sessions.values().map(|stored| &stored.session);
        let waiting = waiting.filter(|it| it.room.state == RoomState::Absent && it.status != Status::Completed);
        Ok(waiting.map(|session| session.id).take(limit as usize).collect())
    }

    async fn with_work(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.check()?;
        let (sessions, outdated) = (lock(&self.sessions), lock(&self.outdated));
        let found = sessions.values().filter(|stored| stored.session.needs_work());
        let found = found.filter(|stored| !outdated.contains(&stored.session.id));
        Ok(found.map(|stored| stored.session.id).take(limit as usize).collect())
    }

    async fn to_review(&self, limit: u32) -> Result<Vec<SessionSummary>, StoreError> {
        self.check()?;
        let mut found: Vec<_> = lock(&self.sessions).values().map(|stored| stored.session.summary()).collect();
        found.retain(|session| session.undecided.urgency > 0);
        found.sort_by_key(|it| (std::cmp::Reverse(it.undecided.urgency), it.created_at, it.id));
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn outdated(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.check()?;
        self.scans.fetch_add(1, Ordering::SeqCst);
        Ok(lock(&self.outdated).iter().copied().take(limit as usize).collect())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.check()
    }
}
