//! Watches over one connection of a page: keeps its log, and says what is wrong.

use std::sync::Arc;

use proctor::{
    log::{Arrival, Receipt},
    policy::{Kind, Watch},
    wire::{Down, Open, Up, WireError},
};

use super::{
    Proctor,
    again::AskedHere,
    budget::{self, Allowed},
    chunk::{self, Chunk, Item},
    look::Finding,
    on::On,
    pulse::Broken,
};
use crate::{
    interview::Command,
    model::{FaultKind, LogMark, Session, SessionId, Status, UnixMillis},
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

/// Watches over one connection.
pub struct Watcher {
    pub(super) proctor: Arc<Proctor>,
    pub(super) id: SessionId,
    pub(super) connected_at: UnixMillis,
    /// Whether an interview that is watched goes on, whether a question is open in it, and whether nothing was recorded yet.
    pub(super) goes_on: bool,
    is_asked: bool,
    is_to_begin: bool,
    /// None: the page has not opened its log, and has not been silent for long.
    pub(super) on: Option<Box<On>>,
    /// What the page opens as soon as it can be.
    pub(super) waiting: Option<Open>,
    /// What was asked for over this connection before its log had to be opened again.
    pub(super) asked_here: AskedHere,
    /// Why nothing is watched over this connection.
    pub(super) fault: Option<FaultKind>,
    /// Whether it was noted that nothing more is kept.
    full: bool,
    /// The worker's pauses that are known here.
    pub(super) broken: Broken,
}

impl Watcher {
    pub(super) fn new(proctor: Arc<Proctor>, id: SessionId) -> Self {
        let connected_at = proctor.clock.now();
        let broken = proctor.pulse.feel(connected_at);
        Self {
            proctor,
            id,
            connected_at,
            goes_on: false,
            is_asked: false,
            is_to_begin: false,
            on: None,
            waiting: None,
            asked_here: AskedHere::default(),
            fault: None,
            full: false,
            broken,
        }
    }

    /// With what is there of it already.
    pub(super) fn going_on(proctor: Arc<Proctor>, id: SessionId, on: Box<On>) -> Self {
        Self { on: Some(on), ..Self::new(proctor, id) }
    }

    /// Takes a message of the page and answers what is to be said. Whatever is wrong with it, the interview goes on.
    pub async fn hear(&mut self, bytes: &[u8]) -> Vec<Down> {
        self.feel_pulse();
        let opened = self.on.as_ref().is_some_and(|on| on.opened);
        let said = match Up::decode(bytes) {
            Ok(Up::Open(open)) => {
                // What it lacked came after all.
                self.fault.take_if(|fault| *fault == FaultKind::OtherVersion);
                self.open(open).await
            }
            Ok(Up::Batch(bytes)) => return self.batch(bytes).await,
            Ok(Up::Frame { nonce, at_ms, claim, jpeg }) => {
                self.frame(nonce, at_ms, claim, jpeg);
                return self.settle().await;
            }
            Ok(Up::Refused { nonce, .. }) => {
                self.frame_refused(nonce);
                return self.settle().await;
            }
            Ok(Up::Reference { jpeg }) => self.reference(jpeg).await,
            Ok(Up::Still { violation, still }) => self.evidence(violation, vec![still], false).await,
            Ok(Up::Evidence { violation, stills }) => self.evidence(violation, stills, true).await,
            Err(WireError::Version(_)) if !opened => {
                // What was heard of it so far counts.
                self.leave_log().await;
                self.fail(FaultKind::OtherVersion).await;
                // Whatever is said, the page sees that it is of another build.
                return vec![Down::OpenAgain];
            }
            Err(_) => {
                if self.takes(budget::CHUNK).await {
                    self.find(Kind::Tampering, Finding::Malformed);
                }
                return self.settle().await;
            }
        };
        self.answer(said).await
    }

    /// Goes on with time. To be called every few seconds.
    pub async fn tick(&mut self) -> Vec<Down> {
        self.feel_pulse();
        self.hear_other_version();
        let attended = self.attend(false).await.map(|()| vec![]);
        let mut downs = self.answer(attended).await;
        if let Some(open) = self.waiting.take() {
            let said = self.open(open).await;
            downs.extend(self.answer(said).await);
        }
        let now = self.proctor.clock.now();
        let Some(on) = &mut self.on else { return downs };
        on.tick(now);
        let now_ms = on.ms_of(now);
        let begun = on.interview_ms.is_some_and(|since| now_ms.saturating_sub(since) > NOTICE_MS);
        if begun && on.monitor.denies_interview(NOTICE_MS) {
            on.interview_ms = Some(now_ms);
            self.find(Kind::Tampering, Finding::NotBegun);
        }
        let examined = self.examined_reference().await;
        downs.extend(self.answer(examined).await);
        downs.extend(self.spot_check().await);
        if let Err(error) = self.give_up_pictures().await {
            tracing::debug!(session.id = %self.id, %error, "missing pictures could not be noted yet");
        }
        downs.extend(self.settle().await);
        let finished = self.finish().await;
        downs.extend(self.answer(finished).await);
        downs
    }

    /// Follows the interview.
    pub fn follow(&mut self, session: &Session) {
        let is_watched = session.proctoring.is_some() && session.consent_at.is_some();
        self.goes_on = is_watched && session.status == Status::InProgress;
        self.is_asked = self.goes_on && session.open.is_some();
        self.is_to_begin = session.proctoring.as_ref().is_some_and(|kept| kept.is_to_begin());
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
        self.feel_pulse();
        if let Err(error) = self.attend(true).await {
            tracing::debug!(session.id = %self.id, %error, "a page that was silent could not be noted");
        }
        self.judge_last().await;
        let says_nothing = self
            .on
            .as_ref()
            .is_some_and(|on| !on.opened && on.changed.is_empty() && (on.budget.is_full() || !on.tells_of_requests()));
        if says_nothing && !self.takes(budget::CHUNK).await && self.on.as_ref().is_some_and(|on| on.changed.is_empty())
        {
            // Whoever connects and hangs up all the time fills no store. That it is too much was found once.
            return self.on = None;
        }
        self.leave_log().await;
        self.hear_other_version();
    }

    /// What was heard is kept, and no more is over this connection.
    async fn leave_log(&mut self) {
        let Some(on) = &mut self.on else { return };
        let now_ms = self.proctor.ms_since(on.zero);
        on.watch(now_ms, Watch::Lost);
        on.asking.lost(self.proctor.clock.now());
        self.wind_up().await;
    }

    /// A page of another version was told so, and goes on: as long as it is not loaded anew, nothing can be reported.
    fn hear_other_version(&self) {
        if self.is_asked && self.fault == Some(FaultKind::OtherVersion) {
            self.proctor.heard(self.id, self.is_to_begin);
        }
    }

    async fn batch(&mut self, bytes: Vec<u8>) -> Vec<Down> {
        // A page holds back more than that by itself.
        if self.on.as_ref().is_none_or(|on| !on.opened || on.bytes > WAITING_BYTES) {
            return vec![];
        }
        if !self.takes(bytes.len()).await {
            return self.settle().await;
        }
        let now = self.proctor.clock.now();
        let Some(on) = &mut self.on else { return vec![] };
        let arrival = Arrival { at_ms: now.0, connected_since_ms: on.connected_since_ms };
        let finding = match on.ledger.accept(&bytes, arrival) {
            Receipt::Accepted { entries, findings } => {
                on.accepted(&entries, arrival, bytes);
                for finding in findings {
                    self.find(Kind::Tampering, Finding::Log(finding));
                }
                return self.settle().await;
            }
            Receipt::Duplicate => return vec![],
            // Nothing gets lost on one connection, and the page was told where to begin.
            Receipt::Gap { expected } => Finding::LeftOut(expected),
            Receipt::Refused(finding) => Finding::Log(finding),
        };
        let log = on.ledger.log();
        self.find(Kind::Tampering, finding);
        let mut downs = self.settle().await;
        downs.push(Down::BeginAnew { log });
        downs
    }

    /// Notes what the server found by itself.
    pub(super) fn find(&mut self, kind: Kind, finding: Finding) {
        let Some(at_ms) = self.on.as_ref().map(|on| self.proctor.ms_since(on.zero)) else { return };
        self.find_at(at_ms, kind, finding);
    }

    /// `at_ms`: when it found that, in ms since the first log.
    pub(super) fn find_at(&mut self, at_ms: u32, kind: Kind, finding: Finding) {
        let Some(on) = &mut self.on else { return };
        on.details.insert(kind, finding.to_string());
        let outputs = on.monitor.find(kind, at_ms);
        on.keep(Item::Found { at_ms, kind, finding }, 64, self.proctor.clock.now());
        on.take(&outputs);
    }

    /// Whether so much more is taken of the page. That it sends too much is found once.
    pub(super) async fn takes(&mut self, bytes: usize) -> bool {
        let now = self.proctor.clock.now();
        let Some(on) = &mut self.on else { return true };
        match on.budget.spend(bytes, now) {
            Allowed::Yes => return true,
            Allowed::TooMuch => self.find(Kind::Tampering, Finding::TooMuch),
            Allowed::StillTooMuch => {}
            Allowed::Full if std::mem::replace(&mut self.full, true) => {}
            Allowed::Full => self.note(FaultKind::Full).await,
        }
        false
    }

    /// Makes durable what is urgent or has waited for long enough, and says so.
    async fn settle(&mut self) -> Vec<Down> {
        let now = self.proctor.clock.now();
        let Some(on) = &mut self.on else { return vec![] };
        let waited = on.oldest.is_some_and(|oldest| now.since(oldest) >= GATHER_MS);
        if !(waited || on.bytes > GATHER_BYTES || !on.changed.is_empty() || on.terminate) {
            return vec![];
        }
        if !waited {
            on.budget.owe(budget::CHUNK);
        }
        let saved = self.save().await;
        self.answer(saved).await
    }

    /// What is said, or what follows from why nothing can be.
    pub(super) async fn answer(&mut self, said: Result<Vec<Down>, ServiceError>) -> Vec<Down> {
        match said {
            Ok(downs) => downs,
            Err(ServiceError::Store(StoreError::Conflict)) => {
                // Another worker goes on with the log; or it was this one, and the store's word got lost.
                Box::pin(self.judge_last()).await;
                if let Some(lost) = self.on.take() {
                    self.asked_here = lost.asked_here();
                    Box::pin(self.hand_over(lost)).await;
                }
                vec![Down::OpenAgain]
            }
            // What was not acknowledged is sent again, here or to another worker.
            Err(error) if error.is_transient() => {
                tracing::debug!(session.id = %self.id, %error, "proctoring waits for the store");
                vec![]
            }
            Err(error) => {
                tracing::warn!(session.id = %self.id, %error, "proctoring fails");
                self.fail(FaultKind::Unreadable).await;
                vec![]
            }
        }
    }

    /// Nothing is watched over this connection any more.
    pub(super) async fn fail(&mut self, why: FaultKind) {
        self.on = None;
        if self.fault.replace(why) != Some(why) {
            self.note(why).await;
        }
    }

    async fn note(&self, why: FaultKind) {
        if let Err(error) = self.proctor.sessions.step(self.id, &Command::NoteFault(why)).await {
            tracing::debug!(session.id = %self.id, %error, "that proctoring fails could not be noted");
        }
    }

    pub(super) async fn save(&mut self) -> Result<Vec<Down>, ServiceError> {
        let proctor = self.proctor.clone();
        let Some(on) = &mut self.on else { return Ok(vec![]) };
        let violations: Vec<_> = on.changed.values().cloned().collect();
        if !on.items.is_empty() || !violations.is_empty() {
            on.keep_tick(proctor.clock.now());
            let mut checkpoint = on.checkpoint();
            checkpoint.budget.store(on.bytes + budget::CHUNK);
            let chunk = Chunk::new(on.items.clone(), &violations, &checkpoint)?;
            if !proctor.vault.keep(self.id, &chunk::name(on.next_chunk), &chunk.encode()?).await? {
                return Err(StoreError::Conflict.into());
            }
            on.budget = checkpoint.budget;
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
        while let Some((key, still)) = self.on.as_ref().and_then(|on| on.pictures.first().cloned()) {
            self.keep_still(key, zero, &still).await?;
            self.on.iter_mut().for_each(|on| drop(on.pictures.remove(0)));
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

    /// Saves, and notes in the session how far the log came.
    pub(super) async fn save_and_mark(&mut self) -> Result<Vec<Down>, ServiceError> {
        let downs = self.save().await?;
        if let Some(on) = self.on.as_ref().filter(|on| on.begun) {
            let mark = LogMark { chunks: on.next_chunk, head: on.ledger.head() };
            self.proctor.sessions.step(self.id, &Command::NoteLog(mark)).await?;
        }
        Ok(downs)
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
        Ok(Some((number, Chunk::decode(&bytes).map_err(StoreError::from)?)))
    }
}
