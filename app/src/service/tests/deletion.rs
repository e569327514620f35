use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    fakes::*,
    hooks::{URL, due, one_delivery, step, work},
    in_progress,
};
use crate::{
    interview::{Command, GivenAnswer},
    model::{AnswerId, Correction, Delivery, DeliveryState, SessionId, WebhookEvent},
    ports::{Clock, RecordKind, RecordStore, SessionStore},
    service::AppState,
};

/// What a worker that dies right afterwards writes about a session.
async fn write_late(world: &World, id: SessionId) {
    for kind in [RecordKind::Report, RecordKind::Draft] {
        world.store.put(kind, &id.to_string(), "{}", None).await.unwrap();
    }
}

fn records(world: &World) -> Vec<RecordKind> {
    let wanted = [RecordKind::Report, RecordKind::Draft, RecordKind::Deletion];
    let mut found: Vec<_> = world.store.records().into_iter().map(|(kind, _)| kind).collect();
    found.retain(|kind| wanted.contains(kind));
    found.sort_by_key(|kind| kind.as_str());
    found
}

#[tokio::test]
async fn what_a_dying_worker_wrote_about_a_deleted_session_is_removed() {
    for world in [World::shared(), World::exclusive()] {
        let (worker, other) = (world.worker().await, world.worker().await);
        let id = in_progress(&worker, 1).await;
        let events: Vec<_> =
            worker.sessions.events(id).await.unwrap().into_iter().map(|recorded| (id, recorded)).collect();
        worker.delete_session(id).await.unwrap();
        write_late(&world, id).await;
        // On a store of one's own, events come with their steps.
        if !world.store.is_exclusive() {
            world.store.publish(&events).await.unwrap();
        }
        world.clock.advance_s(59);
        other.upkeep.look_after_deletions().await;
        assert_eq!(records(&world), [RecordKind::Deletion, RecordKind::Draft, RecordKind::Report], "not yet");
        world.clock.advance_s(1);
        other.upkeep.look_after_deletions().await;
        assert_eq!((records(&world), world.store.kept_events(id)), (vec![], 0));
    }
}

#[tokio::test]
async fn what_another_worker_deleted_does_not_stay_in_memory() {
    let world = World::shared();
    let (worker, other) = (world.worker().await, world.worker().await);
    let (id, _kept) = (create(&worker, 1).await, create(&worker, 1).await);
    other.delete_session(id).await.unwrap();
    assert_eq!(worker.sessions.in_memory(), 2);
    worker.upkeep.tidy().await;
    assert_eq!(worker.sessions.in_memory(), 1);
}

#[tokio::test]
async fn many_deletions_are_looked_after_in_one_go() {
    let world = World::exclusive();
    let worker = world.worker().await;
    for _ in 0..250 {
        let id = create(&worker, 1).await;
        worker.delete_session(id).await.unwrap();
        write_late(&world, id).await;
    }
    // What cannot be read ends no page.
    for key in ["000000000000000:", "zzz"] {
        world.store.overwrite(RecordKind::Deletion, key, "later version");
    }
    world.clock.advance_s(60);
    worker.upkeep.look_after_deletions().await;
    assert_eq!(records(&world), [RecordKind::Deletion; 2]);
}

#[tokio::test]
async fn a_deletion_that_broke_off_is_finished_by_any_worker() {
    for world in [World::shared(), World::exclusive()] {
        for successes in 0.. {
            let (worker, other) = (world.worker().await, world.worker().await);
            let id = create(&worker, 1).await;
            world.store.be_unavailable_after(successes);
            let deleted = worker.sessions.delete(id).await;
            world.store.be_unavailable(0);
            if records(&world).is_empty() {
                assert!(deleted.is_err() && world.store.stored(id).is_some(), "nothing is begun without a note");
                continue;
            }
            if world.store.stored(id).is_some() {
                world.clock.advance_s(60);
                other.upkeep.look_after_deletions().await;
                assert!(world.store.stored(id).is_none(), "after {successes}");
            }
            // Somebody may have been at it while it was removed.
            write_late(&world, id).await;
            world.clock.advance_s(60);
            other.upkeep.look_after_deletions().await;
            assert_eq!((records(&world), world.store.kept_events(id)), (vec![], 0), "after {successes}");
            if deleted.is_ok() {
                assert!(successes > 6, "it went wrong in between, too");
                break;
            }
        }
    }
}

