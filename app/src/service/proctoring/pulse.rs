//! Whether this worker was at work all the time, by its own clock. Whoever was paused, or whose clock was set, heard nobody
//! meanwhile and cannot tell that anybody was silent.

use std::sync::{Mutex, PoisonError};

use proctor::policy::Watch;

use super::{Proctor, on::On, watcher::Watcher};
use crate::model::UnixMillis;

/// Milliseconds without a beat after which the worker was paused, or its clock set forward: nobody can tell which. Beats come
/// every second.
const PAUSED_MS: i64 = 5_000;

/// A clock that goes back by less (ms) was looked at by two at once.
const SET_BACK_MS: i64 = 500;

#[derive(Default)]
pub(super) struct Pulse(Mutex<Felt>);

#[derive(Default)]
struct Felt {
    /// None: no beat yet, so that nothing is missing.
    last: Option<UnixMillis>,
    broken: Broken,
}

/// What was found since the worker began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Broken {
    times: u32,
    /// By how much the clock was set back, in milliseconds.
    pub back_ms: i64,
}

impl Felt {
    fn feel(&mut self, now: UnixMillis) {
        let Some(last) = self.last.replace(now) else { return };
        let passed_ms = now.since(last);
        if passed_ms >= PAUSED_MS || passed_ms <= -SET_BACK_MS {
            self.broken.times = self.broken.times.wrapping_add(1);
            self.broken.back_ms += (-passed_ms).max(0);
        }
    }
}

impl Pulse {
    fn beat(&self, now: UnixMillis) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).feel(now);
    }

    /// A pause is noticed by whoever comes first after it.
    pub fn feel(&self, now: UnixMillis) -> Broken {
        let mut felt = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if felt.last.is_some() {
            felt.feel(now);
        }
        felt.broken
    }
}

impl On {
    /// The clock was set back by so much (ms): all that is remembered, and waited for, was so much earlier by it. The log's time
    /// is no later than that of its arrival, so what it told goes back as well.
    pub(super) fn set_back(&mut self, by_ms: i64) {
        if by_ms == 0 {
            return;
        }
        self.ledger.set_back(by_ms);
        self.budget.set_back(by_ms);
        self.asking.set_back(by_ms);
        self.spot.set_back(by_ms);
        self.wanted.iter_mut().for_each(|wanted| wanted.set_back(by_ms));
        for at in [&mut self.oldest, &mut self.ended_at].into_iter().flatten() {
            *at = at.earlier_by(by_ms);
        }
        self.said.set_back(by_ms);
        self.interview_ms = self.interview_ms.map(|at_ms| earlier_by(at_ms, by_ms));
        self.told_ms = earlier_by(self.told_ms, by_ms);
        self.looks.iter_mut().for_each(|(at_ms, _)| *at_ms = earlier_by(*at_ms, by_ms));
    }
}

/// A time since a beginning, by a clock that was set back by so much (ms).
pub(super) fn earlier_by(at_ms: u32, by_ms: i64) -> u32 {
    u32::try_from(i64::from(at_ms).saturating_sub(by_ms).max(0)).unwrap_or(u32::MAX)
}

impl Proctor {
    /// To be called every second, whatever else waits: what passes without is no page's silence.
    pub fn beat(&self) {
        self.pulse.beat(self.clock.now());
    }
}

impl Watcher {
    /// To be called before anything that is heard, or time that passes, is taken.
    pub(super) fn feel_pulse(&mut self) {
        let now = self.proctor.clock.now();
        let broken = self.proctor.pulse.feel(now);
        let before = std::mem::replace(&mut self.broken, broken);
        if broken == before {
            return;
        }
        self.connected_at = now;
        let Some(on) = &mut self.on else { return };
        // What the page wrote meanwhile comes only now.
        on.connected_since_ms = now.0;
        on.set_back(broken.back_ms - before.back_ms);
        on.watch(on.ms_of(now), Watch::Connected);
    }
}
