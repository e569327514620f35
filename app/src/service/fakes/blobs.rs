//! Pictures and logs in memory.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use tokio::sync::watch;

use crate::{
    model::SessionId,
    ports::{BlobStore, StoreError},
};

type Blobs = BTreeMap<(SessionId, String), Vec<u8>>;

/// Keeps what it is given, and fails when it is told to.
#[derive(Default)]
pub struct FakeBlobs {
    blobs: Mutex<Blobs>,
    failing: AtomicBool,
    /// Whose recordings cannot be erased.
    stuck: Mutex<Option<SessionId>>,
    losing_answer: Mutex<Option<&'static str>>,
    holding: watch::Sender<bool>,
    waiting: AtomicUsize,
    /// What is there once something was listed.
    delayed: Mutex<Blobs>,
}

impl FakeBlobs {
    /// From now on it fails, or not.
    pub fn fail(&self, fails: bool) {
        self.failing.store(fails, Ordering::SeqCst);
    }

    /// From now on this session's cannot be erased, or all can.
    pub fn stick(&self, session: Option<SessionId>) {
        *self.stuck.lock().unwrap_or_else(PoisonError::into_inner) = session;
    }

    /// The next thing that it is given whose name begins so is kept, and the caller does not learn of it.
    pub fn lose_answer(&self, prefix: &'static str) {
        *self.losing_answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(prefix);
    }

    /// From now on whoever gives it something waits, or no longer.
    pub fn hold(&self, holds: bool) {
        self.holding.send_replace(holds);
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    /// All of a session is as if it were kept only right after something was listed the next time.
    pub fn delay(&self, session: SessionId) {
        let taken = self.all().extract_if(.., |(owner, _), _| *owner == session).collect();
        *self.delayed.lock().unwrap_or_else(PoisonError::into_inner) = taken;
    }

    /// Somebody removes one from outside.
    pub fn remove(&self, session: SessionId, name: &str) {
        self.all().remove(&(session, name.to_owned()));
    }

    /// The bytes of all of a session.
    pub fn size(&self, session: SessionId) -> usize {
        self.all().iter().filter(|((owner, _), _)| *owner == session).map(|(_, bytes)| bytes.len()).sum()
    }

    /// How many of a session there are whose names begin so.
    pub fn count(&self, session: SessionId, prefix: &str) -> usize {
        self.all().keys().filter(|(owner, name)| *owner == session && name.starts_with(prefix)).count()
    }

    fn all(&self) -> MutexGuard<'_, Blobs> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self) -> Result<(), StoreError> {
        let failing = self.failing.load(Ordering::SeqCst);
        if failing { Err(StoreError::Unavailable("told to fail".into())) } else { Ok(()) }
    }
}

#[async_trait]
impl BlobStore for FakeBlobs {
    async fn put_new(&self, session: SessionId, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        // It is never dropped before.
        let _ = self.holding.subscribe().wait_for(|holds| !holds).await;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        self.check()?;
        let mut blobs = self.all();
        let taken = blobs.contains_key(&(session, name.to_owned()));
        if !taken {
            blobs.insert((session, name.to_owned()), bytes.to_owned());
        }
        let mut losing = self.losing_answer.lock().unwrap_or_else(PoisonError::into_inner);
        if losing.take_if(|prefix| name.starts_with(*prefix)).is_some() {
            return Err(StoreError::Unavailable("the answer got lost".into()));
        }
        Ok(!taken)
    }

    async fn get(&self, session: SessionId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.check()?;
        Ok(self.all().get(&(session, name.to_owned())).cloned())
    }

    async fn names(&self, session: SessionId, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.check()?;
        let mut blobs = self.all();
        let of_session = blobs.keys().filter(|(owner, name)| *owner == session && name.starts_with(prefix));
        let names = of_session.map(|(_, name)| name.clone()).collect();
        blobs.append(&mut self.delayed.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(names)
    }

    async fn erase(&self, session: SessionId) -> Result<(), StoreError> {
        self.check()?;
        if *self.stuck.lock().unwrap_or_else(PoisonError::into_inner) == Some(session) {
            return Err(StoreError::Failed("told to fail".into()));
        }
        self.all().retain(|(owner, _), _| *owner != session);
        Ok(())
    }
}
