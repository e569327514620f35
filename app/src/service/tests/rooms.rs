use std::time::Duration;

use tokio::time::Instant;

use super::{fakes::*, in_progress};
use crate::{
    interview::Command,
    model::{Actor, RoomState},
    service::rooms::RoomNews,
};

const END: Command = Command::End { by: Actor::Admin };

#[tokio::test]
async fn a_session_is_made_without_a_room_while_livekit_is_away() {
    let world = World::exclusive();
    let worker = world.worker().await;
    world.media.go_away();
    let created = worker.creation.create(wish(1)).await.unwrap();
    let id = created.session.id;
    assert_eq!((created.room, created.session.room.state), (None, RoomState::Absent));
    assert_eq!(worker.rooms.is_up(), Some(false));
    assert_eq!(worker.rooms.candidate_access(id).await.unwrap(), None);
    assert_eq!(worker.rooms.observer_access(id).await.unwrap(), None);

    worker.upkeep.look_after_outage().await;
    assert!(!world.media.has(id));
    world.media.come_back();
    assert_eq!(worker.rooms.candidate_access(id).await.unwrap(), None, "known to be down, it is not asked");
    worker.upkeep.look_after_outage().await;
    assert!(world.media.has(id));
    assert_eq!(worker.rooms.is_up(), Some(true));
    assert!(worker.rooms.observer_access(id).await.unwrap().is_some());
    let access = worker.rooms.candidate_access(id).await.unwrap().unwrap();
    assert_eq!(access.token, format!("candidate Ada Lovelace of interview-{id}"));
}

#[tokio::test]
async fn without_livekit_there_are_no_rooms_and_nothing_is_missing() {
    let world = World::exclusive();
    let worker = world.worker_without_livekit().await;
    let id = in_progress(&worker, 1).await;
    assert_eq!(worker.rooms.is_up(), None);
    assert_eq!(worker.rooms.candidate_access(id).await.unwrap(), None);
    assert_eq!(worker.rooms.list().await.unwrap(), []);
    worker.upkeep.put_right().await;
    worker.rooms.step_to_end(id, &END).await.unwrap();
    worker.rooms.delete_session(id).await.unwrap();
}

#[tokio::test]
async fn the_end_closes_the_room_and_notes_it() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    assert!(world.media.has(id));
    worker.rooms.step_to_end(id, &END).await.unwrap();
    assert!(!world.media.has(id));
    assert_eq!(worker.sessions.get(id).await.unwrap().room.state, RoomState::Closed);
    assert_eq!(worker.rooms.candidate_access(id).await.unwrap(), None);
    assert!(!world.media.has(id), "joining does not make it again");
}

#[tokio::test(start_paused = true)]
async fn an_end_waits_a_second_for_a_livekit_that_hangs() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let (ended, deleted) = (in_progress(&worker, 1).await, create(&worker, 1).await);
    world.media.hang();
    let began = Instant::now();
    let (end, delete) = tokio::join!(worker.rooms.step_to_end(ended, &END), worker.rooms.delete_session(deleted));
    end.unwrap();
    delete.unwrap();
    let took = began.elapsed();
    assert!((Duration::from_secs(1)..Duration::from_secs(3)).contains(&took), "took {took:?}");
    assert!(world.store.stored(deleted).is_none());
}

#[tokio::test]
async fn news_is_taken_or_refused_so_that_it_is_sent_again() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = create(&worker, 1).await;
    let joined = RoomNews::Joined { sid: "PA_1".into(), identity: id.candidate_identity() };
    world.store.be_unavailable(1);
    worker.rooms.take_news(id, joined.clone()).await.unwrap_err();
    worker.rooms.take_news(id, joined).await.unwrap();
    assert!(worker.sessions.get(id).await.unwrap().candidate_present());
    let gone = create(&worker, 1).await;
    worker.rooms.delete_session(gone).await.unwrap();
    worker.rooms.take_news(gone, RoomNews::Started).await.unwrap();
}
