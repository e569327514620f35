use uuid::Uuid;

use super::{
    eventually,
    fakes::*,
    in_progress,
    page::{Page, channel, draft, invite},
};
use crate::{
    error::ErrorKind,
    interview::{Command, GivenAnswer},
    model::{Actor, AnswerId, Closing, Contact, Down, Event, Invite, NoticeId, Presence, SessionId, Status, Up},
    service::{
        AppState,
        channels::{Heard, Mouth, Say, Unreachable},
    },
};

fn notice(n: u128) -> Command {
    Command::SendNotice { id: NoticeId(Uuid::from_u128(n)), text: "Take your time.".into(), by: Actor::Admin }
}

fn presence(world: &World, id: SessionId) -> Presence {
    world.store.stored(id).unwrap().session.presence
}

async fn step(worker: &AppState, id: SessionId, command: Command) {
    worker.sessions.step(id, &command).await.unwrap();
}

/// How the session's channels ended, in order.
async fn closings(worker: &AppState, id: SessionId) -> Vec<Closing> {
    let closing = |event: &Event| match event {
        Event::ChannelClosed { how, .. } => Some(*how),
        _ => None,
    };
    worker.sessions.events(id).await.unwrap().iter().filter_map(|it| closing(&it.event)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_page_that_connects_is_shown_the_interview() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 2).await;
        let (_page, view) = Page::open(&worker, id, 1).await;
        assert_eq!(view.question.unwrap().text, "Question 0?");
        assert_eq!(view.draft, None);
        let live = presence(&world, id).channel.unwrap();
        assert_eq!((live.id, live.worker), (channel(1), worker.sessions.workers.id()));
        assert_eq!(worker.channels.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn what_happens_in_the_worker_is_pushed() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 2).await;
        let (mut page, _) = Page::open(&worker, id, 1).await;
        step(&worker, id, notice(1)).await;
        assert_eq!(page.view().await.notices[0].text, "Take your time.");
        step(&worker, id, Command::GrantTime { question: 0, total_s: 30, by: Actor::Admin }).await;
        let question = page.view().await.question.unwrap();
        assert_eq!(question.deadline, question.delivered_at.plus_seconds(90));
        // What the page does not show is not pushed.
        step(&worker, id, Command::NoteRoomOpened).await;
        step(&worker, id, Command::End { by: Actor::Admin }).await;
        assert_eq!(page.view().await.status, Status::Completed);
    }
}

