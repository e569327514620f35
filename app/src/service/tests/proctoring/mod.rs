//! Proctoring from batches to violations, over workers that die and pages that lie.

mod checks;
mod decisions;
mod logs;
mod pauses;
mod recordings;
mod unreported;

use std::sync::Arc;

use proctor::{
    log::Writer,
    observation::Look,
    policy::{Kind, Severity, ViolationId},
    signal::{Entry, Signal, Stage, What},
    wire::{Beginning, Down, Open, Still, Up, Welcome},
};

use crate::{
    interview::Command,
    model::{NewInterview, Session, SessionId},
    service::{
        AppState,
        fakes::{self, World},
        proctoring::{LogState, Replay, Watcher},
    },
};

pub const ONE: Look = Look::Clear { faces: 1, head: None };
pub const NOBODY: Look = Look::Clear { faces: 0, head: None };

/// A page that reports, as its worker hears it.
pub struct Reporting {
    pub id: SessionId,
    pub watcher: Watcher,
    pub writer: Writer,
    pub welcome: Welcome,
    pub at_ms: u32,
    /// What the server asked for while time passed, and when.
    unanswered: Option<(u64, u32)>,
}

/// The server waits for so long (ms) for a picture, or somewhat longer.
const WAITS_MS: u32 = 18_000;

pub fn jpeg(content: u8) -> Vec<u8> {
    jpeg_of(640, 480, &[content])
}

/// What says that it is a JPEG of this size, and holds no picture.
pub fn jpeg_of(width: u16, height: u16, content: &[u8]) -> Vec<u8> {
    let [height, width] = [height, width].map(u16::to_be_bytes);
    let frame = [&[0xff, 0xc0, 0, 11, 8][..], &height, &width, &[1, 1, 0x11, 0]].concat();
    [&[0xff, 0xd8], &frame[..], content, &[0xff, 0xd9]].concat()
}

pub async fn consented(worker: &AppState) -> SessionId {
    consented_to(worker, fakes::wish(2)).await
}

pub async fn consented_to(worker: &AppState, wish: NewInterview) -> SessionId {
    let id = worker.creation.create(wish).await.unwrap().session.id;
    worker.sessions.step(id, &Command::GiveConsent).await.unwrap();
    id
}

/// Of so many questions, with ten minutes for each.
pub fn long(questions: usize) -> NewInterview {
    NewInterview { text_question_timer: Some(600), ..fakes::wish(questions) }
}

pub async fn begin(worker: &AppState, id: SessionId) {
    for command in [Command::Start { by: crate::model::Actor::Candidate }, Command::OpenQuestion] {
        worker.sessions.step(id, &command).await.unwrap();
    }
}

/// A store of one worker's own, and a page that reports before its interview begins.
pub async fn waiting() -> (World, AppState, Reporting) {
    let world = World::exclusive();
    let worker = world.worker().await;
    let id = consented(&worker).await;
    let page = Reporting::of(&worker, id).await;
    (world, worker, page)
}

/// A store of one worker's own, and a page that reports of an interview that has begun.
pub async fn reporting() -> (World, AppState, Reporting) {
    let world = World::exclusive();
    let (worker, page) = reporting_in(&world).await;
    (world, worker, page)
}

/// One more worker, and a page that reports to it of an interview that has begun.
pub async fn reporting_in(world: &World) -> (AppState, Reporting) {
    let worker = world.worker().await;
    let id = consented(&worker).await;
    begin(&worker, id).await;
    let page = Reporting::of(&worker, id).await;
    (worker, page)
}

/// As [`reporting`], of an interview with this policy.
pub async fn reporting_by(policy: serde_json::Value) -> (World, AppState, Reporting) {
    let world = World::exclusive();
    let worker = world.worker().await;
    let mut job: crate::model::NewJob = serde_json::from_value(serde_json::json!({
        "title": "Strict", "questions": [{"text": "Why?"}],
    }))
    .unwrap();
    job.proctoring.policy = policy;
    let job = worker.jobs.create(job).await.unwrap();
    let wish = NewInterview { job_id: Some(job.id), questions: vec![], ..fakes::wish(1) };
    let id = consented_to(&worker, wish).await;
    begin(&worker, id).await;
    let page = Reporting::of(&worker, id).await;
    (world, worker, page)
}

pub fn welcome(downs: Vec<Down>) -> Welcome {
    downs
        .into_iter()
        .find_map(|down| match down {
            Down::Welcome(welcome) => Some(*welcome),
            _ => None,
        })
        .expect("a welcome")
}

impl Reporting {
    /// Begins to report, the interview having begun.
    pub async fn of(worker: &AppState, id: SessionId) -> Self {
        let mut watcher = worker.proctor.watcher(id);
        let open = Up::Open(Open::New(Beginning::NoJournal)).encode().unwrap();
        let welcome = welcome(watcher.hear(&open).await);
        let writer = Writer::new(&id.to_string(), welcome.log, &welcome.nonce);
        let mut page = Self { id, watcher, writer, welcome, at_ms: 0, unanswered: None };
        page.signal(Signal::Stage(Stage::Interview));
        page
    }

