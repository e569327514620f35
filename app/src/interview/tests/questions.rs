use super::*;

#[test]
fn an_answer_is_taken_until_the_deadline_and_its_grace_have_passed() {
    let session = answering(1);
    let deadline = session.open.unwrap().deadline;
    assert_eq!(deadline, T0.plus_seconds(60));
    let outcome = |now| match &decide(&session, &answer(1, 0, "draft"), now).unwrap()[0] {
        Event::Answered { answer } => answer.outcome,
        other => panic!("not an answer: {other:?}"),
    };
    assert_eq!(outcome(deadline), AnswerOutcome::Submitted);
    assert_eq!(outcome(deadline.plus_seconds(GRACE_S)), AnswerOutcome::TimedOut);
    let too_late = UnixMillis(deadline.plus_seconds(GRACE_S).0 + 1);
    assert_eq!(decide(&session, &answer(1, 0, "draft"), too_late), Err(Refusal::TooLate));
}

#[test]
fn an_unanswered_question_expires_and_the_next_waits_for_the_browser() {
    let mut session = answering(2);
    let later = T0.plus_seconds(64);
    run(&mut session, Command::Expire { draft: None }, later).unwrap();
    assert_eq!((session.open, session.answers[0].outcome), (None, AnswerOutcome::NoResponse));
    assert_eq!(decide(&session, &answer(1, 0, "draft"), later), Err(Refusal::TooLate));
    run(&mut session, Command::OpenQuestion, later.plus_seconds(100)).unwrap();
    assert_eq!(session.open.unwrap().deadline, later.plus_seconds(160));
    run(&mut session, Command::Expire { draft: None }, later.plus_seconds(164)).unwrap();
    assert_eq!((session.status, session.answered()), (Status::Completed, 0));
}

#[test]
fn finishing_takes_what_is_written_and_asks_nothing_more() {
    let mut session = answering(3);
    let finish = Command::Finish { answer: Some(given(1, 0, "half a sentence")) };
    let events = run(&mut session, finish.clone(), T0).unwrap();
    assert_eq!(events.len(), 2, "the answer and the end");
    assert_eq!((session.answered(), session.delivered), (1, 1));
    assert_eq!(session.end_reason, Some(EndReason::CandidateFinished));
    assert_eq!(decide(&session, &finish, T0), Ok(vec![]), "again");

    let mut session = answering(3);
    run(&mut session, Command::Finish { answer: Some(given(1, 0, "late")) }, T0.plus_seconds(64)).unwrap();
    assert_eq!((session.status, session.answered()), (Status::Completed, 0));
}

#[test]
fn a_second_answer_to_a_question_is_refused() {
    let mut session = answering(2);
    run(&mut session, answer(1, 0, "first"), T0).unwrap();
    assert_eq!(decide(&session, &answer(9, 0, "other"), T0), Err(Refusal::AlreadyAnswered));
    assert_eq!(decide(&session, &answer(9, 5, "other"), T0), Err(Refusal::NotAsked));
    assert_eq!(decide(&session, &answer(1, 1, "other"), T0), Err(Refusal::AnswerIdUsed));
}

#[test]
fn what_was_written_is_the_answer_when_the_time_is_over() {
    let mut session = answering(2);
    let draft = given(7, 0, "half a sentence");
    for early in [at(0), at(60), at(63)] {
        assert_eq!(decide(&session, &expire(Some(draft.clone())), early), Ok(vec![]), "not over yet");
    }
    let events = run(&mut session, expire(Some(draft.clone())), at(64)).unwrap();
    assert_eq!(events.len(), 1, "the next question waits for a browser");
    let taken = &session.answers[0];
    assert_eq!((taken.id, taken.text.as_str()), (Some(draft.id), "half a sentence"));
    assert_eq!((taken.outcome, taken.time_used_ms), (AnswerOutcome::TimedOut, 60_000));
    assert_eq!((session.open, session.answered()), (None, 1));
    assert_eq!(decide(&session, &expire(Some(draft)), at(65)), Ok(vec![]), "once");
}

#[test]
fn blank_drafts_and_those_of_other_questions_are_no_response() {
    let started = answering(2);
    for draft in [None, Some(given(7, 0, "")), Some(given(7, 0, " \n\t")), Some(given(7, 1, "of the next one"))] {
        let mut session = started.clone();
        run(&mut session, expire(draft.clone()), at(64)).unwrap();
        let taken = &session.answers[0];
        assert_eq!((taken.id, taken.text.as_str()), (None, ""), "{draft:?}");
        assert_eq!(taken.outcome, AnswerOutcome::NoResponse, "{draft:?}");
        assert_eq!(session.dialogue.len(), 1, "nothing was said");
    }
}

