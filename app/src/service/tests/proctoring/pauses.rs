//! Workers that are paused, and clocks that are set, while pages report: nobody is accused of it.

use proctor::{
    policy::{Kind, Severity},
    signal::{Entry, What},
    wire::{Down, NoFrame, Up},
};

use super::{NOBODY, ONE, Reporting, kinds, open_again, read_again, reporting};
use crate::{
    interview::Command,
    model::Actor,
    ports::Examined,
    service::{
        AppState,
        fakes::World,
        tests::{
            page::invite,
            untrusted::{DARK, contradictions, passes, wanted},
        },
    },
};

/// Seconds by which a clock goes back: far more than anything waits, and less than the interview has lasted.
const BACK_S: i64 = 900;

/// What was found but for spot checks, which nobody answers here.
async fn found(worker: &AppState, page: &Reporting) -> Vec<(Kind, Severity)> {
    let session = page.session(worker).await;
    let again = read_again(worker, page.id).await;
    assert!(again.leads_to(session.proctoring.as_ref().unwrap()) && again.whole, "{again:?}");
    kinds(&session).into_iter().filter(|(kind, _)| *kind != Kind::Contradiction).collect()
}

async fn reporting_with_a_pulse() -> (World, AppState, Reporting) {
    let (world, worker, mut page) = reporting().await;
    worker.proctor.beat();
    page.looks(&world, 12, ONE).await;
    (world, worker, page)
}

#[tokio::test]
async fn what_waited_while_the_worker_was_paused_was_not_missing() {
    let (world, worker, mut page) = reporting_with_a_pulse().await;
    for _ in 0..22 {
        for _ in 0..4 {
            page.at_ms += 500;
            page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(ONE) });
        }
        page.writer.cut();
    }
    world.clock.advance_s(44);
    let waiting: Vec<_> = page.writer.batches().map(<[u8]>::to_vec).collect();
    for batch in waiting {
        page.say(Up::Batch(batch)).await;
    }
    page.looks(&world, 20, ONE).await;
    assert_eq!(found(&worker, &page).await, []);
}

#[tokio::test]
async fn a_clock_that_is_set_makes_no_page_late_or_early() {
    for step_s in [60, 5_000, -5, -60] {
        let (world, worker, mut page) = reporting_with_a_pulse().await;
        world.clock.advance_s(step_s);
        page.looks(&world, 40, ONE).await;
        assert_eq!(found(&worker, &page).await, [], "{step_s} s");
    }
}

#[tokio::test]
async fn a_clock_that_is_behind_makes_no_page_early_that_connects_then() {
    for step_s in [-5, -60] {
        let (world, worker, mut page) = reporting_with_a_pulse().await;
        page.watcher.leave().await;
        world.clock.advance_s(step_s);
        page.watcher = worker.proctor.watcher(page.id);
        open_again(&mut page).await;
        page.looks(&world, 40, ONE).await;
        assert_eq!(found(&worker, &page).await, [], "{step_s} s");
    }
}

#[tokio::test]
async fn a_page_that_is_silent_while_the_worker_is_there_is_unwatched() {
    let (world, worker, mut page) = reporting_with_a_pulse().await;
    passes(&world, &mut page.watcher, 40).await;
    assert_eq!(found(&worker, &page).await, [(Kind::Unwatched, Severity::Medium)]);
}

/// As [`reporting_with_a_pulse`], for longer than the clock goes back.
async fn long_reporting() -> (World, AppState, Reporting) {
    let (world, worker, mut page) = reporting_with_a_pulse().await;
    for content in 0.. {
        if page.at_ms > 1_000_000 {
            break;
        }
        page.shows(&world, ONE, content).await;
    }
    (world, worker, page)
}

/// How long (ms) it takes until the page is asked for a picture.
async fn until_asked(world: &World, page: &mut Reporting) -> u32 {
    let before = page.at_ms;
    page.asked(world, ONE).await;
    page.at_ms - before
}

