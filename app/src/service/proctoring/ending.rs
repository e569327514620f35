//! The end of a log: when the interview is over, what the page still has of it is waited for a while.

use proctor::{policy::Watch, signal::Stage, wire::Down};

use super::watcher::Watcher;
use crate::{
    model::{Session, UnixMillis},
    service::ServiceError,
};

/// Milliseconds after the end for which the rest of a log and pictures that were asked for are taken.
const REST_MS: i64 = 60_000;

/// Whether nothing of the interview is taken any more.
pub(super) fn is_past(session: &Session, now: UnixMillis) -> bool {
    session.ended_at.is_some_and(|end| now.since(end) >= REST_MS)
}

impl Watcher {
    /// Ends the log when the interview is over and all has come, or was waited for long enough.
    pub(super) async fn finish(&mut self) -> Result<Vec<Down>, ServiceError> {
        let now = self.proctor.clock.now();
        let Some(on) = &mut self.on else { return Ok(vec![]) };
        let Some(ended_at) = on.ended_at else { return Ok(vec![]) };
        let told = on.monitor.state().stage == Stage::Ended;
        let all = told && on.wanted.is_empty() && on.changed.is_empty() && on.spot.is_settled();
        if !all && now.since(ended_at) < REST_MS {
            return Ok(vec![]);
        }
        let mut downs = self.close().await?;
        self.on = None;
        downs.push(Down::Farewell);
        Ok(downs)
    }

    /// What goes on is over, and what has not come is missing, as things stand.
    pub(super) async fn close(&mut self) -> Result<Vec<Down>, ServiceError> {
        if let Some(on) = &mut self.on {
            let at_ms = self.proctor.ms_since(on.zero);
            // Once, however often it is tried to keep that.
            if !std::mem::replace(&mut on.closed, true) {
                on.watch(at_ms, Watch::Closed);
            }
        }
        let downs = self.save_and_mark().await?;
        self.miss_pictures().await?;
        Ok(downs)
    }
}
