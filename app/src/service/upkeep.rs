//! What a worker does beside answering requests, so that sessions and LiveKit agree whatever died in between.
//!
//! Everything here compares what is with what should be. So nothing has to remember what is left to do, every worker may
//! do it at once and at any time, and what fails is done by the next run.

use std::{collections::HashMap, sync::Arc};

use super::{Accounts, Rooms, ServiceError, Sessions, leases::Leases};
use crate::{
    model::{GRACE_S, SessionFilter, SessionId, SessionSummary, Status},
    ports::Clock,
};

/// Sessions looked at in one go.
const PAGE: u32 = 200;

/// The chores of one worker.
pub struct Upkeep {
    sessions: Arc<Sessions>,
    rooms: Arc<Rooms>,
    accounts: Arc<Accounts>,
    leases: Leases,
    clock: Arc<dyn Clock>,
}

impl Upkeep {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        rooms: Arc<Rooms>,
        accounts: Arc<Accounts>,
        leases: Leases,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { sessions, rooms, accounts, leases, clock }
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

    /// To be called every second: looks whether a LiveKit that was down is back, and puts things right if so.
    pub async fn look_after_outage(&self) {
        if self.rooms.is_back().await {
            tracing::info!("LiveKit answers again");
            self.put_right().await;
        }
    }

    /// To be called at the start and every half minute: rooms of ended sessions go, missing ones are made, lost rooms and
    /// missed comings and goings are noted, and interviews whose candidate is gone end on time, even if their worker died.
    pub async fn put_right(&self) {
        let alive = self.rooms.close_leftovers().await.ok();
        self.visit_in_progress(alive.as_ref()).await;
        if alive.is_some() {
            self.rooms.make_missing().await;
        }
        self.accounts.tidy();
        if let Err(error) = self.sessions.drop_deleted().await {
            tracing::warn!(%error, "sessions that other workers deleted may still be in memory");
        }
        if let Err(error) = self.sessions.bring_up_to_date().await {
            tracing::warn!(%error, "sessions of an older version could not all be brought up to date");
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

    /// All of them before the first is visited: one that completes would shift the pages.
    async fn in_progress(&self) -> Result<Vec<SessionSummary>, ServiceError> {
        let filter = SessionFilter { status: Some(Status::InProgress), search: String::new() };
        let mut sessions = Vec::new();
        loop {
            let page = self.sessions.list(&filter, PAGE, sessions.len() as u64).await?.sessions;
            let last = page.len() < PAGE as usize;
            sessions.extend(page);
            if last {
                return Ok(sessions);
            }
        }
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
