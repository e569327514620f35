//! What the server sees with its own eyes, beside what the page claims.

use proctor::observation::Look;
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

/// Whether a check shows nothing though it should. `seen`: by the server. None: nobody can tell, or the log says so too, and had
/// said so `before` it was asked for. Where the page cannot look, or the log says nothing about the moment, nothing excuses it.
pub(super) fn shows_nothing(claim: Option<Look>, seen: Option<Look>, before: bool, logged: &[Look]) -> Option<bool> {
    let unclear = |look: Look| !is_clear(look);
    if claim.is_some_and(unclear) || seen.is_some_and(unclear) {
        let told = before && claim.is_some() && !logged.is_empty() && !logged.iter().copied().any(shows_one);
        return (!told).then_some(true);
    }
    seen.map(|_| false)
}

#[cfg(test)]
mod tests {
    use proctor::observation::Unclear;

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
    fn a_check_that_shows_nothing_is_excused_by_a_log_that_says_so() {
        let dark = Look::CannotTell(Unclear::TooDark);
        for (claim, seen, logged, nothing) in [
            (Some(dark), Some(dark), &[dark, dark][..], None),
            (Some(dark), Some(dark), &[dark, faces(1)], Some(true)),
            (Some(dark), Some(dark), &[], Some(true)),
            (Some(faces(1)), Some(dark), &[], Some(true)),
            (None, Some(dark), &[], Some(true)),
            (None, Some(dark), &[dark], Some(true)),
            (Some(dark), None, &[faces(1)], Some(true)),
            (Some(faces(1)), Some(faces(1)), &[], Some(false)),
            (None, Some(faces(0)), &[], Some(false)),
            (Some(faces(1)), None, &[faces(1)], None),
            (None, None, &[], None),
        ] {
            assert_eq!(shows_nothing(claim, seen, true, logged), nothing, "{claim:?} {seen:?} {logged:?}");
        }
        assert_eq!(shows_nothing(Some(dark), Some(dark), false, &[dark]), Some(true), "it is said since it was asked");
    }
}
