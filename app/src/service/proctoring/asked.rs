//! Pages that go on by requests while they report nothing: because they have no channel, or are of another version than the server.
//!
//! What is heard of them is gathered for a while and written into the log, from the last checkpoint on, as [`Watch::Asked`].

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures::{StreamExt as _, stream};
use proctor::policy::{Kind, Watch};

use super::{Proctor, watcher::Watcher};
use crate::{
    interview::Command,
    model::{FaultKind, Session, SessionId, Status, UnixMillis},
    service::ServiceError,
};

/// Milliseconds for which it is gathered when pages were heard.
const GATHER_MS: i64 = 20_000;

/// Milliseconds for which a page that is being loaded may ask before it has a channel. Where nothing is recorded yet, the
/// interview's time begins after so long.
const LOADING_MS: i64 = 5_000;

/// Of requests that follow each other so soon (ms) those in between need not be remembered: the time from the first to the last
/// counts as a whole.
const TOGETHER_MS: i64 = 50_000;

/// Interviews of which it is noted at the same time.
const AT_ONCE: usize = 8;

/// For whoever decides about it.
const DETAIL: &str = "the page went on by requests; some networks let no live connection through";

/// When pages were heard that is not in their log yet.
#[derive(Default)]
pub(super) struct Asked {
    gathered: Mutex<Gathered>,
    /// One looks through them at a time: whoever is the last to look waits for what others took out.
    turn: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Gathered {
    times: HashMap<SessionId, Times>,
    /// By how much (ms) this worker's clock had been set back by then.
    back_ms: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Times {
    /// In order; never empty.
    at: Vec<UnixMillis>,
    /// For how long they wait, in milliseconds.
    wait_ms: i64,
}

impl Times {
    fn first(&self) -> UnixMillis {
        self.at[0]
    }

    fn last(&self) -> UnixMillis {
        self.at[self.at.len() - 1]
    }

    fn join(&mut self, other: Self) {
        self.wait_ms = self.wait_ms.min(other.wait_ms);
        self.at.extend(other.at);
        self.at.sort_unstable();
        let mut kept: Vec<UnixMillis> = Vec::new();
        for at in self.at.drain(..) {
            if let [.., before, last] = &mut kept[..]
                && at.since(*before) <= TOGETHER_MS
            {
                *last = at;
            } else {
                kept.push(at);
            }
        }
        self.at = kept;
    }
}

impl Gathered {
    fn add(&mut self, id: SessionId, times: Times) {
        match self.times.entry(id) {
            Entry::Occupied(mut known) => known.get_mut().join(times),
            Entry::Vacant(none) => drop(none.insert(times)),
        }
    }

    fn take(&mut self, is_wanted: impl Fn(SessionId, &Times) -> bool) -> Vec<(SessionId, Times)> {
        self.times.extract_if(|id, times| is_wanted(*id, times)).collect()
    }

    /// Once it was set back by so much (ms) in all, what is gathered was earlier by it.
    fn set_back_to(&mut self, back_ms: i64) {
        let by_ms = back_ms - std::mem::replace(&mut self.back_ms, back_ms);
        for at in self.times.values_mut().flat_map(|times| &mut times.at) {
            *at = at.earlier_by(by_ms);
        }
    }
}

impl Proctor {
    /// The page of a proctored interview asked for something, and has no channel over which it could report.
    pub(in crate::service) fn asked(&self, session: &Session) {
        match session.proctoring.as_ref().filter(|_| session.consent_at.is_some()) {
            Some(kept) if session.status != Status::Completed => self.heard(session.id, kept.is_to_begin()),
            // No more will come.
            Some(_) => self.heard_for(session.id, 0),
            None => {}
        }
    }

    /// The page of this interview was heard, and can report nothing. `is_to_begin`: nothing is recorded yet.
    pub(super) fn heard(&self, id: SessionId, is_to_begin: bool) {
        self.heard_for(id, if is_to_begin { LOADING_MS } else { GATHER_MS });
    }

    fn heard_for(&self, id: SessionId, wait_ms: i64) {
        let mut gathered = self.gathered();
        gathered.add(id, Times { at: vec![self.clock.now()], wait_ms });
    }

    fn gathered(&self) -> MutexGuard<'_, Gathered> {
        let broken = self.pulse.feel(self.clock.now());
        let mut gathered = self.asked.gathered.lock().unwrap_or_else(PoisonError::into_inner);
        gathered.set_back_to(broken.back_ms);
        gathered
    }

    /// To be called every second: notes what was gathered for long enough.
    pub async fn note_asked(self: &Arc<Self>) {
        let _turn = self.asked.turn.lock().await;
        let now = self.clock.now();
        self.note_asked_of(|_, times| now.since(times.first()) >= times.wait_ms).await;
    }

    /// Notes all: this worker stops. What [`Self::note_asked`] is at is waited for.
    pub async fn note_all_asked(self: &Arc<Self>) {
        let _turn = self.asked.turn.lock().await;
        self.note_asked_of(|_, _| true).await;
    }

    /// What was gathered of one interview, to be noted by whoever goes on with its log.
    pub(super) fn take_asked(&self, id: SessionId) -> Option<Times> {
        self.gathered().take(|of, _| of == id).pop().map(|(_, times)| times)
    }

    /// It could not be noted.
    pub(super) fn gather_again(&self, id: SessionId, times: Times) {
        self.gathered().add(id, times);
    }

    async fn note_asked_of(self: &Arc<Self>, is_wanted: impl Fn(SessionId, &Times) -> bool) {
        let all = stream::iter(self.gathered().take(is_wanted));
        all.map(|(id, times)| Box::pin(self.note_times(id, times))).buffer_unordered(AT_ONCE).collect::<()>().await;
    }

    async fn note_times(self: &Arc<Self>, id: SessionId, times: Times) {
        match Watcher::new(self.clone(), id).note_asked(&times).await {
            Ok(()) | Err(ServiceError::NoSession(_)) => {}
            // The store is down, or another worker took the chunk's number.
            Err(error) if error.is_transient() => self.gather_again(id, times),
            Err(error) => {
                tracing::warn!(session.id = %id, %error, "that nothing is reported could not be noted");
                Watcher::new(self.clone(), id).fail(FaultKind::Unreadable).await;
            }
        }
    }
}

impl Watcher {
    /// The page was heard then, and had no channel. An interview that goes on had begun before.
    pub(super) fn was_asked(&mut self, session: &Session, times: &Times) {
        if session.status == Status::InProgress {
            self.follow(session);
        }
        let Some(on) = &mut self.on else { return };
        on.details.insert(Kind::Unreported, DETAIL.to_owned());
        for at in &times.at {
            on.watch(on.ms_of(*at), Watch::Asked);
        }
    }

    async fn note_asked(&mut self, times: &Times) -> Result<(), ServiceError> {
        let session = self.proctor.sessions.get(self.id).await?;
        let came_back = session.presence.channel.is_some_and(|channel| channel.since >= times.last());
        if came_back && times.last().since(times.first()) < LOADING_MS {
            // Another worker goes on with its log.
            return Ok(());
        }
        if session.status == Status::Completed && session.proctoring.as_ref().is_none_or(|kept| kept.is_to_begin()) {
            return Ok(());
        }
        let Some(session) = self.resume(&session, &Command::MissProctoring).await? else { return Ok(()) };
        if self.on.as_ref().is_none_or(|on| on.budget.is_full()) {
            return Ok(());
        }
        self.was_asked(&session, times);
        self.follow(&session);
        match session.status {
            Status::Completed => self.save_and_mark().await?,
            _ => self.save().await?,
        };
        Ok(())
    }
}
