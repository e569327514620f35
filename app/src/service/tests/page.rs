//! A candidate's page, as far as a live channel goes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures::stream;
use tokio::{sync::mpsc, task::JoinHandle};
use uuid::Uuid;

use crate::{
    error::AppError,
    model::{AnswerId, CandidateView, ChannelId, Down, Draft, Invite, SessionId, Up},
    service::{
        AppState,
        channels::{Heard, Mouth, Say, Unreachable},
    },
};

/// How long a message may take. Far more than it does.
const PATIENCE: Duration = Duration::from_secs(10);

/// One connection of a page. It answers pings, as browsers do by themselves.
pub struct Page {
    up: mpsc::UnboundedSender<Option<Heard>>,
    down: mpsc::UnboundedReceiver<Down>,
    asleep: Arc<AtomicBool>,
    serving: JoinHandle<Result<(), AppError>>,
}

struct Wire {
    up: mpsc::UnboundedSender<Option<Heard>>,
    down: mpsc::UnboundedSender<Down>,
    asleep: Arc<AtomicBool>,
}

impl Mouth for Wire {
    async fn say(&mut self, what: Say) -> Result<(), Unreachable> {
        match what {
            Say::Message(down) => self.down.send(*down).map_err(|_| Unreachable),
            Say::Bytes(_) => Ok(()),
            Say::Ping if self.asleep.load(Ordering::SeqCst) => Ok(()),
            Say::Ping => self.up.send(Some(Heard::Life)).map_err(|_| Unreachable),
        }
    }
}

pub fn channel(n: u128) -> ChannelId {
    ChannelId(Uuid::from_u128(n))
}

pub fn invite(worker: &AppState, id: SessionId) -> Invite {
    Invite(worker.sessions.join_url(id).strip_prefix("http://localhost/i/").unwrap().to_owned())
}

pub fn draft(question: u32, rev: u64, text: &str) -> Draft {
    Draft { question, id: AnswerId(Uuid::from_u128(7)), rev, text: text.into() }
}

impl Page {
    /// Connects the page `n` and takes its first view.
    pub async fn open(worker: &AppState, id: SessionId, n: u128) -> (Self, CandidateView) {
        let mut page = Self::connect(worker, &invite(worker, id), n);
        let view = page.view().await;
        (page, view)
    }

    pub fn connect(worker: &AppState, invite: &Invite, n: u128) -> Self {
        let (up, mut heard) = mpsc::unbounded_channel();
        let (down, said) = mpsc::unbounded_channel();
        let asleep = Arc::new(AtomicBool::new(false));
        let (state, invite) = (worker.clone(), invite.clone());
        let mut wire = Wire { up: up.clone(), down, asleep: asleep.clone() };
        let serving = tokio::spawn(async move {
            let heard = stream::poll_fn(move |context| heard.poll_recv(context).map(Option::flatten));
            state.channels.serve(&invite, channel(n), heard, &mut wire).await
        });
        Self { up, down: said, asleep, serving }
    }

    pub fn say(&self, heard: Heard) {
        self.up.send(Some(heard)).expect("the worker listens");
    }

    pub fn write(&self, draft: Draft) {
        self.say(Heard::Said(Up::Draft(draft)));
    }

    /// Breaks the connection, without a word.
    pub fn hang_up(&self) {
        self.up.send(None).expect("the worker listens");
    }

    /// From now on nothing is heard of it.
    pub fn fall_asleep(&self) {
        self.asleep.store(true, Ordering::SeqCst);
    }

    /// The next message beside beats. `None`: that was the last one.
    pub async fn next(&mut self) -> Option<Down> {
        let next = async {
            loop {
                let next = self.down.recv().await;
                if !matches!(next, Some(Down::Beat { .. })) {
                    return next;
                }
            }
        };
        // Beats alone are no reason to wait on.
        tokio::time::timeout(PATIENCE, next).await.expect("a message or the end")
    }

    pub async fn view(&mut self) -> CandidateView {
        match self.next().await {
            Some(Down::View { view }) => *view,
            other => panic!("no view: {other:?}"),
        }
    }

    pub async fn kept(&mut self) -> (u32, u64) {
        match self.next().await {
            Some(Down::Kept { question, rev }) => (question, rev),
            other => panic!("not kept: {other:?}"),
        }
    }

    /// Waits until the worker is done with it. Answers what was said until then beside beats.
    pub async fn ended(mut self) -> (Vec<Down>, Result<(), AppError>) {
        let mut said = Vec::new();
        while let Some(down) = self.next().await {
            said.push(down);
        }
        (said, self.serving.await.expect("no panic"))
    }

    /// From now on it can be told nothing, and says nothing. Answers when the worker noticed.
    pub fn deaf(self) -> JoinHandle<Result<(), AppError>> {
        self.fall_asleep();
        self.serving
    }

    /// Cuts it off as the death of its worker does: nothing is noted.
    pub fn die(self) {
        self.serving.abort();
    }
}
