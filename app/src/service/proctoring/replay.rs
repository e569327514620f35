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
    model::{Blind, Coverage, Proctoring, SessionId, UnixMillis, ViolationKey},
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
    /// None: no question has been open yet.
    pub coverage: Option<Coverage>,
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
            Ok(Walk { logs, batches, entries, whole, ended, blind, violations, told, .. }) => {
                let now = self.clock.now();
                let ended = ended || !ending::is_past(&session, now);
                let violations = violations.into_values().collect();
                let at = |ms: u32| UnixMillis(zero.0 + i64::from(ms));
                let told: Vec<_> = told.into_iter().map(|(from_ms, to_ms)| (at(from_ms), at(to_ms))).collect();
                let coverage = Coverage::of(&session, &told, now);
                LogState::Read(Replay { logs, batches, entries, whole, ended, blind, coverage, violations })
            }
            Err(Unreadable::Version(_)) => LogState::OtherVersion,
            Err(Unreadable::Damaged) => LogState::Unreadable,
        })
    }
}
