//! How watching begins over a connection: from the last checkpoint, whether or not the page opens its log.

use proctor::{
    policy::{Kind, Watch},
    wire::{Beginning, Down, Open, Welcome},
};

use super::{ending, look::Finding, on::On, watcher::Watcher};
use crate::{
    interview::Command,
    model::{Session, Status},
    ports::StoreError,
    service::ServiceError,
};

/// Milliseconds after which a page that is connected is watched without a log. Its silence counts from the beginning.
const OPENS_MS: i64 = 5_000;

impl Watcher {
    /// Watches over a page that opens no log while the interview goes on.
    pub(super) async fn attend(&mut self, at_once: bool) -> Result<(), ServiceError> {
        let connected_ms = self.proctor.clock.now().since(self.connected_at);
        if self.on.is_some() || !self.goes_on || (connected_ms < OPENS_MS && !at_once) {
            return Ok(());
        }
        let session = self.proctor.sessions.get(self.id).await?;
        if session.status == Status::InProgress {
            self.take_up(&session, &Command::MissProctoring).await?;
        }
        Ok(())
    }

    /// The page opens its log.
    pub(super) async fn open(&mut self, open: Open) -> Result<Vec<Down>, ServiceError> {
        let proctor = self.proctor.clone();
        let session = proctor.sessions.get(self.id).await?;
        let over = session.status == Status::Completed;
        if self.on.is_some() {
            proctor.sessions.step(self.id, &Command::BeginProctoring).await?;
        } else {
            self.take_up(&session, &Command::BeginProctoring).await?;
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
        let more = self.save().await?;
        let Some(on) = &self.on else { return Ok(vec![]) };
        let welcome = Welcome {
            log: on.ledger.log(),
            nonce: on.nonce,
            next_seq: on.ledger.next_seq(),
            head: on.ledger.head(),
            began_ms: on.began_ms,
            log_ms: if goes_on { on.ms_of(now).saturating_sub(on.began_ms) } else { 0 },
            policy: on.policy.clone(),
        };
        Ok([Down::Welcome(Box::new(welcome))].into_iter().chain(more).collect())
    }

    /// Goes on from the last checkpoint, if the session is to be watched. `begin`: what is noted if nothing was before.
    async fn take_up(&mut self, session: &Session, begin: &Command) -> Result<(), ServiceError> {
        let proctor = self.proctor.clone();
        let Some(kept) = &session.proctoring else { return Ok(()) };
        let now = proctor.clock.now();
        if session.consent_at.is_none() || kept.erased_at.is_some() || ending::is_past(session, now) {
            return Ok(());
        }
        if kept.began_at.is_none() && session.status != Status::Completed {
            // First the word that it is to be erased: nothing is kept without.
            proctor.remember_to_erase(session).await?;
            proctor.vault.prepare(self.id).await?;
        }
        let session = proctor.sessions.step(self.id, begin).await?;
        let Some((rules, zero)) = session.proctoring.as_ref().and_then(|kept| Some((&kept.rules, kept.began_at?)))
        else {
            return Ok(());
        };
        let policy = rules.policy().map_err(|error| StoreError::Failed(format!("a stored policy: {error}")))?;
        let last = proctor.last_chunk(self.id).await?;
        let next_chunk = last.as_ref().map_or(0, |(number, _)| number + 1);
        if let Some((_, chunk)) = &last {
            // The worker before may have died between the chunk and the session.
            proctor.sessions.step(self.id, &Command::NoteViolations(chunk.violations()?)).await?;
        }
        let checkpoint = last.map(|(_, chunk)| chunk.checkpoint);
        self.on = Some(Box::new(On::new(zero, policy, next_chunk, now, checkpoint, self.id)));
        self.follow(&session);
        let Some(on) = &mut self.on else { return Ok(()) };
        on.watch(on.ms_of(self.connected_at), Watch::Connected);
        if on.asking.reconnected(now) {
            self.find(Kind::Contradiction, Finding::BrokeOff);
        }
        Ok(())
    }
}
