//! Where a head points, read off the mesh.

use super::mesh::Mesh;

/// Degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// To the side; positive is to the person's left.
    pub yaw: f32,
    /// Positive is up.
    pub pitch: f32,
    /// Leaning; positive is clockwise in the picture.
    pub roll: f32,
}

/// Pairs of points that lie at one height and one depth in a face seen straight: the person's right, then left.
const ACROSS: [(usize, usize); 4] = [(33, 263), (61, 291), (234, 454), (127, 356)];

/// Top of the forehead and chin.
const TOP: usize = 10;
const CHIN: usize = 152;

/// Degrees that the line from forehead to chin leans in a face that looks straight ahead: measured on two portraits. It
/// leaves a median of 4° down over the 25 people of `cargo xtask bench vision`, as candidates sit.
const PITCH_OFFSET: f32 = -10.0;

impl Pose {
    pub fn of(mesh: &Mesh) -> Self {
        let mut across = [0.0; 3];
        for (right, left) in ACROSS {
            for (axis, sum) in across.iter_mut().enumerate() {
                *sum += mesh.points[left][axis] - mesh.points[right][axis];
            }
        }
        let down: [f32; 3] = std::array::from_fn(|axis| mesh.points[CHIN][axis] - mesh.points[TOP][axis]);
        let yaw = across[2].atan2(across[0].hypot(across[1]));
        let pitch = (-down[2]).atan2(down[0].hypot(down[1]));
        let roll = mesh.square.angle + across[1].atan2(across[0]);
        Self { yaw: yaw.to_degrees(), pitch: pitch.to_degrees() - PITCH_OFFSET, roll: roll.to_degrees() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame::{Point, Square};
    use super::*;

    /// A flat face, turned by `yaw` to the person's left and by `pitch` up, in degrees.
    fn face(yaw: f32, pitch: f32) -> Mesh {
        let mut points = vec![[0.0; 3]; 468];
        let ((sin, cos), (rise, run)) = (yaw.to_radians().sin_cos(), pitch.to_radians().sin_cos());
        for (right, left) in ACROSS {
            // The side that one turns to goes away from the camera.
            points[right] = [-cos, 0.0, -sin];
            points[left] = [cos, 0.0, sin];
        }
        points[TOP] = [0.0, -run, rise];
        points[CHIN] = [0.0, run, -rise];
        Mesh { score: 1.0, square: Square { center: Point::default(), side: 1.0, angle: 0.0 }, points }
    }

    #[test]
    fn left_and_up_are_positive() {
        let pose = Pose::of(&face(30.0, 20.0));
        assert!((pose.yaw - 30.0).abs() < 0.1 && (pose.pitch + PITCH_OFFSET - 20.0).abs() < 0.1, "{pose:?}");
        let pose = Pose::of(&face(-15.0, -5.0));
        assert!((pose.yaw + 15.0).abs() < 0.1 && (pose.pitch + PITCH_OFFSET + 5.0).abs() < 0.1, "{pose:?}");
    }
}
