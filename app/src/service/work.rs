//! What is done in the background about sessions: answers are evaluated, reports made, and webhooks told.
//!
//! What there is to do stands in the sessions themselves, so nothing has to remember it and nothing gets lost. A lease keeps
//! two workers from doing the same at once; if they do all the same, each result is recorded once.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, Semaphore},
    task::JoinSet,
    time::Instant,
};

use super::{
    Hooks, Proctor, ServiceError, Sessions, leases::Leases, records::Typed, report, reported_proctoring::recordings,
    tasks::joined,
};
use crate::{
    interview::Command,
    model::{Report, ReportedRecordings, Session, SessionId},
    ports::{Clock, Evaluate, EvaluationTask, RecordKind, RecordStore},
};

/// Sessions in hand at the same time. Those that wait for an evaluation keep nobody else from being told or reported on.
const IN_HAND: usize = 128;

/// Answers evaluated at the same time, that is, what a language model is asked at once.
const EVALUATED: usize = 16;

/// From one look for work to the next, if nobody says that there is some.
const LOOK: Duration = Duration::from_secs(2);

/// Between two looks at least: each reads the store.
const PACE: Duration = Duration::from_millis(25);

/// Milliseconds after the end of an interview from which on its recordings do not change any more.
const SETTLED_MS: i64 = 300_000;

/// The background work of one worker.
pub struct Work {
    sessions: Arc<Sessions>,
    hooks: Arc<Hooks>,
    proctor: Arc<Proctor>,
    evaluator: Arc<dyn Evaluate>,
    leases: Leases,
    reports: Typed<Report>,
    clock: Arc<dyn Clock>,
    wanted: Arc<Notify>,
    evaluations: Semaphore,
}

/// Sessions in hand.
#[derive(Default)]
struct InHand {
    /// Tasks: they go on while the store is read.
    under_way: JoinSet<(SessionId, bool)>,
    ids: HashSet<SessionId>,
    /// Those of them that were seen to have work when they were in hand already: it may have been the same, or more.
    again: HashSet<SessionId>,
    /// Those that are another worker's or could not be worked on, as far as it turned out lately.
    left: HashSet<SessionId>,
}

impl Work {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        hooks: Arc<Hooks>,
        proctor: Arc<Proctor>,
        evaluator: Arc<dyn Evaluate>,
        records: Arc<dyn RecordStore>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            wanted: sessions.work_wanted(),
            sessions,
            hooks,
            proctor,
            evaluator,
            leases: Leases::new(records.clone(), clock.clone()),
            reports: Typed::new(records, RecordKind::Report),
            clock,
            evaluations: Semaphore::new(EVALUATED),
        }
    }

    /// Waits until this worker made work.
    pub async fn wanted(&self) {
        self.wanted.notified().await;
    }

    /// Does what there is to do, here or left behind by others, and what is made meanwhile. Comes back when nothing is in
    /// hand any more.
    pub async fn run(self: &Arc<Self>) {
        let mut in_hand = InHand::default();
        self.take_up(&mut in_hand).await;
        let mut looked_at = Instant::now();
        let mut try_again_at = looked_at + LOOK;
        loop {
            tokio::select! {
                done = joined(&mut in_hand.under_way) => match done {
                    None => return,
                    Some((id, done)) => {
                        in_hand.ids.remove(&id);
                        let again = in_hand.again.remove(&id);
                        if !done {
                            in_hand.left.insert(id);
                        } else if again {
                            self.wanted.notify_one();
                        }
                        // Only where there was no place for more there may be more.
                        if in_hand.ids.len() + 1 < IN_HAND {
                            continue;
                        }
                    }
                },
                () = self.wanted_after(looked_at + PACE) => {}
                () = tokio::time::sleep_until(try_again_at) => {
                    in_hand.left.clear();
                    try_again_at = Instant::now() + LOOK;
                }
            }
            self.take_up(&mut in_hand).await;
            looked_at = Instant::now();
        }
    }

    /// Not before `earliest`.
    async fn wanted_after(&self, earliest: Instant) {
        tokio::time::sleep_until(earliest).await;
        self.wanted().await;
    }

    /// Takes sessions with work in hand while there are places.
    async fn take_up(self: &Arc<Self>, in_hand: &mut InHand) {
        let places = IN_HAND - in_hand.ids.len();
        if places == 0 {
            return;
        }
        // Those in hand may all be among the first.
        let known = in_hand.ids.len() + in_hand.left.len();
        let due = match self.sessions.with_work((known + places) as u32).await {
            Ok(due) => due,
            Err(error) => return tracing::warn!(%error, "the work to be done could not be read"),
        };
        in_hand.again.extend(due.iter().filter(|id| in_hand.ids.contains(id)));
        let new = due.into_iter().filter(|id| !in_hand.ids.contains(id) && !in_hand.left.contains(id));
        for id in new.take(places).collect::<Vec<_>>() {
            in_hand.ids.insert(id);
            let work = self.clone();
            in_hand.under_way.spawn(async move { (id, work.work_on(id).await) });
        }
    }

    /// `false`: there is something left to do, or another worker does it.
    async fn work_on(&self, id: SessionId) -> bool {
        let worked = async {
            let Some(lease) = self.leases.take(&format!("session:{id}")).await? else { return Ok(false) };
            let done = self.under_lease(id).await;
            lease.give_back().await;
            match done {
                Err(ServiceError::NoSession(_)) => Ok(true),
                other => other.map(|()| true),
            }
        };
        let worked: Result<bool, ServiceError> = worked.await;
        worked.unwrap_or_else(|error| {
            tracing::warn!(session.id = %id, %error, "work on a session is left for later");
            false
        })
    }

    async fn under_lease(&self, id: SessionId) -> Result<(), ServiceError> {
        // What happened is told before it is judged, which may take a while.
        let session = self.sessions.get(id).await?;
        let mut session = self.announce(session).await?;
        // One by one, so that each score shows as soon as it is known.
        while let Some((question, task)) = next_task(&session) {
            let verdict = {
                // Nobody closes it, and without a place an answer is better evaluated than not.
                let _place = self.evaluations.acquire().await.ok();
                Box::new(self.evaluator.evaluate(&task).await)
            };
            session = self.sessions.step(id, &Command::NoteEvaluation { question, verdict }).await?;
            session = self.announce(session).await?;
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
            let report = report::write(&session, &events, self.recordings(&session).await?, self.clock.now());
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

    /// What the session's pictures and logs came to. Some minutes after the end nothing new comes, and once they are erased
    /// the last report is all that knows.
    async fn recordings(&self, session: &Session) -> Result<Option<ReportedRecordings>, ServiceError> {
        let Some(kept) = &session.proctoring else { return Ok(None) };
        let late = |report: &Report| session.ended_at.is_some_and(|end| report.made_at.since(end) > SETTLED_MS);
        let before = self.report(session.id).await?.filter(|report| kept.erased_at.is_some() || late(report));
        match before.and_then(|report| report.proctoring?.recordings) {
            Some(known) => Ok(Some(known)),
            None if kept.began_at.is_none() || kept.erased_at.is_some() => Ok(None),
            None => Ok(Some(recordings(&self.proctor, session.id).await?)),
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
