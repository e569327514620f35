//! What follows from violations, by policy and by people.

use proctor::{
    policy::{Kind, Severity},
    signal::{Entry, Signal, What},
    wire::{Beginning, Open, Up},
};

use super::{NOBODY, ONE, kinds, reconnect, reporting, reporting_by};
use crate::{
    model::{Decision, EndReason, Status},
    service::{proctoring::NewReview, tests::page::invite},
};

#[tokio::test]
async fn a_browser_that_cannot_share_a_screen_is_noted_with_its_reason() {
    let (world, worker, mut page) = reporting_by(serde_json::json!({"share_screen": true})).await;
    page.signal(Signal::ShareImpossible);
    page.looks(&world, 150, ONE).await;
    let shares = kinds(&*page.session(&worker).await).into_iter().filter(|(kind, _)| *kind == Kind::ShareEnded);
    assert_eq!(shares.collect::<Vec<_>>(), [(Kind::ShareEnded, Severity::Info)]);
    // Another log knows nothing of it.
    page.say(Up::Open(Open::New(Beginning::NoJournal))).await;
    let session = page.session(&worker).await;
    let mut violations = session.proctoring.as_ref().unwrap().violations.iter();
    let noted = violations.find(|violation| violation.key.kind == Kind::ShareEnded).unwrap();
    assert!(noted.to.is_some() && noted.detail.as_deref().is_some_and(|why| why.contains("cannot share")), "{noted:?}");
}

#[tokio::test]
async fn a_policy_may_end_the_interview() {
    let policy = serde_json::json!({"terminate_after": 1, "terminate_severity": "medium"});
    let (world, worker, mut page) = reporting_by(policy).await;
    page.looks(&world, 9, NOBODY).await;
    let session = page.session(&worker).await;
    assert_eq!((session.status, session.end_reason), (Status::Completed, Some(EndReason::TooManyViolations)));
}

/// Whether what ended it got lost after its last flag was durable, with the store's word or with the worker.
#[tokio::test]
async fn a_policy_ends_the_interview_though_the_worker_died_before_it_did() {
    for worker_dies in [false, true] {
        let policy = serde_json::json!({"terminate_after": 1, "terminate_severity": "medium"});
        let (world, worker, mut page) = reporting_by(policy).await;
        let id = page.id;
        page.looks(&world, 3, NOBODY).await;
        let chunks = world.blobs.count(id, "log/");
        world.blobs.lose_answer("log/");
        for _ in 0..9 {
            page.at_ms += 1_000;
            page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(NOBODY) });
            world.clock.advance_s(1);
            page.send().await;
            if world.blobs.count(id, "log/") > chunks {
                break;
            }
        }
        assert_eq!(page.session(&worker).await.status, Status::InProgress);
        if worker_dies {
            reconnect(&mut page, &worker).await;
        } else {
            page.watcher.tick().await;
        }
        let session = page.session(&worker).await;
        let ended = (session.status, session.end_reason);
        assert_eq!(ended, (Status::Completed, Some(EndReason::TooManyViolations)), "dies: {worker_dies}");
    }
}

#[tokio::test]
async fn people_decide_and_candidates_have_a_word() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 8, NOBODY).await;
    page.looks(&world, 3, ONE).await;
    let key = page.session(&worker).await.proctoring.as_ref().unwrap().violations[0].key;
    let decide = |decision, reason: &str| NewReview {
        violation: key,
        decision,
        reason: reason.into(),
        by: "ada@example.org".into(),
    };
    let refused = worker.proctor.review(id, decide(Decision::Dismissed, " ")).await.unwrap_err();
    assert!(refused.detail.contains("why"), "{}", refused.detail);
    worker.proctor.explain(&invite(&worker, id), key, "I picked up my pen.").await.unwrap();
    let session = worker.proctor.review(id, decide(Decision::Dismissed, "A pen fell down.")).await.unwrap();
    assert_eq!(session.violations_count, 0);
    let violation = &session.proctoring.as_ref().unwrap().violations[0];
    assert_eq!(violation.note.as_deref(), Some("I picked up my pen."));
    let session = worker.proctor.review(id, decide(Decision::Confirmed, "")).await.unwrap();
    assert_eq!(session.violations_count, 1, "a decision can be changed");
}

#[tokio::test]
async fn what_becomes_graver_after_a_decision_waits_for_another_one() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 8, NOBODY).await;
    let key = page.session(&worker).await.proctoring.as_ref().unwrap().violations[0].key;
    let by = "ada@example.org".to_owned();
    let dismissed =
        NewReview { violation: key, decision: Decision::Dismissed, reason: "A pen.".into(), by: by.clone() };
    worker.proctor.review(id, dismissed).await.unwrap();
    page.looks(&world, 10, NOBODY).await;
    assert_eq!(page.session(&worker).await.undecided().count, 0, "it only went on");
    page.looks(&world, 15, NOBODY).await;
    let session = page.session(&worker).await;
    let violation = session.proctoring.as_ref().unwrap().violations[0].clone();
    assert_eq!((violation.severity, violation.review), (Severity::High, None));
    assert_eq!(violation.earlier_reviews.iter().map(|it| it.reason.as_str()).collect::<Vec<_>>(), ["A pen."]);
    assert_eq!((session.undecided().count, session.violations_count), (1, 1));
    let dismissed = NewReview { violation: key, decision: Decision::Dismissed, reason: "A big pen.".into(), by };
    worker.proctor.review(id, dismissed).await.unwrap();
    page.looks(&world, 5, ONE).await;
    let session = page.session(&worker).await;
    assert_eq!((session.undecided().count, session.violations_count), (0, 0), "its end changes nothing");
}
