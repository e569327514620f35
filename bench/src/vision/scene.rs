//! What a camera might show: a room, people cut out of photographs, and how they are lit.

use super::canvas::{Canvas, Photo};
use super::photos::Label;

/// Pixels of a camera's picture.
pub const WIDTH: usize = 640;
pub const HEIGHT: usize = 360;

/// Where and how a face is put.
#[derive(Clone, Copy)]
pub struct Placement {
    /// The face's centre, as shares of the picture's sides; it may lie outside.
    pub x: f32,
    pub y: f32,
    /// The face's height, as a share of the picture's.
    pub size: f32,
    /// Radians, clockwise.
    pub angle: f32,
    pub is_mirrored: bool,
    /// What the face's light is multiplied with.
    pub light: f32,
}

/// How far around the face it is cut out, in widths and heights of its box.
const AROUND: (f32, f32) = (0.78, 0.86);

impl Placement {
    pub const MIDDLE: Self = Self { x: 0.5, y: 0.5, size: 0.4, angle: 0.0, is_mirrored: false, light: 1.0 };

    /// Draws a face of a photograph onto a canvas, its edges fading into the room.
    pub fn draw(self, canvas: &mut Canvas, photo: &Photo, label: &Label) {
        let scale = self.size * canvas.height as f32 / label.height;
        let (sin, cos) = self.angle.sin_cos();
        let center = (label.x + label.width / 2.0, label.y + label.height / 2.0);
        let (left, top) = (self.x * canvas.width as f32, self.y * canvas.height as f32);
        // Nothing is drawn farther away than this.
        let reach = scale * (label.width * AROUND.0).hypot(label.height * AROUND.1);
        let near = |center: f32, length: usize| {
            (center - reach).clamp(0.0, length as f32) as usize..(center + reach).clamp(0.0, length as f32) as usize
        };
        for row in near(top, canvas.height) {
            for column in near(left, canvas.width) {
                let (x, y) = (column as f32 + 0.5 - left, row as f32 + 0.5 - top);
                let (x, y) = ((x * cos + y * sin) / scale, (y * cos - x * sin) / scale);
                let x = if self.is_mirrored { -x } else { x };
                let distance = (x / label.width / AROUND.0).hypot(y / label.height / AROUND.1);
                let share = ((1.0 - distance) / 0.12).clamp(0.0, 1.0);
                if share > 0.0 {
                    let color = photo.color(center.0 + x, center.1 + y, scale);
                    let pixel = &mut canvas.pixels[row * canvas.width + column];
                    for (value, color) in pixel.iter_mut().zip(color) {
                        *value += ((color * self.light).min(255.0) - *value) * share;
                    }
                }
            }
        }
    }
}
