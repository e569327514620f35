use uuid::Uuid;

use super::{
    fakes::*,
    in_progress,
    page::{Page, invite},
};
use crate::{
    interview::{Command, GivenAnswer},
    model::{Actor, AnswerId, AnswerOutcome, Closing, Event, OutageCause, Session, SessionId, Status},
    ports::Clock,
    service::AppState,
};

fn answer(question: u32) -> GivenAnswer {
    GivenAnswer { id: AnswerId(Uuid::from_u128(1)), question, text: "an answer".into() }
}

fn stored(world: &World, id: SessionId) -> Session {
    world.store.stored(id).unwrap().session
}

/// A worker with a candidate connected, 10 seconds into the first of two questions, that dies.
async fn crash(world: &World) -> SessionId {
    let worker = world.worker().await;
    let id = in_progress(&worker, 2).await;
    let (page, _) = Page::open(&worker, id, 1).await;
    world.clock.advance_s(10);
    worker.upkeep.say_at_work().await;
    page.die();
    id
}

async fn credits(worker: &AppState, id: SessionId) -> Vec<(i64, OutageCause)> {
    let credit = |event: &Event| match event {
        Event::TimeCredited { ms, cause, .. } => Some((*ms, *cause)),
        _ => None,
    };
    worker.sessions.events(id).await.unwrap().iter().filter_map(|it| credit(&it.event)).collect()
}

