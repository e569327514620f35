//! Requests that can be repeated: whoever repeats one with the same key gets what the first one made.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ServiceError,
    records::{Typed, to_json},
    tokens::hash_token,
};
use crate::{
    error::{AppError, ErrorKind},
    model::UnixMillis,
    ports::{Clock, RecordKind, RecordStore, StoreError},
};

/// How long a request that carried a key can be repeated.
pub const REPEATABLE: Duration = Duration::from_secs(24 * 3600);

/// Longest key, in bytes.
pub const MAX_KEY: usize = 255;

/// The key that a caller gave a request. Keys of different callers are different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnceKey(String);

impl OnceKey {
    /// # Errors
    /// `BadRequest` when the key is empty or too long.
    pub fn new(owner: &str, key: &str) -> Result<Self, AppError> {
        if key.is_empty() || key.len() > MAX_KEY {
            return Err(AppError::bad_request(format!("`Idempotency-Key` must have 1 to {MAX_KEY} characters.")));
        }
        Ok(Self(hash_token(&format!("{owner}\n{key}"))))
    }
}

/// Remembers what requests with keys were to make. Only hashes of them are kept.
pub(super) struct Once {
    kept: Typed<Kept>,
    clock: Arc<dyn Clock>,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(rename = "session_id")]
    id: Uuid,
    #[serde(default)]
    at: UnixMillis,
    /// Hash of the request.
    request: String,
}

/// What a request is to make.
pub(super) struct Promise {
    pub id: Uuid,
    /// When it was first asked for.
    pub at: UnixMillis,
    /// Under which key this is kept, if the request can be repeated. Whoever removes what was made frees it.
    pub key: Option<String>,
}

impl Once {
    pub fn new(records: Arc<dyn RecordStore>, clock: Arc<dyn Clock>) -> Self {
        Self { kept: Typed::new(records, RecordKind::Idempotency), clock }
    }

    /// Promises `id` to this request; if it is repeated, what the first one was promised. The id is chosen before
    /// anything is made: whoever repeats the request, even after a crash, makes the same.
    ///
    /// # Errors
    /// `Unprocessable` when the key was used with another request, or the store's.
    pub async fn promise(
        &self,
        key: Option<&OnceKey>,
        id: Uuid,
        request: &impl Serialize,
    ) -> Result<Promise, ServiceError> {
        let at = self.clock.now();
        let Some(OnceKey(key)) = key else { return Ok(Promise { id, at, key: None }) };
        let request = hash_token(&to_json(request)?);
        let mine = Kept { id, at, request: request.clone() };
        let kept = self.kept.put_new(key, &mine, Some(self.until())).await?;
        if kept.request != request {
            let text = "This `Idempotency-Key` was used with a different request. Use a new key for a new request.";
            return Err(AppError::new(ErrorKind::Unprocessable, text).into());
        }
        Ok(Promise { id: kept.id, at: kept.at, key: Some(key.clone()) })
    }

    /// Frees the key under which `id` was made, unless something else is kept under it since: it was free again after
    /// 24 hours. Answers whether it is free now.
    pub async fn free(&self, key: Option<&str>, id: &str) -> Result<bool, StoreError> {
        let Some(key) = key else { return Ok(false) };
        let theirs = self.kept.get(key).await?.is_some_and(|kept| kept.id.to_string() != id);
        if !theirs {
            self.kept.take(key).await?;
        }
        Ok(!theirs)
    }

    /// Until when what is kept now can be repeated.
    pub fn until(&self) -> UnixMillis {
        self.clock.now().plus_seconds(REPEATABLE.as_secs() as u32)
    }
}
