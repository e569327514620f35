//! Starting and stopping a worker.

use std::{io::Write as _, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use app::{
    ports::{BlobStore, Clock, Examine, MediaGateway, Ports, RecordStore, SessionStore},
    service::{AppState, Assets, accounts::Bootstrapped},
};
use axum::Router;
use leptos::config::LeptosOptions;
use tokio::{net::TcpListener, time::MissedTickBehavior};

use crate::{
    clock::SystemClock,
    config::Config,
    evaluator::Evaluators,
    examiner::Examiner,
    http::{self, Web},
    livekit::LiveKit,
    master_key,
    post::{HttpPost, Reach},
    serving::serve,
    store::{MongoStore, SqliteStore},
};

/// How often a worker says that it is at work, overdue questions are closed, and a LiveKit that is down is asked.
const TICK: Duration = Duration::from_secs(1);

/// How often a worker looks what the others did to sessions that are watched here.
const FOLLOW: Duration = Duration::from_millis(250);

/// How often a worker looks for background work that others left behind.
const LEFT_BEHIND: Duration = Duration::from_secs(2);

/// How often a worker looks whether it is its turn to make rooms and sessions agree.
const KEEP_RIGHT: Duration = Duration::from_secs(5);

/// How often what nobody needs any longer is dropped from memory, and deletions are looked after.
const CLEAR_UP: Duration = Duration::from_secs(30);

/// How often recordings are looked for that were kept for long enough.
const ERASE: Duration = Duration::from_secs(600);

/// How often what removed webhooks left is cleared away.
const TIDY: Duration = Duration::from_secs(10);

/// Pictures that are looked at at the same time. The rest of the machine is for the interviews.
const EXAMINERS: usize = 1;

/// How long requests under way may take when the worker stops.
const DRAIN: Duration = Duration::from_secs(5);

/// A worker that is ready to serve.
pub struct Worker {
    pub app: AppState,
    pub router: Router,
    pub made: Bootstrapped,
}

impl Worker {
    /// Opens the store, builds the services, and makes the first admin and key. `address`: what was bound.
    ///
    /// # Errors
    /// What could not be opened, and why.
    pub async fn new(config: &Config, address: SocketAddr) -> Result<Self> {
        Self::with_clock(config, address, Arc::new(SystemClock)).await
    }

    /// Like [`Self::new`], with another clock than the system's.
    ///
    /// # Errors
    /// What could not be opened, and why.
    pub async fn with_clock(config: &Config, address: SocketAddr, clock: Arc<dyn Clock>) -> Result<Self> {
        let (sessions, records, blobs) = open_store(config, clock.clone()).await?;
        let (given, lost) = (config.evidence_key.clone(), config.evidence_key_lost);
        let master_key = master_key::find(given, &config.data_dir, lost, records.as_ref()).await?;
        let deployment = app::service::deployment_id(records.as_ref()).await?;
        let livekit = config.livekit.clone().map(|config| Arc::new(LiveKit::new(config, deployment)));
        let media = livekit.clone().map(|livekit| livekit as Arc<dyn MediaGateway>);
        let evaluator = Arc::new(Evaluators::new(config.llm.clone())?);
        let reach = if config.webhook_allow_internal { Reach::Anywhere } else { Reach::Outside };
        let post = Arc::new(HttpPost::new(reach)?);
        let spot_mean = config.spot_check;
        let examiner = examiner(&config.models_dir)?;
        let ports = Ports { clock, sessions, records, blobs, master_key, media, evaluator, examiner, spot_mean, post };
        let app = AppState::new(ports, public_url(config, address), assets(&config.site_root)).await?;
        let made = app.accounts.bootstrap(config.bootstrap.clone()).await?;
        // Nothing asks for this name: the manifest has those of scripts and modules.
        let leptos = LeptosOptions::builder()
            .output_name("parallel-interview")
            .site_root(config.site_root.to_string_lossy().into_owned())
            .build();
        let web = Web { app: app.clone(), leptos: Arc::new(leptos), livekit, printer: Arc::default() };
        let router = http::router(web, &config.site_root);
        Ok(Self { app, router, made })
    }
}

/// Runs a worker until it is told to stop.
///
/// # Errors
/// What kept it from starting or serving.
pub async fn run(config: Config) -> Result<()> {
    let listener = TcpListener::bind(config.listen_addr)
        .await
        .with_context(|| format!("cannot listen on {}: is another server running there?", config.listen_addr))?;
    let address = listener.local_addr()?;
    let worker = Worker::new(&config, address).await?;
    announce(&config, &worker, address).await?;
    let mut chores = tokio::spawn(chores(worker.app.clone()));
    let channels = worker.app.channels.clone();
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let serving = serve(listener, worker.router, async move {
        stop_signal().await;
        tracing::info!("stopping");
        channels.stop();
        let _ = stopping.send(());
    });
    let late = async {
        let _ = stopped.await;
        tokio::time::sleep(DRAIN).await;
    };
    tokio::select! {
        () = serving => {}
        () = late => tracing::warn!("requests under way were cut off"),
        // A worker without them would let deadlines pass: better none than that one.
        ended = &mut chores => anyhow::bail!("the worker's chores ended: {ended:?}"),
    }
    // Serving ends with the requests; channels are none, and still have to say why they end.
    let hung_up = async {
        let mut look = tokio::time::interval(Duration::from_millis(20));
        while worker.app.channels.count() > 0 {
            look.tick().await;
        }
    };
    if tokio::time::timeout(DRAIN, hung_up).await.is_err() {
        tracing::warn!("channels were cut off");
    }
    let _ = tokio::time::timeout(DRAIN, keep_last(&worker.app)).await;
    // Not before: what a chore is at would be lost.
    chores.abort();
    Ok(())
}

/// The last attempt. First what nobody sends again; requests that were heard are covered by the next ones, on another worker.
async fn keep_last(app: &AppState) {
    app.proctor.keep_late().await;
    app.proctor.note_all_asked().await;
    // Channels that were cut off, or had to give up on the store just now.
    app.proctor.keep_late().await;
}

/// The server's eyes. Without the models, which the build makes, there are no spot checks.
fn examiner(models: &Path) -> Result<Option<Arc<dyn Examine>>> {
    let Some(examiner) = Examiner::start(models, EXAMINERS)? else {
        tracing::warn!(path = %models.display(), "there are no models: no spot checks are made. Run `cargo xtask build`");
        return Ok(None);
    };
    Ok(Some(Arc::new(examiner)))
}

type Stores = (Arc<dyn SessionStore>, Arc<dyn RecordStore>, Arc<dyn BlobStore>);

async fn open_store(config: &Config, clock: Arc<dyn Clock>) -> Result<Stores> {
    match &config.mongodb {
        Some(mongodb) => {
            let store = MongoStore::connect(&mongodb.uri, &mongodb.database, clock)
                .await
                .context("MongoDB cannot be used: is MONGODB_URI right, and is it running?")?;
            let store = Arc::new(store);
            Ok((store.clone(), store.clone(), store))
        }
        None => {
            let store = SqliteStore::open(&config.data_dir, clock)
                .with_context(|| format!("the embedded store in {} cannot be opened", config.data_dir.display()))?;
            let store = Arc::new(store);
            Ok((store.clone(), store.clone(), store))
        }
    }
}

fn public_url(config: &Config, address: SocketAddr) -> String {
    config.public_url.clone().unwrap_or_else(|| {
        if address.ip().is_unspecified() {
            format!("http://127.0.0.1:{}", address.port())
        } else {
            format!("http://{address}")
        }
    })
}

/// The browser side that the build left. Without it pages are plain HTML.
fn assets(site_root: &Path) -> Assets {
    let path = site_root.join("manifest.json");
    let read = std::fs::read(&path).map_err(anyhow::Error::from);
    let parsed = read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(Into::into));
    parsed.unwrap_or_else(|error| {
        tracing::warn!(path = %path.display(), %error, "the browser side is not built: run `cargo xtask build`");
        Assets::default()
    })
}

