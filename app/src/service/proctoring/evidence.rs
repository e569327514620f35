//! Pictures around a violation.

use proctor::{
    policy::ViolationId,
    wire::{self, Down},
};
use serde::{Deserialize, Serialize};

use super::{jpeg::is_jpeg, on::On, watcher::Watcher};
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

/// Milliseconds in which a page has to send pictures that it was asked for.
const ANSWER_MS: i64 = 30_000;

/// Over so many connections that broke the pictures of a violation are asked for.
const MAX_ASKS: u8 = 2;

/// Pictures of it are waited for. A part of the checkpoint, but for what is of this connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wanted {
    pub violation: ViolationKey,
    /// Over how many connections the page was asked for them.
    asked: u8,
    /// Those that came.
    came: Vec<Still>,
    /// When the page was asked for them over this connection, or sent the last one.
    #[serde(skip)]
    asked_at: Option<UnixMillis>,
    /// How many it sent over this connection: they come in the same order each time.
    #[serde(skip)]
    sent: usize,
    /// The store did not take one of those that the page is sending: the rest are passed over, and all are asked for again.
    #[serde(skip)]
    broken: bool,
}

impl Wanted {
    pub fn new(violation: ViolationKey) -> Self {
        Self { violation, asked: 0, came: Vec::new(), asked_at: None, sent: 0, broken: false }
    }

    /// Over how many connections the page was asked for them before this one. None: over this one it was not.
    pub fn asked_before(&self) -> Option<u8> {
        self.asked_at.map(|_| self.asked.saturating_sub(1))
    }

    /// They are asked for as if it had been over so many connections at most.
    pub fn ask_again(&mut self, before: u8) {
        self.asked = self.asked.min(before);
    }

    /// The clock was set back by so much (ms).
    pub fn set_back(&mut self, by_ms: i64) {
        self.asked_at = self.asked_at.map(|at| at.earlier_by(by_ms));
    }

    /// Whether they are not waited for any more.
    fn is_given_up(&self, now: UnixMillis) -> bool {
        self.asked_at.map_or(self.asked >= MAX_ASKS, |at| now.since(at) > ANSWER_MS)
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

    /// What the page that goes on with the log is to be asked for, once over each connection. One after the other: on a slow
    /// line the log waits for the pictures before it.
    pub(super) fn ask(&mut self, now: UnixMillis) -> Option<ViolationId> {
        if !self.opened || self.wanted.iter().any(|wanted| wanted.asked_at.is_some()) {
            return None;
        }
        let wanted = self.wanted.iter_mut().find(|wanted| wanted.asked < MAX_ASKS)?;
        wanted.asked += 1;
        wanted.asked_at = Some(now);
        Some(ViolationId { from_ms: wanted.violation.from_ms, kind: wanted.violation.kind })
    }
}

impl Watcher {
    /// Keeps pictures that were asked for. Where they are not the last ones of the violation, more of it follow.
    pub(super) async fn evidence(
        &mut self,
        violation: ViolationId,
        stills: Vec<wire::Still>,
        last: bool,
    ) -> Result<Vec<Down>, ServiceError> {
        let key = ViolationKey { from_ms: violation.from_ms, kind: violation.kind };
        let Some(on) = &mut self.on else { return Ok(vec![]) };
        let Some(place) = on.wanted.iter().position(|wanted| wanted.violation == key) else { return Ok(vec![]) };
        let mut wanted = on.wanted.remove(place);
        let mut kept = self.keep_wanted(&mut wanted, stills).await;
        if last && !wanted.broken && kept.is_ok() {
            kept = self.note_evidence(&wanted).await;
        }
        wanted.broken |= kept.is_err();
        let now = self.proctor.clock.now();
        let Some(on) = &mut self.on else { return kept.map(|()| vec![]) };
        match (last, wanted.broken) {
            (false, _) => on.wanted.push(wanted),
            (true, true) => {
                // The page still has them, and is asked for them again once the store takes something.
                let asked = wanted.asked.saturating_sub(1);
                on.wanted.push(Wanted { asked, asked_at: None, sent: 0, broken: false, ..wanted });
                on.hurry(now);
            }
            // What is not durable yet is asked for once it is.
            (true, false) if on.changed.is_empty() => {
                return Ok(on.ask(now).into_iter().map(|violation| Down::WantEvidence { violation }).collect());
            }
            (true, false) => {}
        }
        kept.map(|()| vec![])
    }

