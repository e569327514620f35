//! Pictures around a violation.

use proctor::policy::ViolationId;
use proctor::wire;

use super::{on::On, watcher::Watcher};
use crate::{
    interview::Command,
    model::{Still, UnixMillis, ViolationKey},
    service::ServiceError,
};

/// Violations whose pictures are waited for at the same time.
const MAX_WANTED: usize = 32;

/// What the names of pictures of violations begin with.
pub(super) const STILLS: &str = "still/";

/// Under which name a picture of a violation is kept.
#[must_use]
pub fn still_name(violation: ViolationKey, number: u8) -> String {
    format!("{STILLS}{violation}/{number}")
}

/// Whether it begins and ends as a JPEG does. What is in between is the business of those who decode it.
pub(super) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8, 0xff]) && bytes.ends_with(&[0xff, 0xd9])
}

/// Milliseconds in which a page has to send pictures that it was asked for.
const ANSWER_MS: i64 = 30_000;

/// Pictures of it are waited for.
pub(super) struct Wanted {
    pub violation: ViolationKey,
    /// When the page was asked for them over this connection.
    asked_at: Option<UnixMillis>,
}

impl Wanted {
    pub fn new(violation: ViolationKey) -> Self {
        Self { violation, asked_at: None }
    }
}

impl On {
    /// Pictures of it are wanted, if there is room for them.
    pub(super) fn want(&mut self, key: ViolationKey) {
        if self.budget.has_room_beside(self.wanted.len())
            && self.wanted.len() < MAX_WANTED
            && !self.wanted.iter().any(|known| known.violation == key)
        {
            self.wanted.push(Wanted::new(key));
        }
    }

    /// What the page that goes on with the log is to be asked for, once over each connection.
    pub(super) fn ask(&mut self, now: UnixMillis) -> Vec<ViolationId> {
        let opened = self.opened;
        let unasked = self.wanted.iter_mut().filter(|wanted| opened && wanted.asked_at.is_none());
        let ask = |wanted: &mut Wanted| {
            wanted.asked_at = Some(now);
            ViolationId { from_ms: wanted.violation.from_ms, kind: wanted.violation.kind }
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
        let Some(place) = on.wanted.iter().position(|wanted| wanted.violation == key) else { return Ok(()) };
        on.wanted.swap_remove(place);
        let mut good: Vec<_> = stills.into_iter().filter(|still| is_jpeg(&still.jpeg)).take(wire::MAX_STILLS).collect();
        good.truncate(on.budget.take_stills(good.len()));
        let zero = on.zero;
        let kept = self.keep_stills(key, zero, good).await;
        if kept.is_err()
            && let Some(on) = &mut self.on
        {
            // The page still has them.
            on.wanted.push(Wanted::new(key));
        }
        kept
    }

    /// Waits no longer for pictures that did not come in time.
    pub(super) async fn give_up_pictures(&mut self) -> Result<(), ServiceError> {
        let now = self.proctor.clock.now();
        let Some(on) = &self.on else { return Ok(()) };
        let late = |wanted: &&Wanted| wanted.asked_at.is_some_and(|at| now.since(at) > ANSWER_MS);
        let Some(violation) = on.wanted.iter().find(late).map(|wanted| wanted.violation) else { return Ok(()) };
        self.note_missing(violation).await?;
        if let Some(on) = &mut self.on {
            on.wanted.retain(|wanted| wanted.violation != violation);
        }
        Ok(())
    }

    /// Notes of all that are waited for that they did not come. They may come later.
    pub(super) async fn miss_pictures(&self) -> Result<(), ServiceError> {
        for wanted in self.on.iter().flat_map(|on| &on.wanted) {
            self.note_missing(wanted.violation).await?;
        }
        Ok(())
    }

    async fn note_missing(&self, violation: ViolationKey) -> Result<(), ServiceError> {
        self.proctor.sessions.step(self.id, &Command::NoteEvidence { violation, stills: Vec::new() }).await?;
        Ok(())
    }

    /// Keeps pictures of a violation, or notes that none came: first the pictures, then the word that they are there.
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
        self.proctor.sessions.step(self.id, &Command::NoteEvidence { violation: key, stills }).await?;
        Ok(())
    }
}
