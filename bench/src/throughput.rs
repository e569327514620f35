//! How much a worker answers under steady load, beside a bare route in the same process and bare inserts into the same
//! database, each in turn.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Result, ensure};
use futures::future::try_join_all;

use crate::{
    bare,
    client::{By, Connection, request},
    drivers::{self, Lifecycle, Repeat},
    figures::Figures,
    inserts::Inserts,
    load::{Load, aside, over_http},
    operation::Operation,
    place::Place,
    worker::{self, Data, Store},
};

/// One stretch of steady load, and how many each side gets.
const STRETCH: Duration = Duration::from_secs(5);
const ROUNDS: usize = 3;

/// Load that is not counted, before the first round.
const WARM_UP: Duration = Duration::from_secs(1);

/// Sessions that reads find.
const SESSIONS: usize = 1_000;

/// What one operation showed on one store.
pub struct Row {
    pub operation: Operation,
    pub store: Store,
    pub load: Load,
    /// Requests per second, as a share of the bare route's.
    pub of_bare: f64,
    /// Pieces of work per second, as a share of the bare driver's inserts.
    pub of_insert: Option<f64>,
}

impl Row {
    pub fn note(&self, figures: &mut Figures) {
        let names = self.operation.names(self.store);
        figures.set(names.per_s, self.load.per_s());
        figures.set(names.p99_ms, self.load.quantile_ms(0.99));
        figures.set(names.vs_bare, self.of_bare);
        if let Some((name, share)) = names.vs_insert.zip(self.of_insert) {
            figures.set(name, share);
        }
    }
}

/// Measures an operation on an empty store, or for reads on one with 1,000 new sessions.
pub async fn measure(place: &Place, operation: Operation, store: Store) -> Result<Row> {
    let data = Data::new(place, store)?;
    let worker = worker::start(place, &data).await?;
    let ids = sessions(worker.address, if operation.writes() { 1 } else { SESSIONS }).await?;
    let bare = bare::serve(answer_size(worker.address, &ids[0]).await?).await?;
    let bare_request: Arc<[_]> = vec![request("GET", bare::PATH, By::Nobody, None)].into();
    let inserts = match &data {
        Data::Mongo(config) => Some(Inserts::like_those_of(config).await?),
        Data::Embedded(_) => None,
    };
    let at_once = operation.connections(store);
    let mut sides = [Load::default(), Load::default(), Load::default()];
    for round in 0..=ROUNDS {
        let time = if round == 0 { WARM_UP } else { STRETCH };
        let ours = ask(operation, worker.address, at_once, time, &ids).await?;
        if let Some(inserts) = &inserts {
            inserts.settle().await?;
        }
        let request = bare_request.clone();
        let bare = over_http(bare.address, at_once, time, move |number| Repeat::new(request.clone(), number)).await?;
        let inserted = match inserts.as_ref().filter(|_| operation.writes()) {
            Some(inserts) => inserts.load(at_once, time).await?,
            None => Load::default(),
        };
        if round > 0 {
            sides.iter_mut().zip([ours, bare, inserted]).for_each(|(side, stretch)| side.add(stretch));
        }
    }
    drop(worker);
    let wrote = inserts.is_some() && operation.writes();
    if let Some(inserts) = inserts {
        inserts.clear().await?;
    }
    let [load, bare, inserted] = sides;
    ensure!(
        !load.is_empty() && !bare.is_empty(),
        "nothing was answered in {ROUNDS} stretches of {} s",
        STRETCH.as_secs()
    );
    Ok(Row {
        operation,
        store,
        of_bare: load.per_s() * operation.requests() / bare.per_s(),
        of_insert: wrote.then(|| load.per_s() / inserted.per_s()),
        load,
    })
}

async fn ask(
    operation: Operation,
    address: SocketAddr,
    at_once: usize,
    time: Duration,
    ids: &[String],
) -> Result<Load> {
    let requests: Arc<[Vec<u8>]> = match operation {
        Operation::Lifecycle => {
            return over_http(address, at_once, time, |_| Lifecycle::new()).await;
        }
        Operation::Create => [drivers::create()].into(),
        Operation::Get => ids.iter().map(|id| drivers::get(id)).collect(),
        Operation::List => [drivers::list()].into(),
        Operation::Stats => [drivers::stats()].into(),
    };
    over_http(address, at_once, time, move |number| Repeat::new(requests.clone(), number)).await
}

/// Makes sessions and gives their ids.
async fn sessions(address: SocketAddr, count: usize) -> Result<Vec<String>> {
    const AT_ONCE: usize = 8;
    aside(async move || {
        let mut ids = Vec::with_capacity(count);
        let mut connections = try_join_all((0..count.min(AT_ONCE)).map(|_| Connection::open(address))).await?;
        while ids.len() < count {
            let made = connections
                .iter_mut()
                .map(async |connection| drivers::made(connection.call(&drivers::create()).await?).map(|(id, _)| id));
            ids.extend(try_join_all(made).await?);
        }
        Ok(ids)
    })
    .await
}

async fn answer_size(address: SocketAddr, id: &str) -> Result<usize> {
    Ok(Connection::open(address).await?.call(&drivers::get(id)).await?.len())
}
