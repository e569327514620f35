//! A long interview in a moment.

use std::{
    fs,
    time::{Duration, Instant},
};

use paper::{Block, Table, render};

use crate::reader::document;

#[test]
fn a_hundred_pages_take_a_moment() {
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
    let document = document(blocks);
    let (begun, worked) = (Instant::now(), time_at_work());
    let rendered = render(&document).expect("renders");
    let took = time_at_work().zip(worked).map_or(begun.elapsed(), |(now, then)| now - then);
    println!("{} pages, {} bytes, {took:?}", rendered.pages, rendered.bytes.len());
    assert!(rendered.pages >= 100, "{}", rendered.pages);
    assert!(rendered.bytes.len() < 2_000_000, "{}", rendered.bytes.len());
    let allowed = if cfg!(debug_assertions) { 60 } else { 2 };
    assert!(took < Duration::from_secs(allowed), "{took:?}");
}

/// How long this thread has been on a processor, where Linux tells: others' work on the machine does not count.
fn time_at_work() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}
