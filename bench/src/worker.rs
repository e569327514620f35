//! A worker as `server` runs it, in this process, over a store of its own and without LiveKit.

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result};
use app::{ports::MasterKey, service::accounts::Bootstrap};
use axum::Router;
use server::{
    Worker,
    config::{Config, MongoConfig, SPOT_CHECK},
};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::place::Place;

/// The API key that all requests carry.
pub const KEY: &str = "pi_a-key-for-benchmarks-that-is-as-long-as-others";

/// Which store a worker uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    Embedded,
    Mongo,
}

impl Store {
    /// Its part in the names of figures.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Mongo => "mongo",
        }
    }

    pub fn in_words(self) -> &'static str {
        match self {
            Self::Embedded => "embedded store",
            Self::Mongo => "MongoDB store",
        }
    }
}

/// A router that is served until dropped.
pub struct Listening {
    pub address: SocketAddr,
    serving: JoinHandle<()>,
}

impl Listening {
    /// Binds a free port, and serves the router that is made for it.
    pub async fn start(make: impl AsyncFnOnce(SocketAddr) -> Result<Router>) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.context("binding a port")?;
        let address = listener.local_addr()?;
        let service = make(address).await?.into_make_service_with_connect_info::<SocketAddr>();
        let serving = tokio::spawn(async move {
            // It only ends by being aborted.
            let _ = axum::serve(listener, service).await;
        });
        Ok(Self { address, serving })
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Where a store's data are.
#[derive(Clone, Debug)]
pub enum Data {
    Embedded(PathBuf),
    Mongo(MongoConfig),
}

impl Data {
    /// An empty store. For MongoDB, `MONGODB_URI` says where it is.
    pub fn new(place: &Place, store: Store) -> Result<Self> {
        Ok(match store {
            Store::Embedded => Self::Embedded(place.new_dir()),
            Store::Mongo => {
                let uri = std::env::var("MONGODB_URI")
                    .context("MONGODB_URI must say where MongoDB is: run the benchmarks with `cargo xtask bench`")?;
                Self::Mongo(MongoConfig { uri, database: place.new_database() })
            }
        })
    }
}

/// Starts a worker over `data`.
pub async fn start(place: &Place, data: &Data) -> Result<Listening> {
    let start = async |address| {
        let (data_dir, mongodb) = match data {
            Data::Embedded(dir) => (dir.clone(), None),
            Data::Mongo(mongodb) => (place.new_dir(), Some(mongodb.clone())),
        };
        let config = Config {
            listen_addr: address,
            public_url: None,
            data_dir,
            mongodb,
            livekit: None,
            llm: None,
            spot_check: SPOT_CHECK,
            evidence_key: Some(MasterKey([7; 32])),
            evidence_key_lost: false,
            webhook_allow_internal: true,
            bootstrap: Bootstrap { api_key: Some(KEY.into()), ..Bootstrap::default() },
            print_login_link: false,
            site_root: place.site().to_owned(),
            models_dir: place.site().join("../models"),
        };
        Ok(Worker::new(&config, address).await?.router)
    };
    Listening::start(start).await
}
