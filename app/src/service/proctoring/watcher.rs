//! Watches over one connection of a page: keeps its log, and says what is wrong.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use proctor::{
    log::{Arrival, Ledger, LogId, Nonce, Receipt},
    observation::Look,
    policy::{Change, Kind, Monitor, Output, Policy, Watch},
    signal::{Entry, Stage, What},
    wire::{Beginning, Down, Open, Shown, Up, Welcome},
};

use super::{
    Proctor,
    chunk::{self, Checkpoint, Chunk, Item},
    look::Finding,
    spot::Spot,
};
use crate::{
    interview::Command,
    model::{Session, SessionId, Status, UnixMillis, Violation, ViolationKey},
    ports::StoreError,
    service::ServiceError,
};

/// Milliseconds after which what was taken is made durable, if nothing is more urgent.
const GATHER_MS: i64 = 10_000;

/// Bytes that are gathered at most.
const GATHER_BYTES: usize = 16 * 1024;

/// Bytes of a log that wait for a store that is down, at most.
const WAITING_BYTES: usize = 512 * 1024;

/// Bytes of logs that a page may send at once, and in a second on average.
const BURST: f64 = 512.0 * 1024.0;
const PACE: f64 = 8.0 * 1024.0;

/// Milliseconds in which a page has to notice that the interview began.
const NOTICE_MS: u32 = 20_000;

/// Looks that are remembered for comparison with spot checks, in ms.
const REMEMBERED_MS: u32 = 30_000;

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

