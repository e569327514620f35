//! Inviting many candidates at once from a CSV file: name, e-mail address, phone number.

mod pauses;
mod table;

use std::{collections::HashSet, sync::Arc};

use futures::{StreamExt, future::BoxFuture, stream};
use tokio::sync::Notify;

use self::{
    pauses::Pauses,
    table::{harmless, read},
};
use super::{
    Creation, Jobs, ServiceError, Sessions,
    leases::Leases,
    lists::Lists,
    once::{Once, OnceKey},
    records::{Listed, Typed},
    tokens::uuid_at,
};
use crate::{
    error::AppError,
    model::{
        InvitationRow, Invitations as Run, InvitationsSummary, JobId, JobRef, NewInterview, RowOutcome, SessionId,
        UnixMillis,
    },
    ports::{Clock, RecordKind, RecordStore, StoreError},
};

/// Candidates in one list at most.
pub const MAX_ROWS: usize = 2_000;

/// Candidates of a list in one turn, and who are invited at the same time.
const STEP: usize = 20;
const AT_ONCE: usize = 4;

/// Lists read in one go.
const PAGE: u32 = 100;

/// Milliseconds after which a list that was about to be kept is taken to have never been.
const BEGUN_MS: i64 = 60_000;

/// Bulk invitations.
pub struct Invitations {
    creation: Arc<Creation>,
    jobs: Arc<Jobs>,
    sessions: Arc<Sessions>,
    lists: Arc<Lists>,
    /// Since when each is due. Marks of earlier versions do not say.
    due: Typed<Option<UnixMillis>>,
    pauses: Pauses,
    leases: Leases,
    once: Once,
    clock: Arc<dyn Clock>,
    wanted: Notify,
}