#[test]
fn the_last_question_s_expiry_is_the_end() {
    let mut session = answering(1);
    run(&mut session, expire(Some(given(7, 0, "half"))), at(64)).unwrap();
    assert_eq!((session.status, session.end_reason), (Status::Completed, Some(EndReason::AllAnswered)));
    assert_eq!(decide(&session, &expire(None), at(500)), Ok(vec![]));
}

#[test]
fn an_answer_that_comes_after_its_draft_was_taken_is_told_so() {
    for questions in [1, 2] {
        let mut session = answering(questions);
        run(&mut session, expire(Some(given(7, 0, "half"))), at(64)).unwrap();
        assert_eq!(decide(&session, &answer(7, 0, "half"), at(65)), Ok(vec![]), "the same text");
        assert_eq!(decide(&session, &answer(7, 0, "half and more"), at(65)), Err(Refusal::DraftStood));
        assert_eq!(session.answers.len(), 1);
    }
    let mut session = answering(2);
    run(&mut session, expire(Some(given(7, 0, "half"))), at(64)).unwrap();
    assert_eq!(decide(&session, &answer(8, 0, "of another page"), at(65)), Err(Refusal::AlreadyAnswered));
    assert_eq!(decide(&session, &answer(7, 1, "half"), at(65)), Err(Refusal::AnswerIdUsed));
}

#[test]
fn a_question_whose_time_is_over_is_not_passed_over_by_asking_for_the_next() {
    let mut session = answering(2);
    assert_eq!(decide(&session, &Command::OpenQuestion, at(64)), Ok(vec![]), "its draft would be lost");
    run(&mut session, expire(None), at(64)).unwrap();
    run(&mut session, Command::OpenQuestion, at(64)).unwrap();
    assert_eq!(session.open.unwrap().index, 1);
}

/// A session whose candidate writes as much as there is room for, character by character of four bytes; the longest answers
/// that were possible.
fn filled(questions: usize) -> (Session, Vec<usize>) {
    let mut session = answering(questions);
    let longest = (0..questions as u32).map(|question| {
        let most = session.longest_answer(question);
        let (id, text) = (u128::from(question) + 1, "\u{1F914}".repeat(most));
        let refused = decide(&session, &answer(id, question, &format!("{text}!")), T0);
        assert_eq!(refused, Err(Refusal::TooLong { length: most + 1, most }));
        run(&mut session, answer(id, question, &text), T0).unwrap();
        most
    });
    let longest = longest.collect();
    (session, longest)
}

#[test]
fn ten_of_the_longest_answers_fit_into_a_session() {
    let (session, longest) = filled(10);
    assert_eq!(longest, [MAX_ANSWER; 10]);
    assert_eq!(session.answered(), 10);
}

#[test]
fn of_many_questions_each_has_room_whatever_was_written_before() {
    let (session, longest) = filled(200);
    assert_eq!(longest[..5], [MAX_ANSWER; 5], "who comes first may write a lot");
    assert!(longest.iter().all(|most| *most >= 1_250), "{longest:?}");
    let written: usize = session.answers.iter().map(|answer| answer.text.chars().count()).sum();
    assert_eq!(written, MAX_ANSWERS);
}

#[test]
fn an_answer_that_is_too_long_does_not_end_the_interview() {
    let mut session = answering(2);
    let finish = |length: usize| Command::Finish { answer: Some(given(1, 0, &"x".repeat(length))) };
    let refused = decide(&session, &finish(MAX_ANSWER + 1), T0);
    assert_eq!(refused, Err(Refusal::TooLong { length: MAX_ANSWER + 1, most: MAX_ANSWER }));
    run(&mut session, finish(MAX_ANSWER), T0).unwrap();
    assert_eq!(session.answered(), 1);
}

#[test]
fn of_a_draft_that_is_too_long_the_beginning_is_taken_and_its_page_is_told() {
    let mut session = answering(1);
    let text = "\u{1F914}".repeat(MAX_ANSWER + 1);
    run(&mut session, expire(Some(given(7, 0, &text))), at(64)).unwrap();
    assert_eq!(session.answers[0].text, "\u{1F914}".repeat(MAX_ANSWER));
    assert_eq!(decide(&session, &answer(7, 0, &text), at(65)), Err(Refusal::DraftStood));
}
