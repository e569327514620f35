//! LiveKit rooms of sessions: made, entered, watched, closed, and put right after LiveKit was away.

use std::{collections::HashMap, sync::Arc};

use super::{ServiceError, Sessions};
use crate::{
    error::AppError,
    interview::Command,
    model::{RoomAccess, RoomState, Session, SessionId, Status},
    ports::{Clock, LiveRoom, MediaError, MediaGateway},
};

/// Rooms younger than this are left alone by upkeep: their session may be about to be saved.
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

    /// Where browsers find LiveKit, if live video is set up.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        self.media.as_ref().map(|media| media.url())
    }

    /// Whether LiveKit was down and answers again. True once for each outage.
    pub(super) async fn is_back(&self) -> bool {
        match &self.media {
            Some(media) => media.is_back().await,
            None => false,
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
        self.close_if_over(&session).await;
        Ok(session)
    }

    /// Closes the open question if its time is over, and the room if that was the end.
    ///
    /// # Errors
    /// As [`Sessions::step`].
    pub async fn expire(self: &Arc<Self>, id: SessionId) -> Result<Arc<Session>, ServiceError> {
        let session = self.sessions.expire(id).await?;
        self.close_if_over(&session).await;
        Ok(session)
    }

    async fn close_if_over(self: &Arc<Self>, session: &Session) {
        if session.status == Status::Completed && matches!(session.room.state, RoomState::Open { .. }) {
            self.close_soon(session.id).await;
        }
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

    /// Closes the room in the background, and waits a second for it. What fails now, upkeep does later.
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

    /// Closes rooms whose session ended or is gone. Answers the sessions of the rooms that stay, and how many are in each.
    ///
    /// # Errors
    /// LiveKit's or the store's: then nothing is known about the rooms.
    pub(super) async fn close_leftovers(&self) -> Result<HashMap<SessionId, u32>, AppError> {
        let now = self.clock.now();
        let mut alive = HashMap::new();
        let rooms = self.list().await.map_err(|error| {
            tracing::debug!(%error, "LiveKit is away; rooms are put right later");
            AppError::unavailable(1)
        })?;
        let rooms: Vec<_> =
            rooms.into_iter().filter_map(|room| Some((SessionId::from_room_name(&room.name)?, room))).collect();
        let ids: Vec<_> = rooms.iter().map(|(id, _)| *id).collect();
        let statuses: HashMap<_, _> =
            self.sessions.store().statuses(&ids).await.map_err(ServiceError::from)?.into_iter().collect();
        for (id, room) in rooms {
            let leftover = match statuses.get(&id) {
                Some(status) => *status == Status::Completed,
                None => room.ours && now.since(room.created_at) > SETTLED_MS,
            };
            if leftover {
                self.close(id).await;
            } else {
                alive.insert(id, room.participants);
            }
        }
        Ok(alive)
    }

    /// Notes that LiveKit has no room for this session any more, unless it is so new that the list may have missed it.
    pub(super) async fn note_lost(&self, id: SessionId) {
        let Ok(session) = self.sessions.get(id).await else { return };
        let settled =
            matches!(session.room.state, RoomState::Open { since } if self.clock.now().since(since) > SETTLED_MS);
        if settled && let Err(error) = self.take_news(id, RoomNews::Finished).await {
            tracing::warn!(session.id = %id, %error, "a lost room could not be noted");
        }
    }

    /// Asks LiveKit who is in the room, and notes it: webhooks may have been lost while no worker was there to take them.
    pub(super) async fn note_participants(&self, id: SessionId) {
        let Some(media) = &self.media else { return };
        let present = match media.participants(id).await {
            Ok(present) => present.into_iter().map(|participant| (participant.sid, participant.identity)).collect(),
            Err(error) => return warn(id, &error),
        };
        if let Err(error) = self.sessions.step(id, &Command::NoteParticipants(present)).await {
            tracing::warn!(session.id = %id, %error, "presence could not be noted");
        }
    }

    /// Makes rooms for sessions that were created while LiveKit was away.
    pub(super) async fn make_missing(&self) {
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
