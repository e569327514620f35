//! Spot checks: at times that nobody can foresee the server asks for a picture of this very moment and looks at it itself.

use std::collections::VecDeque;

use proctor::{observation::Look, policy::Kind, wire::Down};
use tokio::task::JoinHandle;

use super::{
    excuse::Excuse,
    faces,
    jpeg::is_jpeg,
    look::Finding,
    on::{NEAR_MS, On},
    pulse::earlier_by,
    watcher::Watcher,
};
use crate::{
    model::UnixMillis,
    ports::{Examined, Unexamined},
    service::tokens::random_bytes,
};

/// Milliseconds after which a picture is judged, once the log has told of its moment…
const TOLD_MS: i64 = 5_000;

/// …and for which the log is waited for, at most.
const UNTOLD_MS: i64 = 15_000;

/// Milliseconds after which a refusal is judged: a camera that drops out is taken for lost some seconds later only.
const EXPLAINED_MS: i64 = 10_000;

/// Milliseconds by which the page's clock and the server's may differ about when a picture was taken.
const SKEW_MS: u32 = 5_000;

/// What is known for the checks of one connection.
#[derive(Default)]
pub(super) struct Spot {
    /// A picture that came, and what is found out about it.
    looking: Option<Looking>,
    /// None came.
    refused: Option<Refused>,
    /// Of the pictures that came last. None: not read yet.
    pub prints: Option<VecDeque<Vec<u8>>>,
    /// The last comparison showed the person of the reference.
    pub known: bool,
    /// The face of the reference, where there is one. None: not looked at yet.
    pub reference: Option<Option<Vec<f32>>>,
}

/// The page's word that there is no picture.
pub(super) struct Refused {
    pub came_at: UnixMillis,
    /// By the log's time.
    pub log_ms: u32,
    pub excuse: Excuse,
}

/// A picture that came, and that is looked at.
pub(super) struct Looking {
    came_at: UnixMillis,
    /// Of the interview and of its log.
    pub at_ms: u32,
    pub log_ms: u32,
    pub excuse: Excuse,
    pub claim: Option<Look>,
    pub jpeg: Vec<u8>,
    pub seen: JoinHandle<Result<Examined, Unexamined>>,
}

impl Spot {
    /// Whether all that came is judged.
    pub fn is_settled(&self) -> bool {
        self.looking.is_none() && self.refused.is_none()
    }

    /// The clock was set back by so much (ms): what came was so much earlier by it, also by the log's time.
    pub fn set_back(&mut self, by_ms: i64) {
        let looking = self.looking.iter_mut().map(|it| (&mut it.came_at, &mut it.log_ms, &mut it.excuse));
        let refused = self.refused.iter_mut().map(|it| (&mut it.came_at, &mut it.log_ms, &mut it.excuse));
        for (came_at, log_ms, excuse) in looking.chain(refused) {
            *came_at = came_at.earlier_by(by_ms);
            *log_ms = earlier_by(*log_ms, by_ms);
            *excuse = excuse.set_back(by_ms);
        }
    }

    /// There is another reference, of this face.
    pub fn refer_to(&mut self, face: Option<Vec<f32>>) {
        self.reference = Some(face);
    }
}

impl Watcher {
    /// Asks for a picture when it is time, and judges one that came.
    pub(super) async fn spot_check(&mut self) -> Vec<Down> {
        let proctor = self.proctor.clone();
        let now = proctor.clock.now();
        if let Some(looking) = self.on.as_mut().and_then(|on| on.take_told(now)) {
            self.judge(looking, false).await;
        }
        if let Some(refused) = self.on.as_mut().and_then(|on| on.take_explained(now)) {
            self.judge_refusal(refused, false);
        }
        let Some(on) = &mut self.on else { return vec![] };
        if let Some(asked) = on.asking.late(now) {
            on.hurry(now);
            self.judge_late(asked.excuse);
        }
        let Some(on) = &mut self.on else { return vec![] };
        if !on.opened || on.ended_at.is_some() || proctor.examiner.is_none() || !on.spot.is_settled() {
            return vec![];
        }
        let (before, chunk) = (on.asking.clone(), on.next_chunk);
        let Some(nonce) = on.asking.ask(now, proctor.spot_mean, on.excuse()) else { return vec![] };
        // First it is durable: whoever takes over knows what the page was asked.
        on.hurry(now);
        let saved = self.save().await;
        // What was to follow from the chunk may have failed.
        let is_durable = self.on.as_ref().is_some_and(|on| on.next_chunk > chunk);
        if let Some(on) = self.on.as_mut().filter(|_| !is_durable) {
            on.asking.take_back(before);
        }
        let asked = is_durable.then_some(Down::ShowMe { nonce });
        self.answer(saved).await.into_iter().chain(asked).collect()
    }

