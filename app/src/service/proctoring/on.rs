//! What is known of a page while it reports: its log, what follows from it, and what is not durable yet.

use std::collections::{BTreeMap, VecDeque};

use proctor::{
    log::{Arrival, Ledger, LogId, Nonce},
    observation::Look,
    policy::{Change, Kind, Monitor, Output, Policy, Watch},
    signal::{Entry, What},
    wire::{Beginning, Shown, Still},
};

use super::{
    chunk::{Checkpoint, Item},
    spot::Spot,
};
use crate::{
    model::{SessionId, UnixMillis, Violation, ViolationKey},
    service::tokens::random_bytes,
};

/// Bytes of logs that a page may send at once, and in a second on average.
const BURST: f64 = 512.0 * 1024.0;
const PACE: f64 = 8.0 * 1024.0;

/// Looks that are remembered for comparison with spot checks, in ms.
const REMEMBERED_MS: u32 = 30_000;

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
    pub connected_since_ms: i64,
    pub next_chunk: u32,
    /// What is not durable yet.
    pub items: Vec<Item>,
    pub bytes: usize,
    pub oldest: Option<UnixMillis>,
    pub changed: BTreeMap<ViolationKey, Violation>,
    /// What the server found about the newest violation of a kind.
    pub details: BTreeMap<Kind, String>,
    pub terminate: bool,
    pub interview: Option<u32>,
    /// The log's looks of late, with their time.
    pub looks: VecDeque<(u32, Look)>,
    /// Whose pictures are waited for, and whether the page was asked for them over this connection.
    pub wanted: Vec<(ViolationKey, bool)>,
    pub stills: u32,
    pub strangers: u32,
    /// Pictures of spot checks that are evidence, to be kept once the violation is.
    pub pictures: Vec<(ViolationKey, Still)>,
    pub spot: Spot,
    budget: f64,
    budget_at: UnixMillis,
    pub told: Vec<Shown>,
}

impl On {
    pub fn new(
        zero: UnixMillis,
        policy: Policy,
        next_chunk: u32,
        now: UnixMillis,
        checkpoint: Option<Checkpoint>,
        id: SessionId,
    ) -> Self {
        let Checkpoint { nonce, began_ms, ledger, memory, stills, strangers } =
            checkpoint.unwrap_or_else(|| Checkpoint {
                nonce: Nonce::default(),
                began_ms: 0,
                ledger: Ledger::new(&id.to_string(), LogId(0), &Nonce::default(), now.0),
                memory: Monitor::new(&policy).checkpoint().clone(),
                stills: 0,
                strangers: 0,
            });
        Self {
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
        }
    }

    pub fn begin_log(&mut self, id: SessionId, now: UnixMillis, began_ms: u32, why: Beginning) {
        let log = if self.next_chunk == 0 { LogId(0) } else { LogId(self.ledger.log().0.saturating_add(1)) };
        self.nonce = random_bytes();
        self.began_ms = began_ms;
        self.ledger = Ledger::new(&id.to_string(), log, &self.nonce, now.0);
        if self.next_chunk > 0 {
            let outputs = self.monitor.begin_log(began_ms);
            self.take(&outputs);
        }
        self.keep(Item::Opened { log, nonce: self.nonce, began_ms, opened_ms: now.0, why }, 64, now);
    }

    pub fn accepted(&mut self, entries: &[Entry], arrival: Arrival, bytes: Vec<u8>, now: UnixMillis, now_ms: u32) {
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

    pub fn watch(&mut self, at_ms: u32, watch: Watch) {
        let outputs = self.monitor.watch(at_ms, watch);
        self.keep(Item::Watch { at_ms, watch }, 16, UnixMillis(self.zero.0 + i64::from(at_ms)));
        self.take(&outputs);
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
                        earlier_reviews: Vec::new(),
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

    pub fn checkpoint(&self) -> Checkpoint {
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

    pub fn may_send(&mut self, bytes: usize, now: UnixMillis) -> bool {
        let seconds = now.since(self.budget_at).max(0) as f64 / 1_000.0;
        self.budget = (self.budget + seconds * PACE).min(BURST) - bytes as f64;
        self.budget_at = now;
        self.budget >= 0.0
    }
}
