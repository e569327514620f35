//! Time in which an interview went on by requests and no log could be written, as the server sees it.
//!
//! A page without a channel asks and answers by requests; a page of another version has a channel and no log. Neither says
//! anything about the candidate: a network may let no channel through. Only the time between two requests counts, since where
//! nothing is heard at all the line may be down. A channel that comes and goes between them is a sign of the page as they are,
//! until steady looks come over one. Looks that are steady again make it good, second for second; those that were written
//! meanwhile and came later count too.

use serde::{Deserialize, Serialize};

/// Of requests that are further apart (ms) no more of the time between them counts.
const APART_MS: u32 = 60_000;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Unreported {
    /// When there was a sign of the page last, if it asked for something and reported nothing since.
    asked_ms: Option<u32>,
    /// Of what goes on.
    pub(super) from_ms: u32,
    pub(super) to_ms: u32,
    /// For how long it was so, less what was made good.
    pub(super) held_ms: u32,
}

impl Unreported {
    /// The page asks for something at `now`.
    pub(super) fn asked(&mut self, now: u32) {
        let Some(before) = self.asked_ms.replace(now) else { return };
        let passed = now.saturating_sub(before).min(APART_MS);
        if self.held_ms == 0 {
            self.from_ms = now - passed;
        }
        self.held_ms = self.held_ms.saturating_add(passed);
        self.to_ms = now;
    }

    /// A channel begins at `now`.
    pub(super) fn connected(&mut self, now: u32) {
        if self.asked_ms.is_some() {
            self.asked(now);
        }
    }

    /// It ends at `now`. While it was there, what was not reported is another kind.
    pub(super) fn lost(&mut self, now: u32) {
        self.asked_ms = self.asked_ms.map(|_| now);
    }

    /// Steady looks told of so long. Where they end, nothing is known to go on.
    pub(super) fn make_good(&mut self, told_ms: u32) {
        if told_ms > 0 {
            self.asked_ms = None;
        }
        self.held_ms = self.held_ms.saturating_sub(told_ms);
    }
}
