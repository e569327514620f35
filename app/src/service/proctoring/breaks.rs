//! Connections that break: by chance, or just when a picture is asked for.
//!
//! A line that breaks by chance does so as often a minute while a picture is asked for as it does otherwise. Only a page whose
//! connections break more than three times as often then, and twice more on top for each time that it is held against it, hangs up.
//! So does one whose connections break ten times in a row when they are asked: how often they break otherwise is the page's to choose.

use serde::{Deserialize, Serialize};

use crate::model::UnixMillis;

/// So many times as often as by chance is chance still: pictures take long over bad lines, and strain them.
const TIMES: u64 = 3;

/// So many more for each time that it is held against the page.
const MORE: u64 = 2;

/// Milliseconds that count of one time that a picture is asked for, at most: it has to come by then.
const LONGEST_MS: u64 = 20_000;

/// Milliseconds for which a connection has to stand before its end means anything: some networks let each begin and cut it at once,
/// before a picture could be sent.
const STANDS_MS: i64 = 2_000;

/// So many in a row while a picture is asked for, and none came in between, are no chance however often the line breaks.
const IN_A_ROW: u64 = 10;

/// What breaks, and in how much time. A part of the checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Breaks {
    /// Until when the time of this connection is counted. None: there is none, or nothing was asked yet.
    until: Option<UnixMillis>,
    /// Since when the last one stood.
    since: Option<UnixMillis>,
    /// It stood too short a time.
    was_short: bool,
    otherwise: Broken,
    asked: Broken,
    /// Of those while a picture is asked for: since the last one came.
    in_a_row: u64,
    /// How often it was held against the page.
    held: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Broken {
    times: u64,
    /// In so many milliseconds of connections.
    of_ms: u64,
}

impl Breaks {
    /// The clock was set back by so much (ms).
    pub fn set_back(&mut self, by_ms: i64) {
        for at in [&mut self.until, &mut self.since].into_iter().flatten() {
            *at = at.earlier_by(by_ms);
        }
    }

    /// The connection stands from now on.
    pub fn stands(&mut self, now: UnixMillis) {
        self.until = Some(now);
        self.since = Some(now);
    }

    /// It stood until now. `asked`: while a picture was asked for.
    pub fn stood(&mut self, now: UnixMillis, asked: bool) {
        let Some(until) = self.until.replace(now) else { return };
        let passed_ms = u64::try_from(now.since(until)).unwrap_or(0);
        if asked {
            self.asked.of_ms += passed_ms.min(LONGEST_MS);
        } else {
            self.otherwise.of_ms += passed_ms;
        }
    }

    /// It broke. Said again before it stands again, that changes nothing.
    pub fn broke(&mut self, now: UnixMillis, asked: bool) {
        if self.until.is_none() {
            return;
        }
        self.was_short = self.since.is_some_and(|since| now.since(since) < STANDS_MS);
        let asked = asked && !self.was_short;
        self.stood(now, asked);
        self.until = None;
        let broken = if asked { &mut self.asked } else { &mut self.otherwise };
        broken.times += 1;
    }

    /// A picture came.
    pub fn came(&mut self) {
        self.in_a_row = 0;
    }

