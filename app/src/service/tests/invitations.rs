use futures::future::join_all;

use super::fakes::*;
use crate::{
    error::{AppError, ErrorKind},
    model::{Invitations, InvitationsSummary, Job, JobId, NewJob, NewQuestion, RowOutcome},
    ports::{RecordKind, RecordStore, SessionStore},
    service::{AppState, once::OnceKey},
};

const TWO: &str = "Ada,ada@example.org,+1\nBob,bob@example.org,\n";

async fn job(worker: &AppState) -> Job {
    let questions = vec![NewQuestion { text: "One?".into(), ..NewQuestion::default() }];
    worker.jobs.create(NewJob { title: "Backend".into(), questions, ..NewJob::default() }).await.unwrap()
}

async fn begin(worker: &AppState, csv: &str) -> Invitations {
    let job = job(worker).await;
    worker.invitations.begin(&job.id, csv).await.unwrap()
}

/// The newest ones.
async fn lists(worker: &AppState) -> Vec<InvitationsSummary> {
    worker.invitations.list(99, 0).await.unwrap().items
}

async fn sessions(world: &World) -> u64 {
    world.store.counts().await.unwrap().initialized
}

fn due(world: &World) -> usize {
    world.store.records().iter().filter(|(kind, _)| *kind == RecordKind::DueInvitations).count()
}

/// What all records say, in one.
fn kept(world: &World) -> String {
    world.store.records().into_iter().map(|(_, value)| value).collect()
}

#[tokio::test]
async fn those_in_a_list_are_invited_once_by_whichever_worker() {
    let world = World::shared();
    let workers = [world.worker().await, world.worker().await];
    let run = begin(&workers[0], TWO).await;
    assert_eq!((run.done(), sessions(&world).await), (0, 0));
    join_all([0, 1, 0, 1].map(|number: usize| workers[number].invitations.run())).await;
    let run = workers[1].invitations.get(&run.id).await.unwrap();
    assert_eq!((run.invited(), run.is_finished(), sessions(&world).await, due(&world)), (2, true, 2, 0));
}

#[tokio::test]
async fn what_a_worker_left_half_done_is_finished_by_another() {
    let world = World::shared();
    let worker = world.worker().await;
    let run = begin(&worker, &lines(30)).await;
    let mut inviting = Box::pin(worker.invitations.run());
    while sessions(&world).await < 25 {
        assert!(futures::poll!(&mut inviting).is_pending());
        // Sessions are saved by tasks of their own.
        tokio::task::yield_now().await;
    }
    drop(inviting);
    world.clock.advance_s(10);
    let other = world.worker().await;
    other.invitations.run().await;
    assert_eq!((other.invitations.get(&run.id).await.unwrap().invited(), sessions(&world).await), (30, 30));
}

fn lines(number: usize) -> String {
    (0..number).map(|number| format!("Ada,ada{number}@example.org\n")).collect()
}

#[tokio::test]
async fn a_short_list_does_not_wait_for_a_long_one() {
    let world = World::shared();
    let worker = world.worker().await;
    let long = begin(&worker, &lines(100)).await;
    let mut inviting = Box::pin(worker.invitations.run());
    assert!(futures::poll!(&mut inviting).is_pending());
    let short = begin(&worker, TWO).await;
    while !worker.invitations.get(&short.id).await.unwrap().is_finished() {
        assert!(futures::poll!(&mut inviting).is_pending());
        // Sessions are saved by tasks of their own.
        tokio::task::yield_now().await;
    }
    assert!(!worker.invitations.get(&long.id).await.unwrap().is_finished());
    inviting.await;
    assert_eq!((worker.invitations.get(&long.id).await.unwrap().invited(), due(&world)), (100, 0));
}

#[tokio::test]
async fn lines_that_fail_stop_no_others_and_are_tried_again_after_growing_pauses() {
    let world = World::shared();
    let worker = world.worker().await;
    let run = begin(&worker, &lines(60)).await;
    let failing = || run.rows.iter().take(25).map(|row| row.session);
    failing().for_each(|id| world.store.spoil(id));
    let invited = async || {
        worker.invitations.run().await;
        worker.invitations.get(&run.id).await.unwrap().invited()
    };
    assert_eq!(invited().await, 35);
    let other = begin(&worker, TWO).await;
    // Two seconds, then four, then eight.
    for pause_s in [2, 4] {
        world.clock.advance_s(pause_s);
        assert_eq!(invited().await, 35);
    }
    failing().for_each(|id| world.store.mend(id));
    world.clock.advance_s(7);
    assert_eq!(invited().await, 35, "not yet");
    world.clock.advance_s(1);
    assert_eq!(invited().await, 60);
    assert!(worker.invitations.get(&other.id).await.unwrap().is_finished());
}

