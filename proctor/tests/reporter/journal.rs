//! Reloads, and two tabs with one journal.

use proctor::log::LogId;
use proctor::policy::{Kind, ViolationId};
use proctor::signal::{Signal, Stage};
use proctor::wire::{Beginning, Open};

use super::page::Page;
use super::{NOBODY, THERE, begun};

#[test]
fn page_that_is_loaded_anew_goes_on_with_its_log() {
    let (mut server, mut page, now) = begun();
    page.say(&mut server, now, Signal::PageUnloading);
    let now = now + 3_000;
    let mut page = Page::load(now, page.journal);
    page.say(&mut server, now + 10, Signal::Stage(Stage::Interview));
    page.connect(&mut server, now + 700);
    page.look(&mut server, now + 1_000, now + 30_000, THERE);
    assert_eq!(server.opened[1], Open::Resume(LogId(0)));
    assert_eq!(server.findings, []);
    let reload = server.violations()[0];
    assert_eq!(reload.id.kind, Kind::Reload);
    assert_eq!(reload.to_ms.unwrap() - reload.id.from_ms, 3_000);
}

#[test]
fn page_that_went_without_a_word_is_noticed_by_the_next_one() {
    let (mut server, mut page, now) = begun();
    // What was not sent is in the journal.
    page.lose(&mut server, now);
    page.look(&mut server, now, now + 20_000, NOBODY);
    let now = now + 80_000;
    let mut page = Page::load(now, page.journal);
    page.say(&mut server, now + 10, Signal::Stage(Stage::Interview));
    page.connect(&mut server, now + 300);
    page.look(&mut server, now + 500, now + 5_000, THERE);
    assert_eq!(server.findings, []);
    let kinds: Vec<Kind> = server.violations().iter().map(|violation| violation.id.kind).collect();
    assert!(kinds.contains(&Kind::NoFace) && kinds.contains(&Kind::Reload), "{kinds:?}");
}

#[test]
fn both_sides_come_to_the_same_after_a_reload() {
    let (mut server, mut page, now) = begun();
    let now = page.look(&mut server, now, now + 6_000, NOBODY);
    let now = page.look(&mut server, now, now + 2_000, THERE);
    let first = server.violations()[0];
    let mut page = Page::load(now, page.journal);
    page.say(&mut server, now, Signal::Stage(Stage::Interview));
    page.connect(&mut server, now + 100);
    let now = page.look(&mut server, now + 200, now + 1_500, THERE);
    // Within the cool-down: the same violation goes on.
    page.look(&mut server, now, now + 6_000, NOBODY);
    let server_ids: Vec<ViolationId> = server.violations().iter().map(|violation| violation.id).collect();
    assert!(server_ids.contains(&first.id));
    assert!(page.collect.iter().all(|(id, _)| server_ids.contains(id)));
}

#[test]
fn broken_journal_is_said_to_be_broken() {
    let (mut server, page, now) = begun();
    let mut journal = page.journal.unwrap();
    let last = journal.len() / 2;
    journal[last] ^= 1;
    journal.truncate(last + 20);
    let mut page = Page::load(now, Some(journal));
    page.connect(&mut server, now + 100);
    assert_eq!(server.opened[1], Open::New(Beginning::BrokenJournal));
    page.look(&mut server, now + 200, now + 5_000, THERE);
    assert_eq!(server.findings, []);
    assert_eq!(server.current(), Some(LogId(1)));
}

#[test]
fn of_two_tabs_with_one_journal_the_one_that_comes_back_begins_anew() {
    let (mut server, mut first, now) = begun();
    first.lose(&mut server, now);
    let mut second = Page::load(now, first.journal.clone());
    second.say(&mut server, now, Signal::Stage(Stage::Interview));
    second.connect(&mut server, now + 100);
    let now = second.look(&mut server, now + 200, now + 10_000, THERE);
    second.lose(&mut server, now);
    first.connect(&mut server, now);
    assert_eq!(server.opened[2..], [Open::Resume(LogId(0)), Open::New(Beginning::BrokenJournal)]);
    first.look(&mut server, now, now + 5_000, THERE);
    assert_eq!(server.findings, []);
    // A new log knows how far the interview is.
    let stage = Signal::Stage(Stage::Interview);
    assert!(server.signals().ends_with(&[Signal::PageLoaded, stage]), "{:?}", server.signals());
}
