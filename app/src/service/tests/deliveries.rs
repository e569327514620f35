use super::{
    eventually,
    fakes::*,
    hooks::{URL, due, one_delivery, step},
};
use crate::{
    error::{AppError, ErrorKind},
    interview::Command,
    model::{Actor, DeliveryState},
    ports::{Clock, RecordKind, RecordStore, Unanswered},
};

/// Seconds before each further attempt.
const PAUSES_S: [i64; 9] = [1, 5, 30, 120, 600, 3_600, 21_600, 43_200, 86_400];

#[tokio::test]
async fn what_is_not_taken_is_sent_again_with_growing_pauses_and_then_given_up() {
    let world = World::shared();
    let (worker, _) = one_delivery(&world).await;
    let failures = [Err(Unanswered::NotConnected), Ok(500), Ok(404), Ok(302)];
    world.post.answer(failures.into_iter().cycle().take(10));
    worker.hooks.run().await;
    for (number, pause) in PAUSES_S.into_iter().enumerate() {
        world.clock.advance_s(pause - 1);
        worker.hooks.run().await;
        assert_eq!(world.post.sent().len(), number + 1, "{pause} s are not over");
        // Chance makes it up to a tenth longer.
        world.clock.advance_s(1 + pause / 10);
        for _ in 0..2 {
            worker.hooks.run().await;
        }
        assert_eq!(world.post.sent().len(), number + 2, "after {pause} s");
    }
    let delivery = worker.hooks.deliveries(9).await.unwrap().remove(0);
    assert_eq!((delivery.state, delivery.attempts.len(), due(&world)), (DeliveryState::GivenUp, 10, 0));
    assert_eq!(delivery.attempts[0].outcome, Err("could not connect".into()));
    world.clock.advance_s(86_400);
    worker.hooks.run().await;
    let sent = world.post.sent();
    assert_eq!(sent.len(), 10, "it was given up");
    assert!(sent.iter().all(|it| it.body == sent[0].body && it.header("webhook-id") == sent[0].header("webhook-id")));

    worker.hooks.send_again(&delivery.id).await.unwrap();
    assert_eq!(worker.hooks.deliveries(9).await.unwrap()[0].state, DeliveryState::Due);
    worker.hooks.run().await;
    let again = world.post.sent().pop().unwrap();
    assert_eq!(again.header("webhook-id"), sent[0].header("webhook-id"));
    assert_ne!(again.header("webhook-timestamp"), sent[9].header("webhook-timestamp"));
    let delivery = worker.hooks.deliveries(9).await.unwrap().remove(0);
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::Delivered, 1));
}

#[tokio::test]
async fn what_cannot_be_read_holds_up_no_other_delivery() {
    let world = World::shared();
    let (worker, _) = one_delivery(&world).await;
    let hook = worker.hooks.list().await.unwrap().remove(0).id;
    for number in 0..40 {
        world.store.overwrite(RecordKind::DueDelivery, &format!("{hook}/{:015}/{number}", 0), "later version");
    }
    worker.hooks.run().await;
    assert_eq!(world.post.news(), ["session.created"]);
}

#[tokio::test]
async fn all_that_a_removed_hook_left_is_cleared_away_whatever_cannot_be_read() {
    let world = World::shared();
    let (worker, _) = one_delivery(&world).await;
    for _ in 0..50 {
        create(&worker, 1).await;
    }
    worker.work.run().await;
    let hook = worker.hooks.list().await.unwrap().remove(0).id;
    worker.hooks.remove(&hook).await.unwrap();
    world.store.overwrite(RecordKind::DueDelivery, "!", "later version");
    assert_eq!(due(&world), 52);
    worker.hooks.tidy().await;
    assert_eq!(due(&world), 1);
}

