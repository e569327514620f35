mod contact;
mod lifecycle;
mod questions;
mod room;
mod time;
mod words;

use uuid::Uuid;

use super::*;
use crate::model::*;

const T0: UnixMillis = UnixMillis(1_000_000);

/// Seconds after [`T0`].
fn at(seconds: u32) -> UnixMillis {
    T0.plus_seconds(seconds)
}

/// Text questions of 60 seconds.
fn plan(questions: usize) -> SessionPlan {
    SessionPlan {
        proctoring: Some(Proctoring::default()),
        candidate: Candidate { name: "Ada".into(), email: "ada@example.com".into(), phone: None },
        job: None,
        questions: (0..questions).map(|i| Question::new(format!("Q{i}"), QuestionKind::Text)).collect(),
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

/// A session whose first question was delivered at [`T0`].
fn answering(questions: usize) -> Session {
    let mut session = fresh(questions);
    for command in [Command::GiveConsent, Command::Start { by: Actor::Candidate }, Command::OpenQuestion] {
        run(&mut session, command, T0).unwrap();
    }
    session
}

/// The same, and the candidate's page is connected.
fn connected(questions: usize) -> Session {
    let mut session = answering(questions);
    run(&mut session, open(1, 1), T0).unwrap();
    session
}

fn completed() -> Session {
    let mut session = connected(1);
    run(&mut session, Command::End { by: Actor::Admin }, at(1)).unwrap();
    session
}

fn given(n: u128, question: u32, text: &str) -> GivenAnswer {
    GivenAnswer { id: AnswerId(Uuid::from_u128(n)), question, text: text.into() }
}

fn answer(n: u128, question: u32, text: &str) -> Command {
    Command::SubmitAnswer(given(n, question, text))
}

fn expire(draft: Option<GivenAnswer>) -> Command {
    Command::Expire { draft }
}

fn channel(n: u128) -> ChannelId {
    ChannelId(Uuid::from_u128(n))
}

fn worker(n: u128) -> WorkerId {
    WorkerId(Uuid::from_u128(n))
}

fn open(of: u128, to: u128) -> Command {
    Command::OpenChannel { channel: channel(of), worker: worker(to) }
}

fn close(of: u128, to: u128, last_seen: UnixMillis, how: Closing) -> Command {
    Command::CloseChannel { channel: channel(of), worker: worker(to), last_seen, how }
}

/// LiveKit sees the candidate enter.
fn enter(session: &Session) -> Command {
    Command::NoteJoined { sid: "PA_1".into(), identity: session.id.candidate_identity() }
}

fn leave() -> Command {
    Command::NoteLeft { sid: "PA_1".into() }
}
