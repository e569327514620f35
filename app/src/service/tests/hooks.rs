use std::collections::HashSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use uuid::Uuid;

use super::{fakes::*, in_progress};
use crate::{
    error::{AppError, ErrorKind},
    interview::{Command, GivenAnswer},
    model::{Actor, AnswerId, Correction, Hook, SessionId},
    ports::{Clock, RecordKind},
    service::AppState,
};

pub(super) const URL: &str = "https://ats.example.org/hook";

pub(super) async fn step(worker: &AppState, id: SessionId, command: Command) {
    worker.sessions.step(id, &command).await.unwrap();
}

fn answer() -> Command {
    let id = AnswerId(Uuid::from_u128(1));
    Command::SubmitAnswer(GivenAnswer { id, question: 0, text: "my secret answer".into() })
}

/// A whole interview of one question, a second for each step of it.
async fn interview(world: &World, worker: &AppState) -> SessionId {
    let id = create(worker, 1).await;
    for command in [Command::GiveConsent, Command::Start { by: Actor::Candidate }, Command::OpenQuestion, answer()] {
        world.clock.advance_s(1);
        step(worker, id, command).await;
    }
    world.clock.advance_s(1);
    id
}

/// Does what there is to do, and sends what is due.
pub(super) async fn work(worker: &AppState) {
    worker.work.run().await;
    worker.hooks.run().await;
}

/// A worker with a hook and one delivery to it.
pub(super) async fn one_delivery(world: &World) -> (AppState, SessionId) {
    let worker = world.worker().await;
    worker.hooks.add(URL).await.unwrap();
    let id = create(&worker, 1).await;
    worker.work.run().await;
    (worker, id)
}

/// News that is sent at the same time arrives in any order.
fn sorted(mut news: Vec<String>) -> Vec<String> {
    news.sort();
    news
}

pub(super) fn due(world: &World) -> usize {
    world.store.records().iter().filter(|(kind, _)| *kind == RecordKind::DueDelivery).count()
}

#[tokio::test(start_paused = true)]
async fn without_hooks_there_is_nothing_to_announce() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        worker.upkeep.say_at_work().await;
        worker.hooks.run().await;
        let id = interview(&world, &worker).await;
        work(&worker).await;
        let session = world.store.stored(id).unwrap().session;
        assert!(session.report.is_some() && !session.needs_work());
        let told = worker.sessions.events(id).await.unwrap();
        assert!(
            !told.iter().any(|it| matches!(it.event, crate::model::Event::Announced { .. })),
            "no step for nothing"
        );
        worker.delete_session(id).await.unwrap();
        world.clock.advance_s(60);
        work(&worker).await;
        assert_eq!((world.post.news(), due(&world)), (Vec::<String>::new(), 0));
    }
}

#[tokio::test]
async fn each_piece_of_news_is_told_once() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        worker.hooks.add(URL).await.unwrap();
        let id = create(&worker, 1).await;
        for (command, news) in [
            (Command::GiveConsent, "session.created"),
            (Command::Start { by: Actor::Candidate }, "session.started"),
            (Command::OpenQuestion, "session.started"),
            (answer(), "report.ready"),
        ] {
            world.clock.advance_s(1);
            step(&worker, id, command).await;
            for _ in 0..2 {
                work(&worker).await;
                assert!(world.post.news().contains(&news.to_owned()), "{news}");
            }
        }
        let told = ["report.ready", "session.completed", "session.created", "session.started"];
        assert_eq!(sorted(world.post.news()), told);
    }
}

#[tokio::test]
async fn of_news_that_waited_the_oldest_goes_out_first() {
    let world = World::shared();
    let worker = world.worker().await;
    worker.hooks.add(URL).await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(interview(&world, &worker).await);
    }
    worker.work.run().await;
    assert_eq!((world.post.sent().len(), due(&world)), (0, 12));
    worker.hooks.run().await;
    let told = |sent: &Sent| (sent.json()["data"]["session_id"].as_str().unwrap().to_owned(), sent.news());
    // So many are under way at the same time, in whatever order.
    let first: HashSet<_> = world.post.sent()[..8].iter().map(told).collect();
    let all = ids.iter().flat_map(|id| {
        ["session.created", "session.started", "session.completed"].map(|news| (id.to_string(), news.to_owned()))
    });
    assert_eq!(first, all.take(8).collect());
    let delivered: HashSet<_> = world.post.sent().iter().map(|sent| sent.header("webhook-id").to_owned()).collect();
    assert_eq!((delivered.len(), world.post.sent().len()), (12, 12));
}

#[tokio::test]
async fn workers_that_race_tell_everything_once() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    one.hooks.add(URL).await.unwrap();
    other.hooks.add(URL).await.unwrap();
    for _ in 0..5 {
        interview(&world, &one).await;
    }
    futures::join!(one.work.run(), other.work.run());
    futures::join!(one.hooks.run(), other.hooks.run(), one.hooks.run());
    assert_eq!((world.post.sent().len(), due(&world)), (5 * 4 * 2, 0));
}

