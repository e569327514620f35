//! What is known of a page while it reports: its log, what follows from it, and what is not durable yet.

use std::collections::{BTreeMap, VecDeque};

use proctor::{
    log::{Arrival, Ledger, LogId, Nonce},
    observation::Look,
    policy::{Change, Kind, Monitor, Output, Policy, Source, Watch},
    signal::{Entry, What},
    wire::{Beginning, Shown, Still},
};

use super::{
    asking::Asking,
    budget::Budget,
    chunk::{Checkpoint, Item},
    evidence::Wanted,
    excuse::Said,
    faces::Strangers,
    ms_between,
    reference::Capturing,
    spot::Spot,
};
use crate::{
    model::{SessionId, UnixMillis, Violation, ViolationKey},
    service::tokens::random_bytes,
};

/// What a log says so near (ms) to a moment is about the same moment.
pub(super) const NEAR_MS: u32 = 1_500;

/// Looks that are remembered for comparison with spot checks, in ms.
const REMEMBERED_MS: u32 = 30_000;

/// While a page is watched, or its log's end is waited for.
pub(super) struct On {
    /// When the first log began.
    pub zero: UnixMillis,
    pub nonce: Nonce,
    /// When this log began, in ms since the first one.
    pub began_ms: u32,
    pub ledger: Ledger,
    pub monitor: Monitor,
    pub connected_since_ms: i64,
    pub next_chunk: u32,
    /// What is not durable yet.
    pub items: Vec<Item>,
    pub bytes: usize,
    pub oldest: Option<UnixMillis>,
    /// Until when time passed since the last of them.
    ticked_ms: Option<u32>,
    pub changed: BTreeMap<ViolationKey, Violation>,
    /// What the server found about the newest violation of a kind.
    pub details: BTreeMap<Kind, String>,
    pub terminate: bool,
    /// Whether a page ever began a log, and whether one goes on with it over this connection.
    pub begun: bool,
    pub opened: bool,
    /// Since when the page has to know that the interview began.
    pub interview_ms: Option<u32>,
    pub ended_at: Option<UnixMillis>,
    /// The log's looks of late, with their time.
    pub looks: VecDeque<(u32, Look)>,
    /// What the log came to of late.
    pub said: Said,
    /// Until when the log has told, by its own time.
    pub told_ms: u32,
    /// The log is closed, and nothing came since.
    pub closed: bool,
    pub wanted: Vec<Wanted>,
    pub budget: Budget,
    pub strangers: Strangers,
    /// Pictures of spot checks that are evidence, to be kept once the violation is.
    pub pictures: Vec<(ViolationKey, Still)>,
    pub asking: Asking,
    pub spot: Spot,
    pub capturing: Option<Capturing>,
    pub told: Vec<Shown>,
}

impl On {
    pub fn new(
        zero: UnixMillis,
        policy: &Policy,
        next_chunk: u32,
        now: UnixMillis,
        checkpoint: Option<Checkpoint>,
        id: SessionId,
    ) -> Self {
        let Checkpoint {
            nonce,
            began_ms,
            ledger,
            memory,
            budget,
            strangers,
            begun,
            interview_ms,
            asking,
            said,
            wanted,
        } = checkpoint.unwrap_or_else(|| Checkpoint::new(id, policy, now));
        Self {
            zero,
            nonce,
            began_ms,
            ledger,
            monitor: Monitor::resume(policy, memory),
            connected_since_ms: now.0,
            next_chunk,
            items: Vec::new(),
            bytes: 0,
            oldest: None,
            ticked_ms: None,
            changed: BTreeMap::new(),
            details: BTreeMap::new(),
            terminate: false,
            begun,
            opened: false,
            interview_ms,
            ended_at: None,
            looks: VecDeque::new(),
            said,
            told_ms: 0,
            closed: false,
            wanted,
            budget,
            strangers,
            pictures: Vec::new(),
            asking,
            spot: Spot::default(),
            capturing: None,
            told: Vec::new(),
        }
    }

    pub fn begin_log(&mut self, id: SessionId, now: UnixMillis, began_ms: u32, why: Beginning) {
        let log = if self.begun { LogId(self.ledger.log().0.saturating_add(1)) } else { LogId(0) };
        self.begun = true;
        self.nonce = random_bytes();
        self.began_ms = began_ms;
        self.ledger = Ledger::new(&id.to_string(), log, &self.nonce, now.0);
        self.looks.clear();
        (self.said, self.told_ms) = (Said::default(), 0);
        let outputs = self.monitor.begin_log(began_ms);
        self.take(&outputs);
        self.keep(Item::Opened { log, nonce: self.nonce, began_ms, opened_ms: now.0, why }, 64, now);
    }

    pub fn accepted(&mut self, entries: &[Entry], arrival: Arrival, bytes: Vec<u8>) {
        let now = UnixMillis(arrival.at_ms);
        let size = bytes.len();
        let Arrival { at_ms: arrived_ms, connected_since_ms } = arrival;
        self.keep(Item::Batch { arrived_ms, connected_since_ms, bytes }, size, now);
        let (looks, said, told_ms) = (&mut self.looks, &mut self.said, &mut self.told_ms);
        let outputs = self.monitor.hear(entries, ms_between(self.zero, now), |monitor, entry| {
            *told_ms = entry.at_ms.max(*told_ms);
            if let What::Look(look) = entry.what {
                looks.push_back((entry.at_ms, look));
            }
            said.follow(monitor, entry.at_ms);
        });
        self.take(&outputs);
        if !entries.is_empty() {
            self.ticked_ms = None;
            self.closed = false;
        }
        while self.looks.front().is_some_and(|(at_ms, _)| self.told_ms.saturating_sub(*at_ms) > REMEMBERED_MS) {
            self.looks.pop_front();
        }
    }

