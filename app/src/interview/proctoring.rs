//! What proctoring finds, and what people make of it.

use super::{
    decide::{Refusal, end},
    words,
};
use crate::model::{
    EndReason, Event, Fault, FaultKind, LogMark, MAX_LESSER, MAX_NOTES, MAX_VIOLATIONS, Proctoring, Review, Session,
    Status, Still, Violation, ViolationKey,
};

use proctor::policy::Severity;

/// The page began to report. Only the first time counts, and the first after what there was had been erased.
pub(super) fn begin(session: &Session) -> Vec<Event> {
    let waits = session.proctoring.as_ref().is_some_and(|proctoring| proctoring.is_to_begin() || proctoring.unreported);
    if waits && session.status != Status::Completed { vec![Event::ProctoringBegan] } else { vec![] }
}

/// The page reports nothing, so the server counts the time itself.
pub(super) fn miss(session: &Session) -> Vec<Event> {
    let waits = session.proctoring.as_ref().is_some_and(Proctoring::is_to_begin);
    if waits && session.status == Status::InProgress { vec![Event::ProctoringMissed] } else { vec![] }
}

/// A face was captured. A later one, from another device check, takes its place until the interview begins.
pub(super) fn capture_reference(session: &Session) -> Vec<Event> {
    let Some(proctoring) = &session.proctoring else { return vec![] };
    let begun = session.status != Status::Initialized;
    if proctoring.reference_at.is_some() && begun { vec![] } else { vec![Event::ReferenceCaptured] }
}

/// Violations as they stand now. Those that stand like that already say nothing.
pub(super) fn note_violations(session: &Session, violations: &[Violation]) -> Vec<Event> {
    let Some(proctoring) = &session.proctoring else { return vec![] };
    let mut kept = proctoring.violations.len();
    let mut notes = proctoring.violations.iter().filter(|known| known.severity == Severity::Info).count();
    let mut lesser = proctoring.violations.iter().filter(|known| !known.has_room_of_its_own()).count();
    let mut uncounted = 0;
    let mut events = Vec::new();
    for violation in violations {
        let is_note = violation.severity == Severity::Info;
        let is_lesser = !violation.has_room_of_its_own();
        match proctoring.violation(violation.key).filter(|known| proctoring.is_recent(known)) {
            Some(known) if same(known, violation) => {}
            Some(_) => events.push(Event::ViolationNoted { violation: Box::new(violation.clone()) }),
            None if kept >= MAX_VIOLATIONS
                || (is_note && notes >= MAX_NOTES)
                || (is_lesser && lesser >= MAX_LESSER) =>
            {
                // What is not kept cannot be recognised when it comes again.
                uncounted += 1;
            }
            None => {
                kept += 1;
                notes += usize::from(is_note);
                lesser += usize::from(is_lesser);
                events.push(Event::ViolationNoted { violation: Box::new(violation.clone()) });
            }
        }
    }
    if uncounted > 0 {
        events.push(Event::ViolationUncounted { count: uncounted });
    }
    events
}

fn same(known: &Violation, now: &Violation) -> bool {
    (known.severity, known.from, known.to) == (now.severity, now.from, now.to)
        && (now.detail.is_none() || now.detail == known.detail)
}

/// Pictures of a violation are kept: the first ones stay, and others may join them. None: they did not come.
pub(super) fn keep_evidence(session: &Session, key: ViolationKey, stills: &[Still]) -> Vec<Event> {
    let known = session.proctoring.as_ref().and_then(|proctoring| proctoring.violation(key));
    match known {
        Some(violation) if stills.len() > violation.stills.len() && stills.starts_with(&violation.stills) => {
            vec![Event::EvidenceKept { violation: key, stills: stills.to_vec() }]
        }
        Some(violation) if violation.stills.is_empty() && !violation.pictures_missing => {
            vec![Event::EvidenceMissing { violation: key }]
        }
        _ => vec![],
    }
}

/// An admin decides on a violation. The last decision stands.
pub(super) fn review(session: &Session, key: ViolationKey, review: &Review) -> Result<Vec<Event>, Refusal> {
    let violation = find(session, key)?;
    let same = |last: &Review| (last.decision, &last.reason) == (review.decision, &review.reason);
    if violation.review.as_ref().is_some_and(same) {
        return Ok(vec![]);
    }
    let former = violation.review.as_ref().map(|last| last.reason.as_str());
    words::have_room(session, &review.reason, former)?;
    Ok(vec![Event::ViolationReviewed { violation: key, review: review.clone() }])
}

/// The candidate says something about a violation that is shown. The last word stands.
pub(super) fn explain(session: &Session, key: ViolationKey, note: &str) -> Result<Vec<Event>, Refusal> {
    let violation = find(session, key)?;
    if !violation.shown {
        return Err(Refusal::NoViolation);
    }
    if violation.note.as_deref() == Some(note) {
        return Ok(vec![]);
    }
    words::note_has_room(session, note, violation.note.as_deref())?;
    Ok(vec![Event::ViolationExplained { violation: key, note: note.to_owned() }])
}

fn find(session: &Session, key: ViolationKey) -> Result<&Violation, Refusal> {
    let proctoring = session.proctoring.as_ref().ok_or(Refusal::NotProctored)?;
    proctoring.violation(key).ok_or(Refusal::NoViolation)
}

