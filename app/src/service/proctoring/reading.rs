//! What people are shown of a session's recordings. What is damaged is told apart from what is not there, and neither keeps
//! anybody waiting.

use std::time::Duration;

use super::{Proctor, Replay, SpotCheck, counted};
use crate::{model::SessionId, ports::StoreError, service::ServiceError};

/// How it stands with a session's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogState {
    /// There is none, or none any more.
    None,
    /// It could not be read in time.
    TooLong,
    /// It is damaged, or was changed from outside.
    Unreadable,
    /// Another version of the program wrote it.
    OtherVersion,
    Read(Replay),
}

impl Proctor {
    /// Whether this server looks at pictures itself.
    #[must_use]
    pub fn sees(&self) -> bool {
        self.examiner.is_some()
    }

    /// Reads the log once more, for as long as is waited for it.
    ///
    /// # Errors
    /// The store's.
    pub async fn log(&self, id: SessionId, patience: Duration) -> Result<LogState, ServiceError> {
        match tokio::time::timeout(patience, self.replay(id)).await {
            Err(_) => Ok(LogState::TooLong),
            Ok(Ok(state)) => Ok(state),
            Ok(Err(ServiceError::Store(StoreError::Failed(error)))) => {
                tracing::warn!(session.id = %id, %error, "a log cannot be read");
                Ok(LogState::Unreadable)
            }
            Ok(Err(error)) => Err(error),
        }
    }

    /// How many pictures of spot checks the server looked at, as far as they can be read.
    ///
    /// # Errors
    /// The store's.
    pub async fn looked_at(&self, id: SessionId) -> Result<usize, ServiceError> {
        Ok(counted(&self.readable_checks(id).await?.unwrap_or_default()).0)
    }

    /// The spot checks, in order. None: they cannot be read.
    ///
    /// # Errors
    /// The store's.
    pub async fn readable_checks(&self, id: SessionId) -> Result<Option<Vec<SpotCheck>>, ServiceError> {
        match self.checks(id).await {
            Ok(checks) => Ok(Some(checks)),
            Err(ServiceError::Store(StoreError::Failed(error))) => {
                tracing::warn!(session.id = %id, %error, "spot checks cannot be read");
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}
