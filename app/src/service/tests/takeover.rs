//! Pages that move from worker to worker: what they were asked, and what was found about them, goes with them.

use proctor::{
    policy::{Kind, Severity},
    signal::{Signal, Stage},
    wire::Down,
};

use super::{
    page::invite,
    proctoring::{
        NOBODY, ONE, Reporting, begin, consented_to, jpeg, kinds, long, open_again, read_again, reconnect, reporting,
        reporting_in,
    },
    untrusted::{DARK, contradictions, passes},
};
use crate::{
    interview::Command,
    model::{Actor, SessionId},
    ports::Examined,
    service::{AppState, fakes::World, proctoring::Watcher},
};

async fn two() -> (World, [AppState; 2], Reporting) {
    let world = World::shared();
    let (first, page) = reporting_in(&world).await;
    let workers = [first, world.worker().await];
    (world, workers, page)
}

/// As [`two`], with questions that are open for long. The page reports to the first one.
pub async fn long_over_two() -> (World, [AppState; 2], Reporting) {
    let world = World::shared();
    let workers = [world.worker().await, world.worker().await];
    let id = consented_to(&workers[0], long(2)).await;
    begin(&workers[0], id).await;
    let page = Reporting::of(&workers[0], id).await;
    (world, workers, page)
}

/// This worker hears of the interview by requests, and writes that into its log.
pub async fn is_written_to(worker: &AppState, id: SessionId) {
    worker.candidates.view(&invite(worker, id)).await.unwrap();
    worker.proctor.note_all_asked().await;
}

/// The page opens its log over another connection, before the first one is closed. Gives that one.
async fn moves(page: &mut Reporting, worker: &AppState) -> Watcher {
    let before = std::mem::replace(&mut page.watcher, worker.proctor.watcher(page.id));
    reconnect(page, worker).await;
    before
}

/// The page goes on, and opens its log again where it is told to.
async fn goes_on(world: &World, page: &mut Reporting, worker: &AppState) {
    let downs = page.looks(world, 12, ONE).await;
    if downs.contains(&Down::OpenAgain) {
        reconnect(page, worker).await;
    }
}

async fn read_again_it_is_the_same(page: &mut Reporting, worker: &AppState) {
    page.watcher.leave().await;
    let session = page.session(worker).await;
    let again = read_again(worker, page.id).await;
    assert!(again.whole && again.leads_to(session.proctoring.as_ref().unwrap()), "{again:?}");
}

#[tokio::test]
async fn a_page_that_moves_on_when_a_picture_is_asked_for_is_found_out() {
    let (world, workers, mut page) = two().await;
    for turn in 0..6 {
        page.asked(&world, ONE).await;
        let mut before = moves(&mut page, &workers[(turn + 1) % 2]).await;
        before.leave().await;
        goes_on(&world, &mut page, &workers[(turn + 1) % 2]).await;
    }
    let found = contradictions(&page, &workers[0]).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
    assert!(found.iter().any(|(_, what)| what.contains("broke again and again")), "{found:?}");
    read_again_it_is_the_same(&mut page, &workers[0]).await;
}

#[tokio::test]
async fn a_page_whose_log_another_worker_wrote_to_did_not_hang_up() {
    let (world, workers, mut page) = long_over_two().await;
    for content in 0..4 {
        let nonce = page.asked(&world, ONE).await;
        is_written_to(&workers[1], page.id).await;
        let mut downs = Vec::new();
        if content % 2 == 0 {
            downs.extend(page.answers(nonce, ONE, content).await);
        }
        downs.extend(page.looks(&world, 12, ONE).await);
        assert!(downs.contains(&Down::OpenAgain), "{downs:?}");
        // What is due meanwhile is asked for at once.
        for down in open_again(&mut page).await {
            if let Down::ShowMe { nonce } = down {
                page.answers(nonce, ONE, content + 4).await;
                page.looks(&world, 6, ONE).await;
            }
        }
    }
    page.looks(&world, 1, ONE).await;
    assert_eq!(contradictions(&page, &workers[0]).await, []);
    read_again_it_is_the_same(&mut page, &workers[0]).await;
}

#[tokio::test]
async fn the_picture_of_what_a_check_showed_outlives_a_store_whose_word_got_lost() {
    let (world, worker, mut page) = reporting().await;
    for content in 0..2 {
        world.examiner.see(Ok(Examined { look: NOBODY, print: vec![content], face: None }));
        let nonce = page.asked(&world, ONE).await;
        page.answers(nonce, ONE, content).await;
        if content == 1 {
            world.blobs.lose_answer("log/");
        }
        page.looks(&world, 8, ONE).await;
    }
    let session = page.session(&worker).await;
    let newest = session.proctoring.as_ref().unwrap().violations.last().unwrap();
    assert_eq!((newest.severity, newest.stills.len()), (Severity::High, 1));
    assert_eq!(worker.proctor.still(page.id, newest.key, 0).await.unwrap(), Some(jpeg(1)));
}

