//! The candidate's face, captured at the device check.

use proctor::wire::Down;
use tokio::task::JoinHandle;

use super::{jpeg::is_jpeg, look::shows_one, watcher::Watcher};
use crate::{
    interview::Command,
    model::{SessionId, Status},
    ports::{Examined, Unexamined},
    service::ServiceError,
};

/// What the names of references begin with. Each visit before the start adds one: the last one counts.
pub(super) const PREFIX: &str = "reference/";

/// References of a session, at most: nobody visits more often before the start.
const MAX_REFERENCES: usize = 64;

/// A picture that came, and what is found out about it.
pub(super) struct Capturing {
    jpeg: Vec<u8>,
    seen: JoinHandle<Result<Examined, Unexamined>>,
}

impl Watcher {
    /// Takes a picture to be the reference, before the interview begins and once after, for those who came without. One at a
    /// time: others are passed over.
    pub(super) async fn reference(&mut self, jpeg: Vec<u8>) -> Result<Vec<Down>, ServiceError> {
        let taken = self.take_reference(jpeg).await;
        self.or_again(taken)
    }

    async fn take_reference(&mut self, jpeg: Vec<u8>) -> Result<Vec<Down>, ServiceError> {
        let proctor = self.proctor.clone();
        let waits = self.on.as_ref().is_some_and(|on| on.opened && on.ended_at.is_none() && on.capturing.is_none());
        if !waits || !self.wants_reference().await? {
            return Ok(vec![]);
        }
        // Looking takes the time of all interviews.
        let now = proctor.clock.now();
        if !is_jpeg(&jpeg) || !self.on.as_mut().is_some_and(|on| on.budget.affords(jpeg.len(), now)) {
            return Ok(vec![Down::ReferenceRefused]);
        }
        let Some(examiner) = proctor.examiner.clone() else {
            // Nobody compares it.
            return self.keep_reference(&jpeg, None).await;
        };
        let picture = jpeg.clone();
        let seen = tokio::spawn(async move { examiner.examine(&picture, true).await });
        if let Some(on) = &mut self.on {
            on.capturing = Some(Capturing { jpeg, seen });
        }
        Ok(vec![])
    }

    /// Keeps the picture that came if it shows one face. The page is told to try again where it does not, or nobody knows.
    pub(super) async fn examined_reference(&mut self) -> Result<Vec<Down>, ServiceError> {
        let seen = |capturing: &mut Capturing| capturing.seen.is_finished();
        let Some(Capturing { jpeg, seen }) = self.on.as_mut().and_then(|on| on.capturing.take_if(seen)) else {
            return Ok(vec![]);
        };
        match seen.await {
            Ok(Ok(Examined { look, face, .. })) if shows_one(look) => {
                let kept = self.keep_reference(&jpeg, face).await;
                self.or_again(kept)
            }
            _ => Ok(vec![Down::ReferenceRefused]),
        }
    }

    /// A page takes its picture for kept unless it is told otherwise: what the store does not take now, it sends again.
    fn or_again(&self, kept: Result<Vec<Down>, ServiceError>) -> Result<Vec<Down>, ServiceError> {
        match kept {
            Err(error) if error.is_transient() => {
                tracing::debug!(session.id = %self.id, %error, "a reference could not be kept");
                Ok(vec![Down::ReferenceRefused])
            }
            kept => kept,
        }
    }

    async fn wants_reference(&self) -> Result<bool, ServiceError> {
        let session = self.proctor.sessions.get(self.id).await?;
        let known = session.proctoring.as_ref().and_then(|kept| kept.reference_at);
        let names = self.proctor.vault.names(self.id, PREFIX).await?;
        Ok((session.status == Status::Initialized || known.is_none()) && names.len() < MAX_REFERENCES)
    }

    async fn keep_reference(&mut self, jpeg: &[u8], face: Option<Vec<f32>>) -> Result<Vec<Down>, ServiceError> {
        let number = self.proctor.vault.names(self.id, PREFIX).await?.len();
        if self.proctor.vault.keep(self.id, &format!("{PREFIX}{number:02}"), jpeg).await? {
            self.proctor.sessions.step(self.id, &Command::NoteReference).await?;
        }
        if let Some(on) = &mut self.on {
            on.spot.refer_to(face);
        }
        Ok(vec![])
    }
}

impl super::Proctor {
    /// The reference that counts.
    ///
    /// # Errors
    /// The store's.
    pub async fn reference_picture(&self, id: SessionId) -> Result<Option<Vec<u8>>, ServiceError> {
        let names = self.vault.names(id, PREFIX).await?;
        let Some(newest) = names.last() else { return Ok(None) };
        self.vault.read(id, newest).await
    }

    /// The face on the reference, where there is one. None: it could not be looked at now.
    pub(super) async fn reference_face(&self, id: SessionId) -> Option<Option<Vec<f32>>> {
        let Some(jpeg) = self.reference_picture(id).await.ok()? else { return Some(None) };
        match self.examiner.as_ref()?.examine(&jpeg, true).await {
            Ok(Examined { face, .. }) => Some(face),
            Err(Unexamined::NoPicture) => Some(None),
            Err(Unexamined::Busy | Unexamined::Failed) => None,
        }
    }
}
