use std::{sync::Arc, time::Duration};

use super::{fakes::*, in_progress};
use crate::{
    interview::Command,
    model::{Actor, RoomState, SessionId, Status, UnixMillis},
    ports::{Clock as _, RecordKind, RecordStore as _, SessionStore},
    service::{AppState, rooms::RoomNews},
};

#[tokio::test]
async fn rooms_of_ended_sessions_go_and_others_stay() {
    let world = World::shared();
    let worker = world.worker().await;
    let (ended, running) = (in_progress(&worker, 1).await, in_progress(&worker, 1).await);
    // The worker died between ending the session and closing the room.
    worker.sessions.step(ended, &Command::End { by: Actor::Api }).await.unwrap();
    world.media.add_room("lobby");
    world.media.add_room("interview-of-somebody-else");
    world.worker().await.upkeep.put_right().await;
    assert!(!world.media.has(ended));
    assert_eq!(world.store.stored(ended).unwrap().session.room.state, RoomState::Closed);
    assert!(world.media.has(running));
    assert_eq!(world.media.rooms().len(), 3);
}

#[tokio::test]
async fn a_room_without_a_session_goes_after_a_minute() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = create(&worker, 1).await;
    world.store.delete(id).await.unwrap();
    world.clock.advance_s(60);
    worker.upkeep.put_right().await;
    assert!(world.media.has(id), "its session may be about to be saved");
    world.clock.advance_s(1);
    worker.upkeep.put_right().await;
    assert!(!world.media.has(id));
}

#[tokio::test]
async fn nothing_is_closed_while_the_store_is_away() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    world.clock.advance_s(3600);
    world.store.be_unavailable(100);
    worker.upkeep.put_right().await;
    world.store.be_unavailable(0);
    assert!(world.media.has(id));
}

#[tokio::test]
async fn a_room_that_livekit_lost_is_noted() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = in_progress(&worker, 100).await;
    let joined = RoomNews::Joined { sid: "PA_1".into(), identity: id.candidate_identity() };
    worker.rooms.take_news(id, joined).await.unwrap();
    world.media.lose_rooms();
    worker.upkeep.put_right().await;
    assert!(world.store.stored(id).unwrap().session.candidate_present(), "the list may have missed so new a room");
    world.clock.advance_s(61);
    worker.upkeep.put_right().await;
    let room = world.store.stored(id).unwrap().session.room;
    assert_eq!((room.state, room.participants.len()), (RoomState::Closed, 0));
}

#[tokio::test]
async fn comings_and_goings_that_no_webhook_told_are_noted() {
    let world = World::shared();
    let worker = world.worker().await;
    let (here, gone) = (in_progress(&worker, 1).await, in_progress(&worker, 1).await);
    world.media.enter(here, "PA_1", &here.candidate_identity());
    let joined = RoomNews::Joined { sid: "PA_2".into(), identity: gone.candidate_identity() };
    worker.rooms.take_news(gone, joined).await.unwrap();
    worker.upkeep.put_right().await;
    assert!(world.store.stored(here).unwrap().session.candidate_present());
    assert!(!world.store.stored(gone).unwrap().session.candidate_present());
    world.media.enter(gone, "PA_3", "observer-1");
    worker.upkeep.put_right().await;
    assert!(!world.store.stored(gone).unwrap().session.candidate_present(), "observers do not count");
}

#[tokio::test]
async fn rooms_that_were_not_made_are_made() {
    let world = World::shared();
    let worker = world.worker().await;
    world.media.go_away();
    let (open, ended) = (create(&worker, 1).await, create(&worker, 1).await);
    for command in [Command::Start { by: Actor::Api }, Command::End { by: Actor::Api }] {
        worker.sessions.step(ended, &command).await.unwrap();
    }
    world.media.come_back();
    worker.upkeep.look_after_outage().await;
    assert_eq!(world.media.rooms(), [open.room_name()]);
    assert!(matches!(world.store.stored(open).unwrap().session.room.state, RoomState::Open { .. }));
}

/// A session that ended while its room stayed: the next one to put things right closes it.
async fn leave_a_room(worker: &AppState) -> SessionId {
    let id = in_progress(worker, 1).await;
    worker.sessions.step(id, &Command::End { by: Actor::Api }).await.unwrap();
    id
}

#[tokio::test]
async fn one_worker_puts_things_right_for_all_in_half_a_minute() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    one.upkeep.keep_right().await;
    let left = leave_a_room(&one).await;
    for wait_s in [0, 15, 14] {
        world.clock.advance_s(wait_s);
        one.upkeep.keep_right().await;
        other.upkeep.keep_right().await;
        assert!(world.media.has(left), "it was done {wait_s} s ago");
    }
    world.clock.advance_s(1);
    other.upkeep.keep_right().await;
    assert!(!world.media.has(left));
}

