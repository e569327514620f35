//! A few read-only connections, each on a thread of its own. Each read sees one consistent state that holds everything
//! acknowledged before.
//!
//! Reads wait in one queue, and whoever waits for one holds nothing that another needs: callers may be gone, or stand
//! still while they wait for something else.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use app::ports::StoreError;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::store_error;

/// Reads at the same time.
const CONNECTIONS: usize = 4;
/// How long a read may take, its wait for a connection included.
const PATIENCE: Duration = Duration::from_secs(10);

type Read = Box<dyn FnOnce(&mut Connection) + Send>;

/// Queues reads for the reading threads.
pub(super) struct Readers {
    // `None` only while dropping.
    queue: Option<Sender<Read>>,
    threads: Vec<JoinHandle<()>>,
    patience: Duration,
}

impl Readers {
    pub(super) fn open(file: &Path) -> Result<Self, StoreError> {
        Self::open_with(file, PATIENCE)
    }

    fn open_with(file: &Path, patience: Duration) -> Result<Self, StoreError> {
        let (queue, waiting) = mpsc::channel();
        let waiting = Arc::new(Mutex::new(waiting));
        let mut readers = Self { queue: Some(queue), threads: Vec::with_capacity(CONNECTIONS), patience };
        for number in 0..CONNECTIONS {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(file, flags).map_err(store_error)?;
            let waiting = waiting.clone();
            let thread = thread::Builder::new()
                .name(format!("store-reader-{number}"))
                .spawn(move || work(connection, &waiting))
                .map_err(|error| StoreError::Unavailable(error.to_string()))?;
            readers.threads.push(thread);
        }
        Ok(readers)
    }

    /// Runs `read` in a transaction.
    pub(super) async fn run<T, F>(&self, read: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let boxed: Read = Box::new(move |connection| {
            // Not for callers that are gone.
            if !tell.is_closed() {
                drop(tell.send(in_transaction(connection, read)));
            }
        });
        let closed = || StoreError::Unavailable("the store is closed".into());
        self.queue.as_ref().ok_or_else(closed)?.send(boxed).map_err(|_| closed())?;
        match tokio::time::timeout(self.patience, told).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(StoreError::Failed("a read broke off".into())),
            Err(_) => Err(StoreError::Unavailable(format!("nothing was read within {:?}", self.patience))),
        }
    }
}

impl Drop for Readers {
    /// Waits until the file is closed.
    fn drop(&mut self) {
        drop(self.queue.take());
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::debug!("a reading thread of the store had panicked");
            }
        }
    }
}

fn work(mut connection: Connection, waiting: &Mutex<Receiver<Read>>) {
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
    while let Ok(read) = next() {
        // The panic itself goes to the log, and its transaction is rolled back.
        if catch_unwind(AssertUnwindSafe(|| read(&mut connection))).is_err() {
            tracing::error!("a read panicked");
        }
    }
}

fn in_transaction<T>(
    connection: &mut Connection,
    read: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let transaction = connection.transaction().map_err(store_error)?;
    read(&transaction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readers(patience: Duration) -> (tempfile::TempDir, Readers) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        Connection::open(&file).unwrap().execute_batch("CREATE TABLE t (n)").unwrap();
        let readers = Readers::open_with(&file, patience).unwrap();
        (dir, readers)
    }

    async fn count(readers: &Readers) -> Result<i64, StoreError> {
        let count = |connection: &Connection| connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0));
        readers.run(move |connection| count(connection).map_err(store_error)).await
    }

    #[tokio::test]
    async fn a_read_that_finds_no_connection_in_time_is_given_up() {
        let (_dir, mut readers) = readers(Duration::from_millis(50));
        let (end, ended) = mpsc::channel::<()>();
        let ended = Arc::new(Mutex::new(ended));
        let long = async || {
            let ended = ended.clone();
            readers.run(move |_| Ok(ended.lock().unwrap().recv().is_ok())).await
        };
        let held = futures::future::join_all((0..CONNECTIONS).map(|_| long())).await;
        assert!(held.iter().all(|read| matches!(read, Err(StoreError::Unavailable(_)))), "{held:?}");
        assert!(matches!(count(&readers).await, Err(StoreError::Unavailable(_))));
        drop(end);
        readers.patience = PATIENCE;
        assert_eq!(count(&readers).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn a_read_whose_caller_stands_still_keeps_nobody_waiting() {
        let (_dir, readers) = readers(PATIENCE);
        let mut still: Vec<_> = (0..3 * CONNECTIONS).map(|_| Box::pin(count(&readers))).collect();
        for read in &mut still {
            // Begun, and not looked after any more.
            let _ = futures::poll!(read);
        }
        assert_eq!(count(&readers).await.unwrap(), 0);
    }

    #[tokio::test]
    async fn a_read_that_panics_takes_no_connection_along() {
        let (_dir, readers) = readers(PATIENCE);
        for _ in 0..=CONNECTIONS {
            let panicked = readers.run(|_| -> Result<(), _> { panic!("on purpose") }).await;
            assert!(matches!(panicked, Err(StoreError::Failed(_))));
        }
        assert_eq!(count(&readers).await.unwrap(), 0);
    }
}
