//! A store for one test alone, which can be closed and opened again.

use std::sync::Arc;

use app::ports::{Clock, RecordStore, SessionStore, StoreError};
use server::store::{MongoStore, SqliteStore};
use tempfile::TempDir;

/// Where a test's store keeps its data.
pub enum Backend {
    Sqlite(TempDir),
    Mongo { uri: String, db: String },
}

/// An open store by its two ports. Dropping both closes it.
pub struct Stores {
    pub sessions: Arc<dyn SessionStore>,
    pub records: Arc<dyn RecordStore>,
}

impl Stores {
    fn of<S: SessionStore + RecordStore + 'static>(store: S) -> Self {
        let store = Arc::new(store);
        Self { sessions: store.clone(), records: store }
    }
}

impl Backend {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a temporary directory"))
    }

    pub fn mongo() -> Self {
        let uri = std::env::var("TEST_MONGODB_URI")
            .expect("TEST_MONGODB_URI names no MongoDB server to test with; `cargo xtask test` starts one and sets it");
        Self::Mongo { uri, db: format!("test_{}", uuid::Uuid::new_v4().simple()) }
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

    /// The database itself, to look behind the store's back.
    pub async fn mongo_database(&self) -> mongodb::Database {
        let Self::Mongo { uri, db } = self else { panic!("this store is no MongoDB") };
        mongodb::Client::with_uri_str(uri).await.expect("the address of a server").database(db)
    }
}
