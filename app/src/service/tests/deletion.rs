use super::{fakes::*, in_progress};
use crate::{
    model::SessionId,
    ports::{RecordKind, RecordStore, SessionStore},
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
        world.store.publish(&events).await.unwrap();
        world.clock.advance_s(59);
        other.upkeep.put_right().await;
        assert_eq!(records(&world), [RecordKind::Deletion, RecordKind::Draft, RecordKind::Report], "not yet");
        world.clock.advance_s(1);
        other.upkeep.put_right().await;
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
    worker.upkeep.put_right().await;
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
    world.clock.advance_s(60);
    worker.upkeep.put_right().await;
    assert_eq!(records(&world), []);
}

#[tokio::test]
async fn a_deletion_that_failed_harms_nobody() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = create(&worker, 1).await;
    for successes in 0.. {
        world.store.be_unavailable_after(successes);
        worker.sessions.delete(id).await.unwrap_err();
        world.store.be_unavailable(0);
        write_late(&world, id).await;
        for pause_s in [60, 3_600] {
            world.clock.advance_s(pause_s);
            worker.upkeep.put_right().await;
        }
        if world.store.stored(id).is_none() {
            assert_eq!(records(&world), [], "the session went, and the rest after it");
            assert!(successes > 3, "it failed before that, too");
            return;
        }
        assert_eq!(records(&world), [RecordKind::Draft, RecordKind::Report], "after {successes}");
    }
}
