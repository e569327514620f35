//! Pages that say less than they should: nothing at all, no answer to a check, no picture, not the end.

use proctor::{
    observation::{Look, Unclear},
    policy::{Kind, Severity, ViolationId},
    signal::{Device, Entry, Signal, Stage, What},
    wire::{Down, NoFrame, Open, Up},
};

use super::proctoring::{
    NOBODY, ONE, Reporting, begin, consented, jpeg_of, kinds, read_again, reporting, waiting, welcome,
};
use crate::{
    interview::Command,
    model::{Actor, SessionId, ViolationKey},
    ports::{Examined, Unexamined},
    service::{AppState, fakes::World, proctoring::Watcher},
};

pub const DARK: Look = Look::CannotTell(Unclear::TooDark);

/// A page that is connected, and follows the interview.
pub async fn connected(worker: &AppState, id: SessionId) -> Watcher {
    let mut watcher = worker.proctor.watcher(id);
    watcher.follow(&worker.sessions.get(id).await.unwrap());
    watcher
}

pub async fn passes(world: &World, watcher: &mut Watcher, seconds: u32) -> Vec<Down> {
    let mut downs = Vec::new();
    for _ in 0..seconds {
        world.clock.advance_s(1);
        downs.extend(watcher.tick().await);
    }
    downs
}

/// Another connection of the page, which goes on with its log.
pub async fn comes_again(worker: &AppState, page: &mut Reporting) -> Vec<Down> {
    page.watcher.leave().await;
    page.watcher = connected(worker, page.id).await;
    page.say(Up::Open(Open::Resume(page.welcome.log))).await
}

/// The page looks on without seeing, and is asked for a picture.
pub async fn asked_blind(world: &World, page: &mut Reporting) -> u64 {
    loop {
        page.at_ms += 1_000;
        page.signal(Signal::Tick);
        world.clock.advance_s(1);
        page.send().await;
        for down in page.watcher.tick().await {
            if let Down::ShowMe { nonce } = down {
                return nonce;
            }
        }
    }
}

pub fn wanted(downs: &[Down]) -> Vec<ViolationId> {
    let wanted = |down: &Down| match down {
        Down::WantEvidence { violation } => Some(*violation),
        _ => None,
    };
    downs.iter().filter_map(wanted).collect()
}

pub async fn contradictions(page: &Reporting, worker: &AppState) -> Vec<(Severity, String)> {
    let session = page.session(worker).await;
    let all = session.proctoring.as_ref().unwrap().violations.iter();
    let contradictions = all.filter(|violation| violation.key.kind == Kind::Contradiction);
    contradictions.map(|violation| (violation.severity, violation.detail.clone().unwrap_or_default())).collect()
}

#[tokio::test]
async fn a_page_that_never_opens_a_log_is_unwatched() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented(&worker).await;
    let mut watcher = connected(&worker, id).await;
    passes(&world, &mut watcher, 60).await;
    assert_eq!(world.blobs.count(id, ""), 0, "before the interview nobody has to report");
    begin(&worker, id).await;
    watcher.follow(&worker.sessions.get(id).await.unwrap());
    passes(&world, &mut watcher, 14).await;
    let session = worker.sessions.get(id).await.unwrap();
    assert_eq!(kinds(&session), [(Kind::Unwatched, Severity::Info)]);
    assert!(!session.proctoring.as_ref().unwrap().is_reported());
    passes(&world, &mut watcher, 20).await;
    watcher.leave().await;
    assert_eq!(kinds(&worker.sessions.get(id).await.unwrap()), [(Kind::Unwatched, Severity::Medium)]);
    let replay = read_again(&worker, id).await;
    assert!(replay.whole && replay.logs == 0, "{replay:?}");
    assert_eq!(replay.violations.len(), 1, "read again it comes to the same");

    let page = Reporting::of(&worker, id).await;
    assert!(page.session(&worker).await.proctoring.as_ref().unwrap().is_reported(), "late, but it does");
}

#[tokio::test]
async fn a_page_that_connects_again_and_again_and_says_nothing_is_unwatched() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 8, ONE).await;
    page.watcher.leave().await;
    for _ in 0..12 {
        let mut watcher = connected(&worker, id).await;
        passes(&world, &mut watcher, 3).await;
        watcher.leave().await;
    }
    assert_eq!(kinds(&*page.session(&worker).await), [(Kind::Unwatched, Severity::Medium)]);
}

#[tokio::test]
async fn a_page_that_hangs_up_when_a_picture_is_asked_for_is_found_out() {
    let (world, worker, mut page) = reporting().await;
    for (hung_up, found) in [(2, 0), (1, 1), (2, 2)] {
        for _ in 0..hung_up {
            page.asked(&world, ONE).await;
            comes_again(&worker, &mut page).await;
        }
        page.looks(&world, 1, ONE).await;
        assert_eq!(contradictions(&page, &worker).await.len(), found, "networks break");
    }
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
    assert!(found[0].1.contains("broke again and again"), "{found:?}");
}

