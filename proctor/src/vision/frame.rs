//! Pictures, and what is cut out of them for a network.

use super::VisionError;

/// Pixels on the longer side that a frame may have at most.
pub const LARGEST: u32 = 4096;

/// A picture: rows from the top, four bytes (red, green, blue and one that is not looked at) for each pixel.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    width: usize,
    height: usize,
    data: &'a [u8],
}

impl<'a> Frame<'a> {
    /// # Errors
    /// `BadFrame` where the bytes do not fit the size, or the size is zero or more than [`LARGEST`].
    pub fn new(width: u32, height: u32, data: &'a [u8]) -> Result<Self, VisionError> {
        let sides = 1..=LARGEST;
        if !sides.contains(&width) || !sides.contains(&height) || data.len() != (width * height * 4) as usize {
            return Err(VisionError::BadFrame { width, height, bytes: data.len() });
        }
        Ok(Self { width: width as usize, height: height as usize, data })
    }

    /// A square one, of as many bytes as it has to have.
    pub(super) fn square(side: usize, data: &'a [u8]) -> Self {
        Self { width: side, height: side, data }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.height
    }

    pub(super) fn data(&self) -> &'a [u8] {
        self.data
    }

    fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let at = (y * self.width + x) * 4;
        [self.data[at], self.data[at + 1], self.data[at + 2]]
    }
}

/// An upright part of a frame, in whole pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
}

impl Part {
    pub fn whole(frame: &Frame) -> Self {
        Self { x: 0, y: 0, width: frame.width, height: frame.height }
    }
}

/// A part of a frame, made small: each pixel is the average of those that it stands for. RGB.
#[derive(Clone, Debug)]
pub struct Small {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<u8>,
}

impl Small {
    /// The longer side gets `side` pixels, or stays as it is where it is shorter.
    pub fn of(frame: &Frame, part: Part, side: usize) -> Self {
        let scale = (side as f32 / part.width.max(part.height) as f32).min(1.0);
        let fitted = |length: usize| ((length as f32 * scale).round() as usize).max(1);
        let (width, height) = (fitted(part.width), fitted(part.height));
        let columns: Vec<usize> = (0..=width).map(|column| column * part.width / width).collect();
        let mut rgb = Vec::with_capacity(width * height * 3);
        let mut sums = vec![0_u32; width * 3];
        for row in 0..height {
            let (from, to) = (row * part.height / height, (row + 1) * part.height / height);
            sums.fill(0);
            for y in from..to {
                let start = ((part.y + y) * frame.width + part.x) * 4;
                let line = &frame.data[start..start + part.width * 4];
                for (sum, ends) in sums.chunks_exact_mut(3).zip(columns.windows(2)) {
                    for pixel in line[ends[0] * 4..ends[1] * 4].chunks_exact(4) {
                        sum[0] += u32::from(pixel[0]);
                        sum[1] += u32::from(pixel[1]);
                        sum[2] += u32::from(pixel[2]);
                    }
                }
            }
            for (sum, ends) in sums.chunks_exact(3).zip(columns.windows(2)) {
                let count = ((to - from) * (ends[1] - ends[0])) as u32;
                rgb.extend(sum.iter().map(|sum| ((sum + count / 2) / count) as u8));
            }
        }
        Self { width, height, rgb }
    }

    /// Brightness of each pixel, 0..=255.
    pub fn luma(&self) -> Vec<f32> {
        self.rgb.chunks_exact(3).map(|pixel| luma([pixel[0], pixel[1], pixel[2]])).collect()
    }
}

/// Rec. 601.
pub fn luma([red, green, blue]: [u8; 3]) -> f32 {
    0.299 * f32::from(red) + 0.587 * f32::from(green) + 0.114 * f32::from(blue)
}

/// A point of a frame, in pixels from its upper left corner.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    pub x: f32,
    pub y: f32,
}

