//! Spot checks, and who is to blame for what they show.

use proctor::{
    observation::{Look, Unclear},
    policy::{Kind, Severity},
};

use super::{NOBODY, ONE, begin, jpeg, kinds, reporting, waiting};
use crate::{
    ports::{Examined, Unexamined},
    service::reported_proctoring::recordings,
};

#[tokio::test]
async fn a_page_that_claims_somebody_in_an_empty_chair_is_found_out() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.shows(&world, ONE, 1).await;
    assert_eq!(kinds(&*page.session(&worker).await), [], "an honest page");
    world.examiner.see(Ok(Examined { look: NOBODY, print: vec![2], face: None }));
    page.shows(&world, ONE, 2).await;
    world.examiner.see(Ok(Examined { look: NOBODY, print: vec![3], face: None }));
    page.shows(&world, ONE, 3).await;
    let session = page.session(&worker).await;
    assert!(kinds(&session).contains(&(Kind::Contradiction, Severity::High)), "{:?}", kinds(&session));
    let violation = session.proctoring.as_ref().unwrap().violations.last().cloned().unwrap();
    assert!(violation.detail.unwrap().contains("nobody"));
    assert_eq!(worker.proctor.still(id, violation.key, 0).await.unwrap(), Some(jpeg(3)), "the picture is the evidence");
    let checks = worker.proctor.checks(id).await.unwrap();
    assert_eq!(checks.iter().map(|check| check.seen).collect::<Vec<_>>(), [Some(ONE), Some(NOBODY), Some(NOBODY)]);
    assert_eq!(worker.proctor.check_picture(id, checks[2].at_ms).await.unwrap(), Some(jpeg(3)));
}

#[tokio::test]
async fn a_picture_that_is_sent_again_and_somebody_else_are_found() {
    let (world, worker, mut page) = waiting().await;
    let id = page.id;
    page.refers_to(0).await;
    assert!(page.session(&worker).await.proctoring.as_ref().unwrap().reference_at.is_some());
    begin(&worker, id).await;
    let session = page.session(&worker).await;
    page.watcher.follow(&session);
    page.shows(&world, ONE, 1).await;
    page.shows(&world, ONE, 1).await;
    page.shows(&world, ONE, 1).await;
    let found = kinds(&*page.session(&worker).await);
    assert!(found.contains(&(Kind::Contradiction, Severity::High)), "{found:?}");
    for content in 5..8 {
        world.examiner.see(Ok(Examined { look: ONE, print: vec![content], face: Some(vec![2.0]) }));
        page.shows(&world, ONE, content).await;
    }
    let found = kinds(&*page.session(&worker).await);
    assert!(found.contains(&(Kind::AnotherPerson, Severity::High)), "{found:?}");
}

#[tokio::test]
async fn a_server_that_cannot_look_accuses_nobody() {
    for why in [Unexamined::Busy, Unexamined::Failed] {
        let (world, worker, mut page) = reporting().await;
        let id = page.id;
        world.examiner.see(Err(why));
        page.shows(&world, ONE, 1).await;
        let (kept, looked) =
            (worker.proctor.checks(id).await.unwrap().len(), worker.proctor.looked_at(id).await.unwrap());
        assert_eq!((kept, looked), (1, 0), "{why:?}");
        let reported = recordings(&worker.proctor, id).await.unwrap();
        assert_eq!((reported.spot_checks, reported.same_person), (0, 0), "{why:?}: as elsewhere");
        page.shows(&world, ONE, 2).await;
        page.shows(&world, Look::CannotTell(Unclear::TooDark), 3).await;
        let found = kinds(&*page.session(&worker).await);
        assert!(!found.iter().any(|(kind, _)| *kind == Kind::Contradiction), "{why:?}: {found:?}");
    }
}
