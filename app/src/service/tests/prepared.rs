//! Pages that are ready for every check, by what their logs say around it; and pages that look alike and are honest.

use proctor::{
    observation::{Look, Unclear},
    policy::{Kind, Severity},
    signal::{Entry, Signal, What},
    wire::{Beginning, Down, NoFrame, Open, Up},
};
use serde_json::json;

use super::{
    proctoring::{NOBODY, ONE, begin, consented, jpeg, kinds, reporting, reporting_by},
    untrusted::{DARK, comes_again, connected, contradictions, passes},
};
use crate::{ports::Examined, service::fakes::World};

/// Somebody else's look at the next picture.
fn sees(world: &World, look: Look, content: u8) {
    world.examiner.see(Ok(Examined { look, print: vec![content], face: None }));
}

const TWO: Look = Look::Clear { faces: 2, head: None };

#[tokio::test]
async fn whoever_shows_the_truth_in_checks_alone_is_found_out() {
    for (truth, claim) in [(NOBODY, NOBODY), (TWO, TWO), (TWO, Look::CannotTell(Unclear::Doubtful))] {
        let (world, worker, mut page) = reporting().await;
        for content in 0..11 {
            sees(&world, truth, content);
            let nonce = page.asked(&world, ONE).await;
            // The one look that a check makes stands in the log.
            page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(claim) });
            page.answers(nonce, claim, content).await;
            page.looks(&world, 7, ONE).await;
        }
        let found = contradictions(&page, &worker).await;
        assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
        let is_told = found.iter().any(|(_, what)| what.contains("never came to that"));
        assert!(is_told || claim != truth, "{found:?}");
    }
}

#[tokio::test]
async fn whoever_is_away_when_checks_come_and_says_so_is_not_accused() {
    let (world, worker, mut page) = reporting().await;
    // Away for long; or again and again for a moment, in which not every check meets nobody.
    for (content, lasts, is_away) in [
        (0, 9, true),
        (1, 9, true),
        (2, 9, true),
        (3, 9, true),
        (4, 3, true),
        (5, 3, true),
        (6, 3, false),
        (7, 3, true),
    ] {
        let look = if is_away { NOBODY } else { ONE };
        sees(&world, look, content);
        let nonce = page.asked(&world, ONE).await;
        page.looks(&world, 2, look).await;
        page.answers(nonce, look, content).await;
        page.looks(&world, lasts, look).await;
        page.looks(&world, 7, ONE).await;
    }
    assert_eq!(contradictions(&page, &worker).await, []);
}

#[tokio::test]
async fn a_job_that_lets_people_be_away_accuses_nobody_of_it() {
    let (world, worker, mut page) = reporting_by(
        json!({ "rules": { "no_face": { "warn_after_ms": null, "flag_after_ms": null, "escalate_after_ms": null } } }),
    )
    .await;
    for content in 0..11 {
        sees(&world, NOBODY, content);
        page.shows(&world, NOBODY, content).await;
    }
    assert_eq!(contradictions(&page, &worker).await, []);
}

#[tokio::test]
async fn a_page_that_is_hidden_for_no_time_whenever_it_is_asked_owes_pictures() {
    for (refuses, comes_back) in [(true, false), (false, false), (true, true)] {
        let (world, worker, mut page) = reporting().await;
        let mut asked = 0;
        page.signal(Signal::PageHidden);
        for _ in 0..300 {
            page.signal(Signal::PageShown);
            for _ in 0..4 {
                page.at_ms += 500;
                page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(ONE) });
            }
            page.signal(Signal::PageHidden);
            world.clock.advance_s(2);
            page.send().await;
            let mut downs = page.watcher.tick().await;
            if comes_back {
                world.clock.advance_s(2);
                page.at_ms += 2_000;
                downs.extend(comes_again(&worker, &mut page).await);
            }
            for down in downs {
                if let Down::ShowMe { nonce } = down {
                    asked += 1;
                    if refuses {
                        page.say(Up::Refused { nonce, why: NoFrame::NotReady }).await;
                    }
                }
            }
        }
        assert!(asked > 4, "{asked}");
        let found = contradictions(&page, &worker).await;
        assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
    }
}

