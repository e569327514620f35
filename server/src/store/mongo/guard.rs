//! Compare-and-swap for servers whose updates do not compare.
//!
//! MongoDB applies an update to a document only while its filter matches. FerretDB 1.x, which tests and small trials
//! use, reads first and writes later, so two savers of one version would both succeed; and it reads the whole
//! collection for any filter but `_id` alone. What it does keep unique is `_id`. So there a saver first claims its version
//! with a document `<session>:<version>`; claims stay as long as the session, and make any other saver of that version lose.

use std::time::Duration;

use app::{model::SessionId, ports::StoreError};
use mongodb::bson::{Document, doc};

use super::{MongoStore, QUICK, SLOW, attempt, is_duplicate, store_error, within};

/// How long a saver may take to claim and write.
const EFFORT: Duration = Duration::from_secs(3);
/// How long others wait for it: after that it is dead.
const PATIENCE: Duration = Duration::from_secs(4);
/// Between two looks whether it has: each pause is twice the one before, up to the second.
const PAUSES: (Duration, Duration) = (Duration::from_millis(4), Duration::from_millis(64));

enum Outcome {
    Replaced,
    /// The session is gone or holds another version.
    NothingToReplace,
    ClaimedBefore,
}

impl MongoStore {
    /// Replaces `version - 1` of the session by `replacement`, which holds `version`. `false` when another was first.
    pub(super) async fn replace_guarded(
        &self,
        id: SessionId,
        version: i64,
        replacement: Document,
    ) -> Result<bool, StoreError> {
        let effort = tokio::time::timeout(EFFORT, self.claim_and_replace(id, version, replacement));
        match effort.await.map_err(|_| StoreError::Unavailable("a step took too long to save".into()))?? {
            Outcome::Replaced => Ok(true),
            Outcome::NothingToReplace => {
                within(QUICK, self.claims().delete_one(doc! { "_id": claim_id(id, version) })).await?;
                Ok(false)
            }
            Outcome::ClaimedBefore => {
                self.await_winner(id, version).await?;
                Ok(false)
            }
        }
    }

    async fn claim_and_replace(
        &self,
        id: SessionId,
        version: i64,
        replacement: Document,
    ) -> Result<Outcome, StoreError> {
        let claims = self.claims();
        let claim = attempt(QUICK, claims.insert_one(doc! { "_id": claim_id(id, version) }));
        let (claimed, current) = tokio::join!(claim, self.version_of(id));
        match claimed? {
            Err(error) if is_duplicate(&error) => return Ok(Outcome::ClaimedBefore),
            claimed => claimed.map_err(store_error)?,
        };
        if current? != Some(version - 1) {
            return Ok(Outcome::NothingToReplace);
        }
        let replaced = within(QUICK, self.sessions.replace_one(doc! { "_id": id.to_string() }, replacement)).await?;
        Ok(if replaced.matched_count == 1 { Outcome::Replaced } else { Outcome::NothingToReplace })
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
                within(QUICK, self.claims().delete_one(doc! { "_id": claim_id(id, version) })).await.map(drop)
            }
        }
    }

    async fn version_of(&self, id: SessionId) -> Result<Option<i64>, StoreError> {
        let found =
            within(QUICK, self.sessions.find_one(doc! { "_id": id.to_string() }).projection(doc! { "version": 1 }));
        Ok(found.await?.and_then(|session| session.get_i64("version").ok()))
    }

    /// Removes the session's claims up to `version`.
    pub(super) async fn delete_claims(&self, id: SessionId, version: i64) -> Result<(), StoreError> {
        self.delete_each("claims", (1..=version).map(|version| claim_id(id, version))).await
    }

    /// Removes documents by `_id`, one filter each: the only kind that such a server does not read everything for.
    pub(super) async fn delete_each(
        &self,
        collection: &str,
        ids: impl Iterator<Item = String>,
    ) -> Result<(), StoreError> {
        let deletes: Vec<_> = ids.map(|id| doc! { "q": { "_id": id }, "limit": 1 }).collect();
        for some in deletes.chunks(500) {
            let command = doc! { "delete": collection, "deletes": some.to_vec(), "ordered": false };
            within(SLOW, self.database.run_command(command)).await?;
        }
        Ok(())
    }

    fn claims(&self) -> mongodb::Collection<Document> {
        self.database.collection("claims")
    }
}

fn claim_id(id: SessionId, version: i64) -> String {
    format!("{id}:{version}")
}
