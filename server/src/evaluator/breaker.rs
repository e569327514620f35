//! Leaves a service that fails alone for a while.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Lets nobody through after several failures in a row; then one at a time, to see whether it works again.
pub struct Breaker {
    /// Failures in a row from which on it is left alone.
    failures: u32,
    /// For how long.
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    failed: u32,
    closed_until: Option<Instant>,
}

impl Breaker {
    pub fn new(failures: u32, pause: Duration) -> Self {
        Self { failures, pause, state: Mutex::default() }
    }

    /// Whether the service may be asked at `now`.
    pub fn admits(&self, now: Instant) -> bool {
        self.with(|state| match state.closed_until {
            Some(until) if now < until => false,
            Some(_) => {
                // Whoever asks now tries it for the others.
                state.closed_until = Some(now + self.pause);
                true
            }
            None => true,
        })
    }

    /// The service works.
    pub fn succeeded(&self) {
        self.with(|state| *state = State::default());
    }

    /// The service failed. Answers whether it is left alone from now on.
    pub fn failed(&self, now: Instant) -> bool {
        self.with(|state| {
            state.failed = state.failed.saturating_add(1);
            let closes = state.failed >= self.failures;
            if closes {
                state.closed_until = state.closed_until.max(Some(now + self.pause));
            }
            closes
        })
    }

    /// The service asked for it.
    pub fn leave_alone(&self, until: Instant) {
        self.with(|state| state.closed_until = state.closed_until.max(Some(until)));
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(30);

    #[test]
    fn a_service_that_fails_again_and_again_is_left_alone_for_a_while() {
        let (breaker, start) = (Breaker::new(3, PAUSE), Instant::now());
        assert!(!breaker.failed(start) && !breaker.failed(start));
        assert!(breaker.admits(start), "twice is not again and again");
        assert!(breaker.failed(start));
        assert!(!breaker.admits(start + PAUSE / 2));
        assert!(breaker.admits(start + PAUSE), "one may try");
        assert!(!breaker.admits(start + PAUSE), "the others wait for what comes of it");
        breaker.failed(start + PAUSE);
        assert!(!breaker.admits(start + PAUSE + PAUSE / 2));
        assert!(breaker.admits(start + PAUSE + PAUSE));
        breaker.succeeded();
        assert!(breaker.admits(start + PAUSE + PAUSE) && !breaker.failed(start + PAUSE + PAUSE));
    }

    #[test]
    fn a_service_that_asks_for_it_is_left_alone_at_once() {
        let (breaker, start) = (Breaker::new(1, PAUSE), Instant::now());
        breaker.leave_alone(start + PAUSE * 4);
        breaker.failed(start);
        assert!(!breaker.admits(start + PAUSE * 4 - Duration::from_millis(1)), "a shorter pause does not end it");
        assert!(breaker.admits(start + PAUSE * 4));
    }

    #[test]
    fn failures_count_only_in_a_row() {
        let (breaker, start) = (Breaker::new(2, PAUSE), Instant::now());
        for _ in 0..5 {
            breaker.failed(start);
            breaker.succeeded();
        }
        assert!(breaker.admits(start));
    }
}
