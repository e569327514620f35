//! Made-up voices: harmonics of a fundamental that moves, shaped by the resonances of a mouth.

use std::f32::consts::TAU;

use super::*;

const RATE: f32 = 48_000.0;
const WINDOW: usize = 2_048;
/// Windows come so often (ms).
const EVERY_MS: u64 = 250;

/// Resonances (Hz) of an open mouth.
const MOUTH: [f32; 3] = [600.0, 1_400.0, 2_600.0];

/// A window of a voice at this pitch.
fn voice(hz: f32, rate: f32, loud: f32) -> Vec<f32> {
    let harmonics = (1..).map(|n| n as f32 * hz).take_while(|hz| *hz < 4_000.0);
    let parts: Vec<(f32, f32)> = harmonics
        .map(|at| {
            let mouth: f32 = MOUTH.iter().map(|peak| 1.0 / (1.0 + ((at - peak) / 120.0).powi(2))).sum();
            (at, (0.1 + mouth) * hz / at)
        })
        .collect();
    let sound = |time: f32| parts.iter().map(|(at, level)| level * (TAU * at * time).sin()).sum::<f32>();
    let samples: Vec<f32> = (0..WINDOW).map(|place| sound(place as f32 / rate)).collect();
    let power = samples.iter().map(|sample| sample * sample).sum::<f32>() / WINDOW as f32;
    samples.iter().map(|sample| sample * loud / power.sqrt()).collect()
}

fn tone(hz: f32, loud: f32) -> Vec<f32> {
    (0..WINDOW).map(|place| loud * (TAU * hz * place as f32 / RATE).sin()).collect()
}

/// Noise that differs from one seed to the other.
fn noise(seed: u64, loud: f32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        loud * ((state >> 40) as f32 / 8_388_608.0 - 1.0)
    };
    std::iter::repeat_with(next).take(WINDOW).collect()
}

/// A lively voice at `at` ms: it falls along each sentence of 3 s and rises on words, by `lively` semitones at most to either
/// side; between sentences, and between words, it is silent.
fn speech(hz: f32, lively: f32, at: u64) -> Vec<f32> {
    let seconds = at as f32 / 1_000.0;
    let sentence = (seconds % 3.0) / 3.0;
    if sentence > 0.85 || at.is_multiple_of(1_250) {
        return noise(at, 0.001);
    }
    let semitones = lively * (0.5 - sentence) + lively * 0.5 * (seconds * 4.1).sin();
    voice(hz * (semitones / 12.0).exp2(), RATE, 0.05)
}

/// Of two that take turns, whether the first one speaks.
fn is_first(at: u64) -> bool {
    (at / 6_000).is_multiple_of(2)
}

/// A deep voice and another one in turn.
fn turns(other: f32, at: u64) -> Vec<f32> {
    speech(if is_first(at) { 115.0 } else { other }, 3.0, at)
}

/// What is said within so many seconds of this sound.
fn hear(seconds: u64, sound: impl Fn(u64) -> Vec<f32>) -> Vec<Sound> {
    let mut ear = Ear::default();
    (0..seconds * 1_000 / EVERY_MS)
        .filter_map(|step| ear.hear(step * EVERY_MS, &sound(step * EVERY_MS), RATE))
        .collect()
}

#[test]
fn pitch_of_a_voice_is_found() {
    for rate in [16_000.0, 44_100.0, 48_000.0] {
        for hz in [80.0, 110.0, 150.0, 207.0, 260.0, 350.0] {
            let found = pitch(&voice(hz, rate, 0.05), rate).expect("voiced");
            let off = (found / hz).log2() * 12.0;
            assert!(off.abs() < 0.3, "{hz} Hz at {rate}: {found} Hz");
        }
    }
}

#[test]
fn noise_and_silence_have_no_pitch() {
    for seed in 1..50 {
        assert_eq!(pitch(&noise(seed, 0.1), RATE), None);
    }
    assert_eq!(pitch(&[0.0; WINDOW], RATE), None);
    assert_eq!(pitch(&[], RATE), None);
    assert_eq!(pitch(&[0.1; 16], RATE), None);
}

#[test]
fn one_voice_with_a_lively_intonation_is_one() {
    for hz in [95.0, 120.0, 210.0, 250.0] {
        assert_eq!(hear(300, |at| speech(hz, 4.0, at)), [], "{hz} Hz");
    }
}

#[test]
fn two_voices_that_take_turns_are_heard() {
    assert_eq!(hear(15, |at| turns(205.0, at)), []);
    assert_eq!(hear(30, |at| turns(205.0, at)), [Sound::SeveralVoices]);
    // It lasts, and is said again.
    assert!(hear(300, |at| turns(205.0, at)).len() > 4);
}

#[test]
fn one_voice_after_the_other_takes_no_turns() {
    // Somebody came in, say, and the one before left.
    assert_eq!(hear(120, |at| speech(if at < 60_000 { 115.0 } else { 205.0 }, 3.0, at)), []);
}

#[test]
fn two_voices_of_like_pitch_cannot_be_told() {
    assert_eq!(hear(120, |at| turns(130.0, at)), []);
}

#[test]
fn machine_that_hums_is_no_voice() {
    let sound = |at: u64| if is_first(at) { tone(100.0, 0.02) } else { speech(210.0, 3.0, at) };
    assert_eq!(hear(300, sound), []);
}

#[test]
fn noise_is_no_voice() {
    assert_eq!(hear(120, |at| noise(at + 1, 0.05)), []);
}

#[test]
fn quiet_voices_from_afar_are_passed_over() {
    let afar = |at: u64| turns(205.0, at).iter().map(|sample| sample * 0.03).collect();
    assert_eq!(hear(120, afar), []);
}

#[test]
fn loud_room_is_told_after_twenty_seconds_of_it() {
    assert_eq!(hear(19, |at| noise(at + 1, 0.5)), []);
    assert_eq!(hear(30, |at| noise(at + 1, 0.5)), [Sound::LoudRoom]);
    // Claps in a quiet room.
    assert_eq!(hear(120, |at| noise(at + 1, if at.is_multiple_of(2_000) { 0.3 } else { 0.001 })), []);
}
