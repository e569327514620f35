//! What is heard beside the candidate's own voice, for information: several voices in turn, and a loud room.
//!
//! Short windows of sound come in, a few in a second; nothing of them is kept but the pitch of those that are voiced. Several
//! voices are heard when within a minute pitches fall into two groups with nothing between, deep and high in turn: see
//! [`Ear::hear`]. The distance is what keeps one voice from being taken for two. Men speak at some 120 Hz and women at some
//! 210 Hz, ten semitones apart; how far one speaker's pitch varies depends on how lively the speech is, and is much the same for
//! both in semitones (H. Traunmüller and A. Eriksson, "The frequency range of the voice fundamental in the speech of male and
//! female adults", 1995). That is of single moments; the middle of 2 s varies less. The numbers below are choices of this program
//! on the careful side, tried with made-up voices alone.
//!
//! It cannot tell two voices of like pitch, voices that speak at once, or whispers: these are missed. It cannot tell who speaks
//! either, nor whether it is a person in the room, a loudspeaker, or the candidate who reads a dialogue with two voices.

mod pitch;

use std::collections::VecDeque;

use crate::signal::Sound;
use pitch::pitch;

/// Quieter windows (decibels of full scale) are no speech before the microphone.
const SPEECH_DB: f32 = -50.0;
/// So many voiced windows, within so long (ms), are a stretch of speech: 2 s of it where windows come four times a second.
const STRETCH: usize = 8;
const STRETCH_MS: u64 = 5_000;
/// Semitones between which a stretch varies, without its lowest and its highest: what varies more is more than one voice or no
/// voice at all, and what does not vary is a machine.
const VARIES: std::ops::RangeInclusive<f32> = 0.1..=5.0;
/// Two groups of stretches are two voices when they are so many semitones apart…
const APART: f32 = 5.0;
/// …each has so many stretches…
const EACH: usize = 3;
/// …and they take turns so often…
const TURNS: usize = 2;
/// …within so long (ms).
const WITHIN_MS: u64 = 60_000;

/// A room is loud from this average of a second on (decibels of full scale), for so long (ms).
const LOUD_DB: f32 = -25.0;
const LOUD_MS: u64 = 20_000;
const SECOND_MS: u64 = 1_000;

/// Listens to one microphone.
#[derive(Debug, Default)]
pub struct Ear {
    /// Voiced windows that are no stretch yet: when, and the pitch in semitones.
    voiced: VecDeque<(u64, f32)>,
    /// Stretches of the last time: when they ended, and their middle pitch.
    stretches: VecDeque<(u64, f32)>,
    second: Second,
    loud_since: Option<u64>,
}

/// The power of the windows of one second.
#[derive(Debug, Default)]
struct Second {
    began: u64,
    power: f32,
    windows: f32,
}

impl Ear {
    /// Takes a window of samples (-1..=1, `rate` of them a second; some 40 ms) that ended at `now` (ms). Answers what is to be
    /// said, if anything.
    pub fn hear(&mut self, now: u64, samples: &[f32], rate: f32) -> Option<Sound> {
        let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32;
        if self.is_loud(now, power) {
            return Some(Sound::LoudRoom);
        }
        if decibels(power) < SPEECH_DB {
            return None;
        }
        let semitones = pitch(samples, rate)?.log2() * 12.0;
        self.voiced.push_back((now, semitones));
        self.voiced.retain(|(then, _)| now.saturating_sub(*then) <= STRETCH_MS);
        if self.voiced.len() < STRETCH {
            return None;
        }
        let Some(middle) = middle(self.voiced.iter().map(|(_, pitch)| *pitch).collect()) else {
            // One voice may begin where the other ends.
            self.voiced.pop_front();
            return None;
        };
        self.voiced.clear();
        self.stretches.push_back((now, middle));
        self.stretches.retain(|(then, _)| now.saturating_sub(*then) <= WITHIN_MS);
        if !self.takes_turns() {
            return None;
        }
        self.stretches.clear();
        Some(Sound::SeveralVoices)
    }

    fn takes_turns(&self) -> bool {
        let mut sorted: Vec<f32> = self.stretches.iter().map(|(_, pitch)| *pitch).collect();
        sorted.sort_by(f32::total_cmp);
        sorted.windows(2).enumerate().filter(|(_, pair)| pair[1] - pair[0] >= APART).any(|(below, pair)| {
            let high: Vec<bool> = self.stretches.iter().map(|(_, pitch)| *pitch >= pair[1]).collect();
            let turns = high.windows(2).filter(|pair| pair[0] != pair[1]).count();
            (EACH..=sorted.len().saturating_sub(EACH)).contains(&(below + 1)) && turns >= TURNS
        })
    }

    /// Whether the room has been loud for long. Then it begins to count anew.
    fn is_loud(&mut self, now: u64, power: f32) -> bool {
        let second = &mut self.second;
        if now.saturating_sub(second.began) >= SECOND_MS {
            let loud = second.windows > 0.0 && decibels(second.power / second.windows) >= LOUD_DB;
            self.loud_since = if loud { self.loud_since.or(Some(second.began)) } else { None };
            *second = Second { began: now, ..Second::default() };
        }
        second.power += power;
        second.windows += 1.0;
        let long = self.loud_since.is_some_and(|since| now.saturating_sub(since) >= LOUD_MS);
        if long {
            self.loud_since = None;
        }
        long
    }
}

/// The middle of a stretch's pitches. None: they are not of one voice.
fn middle(mut pitches: Vec<f32>) -> Option<f32> {
    pitches.sort_by(f32::total_cmp);
    let [_, inner @ .., _] = pitches.as_slice() else { return None };
    let (lowest, highest) = (inner.first()?, inner.last()?);
    VARIES.contains(&(highest - lowest)).then(|| inner[inner.len() / 2])
}

fn decibels(power: f32) -> f32 {
    10.0 * (power + 1e-9).log10()
}

#[cfg(test)]
mod tests;
