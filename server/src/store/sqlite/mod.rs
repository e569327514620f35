//! The embedded store: one SQLite file, one process.
//!
//! All writes pass through one thread that commits whatever is waiting in a single durable transaction; reads run on a
//! small pool of read-only connections, so that a slow search never holds up a candidate's answer.

mod blobs;
mod reader;
mod records;
mod schema;
mod sessions;
mod writer;

use std::{path::Path, sync::Arc};

use app::ports::{Clock, StoreError};
use rusqlite::{ErrorCode, OpenFlags};

use self::{reader::Readers, writer::Writer};
use super::files::{self, DirLock};

/// The embedded store.
pub struct SqliteStore {
    // Before the writer, which clears the log of writes away when it is the last to close the file.
    readers: Readers,
    writer: Writer,
    clock: Arc<dyn Clock>,
    // The last field: the directory is free for another process once the writer has closed the file.
    _lock: DirLock,
}

impl SqliteStore {
    /// Opens the store in the directory `dir`, which is made when missing.
    ///
    /// # Errors
    /// `Unavailable` when another process has it open or it cannot be read or written; `Failed` when a newer version of
    /// this program wrote it.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let lock = files::lock_dir(dir)?;
        let file = dir.join("interviews.db");
        files::create_private_file(&file)?;
        let mut connection = rusqlite::Connection::open_with_flags(
            &file,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )
        .map_err(store_error)?;
        schema::prepare(&mut connection)?;
        let readers = Readers::open(&file)?;
        let writer = Writer::start(connection, Arc::clone(&clock))?;
        Ok(Self { readers, writer, clock, _lock: lock })
    }
}

/// SQLite's error as the port calls it. Its texts name tables and causes, never a row's content.
fn store_error(error: rusqlite::Error) -> StoreError {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DiskFull
            | ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly
            | ErrorCode::OutOfMemory,
        ) => StoreError::Unavailable(text),
        _ => StoreError::Failed(text),
    }
}

/// A number that SQLite, which knows only signed ones, can keep.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

fn to_json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

fn from_json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    // serde_json's own text may quote the content.
    serde_json::from_str(text).map_err(|error| {
        StoreError::Failed(format!(
            "a stored document cannot be read (line {}, column {})",
            error.line(),
            error.column()
        ))
    })
}
