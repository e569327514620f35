//! Webhooks: news of sessions for other people's servers, signed as the Standard Webhooks specification has it
//! (<https://www.standardwebhooks.com>), sent at least once, and tried again with growing pauses.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use futures::{StreamExt, future::BoxFuture, stream};
use hmac::{Hmac, Mac};
use serde_json::json;
use sha2::Sha256;

use super::{
    ServiceError, Sessions,
    leases::Leases,
    records::Typed,
    tokens::{random_key, random_uuid},
};
use crate::{
    components::words::iso,
    error::{AppError, ErrorKind},
    model::{Attempt, Delivery, DeliveryState, Hook, Session, SessionId, UnixMillis, WebhookEvent},
    ports::{Clock, Order, Post, RecordKind, RecordStore, StoreError},
};

/// Hooks of one deployment at most.
pub const MAX_HOOKS: u32 = 20;

/// Longest address, in bytes.
const MAX_URL: usize = 2_000;

/// Seconds until the next attempt after the first failure, the second, and so on. After the last one it is given up.
const PAUSES_S: [u32; 9] = [1, 5, 30, 120, 600, 3_600, 21_600, 43_200, 86_400];

/// Seconds after which it is looked whether a session that was about to be deleted is gone, again and again; and
/// milliseconds after which its deletion is taken to have failed.
const DELETING_S: u32 = 2;
const DELETION_FAILED_MS: i64 = 15_000;

/// Milliseconds for which a finished delivery is shown.
const SHOWN_MS: i64 = 30 * 86_400_000;

/// Deliveries looked at in one go, and sent at the same time.
const PAGE: u32 = 5_000;
const AT_ONCE: usize = 8;

/// The hooks of a deployment, and one worker's share in telling them.
pub struct Hooks {
    sessions: Arc<Sessions>,
    hooks: Typed<Hook>,
    due: Typed<Delivery>,
    done: Typed<Delivery>,
    leases: Leases,
    post: Arc<dyn Post>,
    clock: Arc<dyn Clock>,
    /// Whether there may be any: without them sessions need not be announced.
    any: Arc<AtomicBool>,
}

