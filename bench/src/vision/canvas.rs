//! Pictures that scenes are composed on.

use proctor::vision::{Picture, VisionError};

use crate::random::Random;

/// Colours of pixels, 0..=255, rows from the top.
#[derive(Clone)]
pub struct Canvas {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<[f32; 3]>,
}

/// A picture read from a file, averaged down by halves for drawing it small.
pub struct Photo {
    levels: Vec<Canvas>,
}

impl Canvas {
    pub fn plain(width: usize, height: usize, color: [f32; 3]) -> Self {
        Self { width, height, pixels: vec![color; width * height] }
    }

    pub fn of(picture: &Picture) -> Self {
        let pixels = picture.data.chunks_exact(4).map(|pixel| [pixel[0], pixel[1], pixel[2]].map(f32::from)).collect();
        Self { width: picture.width as usize, height: picture.height as usize, pixels }
    }

    pub fn picture(&self) -> Picture {
        let byte = |value: f32| value.round().clamp(0.0, 255.0) as u8;
        let data = self.pixels.iter().flat_map(|[r, g, b]| [byte(*r), byte(*g), byte(*b), 255]).collect();
        Picture { width: self.width as u32, height: self.height as u32, data }
    }

    /// The colour between four pixels; at the edges that of the nearest.
    pub fn between(&self, x: f32, y: f32) -> [f32; 3] {
        let x = (x - 0.5).clamp(0.0, self.width as f32 - 1.0);
        let y = (y - 0.5).clamp(0.0, self.height as f32 - 1.0);
        let (left, top) = (x as usize, y as usize);
        let (right, bottom) = ((left + 1).min(self.width - 1), (top + 1).min(self.height - 1));
        let (across, along) = (x - left as f32, y - top as f32);
        let at = |x: usize, y: usize| self.pixels[y * self.width + x];
        let [a, b, c, d] = [at(left, top), at(right, top), at(left, bottom), at(right, bottom)];
        std::array::from_fn(|channel| {
            let above = a[channel] + (b[channel] - a[channel]) * across;
            let below = c[channel] + (d[channel] - c[channel]) * across;
            above + (below - above) * along
        })
    }

    fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mean = |x: usize, y: usize| {
            let at = 2 * y * self.width + 2 * x;
            let four = [at, at + 1, at + self.width, at + self.width + 1].map(|at| self.pixels[at]);
            std::array::from_fn(|channel| four.iter().map(|pixel| pixel[channel]).sum::<f32>() / 4.0)
        };
        let pixels = (0..width * height).map(|at| mean(at % width, at / width)).collect();
        Self { width, height, pixels }
    }

    /// Changes each colour value.
    pub fn each(&mut self, change: impl Fn(f32) -> f32) {
        self.pixels.iter_mut().flatten().for_each(|value| *value = change(*value));
    }

    /// Multiplies the colours, as light of this colour does.
    pub fn light(&mut self, factors: [f32; 3]) {
        for pixel in &mut self.pixels {
            pixel.iter_mut().zip(factors).for_each(|(value, factor)| *value = (*value * factor).clamp(0.0, 255.0));
        }
    }

    /// A camera's noise, with this standard deviation.
    pub fn noise(&mut self, deviation: f32, random: &mut Random) {
        for value in self.pixels.iter_mut().flatten() {
            // Four even numbers make one that is nearly normal, with a variance of a third.
            let sum: f64 = (0..4).map(|_| random.between(-0.5..0.5)).sum();
            *value = (*value + sum as f32 * deviation * 3_f32.sqrt()).clamp(0.0, 255.0);
        }
    }

    /// Averages over so many pixels on each side, twice.
    pub fn blur(&mut self, radius: usize) {
        for _ in 0..2 {
            self.average(radius, 1, self.width, self.width, self.height);
            self.average(radius, self.width, self.height, 1, self.width);
        }
    }

    /// Averages along lines of `length` pixels that lie `step` apart; the lines begin `next` apart.
    fn average(&mut self, radius: usize, step: usize, length: usize, next: usize, lines: usize) {
        for line in 0..lines {
            let start = line * next;
            let values: Vec<[f32; 3]> = (0..length).map(|at| self.pixels[start + at * step]).collect();
            for at in 0..length {
                let near = &values[at.saturating_sub(radius)..(at + radius + 1).min(length)];
                let mean = |channel: usize| near.iter().map(|value| value[channel]).sum::<f32>() / near.len() as f32;
                self.pixels[start + at * step] = std::array::from_fn(mean);
            }
        }
    }
}

impl Photo {
    pub fn new(picture: &Picture) -> Self {
        let mut levels = vec![Canvas::of(picture)];
        while let Some(last) = levels.last()
            && last.width.min(last.height) >= 64
        {
            let half = last.halved();
            levels.push(half);
        }
        Self { levels }
    }

    pub fn full(&self) -> &Canvas {
        &self.levels[0]
    }

    /// The colour at a point of the full picture, for drawing it `scale` times as large.
    pub fn color(&self, x: f32, y: f32, scale: f32) -> [f32; 3] {
        let level = ((1.0 / scale).log2().round().max(0.0) as usize).min(self.levels.len() - 1);
        let share = 1.0 / (1 << level) as f32;
        self.levels[level].between(x * share, y * share)
    }

    /// The picture filling a canvas, its edges cut off where the shapes differ.
    pub fn filling(&self, width: usize, height: usize) -> Canvas {
        let full = self.full();
        let scale = (width as f32 / full.width as f32).max(height as f32 / full.height as f32);
        let (left, top) =
            ((full.width as f32 - width as f32 / scale) / 2.0, (full.height as f32 - height as f32 / scale) / 2.0);
        let color = |at: usize| {
            let (x, y) = ((at % width) as f32 + 0.5, (at / width) as f32 + 0.5);
            self.color(left + x / scale, top + y / scale, scale)
        };
        Canvas { width, height, pixels: (0..width * height).map(color).collect() }
    }
}

/// Reads a picture by its name's ending.
pub fn read(name: &str, bytes: &[u8]) -> anyhow::Result<Picture> {
    if name.ends_with(".png") { png(bytes) } else { Ok(jpeg(bytes)?) }
}

fn jpeg(bytes: &[u8]) -> Result<Picture, VisionError> {
    Picture::from_jpeg(bytes)
}

fn png(bytes: &[u8]) -> anyhow::Result<Picture> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let size = reader.output_buffer_size().ok_or_else(|| anyhow::anyhow!("too large"))?;
    let mut buffer = vec![0; size];
    let info = reader.next_frame(&mut buffer)?;
    let samples = info.color_type.samples();
    let color = |pixel: &[u8]| if samples < 3 { [pixel[0]; 3] } else { [pixel[0], pixel[1], pixel[2]] };
    let rgba = |pixel: &[u8]| {
        let [red, green, blue] = color(pixel);
        [red, green, blue, 255]
    };
    let data = buffer[..info.buffer_size()].chunks_exact(samples).flat_map(rgba).collect();
    Ok(Picture { width: info.width, height: info.height, data })
}