#[tokio::test]
async fn a_list_that_fails_as_a_whole_stops_no_others() {
    let world = World::shared();
    let worker = world.worker().await;
    let broken = begin(&worker, TWO).await;
    let kept = serde_json::to_string(&broken).unwrap();
    world.store.overwrite(RecordKind::Invitations, &broken.id, "later version");
    let other = begin(&worker, TWO).await;
    worker.invitations.run().await;
    assert!(worker.invitations.get(&other.id).await.unwrap().is_finished());
    world.store.overwrite(RecordKind::Invitations, &broken.id, &kept);
    worker.invitations.run().await;
    assert_eq!(worker.invitations.get(&broken.id).await.unwrap().invited(), 0, "not at once again");
    world.clock.advance_s(2);
    worker.invitations.run().await;
    assert!(worker.invitations.get(&broken.id).await.unwrap().is_finished());
}

#[tokio::test]
async fn a_list_is_never_kept_without_being_due() {
    let world = World::shared();
    let worker = world.worker().await;
    let job = job(&worker).await;
    for successes in 0..4 {
        world.store.be_unavailable_after(successes);
        let begun = worker.invitations.begin(&job.id, TWO).await;
        world.store.be_unavailable_after(0);
        world.store.be_unavailable(0);
        let kept = lists(&worker).await;
        assert!(due(&world) >= kept.len(), "after {successes} writes: {kept:?}");
        if begun.is_ok() {
            worker.invitations.run().await;
            assert!(lists(&worker).await[0].is_finished());
        }
    }
    assert_eq!(lists(&worker).await.len(), 1);
    // Marks of lists that never came are cleared away, but not at once.
    worker.invitations.run().await;
    assert!(due(&world) > 0);
    world.clock.advance_s(60);
    worker.invitations.run().await;
    assert_eq!(due(&world), 0);
}

#[tokio::test]
async fn lists_are_shown_newest_first_page_by_page() {
    let world = World::shared();
    let worker = world.worker().await;
    let job = job(&worker).await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(worker.invitations.begin(&job.id, "Ada,ada@example.org").await.unwrap().id);
        world.clock.advance_s(1);
    }
    made.reverse();
    for (limit, offset, expected) in [(9, 0, &made[..]), (2, 0, &made[..2]), (2, 4, &made[4..]), (2, 5, &[])] {
        let page = worker.invitations.list(limit, offset).await.unwrap();
        let shown: Vec<_> = page.items.into_iter().map(|list| list.id).collect();
        assert_eq!((shown.as_slice(), page.total), (expected, 5));
    }
}

/// One read, however many stand in them, and what it answers is as far as they are.
#[tokio::test]
async fn what_is_shown_of_lists_is_read_without_them() {
    let world = World::shared();
    let worker = world.worker().await;
    let run = begin(&worker, "Ada,ada@example.org\nBob,nowhere\nEve,eve@example.org\n").await;
    let shown = async || {
        world.store.be_unavailable_after(1);
        let shown = lists(&worker).await.remove(0);
        world.store.be_unavailable_after(0);
        world.store.be_unavailable(0);
        assert!(!serde_json::to_string(&shown).unwrap().contains("example.org"), "it names nobody");
        (shown.lines, shown.invited, shown.refused, shown.deleted, shown.is_finished())
    };
    assert_eq!(shown().await, (3, 0, 1, 0, false));
    worker.invitations.run().await;
    assert_eq!(shown().await, (3, 2, 1, 0, true));
    worker.delete_session(run.rows[0].session).await.unwrap();
    assert_eq!(shown().await, (3, 1, 1, 1, true));
}

