//! Spot checks: at times that nobody can foresee the server asks for a picture of this very moment and looks at it itself.

use std::{collections::VecDeque, time::Duration};

use proctor::{
    observation::Look,
    policy::Kind,
    wire::{Down, Still},
};
use tokio::task::JoinHandle;

use super::{
    checks::{REMEMBERED, SpotCheck},
    excuse::Excuse,
    faces,
    jpeg::is_jpeg,
    look::{Finding, Shown, differs, flatters, is_clear, shown, shows_nobody, shows_one, words},
    on::{NEAR_MS, On},
    pulse::earlier_by,
    watcher::Watcher,
};
use crate::{
    model::{UnixMillis, ViolationKey},
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

/// How long is waited for a look at a picture whose page is gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is known for the checks of one connection.
#[derive(Default)]
pub(super) struct Spot {
    /// A picture that came, and what is found out about it.
    looking: Option<Looking>,
    /// None came.
    refused: Option<Refused>,
    /// Of the pictures that came last. None: not read yet.
    prints: Option<VecDeque<Vec<u8>>>,
    /// The last comparison showed the person of the reference.
    known: bool,
    /// The face of the reference, where there is one. None: not looked at yet.
    reference: Option<Option<Vec<f32>>>,
}

struct Refused {
    came_at: UnixMillis,
    /// By the log's time.
    log_ms: u32,
    excuse: Excuse,
}

struct Looking {
    came_at: UnixMillis,
    /// Of the interview and of its log.
    at_ms: u32,
    log_ms: u32,
    excuse: Excuse,
    claim: Option<Look>,
    jpeg: Vec<u8>,
    seen: JoinHandle<Result<Examined, Unexamined>>,
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
            // A page whose scripts the browser stopped, because it is hidden, cannot answer.
            if !on.had_no_picture(asked.excuse, false) {
                if on.asking.missed(now) {
                    self.find(Kind::Contradiction, Finding::NoAnswer);
                } else if on.asking.weigh(false) {
                    self.find(Kind::Contradiction, Finding::TooLate);
                }
            }
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

    /// A page that cannot look has a picture all the same, so only the log excuses that there is none.
    fn judge_refusal(&mut self, refused: Refused, at_once: bool) {
        let Some(on) = &mut self.on else { return };
        let Refused { came_at, log_ms, excuse } = refused;
        if on.had_no_picture(excuse, at_once) {
            return;
        }
        // Before and after it: a camera that just dropped out was seen before.
        let near = |(at_ms, _): &(u32, Look)| (at_ms.abs_diff(log_ms) <= NEAR_MS).then_some(*at_ms);
        let near: Vec<_> = on.looks.iter().filter_map(near).collect();
        let seen = near.iter().any(|at_ms| *at_ms <= log_ms) && near.iter().any(|at_ms| *at_ms > log_ms);
        let seen = seen && !on.explains(log_ms);
        // A camera may be starting, or be lost just then, once.
        let too_often = on.asking.missed(came_at);
        if seen {
            self.find(Kind::Contradiction, Finding::Refused);
        } else if too_often {
            self.find(Kind::Contradiction, Finding::RefusedAgain);
        } else if on.asking.weigh(false) {
            self.find(Kind::Contradiction, Finding::TooLate);
        }
    }

    /// `at_once`: the log may not have come to that moment yet.
    async fn judge(&mut self, looking: Looking, at_once: bool) {
        let proctor = self.proctor.clone();
        let Looking { at_ms, log_ms, excuse, claim, jpeg, seen, .. } = looking;
        let examined = match tokio::time::timeout(PATIENCE, seen).await {
            Ok(Ok(Err(Unexamined::NoPicture))) => return self.find(Kind::Contradiction, Finding::NoPicture),
            Ok(Ok(Ok(examined))) => Some(examined),
            // What could not be looked at is no check, and nobody is to blame for it.
            Ok(Ok(Err(Unexamined::Busy | Unexamined::Failed)) | Err(_)) | Err(_) => None,
        };
        let Some(on) = &mut self.on else { return };
        let now = proctor.clock.now();
        let (mut found, mut before) = (None, None);
        let near = |(at, look): &(u32, Look)| (at.abs_diff(log_ms) <= NEAR_MS).then_some(*look);
        let logged: Vec<_> = on.looks.iter().filter_map(near).collect();
        let untold = at_once && on.told_ms < log_ms;
        if let Some(claim) = claim.filter(|_| !untold)
            && let Some(logged) = differs(claim, &logged)
        {
            let (claimed, logged) = (words(claim).into(), words(logged).into());
            found = Some((Kind::Contradiction, Finding::Contradicted { claimed, logged }));
        }
        let shown = shown(claim, examined.as_ref().map(|it| it.look), excuse.unclear, &logged);
        let is_excused = (untold && excuse.unclear) || on.had_no_picture(excuse, at_once);
        let shown = shown.filter(|shown| *shown == Shown::Something || !is_excused);
        on.asking.came(matches!(shown, Some(Shown::Something | Shown::Told(_))));
        // Alone it is no proof, and it is to be remembered.
        let mut is_owed = shown == Some(Shown::Nothing);
        if let Some(Shown::Told(why)) = shown
            && let Some(after_ms) = on.flags_after_ms(why.into())
            && on.asking.told(on.comes_to_faceless(log_ms), at_ms, after_ms)
        {
            found = Some((Kind::Contradiction, Finding::NeverLong));
        }
        if on.asking.showed(shown, now) {
            let finding = if claim.is_some() { Finding::Unclear } else { Finding::Dark };
            found = Some((Kind::Contradiction, finding));
        }
        let mut same_person = None;
        if let (Some(examined), Some(examiner)) = (&examined, &proctor.examiner) {
            let seen = || words(examined.look).to_owned();
            let against = match claim {
                Some(claim) if flatters(claim, examined.look) => {
                    Some(Finding::Claim { claimed: words(claim).into(), seen: seen() })
                }
                // Where the page cannot look, the server's eyes are the only ones.
                None if !shows_one(examined.look) && is_clear(examined.look) => Some(Finding::Unseen { seen: seen() }),
                _ => None,
            };
            // Of pages that look, the log has to come to it where it lasts, whatever they claim of the moment of a check.
            if claim.is_some() && is_clear(examined.look) {
                let kind = if shows_nobody(examined.look) { Kind::NoFace } else { Kind::SeveralFaces };
                let after_ms = on.flags_after_ms(kind);
                let came = shows_one(examined.look) || after_ms.is_none() || on.comes_to(kind, log_ms);
                is_owed |= !came;
                if on.asking.unlogged(came, at_ms, after_ms.unwrap_or(0), now) {
                    found = Some((Kind::Contradiction, Finding::Unlogged { seen: seen() }));
                }
            }
            let is_empty = against.is_some() && shows_nobody(examined.look);
            is_owed |= is_empty;
            let nobody = on.asking.empty(is_clear(examined.look).then_some(is_empty), at_ms, now);
            match against {
                // One alone is no proof: eyes may be wrong, and people reach for something.
                Some(_) if is_empty && nobody.times < 2 => {}
                Some(finding) => {
                    // Of a page that looks, the first was as much of a lie.
                    before = (nobody.times == 2 && claim.is_some()).then(|| (nobody.first_ms, finding.clone()));
                    found = Some((Kind::Contradiction, finding));
                }
                None => {}
            }
            if on.spot.prints.is_none() {
                on.spot.prints = proctor.last_prints(self.id).await.ok();
            }
            let mut prints = on.spot.prints.take().unwrap_or_default();
            // An empty room looks the same again and again, and a page that says so does not lie; nor one that says that the camera
            // hangs, which costs as much.
            let may_repeat = excuse.frozen || !claim.is_none_or(shows_one);
            if !may_repeat && prints.iter().any(|print| examiner.same_picture(print, &examined.print)) {
                found = Some((Kind::Contradiction, Finding::SamePicture));
            }
            if prints.len() == REMEMBERED {
                prints.pop_front();
            }
            prints.push_back(examined.print.clone());
            on.spot.prints = Some(prints);
            if on.spot.reference.is_none() {
                on.spot.reference = proctor.reference_face(self.id).await;
            }
            let reference = on.spot.reference.as_ref().and_then(Option::as_ref);
            same_person =
                reference.zip(examined.face.as_ref()).and_then(|(one, other)| examiner.same_person(one, other));
            if let Some(same) = same_person {
                on.spot.known = same;
                if faces::compared(&mut on.strangers, !same) {
                    found = Some((Kind::AnotherPerson, Finding::AnotherPerson));
                }
            }
        }
        if is_owed {
            on.hurry(now);
        }
        if found.is_none() && (is_owed || shown == Some(Shown::Something)) && on.asking.weigh(!is_owed) {
            found = Some((Kind::Contradiction, Finding::TooLate));
        }
        let seen = examined.as_ref().map(|examined| examined.look);
        let print = examined.map_or_else(Vec::new, |examined| examined.print);
        let picture = on.budget.take_frame().then_some(jpeg.as_slice());
        let check = SpotCheck { at_ms, claim, seen, same_person, has_picture: picture.is_some() };
        if let Err(error) = proctor.keep_check(self.id, &check, &print, picture).await {
            tracing::debug!(session.id = %self.id, %error, "a spot check could not be kept");
        }
        if let Some((at_ms, finding)) = before {
            self.find_at(at_ms, Kind::Contradiction, finding);
        }
        let Some((kind, finding)) = found else { return };
        self.find(kind, finding);
        // The picture that was checked is the evidence.
        self.show(kind, [Still { at_ms, jpeg }]);
    }

    /// These are the pictures of the newest violation of the kind, which was just found.
    pub(super) fn show(&mut self, kind: Kind, stills: impl IntoIterator<Item = Still>) {
        let Some(on) = &mut self.on else { return };
        let newest: Option<ViolationKey> = on.changed.keys().rev().find(|key| key.kind == kind).copied();
        let Some(key) = newest else { return };
        for still in stills {
            on.wanted.retain(|wanted| wanted.violation != key);
            if on.budget.take_stills(1) == 1 {
                on.pictures.push((key, still));
            }
        }
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