    /// The page is gone: how it answered last is judged all the same.
    pub(super) async fn judge_last(&mut self) {
        if let Some(refused) = self.on.as_mut().and_then(|on| on.spot.refused.take()) {
            self.judge_refusal(refused, true);
        }
        if let Some(looking) = self.on.as_mut().and_then(|on| on.spot.looking.take()) {
            self.judge(looking, true).await;
        }
    }

    /// The picture that was asked for came. One that was not asked for is passed over.
    pub(super) fn frame(&mut self, nonce: u64, at_ms: u32, claim: Option<Look>, jpeg: Vec<u8>) {
        let Some(on) = &mut self.on else { return };
        let now = self.proctor.clock.now();
        let Some(asked) = on.asking.answered(nonce, now) else { return };
        on.hurry(now);
        if !is_jpeg(&jpeg) {
            return self.find(Kind::Contradiction, Finding::NoPicture);
        }
        let Some(examiner) = self.proctor.examiner.clone() else { return };
        let picture = jpeg.clone();
        let with_face = faces::is_compared(on.strangers, on.spot.known, random_bytes());
        let seen = tokio::spawn(async move { examiner.examine(&picture, with_face).await });
        // The page names a moment since it was asked, as far as clocks agree: there is no other to be compared with.
        let from = on.ms_of(asked.at).saturating_sub(SKEW_MS);
        // This worker's own clock may have been set back since.
        let to = on.ms_of(now).saturating_add(SKEW_MS).max(from);
        let log_ms = at_ms.clamp(from, to).saturating_sub(on.began_ms);
        let (at_ms, excuse) = (on.ms_of(now), asked.excuse);
        on.spot.looking = Some(Looking { came_at: now, at_ms, log_ms, excuse, claim, jpeg, seen });
    }

    /// There is no picture. That is fine where the log had said so before.
    pub(super) fn frame_refused(&mut self, nonce: u64) {
        let Some(on) = &mut self.on else { return };
        let now = self.proctor.clock.now();
        let Some(asked) = on.asking.answered(nonce, now) else { return };
        on.hurry(now);
        let log_ms = on.ms_of(now).saturating_sub(on.began_ms);
        on.spot.refused = Some(Refused { came_at: now, log_ms, excuse: asked.excuse });
    }
}

impl On {
    /// The refusal that came, if the log has told of its moment, or was waited for long enough.
    fn take_explained(&mut self, now: UnixMillis) -> Option<Refused> {
        let told_ms = self.told_ms;
        self.spot.refused.take_if(|refused| {
            let told = told_ms >= refused.log_ms.saturating_add(NEAR_MS);
            now.since(refused.came_at) >= if told { EXPLAINED_MS } else { UNTOLD_MS }
        })
    }

    /// The picture that came, if it was looked at and the log has told of its moment, or was waited for long enough.
    fn take_told(&mut self, now: UnixMillis) -> Option<Looking> {
        let told_ms = self.told_ms;
        self.spot.looking.take_if(|looking| {
            let (waited, told) = (now.since(looking.came_at), told_ms >= looking.log_ms.saturating_add(NEAR_MS));
            looking.seen.is_finished() && waited >= if told { TOLD_MS } else { UNTOLD_MS }
        })
    }
}