#[tokio::test]
async fn what_was_before_a_hook_is_not_told() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        let id = create(&worker, 1).await;
        world.clock.advance_s(1);
        worker.hooks.add(URL).await.unwrap();
        work(&worker).await;
        assert_eq!(world.post.news(), Vec::<String>::new());
        world.clock.advance_s(1);
        step(&worker, id, Command::Start { by: Actor::Api }).await;
        work(&worker).await;
        assert_eq!(world.post.news(), ["session.started"]);
    }
}

#[tokio::test]
async fn each_report_is_told_with_its_version() {
    let world = World::shared();
    let worker = world.worker().await;
    worker.hooks.add(URL).await.unwrap();
    let id = interview(&world, &worker).await;
    let mut versions = Vec::new();
    for score in [None, Some(9.0), Some(2.0)] {
        if let Some(score) = score {
            world.clock.advance_s(1);
            let correction = Correction { score, reason: "So.".into(), by: "a@b.c".into(), at: world.clock.now() };
            step(&worker, id, Command::CorrectScore { question: 0, correction }).await;
        }
        work(&worker).await;
        let told = world.post.sent().into_iter().rfind(|sent| sent.news() == "report.ready").unwrap();
        versions.push(told.json()["data"]["report_version"].as_u64().unwrap());
        assert_eq!(worker.work.report(id).await.unwrap().unwrap().basis, *versions.last().unwrap());
    }
    assert!(versions.is_sorted_by(|one, next| one < next), "{versions:?}");
    let others = world.post.sent().into_iter().filter(|sent| sent.news() != "report.ready");
    assert!(others.into_iter().all(|sent| sent.json()["data"]["report_version"].is_null()));
}

/// It cannot be evaluated, shown or deleted, but what happened to it is known.
#[tokio::test]
async fn a_session_that_cannot_be_read_does_not_hold_back_its_news() {
    let world = World::shared();
    let (worker, id) = one_delivery(&world).await;
    world.store.spoil(id);
    worker.hooks.run().await;
    let sent = world.post.sent();
    assert_eq!((world.post.news(), due(&world)), (vec!["session.created".to_owned()], 0));
    assert_eq!(sent[0].json()["data"], serde_json::json!({ "session_id": id }));
    assert_eq!(worker.hooks.deliveries(9).await.unwrap().len(), 1, "it is not gone");
}

/// Another worker read a moment ago that there are none, and has not looked since.
#[tokio::test(start_paused = true)]
async fn what_another_worker_does_is_told_as_soon_as_a_hook_was_added() {
    let world = World::shared();
    let (one, other) = (world.worker().await, world.worker().await);
    for worker in [&one, &other] {
        worker.upkeep.say_at_work().await;
        worker.hooks.run().await;
    }
    one.hooks.add(URL).await.unwrap();
    create(&other, 1).await;
    work(&one).await;
    assert_eq!(world.post.news(), ["session.created"]);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_nobody_knows_of_relies_on_nothing() {
    let world = World::shared();
    let (one, newcomer) = (world.worker().await, world.worker().await);
    newcomer.hooks.run().await;
    one.hooks.add(URL).await.unwrap();
    create(&newcomer, 1).await;
    work(&one).await;
    assert_eq!(world.post.news(), ["session.created"]);
}

#[tokio::test]
async fn news_names_nobody_and_quotes_nothing() {
    let world = World::shared();
    let worker = world.worker().await;
    worker.hooks.add(URL).await.unwrap();
    let id = interview(&world, &worker).await;
    work(&worker).await;
    for sent in world.post.sent() {
        assert_eq!(sent.json()["data"]["session_id"], serde_json::json!(id));
        for secret in ["Lovelace", "ada@", "secret", "Question"] {
            assert!(!sent.body.contains(secret), "{}", sent.body);
        }
    }
}

#[tokio::test]
async fn news_within_a_second_can_be_put_in_order() {
    let world = World::shared();
    let worker = world.worker().await;
    worker.hooks.add(URL).await.unwrap();
    world.clock.creep(7);
    let id = create(&worker, 1).await;
    for command in [Command::GiveConsent, Command::Start { by: Actor::Candidate }, Command::OpenQuestion, answer()] {
        step(&worker, id, command).await;
    }
    work(&worker).await;
    let mut sent: Vec<_> =
        world.post.sent().iter().map(|sent| (sent.json()["timestamp"].clone(), sent.news())).collect();
    sent.sort_by_key(|(at, _)| at.as_str().unwrap().to_owned());
    let news: Vec<_> = sent.iter().map(|(_, news)| news.as_str()).collect();
    assert_eq!(news, ["session.created", "session.started", "session.completed", "report.ready"], "{sent:?}");
    assert!(sent.windows(2).all(|two| two[0].0.as_str() < two[1].0.as_str()), "{sent:?}");
    assert!(sent.iter().all(|(at, _)| at.as_str().unwrap().len() == "2026-01-01T00:00:00.000Z".len()), "{sent:?}");
}

#[tokio::test]
async fn a_receiver_can_verify_where_news_comes_from() {
    let world = World::shared();
    let worker = world.worker().await;
    let Hook { secret, .. } = worker.hooks.add(URL).await.unwrap();
    create(&worker, 1).await;
    world.clock.advance_s(90);
    work(&worker).await;
    let sent = &world.post.sent()[0];
    let timestamp = sent.header("webhook-timestamp");
    assert_eq!(timestamp, (world.clock.now().0 / 1000).to_string(), "when it is sent, and not when it happened");
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(format!("{}.{timestamp}.{}", sent.header("webhook-id"), sent.body).as_bytes());
    let signature = sent.header("webhook-signature").strip_prefix("v1,").unwrap();
    mac.verify_slice(&STANDARD.decode(signature).unwrap()).unwrap();
    assert!((24..=64).contains(&key.len()), "as long as the specification wants it");
}

#[tokio::test]
async fn a_deletion_is_told_when_the_session_is_gone() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        worker.hooks.add(URL).await.unwrap();
        let id = in_progress(&worker, 1).await;
        work(&worker).await;
        worker.delete_session(id).await.unwrap();
        world.clock.advance_s(2);
        for _ in 0..3 {
            work(&worker).await;
        }
        assert_eq!(world.post.news().iter().filter(|news| *news == "session.deleted").count(), 1);
        assert_eq!(due(&world), 0);
    }
}

