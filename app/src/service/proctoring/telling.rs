//! What a session's log tells, entry by entry, for whom it is about. Nothing is judged here.

use std::vec;

use proctor::{log::Batch, signal::What};

use super::{
    Proctor,
    chunk::{self, Chunk, Item},
};
use crate::{
    model::{Session, SessionId, UnixMillis},
    ports::StoreError,
    service::ServiceError,
};

/// An entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub at: UnixMillis,
    pub what: What,
}

/// A part of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Lines(Vec<Line>),
    /// It is damaged, or was changed from outside.
    Unreadable,
}

/// A log that is read part by part, so that it need not be in memory as a whole.
pub struct Telling {
    id: SessionId,
    names: vec::IntoIter<String>,
    zero: UnixMillis,
    /// When the log that is being read began, in ms since the first one.
    began_ms: u32,
}

impl Proctor {
    /// Begins to tell what a session's log holds. Of one that is not there, or not any more, there is no part.
    ///
    /// # Errors
    /// The store's.
    pub async fn telling(&self, session: &Session) -> Result<Telling, ServiceError> {
        let kept = session.proctoring.as_ref().filter(|kept| kept.erased_at.is_none());
        let began_at = kept.and_then(|kept| kept.began_at);
        let names = match began_at {
            Some(_) => self.vault.names(session.id, chunk::PREFIX).await?,
            None => Vec::new(),
        };
        let zero = began_at.unwrap_or(session.created_at);
        Ok(Telling { id: session.id, names: names.into_iter(), zero, began_ms: 0 })
    }

    /// The next part; None: that was all.
    ///
    /// # Errors
    /// The store's.
    pub async fn next_part(&self, telling: &mut Telling) -> Result<Option<Part>, ServiceError> {
        let Some(name) = telling.names.next() else { return Ok(None) };
        let read = match self.vault.read(telling.id, &name).await {
            // It was erased meanwhile.
            Ok(None) => return Ok(None),
            Ok(Some(bytes)) => Chunk::decode(&bytes).map_err(|why| StoreError::from(why).into()),
            Err(error) => Err(error),
        };
        match read {
            Ok(chunk) => Ok(Some(telling.part(chunk))),
            Err(ServiceError::Store(StoreError::Failed(error))) => {
                tracing::warn!(session.id = %telling.id, %error, "a part of a log cannot be read");
                Ok(Some(Part::Unreadable))
            }
            Err(error) => Err(error),
        }
    }

    /// The names of the pictures of the candidate's face, one for each visit before the start, oldest first. The last one counts.
    ///
    /// # Errors
    /// The store's.
    pub async fn references(&self, id: SessionId) -> Result<Vec<String>, ServiceError> {
        self.vault.names(id, super::reference::PREFIX).await
    }

    /// The picture of this name.
    ///
    /// # Errors
    /// The store's.
    pub async fn reference_of(&self, id: SessionId, name: &str) -> Result<Option<Vec<u8>>, ServiceError> {
        self.vault.read(id, name).await
    }
}

impl Telling {
    fn part(&mut self, chunk: Chunk) -> Part {
        let mut lines = Vec::new();
        for item in chunk.items {
            match item {
                Item::Opened { began_ms, .. } => self.began_ms = began_ms,
                Item::Batch { bytes, .. } => {
                    let Ok(entries) = Batch::decode(&bytes).and_then(|batch| batch.entries()) else {
                        return Part::Unreadable;
                    };
                    let at = |at_ms: u32| UnixMillis(self.zero.0 + i64::from(self.began_ms) + i64::from(at_ms));
                    lines.extend(entries.into_iter().map(|entry| Line { at: at(entry.at_ms), what: entry.what }));
                }
                // The server's own: its events and findings tell of them.
                Item::Watch { .. } | Item::Found { .. } => {}
            }
        }
        Part::Lines(lines)
    }
}
