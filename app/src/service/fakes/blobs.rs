//! Pictures and logs in memory.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;

use crate::{
    model::SessionId,
    ports::{BlobStore, StoreError},
};

type Blobs = BTreeMap<(SessionId, String), Vec<u8>>;

/// Keeps what it is given.
#[derive(Default)]
pub struct FakeBlobs(Mutex<Blobs>);

impl FakeBlobs {
    fn all(&self) -> MutexGuard<'_, Blobs> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl BlobStore for FakeBlobs {
    async fn put_new(&self, session: SessionId, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        let mut blobs = self.all();
        let taken = blobs.contains_key(&(session, name.to_owned()));
        if !taken {
            blobs.insert((session, name.to_owned()), bytes.to_owned());
        }
        Ok(!taken)
    }

    async fn get(&self, session: SessionId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.all().get(&(session, name.to_owned())).cloned())
    }

    async fn names(&self, session: SessionId, prefix: &str) -> Result<Vec<String>, StoreError> {
        let blobs = self.all();
        let of_session = blobs.keys().filter(|(owner, name)| *owner == session && name.starts_with(prefix));
        Ok(of_session.map(|(_, name)| name.clone()).collect())
    }

    async fn erase(&self, session: SessionId) -> Result<(), StoreError> {
        self.all().retain(|(owner, _), _| *owner != session);
        Ok(())
    }
}
