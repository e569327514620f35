use uuid::Uuid;

use super::{
    fakes::*,
    in_progress,
    page::{Page, draft, invite},
};
use crate::{
    interview::{Command, GivenAnswer},
    model::{Answer, AnswerId, AnswerOutcome, Draft, MAX_ANSWER, SessionId, Status},
    ports::RecordKind,
};

/// The drafts that the store keeps.
fn kept(world: &World) -> Vec<Draft> {
    let drafts = world.store.records().into_iter().filter(|(kind, _)| *kind == RecordKind::Draft);
    drafts.map(|(_, text)| serde_json::from_str(&text).unwrap()).collect()
}

fn answers(world: &World, id: SessionId) -> Vec<Answer> {
    world.store.stored(id).unwrap().session.answers
}

fn answer(question: u32) -> Command {
    Command::SubmitAnswer(GivenAnswer { id: AnswerId(Uuid::from_u128(1)), question, text: "an answer".into() })
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_kept_and_shown_to_the_next_page() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 2).await;
        let (mut page, _) = Page::open(&worker, id, 1).await;
        for rev in 1..=3 {
            page.write(draft(0, rev, &format!("word {rev}")));
            assert_eq!(page.kept().await, (0, rev));
        }
        let last = draft(0, 3, "word 3");
        assert_eq!(kept(&world), std::slice::from_ref(&last));
        let (mut next, view) = Page::open(&worker, id, 2).await;
        assert_eq!(view.draft, Some(last.clone()));
        assert_eq!(worker.candidates.view(&invite(&worker, id)).await.unwrap().draft, Some(last));
        worker.sessions.step(id, &answer(0)).await.unwrap();
        assert_eq!(next.view().await.draft, None, "of the question before");
        assert_eq!(worker.candidates.view(&invite(&worker, id)).await.unwrap().draft, None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_the_store_did_not_take_is_not_acknowledged() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 1).await;
        let (mut page, _) = Page::open(&worker, id, 1).await;
        world.store.be_unavailable(1);
        page.write(draft(0, 1, "one"));
        page.write(draft(0, 2, "two"));
        assert_eq!(page.kept().await, (0, 2), "the first one was not");
        assert_eq!(kept(&world), [draft(0, 2, "two")]);
    }
}

#[tokio::test(start_paused = true)]
async fn drafts_of_other_questions_are_acknowledged_and_not_kept() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (mut page, _) = Page::open(&worker, id, 1).await;
    page.write(draft(1, 1, "of another"));
    assert_eq!(page.kept().await, (1, 1));
    worker.sessions.step(id, &answer(0)).await.unwrap();
    page.view().await;
    page.write(draft(0, 2, "after the end"));
    assert_eq!(page.kept().await, (0, 2));
    assert_eq!(kept(&world), []);
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_is_too_long_is_not_kept() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (mut page, _) = Page::open(&worker, id, 1).await;
    page.write(draft(0, 1, &"x".repeat(MAX_ANSWER + 1)));
    page.write(draft(0, 2, &"x".repeat(MAX_ANSWER)));
    assert_eq!(page.kept().await, (0, 2));
}

#[tokio::test(start_paused = true)]
async fn a_draft_of_a_question_that_another_worker_delivered_is_kept() {
    let world = World::shared();
    let (here, there) = (world.worker().await, world.worker().await);
    for worker in [&here, &there] {
        worker.upkeep.say_at_work().await;
    }
    let id = in_progress(&here, 2).await;
    let (mut page, _) = Page::open(&here, id, 1).await;
    there.sessions.step(id, &answer(0)).await.unwrap();
    // The page has the next question from its answer's acknowledgement; this worker did not look yet.
    page.write(draft(1, 1, "quick"));
    assert_eq!(page.kept().await, (1, 1));
    assert_eq!(kept(&world), [draft(1, 1, "quick")]);
}

