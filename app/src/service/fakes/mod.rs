//! A world for unit tests of services: a store, a LiveKit, an evaluator, receivers of webhooks and a clock that hold state
//! and fail on demand.

mod blobs;
mod evaluator;
mod examiner;
mod media;
mod post;
mod records;
mod store;

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

pub use blobs::FakeBlobs;
pub use evaluator::FakeEvaluator;
pub use examiner::FakeExaminer;
pub use media::FakeMedia;
pub use post::{FakePost, Sent};
pub use store::FakeStore;

use super::{AppState, Assets, VaultError};
use crate::{
    interview::SessionPlan,
    model::{Candidate, NewInterview, Question, QuestionKind, Session, SessionId, TimeRules, Timers, UnixMillis},
    ports::{Clock, MasterKey, MediaGateway, Ports},
};

/// A clock that stands still until a test moves it.
#[derive(Default)]
pub struct FakeClock {
    ms: AtomicI64,
    creep: AtomicI64,
}

impl FakeClock {
    /// From now on it moves by so many milliseconds whenever it is looked at.
    pub fn creep(&self, ms: i64) {
        self.creep.store(ms, Ordering::SeqCst);
    }

    pub fn advance_s(&self, seconds: i64) {
        self.ms.fetch_add(seconds * 1000, Ordering::SeqCst);
    }
}

impl Clock for FakeClock {
    fn now(&self) -> UnixMillis {
        UnixMillis(self.ms.fetch_add(self.creep.load(Ordering::SeqCst), Ordering::SeqCst))
    }
}

/// What workers share.
pub struct World {
    pub store: Arc<FakeStore>,
    pub blobs: Arc<FakeBlobs>,
    pub media: Arc<FakeMedia>,
    pub evaluator: Arc<FakeEvaluator>,
    pub examiner: Arc<FakeExaminer>,
    pub post: Arc<FakePost>,
    pub clock: Arc<FakeClock>,
}

impl World {
    /// With a store that several workers share, as MongoDB is.
    pub fn shared() -> Self {
        Self::new(false)
    }

    /// With a store that one worker has to itself, as the embedded one is.
    pub fn exclusive() -> Self {
        Self::new(true)
    }

    fn new(exclusive: bool) -> Self {
        let clock = Arc::new(FakeClock { ms: AtomicI64::new(1_767_225_600_000), ..FakeClock::default() });
        Self {
            store: Arc::new(FakeStore::new(exclusive, clock.clone())),
            blobs: Arc::default(),
            media: Arc::new(FakeMedia::new(clock.clone())),
            evaluator: Arc::new(FakeEvaluator::new()),
            examiner: Arc::default(),
            post: Arc::new(FakePost::new(clock.clone())),
            clock,
        }
    }

    /// One more worker, with LiveKit.
    pub async fn worker(&self) -> AppState {
        self.worker_with(Some(self.media.clone())).await
    }

    pub async fn worker_without_livekit(&self) -> AppState {
        self.worker_with(None).await
    }

    /// One more worker, with a LiveKit of its own, or without.
    pub async fn worker_with(&self, media: Option<Arc<dyn MediaGateway>>) -> AppState {
        self.start(media, [7; 32]).await.unwrap()
    }

    /// A worker that was given this master key.
    pub async fn worker_with_key(&self, key: [u8; 32]) -> Result<AppState, VaultError> {
        self.start(None, key).await
    }

    async fn start(&self, media: Option<Arc<dyn MediaGateway>>, key: [u8; 32]) -> Result<AppState, VaultError> {
        let ports = Ports {
            clock: self.clock.clone(),
            sessions: self.store.clone(),
            records: self.store.clone(),
            blobs: self.blobs.clone(),
            master_key: MasterKey(key),
            media,
            examiner: Some(self.examiner.clone()),
            spot_mean: std::time::Duration::from_secs(60),
            evaluator: self.evaluator.clone(),
            post: self.post.clone(),
        };
        AppState::new(ports, "http://localhost".into(), Assets::default()).await
    }
}

/// A wish for a session with this many text questions of 60 seconds.
pub fn wish(questions: usize) -> NewInterview {
    NewInterview {
        name: "Ada Lovelace".into(),
        email: "ada@example.org".into(),
        questions: (0..questions).map(|number| format!("Question {number}?")).collect(),
        text_question_timer: Some(60),
        ..NewInterview::default()
    }
}

/// Makes such a session.
pub async fn create(worker: &AppState, questions: usize) -> SessionId {
    worker.creation.create(wish(questions)).await.unwrap().session.id
}

/// Such a session, which nobody has.
pub fn session(id: SessionId) -> Session {
    let plan = SessionPlan {
        proctoring: None,
        candidate: Candidate { name: "Ada Lovelace".into(), email: "ada@example.org".into(), phone: None },
        job: None,
        questions: vec![Question::new("Question 0?", QuestionKind::Text)],
        max_questions: 1,
        timers: Timers { text_s: 60, coding_s: 60 },
        time: TimeRules::default(),
    };
    crate::interview::create(id, plan, UnixMillis(0)).0
}
