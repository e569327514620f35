//! What goes wrong with proctoring is noted, and never ends an interview's channel.

use futures::FutureExt as _;
use proctor::{
    policy::{Kind, Severity},
    wire::{Down, Open, Up, VERSION},
};

use super::{
    eventually,
    proctoring::{NOBODY, ONE, Reporting, begin, consented, kinds, read_again, reconnect, reporting, reporting_in},
    untrusted::connected,
};
use crate::{
    interview::Command,
    model::{Actor, Decision, FaultKind, Proctoring, Session},
    ports::RecordKind,
    service::{fakes::World, proctoring::NewReview},
};

fn faults(session: &Session) -> Vec<FaultKind> {
    session.proctoring.as_ref().unwrap().faults.iter().map(|fault| fault.why).collect()
}

#[tokio::test]
async fn a_log_that_cannot_be_read_is_noted_and_the_page_goes_on_without() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 12, ONE).await;
    page.watcher.leave().await;
    let last = worker.vault.names(id, "log/").await.unwrap().pop().unwrap();
    world.blobs.remove(id, &last);
    worker.vault.keep(id, &last, b"something else").await.unwrap();
    for _ in 0..3 {
        page.watcher = worker.proctor.watcher(id);
        page.watcher.follow(&worker.sessions.get(id).await.unwrap());
        assert_eq!(page.say(Up::Open(Open::Resume(page.welcome.log))).await, []);
        assert_eq!(page.looks(&world, 30, ONE).await, []);
        page.watcher.leave().await;
    }
    let session = page.session(&worker).await;
    assert_eq!(faults(&session), [FaultKind::Unreadable]);
    assert_eq!(kinds(&session), [], "and nothing is held against anybody");
}

#[tokio::test]
async fn a_key_that_cannot_be_read_is_noted_and_the_page_goes_on_without() {
    let world = World::shared();
    let (_worker, mut page) = reporting_in(&world).await;
    let id = page.id;
    page.watcher.leave().await;
    world.store.overwrite(RecordKind::VaultKey, &id.to_string(), "spoiled");
    let other = world.worker().await;
    page.watcher = other.proctor.watcher(id);
    assert_eq!(page.say(Up::Open(Open::Resume(page.welcome.log))).await, []);
    assert_eq!(faults(&*page.session(&other).await), [FaultKind::Unreadable]);
}

#[tokio::test]
async fn a_policy_that_is_none_any_more_is_noted_and_the_page_goes_on_without() {
    let world = World::shared();
    let (worker, mut page) = reporting_in(&world).await;
    let id = page.id;
    page.watcher.leave().await;
    world.store.change(id, |session| {
        session.proctoring.as_mut().unwrap().rules.policy = serde_json::json!({"rules": {"telepathy": {}}});
    });
    page.watcher = worker.proctor.watcher(id);
    assert_eq!(page.say(Up::Open(Open::Resume(page.welcome.log))).await, []);
    assert_eq!(faults(&*page.session(&worker).await), [FaultKind::Policy]);
}

#[tokio::test]
async fn a_page_of_another_version_is_told_and_not_accused() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented(&worker).await;
    begin(&worker, id).await;
    let mut watcher = worker.proctor.watcher(id);
    watcher.follow(&worker.sessions.get(id).await.unwrap());
    for _ in 0..60 {
        let told = watcher.hear(&[VERSION - 1, 0, 1, 0]).await;
        assert!(told.iter().all(|down| down.encode().is_ok_and(|bytes| bytes[0] == VERSION)) && !told.is_empty());
        world.clock.advance_s(2);
        watcher.tick().await;
    }
    watcher.leave().await;
    let session = worker.sessions.get(id).await.unwrap();
    assert_eq!((faults(&session), kinds(&session)), (vec![FaultKind::OtherVersion], vec![]));
}

#[tokio::test]
async fn who_sends_far_too_much_is_found_once_and_stays_connected() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    let before = world.blobs.size(id);
    for _ in 0..40 {
        page.say(Up::Batch(vec![7; 32 * 1024])).await;
    }
    let session = page.session(&worker).await;
    let detail = session.proctoring.as_ref().unwrap().violations[0].detail.clone();
    assert_eq!((kinds(&session).len(), detail.as_deref()), (1, Some("the page sent far more than pages do")));
    assert!(world.blobs.size(id) - before < 64 * 1024, "{}", world.blobs.size(id) - before);
    world.clock.advance_s(200);
    page.at_ms += 200_000;
    let downs = page.looks(&world, 12, ONE).await;
    assert!(downs.iter().any(|down| matches!(down, Down::Ack { next_seq: 1.., .. })), "it is heard again");
}

#[tokio::test]
async fn neither_openings_nor_nonsense_fill_the_store() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    for number in 0..2_000 {
        if number % 7 == 0 {
            page.watcher.leave().await;
            page.watcher = worker.proctor.watcher(id);
        }
        page.say(Up::Open(Open::New(proctor::wire::Beginning::NoJournal))).await;
        page.watcher.hear(&[VERSION, 255, 255]).await;
    }
    assert!(world.blobs.size(id) < 2 * 1024 * 1024, "{}", world.blobs.size(id));
    assert!(read_again(&worker, id).await.whole);
}

