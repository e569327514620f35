use super::*;

#[test]
fn an_interview_goes_from_consent_to_completed() {
    let mut session = answering(2);
    assert_eq!((session.delivered, session.open.unwrap().index), (1, 0));
    run(&mut session, answer(1, 0, "first"), T0).unwrap();
    assert_eq!((session.delivered, session.open.unwrap().index), (2, 1));
    run(&mut session, answer(2, 1, "second"), T0).unwrap();
    assert_eq!(session.status, Status::Completed);
    assert_eq!(session.end_reason, Some(EndReason::AllAnswered));
    assert_eq!(session.answered(), 2);
    assert_eq!(session.dialogue.len(), 4);
}

#[test]
fn only_max_questions_are_asked() {
    let mut session = create(SessionId(Uuid::nil()), SessionPlan { max_questions: 1, ..plan(3) }, T0).0;
    for command in [Command::GiveConsent, Command::Start { by: Actor::Api }, Command::OpenQuestion, answer(1, 0, "a")] {
        run(&mut session, command, T0).unwrap();
    }
    assert_eq!(session.status, Status::Completed);
}

#[test]
fn no_question_is_shown_before_consent() {
    let mut session = fresh(1);
    run(&mut session, Command::Start { by: Actor::Api }, T0).unwrap();
    assert_eq!(decide(&session, &Command::OpenQuestion, T0), Err(Refusal::ConsentMissing));
}

#[test]
fn a_candidate_cannot_start_without_consent() {
    assert_eq!(decide(&fresh(1), &Command::Start { by: Actor::Candidate }, T0), Err(Refusal::ConsentMissing));
}

#[test]
fn repeated_commands_change_nothing() {
    let mut session = answering(2);
    run(&mut session, answer(1, 0, "first"), T0).unwrap();
    for command in [
        Command::GiveConsent,
        Command::Start { by: Actor::Admin },
        Command::OpenQuestion,
        answer(1, 0, "first"),
        Command::Expire { draft: None },
    ] {
        assert_eq!(decide(&session, &command, T0), Ok(vec![]), "{command:?}");
    }
    run(&mut session, Command::End { by: Actor::Api }, T0).unwrap();
    assert_eq!(decide(&session, &Command::End { by: Actor::Api }, T0), Ok(vec![]));
    assert_eq!(decide(&session, &answer(1, 0, "first"), T0), Ok(vec![]));
}

#[test]
fn the_lifecycle_has_no_other_transitions() {
    let mut session = fresh(1);
    assert_eq!(decide(&session, &Command::End { by: Actor::Api }, T0), Err(Refusal::NotStarted));
    assert_eq!(decide(&session, &Command::Finish { answer: None }, T0), Err(Refusal::NotStarted));
    assert_eq!(decide(&session, &answer(1, 0, "early"), T0), Err(Refusal::NotStarted));
    run(&mut session, Command::Start { by: Actor::Api }, T0).unwrap();
    run(&mut session, Command::End { by: Actor::Api }, T0).unwrap();
    for command in
        [Command::Start { by: Actor::Api }, Command::OpenQuestion, answer(1, 0, "late"), Command::GiveConsent]
    {
        assert_eq!(decide(&session, &command, T0), Err(Refusal::Completed), "{command:?}");
    }
}

#[test]
fn events_are_numbered_without_gaps() {
    let (mut session, first) = create(SessionId(Uuid::nil()), plan(1), T0);
    let mut all = vec![first];
    for command in [Command::GiveConsent, Command::Start { by: Actor::Admin }, Command::OpenQuestion, answer(1, 0, "x")]
    {
        all.extend(run(&mut session, command, T0).unwrap());
    }
    let seqs: Vec<u64> = all.iter().map(|r| r.seq).collect();
    assert_eq!(seqs, (1..=session.seq).collect::<Vec<_>>());
}
