//! The proctoring of one session: how far it came, what was found, and what waits for people.

use proctor::{log::Digest, policy::Severity};
use serde::{Deserialize, Serialize};

use super::{ProctoringRules, UnixMillis, Violation, ViolationKey};

/// The proctoring of one session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proctoring {
    pub rules: ProctoringRules,
    /// When the first log began: what the times of its entries count from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub began_at: Option<UnixMillis>,
    /// No log has begun: the server counts the time because the page reports nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unreported: bool,
    /// When the candidate's face was captured at the device check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference_at: Option<UnixMillis>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
    /// Violations beyond [`MAX_VIOLATIONS`], and notes beyond [`MAX_NOTES`], which are counted only.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub uncounted: u32,
    /// What kept the interview from being proctored, each kind once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// How far the log is known to have come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogMark>,
    /// When pictures and logs were erased. None as well once a candidate who came back after that is recorded anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased_at: Option<UnixMillis>,
}

/// A log that was kept up to here. What is missing of it later was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogMark {
    /// Parts in which it is stored.
    pub chunks: u32,
    /// Over all that the page had reported by then.
    pub head: Digest,
}

/// What kept an interview from being proctored, from then on. A fact, and no verdict about the candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub why: FaultKind,
    /// When it was met first.
    pub at: UnixMillis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// What was recorded so far, or its key, cannot be read any more.
    Unreadable,
    /// The job's policy is none that this version of the program knows.
    Policy,
    /// The candidate's page is of another version than the server.
    OtherVersion,
    /// The page reported more than a session keeps.
    Full,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Violations that a session keeps, mere notes included.
pub const MAX_VIOLATIONS: usize = 400;

/// Of these, notes and flags that are none of the graver ([`Violation::has_room_of_its_own`]), at most.
pub const MAX_LESSER: usize = 300;

/// Of these, notes for information at most, so that they never crowd out what is grave.
pub const MAX_NOTES: usize = 200;

/// [`Proctoring::urgency`] of what is one step graver. Before there was such a step, urgency was less than this.
pub const GRAVER: u32 = 1 << 24;

impl Proctoring {
    #[must_use]
    pub fn new(rules: ProctoringRules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// Whether there is no log that could be gone on with: there was none yet, or it was erased.
    #[must_use]
    pub fn is_to_begin(&self) -> bool {
        self.began_at.is_none() || self.erased_at.is_some()
    }

    /// Recording begins, unless it did before. Of what was erased nothing is gone on with.
    pub fn begin(&mut self, at: UnixMillis) {
        if self.erased_at.take().is_some() {
            self.began_at = None;
            self.reference_at = None;
            self.log = None;
            self.faults.clear();
        }
        self.began_at.get_or_insert(at);
    }

    /// Violations that count: not mere notes, and not dismissed.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.violations.iter().filter(|violation| violation.counts()).count() as u32
    }

    /// The one of this name. Of several, since recording began anew, the newest.
    #[must_use]
    pub fn violation(&self, key: ViolationKey) -> Option<&Violation> {
        self.violations.iter().rev().find(|violation| violation.key == key)
    }

    /// Whether it is of what is recorded now, and not of what was before that was erased.
    #[must_use]
    pub fn is_recent(&self, violation: &Violation) -> bool {
        self.began_at.is_none_or(|began_at| violation.from >= began_at)
    }

    /// Whether the page ever reported.
    #[must_use]
    pub fn is_reported(&self) -> bool {
        self.began_at.is_some() && !self.unreported
    }

    /// How urgently a person should look at it: by the gravest that is open, then by how much there is. Any number of lesser
    /// ones is less urgent than a graver one.
    #[must_use]
    pub fn urgency(&self) -> u32 {
        let Some(worst) = self.open().map(|violation| violation.severity).max() else { return 0 };
        let weight = |violation: &Violation| match violation.severity {
            Severity::Info => 0,
            Severity::Low => 1,
            Severity::Medium => 4,
            Severity::High => 16,
            Severity::Critical => 64,
        };
        let all = self.open().map(weight).fold(0, u32::saturating_add);
        worst as u32 * GRAVER + all.min(GRAVER - 1)
    }

    /// Violations that wait for a person's decision.
    pub fn open(&self) -> impl Iterator<Item = &Violation> {
        self.violations.iter().filter(|violation| violation.is_open())
    }

    /// What there is to be decided.
    #[must_use]
    pub fn undecided(&self) -> Undecided {
        Undecided {
            urgency: self.urgency(),
            count: self.open().count() as u32,
            worst: self.open().map(|violation| violation.severity).max(),
        }
    }
}

/// What people still have to decide about a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undecided {
    /// [`Proctoring::urgency`].
    pub urgency: u32,
    /// How many violations.
    pub count: u32,
    /// How grave the gravest of them is.
    pub worst: Option<Severity>,
}

#[cfg(test)]
mod tests {
    use proctor::policy::Kind;

    use super::*;
    use crate::model::{Decision, Review};

    #[test]
    fn what_is_open_is_what_nobody_confirmed_or_dismissed() {
        let violation = |from_ms, severity, decision: Option<Decision>| Violation {
            key: ViolationKey { from_ms, kind: Kind::NoFace },
            severity,
            from: UnixMillis(i64::from(from_ms)),
            to: None,
            shown: true,
            detail: None,
            stills: vec![],
            pictures_missing: false,
            review: decision.map(|decision| Review {
                decision,
                reason: String::new(),
                by: "admin@example.org".into(),
                at: UnixMillis(0),
            }),
            earlier_reviews: vec![],
            note: None,
        };
        let violations = vec![
            violation(1, Severity::Info, None),
            violation(2, Severity::Low, None),
            violation(3, Severity::Critical, Some(Decision::Dismissed)),
            violation(4, Severity::Critical, Some(Decision::Confirmed)),
            violation(5, Severity::High, Some(Decision::Escalated)),
        ];
        let proctoring = Proctoring { violations, ..Proctoring::default() };
        assert_eq!(
            proctoring.undecided(),
            Undecided { urgency: 3 * GRAVER + 17, count: 2, worst: Some(Severity::High) }
        );
        assert_eq!(proctoring.count(), 3, "neither notes nor what was dismissed");
        assert_eq!(Proctoring::default().undecided(), Undecided::default());
    }
}
