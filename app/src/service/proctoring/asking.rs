//! When a page is asked for a picture, and how it took that. A part of the checkpoint: a new connection changes nothing about it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::by_chance;
use crate::{model::UnixMillis, service::tokens::random_bytes};

/// Milliseconds in which a page has to show what is asked for.
const ANSWER_MS: i64 = 20_000;

/// What is asked again because no picture came is asked soon, on average.
const SOON: Duration = Duration::from_secs(8);

/// So often in a row no picture may come for a reason that nobody can know: a network that breaks, a camera that starts.
const EXCUSED: u32 = 1;

/// So many pictures in a row make good what did not come before.
const MADE_GOOD: u32 = 4;

/// Checks in a row that show nothing, and nothing says why.
const UNCLEAR: u32 = 2;

/// Where the asking stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asking {
    next_at: Option<UnixMillis>,
    asked: Option<Asked>,
    /// What was asked for last over this connection.
    #[serde(skip)]
    here: Option<u64>,
    /// Times that no picture came, since the last ones that were made good.
    missed: u32,
    /// Pictures in a row that came since.
    came: u32,
    /// Checks in a row that showed nothing.
    unclear: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Asked {
    nonce: u64,
    at: UnixMillis,
}

impl Asking {
    /// The interview goes on. When the next picture is asked for stays as it was.
    pub fn begin(&mut self, now: UnixMillis, mean: Duration) {
        self.next_at.get_or_insert_with(|| later(now, mean));
    }

    pub fn end(&mut self) {
        self.next_at = None;
        self.asked = None;
    }

    /// Asks, if it is time.
    pub fn ask(&mut self, now: UnixMillis, mean: Duration) -> Option<u64> {
        if self.asked.is_some() || self.next_at.is_none_or(|at| at > now) {
            return None;
        }
        let nonce = u64::from_le_bytes(random_bytes());
        self.next_at = Some(later(now, mean));
        self.asked = Some(Asked { nonce, at: now });
        self.here = Some(nonce);
        Some(nonce)
    }

    /// An answer came. When that was asked; None: it is to nothing that was.
    pub fn answered(&mut self, nonce: u64) -> Option<UnixMillis> {
        self.asked.take_if(|asked| asked.nonce == nonce).map(|asked| asked.at)
    }

    /// No answer came in time over a channel that is up: when it was asked for. Said once.
    pub fn late(&mut self, now: UnixMillis) -> Option<UnixMillis> {
        self.asked.take_if(|asked| now.since(asked.at) > ANSWER_MS).map(|asked| asked.at)
    }

    /// A new connection begins. Whether too often the one before ended while a picture was asked for.
    pub fn reconnected(&mut self, now: UnixMillis) -> bool {
        self.asked.take().is_some() && self.missed(now)
    }

    /// There was no picture, for no reason that can be known. Whether that was too often.
    pub fn missed(&mut self, now: UnixMillis) -> bool {
        self.missed = self.missed.saturating_add(1);
        self.came = 0;
        self.next_at = Some(later(now, SOON));
        self.missed > EXCUSED
    }

    /// What was asked for last over this connection.
    pub fn here(&self) -> Option<u64> {
        self.here
    }

    /// The log is opened again over the connection over which this was asked for: it did not break, and it is asked again soon.
    pub fn ask_again(&mut self, here: Option<u64>, now: UnixMillis) {
        if self.asked.take_if(|asked| Some(asked.nonce) == here).is_some() {
            self.next_at = Some(later(now, SOON));
        }
    }

    /// A picture came.
    pub fn came(&mut self) {
        self.came = self.came.saturating_add(1);
        if self.came >= MADE_GOOD {
            self.missed = 0;
        }
    }

    /// Whether a check shows nothing that can be judged, and nothing says why; None: that cannot be told, and changes nothing.
    /// Answers whether that was too often.
    pub fn showed(&mut self, nothing: Option<bool>) -> bool {
        match nothing {
            Some(true) => self.unclear = self.unclear.saturating_add(1),
            Some(false) => self.unclear = 0,
            None => {}
        }
        nothing == Some(true) && self.unclear >= UNCLEAR
    }

    /// Another worker went on from where this began: what either of them counted counts. Whether this one had counted more.
    pub fn join(&mut self, other: &Self) -> bool {
        let before = (self.missed, self.unclear);
        self.missed = self.missed.max(other.missed);
        self.unclear = self.unclear.max(other.unclear);
        before != (self.missed, self.unclear)
    }
}

fn later(now: UnixMillis, mean: Duration) -> UnixMillis {
    UnixMillis(now.0 + i64::try_from(by_chance(mean).as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEAN: Duration = Duration::from_secs(60);

    /// Asks when it is time, and answers when that was.
    fn asked(asking: &mut Asking, now: &mut UnixMillis) -> u64 {
        loop {
            now.0 += 1_000;
            if let Some(nonce) = asking.ask(*now, MEAN) {
                return nonce;
            }
        }
    }

    #[test]
    fn a_connection_that_breaks_is_excused_once_until_pictures_come_again() {
        let (mut asking, mut now) = (Asking::default(), UnixMillis(0));
        asking.begin(now, MEAN);
        asked(&mut asking, &mut now);
        assert!(!asking.reconnected(now), "networks break");
        assert!(!asking.reconnected(now), "and nothing was asked since");
        let before = now;
        asked(&mut asking, &mut now);
        assert!(now.since(before) < 30_000, "it is asked again soon");
        assert!(asking.reconnected(now));
        for _ in 0..MADE_GOOD {
            let nonce = asked(&mut asking, &mut now);
            assert!(asking.answered(nonce).is_some() && asking.answered(nonce).is_none());
            asking.came();
        }
        asked(&mut asking, &mut now);
        assert!(!asking.reconnected(now));
    }

    #[test]
    fn nothing_but_the_answer_to_what_was_asked_counts_and_only_in_time() {
        let (mut asking, mut now) = (Asking::default(), UnixMillis(0));
        assert_eq!(asking.ask(UnixMillis(i64::MAX), MEAN), None, "the interview has not begun");
        asking.begin(now, MEAN);
        let nonce = asked(&mut asking, &mut now);
        let asked_at = now;
        assert_eq!(asking.answered(nonce.wrapping_add(1)), None);
        assert_eq!(asking.late(now), None);
        now.0 += ANSWER_MS + 1;
        assert_eq!((asking.late(now), asking.late(now)), (Some(asked_at), None));
    }

    #[test]
    fn checks_that_show_nothing_are_in_a_row_until_one_shows_something() {
        let mut asking = Asking::default();
        let row = [Some(true), None, Some(true), None, Some(false), Some(true)];
        assert_eq!(row.map(|nothing| asking.showed(nothing)), [false, false, true, false, false, false]);
    }
}