    pub fn signal(&mut self, signal: Signal) {
        self.writer.append(&Entry { at_ms: self.at_ms, what: What::Signal(signal) });
    }

    /// Looks twice a second, for so long.
    pub async fn looks(&mut self, world: &World, seconds: u32, look: Look) -> Vec<Down> {
        let mut downs = Vec::new();
        for _ in 0..seconds {
            for _ in 0..2 {
                self.at_ms += 500;
                self.writer.append(&Entry { at_ms: self.at_ms, what: What::Look(look) });
            }
            world.clock.advance_s(1);
            downs.extend(self.send().await);
            downs.extend(Box::pin(self.watcher.tick()).await);
        }
        let asked = downs.iter().rev().find_map(|down| match down {
            Down::ShowMe { nonce } => Some((*nonce, self.at_ms)),
            _ => None,
        });
        self.unanswered = asked.or(self.unanswered);
        downs
    }

    pub async fn send(&mut self) -> Vec<Down> {
        match self.writer.cut().map(<[u8]>::to_vec) {
            Some(bytes) => self.say(Up::Batch(bytes)).await,
            None => vec![],
        }
    }

    pub async fn say(&mut self, up: Up) -> Vec<Down> {
        Box::pin(self.watcher.hear(&up.encode().unwrap())).await
    }

    /// Time passes, and these are seen, until the server asks for a picture.
    pub async fn asked(&mut self, world: &World, look: Look) -> u64 {
        loop {
            if let Some((nonce, at_ms)) = self.unanswered.take()
                && self.at_ms.saturating_sub(at_ms) < WAITS_MS
            {
                return nonce;
            }
            self.looks(world, 1, look).await;
        }
    }

    /// Time passes until the server asks for a picture, and its answer is what is given.
    pub async fn shows(&mut self, world: &World, claim: Look, content: u8) {
        let nonce = self.asked(world, claim).await;
        self.answers(nonce, claim, content).await;
        self.looks(world, 8, claim).await;
    }

    /// Answers what the server asked for, by a picture of now that is looked at. `claim`: what the page saw in it.
    pub async fn answers(&mut self, nonce: u64, claim: impl Into<Option<Look>>, content: u8) -> Vec<Down> {
        let frame = Up::Frame { nonce, at_ms: self.at_ms, claim: claim.into(), jpeg: jpeg(content) };
        let downs = self.say(frame).await;
        tokio::task::yield_now().await;
        downs
    }

    fn still(&self, content: u8) -> Still {
        Still { at_ms: self.at_ms + u32::from(content), jpeg: jpeg(content) }
    }

    /// Sends a picture of a violation, of which more follow.
    pub async fn sends(&mut self, violation: ViolationId, content: u8) -> Vec<Down> {
        let still = self.still(content);
        self.say(Up::Still { violation, still }).await
    }

    /// Sends the last pictures of a violation.
    pub async fn sends_last(&mut self, violation: ViolationId, contents: &[u8]) -> Vec<Down> {
        let stills = contents.iter().map(|content| self.still(*content)).collect();
        self.say(Up::Evidence { violation, stills }).await
    }

    /// Sends a picture of the face, and waits for what the server makes of it.
    pub async fn refers_to(&mut self, content: u8) -> Vec<Down> {
        self.say(Up::Reference { jpeg: jpeg(content) }).await;
        tokio::task::yield_now().await;
        self.watcher.tick().await
    }

    pub async fn session(&self, worker: &AppState) -> Arc<Session> {
        worker.sessions.get(self.id).await.unwrap()
    }
}

/// The page connects again, to this worker, and sends what it does not know to be kept.
pub async fn reconnect(page: &mut Reporting, worker: &AppState) {
    page.watcher = worker.proctor.watcher(page.id);
    open_again(page).await;
}

/// The page opens its log again over the connection that it has, and sends what the worker does not know to be kept. Gives what
/// it was told on opening.
pub async fn open_again(page: &mut Reporting) -> Vec<Down> {
    let downs = page.say(Up::Open(Open::Resume(page.welcome.log))).await;
    let again = welcome(downs.clone());
    if again.log == page.welcome.log {
        page.writer.agree(again.next_seq, again.head).expect("it fits the page's log");
        let rest: Vec<_> = page.writer.batches().map(<[u8]>::to_vec).collect();
        for batch in rest {
            page.say(Up::Batch(batch)).await;
        }
    } else {
        page.writer = Writer::new(&page.id.to_string(), again.log, &again.nonce);
        page.at_ms = 0;
    }
    page.welcome = again;
    downs
}

/// What a log comes to when it is read once more.
pub async fn read_again(worker: &AppState, id: SessionId) -> Replay {
    match worker.proctor.log(id, std::time::Duration::from_secs(9)).await.unwrap() {
        LogState::Read(replay) => replay,
        other => panic!("{other:?}"),
    }
}

pub fn kinds(session: &Session) -> Vec<(Kind, Severity)> {
    let kept = session.proctoring.as_ref().expect("a proctored interview");
    kept.violations.iter().map(|violation| (violation.key.kind, violation.severity)).collect()
}
