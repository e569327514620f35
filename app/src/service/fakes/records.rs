//! The small records of the store in memory.

use async_trait::async_trait;

use super::store::{FakeStore, lock};
use crate::{
    model::UnixMillis,
    ports::{Clock, Order, RecordKind, RecordStore, StoreError, SummaryPage},
};

#[async_trait]
impl RecordStore for FakeStore {
    async fn get(&self, kind: RecordKind, key: &str) -> Result<Option<String>, StoreError> {
        self.check()?;
        let records = lock(&self.records);
        let alive =
            records.get(&(kind, key.to_owned())).filter(|(_, until)| until.is_none_or(|it| it > self.clock.now()));
        Ok(alive.map(|(value, _)| value.clone()))
    }

    async fn put_new(
        &self,
        kind: RecordKind,
        key: &str,
        value: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<String, StoreError> {
        if let Some(there) = self.get(kind, key).await? {
            return Ok(there);
        }
        lock(&self.records).insert((kind, key.to_owned()), (value.to_owned(), expires_at));
        Ok(value.to_owned())
    }

    async fn put(
        &self,
        kind: RecordKind,
        key: &str,
        value: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<(), StoreError> {
        self.check()?;
        // Time enough for others to do a good deal, such as deleting a session.
        for _ in 0..8 {
            tokio::task::yield_now().await;
        }
        lock(&self.records).insert((kind, key.to_owned()), (value.to_owned(), expires_at));
        Ok(())
    }

    async fn replace(
        &self,
        kind: RecordKind,
        key: &str,
        expected: &str,
        new: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<bool, StoreError> {
        self.check()?;
        // Time enough for others.
        tokio::task::yield_now().await;
        let now = self.clock.now();
        let mut records = lock(&self.records);
        let kept = records.get_mut(&(kind, key.to_owned()));
        let Some(kept) = kept.filter(|(value, until)| value == expected && until.is_none_or(|it| it > now)) else {
            return Ok(false);
        };
        *kept = (new.to_owned(), expires_at);
        Ok(true)
    }

    async fn take(&self, kind: RecordKind, key: &str) -> Result<Option<String>, StoreError> {
        let value = self.get(kind, key).await?;
        let removed = lock(&self.records).remove(&(kind, key.to_owned()));
        Ok(value.filter(|_| removed.is_some()))
    }

    async fn list(&self, kind: RecordKind, order: Order, limit: u32) -> Result<Vec<(String, String)>, StoreError> {
        self.check()?;
        let now = self.clock.now();
        let mut found: Vec<_> = lock(&self.records)
            .iter()
            .filter(|((of, _), (_, expires_at))| *of == kind && expires_at.is_none_or(|time| time > now))
            .map(|((_, key), (value, _))| (key.clone(), value.clone()))
            .collect();
        found.sort();
        if order == Order::Descending {
            found.reverse();
        }
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn between(
        &self,
        kind: RecordKind,
        from: &str,
        to: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = RecordStore::list(self, kind, Order::Ascending, u32::MAX).await?;
        found.retain(|(key, _)| from <= key.as_str() && key.as_str() < to);
        found.truncate(limit as usize);
        Ok(found)
    }

    async fn summaries(
        &self,
        kind: RecordKind,
        order: Order,
        limit: u32,
        offset: u64,
    ) -> Result<SummaryPage, StoreError> {
        let found = RecordStore::list(self, kind, order, u32::MAX).await?;
        let total = found.len() as u64;
        let page = found.into_iter().skip(offset as usize).take(limit as usize);
        let summaries = page.map(|(key, value)| (key, kind.summary_in(&value))).collect();
        Ok(SummaryPage { summaries, total })
    }

    async fn any(&self, kind: RecordKind) -> Result<bool, StoreError> {
        self.check()?;
        Ok(lock(&self.records).keys().any(|(of, _)| *of == kind))
    }

    async fn count(&self, kind: RecordKind) -> Result<u64, StoreError> {
        let found = RecordStore::list(self, kind, Order::Ascending, u32::MAX).await?.len() as u64;
        // Time enough for others to add to it.
        tokio::task::yield_now().await;
        Ok(found)
    }
}
