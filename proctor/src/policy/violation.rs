//! What a monitor says.

use serde::{Deserialize, Serialize};

use super::kind::{Kind, Severity};

/// Which violation of an interview. The same log gives the same ids, in the browser and on every server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ViolationId {
    /// When it began, in ms since the first log of the interview began.
    pub from_ms: u32,
    pub kind: Kind,
}

/// A violation as it stands. A later one with the same id takes its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    pub id: ViolationId,
    pub severity: Severity,
    /// When it was over, in ms like the id's; None while it goes on. A reopened one has a later end.
    pub to_ms: Option<u32>,
    /// How many of its kind were noted by then, this one included.
    pub count: u32,
    pub show: bool,
    pub evidence: bool,
}

/// What happened to a violation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// New, and for information only.
    Noted,
    /// New or noted before: it counts now.
    Flagged,
    /// Flagged before: it went on for too long.
    Escalated,
    /// It was over and goes on, since it came back within the cool-down.
    Resumed,
    /// Over.
    Ended,
}

/// What follows from an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// The candidate is to be told. What happens at once is told once and never cleared.
    Warning(Kind),
    /// What was warned of is mended.
    Cleared(Kind),
    Violation(Change, Violation),
    /// As many grave violations as the policy allows. Said once.
    Terminate,
}
