//! Jobs: the sets of questions that sessions are made from.

use std::sync::Arc;

use futures::future::try_join_all;

use super::{
    ServiceError,
    once::{Once, OnceKey},
    records::{Listed, Summarised, Typed},
    tokens::random_uuid,
};
use crate::{
    error::{AppError, ErrorKind},
    model::{Job, JobId, JobSummary, NewJob},
    ports::{Clock, Order, RecordKind, RecordStore},
    validate,
};

/// Jobs of one deployment at most.
pub const MAX_JOBS: u32 = 1_000;

/// Jobs read at the same time.
const AT_ONCE: usize = 16;

impl Summarised for Job {
    type Summary = JobSummary;

    fn summary(&self) -> JobSummary {
        Self::summary(self)
    }
}

/// The jobs of a deployment.
pub struct Jobs {
    records: Typed<Job>,
    once: Once,
    clock: Arc<dyn Clock>,
}

impl Jobs {
    pub(super) fn new(records: Arc<dyn RecordStore>, clock: Arc<dyn Clock>) -> Self {
        let once = Once::new(records.clone(), clock.clone());
        Self { records: Typed::summarised(records, RecordKind::Job), once, clock }
    }

    /// Makes a job.
    ///
    /// # Errors
    /// What is wrong with the wish; `Conflict` when there are too many; or the store's error.
    pub async fn create(&self, new: NewJob) -> Result<Job, ServiceError> {
        self.create_once(None, new).await
    }

    /// Like [`Self::create`]; the same `key` answers the first result again for 24 hours, until the job is deleted.
    ///
    /// # Errors
    /// Also `Unprocessable` when the key was used with another request.
    pub async fn create_once(&self, key: Option<&OnceKey>, new: NewJob) -> Result<Job, ServiceError> {
        // A wish that cannot be fulfilled keeps no key.
        validate::job(new.clone(), JobId(String::new()), self.clock.now())?;
        let promise = self.once.promise(key, random_uuid(), &("job", &new)).await?;
        let job = Job { create_key: promise.key, ..validate::job(new, JobId(promise.id.to_string()), promise.at)? };
        if self.records.get(&job.id.0).await?.is_some() {
            // It may have been changed since, and this is what it was.
            return Ok(job);
        }
        let full = || {
            let text = format!("There are {MAX_JOBS} jobs already. Delete one that is not needed any more.");
            AppError::new(ErrorKind::Conflict, text)
        };
        if self.records.add(&job.id.0, &job, MAX_JOBS.into()).await?.is_none() {
            self.once.free(job.create_key.as_deref(), &job.id.0).await?;
            return Err(full().into());
        }
        Ok(job)
    }

    /// A page of jobs, the one changed last first.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self, limit: u32, offset: u64) -> Result<Listed<Job>, ServiceError> {
        let Listed { items, total } = self.find("", limit, offset).await?;
        let mut jobs = Vec::with_capacity(items.len());
        for some in items.chunks(AT_ONCE) {
            // Those that are gone meanwhile are left out.
            jobs.extend(try_join_all(some.iter().map(|job| self.records.get(&job.id.0))).await?.into_iter().flatten());
        }
        Ok(Listed { items: jobs, total })
    }

    /// A page of what lists show of jobs whose title has `search` in it, in whatever case, in the order of [`Self::list`].
    ///
    /// # Errors
    /// The store's.
    pub async fn find(&self, search: &str, limit: u32, offset: u64) -> Result<Listed<JobSummary>, ServiceError> {
        let mut jobs = self.records.summaries(Order::Ascending, MAX_JOBS, 0, |_| None).await?.items;
        let search = search.trim().to_lowercase();
        jobs.retain(|job| job.title.to_lowercase().contains(&search));
        let order = |job: &JobSummary| (std::cmp::Reverse(job.updated_at), job.title.clone(), job.id.0.clone());
        jobs.sort_by_cached_key(order);
        let total = jobs.len() as u64;
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        Ok(Listed { items: jobs.into_iter().skip(offset).take(limit as usize).collect(), total })
    }

    /// The job with this id.
    ///
    /// # Errors
    /// `NotFound`, or the store's.
    pub async fn get(&self, id: &JobId) -> Result<Job, ServiceError> {
        Ok(self.records.get(&id.0).await?.ok_or_else(|| unknown(id))?)
    }

    /// Replaces a job. `revision`: the one that was changed, if the caller knows it; repeating a change is no conflict.
    /// Sessions that were made from it stay as they are.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when somebody else changed it in between; what is wrong with the wish; or the store's.
    pub async fn replace(&self, id: &JobId, new: NewJob, revision: Option<u32>) -> Result<Job, ServiceError> {
        let change = |known: &Job| -> Result<Option<Job>, ServiceError> {
            let job = validate::job(new.clone(), id.clone(), self.clock.now())?;
            let (created_at, create_key) = (known.created_at, known.create_key.clone());
            let job = Job { created_at, create_key, revision: known.revision + 1, ..job };
            if revision.is_none_or(|revision| revision == known.revision) {
                return Ok(Some(job));
            }
            if known.says_the_same(&job) {
                // Such as when the first answer got lost.
                return Ok(None);
            }
            let text = "Somebody else changed this job in between. Load it again and repeat your change.";
            Err(AppError::new(ErrorKind::Conflict, text).into())
        };
        Ok(self.records.change(&id.0, change, |_| None).await?.ok_or_else(|| unknown(id))?)
    }

    /// Removes a job. Sessions that were made from it stay as they are.
    ///
    /// # Errors
    /// `NotFound`, or the store's.
    pub async fn delete(&self, id: &JobId) -> Result<(), ServiceError> {
        let known = self.get(id).await?;
        self.once.free(known.create_key.as_deref(), &id.0).await?;
        self.records.take(&id.0).await?.map(drop).ok_or_else(|| unknown(id).into())
    }
}

fn unknown(id: &JobId) -> AppError {
    AppError::not_found(format!("There is no job {}. It may have been deleted.", id.0))
}
