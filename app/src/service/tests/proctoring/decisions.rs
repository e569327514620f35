//! What follows from violations, by policy and by people.

use proctor::policy::Severity;

use super::{NOBODY, ONE, Reporting, begin, consented_to, reporting};
use crate::{
    model::{Decision, EndReason, NewInterview, Status},
    service::{
        fakes::{self, World},
        proctoring::NewReview,
        tests::page::invite,
    },
};

#[tokio::test]
async fn a_policy_may_end_the_interview() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let policy = serde_json::json!({"terminate_after": 1, "terminate_severity": "medium"});
    let mut job: crate::model::NewJob = serde_json::from_value(serde_json::json!({
        "title": "Strict", "questions": [{"text": "Why?"}],
    }))
    .unwrap();
    job.proctoring.policy = policy;
    let job = worker.jobs.create(job).await.unwrap();
    let wish = NewInterview { job_id: Some(job.id), questions: vec![], ..fakes::wish(1) };
    let id = consented_to(&worker, wish).await;
    begin(&worker, id).await;
    let mut page = Reporting::of(&worker, id).await;
    page.looks(&world, 9, NOBODY).await;
    let session = page.session(&worker).await;
    assert_eq!((session.status, session.end_reason), (Status::Completed, Some(EndReason::TooManyViolations)));
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
