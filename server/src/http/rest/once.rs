//! `Idempotency-Key`: a request that can be repeated without making its thing twice.

use app::{error::AppError, service::once::OnceKey};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use utoipa::IntoParams;

use super::super::{auth::Caller, problem::Failure};

/// The header, as the document describes it.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it is only described")]
pub struct IdempotencyKey {
    /// Repeating a request with the same key answers the first result again, for 24 hours. 1 to 255 characters.
    #[param(rename = "Idempotency-Key")]
    key: Option<String>,
}

/// What the header says.
pub fn key(headers: &HeaderMap) -> Result<Option<&str>, AppError> {
    let plain = || AppError::bad_request("`Idempotency-Key` must be plain text.");
    headers.get("idempotency-key").map(|key| key.to_str().map_err(|_| plain())).transpose()
}

/// A caller, and the key of its request if it has one.
pub struct Repeating(pub Option<OnceKey>);

impl<S> FromRequestParts<S> for Repeating
where
    S: Send + Sync,
    app::service::AppState: FromRef<S>,
{
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let key = key(&parts.headers)?;
        Ok(Self(key.map(|key| OnceKey::new(&caller.owner, key)).transpose()?))
    }
}
