//! Pictures and logs in MongoDB: a document for each, since none comes near the limit of 16 MiB and one document is written
//! as a whole or not at all.

use app::{
    model::SessionId,
    ports::{BlobStore, StoreError},
};
use async_trait::async_trait;
use futures::TryStreamExt;
use mongodb::bson::{Binary, Document, doc, spec::BinarySubtype};

use super::{MongoStore, SLOW, attempt, is_duplicate, store_error, within};

#[async_trait]
impl BlobStore for MongoStore {
    async fn put_new(&self, session: SessionId, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        let content = Binary { subtype: BinarySubtype::Generic, bytes: bytes.to_owned() };
        let blob = doc! { "_id": blob_id(session, name), "bytes": content };
        let put = async {
            let _place = self.place().await;
            self.blobs.insert_one(blob).await
        };
        match attempt(SLOW, put).await? {
            Err(error) if is_duplicate(&error) => Ok(false),
            other => other.map(|_| true).map_err(store_error),
        }
    }

    async fn get(&self, session: SessionId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let found = within(SLOW, self.blobs.find_one(doc! { "_id": blob_id(session, name) })).await?;
        found
            .map(|blob| match blob.get_binary_generic("bytes") {
                Ok(bytes) => Ok(bytes.clone()),
                Err(_) => Err(StoreError::Failed("a stored recording has no content".into())),
            })
            .transpose()
    }

    async fn names(&self, session: SessionId, prefix: &str) -> Result<Vec<String>, StoreError> {
        let found = async {
            let names = self.blobs.find(beginning_with(&blob_id(session, prefix))).projection(doc! { "_id": 1 });
            names.sort(doc! { "_id": 1 }).await?.try_collect::<Vec<Document>>().await
        };
        let begin = blob_id(session, "").len();
        let name = |blob: &Document| blob.get_str("_id").ok().and_then(|id| id.get(begin..)).map(str::to_owned);
        Ok(within(SLOW, found).await?.iter().filter_map(name).collect())
    }

    async fn erase(&self, session: SessionId) -> Result<(), StoreError> {
        let erase = async {
            let _place = self.place().await;
            self.blobs.delete_many(beginning_with(&blob_id(session, ""))).await
        };
        within(SLOW, erase).await.map(drop)
    }
}

/// A range of `_id`, which every server has an index for. Names are of ASCII, so nothing that begins so comes after a tilde.
fn beginning_with(text: &str) -> Document {
    doc! { "_id": { "$gte": text, "$lt": format!("{text}\u{7f}") } }
}

fn blob_id(session: SessionId, name: &str) -> String {
    format!("{session}/{name}")
}
