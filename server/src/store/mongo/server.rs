//! What kind of server this is, and the indexes it can have.

use std::time::Duration;

use app::ports::StoreError;
use mongodb::{
    Collection, Database, IndexModel,
    bson::{Document, doc},
    options::IndexOptions,
};

use super::{MongoStore, QUICK, SLOW, within};

/// Whether updates on this server have to be guarded: see [`super::guard`].
pub(super) async fn needs_guard(database: &Database) -> Result<bool, StoreError> {
    let info = within(QUICK, database.run_command(doc! { "buildInfo": 1 })).await?;
    // FerretDB 1.x puts its own version here.
    Ok(info.contains_key("ferretdbVersion"))
}

impl MongoStore {
    /// An index makes things faster and never right, so a server that lacks its kind does without.
    pub(super) async fn create_indexes(&self) -> Result<(), StoreError> {
        let newest = doc! { "created_at": -1, "_id": 1 };
        let by_status = doc! { "status": 1, "created_at": -1, "_id": 1 };
        let oldest = doc! { "created_at": 1, "_id": 1 };
        let those_needing_room = IndexOptions::builder().partial_filter_expression(doc! { "needs_room": true }).build();
        let when_expired = IndexOptions::builder().expire_after(Duration::ZERO).build();
        create(&self.sessions, newest, None).await?;
        create(&self.sessions, by_status, None).await?;
        create(&self.sessions, oldest.clone(), Some(those_needing_room)).await?;
        // Another key with the same meaning, since two indexes of the same keys would be one.
        let those_needing_work = IndexOptions::builder().partial_filter_expression(doc! { "needs_work": true }).build();
        create(&self.sessions, doc! { "needs_work": 1, "created_at": 1, "_id": 1 }, Some(those_needing_work)).await?;
        let those_to_review =
            IndexOptions::builder().partial_filter_expression(doc! { "urgency": { "$gt": 0 } }).build();
        create(&self.sessions, doc! { "urgency": -1, "created_at": 1, "_id": 1 }, Some(those_to_review)).await?;
        create(&self.records, doc! { "kind": 1, "_id": 1 }, None).await?;
        create(&self.records, doc! { "expires_at": 1 }, Some(when_expired)).await
    }
}

async fn create(
    collection: &Collection<Document>,
    keys: Document,
    options: Option<IndexOptions>,
) -> Result<(), StoreError> {
    let index = IndexModel::builder().keys(keys).options(options).build();
    match within(SLOW, collection.create_index(index)).await {
        Err(StoreError::Failed(error)) => {
            tracing::debug!(%error, collection = collection.name(), "the server does without an index");
            Ok(())
        }
        other => other.map(drop),
    }
}
