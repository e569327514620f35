//! Interviews that go on by requests while nothing is reported.

use futures::FutureExt as _;
use proctor::{
    policy::{Kind, Severity},
    wire,
};
use uuid::Uuid;

use super::{ONE, Reporting, begin, consented_to, kinds, long, read_again, reconnect};
use crate::{
    interview::{Command, GivenAnswer},
    model::{Actor, AnswerId, CandidateView, ChannelId, Closing, NewInterview, SessionId, Status},
    ports::Clock,
    service::{
        AppState,
        fakes::{self, World},
        tests::{
            eventually,
            page::{channel, invite},
            untrusted::connected,
        },
    },
};

/// A candidate whose page has no channel.
struct Candidate {
    id: SessionId,
    answers: u32,
}

impl Candidate {
    /// Starts an interview of so many questions.
    async fn started(world: &World, worker: &AppState, questions: usize) -> Self {
        let id = consented_to(worker, long(questions)).await;
        worker.candidates.start(&invite(worker, id)).await.unwrap();
        world.clock.advance_s(6);
        worker.proctor.note_asked().await;
        Self { id, answers: 0 }
    }

    /// Asks every two seconds what is new, of the workers in turn.
    async fn asks(&self, world: &World, workers: &[&AppState], seconds: usize) {
        for turn in 0..seconds / 2 {
            world.clock.advance_s(2);
            workers[turn % workers.len()].candidates.view(&invite(workers[0], self.id)).await.unwrap();
            for worker in workers {
                worker.proctor.note_asked().await;
            }
        }
    }

    async fn answers(&mut self, worker: &AppState) -> CandidateView {
        let id = AnswerId(Uuid::from_u128(u128::from(self.answers)));
        let given = GivenAnswer { id, question: self.answers, text: "Because.".into() };
        self.answers += 1;
        worker.candidates.answer(&invite(worker, self.id), given).await.unwrap()
    }
}

async fn found(worker: &AppState, id: SessionId) -> Vec<(Kind, Severity)> {
    kinds(&worker.sessions.get(id).await.unwrap())
}

#[tokio::test]
async fn an_interview_without_a_channel_is_a_fact_for_people_to_read() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let mut candidate = Candidate::started(&world, &worker, 4).await;
    let id = candidate.id;
    candidate.asks(&world, &[&worker], 100).await;
    assert_eq!(found(&worker, id).await, [(Kind::Unreported, Severity::Info)]);
    candidate.answers(&worker).await;
    candidate.asks(&world, &[&worker], 60).await;
    assert_eq!(found(&worker, id).await, [(Kind::Unreported, Severity::Low)]);
    for _ in 0..3 {
        candidate.answers(&worker).await;
        candidate.asks(&world, &[&worker], 90).await;
    }
    worker.proctor.note_asked().await;
    let session = worker.sessions.get(id).await.unwrap();
    assert_eq!((session.status, kinds(&session)), (Status::Completed, vec![(Kind::Unreported, Severity::Medium)]));
    let kept = session.proctoring.as_ref().unwrap();
    assert!(kept.violations[0].shown && kept.violations[0].to.is_some() && !kept.is_reported());
    let again = read_again(&worker, id).await;
    assert!(again.leads_to(kept) && again.whole, "{again:?}");
    assert_eq!(again.coverage.map(|it| (it.percent(), it.open_ms)), Some((0, 346_000)));
}

#[tokio::test]
async fn answers_alone_tell_that_it_goes_on() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let mut candidate = Candidate::started(&world, &worker, 4).await;
    for _ in 0..4 {
        world.clock.advance_s(100);
        candidate.answers(&worker).await;
        worker.proctor.note_asked().await;
    }
    assert_eq!(found(&worker, candidate.id).await, [(Kind::Unreported, Severity::Low)], "a minute of each question");
    let again = read_again(&worker, candidate.id).await;
    let session = worker.sessions.get(candidate.id).await.unwrap();
    assert!(again.leads_to(session.proctoring.as_ref().unwrap()), "{again:?}");
}

#[tokio::test]
async fn what_one_worker_did_not_note_another_one_goes_on_with() {
    let world = World::shared();
    let (first, second) = (world.worker().await, world.worker().await);
    let candidate = Candidate::started(&world, &first, 2).await;
    candidate.asks(&world, &[&first, &second], 70).await;
    drop(first);
    candidate.asks(&world, &[&second], 80).await;
    assert_eq!(found(&second, candidate.id).await, [(Kind::Unreported, Severity::Low)]);
    let again = read_again(&second, candidate.id).await;
    let session = second.sessions.get(candidate.id).await.unwrap();
    assert!(again.leads_to(session.proctoring.as_ref().unwrap()) && again.whole, "{again:?}");
}

#[tokio::test]
async fn a_worker_that_stops_notes_what_it_heard() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let candidate = Candidate::started(&world, &worker, 2).await;
    candidate.asks(&world, &[&worker], 30).await;
    assert_eq!(found(&worker, candidate.id).await, [], "it waits for more");
    worker.proctor.note_all_asked().await;
    assert_eq!(found(&worker, candidate.id).await, [(Kind::Unreported, Severity::Info)], "half a minute");
}

#[tokio::test]
async fn a_store_that_is_down_for_a_while_loses_nothing() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let candidate = Candidate::started(&world, &worker, 2).await;
    candidate.asks(&world, &[&worker], 10).await;
    world.blobs.fail(true);
    candidate.asks(&world, &[&worker], 130).await;
    assert_eq!(found(&worker, candidate.id).await, []);
    world.blobs.fail(false);
    candidate.asks(&world, &[&worker], 2).await;
    assert_eq!(found(&worker, candidate.id).await, [(Kind::Unreported, Severity::Low)], "more than two minutes");
}