/// Says what a person needs to begin. Secrets are printed here once and kept nowhere.
async fn announce(config: &Config, worker: &Worker, address: SocketAddr) -> Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "Listening on http://{address}")?;
    let url = worker.app.sessions.public_url();
    if let Some((email, password)) = &worker.made.admin {
        match password {
            Some(password) => writeln!(out, "First admin: {email} with password {password}")?,
            None => writeln!(out, "Admin: {email} with the password from ADMIN_PASSWORD")?,
        }
    }
    if let Some(key) = &worker.made.api_key {
        writeln!(out, "API key: {key}")?;
    }
    out.flush()?;
    drop(out);
    if worker.made.admin.is_some() || config.print_login_link {
        let Some(link) = worker.app.accounts.login_link().await? else { return Ok(()) };
        let mut out = std::io::stdout().lock();
        writeln!(out, "Log in once, within an hour: {url}/admin/enter?token={link}")?;
        out.flush()?;
    }
    Ok(())
}

/// What a worker does beside answering requests, without end. Each chore waits for itself only: LiveKit's silence delays no deadline.
pub async fn chores(app: AppState) {
    tokio::join!(
        every(TICK, || app.upkeep.say_at_work()),
        every(TICK, || app.upkeep.keep_time()),
        every(FOLLOW, || follow(&app)),
        every(TICK, || app.upkeep.look_after_outage()),
        async {
            app.upkeep.put_right().await;
            every(KEEP_RIGHT, || app.upkeep.keep_right()).await;
        },
        every(CLEAR_UP, || app.upkeep.tidy()),
        every(CLEAR_UP, || app.upkeep.look_after_deletions()),
        as_needed(|| app.work.wanted(), || app.work.run()),
        as_needed(|| app.invitations.wanted(), || app.invitations.run()),
        every(TICK, || app.hooks.run()),
        every(TICK, || async { app.proctor.beat() }),
        every(TICK, || app.proctor.keep_late()),
        every(TICK, || app.proctor.note_asked()),
        every(ERASE, || app.proctor.erase_due()),
        every(TIDY, || app.hooks.tidy()),
    );
}

/// When there is something to do here, and every few seconds for what other workers left behind.
async fn as_needed<W: Future<Output = ()>, F: Future<Output = ()>>(wanted: impl Fn() -> W, chore: impl Fn() -> F) {
    loop {
        // Running out of time is the other reason to look.
        let _ = tokio::time::timeout(LEFT_BEHIND, wanted()).await;
        chore().await;
    }
}

async fn follow(app: &AppState) {
    if let Err(error) = app.sessions.follow().await {
        tracing::warn!(%error, "other workers' news could not be read");
    }
}

async fn every<F: Future<Output = ()>>(period: Duration, chore: impl Fn() -> F) {
    let mut interval = tokio::time::interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        interval.tick().await;
        chore().await;
    }
}

/// Waits until the worker is told to stop.
async fn stop_signal() {
    tokio::select! {
        () = interrupt() => {}
        () = terminate() => {}
    }
}

async fn interrupt() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "Ctrl-C cannot be waited for");
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
async fn terminate() {
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(error) => {
            tracing::error!(%error, "SIGTERM cannot be waited for");
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(not(unix))]
async fn terminate() {
    std::future::pending::<()>().await;
}
