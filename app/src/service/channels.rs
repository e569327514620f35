//! Live channels: a candidate's browser is heard, and learns at once of everything that happens to its interview.

use std::{
    collections::HashMap,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::{Stream, StreamExt};
use tokio::{
    sync::watch,
    time::{Instant, MissedTickBehavior},
};

use super::{Candidates, Proctor, ServiceError, Sessions, news::Latest, proctoring::Watcher};
use crate::{
    error::AppError,
    interview::Command,
    model::{
        BEAT_S, CandidateView, ChannelId, Closing, Down, Draft, Invite, MAX_ANSWER, SILENCE_S, Session, SessionId,
        Status, UnixMillis, Up,
    },
    ports::Clock,
};

/// Between two attempts to note that a channel ended, while the store is down.
const AGAIN: Duration = Duration::from_secs(1);

/// Messages of a page that are taken between two beats, at most: pages send some ten.
const HEARD_AT_ONCE: u32 = 64;

/// What comes from a browser.
#[derive(Debug)]
pub enum Heard {
    Said(Up),
    /// A message about proctoring.
    Bytes(Vec<u8>),
    /// A sign of life without words.
    Life,
    /// The page was left. What comes after it does not count.
    Left,
}

/// What goes to a browser.
#[derive(Debug)]
pub enum Say {
    Message(Box<Down>),
    /// A message about proctoring.
    Bytes(Vec<u8>),
    /// Asks for a sign of life, which browsers give even while the page sleeps.
    Ping,
}

/// The browser cannot be reached any more.
#[derive(Debug)]
pub struct Unreachable;

/// Takes what goes to a browser.
pub trait Mouth: Send {
    fn say(&mut self, what: Say) -> impl Future<Output = Result<(), Unreachable>> + Send;
}

/// The live channels of one worker.
pub struct Channels {
    sessions: Arc<Sessions>,
    candidates: Arc<Candidates>,
    proctor: Arc<Proctor>,
    clock: Arc<dyn Clock>,
    /// The newest connection of each page.
    newest: Mutex<HashMap<(SessionId, ChannelId), u64>>,
    connections: AtomicU64,
    stopping: watch::Sender<bool>,
}

/// One connection of one page.
struct Connection {
    number: u64,
    session: SessionId,
    channel: ChannelId,
    heard_at: UnixMillis,
    /// Whether the page is hidden, and whether that was noted.
    away: bool,
    away_noted: bool,
    /// The last view that was sent.
    shown: Option<CandidateView>,
    watcher: Watcher,
}

/// Why a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Browser(Closing),
    /// A newer page or connection is live instead, or there is nothing left to say.
    Replaced,
}

impl Channels {
    pub(super) fn new(
        sessions: Arc<Sessions>,
        candidates: Arc<Candidates>,
        proctor: Arc<Proctor>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let (stopping, _) = watch::channel(false);
        Self {
            sessions,
            candidates,
            proctor,
            clock,
            newest: Mutex::default(),
            connections: AtomicU64::new(0),
            stopping,
        }
    }

    /// Ends all channels, because the worker stops. Candidates are given back the time until they are connected again.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// How many pages are connected to this worker.
    #[must_use]
    pub fn count(&self) -> usize {
        self.newest().len()
    }

    /// Serves a page until it goes, falls silent, or is replaced by a newer one.
    ///
    /// # Errors
    /// An invite that opens nothing; or the store's: then the browser comes again.
    pub async fn serve(
        &self,
        invite: &Invite,
        channel: ChannelId,
        heard: impl Stream<Item = Heard> + Send,
        mouth: &mut impl Mouth,
    ) -> Result<(), AppError> {
        let id = self.candidates.open(invite)?;
        let news = self.candidates.told(self.connect(id, channel).await)?;
        let number = self.connections.fetch_add(1, Ordering::Relaxed);
        self.newest().insert((id, channel), number);
        let heard_at = self.clock.now();
        let watcher = self.proctor.watcher(id);
        let mut connection =
            Connection { number, session: id, channel, heard_at, away: false, away_noted: false, shown: None, watcher };
        let end = self.talk(&mut connection, news, heard, mouth).await;
        // What proctoring does is done in a moment, and would make the future large that is there for the whole interview.
        Box::pin(connection.watcher.leave()).await;
        if let End::Browser(how) = end {
            self.note_end(&connection, how).await;
        }
        let mut newest = self.newest();
        if newest.get(&(id, channel)) == Some(&number) {
            newest.remove(&(id, channel));
        }
        Ok(())
    }

