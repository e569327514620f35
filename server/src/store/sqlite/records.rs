//! Small records in the embedded store.

use app::{
    model::UnixMillis,
    ports::{Order, RecordKind, RecordStore, StoreError, SummaryPage},
};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};

use super::{SqliteStore, signed, store_error, unsigned};

#[async_trait]
impl RecordStore for SqliteStore {
    async fn get(&self, kind: RecordKind, key: &str) -> Result<Option<String>, StoreError> {
        let (key, now) = (key.to_owned(), self.clock.now());
        self.readers
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT value FROM records
                         WHERE kind = ?1 AND key = ?2 AND (expires_at IS NULL OR expires_at > ?3)",
                    )
                    .and_then(|mut found| {
                        found.query_row(params![kind.as_str(), key, now.0], |row| row.get(0)).optional()
                    })
                    .map_err(store_error)
            })
            .await
    }

    async fn put_new(
        &self,
        kind: RecordKind,
        key: &str,
        value: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<String, StoreError> {
        let (key, value, now) = (key.to_owned(), value.to_owned(), self.clock.now());
        let summary = kind.summary_in(&value);
        self.writer
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO records (kind, key, value, expires_at, summary) VALUES (?1, ?2, ?3, ?4, ?5)
                         ON CONFLICT DO UPDATE
                         SET value = excluded.value, expires_at = excluded.expires_at, summary = excluded.summary
                         WHERE expires_at <= ?6",
                    )
                    .and_then(|mut put| {
                        let expires_at = expires_at.map(|time| time.0);
                        put.execute(params![kind.as_str(), key, value, expires_at, summary, now.0])
                    })
                    .map_err(store_error)?;
                connection
                    .prepare_cached("SELECT value FROM records WHERE kind = ?1 AND key = ?2")
                    .and_then(|mut found| found.query_row(params![kind.as_str(), key], |row| row.get(0)))
                    .map_err(store_error)
            })
            .await
    }

    async fn put(
        &self,
        kind: RecordKind,
        key: &str,
        value: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<(), StoreError> {
        let (key, value, summary) = (key.to_owned(), value.to_owned(), kind.summary_in(value));
        self.writer
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO records (kind, key, value, expires_at, summary) VALUES (?1, ?2, ?3, ?4, ?5)
                         ON CONFLICT DO UPDATE
                         SET value = excluded.value, expires_at = excluded.expires_at, summary = excluded.summary",
                    )
                    .and_then(|mut put| {
                        put.execute(params![kind.as_str(), key, value, expires_at.map(|time| time.0), summary])
                    })
                    .map(drop)
                    .map_err(store_error)
            })
            .await
    }

    async fn replace(
        &self,
        kind: RecordKind,
        key: &str,
        expected: &str,
        new: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<bool, StoreError> {
        let (key, expected, new, now) = (key.to_owned(), expected.to_owned(), new.to_owned(), self.clock.now());
        let summary = kind.summary_in(&new);
        self.writer
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "UPDATE records SET value = ?4, expires_at = ?5, summary = ?6
                         WHERE kind = ?1 AND key = ?2 AND value = ?3 AND (expires_at IS NULL OR expires_at > ?7)",
                    )
                    .and_then(|mut replace| {
                        let expires_at = expires_at.map(|time| time.0);
                        replace.execute(params![kind.as_str(), key, expected, new, expires_at, summary, now.0])
                    })
                    .map(|replaced| replaced == 1)
                    .map_err(store_error)
            })
            .await
    }

    async fn take(&self, kind: RecordKind, key: &str) -> Result<Option<String>, StoreError> {
        let (key, now) = (key.to_owned(), self.clock.now());
        self.writer
            .run(move |connection| {
                let taken: Option<(String, Option<i64>)> = connection
                    .prepare_cached("DELETE FROM records WHERE kind = ?1 AND key = ?2 RETURNING value, expires_at")
                    .and_then(|mut take| {
                        take.query_row(params![kind.as_str(), key], |row| Ok((row.get(0)?, row.get(1)?))).optional()
                    })
                    .map_err(store_error)?;
                Ok(taken.filter(|(_, expires_at)| expires_at.is_none_or(|time| time > now.0)).map(|(value, _)| value))
            })
            .await
    }

    async fn list(&self, kind: RecordKind, order: Order, limit: u32) -> Result<Vec<(String, String)>, StoreError> {
        let now = self.clock.now();
        let sql = match order {
            Order::Ascending => {
                "SELECT key, value FROM records WHERE kind = ?1 AND (expires_at IS NULL OR expires_at > ?2)
                 ORDER BY key LIMIT ?3"
            }
            Order::Descending => {
                "SELECT key, value FROM records WHERE kind = ?1 AND (expires_at IS NULL OR expires_at > ?2)
                 ORDER BY key DESC LIMIT ?3"
            }
        };
        self.readers
            .run(move |connection| {
                connection
                    .prepare_cached(sql)
                    .and_then(|mut found| {
                        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                        found.query_map(params![kind.as_str(), now.0, limit], row)?.collect()
                    })
                    .map_err(store_error)
            })
            .await
    }

    async fn between(
        &self,
        kind: RecordKind,
        from: &str,
        to: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let (from, to, now) = (from.to_owned(), to.to_owned(), self.clock.now());
        self.readers
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT key, value FROM records
                         WHERE kind = ?1 AND key >= ?2 AND key < ?3 AND (expires_at IS NULL OR expires_at > ?4)
                         ORDER BY key LIMIT ?5",
                    )
                    .and_then(|mut found| {
                        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                        found.query_map(params![kind.as_str(), from, to, now.0, limit], row)?.collect()
                    })
                    .map_err(store_error)
            })
            .await
    }

    async fn summaries(
        &self,
        kind: RecordKind,
        order: Order,
        limit: u32,
        offset: u64,
    ) -> Result<SummaryPage, StoreError> {
        // An index that holds all of it is used only where the same kinds are named as there.
        const ALL: &str = "FROM records INDEXED BY records_summaries
             WHERE kind = ?1 AND kind IN ('job', 'invitations') AND (expires_at IS NULL OR expires_at > ?2)";
        let (now, offset) = (self.clock.now(), signed(offset));
        let direction = match order {
            Order::Ascending => "ASC",
            Order::Descending => "DESC",
        };
        self.readers
            .run(move |connection| {
                let summaries = connection
                    .prepare_cached(&format!("SELECT key, summary {ALL} ORDER BY key {direction} LIMIT ?3 OFFSET ?4"))
                    .and_then(|mut found| {
                        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
                        found.query_map(params![kind.as_str(), now.0, limit, offset], row)?.collect()
                    })
                    .map_err(store_error)?;
                let total = connection
                    .prepare_cached(&format!("SELECT COUNT(*) {ALL}"))
                    .and_then(|mut count| count.query_row(params![kind.as_str(), now.0], |row| row.get(0)))
                    .map_err(store_error)?;
                Ok(SummaryPage { summaries, total: unsigned(total) })
            })
            .await
    }

    async fn any(&self, kind: RecordKind) -> Result<bool, StoreError> {
        let now = self.clock.now();
        self.readers
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT 1 FROM records WHERE kind = ?1 AND (expires_at IS NULL OR expires_at > ?2) LIMIT 1",
                    )
                    .and_then(|mut found| found.exists(params![kind.as_str(), now.0]))
                    .map_err(store_error)
            })
            .await
    }

    async fn count(&self, kind: RecordKind) -> Result<u64, StoreError> {
        let now = self.clock.now();
        self.readers
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT COUNT(*) FROM records WHERE kind = ?1 AND (expires_at IS NULL OR expires_at > ?2)",
                    )
                    .and_then(|mut count| count.query_row(params![kind.as_str(), now.0], |row| row.get::<_, i64>(0)))
                    .map(i64::unsigned_abs)
                    .map_err(store_error)
            })
            .await
    }
}
