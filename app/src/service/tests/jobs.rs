use futures::future::join_all;

use super::fakes::*;
use crate::{
    error::{AppError, ErrorKind},
    model::{Job, JobId, NewJob, NewQuestion},
    ports::RecordKind,
    service::{AppState, jobs::MAX_JOBS, once::OnceKey},
};

fn job(title: &str) -> NewJob {
    let questions = vec![NewQuestion { text: "One?".into(), ..NewQuestion::default() }];
    NewJob { title: title.into(), questions, ..NewJob::default() }
}

/// As many as are listed in one go.
async fn all(worker: &AppState) -> Vec<Job> {
    worker.jobs.list(200, 0).await.unwrap().items
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
    assert!(all(&worker).await.is_empty());
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
    let there = worker.jobs.find("", 1, 0).await.unwrap().total;
    assert!(there == u64::from(MAX_JOBS) || there == u64::from(MAX_JOBS) - 1, "{there}");
    if there < u64::from(MAX_JOBS) {
        worker.jobs.create(job("The last one")).await.unwrap();
    }
    let refused = AppError::from(worker.jobs.create(job("One too many")).await.unwrap_err());
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert_eq!(worker.jobs.find("", 1, 0).await.unwrap().total, u64::from(MAX_JOBS));
}

#[tokio::test]
async fn a_key_makes_one_job_and_answers_its_first_form() {
    let world = World::shared();
    let workers = [world.worker().await, world.worker().await];
    let key = OnceKey::new("owner", "key").unwrap();
    let create = async |number: usize| workers[number % 2].jobs.create_once(Some(&key), job("First")).await.unwrap();
    let made = join_all((0..8).map(create)).await;
    assert!(made.iter().all(|job| *job == made[0]));
    assert_eq!(all(&workers[0]).await, made[..1]);
    let changed = replace(&workers[0], &made[0].id, "Changed", None).await.unwrap();
    world.clock.advance_s(60);
    assert_eq!(create(0).await, made[0], "as it was answered first");
    assert_eq!(workers[0].jobs.get(&made[0].id).await.unwrap(), changed, "and it stays as it is");

    let other = AppError::from(workers[0].jobs.create_once(Some(&key), job("Other")).await.unwrap_err());
    assert_eq!(other.kind, ErrorKind::Unprocessable);
    workers[0].jobs.delete(&made[0].id).await.unwrap();
    assert_ne!(create(1).await.id, made[0].id, "the key is free again");
    world.clock.advance_s(24 * 3600 + 1);
    let old = all(&workers[0]).await.remove(0);
    let new = create(0).await;
    assert_eq!(all(&workers[0]).await.len(), 2);
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

/// The titles on a page of those found, and how many there are on all pages.
async fn found(worker: &AppState, search: &str, limit: u32, offset: u64) -> (Vec<String>, u64) {
    let found = worker.jobs.find(search, limit, offset).await.unwrap();
    (found.items.into_iter().map(|job| job.title).collect(), found.total)
}

#[tokio::test]
async fn jobs_come_page_by_page_the_one_changed_last_first() {
    let world = World::shared();
    let worker = world.worker().await;
    let mut made = Vec::new();
    for title in ["One", "Two", "Three", "Four", "Five"] {
        made.push(worker.jobs.create(job(title)).await.unwrap());
        world.clock.advance_s(1);
    }
    replace(&worker, &made[0].id, "Oneself", None).await.unwrap();
    for (limit, offset, titles) in [
        (200, 0, vec!["Oneself", "Five", "Four", "Three", "Two"]),
        (2, 1, vec!["Five", "Four"]),
        (2, 4, vec!["Two"]),
        (2, 5, vec![]),
        (2, u64::MAX, vec![]),
    ] {
        let titles: Vec<String> = titles.into_iter().map(str::to_owned).collect();
        assert_eq!(found(&worker, "", limit, offset).await, (titles.clone(), 5));
        let listed = worker.jobs.list(limit, offset).await.unwrap();
        assert_eq!((listed.items.iter().map(|job| job.title.clone()).collect(), listed.total), (titles, 5));
    }
    assert_eq!(all(&worker).await[1..3], [made[4].clone(), made[3].clone()], "as a whole");
    assert_eq!(found(&worker, " oNe", 9, 0).await, (vec!["Oneself".into()], 1), "by its title now");
    assert_eq!(found(&worker, "none", 9, 0).await, (vec![], 0));
}

/// One read, however many there are.
#[tokio::test]
async fn what_lists_show_of_jobs_is_read_without_them() {
    let world = World::shared();
    let worker = world.worker().await;
    let made = worker.jobs.create(NewJob { description: "x".repeat(3_000), ..job("Long") }).await.unwrap();
    let other = worker.jobs.create(job("Other")).await.unwrap();
    world.store.be_unavailable_after(1);
    let found = worker.jobs.find("", 9, 0).await.unwrap().items;
    assert_eq!(found.iter().map(|job| &job.id).collect::<Vec<_>>(), [&made.id, &other.id]);
    assert_eq!((found[0].questions, found[0].description.len()), (1, 200));
}

#[tokio::test]
async fn jobs_of_an_older_version_are_listed_and_get_their_summary() {
    let world = World::shared();
    let worker = world.worker().await;
    let made = worker.jobs.create(job("Old")).await.unwrap();
    world.store.overwrite(RecordKind::Job, &made.id.0, &serde_json::to_string(&made).unwrap());
    world.store.overwrite(RecordKind::Job, "later", "{\"summary\":{\"of\":\"a later version\"}}");
    assert_eq!(found(&worker, "", 9, 0).await.0, ["Old"], "what cannot be read hides nothing else");
    assert_eq!(worker.jobs.get(&made.id).await.unwrap(), made);
    worker.jobs.delete(&made.id).await.unwrap();
    let made = worker.jobs.create(job("New")).await.unwrap();
    let mut newer = serde_json::to_value(&made).unwrap();
    newer["summary"] = serde_json::json!({ "other": "fields" });
    world.store.overwrite(RecordKind::Job, &made.id.0, &newer.to_string());
    world.store.overwrite(
        RecordKind::Job,
        "later",
        &serde_json::to_string(&Job { title: "Old".into(), ..made }).unwrap(),
    );
    assert_eq!(found(&worker, "", 9, 0).await.0, ["New", "Old"]);
    world.store.be_unavailable_after(1);
    assert_eq!(found(&worker, "", 9, 0).await.0, ["New", "Old"], "with one read from now on");
}