    async fn connect(&self, id: SessionId, channel: ChannelId) -> Result<watch::Receiver<Latest>, ServiceError> {
        let worker = self.sessions.workers.id();
        self.sessions.step(id, &Command::OpenChannel { channel, worker }).await?;
        self.sessions.watch(id).await
    }

    async fn talk(
        &self,
        connection: &mut Connection,
        mut news: watch::Receiver<Latest>,
        heard: impl Stream<Item = Heard>,
        mouth: &mut impl Mouth,
    ) -> End {
        let mut heard = pin!(heard);
        let mut stopping = self.stopping.subscribe();
        let mut beat = tokio::time::interval(Duration::from_secs(BEAT_S.into()));
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let silence = Duration::from_secs(SILENCE_S.into());
        let mut silent_at = Instant::now() + silence;
        let mut heard_since_beat = 0;
        news.mark_changed();
        loop {
            let step = tokio::select! {
                biased;
                () = told_to_stop(&mut stopping) => Err(End::Browser(Closing::ServerDown)),
                changed = news.changed() => match changed {
                    Ok(()) => {
                        let latest = news.borrow_and_update().clone();
                        self.tell(connection, latest, mouth).await
                    }
                    Err(_) => Err(End::Replaced),
                },
                // Whoever never stops talking waits for what is to be done now and then.
                said = heard.next(), if heard_since_beat < HEARD_AT_ONCE => {
                    heard_since_beat += 1;
                    if said.is_some() {
                        silent_at = Instant::now() + silence;
                        connection.heard_at = self.clock.now();
                    }
                    match said {
                        Some(Heard::Said(up)) => {
                            self.listen(connection, up, mouth).await
                        }
                        Some(Heard::Bytes(bytes)) => self.watch(connection, &bytes, mouth).await,
                        Some(Heard::Life) => Ok(()),
                        Some(Heard::Left) => Err(End::Browser(Closing::Left)),
                        None => Err(End::Browser(Closing::Lost)),
                    }
                }
                _ = beat.tick() => {
                    heard_since_beat = 0;
                    self.beat(connection, mouth).await
                }
                () = tokio::time::sleep_until(silent_at) => Err(End::Browser(Closing::Lost)),
            };
            if let Err(end) = step {
                return end;
            }
        }
    }

    /// Shows what is so now, if it is something else than before.
    async fn tell(&self, connection: &mut Connection, latest: Latest, mouth: &mut impl Mouth) -> Result<(), End> {
        let Some(session) = latest else {
            let detail = super::candidates::unknown_invite().detail;
            let _ = mouth.say(message(Down::Gone { detail })).await;
            return Err(End::Replaced);
        };
        if session.status != Status::Completed {
            self.stay_live(connection, &session, mouth).await?;
        }
        connection.watcher.follow(&session);
        let first = connection.shown.is_none();
        let mut view = self.candidates.show(&session);
        if let Some(shown) = &connection.shown
            && *shown == (CandidateView { server_now: shown.server_now, ..view.clone() })
        {
            return Ok(());
        }
        connection.shown = Some(view.clone());
        if first {
            // Without it the page has what it kept itself.
            view.draft = self.candidates.draft(&session).await.unwrap_or_default();
        }
        self.say(mouth, Down::View { view: Box::new(view) }).await
    }

    /// Makes way for a newer page. Comes back where the session forgot this one, because the worker was taken for dead.
    async fn stay_live(&self, connection: &Connection, session: &Session, mouth: &mut impl Mouth) -> Result<(), End> {
        let (channel, worker) = (connection.channel, self.sessions.workers.id());
        match session.presence.channel {
            Some(live) if live.id != channel => {
                let _ = mouth.say(message(Down::TakenOver)).await;
                Err(End::Replaced)
            }
            // The same page connected again, here or at another worker: this connection is the dead one.
            _ if !self.is_newest(connection) => Err(End::Replaced),
            Some(live) if live.worker != worker => Err(End::Replaced),
            Some(_) => Ok(()),
            None => {
                let id = connection.session;
                if let Err(error) = self.sessions.step(id, &Command::OpenChannel { channel, worker }).await {
                    tracing::warn!(session.id = %id, %error, "a channel could not be noted");
                    // The browser comes again at once.
                    return Err(End::Browser(Closing::ServerDown));
                }
                Ok(())
            }
        }
    }

