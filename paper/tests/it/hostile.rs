//! Input that was made to break the layout.

use paper::{Axis, Bar, Block, Document, Lane, LaneSpan, Span, Table, Timeline, Tone, render};

use crate::reader::{document, packed, read, read_blocks};

/// `text` wherever text can be.
fn everywhere(text: &str) -> Vec<Block> {
    let axis = Axis { label: text.to_owned(), value: 5.0 };
    let lane = Lane { label: text.to_owned(), spans: Vec::new() };
    let mut blocks = vec![
        Block::heading(1, text),
        Block::paragraph(text),
        Block::muted(Span::from(text).italic()),
        Block::Notice { tone: Tone::Bad, text: text.into() },
        Block::Quote { text: text.to_owned(), source: text.to_owned() },
        Block::Code(text.to_owned()),
        Block::Bullets(vec![text.into()]),
        Block::Facts(vec![(text.to_owned(), text.into())]),
        Block::Bars(vec![Bar { label: text.to_owned(), value: Some(1.0), note: text.to_owned() }]),
        Block::Radar(vec![axis; 4]),
        Block::Timeline(Timeline {
            length_s: 5.0,
            start_label: text.to_owned(),
            end_label: text.to_owned(),
            lanes: vec![lane],
        }),
    ];
    let row = vec![text.into(), "x".into(), text.into()];
    blocks.push(Block::Table(Table { columns: Vec::new(), header: vec![text.to_owned(); 2], rows: vec![row; 2] }));
    blocks
}

#[test]
fn a_word_without_end_is_broken_and_nothing_is_lost() {
    let word: String = ('a'..='z').cycle().take(50_000).collect();
    for block in [Block::paragraph(word.as_str()), Block::Code(word.clone()), Block::heading(1, word.as_str())] {
        assert_eq!(read_blocks(vec![block]).text(), word);
    }
}

#[test]
fn long_texts_can_be_everywhere() {
    let word = "Donaudampfschiff".repeat(250);
    let read = read(&Document { footer: String::new(), ..document(everywhere(&word)) });
    let letters = read.pages.concat().matches('D').count();
    assert!(letters >= 20 * 250, "{letters}");
}

#[test]
fn a_footer_without_end_is_shortened() {
    let read = read(&Document { footer: "on and on ".repeat(500), ..document(vec![Block::paragraph("text")]) });
    assert!(read.pages[0].ends_with("…1of1"));
}

#[test]
fn control_characters_do_no_harm() {
    let read = read_blocks(everywhere("a\0b\u{7}c\u{1b}[31md\u{feff}e\u{ffff}\u{fffe}\u{85}f\u{9f}\r\n\tg"));
    assert_eq!(read.rendered.missing_characters, []);
    assert!(read.text().contains("a\u{fffd}b\u{fffd}c\u{fffd}[31mde\u{fffd}\u{fffd}f\u{fffd}g"));
}

#[test]
fn strange_texts_are_laid_out() {
    for text in [
        "",
        " ",
        "\n\n\n",
        "\u{301}",
        "\u{301}\u{302}\u{303}",
        " \u{20dd}",
        "\u{200d}",
        "\u{200b}\u{200e}\u{200f}",
        "\u{202e}abc\u{202c}",
        "שלום (abc) עולם 12",
        "مرحبا بالعالم ١٢٣",
        "a\u{5d0}b\u{5d1}",
        "\u{5d0}\u{301}\u{301}",
        "👨‍👩‍👧‍👦🏳️‍🌈",
        "ก็กี้",
        "क्षत्रिय",
        "\u{e000}\u{10ffff}",
        "\u{1100}\u{1161}\u{11a8}",
        "\u{640}\u{64b}\u{64b}",
        "ﷺ",
        "\u{2028}\u{2029}",
        "fi ffi ﬃ",
        "\u{a0}\u{a0}",
        "\u{ad}\u{ad}",
    ] {
        render(&document(everywhere(text))).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    }
}

/// poppler takes no token of more bytes in what maps glyphs to characters.
const TOKEN: usize = 255;

