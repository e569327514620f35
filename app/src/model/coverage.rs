//! How much of an interview was reported.

use serde::{Deserialize, Serialize};

use super::{Session, UnixMillis, when_open};

/// How much of the time in which questions were open the candidate's page reported, in ms: by looks, or by saying why there are
/// none. A plain share, whatever the reason: outages of which the log came later count as reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    pub reported_ms: i64,
    /// More than 0.
    pub open_ms: i64,
}

impl Coverage {
    /// Of these spans of time that were reported, which do not overlap. None: no question has been open.
    #[must_use]
    pub fn of(session: &Session, reported: &[(UnixMillis, UnixMillis)], now: UnixMillis) -> Option<Self> {
        let answers = session.answers.iter();
        let answered =
            answers.map(|answer| when_open(&session.dialogue, answer.question, answer.at, answer.time_used_ms));
        let goes_on = session.open.map(|open| (open.delivered_at, now.min(open.deadline).max(open.delivered_at)));
        let open = answered.chain(goes_on);
        let (mut reported_ms, mut open_ms) = (0, 0);
        for (from, to) in open {
            open_ms += to.since(from);
            reported_ms += reported.iter().map(|span| span.1.min(to).since(span.0.max(from)).max(0)).sum::<i64>();
        }
        (open_ms > 0).then_some(Self { reported_ms, open_ms })
    }

    /// 0..=100, rounded down: 100 means that nothing is missing.
    #[must_use]
    pub fn percent(self) -> u32 {
        let share = self.reported_ms.saturating_mul(100).checked_div(self.open_ms).unwrap_or_default();
        u32::try_from(share.clamp(0, 100)).unwrap_or_default()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        model::{Answer, AnswerOutcome, OpenQuestion, SessionId, Speaker, Utterance},
        service::fakes,
    };

    fn at(seconds: i64) -> UnixMillis {
        UnixMillis(seconds * 1_000)
    }

    fn answer(question: u32, from_s: i64, to_s: i64) -> Answer {
        Answer {
            id: None,
            question,
            text: String::new(),
            outcome: AnswerOutcome::Submitted,
            at: at(to_s),
            time_used_ms: (to_s - from_s) * 1_000,
        }
    }

    /// Two minutes of time, of which the page was there for one; the outage put off that the question was closed.
    #[test]
    fn time_after_the_deadline_was_not_open() {
        let mut session = fakes::session(SessionId(Uuid::nil()));
        session.dialogue = vec![Utterance { speaker: Speaker::Interviewer, text: String::new(), at: at(100) }];
        let closed = Answer { outcome: AnswerOutcome::NoResponse, at: at(343), ..answer(0, 100, 220) };
        session.answers = vec![closed];
        let coverage = Coverage::of(&session, &[(at(90), at(160))], at(400));
        assert_eq!(coverage, Some(Coverage { reported_ms: 60_000, open_ms: 120_000 }));
    }

    #[test]
    fn only_what_was_reported_while_questions_were_open_counts() {
        let mut session = fakes::session(SessionId(Uuid::nil()));
        assert_eq!(Coverage::of(&session, &[(at(0), at(99))], at(100)), None);
        session.answers = vec![answer(0, 100, 160), answer(1, 200, 240)];
        let percent = |reported: &[_], session: &Session| Coverage::of(session, reported, at(300)).unwrap().percent();
        assert_eq!(percent(&[], &session), 0);
        assert_eq!(percent(&[(at(0), at(300))], &session), 100, "no more than all");
        assert_eq!(percent(&[(at(90), at(110)), (at(150), at(205))], &session), 25);
        assert_eq!(percent(&[(at(100), at(160)), (at(200), UnixMillis(239_999))], &session), 99, "not quite all");
        session.open = Some(OpenQuestion {
            index: 2,
            delivered_at: at(200),
            deadline: at(400),
            credited_ms: 0,
            credited_until: at(0),
            granted_s: 0,
        });
        assert_eq!(percent(&[(at(100), at(160)), (at(200), at(240))], &session), 70, "one is open");
    }
}
