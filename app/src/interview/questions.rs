//! Questions and answers.

use super::{
    decide::{GivenAnswer, Refusal, end, require_in_progress},
    time::{self, is_over},
};
use crate::model::{Answer, AnswerOutcome, EndReason, Event, OpenQuestion, Session, Status, UnixMillis};

pub(super) fn open_question(session: &Session, now: UnixMillis) -> Result<Vec<Event>, Refusal> {
    require_in_progress(session)?;
    if session.consent_at.is_none() {
        return Err(Refusal::ConsentMissing);
    }
    // One whose time is over is closed by a step of its own, which takes the draft along.
    Ok(if session.open.is_some() { vec![] } else { vec![next(session, now)] })
}

pub(super) fn submit_answer(session: &Session, given: &GivenAnswer, now: UnixMillis) -> Result<Vec<Event>, Refusal> {
    let mut events = take(session, given, now)?;
    if !events.is_empty() {
        events.push(next(session, now));
    }
    Ok(events)
}

pub(super) fn finish(session: &Session, given: Option<&GivenAnswer>, now: UnixMillis) -> Result<Vec<Event>, Refusal> {
    let end = end(session, EndReason::CandidateFinished)?;
    let taken = match given.filter(|_| !end.is_empty()).map(|given| take(session, given, now)) {
        Some(Ok(events)) => events,
        // The candidate can still shorten it.
        Some(Err(refusal @ Refusal::TooLong { .. })) => return Err(refusal),
        // An answer that cannot be taken any more does not keep the candidate here.
        Some(Err(_)) | None => vec![],
    };
    Ok(taken.into_iter().chain(end).collect())
}

/// The answer as it is recorded, after the credit that it needed; nothing when it was recorded already.
fn take(session: &Session, given: &GivenAnswer, now: UnixMillis) -> Result<Vec<Event>, Refusal> {
    let GivenAnswer { id, question, ref text } = *given;
    if let Some(known) = session.answers.iter().find(|answer| answer.id == Some(id)) {
        return match known {
            known if known.question != question => Err(Refusal::AnswerIdUsed),
            known if known.outcome == AnswerOutcome::TimedOut && known.text != *text => Err(Refusal::DraftStood),
            _ => Ok(vec![]),
        };
    }
    require_in_progress(session)?;
    let open = match session.open {
        Some(open) if open.index == question => open,
        _ if session.answers.iter().any(|a| a.question == question && a.id.is_none()) => return Err(Refusal::TooLate),
        _ if session.answers.iter().any(|a| a.question == question) => return Err(Refusal::AlreadyAnswered),
        Some(_) => return Err(Refusal::NotAsked),
        None => return Err(Refusal::NoOpenQuestion),
    };
    if is_over(session, now) {
        return Err(Refusal::TooLate);
    }
    let (length, most) = (text.chars().count(), session.longest_answer(question));
    if length > most {
        return Err(Refusal::TooLong { length, most });
    }
    // An answer is a sign of life: it ends an outage, even if the browser's channel is not open again yet.
    let credit = time::end_of_loss(session, now).filter(|_| now > open.deadline);
    let deadline = time::deadline(session, now).unwrap_or(open.deadline);
    let outcome = match (now > deadline, text.trim().is_empty()) {
        (false, _) => AnswerOutcome::Submitted,
        (true, false) => AnswerOutcome::TimedOut,
        (true, true) => AnswerOutcome::NoResponse,
    };
    let time_used_ms = now.since(open.delivered_at);
    let answer = Answer { id: Some(id), question, text: text.clone(), outcome, at: now, time_used_ms };
    Ok(credit.into_iter().chain([Event::Answered { answer }]).collect())
}

/// Closes the open question if its time is over, with what was written for it.
pub(super) fn expire(session: &Session, draft: Option<&GivenAnswer>, now: UnixMillis) -> Vec<Event> {
    match session.open {
        Some(open) if session.status == Status::InProgress && is_over(session, now) => {
            let mut events = vec![Event::Answered { answer: timed_out(session, open, draft, now) }];
            // The next question's time begins when a browser asks for it, not now.
            if session.delivered >= session.max_questions {
                events.push(Event::Ended { reason: EndReason::AllAnswered });
            }
            events
        }
        _ => vec![],
    }
}

/// Of a draft that is longer than an answer may be, the beginning is taken. Pages let none get so long; the page that sent
/// it is told when it sends it as the answer.
fn timed_out(session: &Session, open: OpenQuestion, draft: Option<&GivenAnswer>, now: UnixMillis) -> Answer {
    let written = draft.filter(|draft| draft.question == open.index && !draft.text.trim().is_empty());
    let most = session.longest_answer(open.index);
    Answer {
        id: written.map(|draft| draft.id),
        question: open.index,
        text: written.map(|draft| draft.text.chars().take(most).collect()).unwrap_or_default(),
        outcome: if written.is_some() { AnswerOutcome::TimedOut } else { AnswerOutcome::NoResponse },
        at: now,
        time_used_ms: open.deadline.since(open.delivered_at),
    }
}

/// What comes after the questions delivered so far: the next one, or the end.
fn next(session: &Session, now: UnixMillis) -> Event {
    let index = session.delivered;
    if index >= session.max_questions {
        return Event::Ended { reason: EndReason::AllAnswered };
    }
    let kind = session.questions[index as usize].kind;
    Event::QuestionDelivered { index, deadline: now.plus_seconds(session.time.seconds_for(session.timers, kind)) }
}
