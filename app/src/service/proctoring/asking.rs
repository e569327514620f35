//! When a page is asked for a picture, and how it took that. A part of the checkpoint: a new connection changes nothing about it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{breaks::Breaks, by_chance, excuse::Excuse, tally::Tally};
use crate::{model::UnixMillis, service::tokens::random_bytes};

/// Milliseconds in which a page has to show what is asked for.
const ANSWER_MS: i64 = 20_000;

/// What is asked again because no picture came is asked soon, on average.
const SOON: Duration = Duration::from_secs(8);

/// So often in a row no picture may come for a reason that nobody can know: a camera that starts or was just lost.
const EXCUSED: u32 = 1;

/// So many pictures in a row make good what did not come before.
const MADE_GOOD: u32 = 4;

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
    /// What the pictures came to.
    pub tally: Tally,
    breaks: Breaks,
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

    /// What a check came to is no proof alone: the next one comes soon.
    pub fn ask_soon(&mut self, now: UnixMillis) {
        self.next_at = self.next_at.map(|_| later(now, SOON));
    }

    /// Another worker went on from where this began: what either of them counted counts. Whether this one had counted more.
    pub fn join(&mut self, other: &Self) -> bool {
        let before = (self.missed, self.tally.clone());
        self.missed = self.missed.max(other.missed);
        self.tally.join(&other.tally);
        before != (self.missed, self.tally.clone())
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