#[tokio::test]
async fn a_room_that_is_dark_for_a_moment_whenever_it_is_asked_is_no_dark_room() {
    let (world, worker, mut page) = reporting().await;
    page.signal(Signal::LooksEvery { ms: 2_000 });
    let mut content = 0;
    for _ in 0..400 {
        for look in [ONE, DARK] {
            page.at_ms += 2_000;
            page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(look) });
        }
        world.clock.advance_s(4);
        page.send().await;
        for down in page.watcher.tick().await {
            if let Down::ShowMe { nonce } = down {
                content += 1;
                sees(&world, DARK, content);
                page.say(Up::Frame { nonce, at_ms: page.at_ms, claim: Some(DARK), jpeg: jpeg(content) }).await;
                tokio::task::yield_now().await;
            }
        }
    }
    assert!(content > 9, "{content}");
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
    assert!(found.iter().all(|(_, what)| what.contains("for a moment only")), "{found:?}");
    assert_eq!(kinds(&*page.session(&worker).await).iter().filter(|(kind, _)| *kind == Kind::TooDark).count(), 0);
}

#[tokio::test]
async fn a_camera_that_hangs_costs_what_that_costs_and_no_more() {
    let (world, worker, mut page) = reporting().await;
    let frozen = Look::CannotTell(Unclear::Frozen);
    page.looks(&world, 15, frozen).await;
    for _ in 0..4 {
        sees(&world, ONE, 7);
        let nonce = page.asked(&world, frozen).await;
        page.answers(nonce, ONE, 7).await;
        page.looks(&world, 7, frozen).await;
    }
    assert_eq!(contradictions(&page, &worker).await, []);
    let found = kinds(&*page.session(&worker).await);
    assert_eq!(found, [(Kind::Frozen, Severity::High)]);
}

#[tokio::test]
async fn a_line_that_breaks_before_the_log_has_told_of_a_check_contradicts_nothing() {
    let (world, worker, mut page) = reporting().await;
    for content in 0..4 {
        sees(&world, NOBODY, content);
        let nonce = page.asked(&world, ONE).await;
        page.at_ms += 800;
        page.answers(nonce, NOBODY, content).await;
        comes_again(&worker, &mut page).await;
        sees(&world, ONE, content + 10);
        page.shows(&world, ONE, content + 10).await;
    }
    assert_eq!(contradictions(&page, &worker).await, []);
}

#[tokio::test]
async fn whoever_connects_now_and_then_is_asked_all_the_same() {
    // For some seconds; or for no time, as on networks that let each connection begin and cut it at once.
    for (stands_s, is_found) in [(3, true), (0, false)] {
        let (world, worker, mut page) = reporting().await;
        let mut asked = 0;
        for _ in 0..60 {
            for _ in 0..60 {
                page.at_ms += 500;
                page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(ONE) });
            }
            world.clock.advance_s(30);
            let downs = comes_again(&worker, &mut page).await;
            asked += downs.iter().filter(|down| matches!(down, Down::ShowMe { .. })).count();
            page.send().await;
            page.looks(&world, stands_s, ONE).await;
            page.watcher.leave().await;
        }
        assert!(asked > 10, "{asked}");
        let found = contradictions(&page, &worker).await;
        let highest = found.last().map(|(severity, _)| *severity);
        assert_eq!(highest, is_found.then_some(Severity::High), "{stands_s} s: {found:?}");
    }
}

