//! Inviting many candidates at once from a CSV file: name, e-mail address, phone number.

use std::{collections::HashMap, sync::Arc};

use futures::{StreamExt, future::BoxFuture, stream};
use tokio::sync::Notify;

use super::{
    Creation, Jobs, ServiceError, Sessions,
    leases::Leases,
    lists::Lists,
    once::{Once, OnceKey},
    records::{Listed, Typed},
    tokens::{random_session_id, uuid_at},
};
use crate::{
    error::AppError,
    model::{
        InvitationRow, Invitations as Run, InvitationsSummary, JobId, JobRef, NewInterview, RowOutcome, SessionId,
        UnixMillis,
    },
    ports::{Clock, Order, RecordKind, RecordStore, StoreError},
    validate,
};

/// Candidates in one list at most.
pub const MAX_ROWS: usize = 2_000;

/// Candidates after which progress is noted, and who are invited at the same time.
const STEP: usize = 20;
const AT_ONCE: usize = 4;

/// Lines by which it is guessed what separates the columns.
const GUESSED_BY: usize = 5;

/// Lists worked on in one go.
const PAGE: u32 = 100;

/// Milliseconds after which a list that was about to be kept is taken to have never been.
const BEGUN_MS: i64 = 60_000;

/// Bulk invitations.
pub struct Invitations {
    creation: Arc<Creation>,
    jobs: Arc<Jobs>,
    sessions: Arc<Sessions>,
    lists: Lists,
    /// Since when each is due. Marks of earlier versions do not say.
    due: Typed<Option<UnixMillis>>,
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
            sessions,
            lists: Lists::new(records.clone()),
            due: Typed::new(records.clone(), RecordKind::DueInvitations),
            once: Once::new(records.clone(), clock.clone()),
            leases: Leases::new(records, clock.clone()),
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
                RowOutcome::Refused { detail } => (String::new(), String::new(), detail.as_str()),
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

    /// Invites those who wait, here or left behind by others.
    pub async fn run(&self) {
        let due = match self.due.list(Order::Ascending, PAGE).await {
            Ok(due) => due,
            Err(error) => return tracing::warn!(%error, "invitations could not be looked after"),
        };
        for (id, since) in due {
            if let Err(error) = self.work_on(&id, since.unwrap_or_default()).await {
                tracing::warn!(%error, "invitations are left for later");
            }
        }
    }

    async fn work_on(&self, id: &str, since: UnixMillis) -> Result<(), ServiceError> {
        let Some(lease) = self.leases.take(&format!("invitations:{id}")).await? else { return Ok(()) };
        let done = self.under_lease(id, since).await;
        lease.give_back().await;
        done
    }

    async fn under_lease(&self, id: &str, since: UnixMillis) -> Result<(), ServiceError> {
        let Some(mut run) = self.lists.get(id).await? else {
            // It may be about to be kept.
            if self.clock.now().0 - since.0 >= BEGUN_MS {
                self.due.take(id).await?;
            }
            return Ok(());
        };
        while !run.is_finished() {
            let waiting = run.rows.iter().filter(|row| row.outcome == RowOutcome::Waiting).take(STEP).cloned();
            let waiting: Vec<InvitationRow> = waiting.collect();
            let run_now = &run;
            let invite = |row: InvitationRow| -> BoxFuture<'_, _> {
                Box::pin(async move { (row.session, self.invite(run_now, &row).await) })
            };
            let results: Vec<_> = stream::iter(waiting).map(invite).buffer_unordered(AT_ONCE).collect().await;
            let (mut outcomes, mut failed) = (Vec::new(), None);
            for (session, result) in results {
                match result {
                    Ok(outcome) => outcomes.push((session, outcome)),
                    Err(error) => failed = Some(error),
                }
            }
            let noted = self.lists.note(id, &outcomes).await?;
            if let Some(error) = failed {
                return Err(error);
            }
            // It may have run out meanwhile.
            let Some(noted) = noted else { break };
            run = noted;
            self.forget_again(&run, &outcomes).await?;
        }
        Ok(self.due.take(id).await.map(drop)?)
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
            Err(ServiceError::Told(error)) if !error.is_transient() => Ok(RowOutcome::Refused { detail: error.detail }),
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

/// Spreadsheets run what begins with these.
const RUN: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A name must not be run.
fn harmless(field: &str) -> std::borrow::Cow<'_, str> {
    if field.starts_with(RUN) { format!("'{field}").into() } else { field.into() }
}

/// What was made [`harmless`], as it was.
fn as_given(field: &str) -> &str {
    field.strip_prefix('\'').filter(|rest| rest.starts_with(RUN)).unwrap_or(field)
}

/// The lines of a list. What is wrong with one is said there; the others are not kept from their invitation.
fn read(text: &str) -> Result<Vec<InvitationRow>, AppError> {
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = delimiter(text);
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows: Vec<InvitationRow> = Vec::new();
    let mut seen = HashMap::new();
    for (number, record) in csv.records().enumerate() {
        let record = record.map_err(|error| AppError::bad_request(format!("The list is no CSV file: {error}.")))?;
        let line = record.position().map_or(number as u64 + 1, |position| line_of(text, position));
        let field = |index: usize| as_given(record.get(index).unwrap_or_default()).to_owned();
        let (name, email, phone) = (field(0), field(1), field(2));
        if is_header(number, &name, &email) || record.iter().all(str::is_empty) {
            continue;
        }
        if rows.len() == MAX_ROWS {
            return Err(AppError::bad_request(format!("At most {MAX_ROWS} candidates can be invited at once.")));
        }
        let mut row =
            InvitationRow { line, name, email, phone, session: random_session_id(), outcome: RowOutcome::Waiting };
        let wrong = if record.len() > 3 {
            Some("This line has more than three columns. They are: name, email, phone.".to_owned())
        } else if let Err(error) = validate::candidate(&wish(&row)) {
            Some(error.detail)
        } else {
            let first = *seen.entry(row.email.to_lowercase()).or_insert(line);
            (first != line).then(|| format!("This e-mail address stands in line {first} already."))
        };
        if let Some(detail) = wrong {
            row.outcome = RowOutcome::Refused { detail };
        }
        rows.push(row);
    }
    if rows.is_empty() {
        return Err(AppError::bad_request("The list is empty. Each line needs a name and an e-mail address."));
    }
    Ok(rows)
}

