//! Events from commands.

use std::collections::BTreeMap;

use super::{contact, judge, proctoring, questions, room, time};
use crate::model::{
    Actor, Announced, AnswerId, ChannelId, Closing, Correction, DeviceCheck, EndReason, Event, FaultKind, LogMark,
    NoticeId, Review, RoomState, Session, Status, Still, TimeRules, UnixMillis, Verdict, Violation, ViolationKey,
    WorkerId,
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
    /// Closes the open question if its time is over, with what was written for it.
    Expire {
        draft: Option<GivenAnswer>,
    },
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
    /// A page of the candidate connected to a worker.
    OpenChannel {
        channel: ChannelId,
        worker: WorkerId,
    },
    CloseChannel {
        channel: ChannelId,
        worker: WorkerId,
        /// When the browser was last heard.
        last_seen: UnixMillis,
        how: Closing,
    },
    /// The browser asked for something without a channel. Ends an outage.
    NoteHeard,
    NoteAway {
        channel: ChannelId,
        away: bool,
    },
    /// A worker, or its store, did not work between two points in time.
    NoteServerDown {
        worker: WorkerId,
        from: UnixMillis,
        to: UnixMillis,
    },
    SetTimeRules {
        rules: TimeRules,
        by: Actor,
    },
    /// Gives `total_s` seconds more for the question that is open, in all.
    GrantTime {
        question: u32,
        total_s: u32,
        by: Actor,
    },
    SendNotice {
        id: NoticeId,
        text: String,
        by: Actor,
    },
    ReadNotice {
        id: NoticeId,
    },
    NoteEvaluation {
        question: u32,
        verdict: Box<Verdict>,
    },
    CorrectScore {
        question: u32,
        correction: Correction,
    },
    NoteReport {
        basis: u64,
    },
    NoteAnnounced(Announced),
    /// The candidate's page began to report what is seen.
    BeginProctoring,
    /// The interview goes on, and the page reports nothing.
    MissProctoring,
    NoteReference,
    /// How violations stand now.
    NoteViolations(Vec<Violation>),
    NoteEvidence {
        violation: ViolationKey,
        stills: Vec<Still>,
    },
    ReviewViolation {
        violation: ViolationKey,
        review: Review,
    },
    /// The candidate says something about a violation.
    ExplainViolation {
        violation: ViolationKey,
        note: String,
    },
    /// Something keeps the interview from being proctored. It goes on all the same.
    NoteFault(FaultKind),
    /// How far the log is kept.
    NoteLog(LogMark),
    NoteErased,
    /// The policy does not let the interview go on.
    Terminate,
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
    /// Both in characters.
    #[error("Your answer has {length} characters and at most {most} can be taken. Please shorten it.")]
    TooLong { length: usize, most: usize },
    #[error("The time for this question was over. What had reached us until then was taken as your answer.")]
    DraftStood,
    #[error("This question is not open any more, so its time cannot be extended.")]
    NotOpen,
    #[error("This answer has not been evaluated yet, so there is no score to correct.")]
    NotEvaluated,
    #[error("This interview is not proctored.")]
    NotProctored,
    #[error("There is no such violation in this interview.")]
    NoViolation,
    #[error("This interview has had as many notices as it can. Use another way to reach the candidate.")]
    TooManyNotices,
    #[error("What people wrote about this interview takes up all the room there is. Please say it in fewer words.")]
    TooManyWords,
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
        Command::OpenQuestion => questions::open_question(session, now),
        Command::SubmitAnswer(given) => questions::submit_answer(session, given, now),
        Command::Expire { draft } => Ok(questions::expire(session, draft.as_ref(), now)),
        Command::Finish { answer } => questions::finish(session, answer.as_ref(), now),
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
        Command::NoteJoined { sid, identity } => Ok(room::joined(session, sid, identity)),
        Command::NoteLeft { sid } => {
            Ok(session.room.participants.get(sid).map(|identity| room::left(sid, identity)).into_iter().collect())
        }
        Command::NoteParticipants(present) => Ok(room::participants(session, present)),
        Command::OpenChannel { channel, worker } => Ok(contact::open_channel(session, *channel, *worker, now)),
        Command::CloseChannel { channel, worker, last_seen, how } => {
            Ok(contact::close_channel(session, *channel, *worker, *last_seen, *how))
        }
        Command::NoteHeard => Ok(contact::note_heard(session, now)),
        Command::NoteAway { channel, away } => Ok(contact::note_away(session, *channel, *away)),
        Command::NoteServerDown { worker, from, to } => {
            Ok(time::server_down(session, *worker, *from, *to).into_iter().collect())
        }
        Command::SetTimeRules { rules, by } => time::set_rules(session, *rules, *by),
        Command::GrantTime { question, total_s, by } => time::grant(session, *question, *total_s, *by),
        Command::SendNotice { id, text, by } => contact::send_notice(session, *id, text, *by),
        Command::ReadNotice { id } => Ok(contact::read_notice(session, *id)),
        Command::NoteEvaluation { question, verdict } => Ok(judge::note_evaluation(session, *question, verdict)),
        Command::CorrectScore { question, correction } => judge::correct_score(session, *question, correction),
        Command::NoteReport { basis } => Ok(judge::note_report(session, *basis)),
        Command::NoteAnnounced(announced) => Ok(judge::note_announced(session, *announced)),
        Command::BeginProctoring => Ok(proctoring::begin(session)),
        Command::MissProctoring => Ok(proctoring::miss(session)),
        Command::NoteReference => Ok(proctoring::capture_reference(session)),
        Command::NoteViolations(violations) => Ok(proctoring::note_violations(session, violations)),
        Command::NoteEvidence { violation, stills } => Ok(proctoring::keep_evidence(session, *violation, stills)),
        Command::ReviewViolation { violation, review } => proctoring::review(session, *violation, review),
        Command::ExplainViolation { violation, note } => proctoring::explain(session, *violation, note),
        Command::NoteFault(why) => Ok(proctoring::note_fault(session, *why)),
        Command::NoteLog(log) => Ok(proctoring::note_log(session, *log)),
        Command::NoteErased => Ok(proctoring::erase(session)),
        Command::Terminate => proctoring::terminate(session),
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

pub(super) fn require_in_progress(session: &Session) -> Result<(), Refusal> {
    match session.status {
        Status::Initialized => Err(Refusal::NotStarted),
        Status::InProgress => Ok(()),
        Status::Completed => Err(Refusal::Completed),
    }
}

pub(super) fn end(session: &Session, reason: EndReason) -> Result<Vec<Event>, Refusal> {
    match session.status {
        Status::Initialized => Err(Refusal::NotStarted),
        Status::InProgress => Ok(vec![Event::Ended { reason }]),
        Status::Completed => Ok(vec![]),
    }
}
