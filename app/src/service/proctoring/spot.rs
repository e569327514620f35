//! Spot checks: at times that nobody can foresee the server asks for a picture of this very moment and looks at it itself.

use std::{collections::VecDeque, time::Duration};

use proctor::{
    observation::Look,
    policy::Kind,
    wire::{Down, NoFrame, Still},
};
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

use super::{
    Proctor, by_chance,
    evidence::is_jpeg,
    look::{Finding, differs, flatters, is_clear, shows_one, words},
    watcher::Watcher,
};
use crate::{
    model::{SessionId, UnixMillis, ViolationKey},
    ports::{Examined, StoreError},
    service::{ServiceError, tokens::random_bytes},
};

/// Milliseconds in which a page has to show what is asked for.
const ANSWER_MS: i64 = 20_000;

/// Milliseconds after which the log has told what it says about the moment of a check.
const TOLD_MS: i64 = 5_000;

/// A log's looks so near (ms) to a check are about the same moment.
const NEAR_MS: u32 = 1_500;

/// Pictures that are remembered to know one that comes again.
const REMEMBERED: usize = 16;

/// Checks in a row that have to show somebody else.
const STRANGERS: u32 = 2;

/// What the names of checks and their pictures begin with.
const CHECKS: &str = "check/";
const FRAMES: &str = "frame/";

/// Where the checks of one connection stand.
#[derive(Default)]
pub(super) struct Spot {
    next_at: Option<UnixMillis>,
    asked: Option<Asked>,
    /// A picture that came, and what is found out about it.
    looking: Option<Looking>,
    prints: VecDeque<Vec<u8>>,
    /// The last comparison showed the person of the reference.
    known: bool,
    reference: Option<Option<Vec<f32>>>,
}

struct Asked {
    nonce: u64,
    at: UnixMillis,
}

struct Looking {
    came_at: UnixMillis,
    /// Of the interview and of its log.
    at_ms: u32,
    log_ms: u32,
    claim: Option<Look>,
    jpeg: Vec<u8>,
    seen: JoinHandle<Option<Examined>>,
}

/// A check as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpotCheck {
    /// Milliseconds since the first log began. Also names the picture.
    pub at_ms: u32,
    /// What the page saw. None: it cannot look.
    pub claim: Option<Look>,
    /// What the server saw. None: it had too much to do.
    pub seen: Option<Look>,
    /// Whether it is the person of the reference. None: it cannot be told.
    pub same_person: Option<bool>,
}

impl Spot {
    pub fn begin(&mut self, now: UnixMillis, mean: Duration) {
        self.next_at = soon(now, mean);
    }

    pub fn end(&mut self) {
        *self = Self { prints: std::mem::take(&mut self.prints), ..Self::default() };
    }

    pub fn forget_reference(&mut self) {
        self.reference = None;
    }
}

fn soon(now: UnixMillis, mean: Duration) -> Option<UnixMillis> {
    Some(UnixMillis(now.0 + i64::try_from(by_chance(mean).as_millis()).unwrap_or(i64::MAX)))
}

impl Watcher {
    /// Asks for a picture when it is time, and judges one that came.
    pub(super) async fn spot_check(&mut self) -> Vec<Down> {
        let proctor = self.proctor.clone();
        let now = proctor.clock.now();
        self.judge(now).await;
        let Some(on) = &mut self.on else { return vec![] };
        if on.spot.asked.as_ref().is_some_and(|asked| now.since(asked.at) > ANSWER_MS) {
            on.spot.asked = None;
            self.find(Kind::Contradiction, Finding::NoAnswer);
        }
        let Some(on) = &mut self.on else { return vec![] };
        let due = on.spot.next_at.is_some_and(|at| at <= now);
        if !due || proctor.examiner.is_none() || on.spot.asked.is_some() || on.spot.looking.is_some() {
            return vec![];
        }
        on.spot.next_at = soon(now, proctor.spot_mean);
        let nonce = u64::from_le_bytes(random_bytes());
        on.spot.asked = Some(Asked { nonce, at: now });
        vec![Down::ShowMe { nonce }]
    }

    /// The picture that was asked for came. One that was not asked for is passed over.
    pub(super) fn frame(&mut self, nonce: u64, at_ms: u32, claim: Option<Look>, jpeg: Vec<u8>) {
        let Some(on) = &mut self.on else { return };
        let log_ms = at_ms.saturating_sub(on.began_ms);
        if on.spot.asked.as_ref().is_none_or(|asked| asked.nonce != nonce) || !is_jpeg(&jpeg) {
            return;
        }
        on.spot.asked = None;
        let Some(examiner) = self.proctor.examiner.clone() else { return };
        let picture = jpeg.clone();
        // Whoever was known last time is compared every other time only.
        let with_face = on.strangers > 0 || !std::mem::replace(&mut on.spot.known, false);
        let seen = tokio::spawn(async move {
            // One that could not be looked at is no check at all.
            examiner.examine(&picture, with_face).await.ok()
        });
        let at_ms = self.proctor.ms_since(on.zero);
        on.spot.looking = Some(Looking { came_at: self.proctor.clock.now(), at_ms, log_ms, claim, jpeg, seen });
    }

