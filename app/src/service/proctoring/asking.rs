//! When a page is asked for a picture, and how it took that. A part of the checkpoint: a new connection changes nothing about it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{breaks::Breaks, by_chance, excuse::Excuse, look::Shown};
use crate::{model::UnixMillis, service::tokens::random_bytes};

/// Milliseconds in which a page has to show what is asked for.
const ANSWER_MS: i64 = 20_000;

/// What is asked again because no picture came is asked soon, on average.
const SOON: Duration = Duration::from_secs(8);

/// So often in a row no picture may come for a reason that nobody can know: a camera that starts or was just lost.
const EXCUSED: u32 = 1;

/// So many pictures in a row make good what did not come before.
const MADE_GOOD: u32 = 4;

/// In a row, checks that show nothing, and nothing says why, come to so much: each is two, and a doubtful one, such as a hand before
/// the mouth makes, is one.
const UNCLEAR: u32 = 4;

/// So many in a row show nothing, and the log says why, and never for long enough that it came to something.
const TOLD: u32 = 8;

/// What a check costs that came to nothing, and that would be found if the next one did so, too. A good one takes one off.
const OWED: u32 = 4;

/// So much is owed by nobody whom checks meet at a bad moment now and then.
const OWED_TOO_MUCH: u32 = 20;

/// So many in a row show nobody or several where the log never came to that.
const UNLOGGED: u32 = 3;

