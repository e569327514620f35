//! What services answer when they cannot do a thing, and what the world is told of it.

use crate::{
    error::{AppError, ErrorKind},
    interview::Refusal,
    model::SessionId,
    ports::StoreError,
};

/// Why a use case failed.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("there is no session {0}")]
    NoSession(SessionId),
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Already in words for the caller.
    #[error(transparent)]
    Told(#[from] AppError),
}

impl ServiceError {
    /// Whether the same may succeed in a moment.
    pub(super) fn is_transient(&self) -> bool {
        matches!(self, Self::Store(StoreError::Unavailable(_) | StoreError::Conflict))
    }
}

impl From<ServiceError> for AppError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::NoSession(id) => {
                Self::not_found(format!("There is no session {id}. It may have been deleted."))
            }
            ServiceError::Refused(refusal @ (Refusal::NoViolation | Refusal::NotProctored)) => {
                Self::not_found(refusal.to_string())
            }
            ServiceError::Refused(refusal @ Refusal::TooLong { .. }) => Self::bad_request(refusal.to_string()),
            ServiceError::Refused(refusal) => Self::new(ErrorKind::Conflict, refusal.to_string()),
            ServiceError::Store(error) => error.into(),
            ServiceError::Told(error) => error,
        }
    }
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(text) => {
                tracing::warn!(error = %text, "store unavailable");
                Self::unavailable(2)
            }
            StoreError::Conflict => {
                tracing::warn!("a change lost every race");
                Self::busy(1)
            }
            StoreError::Failed(text) => {
                tracing::error!(error = %text, "store failed");
                Self::internal()
            }
        }
    }
}
