//! How often the picture is looked at, so that looking takes no more of a machine than it can spare; and when to try again where
//! it does not work.

/// Looks in a second, at most. Candidates are told this number before they agree.
pub const LOOKS_PER_S: u32 = 2;
/// Milliseconds between two looks, usually.
const USUAL_MS: f64 = 1_000.0 / LOOKS_PER_S as f64;
/// Where looks had to be further apart (ms) there are none: they would tell nothing.
const SLOWEST_MS: f64 = 5_000.0;
/// Looking takes one part in so many of the time, at most.
const SHARE: f64 = 4.0;
/// One slow look is no slow machine: each counts for one part in so many.
const INERTIA: f64 = 4.0;
/// Paces are told in steps of so many milliseconds.
const STEP_MS: f64 = 250.0;
/// So many looks that fail in a row are too many.
const MAX_FAILURES: u32 = 3;
/// Milliseconds between two pictures that nothing looks at.
const BLIND_MS: u32 = 1_000;
/// Pauses (ms) before trying again: twice as long each time, up to the longest, which slow machines get at once.
const FIRST_PAUSE_MS: u32 = 2_000;
const LONGEST_PAUSE_MS: u32 = 60_000;

/// How looking goes.
#[derive(Debug)]
pub struct Pace {
    every_ms: f64,
    /// What was said of it last; None: nothing since looks were begun.
    told_ms: Option<u16>,
    failures: u32,
    blind: bool,
    pause_ms: u32,
}

/// What there is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// Looks come, so many milliseconds apart.
    Every { ms: u16 },
    /// Nothing looks any more. It is to be tried afresh after so many milliseconds.
    Blind { again_ms: u32 },
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { every_ms: USUAL_MS, told_ms: None, failures: 0, blind: false, pause_ms: FIRST_PAUSE_MS }
    }
}

impl Pace {
    /// Milliseconds until the next picture.
    pub fn every_ms(&self) -> u32 {
        if self.blind { BLIND_MS } else { self.every_ms as u32 }
    }

    /// Whether nothing looks, as was said.
    pub fn is_blind(&self) -> bool {
        self.blind
    }

    /// A look succeeded, and took so many milliseconds.
    pub fn looked(&mut self, took_ms: f64) -> Option<News> {
        self.blind = false;
        self.failures = 0;
        self.pause_ms = FIRST_PAUSE_MS;
        self.every_ms += ((took_ms * SHARE).max(USUAL_MS) - self.every_ms) / INERTIA;
        if self.every_ms > SLOWEST_MS {
            self.pause_ms = LONGEST_PAUSE_MS;
            return Some(self.give_up());
        }
        let ms = ((self.every_ms / STEP_MS).round() * STEP_MS) as u16;
        (self.told_ms.replace(ms) != Some(ms)).then_some(News::Every { ms })
    }

    /// A look failed.
    pub fn failed(&mut self) -> Option<News> {
        self.failures += 1;
        (self.failures >= MAX_FAILURES).then(|| self.give_up())
    }

    /// Nothing can look: what it takes cannot be loaded, say.
    pub fn give_up(&mut self) -> News {
        let again_ms = self.pause_ms;
        let pause_ms = (again_ms * 2).min(LONGEST_PAUSE_MS);
        *self = Pace { blind: true, pause_ms, ..Pace::default() };
        News::Blind { again_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks that take so long, until there are `count` or nothing looks. Gives what was said.
    fn looks(pace: &mut Pace, took_ms: f64, count: usize) -> Vec<News> {
        let mut said = Vec::new();
        for _ in 0..count {
            said.extend(pace.looked(took_ms));
            if pace.is_blind() {
                break;
            }
        }
        said
    }

    #[test]
    fn fast_machine_looks_twice_a_second_and_says_so_once() {
        let mut pace = Pace::default();
        assert_eq!(looks(&mut pace, 30.0, 100), [News::Every { ms: 500 }]);
        assert_eq!(pace.every_ms(), 500);
    }

    #[test]
    fn slow_machine_looks_less_often_and_recovers() {
        let mut pace = Pace::default();
        looks(&mut pace, 400.0, 40);
        // A quarter of the time.
        assert!((1_590..=1_600).contains(&pace.every_ms()), "{}", pace.every_ms());
        let said = looks(&mut pace, 50.0, 40);
        assert_eq!(said.last(), Some(&News::Every { ms: 500 }));
        assert!((500..=510).contains(&pace.every_ms()), "{}", pace.every_ms());
    }

    #[test]
    fn one_slow_look_is_no_slow_machine() {
        let mut pace = Pace::default();
        looks(&mut pace, 30.0, 10);
        pace.looked(2_000.0);
        assert!(!pace.is_blind() && pace.every_ms() < 2_500);
    }

    #[test]
    fn too_slow_a_machine_gives_up_and_tries_again_later() {
        let mut pace = Pace::default();
        let said = looks(&mut pace, 2_000.0, 100);
        assert_eq!(said.last(), Some(&News::Blind { again_ms: 60_000 }));
        assert_eq!((pace.is_blind(), pace.every_ms()), (true, 1_000));
        // It was busy with something else.
        assert_eq!(looks(&mut pace, 30.0, 100), [News::Every { ms: 500 }]);
        assert!(!pace.is_blind());
    }

    #[test]
    fn looks_that_fail_now_and_then_are_passed_over_and_many_in_a_row_are_not() {
        let mut pace = Pace::default();
        for _ in 0..20 {
            assert_eq!((pace.failed(), pace.failed()), (None, None));
            pace.looked(30.0);
        }
        assert_eq!((pace.failed(), pace.failed()), (None, None));
        assert_eq!(pace.failed(), Some(News::Blind { again_ms: 2_000 }));
    }

    #[test]
    fn pauses_grow_until_looks_come_and_that_is_said() {
        let mut pace = Pace::default();
        let pauses: Vec<_> = (0..7).map(|_| pace.give_up()).collect();
        let expected = [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000];
        assert_eq!(pauses, expected.map(|again_ms| News::Blind { again_ms }));
        assert_eq!(pace.looked(30.0), Some(News::Every { ms: 500 }));
        assert_eq!(pace.give_up(), News::Blind { again_ms: 2_000 });
    }
}
