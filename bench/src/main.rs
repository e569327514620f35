//! Measures a release build on the machine that it runs on, one worker and its load generator side by side.
//!
//! `cargo xtask bench [NAME…]` starts it. It prints what it measured and writes `bench.json` beside the site: one flat
//! object of name → number, in which figures that were not measured this time keep their earlier values.

mod bare;
mod client;
mod crowd;
mod data;
mod drivers;
mod figures;
mod growth;
mod inserts;
mod judging;
mod load;
mod measure;
mod operation;
mod place;
mod process;
mod random;
mod report;
mod site;
mod smooth;
mod throughput;
mod vision;
mod watched;
mod worker;

use anyhow::{Context, Result};

use crate::{figures::Figures, measure::Measure, place::Place, throughput::Row};

fn main() -> Result<()> {
    let names: Vec<String> = std::env::args().skip(1).collect();
    // The worker's log is for finding out why something fails, and costs time.
    if std::env::var_os("RUST_LOG").is_some() {
        server::telemetry::init();
    }
    // The same runtime as the server's own: its workers serve; the load comes from a thread beside them.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(&names))
}

async fn run(names: &[String]) -> Result<()> {
    let wanted = measure::named(names)?;
    let place = Place::from_env()?;
    let mut figures = Figures::read(place.figures())?;
    let mut rows = Vec::new();
    let result = measure_all(&wanted, &place, &mut figures, &mut rows).await;
    // A run that is cut short tells what it has.
    report::print(&rows, &figures);
    result
}

async fn measure_all(wanted: &[Measure], place: &Place, figures: &mut Figures, rows: &mut Vec<Row>) -> Result<()> {
    for measure in wanted {
        println!("measuring {measure} …");
        rows.extend(measure.run(place, figures).await.with_context(|| format!("measuring {measure}"))?);
        figures.write(place.figures())?;
    }
    Ok(())
}
