//! Ordinary reports.

use paper::{Align, Axis, Bar, Block, Column, Document, Lane, LaneSpan, Span, Table, Timeline, Tone, render};

use crate::reader::{document, packed, read, read_blocks};

fn every_block() -> Vec<Block> {
    let axis = |label: &str, value| Axis { label: label.to_owned(), value };
    let bar = |label: &str, value| Bar { label: label.to_owned(), value, note: "4 min".to_owned() };
    vec![
        Block::heading(1, "Report on Eve"),
        Block::paragraph("First paragraph."),
        Block::Paragraph(vec![Span::from("plain "), Span::from("bold ").bold(), Span::from("code()").mono()].into()),
        Block::muted("aside"),
        Block::Notice { tone: Tone::Warn, text: "not confirmed".into() },
        Block::heading(2, "Details"),
        Block::Quote { text: "her own words".to_owned(), source: "answer 2".to_owned() },
        Block::Code("fn main() {\n    run();\n}".to_owned()),
        Block::Bullets(vec!["one".into(), "two".into()]),
        Block::Facts(vec![("Position".to_owned(), "Engineer".into())]),
        Block::Table(Table {
            columns: vec![Column { weight: 2.0, align: Align::Left }, Column { weight: 1.0, align: Align::Right }],
            header: vec!["Criterion".to_owned(), "Score".to_owned()],
            rows: vec![vec!["Clarity".into(), "8.0".into()], vec!["Depth".into()]],
        }),
        Block::Bars(vec![bar("Question A", Some(7.25)), bar("Question B", None)]),
        Block::Radar(vec![axis("Relevance", 9.0), axis("Style", 4.0), axis("Speed", 11.0)]),
        Block::Timeline(Timeline {
            length_s: 60.0,
            start_label: "10:02".to_owned(),
            end_label: "10:03".to_owned(),
            lanes: vec![Lane {
                label: "Presence".to_owned(),
                spans: vec![LaneSpan { start_s: 0.0, end_s: 30.0, tone: Tone::Good }],
            }],
        }),
        Block::heading(3, "At last"),
    ]
}

#[test]
fn every_block_can_be_read_back_in_its_order() {
    let read = read_blocks(every_block());
    let text = read.text();
    let mut rest = text.as_str();
    for part in [
        "Report on Eve",
        "First paragraph.",
        "plain bold code()",
        "aside",
        "not confirmed",
        "Details",
        "her own words",
        "answer 2",
        "fn main() {",
        "run();",
        "•one",
        "•two",
        "Position",
        "Engineer",
        "Criterion",
        "Score",
        "Clarity",
        "8.0",
        "Depth",
        "Question A",
        "7.2",
        "4 min",
        "Question B",
        "–",
        "9.0",
        "Relevance",
        "4.0",
        "Style",
        "10.0",
        "Speed",
        "Presence",
        "10:02",
        "10:03",
        "At last",
    ] {
        let part = packed(part);
        let at = rest.find(&part).unwrap_or_else(|| panic!("{part} is missing in {rest}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn european_scripts_are_shown() {
    let names = "Żaneta Łukasiewicz, Þórunn Ævarsdóttir, Čeněk Dvořák, Ştefan Țăruș, Ğülşah, Nguyễn Thị Hồng Ánh, Šarūnė, \
                 Δημήτρης Παπαδόπουλος, Андрей Щёголев, Їжакевич, Ћирић, ŵ ǆ ß ĳ ŉ, → ≤ ½ € “„‘’” – — …";
    for face in [Span::from(names), Span::from(names).bold(), Span::from(names).italic(), Span::from(names).mono()] {
        let read = read_blocks(vec![Block::paragraph(face), Block::Code(names.to_owned())]);
        assert_eq!(read.rendered.missing_characters, []);
        assert_eq!(read.text(), packed(names).repeat(2));
    }
}

#[test]
fn what_no_font_has_is_reported_and_stays_in_the_text() {
    let read = read_blocks(vec![Block::paragraph("Name: 李明 👍 李")]);
    assert_eq!(read.rendered.missing_characters, ['明', '李', '👍']);
    assert!(read.text().starts_with("Name:李"));
}

#[test]
fn a_table_repeats_its_header_on_every_page() {
    let rows = (0..120).map(|row| vec![format!("row {row}").into(), "value".into()]).collect();
    let table = Table { columns: Vec::new(), header: vec!["Key".to_owned(), "Worth".to_owned()], rows };
    let read = read_blocks(vec![Block::heading(2, "Rows"), Block::Table(table)]);
    assert!(read.pages.len() > 3);
    assert!(read.pages.iter().all(|page| page.matches("KeyWorth").count() == 1));
}

#[test]
fn pages_are_numbered() {
    let read = read_blocks(vec![Block::paragraph("line\n".repeat(120))]);
    let count = read.pages.len();
    assert!(count > 2);
    for (number, page) in (1..).zip(&read.pages) {
        assert!(page.ends_with(&format!("lineFooter{number}of{count}")), "{page}");
    }
}

#[test]
fn a_document_without_blocks_is_an_empty_page() {
    let empty = Document::new("", i64::MAX);
    assert_eq!(read(&empty).pages, ["1of1"]);
}

#[test]
fn fonts_are_embedded_as_subsets() {
    let read = read_blocks(every_block());
    let fonts = read.dictionaries().filter(|d| d.get_type().is_ok_and(|kind| kind == b"FontDescriptor"));
    let embedded: Vec<_> = fonts.map(|font| font.has(b"FontFile2")).collect();
    assert_eq!(embedded, [true; 4]);
    assert!(read.rendered.bytes.len() < 100_000, "{}", read.rendered.bytes.len());
}

#[test]
fn it_is_tagged_for_screen_readers() {
    let read = read_blocks(every_block());
    let catalog = read.pdf.catalog().expect("has a catalogue");
    assert!(catalog.has(b"StructTreeRoot"));
    assert_eq!(catalog.get(b"Lang").and_then(|lang| lang.as_str()).expect("has a language"), b"en");
    let count = |kind: &[u8]| {
        read.dictionaries().filter(|d| d.get(b"S").and_then(|s| s.as_name()).is_ok_and(|s| s == kind)).count()
    };
    assert_eq!((count(b"H1"), count(b"H2"), count(b"H3")), (1, 1, 1));
    assert_eq!((count(b"Table"), count(b"TR"), count(b"TH"), count(b"TD")), (1, 3, 2, 4));
    assert_eq!((count(b"Figure"), count(b"BlockQuote"), count(b"Code")), (2, 1, 1));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let first = render(&document(every_block())).expect("renders");
    for _ in 0..3 {
        assert_eq!(render(&document(every_block())).expect("renders"), first);
    }
}

#[test]
fn another_time_is_another_document() {
    let at =
        |created_at_unix_s| render(&Document { created_at_unix_s, ..document(every_block()) }).expect("renders").bytes;
    assert_ne!(at(0), at(1));
}
