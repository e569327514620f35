//! What a worker does beside answering requests, so that sessions and LiveKit agree whatever died in between.
//!
//! Everything here compares what is with what should be. So nothing has to remember what is left to do, every worker may
//! do it at once and at any time, and what fails is done by the next run. What concerns all sessions one of the workers does
//! for all, as long as nothing happened that cannot wait.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use tokio::time::Instant;

use super::{Accounts, Rooms, ServiceError, Sessions, leases::Leases};
use crate::{
    model::{GRACE_S, SessionFilter, SessionId, SessionSummary, Status, UnixMillis},
    ports::Clock,
};

/// More sessions than are ever in progress: all are read at once, since one that completes would shift pages.
const ALL: u32 = 1_000_000;

/// Milliseconds from one time that things are put right to the next, by whichever worker.
const RIGHT_FOR_MS: i64 = 30_000;

/// Milliseconds for which a worker that LiveKit or the store did not answer then leaves it to others, who may reach them.
const OTHERS_FIRST_MS: i64 = 10_000;

/// A worker looks itself after so long, whatever others do.
const LONGEST: Duration = Duration::from_secs(300);

/// Between two times that a worker puts things right because LiveKit is back.
const AGAIN: Duration = Duration::from_secs(10);

/// The chores of one worker.
pub struct Upkeep {
    sessions: Arc<Sessions>,
    rooms: Arc<Rooms>,
    accounts: Arc<Accounts>,
    leases: Leases,
    clock: Arc<dyn Clock>,
    /// Until when others come first, in milliseconds of the epoch.
    others_first: AtomicI64,
    /// When this worker put things right last, or began.
    right_at: Mutex<Instant>,
    /// When it did so because LiveKit was back.
    back_at: Mutex<Option<Instant>>,
}

impl Upkeep {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        rooms: Arc<Rooms>,
        accounts: Arc<Accounts>,
        leases: Leases,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            sessions,
            rooms,
            accounts,
            leases,
            clock,
            others_first: AtomicI64::default(),
            right_at: Mutex::new(Instant::now()),
            back_at: Mutex::default(),
        }
    }

    /// To be called every second: closes overdue questions of the sessions that this worker holds.
    pub async fn keep_time(&self) {
        // After a silence, what it cost candidates is given back before any time may run out.
        if self.sessions.workers.silent_since().is_some() {
            return;
        }
        for id in self.sessions.overdue() {
            self.expire(id).await;
        }
    }

    /// To be called every second: says that this worker is at work, and gives back what a silence cost candidates.
    pub async fn say_at_work(&self) {
        if let Err(error) = self.beat().await {
            tracing::warn!(%error, "the worker cannot say that it is at work");
        }
    }

    async fn beat(&self) -> Result<(), ServiceError> {
        if let Some(from) = self.sessions.workers.silent_since() {
            tracing::warn!("the worker could do nothing for a while; its candidates are given the time back");
            self.sessions.give_back(from).await?;
        }
        Ok(self.sessions.workers.beat().await?)
    }

    /// To be called every second: looks whether a LiveKit that was down is back, and puts things right at once if so, whatever
    /// other workers do: they may have looked before it was back, or not have noticed.
    pub async fn look_after_outage(&self) {
        // A LiveKit that fails now and then is no reason to look through all rooms all the time.
        if lock(&self.back_at).is_some_and(|at| at.elapsed() < AGAIN) {
            return;
        }
        if self.rooms.is_back().await {
            *lock(&self.back_at) = Some(Instant::now());
            tracing::info!("LiveKit answers again");
            self.put_right().await;
        }
    }

    /// To be called every few seconds: puts things right, unless some worker did so within the last half minute or is at it.
    pub async fn keep_right(&self) {
        if self.clock.now().0 < self.others_first.load(Ordering::Relaxed) {
            return;
        }
        let lease = match self.leases.take("upkeep").await {
            Ok(Some(lease)) => lease,
            Ok(None) => {
                // Leases go by the clocks of all workers, and one may be wrong.
                if lock(&self.right_at).elapsed() >= LONGEST {
                    self.put_right().await;
                }
                return;
            }
            Err(error) => return tracing::warn!(%error, "rooms and sessions could not be looked after"),
        };
        let due = self.clock.now().0 + RIGHT_FOR_MS;
        if !self.put_right().await {
            self.others_first.store(due + OTHERS_FIRST_MS, Ordering::Relaxed);
        }
        lease.keep_until(UnixMillis(due)).await;
    }

    /// To be called at the start; afterwards [`Self::keep_right`] and [`Self::look_after_outage`] do. Rooms of ended sessions go,
    /// missing ones are made, lost rooms and missed comings and goings are noted, and interviews whose candidate is gone end on
    /// time, even if their worker died. `false`: nothing is known about the rooms.
    pub async fn put_right(&self) -> bool {
        *lock(&self.right_at) = Instant::now();
        let alive = self.rooms.close_leftovers().await.ok();
        self.visit_in_progress(alive.as_ref()).await;
        if alive.is_some() {
            self.rooms.make_missing().await;
        }
        if let Err(error) = self.sessions.bring_up_to_date().await {
            tracing::warn!(%error, "sessions of an older version could not all be brought up to date");
        }
        alive.is_some()
    }

    /// To be called every half minute: what this worker holds in memory and needs no longer goes.
    pub async fn tidy(&self) {
        self.accounts.tidy();
        if let Err(error) = self.sessions.drop_deleted().await {
            tracing::warn!(%error, "sessions that other workers deleted may still be in memory");
        }
    }

    /// To be called every half minute: finishes deletions that broke off, and removes what was written late about deleted
    /// sessions. One worker does it.
    pub async fn look_after_deletions(&self) {
        let looked_after = async {
            let Some(lease) = self.leases.take("deletions").await? else { return Ok(()) };
            let looked_after = self.sessions.look_after_deletions().await;
            lease.give_back().await;
            looked_after
        };
        let looked_after: Result<(), ServiceError> = looked_after.await;
        if let Err(error) = looked_after {
            tracing::warn!(%error, "what was left of deleted sessions could not all be removed");
        }
    }

    async fn visit_in_progress(&self, alive: Option<&HashMap<SessionId, u32>>) {
        match self.in_progress().await {
            Ok(sessions) => {
                for session in &sessions {
                    self.visit(session, alive).await;
                }
            }
            Err(error) => tracing::warn!(%error, "sessions could not be looked after"),
        }
    }

    async fn in_progress(&self) -> Result<Vec<SessionSummary>, ServiceError> {
        let filter = SessionFilter { status: Some(Status::InProgress), search: String::new() };
        Ok(self.sessions.list(&filter, ALL, 0).await?.sessions)
    }

    async fn visit(&self, session: &SessionSummary, alive: Option<&HashMap<SessionId, u32>>) {
        if session.deadline.is_some_and(|deadline| self.clock.now() > deadline.plus_seconds(GRACE_S)) {
            self.expire(session.id).await;
        }
        let Some(alive) = alive else { return };
        match alive.get(&session.id) {
            None if session.room_open => self.rooms.note_lost(session.id).await,
            Some(participants) if session.present != (*participants > 0) => {
                self.rooms.note_participants(session.id).await;
            }
            _ => {}
        }
    }

    async fn expire(&self, id: SessionId) {
        if let Err(error) = self.rooms.expire(id).await {
            tracing::warn!(session.id = %id, %error, "an overdue question could not be closed yet");
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
