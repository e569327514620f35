//! Spot checks of pages that hide something, and of pages that cannot help it.

use proctor::{
    observation::Look,
    policy::{Kind, Severity},
    signal::{Device, Entry, Signal, What},
    wire::{Down, NoFrame, Up},
};

use super::{
    proctoring::{NOBODY, ONE, Reporting, jpeg, kinds, open_again, reporting},
    untrusted::{DARK, asked_blind, connected, contradictions, passes},
};
use crate::{ports::Examined, service::fakes::World};

fn sees_dark(world: &World, content: u8) {
    world.examiner.see(Ok(Examined { look: DARK, print: vec![content], face: None }));
}

/// The page looks on, and sends nothing of it yet.
async fn holds_back(world: &World, page: &mut Reporting, seconds: u32, look: Look) {
    for _ in 0..seconds {
        for _ in 0..2 {
            page.at_ms += 500;
            page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(look) });
        }
        world.clock.advance_s(1);
        page.watcher.tick().await;
    }
}

#[tokio::test]
async fn a_picture_of_another_time_is_compared_with_the_time_it_was_asked_for() {
    let (world, worker, mut page) = reporting().await;
    for content in 0..4 {
        sees_dark(&world, content);
        let nonce = page.asked(&world, ONE).await;
        page.say(Up::Frame { nonce, at_ms: 0, claim: Some(DARK), jpeg: jpeg(content) }).await;
        tokio::task::yield_now().await;
        page.looks(&world, 8, ONE).await;
    }
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
}

