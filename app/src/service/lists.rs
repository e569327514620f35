//! Lists of invited candidates as they are kept. Whoever deletes a session changes them as well as whoever invites, so
//! that each change is made to what is there.

use std::sync::Arc;

use super::records::{Listed, Summarised, Typed};
use crate::{
    model::{InvitationRow, Invitations as Run, InvitationsSummary, RowOutcome, SessionId, UnixMillis},
    ports::{Order, RecordKind, RecordStore, StoreError},
};

/// Milliseconds for which a list's outcome can be looked at.
const KEPT_MS: i64 = 30 * 86_400_000;

impl Summarised for Run {
    type Summary = InvitationsSummary;

    fn summary(&self) -> InvitationsSummary {
        Self::summary(self)
    }
}

/// The lists of a deployment.
pub(super) struct Lists(Typed<Run>);

impl Lists {
    pub fn new(records: Arc<dyn RecordStore>) -> Self {
        Self(Typed::summarised(records, RecordKind::Invitations))
    }

    /// Keeps a new list; if there is one with its id, that one. Answers what is kept.
    pub async fn keep(&self, run: &Run) -> Result<Run, StoreError> {
        self.0.put_new(&run.id, run, until(run)).await
    }

    pub async fn get(&self, id: &str) -> Result<Option<Run>, StoreError> {
        self.0.get(id).await
    }

    /// A page of them, newest first: their ids begin with the time.
    pub async fn newest(&self, limit: u32, offset: u64) -> Result<Listed<InvitationsSummary>, StoreError> {
        self.0.summaries(Order::Descending, limit, offset, until).await
    }

    /// Notes what became of lines, by their sessions, except of those that are forgotten. Answers the list afterwards.
    pub async fn note(&self, id: &str, outcomes: &[(SessionId, RowOutcome)]) -> Result<Option<Run>, StoreError> {
        let note = |run: &Run| {
            let mut run = run.clone();
            for row in run.rows.iter_mut().filter(|row| row.outcome != RowOutcome::Deleted) {
                if let Some((_, outcome)) = outcomes.iter().find(|(session, _)| *session == row.session) {
                    row.outcome = outcome.clone();
                }
            }
            Ok::<_, StoreError>(Some(run))
        };
        self.0.change(id, note, until).await
    }

    /// Forgets who was invited to a session, also in other lines of the list; with the last session everybody.
    pub async fn forget(&self, id: &str, session: SessionId) -> Result<(), StoreError> {
        let forget = |run: &Run| {
            let known = run.rows.iter().find(|row| row.session == session && row.outcome != RowOutcome::Deleted);
            let Some(email) = known.map(|row| row.email.to_lowercase()) else { return Ok::<_, StoreError>(None) };
            let mut run = run.clone();
            let goes_on = |row: &InvitationRow| {
                row.session != session && matches!(row.outcome, RowOutcome::Waiting | RowOutcome::Invited)
            };
            let last = !run.rows.iter().any(goes_on);
            for row in &mut run.rows {
                let theirs = row.session == session;
                // A line that was refused, maybe because the same person stood in the list before.
                let refused = matches!(row.outcome, RowOutcome::Refused { .. });
                if theirs || refused && (last || row.email.to_lowercase() == email) {
                    *row = InvitationRow {
                        name: String::new(),
                        email: String::new(),
                        phone: String::new(),
                        outcome: if theirs { RowOutcome::Deleted } else { row.outcome.clone() },
                        ..*row
                    };
                }
            }
            Ok(Some(run))
        };
        self.0.change(id, forget, until).await.map(drop)
    }
}

fn until(run: &Run) -> Option<UnixMillis> {
    Some(UnixMillis(run.created_at.0 + KEPT_MS))
}
