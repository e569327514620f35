//! What is made of the answers: evaluations, corrections, the report, and who was told.

use super::{decide::Refusal, words};
use crate::model::{Announced, Correction, Event, Session, Verdict};

/// Records what an evaluator says, once for each answer.
pub(super) fn note_evaluation(session: &Session, question: u32, verdict: &Verdict) -> Vec<Event> {
    let waits = session.unevaluated().any(|answer| answer.question == question);
    if waits { vec![Event::Evaluated { question, verdict: Box::new(verdict.clone()) }] } else { vec![] }
}

/// Sets a score in place of the evaluator's. The same one again changes nothing.
pub(super) fn correct_score(session: &Session, question: u32, correction: &Correction) -> Result<Vec<Event>, Refusal> {
    let known = session.evaluations.iter().find(|known| known.question == question).ok_or(Refusal::NotEvaluated)?;
    let same = |last: &Correction| last.score == correction.score && last.reason == correction.reason;
    if known.correction.as_ref().is_some_and(same) {
        return Ok(vec![]);
    }
    let former = known.correction.as_ref().map(|last| last.reason.as_str());
    words::have_room(session, &correction.reason, former)?;
    Ok(vec![Event::ScoreCorrected { question, correction: correction.clone() }])
}

/// Notes that a report was made, unless one on the same or a later basis was.
pub(super) fn note_report(session: &Session, basis: u64) -> Vec<Event> {
    let later = session.report.is_some_and(|report| report.basis >= basis);
    if later || !session.needs_report() { vec![] } else { vec![Event::ReportMade { basis }] }
}

pub(super) fn note_announced(session: &Session, announced: Announced) -> Vec<Event> {
    if session.announced == announced { vec![] } else { vec![Event::Announced { announced }] }
}
