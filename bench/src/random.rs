//! Chance that is the same in every run.

use std::{ops::Range, time::Duration};

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
pub struct Random(u64);

impl Random {
    /// A row of numbers of its own for every `number`.
    pub fn of(number: usize) -> Self {
        let mut seeds = Self(number as u64);
        Self(seeds.next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Evenly spread over `range`.
    pub fn between(&mut self, range: Range<f64>) -> f64 {
        // The 53 bits that a double keeps.
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        range.start + share * (range.end - range.start)
    }

    /// A share of `whole`, evenly spread over `range`.
    pub fn share(&mut self, whole: Duration, range: Range<f64>) -> Duration {
        whole.mul_f64(self.between(range))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_published_generator() {
        let mut random = Random(1_234_567);
        assert_eq!([random.next(), random.next()], [6_457_827_717_110_365_317, 3_203_168_211_198_807_973]);
    }

    #[test]
    fn numbers_are_spread_over_the_range() {
        let mut random = Random::of(7);
        let numbers: Vec<_> = (0..1_000).map(|_| random.between(2.0..4.0)).collect();
        let mean = numbers.iter().sum::<f64>() / 1_000.0;
        assert!(numbers.iter().all(|number| (2.0..4.0).contains(number)) && (2.9..3.1).contains(&mean));
    }
}
