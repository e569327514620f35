use std::time::Duration;

use uuid::Uuid;

use super::{eventually, fakes::*, in_progress};
use crate::{
    interview::{Command, GivenAnswer},
    model::{Actor, AnswerId, Evaluator, Event, Session, SessionId},
    ports::{Clock, RecordKind, RecordStore, SessionStore},
    service::AppState,
};

/// Answers a question.
pub(super) async fn answer(worker: &AppState, id: SessionId, question: u32, text: &str) {
    let given = GivenAnswer { id: AnswerId(Uuid::from_u128(u128::from(question))), question, text: text.into() };
    worker.sessions.step(id, &Command::SubmitAnswer(given)).await.unwrap();
}

/// An interview whose questions were all answered.
pub(super) async fn ended(worker: &AppState, questions: u32) -> SessionId {
    let id = in_progress(worker, questions as usize).await;
    for question in 0..questions {
        answer(worker, id, question, "because").await;
    }
    id
}

pub(super) fn stored(world: &World, id: SessionId) -> Session {
    world.store.stored(id).unwrap().session
}

async fn count(worker: &AppState, id: SessionId, wanted: impl Fn(&Event) -> bool) -> usize {
    worker.sessions.events(id).await.unwrap().iter().filter(|recorded| wanted(&recorded.event)).count()
}

async fn evaluated(worker: &AppState, id: SessionId) -> usize {
    count(worker, id, |event| matches!(event, Event::Evaluated { .. })).await
}

pub(super) async fn reports(worker: &AppState, id: SessionId) -> usize {
    count(worker, id, |event| matches!(event, Event::ReportMade { .. })).await
}

#[tokio::test]
async fn answers_are_evaluated_while_the_interview_goes_on() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 3).await;
        answer(&worker, id, 0, "one").await;
        answer(&worker, id, 1, "two").await;
        world.evaluator.give(6.0);
        worker.work.run().await;
        assert_eq!(world.evaluator.answers(), ["one", "two"]);
        assert_eq!((stored(&world, id).evaluations.len(), stored(&world, id).average_score()), (2, 6.0));
        worker.work.run().await;
        assert_eq!(world.evaluator.calls(), 2, "there is nothing left to do");
        assert_eq!(worker.work.report(id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn blank_answers_are_not_evaluated() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 2).await;
    answer(&worker, id, 0, " \n").await;
    worker.work.run().await;
    assert_eq!((world.evaluator.calls(), stored(&world, id).needs_work()), (0, false));
}

#[tokio::test]
async fn whoever_makes_work_wakes_the_worker() {
    let world = World::exclusive();
    let worker = world.worker().await;
    worker.hooks.list().await.unwrap();
    let id = in_progress(&worker, 2).await;
    answer(&worker, id, 0, "one").await;
    tokio::time::timeout(Duration::from_secs(10), worker.work.wanted()).await.unwrap();
}

#[tokio::test]
async fn an_answer_is_evaluated_once_though_two_workers_race() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    let id = in_progress(&one, 2).await;
    answer(&one, id, 0, "one").await;
    world.evaluator.block();
    let working = tokio::spawn({
        let one = one.clone();
        async move { one.work.run().await }
    });
    eventually("the first worker evaluates", || world.evaluator.calls() == 1).await;
    other.work.run().await;
    world.evaluator.let_through(9);
    working.await.unwrap();
    other.work.run().await;
    assert_eq!((world.evaluator.calls(), evaluated(&other, id).await), (1, 1));
}

