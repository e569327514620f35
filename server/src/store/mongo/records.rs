//! Small records in MongoDB.

use app::{
    model::UnixMillis,
    ports::{Order, RecordKind, RecordStore, StoreError, SummaryPage},
};
use async_trait::async_trait;
use futures::TryStreamExt;
use mongodb::bson::{Bson, DateTime, Document, doc};

use super::{MongoStore, QUICK, SLOW, attempt, document::unreadable, is_duplicate, store_error, within};

/// How often to look again when others change the same record in between.
const ATTEMPTS: usize = 16;

#[async_trait]
impl RecordStore for MongoStore {
    async fn get(&self, kind: RecordKind, key: &str) -> Result<Option<String>, StoreError> {
        match self.find(kind, key).await? {
            Some(record) if !self.is_expired(&record) => value(&record).map(Some),
            _ => Ok(None),
        }
    }

    async fn put_new(
        &self,
        kind: RecordKind,
        key: &str,
        new: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<String, StoreError> {
        let record = record(kind, key, new, expires_at);
        for _ in 0..ATTEMPTS {
            match attempt(QUICK, self.records.insert_one(&record)).await? {
                Ok(_) => return Ok(new.to_owned()),
                Err(error) if is_duplicate(&error) => {}
                Err(error) => return Err(store_error(error)),
            }
            match self.find(kind, key).await? {
                Some(found) if !self.is_expired(&found) => return value(&found),
                Some(found) => drop(self.remove(found).await?),
                None => {}
            }
        }
        Err(changing())
    }

    async fn put(
        &self,
        kind: RecordKind,
        key: &str,
        value: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<(), StoreError> {
        let record = record(kind, key, value, expires_at);
        for _ in 0..ATTEMPTS {
            let put = async {
                let _place = self.place().await;
                self.records.replace_one(doc! { "_id": record_id(kind, key) }, &record).upsert(true).await
            };
            match attempt(QUICK, put).await? {
                // Somebody else's first write of it came in between.
                Err(error) if is_duplicate(&error) => {}
                other => return other.map(drop).map_err(store_error),
            }
        }
        Err(changing())
    }

    async fn replace(
        &self,
        kind: RecordKind,
        key: &str,
        expected: &str,
        new: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<bool, StoreError> {
        let (id, replacement) = (record_id(kind, key), record(kind, key, new, expires_at));
        let Some(guard) = &self.guard else {
            // One update of one document, which the server applies only while it is still as expected.
            let as_expected = doc! { "_id": id, "value": expected, "$or": self.not_expired() };
            let replaced = within(QUICK, self.records.replace_one(as_expected, &replacement)).await?;
            return Ok(replaced.matched_count == 1);
        };
        let compare_and_write = async {
            match self.find(kind, key).await? {
                Some(found) if !self.is_expired(&found) && value(&found)? == expected => {}
                _ => return Ok(false),
            }
            let replaced = within(QUICK, self.records.replace_one(doc! { "_id": &id }, &replacement)).await?;
            Ok(replaced.matched_count == 1)
        };
        guard.alone(&id, compare_and_write).await
    }

    /// Read first, then removed as it was read: the count of a deletion is exact on every server, while FerretDB 1.x hands
    /// the document of a find-and-delete to several callers.
    async fn take(&self, kind: RecordKind, key: &str) -> Result<Option<String>, StoreError> {
        for _ in 0..ATTEMPTS {
            let Some(found) = self.find(kind, key).await? else {
                return Ok(None);
            };
            let (value, expired) = (value(&found)?, self.is_expired(&found));
            if self.remove(found).await? {
                return Ok((!expired).then_some(value));
            }
        }
        Err(changing())
    }

    async fn list(&self, kind: RecordKind, order: Order, limit: u32) -> Result<Vec<(String, String)>, StoreError> {
        self.sorted(kind, self.good(kind), direction(order), limit).await
    }

    async fn between(
        &self,
        kind: RecordKind,
        from: &str,
        to: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut wanted = doc! { "_id": { "$gte": record_id(kind, from), "$lt": record_id(kind, to) } };
        wanted.extend(self.good(kind));
        self.sorted(kind, wanted, 1, limit).await
    }

    async fn summaries(
        &self,
        kind: RecordKind,
        order: Order,
        limit: u32,
        offset: u64,
    ) -> Result<SummaryPage, StoreError> {
        let found = async {
            let found = self.records.find(self.good(kind)).sort(doc! { "_id": direction(order) }).skip(offset);
            // Sent without the rest.
            let found = found.limit(i64::from(limit.max(1))).projection(doc! { "summary": 1 });
            found.await?.try_collect::<Vec<_>>().await
        };
        let read = |record: Document| Ok((key(kind, &record)?, record.get_str("summary").ok().map(str::to_owned)));
        let summaries = within(SLOW, found).await?.into_iter().take(limit as usize).map(read);
        Ok(SummaryPage { summaries: summaries.collect::<Result<_, StoreError>>()?, total: self.count(kind).await? })
    }

    async fn any(&self, kind: RecordKind) -> Result<bool, StoreError> {
        Ok(within(SLOW, self.records.find_one(self.good(kind))).await?.is_some())
    }

    async fn count(&self, kind: RecordKind) -> Result<u64, StoreError> {
        within(SLOW, self.records.count_documents(self.good(kind))).await
    }
}

impl MongoStore {
    /// Which records of a kind have not expired.
    fn good(&self, kind: RecordKind) -> Document {
        doc! { "kind": kind.as_str(), "$or": self.not_expired() }
    }

    fn not_expired(&self) -> [Document; 2] {
        let now = DateTime::from_millis(self.clock.now().0);
        [doc! { "expires_at": Bson::Null }, doc! { "expires_at": { "$gt": now } }]
    }

    /// Records that match, by key.
    async fn sorted(
        &self,
        kind: RecordKind,
        wanted: Document,
        direction: i32,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let found = async {
            let found = self.records.find(wanted).sort(doc! { "_id": direction });
            found.limit(i64::from(limit.max(1))).await?.try_collect::<Vec<_>>().await
        };
        let read = |record: Document| Ok((key(kind, &record)?, value(&record)?));
        within(SLOW, found).await?.into_iter().take(limit as usize).map(read).collect()
    }

    async fn find(&self, kind: RecordKind, key: &str) -> Result<Option<Document>, StoreError> {
        within(QUICK, self.records.find_one(doc! { "_id": record_id(kind, key) })).await
    }

    /// Removes the record if it is still the one that was read.
    async fn remove(&self, read: Document) -> Result<bool, StoreError> {
        let same = read.into_iter().filter(|(field, _)| field != "kind").collect::<Document>();
        Ok(within(QUICK, self.records.delete_one(same)).await?.deleted_count == 1)
    }

    fn is_expired(&self, record: &Document) -> bool {
        record.get_datetime("expires_at").is_ok_and(|time| time.timestamp_millis() <= self.clock.now().0)
    }
}

fn direction(order: Order) -> i32 {
    match order {
        Order::Ascending => 1,
        Order::Descending => -1,
    }
}

fn record(kind: RecordKind, key: &str, value: &str, expires_at: Option<UnixMillis>) -> Document {
    let mut record = doc! {
        "_id": record_id(kind, key),
        "kind": kind.as_str(),
        "value": value,
        // As a date, so that the server can clear it away by itself.
        "expires_at": expires_at.map_or(Bson::Null, |time| DateTime::from_millis(time.0).into()),
    };
    if let Some(summary) = kind.summary_in(value) {
        record.insert("summary", summary);
    }
    record
}

fn record_id(kind: RecordKind, key: &str) -> String {
    format!("{}:{key}", kind.as_str())
}

fn key(kind: RecordKind, record: &Document) -> Result<String, StoreError> {
    let id = record.get_str("_id").map_err(|_| unreadable())?;
    id.get(kind.as_str().len() + 1..).map(str::to_owned).ok_or_else(unreadable)
}

fn value(record: &Document) -> Result<String, StoreError> {
    record.get_str("value").map(str::to_owned).map_err(|_| unreadable())
}

fn changing() -> StoreError {
    StoreError::Unavailable("a record keeps changing".into())
}
