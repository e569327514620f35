//! Records of one kind as what they hold.

use std::{
    array,
    hash::{DefaultHasher, Hash, Hasher},
    marker::PhantomData,
    sync::Arc,
    time::Duration,
};

use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::Mutex;

use super::tokens::random_bytes;

use crate::{
    model::UnixMillis,
    ports::{Order, RecordKind, RecordStore, StoreError},
};

/// How often a record is changed anew when others changed it in between.
const ATTEMPTS: usize = 16;

/// Locks that the records of a kind share.
const TURNS: usize = 16;

/// The pauses between attempts, which get twice as long each time, up to the second. Chance shortens each by up to half, so that
/// several who want the same do not meet again and again.
const PAUSES: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(250));

/// What has a summary for lists. It stands in the record itself, so that the two never disagree; the store keeps it beside
/// the rest, so that lists read nothing else.
pub(super) trait Summarised: Serialize + DeserializeOwned + Clone {
    type Summary: Serialize + DeserializeOwned;

    fn summary(&self) -> Self::Summary;
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// On all pages.
    pub total: u64,
}

/// Records between two keys, as far as they were read.
pub(super) struct Range<T> {
    /// Those that can be read, by key.
    pub items: Vec<(String, T)>,
    /// The key to read on from; none where these were all.
    pub next: Option<String>,
}

/// Records of one kind.
pub(super) struct Typed<T> {
    store: Arc<dyn RecordStore>,
    kind: RecordKind,
    holds: PhantomData<fn() -> T>,
    /// As it is kept.
    write: fn(&T) -> Result<String, StoreError>,
    /// In one process those who change a record take turns, so that only other workers can be quicker.
    turns: [Mutex<()>; TURNS],
}

impl<T: Serialize + DeserializeOwned> Typed<T> {
    pub fn new(store: Arc<dyn RecordStore>, kind: RecordKind) -> Self {
        Self { store, kind, holds: PhantomData, write: to_json, turns: array::from_fn(|_| Mutex::default()) }
    }

    pub async fn get(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.store.get(self.kind, key).await?.map(|text| from_json(&text)).transpose()
    }

    /// Adds a record unless there is one, or `most` of its kind already: then `None`. When several add the last one at
    /// once, it may be that none gets in, but never too many.
    pub async fn add(&self, key: &str, value: &T, most: u64) -> Result<Option<T>, StoreError> {
        if self.store.count(self.kind).await? >= most {
            // The last one may be this one, added by somebody who asks for the same.
            return self.get(key).await;
        }
        let kept = self.put_new(key, value, None).await?;
        if self.store.count(self.kind).await? > most {
            self.store.take(self.kind, key).await?;
            return Ok(None);
        }
        Ok(Some(kept))
    }

    /// Replaces what is there by what `change` makes of it, unless that is `None`; once more when somebody else was
    /// quicker. Answers what is there afterwards.
    pub async fn change<E: From<StoreError>>(
        &self,
        key: &str,
        mut change: impl FnMut(&T) -> Result<Option<T>, E>,
        expires_at: impl Fn(&T) -> Option<UnixMillis>,
    ) -> Result<Option<T>, E> {
        let _turn = self.turn(key).await;
        let mut pause = PAUSES.0;
        for _ in 0..ATTEMPTS {
            let Some(kept) = self.store.get(self.kind, key).await? else { return Ok(None) };
            let known = from_json(&kept)?;
            let Some(new) = change(&known)? else { return Ok(Some(known)) };
            if self.store.replace(self.kind, key, &kept, &(self.write)(&new)?, expires_at(&new)).await? {
                return Ok(Some(new));
            }
            tokio::time::sleep(shortened(pause)).await;
            pause = (pause * 2).min(PAUSES.1);
        }
        Err(StoreError::Conflict.into())
    }

