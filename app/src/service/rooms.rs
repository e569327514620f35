//! LiveKit rooms of sessions: made, entered, watched, closed, and put right after LiveKit was away.

use std::{collections::HashSet, sync::Arc};

use super::{ServiceError, Sessions};
use crate::{
    interview::Command,
    model::{RoomAccess, RoomState, Session, SessionFilter, SessionId, Status},
    ports::{Clock, LiveRoom, MediaError, MediaGateway},
};

/// Rooms younger than this are left alone by [`Rooms::reconcile`]: their session may be about to be saved.
const SETTLED_MS: i64 = 60_000;

/// Rooms made in one go when LiveKit is back.
const CATCH_UP: u32 = 200;

/// What LiveKit tells by webhook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoomNews {
    Started,
    Finished,
    Joined { sid: String, identity: String },
    Left { sid: String },
}

/// The rooms of one worker's sessions.
pub struct Rooms {
    sessions: Arc<Sessions>,
    media: Option<Arc<dyn MediaGateway>>,
    clock: Arc<dyn Clock>,
}

impl Rooms {
    pub(super) fn new(sessions: Arc<Sessions>, media: Option<Arc<dyn MediaGateway>>, clock: Arc<dyn Clock>) -> Self {
        Self { sessions, media, clock }
    }

    /// Whether live video is set up. `Some(false)`: it is, but LiveKit did not answer last time.
    #[must_use]
    pub fn is_up(&self) -> Option<bool> {
        self.media.as_ref().map(|media| media.is_up())
    }

    /// Looks whether LiveKit is back after it was down, and puts the rooms right if so.
    pub async fn look_after_outage(&self) {
        if let Some(media) = self.media.as_ref().filter(|media| !media.is_up())
            && media.probe().await
        {
            tracing::info!("LiveKit answers again");
            self.reconcile().await;
        }
    }

    /// Makes the room of a session that is not saved yet. `None`: there is no live video now.
    pub(super) async fn open_for_new(&self, id: SessionId, name: &str) -> Option<RoomAccess> {
        let media = self.media.as_ref()?;
        match media.create_room(id).await {
            Ok(()) => media.candidate_access(id, name).inspect_err(|error| warn(id, error)).ok(),
            Err(error) => {
                warn(id, &error);
                None
            }
        }
    }

