//! Whether what a page sends may be a picture of its camera, by the header alone: nothing is decoded of what is none.

use proctor::wire::MAX_PIXELS;

/// Whether it begins and ends as a JPEG does, and has no more pixels than pages send. What is in between is the business of those
/// who decode it.
pub(super) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.ends_with(&[0xff, 0xd9]) && pixels(bytes).is_some_and(|pixels| (1..=MAX_PIXELS).contains(&pixels))
}

/// How many pixels a JPEG says that it has (ITU-T T.81, annex B). None: it does not say so before its first scan.
fn pixels(bytes: &[u8]) -> Option<u32> {
    let mut rest = bytes.strip_prefix(&[0xff, 0xd8])?;
    loop {
        let [0xff, marker, after @ ..] = rest else { return None };
        rest = match marker {
            // What fills up.
            0xff => &rest[1..],
            // A frame begins, unless it is a table of another use (DHT, JPG, DAC).
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                let [_, _, _, lines @ .., _] = after.get(..8)? else { return None };
                let [height, width] = [&lines[..2], &lines[2..]].map(|it| u16::from_be_bytes([it[0], it[1]]));
                return Some(u32::from(height) * u32::from(width));
            }
            // A scan begins, or the picture ends.
            0xd9 | 0xda => return None,
            // Markers without a length.
            0x01 | 0xd0..=0xd8 => after,
            _ => {
                let length = u16::from_be_bytes([*after.first()?, *after.get(1)?]);
                after.get(usize::from(length.max(2))..)?
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::is_jpeg;
    use crate::service::tests::proctoring::jpeg_of;

    #[test]
    fn pictures_of_all_pages_are_some_and_larger_ones_are_none() {
        for (width, height) in [(640, 480), (480, 640), (360, 480), (640, 360), (320, 240), (1, 1)] {
            assert!(is_jpeg(&jpeg_of(width, height, &[7])), "{width}×{height}");
        }
        for (width, height) in [(641, 480), (640, 481), (4096, 4096), (65_535, 65_535), (0, 480), (640, 0)] {
            assert!(!is_jpeg(&jpeg_of(width, height, &[7])), "{width}×{height}");
        }
    }

    #[test]
    fn the_size_is_found_behind_what_may_stand_before_it() {
        let picture = jpeg_of(640, 480, &[7]);
        let (begin, frame) = picture.split_at(2);
        // A part whose content looks like a frame; tables; what fills up; a marker of its own.
        let part = [0xff, 0xe1, 0, 11, 0xff, 0xc0, 0, 11, 8, 0, 1, 0, 1];
        let before = [&part[..], &[0xff, 0xc4, 0, 3, 9], &[0xff], &[0xff, 0x01]].concat();
        assert!(is_jpeg(&[begin, &before, frame].concat()));
        let large = jpeg_of(4096, 4096, &[7]);
        assert!(!is_jpeg(&[begin, &before, &large[2..]].concat()));
    }

    #[test]
    fn what_tells_no_size_is_none() {
        let picture = jpeg_of(640, 480, &[7]);
        for end in 0..picture.len() {
            assert!(!is_jpeg(&picture[..end]), "{end} bytes");
        }
        let scan = [&picture[..2], &[0xff, 0xda, 0, 2], &picture[2..]].concat();
        for none in [&scan[..], &[0xff, 0xd8, 0xff, 0xd9], &[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xd9], b"text"] {
            assert!(!is_jpeg(none), "{none:?}");
        }
    }
}
