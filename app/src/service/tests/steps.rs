use futures::future::join_all;
use uuid::Uuid;

use super::{eventually, fakes::*, in_progress};
use crate::{
    error::{AppError, ErrorKind},
    interview::{Command, GivenAnswer, Refusal},
    model::{Actor, AnswerId, ChannelId, Closing, DeviceCheck, EndReason, Event, RoomState, SessionId, Status},
    ports::{Clock, StoreError},
    service::{AppState, ServiceError},
};

const START: Command = Command::Start { by: Actor::Api };

fn answer(id: u128, question: u32) -> Command {
    Command::SubmitAnswer(GivenAnswer { id: AnswerId(Uuid::from_u128(id)), question, text: "an answer".into() })
}

async fn status(worker: &AppState, id: SessionId) -> Status {
    worker.sessions.get(id).await.unwrap().status
}

#[tokio::test]
async fn a_step_that_loses_a_race_is_decided_again() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = create(&worker, 1).await;
    world.store.lose_saves(3);
    worker.sessions.step(id, &START).await.unwrap();
    assert_eq!(world.store.stored(id).unwrap().version, 2);
    assert_eq!(status(&worker, id).await, Status::InProgress);
}

#[tokio::test]
async fn a_step_that_loses_every_race_gives_up() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = create(&worker, 1).await;
    world.store.lose_saves(1000);
    let error = worker.sessions.step(id, &START).await.unwrap_err();
    assert!(matches!(error, ServiceError::Store(StoreError::Conflict)), "{error}");
    let told: AppError = error.into();
    assert_eq!((told.kind, told.retry_after_s), (ErrorKind::Unavailable, Some(1)));
    world.store.lose_saves(0);
    worker.sessions.step(id, &START).await.unwrap();
}

#[tokio::test]
async fn a_refusal_from_a_stale_cache_is_checked_again() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    let id = create(&one, 1).await;
    one.sessions.step(id, &Command::GiveConsent).await.unwrap();
    other.sessions.step(id, &START).await.unwrap();
    // The first worker still remembers a session that was not started.
    let session = one.sessions.step(id, &Command::OpenQuestion).await.unwrap();
    assert_eq!(session.delivered, 1);
}

#[tokio::test]
async fn nothing_to_do_from_a_stale_cache_is_checked_again() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    let id = create(&one, 1).await;
    other.sessions.step(id, &Command::NoteRoomClosed).await.unwrap();
    // The first worker still remembers an open room.
    let session = one.sessions.step(id, &Command::NoteRoomOpened).await.unwrap();
    assert!(matches!(session.room.state, RoomState::Open { .. }));
    assert_eq!(world.store.stored(id).unwrap().version, 3);
}

#[tokio::test]
async fn a_true_refusal_stays_one_and_changes_nothing() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = create(&worker, 1).await;
        let before = world.store.stored(id);
        let error = worker.sessions.step(id, &Command::Finish { answer: None }).await.unwrap_err();
        assert!(matches!(error, ServiceError::Refused(Refusal::NotStarted)), "{error}");
        assert_eq!(world.store.stored(id), before);
    }
}

#[tokio::test]
async fn a_store_of_ones_own_is_read_once() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 3).await;
    worker.sessions.step(id, &answer(1, 0)).await.unwrap();
    worker.sessions.get(id).await.unwrap();
    worker.sessions.step(id, &Command::OpenQuestion).await.unwrap();
    assert_eq!(world.store.loads(), 0, "the worker made the session itself");
}

#[tokio::test]
async fn readers_of_a_shared_store_see_what_other_workers_did() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    let id = create(&one, 1).await;
    assert_eq!(status(&other, id).await, Status::Initialized);
    one.sessions.step(id, &START).await.unwrap();
    assert_eq!(status(&other, id).await, Status::InProgress);
    one.rooms.delete_session(id).await.unwrap();
    assert!(matches!(other.sessions.get(id).await, Err(ServiceError::NoSession(_))));
    assert!(matches!(other.sessions.step(id, &START).await, Err(ServiceError::NoSession(_))));
}

#[tokio::test]
async fn of_answers_at_once_on_two_workers_one_is_taken() {
    let world = World::shared();
    let workers = [world.worker().await, world.worker().await];
    let id = in_progress(&workers[0], 2).await;
    let commands: Vec<Command> = (0..16).map(|id| answer(id, 0)).collect();
    let steps = commands.iter().zip(workers.iter().cycle()).map(|(command, worker)| worker.sessions.step(id, command));
    let results = join_all(steps).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    for result in results {
        assert!(result.is_ok() || matches!(result, Err(ServiceError::Refused(Refusal::AlreadyAnswered))));
    }
    assert_eq!(world.store.stored(id).unwrap().session.answers.len(), 1);
}

