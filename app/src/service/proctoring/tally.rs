//! What checks came to that are no proof alone: what is in a row, and what is owed. A part of the checkpoint.
//!
//! The numbers are chosen by what honest people come to, which tests/checks.rs and tests/prepared.rs hold: a hand before the mouth,
//! a moment away, a room whose light changes; eyes are wrong in one picture of a hundred.

use serde::{Deserialize, Serialize};

use super::look::Shown;

/// In a row, checks that show nothing, and nothing says why, come to so much: each is two, and a doubtful one, such as a hand before
/// the mouth makes, is one.
const UNCLEAR: u32 = 4;

/// Checks in a row that show nothing, as the log says, which never comes to a flag: a dark room is flagged after 30 s, in which there
/// are four checks at most.
const TOLD: u32 = 8;

/// Checks in a row that show nobody or several, to which the log never comes. A page follows a face that a fresh look does not find:
/// of one who looks down at the keyboard for a third of the time, one row in six thousand is as long.
const UNLOGGED: u32 = 8;

/// What is owed for a check that came to nothing for once; each good one takes one off. So whoever is met at a bad moment in less
/// than one check of five owes nothing in the long run, and who comes back for each second one owes more and more.
const OWED: u32 = 4;

/// Owed at once, from here on it is too much: five bad moments, and no good one in between. Half of it is let go once that is said.
const OWED_TOO_MUCH: u32 = 20;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tally {
    /// What checks in a row that showed nothing come to.
    unclear: u32,
    /// Checks in a row that showed nothing, as the log told.
    told: Row,
    /// Checks in a row that showed nobody or several, and the log never came to that.
    unlogged: Row,
    /// Checks in a row that showed nobody where somebody should be.
    nobody: Row,
    owed: u32,
}

/// How many in a row, and when the first was, in ms since the first log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub times: u32,
    pub first_ms: u32,
}

impl Row {
    /// One more, at `at_ms`.
    fn add(&mut self, at_ms: u32) -> Self {
        let first_ms = if self.times == 0 { at_ms } else { self.first_ms };
        *self = Self { times: self.times.saturating_add(1), first_ms };
        *self
    }

    /// The longer one of both.
    fn join(&mut self, other: Self) {
        if other.times > self.times {
            *self = other;
        }
    }

    /// Whether there are so many, over more than so long (ms).
    fn is(self, times: u32, at_ms: u32, after_ms: u32) -> bool {
        self.times >= times && at_ms.saturating_sub(self.first_ms) > after_ms
    }
}

impl Tally {
    /// A check came to nothing for once, or it was a good one. Whether the former happens too often: somebody comes back in time
    /// for the second.
    pub fn weigh(&mut self, is_good: bool) -> bool {
        self.owed = if is_good { self.owed.saturating_sub(1) } else { self.owed.saturating_add(OWED) };
        let too_much = self.owed >= OWED_TOO_MUCH;
        if too_much {
            self.owed /= 2;
        }
        too_much
    }

    /// What a check showed; None: that cannot be told, and changes nothing. Answers whether nothing was to be seen too often.
    pub fn showed(&mut self, shown: Option<Shown>) -> bool {
        let more = match shown {
            None | Some(Shown::Told(_)) => return false,
            Some(Shown::Something) => {
                self.unclear = 0;
                self.told = Row::default();
                return false;
            }
            Some(Shown::Doubtful) => 1,
            Some(Shown::Nothing) => 2,
        };
        self.unclear = self.unclear.saturating_add(more);
        self.unclear >= UNCLEAR
    }

    /// A check at `at_ms` showed nothing, as the log told, which is flagged after so long (ms). `is_flagged`: it was. Whether it
    /// never is.
    pub fn told(&mut self, is_flagged: bool, at_ms: u32, after_ms: u32) -> bool {
        if is_flagged {
            self.told = Row::default();
            return false;
        }
        self.told.add(at_ms).is(TOLD, at_ms, after_ms)
    }

    /// A check at `at_ms` showed nobody, or several, which is flagged after so long (ms). `is_well`: it was flagged, or there is one
    /// person. Whether it never is.
    pub fn unlogged(&mut self, is_well: bool, at_ms: u32, after_ms: u32) -> bool {
        if is_well {
            self.unlogged = Row::default();
            return false;
        }
        self.unlogged.add(at_ms).is(UNLOGGED, at_ms, after_ms)
    }

    /// Whether a check at `at_ms` shows nobody where somebody should be; None: that cannot be told, and changes nothing. Answers
    /// how many there are in a row.
    pub fn empty(&mut self, nobody: Option<bool>, at_ms: u32) -> Row {
        match nobody {
            Some(true) => drop(self.nobody.add(at_ms)),
            Some(false) => self.nobody = Row::default(),
            None => {}
        }
        self.nobody
    }

    /// Another worker went on from where this began: what either of them counted counts.
    pub fn join(&mut self, other: &Self) {
        self.unclear = self.unclear.max(other.unclear);
        self.owed = self.owed.max(other.owed);
        self.told.join(other.told);
        self.unlogged.join(other.unlogged);
        self.nobody.join(other.nobody);
    }
}

#[cfg(test)]
mod tests {
    use proctor::observation::Unclear;

    use super::*;

    #[test]
    fn checks_that_show_nothing_are_in_a_row_until_one_shows_something() {
        let (something, doubtful, nothing) = (Some(Shown::Something), Some(Shown::Doubtful), Some(Shown::Nothing));
        let told = Some(Shown::Told(Unclear::TooDark));
        let found = |row: [Option<Shown>; 6]| {
            let mut tally = Tally::default();
            row.map(|shown| tally.showed(shown))
        };
        assert_eq!(
            found([nothing, None, nothing, told, something, nothing]),
            [false, false, true, false, false, false]
        );
        assert_eq!(
            found([doubtful, doubtful, doubtful, doubtful, something, doubtful]),
            [false, false, false, true, false, false]
        );
        assert_eq!(found([doubtful, nothing, doubtful, nothing, None, None]), [false, false, true, true, false, false]);
    }

    #[test]
    fn what_lasts_for_less_than_it_takes_to_be_flagged_is_in_no_row() {
        let mut tally = Tally::default();
        let found = (1..=12).map(|check| tally.told(false, check * 10_000, 100_000));
        assert_eq!(found.filter(|found| *found).count(), 1, "eight of them are, and the first is longer ago than that");
        let mut tally = Tally::default();
        let found = (1..=12).map(|check| tally.unlogged(check == 6, check * 1_000, 3_500));
        assert_eq!(found.filter(|found| *found).count(), 0, "neither five nor six in a row");
        let found = (13..=20).map(|check| tally.unlogged(false, check * 1_000, 3_500));
        assert_eq!(found.filter(|found| *found).count(), 7, "from the eighth after the sixth on");
    }

    #[test]
    fn one_bad_moment_in_six_is_never_owed_for_long() {
        let mut tally = Tally::default();
        assert!(!(0..1_000).any(|check| tally.weigh(check % 6 != 0)));
        let found = (0..40).filter(|check| tally.weigh(check % 2 != 0)).count();
        assert!((2..6).contains(&found), "{found}");
    }
}
