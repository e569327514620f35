//! Watches over one connection of a page: keeps its log, and says what is wrong.

use std::sync::Arc;

use proctor::{
    log::{Arrival, Receipt},
    policy::{Kind, Watch},
    signal::Stage,
    wire::{Beginning, Down, Open, Up, Welcome},
};

use super::{
    Proctor,
    chunk::{self, Chunk, Item},
    look::Finding,
    on::On,
};
use crate::{
    interview::Command,
    model::{Session, SessionId, Status, UnixMillis},
    ports::StoreError,
    service::ServiceError,
};

/// Milliseconds after which what was taken is made durable, if nothing is more urgent.
const GATHER_MS: i64 = 10_000;

/// Bytes that are gathered at most.
const GATHER_BYTES: usize = 16 * 1024;

/// Bytes of a log that wait for a store that is down, at most.
const WAITING_BYTES: usize = 512 * 1024;

/// Milliseconds in which a page has to notice that the interview began.
const NOTICE_MS: u32 = 20_000;

/// The connection is to be ended, so that the page comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HangUp;

/// Watches over one connection.
pub struct Watcher {
    pub(super) proctor: Arc<Proctor>,
    pub(super) id: SessionId,
    /// None: the page has not begun to report.
    pub(super) on: Option<Box<On>>,
}

impl Watcher {
    pub(super) fn new(proctor: Arc<Proctor>, id: SessionId) -> Self {
        Self { proctor, id, on: None }
    }

    /// Takes a message of the page and answers what is to be said.
    ///
    /// # Errors
    /// When the connection cannot go on.
    pub async fn hear(&mut self, bytes: &[u8]) -> Result<Vec<Down>, HangUp> {
        let up = match Up::decode(bytes) {
            Ok(up) => up,
            // A page of another build is to be loaded anew, which the next one does by itself.
            Err(proctor::wire::WireError::Version(_)) => return Ok(vec![]),
            Err(_) => {
                self.find(Kind::Tampering, Finding::Malformed);
                return self.settle().await;
            }
        };
        match up {
            Up::Open(open) => self.open(open).await.map_err(|error| self.gives_up(&error)),
            Up::Batch(bytes) => self.batch(bytes).await,
            Up::Frame { nonce, at_ms, claim, jpeg } => {
                self.frame(nonce, at_ms, claim, jpeg);
                Ok(vec![])
            }
            Up::Refused { nonce, why } => {
                self.frame_refused(nonce, why);
                self.settle().await
            }
            Up::Reference { jpeg } => {
                self.reference(jpeg).await.map_err(|error| self.gives_up(&error)).map(|()| vec![])
            }
            Up::Evidence { violation, stills } => {
                self.evidence(violation, stills).await.map_err(|error| self.gives_up(&error)).map(|()| vec![])
            }
        }
    }

    /// Goes on with time. To be called every few seconds.
    ///
    /// # Errors
    /// When the connection cannot go on.
    pub async fn tick(&mut self) -> Result<Vec<Down>, HangUp> {
        let Some(on) = &mut self.on else { return Ok(vec![]) };
        let now_ms = self.proctor.ms_since(on.zero);
        let outputs = on.monitor.watch(now_ms, Watch::Tick);
        on.take(&outputs);
        let begun = on.interview.is_some_and(|since| now_ms.saturating_sub(since) > NOTICE_MS);
        if begun && on.monitor.state().stage == Stage::DeviceCheck && !on.looks.is_empty() {
            on.interview = Some(now_ms);
            self.find(Kind::Contradiction, Finding::NotBegun);
        }
        let mut downs = self.spot_check().await;
        downs.extend(self.settle().await?);
        Ok(downs)
    }

    /// Follows the interview.
    pub async fn follow(&mut self, session: &Session) {
        let Some(on) = &mut self.on else { return };
        let now_ms = self.proctor.ms_since(on.zero);
        match session.status {
            Status::InProgress if on.interview.is_none() => {
                on.interview = Some(now_ms);
                on.watch(now_ms, Watch::Began);
                on.spot.begin(self.proctor.clock.now(), self.proctor.spot_mean);
            }
            Status::Completed => {
                on.watch(now_ms, Watch::Ended);
                on.spot.end();
                on.oldest = Some(UnixMillis(0));
                if self.settle().await.is_ok() {
                    self.on = None;
                }
            }
            _ => {}
        }
    }

