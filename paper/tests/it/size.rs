//! What a long interview comes to.

use paper::{Block, Table, render};

use crate::reader::document;

#[test]
fn a_hundred_pages_take_less_than_two_megabytes() {
    let sentence =
        "Then I would compare the histograms of both releases, endpoint by endpoint, and look for what waits. ";
    let mut blocks = Vec::new();
    for number in 0..140 {
        blocks.push(Block::heading(2, format!("Question {number}")));
        blocks.push(Block::paragraph(sentence.repeat(10)));
        blocks.push(Block::Code("let total = 1;\n".repeat(12)));
        let rows = (0..6).map(|row| vec![row.to_string().into(), sentence.into()]).collect();
        let header = vec!["Time".to_owned(), "Said".to_owned()];
        blocks.push(Block::Table(Table { columns: Vec::new(), header, rows }));
    }
    let rendered = render(&document(blocks)).expect("renders");
    assert!(rendered.pages >= 100, "{}", rendered.pages);
    assert!(rendered.bytes.len() < 2_000_000, "{}", rendered.bytes.len());
}
