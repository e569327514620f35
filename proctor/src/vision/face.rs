//! A face in a frame.

use super::frame::{Point, Square};

/// A face, in the frame's pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    pub bounds: Bounds,
    /// Right eye, left eye, tip of the nose, mouth, right ear and left ear; right and left are the person's own.
    pub points: [Point; 6],
    /// How sure it is, 0..=1.
    pub score: f32,
}

/// An upright rectangle. It may reach beyond the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Bounds {
    /// The smallest around these points; all zero where there are none.
    pub fn around(points: &[Point]) -> Self {
        let edge = |value: fn(&Point) -> f32, choose: fn(f32, f32) -> f32| {
            points.iter().map(value).reduce(choose).unwrap_or_default()
        };
        let (x, y) = (edge(|point| point.x, f32::min), edge(|point| point.y, f32::min));
        Self { x, y, width: edge(|point| point.x, f32::max) - x, height: edge(|point| point.y, f32::max) - y }
    }

    pub fn area(&self) -> f32 {
        self.width * self.height
    }

    pub fn center(&self) -> Point {
        Point { x: self.x + self.width / 2.0, y: self.y + self.height / 2.0 }
    }

    /// The share of the joint area that belongs to both, 0..=1.
    pub fn overlap(&self, other: &Self) -> f32 {
        let common = self.common(other);
        common / (self.area() + other.area() - common).max(f32::EPSILON)
    }

    /// The share of the smaller one that lies in the other, 0..=1.
    pub fn covered(&self, other: &Self) -> f32 {
        self.common(other) / self.area().min(other.area()).max(f32::EPSILON)
    }

    fn common(&self, other: &Self) -> f32 {
        let width = (self.x + self.width).min(other.x + other.width) - self.x.max(other.x);
        let height = (self.y + self.height).min(other.y + other.height) - self.y.max(other.y);
        width.max(0.0) * height.max(0.0)
    }
}

impl Face {
    /// The same face in other coordinates; `place` must neither turn nor mirror.
    pub fn moved(&self, place: impl Fn(Point) -> Point) -> Self {
        let Bounds { x, y, width, height } = self.bounds;
        let corners = [place(Point { x, y }), place(Point { x: x + width, y: y + height })];
        Self { bounds: Bounds::around(&corners), points: self.points.map(place), score: self.score }
    }

    /// The square around the face in which its eyes lie level, `scale` times as large as the bounds.
    pub fn square(&self, scale: f32) -> Square {
        let [right, left, ..] = self.points;
        let side = self.bounds.width.max(self.bounds.height) * scale;
        Square { center: self.bounds.center(), side, angle: (left.y - right.y).atan2(left.x - right.x) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Bounds = Bounds { x: 0.0, y: 0.0, width: 10.0, height: 10.0 };

    #[test]
    fn overlap_is_of_the_joint_area_and_covered_of_the_smaller() {
        let inner = Bounds { x: 5.0, y: 0.0, width: 10.0, height: 5.0 };
        assert_eq!(BOX.overlap(&inner), 25.0 / 125.0);
        assert_eq!(BOX.covered(&inner), 0.5);
        assert_eq!(BOX.overlap(&Bounds { x: 20.0, ..BOX }), 0.0);
    }

    #[test]
    fn the_square_is_turned_as_the_eyes_are() {
        let mut face = Face { bounds: BOX, points: [Point::default(); 6], score: 1.0 };
        face.points[0] = Point { x: 3.0, y: 3.0 };
        face.points[1] = Point { x: 7.0, y: 7.0 };
        let square = face.square(1.5);
        assert!((square.angle.to_degrees() - 45.0).abs() < 1e-3);
        assert_eq!((square.side, square.center), (15.0, Point { x: 5.0, y: 5.0 }));
    }
}
