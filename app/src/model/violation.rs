//! What was found in a proctored interview, and what people made of it.

use proctor::policy::{Kind, Severity, Source};
use serde::{Deserialize, Serialize};

use super::UnixMillis;

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
    /// What the server found, in a few words, for those that no log tells; else why it is so and only noted, as the page says.
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

    /// It goes on as `now` says, which may not know the detail any more. What was decided about something less grave does not
    /// hold for it any more.
    pub fn go_on(&mut self, now: &Self) {
        if now.severity > self.severity && self.is_decided() {
            self.earlier_reviews.extend(self.review.take());
        }
        self.severity = now.severity;
        self.from = now.from;
        self.to = now.to;
        if now.detail.is_some() {
            self.detail.clone_from(&now.detail);
        }
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
}
