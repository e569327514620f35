//! How much people may write about a session: it is one document, and that has an end.

use super::decide::Refusal;
use crate::model::{Review, Session, Violation};

/// Bytes of all that people write about a session: messages, reasons and notes.
const MAX_BYTES: usize = 2_000_000;

/// Of these, the candidate's notes at most: those who decide have room in any case.
const MAX_NOTE_BYTES: usize = MAX_BYTES / 2;

/// Whether there is room for what somebody of the hiring team writes in place of `former`. Who writes nothing is always heard.
pub(super) fn have_room(session: &Session, text: &str, former: Option<&str>) -> Result<(), Refusal> {
    let notices = session.notices.iter().map(|notice| notice.text.len());
    let corrections = session.evaluations.iter().filter_map(|known| known.correction.as_ref());
    let corrections = corrections.map(|correction| correction.reason.len() + correction.by.len());
    let reviews = violations(session).flat_map(|known| known.review.iter().chain(&known.earlier_reviews));
    let reviews = reviews.map(|Review { reason, by, .. }| reason.len() + by.len());
    let all = notices.chain(corrections).chain(reviews).sum::<usize>() + notes(session);
    if text.is_empty() || fits(all, text, former, MAX_BYTES) { Ok(()) } else { Err(Refusal::TooManyWords) }
}

/// Whether there is room for what the candidate notes in place of `former`.
pub(super) fn note_has_room(session: &Session, text: &str, former: Option<&str>) -> Result<(), Refusal> {
    if !fits(notes(session), text, former, MAX_NOTE_BYTES) {
        return Err(Refusal::TooManyWords);
    }
    have_room(session, text, former)
}

fn fits(all: usize, text: &str, former: Option<&str>, most: usize) -> bool {
    all + text.len() <= most + former.map_or(0, str::len)
}

fn notes(session: &Session) -> usize {
    violations(session).filter_map(|known| known.note.as_deref()).map(str::len).sum()
}

fn violations(session: &Session) -> impl Iterator<Item = &Violation> {
    session.proctoring.iter().flat_map(|kept| &kept.violations)
}
