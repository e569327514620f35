//! Tells pictures that are nearly the same from others, without keeping them.

use super::frame::{Frame, Part, Small};

/// A picture's difference hash: 64 bits, each saying whether brightness falls or rises from one of 9×8 cells to the next.
/// Compression, size and light leave most of them as they are (Krawetz, "Kind of Like That", 2013).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PictureHash(pub u64);

/// Pictures that differ in no more bits than this are one and the same.
pub const NEARLY_SAME: u32 = 2;

impl PictureHash {
    pub fn of(frame: &Frame) -> Self {
        // Fine enough that the cells' edges do not matter.
        let small = Small::of(frame, Part::whole(frame), 144);
        let (luma, mut bits) = (small.luma(), 0);
        let cell = |column: usize, row: usize| {
            let rows = row * small.height / 8..((row + 1) * small.height / 8).max(row * small.height / 8 + 1);
            let columns = column * small.width / 9..((column + 1) * small.width / 9).max(column * small.width / 9 + 1);
            let count = (rows.len() * columns.len()) as f32;
            rows.map(|row| luma[row * small.width..][columns.clone()].iter().sum::<f32>()).sum::<f32>() / count
        };
        for row in 0..8 {
            for column in 0..8 {
                bits = bits << 1 | u64::from(cell(column + 1, row) > cell(column, row));
            }
        }
        Self(bits)
    }

    /// Bits that differ, 0..=64.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(width: u32, height: u32, color: impl Fn(u32, u32) -> u32) -> PictureHash {
        let pixel = |at: u32| [color(at % width * 64 / width, at / width * 64 / height).min(255) as u8; 4];
        let data: Vec<u8> = (0..width * height).flat_map(pixel).collect();
        PictureHash::of(&Frame::new(width, height, &data).unwrap())
    }

    #[test]
    fn size_and_light_do_not_matter_and_content_does() {
        let waves = |x: u32, y: u32| 100 + (x * 7 % 31) * 2 + y;
        let picture = hash(320, 180, waves);
        assert!(picture.distance(hash(640, 360, waves)) <= NEARLY_SAME);
        assert!(picture.distance(hash(320, 180, |x, y| waves(x, y) / 2)) <= NEARLY_SAME);
        assert!(picture.distance(hash(320, 180, |x, y| 255 - waves(x, y))) > 40);
    }

    #[test]
    fn the_smallest_pictures_have_one_too() {
        assert_eq!(hash(1, 1, |_, _| 7), PictureHash(0));
    }
}
