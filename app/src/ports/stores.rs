//! What is kept: sessions with their events, small records beside them, and larger things that belong to them.

use async_trait::async_trait;

use crate::model::{Recorded, Session, SessionFilter, SessionId, SessionSummary, Status, UnixMillis};

/// A session as a store keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub session: Session,
    /// 1 when created; one more with each saved step.
    pub version: u64,
    /// Events of this session that may not have reached the events collection yet. They are part of the same atomic
    /// write as the session, so that a crash between the two loses nothing: [`SessionStore::publish`] heals it.
    pub pending: Vec<Recorded>,
}

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another change was saved first (or a session with this id exists): load and decide again.
    #[error("another change was saved first")]
    Conflict,
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The store works, but holds or answered something that makes no sense.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// What a write left to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// The pending events were saved in the same transaction.
    WithEvents,
    /// The pending events still have to be copied by [`SessionStore::publish`].
    EventsPending,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionPage {
    pub sessions: Vec<SessionSummary>,
    /// Matches on all pages.
    pub total: u64,
}

/// Sessions by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionCounts {
    pub initialized: u64,
    pub in_progress: u64,
    pub completed: u64,
}

/// Sessions and their events. Every acknowledged write survives a crash of this process and of the machine.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Whether this process is the only one that writes: then what it remembers is never out of date.
    fn is_exclusive(&self) -> bool;

    /// Adds a new session (version 1). `Conflict` when its id is taken.
    async fn insert(&self, stored: &Stored) -> Result<Written, StoreError>;

    async fn load(&self, id: SessionId) -> Result<Option<Stored>, StoreError>;

    /// Replaces version `stored.version - 1` by `stored`. `Conflict` when the store holds another version or none.
    async fn save(&self, stored: &Stored) -> Result<Written, StoreError>;

    /// Copies events under `<session>:<seq>`; those already there are left alone. Events of several sessions may be mixed.
    async fn publish(&self, events: &[(SessionId, Recorded)]) -> Result<(), StoreError>;

    /// Removes published events, by session and sequence number: those of a session that was deleted before they came.
    async fn unpublish(&self, events: &[(SessionId, u64)]) -> Result<(), StoreError>;

    /// The session's published events in order.
    async fn events(&self, id: SessionId) -> Result<Vec<Recorded>, StoreError>;

    /// The session's published events later than number `after`, in order: at most `limit`.
    async fn events_after(&self, id: SessionId, after: u64, limit: u32) -> Result<Vec<Recorded>, StoreError>;

    /// The versions of those of the sessions that are there, in any order.
    async fn versions(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, u64)>, StoreError>;

    /// How it stands with those of the sessions that are there, in any order.
    async fn statuses(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, Status)>, StoreError>;

    /// Removes the session and its events, also those published until the session is gone. `false` when there was none.
    async fn delete(&self, id: SessionId) -> Result<bool, StoreError>;

    /// Newest first (then by id, so that paging is stable).
    async fn list(&self, filter: &SessionFilter, limit: u32, offset: u64) -> Result<SessionPage, StoreError>;

    async fn counts(&self) -> Result<SessionCounts, StoreError>;

    /// Ids of sessions that are not completed and whose room is absent: at most `limit`, oldest first.
    async fn without_room(&self, limit: u32) -> Result<Vec<SessionId>, StoreError>;

    /// Ids of sessions that [need work](Session::needs_work): at most `limit`, oldest first.
    async fn with_work(&self, limit: u32) -> Result<Vec<SessionId>, StoreError>;

    /// Sessions with something that people have to decide about, the most urgent ones ([`Undecided`](crate::model::Undecided))
    /// first, of equal ones the oldest: at most `limit`.
    async fn to_review(&self, limit: u32) -> Result<Vec<SessionSummary>, StoreError>;

    /// Ids of completed sessions that an older version of the program stored without what [`Self::with_work`] goes by: at
    /// most `limit`. Saving one puts it right. May read all sessions, so this is for once in a while.
    async fn outdated(&self, limit: u32) -> Result<Vec<SessionId>, StoreError>;

    /// Succeeds when the store answers.
    async fn ping(&self) -> Result<(), StoreError>;
}

/// One page of what records of a kind say of themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryPage {
    /// By key: key and summary, as JSON text. No summary: an older version of the program wrote the record.
    pub summaries: Vec<(String, Option<String>)>,
    /// Records on all pages.
    pub total: u64,
}

/// In which order records are listed, by key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

