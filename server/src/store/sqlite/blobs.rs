//! Pictures and logs in the embedded store.

use app::{
    model::SessionId,
    ports::{BlobStore, StoreError},
};
use async_trait::async_trait;
use rusqlite::{OptionalExtension, params};

use super::{SqliteStore, store_error};

#[async_trait]
impl BlobStore for SqliteStore {
    async fn put_new(&self, session: SessionId, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        let (session, name, bytes) = (session.to_string(), name.to_owned(), bytes.to_owned());
        self.writer
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO blobs (session, name, bytes) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    )
                    .and_then(|mut put| put.execute(params![session, name, bytes]))
                    .map(|added| added == 1)
                    .map_err(store_error)
            })
            .await
    }

    async fn get(&self, session: SessionId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let (session, name) = (session.to_string(), name.to_owned());
        self.readers
            .run(move |connection| {
                connection
                    .prepare_cached("SELECT bytes FROM blobs WHERE session = ?1 AND name = ?2")
                    .and_then(|mut found| found.query_row(params![session, name], |row| row.get(0)).optional())
                    .map_err(store_error)
            })
            .await
    }

    async fn names(&self, session: SessionId, prefix: &str) -> Result<Vec<String>, StoreError> {
        let (session, prefix) = (session.to_string(), prefix.to_owned());
        self.readers
            .run(move |connection| {
                connection
                    .prepare_cached(
                        "SELECT name FROM blobs WHERE session = ?1 AND substr(name, 1, length(?2)) = ?2 ORDER BY name",
                    )
                    .and_then(|mut found| found.query_map(params![session, prefix], |row| row.get(0))?.collect())
                    .map_err(store_error)
            })
            .await
    }

    async fn erase(&self, session: SessionId) -> Result<(), StoreError> {
        let session = session.to_string();
        self.writer
            .run(move |connection| {
                connection
                    .prepare_cached("DELETE FROM blobs WHERE session = ?1")
                    .and_then(|mut erase| erase.execute(params![session]))
                    .map(drop)
                    .map_err(store_error)
            })
            .await
    }
}