/// Begins to delete a session: the note is kept, and nothing more is done.
async fn break_off(world: &World, worker: &AppState, id: SessionId) {
    for successes in 0.. {
        world.store.be_unavailable_after(successes);
        worker.sessions.delete(id).await.unwrap_err();
        world.store.be_unavailable(0);
        if records(world).contains(&RecordKind::Deletion) {
            return;
        }
    }
}

#[tokio::test]
async fn what_was_told_after_a_deletion_broke_off_is_removed_with_the_rest() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        worker.hooks.add(URL).await.unwrap();
        let id = in_progress(&worker, 1).await;
        break_off(&world, &worker, id).await;
        world.clock.advance_s(1);
        let given = GivenAnswer { id: AnswerId(Uuid::from_u128(1)), question: 0, text: "A queue.".into() };
        step(&worker, id, Command::SubmitAnswer(given)).await;
        work(&worker).await;
        assert!(deliveries(&worker).await.iter().any(|(news, _)| *news == WebhookEvent::ReportReady));
        for _ in 0..2 {
            world.clock.advance_s(60);
            worker.upkeep.look_after_deletions().await;
        }
        assert_eq!((deliveries(&worker).await, world.store.kept_events(id)), (vec![], 0));
    }
}

#[tokio::test]
async fn a_session_that_was_made_again_outlives_the_deletion_of_its_former() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = create(&worker, 1).await;
        break_off(&world, &worker, id).await;
        let mut again = world.store.stored(id).unwrap();
        world.clock.advance_s(1);
        again.session.created_at = world.clock.now();
        world.store.delete(id).await.unwrap();
        world.store.insert(&again).await.unwrap();
        world.clock.advance_s(60);
        world.worker().await.upkeep.look_after_deletions().await;
        assert_eq!((world.store.stored(id).is_some(), records(&world)), (true, vec![]));
    }
}

#[tokio::test]
async fn a_deletion_that_is_asked_for_again_is_told_once() {
    let world = World::shared();
    let (worker, id) = one_delivery(&world).await;
    worker.hooks.run().await;
    let session = worker.sessions.get(id).await.unwrap();
    worker.hooks.announce_deletion(&session).await.unwrap();
    world.clock.advance_s(1);
    worker.delete_session(id).await.unwrap();
    world.clock.advance_s(5);
    work(&worker).await;
    assert_eq!(world.post.news().iter().filter(|news| *news == "session.deleted").count(), 1);
}

/// An interview whose report was made twice. All of it is to be told to two webhooks, of which one was removed.
async fn told_all(world: &World, worker: &AppState) -> SessionId {
    worker.hooks.add(URL).await.unwrap();
    let removed = worker.hooks.add("https://removed.example.org/").await.unwrap();
    let id = in_progress(worker, 1).await;
    world.clock.advance_s(1);
    let given = GivenAnswer { id: AnswerId(Uuid::from_u128(1)), question: 0, text: "A queue.".into() };
    step(worker, id, Command::SubmitAnswer(given)).await;
    work(worker).await;
    world.clock.advance_s(1);
    let correction = Correction { score: 9.0, reason: "Right.".into(), by: "a@b.c".into(), at: world.clock.now() };
    step(worker, id, Command::CorrectScore { question: 0, correction }).await;
    work(worker).await;
    worker.hooks.remove(&removed.id).await.unwrap();
    id
}

async fn deliveries(worker: &AppState) -> Vec<(WebhookEvent, DeliveryState)> {
    let kept = worker.hooks.deliveries(99).await.unwrap();
    kept.into_iter().map(|Delivery { news, state, .. }| (news, state)).collect()
}

