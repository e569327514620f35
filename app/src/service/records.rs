//! Records of one kind as what they hold.

use std::{marker::PhantomData, sync::Arc};

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    model::UnixMillis,
    ports::{Order, RecordKind, RecordStore, StoreError},
};

/// Records of one kind.
pub(super) struct Typed<T> {
    store: Arc<dyn RecordStore>,
    kind: RecordKind,
    holds: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Typed<T> {
    pub fn new(store: Arc<dyn RecordStore>, kind: RecordKind) -> Self {
        Self { store, kind, holds: PhantomData }
    }

    pub async fn get(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.store.get(self.kind, key).await?.map(|text| from_json(&text)).transpose()
    }

    pub async fn put(&self, key: &str, value: &T, expires_at: Option<UnixMillis>) -> Result<(), StoreError> {
        self.store.put(self.kind, key, &to_json(value)?, expires_at).await
    }

    /// Adds a record unless there is one; answers what is there afterwards.
    pub async fn put_new(&self, key: &str, value: &T, expires_at: Option<UnixMillis>) -> Result<T, StoreError> {
        from_json(&self.store.put_new(self.kind, key, &to_json(value)?, expires_at).await?)
    }

    pub async fn take(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.store.take(self.kind, key).await?.map(|text| from_json(&text)).transpose()
    }

    /// Records whose keys are `from` or later and before `to`, in this order.
    pub async fn between(&self, from: &str, to: &str, limit: u32) -> Result<Vec<(String, T)>, StoreError> {
        let found = self.store.between(self.kind, from, to, limit).await?;
        found.into_iter().map(|(key, text)| Ok((key, from_json(&text)?))).collect()
    }

    pub async fn list(&self, order: Order, limit: u32) -> Result<Vec<(String, T)>, StoreError> {
        let found = self.store.list(self.kind, order, limit).await?;
        found.into_iter().map(|(key, text)| Ok((key, from_json(&text)?))).collect()
    }
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    // The parser's own text may quote what is kept.
    serde_json::from_str(text).map_err(|_| StoreError::Failed("a record cannot be read".into()))
}
