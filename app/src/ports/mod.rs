//! What the services need from the world. The server implements these; unit tests have fakes.

mod stores;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;

pub use stores::*;

use crate::model::{Question, RoomAccess, SessionId, UnixMillis, Verdict};

/// The time. Injected, so that tests can set it.
pub trait Clock: Send + Sync {
    fn now(&self) -> UnixMillis;
}

/// A room as LiveKit lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveRoom {
    pub name: String,
    pub created_at: UnixMillis,
    /// Whether this deployment made it: LiveKit may be shared with others.
    pub ours: bool,
    /// How many are in it; LiveKit may count hidden observers too.
    pub participants: u32,
}

/// A participant as LiveKit lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveParticipant {
    pub sid: String,
    pub identity: String,
}

/// Why LiveKit did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("LiveKit did not answer: {0}")]
    Unreachable(String),
    #[error("LiveKit refused: {0}")]
    Refused(String),
}

/// LiveKit's rooms and tokens. Calls take 2 s and one retry at most; while LiveKit is known to be down they fail at once.
#[async_trait]
pub trait MediaGateway: Send + Sync {
    /// The address browsers connect to.
    fn url(&self) -> &str;

    /// Makes the session's room; an existing one is left as it is. It closes 600 s after the last participant left.
    async fn create_room(&self, id: SessionId) -> Result<(), MediaError>;

    /// Removes the session's room and everyone in it. No error when there is none.
    async fn delete_room(&self, id: SessionId) -> Result<(), MediaError>;

    /// All rooms, ours and others.
    async fn list_rooms(&self) -> Result<Vec<LiveRoom>, MediaError>;

    /// Who is in the session's room. Nobody when there is none.
    async fn participants(&self, id: SessionId) -> Result<Vec<LiveParticipant>, MediaError>;

    /// Join, publish, subscribe and data, for this room only, for 3,600 s.
    fn candidate_access(&self, id: SessionId, name: &str) -> Result<RoomAccess, MediaError>;

    /// Hidden, subscribe only, for this room only, for 3,600 s.
    fn observer_access(&self, id: SessionId) -> Result<RoomAccess, MediaError>;

    /// Whether LiveKit answered last time.
    fn is_up(&self) -> bool;

    /// Whether LiveKit answers again after calls failed, whoever noticed it first. It is asked if it is known to be down.
    /// The same outage is told of once.
    async fn is_back(&self) -> bool;
}

/// An answer to be evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct EvaluationTask {
    pub question: Question,
    pub answer: String,
}

/// Says how good answers are.
#[async_trait]
pub trait Evaluate: Send + Sync {
    /// Always gives a verdict: what can go wrong is a matter of the implementation, which says so in the verdict's notes.
    /// Takes a minute at most.
    async fn evaluate(&self, task: &EvaluationTask) -> Verdict;
}

/// What the server sees in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    pub look: proctor::observation::Look,
    /// Tells pictures apart, however they were encoded: for [`Examine::same_picture`].
    pub print: Vec<u8>,
    /// Tells faces apart, where that was asked for and there is one: for [`Examine::same_person`].
    pub face: Option<Vec<f32>>,
}

/// Why a picture was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unexamined {
    /// Others come first. Interviews go on: fewer checks are made.
    Busy,
    /// It cannot be decoded, or is larger than any that pages send: whoever sent it sent no picture.
    NoPicture,
    /// Looking failed, for a reason of the server's own. It says nothing about the picture.
    Failed,
}

/// Looks at pictures of candidates.
#[async_trait]
pub trait Examine: Send + Sync {
    /// `with_face`: to tell the face apart from others costs as much again as to see it.
    async fn examine(&self, jpeg: &[u8], with_face: bool) -> Result<Examined, Unexamined>;

    /// Whether two pictures are one, sent twice. Two of a camera differ at least by its noise.
    fn same_picture(&self, one: &[u8], other: &[u8]) -> bool;

    /// Whether two faces are of one person. None: it cannot be told.
    fn same_person(&self, one: &[f32], other: &[f32]) -> Option<bool>;
}

/// What somebody's server answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    pub status: u16,
    /// Seconds for which it wants nothing more, if it says so.
    pub retry_after_s: Option<u32>,
}

/// Why there was no answer from another server: a webhook's receiver, or the model that evaluates answers. The words are for an admin
/// and the log, and say nothing of the address, which may hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unanswered {
    #[error("the address cannot be used")]
    BadAddress,
    #[error("the address must begin with https:// or http://")]
    NotOfTheWeb,
    /// Only the public internet is allowed.
    #[error("the address is internal, and WEBHOOK_ALLOW_INTERNAL is not set")]
    Inside,
    #[error("the host name was not found")]
    NoSuchHost,
    #[error("could not connect in time")]
    NotConnectedInTime,
    #[error("could not connect: connection refused")]
    ConnectionRefused,
    #[error("could not connect")]
    NotConnected,
    /// No secure connection, and why.
    #[error("TLS: {0}")]
    NotSecure(&'static str),
    #[error("no answer in time")]
    Silent,
    #[error("the connection broke off")]
    BrokenOff,
}

/// Sends news to other people's servers.
#[async_trait]
pub trait Post: Send + Sync {
    /// Posts JSON with these headers. 10 s at most; redirects are not followed.
    ///
    /// # Errors
    /// Why no answer came.
    async fn post(&self, url: &str, headers: &[(&str, String)], body: &str) -> Result<Posted, Unanswered>;
}

/// A key of 256 bits that never leaves the process.
#[derive(Clone)]
pub struct MasterKey(pub [u8; 32]);

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

/// What the server plugs in.
#[derive(Clone)]
pub struct Ports {
    pub clock: Arc<dyn Clock>,
    pub sessions: Arc<dyn SessionStore>,
    pub records: Arc<dyn RecordStore>,
    pub blobs: Arc<dyn BlobStore>,
    /// What the keys of sessions are encrypted with.
    pub master_key: MasterKey,
    /// `None`: LiveKit is not set up.
    pub media: Option<Arc<dyn MediaGateway>>,
    pub evaluator: Arc<dyn Evaluate>,
    /// `None`: this server cannot see.
    pub examiner: Option<Arc<dyn Examine>>,
    /// Between two spot checks of a candidate, on average.
    pub spot_mean: Duration,
    pub post: Arc<dyn Post>,
}
