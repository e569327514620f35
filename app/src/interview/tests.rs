use uuid::Uuid;

use super::*;
use crate::model::*;

const T0: UnixMillis = UnixMillis(1_000_000);

fn plan(questions: usize) -> SessionPlan {
    SessionPlan {
        candidate: Candidate { name: "Ada".into(), email: "ada@example.com".into(), phone: None },
        job: None,
        questions: (0..questions).map(|i| Question { text: format!("Q{i}"), kind: QuestionKind::Text }).collect(),
        max_questions: questions as u32,
        timers: Timers { text_s: 60, coding_s: 90 },
        time: TimeRules::default(),
    }
}

fn fresh(questions: usize) -> Session {
    create(SessionId(Uuid::from_u128(1)), plan(questions), T0).0
}

fn run(session: &mut Session, command: Command, now: UnixMillis) -> Result<Vec<Recorded>, Refusal> {
    let events = decide(session, &command, now)?;
    Ok(events.into_iter().map(|event| apply(session, event, now)).collect())
}

fn answering(questions: usize) -> Session {
    let mut session = fresh(questions);
    for command in [Command::GiveConsent, Command::Start { by: Actor::Candidate }, Command::OpenQuestion] {
        run(&mut session, command, T0).unwrap();
    }
    session
}

fn given(n: u128, question: u32, text: &str) -> GivenAnswer {
    GivenAnswer { id: AnswerId(Uuid::from_u128(n)), question, text: text.into() }
}

fn answer(n: u128, question: u32, text: &str) -> Command {
    Command::SubmitAnswer(given(n, question, text))
}

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
fn presence_follows_the_room_and_ignores_observers() {
    let mut session = fresh(1);
    let identity = session.id.candidate_identity();
    let join = |sid: &str, identity: &str| Command::NoteJoined { sid: sid.into(), identity: identity.into() };
    run(&mut session, join("PA_1", &identity), T0).unwrap();
    // A reconnect: the new connection is announced before the old one leaves.
    run(&mut session, join("PA_2", &identity), T0).unwrap();
    run(&mut session, Command::NoteLeft { sid: "PA_1".into() }, T0).unwrap();
    assert_eq!(decide(&session, &join("PA_1", &identity), T0), Ok(vec![]), "old news");
    run(&mut session, join("PA_3", "observer-1"), T0).unwrap();
    assert!(session.candidate_present());
    assert_eq!(session.room.participant_count(), 1);
    run(&mut session, Command::NoteRoomClosed, T0).unwrap();
    assert!(!session.candidate_present());
    assert_eq!(
        decide(&session, &join("PA_4", &identity), T0).unwrap().len(),
        2,
        "a room that was empty too long opens again"
    );
    for command in [Command::Start { by: Actor::Api }, Command::End { by: Actor::Api }] {
        run(&mut session, command, T0).unwrap();
    }
    assert_eq!(decide(&session, &join("PA_5", &identity), T0), Ok(vec![]), "not after the end");
}

#[test]
fn a_list_of_participants_puts_presence_right() {
    let mut session = fresh(1);
    let identity = session.id.candidate_identity();
    run(&mut session, Command::NoteJoined { sid: "PA_1".into(), identity: identity.clone() }, T0).unwrap();
    let list = |entries: &[(&str, &str)]| {
        Command::NoteParticipants(entries.iter().map(|(sid, who)| ((*sid).to_owned(), (*who).to_owned())).collect())
    };
    let now = list(&[("PA_2", &identity), ("PA_3", "observer-1")]);
    let events = run(&mut session, now.clone(), T0).unwrap();
    assert_eq!(events.len(), 2, "one left, one joined, the observer is not counted");
    assert_eq!(session.room.participants.keys().collect::<Vec<_>>(), ["PA_2"]);
    assert_eq!(decide(&session, &now, T0), Ok(vec![]));
    run(&mut session, list(&[]), T0).unwrap();
    assert!(!session.candidate_present());
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