    /// Keeps the next pictures of a violation, as far as there is room for them.
    async fn keep_wanted(&mut self, wanted: &mut Wanted, stills: Vec<wire::Still>) -> Result<(), ServiceError> {
        let now = self.proctor.clock.now();
        if wanted.broken {
            wanted.asked_at = wanted.asked_at.map(|_| now);
            return Ok(());
        }
        for still in stills.into_iter().filter(|still| is_jpeg(&still.jpeg)) {
            let Some(on) = &mut self.on else { return Ok(()) };
            wanted.sent += 1;
            let number = wanted.came.len();
            if number >= wanted.sent || number == wire::MAX_STILLS || !on.budget.has_room_for_still() {
                continue;
            }
            let (number, at) = (number as u8, UnixMillis(on.zero.0 + i64::from(still.at_ms)));
            self.proctor.vault.keep(self.id, &still_name(wanted.violation, number), &still.jpeg).await?;
            on.budget.take_stills(1);
            wanted.came.push(Still { number, at });
            wanted.asked_at = wanted.asked_at.map(|_| now);
        }
        Ok(())
    }

    /// Waits no longer for pictures that did not come in time, or that connections broke over.
    pub(super) async fn give_up_pictures(&mut self) -> Result<(), ServiceError> {
        let now = self.proctor.clock.now();
        let Some(on) = &self.on else { return Ok(()) };
        let Some(wanted) = on.wanted.iter().find(|wanted| wanted.is_given_up(now)).cloned() else { return Ok(()) };
        self.note_evidence(&wanted).await?;
        if let Some(on) = &mut self.on {
            on.wanted.retain(|other| other.violation != wanted.violation);
        }
        Ok(())
    }

    /// Notes what came of all that are waited for, or that nothing did. More may come later.
    pub(super) async fn miss_pictures(&self) -> Result<(), ServiceError> {
        for wanted in self.on.iter().flat_map(|on| &on.wanted) {
            self.note_evidence(wanted).await?;
        }
        Ok(())
    }

    async fn note_evidence(&self, Wanted { violation, came, .. }: &Wanted) -> Result<(), ServiceError> {
        let command = Command::NoteEvidence { violation: *violation, stills: came.clone() };
        self.proctor.sessions.step(self.id, &command).await?;
        Ok(())
    }

    /// Keeps the picture of a violation that a check showed: first the picture, then the word that it is there.
    pub(super) async fn keep_still(
        &self,
        key: ViolationKey,
        zero: UnixMillis,
        still: &wire::Still,
    ) -> Result<(), ServiceError> {
        self.proctor.vault.keep(self.id, &still_name(key, 0), &still.jpeg).await?;
        let stills = vec![Still { number: 0, at: UnixMillis(zero.0 + i64::from(still.at_ms)) }];
        self.proctor.sessions.step(self.id, &Command::NoteEvidence { violation: key, stills }).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::service::tests::{
        proctoring::{NOBODY, reporting},
        untrusted::wanted,
    };

    #[tokio::test]
    async fn a_picture_that_the_store_did_not_take_uses_up_no_room() {
        let (world, worker, mut page) = reporting().await;
        let asked = wanted(&page.looks(&world, 7, NOBODY).await)[0];
        if let Some(on) = &mut page.watcher.on {
            while on.budget.take_stills(1) == 1 && on.budget.has_room_beside(0) {}
            assert_eq!(on.budget.take_stills(4), 4);
            assert!(on.budget.has_room_for_still());
        }
        world.blobs.fail(true);
        page.sends(asked, 0).await;
        world.blobs.fail(false);
        page.sends_last(asked, &[1]).await;
        assert_eq!(wanted(&page.looks(&world, 1, NOBODY).await), [asked]);
        page.sends_last(asked, &[0, 1]).await;
        let session = page.session(&worker).await;
        assert_eq!(session.proctoring.as_ref().unwrap().violations[0].stills.len(), 1, "there was room for one");
    }
}
