//! Leases: of several workers one does a piece of work. A lease that is not renewed ends, and the work is taken over.

use std::{sync::Arc, time::Duration};

use tokio::task::JoinHandle;

use super::tokens::random_token;
use crate::{
    model::UnixMillis,
    ports::{Clock, RecordKind, RecordStore, StoreError},
};

/// Milliseconds for which a lease holds unless it is renewed.
const HOLDS_MS: i64 = 10_000;

/// Between two renewals.
const RENEWED: Duration = Duration::from_secs(3);

/// Gives leases.
pub(super) struct Leases {
    records: Arc<dyn RecordStore>,
    clock: Arc<dyn Clock>,
}

/// A piece of work that is ours until this is dropped, or given back.
pub(super) struct Lease {
    records: Arc<dyn RecordStore>,
    what: String,
    /// What stands in the record while the lease is ours.
    token: String,
    renewing: JoinHandle<()>,
}

impl Leases {
    pub fn new(records: Arc<dyn RecordStore>, clock: Arc<dyn Clock>) -> Self {
        Self { records, clock }
    }

    /// Takes the lease of a piece of work. `None`: somebody else has it.
    pub async fn take(&self, what: &str) -> Result<Option<Lease>, StoreError> {
        let token = random_token();
        let end = UnixMillis(self.clock.now().0 + HOLDS_MS);
        let held = self.records.put_new(RecordKind::Lease, what, &token, Some(end)).await?;
        if held != token {
            return Ok(None);
        }
        let (records, clock, name, ours) = (self.records.clone(), self.clock.clone(), what.to_owned(), token.clone());
        let renewing = tokio::spawn(async move {
            loop {
                tokio::time::sleep(RENEWED).await;
                let end = UnixMillis(clock.now().0 + HOLDS_MS);
                match records.replace(RecordKind::Lease, &name, &ours, &ours, Some(end)).await {
                    Ok(true) => {}
                    Ok(false) => return tracing::warn!("a lease was lost: this worker stood still for too long"),
                    Err(error) => tracing::debug!(%error, "a lease could not be renewed"),
                }
            }
        });
        Ok(Some(Lease { records: self.records.clone(), what: what.to_owned(), token, renewing }))
    }
}

impl Lease {
    /// Whether it is still ours, as far as this worker knows: if it stood still, somebody else may have gone on with the work.
    pub fn is_held(&self) -> bool {
        !self.renewing.is_finished()
    }

    /// Gives it back, so that whoever comes next need not wait for its end. If it ended before, nothing of a successor's is
    /// touched.
    pub async fn give_back(self) {
        self.keep_until(UnixMillis(0)).await;
    }

    /// The work is done, and nobody is to do it again before `at`.
    pub async fn keep_until(self, at: UnixMillis) {
        self.renewing.abort();
        let (what, token) = (&self.what, &self.token);
        if let Err(error) = self.records.replace(RecordKind::Lease, what, token, token, Some(at)).await {
            tracing::debug!(%error, "a lease runs out by itself");
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::fakes::World;

    #[tokio::test]
    async fn a_lease_is_one_worker_s_until_it_is_given_back_or_ends() {
        let world = World::shared();
        let leases = Leases::new(world.store.clone(), world.clock.clone());
        let held = leases.take("work").await.unwrap().unwrap();
        assert!(leases.take("work").await.unwrap().is_none());
        assert!(leases.take("other work").await.unwrap().is_some());
        held.give_back().await;
        let dropped = leases.take("work").await.unwrap().unwrap();
        drop(dropped);
        world.clock.advance_s(9);
        assert!(leases.take("work").await.unwrap().is_none());
        world.clock.advance_s(1);
        assert!(leases.take("work").await.unwrap().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_is_renewed_while_its_worker_lives() {
        let world = World::shared();
        let leases = Leases::new(world.store.clone(), world.clock.clone());
        let _held = leases.take("work").await.unwrap().unwrap();
        for _ in 0..10 {
            tokio::time::sleep(RENEWED + Duration::from_millis(1)).await;
            world.clock.advance_s(3);
            assert!(leases.take("work").await.unwrap().is_none());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_that_stood_still_takes_nothing_from_its_successor() {
        let world = World::shared();
        let leases = Leases::new(world.store.clone(), world.clock.clone());
        let late = leases.take("work").await.unwrap().unwrap();
        world.clock.advance_s(10);
        let successor = leases.take("work").await.unwrap().unwrap();
        // The late one's renewal comes before the successor's.
        tokio::time::sleep(RENEWED + Duration::from_millis(1)).await;
        assert!(!late.is_held() && successor.is_held());
        late.give_back().await;
        assert!(leases.take("work").await.unwrap().is_none());
    }

    #[tokio::test]
    async fn what_is_done_is_not_done_again_for_a_while() {
        let world = World::shared();
        let leases = Leases::new(world.store.clone(), world.clock.clone());
        let done = leases.take("work").await.unwrap().unwrap();
        done.keep_until(UnixMillis(world.clock.now().0 + 30_000)).await;
        world.clock.advance_s(29);
        assert!(leases.take("work").await.unwrap().is_none());
        world.clock.advance_s(1);
        assert!(leases.take("work").await.unwrap().is_some());
    }
}