#[test]
fn every_glyph_s_text_can_be_read_whatever_is_written() {
    let marks = "\u{323}\u{301}".repeat(200);
    let family = "\u{1f468}\u{200d}".repeat(200);
    for text in [
        "\u{301}".to_owned(),
        marks.clone(),
        format!("Z{marks}"),
        format!("\u{5d0}{}", "\u{5b7}".repeat(400)),
        format!("\u{674e}{marks}"),
        format!("a{}b", "\u{200d}".repeat(400)),
        format!("\u{5d0}{family}\u{1f468}"),
        family,
    ] {
        let read = read_blocks(everywhere(&text));
        let mut pairs = 0;
        for map in read.streams(b"ToUnicode") {
            for line in map.lines().filter(|line| line.starts_with('<')) {
                for token in line.split_whitespace() {
                    let digits = token.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).expect("digits");
                    assert!(!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit()), "{token}");
                    assert!(token.len() <= TOKEN, "{} bytes for {:?}", token.len(), text.chars().next());
                }
                pairs += 1;
            }
        }
        assert!(pairs > 10, "glyphs have texts");
    }
}

#[test]
fn what_no_font_has_is_all_in_the_text_however_long_it_is() {
    let family = "\u{1f468}\u{200d}".repeat(105);
    assert_eq!(read_blocks(vec![Block::paragraph(family.as_str())]).text(), family);
}

#[test]
fn marks_can_pile_up() {
    let pile = format!("Z{}", "\u{323}\u{301}".repeat(5_000));
    render(&document(vec![Block::paragraph(pile.as_str()), Block::Code(pile)])).expect("renders");
    let spaces = " ".repeat(50_000) + "end";
    assert_eq!(read_blocks(vec![Block::paragraph(spaces.as_str()), Block::Code(spaces)]).text(), "endend");
}

#[test]
fn a_table_may_have_ten_thousand_rows() {
    let rows = (0..10_000).map(|row| vec![row.to_string().into(), "noise in the room".into()]).collect();
    let read =
        render(&document(vec![Block::Table(Table { columns: Vec::new(), header: vec!["Row".to_owned()], rows })]));
    assert!(read.expect("renders").pages > 200);
}

#[test]
fn tables_may_be_ragged_or_far_too_wide() {
    let table = |columns: usize| Table {
        columns: Vec::new(),
        header: vec!["H".to_owned()],
        rows: vec![Vec::new(), vec!["cell".into(); columns], vec!["last".into()]],
    };
    for columns in [0, 1, 3, 40, 500] {
        let text = read_blocks(vec![Block::Table(table(columns))]).text();
        assert_eq!(text.matches('c').count(), columns);
        assert!(text.ends_with("last"));
    }
    assert_eq!(read_blocks(vec![Block::Table(Table::default())]).text(), "");
}

#[test]
fn figures_bear_any_number() {
    let numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 1e300, 0.0];
    let axis = |value| Axis { label: "axis".to_owned(), value };
    let span = |start_s: f64| LaneSpan { start_s, end_s: -start_s, tone: Tone::Plain };
    let mut blocks = vec![
        Block::Radar(numbers.map(axis).into()),
        Block::Radar(numbers[..2].iter().copied().map(axis).collect()),
        Block::Radar(Vec::new()),
        Block::Bars(
            numbers.map(|value| Bar { label: packed("b a r"), value: Some(value), note: String::new() }).into(),
        ),
    ];
    for number in numbers {
        let lanes = vec![Lane { label: "lane".to_owned(), spans: numbers.map(span).into() }];
        blocks.push(Block::Timeline(Timeline { length_s: number, lanes, ..Timeline::default() }));
    }
    render(&document(blocks)).expect("renders");
}

#[test]
fn headings_alone_fill_pages() {
    let blocks = (0..1000).map(|number| Block::heading(number as u8 % 7, format!("Heading {number}"))).collect();
    assert!(read_blocks(blocks).text().ends_with("Heading999"));
}