#[tokio::test(start_paused = true)]
async fn an_older_page_does_not_write_over_the_newer_one_s_draft() {
    let world = World::shared();
    let (here, there) = (world.worker().await, world.worker().await);
    for worker in [&here, &there] {
        worker.upkeep.say_at_work().await;
    }
    let id = in_progress(&here, 1).await;
    let (older, _) = Page::open(&here, id, 1).await;
    let (mut newer, _) = Page::open(&there, id, 2).await;
    newer.write(draft(0, 2, "newer"));
    newer.kept().await;
    // It was not told yet.
    older.write(draft(0, 1, "older"));
    older.write(draft(5, 1, "the next message"));
    here.sessions.follow().await.unwrap();
    let (said, _) = older.ended().await;
    assert!(!said.iter().any(|down| matches!(down, crate::model::Down::Kept { .. })), "{said:?}");
    assert_eq!(kept(&world), [draft(0, 2, "newer")]);
}

#[tokio::test(start_paused = true)]
async fn on_expiry_the_draft_is_the_answer() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 2).await;
        let (mut page, _) = Page::open(&worker, id, 1).await;
        page.write(draft(0, 1, "half a sentence"));
        page.kept().await;
        world.clock.advance_s(64);
        worker.upkeep.keep_time().await;
        let view = page.view().await;
        assert_eq!((view.question, view.answered), (None, 1));
        let taken = &answers(&world, id)[0];
        assert_eq!((taken.text.as_str(), taken.outcome), ("half a sentence", AnswerOutcome::TimedOut));
        // The next one has no draft of its own yet, and that of the one before is not taken for it.
        worker.candidates.open_question(&invite(&worker, id)).await.unwrap();
        world.clock.advance_s(64);
        worker.upkeep.keep_time().await;
        assert_eq!(answers(&world, id)[1].outcome, AnswerOutcome::NoResponse);
    }
}

#[tokio::test(start_paused = true)]
async fn a_question_is_not_closed_without_the_draft_that_cannot_be_read_now() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = in_progress(&worker, 1).await;
    let (mut page, _) = Page::open(&worker, id, 1).await;
    page.write(draft(0, 1, "half"));
    page.kept().await;
    world.clock.advance_s(64);
    world.store.be_unavailable(1);
    worker.upkeep.keep_time().await;
    assert_eq!(answers(&world, id).len(), 0);
    worker.upkeep.keep_time().await;
    assert_eq!(answers(&world, id)[0].text, "half");
}

#[tokio::test(start_paused = true)]
async fn finishing_after_the_time_is_over_takes_the_draft() {
    for questions in [1, 2] {
        let world = World::exclusive();
        let worker = world.worker().await;
        let id = in_progress(&worker, questions).await;
        let (mut page, _) = Page::open(&worker, id, 1).await;
        page.write(draft(0, 1, "half"));
        page.kept().await;
        world.clock.advance_s(64);
        let view = worker.candidates.finish(&invite(&worker, id), None).await.unwrap();
        assert_eq!(view.status, Status::Completed);
        let taken = &answers(&world, id)[0];
        assert_eq!((taken.text.as_str(), taken.outcome), ("half", AnswerOutcome::TimedOut));
    }
}

#[tokio::test(start_paused = true)]
async fn a_deletion_removes_the_draft() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = in_progress(&worker, 1).await;
        let (mut page, _) = Page::open(&worker, id, 1).await;
        page.write(draft(0, 1, "half"));
        page.kept().await;
        worker.rooms.delete_session(id).await.unwrap();
        assert_eq!(kept(&world), []);
        assert!(!page.ended().await.0.is_empty(), "it is told");
    }
}

/// Deleting is done in several writes; whichever of them fails, asking again leaves nothing behind.
#[tokio::test(start_paused = true)]
async fn a_deletion_that_fails_half_way_can_be_asked_for_again() {
    for successes in 0..9 {
        let world = World::exclusive();
        let worker = world.worker().await;
        let id = in_progress(&worker, 1).await;
        let (mut page, _) = Page::open(&worker, id, 1).await;
        page.write(draft(0, 1, "half"));
        page.kept().await;
        world.store.be_unavailable_after(successes);
        let _ = worker.sessions.delete(id).await;
        world.store.be_unavailable(0);
        let _ = worker.sessions.delete(id).await;
        assert!(world.store.stored(id).is_none());
        assert_eq!(kept(&world), [], "after {successes} operations");
    }
}
