//! What a check comes to: the picture that came, or the word that there is none, beside what the log says.

use std::{collections::VecDeque, time::Duration};

use proctor::{observation::Look, policy::Kind, wire::Still};

use super::{
    checks::{REMEMBERED, SpotCheck},
    excuse::{Amiss, Excuse},
    faces,
    look::{Finding, Shown, differs, flatters, is_clear, shown, shows_nobody, shows_one, words},
    on::{NEAR_MS, On},
    spot::{Looking, Refused},
    watcher::Watcher,
};
use crate::{
    model::ViolationKey,
    ports::{Examine, Examined, Unexamined},
};

/// How long is waited for a look at a picture whose page is gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// A picture beside what the page says of it.
struct Shot {
    /// When it came, in ms since the first log.
    at_ms: u32,
    /// Of which moment it is, by the log's time.
    log_ms: u32,
    excuse: Excuse,
    claim: Option<Look>,
    /// The page is gone: its log will not tell more by now.
    at_once: bool,
}

/// What speaks against the page. Of all that is found what comes last is said: it weighs more.
#[derive(Default)]
struct Judged {
    found: Option<(Kind, Finding)>,
    /// The check before, at so many ms since the first log, was as much of a lie.
    before: Option<(u32, Finding)>,
    /// The check came to nothing: that is no proof once, and not to come too often.
    is_owed: bool,
    /// What it shows may not last: the next check tells.
    is_open: bool,
}

impl Judged {
    fn contradicts(&mut self, finding: Finding) {
        self.found = Some((Kind::Contradiction, finding));
    }
}

impl Watcher {
    /// No answer came in time. A page whose scripts the browser stopped, because it is hidden, cannot answer.
    pub(super) fn judge_late(&mut self, excuse: Excuse) {
        let Some(on) = &mut self.on else { return };
        let now = self.proctor.clock.now();
        if !on.had_no_picture(excuse, false) {
            let found = if on.asking.missed(now) { Some(Finding::NoAnswer) } else { on.owe() };
            if let Some(finding) = found {
                self.find(Kind::Contradiction, finding);
            }
        }
    }

    /// A page that cannot look has a picture all the same, so only the log excuses that there is none. `at_once`: the page is gone,
    /// and the log will not tell more by now.
    pub(super) fn judge_refusal(&mut self, refused: Refused, at_once: bool) {
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
        let found = match (seen, too_often) {
            (true, _) => Some(Finding::Refused),
            (false, true) => Some(Finding::RefusedAgain),
            (false, false) => on.owe(),
        };
        if let Some(finding) = found {
            self.find(Kind::Contradiction, finding);
        }
    }

    /// Judges a picture. `at_once`: the page is gone, and the log may not have come to that moment.
    pub(super) async fn judge(&mut self, looking: Looking, at_once: bool) {
        let proctor = self.proctor.clone();
        let Looking { at_ms, log_ms, excuse, claim, jpeg, seen, .. } = looking;
        let examined = match tokio::time::timeout(PATIENCE, seen).await {
            Ok(Ok(Err(Unexamined::NoPicture))) => return self.find(Kind::Contradiction, Finding::NoPicture),
            Ok(Ok(Ok(examined))) => Some(examined),
            // What could not be looked at is no check, and nobody is to blame for it.
            Ok(Ok(Err(Unexamined::Busy | Unexamined::Failed)) | Err(_)) | Err(_) => None,
        };
        let Some(on) = &mut self.on else { return };
        let (shot, mut judged) = (Shot { at_ms, log_ms, excuse, claim, at_once }, Judged::default());
        let shown = on.judge_by_log(&shot, examined.as_ref().map(|it| it.look), &mut judged);
        let mut same_person = None;
        if let (Some(examined), Some(examiner)) = (&examined, &proctor.examiner) {
            on.judge_by_eyes(&shot, examined.look, &mut judged);
            self.judge_by_others(&shot, examined, &**examiner, &mut judged).await;
            same_person = self.judge_by_face(examined, &**examiner, &mut judged).await;
        }
        let Some(on) = &mut self.on else { return };
        if judged.is_owed || judged.is_open {
            let now = proctor.clock.now();
            on.asking.ask_soon(now);
            on.hurry(now);
        }
        if judged.found.is_none() {
            let found = match shown {
                _ if judged.is_owed => on.owe(),
                Some(Shown::Something) if !judged.is_open => {
                    on.asking.tally.weigh(true);
                    None
                }
                _ => None,
            };
            if let Some(finding) = found {
                judged.contradicts(finding);
            }
        }
        let seen = examined.as_ref().map(|examined| examined.look);
        let print = examined.map_or_else(Vec::new, |examined| examined.print);
        let picture = on.budget.take_frame().then_some(jpeg.as_slice());
        let check = SpotCheck { at_ms, claim, seen, same_person, has_picture: picture.is_some() };
        if let Err(error) = proctor.keep_check(self.id, &check, &print, picture).await {
            tracing::debug!(session.id = %self.id, %error, "a spot check could not be kept");
        }
        if let Some((at_ms, finding)) = judged.before {
            self.find_at(at_ms, Kind::Contradiction, finding);
        }
        let Some((kind, finding)) = judged.found else { return };
        self.find(kind, finding);
        // The picture that was checked is the evidence.
        self.show(kind, [Still { at_ms, jpeg }]);
    }

