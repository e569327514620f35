//! What LiveKit tells of a session's room.

use std::collections::BTreeMap;

use crate::model::{Event, OBSERVER_PREFIX, RoomState, Session, Status};

pub(super) fn left(sid: &str, identity: &str) -> Event {
    Event::ParticipantLeft { sid: sid.to_owned(), identity: identity.to_owned() }
}

pub(super) fn participants(session: &Session, present: &BTreeMap<String, String>) -> Vec<Event> {
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

pub(super) fn joined(session: &Session, sid: &str, identity: &str) -> Vec<Event> {
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
