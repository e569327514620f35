//! The candidate's face, captured at the device check.

use super::{evidence::is_jpeg, watcher::Watcher};
use crate::{
    interview::Command,
    model::{SessionId, Status},
    ports::{Examined, Unexamined},
    service::ServiceError,
};

/// What the names of references begin with. There may be several, when the device check was made again: the last one counts.
pub(super) const PREFIX: &str = "reference/";

/// References of a session, at most.
const MAX_REFERENCES: usize = 8;

impl Watcher {
    /// Keeps a reference, before the interview begins and once after, for those who came without.
    pub(super) async fn reference(&mut self, jpeg: Vec<u8>) -> Result<(), ServiceError> {
        let proctor = self.proctor.clone();
        if self.on.is_none() || !is_jpeg(&jpeg) {
            return Ok(());
        }
        let session = proctor.sessions.get(self.id).await?;
        let known = session.proctoring.as_ref().and_then(|kept| kept.reference_at);
        if session.status != Status::Initialized && known.is_some() {
            return Ok(());
        }
        let names = proctor.vault.names(self.id, PREFIX).await?;
        if names.len() >= MAX_REFERENCES {
            return Ok(());
        }
        let name = format!("{PREFIX}{:02}", names.len());
        if proctor.vault.keep(self.id, &name, &jpeg).await? {
            proctor.sessions.step(self.id, &Command::NoteReference).await?;
        }
        if let Some(on) = &mut self.on {
            on.spot.forget_reference();
        }
        Ok(())
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

    /// What the server sees on the reference.
    pub(super) async fn reference_face(&self, id: SessionId) -> Option<Vec<f32>> {
        let jpeg = self.reference_picture(id).await.ok()??;
        match self.examiner.as_ref()?.examine(&jpeg, true).await {
            Ok(Examined { face, .. }) => face,
            Err(Unexamined::Busy | Unexamined::NoPicture) => None,
        }
    }
}
