//! What is done in the background about sessions: answers are evaluated, reports made, and webhooks told.
//!
//! What there is to do stands in the sessions themselves, so nothing has to remember it and nothing gets lost. A lease keeps
//! two workers from doing the same at once; if they do all the same, each result is recorded once.

use std::sync::Arc;

use futures::{StreamExt, future::BoxFuture, stream};
use tokio::sync::Notify;

use super::{Hooks, ServiceError, Sessions, leases::Leases, records::Typed, report};
use crate::{
    interview::Command,
    model::{Report, Session, SessionId},
    ports::{Clock, Evaluate, EvaluationTask, RecordKind, RecordStore},
};

/// Sessions looked at in one go.
const PAGE: u32 = 64;

/// Sessions worked on at the same time. Most of the time a language model is waited for.
const AT_ONCE: usize = 16;

/// The background work of one worker.
pub struct Work {
    sessions: Arc<Sessions>,
    hooks: Arc<Hooks>,
    evaluator: Arc<dyn Evaluate>,
    leases: Leases,
    reports: Typed<Report>,
    clock: Arc<dyn Clock>,
    wanted: Arc<Notify>,
}

impl Work {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        hooks: Arc<Hooks>,
        evaluator: Arc<dyn Evaluate>,
        records: Arc<dyn RecordStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            wanted: sessions.work_wanted(),
            sessions,
            hooks,
            evaluator,
            leases: Leases::new(records.clone(), clock.clone()),
            reports: Typed::new(records, RecordKind::Report),
            clock,
        }
    }

    /// Waits until this worker made work.
    pub async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Does what there is to do, here or left behind by others.
    pub async fn run(&self) {
        let due = match self.sessions.with_work(PAGE).await {
            Ok(due) => due,
            Err(error) => return tracing::warn!(%error, "the work to be done could not be read"),
        };
        let work = |id: SessionId| -> BoxFuture<'_, ()> {
            Box::pin(async move {
                if let Err(error) = self.work_on(id).await {
                    tracing::warn!(session.id = %id, %error, "work on a session is left for later");
                }
            })
        };
        stream::iter(due).for_each_concurrent(AT_ONCE, work).await;
    }

    async fn work_on(&self, id: SessionId) -> Result<(), ServiceError> {
        let Some(lease) = self.leases.take(&format!("session:{id}")).await? else { return Ok(()) };
        let done = self.under_lease(id).await;
        lease.give_back().await;
        match done {
            Err(ServiceError::NoSession(_)) => Ok(()),
            other => other,
        }
    }

    async fn under_lease(&self, id: SessionId) -> Result<(), ServiceError> {
        // What happened is told before it is judged, which may take a while.
        let session = self.sessions.get(id).await?;
        let mut session = self.announce(session).await?;
        // One by one, so that each score shows as soon as it is known.
        while let Some((question, task)) = next_task(&session) {
            let verdict = Box::new(self.evaluator.evaluate(&task).await);
            session = self.sessions.step(id, &Command::NoteEvaluation { question, verdict }).await?;
        }
        if session.needs_report() {
            session = self.make_report(session).await?;
        }
        self.announce(session).await.map(drop)
    }

    async fn announce(&self, session: Arc<Session>) -> Result<Arc<Session>, ServiceError> {
        let announced = session.to_announce();
        if session.announced == announced {
            return Ok(session);
        }
        self.hooks.announce(&session).await?;
        self.sessions.step(session.id, &Command::NoteAnnounced(announced)).await
    }

    async fn make_report(&self, session: Arc<Session>) -> Result<Arc<Session>, ServiceError> {
        let key = session.id.to_string();
        let mut session = session;
        loop {
            let events = self.sessions.events(session.id).await?;
            let report = report::write(&session, &events, self.clock.now());
            // First the report, then the word that it is there: a crash in between only makes it again.
            self.reports.put(&key, &report, None).await?;
            let noted = self.sessions.step(session.id, &Command::NoteReport { basis: session.basis }).await;
            if matches!(noted, Err(ServiceError::NoSession(_))) {
                // It was deleted meanwhile, and nothing of it may stay.
                self.reports.take(&key).await?;
            }
            session = noted?;
            // A worker that stood still may have put an old one over a newer one.
            if session.report.is_none_or(|mark| mark.basis == report.basis) {
                return Ok(session);
            }
        }
    }

    /// The report of a session.
    ///
    /// # Errors
    /// The store's.
    pub async fn report(&self, id: SessionId) -> Result<Option<Report>, ServiceError> {
        Ok(self.reports.get(&id.to_string()).await?)
    }
}

/// The next answer to be evaluated, with the index of its question.
fn next_task(session: &Session) -> Option<(u32, EvaluationTask)> {
    let answer = session.unevaluated().next()?;
    let question = session.questions.get(answer.question as usize)?.clone();
    Some((answer.question, EvaluationTask { question, answer: answer.text.clone() }))
}
