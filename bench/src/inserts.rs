//! The bare driver: inserts of documents equal to those that the worker writes, and nothing around them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures::future::try_join_all;
use mongodb::{
    Client, Collection, Database,
    bson::{Document, doc},
    options::{Acknowledgment, ClientOptions, WriteConcern},
};
use server::config::MongoConfig;
use uuid::Uuid;

use crate::load::{Load, timed};

/// Connections at most, as the worker's store has them.
const CONNECTIONS: u32 = 32;

/// Between two looks whether the worker has caught up.
const PAUSE: Duration = Duration::from_millis(200);

/// The worker's database, without the worker.
pub struct Inserts {
    database: Database,
    bare: Collection<Document>,
    /// A session as the worker wrote it.
    model: Document,
}

impl Inserts {
    /// Takes a session that the worker has written as the model.
    pub async fn like_those_of(config: &MongoConfig) -> Result<Self> {
        let mut options = ClientOptions::parse(&config.uri).await?;
        options.max_pool_size = Some(CONNECTIONS);
        // As durable as the worker's writes.
        options.write_concern = Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build());
        let database = Client::with_options(options)?.database(&config.database);
        let sessions = database.collection::<Document>("sessions");
        let model = sessions.find_one(doc! {}).await?.context("the worker has written no session")?;
        Ok(Self { bare: database.collection("bare"), database, model })
    }

    /// Inserts for `time`, `at_once` at the same time.
    pub async fn load(&self, at_once: usize, time: Duration) -> Result<Load> {
        let end = Instant::now() + time;
        let tasks = (0..at_once).map(|_| {
            let (bare, model) = (self.bare.clone(), self.model.clone());
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while let Some(took) = timed(end, insert(&bare, &model)).await? {
                    latencies.push(took);
                }
                Ok::<_, anyhow::Error>(latencies)
            })
        });
        let loads = try_join_all(tasks).await?.into_iter().collect::<Result<Vec<_>>>()?;
        Ok(Load::new(time, loads.concat()))
    }

    /// Waits until the worker has copied the events of what it wrote, so that this is not counted against others.
    pub async fn settle(&self) -> Result<()> {
        let events = self.database.collection::<Document>("events");
        let mut before = None;
        loop {
            let now = events.estimated_document_count().await?;
            if before == Some(now) {
                return Ok(());
            }
            before = Some(now);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Removes the database.
    pub async fn clear(self) -> Result<()> {
        Ok(self.database.drop().await?)
    }
}

async fn insert(bare: &Collection<Document>, model: &Document) -> Result<()> {
    let mut document = model.clone();
    document.insert("_id", Uuid::new_v4().to_string());
    bare.insert_one(document).await?;
    Ok(())
}
