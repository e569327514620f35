//! Pictures around a violation.

use proctor::policy::ViolationId;
use proctor::wire;

use super::{on::On, watcher::Watcher};
use crate::{
    interview::Command,
    model::{Still, UnixMillis, ViolationKey},
    service::ServiceError,
};

/// Pictures of violations that a session keeps, at most.
const MAX_STILLS: u32 = 240;

/// Violations whose pictures are waited for at the same time.
const MAX_WANTED: usize = 32;

/// Under which name a picture of a violation is kept.
#[must_use]
pub fn still_name(violation: ViolationKey, number: u8) -> String {
    format!("still/{violation}/{number}")
}

/// Whether it begins and ends as a JPEG does. What is in between is the business of those who decode it.
pub(super) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.ends_with(&[0xff, 0xd9])
}

impl On {
    /// Pictures of it are wanted, if there is room for them.
    pub(super) fn want(&mut self, key: ViolationKey) {
        if self.stills < MAX_STILLS
            && self.wanted.len() < MAX_WANTED
            && !self.wanted.iter().any(|(known, _)| *known == key)
        {
            self.wanted.push((key, false));
        }
    }

    /// What the page is to be asked for, once.
    pub(super) fn ask(&mut self) -> Vec<ViolationId> {
        let unasked = self.wanted.iter_mut().filter(|(_, asked)| !asked);
        let ask = |(key, asked): &mut (ViolationKey, bool)| {
            *asked = true;
            ViolationId { from_ms: key.from_ms, kind: key.kind }
        };
        unasked.map(ask).collect()
    }
}

impl Watcher {
    /// Keeps pictures that were asked for.
    pub(super) async fn evidence(
        &mut self,
        violation: ViolationId,
        stills: Vec<wire::Still>,
    ) -> Result<(), ServiceError> {
        let key = ViolationKey { from_ms: violation.from_ms, kind: violation.kind };
        let Some(on) = &mut self.on else { return Ok(()) };
        let Some(place) = on.wanted.iter().position(|(wanted, _)| *wanted == key) else { return Ok(()) };
        on.wanted.swap_remove(place);
        let good: Vec<_> = stills.into_iter().filter(|still| is_jpeg(&still.jpeg)).take(wire::MAX_STILLS).collect();
        on.stills += good.len() as u32;
        let zero = on.zero;
        self.keep_stills(key, zero, good).await
    }

    /// Keeps pictures of a violation: first the pictures, then the word that they are there.
    pub(super) async fn keep_stills(
        &self,
        key: ViolationKey,
        zero: UnixMillis,
        pictures: Vec<wire::Still>,
    ) -> Result<(), ServiceError> {
        let mut stills = Vec::new();
        for (number, still) in (0..).zip(pictures) {
            self.proctor.vault.keep(self.id, &still_name(key, number), &still.jpeg).await?;
            stills.push(Still { number, at: UnixMillis(zero.0 + i64::from(still.at_ms)) });
        }
        if !stills.is_empty() {
            self.proctor.sessions.step(self.id, &Command::NoteEvidence { violation: key, stills }).await?;
        }
        Ok(())
    }
}