/// Kinds of small records: what is kept beside sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordKind {
    /// Generated keys that all workers share.
    Secret,
    /// Admin accounts, by e-mail address in lower case.
    Admin,
    /// API keys, by hash.
    ApiKey,
    /// Logged-in admins, by hash of the cookie's token.
    AdminSession,
    /// One-time login links, by hash.
    LoginLink,
    /// First results of creates that carried an `Idempotency-Key`, by hash.
    Idempotency,
    /// What candidates are writing, by session.
    Draft,
    /// When each worker was last at work, by worker.
    Worker,
    Job,
    /// Reports, by session.
    Report,
    /// Bulk invitations, by id.
    Invitations,
    /// Bulk invitations that are not finished, by id.
    DueInvitations,
    /// Where news of sessions is sent to, by id.
    Hook,
    /// When to look at which delivery, by hook, time and delivery.
    DueDelivery,
    /// News on its way to hooks, and news that was sent or given up; by time, session, what and where.
    Delivery,
    /// What a session's pictures and logs are encrypted with, itself encrypted, by session.
    VaultKey,
    /// Sessions whose pictures and logs are to be erased, by time and session.
    DueErasure,
    /// Deletions of sessions that were not looked after yet, by time and session.
    Deletion,
    /// Who is doing something that must not be done twice at once, by what is done.
    Lease,
}

impl RecordKind {
    /// The word that stores use for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Admin => "admin",
            Self::ApiKey => "api_key",
            Self::AdminSession => "admin_session",
            Self::LoginLink => "login_link",
            Self::Idempotency => "idempotency",
            Self::Draft => "draft",
            Self::Worker => "worker",
            Self::Job => "job",
            Self::Report => "report",
            Self::Invitations => "invitations",
            Self::DueInvitations => "due_invitations",
            Self::Hook => "hook",
            Self::DueDelivery => "due_delivery",
            Self::Delivery => "delivery",
            Self::VaultKey => "vault_key",
            Self::DueErasure => "due_erasure",
            Self::Deletion => "deletion",
            Self::Lease => "lease",
        }
    }

    /// What stores keep beside a record, written with it: what it says of itself in the field `summary` at its top, as JSON
    /// text. None where it does not, and for kinds whose records are not listed by it.
    #[must_use]
    pub fn summary_in(self, value: &str) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Said {
            summary: Option<serde_json::Value>,
        }
        let listed = matches!(self, Self::Job | Self::Invitations);
        let said = listed.then(|| serde_json::from_str::<Said>(value).ok())??;
        said.summary.map(|summary| summary.to_string())
    }
}

/// Small records by kind and key: accounts, credentials, secrets. Values are JSON text. An expired record is as good as gone.
#[async_trait]
pub trait RecordStore: Send + Sync {
    async fn get(&self, kind: RecordKind, key: &str) -> Result<Option<String>, StoreError>;

    /// Adds a record unless there is one; answers the value that is there afterwards.
    async fn put_new(
        &self,
        kind: RecordKind,
        key: &str,
        value: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<String, StoreError>;

    /// Writes a record, whatever was there.
    async fn put(
        &self,
        kind: RecordKind,
        key: &str,
        value: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<(), StoreError>;

    /// Writes `new` where `expected` is kept. `false`, and nothing is written, when there is something else, or nothing.
    /// Of several callers who expect the same only one succeeds.
    async fn replace(
        &self,
        kind: RecordKind,
        key: &str,
        expected: &str,
        new: &str,
        expires_at: Option<UnixMillis>,
    ) -> Result<bool, StoreError>;

    /// Removes a record and answers what it held. Of several callers only one gets it.
    async fn take(&self, kind: RecordKind, key: &str) -> Result<Option<String>, StoreError>;

    /// Records of a kind by key, at most `limit`: key and value.
    async fn list(&self, kind: RecordKind, order: Order, limit: u32) -> Result<Vec<(String, String)>, StoreError>;

    /// Records of a kind whose keys are `from` or later and before `to`, byte by byte, in this order, at most `limit`.
    async fn between(
        &self,
        kind: RecordKind,
        from: &str,
        to: &str,
        limit: u32,
    ) -> Result<Vec<(String, String)>, StoreError>;

    /// What records of a kind say of themselves ([`RecordKind::summary_in`]), by key. What else they hold does not leave the
    /// store.
    async fn summaries(
        &self,
        kind: RecordKind,
        order: Order,
        limit: u32,
        offset: u64,
    ) -> Result<SummaryPage, StoreError>;

    /// Whether there is any record of this kind.
    async fn any(&self, kind: RecordKind) -> Result<bool, StoreError>;

    /// How many records of this kind there are.
    async fn count(&self, kind: RecordKind) -> Result<u64, StoreError>;
}

/// Larger things that belong to a session, such as pictures and logs. The store does not look into them: they come encrypted.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Adds it under a name of its own; `false` when the name is taken, and what is there stays.
    async fn put_new(&self, session: SessionId, name: &str, bytes: &[u8]) -> Result<bool, StoreError>;

    async fn get(&self, session: SessionId, name: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// The names of a session's that begin with `prefix`, in order.
    async fn names(&self, session: SessionId, prefix: &str) -> Result<Vec<String>, StoreError>;

    /// Removes all of a session.
    async fn erase(&self, session: SessionId) -> Result<(), StoreError>;
}