#[tokio::test]
async fn a_command_whose_answer_got_lost_can_be_sent_again() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 2).await;
        world.store.lose_answers(1);
        let command = answer(1, 0);
        let error = worker.sessions.step(id, &command).await.unwrap_err();
        assert_eq!(AppError::from(error).kind, ErrorKind::Unavailable);
        let session = worker.sessions.step(id, &command).await.unwrap();
        assert_eq!((session.answers.len(), session.delivered), (1, 2));
        worker.sessions.step(id, &answer(2, 1)).await.unwrap();
        assert_eq!(worker.sessions.get(id).await.unwrap().answers.len(), 2);
    }
}

/// A caller that goes away, as a closed connection does, must not leave the worker with an old idea of the session.
#[tokio::test]
async fn a_caller_that_goes_away_leaves_a_step_whole() {
    let world = World::exclusive();
    let worker = world.worker().await;
    for polls in 1..20 {
        let id = create(&worker, 1).await;
        let mut step = Box::pin(worker.sessions.step(id, &START));
        for _ in 0..polls {
            if futures::poll!(&mut step).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(step);
        eventually("the step is saved", || world.store.stored(id).unwrap().version == 2).await;
        // Whoever comes next waits for its turn.
        worker.sessions.step(id, &Command::End { by: Actor::Api }).await.unwrap();
        assert_eq!(status(&worker, id).await, Status::Completed, "after {polls} polls");
    }
}

#[tokio::test]
async fn completed_sessions_are_not_held_in_memory() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    assert_eq!(worker.sessions.in_memory(), 1);
    worker.sessions.step(id, &answer(1, 0)).await.unwrap();
    assert_eq!(worker.sessions.in_memory(), 0);
    assert_eq!(worker.sessions.step(id, &Command::Finish { answer: None }).await.unwrap().status, Status::Completed);
    assert_eq!(worker.sessions.in_memory(), 0);
}

#[tokio::test]
async fn what_a_candidate_repeats_without_end_is_counted_and_not_kept() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 1).await;
        let before = worker.sessions.events(id).await.unwrap().len();
        let toggle =
            |number: u32| Command::CheckDevices(DeviceCheck { camera: number.is_multiple_of(2), microphone: true });
        for number in 0..200 {
            let session = worker.sessions.step(id, &toggle(number)).await.unwrap();
            assert_eq!(
                session.devices.map(|devices| devices.camera),
                Some(number.is_multiple_of(2)),
                "what is so now is known"
            );
        }
        let session = worker.sessions.get(id).await.unwrap();
        assert_eq!(session.recurred.devices, 200);
        assert_eq!(session.seq as usize, before + 50, "or a deletion would have to look for all of them");
        assert!(world.store.stored(id).unwrap().pending.len() <= before + 50);
        assert_eq!(worker.sessions.events(id).await.unwrap().len(), before + 50);
        worker.sessions.step(id, &Command::End { by: Actor::Api }).await.unwrap();
        let last = worker.sessions.events(id).await.unwrap().pop().unwrap();
        assert_eq!((last.event, last.seq), (Event::Ended { reason: EndReason::EndedByApi }, session.seq + 1));
    }
}

/// Two hours, and a break every ten seconds.
#[tokio::test]
async fn a_candidate_on_a_bad_network_is_noted_each_time() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (channel, by) = (ChannelId(Uuid::from_u128(7)), worker.sessions.workers.id());
    let before = worker.sessions.events(id).await.unwrap().len();
    let lose = Command::CloseChannel { channel, worker: by, last_seen: world.clock.now(), how: Closing::Lost };
    for number in 0..720 {
        let opened = worker.sessions.step(id, &Command::OpenChannel { channel, worker: by }).await.unwrap();
        let lost = worker.sessions.step(id, &lose).await.unwrap();
        assert!(opened.presence.channel.is_some() && lost.presence.channel.is_none(), "at break {number}");
    }
    assert_eq!(worker.sessions.events(id).await.unwrap().len(), before + 1_440);
    for _ in 0..720 {
        worker.sessions.step(id, &Command::OpenChannel { channel, worker: by }).await.unwrap();
        let lost = worker.sessions.step(id, &lose).await.unwrap();
        assert!(lost.presence.is_cut_off(), "presence is right beyond it, too");
    }
    assert_eq!(worker.sessions.events(id).await.unwrap().len(), before + 2_000);
}
