//! Pictures that pages send, over lines that are slow or break, to stores that are down now and then.

use proctor::{
    observation::Look,
    policy::Kind,
    wire::{Down, Still, Up},
};

use super::{
    proctoring::{NOBODY, ONE, Reporting, jpeg, jpeg_of, open_again, reporting, waiting},
    takeover::{is_written_to, long_over_two},
    untrusted::{comes_again, contradictions, passes, wanted},
};
use crate::{model::Violation, service::AppState};

async fn first(page: &Reporting, worker: &AppState) -> Violation {
    page.session(worker).await.proctoring.as_ref().unwrap().violations[0].clone()
}

#[tokio::test]
async fn pictures_come_one_by_one() {
    let (world, worker, mut page) = reporting().await;
    let asked = wanted(&page.looks(&world, 7, NOBODY).await)[0];
    for content in 0..5 {
        // A slow line: all of it takes longer than is waited for a single one.
        page.sends(asked, content).await;
        page.looks(&world, 15, NOBODY).await;
    }
    assert_eq!(first(&page, &worker).await.stills, []);
    page.sends_last(asked, &[5]).await;
    let violation = first(&page, &worker).await;
    assert_eq!((violation.stills.len(), violation.pictures_missing), (6, false));
    for number in 0..6 {
        let kept = worker.proctor.still(page.id, violation.key, number).await.unwrap();
        assert_eq!(kept, Some(jpeg(number)));
    }
    page.sends(asked, 6).await;
    assert_eq!(world.blobs.count(page.id, "still/"), 6, "what nobody waits for is not kept");
}

#[tokio::test]
async fn pictures_of_one_violation_after_the_other_are_asked_for() {
    let (world, _, mut page) = reporting().await;
    let first = wanted(&page.looks(&world, 7, NOBODY).await);
    assert_eq!(first.len(), 1);
    let several = Look::Clear { faces: 2, head: None };
    assert_eq!(wanted(&page.looks(&world, 5, several).await), []);
    let said = page.say(Up::Evidence { violation: first[0], stills: vec![] }).await;
    assert_eq!(wanted(&said).iter().map(|it| it.kind).collect::<Vec<_>>(), [Kind::SeveralFaces]);
    // Nothing comes: it is given up, and holds up no others.
    page.looks(&world, 32, ONE).await;
    assert_eq!(wanted(&page.looks(&world, 7, NOBODY).await).len(), 1);
}

#[tokio::test]
async fn pictures_over_which_connections_break_again_are_given_up() {
    let (world, worker, mut page) = reporting().await;
    let asked = wanted(&page.looks(&world, 7, NOBODY).await);
    assert_eq!(wanted(&comes_again(&worker, &mut page).await), asked);
    page.looks(&world, 3, NOBODY).await;
    assert_eq!(wanted(&comes_again(&worker, &mut page).await), [], "the line does not carry them");
    passes(&world, &mut page.watcher, 1).await;
    assert!(first(&page, &worker).await.pictures_missing);
}

#[tokio::test]
async fn pictures_that_came_before_the_connection_broke_are_kept() {
    let (world, worker, mut page) = reporting().await;
    let asked = wanted(&page.looks(&world, 7, NOBODY).await)[0];
    page.sends(asked, 0).await;
    comes_again(&worker, &mut page).await;
    // It begins with the first one again.
    page.sends(asked, 0).await;
    page.sends(asked, 1).await;
    comes_again(&worker, &mut page).await;
    passes(&world, &mut page.watcher, 1).await;
    let violation = first(&page, &worker).await;
    assert_eq!((violation.stills.len(), violation.pictures_missing), (2, false));
    let second = worker.proctor.still(page.id, violation.key, 1).await.unwrap();
    assert_eq!(second, Some(jpeg(1)));
}

#[tokio::test]
async fn pictures_that_the_store_did_not_take_are_asked_for_again() {
    for failing in [1, 4, 5] {
        let (world, worker, mut page) = reporting().await;
        let asked = wanted(&page.looks(&world, 7, NOBODY).await)[0];
        for content in 0..6 {
            world.blobs.fail(content == failing);
            if content < 5 {
                page.sends(asked, content).await
            } else {
                page.sends_last(asked, &[5]).await
            };
        }
        world.blobs.fail(false);
        assert_eq!(first(&page, &worker).await.stills, [], "{failing}");
        assert_eq!(wanted(&page.looks(&world, 2, NOBODY).await), [asked], "{failing}");
        for content in 0..5 {
            page.sends(asked, content).await;
        }
        page.sends_last(asked, &[5]).await;
        let violation = first(&page, &worker).await;
        assert_eq!((violation.stills.len(), violation.pictures_missing), (6, false), "{failing}");
        for number in 0..6 {
            let kept = worker.proctor.still(page.id, violation.key, number).await.unwrap();
            assert_eq!(kept, Some(jpeg(number)), "{failing}");
        }
    }
}

#[tokio::test]
async fn a_log_that_another_worker_wrote_to_gives_no_pictures_up() {
    let (world, workers, mut page) = long_over_two().await;
    let asked = wanted(&page.looks(&world, 7, NOBODY).await)[0];
    for _ in 0..3 {
        page.looks(&world, 11, NOBODY).await;
        is_written_to(&workers[1], page.id).await;
        assert!(page.looks(&world, 12, NOBODY).await.contains(&Down::OpenAgain));
        let downs = open_again(&mut page).await;
        assert!(wanted(&downs).contains(&asked), "{downs:?}");
    }
    page.sends_last(asked, &[0, 1]).await;
    let violation = first(&page, &workers[0]).await;
    assert_eq!((violation.stills.len(), violation.pictures_missing), (2, false));
}

#[tokio::test]
async fn a_face_that_the_store_did_not_take_is_asked_for_again() {
    let (world, worker, mut page) = waiting().await;
    page.looks(&world, 1, ONE).await;
    world.blobs.fail(true);
    assert_eq!(page.say(Up::Reference { jpeg: jpeg(1) }).await, [Down::ReferenceRefused]);
    world.blobs.fail(false);
    page.say(Up::Reference { jpeg: jpeg(1) }).await;
    tokio::task::yield_now().await;
    world.blobs.fail(true);
    assert!(page.watcher.tick().await.contains(&Down::ReferenceRefused));
    world.blobs.fail(false);
    page.refers_to(1).await;
    assert!(page.session(&worker).await.proctoring.as_ref().unwrap().reference_at.is_some());
}

#[tokio::test]
async fn what_has_more_pixels_than_pages_send_is_no_picture_and_nobody_looks_at_it() {
    let (world, worker, mut page) = reporting().await;
    let large = || jpeg_of(4096, 4096, &[1]);
    let nonce = page.asked(&world, ONE).await;
    page.say(Up::Frame { nonce, at_ms: page.at_ms, claim: Some(ONE), jpeg: large() }).await;
    let found = contradictions(&page, &worker).await;
    assert!(found.len() == 1 && found[0].1.contains("no picture"), "{found:?}");
    assert_eq!(page.say(Up::Reference { jpeg: large() }).await, [Down::ReferenceRefused]);
    let asked = wanted(&page.looks(&world, 7, NOBODY).await)[0];
    let stills = [large(), jpeg_of(360, 480, &[2])].map(|jpeg| Still { at_ms: page.at_ms, jpeg });
    page.say(Up::Evidence { violation: asked, stills: stills.into() }).await;
    assert_eq!(world.blobs.count(page.id, "still/"), 1);
    assert_eq!(world.examiner.looked(), 0);
}