impl Hooks {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        records: Arc<dyn RecordStore>,
        post: Arc<dyn Post>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            any: sessions.announces(),
            sessions,
            hooks: Typed::new(records.clone(), RecordKind::Hook),
            due: Typed::new(records.clone(), RecordKind::DueDelivery),
            done: Typed::new(records.clone(), RecordKind::Delivery),
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
        let mut hooks: Vec<Hook> =
            self.hooks.list(Order::Ascending, MAX_HOOKS).await?.into_iter().map(|(_, hook)| hook).collect();
        hooks.sort_by_key(|hook| hook.created_at);
        self.any.store(!hooks.is_empty(), Ordering::Release);
        Ok(hooks)
    }

    /// Sends what happens from now on to `url`, too.
    ///
    /// # Errors
    /// What is wrong with the address, or the store's error.
    pub async fn add(&self, url: &str) -> Result<Hook, ServiceError> {
        let url = url.trim();
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        let odd = |c: char| c.is_whitespace() || c.is_control();
        if url.len() > MAX_URL || host.is_none_or(|host| host.is_empty() || host.contains(odd)) {
            return Err(AppError::bad_request("The address must begin with https:// or http://.").into());
        }
        if self.list().await?.len() >= MAX_HOOKS as usize {
            let text = format!("There are {MAX_HOOKS} webhooks already. Remove one first.");
            return Err(AppError::new(ErrorKind::Conflict, text).into());
        }
        let id = random_uuid().to_string();
        let secret = format!("whsec_{}", STANDARD.encode(random_key()));
        let hook = Hook { id, url: url.to_owned(), secret, created_at: self.clock.now() };
        self.hooks.put(&hook.id, &hook, None).await?;
        self.any.store(true, Ordering::Release);
        Ok(hook)
    }

    /// Sends nothing there any more.
    ///
    /// # Errors
    /// `NotFound`, or the store's.
    pub async fn remove(&self, id: &str) -> Result<(), ServiceError> {
        let known = self.hooks.take(id).await?;
        known.map(drop).ok_or_else(|| AppError::not_found("There is no such webhook any more.").into())
    }

    /// Puts what is true of a session now and was not announced on its way to all hooks.
    pub(super) async fn announce(&self, session: &Session) -> Result<(), ServiceError> {
        let (before, now) = (session.announced, session.to_announce());
        let report = session.report.map(|report| report.at);
        let news = [
            (WebhookEvent::SessionCreated, before.created != now.created, Some(session.created_at)),
            (WebhookEvent::SessionStarted, before.started != now.started, session.started_at),
            (WebhookEvent::SessionCompleted, before.completed != now.completed, session.ended_at),
            (WebhookEvent::ReportReady, before.report != now.report, report),
        ];
        for hook in self.list().await? {
            for (news, changed, at) in &news {
                if let Some(at) = at.filter(|at| *changed && *at >= hook.created_at) {
                    self.enqueue(&hook, session, *news, at, at).await?;
                }
            }
        }
        Ok(())
    }

    /// Puts the news of a deletion on its way, before the session goes: should that fail, it is not sent.
    pub(super) async fn announce_deletion(&self, session: &Session) -> Result<(), ServiceError> {
        if !self.any.load(Ordering::Acquire) {
            return Ok(());
        }
        let now = self.clock.now();
        for hook in self.list().await? {
            self.enqueue(&hook, session, WebhookEvent::SessionDeleted, now, now.plus_seconds(DELETING_S)).await?;
        }
        Ok(())
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
        let key = format!("{:015}:{}:{}:{}:{}", at.0, session.id, news as u8, news.as_str(), hook.id);
        if self.done.get(&key).await?.is_some() {
            return Ok(());
        }
        let delivery = Delivery {
            id: key.clone(),
            hook: hook.id.clone(),
            url: hook.url.clone(),
            news,
            session: session.id,
            body: body(session, news, at),
            created_at: self.clock.now(),
            due_at,
            attempts: Vec::new(),
            state: DeliveryState::Due,
        };
        self.due.put_new(&key, &delivery, None).await.map(drop)
    }

    /// To be called every second: sends what is due.
    pub async fn run(&self) {
        if let Err(error) = self.send_due().await {
            tracing::warn!(%error, "webhooks could not be looked after");
        }
    }

    async fn send_due(&self) -> Result<(), ServiceError> {
        self.list().await?;
        let now = self.clock.now();
        let due = self.due.list(Order::Ascending, PAGE).await?;
        let due: Vec<_> = due.into_iter().filter(|(_, delivery)| delivery.due_at <= now).collect();
        let send = |(key, _): (String, Delivery)| -> BoxFuture<'_, ()> {
            Box::pin(async move {
                if let Err(error) = self.send(&key).await {
                    tracing::warn!(%error, "a webhook's delivery is left for later");
                }
            })
        };
        stream::iter(due).for_each_concurrent(AT_ONCE, send).await;
        Ok(())
    }

    async fn send(&self, key: &str) -> Result<(), StoreError> {
        let Some(lease) = self.leases.take(&format!("delivery:{key}")).await? else { return Ok(()) };
        let sent = self.send_leased(key).await;
        lease.give_back().await;
        sent
    }

    async fn send_leased(&self, key: &str) -> Result<(), StoreError> {
        // Another worker may have sent it since it was read.
        let Some(mut delivery) = self.due.get(key).await?.filter(|known| known.due_at <= self.clock.now()) else {
            return Ok(());
        };
        let Some(hook) = self.hooks.get(&delivery.hook).await? else {
            // It was removed meanwhile.
            return self.due.take(key).await.map(drop);
        };
        let at = self.clock.now();
        if delivery.news == WebhookEvent::SessionDeleted && self.is_there(delivery.session).await? {
            if at.0 - delivery.created_at.0 >= DELETION_FAILED_MS {
                return self.due.take(key).await.map(drop);
            }
            delivery.due_at = at.plus_seconds(DELETING_S);
            return self.due.put(key, &delivery, None).await;
        }
        let headers = signed(&hook, key, at, &delivery.body);
        let outcome = self.post.post(&delivery.url, &headers, &delivery.body).await;
        let taken = outcome.as_ref().is_ok_and(|status| (200..300).contains(status));
        delivery.attempts.push(Attempt { at, outcome });
        let pause = PAUSES_S.get(delivery.attempts.len() - 1).filter(|_| !taken);
        if let Some(pause) = pause {
            delivery.due_at = self.clock.now().plus_seconds(*pause);
            return self.due.put(key, &delivery, None).await;
        }
        delivery.state = if taken { DeliveryState::Delivered } else { DeliveryState::GivenUp };
        let expires_at = UnixMillis(at.0 + SHOWN_MS);
        self.done.put(key, &delivery, Some(expires_at)).await?;
        self.due.take(key).await.map(drop)
    }

    /// Whether a session is there. Not knowing is an error: it must not be taken for gone.
    async fn is_there(&self, id: SessionId) -> Result<bool, StoreError> {
        match self.sessions.get(id).await {
            Ok(_) => Ok(true),
            Err(ServiceError::NoSession(_)) => Ok(false),
            Err(ServiceError::Store(error)) => Err(error),
            Err(error) => Err(StoreError::Failed(error.to_string())),
        }
    }

    /// What is on its way and what was sent, newest first, at most `limit` of each.
    ///
    /// # Errors
    /// The store's.
    pub async fn deliveries(&self, limit: u32) -> Result<Vec<Delivery>, ServiceError> {
        let mut all = self.due.list(Order::Descending, limit).await?;
        all.extend(self.done.list(Order::Descending, limit).await?);
        all.sort_by(|(a, _), (b, _)| b.cmp(a));
        // For a moment one may stand in both.
        all.dedup_by(|(a, _), (b, _)| a == b);
        Ok(all.into_iter().map(|(_, delivery)| delivery).collect())
    }

    /// Sends a delivery again, now.
    ///
    /// # Errors
    /// `NotFound` for one that is not known any more or whose webhook was removed, or the store's.
    pub async fn send_again(&self, id: &str) -> Result<(), ServiceError> {
        let known = match self.done.get(id).await? {
            Some(known) => Some(known),
            None => self.due.get(id).await?,
        };
        let known = known.ok_or_else(|| AppError::not_found("This delivery is not known any more."))?;
        if self.hooks.get(&known.hook).await?.is_none() {
            return Err(AppError::not_found("The webhook that this was sent to was removed.").into());
        }
        let again = Delivery { due_at: self.clock.now(), state: DeliveryState::Due, attempts: Vec::new(), ..known };
        self.due.put(id, &again, None).await?;
        self.done.take(id).await?;
        Ok(())
    }
}

