//! What excuses that a check shows nothing: what the log had said before it was asked for. Whatever a page says afterwards, it may
//! say because it was asked. And what it said before it has to go on saying: a page that says it for a moment, again and again,
//! is ready for every check, and pays for none.

use proctor::policy::{Kind, Monitor};
use serde::{Deserialize, Serialize};

use super::{
    look::{is_clear, shows_one},
    on::{NEAR_MS, On},
    pulse::earlier_by,
};

/// Milliseconds (by the log) for which there has to be no picture, so that it excuses anything: after so long it is noted, unless a
/// job says otherwise.
const BLIND_MS: u32 = 3_000;

/// What may be amiss with who is seen, by a log as by a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Amiss {
    /// Nobody is seen: also where somebody looks aside for long, whom the page follows and a fresh look does not find.
    Nobody,
    Several,
    /// No face can be seen.
    Faceless,
}

impl Amiss {
    const ALL: [Self; 3] = [Self::Nobody, Self::Several, Self::Faceless];

    fn is_flagged(self, monitor: &Monitor) -> bool {
        let kinds: &[Kind] = match self {
            Self::Nobody => &[Kind::NoFace, Kind::LookingAway, Kind::FaceUnclear],
            Self::Several => &[Kind::SeveralFaces],
            Self::Faceless => {
                &[Kind::TooDark, Kind::TooBright, Kind::TooBlurred, Kind::Covered, Kind::Frozen, Kind::FaceUnclear]
            }
        };
        kinds.iter().any(|kind| monitor.is_flagged(*kind))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Excuse {
    /// Since when (ms by the log's time) there is no picture: the page is hidden, or the camera off.
    pub blind_ms: Option<u32>,
    /// For long by then.
    pub blind: bool,
    /// The picture shows nothing that can be judged.
    pub unclear: bool,
    /// It stands still, and has for long.
    pub frozen: bool,
}

impl Excuse {
    /// By a clock that was set back by so much (ms).
    pub fn set_back(self, by_ms: i64) -> Self {
        Self { blind_ms: self.blind_ms.map(|from_ms| earlier_by(from_ms, by_ms)), ..self }
    }
}

/// What a log came to of late, in ms by its own time. A part of the checkpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Said {
    /// From when to when there was no picture last.
    blind_ms: Option<(u32, u32)>,
    is_blind: bool,
    /// When each was flagged last.
    flagged_ms: [Option<u32>; Amiss::ALL.len()],
}

impl Said {
    /// The monitor took an entry of this time.
    pub fn follow(&mut self, monitor: &Monitor, at_ms: u32) {
        let was_blind = std::mem::replace(&mut self.is_blind, monitor.is_blind());
        self.blind_ms = match self.blind_ms {
            Some((from_ms, _)) if was_blind => Some((from_ms, at_ms)),
            _ if self.is_blind => Some((at_ms, at_ms)),
            before => before,
        };
        for (what, flagged_ms) in Amiss::ALL.into_iter().zip(&mut self.flagged_ms) {
            if what.is_flagged(monitor) {
                *flagged_ms = Some(at_ms);
            }
        }
    }

    /// As [`On::set_back`].
    pub fn set_back(&mut self, by_ms: i64) {
        self.blind_ms = self.blind_ms.map(|(from, until)| (earlier_by(from, by_ms), earlier_by(until, by_ms)));
        for flagged_ms in self.flagged_ms.iter_mut().flatten() {
            *flagged_ms = earlier_by(*flagged_ms, by_ms);
        }
    }

    /// Until when there was no picture last.
    pub fn blind_until_ms(&self) -> Option<u32> {
        self.blind_ms.map(|(_, until_ms)| until_ms)
    }
}

impl On {
    /// As far as the log has come by now.
    pub(super) fn excuse(&self) -> Excuse {
        // Over a new connection no look came yet.
        let unclear = self.looks.back().map_or(Amiss::Faceless.is_flagged(&self.monitor), |(newest_ms, newest)| {
            let late = self.looks.iter().filter(|(at_ms, _)| at_ms.saturating_add(NEAR_MS) >= *newest_ms);
            !is_clear(*newest) && late.into_iter().all(|(_, look)| !shows_one(*look))
        });
        let is_blind = self.monitor.is_blind();
        let blind_ms = self.said.blind_ms.filter(|_| is_blind);
        Excuse {
            blind_ms: blind_ms.map(|(from_ms, _)| from_ms),
            blind: blind_ms.is_some_and(is_long),
            unclear,
            frozen: self.monitor.is_flagged(Kind::Frozen),
        }
    }

    /// Whether there was no picture, and not for a moment only. `at_once`: the log will not have told of more.
    pub(super) fn had_no_picture(&self, excuse: Excuse, at_once: bool) -> bool {
        let since = |from_ms| {
            let goes_on = self.monitor.is_blind() && !at_once;
            self.said.blind_ms.is_some_and(|span| span.0 == from_ms && (goes_on || is_long(span)))
        };
        excuse.blind || excuse.blind_ms.is_some_and(since)
    }

    /// Whether the log came to it, around this moment (by its own time) or since.
    pub(super) fn comes_to(&self, what: Amiss, log_ms: u32) -> bool {
        let is_since = |flagged_ms: u32| flagged_ms.saturating_add(NEAR_MS) >= log_ms;
        what.is_flagged(&self.monitor) || self.said.flagged_ms[what as usize].is_some_and(is_since)
    }

    /// In so many milliseconds a log comes to a kind, if what it tells of lasts. None: never, by the job's policy.
    pub(super) fn flags_after_ms(&self, kind: Kind) -> Option<u32> {
        self.monitor.policy().rules[kind].flag_after_ms
    }
}

fn is_long((from_ms, until_ms): (u32, u32)) -> bool {
    until_ms.saturating_sub(from_ms) >= BLIND_MS
}
