//! Logs: what is taken, kept, gone on with, told, and found out.

use proctor::{
    policy::{Kind, Severity},
    signal::{Entry, Signal, Stage, What},
    wire::{Beginning, Down, Open, Up},
};

use super::{
    NOBODY, ONE, Reporting, begin, consented, consented_to, jpeg, kinds, read_again, reporting, waiting, welcome,
};
use crate::{
    model::{NewInterview, SessionId},
    service::{
        AppState,
        fakes::{self, World},
        proctoring::{Line, Part},
    },
};

fn acknowledged(downs: &[Down]) -> Option<u32> {
    downs.iter().find_map(|down| match down {
        Down::Ack { next_seq, .. } => Some(*next_seq),
        _ => None,
    })
}

#[tokio::test]
async fn an_empty_chair_is_a_violation_with_pictures() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 4, ONE).await;
    assert_eq!(page.session(&worker).await.violations_count, 0);
    let downs = page.looks(&world, 8, NOBODY).await;
    let wanted = downs.iter().find_map(|down| match down {
        Down::WantEvidence { violation } => Some(*violation),
        _ => None,
    });
    let wanted = wanted.expect("pictures are asked for");
    page.sends_last(wanted, &[0, 1]).await;
    page.looks(&world, 4, ONE).await;

    let session = page.session(&worker).await;
    assert_eq!(kinds(&session), [(Kind::NoFace, Severity::Medium)]);
    assert_eq!(session.violations_count, 1);
    let violation = &session.proctoring.as_ref().unwrap().violations[0];
    assert!(violation.to.is_some(), "it is over");
    assert_eq!(violation.stills.len(), 2);
    assert_eq!(worker.proctor.still(id, violation.key, 1).await.unwrap(), Some(jpeg(1)));

    let unasked = proctor::policy::ViolationId { from_ms: 1, kind: Kind::Copy };
    page.sends_last(unasked, &[9]).await;
    assert_eq!(world.blobs.count(id, "still/"), 2, "what nobody asked for is not kept");
}

#[tokio::test]
async fn another_worker_goes_on_where_the_first_died() {
    let world = World::shared();
    let first = world.worker().await;
    let id = consented(&first).await;
    begin(&first, id).await;
    let mut page = Reporting::of(&first, id).await;
    page.looks(&world, 12, ONE).await;
    // The last ones are not acknowledged when the worker dies.
    page.looks(&world, 4, NOBODY).await;
    page.at_ms += 500;
    page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(NOBODY) });
    page.send().await;
    let second = world.worker().await;
    let mut watcher = second.proctor.watcher(id);
    let open = Up::Open(Open::Resume(page.welcome.log)).encode().unwrap();
    let again = welcome(watcher.hear(&open).await);
    assert_eq!((again.log, again.nonce), (page.welcome.log, page.welcome.nonce));
    assert!(again.next_seq > 0, "what was acknowledged is known");
    page.writer.agree(again.next_seq, again.head).expect("it fits the page's log");
    let rest: Vec<_> = page.writer.resend_from(again.next_seq).unwrap().map(<[u8]>::to_vec).collect();
    assert!(!rest.is_empty());
    for batch in rest {
        watcher.hear(&Up::Batch(batch).encode().unwrap()).await;
    }
    page.watcher = watcher;
    page.looks(&world, 4, NOBODY).await;
    page.looks(&world, 3, ONE).await;
    assert_eq!(kinds(&*page.session(&second).await), [(Kind::NoFace, Severity::Medium)]);

    page.watcher.leave().await;
    let replay = read_again(&second, id).await;
    assert!(replay.whole && replay.logs == 1, "{replay:?}");
    assert_eq!(replay.violations.len(), 1, "the stored log leads to the same verdict");
}

#[tokio::test]
async fn a_worker_that_was_taken_over_keeps_nothing_more() {
    let world = World::shared();
    let (first, second) = (world.worker().await, world.worker().await);
    let id = consented(&first).await;
    begin(&first, id).await;
    let mut page = Reporting::of(&first, id).await;
    let mut watcher = second.proctor.watcher(id);
    watcher.hear(&Up::Open(Open::Resume(page.welcome.log)).encode().unwrap()).await;
    page.signal(Signal::Printed);
    assert_eq!(page.send().await, [Down::OpenAgain]);
}

#[tokio::test]
async fn every_manipulation_of_a_log_is_found() {
    type Lie = fn(&mut Vec<Vec<u8>>);
    let lies: [(&str, Lie); 4] = [
        ("edited", |batches| {
            let last = batches[1].len() - 1;
            batches[1][last] ^= 1;
        }),
        ("left out", |batches| drop(batches.remove(1))),
        ("swapped", |batches| batches.swap(1, 2)),
        ("forged", |batches| batches[1] = vec![7; 40]),
    ];
    for (name, lie) in lies {
        let (world, worker, mut page) = reporting().await;
        let mut batches = Vec::new();
        for _ in 0..4 {
            page.at_ms += 500;
            page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(ONE) });
            batches.extend(page.writer.cut().map(<[u8]>::to_vec));
        }
        world.clock.advance_s(2);
        lie(&mut batches);
        let mut downs = Vec::new();
        for batch in batches {
            downs.extend(page.watcher.hear(&Up::Batch(batch).encode().unwrap()).await);
        }
        let session = page.session(&worker).await;
        assert!(kinds(&session).contains(&(Kind::Tampering, Severity::High)), "{name}: {:?}", kinds(&session));
        assert!(downs.iter().any(|down| matches!(down, Down::BeginAnew { .. })), "{name}");
        let detail = session.proctoring.as_ref().unwrap().violations[0].detail.clone();
        assert!(detail.is_some_and(|detail| !detail.is_empty()), "{name}");
    }
}

