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

/// Degrees that the line from forehead to chin leans in a face that looks straight ahead: measured on two portraits.
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
