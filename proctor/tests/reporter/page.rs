//! A page, over a way to the server that may break.

use proctor::observation::Look;
use proctor::policy::{Kind, ViolationId};
use proctor::reporter::{Act, Reporter};
use proctor::signal::Signal;
use proctor::wire::{Down, Shown};

use super::SESSION;
use super::server::Server;

/// A page, its journal, and its way to the server. Time is the server's.
pub struct Page {
    pub reporter: Reporter,
    /// The page's clock began then.
    pub born_ms: i64,
    pub journal: Option<Vec<u8>>,
    up: bool,
    pub warned: Vec<Kind>,
    pub verdict: Vec<Shown>,
    pub spots: Vec<u64>,
    pub collect: Vec<(ViolationId, Vec<u64>)>,
    pub captures: u32,
    pub forgotten: bool,
}

impl Page {
    pub fn load(now: i64, journal: Option<Vec<u8>>) -> Page {
        Page {
            reporter: Reporter::new(SESSION, journal.as_deref(), 0),
            born_ms: now,
            journal,
            up: false,
            warned: Vec::new(),
            verdict: Vec::new(),
            spots: Vec::new(),
            collect: Vec::new(),
            captures: 0,
            forgotten: false,
        }
    }

    pub fn ms(&self, now: i64) -> u64 {
        (now - self.born_ms) as u64
    }

    pub fn act(&mut self, server: &mut Server, now: i64, acts: Vec<Act>) {
        for act in acts {
            match act {
                Act::Keep(journal) => self.journal = Some(journal),
                Act::Send(bytes) => {
                    for down in if self.up { server.hear(now, &bytes) } else { Vec::new() } {
                        self.hear(server, now, &down);
                    }
                }
                Act::Warn(kinds) => self.warned = kinds,
                Act::Verdict(shown) => self.verdict = shown,
                Act::Spot { nonce } => self.spots.push(nonce),
                Act::Collect { violation, at } => self.collect.push((violation, at)),
                Act::Capture => self.captures += 1,
                Act::Forget => self.forgotten = true,
            }
        }
    }

    pub fn hear(&mut self, server: &mut Server, now: i64, down: &Down) {
        let acts = self.reporter.receive(self.ms(now), &down.encode().expect("small")).expect("a message");
        self.act(server, now, acts);
    }

    pub fn connect(&mut self, server: &mut Server, now: i64) {
        self.up = true;
        let acts = self.reporter.connected();
        self.act(server, now, acts);
    }

    pub fn lose(&mut self, server: &mut Server, now: i64) {
        self.up = false;
        let acts = self.reporter.lost(self.ms(now));
        self.act(server, now, acts);
    }

    pub fn say(&mut self, server: &mut Server, now: i64, signal: Signal) {
        let acts = self.reporter.signal(self.ms(now), signal);
        self.act(server, now, acts);
    }

    /// Looks twice a second until `to`. Answers `to`.
    pub fn look(&mut self, server: &mut Server, from: i64, to: i64, look: Look) -> i64 {
        for now in (from..to).step_by(500) {
            let acts = self.reporter.look(self.ms(now), look);
            self.act(server, now, acts);
        }
        to
    }

    /// Notices more than there is room for. Answers when that was.
    pub fn copy_without_end(&mut self, server: &mut Server, from: i64) -> i64 {
        let to = from + 300_000;
        for now in from..to {
            self.say(server, now, Signal::Copied);
        }
        to
    }
}
