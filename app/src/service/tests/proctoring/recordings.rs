//! How long recordings are kept, and under which key.

use uuid::Uuid;

use super::{ONE, Reporting, begin, consented, waiting};
use crate::{
    interview::Command,
    model::{SessionId, Status},
    ports::{Clock, MasterKey, RecordKind},
    service::{
        Vault,
        fakes::World,
        leases::Leases,
        proctoring::{LogState, Replay},
    },
};

#[tokio::test]
async fn recordings_go_with_the_session_and_after_their_time() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let (kept, deleted) = (consented(&worker).await, consented(&worker).await);
    for id in [kept, deleted] {
        begin(&worker, id).await;
        let mut page = Reporting::of(&worker, id).await;
        page.looks(&world, 12, ONE).await;
        page.watcher.leave().await;
        assert!(world.blobs.count(id, "") > 0);
    }
    worker.delete_session(deleted).await.unwrap();
    assert_eq!(world.blobs.count(deleted, ""), 0);

    world.clock.advance_s(20 * 86_400);
    worker.sessions.step(kept, &Command::End { by: crate::model::Actor::Admin }).await.unwrap();
    world.clock.advance_s(29 * 86_400);
    worker.proctor.erase_due().await;
    assert!(world.blobs.count(kept, "") > 0, "not yet");
    world.clock.advance_s(2 * 86_400);
    worker.proctor.erase_due().await;
    assert_eq!(world.blobs.count(kept, ""), 0);
    let session = worker.sessions.get(kept).await.unwrap();
    assert!(session.proctoring.as_ref().unwrap().erased_at.is_some());
    assert_eq!(worker.proctor.log(kept, std::time::Duration::from_secs(9)).await.unwrap(), LogState::None);
}

#[tokio::test]
async fn recordings_of_an_interview_that_never_ends_are_erased_after_the_last_activity() {
    let (world, worker, mut page) = waiting().await;
    let id = page.id;
    page.refers_to(0).await;
    page.watcher.leave().await;
    world.clock.advance_s(20 * 86_400);
    begin(&worker, id).await;
    world.clock.advance_s(20 * 86_400);
    worker.proctor.erase_due().await;
    assert!(world.blobs.count(id, "reference/") > 0, "the candidate was here 20 days ago");
    world.clock.advance_s(11 * 86_400);
    worker.proctor.erase_due().await;
    assert_eq!(world.blobs.count(id, ""), 0);
    let session = worker.sessions.get(id).await.unwrap();
    assert_eq!(session.status, Status::InProgress);
    assert!(session.proctoring.as_ref().unwrap().erased_at.is_some());

    // Whoever comes back after that is watched as ever, and what is recorded then is erased in its turn.
    let mut page = Reporting::of(&worker, id).await;
    page.looks(&world, 12, ONE).await;
    page.watcher.leave().await;
    let kept = page.session(&worker).await.proctoring.clone().unwrap();
    assert_eq!((kept.erased_at, kept.reference_at), (None, None));
    let log = worker.proctor.log(id, std::time::Duration::from_secs(9)).await.unwrap();
    assert!(matches!(log, LogState::Read(Replay { whole: true, entries: 21.., .. })), "{log:?}");
    world.clock.advance_s(31 * 86_400);
    worker.proctor.erase_due().await;
    assert_eq!(world.blobs.count(id, ""), 0);
}

#[tokio::test]
async fn recordings_that_cannot_be_erased_keep_no_others() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let id = consented(&worker).await;
        let mut page = Reporting::of(&worker, id).await;
        page.refers_to(0).await;
        page.watcher.leave().await;
        ids.push(id);
        world.clock.advance_s(1);
    }
    world.clock.advance_s(31 * 86_400);
    let left = || ids.iter().map(|id| world.blobs.count(*id, "reference/")).collect::<Vec<_>>();
    world.blobs.stick(Some(ids[0]));
    worker.proctor.erase_due().await;
    assert_eq!(left(), [1, 0, 0]);
    world.blobs.stick(None);
    world.clock.advance_s(3_601);
    worker.proctor.erase_due().await;
    assert_eq!(left(), [0, 0, 0], "it is tried again");
}

fn due(world: &World) -> usize {
    world.store.records().into_iter().filter(|(kind, _)| *kind == RecordKind::DueErasure).count()
}

fn make_due(world: &World, at_ms: i64, id: u128) {
    let id = Uuid::from_u128(id);
    world.store.overwrite(RecordKind::DueErasure, &format!("{at_ms:016}:{id}"), &format!("\"{id}\""));
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_stood_still_leaves_the_rest_to_its_successor() {
    let world = World::shared();
    let worker = world.worker().await;
    let now = world.clock.now().0;
    (0..250).for_each(|number| make_due(&world, now, number));
    let mut erasing = Box::pin(worker.proctor.erase_due());
    while due(&world) == 250 {
        assert!(futures::poll!(&mut erasing).is_pending());
    }
    world.clock.advance_s(10);
    let leases = Leases::new(world.store.clone(), world.clock.clone());
    let _successor = leases.take("erasure").await.unwrap().expect("the lease has ended");
    // By then the late one has tried to renew it.
    tokio::time::sleep(std::time::Duration::from_secs(4)).await;
    erasing.await;
    assert!(due(&world) > 245, "{} are left", due(&world));
}

#[tokio::test]
async fn whatever_is_due_is_erased_in_one_go() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let now = world.clock.now().0;
    (0..250).for_each(|number| make_due(&world, now, number));
    make_due(&world, now + 1, 250);
    world.store.overwrite(RecordKind::DueErasure, "0000000000000001:", "later version");
    worker.proctor.erase_due().await;
    assert_eq!(due(&world), 2, "what is not due yet, and what cannot be read");
    world.clock.advance_s(1);
    worker.proctor.erase_due().await;
    assert_eq!(due(&world), 1);
}

#[tokio::test]
async fn a_worker_with_another_master_key_does_not_start() {
    let world = World::shared();
    let _first = world.worker().await;
    assert!(world.worker_with_key([8; 32]).await.is_err());
}

#[tokio::test]
async fn recordings_whose_master_key_is_lost_can_be_given_up() {
    let world = World::shared();
    let id = SessionId(Uuid::from_u128(1));
    let [lost, new] = [MasterKey([7; 32]), MasterKey([8; 32])];
    let records = world.store.as_ref();
    assert!(Vault::is_opened_by(None, records).await.unwrap(), "there is nothing yet");
    let worker = world.worker().await;
    worker.vault.prepare(id).await.unwrap();
    worker.vault.keep(id, "face", b"picture").await.unwrap();
    assert!(Vault::is_opened_by(Some(&lost), records).await.unwrap());
    for other in [Some(&new), None] {
        assert!(!Vault::is_opened_by(other, records).await.unwrap());
    }
    drop(worker);
    Vault::give_up(records).await.unwrap();
    let worker = world.worker_with_key(new.0).await.unwrap();
    assert_eq!(worker.vault.read(id, "face").await.unwrap(), None);
    worker.vault.prepare(id).await.unwrap();
    assert!(worker.vault.keep(id, "another face", b"picture").await.unwrap());
}
