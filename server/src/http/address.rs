//! What an address says, beyond its route. What cannot be understood is told as any other error.

use app::error::AppError;
use axum::{
    extract::{FromRequestParts, Path, Query},
    http::request::Parts,
};
use serde::de::DeserializeOwned;

use super::problem::Failure;

/// The `{id}` in a path.
pub struct Named(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        #[derive(serde::Deserialize)]
        struct Segment {
            id: String,
        }
        // What cannot even be decoded names nothing.
        let named = Path::<Segment>::from_request_parts(parts, state).await;
        let unknown = |_| Failure(AppError::not_found("There is nothing at this address."));
        named.map(|Path(Segment { id })| Self(id)).map_err(unknown)
    }
}

/// What stands after the `?`.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let asked = Query::<T>::from_request_parts(parts, state).await;
        let unclear =
            |_| Failure(AppError::bad_request("What stands after the ? in this address cannot be understood."));
        asked.map(|Query(asked)| Self(asked)).map_err(unclear)
    }
}
