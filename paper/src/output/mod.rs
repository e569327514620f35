//! Pages → PDF.

mod draw;
mod outline;

use krilla::{
    configure::{Accessibility, ConfigurationBuilder, PdfVersion},
    metadata::{DateTime, Metadata},
    page::PageSettings,
    tagging::{Artifact, ArtifactType},
};
use time::OffsetDateTime;

use crate::{
    PaperError,
    blocks::Heading,
    fonts::Fonts,
    look::{self, LEFT, PAGE_HEIGHT, PAGE_WIDTH, WIDTH},
    model::Document,
    pages::Pages,
    piece::Piece,
    tags::{TagId, Tags},
    text::{SetText, Typesetter, one_line},
};

/// A document that is laid out.
pub struct Report {
    pub laid: Pages,
    pub headings: Vec<Heading>,
    pub footer: SetText,
    pub tags: Tags,
}

pub fn write(
    document: &Document,
    fonts: &Fonts,
    setter: &mut Typesetter,
    Report { laid, headings, footer, mut tags }: Report,
) -> Result<Vec<u8>, PaperError> {
    let configuration = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| PaperError::Pdf(format!("{error:?}")))?;
    let settings = krilla::SerializeSettings { configuration, ..Default::default() };
    let mut pdf = krilla::Document::new_with(settings);
    let title = Some(one_line(&document.title)).filter(|title| !title.is_empty()).unwrap_or("Report".to_owned());
    pdf.set_outline(outline::outline(&title, &headings, &laid.headings));
    pdf.set_metadata(metadata(document, title));

    let count = laid.pages.len();
    for (index, page) in laid.pages.into_iter().enumerate() {
        let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT)
            .ok_or_else(|| PaperError::Pdf("the page has no size".to_owned()))?;
        let mut sheet = pdf.start_page_with(size);
        let mut surface = sheet.surface();
        for (ground, top, end) in page.grounds {
            draw::ground(&mut surface, ground, top, end);
        }
        draw::all(&mut surface, fonts, page.drawn, &mut tags);
        let number = setter.set(&format!("{} of {count}", index + 1).into(), look::FOOTER, 70.0);
        let foot = foot(&footer, &number);
        draw::artifact(&mut surface, fonts, foot.drawn, Artifact::with_kind(ArtifactType::Footer));
        surface.finish();
        sheet.finish();
    }
    pdf.set_tag_tree(tags.tree());
    pdf.finish().map_err(|error| PaperError::Pdf(format!("{error:?}")))
}

/// A line over the page's width, and below it the footer and the page's number.
fn foot(footer: &SetText, number: &SetText) -> Piece {
    let mut piece = Piece::default();
    let top = look::footer_top(footer.lines.len());
    piece.rectangle((LEFT, top - 6.0), (WIDTH, 0.5), 0.0, look::LINE);
    for (index, line) in footer.lines.iter().enumerate() {
        piece.line(TagId::NONE, LEFT, top + index as f32 * footer.style.line, footer, line);
    }
    for line in &number.lines {
        piece.line(TagId::NONE, LEFT + WIDTH - line.width, top, number, line);
    }
    piece
}

fn metadata(document: &Document, title: String) -> Metadata {
    let metadata = Metadata::new()
        .title(title)
        .producer("Parallel Interview".to_owned())
        .language(Some(one_line(&document.language)).filter(|l| !l.is_empty()).unwrap_or("en".to_owned()));
    match date(document.created_at_unix_s) {
        Some(date) => metadata.creation_date(date),
        None => metadata,
    }
}

/// `None` outside the years that a PDF can name.
fn date(unix_s: i64) -> Option<DateTime> {
    let time = OffsetDateTime::from_unix_timestamp(unix_s).ok()?;
    let date = DateTime::new(u16::try_from(time.year()).ok()?)
        .month(time.month().into())
        .day(time.day())
        .hour(time.hour())
        .minute(time.minute())
        .second(time.second())
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Some(date)
}
