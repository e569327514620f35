//! Time in which nothing was observed though the channel was up, as the server sees it.
//!
//! The log cannot tell: a page that says nothing says nothing. While the channel is down nobody can say anything, so that time
//! is left out; it is the interview's outage.

use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::monitor::Monitor;
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
    /// A batch with entries was accepted.
    Heard,
    /// Time passes; at least every few seconds.
    Tick,
    /// Nothing more is taken: what the page still had of the time before the end has come, or is not waited for any more.
    Closed,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Silence {
    interview: bool,
    /// When the interview ended.
    pub(super) ended_ms: Option<u32>,
    connected: bool,
    now_ms: u32,
    /// Of what is going on now.
    from_ms: Option<u32>,
    silent_ms: u32,
}

impl Silence {
    pub(super) fn forget_channel(&mut self) {
        self.connected = false;
    }
}

impl Monitor {
    /// Follows the channel. `at_ms` is the server's time since the first log began, which is not the time of the entries.
    pub fn watch(&mut self, at_ms: u32, watch: Watch) -> Vec<Output> {
        let mut outputs = Vec::new();
        let silence = &mut self.memory.silence;
        let now = at_ms.max(silence.now_ms);
        silence.connected &= watch != Watch::Connected;
        if silence.connected && silence.interview {
            let from = *silence.from_ms.get_or_insert(silence.now_ms);
            silence.silent_ms += now - silence.now_ms;
            let silent_ms = silence.silent_ms;
            self.track(Kind::Unwatched, &mut outputs, |tracking| tracking.lasted(from, silent_ms, now));
        }
        let silence = &mut self.memory.silence;
        silence.now_ms = now;
        match watch {
            Watch::Began => silence.interview = true,
            Watch::Connected => silence.connected = true,
            Watch::Lost => silence.connected = false,
            Watch::Heard | Watch::Ended => {
                if watch == Watch::Ended {
                    silence.interview = false;
                    silence.ended_ms.get_or_insert(at_ms);
                }
                silence.from_ms = None;
                silence.silent_ms = 0;
                self.track(Kind::Unwatched, &mut outputs, |tracking| tracking.end());
            }
            Watch::Tick => {}
            Watch::Closed => self.end_all(&mut outputs),
        }
        outputs
    }
}