    async fn turn(&self, key: &str) -> tokio::sync::MutexGuard<'_, ()> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        self.turns[(hasher.finish() % TURNS as u64) as usize].lock().await
    }

    pub async fn put(&self, key: &str, value: &T, expires_at: Option<UnixMillis>) -> Result<(), StoreError> {
        self.store.put(self.kind, key, &(self.write)(value)?, expires_at).await
    }

    /// Adds a record unless there is one; answers what is there afterwards.
    pub async fn put_new(&self, key: &str, value: &T, expires_at: Option<UnixMillis>) -> Result<T, StoreError> {
        from_json(&self.store.put_new(self.kind, key, &(self.write)(value)?, expires_at).await?)
    }

    pub async fn take(&self, key: &str) -> Result<Option<T>, StoreError> {
        self.store.take(self.kind, key).await?.map(|text| from_json(&text)).transpose()
    }

    /// Records whose keys are `from` or later and before `to`, in this order. What cannot be read is passed over.
    pub async fn between(&self, from: &str, to: &str, limit: u32) -> Result<Range<T>, StoreError> {
        let found = self.store.between(self.kind, from, to, limit).await?;
        let is_full = found.len() >= limit as usize;
        let next = found.last().filter(|_| is_full).map(|(last, _)| format!("{last}\0"));
        Ok(Range { items: self.readable(found), next })
    }

    /// Records by key, at most `limit`, without those that cannot be read.
    pub async fn list(&self, order: Order, limit: u32) -> Result<Vec<(String, T)>, StoreError> {
        let found = self.store.list(self.kind, order, limit).await?;
        Ok(self.readable(found))
    }

    fn readable(&self, found: Vec<(String, String)>) -> Vec<(String, T)> {
        let all = found.len();
        let good: Vec<_> = found.into_iter().filter_map(|(key, text)| Some((key, from_json(&text).ok()?))).collect();
        self.log_unreadable(all - good.len());
        good
    }

    fn log_unreadable(&self, number: usize) {
        if number > 0 {
            // Keys may name people.
            tracing::error!(kind = self.kind.as_str(), unreadable = number, "records cannot be read");
        }
    }
}

impl<T: Summarised> Typed<T> {
    /// As [`Self::new`]; what is written has its summary.
    pub fn summarised(store: Arc<dyn RecordStore>, kind: RecordKind) -> Self {
        Self { write: with_summary, ..Self::new(store, kind) }
    }

    /// Summaries by key, without those of records that cannot be read. What another version of the program wrote is read as a
    /// whole, and written again with its summary, to expire at `expires_at`.
    pub async fn summaries(
        &self,
        order: Order,
        limit: u32,
        offset: u64,
        expires_at: impl Fn(&T) -> Option<UnixMillis>,
    ) -> Result<Listed<T::Summary>, StoreError> {
        let page = self.store.summaries(self.kind, order, limit, offset).await?;
        let (mut items, mut unreadable) = (Vec::with_capacity(page.summaries.len()), 0);
        for (key, summary) in page.summaries {
            if let Some(summary) = summary.and_then(|text| from_json(&text).ok()) {
                items.push(summary);
                continue;
            }
            match self.change(&key, |known: &T| Ok::<_, StoreError>(Some(known.clone())), &expires_at).await {
                Ok(Some(known)) => items.push(known.summary()),
                // It is gone meanwhile.
                Ok(None) => {}
                Err(StoreError::Failed(_)) => unreadable += 1,
                Err(error) => return Err(error),
            }
        }
        self.log_unreadable(unreadable);
        Ok(Listed { items, total: page.total })
    }
}

/// As JSON with its summary at the top.
fn with_summary<T: Summarised>(value: &T) -> Result<String, StoreError> {
    #[derive(Serialize)]
    struct Whole<'a, S, T> {
        summary: S,
        #[serde(flatten)]
        rest: &'a T,
    }
    to_json(&Whole { summary: value.summary(), rest: value })
}

fn shortened(pause: Duration) -> Duration {
    let [chance] = random_bytes::<1>();
    pause.mul_f64(1.0 - f64::from(chance) / 512.0)
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    // The parser's own text may quote what is kept.
    serde_json::from_str(text).map_err(|_| StoreError::Failed("a record cannot be read".into()))
}
