//! Events from commands.

use std::collections::BTreeMap;

use crate::model::{
    Actor, Answer, AnswerId, AnswerOutcome, DeviceCheck, EndReason, Event, OBSERVER_PREFIX, OpenQuestion, RoomState,
    Session, Status, UnixMillis,
};

/// Something that is asked of a session.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    Start {
        by: Actor,
    },
    GiveConsent,
    CheckDevices(DeviceCheck),
    /// Delivers the next question, unless one is open.
    OpenQuestion,
    SubmitAnswer(GivenAnswer),
    /// Closes the open question if its time is over.
    Expire,
    /// The candidate ends the interview. What stands in the field is taken as an answer, if it still can be.
    Finish {
        answer: Option<GivenAnswer>,
    },
    End {
        by: Actor,
    },
    NoteRoomOpened,
    NoteRoomClosed,
    NoteJoined {
        sid: String,
        identity: String,
    },
    NoteLeft {
        sid: String,
    },
    /// Everyone who is in the room now: participant id → identity.
    NoteParticipants(BTreeMap<String, String>),
}

/// An answer as a browser sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenAnswer {
    pub id: AnswerId,
    /// Index of the question that is answered.
    pub question: u32,
    pub text: String,
}

/// Why a command cannot be carried out. The texts are read by candidates, admins and integrators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("This interview is already completed.")]
    Completed,
    #[error("This interview has not been started yet. Start it first.")]
    NotStarted,
    #[error("The candidate has not agreed to the recording yet. Consent comes first.")]
    ConsentMissing,
    #[error("No question is open. Ask for the next one first.")]
    NoOpenQuestion,
    #[error("This question was answered already. The first answer stands.")]
    AlreadyAnswered,
    #[error("This answer was taken for another question already. Send the new one under an id of its own.")]
    AnswerIdUsed,
    #[error("This question has not been asked yet.")]
    NotAsked,
    #[error("The time for this question is over, so the answer could not be taken.")]
    TooLate,
}

/// What follows from `command` at the time `now`. Nothing when it is already so.
///
/// # Errors
/// Why the session's lifecycle does not allow it now.
pub fn decide(session: &Session, command: &Command, now: UnixMillis) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Start { by } => start(session, *by),
        Command::GiveConsent => match (session.status, session.consent_at) {
            (_, Some(_)) => Ok(vec![]),
            (Status::Completed, None) => Err(Refusal::Completed),
            (_, None) => Ok(vec![Event::ConsentGiven]),
        },
        Command::CheckDevices(devices) => match session.status {
            Status::Completed => Err(Refusal::Completed),
            _ if session.devices == Some(*devices) => Ok(vec![]),
            _ => Ok(vec![Event::DevicesChecked { devices: *devices }]),
        },
        Command::OpenQuestion => open_question(session, now),
        Command::SubmitAnswer(given) => submit_answer(session, given, now),
        Command::Expire => Ok(expire(session, now)),
        Command::Finish { answer } => finish(session, answer.as_ref(), now),
        Command::End { by: Actor::Admin } => end(session, EndReason::EndedByAdmin),
        Command::End { by: Actor::Api } => end(session, EndReason::EndedByApi),
        Command::End { by: Actor::Candidate } => end(session, EndReason::CandidateFinished),
        Command::NoteRoomOpened => Ok(match session.room.state {
            RoomState::Open { .. } => vec![],
            _ if session.status == Status::Completed => vec![],
            _ => vec![Event::RoomOpened],
        }),
        Command::NoteRoomClosed => Ok(match session.room.state {
            RoomState::Open { .. } => vec![Event::RoomClosed],
            _ => vec![],
        }),
        Command::NoteJoined { sid, identity } => Ok(joined(session, sid, identity)),
        Command::NoteLeft { sid } => {
            Ok(session.room.participants.get(sid).map(|identity| left(sid, identity)).into_iter().collect())
        }
        Command::NoteParticipants(present) => Ok(participants(session, present)),
    }
}

fn start(session: &Session, by: Actor) -> Result<Vec<Event>, Refusal> {
    match session.status {
        Status::Completed => Err(Refusal::Completed),
        Status::InProgress => Ok(vec![]),
        Status::Initialized if by == Actor::Candidate && session.consent_at.is_none() => Err(Refusal::ConsentMissing),
        Status::Initialized => Ok(vec![Event::Started { by }]),
    }
}

fn require_in_progress(session: &Session) -> Result<(), Refusal> {
    match session.status {
        Status::Initialized => Err(Refusal::NotStarted),
        Status::InProgress => Ok(()),
        Status::Completed => Err(Refusal::Completed),
    }
}

fn open_question(session: &Session, now: UnixMillis) -> Result<Vec<Event>, Refusal> {
    require_in_progress(session)?;
    if session.consent_at.is_none() {
        return Err(Refusal::ConsentMissing);
    }
    match session.open {
        Some(open) if !open.is_over(now) => Ok(vec![]),
        Some(open) => Ok(vec![no_response(open, now), next(session, now)]),
        None => Ok(vec![next(session, now)]),
    }
}