impl Point {
    pub fn distance(self, other: Self) -> f32 {
        (self.x - other.x).hypot(self.y - other.y)
    }
}

/// A square that may be turned and may reach beyond the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Square {
    pub center: Point,
    pub side: f32,
    /// Radians, clockwise.
    pub angle: f32,
}

impl Square {
    /// Where a point of the square lies in the frame; `x` and `y` are shares of its side, 0..=1.
    pub fn to_frame(self, x: f32, y: f32) -> Point {
        let (sin, cos) = self.angle.sin_cos();
        let (x, y) = ((x - 0.5) * self.side, (y - 0.5) * self.side);
        Point { x: self.center.x + x * cos - y * sin, y: self.center.y + x * sin + y * cos }
    }

    /// The square's pixels as a network takes them, 1×3×`side`×`side` in 0..=1, toned; what lies outside the frame is black.
    pub fn cut(self, frame: &Frame, side: usize, tone: &Tone) -> Vec<f32> {
        let step = self.side / side as f32;
        // Enough samples for each pixel that fine patterns average out instead of flickering.
        let taps = (step.round() as usize).clamp(1, 4);
        let (sin, cos) = self.angle.sin_cos();
        let (right, down) = ((step * cos, step * sin), (-step * sin, step * cos));
        let corner = self.to_frame(0.0, 0.0);
        let area = side * side;
        let mut planes = vec![0.0; 3 * area];
        let share = 1.0 / (taps * taps) as f32;
        for row in 0..side {
            for column in 0..side {
                let mut sum = [0.0; 3];
                for tap in 0..taps * taps {
                    let u = column as f32 + ((tap % taps) as f32 + 0.5) / taps as f32;
                    let v = row as f32 + ((tap / taps) as f32 + 0.5) / taps as f32;
                    let x = corner.x + right.0 * u + down.0 * v;
                    let y = corner.y + right.1 * u + down.1 * v;
                    let color = between(frame, x - 0.5, y - 0.5);
                    sum.iter_mut().zip(color).for_each(|(sum, channel)| *sum += channel);
                }
                for (channel, sum) in sum.into_iter().enumerate() {
                    planes[channel * area + row * side + column] = tone.apply(sum * share);
                }
            }
        }
        planes
    }
}

/// The colour between four pixels, 0..=255 each; black outside.
fn between(frame: &Frame, x: f32, y: f32) -> [f32; 3] {
    let (left, top) = (x.floor(), y.floor());
    if left < 0.0 || top < 0.0 || left + 1.0 >= frame.width as f32 || top + 1.0 >= frame.height as f32 {
        let (x, y) = (x.round(), y.round());
        let inside = x >= 0.0 && y >= 0.0 && x < frame.width as f32 && y < frame.height as f32;
        return if inside { frame.pixel(x as usize, y as usize).map(f32::from) } else { [0.0; 3] };
    }
    let (across, along) = (x - left, y - top);
    let (left, top) = (left as usize, top as usize);
    let [a, b] = [frame.pixel(left, top), frame.pixel(left + 1, top)];
    let [c, d] = [frame.pixel(left, top + 1), frame.pixel(left + 1, top + 1)];
    std::array::from_fn(|channel| {
        let [a, b, c, d] = [a, b, c, d].map(|pixel| f32::from(pixel[channel]));
        let (above, below) = (a + (b - a) * across, c + (d - c) * across);
        above + (below - above) * along
    })
}

/// How dark pictures are lifted before a network sees them.
#[derive(Clone, Debug)]
pub struct Tone(Option<Box<[f32; 256]>>);

/// Pictures whose average brightness, 0..=255, is below this are lifted to it.
const DIM: f32 = 90.0;

impl Tone {
    /// Leaves pictures as they are.
    #[cfg(feature = "identity")]
    pub fn plain() -> Self {
        Self(None)
    }