    /// Time passes. Where nothing follows from it, it need not be kept now.
    pub fn tick(&mut self, now: UnixMillis) {
        if self.closed {
            return;
        }
        let at_ms = self.ms_of(now);
        let outputs = self.monitor.watch(at_ms, Watch::Tick);
        self.ticked_ms = Some(at_ms);
        if !outputs.is_empty() {
            self.keep_tick(now);
            self.take(&outputs);
        }
    }

    /// Keeps how much time has passed, which a checkpoint knows.
    pub fn keep_tick(&mut self, now: UnixMillis) {
        if let Some(at_ms) = self.ticked_ms.take() {
            self.keep(Item::Watch { at_ms, watch: Watch::Tick }, 16, now);
        }
    }

    /// All is kept as soon as it can be.
    pub fn hurry(&mut self, now: UnixMillis) {
        self.tick(now);
        self.keep_tick(now);
        self.oldest = Some(UnixMillis(0));
    }

    /// Whether the log says why there is no picture of this moment (by its own time), or of one since: the page was hidden, or
    /// the camera off.
    pub fn explains(&self, log_ms: u32) -> bool {
        self.monitor.is_blind()
            || self.said.blind_until_ms().is_some_and(|until| until.saturating_add(NEAR_MS) >= log_ms)
    }

    pub fn watch(&mut self, at_ms: u32, watch: Watch) {
        self.ticked_ms = None;
        let outputs = self.monitor.watch(at_ms, watch);
        self.keep(Item::Watch { at_ms, watch }, 16, self.time_of(at_ms));
        self.take(&outputs);
    }

    /// Whether what is not kept yet says that the page was heard without a channel.
    pub fn tells_of_requests(&self) -> bool {
        self.items.iter().any(|item| matches!(item, Item::Watch { watch: Watch::Asked, .. }))
    }

    pub fn keep(&mut self, item: Item, bytes: usize, now: UnixMillis) {
        self.items.push(item);
        self.bytes += bytes;
        self.oldest.get_or_insert(now);
    }

    pub fn take(&mut self, outputs: &[Output]) {
        for output in outputs {
            match output {
                // The page warns by itself.
                Output::Warning(_) | Output::Cleared(_) => {}
                Output::Terminate => self.terminate = true,
                Output::Violation(change, violation) => {
                    let key = ViolationKey { from_ms: violation.id.from_ms, kind: violation.id.kind };
                    let at = |ms: u32| self.time_of(ms);
                    let violation_now = Violation {
                        key,
                        severity: violation.severity,
                        from: at(violation.id.from_ms),
                        to: violation.to_ms.map(at),
                        shown: violation.show,
                        detail: self.detail(violation.id.kind),
                        stills: Vec::new(),
                        pictures_missing: false,
                        review: None,
                        earlier_reviews: Vec::new(),
                        note: None,
                    };
                    self.changed.insert(key, violation_now);
                    // Of what the server finds and keeps to itself it has the pictures: to be asked for more would tell.
                    let is_told = violation.show || violation.id.kind.source() != Source::Server;
                    if violation.evidence && is_told && matches!(change, Change::Flagged | Change::Escalated) {
                        self.want(key);
                    }
                }
            }
        }
    }

    /// What the server found, or what the page says for itself.
    fn detail(&self, kind: Kind) -> Option<String> {
        self.details.get(&kind).cloned().or_else(|| self.monitor.excuse(kind).map(str::to_owned))
    }

    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            nonce: self.nonce,
            began_ms: self.began_ms,
            ledger: self.ledger.clone(),
            memory: self.monitor.checkpoint().clone(),
            budget: self.budget.clone(),
            strangers: self.strangers,
            begun: self.begun,
            interview_ms: self.interview_ms,
            asking: self.asking.clone(),
            said: self.said,
            wanted: self.wanted.clone(),
        }
    }

    /// Milliseconds from the beginning of the first log.
    pub fn ms_of(&self, at: UnixMillis) -> u32 {
        ms_between(self.zero, at)
    }

    fn time_of(&self, ms: u32) -> UnixMillis {
        UnixMillis(self.zero.0 + i64::from(ms))
    }

    /// What the candidate may see of what goes on.
    pub fn shown(&self) -> Vec<Shown> {
        let running = self.monitor.state().running;
        let shown = running.iter().filter(|violation| violation.show).map(|violation| Shown {
            kind: violation.id.kind,
            severity: violation.severity,
            from_ms: violation.id.from_ms,
            to_ms: violation.to_ms,
        });
        shown.take(proctor::wire::MAX_SHOWN).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::On;

    #[test]
    fn watching_an_interview_takes_little_memory() {
        let bytes = size_of::<On>();
        assert!(bytes <= 4 * 1024, "{bytes} bytes for each interview under way");
    }
}