    async fn listen(&self, connection: &mut Connection, up: Up, mouth: &mut impl Mouth) -> Result<(), End> {
        match up {
            // It was said already.
            Up::Hello { .. } => Ok(()),
            Up::Away { away } => {
                // The first one at once; who looks away and back again and again is noted with each heartbeat at most.
                let first = !connection.away_noted;
                connection.away = away;
                if first && away {
                    self.note_away(connection).await;
                }
                Ok(())
            }
            Up::Draft(draft) => self.keep(connection, draft, mouth).await,
        }
    }

    async fn keep(&self, connection: &Connection, draft: Draft, mouth: &mut impl Mouth) -> Result<(), End> {
        if !self.is_newest(connection) {
            return Err(End::Replaced);
        }
        if draft.text.chars().count() > MAX_ANSWER {
            // The page does not let it get so long, and the answer will be refused in words.
            return Ok(());
        }
        let id = connection.session;
        match self.sessions.keep_draft(id, connection.channel, &draft).await {
            Ok(true) => self.say(mouth, Down::Kept { question: draft.question, rev: draft.rev }).await,
            // News of who is live instead is on its way.
            Ok(false) => Ok(()),
            Err(error) => {
                // The page sends it again until it is told that it was kept.
                tracing::debug!(session.id = %id, %error, "a draft could not be kept");
                Ok(())
            }
        }
    }

    async fn watch(&self, connection: &mut Connection, bytes: &[u8], mouth: &mut impl Mouth) -> Result<(), End> {
        if !self.is_newest(connection) {
            return Err(End::Replaced);
        }
        let said = Box::pin(connection.watcher.hear(bytes)).await;
        self.say_bytes(said, mouth).await
    }

    /// Says what proctoring has to say. What is wrong with proctoring ends no channel.
    async fn say_bytes(&self, downs: Vec<proctor::wire::Down>, mouth: &mut impl Mouth) -> Result<(), End> {
        for down in downs {
            match down.encode() {
                Ok(bytes) => mouth.say(Say::Bytes(bytes)).await.map_err(lost)?,
                Err(error) => tracing::error!(%error, "a message about proctoring could not be written"),
            }
        }
        Ok(())
    }

    async fn note_away(&self, connection: &mut Connection) {
        let (id, away) = (connection.session, connection.away);
        match self.sessions.step(id, &Command::NoteAway { channel: connection.channel, away }).await {
            Ok(_) => connection.away_noted = away,
            Err(error) => tracing::debug!(session.id = %id, %error, "a look away could not be noted"),
        }
    }

    async fn beat(&self, connection: &mut Connection, mouth: &mut impl Mouth) -> Result<(), End> {
        if !self.is_newest(connection) {
            return Err(End::Replaced);
        }
        if connection.away != connection.away_noted {
            self.note_away(connection).await;
        }
        let said = Box::pin(connection.watcher.tick()).await;
        self.say_bytes(said, mouth).await?;
        mouth.say(Say::Ping).await.map_err(lost)?;
        self.say(mouth, Down::Beat { server_now: self.clock.now() }).await
    }

    async fn say(&self, mouth: &mut impl Mouth, down: Down) -> Result<(), End> {
        mouth.say(message(down)).await.map_err(lost)
    }

    /// Notes that the page is gone, again and again while the store is down, unless it is there again.
    async fn note_end(&self, connection: &Connection, how: Closing) {
        let Connection { session: id, channel, heard_at, .. } = *connection;
        let worker = self.sessions.workers.id();
        let command = Command::CloseChannel { channel, worker, last_seen: heard_at, how };
        while self.is_newest(connection) {
            match self.sessions.step(id, &command).await {
                Ok(_) | Err(ServiceError::NoSession(_) | ServiceError::Refused(_)) => return,
                Err(error) => tracing::debug!(session.id = %id, %error, "a channel's end could not be noted yet"),
            }
            if *self.stopping.borrow() {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Whether the page did not connect to this worker again since.
    fn is_newest(&self, connection: &Connection) -> bool {
        self.newest().get(&(connection.session, connection.channel)) == Some(&connection.number)
    }

    fn newest(&self) -> MutexGuard<'_, HashMap<(SessionId, ChannelId), u64>> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn told_to_stop(stopping: &mut watch::Receiver<bool>) {
    // An error would mean that all channels are gone already.
    let _ = stopping.wait_for(|stopping| *stopping).await;
}

fn message(down: Down) -> Say {
    Say::Message(Box::new(down))
}

fn lost(_: Unreachable) -> End {
    End::Browser(Closing::Lost)
}
