//! LiveKit: rooms, tokens and webhooks. The only place that knows its API.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use app::{
    model::{OBSERVER_PREFIX, RoomAccess, SessionId, UnixMillis},
    ports::{LiveParticipant, LiveRoom, MediaError, MediaGateway},
    service::{random_token, rooms::RoomNews},
};
use async_trait::async_trait;
use livekit_api::{
    access_token::{AccessToken, AccessTokenError, TokenVerifier, VideoGrants},
    services::{
        ServerError, ServerErrorCode, ServiceError, ServiceResult,
        room::{CreateRoomOptions, RoomClient},
    },
    webhooks::{WebhookError, WebhookReceiver},
};

use crate::config::LiveKitConfig;

/// How long one call may take. It is tried once more.
const TIMEOUT: Duration = Duration::from_secs(2);

/// How long tokens are good for.
const TOKEN_TTL: Duration = Duration::from_secs(3600);

/// Seconds after which LiveKit closes a room that is empty.
const EMPTY_TIMEOUT_S: u32 = 600;

/// A LiveKit server.
pub struct LiveKit {
    config: LiveKitConfig,
    rooms: RoomClient,
    webhooks: WebhookReceiver,
    /// Marks the rooms of this deployment.
    deployment: String,
    down: AtomicBool,
    /// Whether a call failed since somebody was last told that LiveKit is back: what it was to do must be put right, also
    /// when another call that was on its way at the same time found LiveKit well.
    missed: AtomicBool,
}

impl LiveKit {
    #[must_use]
    pub fn new(config: LiveKitConfig, deployment: String) -> Self {
        let rooms = RoomClient::with_api_key(&config.url, &config.api_key, &config.api_secret)
            .with_failover(false)
            .with_request_timeout(TIMEOUT);
        let verifier = TokenVerifier::with_api_key(&config.api_key, &config.api_secret);
        let webhooks = WebhookReceiver::new(verifier);
        Self { rooms, webhooks, deployment, down: AtomicBool::new(false), missed: AtomicBool::new(false), config }
    }

    /// Checks a webhook's signature and reads it. `None`: nothing that concerns an interview.
    ///
    /// # Errors
    /// When it was not signed with our secret, or is no webhook.
    pub fn read_webhook(&self, body: &str, auth: &str) -> Result<Option<(SessionId, RoomNews)>, WebhookError> {
        let event = self.webhooks.receive(body, auth)?;
        let Some(id) = event.room.and_then(|room| SessionId::from_room_name(&room.name)) else { return Ok(None) };
        let participant = event.participant.unwrap_or_default();
        Ok(match event.event.as_str() {
            "room_started" => Some((id, RoomNews::Started)),
            "room_finished" => Some((id, RoomNews::Finished)),
            "participant_joined" => {
                Some((id, RoomNews::Joined { sid: participant.sid, identity: participant.identity }))
            }
            "participant_left" | "participant_connection_aborted" => {
                Some((id, RoomNews::Left { sid: participant.sid }))
            }
            _ => None,
        })
    }

    /// Calls LiveKit, once more if it does not answer. While it is known to be down, not at all.
    async fn call<T, F>(&self, call: impl Fn() -> F) -> Result<T, MediaError>
    where
        F: Future<Output = ServiceResult<T>>,
    {
        if self.down.load(Ordering::Relaxed) {
            return Err(MediaError::Unreachable("it did not answer last time".into()));
        }
        self.call_anyway(call).await
    }

    async fn call_anyway<T, F>(&self, call: impl Fn() -> F) -> Result<T, MediaError>
    where
        F: Future<Output = ServiceResult<T>>,
    {
        let mut result = call().await;
        if result.as_ref().is_err_and(is_unreachable) {
            result = call().await;
        }
        let unreachable = result.as_ref().is_err_and(is_unreachable);
        if unreachable {
            self.missed.store(true, Ordering::Relaxed);
            if !self.down.swap(true, Ordering::Relaxed) {
                tracing::warn!("LiveKit does not answer: interviews go on without live video");
            }
        } else {
            self.down.store(false, Ordering::Relaxed);
        }
        result.map_err(|error| {
            let text = error.to_string();
            if unreachable { MediaError::Unreachable(text) } else { MediaError::Refused(text) }
        })
    }

    fn token(&self, identity: &str, name: &str, grants: VideoGrants) -> Result<RoomAccess, AccessTokenError> {
        let token = AccessToken::with_api_key(&self.config.api_key, &self.config.api_secret)
            .with_ttl(TOKEN_TTL)
            .with_identity(identity)
            .with_name(name)
            .with_grants(grants)
            .to_jwt()?;
        Ok(RoomAccess { url: self.config.url.clone(), token })
    }
}