/// Proctoring fails. Said once for each reason.
pub(super) fn note_fault(session: &Session, why: FaultKind) -> Vec<Event> {
    let Some(proctoring) = &session.proctoring else { return vec![] };
    let known = proctoring.faults.iter().any(|fault| fault.why == why);
    if known || proctoring.erased_at.is_some() { vec![] } else { vec![Event::ProctoringFailed { why }] }
}

/// The log is kept so far. It never becomes shorter.
pub(super) fn note_log(session: &Session, log: LogMark) -> Vec<Event> {
    let Some(proctoring) = &session.proctoring else { return vec![] };
    let longer = proctoring.log.is_none_or(|known| known.chunks < log.chunks);
    if longer && proctoring.erased_at.is_none() { vec![Event::LogKept { log }] } else { vec![] }
}

pub(super) fn erase(session: &Session) -> Vec<Event> {
    let there = session.proctoring.as_ref().is_some_and(|proctoring| proctoring.erased_at.is_none());
    if there { vec![Event::EvidenceErased] } else { vec![] }
}

/// The policy ends the interview.
pub(super) fn terminate(session: &Session) -> Result<Vec<Event>, Refusal> {
    if session.proctoring.is_none() {
        return Err(Refusal::NotProctored);
    }
    end(session, EndReason::TooManyViolations)
}

/// Does to the state what the events of this module say.
pub(super) fn apply(proctoring: &mut Proctoring, event: &Event, at: crate::model::UnixMillis) {
    match event {
        Event::ProctoringBegan => {
            proctoring.begin(at);
            proctoring.unreported = false;
        }
        Event::ProctoringMissed => {
            proctoring.begin(at);
            proctoring.unreported = true;
        }
        Event::ReferenceCaptured => proctoring.reference_at = Some(at),
        Event::ViolationNoted { violation } => {
            let known = proctoring.violation(violation.key).is_some_and(|known| proctoring.is_recent(known));
            match find_mut(proctoring, violation.key).filter(|_| known) {
                Some(known) => known.go_on(violation),
                None => proctoring.violations.push((**violation).clone()),
            }
        }
        Event::ViolationUncounted { count } => proctoring.uncounted = proctoring.uncounted.saturating_add(*count),
        Event::EvidenceKept { violation, stills } => {
            if let Some(known) = find_mut(proctoring, *violation) {
                known.stills.clone_from(stills);
                known.pictures_missing = false;
            }
        }
        Event::EvidenceMissing { violation } => {
            if let Some(known) = find_mut(proctoring, *violation) {
                known.pictures_missing = true;
            }
        }
        Event::ViolationReviewed { violation, review } => {
            // One of before an erasure that has the same name, and waits for a decision, gets no other.
            let mut newest = true;
            for known in proctoring.violations.iter_mut().rev().filter(|known| known.key == *violation) {
                if std::mem::take(&mut newest) || known.is_open() {
                    known.review = Some(review.clone());
                }
            }
        }
        Event::ViolationExplained { violation, note } => {
            if let Some(known) = find_mut(proctoring, *violation) {
                known.note = Some(note.clone());
            }
        }
        Event::ProctoringFailed { why } => proctoring.faults.push(Fault { why: *why, at }),
        Event::LogKept { log } => proctoring.log = Some(*log),
        Event::EvidenceErased => {
            proctoring.erased_at = Some(at);
            proctoring.violations.iter_mut().for_each(|violation| violation.stills.clear());
        }
        _ => {}
    }
}

fn find_mut(proctoring: &mut Proctoring, key: ViolationKey) -> Option<&mut Violation> {
    proctoring.violations.iter_mut().rev().find(|known| known.key == key)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use proctor::policy::Kind;
    use uuid::Uuid;

    use super::*;
    use crate::{
        model::{SessionId, UnixMillis},
        service::fakes,
    };

    fn violation(from_ms: u32, kind: Kind, severity: Severity) -> Violation {
        Violation {
            key: ViolationKey { from_ms, kind },
            severity,
            from: UnixMillis(i64::from(from_ms)),
            to: None,
            shown: true,
            detail: None,
            stills: vec![],
            pictures_missing: false,
            review: None,
            earlier_reviews: vec![],
            note: None,
        }
    }

    #[test]
    fn many_lesser_flags_leave_room_for_graver_ones() {
        let mut session = Session { proctoring: Some(Proctoring::default()), ..fakes::session(SessionId(Uuid::nil())) };
        let prints: Vec<_> = (0..500).map(|at| violation(at, Kind::Print, Severity::Medium)).collect();
        let note = |session: &mut Session, violations: &[Violation]| {
            let events = note_violations(session, violations);
            let kept = session.proctoring.as_mut().expect("proctored");
            events.iter().for_each(|event| apply(kept, event, UnixMillis(0)));
            (events.len(), kept.violations.len(), kept.uncounted)
        };
        assert_eq!(note(&mut session, &prints), (MAX_LESSER + 1, MAX_LESSER, 200), "what is not kept is said at once");
        let graver = [violation(900, Kind::NoFace, Severity::High), violation(901, Kind::Unwatched, Severity::Low)];
        assert_eq!(note(&mut session, &graver), (2, MAX_LESSER + 2, 200));
    }
}
