//! Workers that are paused, and clocks that are set, while pages report: nobody is accused of it.

use proctor::{
    policy::{Kind, Severity},
    signal::{Entry, What},
    wire::Up,
};

use super::{ONE, Reporting, kinds, open_again, read_again, reporting};
use crate::service::{AppState, fakes::World, tests::untrusted::passes};

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