#[async_trait]
impl MediaGateway for LiveKit {
    fn url(&self) -> &str {
        &self.config.url
    }

    async fn create_room(&self, id: SessionId) -> Result<(), MediaError> {
        let name = id.room_name();
        let options = || CreateRoomOptions {
            empty_timeout: EMPTY_TIMEOUT_S,
            metadata: self.deployment.clone(),
            ..Default::default()
        };
        self.call(|| self.rooms.create_room(&name, options())).await?;
        Ok(())
    }

    async fn delete_room(&self, id: SessionId) -> Result<(), MediaError> {
        let name = id.room_name();
        self.call(|| async {
            match self.rooms.delete_room(&name).await {
                Err(error) if is_not_found(&error) => Ok(()),
                result => result,
            }
        })
        .await
    }

    async fn list_rooms(&self) -> Result<Vec<LiveRoom>, MediaError> {
        let rooms = self.call(|| self.rooms.list_rooms(Vec::new())).await?;
        let rooms = rooms.into_iter().map(|room| LiveRoom {
            name: room.name,
            created_at: UnixMillis(room.creation_time.saturating_mul(1000)),
            ours: room.metadata == self.deployment,
            participants: room.num_participants,
        });
        Ok(rooms.collect())
    }

    async fn participants(&self, id: SessionId) -> Result<Vec<LiveParticipant>, MediaError> {
        let name = id.room_name();
        let participants = self
            .call(|| async {
                match self.rooms.list_participants(&name).await {
                    Err(error) if is_not_found(&error) => Ok(Vec::new()),
                    result => result,
                }
            })
            .await?;
        Ok(participants.into_iter().map(|one| LiveParticipant { sid: one.sid, identity: one.identity }).collect())
    }

    fn candidate_access(&self, id: SessionId, name: &str) -> Result<RoomAccess, MediaError> {
        let grants = VideoGrants {
            room_join: true,
            room: id.room_name(),
            can_publish: Some(true),
            can_subscribe: Some(true),
            can_publish_data: Some(true),
            ..Default::default()
        };
        self.token(&id.candidate_identity(), name, grants).map_err(|error| MediaError::Refused(error.to_string()))
    }

    fn observer_access(&self, id: SessionId) -> Result<RoomAccess, MediaError> {
        let grants = VideoGrants {
            room_join: true,
            room: id.room_name(),
            hidden: true,
            can_publish: Some(false),
            can_subscribe: Some(true),
            can_publish_data: Some(false),
            ..Default::default()
        };
        let identity = format!("{OBSERVER_PREFIX}{}", random_token());
        self.token(&identity, "", grants).map_err(|error| MediaError::Refused(error.to_string()))
    }

    fn is_up(&self) -> bool {
        !self.down.load(Ordering::Relaxed)
    }

    async fn is_back(&self) -> bool {
        let answers = self.is_up() || self.call_anyway(|| self.rooms.list_rooms(Vec::new())).await.is_ok();
        answers && self.missed.swap(false, Ordering::Relaxed)
    }
}

/// Whether there was no answer, or one that says that LiveKit itself is in trouble.
fn is_unreachable(error: &ServiceError) -> bool {
    match error {
        ServiceError::Twirp(ServerError::Request(_)) => true,
        ServiceError::Twirp(ServerError::Twirp(error)) => error.code == ServerErrorCode::UNAVAILABLE,
        _ => false,
    }
}

fn is_not_found(error: &ServiceError) -> bool {
    matches!(error, ServiceError::Twirp(ServerError::Twirp(error)) if error.code == ServerErrorCode::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn livekit() -> LiveKit {
        let config =
            LiveKitConfig { url: "ws://127.0.0.1:9".into(), api_key: "key".into(), api_secret: "secret".into() };
        LiveKit::new(config, "test".into())
    }

    fn unavailable() -> ServiceError {
        let error = ServerErrorCode {
            code: ServerErrorCode::UNAVAILABLE.into(),
            msg: "restarting".into(),
            meta: Default::default(),
        };
        ServerError::Twirp(error).into()
    }

    #[tokio::test]
    async fn what_failed_is_put_right_even_if_another_call_finds_livekit_well_first() {
        let livekit = livekit();
        assert!(!livekit.is_back().await, "nothing failed");
        assert!(livekit.call(async || Err::<(), _>(unavailable())).await.is_err());
        assert!(!livekit.is_up());
        // It was on its way before that one failed.
        assert!(livekit.call_anyway(async || Ok(())).await.is_ok());
        assert!(livekit.is_up());
        assert_eq!([livekit.is_back().await, livekit.is_back().await], [true, false]);
    }
}
