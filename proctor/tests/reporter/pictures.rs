//! Pictures: of violations, of spot checks, and of the face.

use proctor::policy::{Kind, ViolationId};
use proctor::reporter::Picture;
use proctor::signal::{Entry, Signal, Stage, What};
use proctor::wire::{Down, NoFrame, Still, Up};

use super::page::Page;
use super::server::Server;
use super::{EPOCH, NOBODY, THERE, begun};

#[test]
fn pictures_are_taken_around_a_violation_and_sent_when_they_are_wanted() {
    let (mut server, mut page, now) = begun();
    let now = page.look(&mut server, now, now + 7_000, NOBODY);
    let (violation, at) = page.collect[0].clone();
    let from = page.ms(now - 7_000);
    assert_eq!(
        at,
        [5, 3, 1].map(|s| from - s * 1_000).into_iter().chain([1, 3, 5].map(|s| from + s * 1_000)).collect::<Vec<_>>()
    );
    assert_eq!(violation, server.violations()[0].id);

    let acts = page.reporter.collected(violation, vec![Picture { at: from, jpeg: vec![1; 9] }]);
    page.act(&mut server, now, acts);
    assert!(server.other.is_empty());
    page.hear(&mut server, now, &Down::WantEvidence { violation });
    let still = Still { at_ms: violation.from_ms, jpeg: vec![1; 9] };
    assert_eq!(server.other, [Up::Evidence { violation, stills: vec![still] }]);

    // One that only the server knows of is collected when it asks.
    let other = ViolationId { from_ms: violation.from_ms + 3_000, kind: Kind::Contradiction };
    page.hear(&mut server, now, &Down::WantEvidence { violation: other });
    assert_eq!(page.collect.last().unwrap().0, other);
    let acts = page.reporter.collected(other, Vec::new());
    page.act(&mut server, now, acts);
    assert_eq!(server.other.last(), Some(&Up::Evidence { violation: other, stills: Vec::new() }));
}

#[test]
fn spot_check_is_answered_with_a_picture_or_why_not() {
    let (mut server, mut page, now) = begun();
    page.hear(&mut server, now, &Down::ShowMe { nonce: 5 });
    assert_eq!(page.spots, [5]);
    let at = page.ms(now);
    let acts = page.reporter.spot(5, at, Some(THERE), vec![1, 2, 3]);
    page.act(&mut server, now, acts);
    let at_ms = (now - EPOCH - 400) as u32;
    assert_eq!(server.other, [Up::Frame { nonce: 5, at_ms, claim: Some(THERE), jpeg: vec![1, 2, 3] }]);
    let acts = page.reporter.refuse(6, NoFrame::CameraOff);
    page.act(&mut server, now, acts);
    let acts = page.reporter.spot(7, at, None, vec![0; proctor::wire::MAX_JPEG + 1]);
    page.act(&mut server, now, acts);
    assert_eq!(server.other[1], Up::Refused { nonce: 6, why: NoFrame::CameraOff });
    assert_eq!(server.other[2], Up::Refused { nonce: 7, why: NoFrame::NotReady });
}

#[test]
fn reference_is_sent_on_every_connection_until_the_server_has_it() {
    let mut server = Server::new();
    let mut page = Page::load(EPOCH, None);
    let acts = page.reporter.reference(vec![7; 10]);
    page.act(&mut server, EPOCH, acts);
    page.connect(&mut server, EPOCH + 100);
    page.lose(&mut server, EPOCH + 200);
    page.connect(&mut server, EPOCH + 300);
    page.reporter.reference_taken();
    page.lose(&mut server, EPOCH + 400);
    page.connect(&mut server, EPOCH + 500);
    assert_eq!(server.other, vec![Up::Reference { jpeg: vec![7; 10] }; 2]);
}

#[test]
fn reference_that_is_refused_is_taken_anew() {
    let (mut server, mut page, now) = begun();
    let acts = page.reporter.reference(vec![1]);
    page.act(&mut server, now, acts);
    page.hear(&mut server, now, &Down::ReferenceRefused);
    assert_eq!(page.captures, 1);
    page.lose(&mut server, now + 100);
    page.connect(&mut server, now + 200);
    assert_eq!(server.other, [Up::Reference { jpeg: vec![1] }], "what was refused is not sent again");
}

#[test]
fn what_is_not_sent_when_the_interview_ends_is_sent_over_the_next_connection() {
    let (mut server, mut page, now) = begun();
    page.lose(&mut server, now);
    page.say(&mut server, now, Signal::Pasted { chars: 400, from_question: false });
    let now = page.look(&mut server, now, now + 3_000, THERE);
    assert_eq!(page.collect, [], "it is shown for some seconds more");
    page.say(&mut server, now, Signal::Stage(Stage::Ended));
    let Some((violation, _)) = page.collect.pop() else { panic!("nothing more will be seen, so it is collected now") };
    let stills = vec![Picture { at: page.ms(now), jpeg: vec![1] }];
    let acts = page.reporter.collected(violation, stills);
    page.act(&mut server, now, acts);
    let before = server.entries.len();
    page.look(&mut server, now + 1_000, now + 4_000, THERE);
    page.connect(&mut server, now + 5_000);
    let ended = Entry { what: What::Signal(Signal::Stage(Stage::Ended)), ..*server.entries.last().expect("some") };
    assert_eq!(server.entries.last(), Some(&ended), "nothing is looked at after the end");
    assert!(server.entries.len() > before + 5);
    page.hear(&mut server, now + 5_000, &Down::WantEvidence { violation });
    assert!(matches!(&server.other[..], [Up::Evidence { stills, .. }] if stills.len() == 1), "{:?}", server.other);
    assert!(!page.forgotten);
    page.hear(&mut server, now + 5_100, &Down::Farewell);
    assert!(page.forgotten);
}
