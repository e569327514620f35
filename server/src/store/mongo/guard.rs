//! Compare-and-swap for servers whose updates do not compare.
//!
//! MongoDB applies an update to a document only while its filter matches. FerretDB 1.x, which tests and small trials
//! use, reads first and writes later, so two savers of one version would both succeed; and it reads the whole
//! collection for any filter but `_id` alone. What it does keep unique is `_id`. So there a saver first claims its
//! version with a document `<session>:<version>`; claims stay as long as the session, and make any other saver of that
//! version lose. Records have no versions; whoever compares and writes one claims all of it for that moment.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use app::{model::SessionId, ports::StoreError};
use mongodb::{
    Collection, Database,
    bson::{Document, doc},
};
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

use super::{QUICK, attempt, is_duplicate, store_error, within};

/// How long a saver may take to claim and write.
const EFFORT: Duration = Duration::from_secs(4);
/// How long others wait for it: after that it is dead.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks whether it has written: each pause is twice the one before, up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(64));
/// Writes at the same time. Such a server carries them out one by one, and whom it lets wait looks again only every 100 ms.
const WRITERS: usize = 2;
/// Locks that the sessions share.
const TURNS: usize = 64;

/// Decides between savers of one version.
pub(super) struct Guard {
    sessions: Collection<Document>,
    claims: Collection<Document>,
    /// In one process savers take turns, so that those who come too late see it without a claim.
    turns: [Mutex<()>; TURNS],
    writers: Semaphore,
}

enum Outcome {
    Replaced,
    /// The session is gone or holds another version.
    NothingToReplace,
    ClaimedBefore,
}

impl Guard {
    pub(super) fn new(database: &Database) -> Self {
        Self {
            sessions: database.collection("sessions"),
            claims: database.collection("claims"),
            turns: std::array::from_fn(|_| Mutex::default()),
            writers: Semaphore::new(WRITERS),
        }
    }

    /// Waits for a place among those who write.
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        // `None` would mean that it was closed, which it never is.
        self.writers.acquire().await.ok()
    }

    /// Replaces `version - 1` of the session by `replacement`, which holds `version`. `false` when another was first.
    pub(super) async fn replace(&self, id: SessionId, version: i64, replacement: Document) -> Result<bool, StoreError> {
        let turn = self.turns[(id.0.as_u128() % TURNS as u128) as usize].lock().await;
        let effort = tokio::time::timeout(EFFORT, self.claim_and_replace(id, version, replacement));
        let outcome = effort.await.map_err(|_| StoreError::Unavailable("a step took too long to save".into()))??;
        drop(turn);
        if let Outcome::ClaimedBefore = outcome {
            self.await_winner(id, version).await?;
        }
        Ok(matches!(outcome, Outcome::Replaced))
    }

    /// Carries out `act`, which compares and writes the record `id`, while nobody else does so.
    pub(super) async fn alone<T>(
        &self,
        id: &str,
        act: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let _turn = self.turns[(hasher.finish() % TURNS as u64) as usize].lock().await;
        let claim = doc! { "_id": format!("record {id}") };
        let late = || StoreError::Unavailable("a record took too long to save".into());
        let effort = async {
            let _place = self.place().await;
            act.await
        };
        self.claim(&claim).await?;
        let done = tokio::time::timeout(EFFORT, effort).await.unwrap_or_else(|_| Err(late()));
        // What is not lifted now is lifted by whoever waits for it.
        if let Err(error) = within(QUICK, self.claims.delete_one(claim)).await {
            tracing::debug!(%error, "a claim is left behind");
        }
        done
    }

    /// Waits for a claim to be lifted, and makes it. One that stays for too long is that of a worker that died.
    async fn claim(&self, claim: &Document) -> Result<(), StoreError> {
        let (mut pause, mut waited) = (PAUSES.0, Duration::ZERO);
        loop {
            match attempt(QUICK, self.claims.insert_one(claim)).await? {
                Err(error) if is_duplicate(&error) => {}
                claimed => return claimed.map(drop).map_err(store_error),
            }
            if waited >= PATIENCE {
                within(QUICK, self.claims.delete_one(claim.clone())).await?;
            }
            tokio::time::sleep(pause).await;
            waited += pause;
            pause = (pause * 2).min(PAUSES.1);
        }
    }

    async fn claim_and_replace(
        &self,
        id: SessionId,
        version: i64,
        replacement: Document,
    ) -> Result<Outcome, StoreError> {
        let _place = self.place().await;
        if self.version_of(id).await? != Some(version - 1) {
            return Ok(Outcome::NothingToReplace);
        }
        let claim = doc! { "_id": claim_id(id, version) };
        match attempt(QUICK, self.claims.insert_one(&claim)).await? {
            Err(error) if is_duplicate(&error) => return Ok(Outcome::ClaimedBefore),
            claimed => claimed.map_err(store_error)?,
        };
        let session = doc! { "_id": id.to_string() };
        if within(QUICK, self.sessions.replace_one(session, replacement)).await?.matched_count == 1 {
            return Ok(Outcome::Replaced);
        }
        within(QUICK, self.claims.delete_one(claim)).await?;
        Ok(Outcome::NothingToReplace)
    }

    /// Another saver has claimed this version: waits until it has written it. If it never does, it died in between, and
    /// its claim is lifted.
    async fn await_winner(&self, id: SessionId, version: i64) -> Result<(), StoreError> {
        let behind = async {
            let mut pause = PAUSES.0;
            while self.version_of(id).await?.is_some_and(|current| current < version) {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(PAUSES.1);
            }
            Ok(())
        };
        match tokio::time::timeout(PATIENCE, behind).await {
            Ok(result) => result,
            Err(_) => {
                tracing::debug!(session.id = %id, version, "lifting the claim of a saver that died");
                within(QUICK, self.claims.delete_one(doc! { "_id": claim_id(id, version) })).await.map(drop)
            }
        }
    }

    async fn version_of(&self, id: SessionId) -> Result<Option<i64>, StoreError> {
        let session = doc! { "_id": id.to_string() };
        let found = within(QUICK, self.sessions.find_one(session).projection(doc! { "version": 1 })).await?;
        Ok(found.and_then(|session| session.get_i64("version").ok()))
    }
}

pub(super) fn claim_id(id: SessionId, version: i64) -> String {
    format!("{id}:{version}")
}
