//! How much of one interview's proctoring is kept at most, however long it lasts and over however many connections.

use proctor::wire::MAX_STILLS;
use serde::{Deserialize, Serialize};

use crate::model::UnixMillis;

/// Bytes of log that a page may send at once, and in a second on average. Honest pages send 60 a second.
const BURST: i64 = 512 * 1024;
const PACE: i64 = 2 * 1024;

/// What a message costs that has the server write something, beside its own bytes.
pub(super) const CHUNK: usize = 2 * 1024;

/// Bytes of stored log, at most: a page that is left open for days stays below.
const MAX_STORED: u64 = 64 * 1024 * 1024;

/// Pictures of violations, and of spot checks, at most.
const MAX_PICTURES: u32 = 240;

/// What was used so far. A part of the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Budget {
    stored: u64,
    stills: u32,
    frames: u32,
    /// Bytes that may be sent at once, as of then.
    left: i64,
    at: UnixMillis,
    /// The page sent too much, and was not quiet for long enough since.
    over: bool,
}

/// Whether more is taken of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    Yes,
    /// It sends too much, from now on.
    TooMuch,
    /// It still sends too much.
    StillTooMuch,
    /// Nothing more is kept of this session.
    Full,
}

impl Budget {
    pub fn new(now: UnixMillis) -> Self {
        Self { stored: 0, stills: 0, frames: 0, left: BURST, at: now, over: false }
    }

    /// Of a session of which so much is stored.
    pub fn after(stored: u64, stills: u32, frames: u32, now: UnixMillis) -> Self {
        Self { stored, stills, frames, ..Self::new(now) }
    }

    /// When the page was heard last.
    pub fn heard_at(&self) -> UnixMillis {
        self.at
    }

    /// The clock was set back by so much (ms).
    pub fn set_back(&mut self, by_ms: i64) {
        self.at = self.at.earlier_by(by_ms);
    }

    /// Takes so many bytes of a page. Whoever sent too much is heard again when the half of it is made good.
    pub fn spend(&mut self, bytes: usize, now: UnixMillis) -> Allowed {
        if self.is_full() {
            return Allowed::Full;
        }
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        self.gain(now);
        if self.over && self.left < BURST / 2 {
            return Allowed::StillTooMuch;
        }
        self.over = bytes > self.left;
        if self.over {
            return Allowed::TooMuch;
        }
        self.left -= bytes;
        Allowed::Yes
    }

    /// Takes so many bytes that are not of the log. The half is left for that, so it is no fault where there is no room for them.
    pub fn affords(&mut self, bytes: usize, now: UnixMillis) -> bool {
        self.gain(now);
        let left = self.left.saturating_sub(i64::try_from(bytes).unwrap_or(i64::MAX));
        let has_room = left >= BURST / 2;
        if has_room {
            self.left = left;
        }
        has_room
    }

    fn gain(&mut self, now: UnixMillis) {
        let gained = now.since(self.at).max(0).saturating_mul(PACE) / 1_000;
        self.left = self.left.saturating_add(gained).min(BURST);
        self.at = self.at.max(now);
    }

    /// The page had the server write something, beside what it sent.
    pub fn owe(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    pub fn is_full(&self) -> bool {
        self.stored >= MAX_STORED
    }

    /// So many bytes are stored.
    pub fn store(&mut self, bytes: usize) {
        self.stored = self.stored.saturating_add(bytes as u64);
    }

    /// Whether pictures of one more violation may be asked for, while those of so many others are waited for.
    pub fn has_room_beside(&self, wanted: usize) -> bool {
        let asked = (wanted as u32 + 1).saturating_mul(MAX_STILLS as u32);
        self.stills.saturating_add(asked) <= MAX_PICTURES
    }

    pub fn has_room_for_still(&self) -> bool {
        self.stills < MAX_PICTURES
    }

    /// Takes so many pictures of a violation. Answers how many there is room for.
    pub fn take_stills(&mut self, pictures: usize) -> usize {
        let taken = u32::try_from(pictures).unwrap_or(u32::MAX).min(MAX_PICTURES.saturating_sub(self.stills));
        self.stills += taken;
        taken as usize
    }

    /// Takes the picture of a spot check, if there is room for it.
    pub fn take_frame(&mut self) -> bool {
        let room = self.frames < MAX_PICTURES;
        self.frames += u32::from(room);
        room
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: UnixMillis = UnixMillis(1_000_000);

    fn after_s(seconds: i64) -> UnixMillis {
        UnixMillis(START.0 + seconds * 1_000)
    }

    #[test]
    fn an_honest_page_never_sends_too_much() {
        let mut budget = Budget::new(START);
        for second in (0..86_400 * 3).step_by(2) {
            assert_eq!(budget.spend(240, after_s(second)), Allowed::Yes);
            if second % 10 == 0 {
                assert_eq!(budget.spend(CHUNK, after_s(second)), Allowed::Yes, "a connection that breaks all the time");
            }
        }
    }

    #[test]
    fn who_sends_too_much_is_told_once_and_heard_again_later() {
        let mut budget = Budget::new(START);
        let sent = |budget: &mut Budget| (0..40).map(|_| budget.spend(32 * 1024, START)).collect::<Vec<_>>();
        let allowed = sent(&mut budget);
        assert!(allowed[..16].iter().all(|it| *it == Allowed::Yes));
        assert_eq!(allowed[16], Allowed::TooMuch);
        assert!(allowed[17..].iter().all(|it| *it == Allowed::StillTooMuch));
        assert_eq!(budget.spend(1, after_s(100)), Allowed::StillTooMuch);
        budget.set_back(3_600_000);
        assert_eq!(budget.spend(1, after_s(130 - 3_600)), Allowed::Yes);
    }

    #[test]
    fn a_session_that_never_ends_is_full_one_day() {
        let mut budget = Budget::new(START);
        let mut stored = 0;
        while budget.spend(16 * 1024, after_s(stored)) != Allowed::Full {
            budget.store(17 * 1024);
            stored += 10;
        }
        assert!(budget.is_full() && budget.stored < MAX_STORED + 17 * 1024);
    }

    #[test]
    fn pictures_are_never_more_than_there_is_room_for() {
        let mut budget = Budget::new(START);
        let mut taken = 0;
        while budget.has_room_beside(2) {
            taken += budget.take_stills(MAX_STILLS);
        }
        taken += (0..9).map(|_| budget.take_stills(MAX_STILLS)).sum::<usize>();
        assert_eq!(taken, MAX_PICTURES as usize);
        assert_eq!((0..999).filter(|_| budget.take_frame()).count(), MAX_PICTURES as usize);
    }
}
