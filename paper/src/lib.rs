//! Lays out a report on A4 pages and returns it as PDF: selectable text in embedded fonts, tagged for screen readers
//! (PDF/UA-1). Pure: the same [`Document`] gives the same bytes, with no IO and no clock.
//!
//! ```
//! use paper::{Block, Document, Span};
//!
//! let mut document = Document::new("Report on Eve Okafor", 1_795_514_400);
//! document.footer = "Eve Okafor · Backend engineer".to_owned();
//! document.push(Block::heading(1, "Eve Okafor"));
//! document.push(Block::paragraph("Explains trade-offs well and measures before changing anything."));
//! document.push(Block::Paragraph(vec![Span::from("Recommendation: "), Span::from("yes").bold()].into()));
//! let rendered = paper::render(&document)?;
//! assert!(rendered.bytes.starts_with(b"%PDF-1.7"));
//! assert!(rendered.missing_characters.is_empty());
//! # Ok::<(), paper::PaperError>(())
//! ```

mod blocks;
mod fonts;
mod look;
mod model;
mod output;
mod pages;
mod piece;
mod tags;
mod text;

pub use model::{Align, Axis, Bar, Block, Column, Document, Face, Lane, LaneSpan, Span, Table, Text, Timeline, Tone};

/// A document as PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub bytes: Vec<u8>,
    /// How many pages it has, at least one.
    pub pages: usize,
    /// The characters for which no embedded font has a shape, in order of code point and each once. A box stands in
    /// their place; text that is copied or searched still has the characters themselves.
    pub missing_characters: Vec<char>,
}

#[derive(Debug, thiserror::Error)]
pub enum PaperError {
    /// A built-in font could not be read: the build is broken.
    #[error("the built-in font {0} cannot be read")]
    Font(&'static str),
    /// The PDF could not be written, or would not have been accessible.
    #[error("the PDF cannot be written: {0}")]
    Pdf(String),
}

/// Lays out `document` and writes it as PDF.
///
/// # Errors
/// A built-in font that cannot be read, or a PDF that would not be accessible: both are faults of this crate.
pub fn render(document: &Document) -> Result<Rendered, PaperError> {
    let fonts = fonts::fonts()?;
    let mut setter = text::Typesetter::new(fonts);
    let mut tags = tags::Tags::default();
    let (pieces, headings) = blocks::lay_out(&document.blocks, &mut setter, &mut tags);
    let footer = setter.set_shortened(&document.footer, look::FOOTER, look::FOOTER_WIDTH, look::FOOTER_LINES);
    let laid = pages::paginate(pieces, look::bottom(footer.lines.len()));
    let pages = laid.pages.len();
    let bytes = output::write(document, fonts, &mut setter, output::Report { laid, headings, footer, tags })?;
    Ok(Rendered { bytes, pages, missing_characters: setter.missing() })
}
