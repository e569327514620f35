//! A store for one test alone, which can be closed and opened again.

use std::{env, path::PathBuf, sync::Arc};

use app::{
    model::SessionId,
    ports::{BlobStore, Clock, RecordStore, SessionStore, StoreError},
};
use mongodb::bson::{Document, doc};
use server::{
    config::MongoConfig,
    store::{MongoStore, SqliteStore},
};
use tempfile::TempDir;

use super::gate::Gate;

/// Where a test's store keeps its data.
pub enum Backend {
    Sqlite(TempDir),
    Mongo { uri: String, db: String },
}

/// An open store by its ports. Dropping all closes it.
pub struct Stores {
    pub sessions: Arc<dyn SessionStore>,
    pub records: Arc<dyn RecordStore>,
    pub blobs: Arc<dyn BlobStore>,
}

impl Stores {
    fn of<S: SessionStore + RecordStore + BlobStore + 'static>(store: S) -> Self {
        let store = Arc::new(store);
        Self { sessions: store.clone(), records: store.clone(), blobs: store }
    }
}

impl Backend {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a temporary directory"))
    }

    pub fn mongo() -> Self {
        Self::mongo_at(mongodb_uri())
    }

    /// MongoDB reached through a gate.
    pub async fn mongo_behind_gate() -> (Self, Gate) {
        let uri = mongodb_uri();
        let gate = Gate::before(uri.trim_start_matches("mongodb://").trim_end_matches('/')).await;
        (Self::mongo_at(format!("mongodb://{}/", gate.address)), gate)
    }

    fn mongo_at(uri: String) -> Self {
        Self::Mongo { uri, db: format!("test_{}", uuid::Uuid::new_v4().simple()) }
    }

    /// What a worker's configuration says of this store: its data directory and its MongoDB.
    pub fn settings(&self) -> (PathBuf, Option<MongoConfig>) {
        match self {
            Self::Sqlite(dir) => (dir.path().to_owned(), None),
            Self::Mongo { uri, db } => (env::temp_dir(), Some(MongoConfig { uri: uri.clone(), database: db.clone() })),
        }
    }

    pub async fn try_open(&self, clock: Arc<dyn Clock>) -> Result<Stores, StoreError> {
        match self {
            Self::Sqlite(dir) => SqliteStore::open(dir.path(), clock).map(Stores::of),
            Self::Mongo { uri, db } => MongoStore::connect(uri, db, clock).await.map(Stores::of),
        }
    }

    pub async fn open(&self, clock: Arc<dyn Clock>) -> Stores {
        self.try_open(clock).await.expect("the store opens")
    }

    /// Removes the data.
    pub async fn remove(self) {
        match self {
            Self::Sqlite(dir) => dir.close().expect("the temporary directory can be removed"),
            Self::Mongo { .. } => {
                self.mongo_database().await.drop().await.expect("the database can be dropped");
            }
        }
    }

    /// The file of an embedded store that a worker has open, to meddle with it.
    pub fn worker_file(&self) -> rusqlite::Connection {
        let Self::Sqlite(dir) = self else { panic!("this store is no file") };
        rusqlite::Connection::open(dir.path().join("interviews.db")).expect("the store's file")
    }

    /// Whether these words stand anywhere in the files of an embedded store.
    pub fn holds(&self, words: &str) -> bool {
        let Self::Sqlite(dir) = self else { panic!("this store is no file") };
        let files = dir.path().read_dir().expect("the store's directory");
        let read = files.map(|file| std::fs::read(file.expect("a file").path()).expect("a file's content"));
        read.into_iter().any(|bytes| bytes.windows(words.len()).any(|window| window == words.as_bytes()))
    }

    /// Makes what is stored of a session unreadable.
    pub async fn spoil(&self, id: SessionId) {
        let changed = match self {
            Self::Sqlite(_) => {
                let sql = "UPDATE sessions SET snapshot = 'spoiled' WHERE id = ?1";
                self.worker_file().execute(sql, [id.0.as_bytes()]).expect("an update") as u64
            }
            Self::Mongo { .. } => {
                let sessions = self.mongo_database().await.collection::<Document>("sessions");
                let spoil = doc! { "$set": { "session": "spoiled" } };
                sessions.update_one(doc! { "_id": id.to_string() }, spoil).await.expect("an update").modified_count
            }
        };
        assert_eq!(changed, 1);
    }

    /// The database itself, to look behind the store's back.
    pub async fn mongo_database(&self) -> mongodb::Database {
        let Self::Mongo { uri, db } = self else { panic!("this store is no MongoDB") };
        mongodb::Client::with_uri_str(uri).await.expect("the address of a server").database(db)
    }
}

fn mongodb_uri() -> String {
    env::var("TEST_MONGODB_URI")
        .expect("TEST_MONGODB_URI is not set: run through `cargo xtask test`, which starts a server")
}
