//! Watches over one connection of a page: keeps its log, and says what is wrong.

use std::sync::Arc;

use proctor::{
    log::{Arrival, Receipt},
    policy::{Kind, Watch},
    signal::Stage,
    wire::{Down, Up},
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
    pub(super) connected_at: UnixMillis,
    /// Whether an interview that is watched goes on.
    pub(super) goes_on: bool,
    /// None: the page has not opened its log, and has not been silent for long.
    pub(super) on: Option<Box<On>>,
}

impl Watcher {
    pub(super) fn new(proctor: Arc<Proctor>, id: SessionId) -> Self {
        let connected_at = proctor.clock.now();
        Self { proctor, id, connected_at, goes_on: false, on: None }
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
                self.settle().await
            }
            Up::Refused { nonce, .. } => {
                self.frame_refused(nonce);
                Ok(vec![])
            }
            Up::Reference { jpeg } => self.reference(jpeg).await.map_err(|error| self.gives_up(&error)),
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
        if let Err(error) = self.attend(false).await {
            tracing::debug!(session.id = %self.id, %error, "a silent page could not be watched yet");
        }
        let Some(on) = &mut self.on else { return Ok(vec![]) };
        let now_ms = self.proctor.ms_since(on.zero);
        let outputs = on.monitor.watch(now_ms, Watch::Tick);
        on.take(&outputs);
        self.compare_stages(now_ms).await;
        let mut downs = self.examined_reference().await.map_err(|error| self.gives_up(&error))?;
        downs.extend(self.spot_check().await);
        if let Err(error) = self.give_up_pictures().await {
            tracing::debug!(session.id = %self.id, %error, "missing pictures could not be noted yet");
        }
        downs.extend(self.settle().await?);
        downs.extend(self.finish().await?);
        Ok(downs)
    }

    /// A page that is not where the interview is has its log count for nothing.
    async fn compare_stages(&mut self, now_ms: u32) {
        let Some(on) = &mut self.on else { return };
        let begun = on.interview_ms.is_some_and(|since| now_ms.saturating_sub(since) > NOTICE_MS);
        if !begun || !on.heard || on.ended_at.is_some() {
            return;
        }
        let finding = match on.monitor.state().stage {
            Stage::Interview => return,
            Stage::DeviceCheck => Finding::NotBegun,
            Stage::Ended => {
                // The page may have learnt of the end first.
                let session = self.proctor.sessions.get(self.id).await;
                if !session.is_ok_and(|session| session.status == Status::InProgress) {
                    return;
                }
                Finding::EndedEarly
            }
        };
        on.interview_ms = Some(now_ms);
        self.find(Kind::Contradiction, finding);
    }

    /// Follows the interview.
    pub fn follow(&mut self, session: &Session) {
        let is_watched = session.proctoring.is_some() && session.consent_at.is_some();
        self.goes_on = is_watched && session.status == Status::InProgress;
        let now = self.proctor.clock.now();
        let Some(on) = &mut self.on else { return };
        match session.status {
            Status::InProgress if on.interview_ms.is_none() => {
                on.interview_ms = Some(on.ms_of(now));
                on.watch(on.ms_of(session.started_at.unwrap_or(now)), Watch::Began);
                on.asking.begin(now, self.proctor.spot_mean);
            }
            Status::Completed if on.ended_at.is_none() => {
                let ended_at = session.ended_at.unwrap_or(now);
                on.ended_at = Some(ended_at);
                on.watch(on.ms_of(ended_at), Watch::Ended);
                on.asking.end();
                on.oldest = Some(UnixMillis(0));
            }
            _ => {}
        }
    }

    /// The connection ended.
    pub async fn leave(&mut self) {
        if let Err(error) = self.attend(true).await {
            tracing::debug!(session.id = %self.id, %error, "a page that was silent could not be noted");
        }
        self.judge_last().await;
        let Some(on) = &mut self.on else { return };
        let now_ms = self.proctor.ms_since(on.zero);
        on.watch(now_ms, Watch::Lost);
        // What cannot be kept was not acknowledged, so the page sends it again.
        let kept = if on.ended_at.is_some() { self.close().await } else { self.save().await };
        if let Err(error) = kept {
            tracing::debug!(session.id = %self.id, %error, "the end of a connection could not be kept");
        }
        self.on = None;
    }

    async fn batch(&mut self, bytes: Vec<u8>) -> Result<Vec<Down>, HangUp> {
        let now = self.proctor.clock.now();
        let Some(on) = self.on.as_mut().filter(|on| on.opened) else { return Ok(vec![]) };
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

    pub(super) async fn save(&mut self) -> Result<Vec<Down>, ServiceError> {
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
        downs.extend(on.ask(proctor.clock.now()).into_iter().map(|violation| Down::WantEvidence { violation }));
        let shown = on.shown();
        if shown != on.told {
            on.told.clone_from(&shown);
            downs.push(Down::Verdict(shown));
        }
        Ok(downs)
    }

    pub(super) fn gives_up(&mut self, error: &ServiceError) -> HangUp {
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
