//! The browser's clock against the server's.

use serde::{Deserialize, Serialize};

use super::ledger::{Arrival, Finding};
use crate::signal::Entry;

/// A browser's clock may be ahead by so much (ms)…
const AHEAD_MS: u32 = 2_000;
/// …and by one part in so many: clocks drift by 0.01 % or less.
const DRIFT: u32 = 1_000;
/// Entries may come so late (ms) over a channel that is up: a picture on a slow line may have to go first.
const BEHIND_MS: i64 = 30_000;
/// So much time (ms) has to be told of that late before it was held back: a page that was frozen by its browser sends the
/// rest of its last batch when it wakes up, and nothing of the time between.
const HELD_BACK_MS: u32 = 10_000;
/// Entries further apart tell nothing of the time between, and are no row.
const GAP_MS: u32 = 6_000;

/// What is known of the browser's clock.
///
/// The lag of an entry is the time from when its log's clock says it was written to when it came. The least lag of a
/// connection is the line's own; more of it is time for which entries were held back, or by which the clock went slow. Each new
/// connection is measured afresh, since a machine that slept may have stopped its clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Timing {
    opened_ms: i64,
    last_ms: u32,
    connected_since_ms: i64,
    /// None: nothing came yet over this connection.
    least_lag_ms: Option<i64>,
    /// What was found already, so that it is found once.
    ahead_ms: i64,
    /// The time that was told of too late, in a row.
    late_ms: u32,
}

impl Timing {
    pub(super) fn new(opened_ms: i64) -> Timing {
        // The log's clock starts when the server's word arrives, over this very connection: its lag begins at nothing.
        Timing { opened_ms, last_ms: 0, connected_since_ms: opened_ms, least_lag_ms: Some(0), ahead_ms: 0, late_ms: 0 }
    }

    pub(super) fn set_back(&mut self, by_ms: i64) {
        self.opened_ms = self.opened_ms.saturating_sub(by_ms);
        self.connected_since_ms = self.connected_since_ms.saturating_sub(by_ms);
    }

    pub(super) fn judge(&mut self, seq: u32, entries: &[Entry], arrival: Arrival) -> Vec<Finding> {
        let mut findings = Vec::new();
        if arrival.connected_since_ms > self.connected_since_ms {
            self.connected_since_ms = arrival.connected_since_ms;
            self.least_lag_ms = None;
        }
        let passed = arrival.at_ms.saturating_sub(self.opened_ms);
        let (mut reversed, mut behind) = (0, None);
        for entry in entries {
            reversed = reversed.max(self.last_ms.saturating_sub(entry.at_ms));
            let step = entry.at_ms.saturating_sub(self.last_ms);
            self.last_ms = self.last_ms.max(entry.at_ms);
            self.late_ms = match self.lateness(passed) {
                Some(_) if step > GAP_MS => 0,
                Some(_) => self.late_ms + step,
                None => 0,
            };
            if self.late_ms > HELD_BACK_MS {
                behind = behind.max(self.lateness(passed));
            }
        }
        if reversed > 0 {
            findings.push(Finding::TimeReversed { seq, by_ms: reversed });
        }
        let lag = passed.saturating_sub(i64::from(self.last_ms));
        let ahead = lag.saturating_neg();
        if ahead > i64::from(ahead_ms(self.last_ms)) + self.ahead_ms {
            findings.push(Finding::TimeAhead { seq, by_ms: span(ahead) });
            self.ahead_ms = ahead;
        }
        if let Some(by_ms) = behind {
            findings.push(Finding::TimeBehind { seq, by_ms: span(by_ms) });
            self.late_ms = 0;
            self.least_lag_ms = Some(lag);
        }
        self.least_lag_ms = Some(self.least_lag_ms.map_or(lag, |least| least.min(lag)));
        findings
    }

    /// By how much the last entry is too late, if it was written while this connection was up.
    fn lateness(&self, passed: i64) -> Option<i64> {
        let (usual, at) = (self.least_lag_ms?, i64::from(self.last_ms));
        let behind = passed.saturating_sub(at).saturating_sub(usual);
        let written = self.opened_ms.saturating_add(at).saturating_add(usual);
        (behind > BEHIND_MS && written >= self.connected_since_ms).then_some(behind)
    }
}

/// By how much (ms) a browser's clock may be ahead after so long.
pub(crate) fn ahead_ms(after_ms: u32) -> u32 {
    AHEAD_MS + after_ms / DRIFT
}

fn span(ms: i64) -> u32 {
    u32::try_from(ms).unwrap_or(u32::MAX)
}
