//! The store of real deployments: MongoDB, shared by all workers.
//!
//! A step is one write of one document that carries its events along, so that no transaction is needed. The hot path
//! addresses documents by `_id` alone.

mod blobs;
mod document;
mod guard;
mod records;
mod server;
mod sessions;

use std::{sync::Arc, time::Duration};

use app::ports::{Clock, StoreError};
use mongodb::{
    Client, Collection, Database,
    bson::Document,
    error::{Error, ErrorKind, RETRYABLE_WRITE_ERROR, WriteFailure},
    options::{Acknowledgment, ClientOptions, ReadPreference, SelectionCriteria, WriteConcern},
};

use self::guard::Guard;

/// How long to look for a server, and to connect to it.
const REACH: Duration = Duration::from_secs(2);
/// How long an operation on single documents may take.
const QUICK: Duration = Duration::from_secs(5);
/// How long one that may read many documents may take.
const SLOW: Duration = Duration::from_secs(20);
/// Connections at most, unless the address says otherwise.
const CONNECTIONS: u32 = 32;

/// Code of the error that says: this `_id` is taken.
const DUPLICATE_KEY: i32 = 11000;

/// MongoDB, or a server that speaks its protocol.
pub struct MongoStore {
    database: Database,
    sessions: Collection<Document>,
    events: Collection<Document>,
    records: Collection<Document>,
    blobs: Collection<Document>,
    clock: Arc<dyn Clock>,
    /// Only for servers that need it.
    guard: Option<Guard>,
}

impl MongoStore {
    /// Connects to the server at `uri` and makes sure of the indexes in its database `db`.
    ///
    /// # Errors
    /// `Unavailable` when the server does not answer within a few seconds; `Failed` when `uri` is no address.
    pub async fn connect(uri: &str, db: &str, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let options = within(QUICK, options(uri)).await?;
        let database = Client::with_options(options).map_err(store_error)?.database(db);
        let guard = server::needs_guard(&database).await?.then(|| Guard::new(&database));
        let store = Self {
            sessions: database.collection("sessions"),
            events: database.collection("events"),
            records: database.collection("records"),
            blobs: database.collection("blobs"),
            database,
            clock,
            guard,
        };
        // A server that has to be guarded reads the whole collection all the same; indexes would only slow its writes.
        if store.guard.is_none() {
            store.create_indexes().await?;
        }
        Ok(store)
    }
}

/// What the address says, as far as what was acknowledged stays true with it.
async fn options(uri: &str) -> Result<ClientOptions, Error> {
    let mut options = ClientOptions::parse(uri).await?;
    options.app_name.get_or_insert_with(|| "parallel-interview".into());
    options.server_selection_timeout.get_or_insert(REACH);
    options.connect_timeout.get_or_insert(REACH);
    options.max_pool_size.get_or_insert(CONNECTIONS);
    // What was acknowledged must outlive the machine that took it, and be read by the next request, whatever a `w` or a
    // `readPreference` in the address says. The driver itself repeats writes only where the server can tell a repetition, so
    // `retryWrites` needs no word from us.
    let limit = options.write_concern.and_then(|concern| concern.w_timeout);
    let mut concern = WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build();
    concern.w_timeout = limit;
    options.write_concern = Some(concern);
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
    Ok(options)
}

/// Waits for the driver at most `limit`: a server that took a request and fell silent is as good as gone.
async fn within<T>(limit: Duration, call: impl IntoFuture<Output = Result<T, Error>>) -> Result<T, StoreError> {
    attempt(limit, call).await?.map_err(store_error)
}

/// As [`within`], for callers that look at the driver's error.
async fn attempt<T>(
    limit: Duration,
    call: impl IntoFuture<Output = Result<T, Error>>,
) -> Result<Result<T, Error>, StoreError> {
    tokio::time::timeout(limit, call.into_future())
        .await
        .map_err(|_| StoreError::Unavailable(format!("no answer within {} s", limit.as_secs())))
}

/// The driver's error as the port calls it. The server's own text may quote what was to be stored, so only codes are kept.
fn store_error(error: Error) -> StoreError {
    let passing = error.contains_label(RETRYABLE_WRITE_ERROR);
    match error.kind.as_ref() {
        ErrorKind::Io(_)
        | ErrorKind::ServerSelection { .. }
        | ErrorKind::ConnectionPoolCleared { .. }
        | ErrorKind::DnsResolve { .. }
        | ErrorKind::Shutdown => StoreError::Unavailable(error.kind.to_string()),
        ErrorKind::Write(WriteFailure::WriteConcernError(concern)) => {
            StoreError::Unavailable(format!("the write reached too few servers (code {})", concern.code))
        }
        ErrorKind::Write(WriteFailure::WriteError(write)) => {
            StoreError::Failed(format!("a write was refused (code {})", write.code))
        }
        ErrorKind::InsertMany(_) => StoreError::Failed("some documents were refused".into()),
        ErrorKind::Command(command) => {
            let text = format!("a command was refused: {} (code {})", command.code_name, command.code);
            if passing { StoreError::Unavailable(text) } else { StoreError::Failed(text) }
        }
        other => {
            let text = other.to_string();
            if passing { StoreError::Unavailable(text) } else { StoreError::Failed(text) }
        }
    }
}

/// Whether the `_id` of an inserted document was taken.
fn is_duplicate(error: &Error) -> bool {
    matches!(error.kind.as_ref(), ErrorKind::Write(WriteFailure::WriteError(write)) if write.code == DUPLICATE_KEY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_cannot_weaken_what_an_acknowledgement_means() {
        for uri in [
            "mongodb://127.0.0.1:9",
            "mongodb://127.0.0.1:9/?w=1&journal=false&readPreference=secondary",
            "mongodb://127.0.0.1:9/?w=0&readPreference=nearest",
        ] {
            let options = options(uri).await.unwrap();
            let concern = options.write_concern.unwrap();
            assert_eq!((concern.w, concern.journal), (Some(Acknowledgment::Majority), Some(true)), "{uri}");
            let primary = SelectionCriteria::ReadPreference(ReadPreference::Primary);
            assert_eq!(options.selection_criteria, Some(primary), "{uri}");
        }
        let options = options("mongodb://127.0.0.1:9/?w=2&wtimeoutMS=700&appName=ours&maxPoolSize=5").await.unwrap();
        assert_eq!(options.write_concern.unwrap().w_timeout, Some(Duration::from_millis(700)));
        assert_eq!((options.app_name.as_deref(), options.max_pool_size), (Some("ours"), Some(5)));
    }
}
