//! Where a candidate is.

use crate::model::{CandidateView, Status};

/// What the page shows as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Who and what, and the consent.
    Welcome,
    /// Camera and microphone are tried.
    Devices,
    /// With live video: from the last breath before the start to the last answer.
    Room,
    Done,
}

/// What the room shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The first question waits for the candidate's word, whoever started the interview.
    Ready,
    /// The question with this index is open.
    Question(u32),
    /// The last question's time ran out unseen, and the next one was not delivered yet.
    Between,
}

/// The screen for what the server knows.
#[must_use]
pub fn screen(view: &CandidateView) -> Screen {
    if view.status == Status::Completed {
        Screen::Done
    } else if view.consent_at.is_none() {
        Screen::Welcome
    } else if view.devices.is_none() {
        Screen::Devices
    } else {
        Screen::Room
    }
}

/// The place in the room for what the server knows.
#[must_use]
pub fn place(view: &CandidateView) -> Place {
    match (&view.question, view.answered) {
        (Some(question), _) => Place::Question(question.index),
        (None, 0) => Place::Ready,
        (None, _) => Place::Between,
    }
}

/// The step's number in a new interview, counted from 0: consent, devices, start.
#[must_use]
pub fn preparation(view: &CandidateView) -> u32 {
    match screen(view) {
        Screen::Welcome => 0,
        Screen::Devices => 1,
        Screen::Room | Screen::Done => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DeviceCheck, QuestionKind, QuestionView, Timers, UnixMillis};

    fn view() -> CandidateView {
        CandidateView {
            seq: 1,
            name: "Ada".into(),
            job_title: None,
            status: Status::Initialized,
            text_questions: 2,
            coding_questions: 0,
            timers: Timers::default(),
            consent_at: None,
            devices: None,
            live_video: true,
            question: None,
            answered: 0,
            end_reason: None,
            notices: Vec::new(),
            proctored: None,
            asks: Default::default(),
            terminate_after: None,
            keep_days: 0,
            reference_at: None,
            draft: None,
            server_now: UnixMillis(0),
        }
    }

    fn prepared() -> CandidateView {
        let devices = Some(DeviceCheck { camera: false, microphone: true });
        CandidateView { consent_at: Some(UnixMillis(1)), devices, status: Status::InProgress, ..view() }
    }

    #[test]
    fn steps_follow_one_another() {
        assert_eq!(screen(&view()), Screen::Welcome);
        let consented = CandidateView { consent_at: Some(UnixMillis(1)), ..view() };
        assert_eq!(screen(&consented), Screen::Devices);
        assert_eq!(screen(&prepared()), Screen::Room);
        assert_eq!(screen(&CandidateView { status: Status::Completed, ..view() }), Screen::Done);
    }

    #[test]
    fn an_interview_that_an_admin_started_still_asks_for_consent_first() {
        assert_eq!(screen(&CandidateView { status: Status::InProgress, ..view() }), Screen::Welcome);
    }

    #[test]
    fn no_question_is_delivered_before_the_candidate_is_ready() {
        assert_eq!(place(&prepared()), Place::Ready);
    }

    #[test]
    fn after_an_unseen_question_the_next_one_is_asked_for() {
        assert_eq!(place(&CandidateView { answered: 1, ..prepared() }), Place::Between);
    }

    #[test]
    fn an_open_question_is_shown() {
        let question = Some(QuestionView {
            index: 1,
            text: "Why?".into(),
            kind: QuestionKind::Text,
            delivered_at: UnixMillis(0),
            deadline: UnixMillis(1),
            added_s: 0,
            max_answer: 50_000,
        });
        assert_eq!(place(&CandidateView { question, answered: 1, ..prepared() }), Place::Question(1));
    }
}
