//! A whole worker behind a port of its own, and clients that play the roles of its callers.

use std::sync::Arc;

use app::{
    model::SessionId,
    ports::MasterKey,
    service::{AppState, accounts::Bootstrap},
};
use axum::http::header;
use serde_json::{Value, json};
use server::{
    Worker,
    config::{Config, LiveKitConfig, SPOT_CHECK},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use super::{
    backend::Backend,
    candidate::Candidate,
    client::Client,
    clock::{START, TestClock},
    eventually::eventually,
};

pub const ADMIN_EMAIL: &str = "admin@example.org";
pub const ADMIN_PASSWORD: &str = "correct horse battery staple";
pub const API_KEY: &str = "pi_key_of_the_integration_tests";

/// Where the contract's endpoints are.
pub const BASE: &str = "/api/parallel_interview";

/// A worker that serves until it is dropped. Its clock stands still until a test moves it.
pub struct TestApp {
    pub state: AppState,
    pub clock: Arc<TestClock>,
    pub url: String,
    serving: JoinHandle<()>,
    shutdown: Option<oneshot::Sender<()>>,
}

impl TestApp {
    /// Without LiveKit, on the first of January 2026.
    pub async fn start(backend: &Backend) -> Self {
        Self::start_with(backend, None, TestClock::at(START)).await
    }

    /// With LiveKit. Its clock starts at the real time, which LiveKit goes by.
    pub async fn start_with_livekit(backend: &Backend, livekit: LiveKitConfig) -> Self {
        Self::start_with(backend, Some(livekit), TestClock::at_present()).await
    }

    /// Behind a load balancer: links begin with `public_url`.
    pub async fn start_behind(backend: &Backend, public_url: &str) -> Self {
        Self::try_start(backend, None, TestClock::at(START), Some(public_url)).await.expect("a worker")
    }

    async fn start_with(backend: &Backend, livekit: Option<LiveKitConfig>, clock: Arc<TestClock>) -> Self {
        Self::try_start(backend, livekit, clock, None).await.expect("a worker")
    }

    async fn try_start(
        backend: &Backend,
        livekit: Option<LiveKitConfig>,
        clock: Arc<TestClock>,
        public_url: Option<&str>,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (data_dir, mongodb) = backend.settings();
        let config = Config {
            spot_check: SPOT_CHECK,
            evidence_key: Some(MasterKey([7; 32])),
            evidence_key_lost: false,
            listen_addr: address,
            public_url: public_url.map(str::to_owned),
            site_root: data_dir.join("site"),
            models_dir: data_dir.join("models"),
            data_dir,
            mongodb,
            livekit,
            llm: None,
            // Receivers of tests are here.
            webhook_allow_internal: true,
            bootstrap: Bootstrap {
                admin_email: Some(ADMIN_EMAIL.into()),
                admin_password: Some(ADMIN_PASSWORD.into()),
                api_key: Some(API_KEY.into()),
            },
            print_login_link: false,
        };
        let worker = Worker::with_clock(&config, address, clock.clone()).await?;
        let (shutdown, told) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            let until_told = async { drop(told.await) };
            server::serve(listener, worker.router, until_told).await;
        });
        let url = format!("http://{address}");
        Ok(Self { state: worker.app, clock, url, serving, shutdown: Some(shutdown) })
    }

    /// Stops serving, lets go of the store, and starts again over the same data.
    pub async fn restart(mut self, backend: &Backend) -> Self {
        self.state.channels.stop();
        drop(self.shutdown.take());
        (&mut self.serving).await.expect("serving ends");
        let clock = self.clock.clone();
        drop(self);
        // What still runs in the background holds the store for a moment.
        eventually("the store is free again", async || Self::try_start(backend, None, clock.clone(), None).await.ok())
            .await
    }

    /// An integrator with the API key.
    pub fn api(&self) -> Client {
        self.with_key(API_KEY)
    }

    pub fn with_key(&self, key: &str) -> Client {
        self.anonymous().with(header::AUTHORIZATION, &format!("Bearer {key}"))
    }

    /// An admin who has just logged in.
    pub async fn admin(&self) -> Client {
        let form = [("email", ADMIN_EMAIL), ("password", ADMIN_PASSWORD)];
        let reply = self.anonymous().rpc("login", &form).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        self.anonymous().with(header::COOKIE, &cookie_of(reply.header("set-cookie")))
    }

    /// Somebody.
    pub fn anonymous(&self) -> Client {
        Client::new(&self.url)
    }

    /// Makes a session by the API. `wish` is added to a name and an address.
    pub async fn create(&self, wish: Value) -> Value {
        let mut body = json!({ "name": "Ada Lovelace", "email": "ada@example.org" });
        for (field, value) in wish.as_object().expect("fields") {
            body[field] = value.clone();
        }
        self.api().post(&format!("{BASE}/create"), &body).await.ok()
    }

    /// A session with text questions, and its candidate.
    pub async fn invite(&self, questions: &[&str]) -> (String, Candidate) {
        let created = self.create(json!({ "questions": questions })).await;
        (string(&created["session_id"]), self.candidate(&created))
    }

    /// The candidate of a session that was just made.
    pub fn candidate(&self, created: &Value) -> Candidate {
        let join_url = string(&created["join_url"]);
        let invite = join_url.strip_prefix(&format!("{}/i/", self.url)).expect("a link to this server");
        Candidate::new(self.anonymous(), invite)
    }

    pub async fn get_session(&self, id: &str) -> Value {
        self.api().get(&session_path(id)).await.ok()
    }

    pub async fn start_session(&self, id: &str) -> Value {
        self.api().post_empty(&format!("{}/start", session_path(id))).await.ok()
    }

    pub async fn end_session(&self, id: &str) -> Value {
        self.api().post_empty(&format!("{}/end", session_path(id))).await.ok()
    }

    /// An ended interview with one answer of two.
    pub async fn ended(&self) -> String {
        let (id, candidate) = self.invite(&["What is a monad?", "Why?"]).await;
        candidate.begin().await;
        candidate.answer(0, "A monoid in the category of endofunctors, which composes effects.").await;
        self.end_session(&id).await;
        id
    }

    /// A session's answers, as an admin sees them.
    pub async fn answers_of(&self, id: &str) -> Vec<Value> {
        let detail = self.admin().await.rpc("load_session", &[("id", id)]).await.ok();
        detail["answers"].as_array().expect("answers").clone()
    }

    pub async fn stats(&self) -> Value {
        self.api().get(&format!("{BASE}/stats")).await.ok()
    }

    /// What happened in the session, by the names of the events.
    pub async fn history(&self, id: &str) -> Vec<String> {
        let events = self.state.sessions.events(session_id(id)).await.expect("the session's events");
        events.iter().map(|event| string(&serde_json::to_value(event).expect("JSON")["type"])).collect()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

pub fn session_path(id: &str) -> String {
    format!("{BASE}/session/{id}")
}

pub fn session_id(id: &str) -> SessionId {
    id.parse().expect("a session's id")
}

pub fn string(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// The part of `Set-Cookie` that the browser sends back.
pub fn cookie_of(set_cookie: &str) -> String {
    set_cookie.split(';').next().unwrap_or_default().to_owned()
}
