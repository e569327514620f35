//! A proctoring log on real stores, over workers that die between a chunk and its acknowledgement.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use app::{
    error::AppError,
    interview::Command,
    model::{Actor, ChannelId, Invite, NewInterview, SessionId},
    ports::{BlobStore, MasterKey, Ports, Post, Posted, StoreError, Unanswered},
    service::{
        AppState, Assets,
        channels::{Heard, Mouth, Say, Unreachable},
        proctoring::{LogState, Replay},
    },
};
use async_trait::async_trait;
use futures::stream;
use proctor::{
    log::Writer,
    observation::Look,
    policy::Kind,
    signal::{Entry, Signal, Stage, What},
    wire::{Beginning, Down, Open, Up, Welcome},
};
use server::evaluator::Evaluators;
use tokio::{
    sync::{Notify, mpsc},
    task::JoinHandle,
};
use uuid::Uuid;

use crate::support::{
    backend::{Backend, Stores},
    clock::TestClock,
    eventually::eventually,
    stores::over_both_stores,
};

over_both_stores!(
    a_worker_that_dies_before_a_chunk_is_kept_loses_nothing,
    a_worker_that_dies_after_a_chunk_was_kept_loses_nothing,
);

async fn a_worker_that_dies_before_a_chunk_is_kept_loses_nothing(backend: &Backend) {
    dies(backend, BEFORE).await;
}

async fn a_worker_that_dies_after_a_chunk_was_kept_loses_nothing(backend: &Backend) {
    dies(backend, AFTER).await;
}

async fn dies(backend: &Backend, when: u8) {
    let clock = TestClock::new();
    let (worker, blobs) = worker(backend.open(clock.clone()).await, &clock).await;
    let wish = NewInterview {
        name: "Ada Lovelace".into(),
        email: "ada@example.org".into(),
        questions: vec!["Why?".into()],
        ..NewInterview::default()
    };
    let id = worker.creation.create(wish).await.unwrap().session.id;
    for command in [Command::GiveConsent, Command::Start { by: Actor::Candidate }, Command::OpenQuestion] {
        worker.sessions.step(id, &command).await.unwrap();
    }
    let mut page = Page::connect(&worker, id);
    let welcome = page.open(Open::New(Beginning::NoJournal)).await;
    let mut writer = Writer::new(&id.to_string(), welcome.log, &welcome.nonce);
    writer.append(&Entry { at_ms: 0, what: What::Signal(Signal::Stage(Stage::Interview)) });
    // Less than what is gathered before it is kept, so that each batch is the next thing that is.
    clock.advance_s(8);
    page.send(look(&mut writer, 0..8, 1));
    page.acknowledged(1).await;

    blobs.fate.store(when, Ordering::SeqCst);
    clock.advance_s(8);
    page.send(look(&mut writer, 8..16, 0));
    blobs.died.notified().await;
    page.serving.abort();
    drop((worker, blobs));

    // What still runs in the background holds the store for a moment.
    let stores = eventually("the store is free again", async || backend.try_open(clock.clone()).await.ok()).await;
    let (worker, _) = self::worker(stores, &clock).await;
    let mut page = Page::connect(&worker, id);
    let welcome = page.open(Open::Resume(welcome.log)).await;
    assert_eq!(welcome.next_seq, if when == AFTER { 2 } else { 1 });
    writer.agree(welcome.next_seq, welcome.head).expect("it fits the page's log");
    let rest: Vec<_> = writer.batches().map(<[u8]>::to_vec).collect();
    rest.into_iter().for_each(|batch| page.send(batch));
    clock.advance_s(8);
    page.send(look(&mut writer, 16..24, 1));
    page.acknowledged(3).await;
    page.leave().await;

    let session = worker.sessions.get(id).await.unwrap();
    let kept = session.proctoring.as_ref().unwrap();
    let again = read_again(&worker, id).await;
    assert_eq!((again.whole, again.logs, again.entries), (true, 1, 1 + 3 * 17), "{again:?}");
    assert_eq!(kept.violations.iter().filter(|it| it.key.kind == Kind::NoFace).count(), 1);
    assert!(again.leads_to(kept), "{again:?}, {:?}", kept.violations);
    assert_eq!(kept.faults, []);
}

/// Two looks a second and something that is noted, as a batch.
fn look(writer: &mut Writer, seconds: std::ops::Range<u32>, faces: u8) -> Vec<u8> {
    for half in seconds.start * 2..seconds.end * 2 {
        writer.append(&Entry { at_ms: (half + 1) * 500, what: What::Look(Look::Clear { faces, head: None }) });
    }
    // What is noted is kept at once.
    writer.append(&Entry { at_ms: seconds.end * 1_000, what: What::Signal(Signal::Copied) });
    writer.cut().expect("a batch").to_vec()
}

