use futures::future::join_all;

use super::fakes::*;
use crate::{
    error::{AppError, ErrorKind},
    model::{JobId, NewInterview, NewJob, NewQuestion},
    ports::{RecordKind, SessionStore},
    service::AppState,
};

async fn once(worker: &AppState, owner: &str, key: &str, wish: NewInterview) -> Result<String, AppError> {
    let created = worker.creation.create_once(owner, key, wish).await?;
    Ok(created.session.id.to_string())
}

#[tokio::test]
async fn the_same_key_makes_one_session_on_all_workers() {
    let world = World::shared();
    let workers = [world.worker().await, world.worker().await];
    let made = join_all((0..16).map(|number| workers[number % 2].creation.create_once("owner", "key", wish(1)))).await;
    let made: Vec<_> = made.into_iter().map(Result::unwrap).collect();
    for created in &made {
        assert_eq!(created.session.id, made[0].session.id);
        assert_eq!(created.join_url, made[0].join_url);
        assert_eq!(created.room, made[0].room);
    }
    assert_eq!(world.store.counts().await.unwrap().initialized, 1);
    assert_eq!(world.media.rooms().len(), 1);
}

#[tokio::test]
async fn a_create_that_crashed_before_the_session_was_saved_can_be_repeated() {
    let world = World::shared();
    let worker = world.worker().await;
    let made = once(&worker, "owner", "key", wish(1)).await.unwrap();
    // As if it had not been saved.
    world.store.delete(made.parse().unwrap()).await.unwrap();
    assert_eq!(once(&world.worker().await, "owner", "key", wish(1)).await.unwrap(), made);
}

#[tokio::test]
async fn a_create_can_be_repeated_though_its_job_is_gone() {
    let world = World::shared();
    let worker = world.worker().await;
    let questions = vec![NewQuestion { text: "One?".into(), ..NewQuestion::default() }];
    let job = worker.jobs.create(NewJob { title: "Job".into(), questions, ..NewJob::default() }).await.unwrap();
    let wish = NewInterview { job_id: Some(job.id.clone()), questions: vec![], ..wish(1) };
    let made = once(&worker, "owner", "key", wish.clone()).await.unwrap();
    worker.jobs.delete(&job.id).await.unwrap();
    assert_eq!(once(&worker, "owner", "key", wish.clone()).await.unwrap(), made);
    assert_eq!(once(&worker, "owner", "another key", wish).await.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn what_is_kept_of_a_key_names_nobody() {
    let world = World::shared();
    let worker = world.worker().await;
    once(&worker, "owner", "secret-key", wish(1)).await.unwrap();
    let kept: Vec<_> = world.store.records().into_iter().filter(|(kind, _)| *kind == RecordKind::Idempotency).collect();
    assert!(!kept.is_empty());
    for (_, value) in kept {
        assert!(!value.contains("ada@") && !value.contains("Lovelace 1") && !value.contains("secret-key"), "{value}");
    }
}

#[tokio::test]
async fn keys_are_bound_to_owner_request_and_day() {
    let world = World::shared();
    let worker = world.worker().await;
    let first = once(&worker, "owner", "key", wish(1)).await.unwrap();
    assert_ne!(once(&worker, "other", "key", wish(1)).await.unwrap(), first);
    assert_eq!(once(&worker, "owner", "key", wish(2)).await.unwrap_err().kind, ErrorKind::Unprocessable);
    world.clock.advance_s(24 * 3600 + 1);
    assert_ne!(once(&worker, "owner", "key", wish(1)).await.unwrap(), first);
}

#[tokio::test]
async fn a_wish_that_cannot_be_fulfilled_keeps_no_key() {
    let world = World::shared();
    let worker = world.worker().await;
    let with_job = NewInterview { job_id: Some(JobId("x".into())), ..wish(1) };
    for (bad, kind) in [(wish(0), ErrorKind::BadRequest), (with_job, ErrorKind::NotFound)] {
        assert_eq!(once(&worker, "owner", "key", bad).await.unwrap_err().kind, kind);
    }
    world.store.be_unavailable(1);
    assert_eq!(once(&worker, "owner", "key", wish(1)).await.unwrap_err().kind, ErrorKind::Unavailable);
    once(&worker, "owner", "key", wish(1)).await.unwrap();
}