#[tokio::test(start_paused = true)]
async fn an_answer_after_a_crash_is_taken_in_the_time_that_is_given_back() {
    for world in [World::shared(), World::exclusive()] {
        let id = crash(&world).await;
        world.clock.advance_s(100);
        let next = world.worker().await;
        let view = next.candidates.answer(&invite(&next, id), answer(0)).await.unwrap();
        assert_eq!(view.question.unwrap().index, 1);
        assert_eq!(stored(&world, id).answers[0].outcome, AnswerOutcome::Submitted);
        assert_eq!(credits(&next, id).await, [(100_000, OutageCause::Server)]);
        let events = next.sessions.events(id).await.unwrap();
        let closed = events.iter().any(|it| matches!(it.event, Event::ChannelClosed { how: Closing::ServerDown, .. }));
        assert!(closed, "{events:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_comes_back_after_a_crash_has_the_time_that_was_left() {
    for world in [World::shared(), World::exclusive()] {
        let id = crash(&world).await;
        world.clock.advance_s(80);
        let next = world.worker().await;
        next.upkeep.put_right().await;
        next.upkeep.keep_time().await;
        assert_eq!(stored(&world, id).answers.len(), 0, "nothing was closed in between");
        let seen = next.candidates.view(&invite(&next, id)).await.unwrap();
        assert_eq!(seen.question.unwrap().deadline, world.clock.now().plus_seconds(50), "even before it connects");
        let (_page, view) = Page::open(&next, id, 1).await;
        assert_eq!(view.question.unwrap().deadline, world.clock.now().plus_seconds(50));
        assert_eq!(credits(&next, id).await, [(80_000, OutageCause::Server)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_crashed_worker_s_candidates_are_not_waited_for_beyond_the_cap() {
    for world in [World::shared(), World::exclusive()] {
        let id = crash(&world).await;
        let next = world.worker().await;
        world.clock.advance_s(50 + 120 + 3);
        next.upkeep.put_right().await;
        assert_eq!(stored(&world, id).answers.len(), 0);
        world.clock.advance_s(1);
        next.upkeep.put_right().await;
        assert_eq!(stored(&world, id).answers[0].outcome, AnswerOutcome::NoResponse);
    }
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_says_that_it_is_at_work_is_not_taken_for_dead() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    one.upkeep.say_at_work().await;
    let id = in_progress(&one, 2).await;
    let (_page, _) = Page::open(&one, id, 1).await;
    for _ in 0..20 {
        world.clock.advance_s(3);
        for worker in [&one, &other] {
            worker.upkeep.say_at_work().await;
        }
        other.sessions.step(id, &Command::NoteRoomOpened).await.unwrap();
        assert!(stored(&world, id).presence.channel.is_some());
    }
    assert_eq!(credits(&other, id).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_could_do_nothing_gives_the_time_back_before_it_closes_questions() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let (connected, unconnected) = (in_progress(&worker, 1).await, in_progress(&worker, 1).await);
        let (_page, _) = Page::open(&worker, connected, 1).await;
        worker.upkeep.say_at_work().await;
        world.store.be_unavailable(usize::MAX);
        world.clock.advance_s(70);
        for _ in 0..3 {
            worker.upkeep.say_at_work().await;
            worker.upkeep.keep_time().await;
        }
        world.store.be_unavailable(0);
        worker.upkeep.keep_time().await;
        worker.upkeep.say_at_work().await;
        worker.upkeep.keep_time().await;
        for id in [connected, unconnected] {
            let open = stored(&world, id).open.expect("its time is not over");
            assert_eq!(open.deadline, world.clock.now().plus_seconds(60));
            assert_eq!(credits(&worker, id).await, [(70_000, OutageCause::Server)]);
        }
        // Once, and not again and again.
        world.clock.advance_s(3);
        worker.upkeep.say_at_work().await;
        world.clock.advance_s(61);
        worker.upkeep.keep_time().await;
        assert_eq!(stored(&world, connected).status, Status::InProgress, "it is silent again");
        worker.upkeep.say_at_work().await;
        assert_eq!(credits(&worker, connected).await.len(), 2);
    }
}

/// A step that failed leaves the worker in doubt of a session, which is one of its own all the same.
#[tokio::test(start_paused = true)]
async fn who_tried_something_while_the_store_was_away_is_given_the_time_back_too() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 2).await;
        let (_page, _) = Page::open(&worker, id, 1).await;
        worker.upkeep.say_at_work().await;
        world.store.be_unavailable(usize::MAX);
        world.clock.advance_s(70);
        worker.sessions.step(id, &Command::SubmitAnswer(answer(0))).await.unwrap_err();
        world.store.be_unavailable(0);
        worker.upkeep.say_at_work().await;
        worker.upkeep.keep_time().await;
        assert_eq!(stored(&world, id).open.map(|open| open.credited_ms), Some(70_000));
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_before_the_time_was_given_back_is_taken() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 2).await;
        let (_page, _) = Page::open(&worker, id, 1).await;
        worker.upkeep.say_at_work().await;
        world.clock.advance_s(70);
        worker.candidates.answer(&invite(&worker, id), answer(0)).await.unwrap();
        assert_eq!(stored(&world, id).answers[0].outcome, AnswerOutcome::Submitted);
        assert_eq!(credits(&worker, id).await, [(70_000, OutageCause::Server)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_cannot_be_saved_keeps_no_other_from_its_time() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let (bad, good) = (in_progress(&worker, 1).await, in_progress(&worker, 1).await);
    worker.upkeep.say_at_work().await;
    world.store.spoil(bad);
    world.clock.advance_s(70);
    worker.upkeep.say_at_work().await;
    assert_eq!(worker.sessions.workers.silent_since(), None, "the worker is at work again");
    assert_eq!(stored(&world, good).credited_ms, 70_000);
}

#[tokio::test(start_paused = true)]
async fn a_livekit_that_hangs_does_not_make_a_worker_seem_dead() {
    let world = World::exclusive();
    let worker = world.worker().await;
    for _ in 0..10 {
        in_progress(&worker, 1).await;
    }
    world.clock.advance_s(64);
    world.media.hang();
    let (keeping, began) = (worker.clone(), tokio::time::Instant::now());
    let closing = tokio::spawn(async move { keeping.upkeep.keep_time().await });
    tokio::task::yield_now().await;
    worker.upkeep.say_at_work().await;
    assert!(began.elapsed().as_secs() < 1, "it waited for LiveKit");
    closing.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_ended_interview_is_given_nothing_back() {
    let world = World::shared();
    let id = crash(&world).await;
    let next = world.worker().await;
    world.clock.advance_s(100);
    next.sessions.step(id, &Command::End { by: Actor::Admin }).await.unwrap();
    assert_eq!(credits(&next, id).await, []);
    assert_eq!(stored(&world, id).presence.channel, None, "its channel is closed in the same step");
}