#[tokio::test]
async fn a_worker_that_dies_while_it_puts_things_right_is_soon_replaced() {
    let world = World::shared();
    let (dying, other) = (world.worker().await, world.worker().await);
    let left = leave_a_room(&dying).await;
    world.media.hang();
    let mut keeping = Box::pin(dying.upkeep.keep_right());
    assert!(futures::poll!(&mut keeping).is_pending());
    drop(keeping);
    world.media.answer();
    other.upkeep.keep_right().await;
    assert!(world.media.has(left), "the other one may still be at it");
    world.clock.advance_s(10);
    other.upkeep.keep_right().await;
    assert!(!world.media.has(left));
}

#[tokio::test]
async fn after_an_outage_things_are_put_right_whatever_other_workers_did() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    other.upkeep.keep_right().await;
    world.media.go_away();
    let id = create(&one, 1).await;
    world.media.come_back();
    one.upkeep.keep_right().await;
    other.upkeep.keep_right().await;
    assert!(!world.media.has(id));
    one.upkeep.look_after_outage().await;
    assert!(world.media.has(id));
}

#[tokio::test]
async fn a_worker_that_does_not_reach_livekit_leaves_it_to_those_who_do() {
    let world = World::shared();
    let cut_off = Arc::new(FakeMedia::new(world.clock.clone()));
    cut_off.go_away();
    let (alone, other) = (world.worker_with(Some(cut_off)).await, world.worker().await);
    let left = leave_a_room(&other).await;
    alone.upkeep.keep_right().await;
    world.clock.advance_s(30);
    // It would be first again.
    alone.upkeep.keep_right().await;
    other.upkeep.keep_right().await;
    assert!(!world.media.has(left));
}

#[tokio::test]
async fn interviews_end_on_time_where_nobody_reaches_livekit() {
    let world = World::shared();
    let crashed = world.worker().await;
    let id = in_progress(&crashed, 1).await;
    drop(crashed);
    world.media.go_away();
    let worker = world.worker().await;
    worker.upkeep.keep_right().await;
    world.clock.advance_s(64);
    worker.upkeep.keep_right().await;
    assert_eq!(world.store.stored(id).unwrap().session.status, Status::Completed);
}

#[tokio::test]
async fn sessions_that_are_as_they_should_be_are_not_read_one_by_one() {
    let world = World::shared();
    let worker = world.worker().await;
    for _ in 0..20 {
        in_progress(&worker, 1).await;
        create(&worker, 1).await;
    }
    let before = world.store.loads();
    worker.upkeep.put_right().await;
    assert_eq!(world.store.loads(), before);
}

#[tokio::test]
async fn the_worker_that_holds_a_session_closes_its_question_in_time() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    world.clock.advance_s(63);
    worker.upkeep.keep_time().await;
    assert_eq!(world.store.stored(id).unwrap().session.status, Status::InProgress, "the grace is not over");
    world.clock.advance_s(1);
    world.worker().await.upkeep.keep_time().await;
    assert_eq!(world.store.stored(id).unwrap().session.status, Status::InProgress, "another worker does not hold it");
    worker.upkeep.keep_time().await;
    assert_eq!(world.store.stored(id).unwrap().session.status, Status::Completed);
    assert!(!world.media.has(id));
}

#[tokio::test]
async fn sessions_whose_worker_died_end_all_the_same() {
    let world = World::shared();
    let crashed = world.worker().await;
    let mut ids = Vec::new();
    for _ in 0..450 {
        ids.push(in_progress(&crashed, 1).await);
    }
    drop(crashed);
    world.clock.advance_s(64);
    world.worker().await.upkeep.put_right().await;
    let open = ids.iter().filter(|id| world.store.stored(**id).unwrap().session.status != Status::Completed).count();
    assert_eq!(open, 0, "of {} are still open", ids.len());
}

#[tokio::test(start_paused = true)]
async fn a_worker_puts_things_right_itself_where_a_lease_never_ends() {
    let world = World::shared();
    let worker = world.worker().await;
    world.media.go_away();
    let id = create(&worker, 1).await;
    world.media.come_back();
    worker.rooms.is_back().await;
    // Its holder's clock was an hour ahead.
    let end = Some(UnixMillis(world.clock.now().0 + 3_600_000));
    world.store.put_new(RecordKind::Lease, "upkeep", "another worker's", end).await.unwrap();
    tokio::time::advance(Duration::from_secs(290)).await;
    worker.upkeep.keep_right().await;
    assert!(!world.media.has(id), "somebody else is at it");
    tokio::time::advance(Duration::from_secs(20)).await;
    worker.upkeep.keep_right().await;
    assert!(world.media.has(id));
}