fn submit_answer(session: &Session, given: &GivenAnswer, now: UnixMillis) -> Result<Vec<Event>, Refusal> {
    let answer = match take(session, given, now)? {
        Some(answer) => answer,
        None => return Ok(vec![]),
    };
    Ok(vec![Event::Answered { answer }, next(session, now)])
}

fn finish(session: &Session, given: Option<&GivenAnswer>, now: UnixMillis) -> Result<Vec<Event>, Refusal> {
    let end = end(session, EndReason::CandidateFinished)?;
    // An answer that cannot be taken any more does not keep the candidate here.
    let answer = given.and_then(|given| take(session, given, now).ok().flatten()).filter(|_| !end.is_empty());
    Ok(answer.map(|answer| Event::Answered { answer }).into_iter().chain(end).collect())
}

/// The answer as it is recorded; `None` when it was already.
fn take(session: &Session, given: &GivenAnswer, now: UnixMillis) -> Result<Option<Answer>, Refusal> {
    let GivenAnswer { id, question, ref text } = *given;
    if let Some(known) = session.answers.iter().find(|answer| answer.id == Some(id)) {
        return if known.question == question { Ok(None) } else { Err(Refusal::AnswerIdUsed) };
    }
    require_in_progress(session)?;
    let open = match session.open {
        Some(open) if open.index == question => open,
        _ if session.answers.iter().any(|a| a.question == question && a.id.is_none()) => return Err(Refusal::TooLate),
        _ if session.answers.iter().any(|a| a.question == question) => return Err(Refusal::AlreadyAnswered),
        Some(_) => return Err(Refusal::NotAsked),
        None => return Err(Refusal::NoOpenQuestion),
    };
    if open.is_over(now) {
        return Err(Refusal::TooLate);
    }
    let outcome = match (now > open.deadline, text.trim().is_empty()) {
        (false, _) => AnswerOutcome::Submitted,
        (true, false) => AnswerOutcome::TimedOut,
        (true, true) => AnswerOutcome::NoResponse,
    };
    let time_used_ms = now.since(open.delivered_at);
    Ok(Some(Answer { id: Some(id), question, text: text.clone(), outcome, at: now, time_used_ms }))
}

fn expire(session: &Session, now: UnixMillis) -> Vec<Event> {
    match session.open {
        Some(open) if open.is_over(now) => {
            let mut events = vec![no_response(open, now)];
            // The next question's time begins when a browser asks for it, not now.
            if session.delivered >= session.max_questions {
                events.push(Event::Ended { reason: EndReason::AllAnswered });
            }
            events
        }
        _ => vec![],
    }
}

fn end(session: &Session, reason: EndReason) -> Result<Vec<Event>, Refusal> {
    match session.status {
        Status::Initialized => Err(Refusal::NotStarted),
        Status::InProgress => Ok(vec![Event::Ended { reason }]),
        Status::Completed => Ok(vec![]),
    }
}

/// What comes after the questions delivered so far: the next one, or the end.
fn next(session: &Session, now: UnixMillis) -> Event {
    let index = session.delivered;
    if index >= session.max_questions {
        return Event::Ended { reason: EndReason::AllAnswered };
    }
    let kind = session.questions[index as usize].kind;
    Event::QuestionDelivered { index, deadline: now.plus_seconds(session.timers.seconds_for(kind)) }
}

fn no_response(open: OpenQuestion, now: UnixMillis) -> Event {
    let answer = Answer {
        id: None,
        question: open.index,
        text: String::new(),
        outcome: AnswerOutcome::NoResponse,
        at: now,
        time_used_ms: open.deadline.since(open.delivered_at),
    };
    Event::Answered { answer }
}

fn left(sid: &str, identity: &str) -> Event {
    Event::ParticipantLeft { sid: sid.to_owned(), identity: identity.to_owned() }
}

fn participants(session: &Session, present: &BTreeMap<String, String>) -> Vec<Event> {
    let known = &session.room.participants;
    let gone = known.iter().filter(|(sid, _)| !present.contains_key(*sid)).map(|(sid, identity)| left(sid, identity));
    let mut events: Vec<Event> = gone.collect();
    // The room is opened at most once, by the first who joined unseen.
    for event in present.iter().flat_map(|(sid, identity)| joined(session, sid, identity)) {
        if event != Event::RoomOpened || !events.contains(&event) {
            events.push(event);
        }
    }
    events
}

fn joined(session: &Session, sid: &str, identity: &str) -> Vec<Event> {
    // LiveKit gives out a participant id once: who left under it has left, however late the news of the joining comes.
    let known = session.room.participants.contains_key(sid) || session.room.left.iter().any(|left| left == sid);
    if known || identity.starts_with(OBSERVER_PREFIX) || session.status == Status::Completed {
        return vec![];
    }
    let mut events = Vec::with_capacity(2);
    if !matches!(session.room.state, RoomState::Open { .. }) {
        events.push(Event::RoomOpened);
    }
    events.push(Event::ParticipantJoined { sid: sid.to_owned(), identity: identity.to_owned() });
    events
}
