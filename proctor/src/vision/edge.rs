//! Faces that a side of the picture cuts: mirrored there, half a face is a whole one.

use super::frame::{Frame, Point};

/// A side of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edge {
    #[default]
    Left,
    Right,
}

/// A square of what lies at a side and, beyond the side, its mirror image.
pub struct Mirrored {
    side: usize,
    /// As a frame's.
    data: Vec<u8>,
    /// Pixels from the frame's left to the square's.
    from: isize,
}

impl Edge {
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }

    pub fn mirrored(self, frame: &Frame) -> Mirrored {
        let half = (frame.height() / 2).clamp(1, frame.width());
        let (side, skipped) = (half * 2, frame.width() - half);
        let mut data = Vec::with_capacity(side * side * 4);
        for row in frame.data().chunks_exact(frame.width() * 4).take(side) {
            match self {
                Self::Left => {
                    let kept = &row[..half * 4];
                    data.extend(kept.chunks_exact(4).rev().flatten().chain(kept));
                }
                Self::Right => {
                    let kept = &row[skipped * 4..];
                    data.extend(kept.iter().chain(kept.chunks_exact(4).rev().flatten()));
                }
            }
        }
        // A picture higher than wide, or of an odd height.
        data.resize(side * side * 4, 0);
        let from = match self {
            Self::Left => -(half as isize),
            Self::Right => skipped as isize,
        };
        Mirrored { side, data, from }
    }
}

impl Mirrored {
    pub fn frame(&self) -> Frame<'_> {
        Frame::square(self.side, &self.data)
    }

    /// Where the frame's side lies in the square.
    pub fn seam(&self) -> f32 {
        self.side as f32 / 2.0
    }

    /// Where a point of the square lies in the frame, or would lie beyond it.
    pub fn to_frame(&self, point: Point) -> Point {
        Point { x: point.x + self.from as f32, ..point }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_is_mirrored_beyond_it() {
        // Two rows of four pixels: 0 1 2 3 and 10 11 12 13.
        let data: Vec<u8> = [0, 1, 2, 3, 10, 11, 12, 13].into_iter().flat_map(|red| [red, 0, 0, 255]).collect();
        let frame = Frame::new(4, 2, &data).expect("a frame");
        let reds = |mirrored: &Mirrored| mirrored.data.chunks_exact(4).map(|pixel| pixel[0]).collect::<Vec<_>>();
        let left = Edge::Left.mirrored(&frame);
        assert_eq!((left.side, reds(&left)), (2, vec![0, 0, 10, 10]));
        assert_eq!(left.to_frame(Point { x: left.seam(), y: 1.0 }), Point { x: 0.0, y: 1.0 });
        let right = Edge::Right.mirrored(&frame);
        assert_eq!(reds(&right), [3, 3, 13, 13]);
        assert_eq!(right.to_frame(Point { x: right.seam(), y: 1.0 }), Point { x: 4.0, y: 1.0 });
    }
}
