use proctor::policy::{Kind, Severity};

use super::*;

/// As long as one text may be, of four bytes each.
fn longest(letter: char) -> String {
    assert_eq!(letter.len_utf8(), 4);
    letter.to_string().repeat(crate::validate::MAX_NOTICE)
}

/// An interview with so many flags.
fn flagged(violations: u32) -> Session {
    let mut session = answering(1);
    let violation = |from_ms| Violation {
        key: ViolationKey { from_ms, kind: Kind::NoFace },
        severity: Severity::High,
        from: T0,
        to: None,
        shown: true,
        detail: None,
        stills: vec![],
        pictures_missing: false,
        review: None,
        earlier_reviews: vec![],
        note: None,
    };
    run(&mut session, Command::NoteViolations((0..violations).map(violation).collect()), T0).unwrap();
    session
}

fn key(from_ms: u32) -> ViolationKey {
    ViolationKey { from_ms, kind: Kind::NoFace }
}

fn explain(of: u32, note: &str) -> Command {
    Command::ExplainViolation { violation: key(of), note: note.into() }
}

fn decided(of: u32, decision: Decision, reason: &str) -> Command {
    let review = Review { decision, reason: reason.into(), by: String::new(), at: T0 };
    Command::ReviewViolation { violation: key(of), review }
}

#[test]
fn a_candidate_s_notes_leave_room_for_those_who_decide() {
    let mut session = flagged(400);
    let noted = (0..400).take_while(|of| run(&mut session, explain(*of, &longest('🤔')), T0).is_ok()).count();
    assert_eq!(noted, 250, "a megabyte");
    assert_eq!(decide(&session, &explain(300, "x"), T0), Err(Refusal::TooManyWords));
    run(&mut session, explain(0, "Shorter."), T0).expect("it takes the place of a longer one");
    run(&mut session, explain(300, "x"), T0).expect("now there is room");

    let dismiss = |of| decided(of, Decision::Dismissed, &longest('🤔'));
    let dismissed = (0..400).take_while(|of| run(&mut session, dismiss(*of), T0).is_ok()).count();
    assert_eq!(dismissed, 250, "another one");
    assert_eq!(decide(&session, &dismiss(300), T0), Err(Refusal::TooManyWords));
    run(&mut session, decided(300, Decision::Confirmed, ""), T0).expect("a decision alone has room");
    let notice = Command::SendNotice { id: NoticeId(Uuid::nil()), text: longest('🤔'), by: Actor::Admin };
    assert_eq!(decide(&session, &notice, T0), Err(Refusal::TooManyWords));
}

#[test]
fn what_is_long_in_latin_letters_fits() {
    let mut session = flagged(400);
    let text = "x".repeat(crate::validate::MAX_NOTICE);
    for number in 0..400 {
        run(&mut session, explain(number, &text), T0).unwrap();
        run(&mut session, decided(number, Decision::Dismissed, &text), T0).unwrap();
    }
    for number in 0..100 {
        let notice =
            Command::SendNotice { id: NoticeId(Uuid::from_u128(number)), text: text.clone(), by: Actor::Admin };
        run(&mut session, notice, T0).unwrap();
    }
}
