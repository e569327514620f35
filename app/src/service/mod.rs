//! Use cases over the ports. Both ways in, server functions and REST, call these.

pub mod accounts;
mod audience;
pub mod candidates;
pub mod channels;
pub mod creation;
mod error;
#[cfg(test)]
pub(crate) mod fakes;
pub mod hooks;
pub mod invitations;
pub mod jobs;
mod leases;
mod lists;
mod news;
pub mod once;
pub mod proctoring;
mod publisher;
mod records;
mod report;
mod reported_proctoring;
pub mod rooms;
pub mod sessions;
pub mod stats;
mod tasks;
#[cfg(test)]
mod tests;
pub mod timeline;
mod tokens;
pub mod upkeep;
pub mod vault;
pub mod work;
mod workers;

use std::{ops::Deref, sync::Arc};

pub use accounts::Accounts;
pub use candidates::Candidates;
pub use channels::Channels;
pub use creation::Creation;
pub use error::ServiceError;
pub use hooks::Hooks;
pub use invitations::Invitations;
pub use jobs::Jobs;
pub use proctoring::Proctor;
pub use records::Listed;
pub(crate) use reported_proctoring::blind_words;
pub use rooms::Rooms;
pub use sessions::{MAX_WAITING, Sessions};
pub use stats::StatsService;
pub(crate) use tokens::random_uuid;
pub use tokens::{Secret, deployment_id, hash_token, random_token};
pub use upkeep::Upkeep;
pub use vault::{Vault, VaultError};
pub use work::Work;

use self::leases::Leases;
use crate::{
    model::SessionId,
    ports::{Clock, Ports},
};

/// All services of one worker. Every request takes a clone, so a clone is one counter, not one for each service.
#[derive(Clone)]
pub struct AppState(Arc<Services>);

/// What [`AppState`] leads to.
pub struct Services {
    pub clock: Arc<dyn Clock>,
    pub sessions: Arc<Sessions>,
    pub creation: Arc<Creation>,
    pub rooms: Arc<Rooms>,
    pub candidates: Arc<Candidates>,
    pub channels: Arc<Channels>,
    pub accounts: Arc<Accounts>,
    pub stats: Arc<StatsService>,
    pub upkeep: Arc<Upkeep>,
    pub proctor: Arc<Proctor>,
    pub vault: Arc<Vault>,
    pub jobs: Arc<Jobs>,
    pub invitations: Arc<Invitations>,
    pub hooks: Arc<Hooks>,
    pub work: Arc<Work>,
    pub assets: Arc<Assets>,
}

impl AppState {
    /// Builds the services. `public_url` is what links begin with, without a slash at the end.
    ///
    /// # Errors
    /// When the store cannot give or keep the keys that all workers share, or this worker has another master key than they.
    pub async fn new(ports: Ports, public_url: String, assets: Assets) -> Result<Self, VaultError> {
        let secret = Arc::new(Secret::load(ports.records.as_ref()).await?);
        let vault = Arc::new(Vault::open(&ports.master_key, ports.records.clone(), ports.blobs.clone()).await?);
        let sessions = Arc::new(Sessions::new(
            ports.sessions.clone(),
            ports.records.clone(),
            ports.clock.clone(),
            secret,
            vault.clone(),
            public_url,
        ));
        let rooms = Arc::new(Rooms::new(sessions.clone(), ports.media.clone(), ports.clock.clone()));
        let accounts = Arc::new(Accounts::new(ports.records.clone(), ports.clock.clone()));
        let jobs = Arc::new(Jobs::new(ports.records.clone(), ports.clock.clone()));
        let creation = Arc::new(Creation::new(
            sessions.clone(),
            rooms.clone(),
            jobs.clone(),
            ports.records.clone(),
            ports.clock.clone(),
        ));
        let hooks =
            Arc::new(Hooks::new(sessions.clone(), ports.records.clone(), ports.post.clone(), ports.clock.clone()));
        let proctor = Arc::new(Proctor::new(
            sessions.clone(),
            rooms.clone(),
            vault.clone(),
            (ports.examiner.clone(), ports.spot_mean),
            ports.records.clone(),
            ports.clock.clone(),
        ));
        let candidates =
            Arc::new(Candidates::new(sessions.clone(), rooms.clone(), proctor.clone(), ports.clock.clone()));
        Ok(Self(Arc::new(Services {
            work: Arc::new(Work::new(
                sessions.clone(),
                hooks.clone(),
                proctor.clone(),
                ports.evaluator.clone(),
                ports.records.clone(),
                ports.clock.clone(),
            )),
            invitations: Arc::new(Invitations::new(
                creation.clone(),
                jobs.clone(),
                sessions.clone(),
                ports.records.clone(),
                ports.clock.clone(),
            )),
            creation,
            jobs,
            hooks,
            proctor: proctor.clone(),
            vault,
            upkeep: Arc::new(Upkeep::new(
                sessions.clone(),
                rooms.clone(),
                accounts.clone(),
                Leases::new(ports.records.clone(), ports.clock.clone()),
                ports.clock.clone(),
            )),
            accounts,
            channels: Arc::new(Channels::new(sessions.clone(), candidates.clone(), proctor, ports.clock.clone())),
            candidates,
            stats: Arc::new(StatsService::new(sessions.clone(), rooms.clone())),
            clock: ports.clock,
            sessions,
            rooms,
            assets: Arc::new(assets),
        })))
    }
}

impl Services {
    /// Removes a session, its room and everything about it, and lets webhooks know.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn delete_session(&self, id: SessionId) -> Result<(), ServiceError> {
        let session = self.sessions.get(id).await?;
        self.hooks.announce_deletion(&session).await?;
        self.rooms.delete_session(id).await
    }
}

impl Deref for AppState {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.0
    }
}

/// Addresses of the built browser side, as the build's manifest names them.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub struct Assets {
    pub style: String,
    /// None where the browser's side was not built.
    #[serde(default)]
    pub candidate: Option<Program>,
    #[serde(default)]
    pub admin: Option<Program>,
}

impl Assets {
    /// What runs on the page at `path`. Nothing runs on a page that is neither a candidate's nor an admin's.
    #[must_use]
    pub fn program(&self, path: &str) -> Option<&Program> {
        if path.starts_with("/i/") {
            self.candidate.as_ref()
        } else if path == "/admin" || path.starts_with("/admin/") {
            self.admin.as_ref()
        } else {
            None
        }
    }
}

/// What a browser runs on some of the pages.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Program {
    /// The script that starts it.
    pub boot: String,
    pub wasm: String,
    /// Scripts that `boot` imports at once.
    pub preload: Vec<String>,
}
