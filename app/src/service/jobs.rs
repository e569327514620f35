//! Jobs: the sets of questions that sessions are made from.

use std::sync::Arc;

use super::{ServiceError, records::Typed, tokens::random_uuid};
use crate::{
    error::{AppError, ErrorKind},
    model::{Job, JobId, NewJob},
    ports::{Clock, Order, RecordKind, RecordStore},
    validate,
};

/// Jobs of one deployment at most.
pub const MAX_JOBS: u32 = 1_000;

/// The jobs of a deployment.
pub struct Jobs {
    records: Typed<Job>,
    clock: Arc<dyn Clock>,
}

impl Jobs {
    pub(super) fn new(records: Arc<dyn RecordStore>, clock: Arc<dyn Clock>) -> Self {
        Self { records: Typed::new(records, RecordKind::Job), clock }
    }

    /// Makes a job.
    ///
    /// # Errors
    /// What is wrong with the wish; `Conflict` when there are too many; or the store's error.
    pub async fn create(&self, new: NewJob) -> Result<Job, ServiceError> {
        let now = self.clock.now();
        let job = validate::job(new, JobId(random_uuid().to_string()), now)?;
        let full = || {
            let text = format!("There are {MAX_JOBS} jobs already. Delete one that is not needed any more.");
            AppError::new(ErrorKind::Conflict, text)
        };
        Ok(self.records.add(&job.id.0, &job, MAX_JOBS.into()).await?.ok_or_else(full)?)
    }

    /// All jobs, the one changed last first.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self) -> Result<Vec<Job>, ServiceError> {
        let mut jobs: Vec<Job> =
            self.records.list(Order::Ascending, MAX_JOBS).await?.into_iter().map(|(_, job)| job).collect();
        jobs.sort_by(|a, b| b.updated_at.cmp(&a.updated_at).then_with(|| a.title.cmp(&b.title)));
        Ok(jobs)
    }

    /// The job with this id.
    ///
    /// # Errors
    /// `NotFound`, or the store's.
    pub async fn get(&self, id: &JobId) -> Result<Job, ServiceError> {
        Ok(self.records.get(&id.0).await?.ok_or_else(|| unknown(id))?)
    }

    /// Replaces a job. `revision`: the one that was changed, if the caller knows it. Sessions that were made from it stay
    /// as they are.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when somebody else changed it in between; what is wrong with the wish; or the store's.
    pub async fn replace(&self, id: &JobId, new: NewJob, revision: Option<u32>) -> Result<Job, ServiceError> {
        let change = |known: &Job| -> Result<Option<Job>, ServiceError> {
            if revision.is_some_and(|revision| revision != known.revision) {
                let text = "Somebody else changed this job in between. Load it again and repeat your change.";
                return Err(AppError::new(ErrorKind::Conflict, text).into());
            }
            let job = validate::job(new.clone(), id.clone(), self.clock.now())?;
            Ok(Some(Job { created_at: known.created_at, revision: known.revision + 1, ..job }))
        };
        Ok(self.records.change(&id.0, change, |_| None).await?.ok_or_else(|| unknown(id))?)
    }

    /// Removes a job. Sessions that were made from it stay as they are.
    ///
    /// # Errors
    /// `NotFound`, or the store's.
    pub async fn delete(&self, id: &JobId) -> Result<(), ServiceError> {
        self.records.take(&id.0).await?.map(drop).ok_or_else(|| unknown(id).into())
    }
}

fn unknown(id: &JobId) -> AppError {
    AppError::not_found(format!("There is no job {}. It may have been deleted.", id.0))
}