    /// Compares the picture with those that came before.
    async fn judge_by_others(&mut self, shot: &Shot, examined: &Examined, examiner: &dyn Examine, judged: &mut Judged) {
        let (proctor, id) = (self.proctor.clone(), self.id);
        let Some(on) = &mut self.on else { return };
        if on.spot.prints.is_none() {
            on.spot.prints = proctor.last_prints(id).await.ok();
        }
        let prints: &mut VecDeque<_> = on.spot.prints.get_or_insert_default();
        // An empty room looks the same again and again, and a page that says so does not lie; nor one that says that the camera
        // hangs, which costs as much.
        let may_repeat = shot.excuse.frozen || !shot.claim.is_none_or(shows_one);
        if !may_repeat && prints.iter().any(|print| examiner.same_picture(print, &examined.print)) {
            judged.contradicts(Finding::SamePicture);
        }
        if prints.len() == REMEMBERED {
            prints.pop_front();
        }
        prints.push_back(examined.print.clone());
    }

    /// Compares the face with that of the reference. Whether it is the same person; None: that cannot be told.
    async fn judge_by_face(
        &mut self,
        examined: &Examined,
        examiner: &dyn Examine,
        judged: &mut Judged,
    ) -> Option<bool> {
        let (proctor, id) = (self.proctor.clone(), self.id);
        let on = self.on.as_mut()?;
        if on.spot.reference.is_none() {
            on.spot.reference = proctor.reference_face(id).await;
        }
        let reference = on.spot.reference.as_ref()?.as_ref()?;
        let same = examiner.same_person(reference, examined.face.as_ref()?)?;
        on.spot.known = same;
        if faces::compared(&mut on.strangers, !same) {
            judged.found = Some((Kind::AnotherPerson, Finding::AnotherPerson));
        }
        Some(same)
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
    /// A check came to nothing for once. What is found where that happens too often.
    fn owe(&mut self) -> Option<Finding> {
        self.asking.tally.weigh(false).then_some(Finding::TooLate)
    }

    /// Compares what the page claims with what its log says of the moment. `seen`: by the server.
    fn judge_by_log(&mut self, shot: &Shot, seen: Option<Look>, judged: &mut Judged) -> Option<Shown> {
        let Shot { at_ms, log_ms, excuse, claim, at_once } = *shot;
        let near = |(at, look): &(u32, Look)| (at.abs_diff(log_ms) <= NEAR_MS).then_some(*look);
        let logged: Vec<_> = self.looks.iter().filter_map(near).collect();
        let untold = at_once && self.told_ms < log_ms;
        if let Some(claim) = claim.filter(|_| !untold)
            && let Some(logged) = differs(claim, &logged)
        {
            judged.contradicts(Finding::Contradicted { claimed: words(claim).into(), logged: words(logged).into() });
        }
        let shown = shown(claim, seen, excuse.unclear, &logged);
        let is_excused = (untold && excuse.unclear) || self.had_no_picture(excuse, at_once);
        let shown = shown.filter(|shown| *shown == Shown::Something || !is_excused);
        self.asking.came(matches!(shown, Some(Shown::Something | Shown::Told(_))));
        judged.is_owed |= shown == Some(Shown::Nothing);
        if let Some(Shown::Told(why)) = shown
            && let Some(after_ms) = self.flags_after_ms(why.into())
            && self.asking.tally.told(self.comes_to(Amiss::Faceless, log_ms), at_ms, after_ms)
        {
            judged.contradicts(Finding::NeverLong);
        }
        if self.asking.tally.showed(shown) {
            judged.contradicts(if claim.is_some() { Finding::Unclear } else { Finding::Dark });
        }
        shown
    }

    /// Compares claim and log with what the server saw.
    fn judge_by_eyes(&mut self, shot: &Shot, look: Look, judged: &mut Judged) {
        let Shot { at_ms, log_ms, claim, .. } = *shot;
        let seen = || words(look).to_owned();
        // Of pages that look, the log has to come to it where it lasts, whatever they claim of the moment of a check.
        if claim.is_some() && is_clear(look) {
            let nobody = (Kind::NoFace, Amiss::Nobody);
            let (kind, what) = if shows_nobody(look) { nobody } else { (Kind::SeveralFaces, Amiss::Several) };
            let after_ms = self.flags_after_ms(kind);
            let is_well = shows_one(look) || after_ms.is_none() || self.comes_to(what, log_ms);
            judged.is_open |= !is_well;
            if self.asking.tally.unlogged(is_well, at_ms, after_ms.unwrap_or(0)) {
                judged.contradicts(Finding::Unlogged { seen: seen() });
            }
        }
        let against = match claim {
            Some(claim) if flatters(claim, look) => Some(Finding::Claim { claimed: words(claim).into(), seen: seen() }),
            // Where the page cannot look, the server's eyes are the only ones.
            None if !shows_one(look) && is_clear(look) => Some(Finding::Unseen { seen: seen() }),
            _ => None,
        };
        let is_empty = against.is_some() && shows_nobody(look);
        judged.is_owed |= is_empty;
        let nobody = self.asking.tally.empty(is_clear(look).then_some(is_empty), at_ms);
        match against {
            // One alone is no proof: eyes may be wrong, and people reach for something.
            Some(_) if is_empty && nobody.times < 2 => {}
            Some(finding) => {
                // Of a page that looks, the first was as much of a lie.
                judged.before = (nobody.times == 2 && claim.is_some()).then(|| (nobody.first_ms, finding.clone()));
                judged.contradicts(finding);
            }
            None => {}
        }
    }
}
