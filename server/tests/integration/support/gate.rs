//! Stands between the server and one of its services, so that a test can take the service away and give it back.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::{JoinHandle, JoinSet},
};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// Connections are closed at once, as by a service that died.
    Shut,
    /// Connections are taken and nothing is ever answered, as by a service that hangs.
    Silent,
}

/// Forwards connections from a port of its own.
pub struct Gate {
    pub address: SocketAddr,
    state: Arc<watch::Sender<State>>,
    taken: Arc<AtomicUsize>,
    forwarding: JoinHandle<()>,
}

impl Gate {
    /// An open gate in front of `target`, which is `host:port`.
    pub async fn before(target: &str) -> Self {
        Self::new(target, State::Open).await
    }

    /// Nothing is behind it, and nobody answers.
    pub async fn silent() -> Self {
        Self::new("127.0.0.1:9", State::Silent).await
    }

    async fn new(target: &str, state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(watch::Sender::new(state));
        let taken = Arc::<AtomicUsize>::default();
        let forwarding = tokio::spawn(forward(listener, target.to_owned(), state.clone(), taken.clone()));
        Self { address, state, taken, forwarding }
    }

    /// How many connections came so far.
    pub fn taken(&self) -> usize {
        self.taken.load(Ordering::SeqCst)
    }

    /// Closes all connections, and new ones at once.
    pub fn shut(&self) {
        self.state.send_replace(State::Shut);
    }

    /// Holds all connections, without an answer.
    pub fn fall_silent(&self) {
        self.state.send_replace(State::Silent);
    }

    pub fn open(&self) {
        self.state.send_replace(State::Open);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.forwarding.abort();
    }
}

async fn forward(listener: TcpListener, target: String, state: Arc<watch::Sender<State>>, taken: Arc<AtomicUsize>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((near, _)) = listener.accept().await else { continue };
        taken.fetch_add(1, Ordering::SeqCst);
        connections.spawn(connection(near, target.clone(), state.subscribe()));
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(mut near: TcpStream, target: String, mut state: watch::Receiver<State>) {
    let now = *state.borrow();
    if now == State::Open
        && let Ok(mut far) = TcpStream::connect(&target).await
    {
        tokio::select! {
            _ = copy_bidirectional(&mut near, &mut far) => return,
            _ = state.wait_for(|state| *state != State::Open) => {}
        }
    }
    // A silent connection stays silent until the gate moves again.
    let now = *state.borrow();
    if now == State::Silent {
        let _ = state.wait_for(|state| *state != State::Silent).await;
    }
}