#[tokio::test]
async fn what_was_shown_last_is_judged_though_the_page_is_gone() {
    let (world, worker, mut page) = reporting().await;
    world.examiner.see(Ok(Examined { look: NOBODY, print: vec![1], face: None }));
    for content in 0..2 {
        let nonce = page.asked(&world, ONE).await;
        page.answers(nonce, ONE, content).await;
        comes_again(&worker, &mut page).await;
    }
    assert_eq!(contradictions(&page, &worker).await.len(), 2);
    let again = "the same picture was sent again";
    assert_eq!(contradictions(&page, &worker).await[1].1, again, "though it came over another connection");
}

#[tokio::test]
async fn what_is_no_picture_is_no_answer() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    world.examiner.see(Err(Unexamined::NoPicture));
    page.shows(&world, ONE, 1).await;
    page.shows(&world, ONE, 2).await;
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
    assert_eq!(worker.proctor.checks(id).await.unwrap(), [], "and no check");

    let nonce = page.asked(&world, ONE).await;
    page.say(Up::Frame { nonce, at_ms: page.at_ms, claim: Some(ONE), jpeg: vec![1, 2, 3] }).await;
    page.looks(&world, 1, ONE).await;
    assert_eq!(contradictions(&page, &worker).await.len(), 3);
}

#[tokio::test]
async fn a_log_of_one_person_and_checks_that_show_nothing_contradict_each_other() {
    for claim in [DARK, ONE] {
        let (world, worker, mut page) = reporting().await;
        for content in 0..3 {
            world.examiner.see(Ok(Examined { look: DARK, print: vec![content], face: None }));
            let nonce = page.asked(&world, ONE).await;
            page.answers(nonce, claim, content).await;
            page.looks(&world, 7, ONE).await;
            assert_eq!(contradictions(&page, &worker).await.len(), usize::from(content), "{claim:?}");
        }
    }
    let (world, worker, mut page) = reporting().await;
    for content in 0..3 {
        world.examiner.see(Ok(Examined { look: DARK, print: vec![content], face: None }));
        page.shows(&world, DARK, content).await;
    }
    assert_eq!(contradictions(&page, &worker).await, [], "a dark room that is said to be one");
}

#[tokio::test]
async fn a_page_that_cannot_look_has_pictures_all_the_same() {
    let (world, worker, mut page) = reporting().await;
    page.signal(Signal::NoVision);
    page.signal(Signal::Camera(Device::Ended));
    for _ in 0..3 {
        let nonce = asked_blind(&world, &mut page).await;
        page.say(Up::Refused { nonce, why: NoFrame::CameraOff }).await;
    }
    assert_eq!(contradictions(&page, &worker).await, [], "the log says that the camera is off");
    page.signal(Signal::Camera(Device::Back));
    for _ in 0..4 {
        let nonce = asked_blind(&world, &mut page).await;
        page.say(Up::Refused { nonce, why: NoFrame::NotReady }).await;
    }
    asked_blind(&world, &mut page).await;
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
    assert_eq!(found.len(), 3, "a camera may be starting, once: {found:?}");
}

#[tokio::test]
async fn only_a_picture_of_one_face_becomes_the_reference() {
    let (world, worker, mut page) = waiting().await;
    let nobody = Ok(Examined { look: NOBODY, print: vec![], face: None });
    for seen in [nobody, Err(Unexamined::NoPicture), Err(Unexamined::Busy)] {
        world.examiner.see(seen.clone());
        assert_eq!(page.refers_to(1).await, [Down::ReferenceRefused], "{seen:?}");
        assert_eq!(page.session(&worker).await.proctoring.as_ref().unwrap().reference_at, None);
    }
    world.examiner.see(Ok(Examined { look: ONE, print: vec![], face: Some(vec![1.0]) }));
    assert_eq!(page.refers_to(1).await, []);
    assert!(page.session(&worker).await.proctoring.as_ref().unwrap().reference_at.is_some());
}

#[tokio::test]
async fn references_take_no_more_than_their_share_of_the_servers_eyes() {
    let (world, worker, mut page) = waiting().await;
    world.examiner.see(Ok(Examined { look: NOBODY, print: vec![], face: None }));
    let large = jpeg_of(640, 480, &[0; 40 * 1024]);
    for _ in 0..50 {
        page.say(Up::Reference { jpeg: large.clone() }).await;
        tokio::task::yield_now().await;
        page.watcher.tick().await;
        comes_again(&worker, &mut page).await;
    }
    assert!((2..8).contains(&world.examiner.looked()), "{}", world.examiner.looked());
    assert_eq!(kinds(&*page.session(&worker).await), [], "a page may try again and again");
    world.clock.advance_s(120);
    world.examiner.see(Ok(Examined { look: ONE, print: vec![], face: Some(vec![1.0]) }));
    assert_eq!(page.say(Up::Reference { jpeg: large }).await, []);
}