#[tokio::test]
async fn what_was_not_told_before_a_deletion_is_told_with_it() {
    for world in [World::shared(), World::exclusive()] {
        let worker = world.worker().await;
        worker.hooks.add(URL).await.unwrap();
        let id = interview(&world, &worker).await;
        worker.delete_session(id).await.unwrap();
        world.clock.advance_s(2);
        work(&worker).await;
        let told = ["session.completed", "session.created", "session.deleted", "session.started"];
        assert_eq!(sorted(world.post.news()), told);
    }
}

#[tokio::test]
async fn a_deletion_that_failed_is_not_told() {
    for world in [World::shared(), World::exclusive()] {
        let (worker, id) = one_delivery(&world).await;
        worker.hooks.run().await;
        // It goes wrong after the news was put on its way.
        for successes in 0.. {
            world.store.be_unavailable_after(successes);
            worker.delete_session(id).await.unwrap_err();
            world.store.be_unavailable(0);
            if due(&world) == 1 {
                break;
            }
        }
        for _ in 0..20 {
            world.clock.advance_s(60);
            worker.hooks.run().await;
        }
        assert!(worker.sessions.get(id).await.is_ok());
        assert_eq!((world.post.news(), due(&world)), (vec!["session.created".to_owned()], 0));
    }
}

#[tokio::test]
async fn a_deletion_is_not_told_while_nobody_knows_whether_the_session_is_gone() {
    let world = World::shared();
    let (worker, id) = one_delivery(&world).await;
    worker.hooks.run().await;
    world.store.spoil(id);
    let session = world.store.stored(id).unwrap().session;
    worker.hooks.announce_deletion(&session).await.unwrap();
    world.clock.advance_s(5);
    worker.hooks.run().await;
    assert_eq!((world.post.news(), due(&world)), (vec!["session.created".to_owned()], 1));
}

#[tokio::test]
async fn a_deletion_that_takes_long_is_told_all_the_same() {
    let world = World::shared();
    let (worker, id) = one_delivery(&world).await;
    worker.hooks.run().await;
    let session = worker.sessions.get(id).await.unwrap();
    worker.hooks.announce_deletion(&session).await.unwrap();
    for _ in 0..500 {
        world.clock.advance_s(1);
        worker.hooks.run().await;
    }
    worker.rooms.delete_session(id).await.unwrap();
    world.clock.advance_s(260);
    worker.hooks.run().await;
    assert_eq!(world.post.news(), ["session.created", "session.deleted"]);
}

#[tokio::test]
async fn hooks_need_an_address_on_the_web() {
    let worker = World::exclusive().worker().await;
    for url in ["", "ats.example.org", "ftp://ats.example.org", "https://", "https://a b", "javascript:alert(1)"] {
        let error: AppError = worker.hooks.add(url).await.unwrap_err().into();
        assert_eq!(error.kind, ErrorKind::BadRequest, "{url}");
    }
    let added = worker.hooks.add(" http://10.0.0.1:8080/hook ").await.unwrap();
    assert_eq!(worker.hooks.list().await.unwrap(), [added]);
}
