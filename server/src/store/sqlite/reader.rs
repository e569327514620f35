//! A few read-only connections. Each read sees one consistent state that holds everything acknowledged before.

use std::{
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use app::ports::StoreError;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::store_error;

/// Reads at the same time.
const CONNECTIONS: usize = 4;

pub(super) struct Readers {
    idle: Arc<Mutex<Vec<Connection>>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn open(file: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let idle = (0..CONNECTIONS)
            .map(|_| Connection::open_with_flags(file, flags))
            .collect::<Result<Vec<_>, _>>()
            .map_err(store_error)?;
        Ok(Self { idle: Arc::new(Mutex::new(idle)), places: Arc::new(Semaphore::new(CONNECTIONS)) })
    }

    /// Runs `read` in a transaction on a thread that may block.
    pub(super) async fn run<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let closed = || StoreError::Unavailable("the store is closed".into());
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| closed())?;
        let idle = Arc::clone(&self.idle);
        let reading = tokio::task::spawn_blocking(move || {
            // Given back after the connection, also when the caller no longer waits.
            let _place = place;
            let mut connection = idle.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or_else(closed)?;
            let result = in_transaction(&mut connection, read);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            result
        });
        reading.await.map_err(|error| StoreError::Failed(error.to_string()))?
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    read: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.transaction().map_err(store_error)?;
    read(&transaction)
}
