//! What happened in a session, in words for admins. Made here, so that browsers need not carry the words.

use crate::{
    components::{
        violation_words::{fault, violation as violation_words},
        words::{clock, duration, end_reason, lasted, outcome, unit},
    },
    model::{Actor, Closing, Event, OutageCause, Recorded, Recurring, Session, Timeline, TimelineEntry},
};

/// Lines shown of one session.
const SHOWN: usize = 500;

/// What happened, and how much of it is left out. What comes again and again gives way to the rest, and that to what tells
/// how the interview went as a whole; of each the first lines are shown.
#[must_use]
pub fn of(session: &Session, events: &[Recorded]) -> Timeline {
    let recurs = |recorded: &&Recorded| Recurring::of(&recorded.event).is_some();
    let told = || events.iter().filter(|recorded| !is_silent(&recorded.event));
    let frames = |recorded: &&Recorded| is_frame(&recorded.event);
    let mut shown: Vec<&Recorded> = told().filter(frames).take(SHOWN).collect();
    let places = SHOWN - shown.len();
    shown.extend(told().filter(|recorded| !frames(recorded) && !recurs(recorded)).take(places));
    let places = SHOWN - shown.len();
    shown.extend(told().filter(recurs).take(places));
    shown.sort_by_key(|recorded| recorded.seq);
    let left_out = (told().count() - shown.len()) as u32;
    let entry =
        |recorded: &Recorded| Some(TimelineEntry { seq: recorded.seq, at: recorded.at, text: text(&recorded.event)? });
    Timeline {
        entries: shown.into_iter().filter_map(entry).collect(),
        left_out: left_out.saturating_add(session.recurred.not_kept()),
    }
}

/// Whether it happens once or twice in an interview, and the rest makes no sense without it.
fn is_frame(event: &Event) -> bool {
    matches!(
        event,
        Event::Created { .. }
            | Event::ConsentGiven
            | Event::Started { .. }
            | Event::ProctoringBegan
            | Event::Ended { .. }
            | Event::EvidenceErased
    )
}

/// Whether it only tells of the room, or of who was told.
fn is_silent(event: &Event) -> bool {
    text(event).is_none()
}

fn text(event: &Event) -> Option<String> {
    Some(match event {
        Event::Created { max_questions, .. } => format!("Created, with {max_questions} questions to be asked"),
        Event::Started { by } => format!("Started by {}", actor(*by)),
        Event::ConsentGiven => "The candidate agreed to be recorded".to_owned(),
        Event::DevicesChecked { devices } => {
            let word = |works: bool| if works { "on" } else { "off" };
            format!("Camera {}, microphone {}", word(devices.camera), word(devices.microphone))
        }
        Event::QuestionDelivered { index, .. } => format!("Question {} was asked", index + 1),
        Event::Answered { answer } => {
            let used = clock(answer.time_used_ms / 1000);
            format!("Question {}: {}, after {used}", answer.question + 1, outcome(answer.outcome).to_lowercase())
        }
        Event::Ended { reason } => format!("Ended: {}", end_reason(*reason)),
        Event::ChannelOpened { .. } => "The candidate's page connected".to_owned(),
        Event::ChannelClosed { how, .. } => match how {
            Closing::Left => "The candidate left the page",
            Closing::Lost => "The connection to the candidate's page was lost",
            Closing::ServerDown => "The server was interrupted",
        }
        .to_owned(),
        Event::AwayChanged { away: true } => "The candidate looked at something else".to_owned(),
        Event::AwayChanged { away: false } => "The candidate was back at the page".to_owned(),
        Event::TimeCredited { question, ms, from, to, cause } => {
            let why = match cause {
                OutageCause::Connection => "the connection was lost",
                OutageCause::Server => "the server was interrupted",
            };
            let (given, lost) = (clock(ms / 1000), clock(to.since(*from) / 1000));
            format!("Question {}: {given} given back, because {why} for {lost}", question + 1)
        }
        Event::TimeGranted { question, total_s, by, .. } => {
            format!("Question {}: extended by {} by {}", question + 1, duration(*total_s), actor(*by))
        }
        Event::TimeRulesSet { rules, by, .. } => format!(
            "Accommodations set by {}: {} of the time and {} more for each question; at most {} given back for \
             outages in one question, {} in all",
            actor(*by),
            unit(rules.percent, "%"),
            duration(rules.extra_s),
            duration(rules.credit_question_s),
            duration(rules.credit_total_s),
        ),
        Event::ProctoringBegan => "Proctoring began".to_owned(),
        Event::ProctoringMissed => "The page went on and reported nothing to proctoring".to_owned(),
        Event::ReferenceCaptured => "The candidate's face was captured for comparison".to_owned(),
        Event::ViolationNoted { violation } => match violation.to {
            None => violation_words(violation.key.kind).to_owned(),
            Some(to) => format!("{}, {}", violation_words(violation.key.kind), lasted(to.since(violation.from))),
        },
        Event::ViolationReviewed { violation, review } => {
            let reason = if review.reason.is_empty() { String::new() } else { format!(": {}", review.reason) };
            format!("{}: {} by {}{reason}", violation_words(violation.kind), review.decision.as_str(), review.by)
        }
        Event::ViolationExplained { violation, note } => {
            format!("The candidate about \u{201c}{}\u{201d}: {note}", violation_words(violation.kind))
        }
        Event::ProctoringFailed { why } => format!("Proctoring failed: {}", fault(*why)),
        Event::EvidenceErased => "The pictures and logs of proctoring were erased".to_owned(),
        Event::ViolationUncounted { .. }
        | Event::EvidenceKept { .. }
        | Event::EvidenceMissing { .. }
        | Event::LogKept { .. } => return None,
        Event::NoticeSent { text, by, .. } => format!("Message from {}: {text}", actor(*by)),
        Event::NoticeRead { .. } => "The candidate read a message".to_owned(),
        Event::Evaluated { question, verdict } => match verdict.measured() {
            Some(score) => format!("Question {}: evaluated with {score:.1}", question + 1),
            None => format!("Question {}: could not be evaluated", question + 1),
        },
        Event::ScoreCorrected { question, correction } => {
            format!("Question {}: score set to {:.1}: {}", question + 1, correction.score, correction.reason)
        }
        Event::ReportMade { .. } => "The report was made".to_owned(),
        Event::HeardAgain => "The candidate's page was heard again".to_owned(),
        Event::RoomOpened
        | Event::RoomClosed
        | Event::ParticipantJoined { .. }
        | Event::ParticipantLeft { .. }
        | Event::Announced { .. } => return None,
    })
}

