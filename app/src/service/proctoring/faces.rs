//! Whose faces are compared with the reference, and when they are somebody else's.

/// Comparisons that are remembered, and so many of them that have to show somebody else.
const REMEMBERED: u32 = 3;
const STRANGERS: u32 = 2;

/// Which of the last comparisons showed somebody else: a bit of each, of the newest the lowest. A part of the checkpoint.
pub(super) type Strangers = u32;

/// Whether the face of a check is compared: always while something is in doubt, and of whoever was known last time by chance,
/// one time in two, so that no page can count. `chance`: any number.
pub(super) fn is_compared(strangers: Strangers, known: bool, [chance]: [u8; 1]) -> bool {
    strangers > 0 || !known || chance.is_multiple_of(2)
}

/// After a comparison that showed somebody else, or not. Whether there were too many of them; then it begins anew.
pub(super) fn compared(strangers: &mut Strangers, other: bool) -> bool {
    *strangers = (*strangers << 1 | u32::from(other)) & ((1 << REMEMBERED) - 1);
    let too_many = strangers.count_ones() >= STRANGERS;
    if too_many {
        *strangers = 0;
    }
    too_many
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_alone_decides_whether_a_known_face_is_compared() {
        assert_eq!([0, 1, 2, 3].map(|chance| is_compared(0, true, [chance])), [true, false, true, false]);
        assert!([0, 1].iter().all(|chance| is_compared(0, false, [*chance]) && is_compared(2, true, [*chance])));
    }

    #[test]
    fn two_of_three_comparisons_show_somebody_else() {
        let found = |others: &[bool]| {
            let mut strangers = 0;
            others.iter().map(|other| compared(&mut strangers, *other)).collect::<Vec<_>>()
        };
        assert_eq!(found(&[true, false, true, true]), [false, false, true, false]);
        assert_eq!(found(&[true, false, false, true]), [false; 4]);
    }
}
