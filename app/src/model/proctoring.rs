//! Proctoring: how a session is watched, what was found, and what people made of it.

use proctor::{
    log::Digest,
    policy::{Kind, Policy, Severity, Source},
};
use serde::{Deserialize, Serialize};

use super::{Asks, UnixMillis};

/// Days for which pictures and logs are kept, unless a job says otherwise.
pub const KEEP_DAYS: u16 = 30;

/// Its name in a policy's JSON.
pub const TERMINATE_AFTER: &str = "terminate_after";

const DAY_MS: i64 = 86_400_000;

/// How the interviews of a job are proctored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ProctoringRules {
    /// Whether they are at all.
    pub enabled: bool,
    /// What differs from the default [`Policy`], in its JSON form; null: nothing.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    pub policy: serde_json::Value,
    /// Days after the end of an interview, or after the last activity in one that never ended, after which its pictures and
    /// logs are erased: 1..=365.
    pub keep_days: u16,
}

impl Default for ProctoringRules {
    fn default() -> Self {
        Self { enabled: true, policy: serde_json::Value::Null, keep_days: KEEP_DAYS }
    }
}

impl ProctoringRules {
    /// The policy in full.
    ///
    /// # Errors
    /// What is wrong with it, for whoever wrote it.
    pub fn policy(&self) -> Result<Policy, String> {
        if self.policy.is_null() {
            return Ok(Policy::default());
        }
        let policy = Policy::deserialize(&self.policy).map_err(|error| error.to_string())?;
        policy.validate().map_err(|error| error.to_string())?;
        Ok(policy)
    }

    /// How many grave violations end an interview; None: nothing does.
    #[must_use]
    pub fn terminate_after(&self) -> Option<u32> {
        let number = self.policy.get(TERMINATE_AFTER)?.as_u64()?;
        u32::try_from(number).ok()
    }

    /// Until when recordings are kept of an interview in which something happened last at this time.
    #[must_use]
    pub fn kept_until(&self, last_active_at: UnixMillis) -> UnixMillis {
        UnixMillis(last_active_at.0 + i64::from(self.keep_days) * DAY_MS)
    }

    /// What candidates are asked for by it.
    #[must_use]
    pub fn asks(&self) -> Asks {
        let asks = |name| self.policy.get(name).and_then(serde_json::Value::as_bool) == Some(true);
        Asks { share_screen: asks(Asks::SHARE_SCREEN), fullscreen: asks(Asks::FULLSCREEN) }
    }
}

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

/// [`Proctoring::urgency`] of what is one step graver. Before there was such a step, urgency was less than this.
pub const GRAVER: u32 = 1 << 24;

/// Of these, notes for information at most, so that they never crowd out what is grave.
pub const MAX_NOTES: usize = 200;

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

/// Names a violation within its session: the same log leads to the same key, wherever it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ViolationKey {
    /// Milliseconds since the first log began.
    pub from_ms: u32,
    pub kind: Kind,
}

impl std::fmt::Display for ViolationKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.from_ms, self.kind.name())
    }
}

/// Not the name of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a violation")]
pub struct NoViolationKey;

impl std::str::FromStr for ViolationKey {
    type Err = NoViolationKey;

    fn from_str(text: &str) -> Result<Self, NoViolationKey> {
        let (from_ms, name) = text.split_once('-').ok_or(NoViolationKey)?;
        let from_ms = from_ms.parse().map_err(|_| NoViolationKey)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name).ok_or(NoViolationKey)?;
        Ok(Self { from_ms, kind })
    }
}

/// Something that the policy flagged or noted. A hint for people, not a verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    #[serde(flatten)]
    pub key: ViolationKey,
    pub severity: Severity,
    pub from: UnixMillis,
    /// None while it goes on.
    pub to: Option<UnixMillis>,
    /// Whether the candidate sees it in the own log.
    pub shown: bool,
    /// What the server found, in a few words; for those that no log tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Names of the pictures of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stills: Vec<Still>,
    /// Pictures of it were asked for, and none came.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pictures_missing: bool,
    /// What an admin made of it, as it stands now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// What admins had made of it before it became graver, oldest first: that has to be decided anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_reviews: Vec<Review>,
    /// What the candidate says about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Violation {
    /// Whether it is more than a note and was not dismissed.
    #[must_use]
    pub fn counts(&self) -> bool {
        let dismissed = self.review.as_ref().is_some_and(|review| review.decision == Decision::Dismissed);
        self.severity > Severity::Info && !dismissed
    }

    /// Whether there is room for it that lesser ones never take: it is grave, or the server found it by itself.
    #[must_use]
    pub fn has_room_of_its_own(&self) -> bool {
        self.severity >= Severity::High || self.key.kind.source() == Source::Server
    }

    /// Whether it is more than a note and waits for a person's decision. One that was escalated waits for somebody else's.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.severity > Severity::Info && !self.is_decided()
    }

    fn is_decided(&self) -> bool {
        self.review.as_ref().is_some_and(|review| review.decision != Decision::Escalated)
    }

    /// It goes on as `now` says. What was decided about something less grave does not hold for it any more.
    pub fn go_on(&mut self, now: &Self) {
        if now.severity > self.severity && self.is_decided() {
            self.earlier_reviews.extend(self.review.take());
        }
        self.severity = now.severity;
        self.from = now.from;
        self.to = now.to;
        self.detail.clone_from(&now.detail);
    }
}

/// A picture of a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Still {
    /// Its place among the pictures of this violation, from 0.
    pub number: u8,
    pub at: UnixMillis,
}

/// What an admin made of a violation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub decision: Decision,
    /// Required for dismissing.
    pub reason: String,
    /// The admin's e-mail address.
    pub by: String,
    pub at: UnixMillis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Confirmed,
    Dismissed,
    Escalated,
}

impl Decision {
    /// The decision that forms and the API call `word`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "confirmed" => Some(Self::Confirmed),
            "dismissed" => Some(Self::Dismissed),
            "escalated" => Some(Self::Escalated),
            _ => None,
        }
    }

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
            Self::Escalated => "escalated",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_is_found_again_by_its_name() {
        let key = ViolationKey { from_ms: 12_000, kind: Kind::SeveralFaces };
        assert_eq!(key.to_string(), "12000-several_faces");
        assert_eq!("12000-several_faces".parse(), Ok(key));
        for wrong in ["", "12000", "12000-", "x-no_face", "-1-no_face", "1-nobody"] {
            assert_eq!(wrong.parse::<ViolationKey>(), Err(NoViolationKey), "{wrong}");
        }
    }

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

    #[test]
    fn rules_say_what_is_wrong_with_a_policy() {
        let rules = |policy| ProctoringRules { policy, ..ProctoringRules::default() };
        assert_eq!(rules(serde_json::json!({"terminate_after": 3})).policy().unwrap().terminate_after, Some(3));
        let error = rules(serde_json::json!({"terminate_after": 0})).policy().unwrap_err();
        assert!(error.contains("terminate_after"), "{error}");
        let error = rules(serde_json::json!({"rules": {"no_fase": {}}})).policy().unwrap_err();
        assert!(error.contains("no_fase"), "{error}");
    }
}
