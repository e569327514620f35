use futures::future::join_all;

use super::fakes::*;
use crate::{
    error::{AppError, ErrorKind},
    model::{Job, JobId, NewJob, NewQuestion},
    service::{AppState, jobs::MAX_JOBS, once::OnceKey},
};

fn job(title: &str) -> NewJob {
    let questions = vec![NewQuestion { text: "One?".into(), ..NewQuestion::default() }];
    NewJob { title: title.into(), questions, ..NewJob::default() }
}

async fn replace(worker: &AppState, id: &JobId, title: &str, revision: Option<u32>) -> Result<Job, AppError> {
    worker.jobs.replace(id, job(title), revision).await.map_err(AppError::from)
}

#[tokio::test]
async fn of_two_changes_to_one_revision_one_is_refused() {
    let world = World::shared();
    let workers = [world.worker().await, world.worker().await];
    let made = workers[0].jobs.create(job("First")).await.unwrap();
    let change =
        async |number: usize| replace(&workers[number % 2], &made.id, &format!("Title {number}"), Some(1)).await;
    let done = join_all((0..8).map(change)).await;
    let (good, bad): (Vec<_>, Vec<_>) = done.into_iter().partition(Result::is_ok);
    assert_eq!((good.len(), bad.len()), (1, 7));
    assert!(bad.into_iter().all(|refused| refused.unwrap_err().kind == ErrorKind::Conflict));
    let good = good.into_iter().next().unwrap().unwrap();
    assert_eq!((good.revision, good.created_at), (2, made.created_at));
    assert_eq!(workers[0].jobs.get(&made.id).await.unwrap(), good);
}

#[tokio::test]
async fn changes_that_name_no_revision_follow_each_other() {
    let world = World::shared();
    let worker = world.worker().await;
    let made = worker.jobs.create(job("First")).await.unwrap();
    let done = join_all((0..64).map(|_| replace(&worker, &made.id, "Changed", None))).await;
    let mut revisions: Vec<u32> = done.into_iter().map(|job| job.unwrap().revision).collect();
    revisions.sort_unstable();
    assert!(revisions.into_iter().eq(2..66), "none got lost, and none gave up");
}

#[tokio::test]
async fn a_change_does_not_bring_a_deleted_job_back() {
    let world = World::shared();
    let worker = world.worker().await;
    let made = worker.jobs.create(job("First")).await.unwrap();
    let (changed, deleted) = tokio::join!(replace(&worker, &made.id, "Changed", None), worker.jobs.delete(&made.id));
    deleted.unwrap();
    assert!(changed.is_err_and(|error| error.kind == ErrorKind::NotFound));
    assert!(worker.jobs.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn many_who_add_at_once_do_not_exceed_the_limit() {
    let world = World::shared();
    let worker = world.worker().await;
    for _ in 0..MAX_JOBS - 1 {
        worker.jobs.create(job("One of many")).await.unwrap();
    }
    let done = join_all((0..4).map(|_| worker.jobs.create(job("The last one")))).await;
    assert!(done.into_iter().filter(Result::is_ok).count() <= 1);
    let there = worker.jobs.list().await.unwrap().len();
    assert!(there == MAX_JOBS as usize || there == MAX_JOBS as usize - 1, "{there}");
    if there < MAX_JOBS as usize {
        worker.jobs.create(job("The last one")).await.unwrap();
    }
    let refused = AppError::from(worker.jobs.create(job("One too many")).await.unwrap_err());
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert_eq!(worker.jobs.list().await.unwrap().len(), MAX_JOBS as usize);
}

#[tokio::test]
async fn a_key_makes_one_job_and_answers_its_first_form() {
    let world = World::shared();
    let workers = [world.worker().await, world.worker().await];
    let key = OnceKey::new("owner", "key").unwrap();
    let create = async |number: usize| workers[number % 2].jobs.create_once(Some(&key), job("First")).await.unwrap();
    let made = join_all((0..8).map(create)).await;
    assert!(made.iter().all(|job| *job == made[0]));
    assert_eq!(workers[0].jobs.list().await.unwrap(), made[..1]);
    let changed = replace(&workers[0], &made[0].id, "Changed", None).await.unwrap();
    world.clock.advance_s(60);
    assert_eq!(create(0).await, made[0], "as it was answered first");
    assert_eq!(workers[0].jobs.get(&made[0].id).await.unwrap(), changed, "and it stays as it is");

    let other = AppError::from(workers[0].jobs.create_once(Some(&key), job("Other")).await.unwrap_err());
    assert_eq!(other.kind, ErrorKind::Unprocessable);
    workers[0].jobs.delete(&made[0].id).await.unwrap();
    assert_ne!(create(1).await.id, made[0].id, "the key is free again");
    world.clock.advance_s(24 * 3600 + 1);
    let old = workers[0].jobs.list().await.unwrap().remove(0);
    let new = create(0).await;
    assert_eq!(workers[0].jobs.list().await.unwrap().len(), 2);
    workers[0].jobs.delete(&old.id).await.unwrap();
    assert_eq!(create(1).await.id, new.id, "the key is the newer one's");
}

#[tokio::test]
async fn a_change_that_is_sent_again_is_no_conflict() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = worker.jobs.create(job("First")).await.unwrap().id;
    let changed = replace(&worker, &id, "Changed", Some(1)).await.unwrap();
    world.clock.advance_s(60);
    assert_eq!(replace(&worker, &id, "Changed", Some(1)).await.unwrap(), changed);
    let refused = replace(&worker, &id, "Otherwise", Some(1)).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
}

#[tokio::test]
async fn a_job_that_is_refused_keeps_no_key() {
    let world = World::shared();
    let worker = world.worker().await;
    let key = OnceKey::new("owner", "key").unwrap();
    let refused = AppError::from(worker.jobs.create_once(Some(&key), job(" ")).await.unwrap_err());
    assert_eq!(refused.kind, ErrorKind::BadRequest);
    worker.jobs.create_once(Some(&key), job("Good")).await.unwrap();
}
