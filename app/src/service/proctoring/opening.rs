//! How watching begins over a connection: from the last checkpoint, whether or not the page opens its log.

use std::sync::Arc;

use proctor::{
    policy::{Kind, Watch},
    wire::{Beginning, Down, Open, Welcome},
};

use super::{budget, ending, look::Finding, on::On, walk::Walk, watcher::Watcher};
use crate::{
    interview::Command,
    model::{FaultKind, Session, Status},
    ports::StoreError,
    service::ServiceError,
};

/// Milliseconds after which a page that is connected is watched without a log. Its silence counts from the beginning.
const OPENS_MS: i64 = 5_000;

impl Watcher {
    /// Watches over a page that opens no log while the interview goes on.
    pub(super) async fn attend(&mut self, at_once: bool) -> Result<(), ServiceError> {
        let connected_ms = self.proctor.clock.now().since(self.connected_at);
        if self.on.is_some() || self.fault.is_some() || !self.goes_on || (connected_ms < OPENS_MS && !at_once) {
            return Ok(());
        }
        let session = self.proctor.sessions.get(self.id).await?;
        if session.status == Status::InProgress {
            Box::pin(self.take_up(&session, &Command::MissProctoring)).await?;
        }
        Ok(())
    }

    /// The page opens its log. While the store is down, or the page sent too much, that waits.
    pub(super) async fn open(&mut self, open: Open) -> Result<Vec<Down>, ServiceError> {
        if self.fault.is_some() {
            return Ok(vec![]);
        }
        // It is rare, and would make every future that holds it large.
        let opened = Box::pin(self.try_open(open)).await;
        if let Err(ServiceError::Store(StoreError::Unavailable(_))) = opened {
            self.waiting = Some(open);
        }
        opened
    }

    async fn try_open(&mut self, open: Open) -> Result<Vec<Down>, ServiceError> {
        let proctor = self.proctor.clone();
        let session = proctor.sessions.get(self.id).await?;
        let over = session.status == Status::Completed;
        if self.on.is_some() {
            proctor.sessions.step(self.id, &Command::BeginProctoring).await?;
        } else {
            self.take_up(&session, &Command::BeginProctoring).await?;
        }
        if !self.takes(budget::CHUNK).await {
            self.waiting = self.on.as_ref().is_some_and(|on| !on.budget.is_full()).then_some(open);
            return Ok(vec![]);
        }
        let now = proctor.clock.now();
        let Some(on) = &mut self.on else { return Ok(if over { vec![Down::Farewell] } else { vec![] }) };
        let goes_on = on.begun && open == Open::Resume(on.ledger.log());
        if !goes_on {
            if over {
                // Nothing begins any more.
                return Ok(vec![Down::Farewell]);
            }
            let why = match open {
                Open::New(why) => why,
                Open::Resume(_) => Beginning::Refused,
            };
            on.begin_log(self.id, now, proctor.ms_since(on.zero), why);
        }
        on.opened = true;
        on.connected_since_ms = now.0;
        // The nonce has to outlive this worker: the page's log hangs on it.
        let saved = self.save().await;
        if saved.is_err() {
            // Its time begins when the page learns of it, so it is begun another time.
            self.on = None;
        }
        let more = saved?;
        let Some(on) = &self.on else { return Ok(vec![]) };
        let welcome = Welcome {
            log: on.ledger.log(),
            nonce: on.nonce,
            next_seq: on.ledger.next_seq(),
            head: on.ledger.head(),
            began_ms: on.began_ms,
            log_ms: if goes_on { on.ms_of(now).saturating_sub(on.began_ms) } else { 0 },
            policy: on.monitor.policy().clone(),
        };
        let mut downs = vec![Down::Welcome(Box::new(welcome))];
        downs.extend(more);
        if goes_on {
            // Whoever connects for a moment only, now and then, is asked all the same. A page that was just loaded has no camera yet.
            downs.extend(self.spot_check().await);
        }
        Ok(downs)
    }