#[tokio::test]
async fn a_repeated_batch_is_no_lie() {
    let (world, worker, mut page) = reporting().await;
    page.at_ms += 500;
    page.writer.append(&Entry { at_ms: 500, what: What::Look(ONE) });
    let batch = page.writer.cut().unwrap().to_vec();
    world.clock.advance_s(1);
    for _ in 0..3 {
        page.say(Up::Batch(batch.clone())).await;
    }
    assert_eq!(kinds(&*page.session(&worker).await), []);
}

#[tokio::test]
async fn nothing_is_taken_before_consent_or_where_nobody_watches() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let unwatched = NewInterview { proctored: Some(false), ..fakes::wish(1) };
    let without_consent = fakes::create(&worker, 1).await;
    let without_proctoring = consented_to(&worker, unwatched).await;
    for id in [without_consent, without_proctoring] {
        let mut watcher = worker.proctor.watcher(id);
        let open = Up::Open(Open::New(Beginning::NoJournal)).encode().unwrap();
        assert_eq!(watcher.hear(&open).await, []);
        watcher.hear(&Up::Reference { jpeg: jpeg(1) }.encode().unwrap()).await;
        assert_eq!(world.blobs.count(id, ""), 0);
    }
}

#[tokio::test]
async fn what_was_taken_survives_a_store_that_is_down_and_is_acknowledged_later() {
    let (world, worker, mut page) = reporting().await;
    world.blobs.fail(true);
    let downs = page.looks(&world, 15, ONE).await;
    assert_eq!(acknowledged(&downs), None);
    world.blobs.fail(false);
    let downs = page.looks(&world, 1, ONE).await;
    assert_eq!(acknowledged(&downs), Some(16));
    assert_eq!(kinds(&*page.session(&worker).await), []);
}

async fn told(worker: &AppState, id: SessionId) -> Vec<Line> {
    let session = worker.sessions.get(id).await.unwrap();
    let mut telling = worker.proctor.telling(&session).await.unwrap();
    let mut all = Vec::new();
    while let Some(part) = worker.proctor.next_part(&mut telling).await.unwrap() {
        match part {
            Part::Lines(lines) => all.extend(lines),
            Part::Unreadable => panic!("it is whole"),
        }
    }
    all
}

#[tokio::test]
async fn a_log_is_told_entry_by_entry_over_all_its_logs() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    let began_at = page.session(&worker).await.proctoring.as_ref().unwrap().began_at.unwrap();
    page.looks(&world, 12, ONE).await;
    page.watcher.leave().await;
    world.clock.advance_s(8);
    // A page without its journal.
    let mut page = Reporting::of(&worker, id).await;
    page.looks(&world, 1, NOBODY).await;
    page.watcher.leave().await;
    let lines = told(&worker, id).await;
    let stages = lines.iter().filter(|line| line.what == What::Signal(Signal::Stage(Stage::Interview))).count();
    assert_eq!((lines.len(), stages), (28, 2), "24 looks and 2, and what each log begins with");
    let at = |line: &Line| line.at.since(began_at);
    assert_eq!((at(&lines[0]), lines[1].what, at(&lines[1])), (0, What::Look(ONE), 500));
    assert_eq!((lines[27].what, at(&lines[27])), (What::Look(NOBODY), 21_000));
    worker.vault.erase(id).await.unwrap();
    assert_eq!(told(&worker, id).await, []);
}

#[tokio::test]
async fn a_log_that_says_the_interview_is_over_silences_nothing() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.signal(Signal::Stage(Stage::Ended));
    page.looks(&world, 15, NOBODY).await;
    let found = kinds(&*page.session(&worker).await);
    assert_eq!(found, [(Kind::NoFace, Severity::Medium)], "a page may take a moment");
    page.looks(&world, 30, ONE).await;
    let found = kinds(&*page.session(&worker).await);
    assert!(found.contains(&(Kind::Tampering, Severity::High)), "{found:?}");
    page.watcher.leave().await;
    let replay = read_again(&worker, id).await;
    assert!(replay.whole && replay.violations.len() == found.len(), "{replay:?}");
}

#[tokio::test]
async fn looks_of_the_device_check_deny_nothing() {
    let (world, worker, mut page) = waiting().await;
    let id = page.id;
    page.looks(&world, 5, ONE).await;
    begin(&worker, id).await;
    let session = page.session(&worker).await;
    page.watcher.follow(&session);
    for _ in 0..40 {
        world.clock.advance_s(1);
        page.watcher.tick().await;
    }
    let found = kinds(&*page.session(&worker).await);
    // It answers no check either, if there was one.
    let told: Vec<_> = found.into_iter().filter(|(kind, _)| *kind != Kind::Contradiction).collect();
    assert_eq!(told, [(Kind::Unwatched, Severity::Medium)], "whose worker died says nothing, and no lie");
}
