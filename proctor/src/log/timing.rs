//! The browser's clock against the server's.

use serde::{Deserialize, Serialize};

use super::ledger::{Arrival, Finding};
use crate::signal::Entry;

/// A browser's clock may be ahead by so much (ms)…
const AHEAD_MS: i64 = 2_000;
/// …and by one part in so many: clocks drift by 0.01 % or less.
const DRIFT: i64 = 1_000;
/// Entries may come so late (ms) over a channel that is up: a picture on a slow line may have to go first.
const BEHIND_MS: i64 = 30_000;

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
}

impl Timing {
    pub(super) fn new(opened_ms: i64) -> Timing {
        // The log's clock starts when the server's word arrives, over this very connection: its lag begins at nothing.
        Timing { opened_ms, last_ms: 0, connected_since_ms: opened_ms, least_lag_ms: Some(0), ahead_ms: 0 }
    }

    pub(super) fn judge(&mut self, seq: u32, entries: &[Entry], arrival: Arrival) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut by_ms = 0;
        for entry in entries {
            by_ms = by_ms.max(self.last_ms.saturating_sub(entry.at_ms));
            self.last_ms = self.last_ms.max(entry.at_ms);
        }
        if by_ms > 0 {
            findings.push(Finding::TimeReversed { seq, by_ms });
        }
        let Some(first) = entries.first() else { return findings };
        if arrival.connected_since_ms > self.connected_since_ms {
            self.connected_since_ms = arrival.connected_since_ms;
            self.least_lag_ms = None;
        }
        let lag = |at_ms: u32| arrival.at_ms.saturating_sub(self.opened_ms).saturating_sub(i64::from(at_ms));
        let least = lag(self.last_ms);
        if least.saturating_neg() > AHEAD_MS + i64::from(self.last_ms) / DRIFT + self.ahead_ms {
            findings.push(Finding::TimeAhead { seq, by_ms: span(least.saturating_neg()) });
            self.ahead_ms = least.saturating_neg();
        }
        if let Some(usual) = self.least_lag_ms {
            let behind = lag(first.at_ms).saturating_sub(usual);
            let written = self.opened_ms.saturating_add(i64::from(first.at_ms)).saturating_add(usual);
            if behind > BEHIND_MS && written >= self.connected_since_ms {
                findings.push(Finding::TimeBehind { seq, by_ms: span(behind) });
                self.least_lag_ms = Some(least);
                return findings;
            }
        }
        self.least_lag_ms = Some(self.least_lag_ms.map_or(least, |usual| usual.min(least)));
        findings
    }
}

fn span(ms: i64) -> u32 {
    u32::try_from(ms).unwrap_or(u32::MAX)
}