/// While a page reports.
pub(super) struct On {
    /// When the first log began.
    pub zero: UnixMillis,
    pub policy: Policy,
    pub nonce: Nonce,
    /// When this log began, in ms since the first one.
    pub began_ms: u32,
    pub ledger: Ledger,
    pub monitor: Monitor,
    connected_since_ms: i64,
    next_chunk: u32,
    /// What is not durable yet.
    items: Vec<Item>,
    bytes: usize,
    oldest: Option<UnixMillis>,
    pub changed: BTreeMap<ViolationKey, Violation>,
    /// What the server found about the newest violation of a kind.
    details: BTreeMap<Kind, String>,
    terminate: bool,
    interview: Option<u32>,
    /// The log's looks of late, with their time.
    pub looks: VecDeque<(u32, Look)>,
    /// Whose pictures are waited for, and whether the page was asked for them over this connection.
    pub wanted: Vec<(ViolationKey, bool)>,
    pub stills: u32,
    pub strangers: u32,
    /// Pictures of spot checks that are evidence, to be kept once the violation is.
    pub pictures: Vec<(ViolationKey, UnixMillis, proctor::wire::Still)>,
    pub spot: Spot,
    budget: f64,
    budget_at: UnixMillis,
    told: Vec<Shown>,
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
        if session.consent_at.is_none() || session.status == Status::Completed || kept.erased_at.is_some() {
            return Ok(vec![]);
        }
        let session = if kept.began_at.is_none() {
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
        let mut on = Box::new(On::new(zero, policy, next_chunk, now, checkpoint, self.id)?);
        if !goes_on {
            let why = match open {
                Open::New(why) => why,
                Open::Resume(_) => Beginning::Refused,
            };
            on.begin_log(self.id, now, proctor.ms_since(zero), why)?;
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
        for (key, zero, still) in std::mem::take(&mut on.pictures) {
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

impl On {
    fn new(
        zero: UnixMillis,
        policy: Policy,
        next_chunk: u32,
        now: UnixMillis,
        checkpoint: Option<Checkpoint>,
        id: SessionId,
    ) -> Result<Self, ServiceError> {
        let Checkpoint { nonce, began_ms, ledger, memory, stills, strangers } =
            checkpoint.unwrap_or_else(|| Checkpoint {
                nonce: Nonce::default(),
                began_ms: 0,
                ledger: Ledger::new(&id.to_string(), LogId(0), &Nonce::default(), now.0),
                memory: Monitor::new(&policy).checkpoint().clone(),
                stills: 0,
                strangers: 0,
            });
        Ok(Self {
            zero,
            nonce,
            began_ms,
            ledger,
            monitor: Monitor::resume(&policy, memory),
            policy,
            connected_since_ms: now.0,
            next_chunk,
            items: Vec::new(),
            bytes: 0,
            oldest: None,
            changed: BTreeMap::new(),
            details: BTreeMap::new(),
            terminate: false,
            interview: None,
            looks: VecDeque::new(),
            wanted: Vec::new(),
            stills,
            strangers,
            pictures: Vec::new(),
            spot: Spot::default(),
            budget: BURST,
            budget_at: now,
            told: Vec::new(),
        })
    }

    fn begin_log(&mut self, id: SessionId, now: UnixMillis, began_ms: u32, why: Beginning) -> Result<(), ServiceError> {
        let log = if self.next_chunk == 0 { LogId(0) } else { LogId(self.ledger.log().0.saturating_add(1)) };
        getrandom::fill(&mut self.nonce).map_err(|error| StoreError::Failed(format!("no random numbers: {error}")))?;
        self.began_ms = began_ms;
        self.ledger = Ledger::new(&id.to_string(), log, &self.nonce, now.0);
        if self.next_chunk > 0 {
            let outputs = self.monitor.begin_log(began_ms);
            self.take(&outputs);
        }
        self.keep(Item::Opened { log, nonce: self.nonce, began_ms, opened_ms: now.0, why }, 64, now);
        Ok(())
    }

    fn accepted(&mut self, entries: &[Entry], arrival: Arrival, bytes: Vec<u8>, now: UnixMillis, now_ms: u32) {
        let size = bytes.len();
        let Arrival { at_ms: arrived_ms, connected_since_ms } = arrival;
        self.keep(Item::Batch { arrived_ms, connected_since_ms, bytes }, size, now);
        for entry in entries {
            if let What::Look(look) = entry.what {
                self.looks.push_back((entry.at_ms, look));
            }
            let outputs = self.monitor.step(entry);
            self.take(&outputs);
        }
        let newest = entries.last().map_or(0, |entry| entry.at_ms);
        while self.looks.front().is_some_and(|(at_ms, _)| newest.saturating_sub(*at_ms) > REMEMBERED_MS) {
            self.looks.pop_front();
        }
        if !entries.is_empty() {
            // A part of the batch, so not an item of its own.
            let outputs = self.monitor.watch(now_ms, Watch::Heard);
            self.take(&outputs);
        }
    }

    fn watch(&mut self, at_ms: u32, watch: Watch) {
        let outputs = self.monitor.watch(at_ms, watch);
        self.keep(Item::Watch { at_ms, watch }, 16, UnixMillis(self.zero.0 + i64::from(at_ms)));
        self.take(&outputs);
    }

    fn keep(&mut self, item: Item, bytes: usize, now: UnixMillis) {
        self.items.push(item);
        self.bytes += bytes;
        self.oldest.get_or_insert(now);
    }

    fn take(&mut self, outputs: &[Output]) {
        for output in outputs {
            match output {
                // The page warns by itself.
                Output::Warning(_) | Output::Cleared(_) => {}
                Output::Terminate => self.terminate = true,
                Output::Violation(change, violation) => {
                    let key = ViolationKey { from_ms: violation.id.from_ms, kind: violation.id.kind };
                    let at = |ms: u32| UnixMillis(self.zero.0 + i64::from(ms));
                    let violation_now = Violation {
                        key,
                        severity: violation.severity,
                        from: at(violation.id.from_ms),
                        to: violation.to_ms.map(at),
                        shown: violation.show,
                        detail: self.details.get(&violation.id.kind).cloned(),
                        stills: Vec::new(),
                        review: None,
                        note: None,
                    };
                    self.changed.insert(key, violation_now);
                    if violation.evidence && matches!(change, Change::Flagged | Change::Escalated) {
                        self.want(key);
                    }
                }
            }
        }
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            nonce: self.nonce,
            began_ms: self.began_ms,
            ledger: self.ledger.clone(),
            memory: self.monitor.checkpoint().clone(),
            stills: self.stills,
            strangers: self.strangers,
        }
    }

    /// What the candidate may see of what goes on.
    fn shown(&self) -> Vec<Shown> {
        let running = self.monitor.state().running;
        let shown = running.iter().filter(|violation| violation.show).map(|violation| Shown {
            kind: violation.id.kind,
            severity: violation.severity,
            from_ms: violation.id.from_ms,
            to_ms: violation.to_ms,
        });
        shown.take(proctor::wire::MAX_SHOWN).collect()
    }

    fn may_send(&mut self, bytes: usize, now: UnixMillis) -> bool {
        let seconds = now.since(self.budget_at).max(0) as f64 / 1_000.0;
        self.budget = (self.budget + seconds * PACE).min(BURST) - bytes as f64;
        self.budget_at = now;
        self.budget >= 0.0
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