#[tokio::test]
async fn many_sessions_are_each_worked_on_once_by_workers_that_race() {
    let world = World::shared();
    let workers = [world.worker().await, world.worker().await, world.worker().await];
    let mut ids = vec![];
    for _ in 0..20 {
        ids.push(ended(&workers[0], 2).await);
    }
    let [one, two, three] = &workers;
    futures::join!(one.work.run(), two.work.run(), three.work.run(), one.work.run());
    assert_eq!(world.evaluator.calls(), 40);
    for id in ids {
        assert_eq!((evaluated(one, id).await, reports(one, id).await), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_left_is_taken_up_again_though_work_keeps_coming() {
    let world = World::shared();
    let worker = world.worker().await;
    let (left, other) = (in_progress(&worker, 2).await, in_progress(&worker, 2).await);
    let lease = format!("session:{left}");
    let end = world.clock.now().plus_seconds(10);
    world.store.put_new(RecordKind::Lease, &lease, "of a worker that died", Some(end)).await.unwrap();
    answer(&worker, left, 0, "left").await;
    answer(&worker, other, 0, "in hand for long").await;
    world.evaluator.block();
    let working = tokio::spawn({
        let worker = worker.clone();
        async move { worker.work.run().await }
    });
    eventually("the other one is evaluated", || world.evaluator.calls() == 1).await;
    world.clock.advance_s(10);
    for _ in 0..10 {
        worker.sessions.work_wanted().notify_one();
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(world.evaluator.calls(), 2, "the lease ended, and nobody else has it");
    world.evaluator.let_through(9);
    working.await.unwrap();
}

#[tokio::test]
async fn a_worker_that_dies_is_followed_by_another_when_its_lease_ends() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    let id = in_progress(&one, 2).await;
    answer(&one, id, 0, "one").await;
    world.evaluator.block();
    let working = tokio::spawn(async move { one.work.run().await });
    eventually("the first worker evaluates", || world.evaluator.calls() == 1).await;
    working.abort();
    working.await.unwrap_err();
    world.evaluator.let_through(9);
    world.clock.advance_s(9);
    other.work.run().await;
    assert_eq!(world.evaluator.calls(), 1, "the lease still holds");
    world.clock.advance_s(1);
    other.work.run().await;
    assert_eq!((world.evaluator.calls(), evaluated(&other, id).await), (2, 1));
}

/// A worker that stood still for longer than its lease held, and goes on.
#[tokio::test]
async fn two_verdicts_on_one_answer_are_recorded_once() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    let id = in_progress(&one, 2).await;
    answer(&one, id, 0, "one").await;
    world.evaluator.block();
    let spawn = |worker: &AppState| {
        let worker = worker.clone();
        tokio::spawn(async move { worker.work.run().await })
    };
    let first = spawn(&one);
    eventually("the first worker evaluates", || world.evaluator.calls() == 1).await;
    world.clock.advance_s(10);
    let second = spawn(&other);
    eventually("the second worker evaluates", || world.evaluator.calls() == 2).await;
    world.evaluator.let_through(1);
    first.await.unwrap();
    // The first one must not have given back what is the other's now.
    one.work.run().await;
    assert_eq!(world.evaluator.calls(), 2);
    world.evaluator.give(1.0);
    world.evaluator.let_through(9);
    second.await.unwrap();
    assert_eq!((evaluated(&one, id).await, stored(&world, id).average_score()), (1, 7.0));
}

#[tokio::test]
async fn what_a_failed_model_left_to_the_rules_is_recorded_with_its_note() {
    let world = World::exclusive();
    let worker = world.worker().await;
    world.evaluator.fail(1);
    let id = ended(&worker, 2).await;
    worker.work.run().await;
    let verdicts: Vec<_> = stored(&world, id).evaluations.into_iter().map(|known| known.verdict).collect();
    assert_eq!((&verdicts[0].by, verdicts[0].notes.len()), (&Evaluator::Offline, 1));
    assert_eq!((&verdicts[1].by, verdicts[1].notes.len()), (&Evaluator::Model { name: "fake".into() }, 0));
    let report = worker.work.report(id).await.unwrap().unwrap();
    assert!(report.not_measured.iter().any(|line| line.contains("The model failed.")), "{:?}", report.not_measured);
}

#[tokio::test]
async fn what_cannot_be_saved_is_done_again() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = ended(&worker, 1).await;
        world.evaluator.block();
        let working = tokio::spawn({
            let worker = worker.clone();
            async move { worker.work.run().await }
        });
        eventually("it is evaluated", || world.evaluator.calls() == 1).await;
        world.store.be_unavailable(usize::MAX);
        world.evaluator.let_through(9);
        working.await.unwrap();
        worker.work.run().await;
        world.store.be_unavailable(0);
        world.clock.advance_s(10);
        worker.work.run().await;
        assert_eq!((evaluated(&worker, id).await, reports(&worker, id).await), (1, 1));
    }
}

