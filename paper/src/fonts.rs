//! The faces that are built in. Noto Sans sets the text, DejaVu Sans Mono the code, and DejaVu Sans whatever the two lack:
//! symbols, arrows, Hebrew, Arabic, Armenian, Georgian.

use std::sync::LazyLock;

use krilla::text::Font;
use rustybuzz::ttf_parser::GlyphId;

use crate::{PaperError, model::Face};

/// Which of the built-in faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FaceId(u8);

const REGULAR: FaceId = FaceId(0);
const BOLD: FaceId = FaceId(1);
const ITALIC: FaceId = FaceId(2);
const MONO: FaceId = FaceId(3);
const OTHER: FaceId = FaceId(4);

/// What is drawn for a character that no face has.
const BOX: char = '\u{25a1}';

pub struct Fonts {
    faces: Vec<BuiltIn>,
    replacement: GlyphId,
}

pub struct BuiltIn {
    pub shaping: rustybuzz::Face<'static>,
    pub embedding: Font,
    /// Units per em.
    pub em: f32,
}

/// The built-in faces, read once.
pub fn fonts() -> Result<&'static Fonts, PaperError> {
    static FONTS: LazyLock<Result<Fonts, &'static str>> = LazyLock::new(Fonts::load);
    FONTS.as_ref().map_err(|name| PaperError::Font(name))
}

impl Fonts {
    fn load() -> Result<Self, &'static str> {
        let faces: Vec<_> = [
            ("Noto Sans", notosans::REGULAR_TTF),
            ("Noto Sans Bold", notosans::BOLD_TTF),
            ("Noto Sans Italic", notosans::ITALIC_TTF),
            ("DejaVu Sans Mono", dejavu::sans_mono::regular()),
            ("DejaVu Sans", dejavu::sans::regular()),
        ]
        .into_iter()
        .map(|(name, data)| BuiltIn::load(data).ok_or(name))
        .collect::<Result<_, _>>()?;
        let replacement = faces[OTHER.0 as usize].shaping.glyph_index(BOX).ok_or("DejaVu Sans")?;
        Ok(Self { faces, replacement })
    }

    pub fn get(&self, id: FaceId) -> &BuiltIn {
        &self.faces[id.0 as usize]
    }

    /// The first face that has all of `cluster`, which is one character as a person sees it.
    pub fn choose(&self, wanted: Face, cluster: &str) -> Option<FaceId> {
        let first = match wanted {
            Face::Regular => REGULAR,
            Face::Bold => BOLD,
            Face::Italic => ITALIC,
            Face::Mono => MONO,
        };
        [first, OTHER, REGULAR].into_iter().find(|&id| {
            let face = &self.get(id).shaping;
            cluster.chars().all(|c| is_joiner(c) || face.glyph_index(c).is_some())
        })
    }

    /// The face and glyph of the box that stands for a missing character.
    pub fn replacement(&self) -> (FaceId, GlyphId) {
        (OTHER, self.replacement)
    }
}

/// Joiners say how their neighbours are drawn; they need no glyph themselves.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

impl BuiltIn {
    fn load(data: &'static [u8]) -> Option<Self> {
        let shaping = rustybuzz::Face::from_slice(data, 0)?;
        let em = shaping.units_per_em() as f32;
        Some(Self { shaping, embedding: Font::new(data.into(), 0)?, em })
    }
}
