//! Bulk invitations: many candidates for one job.

use serde::{Deserialize, Serialize};

use super::{JobRef, SessionId, UnixMillis};

/// One line of a list of candidates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationRow {
    /// The line in the file, 1 for the first.
    pub line: u64,
    pub name: String,
    pub email: String,
    pub phone: String,
    /// The session's id, chosen before the session is made: whoever takes the work over makes the same one.
    pub session: SessionId,
    pub outcome: RowOutcome,
}

/// What became of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RowOutcome {
    Waiting,
    Invited,
    /// In words for a person, with what to do about it.
    Refused {
        detail: String,
        /// What pages say in its place, where that differs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        words: Option<String>,
    },
    /// The interview was deleted, and who was invited is forgotten.
    Deleted,
}

/// Invitations that were asked for together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitations {
    pub id: String,
    pub job: JobRef,
    pub created_at: UnixMillis,
    pub rows: Vec<InvitationRow>,
}

/// What lists show of invitations: nobody's name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationsSummary {
    pub id: String,
    pub job: JobRef,
    pub created_at: UnixMillis,
    /// Lines in all; those that are none of the following wait.
    pub lines: usize,
    pub invited: usize,
    pub refused: usize,
    /// Lines whose interview was deleted.
    pub deleted: usize,
}

impl InvitationsSummary {
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.invited + self.refused + self.deleted == self.lines
    }
}

impl Invitations {
    /// What lists show of them.
    #[must_use]
    pub fn summary(&self) -> InvitationsSummary {
        InvitationsSummary {
            id: self.id.clone(),
            job: self.job.clone(),
            created_at: self.created_at,
            lines: self.rows.len(),
            invited: self.invited(),
            refused: self.refused(),
            deleted: self.deleted(),
        }
    }

    /// Lines that were dealt with.
    #[must_use]
    pub fn done(&self) -> usize {
        self.rows.iter().filter(|row| row.outcome != RowOutcome::Waiting).count()
    }

    #[must_use]
    pub fn invited(&self) -> usize {
        self.rows.iter().filter(|row| row.outcome == RowOutcome::Invited).count()
    }

    #[must_use]
    pub fn refused(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row.outcome, RowOutcome::Refused { .. })).count()
    }

    /// Lines whose interview was deleted.
    #[must_use]
    pub fn deleted(&self) -> usize {
        self.rows.iter().filter(|row| row.outcome == RowOutcome::Deleted).count()
    }

    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.done() == self.rows.len()
    }
}