#[tokio::test]
async fn nothing_is_asked_that_is_not_durable() {
    let (world, workers, mut page) = two().await;
    page.looks(&world, 3, ONE).await;
    world.blobs.fail(true);
    let downs = page.looks(&world, 200, ONE).await;
    assert_eq!(downs, []);
    world.blobs.fail(false);
    let downs = page.looks(&world, 2, ONE).await;
    assert_eq!(downs.iter().filter(|down| matches!(down, Down::ShowMe { .. })).count(), 1);
    drop(workers);
}

#[tokio::test]
async fn what_a_picture_showed_is_found_though_the_page_moved_on_before_it_was_judged() {
    for leaves in [true, false] {
        let (world, workers, mut page) = two().await;
        for turn in 0..2 {
            world.examiner.see(Ok(Examined { look: NOBODY, print: vec![turn as u8], face: None }));
            let nonce = page.asked(&world, ONE).await;
            page.answers(nonce, ONE, turn as u8).await;
            let mut before = moves(&mut page, &workers[(turn + 1) % 2]).await;
            if leaves {
                before.leave().await;
            } else {
                passes(&world, &mut before, 16).await;
                page.at_ms += 16_000;
            }
            goes_on(&world, &mut page, &workers[(turn + 1) % 2]).await;
        }
        let session = page.session(&workers[0]).await;
        let violations = session.proctoring.as_ref().unwrap().violations.iter();
        let lies: Vec<_> = violations.filter(|it| it.detail.as_ref().is_some_and(|it| it.contains("nobody"))).collect();
        assert_eq!((lies.len(), lies.last().map(|it| it.severity)), (2, Some(Severity::High)), "{lies:?}");
        let newest = lies[1];
        assert_eq!(workers[0].proctor.still(page.id, newest.key, 0).await.unwrap(), Some(jpeg(1)));
        read_again_it_is_the_same(&mut page, &workers[1]).await;
    }
}

#[tokio::test]
async fn checks_that_show_nothing_are_counted_over_workers() {
    let (world, workers, mut page) = two().await;
    for turn in 0..3 {
        world.examiner.see(Ok(Examined { look: DARK, print: vec![turn as u8], face: None }));
        let nonce = page.asked(&world, ONE).await;
        page.answers(nonce, DARK, turn as u8).await;
        moves(&mut page, &workers[(turn + 1) % 2]).await.leave().await;
        goes_on(&world, &mut page, &workers[(turn + 1) % 2]).await;
    }
    assert_eq!(contradictions(&page, &workers[0]).await.len(), 2);
    read_again_it_is_the_same(&mut page, &workers[0]).await;
}

#[tokio::test]
async fn somebody_else_is_counted_over_workers() {
    let (world, workers, mut page) = two().await;
    page.refers_to(0).await;
    let looks_like = |face, content| {
        world.examiner.see(Ok(Examined { look: ONE, print: vec![content], face: Some(vec![face]) }));
    };
    looks_like(2.0, 1);
    let nonce = page.asked(&world, ONE).await;
    page.answers(nonce, ONE, 1).await;
    // What the first one saw is judged once the second one goes on.
    moves(&mut page, &workers[1]).await.leave().await;
    goes_on(&world, &mut page, &workers[1]).await;
    for (face, content) in [(1.0, 2), (2.0, 3)] {
        looks_like(face, content);
        page.shows(&world, ONE, content).await;
    }
    let found = kinds(&*page.session(&workers[1]).await);
    assert!(found.contains(&(Kind::AnotherPerson, Severity::High)), "two of three: {found:?}");
    read_again_it_is_the_same(&mut page, &workers[1]).await;
}

#[tokio::test]
async fn an_end_that_is_met_after_a_worker_died_is_read_again_as_it_was_lived() {
    let (world, workers, mut page) = two().await;
    page.looks(&world, 25, ONE).await;
    // The worker is killed, and upkeep ends the interview before the page is back.
    world.clock.advance_s(35);
    workers[1].sessions.step(page.id, &Command::End { by: Actor::Admin }).await.unwrap();
    world.clock.advance_s(5);
    reconnect(&mut page, &workers[1]).await;
    page.signal(Signal::Stage(Stage::Ended));
    page.send().await;
    passes(&world, &mut page.watcher, 62).await;
    read_again_it_is_the_same(&mut page, &workers[1]).await;
    assert_eq!(page.session(&workers[1]).await.violations_count, 0);
}