/// What was sent since `before` pieces were.
fn sent_since(world: &World, before: usize) -> Vec<(String, Value)> {
    world.post.sent()[before..].iter().map(|sent| (sent.news(), sent.json()["data"].clone())).collect()
}

const ONLY_THE_DELETION: [(WebhookEvent, DeliveryState); 1] =
    [(WebhookEvent::SessionDeleted, DeliveryState::Delivered)];

#[tokio::test]
async fn of_what_was_told_of_a_deleted_session_only_its_deletion_stays() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = told_all(&world, &worker).await;
        let other = in_progress(&worker, 1).await;
        work(&worker).await;
        let before = world.post.sent().len();
        assert_eq!(deliveries(&worker).await.len(), 2 * 5 + 2);
        worker.delete_session(id).await.unwrap();
        world.clock.advance_s(2);
        work(&worker).await;
        assert_eq!(sent_since(&world, before), [("session.deleted".into(), json!({ "session_id": id }))]);
        let about_others: Vec<_> =
            worker.hooks.deliveries(99).await.unwrap().into_iter().filter(|it| it.session == other).collect();
        assert_eq!(about_others.len(), 2, "nobody else is forgotten");
        worker.delete_session(other).await.unwrap();
        world.clock.advance_s(2);
        work(&worker).await;
        assert_eq!(deliveries(&worker).await, [ONLY_THE_DELETION[0]; 2]);
    }
}

#[tokio::test]
async fn what_is_still_to_be_told_of_a_deleted_session_is_its_id_alone() {
    for (answers, sent) in [(vec![Ok(500)], 2), (vec![Ok(500); 10], 10)] {
        let world = World::shared();
        let (worker, id) = one_delivery(&world).await;
        world.post.answer(answers);
        worker.hooks.run().await;
        assert_eq!(sent_since(&world, 0)[0].1["status"], "initialized");
        worker.delete_session(id).await.unwrap();
        while due(&world) > 0 {
            world.clock.advance_s(3_600);
            worker.hooks.run().await;
        }
        let told = sent_since(&world, 1);
        assert!(told.iter().all(|(_, data)| *data == json!({ "session_id": id })), "{told:?}");
        let created = told.iter().filter(|(news, _)| news == "session.created").count();
        assert!(created > 0 && created < sent, "it is told, and not for ever");
        assert_eq!(deliveries(&worker).await, ONLY_THE_DELETION);
    }
}

#[tokio::test]
async fn what_was_told_is_forgotten_whatever_goes_wrong_while_a_session_is_deleted() {
    for successes in 0.. {
        let world = World::shared();
        let worker = world.worker().await;
        let id = told_all(&world, &worker).await;
        world.store.be_unavailable_after(successes);
        let deleted = worker.delete_session(id).await;
        world.store.be_unavailable_after(0);
        world.store.be_unavailable(0);
        let other = world.worker().await;
        if world.store.stored(id).is_some() {
            assert!(deliveries(&other).await.len() >= 10, "nothing is forgotten of a session that is there");
            other.delete_session(id).await.unwrap();
        }
        world.clock.advance_s(60);
        other.upkeep.look_after_deletions().await;
        work(&other).await;
        let kept = deliveries(&other).await;
        assert!(!kept.is_empty() && kept.iter().all(|it| *it == ONLY_THE_DELETION[0]), "{successes}: {kept:?}");
        if deleted.is_ok() {
            assert!(successes > 10, "it went wrong in between, too");
            return;
        }
    }
}

#[tokio::test]
async fn what_is_being_sent_while_its_session_is_deleted_is_forgotten_later() {
    let world = World::shared();
    let (worker, id) = one_delivery(&world).await;
    let mut sending = Box::pin(worker.hooks.run());
    while world.post.sent().is_empty() {
        assert!(futures::poll!(&mut sending).is_pending());
        tokio::task::yield_now().await;
    }
    world.worker().await.delete_session(id).await.unwrap();
    sending.await;
    world.clock.advance_s(60);
    worker.upkeep.look_after_deletions().await;
    work(&worker).await;
    assert_eq!(deliveries(&worker).await, ONLY_THE_DELETION);
}
