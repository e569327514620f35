//! What failed in lists at this worker: it holds up nothing else, and is tried again after growing pauses.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::model::{SessionId, UnixMillis};

/// Milliseconds of the first pause and of the longest one; each is twice the one before.
const FIRST_MS: i64 = 2_000;
const LONGEST_MS: i64 = 300_000;

/// By list.
#[derive(Default)]
pub(super) struct Pauses(Mutex<HashMap<String, Failed>>);

#[derive(Default)]
struct Failed {
    /// Lines that failed since the last pause, by their sessions.
    lines: HashSet<SessionId>,
    pauses: u32,
    until: UnixMillis,
}

impl Pauses {
    pub fn is_pausing(&self, list: &str, now: UnixMillis) -> bool {
        self.all().get(list).is_some_and(|failed| now < failed.until)
    }

    /// Notes a line that failed.
    pub fn note(&self, list: &str, line: SessionId) {
        self.all().entry(list.to_owned()).or_default().lines.insert(line);
    }

    /// Lines that are not to be tried before the next pause.
    pub fn failed(&self, list: &str) -> HashSet<SessionId> {
        self.all().get(list).map(|failed| failed.lines.clone()).unwrap_or_default()
    }

    /// Nothing can be done about the list for now.
    pub fn begin(&self, list: &str, now: UnixMillis) {
        let mut all = self.all();
        let failed = all.entry(list.to_owned()).or_default();
        let pause_ms = LONGEST_MS.min(FIRST_MS << failed.pauses.min(16));
        *failed = Failed {
            lines: HashSet::new(),
            pauses: failed.pauses.saturating_add(1),
            until: UnixMillis(now.0 + pause_ms),
        };
    }

    /// Forgets all other lists.
    pub fn keep<'a>(&self, lists: impl Iterator<Item = &'a str>) {
        let lists: HashSet<_> = lists.collect();
        self.all().retain(|list, _| lists.contains(list.as_str()));
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Failed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