#[tokio::test]
async fn who_looks_last_waits_for_all_that_others_are_at() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let candidate = Candidate::started(&world, &worker, 1).await;
        worker.candidates.view(&invite(&worker, candidate.id)).await.unwrap();
        ids.push(candidate.id);
    }
    let chunks = || ids.iter().map(|id| world.blobs.count(*id, "log/")).sum::<usize>();
    let before = chunks();
    world.clock.advance_s(30);
    world.blobs.hold(true);
    let chore = worker.proctor.clone();
    let chore = tokio::spawn(async move { chore.note_asked().await });
    eventually("all are noted at the same time", || world.blobs.waiting() == 3).await;
    let mut last = Box::pin(worker.proctor.note_all_asked());
    assert!((&mut last).now_or_never().is_none(), "a chore took them out, and is not done");
    world.blobs.hold(false);
    last.await;
    assert_eq!(chunks(), before + 3);
    chore.await.unwrap();
}

#[tokio::test]
async fn outages_are_none_of_it_and_what_a_channel_carries_neither() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let mut candidate = Candidate::started(&world, &worker, 4).await;
    let (id, ChannelId(page)) = (candidate.id, channel(7));
    let mut page_that_reports = Reporting::of(&worker, id).await;
    for number in 0..4 {
        let channel = ChannelId(Uuid::from_u128(page.as_u128() + number));
        let open = Command::OpenChannel { channel, worker: worker.sessions.workers.id() };
        worker.sessions.step(id, &open).await.unwrap();
        reconnect(&mut page_that_reports, &worker).await;
        page_that_reports.looks(&world, 20, ONE).await;
        candidate.asks(&world, &[&worker], 6).await;
        candidate.answers(&worker).await;
        if number == 3 {
            break;
        }
        page_that_reports.watcher.leave().await;
        let last_seen = world.clock.now();
        let close =
            Command::CloseChannel { channel, worker: worker.sessions.workers.id(), last_seen, how: Closing::Lost };
        worker.sessions.step(id, &close).await.unwrap();
        world.clock.advance_s(60);
        // Asks once more before it has a channel, as any page that is loaded.
        candidate.asks(&world, &[&worker], 2).await;
        page_that_reports.at_ms += 68_000;
    }
    let found = found(&worker, id).await;
    assert!(found.iter().all(|(kind, _)| *kind != Kind::Unreported), "{found:?}");
}

#[tokio::test]
async fn channels_without_a_log_between_requests_hide_nothing() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let (id, own) = (consented_to(&worker, long(2)).await, worker.sessions.workers.id());
    begin(&worker, id).await;
    let candidate = Candidate { id, answers: 0 };
    for number in 0..170 {
        candidate.asks(&world, &[&worker], 2).await;
        let channel = channel(number);
        worker.sessions.step(id, &Command::OpenChannel { channel, worker: own }).await.unwrap();
        connected(&worker, id).await.leave().await;
        let close = Command::CloseChannel { channel, worker: own, last_seen: world.clock.now(), how: Closing::Left };
        worker.sessions.step(id, &close).await.unwrap();
    }
    assert_eq!(found(&worker, id).await, [(Kind::Unreported, Severity::Medium)]);
    let session = worker.sessions.get(id).await.unwrap();
    assert!(read_again(&worker, id).await.leads_to(session.proctoring.as_ref().unwrap()));
}

#[tokio::test]
async fn a_page_of_another_version_has_two_minutes_to_be_loaded_anew() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented_to(&worker, long(2)).await;
    begin(&worker, id).await;
    let mut watcher = worker.proctor.watcher(id);
    watcher.follow(&worker.sessions.get(id).await.unwrap());
    let said = watcher.hear(&[wire::VERSION + 1, 0, 0]).await;
    assert_eq!(said, [wire::Down::OpenAgain], "it is told");
    let mut passes = async |seconds: u32| {
        for _ in 0..seconds / 2 {
            world.clock.advance_s(2);
            watcher.tick().await;
            worker.proctor.note_asked().await;
        }
    };
    passes(118).await;
    assert!(found(&worker, id).await.iter().all(|(_, severity)| *severity == Severity::Info), "it may take a while");
    passes(30).await;
    assert_eq!(found(&worker, id).await, [(Kind::Unreported, Severity::Low)]);
    worker.sessions.step(id, &Command::End { by: Actor::Admin }).await.unwrap();
    passes(30).await;
    let session = worker.sessions.get(id).await.unwrap();
    let kept = session.proctoring.as_ref().unwrap();
    assert_eq!(kept.faults.len(), 1, "and it is a fact of the session");
    assert!(read_again(&worker, id).await.leads_to(kept));
}

#[tokio::test]
async fn nothing_is_missing_where_nobody_watches_or_before_consent() {
    let world = World::exclusive();
    let worker = world.worker().await;
    let unwatched = consented_to(&worker, NewInterview { proctored: Some(false), ..fakes::wish(2) }).await;
    worker.candidates.start(&invite(&worker, unwatched)).await.unwrap();
    let candidate = Candidate { id: unwatched, answers: 0 };
    candidate.asks(&world, &[&worker], 60).await;
    let waiting = fakes::create(&worker, 1).await;
    Candidate { id: waiting, answers: 0 }.asks(&world, &[&worker], 60).await;
    for id in [unwatched, waiting] {
        assert_eq!(world.blobs.count(id, ""), 0);
    }
}
