//! Webhooks: news of sessions for other people's servers, signed as the Standard Webhooks specification has it
//! (<https://www.standardwebhooks.com>), sent at least once, and tried again with growing pauses.

mod address;
mod sending;
mod signing;

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::json;
use tokio::time::Instant;

use self::sending::{DELETING_S, DELETION_FAILED_MS, lease_of, place_of};
use super::{
    ServiceError, Sessions,
    audience::{Audience, RELIED_ON},
    leases::Leases,
    once::{Once, OnceKey},
    records::Typed,
    tokens::{random_key, random_uuid},
};
use crate::{
    components::words::iso_millis,
    error::{AppError, ErrorKind},
    model::{Delivery, DeliveryState, Hook, Session, SessionId, UnixMillis, WebhookEvent},
    ports::{Clock, Order, Post, RecordKind, RecordStore, StoreError},
};

/// Hooks of one deployment at most.
pub const MAX_HOOKS: u32 = 20;

/// How long adding a hook takes where other workers have to learn of it: until none relies any more on what it read before.
const SPREADS: Duration = RELIED_ON.saturating_add(Duration::from_millis(500));

/// The hooks of a deployment, and one worker's share in telling them.
pub struct Hooks {
    sessions: Arc<Sessions>,
    hooks: Typed<Hook>,
    /// When to look at which delivery, by hook and time.
    due: Typed<Delivery>,
    /// What is on its way and what was sent, by id.
    deliveries: Typed<Delivery>,
    /// When the news of a deletion was first put on its way, by session.
    deletions_told: Typed<UnixMillis>,
    leases: Leases,
    once: Once,
    post: Arc<dyn Post>,
    clock: Arc<dyn Clock>,
    audience: Arc<Audience>,
}