impl Invitations {
    pub(super) fn new(
        creation: Arc<Creation>,
        jobs: Arc<Jobs>,
        sessions: Arc<Sessions>,
        records: Arc<dyn RecordStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            creation,
            jobs,
            lists: sessions.lists.clone(),
            sessions,
            due: Typed::new(records.clone(), RecordKind::DueInvitations),
            once: Once::new(records.clone(), clock.clone()),
            leases: Leases::new(records, clock.clone()),
            pauses: Pauses::default(),
            clock,
            wanted: Notify::new(),
        }
    }

    /// Takes a list of candidates for a job. They are invited in the background; what cannot be read is refused at once.
    ///
    /// # Errors
    /// `NotFound` for the job; `BadRequest` when the whole list makes no sense; or the store's.
    pub async fn begin(&self, job: &JobId, csv: &str) -> Result<Run, ServiceError> {
        self.begin_once(None, job, csv).await
    }

    /// Like [`Self::begin`]; the same `key` answers the same list again, as far as it is by then, for 24 hours.
    ///
    /// # Errors
    /// Also `Unprocessable` when the key was used with another request.
    pub async fn begin_once(&self, key: Option<&OnceKey>, job: &JobId, csv: &str) -> Result<Run, ServiceError> {
        let request = ("invitations", job, csv);
        if let Some(promise) = self.once.promised(key, &request).await?
            && let Some(run) = self.lists.get(&promise.id.to_string()).await?
        {
            return Ok(run);
        }
        let job = self.jobs.get(job).await?;
        let rows = read(csv)?;
        let promise = self.once.promise(key, uuid_at(self.clock.now()), &request).await?;
        let (id, created_at) = (promise.id.to_string(), promise.at);
        let run = Run { id, job: JobRef { id: job.id, title: job.title }, created_at, rows };
        if !run.is_finished() {
            // First: should this worker die in between, there is a mark without a list, and not a list that waits for ever.
            self.due.put(&run.id, &Some(self.clock.now()), None).await?;
        }
        let run = self.lists.keep(&run).await?;
        self.wanted.notify_one();
        Ok(run)
    }

    /// How far a list is.
    ///
    /// # Errors
    /// `NotFound`, or the store's.
    pub async fn get(&self, id: &str) -> Result<Run, ServiceError> {
        let unknown = || AppError::not_found("These invitations are not known any more. They are kept for 30 days.");
        Ok(self.lists.get(id).await?.ok_or_else(unknown)?)
    }

    /// A page of what is shown of the lists of the last 30 days, newest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self, limit: u32, offset: u64) -> Result<Listed<InvitationsSummary>, ServiceError> {
        Ok(self.lists.newest(limit, offset).await?)
    }

    /// The list as CSV: what was given, with the candidate's link or what was wrong.
    ///
    /// # Errors
    /// When it cannot be written, which does not happen.
    pub fn to_csv(&self, run: &Run) -> Result<String, ServiceError> {
        let failed = |error: String| StoreError::Failed(error);
        // Quotes around everything: whatever separates columns elsewhere separates none of these.
        let mut csv = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(Vec::new());
        csv.write_record(["name", "email", "phone", "session_id", "join_url", "refused"])
            .map_err(|error| failed(error.to_string()))?;
        for row in &run.rows {
            let (session, link, refused) = match &row.outcome {
                RowOutcome::Invited => (row.session.to_string(), self.sessions.join_url(row.session), ""),
                RowOutcome::Waiting => (String::new(), String::new(), ""),
                RowOutcome::Refused { detail, .. } => (String::new(), String::new(), detail.as_str()),
                RowOutcome::Deleted => (String::new(), String::new(), "The interview was deleted."),
            };
            let fields = [row.name.as_str(), &row.email, &row.phone, &session, &link, refused].map(harmless);
            csv.write_record(fields.iter().map(AsRef::as_ref))
                .map_err(|error: csv::Error| failed(error.to_string()))?;
        }
        let bytes = csv.into_inner().map_err(|error| failed(error.to_string()))?;
        Ok(String::from_utf8(bytes).map_err(|error| failed(error.to_string()))?)
    }

    /// Waits until there is something to do at this worker.
    pub async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Invites those who wait, here or left behind by others: some of each list by turns.
    pub async fn run(&self) {
        // Finished, another worker's, or not to be gone on with for now.
        let mut done = HashSet::new();
        loop {
            // Anew each time: a list that came meanwhile waits for no other's end.
            let due = match self.due().await {
                Ok(due) => due,
                Err(error) => return tracing::warn!(%error, "invitations could not be looked after"),
            };
            let due: Vec<_> = due.into_iter().filter(|(id, _)| !done.contains(id)).collect();
            if due.is_empty() {
                return;
            }
            for (id, since) in due {
                if !self.go_on(&id, since).await {
                    done.insert(id);
                }
            }
        }
    }

    /// Lists that are not finished, and since when each is due.
    async fn due(&self) -> Result<Vec<(String, UnixMillis)>, StoreError> {
        let (mut from, mut all) = (String::new(), Vec::new());
        loop {
            let page = self.due.between(&from, "~", PAGE).await?;
            all.extend(page.items.into_iter().map(|(id, since)| (id, since.unwrap_or_default())));
            let Some(next) = page.next else { break };
            from = next;
        }
        self.pauses.keep(all.iter().map(|(id, _)| id.as_str()));
        Ok(all)
    }

    /// Takes one turn of a list. `false`: there is nothing more to be done about it for now.
    async fn go_on(&self, id: &str, since: UnixMillis) -> bool {
        if self.pauses.is_pausing(id, self.clock.now()) {
            return false;
        }
        let gone_on = async {
            let Some(lease) = self.leases.take(&format!("invitations:{id}")).await? else { return Ok(false) };
            let gone_on = self.under_lease(id, since).await;
            lease.give_back().await;
            gone_on
        };
        let gone_on: Result<bool, ServiceError> = gone_on.await;
        gone_on.unwrap_or_else(|error| {
            tracing::warn!(%error, "invitations are left for later");
            self.pauses.begin(id, self.clock.now());
            false
        })
    }

    async fn under_lease(&self, id: &str, since: UnixMillis) -> Result<bool, ServiceError> {
        let Some(run) = self.lists.get(id).await? else {
            // It may be about to be kept.
            if self.clock.now().0 - since.0 >= BEGUN_MS {
                self.due.take(id).await?;
            }
            return Ok(false);
        };
        if run.is_finished() {
            return self.finish(id).await;
        }
        let failed = self.pauses.failed(id);
        let waiting = run.rows.iter().filter(|row| row.outcome == RowOutcome::Waiting);
        let waiting: Vec<InvitationRow> =
            waiting.filter(|row| !failed.contains(&row.session)).take(STEP).cloned().collect();
        if waiting.is_empty() {
            self.pauses.begin(id, self.clock.now());
            return Ok(false);
        }
        let run_now = &run;
        let invite = |row: InvitationRow| -> BoxFuture<'_, _> {
            Box::pin(async move { (row.session, self.invite(run_now, &row).await) })
        };
        let results: Vec<_> = stream::iter(waiting).map(invite).buffer_unordered(AT_ONCE).collect().await;
        let mut outcomes = Vec::new();
        for (session, result) in results {
            match result {
                Ok(outcome) => outcomes.push((session, outcome)),
                Err(error) => {
                    tracing::warn!(session.id = %session, %error, "an invitation is left for later");
                    self.pauses.note(id, session);
                }
            }
        }
        // It may have run out meanwhile.
        let Some(noted) = self.lists.note(id, &outcomes).await? else { return self.finish(id).await };
        self.forget_again(&noted, &outcomes).await?;
        if noted.is_finished() { self.finish(id).await } else { Ok(true) }
    }

    async fn finish(&self, id: &str) -> Result<bool, ServiceError> {
        self.due.take(id).await?;
        Ok(false)
    }

    /// A session that another worker made may have been deleted while this one made it anew.
    async fn forget_again(&self, run: &Run, outcomes: &[(SessionId, RowOutcome)]) -> Result<(), ServiceError> {
        let deleted = run.rows.iter().filter(|row| row.outcome == RowOutcome::Deleted).map(|row| row.session);
        for session in deleted.filter(|id| outcomes.iter().any(|(made, _)| made == id)) {
            match self.sessions.delete(session).await {
                Ok(()) | Err(ServiceError::NoSession(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Makes the session of a line.
    async fn invite(&self, run: &Run, row: &InvitationRow) -> Result<RowOutcome, ServiceError> {
        let wish = NewInterview { job_id: Some(run.job.id.clone()), ..wish(row) };
        match self.creation.create_promised(row.session, &run.id, wish).await {
            Ok(_) => Ok(RowOutcome::Invited),
            Err(ServiceError::Told(error)) if !error.is_transient() => Ok(table::refused(error)),
            Err(error) => Err(error),
        }
    }
}

fn wish(row: &InvitationRow) -> NewInterview {
    NewInterview {
        name: row.name.clone(),
        email: row.email.clone(),
        phone: Some(row.phone.clone()),
        ..NewInterview::default()
    }
}
