//! Sends what is due, so that a receiver that is slow or gone holds back nobody else.
//!
//! Each hook has a lane of its own among the due records, sorted by time, and a few places of its own among what is under
//! way. A delivery itself is one record under its id; that is the truth. What stands in a lane only says when to look at
//! it: it is written before the delivery, and taken away after it, so a crash in between leaves one look too many and
//! never one too few.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use tokio::{task::JoinSet, time::Instant};

use super::{Hooks, body, signing::signed};
use crate::{
    model::{Attempt, Delivery, DeliveryState, Hook, Session, SessionId, UnixMillis, WebhookEvent},
    ports::StoreError,
    service::{ServiceError, tasks::joined, tokens::random_bytes},
};

/// Seconds until the next attempt after the first failure, the second, and so on. After the last one it is given up.
const PAUSES_S: [u32; 9] = [1, 5, 30, 120, 600, 3_600, 21_600, 43_200, 86_400];

/// The longest pause, in seconds, that a receiver gets for asking.
const LONGEST_PAUSE_S: u32 = 86_400;

/// The status by which a receiver says that it wants nothing any more, neither this nor anything else.
const GONE: u16 = 410;

/// Seconds after which it is looked whether a session that was about to be deleted is gone, then with pauses that grow by
/// half of what has passed; and milliseconds after which its deletion is taken to have failed, far more than it takes.
pub(super) const DELETING_S: u32 = 2;
pub(super) const DELETION_FAILED_MS: i64 = 600_000;

/// Milliseconds for which a finished delivery is shown.
const SHOWN_MS: i64 = 30 * 86_400_000;

/// Deliveries to one hook that a worker has under way at the same time. In all they are as many for each of the
/// [`MAX_HOOKS`](super::MAX_HOOKS) hooks at most.
const AT_ONCE: usize = 8;

/// Due deliveries of one hook read in one go. More than are sent at once: others may be sending the first ones.
const PAGE: u32 = 32;

/// From one look at all hooks to the next.
const LOOK: Duration = Duration::from_secs(1);

/// Deliveries under way.
#[derive(Default)]
struct Sending {
    /// Tasks: they go on while the store is read. Each gives back its hook and key.
    under_way: JoinSet<(String, String)>,
    /// By hook.
    places: HashMap<String, usize>,
    /// Keys of those under way.
    keys: HashSet<String>,
    /// Keys of those that were looked at since all hooks were, and are another worker's or could not be dealt with.
    tried: HashSet<String>,
}

impl Hooks {
    /// To be called every second: sends what is due, and goes on while there is any. Comes back when nothing is under way.
    pub async fn run(self: &Arc<Self>) {
        let mut sending = Sending::default();
        self.look(&mut sending).await;
        let mut next_look = Instant::now() + LOOK;
        loop {
            tokio::select! {
                done = joined(&mut sending.under_way) => match done {
                    None => return,
                    Some((hook, key)) => {
                        let taken = sending.places.entry(hook.clone()).or_default();
                        *taken = taken.saturating_sub(1);
                        sending.keys.remove(&key);
                        sending.tried.insert(key);
                        // One read for several that go out.
                        if sending.places[&hook] <= AT_ONCE / 2 {
                            self.top_up(&hook, &mut sending).await;
                        }
                    }
                },
                () = tokio::time::sleep_until(next_look) => {
                    sending.tried.clear();
                    self.look(&mut sending).await;
                    next_look = Instant::now() + LOOK;
                }
            }
        }
    }

    async fn look(self: &Arc<Self>, sending: &mut Sending) {
        match self.list().await {
            Ok(hooks) => {
                for hook in hooks {
                    self.top_up(&hook.id, sending).await;
                }
            }
            Err(error) => tracing::warn!(%error, "webhooks could not be looked after"),
        }
    }

