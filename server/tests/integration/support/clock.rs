//! A clock that stands still until a test sets it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use app::{model::UnixMillis, ports::Clock};
use server::clock::SystemClock;

/// 2026-01-01T00:00:00Z.
pub const START: UnixMillis = UnixMillis(1_767_225_600_000);

pub struct TestClock(AtomicI64);

impl TestClock {
    /// Shows [`START`].
    pub fn new() -> Arc<Self> {
        Self::at(START)
    }

    pub fn at(time: UnixMillis) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(time.0)))
    }

    /// Stands still at the real time.
    pub fn at_present() -> Arc<Self> {
        Self::at(SystemClock.now())
    }

    pub fn advance_s(&self, seconds: i64) {
        self.advance_ms(seconds * 1000);
    }

    pub fn advance_ms(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.0.load(Ordering::SeqCst))
    }
}