#[tokio::test]
async fn a_dark_room_on_a_line_that_breaks_is_a_dark_room() {
    let (world, worker, mut page) = reporting().await;
    page.looks(&world, 35, DARK).await;
    let mut asked_at_once = 0;
    for content in 0..12 {
        page.watcher.leave().await;
        for _ in 0..180 {
            page.at_ms += 500;
            page.writer.append(&Entry { at_ms: page.at_ms, what: What::Look(DARK) });
        }
        world.clock.advance_s(90);
        let mut downs = comes_again(&worker, &mut page).await;
        asked_at_once += downs.iter().filter(|down| matches!(down, Down::ShowMe { .. })).count();
        for second in 0..20 {
            for down in downs {
                if let Down::ShowMe { nonce } = down {
                    sees(&world, DARK, content * 20 + second);
                    page.answers(nonce, DARK, content * 20 + second).await;
                }
            }
            downs = page.looks(&world, 1, DARK).await;
        }
    }
    assert!(asked_at_once > 5, "{asked_at_once}");
    assert_eq!(contradictions(&page, &worker).await, []);
}

#[tokio::test]
async fn whoever_is_back_in_time_for_each_second_check_is_found_out() {
    let (world, worker, mut page) = reporting().await;
    for content in 0..30 {
        sees(&world, if content % 2 == 0 { NOBODY } else { ONE }, content);
        page.shows(&world, ONE, content).await;
    }
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
    assert!(found.iter().all(|(_, what)| what.contains("the next one did not")), "{found:?}");
}

#[tokio::test]
async fn who_is_met_at_a_bad_moment_now_and_then_is_not_accused() {
    let (world, worker, mut page) = reporting().await;
    for content in 0..50 {
        sees(&world, if content % 6 == 0 { NOBODY } else { ONE }, content);
        page.shows(&world, ONE, content).await;
    }
    assert_eq!(contradictions(&page, &worker).await, []);
}

#[tokio::test]
async fn nothing_is_asked_that_tells_of_a_verdict_which_is_kept_to_oneself() {
    let (world, worker, mut page) = reporting().await;
    let mut downs = Vec::new();
    for _ in 0..6 {
        page.asked(&world, ONE).await;
        downs.extend(comes_again(&worker, &mut page).await);
        downs.extend(page.looks(&world, 2, ONE).await);
    }
    let found = contradictions(&page, &worker).await;
    assert_eq!(found.last().map(|(severity, _)| *severity), Some(Severity::High), "{found:?}");
    assert!(!downs.iter().any(|down| matches!(down, Down::WantEvidence { .. })), "{downs:?}");
}

#[tokio::test]
async fn what_was_counted_of_a_page_outlives_a_word_of_another_version() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented(&worker).await;
    begin(&worker, id).await;
    for _ in 0..6 {
        let mut watcher = connected(&worker, id).await;
        passes(&world, &mut watcher, 8).await;
        watcher.hear(&[99, 0]).await;
        watcher.leave().await;
    }
    assert_eq!(kinds(&worker.sessions.get(id).await.unwrap()), [(Kind::Unwatched, Severity::Medium)]);
}

#[tokio::test]
async fn a_page_that_gets_after_all_what_it_lacked_is_watched() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented(&worker).await;
    let mut watcher = connected(&worker, id).await;
    assert_eq!(watcher.hear(&[0]).await, [Down::OpenAgain]);
    let downs = watcher.hear(&Up::Open(Open::New(Beginning::NoJournal)).encode().unwrap()).await;
    assert!(matches!(downs[0], Down::Welcome(_)), "{downs:?}");
}

#[tokio::test]
async fn a_page_that_is_hidden_owes_nothing_over_new_connections_either() {
    let (world, worker, mut page) = reporting().await;
    page.looks(&world, 3, ONE).await;
    page.signal(Signal::PageHidden);
    let mut asked = 0;
    for _ in 0..12 {
        page.at_ms += 60_000;
        page.signal(Signal::Tick);
        world.clock.advance_s(60);
        page.send().await;
        let mut downs = comes_again(&worker, &mut page).await;
        downs.extend(passes(&world, &mut page.watcher, 3).await);
        for down in downs {
            if let Down::ShowMe { nonce } = down {
                asked += 1;
                page.say(Up::Refused { nonce, why: NoFrame::CameraOff }).await;
                passes(&world, &mut page.watcher, 16).await;
            }
        }
    }
    assert!(asked > 4, "{asked}");
    assert_eq!(contradictions(&page, &worker).await, []);
}