/// No names and no answers: whoever may read them asks the API.
fn body(session: &Session, news: WebhookEvent, at: UnixMillis) -> String {
    json!({
        "type": news.as_str(),
        "timestamp": iso(at),
        "data": {
            "session_id": session.id,
            "status": session.status,
            "job_id": session.job.as_ref().map(|job| &job.id.0),
            "questions_answered": session.answered(),
            "average_score": session.average_score(),
        },
    })
    .to_string()
}

/// The headers that prove where it comes from, that it was not changed, and when it was sent.
fn signed(hook: &Hook, id: &str, at: UnixMillis, body: &str) -> [(&'static str, String); 3] {
    let timestamp = (at.0 / 1000).to_string();
    [
        ("webhook-id", id.to_owned()),
        ("webhook-signature", format!("v1,{}", signature(&hook.secret, id, &timestamp, body))),
        ("webhook-timestamp", timestamp),
    ]
}

/// HMAC-SHA256 over id, timestamp in seconds, and body, in base64.
fn signature(secret: &str, id: &str, timestamp: &str, body: &str) -> String {
    let key = secret.strip_prefix("whsec_").and_then(|key| STANDARD.decode(key).ok()).unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{timestamp}.{body}").as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification.
    #[test]
    fn signatures_are_those_of_the_specification() {
        let signature = signature(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "1614265330",
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