impl Hooks {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        records: Arc<dyn RecordStore>,
        post: Arc<dyn Post>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            audience: sessions.audience(),
            sessions,
            hooks: Typed::new(records.clone(), RecordKind::Hook),
            due: Typed::new(records.clone(), RecordKind::DueDelivery),
            deliveries: Typed::new(records.clone(), RecordKind::Delivery),
            deletions_told: Typed::new(records.clone(), RecordKind::Idempotency),
            once: Once::new(records.clone(), clock.clone()),
            leases: Leases::new(records, clock.clone()),
            post,
            clock,
        }
    }

    /// All hooks, oldest first. To be called every few seconds, so that this worker knows of those that others made.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self) -> Result<Vec<Hook>, ServiceError> {
        let at = Instant::now();
        let mut hooks: Vec<Hook> =
            self.hooks.list(Order::Ascending, MAX_HOOKS).await?.into_iter().map(|(_, hook)| hook).collect();
        hooks.sort_by_key(|hook| hook.created_at);
        self.audience.was_read(at, !hooks.is_empty(), self.sessions.workers.is_known());
        Ok(hooks)
    }

    /// Sends what happens from now on to `url`, too. Where there are other workers this takes a few seconds: when it is
    /// done, whatever any of them does is told.
    ///
    /// # Errors
    /// What is wrong with the address, or the store's error.
    pub async fn add(&self, url: &str) -> Result<Hook, ServiceError> {
        self.add_once(None, url).await
    }

    /// Like [`Self::add`]; the same `key` answers the first result again for 24 hours, until the webhook is removed.
    ///
    /// # Errors
    /// Also `Unprocessable` when the key was used with another request.
    pub async fn add_once(&self, key: Option<&OnceKey>, url: &str) -> Result<Hook, ServiceError> {
        let url = address::checked(url)?;
        let promise = self.once.promise(key, random_uuid(), &("webhook", url.as_str())).await?;
        let id = promise.id.to_string();
        if let Some(known) = self.hooks.get(&id).await? {
            return Ok(known);
        }
        let secret = format!("whsec_{}", STANDARD.encode(random_key()));
        let hook = Hook { id, url, secret, created_at: promise.at, gone_at: None, create_key: promise.key };
        let full = || {
            let text = format!("There are {MAX_HOOKS} webhooks already. Remove one first.");
            AppError::new(ErrorKind::Conflict, text)
        };
        let Some(hook) = self.hooks.add(&hook.id, &hook, MAX_HOOKS.into()).await? else {
            self.once.free(hook.create_key.as_deref(), &hook.id).await?;
            return Err(full().into());
        };
        self.audience.was_read(Instant::now(), true, true);
        // It is there. Not knowing of others is no reason to say that it failed, and none to hurry.
        if self.sessions.workers.are_others().await.unwrap_or(true) {
            tokio::time::sleep(SPREADS).await;
        }
        Ok(hook)
    }

    /// Sends nothing there any more.
    ///
    /// # Errors
    /// `NotFound`, or the store's.
    pub async fn remove(&self, id: &str) -> Result<(), ServiceError> {
        let unknown = || AppError::not_found("There is no such webhook any more.");
        let known = self.hooks.get(id).await?.ok_or_else(unknown)?;
        self.once.free(known.create_key.as_deref(), id).await?;
        self.hooks.take(id).await?.map(drop).ok_or_else(|| unknown().into())
    }

    /// Puts what is true of a session now and was not announced on its way to all hooks.
    pub(super) async fn announce(&self, session: &Session) -> Result<(), ServiceError> {
        self.tell(&self.listening().await?, session).await
    }

    async fn tell(&self, hooks: &[Hook], session: &Session) -> Result<(), ServiceError> {
        let (before, now) = (session.announced, session.to_announce());
        let report = session.report.map(|report| report.at);
        let news = [
            (WebhookEvent::SessionCreated, before.created != now.created, Some(session.created_at)),
            (WebhookEvent::SessionStarted, before.started != now.started, session.started_at),
            (WebhookEvent::SessionCompleted, before.completed != now.completed, session.ended_at),
            (WebhookEvent::ReportReady, before.report != now.report, report),
        ];
        for hook in hooks {
            for (news, changed, at) in &news {
                if let Some(at) = at.filter(|at| *changed && *at >= hook.created_at) {
                    self.enqueue(hook, session, *news, at, at).await?;
                }
            }
        }
        Ok(())
    }

    /// Puts the news of a deletion on its way, before the session goes: should that fail, it is not sent. Before it goes
    /// whatever was not announced yet, which nobody would know any more.
    pub(super) async fn announce_deletion(&self, session: &Session) -> Result<(), ServiceError> {
        if self.audience.is_nobody() {
            return Ok(());
        }
        let (hooks, now) = (self.listening().await?, self.clock.now());
        self.tell(&hooks, session).await?;
        // Who asks again for a deletion, because the first one broke off, tells the same.
        let until = UnixMillis(now.0 + DELETION_FAILED_MS);
        let at = self.deletions_told.put_new(&format!("{}:deletion", session.id), &now, Some(until)).await?;
        for hook in &hooks {
            let (news, due_at) = (WebhookEvent::SessionDeleted, now.plus_seconds(DELETING_S));
            self.enqueue(hook, session, news, at, due_at).await?;
        }
        Ok(())
    }

    /// Hooks whose receivers are not gone.
    async fn listening(&self) -> Result<Vec<Hook>, ServiceError> {
        Ok(self.list().await?.into_iter().filter(|hook| hook.gone_at.is_none()).collect())
    }

    /// Notes since when a hook's receiver is gone, or that it is back.
    async fn note_gone(&self, id: &str, gone_at: Option<UnixMillis>) -> Result<Option<Hook>, StoreError> {
        let note = |known: &Hook| {
            let changed = known.gone_at.is_some() != gone_at.is_some();
            Ok::<_, StoreError>(changed.then(|| Hook { gone_at, ..known.clone() }))
        };
        self.hooks.change(id, note, |_| None).await
    }

    async fn enqueue(
        &self,
        hook: &Hook,
        session: &Session,
        news: WebhookEvent,
        at: UnixMillis,
        due_at: UnixMillis,
    ) -> Result<(), StoreError> {
        // By time, so that the oldest go first; the same for the same news, so that it is sent once.
        let key = format!("{}{}:{}:{}", told_of(session.id, at), news as u8, news.as_str(), hook.id);
        if self.deliveries.get(&key).await?.is_some() {
            return Ok(());
        }
        let delivery = Delivery {
            id: key.clone(),
            hook: hook.id.clone(),
            url: hook.url.clone(),
            news,
            session: session.id,
            report: session.report.filter(|_| news == WebhookEvent::ReportReady).map(|report| report.basis),
            created_at: self.clock.now(),
            due_at,
            attempts: Vec::new(),
            state: DeliveryState::Due,
        };
        self.due.put(&place_of(&delivery), &delivery, None).await?;
        self.deliveries.put_new(&key, &delivery, None).await.map(drop)
    }

    /// What is on its way and what was sent, newest first, at most `limit`.
    ///
    /// # Errors
    /// The store's.
    pub async fn deliveries(&self, limit: u32) -> Result<Vec<Delivery>, ServiceError> {
        Ok(self.deliveries.list(Order::Descending, limit).await?.into_iter().map(|(_, delivery)| delivery).collect())
    }

    /// Sends a delivery again, now.
    ///
    /// # Errors
    /// `NotFound` for one that is not known any more or whose webhook was removed, `Conflict` while it is being sent, or
    /// the store's.
    pub async fn send_again(&self, id: &str) -> Result<(), ServiceError> {
        let Some(lease) = self.leases.take(&lease_of(id)).await? else {
            let text = "This delivery is being sent right now. Look again in a few seconds.";
            return Err(AppError::new(ErrorKind::Conflict, text).into());
        };
        let again = self.make_due(id).await;
        lease.give_back().await;
        again
    }

    async fn make_due(&self, id: &str) -> Result<(), ServiceError> {
        let known = self.deliveries.get(id).await?;
        let known = known.ok_or_else(|| AppError::not_found("This delivery is not known any more."))?;
        if self.note_gone(&known.hook, None).await?.is_none() {
            return Err(AppError::not_found("The webhook that this was sent to was removed.").into());
        }
        let again = Delivery { due_at: self.clock.now(), state: DeliveryState::Due, attempts: Vec::new(), ..known };
        self.due.put(&place_of(&again), &again, None).await?;
        Ok(self.deliveries.put(id, &again, None).await?)
    }
}

/// What the ids of deliveries begin with that tell of what happened to a session at a time.
pub(super) fn told_of(session: SessionId, at: UnixMillis) -> String {
    format!("{:015}:{session}:", at.0)
}

/// What is sent. No names and no answers: whoever may read them asks the API. Of a session that is not there nothing but its
/// id.
fn body(delivery: &Delivery, session: Option<&Session>) -> String {
    let mut data = json!({ "session_id": delivery.session });
    if let Some(session) = session {
        data = json!({
            "session_id": session.id,
            "status": session.status,
            "job_id": session.job.as_ref().map(|job| &job.id.0),
            "questions_answered": session.answered(),
            "average_score": session.average_score(),
        });
        if let Some(version) = delivery.report {
            data["report_version"] = json!(version);
        }
    }
    json!({ "type": delivery.news.as_str(), "timestamp": iso_millis(happened_at(delivery)), "data": data }).to_string()
}

/// When that happened which is told: its id begins with it.
fn happened_at(delivery: &Delivery) -> UnixMillis {
    let at = delivery.id.split(':').next().and_then(|at| at.parse().ok());
    at.map_or(delivery.created_at, UnixMillis)
}