#[tokio::test]
async fn a_server_that_was_busy_once_compares_faces_all_the_same() {
    let (world, worker, mut page) = waiting().await;
    let id = page.id;
    page.refers_to(1).await;
    begin(&worker, id).await;
    comes_again(&worker, &mut page).await;
    world.examiner.see(Err(Unexamined::Busy));
    page.shows(&world, ONE, 2).await;
    for content in 3..6 {
        world.examiner.see(Ok(Examined { look: ONE, print: vec![content], face: Some(vec![1.0]) }));
        page.shows(&world, ONE, content).await;
    }
    let checks = worker.proctor.checks(id).await.unwrap();
    assert!(checks.iter().any(|check| check.same_person == Some(true)), "{checks:?}");
}

#[tokio::test]
async fn pictures_are_asked_for_again_over_the_next_connection_and_missed_when_they_do_not_come() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    let asked = wanted(&page.looks(&world, 7, NOBODY).await);
    assert_eq!(asked.len(), 1);
    let downs = comes_again(&worker, &mut page).await;
    assert!(matches!(downs[0], Down::Welcome(_)), "a page has no log before");
    assert_eq!(wanted(&downs), asked);
    page.looks(&world, 35, ONE).await;
    let missing = |session: &crate::model::Session| session.proctoring.as_ref().unwrap().violations[0].pictures_missing;
    assert!(missing(&*page.session(&worker).await));

    let mut page = Reporting::of(&worker, id).await;
    let asked = wanted(&page.looks(&world, 30, NOBODY).await);
    page.sends_last(asked[0], &[1]).await;
    page.looks(&world, 35, ONE).await;
    let session = page.session(&worker).await;
    let key = ViolationKey { from_ms: asked[0].from_ms, kind: asked[0].kind };
    let answered = session.proctoring.as_ref().unwrap().violation(key).unwrap();
    assert_eq!((answered.stills.len(), answered.pictures_missing), (1, false));
}

#[tokio::test]
async fn the_end_of_a_log_is_taken_for_a_while_and_nothing_that_is_seen_later() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 8, ONE).await;
    // The channel is lost, and the interview ends by requests without one.
    page.watcher.leave().await;
    for _ in 0..12 {
        page.at_ms += 500;
        page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(NOBODY) });
    }
    world.clock.advance_s(6);
    worker.sessions.step(id, &Command::End { by: Actor::Candidate }).await.unwrap();
    for _ in 0..60 {
        page.at_ms += 500;
        page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(Look::Clear { faces: 3, head: None }) });
    }
    page.signal(Signal::Stage(Stage::Ended));
    world.clock.advance_s(31);
    let session = page.session(&worker).await;
    page.watcher = connected(&worker, id).await;
    page.watcher.follow(&session);
    page.welcome = welcome(page.say(Up::Open(Open::Resume(page.welcome.log))).await);
    page.writer.cut();
    let rest: Vec<_> = page.writer.resend_from(page.welcome.next_seq).unwrap().map(<[u8]>::to_vec).collect();
    let mut downs = Vec::new();
    for batch in rest {
        downs.extend(page.say(Up::Batch(batch)).await);
    }
    downs.extend(passes(&world, &mut page.watcher, 2).await);
    assert_eq!(kinds(&*page.session(&worker).await), [(Kind::NoFace, Severity::Medium)], "and no crowd");
    assert!(!downs.contains(&Down::Farewell), "there are pictures of it");
    page.sends_last(wanted(&downs)[0], &[1]).await;
    assert!(passes(&world, &mut page.watcher, 2).await.contains(&Down::Farewell));
    let session = page.session(&worker).await;
    let violation = &session.proctoring.as_ref().unwrap().violations[0];
    assert_eq!((violation.stills.len(), violation.to.is_some()), (1, true));
    let replay = read_again(&worker, id).await;
    assert!(replay.whole && replay.ended, "{replay:?}");
    assert_eq!(replay.violations.len(), 1);

    world.clock.advance_s(60);
    page.watcher = connected(&worker, id).await;
    let late = page.say(Up::Open(Open::Resume(page.welcome.log))).await;
    assert_eq!(late, [Down::Farewell], "nothing is taken any more");
}

#[tokio::test]
async fn a_page_that_goes_away_before_the_end_of_its_log_is_missed() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 8, NOBODY).await;
    worker.sessions.step(id, &Command::End { by: Actor::Candidate }).await.unwrap();
    let session = page.session(&worker).await;
    page.watcher.follow(&session);
    page.watcher.leave().await;
    let session = page.session(&worker).await;
    let violation = &session.proctoring.as_ref().unwrap().violations[0];
    assert!(violation.pictures_missing && violation.to.is_some(), "{violation:?}");
    let ended = async || read_again(&worker, id).await.ended;
    assert!(ended().await, "it may still come");
    world.clock.advance_s(61);
    assert!(!ended().await);
}
