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
    /// It asked for that.
    alone_until: Option<Instant>,
}

/// Why the service may not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// It failed again and again.
    ItFails,
    /// It asked to be left alone.
    ItAsked,
}

impl Breaker {
    pub fn new(failures: u32, pause: Duration) -> Self {
        Self { failures, pause, state: Mutex::default() }
    }

    /// Whether the service may be asked at `now`.
    pub fn admit(&self, now: Instant) -> Result<(), Closed> {
        self.with(|state| match state.closed_until {
            _ if state.alone_until.is_some_and(|until| now < until) => Err(Closed::ItAsked),
            Some(until) if now < until => Err(Closed::ItFails),
            Some(_) => {
                // Whoever asks now tries it for the others.
                state.closed_until = Some(now + self.pause);
                Ok(())
            }
            None => Ok(()),
        })
    }

    /// The service works. What it asked for stands: this may have been under way before.
    pub fn succeeded(&self) {
        self.with(|state| *state = State { alone_until: state.alone_until, ..State::default() });
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
        self.with(|state| state.alone_until = state.alone_until.max(Some(until)));
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
        assert!(breaker.admit(start).is_ok(), "twice is not again and again");
        assert!(breaker.failed(start));
        assert_eq!(breaker.admit(start + PAUSE / 2), Err(Closed::ItFails));
        assert!(breaker.admit(start + PAUSE).is_ok(), "one may try");
        assert!(breaker.admit(start + PAUSE).is_err(), "the others wait for what comes of it");
        breaker.failed(start + PAUSE);
        assert!(breaker.admit(start + PAUSE + PAUSE / 2).is_err());
        assert!(breaker.admit(start + PAUSE + PAUSE).is_ok());
        breaker.succeeded();
        assert!(breaker.admit(start + PAUSE + PAUSE).is_ok() && !breaker.failed(start + PAUSE + PAUSE));
    }

    #[test]
    fn a_service_that_asks_for_it_is_left_alone_at_once() {
        let (breaker, start) = (Breaker::new(1, PAUSE), Instant::now());
        breaker.leave_alone(start + PAUSE * 4);
        breaker.failed(start);
        assert_eq!(breaker.admit(start), Err(Closed::ItAsked));
        // It was asked before.
        breaker.succeeded();
        assert!(
            breaker.admit(start + PAUSE * 4 - Duration::from_millis(1)).is_err(),
            "a shorter pause does not end it"
        );
        assert!(breaker.admit(start + PAUSE * 4).is_ok());
    }

    #[test]
    fn failures_count_only_in_a_row() {
        let (breaker, start) = (Breaker::new(2, PAUSE), Instant::now());
        for _ in 0..5 {
            breaker.failed(start);
            breaker.succeeded();
        }
        assert!(breaker.admit(start).is_ok());
    }
}
