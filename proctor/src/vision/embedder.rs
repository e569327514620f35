//! Whether two faces are one person's: FaceRes' embedding of a face whose eyes lie where they always lie.

use super::VisionError;
use super::face::Face;
use super::frame::{Frame, Point, Square, Tone};
use super::network::Network;
use super::quality::brightness;

const SIDE: usize = 224;

/// How far apart the eyes are, and how far above the middle they lie, as shares of the square's side.
const EYES: f32 = 0.36;
const ABOVE: f32 = 0.1;

/// From this cosine on, two faces count as one person's. `cargo xtask bench vision` saw no two people above 0.66.
pub const SAME: f32 = 0.67;
/// Below this cosine, they count as different people's. It saw one person's not below 0.64, but always in one photograph; two
/// photographs lie farther apart, so that much is left in between.
pub const OTHER: f32 = 0.5;

pub struct Embedder(Network<1>);

/// 1,024 numbers that say little about a face by themselves, and much when they are compared. Their length is 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding(Vec<f32>);

/// What comparing two faces says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    Same,
    /// They may be one person's or not.
    CannotTell,
    Other,
}

impl Embedder {
    /// Takes the model `faceres`, as ONNX.
    ///
    /// # Errors
    /// `BadModel`.
    pub fn new(faceres: Vec<u8>) -> Result<Self, VisionError> {
        Ok(Self(Network::read(faceres, SIDE, ["embedding"])?))
    }

    /// # Errors
    /// `Failed`.
    pub fn embed(&self, frame: Frame, face: &Face) -> Result<Embedding, VisionError> {
        let square = aligned(face);
        let plain = square.cut(&frame, SIDE, &Tone::plain());
        let mut pixels = Tone::for_brightness(brightness(&plain)).lift(plain);
        // This network takes 0..=255.
        pixels.iter_mut().for_each(|value| *value *= 255.0);
        let [numbers] = self.0.run(pixels)?;
        let length = numbers.iter().map(|number| number * number).sum::<f32>().sqrt().max(f32::EPSILON);
        Ok(Embedding(numbers.into_iter().map(|number| number / length).collect()))
    }
}

impl From<Embedding> for Vec<f32> {
    fn from(Embedding(numbers): Embedding) -> Self {
        numbers
    }
}

impl From<Vec<f32>> for Embedding {
    /// Of numbers that an embedding was made into.
    fn from(numbers: Vec<f32>) -> Self {
        Self(numbers)
    }
}

impl Embedding {
    /// The cosine of the angle between the two, -1..=1.
    pub fn cosine(&self, other: &Self) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum()
    }

    pub fn likeness(&self, other: &Self) -> Likeness {
        match self.cosine(other) {
            cosine if cosine >= SAME => Likeness::Same,
            cosine if cosine < OTHER => Likeness::Other,
            _ => Likeness::CannotTell,
        }
    }
}

/// The square in which the eyes lie level, and where they always do.
fn aligned(face: &Face) -> Square {
    let [right, left, _, mouth, ..] = face.points;
    let middle = Point { x: (right.x + left.x) / 2.0, y: (right.y + left.y) / 2.0 };
    // A face seen from the side has its eyes close together, and is as tall as ever.
    let side = (right.distance(left) / EYES).max(middle.distance(mouth) / 0.4);
    let angle = (left.y - right.y).atan2(left.x - right.x);
    let eyes = Square { center: middle, side, angle };
    Square { center: eyes.to_frame(0.5, 0.5 + ABOVE), ..eyes }
}