    /// Lifts what was cut plain.
    #[cfg(feature = "identity")]
    pub fn lift(&self, mut planes: Vec<f32>) -> Vec<f32> {
        planes.iter_mut().for_each(|value| *value = self.apply(*value * 255.0));
        planes
    }

    /// For a picture of this average brightness, 0..=255.
    pub fn for_brightness(brightness: f32) -> Self {
        if brightness >= DIM {
            return Self(None);
        }
        // The power that takes the average to where it should be.
        let exponent = ((DIM / 255.0).ln() / (brightness.max(2.0) / 255.0).ln()).clamp(0.25, 1.0);
        Self(Some(Box::new(std::array::from_fn(|value| (value as f32 / 255.0).powf(exponent)))))
    }

    /// From 0..=255 to 0..=1.
    pub fn apply(&self, value: f32) -> f32 {
        match &self.0 {
            None => value / 255.0,
            Some(table) => table[value.round().clamp(0.0, 255.0) as usize],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: usize, height: usize, color: impl Fn(usize, usize) -> [u8; 3]) -> Vec<u8> {
        let pixel = |at: usize| {
            let [red, green, blue] = color(at % width, at / width);
            [red, green, blue, 255]
        };
        (0..width * height).flat_map(pixel).collect()
    }

    #[test]
    fn a_frame_has_the_bytes_that_its_size_says() {
        assert!(Frame::new(2, 2, &[0; 16]).is_ok());
        assert!(Frame::new(2, 2, &[0; 15]).is_err());
        assert!(Frame::new(0, 2, &[]).is_err());
        assert!(Frame::new(LARGEST + 1, 1, &vec![0; (LARGEST as usize + 1) * 4]).is_err());
    }

    #[test]
    fn a_small_picture_is_made_of_averages() {
        let data = picture(4, 2, |x, _| if x % 2 == 0 { [0, 10, 100] } else { [100, 20, 200] });
        let frame = Frame::new(4, 2, &data).unwrap();
        let small = Small::of(&frame, Part::whole(&frame), 2);
        assert_eq!((small.width, small.height), (2, 1));
        assert_eq!(small.rgb, [50, 15, 150, 50, 15, 150]);
        let right = Small::of(&frame, Part { x: 3, y: 0, width: 1, height: 2 }, 8);
        assert_eq!((right.width, right.height, right.rgb[0]), (1, 2, 100));
    }

    #[test]
    fn a_square_is_cut_as_it_is_turned() {
        let data = picture(8, 8, |x, _| if x < 4 { [0; 3] } else { [255; 3] });
        let frame = Frame::new(8, 8, &data).unwrap();
        let square = Square { center: Point { x: 4.0, y: 4.0 }, side: 4.0, angle: 0.0 };
        let tone = Tone::for_brightness(200.0);
        let upright = square.cut(&frame, 4, &tone);
        assert_eq!(upright[..4], [0.0, 0.0, 1.0, 1.0]);
        // A quarter to the right: what was left is now above.
        let turned = Square { angle: -std::f32::consts::FRAC_PI_2, ..square }.cut(&frame, 4, &tone);
        assert!(turned[0] > 0.9 || turned[0] < 0.1);
        assert!((turned[0] - turned[3]).abs() < 0.01 && (turned[0] - turned[12]).abs() > 0.9);
        let outside = Square { center: Point { x: -40.0, y: 4.0 }, ..square }.cut(&frame, 4, &tone);
        assert!(outside.iter().all(|value| *value == 0.0));
    }

    #[test]
    fn dim_pictures_are_lifted_and_others_are_not() {
        assert_eq!(Tone::for_brightness(120.0).apply(51.0), 0.2);
        let tone = Tone::for_brightness(20.0);
        assert!((tone.apply(20.0) - DIM / 255.0).abs() < 0.01);
        assert_eq!((tone.apply(0.0), tone.apply(255.0)), (0.0, 1.0));
    }
}
