//! State from events.

use crate::model::{Event, OpenQuestion, Recorded, RoomState, Session, Speaker, Status, UnixMillis, Utterance};

/// Participant ids of those who left that a session remembers.
const REMEMBERED: usize = 16;

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
            session.open = Some(OpenQuestion { index: *index, delivered_at: at, deadline: *deadline });
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
        }
        Event::RoomOpened => session.room.state = RoomState::Open { since: at },
        Event::RoomClosed => {
            session.room.state = RoomState::Closed;
            session.room.participants.clear();
        }
        Event::ParticipantJoined { sid, identity } => {
            session.room.participants.insert(sid.clone(), identity.clone());
        }
        Event::ParticipantLeft { sid, .. } => {
            session.room.participants.remove(sid);
            session.room.left.push(sid.clone());
            let forgotten = session.room.left.len().saturating_sub(REMEMBERED);
            session.room.left.drain(..forgotten);
        }
    }
    recorded
}