async fn read_again(worker: &AppState, id: SessionId) -> Replay {
    match worker.proctor.log(id, Duration::from_secs(9)).await.unwrap() {
        LogState::Read(replay) => replay,
        other => panic!("{other:?}"),
    }
}

async fn worker(Stores { sessions, records, blobs }: Stores, clock: &Arc<TestClock>) -> (AppState, Arc<Mortal>) {
    let blobs = Arc::new(Mortal { blobs, fate: AtomicU8::new(ALIVE), died: Notify::new() });
    let ports = Ports {
        clock: clock.clone(),
        sessions,
        records,
        blobs: blobs.clone(),
        master_key: MasterKey([7; 32]),
        media: None,
        evaluator: Arc::new(Evaluators::new(None).unwrap()),
        examiner: None,
        spot_mean: Duration::from_secs(60),
        post: Arc::new(Nobody),
    };
    (AppState::new(ports, "http://localhost".into(), Assets::default()).await.unwrap(), blobs)
}

/// There are no webhooks.
struct Nobody;

#[async_trait]
impl Post for Nobody {
    async fn post(&self, _: &str, _: &[(&str, String)], _: &str) -> Result<Posted, Unanswered> {
        Err(Unanswered::NotConnected)
    }
}

const ALIVE: u8 = 0;
const BEFORE: u8 = 1;
const AFTER: u8 = 2;
const DEAD: u8 = 3;

/// Lets its worker die with the next thing that is to be kept: it hears nothing of it, and reaches the store no more.
struct Mortal {
    blobs: Arc<dyn BlobStore>,
    fate: AtomicU8,
    died: Notify,
}

fn dead() -> StoreError {
    StoreError::Unavailable("the worker is dead".into())
}

#[async_trait]
impl BlobStore for Mortal {
    async fn put_new(&self, session: SessionId, name: &str, bytes: &[u8]) -> Result<bool, StoreError> {
        match self.fate.load(Ordering::SeqCst) {
            ALIVE => return self.blobs.put_new(session, name, bytes).await,
            AFTER => assert!(self.blobs.put_new(session, name, bytes).await?),
            _ => {}
        }
        self.fate.store(DEAD, Ordering::SeqCst);
        self.died.notify_one();
        Err(dead())
    }

    async fn get(&self, session: SessionId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.blobs.get(session, name).await
    }

    async fn names(&self, session: SessionId, prefix: &str) -> Result<Vec<String>, StoreError> {
        self.blobs.names(session, prefix).await
    }

    async fn erase(&self, session: SessionId) -> Result<(), StoreError> {
        self.blobs.erase(session).await
    }
}

/// A page, as its worker has it.
struct Page {
    heard: mpsc::UnboundedSender<Heard>,
    told: mpsc::UnboundedReceiver<Down>,
    serving: JoinHandle<Result<(), AppError>>,
}

struct Ear(mpsc::UnboundedSender<Down>);

impl Mouth for Ear {
    async fn say(&mut self, what: Say) -> Result<(), Unreachable> {
        let Say::Bytes(bytes) = what else { return Ok(()) };
        self.0.send(Down::decode(&bytes).expect("a message")).map_err(|_| Unreachable)
    }
}

impl Page {
    fn connect(worker: &AppState, id: SessionId) -> Self {
        let (heard, hears) = mpsc::unbounded_channel();
        let (ear, told) = mpsc::unbounded_channel();
        let invite = Invite(worker.sessions.join_url(id).rsplit('/').next().unwrap().to_owned());
        let channels = worker.channels.clone();
        let serving = tokio::spawn(async move {
            let hears = stream::unfold(hears, async |mut hears| Some((hears.recv().await?, hears)));
            channels.serve(&invite, ChannelId(Uuid::from_u128(1)), hears, &mut Ear(ear)).await
        });
        Self { heard, told, serving }
    }

    fn say(&self, up: &Up) {
        self.heard.send(Heard::Bytes(up.encode().unwrap())).expect("the worker listens");
    }

    fn send(&self, batch: Vec<u8>) {
        self.say(&Up::Batch(batch));
    }

    async fn open(&mut self, open: Open) -> Welcome {
        self.say(&Up::Open(open));
        loop {
            if let Down::Welcome(welcome) = self.told.recv().await.expect("a welcome") {
                return *welcome;
            }
        }
    }

    /// Waits until the batches before this one are kept.
    async fn acknowledged(&mut self, batches: u32) {
        loop {
            if let Down::Ack { next_seq, .. } = self.told.recv().await.expect("an acknowledgement")
                && next_seq == batches
            {
                return;
            }
        }
    }

    async fn leave(self) {
        self.heard.send(Heard::Left).expect("the worker listens");
        self.serving.await.unwrap().unwrap();
    }
}
