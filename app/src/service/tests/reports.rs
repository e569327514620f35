use super::{
    fakes::*,
    in_progress,
    work::{answer, ended, reports, stored},
};
use crate::{
    interview::Command,
    model::{Actor, Correction},
    ports::Clock,
};

#[tokio::test]
async fn the_report_is_made_once_after_the_end_and_again_after_a_corrected_score() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = ended(&worker, 2).await;
        for _ in 0..3 {
            worker.work.run().await;
        }
        assert_eq!(reports(&worker, id).await, 1);
        let report = worker.work.report(id).await.unwrap().unwrap();
        assert_eq!((report.average_score, report.completion.answered), (7.0, 2));
        assert_eq!(report.basis, stored(&world, id).basis);
        let correction =
            Correction { score: 2.0, reason: "It is wrong.".into(), by: "a@example.org".into(), at: world.clock.now() };
        let correct = Command::CorrectScore { question: 1, correction };
        for _ in 0..2 {
            worker.sessions.step(id, &correct).await.unwrap();
            worker.work.run().await;
        }
        assert_eq!(reports(&worker, id).await, 2);
        let report = worker.work.report(id).await.unwrap().unwrap();
        assert_eq!((report.average_score, report.basis), (4.5, stored(&world, id).basis));
        assert_eq!(world.evaluator.calls(), 2, "a corrected answer is not evaluated again");
    }
}

#[tokio::test]
async fn an_answer_that_could_not_be_evaluated_counts_once_somebody_set_its_score() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 2).await;
    answer(&worker, id, 0, "one").await;
    worker.work.run().await;
    world.evaluator.break_down();
    answer(&worker, id, 1, "two").await;
    worker.work.run().await;
    let report = worker.work.report(id).await.unwrap().unwrap();
    assert_eq!((report.average_score, report.criteria.depth, report.gaps.len()), (7.0, Some(7.0), 0));
    assert_eq!(stored(&world, id).average_score(), 7.0);
    let score = Correction { score: 3.0, reason: "Wrong.".into(), by: "a@example.org".into(), at: world.clock.now() };
    worker.sessions.step(id, &Command::CorrectScore { question: 1, correction: score }).await.unwrap();
    worker.work.run().await;
    let report = worker.work.report(id).await.unwrap().unwrap();
    assert_eq!((report.average_score, report.criteria.depth, report.gaps.len()), (5.0, Some(7.0), 1));
}

#[tokio::test]
async fn where_nothing_could_be_evaluated_there_is_no_mean() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    world.evaluator.break_down();
    answer(&worker, id, 0, "one").await;
    worker.work.run().await;
    assert_eq!(worker.work.report(id).await.unwrap().unwrap().mean_score(), None);
}

#[tokio::test]
async fn interviews_that_ended_before_there_were_reports_get_one() {
    let world = World::shared();
    let (worker, other) = (world.worker().await, world.worker().await);
    let ids = [ended(&worker, 1).await, ended(&worker, 1).await];
    for id in ids {
        world.store.make_outdated(id);
    }
    worker.work.run().await;
    assert!(ids.iter().all(|id| stored(&world, *id).report.is_none()), "nobody knows of them");
    for _ in 0..3 {
        worker.upkeep.put_right().await;
        other.upkeep.put_right().await;
    }
    assert_eq!(world.store.scans(), 1, "one look for all workers");
    worker.work.run().await;
    for id in ids {
        assert!(worker.work.report(id).await.unwrap().is_some());
        assert!(!stored(&world, id).needs_work());
    }
    // A worker of the older version was still there.
    world.store.make_outdated(ids[0]);
    world.clock.advance_s(86_400);
    other.upkeep.put_right().await;
    other.work.run().await;
    assert!(stored(&world, ids[0]).report.is_some());
}

#[tokio::test]
async fn there_is_nothing_to_report_of_an_interview_without_answers() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 2).await;
    worker.sessions.step(id, &Command::End { by: Actor::Api }).await.unwrap();
    worker.work.run().await;
    assert_eq!(worker.work.report(id).await.unwrap(), None);
    assert!(!stored(&world, id).needs_work());
}