fn actor(by: Actor) -> &'static str {
    match by {
        Actor::Candidate => "the candidate",
        Actor::Admin => "an admin",
        Actor::Api => "the API",
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        model::{DeviceCheck, EndReason, SessionId, UnixMillis},
        service::fakes,
    };

    #[test]
    fn a_log_without_end_makes_no_timeline_without_end() {
        let mut session = fakes::session(SessionId(Uuid::nil()));
        let at = UnixMillis(1);
        let toggled = |number: u64| Event::DevicesChecked {
            devices: DeviceCheck { camera: number.is_multiple_of(2), microphone: true },
        };
        let mut events = vec![Recorded { seq: 1, at, event: Event::ConsentGiven }];
        events.extend((2..=12_000).map(|seq| Recorded { seq, at, event: toggled(seq) }));
        events.push(Recorded { seq: 12_001, at, event: Event::RoomClosed });
        events.push(Recorded { seq: 12_002, at, event: Event::Ended { reason: EndReason::CandidateFinished } });
        session.recurred.away = 1_007;
        let timeline = of(&session, &events);
        assert_eq!((timeline.entries.len(), timeline.left_out), (500, 12_001 - 500 + 7));
        let numbers: Vec<_> = timeline.entries.iter().map(|entry| entry.seq).collect();
        assert!(numbers.is_sorted() && numbers[..3] == [1, 2, 3] && numbers[499] == 12_002, "{numbers:?}");
    }

    #[test]
    fn a_long_interview_is_shown_with_its_end() {
        let session = fakes::session(SessionId(Uuid::nil()));
        let at = UnixMillis(1);
        let mut events = vec![Recorded { seq: 1, at, event: Event::ConsentGiven }];
        events.extend((2..=900).map(|seq| Recorded {
            seq,
            at,
            event: Event::QuestionDelivered { index: 1, deadline: at },
        }));
        events.push(Recorded { seq: 901, at, event: Event::Ended { reason: EndReason::CandidateFinished } });
        let timeline = of(&session, &events);
        let last = timeline.entries.last().map(|entry| entry.seq);
        assert_eq!((timeline.entries.len(), timeline.left_out, last), (500, 401, Some(901)));
    }

    #[test]
    fn a_short_log_is_shown_as_a_whole() {
        let session = fakes::session(SessionId(Uuid::nil()));
        let events = [Event::ConsentGiven, Event::RoomOpened, Event::HeardAgain];
        let events: Vec<_> = (1..).zip(events).map(|(seq, event)| Recorded { seq, at: UnixMillis(1), event }).collect();
        let timeline = of(&session, &events);
        assert_eq!((timeline.entries.len(), timeline.left_out), (2, 0));
    }
}
