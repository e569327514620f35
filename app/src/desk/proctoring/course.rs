//! The course of an interview, as spans of time: what the time axis is drawn from.

use crate::model::{Event, Recorded, Session, UnixMillis, when_open};

/// From when to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub from: UnixMillis,
    pub to: UnixMillis,
}

/// What happened when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Course {
    /// From delivery to answer or deadline, by the question's index.
    pub questions: Vec<(u32, Span)>,
    /// While the candidate's page was connected.
    pub connected: Vec<Span>,
    /// While it was not, though it had been before.
    pub apart: Vec<Span>,
    /// While LiveKit had the candidate in the room.
    pub in_room: Vec<Span>,
    /// What was given back for outages.
    pub credits: Vec<Span>,
}

impl Course {
    /// Of a session whose events are these. What still goes on ends `now`.
    pub fn of(session: &Session, events: &[Recorded], now: UnixMillis) -> Self {
        let end = session.ended_at.unwrap_or(now);
        let mut course = Self::default();
        let mut asked: Option<(u32, UnixMillis)> = None;
        let mut connected: Option<UnixMillis> = None;
        let mut apart: Option<UnixMillis> = None;
        let candidate = session.id.candidate_identity();
        // Whoever reconnects is in the room twice for a moment.
        let mut inside: Vec<&str> = Vec::new();
        let mut entered = UnixMillis(0);
        for Recorded { at, event, .. } in events.iter().filter(|recorded| recorded.at <= end) {
            let at = *at;
            match event {
                Event::QuestionDelivered { index, .. } => asked = Some((*index, at)),
                Event::Answered { answer } => {
                    asked = None;
                    let (from, to) = when_open(&session.dialogue, answer.question, at, answer.time_used_ms);
                    course.questions.push((answer.question, Span { from, to }));
                }
                // A newer page that takes over ends nothing.
                Event::ChannelOpened { .. } if connected.is_none() => {
                    course.apart.extend(apart.take().map(|from| Span { from, to: at }));
                    connected = Some(at);
                }
                Event::ChannelClosed { last_seen, .. } => {
                    let to = (*last_seen).min(at);
                    course.connected.extend(connected.take().map(|from| Span { from, to: to.max(from) }));
                    apart.get_or_insert(to);
                }
                Event::ParticipantJoined { sid, identity } if *identity == candidate => {
                    if inside.is_empty() {
                        entered = at;
                    }
                    inside.push(sid);
                }
                Event::ParticipantLeft { sid, .. } if inside.contains(&sid.as_str()) => {
                    inside.retain(|other| other != sid);
                    if inside.is_empty() {
                        course.in_room.push(Span { from: entered, to: at });
                    }
                }
                Event::RoomClosed if !inside.is_empty() => {
                    inside.clear();
                    course.in_room.push(Span { from: entered, to: at });
                }
                Event::TimeCredited { from, to, .. } => course.credits.push(Span { from: *from, to: *to }),
                _ => {}
            }
        }
        course.questions.extend(asked.map(|(index, from)| (index, Span { from, to: end })));
        course.connected.extend(connected.map(|from| Span { from, to: end }));
        if !inside.is_empty() {
            course.in_room.push(Span { from: entered, to: end });
        }
        course.apart.extend(apart.map(|from| Span { from, to: end }));
        course
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        model::{Answer, AnswerOutcome, ChannelId, Closing, SessionId, Speaker, Utterance, WorkerId},
        service::fakes,
    };

    fn span(from: i64, to: i64) -> Span {
        Span { from: UnixMillis(from), to: UnixMillis(to) }
    }

    #[test]
    fn outages_end_when_the_page_is_back_and_what_goes_on_ends_now() {
        let opened = Event::ChannelOpened { channel: ChannelId(Uuid::nil()), worker: WorkerId(Uuid::nil()) };
        let closed = |last_seen| Event::ChannelClosed {
            channel: ChannelId(Uuid::nil()),
            last_seen: UnixMillis(last_seen),
            how: Closing::Lost,
        };
        let answer = Answer {
            id: None,
            question: 0,
            text: String::new(),
            outcome: AnswerOutcome::TimedOut,
            at: UnixMillis(60),
            time_used_ms: 40,
        };
        let asked = |index| Event::QuestionDelivered { index, deadline: UnixMillis(99) };
        let events = [
            (10, opened.clone()),
            (20, asked(0)),
            (30, opened.clone()),
            (47, closed(40)),
            (55, opened),
            (60, Event::Answered { answer }),
            (61, asked(1)),
            (90, closed(85)),
        ];
        let events: Vec<_> =
            (1..).zip(events).map(|(seq, (at, event))| Recorded { seq, at: UnixMillis(at), event }).collect();
        let mut session = fakes::session(SessionId(Uuid::nil()));
        let course = Course::of(&session, &events, UnixMillis(100));
        assert_eq!(course.questions, [(0, span(20, 60)), (1, span(61, 100))]);
        assert_eq!(course.connected, [span(10, 40), span(55, 85)]);
        assert_eq!(course.apart, [span(40, 55), span(85, 100)]);
        session.ended_at = Some(UnixMillis(70));
        assert_eq!(Course::of(&session, &events, UnixMillis(100)).connected[1], span(55, 70));
    }

    #[test]
    fn a_question_whose_time_ran_out_was_open_until_its_deadline() {
        let mut session = fakes::session(SessionId(Uuid::nil()));
        let asked = Utterance { speaker: Speaker::Interviewer, text: String::new(), at: UnixMillis(20) };
        session.dialogue = vec![asked];
        let answer = Answer {
            id: None,
            question: 0,
            text: String::new(),
            outcome: AnswerOutcome::NoResponse,
            at: UnixMillis(90),
            time_used_ms: 40,
        };
        let delivered = Event::QuestionDelivered { index: 0, deadline: UnixMillis(60) };
        let events = [(20, delivered), (90, Event::Answered { answer })];
        let events: Vec<_> =
            (1..).zip(events).map(|(seq, (at, event))| Recorded { seq, at: UnixMillis(at), event }).collect();
        assert_eq!(Course::of(&session, &events, UnixMillis(100)).questions, [(0, span(20, 60))]);
    }

    #[test]
    fn whoever_reconnects_to_the_room_was_never_out_of_it() {
        let session = fakes::session(SessionId(Uuid::nil()));
        let candidate = session.id.candidate_identity();
        let joined =
            |sid: &str, identity: &str| Event::ParticipantJoined { sid: sid.into(), identity: identity.into() };
        let left = |sid: &str| Event::ParticipantLeft { sid: sid.into(), identity: candidate.clone() };
        let events = [
            (5, joined("admin", "observer")),
            (10, joined("a", &candidate)),
            (20, joined("b", &candidate)),
            (21, left("a")),
            (40, left("b")),
            (50, joined("c", &candidate)),
            (60, Event::RoomClosed),
            (70, joined("d", &candidate)),
        ];
        let events: Vec<_> =
            (1..).zip(events).map(|(seq, (at, event))| Recorded { seq, at: UnixMillis(at), event }).collect();
        let course = Course::of(&session, &events, UnixMillis(100));
        assert_eq!(course.in_room, [span(10, 40), span(50, 60), span(70, 100)]);
    }
}
