//! The photographs, and where the faces are in them.
//!
//! They come with registry packages and stay in `target`; what may be done with each is said where it is named.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::canvas::{self, Photo};

/// A face in a photograph: its box, in pixels. Found by the detector at full size, each checked by eye; none is missing.
#[derive(Clone, Copy)]
pub struct Label {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
    /// Turned so far that one eye is hidden.
    pub is_profile: bool,
}

const fn front(x: u16, y: u16, width: u16, height: u16) -> Label {
    Label { x: x as f32, y: y as f32, width: width as f32, height: height as f32, is_profile: false }
}

const fn profile(x: u16, y: u16, width: u16, height: u16) -> Label {
    Label { is_profile: true, ..front(x, y, width, height) }
}

/// Photographs with people. No two faces of one photograph are one person's.
const PEOPLE: [(&str, &[Label]); 9] = [
    // npm `@vladmandic/face-api`, MIT; photographs of the package's author. Women of several origins, in low, tinted, bright and
    // mixed light, some leaning, some looking aside.
    ("face-api/sample1.jpg", &[front(418, 395, 181, 200), front(1494, 268, 151, 151), front(854, 469, 173, 173)]),
    ("face-api/sample2.jpg", &[front(1438, 183, 213, 207), profile(354, 184, 207, 207), front(890, 268, 184, 188)]),
    ("face-api/sample3.jpg", &[front(1070, 241, 234, 264), front(592, 357, 206, 239), front(1457, 346, 215, 215)]),
    (
        "face-api/sample4.jpg",
        &[
            front(986, 217, 178, 200),
            front(678, 129, 163, 163),
            front(1280, 201, 185, 185),
            profile(239, 245, 180, 180),
        ],
    ),
    (
        "face-api/sample5.jpg",
        &[
            front(353, 902, 225, 266),
            front(779, 136, 168, 195),
            profile(593, 448, 176, 211),
            front(1113, 257, 181, 181),
            front(1406, 421, 210, 237),
        ],
    ),
    (
        "face-api/sample6.jpg",
        &[front(1479, 296, 221, 260), front(1167, 352, 202, 226), front(238, 541, 219, 219), front(668, 366, 211, 251)],
    ),
    // PyPI `matplotlib`: Grace Hopper, by the US Navy; public domain.
    ("pypi/matplotlib/mpl-data/sample_data/grace_hopper.jpg", &[front(166, 133, 191, 201)]),
    // PyPI `scikit-image`: Eileen Collins, by NASA; public domain.
    ("pypi/skimage/data/astronaut.png", &[front(178, 70, 95, 106)]),
    // PyPI `scikit-image`: a cameraman, CC0.
    ("pypi/skimage/data/camera.png", &[profile(191, 125, 68, 71)]),
];

/// Pictures without anybody, a cat among them: of PyPI `scikit-image` (free, each as the functions of `skimage.data` say) and of
/// PyPI `scikit-learn` (CC BY 2.0, by danielbuechele and vultilion of Flickr).
const NOBODY: [&str; 20] = [
    "pypi/skimage/data/brick.png",
    "pypi/skimage/data/cell.png",
    "pypi/skimage/data/chelsea.png",
    "pypi/skimage/data/clock_motion.png",
    "pypi/skimage/data/coffee.png",
    "pypi/skimage/data/coins.png",
    "pypi/skimage/data/grass.png",
    "pypi/skimage/data/gravel.png",
    "pypi/skimage/data/hubble_deep_field.jpg",
    "pypi/skimage/data/ihc.png",
    "pypi/skimage/data/moon.png",
    "pypi/skimage/data/motorcycle_left.png",
    "pypi/skimage/data/motorcycle_right.png",
    "pypi/skimage/data/page.png",
    "pypi/skimage/data/phantom.png",
    "pypi/skimage/data/retina.jpg",
    "pypi/skimage/data/rocket.jpg",
    "pypi/skimage/data/text.png",
    "pypi/sklearn/datasets/images/china.jpg",
    "pypi/sklearn/datasets/images/flower.jpg",
];

pub struct Photos {
    pub people: Vec<(Photo, &'static [Label])>,
    pub nobody: Vec<Photo>,
}

impl Photos {
    /// Reads all from a directory that `cargo xtask bench` fills.
    pub fn read(dir: &Path) -> Result<Self> {
        let photo = |name: &str| {
            let file = dir.join(name);
            let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
            Ok::<_, anyhow::Error>(Photo::new(&canvas::read(name, &bytes)?))
        };
        Ok(Self {
            people: PEOPLE.iter().map(|(name, labels)| Ok((photo(name)?, *labels))).collect::<Result<_>>()?,
            nobody: NOBODY.iter().map(|name| photo(name)).collect::<Result<_>>()?,
        })
    }

    /// All faces with their photographs.
    pub fn faces(&self) -> impl Iterator<Item = (&Photo, &'static Label)> {
        self.people.iter().flat_map(|(photo, labels)| labels.iter().map(move |label| (photo, label)))
    }
}