    /// There is no picture. That is fine where the log says so too.
    pub(super) fn frame_refused(&mut self, nonce: u64, why: NoFrame) {
        let Some(on) = &mut self.on else { return };
        if on.spot.asked.as_ref().is_none_or(|asked| asked.nonce != nonce) {
            return;
        }
        on.spot.asked = None;
        let reported = match why {
            NoFrame::CameraOff => Kind::CameraOff,
            NoFrame::PageHidden => Kind::WindowExit,
            // The camera is starting: its looks are missing too.
            NoFrame::NotReady => Kind::CameraOff,
        };
        let running = on.monitor.state().running.iter().any(|violation| violation.id.kind == reported);
        let seen_of_late = on.looks.back().is_some_and(|(at_ms, _)| {
            let log_ms = self.proctor.ms_since(on.zero).saturating_sub(on.began_ms);
            log_ms.saturating_sub(*at_ms) < NEAR_MS * 3
        });
        if seen_of_late && !running {
            self.find(Kind::Contradiction, Finding::Refused);
        }
    }

    async fn judge(&mut self, now: UnixMillis) {
        let proctor = self.proctor.clone();
        let Some(on) = &mut self.on else { return };
        let ready = |looking: &mut Looking| looking.seen.is_finished() && now.since(looking.came_at) >= TOLD_MS;
        let Some(looking) = on.spot.looking.take_if(ready) else { return };
        let Looking { at_ms, log_ms, claim, jpeg, seen, .. } = looking;
        let examined = seen.await.ok().flatten();
        let mut found = None;
        let near = |(at, look): &(u32, Look)| (at.abs_diff(log_ms) <= NEAR_MS).then_some(*look);
        let logged: Vec<_> = on.looks.iter().filter_map(near).collect();
        if let Some(claim) = claim
            && let Some(logged) = differs(claim, &logged)
        {
            let (claimed, logged) = (words(claim).into(), words(logged).into());
            found = Some((Kind::Contradiction, Finding::Contradicted { claimed, logged }));
        }
        let mut same_person = None;
        if let (Some(examined), Some(examiner)) = (&examined, &proctor.examiner) {
            let seen = || words(examined.look).to_owned();
            match claim {
                Some(claim) if flatters(claim, examined.look) => {
                    let finding = Finding::Claim { claimed: words(claim).into(), seen: seen() };
                    found = Some((Kind::Contradiction, finding));
                }
                // Where the page cannot look, the server's eyes are the only ones.
                None if !shows_one(examined.look) && is_clear(examined.look) => {
                    found = Some((Kind::Contradiction, Finding::Unseen { seen: seen() }));
                }
                _ => {}
            }
            // An empty room looks the same again and again, and a page that says so does not lie.
            if claim.is_none_or(shows_one)
                && on.spot.prints.iter().any(|print| examiner.same_picture(print, &examined.print))
            {
                found = Some((Kind::Contradiction, Finding::SamePicture));
            }
            if on.spot.prints.len() == REMEMBERED {
                on.spot.prints.pop_front();
            }
            on.spot.prints.push_back(examined.print.clone());
            if on.spot.reference.is_none() {
                on.spot.reference = Some(proctor.reference_face(self.id).await);
            }
            let reference = on.spot.reference.as_ref().and_then(Option::as_ref);
            same_person =
                reference.zip(examined.face.as_ref()).and_then(|(one, other)| examiner.same_person(one, other));
            match same_person {
                Some(false) => on.strangers += 1,
                Some(true) => {
                    on.strangers = 0;
                    on.spot.known = true;
                }
                None => {}
            }
            if on.strangers >= STRANGERS {
                on.strangers = 0;
                found = Some((Kind::AnotherPerson, Finding::AnotherPerson));
            }
        }
        let check = SpotCheck { at_ms, claim, seen: examined.map(|examined| examined.look), same_person };
        if let Err(error) = proctor.keep_check(self.id, &check, &jpeg).await {
            tracing::debug!(session.id = %self.id, %error, "a spot check could not be kept");
        }
        let Some((kind, finding)) = found else { return };
        self.find(kind, finding);
        let Some(on) = &mut self.on else { return };
        // The picture that was checked is the evidence.
        let newest: Option<ViolationKey> = on.changed.keys().rev().find(|key| key.kind == kind).copied();
        if let Some(key) = newest {
            on.wanted.retain(|(wanted, _)| *wanted != key);
            on.stills += 1;
            on.pictures.push((key, Still { at_ms, jpeg }));
        }
    }
}

impl Proctor {
    async fn keep_check(&self, id: SessionId, check: &SpotCheck, jpeg: &[u8]) -> Result<(), ServiceError> {
        let bytes = postcard::to_allocvec(check).map_err(|error| StoreError::Failed(error.to_string()))?;
        self.vault.keep(id, &frame_name(check.at_ms), jpeg).await?;
        self.vault.keep(id, &format!("{CHECKS}{:010}", check.at_ms), &bytes).await?;
        Ok(())
    }

    /// The spot checks of a session, in order.
    ///
    /// # Errors
    /// The store's.
    pub async fn checks(&self, id: SessionId) -> Result<Vec<SpotCheck>, ServiceError> {
        let mut checks = Vec::new();
        for name in self.vault.names(id, CHECKS).await? {
            if let Some(bytes) = self.vault.read(id, &name).await?
                && let Ok(check) = postcard::from_bytes(&bytes)
            {
                checks.push(check);
            }
        }
        Ok(checks)
    }

    /// The picture of a spot check.
    ///
    /// # Errors
    /// The store's.
    pub async fn check_picture(&self, id: SessionId, at_ms: u32) -> Result<Option<Vec<u8>>, ServiceError> {
        self.vault.read(id, &frame_name(at_ms)).await
    }

    /// A picture of a violation.
    ///
    /// # Errors
    /// The store's.
    pub async fn still(
        &self,
        id: SessionId,
        violation: ViolationKey,
        number: u8,
    ) -> Result<Option<Vec<u8>>, ServiceError> {
        self.vault.read(id, &super::still_name(violation, number)).await
    }
}

fn frame_name(at_ms: u32) -> String {
    format!("{FRAMES}{at_ms:010}")
}