/// What separates the columns: in the first lines, what stands beside an address, which holds neither.
fn delimiter(text: &str) -> u8 {
    let count = |delimiter: char| {
        let beside =
            |line: &&str| line.split(delimiter).any(|field| validate::is_address(field.trim().trim_matches('"')));
        text.split(['\r', '\n']).filter(|line| !line.trim().is_empty()).take(GUESSED_BY).filter(beside).count()
    };
    if count(';') > count(',') { b';' } else { b',' }
}

/// The line on which a record begins, in a file of any system. Its position is that of the blank lines before it, if there
/// are any.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let begin = position.byte() as usize;
    let blank = text.bytes().skip(begin).take_while(|byte| b"\r\n".contains(byte)).count();
    let before = &text[..begin + blank];
    1 + before.replace("\r\n", "\n").matches(['\r', '\n']).count() as u64
}

fn is_header(number: usize, name: &str, email: &str) -> bool {
    number == 0 && name.eq_ignore_ascii_case("name") && email.to_lowercase().replace('-', "").starts_with("email")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(row: &InvitationRow) -> Option<&str> {
        match &row.outcome {
            RowOutcome::Refused { detail } => Some(detail),
            _ => None,
        }
    }

    #[test]
    fn a_list_is_read_line_by_line() {
        let rows = read("Name,E-Mail,Phone\nAda,ada@example.com,\"+44, 1\"\n\nBob,bob@example.com\n").unwrap();
        let read: Vec<_> = rows.iter().map(|row| (row.line, row.name.as_str(), row.phone.as_str())).collect();
        assert_eq!(read, [(2, "Ada", "+44, 1"), (4, "Bob", "")]);
        assert!(rows.iter().all(|row| row.outcome == RowOutcome::Waiting));
    }

    #[test]
    fn what_is_wrong_is_said_of_its_line_only() {
        let rows = read("Ada,ada@example.com\nBob,nowhere\n,c@example.com\nAda,ADA@example.com\nE,e@example.com,1,2\n");
        let rows = rows.unwrap();
        assert_eq!(refused(&rows[0]), None);
        assert!(refused(&rows[1]).unwrap().contains("`email`"));
        assert!(refused(&rows[2]).unwrap().contains("`name`"));
        assert!(refused(&rows[3]).unwrap().contains("line 1"));
        assert!(refused(&rows[4]).unwrap().contains("three columns"));
    }

    #[test]
    fn a_name_with_a_comma_is_no_two_columns_of_a_list_with_semicolons() {
        for list in ["Doe, Jane;jane@x.y;1\n", "name;email\nDoe, Jane;jane@x.y\n\"Roe, Richard\";\"r@x.y\"\n"] {
            let rows = read(list).unwrap();
            assert_eq!((rows[0].name.as_str(), rows[0].email.as_str()), ("Doe, Jane", "jane@x.y"));
        }
        let rows = read("Doe; Jane,jane@x.y\n").unwrap();
        assert_eq!((rows[0].name.as_str(), rows[0].email.as_str()), ("Doe; Jane", "jane@x.y"));
    }

    #[test]
    fn who_stands_there_again_is_told_the_line_that_counts() {
        let rows = read("A,a@b.c\nB,a@b.c\nC,A@b.c\n").unwrap();
        assert!(refused(&rows[1]).unwrap().contains("line 1"));
        assert!(refused(&rows[2]).unwrap().contains("line 1"));
    }

    #[test]
    fn lines_are_counted_however_they_end() {
        for list in
            ["A,a@b.c\rB,b@b.c\r\rC,c@b.c", "A,a@b.c\r\nB,b@b.c\r\n\r\nC,c@b.c", "A,a@b.c\nB,b@b.c\n\nC,c@b.c\n"]
        {
            let lines: Vec<_> = read(list).unwrap().iter().map(|row| row.line).collect();
            assert_eq!(lines, [1, 2, 4], "{list:?}");
        }
    }

    #[test]
    fn lists_of_other_spreadsheets_are_read_too() {
        let rows = read("\u{feff}name;email\r\nÁda;ada@example.com\r\n").unwrap();
        assert_eq!((rows[0].name.as_str(), rows[0].email.as_str()), ("Áda", "ada@example.com"));
    }

    #[test]
    fn an_empty_list_is_refused() {
        assert!(read("").is_err());
        assert!(read("name,email,phone\n").is_err());
    }

    #[test]
    fn spreadsheets_run_no_names() {
        assert_eq!(harmless("=cmd()"), "'=cmd()");
        assert_eq!(harmless("Ada"), "Ada");
        let rows = read("Ada,ada@example.com,'+49 1\n").unwrap();
        assert_eq!(rows[0].phone, "+49 1", "it comes back as it was");
    }
}
