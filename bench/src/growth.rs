//! Whether lists and figures take longer when there are more sessions: the same requests to two workers, whose embedded
//! stores hold 1,000 and 100,000 sessions, one after the other in turn.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::{
    client::Connection,
    data, drivers,
    figures::Figures,
    load::{Load, aside},
    place::Place,
    worker::{self, Data, Listening},
};

const FEW: usize = 1_000;
const MANY: usize = 100_000;

/// How long each request is repeated.
const TIME: Duration = Duration::from_secs(6);

/// Requests to each side that are not counted, before the others.
const WARM_UP: usize = 50;

pub const NAMES: [&str; 2] = ["list_100k_vs_1k", "stats_100k_vs_1k"];

/// Measures both.
pub async fn measure(place: &Place, figures: &mut Figures) -> Result<()> {
    let few = filled(place, FEW).await?;
    let many = filled(place, MANY).await?;
    for (name, request) in NAMES.into_iter().zip([drivers::list(), drivers::stats()]) {
        let [few, many] = in_turn(&few, &many, request).await?;
        let medians = [few.quantile_ms(0.5), many.quantile_ms(0.5)];
        println!("  {name}: medians {:.3} and {:.3} ms", medians[0], medians[1]);
        figures.set(name, medians[1] / medians[0]);
    }
    Ok(())
}

async fn filled(place: &Place, count: usize) -> Result<Listening> {
    let dir = place.new_dir();
    data::fill(&dir, count).await?;
    worker::start(place, &Data::Embedded(dir)).await
}

async fn in_turn(few: &Listening, many: &Listening, request: Vec<u8>) -> Result<[Load; 2]> {
    let addresses = [few.address, many.address];
    aside(async move || {
        let mut connections = [Connection::open(addresses[0]).await?, Connection::open(addresses[1]).await?];
        for _ in 0..WARM_UP {
            for connection in &mut connections {
                connection.call(&request).await?;
            }
        }
        let mut loads = [Load::default(), Load::default()];
        let end = Instant::now() + TIME;
        while Instant::now() < end {
            for (connection, load) in connections.iter_mut().zip(&mut loads) {
                let start = Instant::now();
                connection.call(&request).await?;
                load.note(start.elapsed());
            }
        }
        Ok(loads)
    })
    .await
}