#[tokio::test]
async fn connections_that_say_nothing_do_not_fill_the_store() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.watcher.leave().await;
    for _ in 0..2_000 {
        connected(&worker, id).await.leave().await;
    }
    assert!(world.blobs.count(id, "log/") < 300, "{}", world.blobs.count(id, "log/"));
    assert_eq!(kinds(&*page.session(&worker).await), [(Kind::Tampering, Severity::High)], "and that is found once");
    let again = read_again(&worker, id).await;
    assert!(again.whole && again.leads_to(page.session(&worker).await.proctoring.as_ref().unwrap()), "{again:?}");
}

#[tokio::test]
async fn the_end_of_a_log_outlives_a_store_that_is_down() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 3, ONE).await;
    world.blobs.fail(true);
    page.looks(&world, 8, NOBODY).await;
    worker.sessions.step(id, &Command::End { by: Actor::Admin }).await.unwrap();
    let session = page.session(&worker).await;
    page.watcher.follow(&session);
    page.watcher.tick().await;
    page.watcher.leave().await;
    worker.proctor.keep_late().await;
    assert_eq!(kinds(&*page.session(&worker).await), []);
    world.blobs.fail(false);
    worker.proctor.keep_late().await;
    let session = page.session(&worker).await;
    assert_eq!(kinds(&session).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Kind::NoFace]);
    let again = read_again(&worker, id).await;
    assert!(again.whole && again.leads_to(session.proctoring.as_ref().unwrap()), "{again:?}");
}

#[tokio::test]
async fn who_keeps_ends_of_logs_last_waits_for_all_that_others_are_at() {
    let (world, worker, mut page) = reporting().await;
    page.looks(&world, 8, NOBODY).await;
    world.blobs.fail(true);
    page.looks(&world, 3, ONE).await;
    page.watcher.leave().await;
    world.blobs.fail(false);
    let chunks = world.blobs.count(page.id, "log/");
    world.blobs.hold(true);
    let chore = worker.proctor.clone();
    let chore = tokio::spawn(async move { chore.keep_late().await });
    eventually("an end is kept", || world.blobs.waiting() == 1).await;
    let mut last = Box::pin(worker.proctor.keep_late());
    assert!((&mut last).now_or_never().is_none(), "a chore took it out, and is not done");
    world.blobs.hold(false);
    last.await;
    assert_eq!(world.blobs.count(page.id, "log/"), chunks + 1);
    chore.await.unwrap();
}

#[tokio::test]
async fn a_store_whose_word_got_lost_costs_neither_the_channel_nor_the_log() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 8, ONE).await;
    world.blobs.lose_answer("log/");
    let mut downs = page.looks(&world, 12, NOBODY).await;
    assert!(downs.contains(&Down::OpenAgain), "{downs:?}");
    reconnect(&mut page, &worker).await;
    downs = page.looks(&world, 12, ONE).await;
    assert!(!downs.contains(&Down::OpenAgain));
    page.watcher.leave().await;
    let session = page.session(&worker).await;
    let again = read_again(&worker, id).await;
    assert!(again.whole && again.logs == 1 && again.leads_to(session.proctoring.as_ref().unwrap()), "{again:?}");
    assert_eq!(kinds(&session).iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), [Kind::NoFace]);
}

#[tokio::test]
async fn an_opening_waits_for_a_store_that_is_down() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 3, ONE).await;
    page.watcher.leave().await;
    page.watcher = worker.proctor.watcher(id);
    world.blobs.fail(true);
    assert_eq!(page.say(Up::Open(Open::Resume(page.welcome.log))).await, []);
    world.clock.advance_s(2);
    assert_eq!(page.watcher.tick().await, []);
    world.blobs.fail(false);
    world.clock.advance_s(2);
    let downs = page.watcher.tick().await;
    assert!(matches!(&downs[..], [Down::Welcome(welcome), ..] if welcome.log == page.welcome.log), "{downs:?}");
}

#[tokio::test]
async fn what_is_recorded_anew_after_an_erasure_stands_beside_what_was_found_before() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 8, NOBODY).await;
    page.looks(&world, 3, ONE).await;
    page.watcher.leave().await;
    let key = page.session(&worker).await.proctoring.as_ref().unwrap().violations[0].key;
    let by = "ada@example.org".to_owned();
    let review = NewReview { violation: key, decision: Decision::Confirmed, reason: String::new(), by };
    worker.proctor.review(id, review.clone()).await.unwrap();
    world.clock.advance_s(31 * 86_400);
    worker.proctor.erase_due().await;

    let mut page = Reporting::of(&worker, id).await;
    page.looks(&world, 8, NOBODY).await;
    page.looks(&world, 3, ONE).await;
    page.watcher.leave().await;
    let session = page.session(&worker).await;
    let kept = session.proctoring.as_ref().unwrap();
    let decided =
        |kept: &Proctoring| kept.violations.iter().map(|it| (it.key, it.review.is_some())).collect::<Vec<_>>();
    assert_eq!(decided(kept), [(key, true), (key, false)], "of the same name, and not the same");
    let again = read_again(&worker, id).await;
    assert!(again.whole && again.leads_to(kept), "{again:?}");
    let session = worker.proctor.review(id, review).await.unwrap();
    assert_eq!(decided(session.proctoring.as_ref().unwrap()), [(key, true), (key, true)]);
}
