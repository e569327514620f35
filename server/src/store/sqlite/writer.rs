//! The one thread that writes. While a commit is on its way to the disk, operations gather; the next commit takes them all.

use std::{
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use app::{
    model::UnixMillis,
    ports::{Clock, StoreError},
};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::store_error;

/// Operations that may wait; more callers than this wait for a place.
const QUEUE: usize = 1024;
/// Operations in one transaction.
const BATCH: usize = 512;
/// Milliseconds between two looks for expired records.
const PURGE_EVERY_MS: i64 = 60_000;
/// Milliseconds between two clearings of the log of writes: for so long what was deleted may still stand there.
const CLEAR_EVERY_MS: i64 = 60_000;
/// Milliseconds until a clearing is tried again that reads kept from being done.
const CLEAR_AGAIN_MS: i64 = 1_000;
/// How long a clearing waits for reads that still need the log.
const CLEAR_PATIENCE: Duration = Duration::from_millis(50);
/// How long a commit waits for another program that has opened the file.
const COMMIT_PATIENCE: Duration = Duration::from_secs(5);

/// Runs inside the open transaction, or learns why there is none. Gives back what tells the caller in the end.
type Operation = Box<dyn FnOnce(Result<&Connection, StoreError>) -> Answer + Send>;
/// Takes why the transaction failed; with `None` it is durable.
type Answer = Box<dyn FnOnce(Option<StoreError>)>;

/// Queues operations for the writing thread.
pub(super) struct Writer {
    // `None` only while dropping.
    queue: Option<mpsc::Sender<Operation>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(connection: Connection, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || work(&connection, waiting, &*clock))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { queue: Some(queue), thread: Some(thread) })
    }

    /// Carries out `operation` all or nothing; answers when it is durable. An operation that fails leaves those that
    /// share its transaction alone.
    pub(super) async fn run<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let boxed: Operation = Box::new(move |transaction| {
            let result = transaction.and_then(|connection| in_savepoint(connection, operation));
            Box::new(move |failure| {
                // The caller may have gone away; what it asked for is done all the same.
                drop(tell.send(match failure {
                    Some(error) => Err(error),
                    None => result,
                }));
            })
        });
        let stopped = || StoreError::Unavailable("the writing thread has stopped".into());
        self.queue.as_ref().ok_or_else(stopped)?.send(boxed).await.map_err(|_| stopped())?;
        told.await.map_err(|_| stopped())?
    }
}

impl Drop for Writer {
    /// Waits until everything queued is durable and the file is closed.
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::debug!("the store's writing thread had panicked");
        }
    }
}

fn work(connection: &Connection, mut waiting: mpsc::Receiver<Operation>, clock: &dyn Clock) {
    connection.set_prepared_statement_cache_capacity(64);
    let (mut purged_at, mut cleared_at) = (UnixMillis(i64::MIN), UnixMillis(i64::MIN));
    while let Some(first) = waiting.blocking_recv() {
        let now = clock.now();
        let purge = now.since(purged_at) >= PURGE_EVERY_MS;
        if purge {
            purged_at = now;
        }
        commit_batch(connection, first, &mut waiting, purge.then_some(now));
        if now.since(cleared_at) >= CLEAR_EVERY_MS {
            // While long reads keep it from being done, not each commit may wait for them.
            cleared_at = if clear_log(connection) { now } else { UnixMillis(now.0 - CLEAR_EVERY_MS + CLEAR_AGAIN_MS) };
        }
    }
}

/// Brings all commits into the file itself and empties the log, which would keep what was deleted or written over until it is
/// some megabytes long. Whether that is done: reads may still need it.
fn clear_log(connection: &Connection) -> bool {
    let cleared = connection
        .busy_timeout(CLEAR_PATIENCE)
        .and_then(|()| connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0)));
    match connection.busy_timeout(COMMIT_PATIENCE).and(cleared) {
        Ok(busy) => busy == 0,
        Err(error) => {
            tracing::debug!(%error, "the log of writes could not be cleared");
            false
        }
    }
}

/// One transaction for `first` and all that wait behind it.
fn commit_batch(
    connection: &Connection,
    first: Operation,
    waiting: &mut mpsc::Receiver<Operation>,
    purge_at: Option<UnixMillis>,
) {
    let mut answers = Vec::new();
    let begun = execute(connection, "BEGIN IMMEDIATE");
    let mut next = Some(first);
    while let Some(operation) = next {
        answers.push(operation(match &begun {
            Err(error) => Err(again(error)),
            // A full disk makes SQLite give up the whole transaction at once.
            Ok(()) if connection.is_autocommit() => Err(StoreError::Unavailable("the transaction was given up".into())),
            Ok(()) => Ok(connection),
        }));
        next = if answers.len() < BATCH { waiting.try_recv().ok() } else { None };
    }
    let committed = begun
        .and_then(|()| purge_at.map_or(Ok(()), |now| purge(connection, now)))
        .and_then(|()| execute(connection, "COMMIT"));
    let failure = committed.err().map(|error| {
        tracing::debug!(%error, operations = answers.len(), "a commit failed");
        if !connection.is_autocommit()
            && let Err(error) = execute(connection, "ROLLBACK")
        {
            tracing::debug!(%error, "a rollback failed");
        }
        error
    });
    for answer in answers {
        answer(failure.as_ref().map(again));
    }
}

fn in_savepoint<T>(
    connection: &Connection,
    operation: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    execute(connection, "SAVEPOINT operation")?;
    let result = operation(connection);
    if result.is_err() {
        execute(connection, "ROLLBACK TO operation")?;
    }
    execute(connection, "RELEASE operation")?;
    result
}

fn purge(connection: &Connection, now: UnixMillis) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM records WHERE expires_at <= ?1")
        .and_then(|mut statement| statement.execute([now.0]))
        .map(drop)
        .map_err(store_error)
}

fn execute(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute([])).map(drop).map_err(store_error)
}

/// The same error for one more caller.
fn again(error: &StoreError) -> StoreError {
    match error {
        StoreError::Conflict => StoreError::Conflict,
        StoreError::Unavailable(text) => StoreError::Unavailable(text.clone()),
        StoreError::Failed(text) => StoreError::Failed(text.clone()),
    }
}
