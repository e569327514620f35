//! Connections that break, and a server that forgets.

use proctor::log::LogId;
use proctor::policy::Kind;
use proctor::signal::Signal;
use proctor::wire::{Beginning, Down, Open};

use super::{EPOCH, NOBODY, THERE, begun};

#[test]
fn offline_for_minutes_costs_nothing_and_is_no_finding() {
    let (mut server, mut page, now) = begun();
    page.lose(&mut server, now);
    let now = page.look(&mut server, now, now + 150_000, THERE);
    let now = page.look(&mut server, now, now + 20_000, NOBODY);
    let now = page.look(&mut server, now, now + 180_000, THERE);
    let before = server.entries.len();
    page.connect(&mut server, now);
    let now = page.look(&mut server, now, now + 5_000, THERE);
    assert!(server.entries.len() > before + 700);
    assert_eq!(server.findings, []);
    let nobody = server.violations()[0];
    assert_eq!(nobody.id.kind, Kind::NoFace);
    assert_eq!(i64::from(nobody.id.from_ms), now - 205_000 - (EPOCH + 400));
    assert!(server.signals().ends_with(&[Signal::NetworkLost, Signal::Reconnected]));
}

#[test]
fn refused_log_is_begun_anew() {
    let (mut server, mut page, now) = begun();
    page.hear(&mut server, now, &Down::BeginAnew { log: LogId(7) });
    assert_eq!(server.opened.len(), 1);
    page.hear(&mut server, now, &Down::BeginAnew { log: LogId(0) });
    assert_eq!(server.opened[1], Open::New(Beginning::Refused));
    let before = server.entries.len();
    page.look(&mut server, now, now + 5_000, THERE);
    assert!(server.entries.len() > before + 5);
    assert_eq!(server.findings, []);
}

#[test]
fn log_that_the_server_lost_its_place_in_is_opened_again_and_goes_on() {
    let (mut server, mut page, now) = begun();
    server.mute = true;
    let now = page.look(&mut server, now, now + 5_000, THERE);
    server.mute = false;
    page.hear(&mut server, now, &Down::OpenAgain);
    assert_eq!(server.opened[1], Open::Resume(LogId(0)));
    let before = server.entries.len();
    page.look(&mut server, now, now + 5_000, THERE);
    assert!(server.entries.len() > before + 5);
    assert_eq!((server.findings.len(), server.logs.len()), (0, 1));
    page.lose(&mut server, now);
    page.hear(&mut server, now, &Down::OpenAgain);
    assert_eq!(server.opened.len(), 2, "a word of a connection that is lost");
}

#[test]
fn what_was_not_acknowledged_is_sent_again_over_the_next_connection_and_changes_nothing() {
    let (mut server, mut page, now) = begun();
    server.mute = true;
    let before = server.entries.len();
    let now = page.look(&mut server, now, now + 120_000, THERE);
    let entries = server.entries.len();
    assert!(entries >= before + 235, "a store that is down for minutes costs nothing: {entries}");
    page.lose(&mut server, now);
    server.mute = false;
    page.connect(&mut server, now + 1_000);
    page.look(&mut server, now + 1_500, now + 3_000, THERE);
    assert!(server.entries.len() < entries + 12);
    assert_eq!(server.findings, []);
}

#[test]
fn machine_that_slept_goes_on_with_the_servers_time() {
    let (mut server, mut page, now) = begun();
    page.lose(&mut server, now);
    // The page's clock stood still for ten minutes.
    page.born_ms += 600_000;
    let now = now + 600_000;
    page.connect(&mut server, now);
    page.look(&mut server, now, now + 60_000, THERE);
    assert_eq!(server.findings, []);
    assert!(i64::from(server.entries.last().unwrap().at_ms) > 655_000);
}
