//! Steady load for a set time, and what it showed.

use std::{
    future::Future,
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use futures::future::try_join_all;
use tokio::sync::oneshot;

use crate::client::Connection;

/// What one connection asks, again and again.
pub trait Driver {
    /// One piece of work: usually one request.
    async fn step(&mut self, connection: &mut Connection) -> Result<()>;
}

/// What was completed, and how long each piece took.
#[derive(Clone, Debug, Default)]
pub struct Load {
    time: Duration,
    /// Microseconds.
    latencies: Vec<u32>,
}

impl Load {
    /// `latencies` in microseconds.
    pub fn new(time: Duration, latencies: Vec<u32>) -> Self {
        Self { time, latencies }
    }

    /// Whether nothing was completed.
    pub fn is_empty(&self) -> bool {
        self.latencies.is_empty()
    }

    /// Pieces of work that were completed.
    pub fn len(&self) -> usize {
        self.latencies.len()
    }

    /// Pieces of work completed per second.
    pub fn per_s(&self) -> f64 {
        self.latencies.len() as f64 / self.time.as_secs_f64().max(f64::MIN_POSITIVE)
    }

    /// The time, in milliseconds, that the fraction `share` of all pieces did not exceed; 0 with none.
    pub fn quantile_ms(&self, share: f64) -> f64 {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let last = sorted.len().saturating_sub(1);
        let place = (share * last as f64).round() as usize;
        sorted.get(place).map_or(0.0, |micros| f64::from(*micros) / 1_000.0)
    }

    /// Adds another stretch of the same load.
    pub fn add(&mut self, other: Self) {
        self.time += other.time;
        self.latencies.extend(other.latencies);
    }

    /// Adds one piece of work that was done alone.
    pub fn note(&mut self, took: Duration) {
        self.time += took;
        self.latencies.push(micros(took));
    }
}

/// Loads `address` over `connections` connections for `time`. `driver` makes what drives the connection of a number.
pub async fn over_http<D, F>(address: SocketAddr, connections: usize, time: Duration, driver: F) -> Result<Load>
where
    D: Driver,
    F: Fn(usize) -> D + Send + 'static,
{
    aside(async move || {
        let open = (0..connections).map(|_| Connection::open(address));
        let open = try_join_all(open).await?;
        let end = Instant::now() + time;
        let loads = open.into_iter().enumerate().map(|(number, mut connection)| {
            let mut driver = driver(number);
            async move {
                let mut latencies = Vec::new();
                while let Some(took) = timed(end, driver.step(&mut connection)).await? {
                    latencies.push(took);
                }
                Ok::<_, anyhow::Error>(latencies)
            }
        });
        let latencies = try_join_all(loads).await?.concat();
        Ok(Load::new(time, latencies))
    })
    .await
}

/// Microseconds that `work` took; `None` when it was not done before `end`.
pub async fn timed(end: Instant, work: impl Future<Output = Result<()>>) -> Result<Option<u32>> {
    let start = Instant::now();
    work.await?;
    let done = Instant::now();
    Ok((done < end).then(|| micros(done - start)))
}

/// Runs `work` on a thread of its own, as another program's would.
pub async fn aside<T, F>(work: F) -> Result<T>
where
    T: Send + 'static,
    F: AsyncFnOnce() -> Result<T> + Send + 'static,
{
    let (tell, told) = oneshot::channel();
    thread::Builder::new().name("load".into()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let result = runtime.context("starting the load's runtime").and_then(|runtime| runtime.block_on(work()));
        // Nobody waits any more when the run was given up.
        drop(tell.send(result));
    })?;
    told.await.map_err(|_| anyhow!("the load's thread ended early"))?
}

/// Microseconds, as many as fit.
pub fn micros(took: Duration) -> u32 {
    u32::try_from(took.as_micros()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_and_quantiles_are_over_all_stretches() {
        let mut load = Load::new(Duration::from_secs(1), vec![3_000, 1_000]);
        load.add(Load::new(Duration::from_secs(1), vec![2_000, 4_000]));
        assert_eq!(load.per_s(), 2.0);
        assert_eq!(load.quantile_ms(1.0), 4.0);
        assert_eq!(load.quantile_ms(0.5), 3.0);
        assert_eq!(Load::default().quantile_ms(0.5), 0.0);
    }
}
