//! Lays a mesh of 468 points over a face: Face Mesh (Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on
//! Mobile GPUs", 2019), on 192×192 pixels.

use super::VisionError;
use super::face::{Bounds, Face};
use super::frame::{Frame, Point, Square, Tone};
use super::network::Network;

const SIDE: usize = 192;

/// How much larger than the face the square is that the network sees.
pub const MARGIN: f32 = 1.5;

/// Where the mesh has the points of [`Face::points`]; an eye lies between its corners.
const RIGHT_EYE: [usize; 2] = [33, 133];
const LEFT_EYE: [usize; 2] = [263, 362];
const NOSE: usize = 1;
const MOUTH: [usize; 2] = [13, 14];
const RIGHT_EAR: usize = 234;
const LEFT_EAR: usize = 454;

#[derive(Clone)]
pub struct Mesher(Network<2>);

/// A mesh over a face.
#[derive(Clone, Debug)]
pub struct Mesh {
    /// Whether there is a face at all, 0..=1.
    pub score: f32,
    /// Where the network looked.
    pub square: Square,
    /// x and y in the square and depth, all as shares of its side; nearer to the camera is less. Right and left are the person's own.
    pub points: Vec<[f32; 3]>,
}

impl Mesher {
    pub fn read(model: Vec<u8>) -> Result<Self, VisionError> {
        Ok(Self(Network::read(model, SIDE, ["face", "mesh"])?))
    }

    pub fn network(&mut self) -> &mut Network<2> {
        &mut self.0
    }

    pub fn lay(&self, frame: &Frame, square: Square, tone: &Tone) -> Result<Mesh, VisionError> {
        let [face, mesh] = self.0.run(square.cut(frame, SIDE, tone))?;
        let side = SIDE as f32;
        let points = mesh.chunks_exact(3).map(|point| [point[0] / side, point[1] / side, point[2] / side]).collect();
        Ok(Mesh { score: face.first().copied().unwrap_or_default(), square, points })
    }
}

impl Mesh {
    /// The face that the mesh lies over.
    pub fn face(&self) -> Face {
        let points: Vec<Point> = self.points.iter().map(|[x, y, _]| self.square.to_frame(*x, *y)).collect();
        let middle =
            |[a, b]: [usize; 2]| Point { x: (points[a].x + points[b].x) / 2.0, y: (points[a].y + points[b].y) / 2.0 };
        Face {
            bounds: Bounds::around(&points),
            points: [
                middle(RIGHT_EYE),
                middle(LEFT_EYE),
                points[NOSE],
                middle(MOUTH),
                points[RIGHT_EAR],
                points[LEFT_EAR],
            ],
            score: self.score,
        }
    }
}
