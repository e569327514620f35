//! The interviews that are measured with: three questions, one of them about code.

use std::{path::Path, sync::Arc};

use anyhow::Result;
use app::{
    interview::{Command, apply, create, decide},
    model::{Actor, NewInterview, QuestionKind, SessionId, UnixMillis},
    ports::{Clock as _, SessionStore, Stored},
    validate,
};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;
use server::{clock::SystemClock, store::SqliteStore};
use uuid::Uuid;

const NAME: &str = "Jane Doe";
const EMAIL: &str = "jane.doe@example.com";
pub const QUESTIONS: [(&str, QuestionKind); 3] = [
    ("Tell us about a project that you are proud of, and about your part in it.", QuestionKind::Text),
    ("How would you find out why a service that was fast yesterday is slow today?", QuestionKind::Text),
    ("Write a function that reverses the words of a sentence but not their letters.", QuestionKind::Coding),
];

/// What a candidate answers, 300 characters long.
pub const ANSWER: &str = "I led the move of our booking system to a new database. We copied the data while it was in use, compared \
the answers of both for two weeks, and switched on a quiet morning. The hardest part was agreeing on what counts as the \
same answer; we wrote that down first, which saved us a lot of time in the end.";

/// The body of a create.
pub fn create_body() -> String {
    let texts = QUESTIONS.map(|(text, _)| text);
    let kinds = QUESTIONS.map(|(_, kind)| kind);
    json!({"name": NAME, "email": EMAIL, "phone": "+49 30 1234567", "questions": texts, "question_types": kinds})
        .to_string()
}

/// Fills an embedded store in `dir` with `count` sessions made a second apart: a third each new, under way and ended.
pub async fn fill(dir: &Path, count: usize) -> Result<()> {
    // Writes that wait at the same time, so that commits are shared.
    const AT_ONCE: usize = 512;
    let clock = Arc::new(SystemClock);
    let now = clock.now();
    let store = SqliteStore::open(dir, clock)?;
    stream::iter(0..count)
        .map(|number| {
            let store = &store;
            async move { insert(store, number, UnixMillis(now.0 - 1_000 * (count - number) as i64)).await }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect::<Vec<()>>()
        .await?;
    Ok(())
}

async fn insert(store: &SqliteStore, number: usize, at: UnixMillis) -> Result<()> {
    let wish = NewInterview {
        name: format!("{NAME} {number}"),
        email: EMAIL.into(),
        questions: QUESTIONS.map(|(text, _)| text.to_owned()).into(),
        question_types: QUESTIONS.map(|(_, kind)| kind).into(),
        ..NewInterview::default()
    };
    let (mut session, created) = create(SessionId(Uuid::new_v4()), validate::plan(wish)?, at);
    let mut events = vec![created];
    let steps = [Command::Start { by: Actor::Api }, Command::End { by: Actor::Api }];
    for command in steps.iter().take(number % 3) {
        for event in decide(&session, command, at)? {
            events.push(apply(&mut session, event, at));
        }
    }
    store.insert(&Stored { session, version: 1, pending: events }).await?;
    Ok(())
}
