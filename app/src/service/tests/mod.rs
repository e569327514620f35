mod accounts;
mod channels;
mod checks;
mod creation;
mod deletion;
mod deliveries;
mod drafts;
mod evidence;
mod hooks;
mod invitations;
mod jobs;
mod logs;
mod page;
mod prepared;
pub(in crate::service) mod proctoring;
mod publishing;
mod reports;
mod rooms;
mod stats;
mod steps;
mod takeover;
pub(in crate::service) mod untrusted;
mod upkeep;
mod work;
mod workers;

use std::time::Duration;

use super::{AppState, fakes};
use crate::{
    interview::Command,
    model::{Actor, NewInterview, SessionId},
};

/// A session whose first question was just delivered.
async fn in_progress(worker: &AppState, questions: usize) -> SessionId {
    let wish = NewInterview { proctored: Some(false), ..fakes::wish(questions) };
    let id = worker.creation.create(wish).await.unwrap().session.id;
    for command in [Command::GiveConsent, Command::Start { by: Actor::Candidate }, Command::OpenQuestion] {
        worker.sessions.step(id, &command).await.unwrap();
    }
    id
}

/// Looks until `look` says yes; `awaited` says in the failure what did not come.
async fn eventually(awaited: &str, mut look: impl FnMut() -> bool) {
    let found = async {
        let mut interval = tokio::time::interval(Duration::from_millis(2));
        while !look() {
            interval.tick().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), found).await.unwrap_or_else(|_| panic!("waited in vain: {awaited}"));
}