    /// Goes on over this connection, if the session is to be watched. `begin`: what is noted if nothing was before.
    async fn take_up(&mut self, session: &Session, begin: &Command) -> Result<(), ServiceError> {
        let asked = self.proctor.take_asked(self.id);
        let session = match self.resume(session, begin).await {
            Ok(Some(session)) => session,
            Ok(None) => return Ok(()),
            Err(error) => {
                asked.into_iter().for_each(|times| self.proctor.gather_again(self.id, times));
                return Err(error);
            }
        };
        let now = self.proctor.clock.now();
        if let Some(times) = asked {
            self.was_asked(&session, &times);
        }
        let Some(on) = &mut self.on else { return Ok(()) };
        // What is over was not connected to: nothing is counted of the time before, live as when it is read again.
        on.watch(on.ms_of(session.ended_at.unwrap_or(self.connected_at)), Watch::Connected);
        self.follow(&session);
        let Some(on) = &mut self.on else { return Ok(()) };
        if on.go_on_asking(&self.asked_here, now) {
            self.find(Kind::Contradiction, Finding::BrokeOff);
        }
        Ok(())
    }

    /// Goes on from the last checkpoint. Answers with the session as it is then; None: it is not to be watched.
    pub(super) async fn resume(
        &mut self,
        session: &Session,
        begin: &Command,
    ) -> Result<Option<Arc<Session>>, ServiceError> {
        let proctor = self.proctor.clone();
        let Some(kept) = &session.proctoring else { return Ok(None) };
        if session.consent_at.is_none() || ending::is_past(session, proctor.clock.now()) {
            return Ok(None);
        }
        if kept.is_to_begin() && session.status != Status::Completed {
            // First the word that it is to be erased: nothing is kept without.
            proctor.remember_to_erase(session).await?;
            proctor.vault.prepare(self.id).await?;
        }
        let session = proctor.sessions.step(self.id, begin).await?;
        Box::pin(proctor.keep_late_of(Some(self.id))).await;
        self.restore(&session).await?;
        Ok(self.on.is_some().then_some(session))
    }

    /// Takes up the log as it was kept last, if there is one to be kept.
    pub(super) async fn restore(&mut self, session: &Session) -> Result<(), ServiceError> {
        let (proctor, now) = (self.proctor.clone(), self.proctor.clock.now());
        let Some((rules, zero)) = session.proctoring.as_ref().and_then(|kept| Some((&kept.rules, kept.began_at?)))
        else {
            return Ok(());
        };
        let policy = match rules.policy() {
            Ok(policy) => policy,
            Err(error) => {
                tracing::warn!(session.id = %self.id, %error, "a stored policy cannot be used");
                self.fail(FaultKind::Policy).await;
                return Ok(());
            }
        };
        let last = proctor.last_chunk(self.id).await?;
        // A part that was removed leaves a gap for good.
        let known = session.proctoring.as_ref().and_then(|kept| kept.log).map_or(0, |mark| mark.chunks);
        let next_chunk = last.as_ref().map_or(0, |(number, _)| number + 1).max(known);
        if let Some((_, chunk)) = &last {
            // The worker before may have died between the chunk and the session.
            proctor.sessions.step(self.id, &Command::NoteViolations(chunk.violations()?)).await?;
        }
        let checkpoint = match &last {
            Some((_, chunk)) => Some(proctor.checkpoint(chunk, Walk::new(self.id, &policy, zero), now).await?),
            None => None,
        };
        let mut on = Box::new(On::new(zero, &policy, next_chunk, now, checkpoint, self.id));
        // This worker's clock may be behind that of the one before, or have been set back since.
        let back_ms = on.budget.heard_at().since(now);
        if back_ms > 0 {
            on.set_back(back_ms);
        }
        // The worker before may have died before it ended the interview.
        on.terminate = on.monitor.terminated() && session.status == Status::InProgress;
        self.on = Some(on);
        Ok(())
    }
}
