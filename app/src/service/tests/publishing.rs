use std::time::Duration;

use super::{eventually, fakes::*, in_progress};
use crate::{
    interview::Command,
    model::{Actor, SessionId},
    ports::SessionStore,
    service::MAX_WAITING,
};

const NONE: [u64; 0] = [];

async fn published(world: &World, id: SessionId) -> Vec<u64> {
    world.store.events(id).await.unwrap().iter().map(|event| event.seq).collect()
}

fn pending(world: &World, id: SessionId) -> Vec<u64> {
    world.store.stored(id).unwrap().pending.iter().map(|event| event.seq).collect()
}

/// The life of one worker's process. What still runs at its end is cut off, as by a crash.
fn process<T>(life: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(life)
}

#[tokio::test]
async fn events_are_published_once_and_in_order() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = in_progress(&worker, 2).await;
    eventually("all are copied", || world.store.copied(id).len() >= 5).await;
    worker.sessions.step(id, &Command::Finish { answer: None }).await.unwrap();
    eventually("the last one is copied", || world.store.copied(id).contains(&6)).await;
    assert_eq!(world.store.copied(id), [1, 2, 3, 4, 5, 6], "none of them twice");
    assert_eq!(pending(&world, id), [6], "what was copied is not carried on");
}

#[tokio::test]
async fn a_store_that_recovers_gets_every_event_once_and_in_order() {
    let world = World::shared();
    let worker = world.worker().await;
    world.store.fail_publishes(3);
    let (one, other) = (in_progress(&worker, 2).await, in_progress(&worker, 2).await);
    assert_eq!(world.store.copied(one), NONE);
    assert_eq!(pending(&world, one), [1, 2, 3, 4, 5], "until then they are safe in their session");
    eventually("the store recovers", || world.store.copied(other).len() >= 5).await;
    for id in [one, other] {
        assert_eq!(world.store.copied(id), [1, 2, 3, 4, 5], "once and in order");
        assert_eq!(published(&world, id).await, [1, 2, 3, 4, 5]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_of_the_history_is_whole_whatever_was_not_copied_yet() {
    for already in [0, 2, 5] {
        let world = World::shared();
        let worker = world.worker().await;
        world.store.fail_publishes(usize::MAX);
        let id = in_progress(&worker, 2).await;
        world.store.fail_publishes(0);
        let known = world.store.stored(id).unwrap().pending;
        assert_eq!(known.len(), 5);
        // The later ones first, as another worker may have them.
        let copied: Vec<_> = known.iter().rev().take(already).map(|event| (id, event.clone())).collect();
        world.store.publish(&copied).await.unwrap();
        for (after, limit) in [(0, 2), (1, 3), (3, 9), (4, 1), (5, 9)] {
            let expected: Vec<_> = known.iter().filter(|event| event.seq > after).take(limit).cloned().collect();
            assert_eq!(worker.sessions.events_after(id, after, limit as u32).await.unwrap(), expected);
        }
    }
}

/// Answers are among them, and a session's document has an end.
#[tokio::test(start_paused = true)]
async fn a_session_carries_along_only_so_many_events() {
    let world = World::shared();
    let worker = world.worker().await;
    world.store.fail_publishes(usize::MAX);
    let id = in_progress(&worker, 2).await;
    let grant = |total_s| Command::GrantTime { question: 0, total_s, by: Actor::Admin };
    while pending(&world, id).len() <= MAX_WAITING {
        worker.sessions.step(id, &grant(pending(&world, id).len() as u32)).await.unwrap();
    }
    let waiting = pending(&world, id);
    worker.sessions.step(id, &grant(100)).await.expect_err("it cannot be acknowledged");
    assert_eq!(pending(&world, id), waiting, "nothing is lost");
    world.store.fail_publishes(0);
    worker.sessions.step(id, &grant(101)).await.unwrap();
    let last = waiting.last().unwrap() + 1;
    assert_eq!(pending(&world, id), [last]);
    assert!(published(&world, id).await.starts_with(&waiting));
}

#[test]
fn a_step_by_the_next_worker_heals_what_a_crash_left() {
    let world = World::shared();
    world.store.fail_publishes(usize::MAX);
    let id = process(async { in_progress(&world.worker().await, 2).await });
    world.store.fail_publishes(0);
    process(async {
        assert_eq!(published(&world, id).await, NONE);
        let worker = world.worker().await;
        worker.sessions.step(id, &Command::Finish { answer: None }).await.unwrap();
        eventually("the last one is copied", || world.store.copied(id).contains(&6)).await;
        assert_eq!(published(&world, id).await, [1, 2, 3, 4, 5, 6]);
    });
}

#[test]
fn a_crash_after_a_healed_step_loses_nothing_either() {
    let world = World::shared();
    world.store.fail_publishes(usize::MAX);
    let id = process(async { in_progress(&world.worker().await, 2).await });
    world.store.fail_publishes(0);
    process(async {
        world.worker().await.sessions.step(id, &Command::Finish { answer: None }).await.map(drop).unwrap()
    });
    process(async {
        let history = world.worker().await.sessions.events(id).await.unwrap();
        assert_eq!(history.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    });
}

#[test]
fn reading_the_history_heals_it() {
    let world = World::shared();
    world.store.fail_publishes(usize::MAX);
    let id = process(async { create(&world.worker().await, 1).await });
    world.store.fail_publishes(0);
    process(async {
        let history = world.worker().await.sessions.events(id).await.unwrap();
        assert_eq!(history.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2]);
    });
}

#[tokio::test]
async fn a_store_of_ones_own_takes_events_with_the_step() {
    let world = World::exclusive();
    let worker = world.worker().await;
    world.store.fail_publishes(usize::MAX);
    let id = in_progress(&worker, 2).await;
    assert_eq!(published(&world, id).await, [1, 2, 3, 4, 5]);
    assert_eq!(world.store.copied(id), [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn events_of_a_deleted_session_do_not_stay_published() {
    for end_first in [false, true] {
        let world = World::shared();
        let worker = world.worker().await;
        world.store.fail_publishes(3);
        let id = in_progress(&worker, 2).await;
        if end_first {
            worker.sessions.step(id, &Command::End { by: Actor::Api }).await.unwrap();
        }
        let kept = create(&worker, 1).await;
        eventually("a copy was tried", || world.store.failing_publishes() < 3).await;
        worker.rooms.delete_session(id).await.unwrap();
        eventually("others are published", || world.store.copied(kept) == [1, 2]).await;
        world.clock.advance_s(60);
        worker.upkeep.look_after_deletions().await;
        assert_eq!(world.store.kept_events(id), 0, "and nothing of it");
        let another = create(&worker, 1).await;
        eventually("later ones too", || world.store.copied(another) == [1, 2]).await;
    }
}

/// Whichever worker deletes it, and whenever, while another one copies its events.
#[tokio::test(start_paused = true)]
async fn another_worker_s_deletion_leaves_no_events_behind() {
    for steps in 0..40 {
        let world = World::shared();
        let (one, other) = (world.worker().await, world.worker().await);
        let (id, kept) = (in_progress(&one, 2).await, create(&one, 1).await);
        for _ in 0..steps {
            tokio::task::yield_now().await;
        }
        other.rooms.delete_session(id).await.unwrap();
        eventually("others are published", || world.store.copied(kept) == [1, 2]).await;
        world.clock.advance_s(60);
        other.upkeep.look_after_deletions().await;
        assert_eq!(world.store.kept_events(id), 0, "after {steps} steps");
    }
}

/// A store that is away for longer than deletions are looked after.
#[tokio::test(start_paused = true)]
async fn events_that_waited_for_long_are_not_published_for_a_session_that_is_gone() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    world.store.fail_publishes(30);
    let (id, kept) = (in_progress(&one, 2).await, create(&one, 1).await);
    other.rooms.delete_session(id).await.unwrap();
    world.clock.advance_s(60);
    other.upkeep.look_after_deletions().await;
    assert!(world.store.failing_publishes() > 0, "they still wait");
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert_eq!((world.store.copied(kept), world.store.kept_events(id)), (vec![1, 2], 0));
}

/// Somebody loads it, finds events that were not copied, and copies them.
#[tokio::test]
async fn a_deletion_leaves_no_events_to_whoever_heals_the_session_meanwhile() {
    for steps in 0..20 {
        let world = World::shared();
        world.store.fail_publishes(usize::MAX);
        let id = create(&world.worker().await, 1).await;
        world.store.fail_publishes(0);
        let (one, other) = (world.worker().await, world.worker().await);
        let deleting = async {
            for _ in 0..steps {
                tokio::task::yield_now().await;
            }
            other.rooms.delete_session(id).await.unwrap();
        };
        let (_, ()) = futures::join!(one.sessions.events(id), deleting);
        assert_eq!(world.store.kept_events(id), 0, "after {steps} steps");
    }
}