    /// The connection ended.
    pub async fn leave(&mut self) {
        let Some(on) = &mut self.on else { return };
        let now_ms = self.proctor.ms_since(on.zero);
        on.watch(now_ms, Watch::Lost);
        on.oldest = Some(UnixMillis(0));
        // What cannot be kept was not acknowledged, so the page sends it again.
        let _ = self.settle().await;
        self.on = None;
    }

    async fn open(&mut self, open: Open) -> Result<Vec<Down>, ServiceError> {
        let proctor = self.proctor.clone();
        let session = proctor.sessions.get(self.id).await?;
        let Some(kept) = &session.proctoring else { return Ok(vec![]) };
        if session.consent_at.is_none() || session.status == Status::Completed {
            return Ok(vec![]);
        }
        let session = if kept.is_to_begin() {
            // First the word that it is to be erased: nothing is kept without.
            proctor.remember_to_erase(&session).await?;
            proctor.vault.prepare(self.id).await?;
            proctor.sessions.step(self.id, &Command::BeginProctoring).await?
        } else {
            session.clone()
        };
        let Some((rules, zero)) = session.proctoring.as_ref().and_then(|kept| Some((&kept.rules, kept.began_at?)))
        else {
            return Ok(vec![]);
        };
        let policy = rules.policy().map_err(|error| StoreError::Failed(format!("a stored policy: {error}")))?;
        let now = proctor.clock.now();
        let last = proctor.last_chunk(self.id).await?;
        let next_chunk = last.as_ref().map_or(0, |(number, _)| number + 1);
        if let Some((_, chunk)) = &last {
            // The worker before may have died between the chunk and the session.
            proctor.sessions.step(self.id, &Command::NoteViolations(chunk.violations()?)).await?;
        }
        let checkpoint = last.map(|(_, chunk)| chunk.checkpoint);
        let goes_on = matches!(&checkpoint, Some(kept) if open == Open::Resume(kept.ledger.log()));
        let mut on = Box::new(On::new(zero, policy, next_chunk, now, checkpoint, self.id));
        if !goes_on {
            let why = match open {
                Open::New(why) => why,
                Open::Resume(_) => Beginning::Refused,
            };
            on.begin_log(self.id, now, proctor.ms_since(zero), why);
        }
        let now_ms = proctor.ms_since(zero);
        on.watch(now_ms, Watch::Connected);
        self.on = Some(on);
        self.follow(&session).await;
        // The nonce has to outlive this worker: the page's log hangs on it.
        self.save().await?;
        let Some(on) = &self.on else { return Ok(vec![]) };
        let welcome = Welcome {
            log: on.ledger.log(),
            nonce: on.nonce,
            next_seq: on.ledger.next_seq(),
            head: on.ledger.head(),
            began_ms: on.began_ms,
            log_ms: if goes_on { now_ms.saturating_sub(on.began_ms) } else { 0 },
            policy: on.policy.clone(),
        };
        Ok(vec![Down::Welcome(Box::new(welcome))])
    }

    async fn batch(&mut self, bytes: Vec<u8>) -> Result<Vec<Down>, HangUp> {
        let now = self.proctor.clock.now();
        let Some(on) = &mut self.on else { return Ok(vec![]) };
        if !on.may_send(bytes.len(), now) || on.bytes > WAITING_BYTES {
            tracing::warn!(session.id = %self.id, "a page sends too much of a log");
            return Err(HangUp);
        }
        let arrival = Arrival { at_ms: now.0, connected_since_ms: on.connected_since_ms };
        let finding = match on.ledger.accept(&bytes, arrival) {
            Receipt::Accepted { entries, findings } => {
                on.accepted(&entries, arrival, bytes, now, self.proctor.ms_since(on.zero));
                for finding in findings {
                    self.find(Kind::Tampering, Finding::Log(finding));
                }
                return self.settle().await;
            }
            Receipt::Duplicate => return Ok(vec![]),
            // Nothing gets lost on one connection, and the page was told where to begin.
            Receipt::Gap { expected } => Finding::LeftOut(expected),
            Receipt::Refused(finding) => Finding::Log(finding),
        };
        let log = on.ledger.log();
        self.find(Kind::Tampering, finding);
        let mut downs = self.settle().await?;
        downs.push(Down::BeginAnew { log });
        Ok(downs)
    }

