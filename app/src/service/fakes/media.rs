//! A LiveKit in memory.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;

use super::FakeClock;
use crate::{
    model::{RoomAccess, SessionId, UnixMillis},
    ports::{Clock, LiveParticipant, LiveRoom, MediaError, MediaGateway},
};

struct Room {
    created_at: UnixMillis,
    participants: Vec<LiveParticipant>,
}

/// Holds rooms and who is in them; can be away, and can hang.
pub struct FakeMedia {
    clock: Arc<FakeClock>,
    rooms: Mutex<BTreeMap<String, Room>>,
    reachable: AtomicBool,
    hanging: AtomicBool,
    known_down: AtomicBool,
    missed: AtomicBool,
}

impl FakeMedia {
    pub fn new(clock: Arc<FakeClock>) -> Self {
        Self {
            clock,
            rooms: Mutex::default(),
            reachable: AtomicBool::new(true),
            hanging: AtomicBool::new(false),
            known_down: AtomicBool::new(false),
            missed: AtomicBool::new(false),
        }
    }

    pub fn go_away(&self) {
        self.reachable.store(false, Ordering::SeqCst);
    }

    pub fn come_back(&self) {
        self.reachable.store(true, Ordering::SeqCst);
    }

    /// From now on it never answers.
    pub fn hang(&self) {
        self.hanging.store(true, Ordering::SeqCst);
    }

    /// It answers again.
    pub fn answer(&self) {
        self.hanging.store(false, Ordering::SeqCst);
    }

    pub fn add_room(&self, name: &str) {
        let room = Room { created_at: self.clock.now(), participants: vec![] };
        self.rooms.lock().unwrap().entry(name.to_owned()).or_insert(room);
    }

    pub fn lose_rooms(&self) {
        self.rooms.lock().unwrap().clear();
    }

    /// Somebody enters a room, and no webhook tells of it.
    pub fn enter(&self, id: SessionId, sid: &str, identity: &str) {
        let participant = LiveParticipant { sid: sid.into(), identity: identity.into() };
        self.rooms.lock().unwrap().get_mut(&id.room_name()).unwrap().participants.push(participant);
    }

    pub fn rooms(&self) -> Vec<String> {
        self.rooms.lock().unwrap().keys().cloned().collect()
    }

    pub fn has(&self, id: SessionId) -> bool {
        self.rooms().contains(&id.room_name())
    }

    async fn call(&self) -> Result<(), MediaError> {
        if self.hanging.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        if self.known_down.load(Ordering::SeqCst) || !self.reachable.load(Ordering::SeqCst) {
            self.known_down.store(true, Ordering::SeqCst);
            self.missed.store(true, Ordering::SeqCst);
            return Err(MediaError::Unreachable("told to".into()));
        }
        Ok(())
    }

    fn access(&self, what: &str, id: SessionId) -> Result<RoomAccess, MediaError> {
        Ok(RoomAccess { url: self.url().to_owned(), token: format!("{what} of {}", id.room_name()) })
    }
}

#[async_trait]
impl MediaGateway for FakeMedia {
    fn url(&self) -> &str {
        "ws://livekit.test"
    }

    async fn create_room(&self, id: SessionId) -> Result<(), MediaError> {
        self.call().await?;
        self.add_room(&id.room_name());
        Ok(())
    }

    async fn delete_room(&self, id: SessionId) -> Result<(), MediaError> {
        self.call().await?;
        self.rooms.lock().unwrap().remove(&id.room_name());
        Ok(())
    }

    async fn list_rooms(&self) -> Result<Vec<LiveRoom>, MediaError> {
        self.call().await?;
        let rooms = self.rooms.lock().unwrap();
        let live = |(name, room): (&String, &Room)| LiveRoom {
            name: name.clone(),
            created_at: room.created_at,
            ours: true,
            participants: room.participants.len() as u32,
        };
        Ok(rooms.iter().map(live).collect())
    }

    async fn participants(&self, id: SessionId) -> Result<Vec<LiveParticipant>, MediaError> {
        self.call().await?;
        Ok(self.rooms.lock().unwrap().get(&id.room_name()).map_or(vec![], |room| room.participants.clone()))
    }

    fn candidate_access(&self, id: SessionId, name: &str) -> Result<RoomAccess, MediaError> {
        self.access(&format!("candidate {name}"), id)
    }

    fn observer_access(&self, id: SessionId) -> Result<RoomAccess, MediaError> {
        self.access("observer", id)
    }

    fn is_up(&self) -> bool {
        !self.known_down.load(Ordering::SeqCst)
    }

    async fn is_back(&self) -> bool {
        self.known_down.store(false, Ordering::SeqCst);
        self.call().await.is_ok() && self.missed.swap(false, Ordering::SeqCst)
    }
}
