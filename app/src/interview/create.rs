//! The first step of a session.

use crate::model::{
    Announced, Candidate, Event, JobRef, Presence, Proctoring, Question, Recorded, Recurred, Room, Session, SessionId,
    Status, TimeRules, Timers, UnixMillis,
};

/// A checked wish for a session: what [`crate::validate::plan`] made of a [`crate::model::NewInterview`].
#[derive(Clone, Debug, PartialEq)]
pub struct SessionPlan {
    pub candidate: Candidate,
    pub job: Option<JobRef>,
    /// At least one.
    pub questions: Vec<Question>,
    /// 1..=`questions.len()`.
    pub max_questions: u32,
    pub timers: Timers,
    pub time: TimeRules,
    /// None: it is not proctored.
    pub proctoring: Option<Proctoring>,
}

/// The new session and the event that says so.
#[must_use]
pub fn create(id: SessionId, plan: SessionPlan, now: UnixMillis) -> (Session, Recorded) {
    let event = Event::Created { total_questions: plan.questions.len() as u32, max_questions: plan.max_questions };
    let session = Session {
        id,
        candidate: plan.candidate,
        job: plan.job,
        questions: plan.questions,
        max_questions: plan.max_questions,
        timers: plan.timers,
        time: plan.time,
        status: Status::Initialized,
        created_at: now,
        started_at: None,
        ended_at: None,
        end_reason: None,
        consent_at: None,
        devices: None,
        delivered: 0,
        open: None,
        answers: Vec::new(),
        dialogue: Vec::new(),
        evaluations: Vec::new(),
        basis: 1,
        report: None,
        announced: Announced::default(),
        violations_count: 0,
        proctoring: plan.proctoring,
        room: Room::default(),
        presence: Presence::default(),
        credited_ms: 0,
        notices: Vec::new(),
        create_key: None,
        invitations: None,
        recurred: Recurred::default(),
        seq: 1,
    };
    (session, Recorded { seq: 1, at: now, event })
}
