//! What the server sees with its own eyes, beside what the page claims.

use proctor::observation::{Look, Unclear};
use serde::{Deserialize, Serialize};

/// What the server found that no log tells, for admins. Kept by the variant's place: add at the end only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(super) enum Finding {
    #[error("{0}")]
    Log(proctor::log::Finding),
    #[error("batches before number {0} were left out")]
    LeftOut(u32),
    #[error("a message could not be read")]
    Malformed,
    #[error("the page claimed {claimed}, the server saw {seen}")]
    Claim { claimed: String, seen: String },
    #[error("the page claimed {claimed} for a check and wrote down {logged}")]
    Contradicted { claimed: String, logged: String },
    #[error("the same picture was sent again")]
    SamePicture,
    #[error("a check was refused though the page says that the camera is on and seen")]
    Refused,
    #[error("a check was not answered")]
    NoAnswer,
    #[error("the page reports as if the interview had not begun or were over")]
    NotBegun,
    #[error("checks show somebody else than the device check")]
    AnotherPerson,
    #[error("the page cannot look, and the server saw {seen}")]
    Unseen { seen: String },
    #[error("what the page sent for a check is no picture")]
    NoPicture,
    #[error("checks in a row show nothing that can be judged, and the log had not said so before")]
    Unclear,
    #[error("checks were refused again and again, and the log had not said why before")]
    RefusedAgain,
    #[error("the connection broke again and again just when a picture was asked for, more often than by chance")]
    BrokeOff,
    #[error("the page sent far more than pages do")]
    TooMuch,
    #[error("the page cannot look, and checks in a row show nothing that can be judged")]
    Dark,
    #[error("checks in a row showed {seen}, and the log never came to that")]
    Unlogged { seen: String },
    #[error("checks in a row show nothing that can be judged, and the log says so for a moment only, again and again")]
    NeverLong,
    #[error("again and again a check came to nothing, and the next one did not")]
    TooLate,
}

/// How many are seen, as far as it matters for comparison.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    Nobody,
    One,
    Several,
    CannotTell,
}

fn seen(look: Look) -> Seen {
    match look {
        Look::Clear { faces: 0, .. } => Seen::Nobody,
        Look::Clear { faces: 1, .. } => Seen::One,
        Look::Clear { .. } => Seen::Several,
        Look::CannotTell(_) => Seen::CannotTell,
    }
}

/// A look in words, for admins.
#[must_use]
pub fn words(look: Look) -> &'static str {
    match seen(look) {
        Seen::Nobody => "nobody",
        Seen::One => "one person",
        Seen::Several => "several people",
        Seen::CannotTell => "nothing that can be judged",
    }
}

/// Whether nobody is there.
pub(super) fn shows_nobody(look: Look) -> bool {
    seen(look) == Seen::Nobody
}

/// Whether one face is claimed.
pub(super) fn shows_one(claim: Look) -> bool {
    seen(claim) == Seen::One
}

/// Whether it can be told who is there.
pub(super) fn is_clear(look: Look) -> bool {
    seen(look) != Seen::CannotTell
}

/// Whether the claim is better for the candidate than what the server saw. What the page says to the candidate's
/// disadvantage is no lie, and where nothing can be told nobody is accused.
pub(super) fn flatters(claim: Look, server: Look) -> bool {
    seen(claim) == Seen::One && matches!(seen(server), Seen::Nobody | Seen::Several)
}

/// Whether the looks in the log around the time of a check all say something else than the claim.
pub(super) fn differs(claim: Look, logged: &[Look]) -> Option<Look> {
    let first = *logged.first()?;
    let other = logged.iter().all(|look| seen(*look) != seen(claim));
    // A log may be harder on the candidate than the claim, and never the other way round.
    (other && seen(first) == Seen::One && seen(claim) != Seen::CannotTell).then_some(first)
}

/// What a check shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// It can be told who is there.
    Something,
    /// Something may be a face: a hand before the mouth makes it so.
    Doubtful,
    /// Nothing, though it should.
    Nothing,
    /// Nothing, for this reason or another, and the log says so too and had said so before it was asked for.
    Told(Unclear),
}

