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

/// Milliseconds (by the log) for which there has to be no picture, so that it excuses anything. As long as it is noted.
const BLIND_MS: u32 = 3_000;

/// What a log says of a face that cannot be seen.
const FACELESS: [Kind; 6] =
    [Kind::TooDark, Kind::TooBright, Kind::TooBlurred, Kind::Covered, Kind::Frozen, Kind::FaceUnclear];

/// What it says where nobody may be seen: who looks aside for long is followed by the page, and not found by a fresh look.
const NOBODY: [Kind; 3] = [Kind::NoFace, Kind::LookingAway, Kind::FaceUnclear];

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
    /// When it was flagged last that nobody was seen or somebody aside, that several were, and that no face could be seen.
    nobody_ms: Option<u32>,
    several_ms: Option<u32>,
    faceless_ms: Option<u32>,
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
        for (kinds, said_ms) in [
            (&NOBODY[..], &mut self.nobody_ms),
            (&[Kind::SeveralFaces], &mut self.several_ms),
            (&FACELESS, &mut self.faceless_ms),
        ] {
            if is_flagged(monitor, kinds) {
                *said_ms = Some(at_ms);
            }
        }
    }

    /// As [`On::set_back`].
    pub fn set_back(&mut self, by_ms: i64) {
        self.blind_ms = self.blind_ms.map(|(from, until)| (earlier_by(from, by_ms), earlier_by(until, by_ms)));
        for said_ms in [&mut self.nobody_ms, &mut self.several_ms, &mut self.faceless_ms].into_iter().flatten() {
            *said_ms = earlier_by(*said_ms, by_ms);
        }
    }

    /// Until when there was no picture last.
    pub fn blind_until_ms(&self) -> Option<u32> {
        self.blind_ms.map(|(_, until_ms)| until_ms)
    }
}

fn is_flagged(monitor: &Monitor, kinds: &[Kind]) -> bool {
    kinds.iter().any(|kind| monitor.is_flagged(*kind))
}

fn is_faceless(monitor: &Monitor) -> bool {
    is_flagged(monitor, &FACELESS)
}

impl On {
    /// As far as the log has come by now.
    pub(super) fn excuse(&self) -> Excuse {
        // Over a new connection no look came yet.
        let unclear = self.looks.back().map_or(is_faceless(&self.monitor), |(newest_ms, newest)| {
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

    /// Whether the log came to that it shows no face, around this moment (by its own time) or since.
    pub(super) fn comes_to_faceless(&self, log_ms: u32) -> bool {
        is_faceless(&self.monitor) || is_since(self.said.faceless_ms, log_ms)
    }

    /// Whether it came to that nobody is seen, or several are.
    pub(super) fn comes_to(&self, kind: Kind, log_ms: u32) -> bool {
        let (kinds, said_ms) = match kind {
            Kind::NoFace => (&NOBODY[..], self.said.nobody_ms),
            _ => (&[Kind::SeveralFaces][..], self.said.several_ms),
        };
        is_flagged(&self.monitor, kinds) || is_since(said_ms, log_ms)
    }

    /// In so many milliseconds a log comes to a kind, if what it tells of lasts. None: never, by the job's policy.
    pub(super) fn flags_after_ms(&self, kind: Kind) -> Option<u32> {
        self.monitor.policy().rules[kind].flag_after_ms
    }
}

fn is_long((from_ms, until_ms): (u32, u32)) -> bool {
    until_ms.saturating_sub(from_ms) >= BLIND_MS
}

fn is_since(said_ms: Option<u32>, log_ms: u32) -> bool {
    said_ms.is_some_and(|said_ms| said_ms.saturating_add(NEAR_MS) >= log_ms)
}
