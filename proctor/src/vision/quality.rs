//! How good a picture is, whoever is in it.

use super::frame::{Frame, Part, Small};

/// What is measured of each frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quality {
    /// Average brightness, 0..=255.
    pub brightness: f32,
    /// Variance of the Laplacian of the brightness, the picture being 160 pixels long: how much fine detail there is.
    pub sharpness: f32,
    /// Standard deviation of the brightness of coarse blocks: how much is drawn at all.
    pub contrast: f32,
    /// Whether nothing changed since the frame before, not even by noise.
    pub is_same: bool,
}

/// Measures frames one after the other.
#[derive(Clone, Debug, Default)]
pub struct Gauge {
    /// Bytes of some pixels of the frame before.
    before: Vec<u8>,
}

const SIDE: usize = 160;
/// Pixels on each side of a coarse block.
const BLOCK: usize = 10;
/// Of so many bytes one is compared with the frame before; odd, so that all channels are.
const STEP: usize = 37;

impl Gauge {
    pub fn measure(&mut self, frame: &Frame) -> Quality {
        let small = Small::of(frame, Part::whole(frame), SIDE);
        let luma = small.luma();
        let some: Vec<u8> = frame.data().iter().step_by(STEP).copied().collect();
        let is_same = some == self.before;
        self.before = some;
        Quality {
            brightness: mean(&luma),
            sharpness: variance(&laplacian(&luma, small.width)),
            contrast: variance(&blocks(&luma, small.width)).sqrt(),
            is_same,
        }
    }
}

/// Average brightness, 0..=255, of what was cut for a network.
#[cfg(feature = "identity")]
pub fn brightness(planes: &[f32]) -> f32 {
    let (red, rest) = planes.split_at(planes.len() / 3);
    let (green, blue) = rest.split_at(rest.len() / 2);
    255.0 * (0.299 * mean(red) + 0.587 * mean(green) + 0.114 * mean(blue))
}

/// How much each inner pixel differs from its four neighbours.
fn laplacian(luma: &[f32], width: usize) -> Vec<f32> {
    let rows = luma.len() / width;
    let mut edges = Vec::with_capacity(luma.len());
    for row in 1..rows.saturating_sub(1) {
        for at in row * width + 1..(row + 1) * width - 1 {
            edges.push(luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width] - 4.0 * luma[at]);
        }
    }
    edges
}

/// The brightness of blocks, in which noise has averaged out.
fn blocks(luma: &[f32], width: usize) -> Vec<f32> {
    let (across, rows) = (width.div_ceil(BLOCK), (luma.len() / width).div_ceil(BLOCK));
    let mut sums = vec![(0.0, 0.0); across * rows];
    for (at, value) in luma.iter().enumerate() {
        let sum = &mut sums[at / width / BLOCK * across + at % width / BLOCK];
        *sum = (sum.0 + value, sum.1 + 1.0);
    }
    sums.into_iter().map(|(sum, count)| sum / count).collect()
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}

fn variance(values: &[f32]) -> f32 {
    let mean = mean(values);
    values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len().max(1) as f32
}