/// Where the asking stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asking {
    next_at: Option<UnixMillis>,
    asked: Option<Asked>,
    /// What was asked for last over this connection.
    #[serde(skip)]
    here: Option<u64>,
    /// What was to be asked for, and nobody knows whether that is durable.
    #[serde(skip)]
    untold: Option<u64>,
    /// Times that no picture came, since the last ones that were made good.
    missed: u32,
    /// Pictures in a row that came since.
    came: u32,
    /// What checks in a row that showed nothing come to.
    unclear: u32,
    /// Checks in a row that showed nothing, as the log told, which never came to that.
    told: Row,
    /// Checks in a row that showed nobody or several, and the log never came to that.
    unlogged: Row,
    /// Checks in a row that showed nobody where somebody should be.
    nobody: Row,
    /// What checks that came to nothing, one at a time, come to.
    owed: u32,
    breaks: Breaks,
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

    /// What both of them counted.
    fn join(&mut self, other: Self) {
        if other.times > self.times {
            *self = other;
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    nonce: u64,
    pub at: UnixMillis,
    /// What the log had said by then.
    pub excuse: Excuse,
}

impl Asking {
    /// The interview goes on. When the next picture is asked for stays as it was.
    pub fn begin(&mut self, now: UnixMillis, mean: Duration) {
        self.next_at.get_or_insert_with(|| later(now, mean));
    }

    /// The clock was set back by so much (ms).
    pub fn set_back(&mut self, by_ms: i64) {
        self.next_at = self.next_at.map(|at| at.earlier_by(by_ms));
        self.asked = self.asked.map(|asked| Asked {
            at: asked.at.earlier_by(by_ms),
            excuse: asked.excuse.set_back(by_ms),
            ..asked
        });
        self.breaks.set_back(by_ms);
    }

    pub fn end(&mut self) {
        self.next_at = None;
        self.asked = None;
    }

    /// Asks, if it is time. `excuse`: what the log says.
    pub fn ask(&mut self, now: UnixMillis, mean: Duration, excuse: Excuse) -> Option<u64> {
        if self.asked.is_some() || self.next_at.is_none_or(|at| at > now) {
            return None;
        }
        let nonce = self.untold.take().unwrap_or_else(|| u64::from_le_bytes(random_bytes()));
        self.next_at = Some(later(now, mean));
        self.breaks.stood(now, false);
        self.asked = Some(Asked { nonce, at: now, excuse });
        self.here = Some(nonce);
        Some(nonce)
    }

    /// The page was not told what was just asked for, since the store may not know it: all is as it was `before`. The next time
    /// the same is asked for, because the store may know it all the same.
    pub fn take_back(&mut self, before: Self) {
        *self = Self { here: self.here, untold: self.here, ..before };
    }

    /// An answer came. What was asked; None: it is to nothing that was.
    pub fn answered(&mut self, nonce: u64, now: UnixMillis) -> Option<Asked> {
        self.settled(now, |asked| asked.nonce == nonce)
    }

    /// No answer came in time over a channel that is up: what was asked. Said once.
    pub fn late(&mut self, now: UnixMillis) -> Option<Asked> {
        self.settled(now, |asked| now.since(asked.at) > ANSWER_MS)
    }

    fn settled(&mut self, now: UnixMillis, is_it: impl Fn(&Asked) -> bool) -> Option<Asked> {
        let owed = self.owes();
        let asked = self.asked.take_if(|asked| is_it(asked))?;
        self.breaks.stood(now, owed);
        Some(asked)
    }

    /// Whether a picture is asked for that there has to be.
    fn owes(&self) -> bool {
        self.asked.is_some_and(|asked| !asked.excuse.blind)
    }

    /// The connection ended.
    pub fn lost(&mut self, now: UnixMillis) {
        self.breaks.broke(now, self.owes());
    }

    /// A new connection begins. Whether those before ended while a picture was asked for more often than by chance.
    pub fn reconnected(&mut self, now: UnixMillis) -> bool {
        // Nobody was there to say so where a worker died, or the page came to another one first.
        self.lost(now);
        if self.next_at.is_none() {
            return false;
        }
        self.breaks.stands(now);
        let owed = self.owes();
        if self.asked.take().is_some() {
            self.next_at = Some(later(now, SOON));
        }
        owed && self.breaks.hold()
    }

    /// There was no picture, for no reason that can be known. Whether that was too often.
    pub fn missed(&mut self, now: UnixMillis) -> bool {
        self.missed = self.missed.saturating_add(1);
        self.came = 0;
        self.next_at = Some(later(now, SOON));
        self.missed > EXCUSED
    }

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

    /// A picture came. `shows`: something, or the log tells why not.
    pub fn came(&mut self, shows: bool) {
        self.breaks.came();
        if shows {
            self.came = self.came.saturating_add(1);
            if self.came >= MADE_GOOD {
                self.missed = 0;
            }
        }
    }

    /// What a check showed; None: that cannot be told, and changes nothing. Answers whether nothing was to be seen too often; where
    /// there was nothing at all, it is asked again soon.
    pub fn showed(&mut self, shown: Option<Shown>, now: UnixMillis) -> bool {
        let more = match shown {
            None | Some(Shown::Told(_)) => return false,
            Some(Shown::Something) => {
                self.unclear = 0;
                self.told = Row::default();
                return false;
            }
            Some(Shown::Doubtful) => 1,
            Some(Shown::Nothing) => {
                self.next_at = self.next_at.map(|_| later(now, SOON));
                2
            }
        };
        self.unclear = self.unclear.saturating_add(more);
        self.unclear >= UNCLEAR
    }

    /// A check at `at_ms` showed nothing, as the log told, which comes to something after so long. `came`: it did. Whether it never
    /// does.
    pub fn told(&mut self, came: bool, at_ms: u32, after_ms: u32) -> bool {
        if came {
            self.told = Row::default();
            return false;
        }
        let Row { times, first_ms } = self.told.add(at_ms);
        times >= TOLD && at_ms.saturating_sub(first_ms) > after_ms
    }

    /// A check at `at_ms` showed nobody, or several, to which a log comes after so long. `came`: it did, or there is one person.
    /// Whether it never does. It is asked again soon.
    pub fn unlogged(&mut self, came: bool, at_ms: u32, after_ms: u32, now: UnixMillis) -> bool {
        if came {
            self.unlogged = Row::default();
            return false;
        }
        self.next_at = self.next_at.map(|_| later(now, SOON));
        let Row { times, first_ms } = self.unlogged.add(at_ms);
        times >= UNLOGGED && at_ms.saturating_sub(first_ms) > after_ms
    }

    /// Whether a check at `at_ms` shows nobody where somebody should be; None: that cannot be told, and changes nothing. One
    /// alone is no proof, so it is asked again soon. Answers how many there are in a row.
    pub fn empty(&mut self, nobody: Option<bool>, at_ms: u32, now: UnixMillis) -> Row {
        match nobody {
            Some(true) => {
                self.nobody.add(at_ms);
                self.next_at = self.next_at.map(|_| later(now, SOON));
            }
            Some(false) => self.nobody = Row::default(),
            None => {}
        }
        self.nobody
    }

    /// Another worker went on from where this began: what either of them counted counts. Whether this one had counted more.
    pub fn join(&mut self, other: &Self) -> bool {
        let counted =
            |asking: &Self| (asking.missed, asking.unclear, asking.owed, asking.told, asking.unlogged, asking.nobody);
        let before = counted(self);
        self.missed = self.missed.max(other.missed);
        self.unclear = self.unclear.max(other.unclear);
        self.owed = self.owed.max(other.owed);
        self.told.join(other.told);
        self.unlogged.join(other.unlogged);
        self.nobody.join(other.nobody);
        before != counted(self)
    }
}

fn later(now: UnixMillis, mean: Duration) -> UnixMillis {
    UnixMillis(now.0 + i64::try_from(by_chance(mean).as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use proctor::{policy::Kind, wire::Down};

    use super::{super::look::Finding, *};
    use crate::service::tests::{
        proctoring::{ONE, Reporting, open_again, reporting},
        untrusted::contradictions,
    };

    const MEAN: Duration = Duration::from_secs(60);

    /// Asks when it is time, and answers when that was.
    fn asked(asking: &mut Asking, now: &mut UnixMillis) -> u64 {
        loop {
            now.0 += 1_000;
            if let Some(nonce) = asking.ask(*now, MEAN, Excuse::default()) {
                return nonce;
            }
        }
    }

    #[test]
    fn connections_that_break_just_when_it_is_asked_are_excused_twice_and_it_is_asked_again_soon() {
        let (mut asking, mut now) = (Asking::default(), UnixMillis(0));
        assert!(!asking.reconnected(now), "the interview has not begun");
        asking.begin(now, MEAN);
        assert!(!asking.reconnected(now), "and nothing was asked yet");
        let held = [true, false, true, true, true].map(|says_so| {
            let before = now;
            asked(&mut asking, &mut now);
            assert!(now.since(before) <= if before == UnixMillis(0) { 181_000 } else { 25_000 });
            // The worker may die, and say nothing.
            if says_so {
                asking.lost(now);
            }
            let held = asking.reconnected(now);
            assert!(!asking.reconnected(now), "nothing was asked since");
            held
        });
        assert_eq!(held, [false, false, true, false, true]);
    }

    #[test]
    fn a_connection_that_breaks_while_there_is_no_picture_is_none_that_broke_when_it_was_asked() {
        let (mut asking, mut now) = (Asking::default(), UnixMillis(0));
        asking.begin(now, MEAN);
        for _ in 0..9 {
            now.0 += 200_000;
            assert!(asking.ask(now, MEAN, Excuse { blind: true, ..Excuse::default() }).is_some());
            asking.lost(now);
            assert!(!asking.reconnected(now));
        }
    }

    #[test]
    fn what_is_missing_is_excused_once_until_pictures_come_again() {
        let (mut asking, mut now) = (Asking::default(), UnixMillis(0));
        asking.begin(now, MEAN);
        assert_eq!([asking.missed(now), asking.missed(now)], [false, true]);
        for _ in 0..MADE_GOOD {
            let nonce = asked(&mut asking, &mut now);
            assert!(asking.answered(nonce, now).is_some() && asking.answered(nonce, now).is_none());
            asking.came(true);
        }
        assert!(!asking.missed(now));
    }

    #[test]
    fn nothing_but_the_answer_to_what_was_asked_counts_and_only_in_time() {
        let (mut asking, mut now) = (Asking::default(), UnixMillis(0));
        assert_eq!(asking.ask(UnixMillis(i64::MAX), MEAN, Excuse::default()), None, "the interview has not begun");
        asking.begin(now, MEAN);
        let nonce = asked(&mut asking, &mut now);
        let asked_at = now;
        assert_eq!(asking.answered(nonce.wrapping_add(1), now), None);
        assert_eq!(asking.late(now), None);
        now.0 += ANSWER_MS + 1;
        assert_eq!((asking.late(now).map(|asked| asked.at), asking.late(now)), (Some(asked_at), None));
    }

    #[test]
    fn checks_that_show_nothing_are_in_a_row_until_one_shows_something() {
        let (something, doubtful, nothing) = (Some(Shown::Something), Some(Shown::Doubtful), Some(Shown::Nothing));
        let found = |row: [Option<Shown>; 6]| {
            let mut asking = Asking::default();
            row.map(|shown| asking.showed(shown, UnixMillis(0)))
        };
        assert_eq!(
            found([nothing, None, nothing, None, something, nothing]),
            [false, false, true, false, false, false]
        );
        assert_eq!(
            found([doubtful, doubtful, doubtful, doubtful, something, doubtful]),
            [false, false, false, true, false, false]
        );
        assert_eq!(found([doubtful, nothing, doubtful, nothing, None, None]), [false, false, true, true, false, false]);
    }

    /// A picture is to be asked for now.
    fn be_due(page: &mut Reporting) {
        if let Some(on) = &mut page.watcher.on {
            on.asking.next_at = Some(UnixMillis(0));
        }
    }

    #[tokio::test]
    async fn a_picture_is_asked_for_once_that_is_durable_though_what_was_to_follow_fails() {
        let mut failed_later = 0;
        for successes in 0..12 {
            let (world, worker, mut page) = reporting().await;
            page.looks(&world, 3, ONE).await;
            be_due(&mut page);
            page.watcher.find(Kind::Tampering, Finding::Malformed);
            let before = world.blobs.count(page.id, "log/");
            world.store.be_unavailable_after(successes);
            let downs = page.watcher.spot_check().await;
            world.store.be_unavailable_after(0);
            world.store.be_unavailable(0);
            let Some(Down::ShowMe { nonce }) = downs.last() else { continue };
            assert_eq!(world.blobs.count(page.id, "log/"), before + 1, "{successes}");
            failed_later += u32::from(downs.len() == 1);
            page.answers(*nonce, ONE, 1).await;
            page.looks(&world, 8, ONE).await;
            assert_eq!(worker.proctor.checks(page.id).await.unwrap().len(), 1);
        }
        assert!(failed_later > 0);
    }

    #[tokio::test]
    async fn a_picture_that_the_page_was_never_asked_for_is_no_connection_that_broke() {
        let (world, worker, mut page) = reporting().await;
        for store_is_down in [false, true, false, true] {
            page.looks(&world, 1, ONE).await;
            be_due(&mut page);
            // The store keeps that it is asked for, and cannot say so.
            world.blobs.lose_answer("log/");
            assert_eq!(page.watcher.spot_check().await, []);
            if store_is_down {
                world.blobs.fail(true);
                assert_eq!(page.watcher.tick().await, []);
                world.blobs.fail(false);
            }
            assert!(page.watcher.tick().await.contains(&Down::OpenAgain));
            open_again(&mut page).await;
        }
        page.looks(&world, 1, ONE).await;
        assert_eq!(contradictions(&page, &worker).await, []);
    }
}