#[tokio::test]
async fn a_receiver_gets_the_pause_it_asks_for() {
    let world = World::shared();
    let (worker, _) = one_delivery(&world).await;
    world.post.answer([Ok(429)]);
    world.post.ask_for_pause(60);
    worker.hooks.run().await;
    for (second, sent) in [(59, 1), (1, 2)] {
        world.clock.advance_s(second);
        worker.hooks.run().await;
        assert_eq!(world.post.sent().len(), sent);
    }
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_left_alone_until_something_is_sent_again() {
    let world = World::shared();
    let (worker, id) = one_delivery(&world).await;
    world.post.answer([Ok(410)]);
    worker.hooks.run().await;
    let delivery = worker.hooks.deliveries(9).await.unwrap().remove(0);
    assert_eq!((delivery.state, delivery.attempts.len()), (DeliveryState::GivenUp, 1));
    assert_eq!(worker.hooks.list().await.unwrap()[0].gone_at, Some(world.clock.now()));
    world.clock.advance_s(1);
    step(&worker, id, Command::GiveConsent).await;
    step(&worker, id, Command::Start { by: Actor::Candidate }).await;
    worker.work.run().await;
    assert_eq!(due(&world), 0);
    worker.hooks.send_again(&delivery.id).await.unwrap();
    worker.hooks.run().await;
    assert_eq!((world.post.sent().len(), worker.hooks.list().await.unwrap()[0].gone_at), (2, None));
}

#[tokio::test]
async fn what_is_taken_at_last_is_done() {
    let world = World::shared();
    let (worker, _) = one_delivery(&world).await;
    world.post.answer([Ok(503), Ok(204)]);
    for _ in 0..9 {
        worker.hooks.run().await;
        world.clock.advance_s(1);
    }
    assert_eq!((world.post.sent().len(), due(&world)), (2, 0));
    assert_eq!(worker.hooks.deliveries(9).await.unwrap()[0].attempts.len(), 2);
}

#[tokio::test]
async fn a_delivery_whose_worker_died_is_made_by_another() {
    let world = World::shared();
    let (worker, _) = one_delivery(&world).await;
    let other = world.worker().await;
    let mut sending = Box::pin(worker.hooks.run());
    while world.post.sent().is_empty() {
        assert!(futures::poll!(&mut sending).is_pending());
        tokio::task::yield_now().await;
    }
    drop(sending);
    other.hooks.run().await;
    assert_eq!(world.post.sent().len(), 1, "the lease still holds");
    world.clock.advance_s(10);
    other.hooks.run().await;
    let sent = world.post.sent();
    assert_eq!((sent.len(), sent[0].header("webhook-id")), (2, sent[1].header("webhook-id")));
    assert_eq!(due(&world), 0);
}

/// Whatever it is that goes wrong.
#[tokio::test]
async fn nothing_is_lost_when_a_worker_dies_in_the_middle() {
    for failures in 0..2 {
        for successes in 0..24 {
            let world = World::shared();
            let (worker, _) = one_delivery(&world).await;
            world.post.answer(vec![Ok(500); failures]);
            world.store.be_unavailable_after(successes);
            worker.hooks.run().await;
            world.store.be_unavailable(0);
            for _ in 0..4 {
                // Its lease ends, and the next attempt is due.
                world.clock.advance_s(10);
                worker.hooks.run().await;
                worker.hooks.tidy().await;
            }
            let [delivery] = &worker.hooks.deliveries(9).await.unwrap()[..] else { panic!("there is one") };
            let state = (delivery.state, due(&world));
            assert_eq!(state, (DeliveryState::Delivered, 0), "{failures} failures, after {successes} successes");
            assert!((failures + 1..=failures + 2).contains(&world.post.sent().len()));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_receiver_holds_back_nobody_else() {
    const SILENT: &str = "https://silent.example.org/hook";
    let world = World::shared();
    let worker = world.worker().await;
    for url in [SILENT, URL] {
        worker.hooks.add(url).await.unwrap();
    }
    world.post.fall_silent(SILENT);
    for _ in 0..100 {
        create(&worker, 1).await;
    }
    worker.work.run().await;
    worker.work.run().await;
    let running = tokio::spawn({
        let worker = worker.clone();
        async move { worker.hooks.run().await }
    });
    eventually("the other one is told all", || world.post.sent_to(URL) == 100).await;
    create(&worker, 1).await;
    worker.work.run().await;
    eventually("what came later, too", || world.post.sent_to(URL) == 101).await;
    assert_eq!(world.post.sent_to(SILENT), 8, "only so many are under way");
    running.abort();
}

#[tokio::test]
async fn what_is_being_sent_is_not_sent_again_at_the_same_time() {
    let world = World::shared();
    let (worker, _) = one_delivery(&world).await;
    world.post.answer([Ok(500)]);
    let mut sending = Box::pin(worker.hooks.run());
    while world.post.sent().is_empty() {
        assert!(futures::poll!(&mut sending).is_pending());
        tokio::task::yield_now().await;
    }
    let id = worker.hooks.deliveries(9).await.unwrap().remove(0).id;
    let error: AppError = worker.hooks.send_again(&id).await.unwrap_err().into();
    assert_eq!(error.kind, ErrorKind::Conflict);
    sending.await;
    // Its next attempt would be a second away.
    worker.hooks.send_again(&id).await.unwrap();
    for _ in 0..3 {
        worker.hooks.run().await;
        world.clock.advance_s(1);
    }
    assert_eq!((world.post.sent().len(), due(&world)), (2, 0));
}

/// They stand there by the time at which something happened, and each is all that there is of a delivery.
#[tokio::test]
async fn what_an_older_version_put_on_its_way_arrives() {
    let world = World::shared();
    let worker = world.worker().await;
    let session = create(&worker, 1).await;
    world.clock.advance_s(1);
    let hook = worker.hooks.add(URL).await.unwrap();
    let now = world.clock.now();
    for (number, due_in_s) in [(1, 0), (2, 60)] {
        let id = format!("{:015}:{session}:0:session.created:{number}", now.0);
        let old = serde_json::json!({
            "id": id, "hook": hook.id, "url": URL, "news": "session.created",
            "session": session, "body": "{\"type\":\"session.created\"}",
            "created_at": now, "due_at": now.plus_seconds(due_in_s), "attempts": [], "state": "due",
        });
        world.store.put(RecordKind::DueDelivery, &id, &old.to_string(), None).await.unwrap();
    }
    worker.hooks.tidy().await;
    worker.hooks.run().await;
    assert_eq!((world.post.sent().len(), due(&world)), (1, 1));
    world.clock.advance_s(60);
    worker.hooks.tidy().await;
    worker.hooks.run().await;
    assert_eq!((world.post.sent().len(), due(&world)), (2, 0));
    let states: Vec<_> = worker.hooks.deliveries(9).await.unwrap().iter().map(|delivery| delivery.state).collect();
    assert_eq!(states, [DeliveryState::Delivered; 2]);
}

#[tokio::test]
async fn a_removed_hook_is_told_nothing_more() {
    let world = World::shared();
    let (worker, id) = one_delivery(&world).await;
    let hook = worker.hooks.list().await.unwrap().remove(0);
    worker.hooks.run().await;
    step(&worker, id, Command::Start { by: Actor::Api }).await;
    worker.work.run().await;
    worker.hooks.remove(&hook.id).await.unwrap();
    worker.hooks.run().await;
    worker.hooks.tidy().await;
    assert_eq!((world.post.news(), due(&world)), (vec!["session.created".to_owned()], 0));
    let delivery = worker.hooks.deliveries(9).await.unwrap().remove(0);
    let error: AppError = worker.hooks.send_again(&delivery.id).await.unwrap_err().into();
    assert_eq!(error.kind, ErrorKind::NotFound, "nothing can be sent to it again");
    assert_eq!(worker.hooks.deliveries(9).await.unwrap(), [delivery], "and what was sent is still shown");
}
