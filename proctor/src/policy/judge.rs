//! What one look or one answer shows.

use super::kind::Kind;
use super::{Answers, Away};
use crate::observation::{Head, Look, Unclear};
use crate::signal::Typing;

/// Whether a look shows it; None: it does not tell.
pub(super) fn shows(look: Look, kind: Kind, away: Away, was_away: bool) -> Option<bool> {
    match (look, kind) {
        (Look::Clear { faces, .. }, Kind::NoFace) => Some(faces == 0),
        (Look::Clear { faces, .. }, Kind::SeveralFaces) => Some(faces > 1),
        (Look::Clear { faces: 1.., head: Some(head) }, Kind::LookingAway) => Some(is_away(head, away, was_away)),
        (Look::Clear { .. }, Kind::LookingAway) => None,
        (Look::Clear { .. }, _) => Some(false),
        (Look::CannotTell(why), _) => (Kind::from(why) == kind).then_some(true),
    }
}

/// Whether a look leaves it open what it would be of the kind: where nobody is seen and where somebody may be, neither ends the other.
pub(super) fn leaves_open(look: Look, kind: Kind) -> bool {
    match look {
        Look::Clear { faces, .. } => faces == 0 && kind == Kind::FaceUnclear,
        Look::CannotTell(why) => why == Unclear::Doubtful && kind == Kind::NoFace,
    }
}

fn is_away(head: Head, away: Away, was_away: bool) -> bool {
    let margin = if was_away { away.margin } else { 0 };
    let beyond = |value: i8, limit: u8| value.unsigned_abs() > limit.saturating_sub(margin);
    beyond(head.yaw, away.yaw) || beyond(head.pitch, if head.pitch < 0 { away.down } else { away.up })
}

/// Whether it was typed faster than anybody types.
pub(super) fn is_too_fast(typing: Typing, answers: Answers) -> bool {
    let typed = u64::from(typing.chars.saturating_sub(typing.pasted_chars));
    let ms = u64::from(typing.typing_ms.min(typing.shown_ms));
    typed >= u64::from(answers.chars.max(1)) && typed * 1_000 > u64::from(answers.chars_per_s) * ms
}
