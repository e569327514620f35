//! Whether anybody wants to hear of sessions. Without webhooks nothing has to be announced, which saves a step each time;
//! with them everything has to be.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How long a worker that shares its store relies on having read that there are no webhooks.
pub(super) const RELIED_ON: Duration = Duration::from_secs(3);

/// What one worker knows of it.
pub(super) struct Audience {
    /// Whether no other worker can add a webhook.
    exclusive: bool,
    read: Mutex<Read>,
}

#[derive(Default)]
struct Read {
    /// When there was last known to be a webhook.
    any_at: Option<Instant>,
    /// Since when there are known to be none.
    none_at: Option<Instant>,
}

impl Audience {
    /// Not knowing counts as somebody.
    pub fn new(exclusive: bool) -> Self {
        Self { exclusive, read: Mutex::default() }
    }

    /// Notes what was read of the webhooks: whether there were `any` when the reading began, at `at`. A worker that the
    /// others do not know of is not waited for when one is added, so it must not rely on there being none.
    pub fn was_read(&self, at: Instant, any: bool, known: bool) {
        let mut read = self.read();
        if any {
            *read = Read { any_at: Some(at), none_at: None };
        } else if read.any_at.is_none_or(|any_at| at > any_at) {
            // What was read before one was added counts no more, however late it comes.
            read.none_at = (known || self.exclusive).then_some(at);
        }
    }

    /// Whether it is certain that nobody wants to hear of what happened until now.
    pub fn is_nobody(&self) -> bool {
        self.read().none_at.is_some_and(|at| self.exclusive || at.elapsed() < RELIED_ON)
    }

    fn read(&self) -> MutexGuard<'_, Read> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_was_read_before_a_webhook_was_added_counts_no_more() {
        let audience = Audience::new(true);
        assert!(!audience.is_nobody(), "not known yet");
        let before = Instant::now();
        tokio::time::advance(Duration::from_millis(1)).await;
        audience.was_read(Instant::now(), true, true);
        audience.was_read(before, false, true);
        assert!(!audience.is_nobody());
        tokio::time::advance(Duration::from_millis(1)).await;
        audience.was_read(Instant::now(), false, true);
        tokio::time::advance(RELIED_ON).await;
        assert!(audience.is_nobody(), "nobody else could have added one");
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_among_others_does_not_rely_on_what_it_read_for_long() {
        let audience = Audience::new(false);
        audience.was_read(Instant::now(), false, false);
        assert!(!audience.is_nobody(), "the others do not know that it is there");
        audience.was_read(Instant::now(), false, true);
        assert!(audience.is_nobody());
        tokio::time::advance(RELIED_ON).await;
        assert!(!audience.is_nobody());
    }
}