#[tokio::test]
async fn one_session_that_cannot_be_worked_on_keeps_no_other_waiting() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let (bad, good) = (ended(&worker, 1).await, ended(&worker, 1).await);
    world.store.spoil(bad);
    worker.work.run().await;
    assert!(worker.work.report(good).await.unwrap().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_slow_model_holds_back_nothing_that_needs_none() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        worker.hooks.add("https://ats.example.org/hook").await.unwrap();
        world.evaluator.block();
        for _ in 0..20 {
            ended(&worker, 1).await;
        }
        let running = tokio::spawn({
            let worker = worker.clone();
            async move { worker.work.run().await }
        });
        eventually("as many are evaluated as may be at once", || world.evaluator.calls() == 16).await;
        let id = create(&worker, 1).await;
        eventually("what happened meanwhile is told", || stored(&world, id).announced.created).await;
        // It has no answer to be evaluated, so its report waits for nothing either.
        let id = in_progress(&worker, 1).await;
        worker.sessions.step(id, &Command::End { by: Actor::Api }).await.unwrap();
        eventually("and its end, too", || stored(&world, id).announced.completed).await;
        assert_eq!(world.evaluator.calls(), 16, "the others wait");
        world.evaluator.let_through(20);
        running.await.unwrap();
        assert_eq!((world.evaluator.calls(), world.store.with_work(9).await.unwrap()), (20, vec![]));
    }
}

#[tokio::test(start_paused = true)]
async fn what_happens_to_a_session_is_told_between_two_evaluations() {
    let world = World::shared();
    let worker = world.worker().await;
    worker.hooks.add("https://ats.example.org/hook").await.unwrap();
    let id = in_progress(&worker, 2).await;
    answer(&worker, id, 0, "one").await;
    world.evaluator.block();
    let running = tokio::spawn({
        let worker = worker.clone();
        async move { worker.work.run().await }
    });
    eventually("the first answer is evaluated", || world.evaluator.calls() == 1).await;
    answer(&worker, id, 1, "two").await;
    world.evaluator.let_through(1);
    eventually("the second one, too", || world.evaluator.calls() == 2).await;
    assert!(stored(&world, id).announced.completed, "its end is told already");
    world.evaluator.let_through(1);
    running.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_session_that_was_worked_on_is_worked_on_again_at_once() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let (slow, id) = (in_progress(&worker, 2).await, in_progress(&worker, 2).await);
    world.evaluator.block();
    answer(&worker, slow, 0, "slow").await;
    answer(&worker, slow, 1, "slow").await;
    let running = tokio::spawn({
        let worker = worker.clone();
        async move { worker.work.run().await }
    });
    eventually("the slow one is evaluated", || world.evaluator.calls() == 1).await;
    answer(&worker, id, 0, "quick").await;
    eventually("the other one, too", || world.evaluator.calls() == 2).await;
    world.evaluator.let_through(2);
    eventually("a verdict", || !stored(&world, id).evaluations.is_empty()).await;
    answer(&worker, id, 1, "quick").await;
    eventually("both again", || world.evaluator.calls() == 4).await;
    world.evaluator.let_through(9);
    running.await.unwrap();
    assert!([slow, id].iter().all(|id| stored(&world, *id).evaluations.len() == 2));
}

/// Whenever it is deleted.
#[tokio::test]
async fn nothing_is_left_of_a_session_that_is_deleted_while_it_is_worked_on() {
    for steps in 0..60 {
        for world in [World::shared(), World::exclusive()] {
            let worker = world.worker().await;
            let id = ended(&worker, 1).await;
            let deleting = async {
                for _ in 0..steps {
                    tokio::task::yield_now().await;
                }
                worker.delete_session(id).await.unwrap();
            };
            futures::join!(worker.work.run(), deleting);
            worker.work.run().await;
            let kept = world.store.records();
            assert!(!kept.iter().any(|(kind, _)| *kind == RecordKind::Report), "after {steps} steps");
            assert_eq!(world.store.with_work(9).await.unwrap(), []);
        }
    }
}
