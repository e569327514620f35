//! The pitch of a voice, by how like itself a sound is after one period: the normalised square difference of
//! McLeod and Wyvill, "A smarter way to find pitch" (2005).

/// Fundamentals (Hz) between which voices are looked for.
const LOWEST_HZ: f32 = 70.0;
const HIGHEST_HZ: f32 = 400.0;
/// A sound is thinned down to no less than so many samples a second: voices' periods show in them, and it costs less.
const ENOUGH_HZ: f32 = 12_000.0;
/// What is voiced is so like itself, of 1, after one period.
const VOICED: f32 = 0.8;
/// The first peak that is so high, as a share of the highest, is the period; others are its multiples.
const FIRST: f32 = 0.93;

/// The fundamental of a short window, in Hz. None: nothing voiced is heard, or the window is too short for deep voices.
pub(super) fn pitch(samples: &[f32], rate: f32) -> Option<f32> {
    let step = ((rate / ENOUGH_HZ) as usize).max(1);
    let mut thin: Vec<f32> = samples.chunks_exact(step).map(|some| some.iter().sum::<f32>() / step as f32).collect();
    let mean = thin.iter().sum::<f32>() / thin.len().max(1) as f32;
    thin.iter_mut().for_each(|sample| *sample -= mean);
    let rate = rate / step as f32;
    let shortest = (rate / HIGHEST_HZ) as usize;
    let longest = (rate / LOWEST_HZ) as usize;
    if shortest < 2 || thin.len() < longest * 2 {
        return None;
    }
    let alike: Vec<f32> = (shortest - 1..=longest + 1).map(|lag| likeness(&thin, lag)).collect();
    let peaks = || alike.windows(3).enumerate().filter(|(_, near)| near[0] < near[1] && near[1] >= near[2]);
    let highest = peaks().map(|(_, near)| near[1]).fold(0.0, f32::max);
    if highest < VOICED {
        return None;
    }
    let (place, near) = peaks().find(|(_, near)| near[1] >= highest * FIRST)?;
    // The top of the parabola through the three.
    let top = 0.5 * (near[0] - near[2]) / (near[0] - 2.0 * near[1] + near[2]);
    Some(rate / ((shortest + place) as f32 + top))
}

/// How like itself it is so many samples later: 1 is the same, 0 is nothing alike, -1 the opposite.
fn likeness(samples: &[f32], lag: usize) -> f32 {
    let (product, power) = samples
        .iter()
        .zip(&samples[lag..])
        .fold((0.0, 0.0), |(product, power), (now, later)| (product + now * later, power + now * now + later * later));
    if power > 0.0 { 2.0 * product / power } else { 0.0 }
}
