//! The largest session that the rules allow.

use app::{
    interview::{self, Command, GivenAnswer, Refusal},
    model::{
        Actor, AnswerId, Correction, Criteria, Criterion, Decision, Evaluator, JobId, KeyPoint, MAX_VIOLATIONS,
        NewInterview, NewJob, NewQuestion, NoticeId, QuestionKind, Recorded, Review, Rubric, Session, SessionId,
        UnixMillis, Verdict, ViolationKey,
    },
    ports::Stored,
    service::MAX_WAITING,
    validate,
};
use proctor::policy::{Kind, Severity};
use uuid::Uuid;

use super::{build::violation, clock::START};

/// So many characters, of four bytes each.
fn text(characters: usize) -> String {
    "\u{1F914}".repeat(characters)
}

fn run(session: &mut Session, command: &Command) -> Result<Vec<Recorded>, Refusal> {
    let events = interview::decide(session, command, START)?;
    Ok(events.into_iter().map(|event| interview::apply(session, event, START)).collect())
}

/// Every text is as long as it may be, and as many events as possible wait to be copied.
pub fn largest_session() -> Stored {
    let mut session = asked_to_write();
    let mut answered = Vec::new();
    for question in 0..session.max_questions {
        let given =
            GivenAnswer { id: AnswerId(Uuid::new_v4()), question, text: text(session.longest_answer(question)) };
        answered.extend(run(&mut session, &Command::SubmitAnswer(given)).expect("an answer"));
    }
    for question in 0..session.max_questions {
        let verdict = Box::new(longest_verdict());
        run(&mut session, &Command::NoteEvaluation { question, verdict }).expect("an evaluation");
    }
    write_about(&mut session);
    // The first answers are the longest ones.
    let pending = answered.into_iter().step_by(2).take(MAX_WAITING + 1).collect();
    Stored { session, version: 1, pending }
}

/// With as many questions as there can be, and the first one asked.
fn asked_to_write() -> Session {
    let key_points = vec![KeyPoint { text: "ab".into(), weight: 10 }; validate::MAX_KEY_POINTS];
    let letters = validate::MAX_QUESTIONS_BYTES / validate::MAX_QUESTIONS - 2 * key_points.len();
    let question = NewQuestion {
        text: text(letters / 4),
        kind: QuestionKind::Text,
        rubric: Rubric { key_points, ..Rubric::default() },
    };
    let new = NewJob {
        title: text(validate::MAX_NAME),
        questions: vec![question; validate::MAX_QUESTIONS],
        ..NewJob::default()
    };
    let job = validate::job(new, JobId(Uuid::new_v4().to_string()), START).expect("a job");
    let wish = NewInterview {
        name: text(validate::MAX_NAME),
        email: format!("{}@example.org", text(100)),
        ..NewInterview::default()
    };
    let plan = validate::plan_for(&job, &wish).expect("a plan");
    let (mut session, _) = interview::create(SessionId(Uuid::new_v4()), plan, START);
    for command in [Command::GiveConsent, Command::Start { by: Actor::Candidate }, Command::OpenQuestion] {
        run(&mut session, &command).expect("it begins");
    }
    while run(&mut session, &notice()).is_ok() {}
    session
}

fn notice() -> Command {
    Command::SendNotice { id: NoticeId(Uuid::new_v4()), text: text(validate::MAX_NOTICE), by: Actor::Admin }
}

/// As a language model gives it.
fn longest_verdict() -> Verdict {
    let criterion = || Criterion { score: 9.75, sentence: text(400), quotes: vec![text(300); 3] };
    Verdict {
        score: 9.75,
        criteria: Criteria {
            relevance: criterion(),
            correctness: criterion(),
            depth: criterion(),
            clarity: criterion(),
        },
        by: Evaluator::Model { name: text(25) },
        notes: vec![text(50); 5],
        failed: false,
    }
}

/// Flags, notes, decisions and corrections, until there is no room.
fn write_about(session: &mut Session) {
    let violations = (0..MAX_VIOLATIONS as u32).map(|second| violation(second, Severity::High)).collect();
    run(session, &Command::NoteViolations(violations)).expect("flags");
    let (by, at) = ("admin@example.org".to_owned(), UnixMillis(1));
    for second in 0..MAX_VIOLATIONS as u32 {
        let (violation, text) =
            (ViolationKey { from_ms: second * 1_000, kind: Kind::NoFace }, text(validate::MAX_NOTICE));
        let review = Review { decision: Decision::Dismissed, reason: text.clone(), by: by.clone(), at };
        let full =
            [Command::ExplainViolation { violation, note: text }, Command::ReviewViolation { violation, review }];
        full.iter().for_each(|command| drop(run(session, command)));
    }
    for question in 0..session.max_questions {
        let correction = Correction { score: 0.25, reason: text(validate::MAX_NOTICE), by: by.clone(), at };
        drop(run(session, &Command::CorrectScore { question, correction }));
    }
    let more = Correction { score: 1.0, reason: text(validate::MAX_NOTICE), by, at };
    let refused = run(session, &Command::CorrectScore { question: session.max_questions - 1, correction: more });
    assert_eq!(refused, Err(Refusal::TooManyWords), "there is no room any more");
}
