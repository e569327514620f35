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
    renewing: JoinHandle<()>,
}

impl Leases {
    pub fn new(records: Arc<dyn RecordStore>, clock: Arc<dyn Clock>) -> Self {
        Self { records, clock }
    }

    /// Takes the lease of a piece of work. `None`: somebody else has it.
    pub async fn take(&self, what: &str) -> Result<Option<Lease>, StoreError> {
        let token = random_token();
        let until = |clock: &dyn Clock| UnixMillis(clock.now().0 + HOLDS_MS);
        let held = self.records.put_new(RecordKind::Lease, what, &token, Some(until(&*self.clock))).await?;
        if held != token {
            return Ok(None);
        }
        let (records, clock, name) = (self.records.clone(), self.clock.clone(), what.to_owned());
        let renewing = tokio::spawn(async move {
            loop {
                tokio::time::sleep(RENEWED).await;
                if let Err(error) = records.put(RecordKind::Lease, &name, &token, Some(until(&*clock))).await {
                    tracing::debug!(%error, "a lease could not be renewed");
                }
            }
        });
        Ok(Some(Lease { records: self.records.clone(), what: what.to_owned(), renewing }))
    }
}

impl Lease {
    /// Gives it back, so that whoever comes next need not wait for its end.
    pub async fn give_back(self) {
        self.renewing.abort();
        if let Err(error) = self.records.take(RecordKind::Lease, &self.what).await {
            tracing::debug!(%error, "a lease runs out by itself");
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.renewing.abort();
    }
}
