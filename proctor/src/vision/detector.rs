//! Finds faces: BlazeFace's variant for whole rooms (Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on
//! Mobile GPUs", 2019), on 256×256 pixels.

use super::VisionError;
use super::face::{Bounds, Face};
use super::frame::{Frame, Part, Point, Small, Tone};
use super::network::Network;

const SIDE: usize = 256;

/// Cells on each side of the two grids, and boxes for each cell.
const GRIDS: [(usize, usize); 2] = [(16, 2), (8, 6)];

/// Numbers for each box: centre, size and six points.
const NUMBERS: usize = 16;

/// Boxes that share more than this of their joint area show one face.
const SAME: f32 = 0.3;

#[derive(Clone)]
pub struct Detector(Network<4>);

impl Detector {
    pub fn read(model: Vec<u8>) -> Result<Self, VisionError> {
        Ok(Self(Network::read(model, SIDE, ["scores_16", "boxes_16", "scores_8", "boxes_8"])?))
    }

    pub fn network(&mut self) -> &mut Network<4> {
        &mut self.0
    }

    /// Faces in a part of a frame whose score, 0..=1, is at least `least`; the surest first.
    pub fn find(&self, frame: &Frame, part: Part, tone: &Tone, least: f32) -> Result<Vec<Face>, VisionError> {
        let small = Small::of(frame, part, SIDE);
        let [scores_16, boxes_16, scores_8, boxes_8] = self.0.run(planes(&small, tone))?;
        let mut candidates = Vec::new();
        for ((cells, each), (scores, boxes)) in GRIDS.into_iter().zip([(scores_16, boxes_16), (scores_8, boxes_8)]) {
            for (index, (score, numbers)) in scores.iter().zip(boxes.chunks_exact(NUMBERS)).enumerate() {
                let score = 1.0 / (1.0 + (-score).exp());
                if score >= least {
                    let cell = index / each;
                    let anchor = |cell: usize| (cell as f32 + 0.5) / cells as f32 * SIDE as f32;
                    candidates.push(face(score, numbers, anchor(cell % cells), anchor(cell / cells)));
                }
            }
        }
        let scale = part.width as f32 / small.width as f32;
        let (left, top) = margins(&small);
        let to_frame = |point: Point| Point {
            x: part.x as f32 + (point.x - left as f32) * scale,
            y: part.y as f32 + (point.y - top as f32) * scale,
        };
        Ok(merge(candidates).into_iter().map(|face| face.moved(to_frame)).collect())
    }
}

/// The square that the network sees, -1..=1: the picture in its middle, black around it.
fn planes(small: &Small, tone: &Tone) -> Vec<f32> {
    let area = SIDE * SIDE;
    let mut planes = vec![-1.0; 3 * area];
    let (left, top) = margins(small);
    for (at, pixel) in small.rgb.chunks_exact(3).enumerate() {
        let target = (top + at / small.width) * SIDE + left + at % small.width;
        for (channel, value) in pixel.iter().enumerate() {
            planes[channel * area + target] = tone.apply(f32::from(*value)) * 2.0 - 1.0;
        }
    }
    planes
}

fn margins(small: &Small) -> (usize, usize) {
    ((SIDE - small.width) / 2, (SIDE - small.height) / 2)
}

fn face(score: f32, numbers: &[f32], x: f32, y: f32) -> Face {
    let point = |index: usize| Point { x: x + numbers[index], y: y + numbers[index + 1] };
    let center = point(0);
    let (width, height) = (numbers[2], numbers[3]);
    let bounds = Bounds { x: center.x - width / 2.0, y: center.y - height / 2.0, width, height };
    Face { score, bounds, points: std::array::from_fn(|index| point(4 + 2 * index)) }
}

/// Makes one of all boxes around a face: their average, weighed by how sure they are.
fn merge(mut candidates: Vec<Face>) -> Vec<Face> {
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut faces = Vec::new();
    while let Some(first) = candidates.first().cloned() {
        let (same, others): (Vec<_>, Vec<_>) =
            candidates.into_iter().partition(|face| first.bounds.overlap(&face.bounds) > SAME);
        faces.push(average(first.score, &same));
        candidates = others;
    }
    faces
}

fn average(score: f32, faces: &[Face]) -> Face {
    let total: f32 = faces.iter().map(|face| face.score).sum();
    let mean = |number: &dyn Fn(&Face) -> f32| faces.iter().map(|face| number(face) * face.score).sum::<f32>() / total;
    Face {
        score,
        bounds: Bounds {
            x: mean(&|face| face.bounds.x),
            y: mean(&|face| face.bounds.y),
            width: mean(&|face| face.bounds.width),
            height: mean(&|face| face.bounds.height),
        },
        points: std::array::from_fn(|at| Point {
            x: mean(&|face| face.points[at].x),
            y: mean(&|face| face.points[at].y),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f32, score: f32) -> Face {
        Face { score, bounds: Bounds { x, y: 0.0, width: 10.0, height: 10.0 }, points: [Point { x, y: 0.0 }; 6] }
    }

    #[test]
    fn boxes_around_one_face_become_one_in_their_middle() {
        let merged = merge(vec![at(2.0, 0.5), at(0.0, 0.5), at(40.0, 0.9)]);
        assert_eq!(merged.len(), 2);
        assert_eq!((merged[0].score, merged[0].bounds.x), (0.9, 40.0));
        assert_eq!((merged[1].score, merged[1].bounds.x), (0.5, 1.0));
    }

    #[test]
    fn a_box_lies_around_its_anchor() {
        let numbers = [4.0, -4.0, 20.0, 30.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let face = face(0.7, &numbers, 100.0, 50.0);
        assert_eq!(face.bounds, Bounds { x: 94.0, y: 31.0, width: 20.0, height: 30.0 });
        assert_eq!(face.points[0], Point { x: 101.0, y: 52.0 });
    }
}
