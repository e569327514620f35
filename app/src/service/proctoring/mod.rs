//! Proctoring on the server: takes what pages report, checks it, walks through it by the policy, and looks for itself.
//!
//! A page reports on its live channel; the worker that holds the channel keeps the log. What it acknowledges is durable, together
//! with a checkpoint from which any other worker goes on.

mod again;
mod asked;
mod asking;
mod breaks;
mod budget;
mod checks;
mod chunk;
mod ending;
mod evidence;
mod excuse;
mod faces;
mod handover;
mod jpeg;
mod judge;
mod late;
mod look;
mod on;
mod opening;
mod pulse;
mod reading;
mod reference;
mod replay;
mod retention;
mod spot;
mod tally;
mod telling;
mod walk;
mod watcher;

use std::{sync::Arc, time::Duration};

use asked::Asked;
pub use checks::{SpotCheck, counted};
pub use evidence::still_name;
use late::Late;
pub use look::words as look_words;
use pulse::Pulse;
pub use reading::LogState;
pub use replay::Replay;
pub use telling::{Line, Part, Telling};
pub(super) use watcher::Watcher;

use super::{Rooms, Sessions, Vault, leases::Leases, records::Typed, tokens::random_bytes};
use crate::{
    error::AppError,
    interview::Command,
    model::{Invite, Review, Session, SessionId, UnixMillis, ViolationKey},
    ports::{Clock, Examine, RecordKind, RecordStore},
    validate,
};

/// The proctoring of one worker.
pub struct Proctor {
    sessions: Arc<Sessions>,
    rooms: Arc<Rooms>,
    vault: Arc<Vault>,
    /// `None`: this server cannot see, so it makes no spot checks.
    examiner: Option<Arc<dyn Examine>>,
    /// Between two spot checks of a candidate, on average.
    spot_mean: Duration,
    due: Typed<SessionId>,
    leases: Leases,
    late: Late,
    asked: Asked,
    pulse: Pulse,
    clock: Arc<dyn Clock>,
}

/// What an admin decides about a violation.
#[derive(Clone, Debug)]
pub struct NewReview {
    pub violation: ViolationKey,
    pub decision: crate::model::Decision,
    pub reason: String,
    /// The admin's e-mail address.
    pub by: String,
}

impl Proctor {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        rooms: Arc<Rooms>,
        vault: Arc<Vault>,
        (examiner, spot_mean): (Option<Arc<dyn Examine>>, Duration),
        records: Arc<dyn RecordStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let leases = Leases::new(records.clone(), clock.clone());
        let due = Typed::new(records, RecordKind::DueErasure);
        Self {
            sessions,
            rooms,
            vault,
            examiner,
            spot_mean,
            due,
            leases,
            late: Late::default(),
            asked: Asked::default(),
            pulse: Pulse::default(),
            clock,
        }
    }

    /// Watches over one connection of a page.
    pub(super) fn watcher(self: &Arc<Self>, id: SessionId) -> Watcher {
        Watcher::new(self.clone(), id)
    }

    /// Decides on a violation.
    ///
    /// # Errors
    /// `BadRequest` where a reason is missing; `NotFound` for a session or violation that is not there.
    pub async fn review(&self, id: SessionId, new: NewReview) -> Result<Arc<Session>, AppError> {
        let NewReview { violation, decision, reason, by } = new;
        let reason = validate::review(decision, &reason)?;
        let review = Review { decision, reason, by, at: self.clock.now() };
        Ok(self.sessions.step(id, &Command::ReviewViolation { violation, review }).await?)
    }

    /// What the candidate says about a violation.
    ///
    /// # Errors
    /// `BadRequest` for a text that is empty or too long; `NotFound` for an invite or violation that is not there.
    pub async fn explain(&self, invite: &Invite, violation: ViolationKey, note: &str) -> Result<(), AppError> {
        let id = self.sessions.by_invite(invite).ok_or_else(super::candidates::unknown_invite)?;
        let note = validate::note(note)?;
        self.sessions.step(id, &Command::ExplainViolation { violation, note }).await?;
        Ok(())
    }

    /// Milliseconds since the first log began.
    fn ms_since(&self, zero: UnixMillis) -> u32 {
        ms_between(zero, self.clock.now())
    }
}

/// Milliseconds from the beginning of the first log to `at`; 0 for what was before. They stand still after 49 days.
fn ms_between(zero: UnixMillis, at: UnixMillis) -> u32 {
    u32::try_from(at.since(zero).max(0)).unwrap_or(u32::MAX)
}

/// Waits for a while by chance, such that nobody can tell when it is over: exponentially distributed, within bounds.
fn by_chance(mean: Duration) -> Duration {
    let chance = (f64::from(u32::from_le_bytes(random_bytes())) + 1.0) / (f64::from(u32::MAX) + 2.0);
    mean.mul_f64((-chance.ln()).clamp(0.25, 3.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_stand_still_where_they_end() {
        let at = |ms| ms_between(UnixMillis(1_000), UnixMillis(1_000 + ms));
        assert_eq!([at(-5), at(7), at(i64::from(u32::MAX)), at(1 << 40)], [0, 7, u32::MAX, u32::MAX]);
    }
}