#[tokio::test(start_paused = true)]
async fn what_happens_at_another_worker_is_pushed_when_this_one_looks() {
    let world = World::shared();
    let (here, there) = (world.worker().await, world.worker().await);
    for worker in [&here, &there] {
        worker.upkeep.say_at_work().await;
    }
    let id = in_progress(&here, 2).await;
    let (mut page, _) = Page::open(&here, id, 1).await;
    step(&there, id, notice(1)).await;
    let loads = world.store.loads();
    here.sessions.follow().await.unwrap();
    assert_eq!(page.view().await.notices.len(), 1);
    here.sessions.follow().await.unwrap();
    assert_eq!(world.store.loads(), loads + 1, "only what changed is loaded");
    there.rooms.delete_session(id).await.unwrap();
    here.sessions.follow().await.unwrap();
    assert!(matches!(page.next().await, Some(Down::Gone { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_newer_page_takes_over_and_the_older_one_is_told() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 1).await;
        let (older, _) = Page::open(&worker, id, 1).await;
        let (mut newer, _) = Page::open(&worker, id, 2).await;
        let (said, served) = older.ended().await;
        assert_eq!((said, served.unwrap()), (vec![Down::TakenOver], ()));
        step(&worker, id, notice(1)).await;
        newer.view().await;
        assert_eq!(presence(&world, id).channel.unwrap().id, channel(2));
        assert_eq!(closings(&worker, id).await, [], "taking over ends no contact");
        assert_eq!(worker.channels.count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_newer_page_at_another_worker_takes_over_too() {
    let world = World::shared();
    let (here, there) = (world.worker().await, world.worker().await);
    for worker in [&here, &there] {
        worker.upkeep.say_at_work().await;
    }
    let id = in_progress(&here, 1).await;
    let (older, _) = Page::open(&here, id, 1).await;
    let (_newer, _) = Page::open(&there, id, 2).await;
    here.sessions.follow().await.unwrap();
    assert_eq!(older.ended().await.0, [Down::TakenOver]);
    assert_eq!(presence(&world, id).channel.unwrap().worker, there.sessions.workers.id());
}

/// However the two pages' tasks take turns, the older one must learn of it: silently cut off, it would come back.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_older_page_is_told_whoever_comes_first_to_its_turn() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (mut older, _) = Page::open(&worker, id, 0).await;
    for n in 1..200 {
        let (newer, _) = Page::open(&worker, id, n).await;
        assert_eq!(older.ended().await.0, [Down::TakenOver], "at page {n}");
        older = newer;
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_connects_again_replaces_its_old_connection_silently() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 1).await;
        let (old, _) = Page::open(&worker, id, 1).await;
        let seq = world.store.stored(id).unwrap().session.seq;
        let (mut new, _) = Page::open(&worker, id, 1).await;
        assert_eq!(old.ended().await.0, [], "nobody took over");
        assert_eq!(world.store.stored(id).unwrap().session.seq, seq, "it was in touch all the time");
        step(&worker, id, notice(1)).await;
        new.view().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_that_connects_again_at_another_worker_is_live_there() {
    let world = World::shared();
    let (here, there) = (world.worker().await, world.worker().await);
    for worker in [&here, &there] {
        worker.upkeep.say_at_work().await;
    }
    let id = in_progress(&here, 1).await;
    let (old, _) = Page::open(&here, id, 1).await;
    let (mut new, _) = Page::open(&there, id, 1).await;
    here.sessions.follow().await.unwrap();
    assert_eq!(old.ended().await.0, []);
    assert_eq!(presence(&world, id).channel.unwrap().worker, there.sessions.workers.id());
    step(&here, id, notice(1)).await;
    there.sessions.follow().await.unwrap();
    new.view().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_falls_silent_is_lost_since_it_was_last_heard() {
    let world = World::exclusive();
    let worker = world.worker_without_livekit().await;
    let id = in_progress(&worker, 1).await;
    let (page, _) = Page::open(&worker, id, 1).await;
    world.clock.advance_s(1);
    page.say(Heard::Life);
    let last_seen = presence(&world, id).channel.unwrap().since.plus_seconds(1);
    let began = tokio::time::Instant::now();
    page.fall_asleep();
    eventually("the page was heard", || began.elapsed().as_millis() > 10).await;
    world.clock.advance_s(7);
    assert!(page.ended().await.0.is_empty());
    let took = began.elapsed().as_secs_f32();
    assert!((6.9..9.5).contains(&took), "silent for {took} s");
    let session = world.store.stored(id).unwrap().session;
    assert_eq!(session.contact(), Contact::Lost { since: last_seen });
    assert_eq!(closings(&worker, id).await, [Closing::Lost]);
    assert_eq!(worker.channels.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_answers_pings_stays() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (mut page, _) = Page::open(&worker, id, 1).await;
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    step(&worker, id, notice(1)).await;
    page.view().await;
    assert_eq!(closings(&worker, id).await, []);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_left_left() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (page, _) = Page::open(&worker, id, 1).await;
    page.say(Heard::Left);
    page.ended().await.1.unwrap();
    assert_eq!(closings(&worker, id).await, [Closing::Left]);
    assert!(matches!(world.store.stored(id).unwrap().session.contact(), Contact::Left { .. }));
}

#[tokio::test(start_paused = true)]
async fn an_end_is_noted_as_soon_as_the_store_takes_it() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (page, _) = Page::open(&worker, id, 1).await;
    world.store.be_unavailable(3);
    page.say(Heard::Left);
    page.ended().await.1.unwrap();
    assert_eq!(closings(&worker, id).await, [Closing::Left]);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_breaks_is_lost_since_the_page_was_last_heard() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let since = world.store.stored(id).unwrap().session.started_at.unwrap();
    let (page, _) = Page::open(&worker, id, 1).await;
    world.clock.advance_s(5);
    page.hang_up();
    page.ended().await.1.unwrap();
    assert_eq!(presence(&world, id).loss.unwrap().since, since);
    assert_eq!(closings(&worker, id).await, [Closing::Lost]);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_can_be_told_nothing_is_lost() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let since = world.store.stored(id).unwrap().session.started_at.unwrap();
    let mut mute = Page::connect(&worker, &invite(&worker, id), 1);
    mute.view().await;
    world.clock.advance_s(5);
    // The browser can be told nothing any more, which shows at the next beat.
    let page = mute.deaf();
    page.await.unwrap().unwrap();
    assert_eq!(presence(&world, id).loss.unwrap().since, since);
    assert_eq!(closings(&worker, id).await, [Closing::Lost]);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_stops_says_that_it_was_not_the_candidate() {
    let world = World::shared();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (page, _) = Page::open(&worker, id, 1).await;
    worker.channels.stop();
    page.ended().await.1.unwrap();
    assert_eq!(closings(&worker, id).await, [Closing::ServerDown]);
    assert_eq!(worker.channels.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_interview_that_was_deleted_is_gone() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 1).await;
        let (mut page, _) = Page::open(&worker, id, 1).await;
        worker.rooms.delete_session(id).await.unwrap();
        let Some(Down::Gone { detail }) = page.next().await else { panic!("it is not gone") };
        assert!(detail.contains("link"), "{detail}");
        page.ended().await.1.unwrap();
        let again = Page::connect(&worker, &invite(&worker, id), 1).ended().await;
        assert_eq!(again.1.unwrap_err().kind, ErrorKind::NotFound);
        assert!(world.store.stored(id).is_none(), "its page does not bring it back");
    }
}

#[tokio::test(start_paused = true)]
async fn a_bad_invite_opens_no_channel() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let (said, served) = Page::connect(&worker, &Invite("guess".into()), 1).ended().await;
    assert_eq!((said, served.unwrap_err().kind), (vec![], ErrorKind::NotFound));
}

#[tokio::test(start_paused = true)]
async fn looks_away_are_noted() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (page, _) = Page::open(&worker, id, 1).await;
    page.say(Heard::Said(Up::Away { away: true }));
    eventually("away", || presence(&world, id).away_since.is_some()).await;
    page.say(Heard::Said(Up::Away { away: false }));
    eventually("back", || presence(&world, id).away_since.is_none()).await;
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_worker_was_taken_for_dead_is_noted_again() {
    let world = World::shared();
    let (slow, other) = (world.worker().await, world.worker().await);
    slow.upkeep.say_at_work().await;
    let id = in_progress(&slow, 2).await;
    let (_page, _) = Page::open(&slow, id, 1).await;
    world.clock.advance_s(5);
    step(&other, id, notice(1)).await;
    assert_eq!(presence(&world, id).channel, None);
    slow.sessions.follow().await.unwrap();
    eventually("it is noted again", || presence(&world, id).channel.is_some()).await;
    assert_eq!(presence(&world, id).channel.unwrap().worker, slow.sessions.workers.id());
    assert_eq!(world.store.stored(id).unwrap().session.credited_ms, 5_000);
}

#[tokio::test(start_paused = true)]
async fn a_completed_interview_is_shown_and_its_page_not_noted() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let given = GivenAnswer { id: AnswerId(Uuid::from_u128(1)), question: 0, text: "all".into() };
    step(&worker, id, Command::SubmitAnswer(given)).await;
    let (page, view) = Page::open(&worker, id, 1).await;
    assert_eq!((view.status, presence(&world, id).channel), (Status::Completed, None));
    page.say(Heard::Left);
    page.ended().await.1.unwrap();
    assert_eq!(closings(&worker, id).await, []);
}

#[tokio::test]
async fn a_channel_takes_little_memory() {
    struct Nobody;
    impl Mouth for Nobody {
        async fn say(&mut self, _: Say) -> Result<(), Unreachable> {
            Ok(())
        }
    }
    let world = World::shared();
    let worker = world.worker().await;
    let id = in_progress(&worker, 2).await;
    let (invite, mut mouth) = (invite(&worker, id), Nobody);
    let heard = futures::stream::pending::<Heard>();
    let bytes = size_of_val(&worker.channels.serve(&invite, channel(1), heard, &mut mouth));
    assert!(bytes <= 3 * 1024, "{bytes} bytes for each candidate who is connected");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_never_stops_talking_does_not_keep_the_worker_from_its_beat() {
    let world = World::exclusive();
    let worker = world.worker_without_livekit().await;
    let id = in_progress(&worker, 1).await;
    let (mut page, _) = Page::open(&worker, id, 1).await;
    let began = tokio::time::Instant::now();
    for rev in 1..=1_000 {
        page.write(draft(0, rev, "on and on"));
    }
    while page.kept().await != (0, 1_000) {}
    let took = began.elapsed().as_secs();
    assert!(took > 20, "{took} s for a thousand drafts: it had no beat between them");
}