    /// The candidate's way into the room, which is made if there is none. `None`: there is no live video now.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn candidate_access(&self, id: SessionId) -> Result<Option<RoomAccess>, ServiceError> {
        let session = self.sessions.get(id).await?;
        let Some(media) = self.media.as_ref().filter(|_| session.status != Status::Completed) else { return Ok(None) };
        // Asked for each time: LiveKit may have been restarted and lost the room that the session knows of.
        if let Err(error) = media.create_room(id).await {
            warn(id, &error);
            return Ok(None);
        }
        self.sessions.step(id, &Command::NoteRoomOpened).await?;
        Ok(media.candidate_access(id, &session.candidate.name).inspect_err(|error| warn(id, error)).ok())
    }

    /// A hidden observer's way into the room. `None`: there is no room to watch.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn observer_access(&self, id: SessionId) -> Result<Option<RoomAccess>, ServiceError> {
        let session = self.sessions.get(id).await?;
        let Some(media) = &self.media else { return Ok(None) };
        if !matches!(session.room.state, RoomState::Open { .. }) {
            return Ok(None);
        }
        Ok(media.observer_access(id).inspect_err(|error| warn(id, error)).ok())
    }

    /// Takes what LiveKit's webhook says. News of sessions that are gone is dropped.
    ///
    /// # Errors
    /// The store's: LiveKit then sends it again.
    pub async fn take_news(&self, id: SessionId, news: RoomNews) -> Result<(), ServiceError> {
        let command = match news {
            RoomNews::Started => Command::NoteRoomOpened,
            RoomNews::Finished => Command::NoteRoomClosed,
            RoomNews::Joined { sid, identity } => Command::NoteJoined { sid, identity },
            RoomNews::Left { sid } => Command::NoteLeft { sid },
        };
        match self.sessions.step(id, &command).await {
            Ok(_) | Err(ServiceError::NoSession(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Ends a session by `command` and closes its room. The answer waits for LiveKit for a second at most.
    ///
    /// # Errors
    /// As [`Sessions::step`].
    pub async fn step_to_end(self: &Arc<Self>, id: SessionId, command: &Command) -> Result<Arc<Session>, ServiceError> {
        let session = self.sessions.step(id, command).await?;
        if session.status == Status::Completed && matches!(session.room.state, RoomState::Open { .. }) {
            self.close_soon(id).await;
        }
        Ok(session)
    }

    /// Removes a session and its room.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn delete_session(self: &Arc<Self>, id: SessionId) -> Result<(), ServiceError> {
        self.sessions.delete(id).await?;
        self.close_soon(id).await;
        Ok(())
    }

    /// Closes the room in the background, and waits a second for it. What fails now, [`Self::reconcile`] does later.
    async fn close_soon(self: &Arc<Self>, id: SessionId) {
        let this = self.clone();
        let closing = tokio::spawn(async move { this.close(id).await });
        let _ = tokio::time::timeout(std::time::Duration::from_secs(1), closing).await;
    }

    async fn close(&self, id: SessionId) {
        let Some(media) = &self.media else { return };
        match media.delete_room(id).await {
            Ok(()) => {
                if let Err(error) = self.take_news(id, RoomNews::Finished).await {
                    tracing::warn!(session.id = %id, %error, "a closed room could not be noted");
                }
            }
            Err(error) => warn(id, &error),
        }
    }

    /// Interview rooms that LiveKit holds now.
    ///
    /// # Errors
    /// LiveKit's.
    pub async fn list(&self) -> Result<Vec<LiveRoom>, MediaError> {
        let Some(media) = &self.media else { return Ok(vec![]) };
        let mut rooms = media.list_rooms().await?;
        rooms.retain(|room| room.name.starts_with(crate::model::ROOM_PREFIX));
        Ok(rooms)
    }

    /// Makes LiveKit and the sessions agree: rooms of ended sessions go, missing ones are made, and rooms that LiveKit
    /// lost are noted. Safe to run on every worker at once and at any time; a failure is left to the next run.
    pub async fn reconcile(&self) {
        let rooms = match self.list().await {
            Ok(rooms) => rooms,
            Err(error) => {
                tracing::debug!(%error, "LiveKit is away; rooms are put right later");
                return;
            }
        };
        let now = self.clock.now();
        let mut alive = HashSet::new();
        for room in rooms {
            let Some(id) = SessionId::from_room_name(&room.name) else { continue };
            alive.insert(id);
            let ended = match self.sessions.get(id).await {
                Ok(session) => session.status == Status::Completed,
                Err(ServiceError::NoSession(_)) => now.since(room.created_at) > SETTLED_MS,
                Err(_) => return,
            };
            if ended {
                self.close(id).await;
            }
        }
        self.note_lost_rooms(&alive).await;
        self.make_missing_rooms().await;
    }

    async fn note_lost_rooms(&self, alive: &HashSet<SessionId>) {
        let now = self.clock.now();
        let filter = SessionFilter { status: Some(Status::InProgress), search: String::new() };
        let Ok(page) = self.sessions.list(&filter, CATCH_UP, 0).await else { return };
        for summary in page.sessions.iter().filter(|summary| summary.present && !alive.contains(&summary.id)) {
            let Ok(session) = self.sessions.get(summary.id).await else { continue };
            let settled = matches!(session.room.state, RoomState::Open { since } if now.since(since) > SETTLED_MS);
            if settled && let Err(error) = self.take_news(summary.id, RoomNews::Finished).await {
                tracing::warn!(session.id = %summary.id, %error, "a lost room could not be noted");
            }
        }
    }

    async fn make_missing_rooms(&self) {
        let Some(media) = &self.media else { return };
        let Ok(missing) = self.sessions.store().without_room(CATCH_UP).await else { return };
        for id in missing {
            if let Err(error) = media.create_room(id).await {
                warn(id, &error);
                return;
            }
            if let Err(error) = self.sessions.step(id, &Command::NoteRoomOpened).await {
                tracing::warn!(session.id = %id, %error, "a new room could not be noted");
            }
        }
    }
}

fn warn(id: SessionId, error: &MediaError) {
    tracing::warn!(session.id = %id, %error, "LiveKit call failed");
}