    /// It just broke while a picture was asked for. Whether that is more than chance, and held against the page.
    pub fn hold(&mut self) -> bool {
        if self.was_short {
            return false;
        }
        let Broken { times, of_ms } = self.otherwise;
        let of_ms = of_ms.max(1);
        // Both sides in parts of the time otherwise, so that nothing is divided.
        let by_chance = times * self.asked.of_ms;
        self.in_a_row += 1;
        let is_more = self.asked.times * of_ms > TIMES * by_chance + MORE * (self.held + 1) * of_ms;
        let is_more = is_more || self.in_a_row.is_multiple_of(IN_A_ROW);
        self.held += u64::from(is_more);
        is_more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: f64 = 1_000.0;

    /// The same numbers every time.
    struct Dice(u64);

    impl Dice {
        /// Between 0 and 1.
        fn throw(&mut self) -> f64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 33) as f64 + 0.5) / (1u64 << 31) as f64
        }

        /// Exponentially distributed, in ms.
        fn wait(&mut self, mean_ms: f64) -> f64 {
            mean_ms * -self.throw().ln()
        }

        fn asks_in(&mut self, mean_s: f64) -> f64 {
            mean_s * SECOND * (-self.throw().ln()).clamp(0.25, 3.0)
        }
    }

    /// How often it is held against a page in 45 minutes, asked once a minute or, after a break, soon. The line breaks every so
    /// many seconds on average, and a picture takes so long. `hangs_up`: so many seconds after each time it is asked.
    fn held(seed: u64, every_s: f64, takes_s: f64, hangs_up: Option<f64>) -> (u64, u32) {
        let (mut breaks, mut dice, mut asked) = (Breaks::default(), Dice(seed), 0);
        let at = |ms: f64| UnixMillis(ms as i64);
        let (mut now, mut next, mut broken) = (0.0, dice.asks_in(60.0), dice.wait(every_s * SECOND));
        breaks.stands(at(now));
        while now < 45.0 * 60.0 * SECOND && breaks.held < 2 {
            let is_asked = next < broken;
            if is_asked {
                asked += 1;
                breaks.stood(at(next), false);
                let takes = takes_s * SECOND * (0.6 + dice.throw());
                let breaks_at = hangs_up.map_or(broken, |s| next + s * SECOND);
                if hangs_up.is_none() && next + takes < breaks_at {
                    breaks.stood(at(next + takes), true);
                    breaks.came();
                    now = next + takes;
                    next = now + dice.asks_in(60.0);
                    continue;
                }
                broken = breaks_at;
            }
            breaks.broke(at(broken), is_asked);
            now = broken + 1.5 * SECOND;
            next = if is_asked { now + dice.asks_in(8.0) } else { f64::max(next, now) };
            if is_asked {
                breaks.hold();
            }
            breaks.stands(at(now));
            broken = now + dice.wait(every_s * SECOND);
        }
        (breaks.held, asked)
    }

    #[test]
    fn lines_that_break_by_chance_are_held_against_next_to_nobody() {
        for (every_s, takes_s) in
            [(10.0, 1.0), (10.0, 4.0), (20.0, 2.0), (30.0, 4.0), (60.0, 7.0), (20.0, 7.0), (30.0, 15.0), (60.0, 15.0)]
        {
            let accused = (0..1_000).filter(|seed| held(*seed, every_s, takes_s, None).0 == 2).count();
            assert!(accused <= 20, "every {every_s} s, {takes_s} s: {accused} of 1000");
        }
    }

    #[test]
    fn pages_that_hang_up_when_they_are_asked_are_found_out_also_where_their_lines_break() {
        for (every_s, waits_s) in [
            (1e9, 0.1),
            (1e9, 7.0),
            (1e9, 19.0),
            (60.0, 2.0),
            (20.0, 2.0),
            (10.0, 0.1),
            (5.0, 5.0),
            (5.0, 19.0),
            (8.0, 5.0),
            (10.0, 10.0),
        ] {
            for seed in 0..100 {
                let (held, asked) = held(seed, every_s, 1.0, Some(waits_s));
                assert!(held == 2 && asked <= 20, "every {every_s} s, {waits_s} s: {held}, asked {asked} times");
            }
        }
    }

    #[test]
    fn two_breaks_are_chance_the_third_is_held_against_a_page_and_a_fifth_again() {
        let mut breaks = Breaks::default();
        let held = (0..6).map(|n| {
            breaks.stands(UnixMillis(n * 10_000));
            breaks.stood(UnixMillis(n * 10_000 + 8_000), false);
            breaks.broke(UnixMillis(n * 10_000 + 9_000), true);
            breaks.broke(UnixMillis(n * 10_000 + 9_000), true);
            breaks.hold()
        });
        assert_eq!(held.collect::<Vec<_>>(), [false, false, true, false, true, false]);
    }

    #[test]
    fn connections_that_are_cut_at_once_are_held_against_nobody() {
        let mut breaks = Breaks::default();
        for n in 0..30 {
            breaks.stands(UnixMillis(n * 10_000));
            breaks.stood(UnixMillis(n * 10_000), false);
            breaks.broke(UnixMillis(n * 10_000 + 900), true);
            assert!(!breaks.hold());
        }
        breaks.stands(UnixMillis(900_000));
        breaks.broke(UnixMillis(909_000), true);
        assert!(!breaks.hold(), "nor do they count of one that stood");

        let mut breaks = Breaks::default();
        for n in 0..3 {
            breaks.stands(UnixMillis(n * 100_000 + 50_000));
            breaks.set_back(30_000);
            breaks.broke(UnixMillis(n * 100_000 + 29_000), true);
            assert_eq!(breaks.hold(), n == 2, "for nine seconds, also by a clock that was set back");
        }
    }
}
