//! A server in small.

use proctor::log::{Arrival, Finding, Ledger, LogId, Nonce, Receipt};
use proctor::policy::{Change, Monitor, Output, Policy, Violation};
use proctor::signal::{Entry, Signal, What};
use proctor::wire::{Down, Open, Up, Welcome};

use super::SESSION;

/// A server in small: one interview's logs.
pub struct Server {
    first_ms: Option<i64>,
    pub logs: Vec<(Nonce, Ledger)>,
    monitor: Monitor,
    connected_ms: i64,
    pub entries: Vec<Entry>,
    outputs: Vec<Output>,
    pub findings: Vec<Finding>,
    pub opened: Vec<Open>,
    pub other: Vec<Up>,
    /// Whether it forgets to acknowledge.
    pub mute: bool,
}

impl Server {
    pub fn new() -> Server {
        Server {
            first_ms: None,
            logs: Vec::new(),
            monitor: Monitor::new(&Policy::default()),
            connected_ms: 0,
            entries: Vec::new(),
            outputs: Vec::new(),
            findings: Vec::new(),
            opened: Vec::new(),
            other: Vec::new(),
            mute: false,
        }
    }

    pub fn hear(&mut self, now: i64, bytes: &[u8]) -> Vec<Down> {
        match Up::decode(bytes).expect("a message") {
            Up::Open(open) => {
                self.opened.push(open);
                self.connected_ms = now;
                match open {
                    Open::Resume(log) if self.current() == Some(log) => {}
                    Open::Resume(log) => return vec![Down::BeginAnew { log }],
                    Open::New(_) => {
                        let first = *self.first_ms.get_or_insert(now);
                        let log = LogId(self.logs.len() as u32);
                        let nonce = [log.0 as u8; 16];
                        self.logs.push((nonce, Ledger::new(SESSION, log, &nonce, now)));
                        let outputs = self.monitor.begin_log((now - first) as u32);
                        self.outputs.extend(outputs);
                    }
                }
                vec![self.welcome(now)]
            }
            Up::Batch(batch) => {
                let Some((_, ledger)) = self.logs.last_mut() else { return Vec::new() };
                match ledger.accept(&batch, Arrival { at_ms: now, connected_since_ms: self.connected_ms }) {
                    Receipt::Accepted { entries, findings } => {
                        self.outputs.extend(entries.iter().flat_map(|entry| self.monitor.step(entry)));
                        self.entries.extend(entries);
                        self.findings.extend(findings);
                    }
                    Receipt::Duplicate | Receipt::Gap { .. } => {}
                    Receipt::Refused(finding) => self.findings.push(finding),
                }
                if self.mute { Vec::new() } else { vec![self.ack()] }
            }
            other => {
                self.other.push(other);
                Vec::new()
            }
        }
    }

    pub fn current(&self) -> Option<LogId> {
        self.logs.last().map(|(_, ledger)| ledger.log())
    }

    fn ack(&self) -> Down {
        let (_, ledger) = self.logs.last().expect("a log");
        Down::Ack { log: ledger.log(), next_seq: ledger.next_seq() }
    }

    fn welcome(&self, now: i64) -> Down {
        let (nonce, ledger) = self.logs.last().expect("a log");
        let opened = self.opened_ms(ledger);
        Down::Welcome(Box::new(Welcome {
            log: ledger.log(),
            nonce: *nonce,
            next_seq: ledger.next_seq(),
            head: ledger.head(),
            began_ms: (opened - self.first_ms.expect("a first log")) as u32,
            log_ms: (now - opened) as u32,
            policy: Policy::default(),
        }))
    }

    /// A real server keeps it beside the ledger.
    fn opened_ms(&self, ledger: &Ledger) -> i64 {
        let json = serde_json::to_value(ledger).expect("plain fields");
        json["timing"]["opened_ms"].as_i64().expect("a time")
    }

    pub fn violations(&self) -> Vec<Violation> {
        let mut found: Vec<Violation> = Vec::new();
        for output in &self.outputs {
            if let Output::Violation(change, violation) = output {
                found.retain(|known| known.id != violation.id);
                assert!(*change != Change::Ended || violation.to_ms.is_some());
                found.push(*violation);
            }
        }
        found
    }

    pub fn signals(&self) -> Vec<Signal> {
        let told = self.entries.iter().filter_map(|entry| match entry.what {
            What::Signal(Signal::Tick) | What::Look(_) => None,
            What::Signal(signal) => Some(signal),
        });
        told.collect()
    }
}