    /// Sends on to a hook as much as there is and as has a place.
    async fn top_up(self: &Arc<Self>, hook: &str, sending: &mut Sending) {
        let taken = sending.places.get(hook).copied().unwrap_or_default();
        if taken >= AT_ONCE {
            return;
        }
        let due = match self.due_to(hook).await {
            Ok(due) => due,
            Err(error) => return tracing::warn!(%error, "what is due to a webhook could not be read"),
        };
        let new = due.into_iter().filter(|(key, _)| !sending.keys.contains(key) && !sending.tried.contains(key));
        for (key, entry) in new.take(AT_ONCE - taken).collect::<Vec<_>>() {
            sending.keys.insert(key.clone());
            *sending.places.entry(hook.to_owned()).or_default() += 1;
            let hooks = self.clone();
            sending.under_way.spawn(async move {
                hooks.attend_to(&key, &entry).await;
                (entry.hook, key)
            });
        }
    }

    /// What is due to it now, the earliest first; at most [`PAGE`] of them.
    async fn due_to(&self, hook: &str) -> Result<Vec<(String, Delivery)>, StoreError> {
        let (mut from, to) = (lane(hook), format!("{}{:015}", lane(hook), self.clock.now().0 + 1));
        loop {
            let due = self.due.between(&from, &to, PAGE).await?;
            match due.next {
                // None of these can be read.
                Some(next) if due.items.is_empty() => from = next,
                _ => return Ok(due.items),
            }
        }
    }

    /// To be called every few seconds: clears away what stands in no hook's lane. What hooks that were removed have left
    /// is dropped, and what an older version of the program kept in another order gets its place.
    pub async fn tidy(&self) {
        if let Err(error) = self.clear_strays().await {
            tracing::warn!(%error, "what webhooks left could not be cleared away");
        }
    }

    async fn clear_strays(&self) -> Result<(), ServiceError> {
        let mut ids: Vec<String> = self.list().await?.into_iter().map(|hook| hook.id).collect();
        ids.sort();
        let mut from = String::new();
        for (to, next) in ids.iter().map(|id| (lane(id), lane_end(id))).chain([("~".into(), String::new())]) {
            loop {
                let strays = self.due.between(&from, &to, PAGE).await?;
                for (key, entry) in &strays.items {
                    self.attend_to(key, entry).await;
                }
                let Some(next) = strays.next else { break };
                from = next;
            }
            from = next;
        }
        Ok(())
    }

    /// Does what is to be done about an entry, unless somebody else does.
    async fn attend_to(&self, key: &str, entry: &Delivery) {
        let attended = async {
            let Some(lease) = self.leases.take(&lease_of(&entry.id)).await? else { return Ok(()) };
            let attended = self.attend_leased(key, entry).await;
            lease.give_back().await;
            attended
        };
        let attended: Result<(), StoreError> = attended.await;
        if let Err(error) = attended {
            tracing::warn!(%error, "a webhook's delivery is left for later");
        }
    }

    async fn attend_leased(&self, key: &str, entry: &Delivery) -> Result<(), StoreError> {
        // Another worker may have dealt with it since it was read.
        if self.due.get(key).await?.is_none() {
            return Ok(());
        }
        let known = self.deliveries.get(&entry.id).await?;
        let Some(hook) = self.hooks.get(&entry.hook).await? else {
            // It was removed meanwhile. What was sent to it is still shown.
            if known.is_some_and(|known| known.state == DeliveryState::Due) {
                self.deliveries.take(&entry.id).await?;
            }
            return self.due.take(key).await.map(drop);
        };
        let delivery = match known {
            Some(known) => known,
            // Whoever put it on its way got no further.
            None => self.deliveries.put_new(&entry.id, entry, None).await?,
        };
        let place = place_of(&delivery);
        match delivery.state {
            DeliveryState::Due if place == key => self.send(key, delivery, &hook).await,
            DeliveryState::Due => {
                self.due.put(&place, &delivery, None).await?;
                self.due.take(key).await.map(drop)
            }
            DeliveryState::Delivered | DeliveryState::GivenUp => self.due.take(key).await.map(drop),
        }
    }