    /// Notes what the server found by itself.
    pub(super) fn find(&mut self, kind: Kind, finding: Finding) {
        let Some(on) = &mut self.on else { return };
        let at_ms = self.proctor.ms_since(on.zero);
        on.details.insert(kind, finding.to_string());
        let outputs = on.monitor.find(kind, at_ms);
        on.keep(Item::Found { at_ms, kind, finding }, 64, self.proctor.clock.now());
        on.take(&outputs);
    }

    /// Makes durable what is urgent or has waited for long enough, and says so.
    async fn settle(&mut self) -> Result<Vec<Down>, HangUp> {
        let now = self.proctor.clock.now();
        let Some(on) = &self.on else { return Ok(vec![]) };
        let waited = on.oldest.is_some_and(|oldest| now.since(oldest) >= GATHER_MS);
        if !(waited || on.bytes > GATHER_BYTES || !on.changed.is_empty() || on.terminate) {
            return Ok(vec![]);
        }
        match self.save().await {
            Ok(downs) => Ok(downs),
            // What was not acknowledged is sent again, here or to another worker.
            Err(ServiceError::Store(error)) if !matches!(error, StoreError::Conflict) => {
                tracing::debug!(session.id = %self.id, %error, "a log of proctoring could not be kept yet");
                Ok(vec![])
            }
            Err(error) => Err(self.gives_up(&error)),
        }
    }

    async fn save(&mut self) -> Result<Vec<Down>, ServiceError> {
        let proctor = self.proctor.clone();
        let Some(on) = &mut self.on else { return Ok(vec![]) };
        let violations: Vec<_> = on.changed.values().cloned().collect();
        if !on.items.is_empty() || !violations.is_empty() {
            let chunk = Chunk::new(on.items.clone(), &violations, on.checkpoint())?;
            if !proctor.vault.keep(self.id, &chunk::name(on.next_chunk), &chunk.encode()?).await? {
                // Another worker keeps the log now.
                return Err(StoreError::Conflict.into());
            }
            on.next_chunk += 1;
            on.items.clear();
            on.bytes = 0;
            on.oldest = None;
        }
        if !violations.is_empty() {
            // After a crash right here the next one who opens the log does it.
            proctor.sessions.step(self.id, &Command::NoteViolations(violations)).await?;
            on.changed.clear();
        }
        let zero = on.zero;
        for (key, still) in std::mem::take(&mut on.pictures) {
            self.keep_stills(key, zero, vec![still]).await?;
        }
        let Some(on) = &mut self.on else { return Ok(vec![]) };
        if std::mem::take(&mut on.terminate) {
            match proctor.rooms.step_to_end(self.id, &Command::Terminate).await {
                Ok(_) | Err(ServiceError::Refused(_)) => {}
                Err(error) => {
                    on.terminate = true;
                    return Err(error);
                }
            }
        }
        let mut downs = vec![Down::Ack { log: on.ledger.log(), next_seq: on.ledger.next_seq() }];
        downs.extend(on.ask().into_iter().map(|violation| Down::WantEvidence { violation }));
        let shown = on.shown();
        if shown != on.told {
            on.told.clone_from(&shown);
            downs.push(Down::Verdict(shown));
        }
        Ok(downs)
    }

    fn gives_up(&mut self, error: &ServiceError) -> HangUp {
        tracing::debug!(session.id = %self.id, %error, "proctoring of a connection ends");
        self.on = None;
        HangUp
    }
}

impl Proctor {
    /// The newest chunk of a session's log, with its number.
    pub(super) async fn last_chunk(&self, id: SessionId) -> Result<Option<(u32, Chunk)>, ServiceError> {
        let names = self.vault.names(id, chunk::PREFIX).await?;
        let Some((name, number)) = names.last().and_then(|name| Some((name, chunk::number(name)?))) else {
            return Ok(None);
        };
        let Some(bytes) = self.vault.read(id, name).await? else { return Ok(None) };
        Ok(Some((number, Chunk::decode(&bytes)?)))
    }
}