#[tokio::test]
async fn lists_of_an_older_version_are_shown_and_still_forgotten_after_their_time() {
    let world = World::shared();
    let worker = world.worker().await;
    let run = begin(&worker, TWO).await;
    world.store.overwrite(RecordKind::Invitations, &run.id, &serde_json::to_string(&run).unwrap());
    assert_eq!(lists(&worker).await, [run.summary()]);
    assert_eq!(worker.invitations.get(&run.id).await.unwrap(), run);
    world.store.be_unavailable_after(1);
    assert_eq!(lists(&worker).await, [run.summary()], "with one read from now on");
    world.store.be_unavailable_after(0);
    world.store.be_unavailable(0);
    world.clock.advance_s(30 * 86_400);
    assert!(lists(&worker).await.is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_hides_nothing_else() {
    let world = World::shared();
    let worker = world.worker().await;
    let run = begin(&worker, TWO).await;
    world.store.put(RecordKind::Invitations, "zzz", "{\"later\":\"version\"}", None).await.unwrap();
    world.store.put(RecordKind::DueInvitations, "000", "null", None).await.unwrap();
    assert_eq!(lists(&worker).await, [run.summary()]);
    worker.invitations.run().await;
    assert!(worker.invitations.get(&run.id).await.unwrap().is_finished());
}

#[tokio::test]
async fn whose_session_is_deleted_is_forgotten_by_the_list() {
    let world = World::shared();
    let worker = world.worker().await;
    let run = begin(&worker, "Ada,ada@example.org,+1 23\nBob,bob@example.org\nAda L,ADA@example.org\n").await;
    worker.invitations.run().await;
    worker.delete_session(run.rows[0].session).await.unwrap();
    let after = worker.invitations.get(&run.id).await.unwrap();
    assert_eq!((after.invited(), after.refused(), after.deleted(), after.is_finished()), (1, 1, 1, true));
    assert_eq!(after.rows[0].outcome, RowOutcome::Deleted);
    let kept = kept(&world).to_lowercase();
    assert!(!kept.contains("ada") && !kept.contains("+1 23"), "{kept}");
    assert!(kept.contains("bob@example.org"));
    let csv = worker.invitations.to_csv(&after).unwrap();
    assert!(csv.contains("deleted") && !csv.contains(&run.rows[0].session.to_string()), "{csv}");
}

#[tokio::test]
async fn with_the_last_session_of_a_list_goes_who_was_refused() {
    let world = World::shared();
    let worker = world.worker().await;
    let run = begin(&worker, "Ada,ada@example.org\nBob,bob@example.org\nEve,eve@example.org,+1,too much\n").await;
    worker.invitations.run().await;
    for (row, there) in [(0, true), (1, false)] {
        worker.delete_session(run.rows[row].session).await.unwrap();
        assert_eq!(kept(&world).contains("eve@"), there);
    }
    let after = worker.invitations.get(&run.id).await.unwrap();
    assert_eq!((after.refused(), after.deleted()), (1, 2));
    assert!(!kept(&world).contains("Eve"));
}

#[tokio::test]
async fn a_worker_that_dies_while_deleting_leaves_nothing_that_nobody_finds() {
    for successes in 0..16 {
        let world = World::shared();
        let worker = world.worker().await;
        let run = begin(&worker, TWO).await;
        worker.invitations.run().await;
        world.store.be_unavailable_after(successes);
        let deleted = worker.delete_session(run.rows[0].session).await;
        world.store.be_unavailable_after(0);
        world.store.be_unavailable(0);
        let there = world.store.stored(run.rows[0].session).is_some();
        assert!(there || !kept(&world).contains("ada@"), "after {successes} operations");
        if deleted.is_err() && there {
            world.worker().await.delete_session(run.rows[0].session).await.unwrap();
            assert!(!kept(&world).contains("ada@"));
        }
    }
}

#[tokio::test]
async fn a_session_deleted_while_others_are_invited_stays_forgotten() {
    let world = World::shared();
    let worker = world.worker().await;
    let run = begin(&worker, TWO).await;
    let ada = run.rows[0].session;
    let mut inviting = Box::pin(worker.invitations.run());
    while world.store.stored(ada).is_none() {
        assert!(futures::poll!(&mut inviting).is_pending());
        // Sessions are saved by tasks of their own.
        tokio::task::yield_now().await;
    }
    world.worker().await.delete_session(ada).await.unwrap();
    inviting.await;
    let after = worker.invitations.get(&run.id).await.unwrap();
    assert_eq!((after.deleted(), after.invited()), (1, 1));
    assert!(world.store.stored(ada).is_none());
    assert!(!kept(&world).contains("ada@"));
}

#[tokio::test]
async fn a_job_that_is_gone_is_not_found_and_refuses_those_who_wait() {
    let world = World::shared();
    let worker = world.worker().await;
    let unknown = worker.invitations.begin(&JobId("x".into()), TWO).await.unwrap_err();
    assert_eq!(AppError::from(unknown).kind, ErrorKind::NotFound);
    let run = begin(&worker, TWO).await;
    worker.jobs.delete(&run.job.id).await.unwrap();
    worker.invitations.run().await;
    let after = worker.invitations.get(&run.id).await.unwrap();
    assert_eq!((after.refused(), after.is_finished(), sessions(&world).await), (2, true, 0));
    world.clock.advance_s(30 * 86_400);
    assert_eq!(AppError::from(worker.invitations.get(&run.id).await.unwrap_err()).kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_key_begins_one_list() {
    let world = World::shared();
    let workers = [world.worker().await, world.worker().await];
    let job = job(&workers[0]).await;
    let key = OnceKey::new("owner", "key").unwrap();
    let begin =
        async |number: usize| workers[number % 2].invitations.begin_once(Some(&key), &job.id, TWO).await.unwrap();
    let begun = join_all((0..8).map(begin)).await;
    assert!(begun.iter().all(|run| *run == begun[0]));
    workers[0].invitations.run().await;
    assert_eq!((begin(1).await.invited(), sessions(&world).await), (2, 2), "as far as it is");
    workers[0].jobs.delete(&job.id).await.unwrap();
    assert_eq!(begin(1).await.invited(), 2, "what was begun does not depend on its job any more");
    let other = workers[0].invitations.begin_once(Some(&key), &job.id, "Ada,ada@example.org").await.unwrap_err();
    assert_eq!(AppError::from(other).kind, ErrorKind::Unprocessable);
}
