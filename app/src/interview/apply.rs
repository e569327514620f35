//! State from events.

use super::proctoring;
use crate::model::{
    Channel, Evaluation, Event, Loss, Notice, OpenQuestion, Recorded, Recurring, ReportMark, RoomState, Session,
    Speaker, Status, UnixMillis, Utterance,
};

/// Participant ids of those who left that a session remembers.
const REMEMBERED: usize = 16;

/// Applies an event to the session, and counts it if it is one of those that recur. Answers whether it is to be kept: a
/// candidate's side can make some happen without end. What is not kept takes no place in the history.
pub fn apply_sparingly(session: &mut Session, event: Event, at: UnixMillis) -> Option<Recorded> {
    let kept = Recurring::of(&event).is_none_or(|kind| session.recurred.count(kind));
    let before = session.seq;
    let recorded = apply(session, event, at);
    // Unless a report is to be of what follows from it.
    if !kept && session.basis != session.seq {
        session.seq = before;
    }
    kept.then_some(recorded)
}

/// Applies an event to the session and gives it its place in the history.
pub fn apply(session: &mut Session, event: Event, at: UnixMillis) -> Recorded {
    session.seq += 1;
    let recorded = Recorded { seq: session.seq, at, event };
    match &recorded.event {
        Event::Created { .. } => {}
        Event::Started { .. } => {
            session.status = Status::InProgress;
            session.started_at = Some(at);
        }
        Event::ConsentGiven => session.consent_at = Some(at),
        Event::DevicesChecked { devices } => session.devices = Some(*devices),
        Event::QuestionDelivered { index, deadline } => {
            session.delivered = index + 1;
            session.open = Some(OpenQuestion {
                index: *index,
                delivered_at: at,
                deadline: *deadline,
                credited_ms: 0,
                credited_until: at,
                granted_s: 0,
            });
            let text = session.questions[*index as usize].text.clone();
            session.dialogue.push(Utterance { speaker: Speaker::Interviewer, text, at });
        }
        Event::Answered { answer } => {
            session.open = None;
            if answer.is_given() {
                session.dialogue.push(Utterance { speaker: Speaker::Candidate, text: answer.text.clone(), at });
            }
            session.answers.push(answer.clone());
        }
        Event::Ended { reason } => {
            session.status = Status::Completed;
            session.ended_at = Some(at);
            session.end_reason = Some(*reason);
            session.open = None;
            session.basis = session.seq;
        }
        Event::RoomOpened => session.room.state = RoomState::Open { since: at },
        Event::RoomClosed => {
            session.room.state = RoomState::Closed;
            session.room.participants.clear();
            note_unseen(session);
        }
        Event::ParticipantJoined { sid, identity } => {
            session.room.participants.insert(sid.clone(), identity.clone());
        }
        Event::ParticipantLeft { sid, .. } => {
            session.room.participants.remove(sid);
            session.room.left.push(sid.clone());
            let forgotten = session.room.left.len().saturating_sub(REMEMBERED);
            session.room.left.drain(..forgotten);
            note_unseen(session);
        }
        Event::ChannelOpened { channel, worker } => {
            session.presence.channel = Some(Channel { id: *channel, worker: *worker, since: at });
            session.presence.away_since = None;
            session.presence.loss = None;
        }
        Event::ChannelClosed { last_seen, how, .. } => {
            session.presence.channel = None;
            session.presence.away_since = None;
            session.presence.loss = Some(Loss { since: *last_seen, how: *how, unseen: false, over: false });
            note_unseen(session);
        }
        Event::HeardAgain => {
            if let Some(loss) = &mut session.presence.loss {
                loss.over = true;
            }
        }
        Event::AwayChanged { away } => session.presence.away_since = away.then_some(at),
        Event::TimeCredited { ms, to, .. } => {
            session.credited_ms += ms;
            if let Some(open) = &mut session.open {
                open.credited_ms += ms;
                open.credited_until = *to;
                open.deadline = UnixMillis(open.deadline.0.saturating_add(*ms));
            }
        }
        Event::TimeGranted { total_s, deadline, .. } => {
            if let Some(open) = &mut session.open {
                open.granted_s = *total_s;
                open.deadline = *deadline;
            }
        }
        Event::TimeRulesSet { rules, deadline, .. } => {
            session.time = *rules;
            if let (Some(open), Some(deadline)) = (&mut session.open, deadline) {
                open.deadline = *deadline;
            }
        }
        Event::NoticeSent { id, text, .. } => {
            session.notices.push(Notice { id: *id, text: text.clone(), at, read_at: None });
        }
        Event::NoticeRead { id } => {
            for notice in session.notices.iter_mut().filter(|notice| notice.id == *id) {
                notice.read_at = Some(at);
            }
        }
        Event::Evaluated { question, verdict } => {
            let evaluation = Evaluation { question: *question, verdict: (**verdict).clone(), at, correction: None };
            session.evaluations.push(evaluation);
            session.basis = session.seq;
        }
        Event::ScoreCorrected { question, correction } => {
            for known in session.evaluations.iter_mut().filter(|known| known.question == *question) {
                known.correction = Some(correction.clone());
            }
            session.basis = session.seq;
        }
        Event::ReportMade { basis } => session.report = Some(ReportMark { at, basis: *basis }),
        Event::Announced { announced } => session.announced = *announced,
        Event::ProctoringBegan
        | Event::ProctoringMissed
        | Event::ReferenceCaptured
        | Event::ViolationNoted { .. }
        | Event::ViolationUncounted { .. }
        | Event::EvidenceKept { .. }
        | Event::EvidenceMissing { .. }
        | Event::ViolationReviewed { .. }
        | Event::ViolationExplained { .. }
        | Event::ProctoringFailed { .. }
        | Event::LogKept { .. }
        | Event::EvidenceErased => {
            if let Some(kept) = &mut session.proctoring {
                proctoring::apply(kept, &recorded.event, at);
                session.violations_count = kept.count();
            }
            // What comes later than the end belongs into the report all the same.
            if session.status == Status::Completed {
                session.basis = session.seq;
            }
        }
    }
    recorded
}

/// An outage is confirmed once LiveKit does not see the candidate either.
fn note_unseen(session: &mut Session) {
    let seen = session.candidate_present();
    if let Some(loss) = &mut session.presence.loss {
        loss.unseen |= !seen;
    }
}
