//! Request bodies, read with errors that say what is wrong.

use app::error::{AppError, ErrorKind};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
};
use serde::de::DeserializeOwned;

use super::super::{MAX_BODY, problem::Failure};

/// A JSON body, whatever its `Content-Type` says.
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let RawBody(bytes) = RawBody::from_request(request, state).await?;
        if bytes.trim_ascii_start().first().is_some_and(|first| *first != b'{') {
            return Err(AppError::bad_request("The body must be a JSON object.").into());
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            let what =
                if error.is_data() { "The request has a field of the wrong kind" } else { "The body is not JSON" };
            AppError::bad_request(format!("{what}: {error}.")).into()
        })
    }
}

/// A body as it came.
pub struct RawBody(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for RawBody {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Bytes::from_request(request, state).await.map(Self).map_err(refused)
    }
}

fn refused(rejection: BytesRejection) -> Failure {
    if rejection.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        let text = format!("The body is too large: at most {} KiB are taken.", MAX_BODY / 1024);
        return Failure(AppError::new(ErrorKind::TooLarge, text));
    }
    Failure(AppError::bad_request("The body could not be read to its end."))
}
