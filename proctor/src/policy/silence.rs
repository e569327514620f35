//! Time in which nothing was observed though the channel was up, as the server sees it.
//!
//! The log cannot tell: a page that says nothing says nothing. So the server counts the time while the channel is up, and takes
//! off it what looks tell of: the time between two that belong together. Where the log says why there are none (the page is
//! hidden, the camera off, nothing can look), that time is told of by any entry; it has kinds of its own. While the channel is
//! down nobody can say anything, so that time is left out; it is the interview's outage. Where the interview goes on by requests
//! meanwhile, that is another kind: see `unreported`.

use serde::{Deserialize, Serialize};

use super::MAX_GAP_MS;
use super::kind::Kind;
use super::monitor::Monitor;
use super::unreported::Unreported;
use super::violation::Output;

/// What the server sees of an interview's channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Watch {
    /// The interview begins: before, and after its end, silence is nothing. The server's own word, not the log's.
    Began,
    Ended,
    /// Nothing is known of the time before: whoever followed the channel may have died.
    Connected,
    Lost,
    /// A batch with entries was accepted, and its entries were walked through.
    Heard,
    /// Time passes; at least every few seconds.
    Tick,
    /// Nothing more is taken: what the page still had of the time before the end has come, or is not waited for any more.
    Closed,
    /// The page asked for something, and has no channel over which it could report.
    Asked,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Silence {
    pub(super) interview: bool,
    /// When the interview ended.
    pub(super) ended_ms: Option<u32>,
    connected: bool,
    now_ms: u32,
    /// Of what is going on now.
    from_ms: Option<u32>,
    silent_ms: u32,
    /// Until when it is settled whether the log told something, by its entries' time.
    told_to_ms: u32,
    /// What it told of since the last batch.
    told_ms: u32,
    /// The time of the last look.
    pub(super) looked_ms: Option<u32>,
    /// For how long looks have followed each other by now.
    steady_ms: u32,
    /// How long it has been since a batch.
    waited_ms: u32,
}

impl Silence {
    pub(super) fn forget_channel(&mut self) {
        self.connected = false;
    }

    /// A look at `now` tells of the time since the look before, if that is no more than `gap_ms` ago.
    pub(super) fn looked(&mut self, now: u32, gap_ms: u32) {
        let told = self.go_on(now);
        let since = now.saturating_sub(self.looked_ms.replace(now).unwrap_or(0));
        if since <= gap_ms {
            self.told_ms = self.told_ms.saturating_add(told);
            self.steady_ms = self.steady_ms.saturating_add(since);
        } else {
            self.steady_ms = 0;
        }
    }

    /// Until `now` the log said why there are no looks.
    pub(super) fn excused(&mut self, now: u32) {
        let told = self.go_on(now);
        if told <= MAX_GAP_MS {
            self.told_ms = self.told_ms.saturating_add(told);
        }
    }

    /// From `now` on the log says why there are no looks: what is missing before stays missing.
    pub(super) fn begin_excuse(&mut self, now: u32) {
        self.go_on(now);
    }

    /// A batch is walked through: what it told of is off. Answers for how long that was.
    fn settle(&mut self) -> u32 {
        let (told, waited) = (std::mem::take(&mut self.told_ms), std::mem::take(&mut self.waited_ms));
        // Time that hardly goes on in the log is not steady.
        if told < waited / 2 {
            self.steady_ms = 0;
        }
        self.silent_ms = self.silent_ms.saturating_sub(told);
        if told > 0 {
            self.from_ms = Some(self.now_ms.saturating_sub(self.silent_ms));
        }
        told
    }

    fn go_on(&mut self, now: u32) -> u32 {
        let since = now.saturating_sub(self.told_to_ms);
        self.told_to_ms = self.told_to_ms.max(now);
        since
    }
}

impl Monitor {
    /// Follows the channel. `at_ms` is the server's time since the first log began, which is not the time of the entries.
    pub fn watch(&mut self, at_ms: u32, watch: Watch) -> Vec<Output> {
        let mut outputs = Vec::new();
        let silence = &mut self.memory.silence;
        let now = at_ms.max(silence.now_ms);
        silence.connected &= !matches!(watch, Watch::Connected | Watch::Asked);
        let before = silence.silent_ms;
        if silence.connected && silence.interview {
            silence.from_ms.get_or_insert(silence.now_ms);
            silence.silent_ms = silence.silent_ms.saturating_add(now - silence.now_ms);
            silence.waited_ms = silence.waited_ms.saturating_add(now - silence.now_ms);
        }
        silence.now_ms = now;
        let told_ms = if watch == Watch::Heard { silence.settle() } else { 0 };
        if let (Some(from), silent_ms) = (silence.from_ms, silence.silent_ms)
            && silent_ms > before
        {
            self.track(Kind::Unwatched, &mut outputs, |tracking| tracking.lasted(from, silent_ms, now));
        }
        self.report(now, watch, told_ms, &mut outputs);
        let over_ms = self.policy().rules[Kind::Unwatched].clear_after_ms;
        let silence = &mut self.memory.silence;
        match watch {
            Watch::Began => {
                silence.interview = true;
                self.memory.conditions.interview_ms.get_or_insert(at_ms);
            }
            Watch::Connected => silence.connected = true,
            Watch::Lost => silence.connected = false,
            Watch::Heard if silence.steady_ms < over_ms => {}
            Watch::Heard | Watch::Ended => {
                if watch == Watch::Ended {
                    silence.interview = false;
                    silence.ended_ms.get_or_insert(at_ms);
                }
                silence.from_ms = None;
                silence.silent_ms = 0;
                // Over since looks have been steady. Ticks are not always kept, so they may not matter here.
                let steady_since = silence.looked_ms.unwrap_or(0).saturating_sub(silence.steady_ms);
                let over = if watch == Watch::Ended { now } else { steady_since.min(now) };
                self.track(Kind::Unwatched, &mut outputs, |tracking| tracking.ended(over));
            }
            Watch::Tick | Watch::Asked => {}
            Watch::Closed => self.end_all(&mut outputs),
        }
        outputs
    }

    /// Follows whether anything can be reported at all.
    fn report(&mut self, now: u32, watch: Watch, told_ms: u32, outputs: &mut Vec<Output>) {
        // Of a page that cannot look no look comes: what it tells of is all that it can report.
        let steady = self.memory.silence.steady_ms >= self.policy().rules[Kind::Unreported].clear_after_ms
            || self.memory.conditions.no_vision;
        let (interview, unreported) = (self.memory.silence.interview, &mut self.memory.unreported);
        match watch {
            Watch::Asked if interview => unreported.asked(now),
            Watch::Connected if interview => unreported.connected(now),
            Watch::Lost => unreported.lost(now),
            Watch::Heard if steady => unreported.make_good(told_ms),
            Watch::Ended => unreported.make_good(u32::MAX),
            _ => return,
        }
        let Unreported { from_ms, to_ms, held_ms, .. } = *unreported;
        self.track(Kind::Unreported, outputs, |tracking| match held_ms {
            0 => tracking.ended(to_ms),
            _ => tracking.lasted(from_ms, held_ms, now),
        });
    }

    /// For how long the batch that is walked through has told something so far, and until when: in ms, by its entries' time.
    pub fn told(&self) -> (u32, u32) {
        (self.memory.silence.told_ms, self.memory.silence.told_to_ms)
    }
}