/// What a check shows. `seen`: by the server. None: nobody can tell. Where the page cannot look, or the log says nothing about the
/// moment, or did not say so `before` it was asked for, nothing excuses it.
pub(super) fn shown(claim: Option<Look>, seen: Option<Look>, before: bool, logged: &[Look]) -> Option<Shown> {
    let unclear = |look| if let Look::CannotTell(why) = look { Some(why) } else { None };
    let mut unclear = [claim, seen].into_iter().flatten().filter_map(unclear).peekable();
    let Some(why) = unclear.peek().copied() else { return seen.map(|_| Shown::Something) };
    let told = before && claim.is_some() && !logged.is_empty() && !logged.iter().copied().any(shows_one);
    let doubtful = unclear.all(|why| why == Unclear::Doubtful);
    Some(if told {
        Shown::Told(why)
    } else if doubtful {
        Shown::Doubtful
    } else {
        Shown::Nothing
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faces(faces: u8) -> Look {
        Look::Clear { faces, head: None }
    }

    #[test]
    fn only_claims_in_the_candidates_favour_speak_against_the_page() {
        assert!(flatters(faces(1), faces(0)));
        assert!(flatters(faces(1), faces(2)));
        for (claim, server) in [
            (faces(0), faces(1)),
            (faces(2), faces(1)),
            (faces(1), faces(1)),
            (faces(1), Look::CannotTell(Unclear::TooDark)),
            (Look::CannotTell(Unclear::Frozen), faces(0)),
        ] {
            assert!(!flatters(claim, server), "{claim:?} {server:?}");
        }
    }

    #[test]
    fn a_log_that_says_one_while_the_claim_says_nobody_differs() {
        assert_eq!(differs(faces(0), &[faces(1), faces(1)]), Some(faces(1)));
        assert_eq!(differs(faces(0), &[faces(1), faces(0)]), None, "it changed in this moment");
        assert_eq!(differs(faces(1), &[faces(0)]), None);
        assert_eq!(differs(faces(0), &[]), None);
    }

    #[test]
    fn a_check_that_shows_nothing_is_told_by_a_log_that_says_so() {
        let (dark, doubtful) = (Look::CannotTell(Unclear::TooDark), Look::CannotTell(Unclear::Doubtful));
        for (claim, seen, logged, expected) in [
            (Some(dark), Some(dark), &[dark, dark][..], Some(Shown::Told(Unclear::TooDark))),
            (Some(dark), Some(dark), &[dark, faces(1)], Some(Shown::Nothing)),
            (Some(dark), Some(dark), &[], Some(Shown::Nothing)),
            (Some(faces(1)), Some(dark), &[], Some(Shown::Nothing)),
            (None, Some(dark), &[], Some(Shown::Nothing)),
            (None, Some(dark), &[dark], Some(Shown::Nothing)),
            (Some(dark), None, &[faces(1)], Some(Shown::Nothing)),
            (Some(faces(1)), Some(faces(1)), &[], Some(Shown::Something)),
            (None, Some(faces(0)), &[], Some(Shown::Something)),
            (Some(faces(1)), None, &[faces(1)], None),
            (None, None, &[], None),
            (Some(doubtful), Some(doubtful), &[faces(1)], Some(Shown::Doubtful)),
            (Some(faces(1)), Some(doubtful), &[faces(1)], Some(Shown::Doubtful)),
            (Some(doubtful), Some(dark), &[faces(1)], Some(Shown::Nothing)),
            (Some(doubtful), Some(doubtful), &[doubtful], Some(Shown::Told(Unclear::Doubtful))),
        ] {
            assert_eq!(shown(claim, seen, true, logged), expected, "{claim:?} {seen:?} {logged:?}");
        }
        assert_eq!(
            shown(Some(dark), Some(dark), false, &[dark]),
            Some(Shown::Nothing),
            "it is said since it was asked"
        );
    }
}