#[tokio::test]
async fn a_clock_that_goes_back_puts_off_no_check() {
    for over_another_connection in [false, true] {
        let (world, worker, mut page) = long_reporting().await;
        if over_another_connection {
            page.watcher.leave().await;
        }
        world.clock.advance_s(-BACK_S);
        if over_another_connection {
            page.watcher = worker.proctor.watcher(page.id);
            open_again(&mut page).await;
        }
        let ms = until_asked(&world, &mut page).await;
        assert!(ms <= 181_000, "{ms}");
        world.clock.advance_s(-BACK_S);
        page.looks(&world, 21, ONE).await;
        let ms = until_asked(&world, &mut page).await;
        assert!(ms <= 26_000, "one that is not answered is asked again soon, and not after {ms}");
    }
}

#[tokio::test]
async fn a_picture_that_is_refused_before_the_clock_goes_back_is_asked_for_again_soon() {
    let (world, _worker, mut page) = long_reporting().await;
    let nonce = page.asked(&world, ONE).await;
    page.say(Up::Refused { nonce, why: NoFrame::NotReady }).await;
    world.clock.advance_s(-BACK_S);
    page.looks(&world, 11, ONE).await;
    let ms = until_asked(&world, &mut page).await;
    assert!(ms <= 26_000, "{ms}");
}

#[tokio::test]
async fn a_picture_that_came_before_the_clock_goes_back_is_judged_as_soon_as_ever() {
    let (world, worker, mut page) = long_reporting().await;
    let nonce = page.asked(&world, ONE).await;
    page.answers(nonce, ONE, u8::MAX).await;
    let before = worker.proctor.checks(page.id).await.unwrap().len();
    world.clock.advance_s(-BACK_S);
    page.looks(&world, 8, ONE).await;
    assert_eq!(worker.proctor.checks(page.id).await.unwrap().len(), before + 1);
}

#[tokio::test]
async fn a_room_that_is_said_to_be_dark_is_dark_though_the_clock_goes_back() {
    let (world, worker, mut page) = long_reporting().await;
    page.looks(&world, 10, DARK).await;
    world.clock.advance_s(-BACK_S);
    for content in 0..4 {
        world.examiner.see(Ok(Examined { look: DARK, print: vec![content, 0], face: None }));
        page.shows(&world, DARK, content).await;
    }
    assert_eq!(contradictions(&page, &worker).await, []);
}

#[tokio::test]
async fn what_a_page_said_waits_no_longer_to_be_kept_where_the_clock_goes_back() {
    let (world, _worker, mut page) = long_reporting().await;
    page.looks(&world, 1, ONE).await;
    world.clock.advance_s(-BACK_S);
    let downs = page.looks(&world, 11, ONE).await;
    assert!(downs.iter().any(|down| matches!(down, Down::Ack { .. })), "{downs:?}");
}

#[tokio::test]
async fn pictures_are_waited_for_no_longer_where_the_clock_goes_back() {
    let (world, worker, mut page) = long_reporting().await;
    assert_eq!(wanted(&page.looks(&world, 8, NOBODY).await).len(), 1);
    world.clock.advance_s(-BACK_S);
    page.looks(&world, 32, NOBODY).await;
    let session = page.session(&worker).await;
    assert!(session.proctoring.as_ref().unwrap().violations.iter().any(|violation| violation.pictures_missing));
}

#[tokio::test]
async fn the_end_of_a_log_is_waited_for_no_longer_where_the_clock_goes_back() {
    let (world, worker, mut page) = long_reporting().await;
    worker.sessions.step(page.id, &Command::End { by: Actor::Candidate }).await.unwrap();
    let session = page.session(&worker).await;
    page.watcher.follow(&session);
    world.clock.advance_s(-BACK_S);
    assert!(passes(&world, &mut page.watcher, 62).await.contains(&Down::Farewell));
}

#[tokio::test]
async fn requests_are_gathered_no_longer_where_the_clock_goes_back() {
    let (world, worker, mut page) = long_reporting().await;
    page.watcher.leave().await;
    let chunks = || world.blobs.count(page.id, "log/");
    let before = chunks();
    worker.candidates.view(&invite(&worker, page.id)).await.unwrap();
    world.clock.advance_s(-BACK_S);
    for _ in 0..22 {
        worker.proctor.note_asked().await;
        world.clock.advance_s(1);
    }
    assert_eq!(chunks(), before + 1);
}