#[tokio::test]
async fn a_clock_that_is_set_back_while_a_picture_is_asked_for_does_no_harm() {
    let (world, worker, mut page) = reporting().await;
    let nonce = page.asked(&world, ONE).await;
    world.clock.advance_s(-30);
    page.answers(nonce, ONE, 1).await;
    world.clock.advance_s(30);
    page.looks(&world, 8, ONE).await;
    assert_eq!(contradictions(&page, &worker).await, []);
    assert_eq!(worker.proctor.checks(page.id).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_picture_is_judged_once_the_log_has_told_of_its_moment() {
    let (world, worker, mut page) = reporting().await;
    for content in 0..4 {
        sees_dark(&world, content);
        let nonce = page.asked(&world, ONE).await;
        holds_back(&world, &mut page, 3, ONE).await;
        page.answers(nonce, DARK, content).await;
        holds_back(&world, &mut page, 8, ONE).await;
        page.send().await;
        page.looks(&world, 2, ONE).await;
    }
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
}

#[tokio::test]
async fn a_page_that_cannot_look_has_to_show_something() {
    let (world, worker, mut page) = reporting().await;
    page.signal(Signal::NoVision);
    for content in 0..4 {
        sees_dark(&world, content);
        let nonce = asked_blind(&world, &mut page).await;
        page.answers(nonce, None, content).await;
    }
    asked_blind(&world, &mut page).await;
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
    assert!(found.iter().all(|(_, detail)| detail.contains("cannot look")), "{found:?}");
}

#[tokio::test]
async fn a_hidden_page_whose_scripts_stand_still_owes_no_answer() {
    let (world, worker, mut page) = reporting().await;
    page.looks(&world, 3, ONE).await;
    page.signal(Signal::PageHidden);
    page.send().await;
    let downs = passes(&world, &mut page.watcher, 600).await;
    let asked = downs.iter().filter(|down| matches!(down, Down::ShowMe { .. })).count();
    assert!(asked > 2, "{asked}");
    page.at_ms += 600_000;
    page.signal(Signal::PageShown);
    page.looks(&world, 3, ONE).await;
    assert_eq!(contradictions(&page, &worker).await, []);
    let found = kinds(&*page.session(&worker).await);
    assert!(found.iter().any(|(kind, _)| *kind == Kind::WindowExit), "that has a rule of its own: {found:?}");
}

#[tokio::test]
async fn one_answer_may_be_missing_and_no_more() {
    let (world, worker, mut page) = reporting().await;
    for missing in 0..3 {
        page.asked(&world, ONE).await;
        page.looks(&world, 22, ONE).await;
        let found = contradictions(&page, &worker).await;
        assert_eq!(found.len(), missing, "{found:?}");
    }
    assert_eq!(contradictions(&page, &worker).await[1].0, Severity::High);
}

#[tokio::test]
async fn a_camera_that_just_dropped_out_is_excused_once_and_one_that_is_seen_on_is_not() {
    let (world, worker, mut page) = reporting().await;
    for times in 0..3 {
        let nonce = page.asked(&world, ONE).await;
        page.say(Up::Refused { nonce, why: NoFrame::NotReady }).await;
        for second in 0..12 {
            page.at_ms += 1_000;
            // It is taken for lost some seconds later only.
            page.signal(if second == 6 { Signal::Camera(Device::Ended) } else { Signal::Tick });
            world.clock.advance_s(1);
            page.send().await;
            page.watcher.tick().await;
        }
        let found = contradictions(&page, &worker).await;
        assert!(found.len() == times && found.iter().all(|(_, what)| what.contains("had not said")), "{found:?}");
        page.signal(Signal::Camera(Device::Back));
    }
}

#[tokio::test]
async fn what_the_log_says_of_a_camera_once_it_was_asked_for_excuses_no_second_time() {
    for refuses in [true, false] {
        let (world, worker, mut page) = reporting().await;
        for found in 0..3 {
            let nonce = page.asked(&world, ONE).await;
            page.signal(Signal::Camera(Device::Muted));
            page.at_ms += 100;
            page.signal(Signal::Camera(Device::Back));
            if refuses {
                page.say(Up::Refused { nonce, why: NoFrame::NotReady }).await;
            }
            page.looks(&world, if refuses { 10 } else { 21 }, ONE).await;
            assert_eq!(contradictions(&page, &worker).await.len(), found, "refuses: {refuses}");
        }
        assert_eq!(contradictions(&page, &worker).await[1].0, Severity::High);
    }
}

#[tokio::test]
async fn a_room_that_is_dark_since_a_picture_was_asked_for_excuses_no_second_one() {
    let (world, worker, mut page) = reporting().await;
    for found in 0..3 {
        sees_dark(&world, found as u8);
        let nonce = page.asked(&world, ONE).await;
        page.looks(&world, 2, DARK).await;
        page.say(Up::Frame { nonce, at_ms: page.at_ms, claim: Some(DARK), jpeg: jpeg(found as u8) }).await;
        tokio::task::yield_now().await;
        page.looks(&world, 5, DARK).await;
        assert_eq!(contradictions(&page, &worker).await.len(), found);
    }
    let found = contradictions(&page, &worker).await;
    assert!(found.iter().all(|(_, what)| what.contains("had not said so before")), "{found:?}");
}

#[tokio::test]
async fn a_page_that_says_that_it_is_dark_once_a_check_showed_it_is_not_accused() {
    let (world, worker, mut page) = reporting().await;
    let mut logged = ONE;
    for content in 0..6 {
        sees_dark(&world, content);
        let nonce = page.asked(&world, logged).await;
        page.answers(nonce, DARK, content).await;
        // Whom it followed it does not follow any more.
        logged = DARK;
        page.looks(&world, 7, logged).await;
    }
    assert_eq!(contradictions(&page, &worker).await, []);
}

#[tokio::test]
async fn a_dark_picture_whose_log_is_still_on_its_way_is_excused_though_the_page_is_gone() {
    let (world, worker, mut page) = reporting().await;
    for content in 0..4 {
        sees_dark(&world, content);
        let nonce = page.asked(&world, DARK).await;
        holds_back(&world, &mut page, 2, DARK).await;
        page.answers(nonce, DARK, content).await;
        page.watcher.leave().await;
        page.watcher = connected(&worker, page.id).await;
        open_again(&mut page).await;
    }
    assert_eq!(worker.proctor.checks(page.id).await.unwrap().len(), 4);
    assert_eq!(contradictions(&page, &worker).await, []);
}

#[tokio::test]
async fn nobody_is_found_where_the_next_check_shows_it_again_and_that_comes_soon() {
    let (world, worker, mut page) = reporting().await;
    let nobody = |content| Ok(Examined { look: NOBODY, print: vec![content], face: None });
    let one = |content| Ok(Examined { look: ONE, print: vec![content], face: None });
    for content in [0, 2, 4] {
        world.examiner.see(nobody(content));
        page.shows(&world, ONE, content).await;
        world.examiner.see(one(content + 1));
        let before = page.at_ms;
        let nonce = page.asked(&world, ONE).await;
        assert!(page.at_ms - before <= 25_000);
        page.say(Up::Frame { nonce, at_ms: page.at_ms, claim: Some(ONE), jpeg: jpeg(content + 1) }).await;
        tokio::task::yield_now().await;
        page.looks(&world, 6, ONE).await;
    }
    assert_eq!(contradictions(&page, &worker).await, [], "eyes may be wrong");
    world.examiner.see(Ok(Examined { look: Look::Clear { faces: 2, head: None }, print: vec![6], face: None }));
    page.shows(&world, ONE, 6).await;
    assert_eq!(contradictions(&page, &worker).await.len(), 1, "of two there is no doubt");
}

#[tokio::test]
async fn an_empty_chair_before_a_page_that_cannot_look_counts_from_the_second_check_on() {
    let (world, worker, mut page) = reporting().await;
    page.signal(Signal::NoVision);
    for content in 0..3 {
        let nonce = asked_blind(&world, &mut page).await;
        assert_eq!(contradictions(&page, &worker).await.len(), usize::from(content).saturating_sub(1));
        world.examiner.see(Ok(Examined { look: NOBODY, print: vec![content], face: None }));
        page.say(Up::Frame { nonce, at_ms: page.at_ms, claim: None, jpeg: jpeg(content) }).await;
        tokio::task::yield_now().await;
    }
    asked_blind(&world, &mut page).await;
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.iter().map(|(severity, _)| *severity).collect::<Vec<_>>(), [Severity::Info, Severity::High]);
}

#[tokio::test]
async fn a_camera_that_is_seen_on_is_not_starting() {
    let (world, worker, mut page) = reporting().await;
    let nonce = page.asked(&world, ONE).await;
    page.say(Up::Refused { nonce, why: NoFrame::NotReady }).await;
    page.looks(&world, 12, ONE).await;
    let found = contradictions(&page, &worker).await;
    assert!(found.len() == 1 && found[0].1.contains("the camera is on"), "{found:?}");
}
