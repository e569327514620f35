//! What a log tells, and what is told of it.

use proctor::policy::Kind;
use proctor::signal::{Signal, Stage, Typing, What};
use proctor::wire::{Beginning, Down, Open, Shown};

use super::page::Page;
use super::server::Server;
use super::{EPOCH, NOBODY, THERE, begun};

#[test]
fn log_begins_with_what_is_so_and_what_happened_before() {
    let mut server = Server::new();
    let mut page = Page::load(EPOCH, None);
    for signal in [Signal::Stage(Stage::Interview), Signal::PageHidden, Signal::Copied, Signal::PageShown] {
        page.say(&mut server, EPOCH + 10, signal);
    }
    page.connect(&mut server, EPOCH + 400);
    assert_eq!(server.opened, [Open::New(Beginning::NoJournal)]);
    assert_eq!(server.signals(), [Signal::PageLoaded, Signal::Stage(Stage::Interview), Signal::Copied]);
    assert_eq!(server.findings, []);
}

#[test]
fn batch_is_cut_every_two_seconds_and_at_once_when_something_happens() {
    let (mut server, mut page, now) = begun();
    let batches = |server: &Server| server.logs[0].1.next_seq();
    let before = batches(&server);
    let now = page.look(&mut server, now, now + 20_000, THERE);
    assert_eq!(batches(&server) - before, 10);
    page.say(&mut server, now + 100, Signal::Pasted { chars: 400, from_question: false });
    assert_eq!(server.violations()[0].id.kind, Kind::Paste);
    assert_eq!(page.warned, [Kind::Paste]);
    page.look(&mut server, now + 500, now + 10_000, THERE);
    assert_eq!(page.warned, []);
    assert_eq!(server.findings, []);
}

#[test]
fn candidate_is_warned_and_told_no_more_once_it_is_mended() {
    let (mut server, mut page, now) = begun();
    let now = page.look(&mut server, now, now + 4_500, NOBODY);
    assert_eq!(page.warned, [Kind::NoFace]);
    page.look(&mut server, now, now + 2_000, THERE);
    assert_eq!(page.warned, []);
}

#[test]
fn time_is_told_where_nothing_is_seen() {
    let (mut server, mut page, now) = begun();
    page.say(&mut server, now, Signal::PageHidden);
    for at in (now..now + 12_000).step_by(500) {
        let acts = page.reporter.advance(page.ms(at));
        page.act(&mut server, at, acts);
    }
    let exit = server.violations()[0];
    assert_eq!((exit.id.kind, exit.to_ms), (Kind::WindowExit, None));
    let gaps = server.entries.windows(2).map(|pair| pair[1].at_ms - pair[0].at_ms);
    assert!(gaps.max().unwrap() <= 1_500);
}

#[test]
fn answer_and_end_are_told_at_once() {
    let (mut server, mut page, now) = begun();
    let typing = Typing { chars: 10, shown_ms: 9_000, typing_ms: 4_000, pasted_chars: 0 };
    page.say(&mut server, now, Signal::AnswerSubmitted(typing));
    assert_eq!(server.signals().last(), Some(&Signal::AnswerSubmitted(typing)));
    page.say(&mut server, now + 100, Signal::Stage(Stage::Ended));
    assert_eq!(server.signals().last(), Some(&Signal::Stage(Stage::Ended)));
}

#[test]
fn verdict_of_the_server_is_shown() {
    let (mut server, mut page, now) = begun();
    let shown = Shown { kind: Kind::NoFace, severity: proctor::policy::Severity::Medium, from_ms: 1, to_ms: Some(2) };
    page.hear(&mut server, now, &Down::Verdict(vec![shown]));
    assert_eq!(page.verdict, [shown]);
}

#[test]
fn storm_of_events_is_no_storm_of_batches_and_what_waits_is_bounded() {
    let (mut server, mut page, now) = begun();
    let before = server.logs[0].1.next_seq();
    for at in now..now + 4_000 {
        page.say(&mut server, at, Signal::Copied);
    }
    assert!(server.logs[0].1.next_seq() - before <= 17);

    let now = now + 4_000;
    page.lose(&mut server, now);
    let now = page.copy_without_end(&mut server, now);
    let before = server.entries.len();
    page.connect(&mut server, now);
    let told = server.entries.len() - before;
    assert!((200_000..260_000).contains(&told), "{told}");
    page.look(&mut server, now + 500, now + 5_000, THERE);
    assert_eq!(server.findings, []);
    assert!(server.entries.last().is_some_and(|last| matches!(last.what, What::Look(_))));
}

#[test]
fn what_found_no_room_is_said_once_there_is_room() {
    let (mut server, mut page, now) = begun();
    page.say(&mut server, now, Signal::WindowBlurred);
    page.lose(&mut server, now);
    let now = page.copy_without_end(&mut server, now);
    let (focused, pasted) = (Signal::WindowFocused, Signal::Pasted { chars: 400, from_question: false });
    for signal in [Signal::PageUnloading, Signal::PageLoaded, focused, pasted] {
        page.say(&mut server, now, signal);
    }
    page.connect(&mut server, now);
    page.look(&mut server, now, now + 5_000, THERE);
    let signals = server.signals();
    assert!(signals.contains(&focused) && signals.contains(&pasted), "{:?}", &signals[signals.len() - 20..]);
    let exit = server.violations().into_iter().find(|violation| violation.id.kind == Kind::WindowExit);
    assert!(exit.is_some_and(|exit| exit.to_ms.is_some()), "{exit:?}");

    // So is the end.
    page.lose(&mut server, now + 5_000);
    let now = page.copy_without_end(&mut server, now + 5_000);
    let ended = Signal::Stage(Stage::Ended);
    page.say(&mut server, now, ended);
    page.connect(&mut server, now);
    page.look(&mut server, now, now + 3_000, THERE);
    assert_eq!(server.signals().last(), Some(&ended));
    assert_eq!(server.findings, []);
}