    async fn send(&self, key: &str, mut delivery: Delivery, hook: &Hook) -> Result<(), StoreError> {
        let at = self.clock.now();
        let is_deletion = delivery.news == WebhookEvent::SessionDeleted;
        let (session, is_gone) = match self.session(delivery.session).await {
            Ok(session) => (session.clone(), session.is_none()),
            // Not knowing must not be taken for gone. All else can be told without the session.
            Err(StoreError::Failed(_)) if !is_deletion => (None, false),
            Err(error) => return Err(error),
        };
        if is_deletion && !is_gone {
            let waited_ms = at.since(delivery.created_at);
            if waited_ms >= DELETION_FAILED_MS {
                self.deliveries.take(&delivery.id).await?;
                return self.due.take(key).await.map(drop);
            }
            let pause_s = DELETING_S.max((waited_ms / 2_000) as u32);
            return self.put_off(key, delivery, at.plus_seconds(pause_s)).await;
        }
        if hook.gone_at.is_some() {
            return self.finish(key, delivery, DeliveryState::GivenUp, is_gone).await;
        }
        let body = body(&delivery, session.as_deref());
        let headers = signed(hook, &delivery.id, at, &body);
        let outcome = self.post.post(&delivery.url, &headers, &body).await;
        let taken = outcome.as_ref().is_ok_and(|posted| (200..300).contains(&posted.status));
        let gone = outcome.as_ref().is_ok_and(|posted| posted.status == GONE);
        let wanted = outcome.as_ref().ok().and_then(|posted| posted.retry_after_s).unwrap_or(0).min(LONGEST_PAUSE_S);
        let outcome = outcome.map(|posted| posted.status).map_err(|why| why.to_string());
        delivery.attempts.push(Attempt { at, outcome });
        if gone {
            self.note_gone(&hook.id, Some(at)).await?;
        }
        let pause = PAUSES_S.get(delivery.attempts.len() - 1).filter(|_| !taken && !gone);
        if let Some(pause) = pause {
            let pause = lengthened(*pause).max(wanted);
            return self.put_off(key, delivery, self.clock.now().plus_seconds(pause)).await;
        }
        let state = if taken { DeliveryState::Delivered } else { DeliveryState::GivenUp };
        self.finish(key, delivery, state, is_gone).await
    }

    /// Keeps a delivery that is done, to be shown. If its session `is_gone`, only the news of that is kept.
    async fn finish(
        &self,
        key: &str,
        mut delivery: Delivery,
        state: DeliveryState,
        is_gone: bool,
    ) -> Result<(), StoreError> {
        delivery.state = state;
        if is_gone && delivery.news != WebhookEvent::SessionDeleted {
            self.deliveries.take(&delivery.id).await?;
        } else {
            let until = UnixMillis(self.clock.now().0 + SHOWN_MS);
            self.deliveries.put(&delivery.id, &delivery, Some(until)).await?;
        }
        self.due.take(key).await.map(drop)
    }

    /// Gives a delivery a later place.
    async fn put_off(&self, key: &str, delivery: Delivery, due_at: UnixMillis) -> Result<(), StoreError> {
        let delivery = Delivery { due_at, ..delivery };
        let place = place_of(&delivery);
        self.due.put(&place, &delivery, None).await?;
        self.deliveries.put(&delivery.id, &delivery, None).await?;
        if place != key {
            self.due.take(key).await?;
        }
        Ok(())
    }

    /// A session, if it is there.
    async fn session(&self, id: SessionId) -> Result<Option<Arc<Session>>, StoreError> {
        match self.sessions.get(id).await {
            Ok(session) => Ok(Some(session)),
            Err(ServiceError::NoSession(_)) => Ok(None),
            Err(ServiceError::Store(error)) => Err(error),
            Err(error) => Err(StoreError::Failed(error.to_string())),
        }
    }
}

/// Up to a tenth more, so that what failed together does not come together again and again.
fn lengthened(pause_s: u32) -> u32 {
    pause_s + u32::from_le_bytes(random_bytes()) % (pause_s / 10 + 1)
}

/// What the keys of a hook's lane begin with.
fn lane(hook: &str) -> String {
    format!("{hook}/")
}

/// The first key after a hook's lane: `0` follows `/`.
fn lane_end(hook: &str) -> String {
    format!("{hook}0")
}

/// The key under which a delivery stands in its hook's lane, until it was taken or given up.
pub(super) fn place_of(delivery: &Delivery) -> String {
    format!("{}{:015}/{}", lane(&delivery.hook), delivery.due_at.0, delivery.id)
}

/// The name of the lease that whoever deals with a delivery holds.
pub(super) fn lease_of(id: &str) -> String {
    format!("delivery:{id}")
}
