//! Which pictures are made: those that thresholds were chosen on, or others.

use crate::random::Random;

/// One drawing of lots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// Seeing was tuned on these.
    Tuned,
    /// The same people, rooms and conditions by other lots: other places, sizes, leanings and noise, each person in other rooms,
    /// and empty rooms from nearer and as in a mirror; covers differ by noise alone. A third as many. Nothing may be chosen by how they come out.
    HeldOut,
}

/// Apart from all numbers that the tuned pictures are drawn by.
const HELD_OUT: usize = 90_000_000;

/// Of the tuned pictures, how many there are for one that is held out.
const SHARE: usize = 3;

impl Draw {
    /// Of so many tuned pictures, how many there are.
    pub fn scenes(self, tuned: usize) -> usize {
        match self {
            Self::Tuned => tuned,
            Self::HeldOut => tuned.div_ceil(SHARE),
        }
    }

    /// The tuned picture that this one takes after. They are spread over all.
    pub fn model(self, scene: usize) -> usize {
        match self {
            Self::Tuned => scene,
            Self::HeldOut => scene * SHARE,
        }
    }

    /// The room of a picture.
    pub fn room(self, scene: usize) -> usize {
        match self {
            Self::Tuned => scene,
            Self::HeldOut => self.model(scene) + 11,
        }
    }

    /// Chance, for the picture of this number.
    pub fn random(self, number: usize) -> Random {
        Random::of(match self {
            Self::Tuned => number,
            Self::HeldOut => HELD_OUT + number,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_out_is_a_third_of_all_by_other_lots() {
        let (all, held) = (Draw::Tuned.scenes(52), Draw::HeldOut.scenes(52));
        assert_eq!((all, held), (52, 18));
        assert!((0..held).all(|scene| Draw::HeldOut.model(scene) < all));
        let first = |draw: Draw, number| draw.random(number).between(0.0..1.0);
        let tuned: Vec<_> = (0..5_000).map(|number| first(Draw::Tuned, number)).collect();
        assert!((0..50).all(|number| !tuned.contains(&first(Draw::HeldOut, number))));
    }
}
