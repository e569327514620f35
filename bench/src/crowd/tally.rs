//! What the pages of a crowd saw.

use std::time::Duration;

use app::{
    model::{CandidateView, UnixMillis},
    ports::Clock as _,
};
use server::clock::SystemClock;

use crate::load::{Load, micros};

/// Times in microseconds.
#[derive(Default)]
pub struct Tally {
    pushes: Vec<u32>,
    kept: Vec<u32>,
}

impl Tally {
    /// Notes that a page has just learnt what happened at these times by the server's clock, which is this machine's.
    pub fn pushed(&mut self, happened: &[UnixMillis]) {
        let now = SystemClock.now();
        let took = |at: &UnixMillis| Duration::from_millis(u64::try_from(now.since(*at)).unwrap_or_default());
        self.pushes.extend(happened.iter().map(|at| micros(took(at))));
    }

    /// Notes that a draft was acknowledged.
    pub fn kept(&mut self, took: Duration) {
        self.kept.push(micros(took));
    }

    pub fn add(&mut self, other: Self) {
        self.pushes.extend(other.pushes);
        self.kept.extend(other.kept);
    }

    /// From a step at the server until the page had it, to the millisecond.
    pub fn pushes(&self, length: Duration) -> Load {
        Load::new(length, self.pushes.clone())
    }

    /// From sending a draft until it was told to be kept.
    pub fn drafts(&self, length: Duration) -> Load {
        Load::new(length, self.kept.clone())
    }
}

/// When what is new in `view` happened: a consent, a question's delivery, notices. Nothing is new in a first view.
pub fn news(before: Option<&CandidateView>, view: &CandidateView) -> Vec<UnixMillis> {
    let Some(before) = before else { return Vec::new() };
    let consent = view.consent_at.filter(|_| before.consent_at.is_none());
    let asked = |view: &CandidateView| view.question.as_ref().map(|question| (question.index, question.delivered_at));
    let delivered = asked(view).filter(|_| asked(view) != asked(before)).map(|(_, at)| at);
    let known = |notice: &_| before.notices.contains(notice);
    let told = view.notices.iter().filter(|notice| !known(notice)).map(|notice| notice.at);
    consent.into_iter().chain(delivered).chain(told).collect()
}

#[cfg(test)]
mod tests {
    use app::model::{Notice, NoticeId, QuestionKind, QuestionView, Status};
    use uuid::Uuid;

    use super::*;

    fn view() -> CandidateView {
        CandidateView {
            proctored: None,
            asks: Default::default(),
            keep_days: 0,
            terminate_after: None,
            reference_at: None,
            seq: 1,
            name: "Jane Doe".into(),
            job_title: None,
            status: Status::Initialized,
            text_questions: 1,
            coding_questions: 0,
            timers: Default::default(),
            consent_at: None,
            devices: None,
            live_video: false,
            question: None,
            answered: 0,
            end_reason: None,
            notices: Vec::new(),
            draft: None,
            server_now: UnixMillis(0),
        }
    }

    #[test]
    fn only_what_was_not_shown_before_is_news() {
        let consented = CandidateView { consent_at: Some(UnixMillis(5)), ..view() };
        assert_eq!(news(None, &consented), []);
        assert_eq!(news(Some(&view()), &consented), [UnixMillis(5)]);
        let question = QuestionView {
            index: 0,
            text: "Why?".into(),
            kind: QuestionKind::Text,
            delivered_at: UnixMillis(7),
            deadline: UnixMillis(9),
            added_s: 0,
            max_answer: 50_000,
        };
        let notice = Notice { id: NoticeId(Uuid::nil()), text: "Hello".into(), at: UnixMillis(8), read_at: None };
        let asked = CandidateView { question: Some(question), notices: vec![notice], ..consented.clone() };
        assert_eq!(news(Some(&consented), &asked), [UnixMillis(7), UnixMillis(8)]);
        // More time for the same question, and a notice that was read, are no news of these kinds.
        let mut later = CandidateView { notices: Vec::new(), ..asked.clone() };
        later.question.as_mut().unwrap().deadline = UnixMillis(99);
        assert_eq!(news(Some(&asked), &later), []);
    }
}
