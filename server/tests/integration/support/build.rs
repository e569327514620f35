//! Sessions and steps, made by the domain's own rules.

use app::{
    interview::{self, Command, GivenAnswer, SessionPlan},
    model::{
        Actor, AnswerId, Candidate, Criteria, Criterion, Decision, DeviceCheck, Evaluation, Evaluator, JobId, JobRef,
        Proctoring, Question, QuestionKind, Review, SessionId, TimeRules, Timers, UnixMillis, Verdict, Violation,
        ViolationKey,
    },
    ports::Stored,
};
use proctor::policy::{Kind, Severity};
use uuid::Uuid;

/// A session just made: two text questions and a coding one, no job, version 1, with its `Created` event pending.
pub fn new_session(name: &str, created_at: UnixMillis) -> Stored {
    let question = |text: &str, kind| Question::new(text, kind);
    let plan = SessionPlan {
        proctoring: Some(Proctoring::default()),
        candidate: Candidate {
            name: name.into(),
            email: format!("{}@example.org", name.replace(' ', ".")),
            phone: None,
        },
        job: None,
        questions: vec![
            question("What is a monad?", QuestionKind::Text),
            question("Why? \u{1F914}", QuestionKind::Text),
            question("Reverse a list.", QuestionKind::Coding),
        ],
        max_questions: 3,
        timers: Timers::default(),
        time: TimeRules::default(),
    };
    let (session, created) = interview::create(SessionId(Uuid::new_v4()), plan, created_at);
    Stored { session, version: 1, pending: vec![created] }
}

/// The next version after `command`, with its events pending.
pub fn step(stored: &Stored, command: &Command, now: UnixMillis) -> Stored {
    let mut next = stored.clone();
    let events = interview::decide(&next.session, command, now).expect("the rules allow this command");
    assert!(!events.is_empty(), "{command:?} changed nothing");
    next.pending = events.into_iter().map(|event| interview::apply(&mut next.session, event, now)).collect();
    next.version += 1;
    next
}

/// One version on, with every field of a session filled in, and names of participants that are hard on a document store.
pub fn full_session(name: &str, created_at: UnixMillis) -> Stored {
    let mut stored = new_session(name, created_at);
    stored.session.job = Some(JobRef { id: JobId("job.1$".into()), title: "Straßenbau-Ingenieur 100%_sicher".into() });
    stored.session.candidate.phone = Some("+49 30 1".into());
    let answer = Command::SubmitAnswer(GivenAnswer {
        id: AnswerId(Uuid::new_v4()),
        question: 0,
        text: "{\"$set\": \"a.b\"}\0\n".into(),
    });
    let identity = stored.session.id.candidate_identity();
    let joined = |sid: &str, identity: &str| Command::NoteJoined { sid: sid.into(), identity: identity.into() };
    let commands = [
        Command::GiveConsent,
        Command::CheckDevices(DeviceCheck { camera: true, microphone: false }),
        Command::Start { by: Actor::Candidate },
        Command::OpenQuestion,
        joined("PA_x.y$z", &identity),
        joined("$PA%2E.", "guest.1"),
        answer,
    ];
    let mut now = created_at;
    let mut pending = std::mem::take(&mut stored.pending);
    for command in &commands {
        now = now.plus_seconds(1);
        stored = step(&stored, command, now);
        pending.append(&mut stored.pending);
    }
    stored.session.evaluations = vec![evaluation(0, 7.0), evaluation(1, 8.25)];
    stored.session.violations_count = u32::MAX;
    Stored { version: 1, pending, ..stored }
}

/// What the rules on the server might say of an answer.
fn evaluation(question: u32, score: f64) -> Evaluation {
    let criterion = || Criterion { score, sentence: "It says why.".into(), quotes: vec!["$set".into()] };
    let criteria =
        Criteria { relevance: criterion(), correctness: criterion(), depth: criterion(), clarity: criterion() };
    let verdict = Verdict { score, criteria, by: Evaluator::Offline, notes: vec![], failed: false };
    Evaluation { question, verdict, at: UnixMillis(1_767_225_600_000), correction: None }
}

/// Somebody was not seen for two seconds, this many seconds after the first log began.
pub fn violation(second: u32, severity: Severity) -> Violation {
    let from = super::clock::START.plus_seconds(second);
    Violation {
        key: ViolationKey { from_ms: second * 1_000, kind: Kind::NoFace },
        severity,
        from,
        to: Some(from.plus_seconds(2)),
        shown: true,
        detail: None,
        stills: vec![],
        pictures_missing: false,
        review: None,
        earlier_reviews: vec![],
        note: None,
    }
}

/// What an admin made of a violation.
pub fn review(decision: Decision) -> Review {
    Review { decision, reason: "It was the light.".into(), by: "admin@example.org".into(), at: UnixMillis(1) }
}
