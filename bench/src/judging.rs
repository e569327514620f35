//! How soon a report is there after the end of an interview, and how well the offline evaluator orders answers.

use std::time::Instant;

use anyhow::{Result, ensure};

use crate::{
    client::Connection,
    data, drivers,
    figures::Figures,
    load::{Load, aside},
    place::Place,
    process::Process,
    worker::{Data, Store},
};

/// Milliseconds from the answer to `end` until the report can be read, with two evaluated answers.
pub const REPORT: &str = "report_median_ms";

/// Kendall's tau-b between the offline evaluator's order and the one that people agreed on.
pub const RANKING: &str = "offline_rank_correlation";

/// Interviews that are reported on.
const REPORTS: usize = 40;

/// Looks for a report before it counts as missing.
const MOST_LOOKS: usize = 20_000;

/// Orders the published answers.
pub fn rank(figures: &mut Figures) {
    figures.set(RANKING, evaluate::rank_correlation());
}

/// Holds interviews one after the other on the embedded store, ends each, and waits for its report.
pub async fn report(place: &Place, figures: &mut Figures) -> Result<()> {
    let data = Data::new(place, Store::Embedded)?;
    let server = Process::start(&data, place.site())?;
    let address = server.address;
    let load = aside(async move || {
        let mut connection = Connection::open(address).await?;
        let mut load = Load::default();
        for _ in 0..REPORTS {
            let id = answered(&mut connection).await?;
            connection.call(&drivers::end(&id)).await?;
            let ended = Instant::now();
            let mut looks = 0;
            while !is_there(connection.call_any(&drivers::report(&id)).await?) {
                looks += 1;
                ensure!(looks < MOST_LOOKS, "no report came");
            }
            load.note(ended.elapsed());
        }
        Ok(load)
    })
    .await?;
    figures.set(REPORT, load.quantile_ms(0.5));
    Ok(())
}

/// A session whose questions but the last were answered.
async fn answered(connection: &mut Connection) -> Result<String> {
    let (id, invite) = drivers::made(connection.call(&drivers::create()).await?)?;
    connection.call(&drivers::candidate("give_consent", &format!("invite={invite}"))).await?;
    connection.call(&drivers::candidate("start_interview", &format!("invite={invite}"))).await?;
    for question in 0..2 {
        let text = data::ANSWER.replace(' ', "+");
        let answer = format!("invite={invite}&id={}&question={question}&text={text}", uuid::Uuid::new_v4());
        connection.call(&drivers::candidate("submit_answer", &answer)).await?;
    }
    Ok(id)
}

fn is_there((status, _): (u16, &[u8])) -> bool {
    status == 200
}
