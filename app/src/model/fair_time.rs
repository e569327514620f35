//! What makes a candidate's time fair: accommodations, and credit for outages.

use serde::{Deserialize, Serialize};

use super::{QuestionKind, Timers};

/// How much more time a candidate gets than the timers say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeRules {
    /// Share of each question's time, in percent: 150 is half as much again. 100..=500.
    pub percent: u32,
    /// Seconds on top for each question. 0..=3600.
    pub extra_s: u32,
    /// Seconds of outages that are given back at most, for one question. 0..=3600.
    pub credit_question_s: u32,
    /// The same for the whole interview. 0..=3600.
    pub credit_total_s: u32,
}

impl Default for TimeRules {
    fn default() -> Self {
        Self { percent: 100, extra_s: 0, credit_question_s: 120, credit_total_s: 300 }
    }
}

impl TimeRules {
    /// The largest share of a question's time, in percent.
    pub const MAX_PERCENT: u32 = 500;
    /// The most seconds that any of the others takes.
    pub const MAX_S: u32 = 3600;

    /// Seconds that a candidate has for a question of this kind.
    #[must_use]
    pub fn seconds_for(&self, timers: Timers, kind: QuestionKind) -> u32 {
        let share = u64::from(timers.seconds_for(kind)) * u64::from(self.percent) / 100;
        u32::try_from(share).unwrap_or(u32::MAX).saturating_add(self.extra_s)
    }

    /// The timers with these rules.
    #[must_use]
    pub fn applied_to(&self, timers: Timers) -> Timers {
        Timers {
            text_s: self.seconds_for(timers, QuestionKind::Text),
            coding_s: self.seconds_for(timers, QuestionKind::Coding),
        }
    }
}

/// Whose fault an outage was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutageCause {
    /// The candidate was neither heard nor seen.
    Connection,
    /// The server or its store did not work.
    Server,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accommodations_multiply_first_and_add_then() {
        let rules = TimeRules { percent: 150, extra_s: 60, ..TimeRules::default() };
        assert_eq!(rules.applied_to(Timers { text_s: 100, coding_s: 300 }), Timers { text_s: 210, coding_s: 510 });
        let most = Timers { text_s: u32::MAX, coding_s: 1 };
        assert_eq!(rules.applied_to(most).text_s, u32::MAX);
    }
}
