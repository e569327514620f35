//! What a candidate does. The invite alone decides which session that is.

use std::sync::Arc;

use super::{Proctor, Rooms, ServiceError, Sessions};
use crate::{
    error::AppError,
    interview::{Command, GivenAnswer, deadline, is_over},
    model::{
        Actor, Asks, CandidateView, DeviceCheck, Draft, EndReason, Invite, NoticeId, QuestionKind, QuestionView,
        RoomAccess, Session, SessionId, Status,
    },
    ports::{Clock, StoreError},
};

/// The candidates of one worker's sessions.
pub struct Candidates {
    sessions: Arc<Sessions>,
    rooms: Arc<Rooms>,
    proctor: Arc<Proctor>,
    clock: Arc<dyn Clock>,
}

impl Candidates {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        rooms: Arc<Rooms>,
        proctor: Arc<Proctor>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { sessions, rooms, proctor, clock }
    }

    /// The interview as it is now.
    ///
    /// # Errors
    /// `NotFound` for an invite that opens nothing, as for all of these; or the store's.
    pub async fn view(&self, invite: &Invite) -> Result<CandidateView, AppError> {
        let id = self.open(invite)?;
        let session = self.told(self.current(id).await)?;
        Ok(CandidateView { draft: self.draft(&session).await?, ..self.show(&session) })
    }

    /// What the server has of the open question's answer.
    pub(super) async fn draft(&self, session: &Session) -> Result<Option<Draft>, StoreError> {
        let Some(open) = session.open else { return Ok(None) };
        let draft = self.sessions.draft(session.id).await?;
        Ok(draft.filter(|draft| draft.question == open.index))
    }

    /// Records that the candidate agrees to be recorded.
    ///
    /// # Errors
    /// `Conflict` after the end.
    pub async fn consent(&self, invite: &Invite) -> Result<CandidateView, AppError> {
        self.step(invite, &Command::GiveConsent).await
    }

    /// Records what the device check found.
    ///
    /// # Errors
    /// `Conflict` after the end.
    pub async fn check_devices(&self, invite: &Invite, devices: DeviceCheck) -> Result<CandidateView, AppError> {
        self.step(invite, &Command::CheckDevices(devices)).await
    }

    /// Starts the interview, if the API or an admin has not, and delivers the first question.
    ///
    /// # Errors
    /// `Conflict` without consent or after the end.
    pub async fn start(&self, invite: &Invite) -> Result<CandidateView, AppError> {
        self.step(invite, &Command::Start { by: Actor::Candidate }).await?;
        self.open_question(invite).await
    }

    /// Delivers the next question when none is open.
    ///
    /// # Errors
    /// `Conflict` before the start, without consent, or after the end.
    pub async fn open_question(&self, invite: &Invite) -> Result<CandidateView, AppError> {
        let id = self.open(invite)?;
        let session = self.told(self.current(id).await)?;
        if session.status == Status::Completed && session.end_reason == Some(EndReason::AllAnswered) {
            // The one whose time was over was the last.
            return Ok(self.show(&session));
        }
        self.step(invite, &Command::OpenQuestion).await
    }

    /// Notes that the candidate has read a notice.
    ///
    /// # Errors
    /// The store's.
    pub async fn read_notice(&self, invite: &Invite, id: NoticeId) -> Result<CandidateView, AppError> {
        self.step(invite, &Command::ReadNotice { id }).await
    }

    /// Takes an answer and delivers the next question. Sending the same `id` again changes nothing.
    ///
    /// # Errors
    /// `BadRequest` for an answer that is too long; `Conflict` when its time is over or another answer was first.
    pub async fn answer(&self, invite: &Invite, given: GivenAnswer) -> Result<CandidateView, AppError> {
        self.step(invite, &Command::SubmitAnswer(given)).await
    }

    /// Ends the interview at the candidate's wish, with what is written for the open question as its answer.
    ///
    /// # Errors
    /// `BadRequest` for an answer that is too long; `Conflict` before the start.
    pub async fn finish(&self, invite: &Invite, answer: Option<GivenAnswer>) -> Result<CandidateView, AppError> {
        // What was written for a question whose time is over is its answer, not nothing.
        let id = self.open(invite)?;
        self.told(self.current(id).await)?;
        self.step(invite, &Command::Finish { answer }).await
    }

    /// The candidate's way into the LiveKit room. `None`: the interview goes on without live video.
    ///
    /// # Errors
    /// `Conflict` before consent: nobody is seen who has not agreed to it.
    pub async fn join(&self, invite: &Invite) -> Result<Option<RoomAccess>, AppError> {
        let id = self.open(invite)?;
        let session = self.told(self.sessions.get(id).await)?;
        if session.consent_at.is_none() {
            return Err(ServiceError::Refused(crate::interview::Refusal::ConsentMissing).into());
        }
        self.told(self.rooms.candidate_access(id).await)
    }

    pub(super) fn open(&self, invite: &Invite) -> Result<SessionId, AppError> {
        self.sessions.by_invite(invite).ok_or_else(unknown_invite)
    }

    async fn step(&self, invite: &Invite, command: &Command) -> Result<CandidateView, AppError> {
        let id = self.open(invite)?;
        let session = self.told(self.rooms.step_to_end(id, command).await)?;
        // The last answer leaves no question open.
        self.note_asked(&session, matches!(command, Command::SubmitAnswer(_) | Command::Finish { .. }));
        Ok(self.show(&session))
    }

    /// Whoever asks while a question is open, and has no channel to report over, reports nothing.
    fn note_asked(&self, session: &Session, was_open: bool) {
        if session.presence.channel.is_none() && (session.open.is_some() || was_open) {
            self.proctor.asked(session);
        }
    }

    /// The session, with an open question closed whose time is over.
    async fn current(&self, id: SessionId) -> Result<Arc<Session>, ServiceError> {
        let mut session = self.sessions.get(id).await?;
        self.note_asked(&session, false);
        if session.open.is_some() && session.presence.is_cut_off() {
            session = self.sessions.step(id, &Command::NoteHeard).await?;
        }
        if is_over(&session, self.clock.now()) { self.rooms.expire(id).await } else { Ok(session) }
    }

    /// A candidate is not told ids, only that the link is no good.
    pub(super) fn told<T>(&self, result: Result<T, ServiceError>) -> Result<T, AppError> {
        result.map_err(|error| match error {
            ServiceError::NoSession(_) => unknown_invite(),
            error => error.into(),
        })
    }

    pub(super) fn show(&self, session: &Session) -> CandidateView {
        let now = self.clock.now();
        let asked = &session.questions[..session.max_questions as usize];
        let of_kind = |kind| asked.iter().filter(|question| question.kind == kind).count() as u32;
        let question = session.open.filter(|_| session.status == Status::InProgress).map(|open| {
            let question = &session.questions[open.index as usize];
            QuestionView {
                index: open.index,
                text: question.text.clone(),
                kind: question.kind,
                delivered_at: open.delivered_at,
                deadline: deadline(session, now).unwrap_or(open.deadline),
                added_s: u32::try_from(open.credited_ms / 1000).unwrap_or_default().saturating_add(open.granted_s),
                max_answer: session.longest_answer(open.index) as u32,
            }
        });
        let kept = session.proctoring.as_ref();
        CandidateView {
            seq: session.seq,
            name: session.candidate.name.clone(),
            job_title: session.job.as_ref().map(|job| job.title.clone()),
            status: session.status,
            text_questions: of_kind(QuestionKind::Text),
            coding_questions: of_kind(QuestionKind::Coding),
            timers: session.time.applied_to(session.timers),
            consent_at: session.consent_at,
            devices: session.devices,
            live_video: self.rooms.is_up().is_some(),
            question,
            answered: session.answers.len() as u32,
            end_reason: session.end_reason,
            notices: session.notices.iter().filter(|notice| notice.read_at.is_none()).cloned().collect(),
            proctored: kept.map(|_| session.id),
            asks: kept.map_or_else(Asks::default, |kept| kept.rules.asks()),
            terminate_after: kept.and_then(|kept| kept.rules.terminate_after()),
            keep_days: kept.map_or(0, |kept| kept.rules.keep_days.into()),
            reference_at: kept.and_then(|kept| kept.reference_at),
            draft: None,
            server_now: now,
        }
    }
}

/// What whoever has no good link is told.
#[must_use]
pub fn unknown_invite() -> AppError {
    AppError::not_found(
        "This link does not lead to an interview. It may be incomplete, or the interview was removed. \
         Please ask the people who invited you for a new one.",
    )
}
