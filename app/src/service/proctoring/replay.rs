//! Reads a stored log once more: whether it is whole, and leads to the same violations.

use proctor::policy::{Severity, Violation};

use super::{
    Proctor,
    chunk::{self, Unreadable},
    ending,
    reading::LogState,
    walk::Walk,
};
use crate::{
    model::{Blind, Proctoring, SessionId, ViolationKey},
    service::ServiceError,
};

/// What a log comes to when it is read once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    pub logs: u32,
    pub batches: u32,
    pub entries: u32,
    /// Every batch follows from the one before, and nothing is missing of what is known to have been there.
    pub whole: bool,
    /// Whether the page told of the interview's end, or may still do so.
    pub ended: bool,
    /// When the page could not look at the picture.
    pub blind: Option<Blind>,
    pub violations: Vec<Violation>,
}

impl Replay {
    /// Whether it leads to the violations that the session knows of since recording began: the same ones, and each as grave.
    #[must_use]
    pub fn leads_to(&self, kept: &Proctoring) -> bool {
        let sorted = |mut all: Vec<(ViolationKey, Severity)>| {
            all.sort_unstable();
            all
        };
        let again = self.violations.iter().map(|violation| {
            (ViolationKey { from_ms: violation.id.from_ms, kind: violation.id.kind }, violation.severity)
        });
        let known = kept.violations.iter().filter(|violation| kept.is_recent(violation));
        let known = known.map(|violation| (violation.key, violation.severity));
        sorted(again.collect()) == sorted(known.collect())
    }
}

impl Proctor {
    /// Reads a session's log once more.
    pub(super) async fn replay(&self, id: SessionId) -> Result<LogState, ServiceError> {
        let session = self.sessions.get(id).await?;
        let Some(kept) = &session.proctoring else { return Ok(LogState::None) };
        let none = kept.log.is_none() && self.vault.names(id, chunk::PREFIX).await?.is_empty();
        let Some(zero) = kept.began_at.filter(|_| !none && kept.erased_at.is_none()) else {
            return Ok(LogState::None);
        };
        let Ok(policy) = kept.rules.policy() else { return Ok(LogState::OtherVersion) };
        Ok(match self.walk(Walk::new(id, &policy, zero), kept.log).await? {
            Ok(Walk { logs, batches, entries, whole, ended, blind, violations, .. }) => {
                let ended = ended || !ending::is_past(&session, self.clock.now());
                let violations = violations.into_values().collect();
                LogState::Read(Replay { logs, batches, entries, whole, ended, blind, violations })
            }
            Err(Unreadable::Version(_)) => LogState::OtherVersion,
            Err(Unreadable::Damaged) => LogState::Unreadable,
        })
    }
}
