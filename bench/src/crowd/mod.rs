//! Many candidates at once: how soon their pages are told what happens, and what their sessions take of the memory.
//!
//! The crowd holds a whole interview in a short time, on the channel and by HTTP as browsers do, with a server process of
//! its own. Nobody is allowed to lose a connection or to be refused anything.

mod candidate;
mod channel;
mod plan;
mod tally;
mod team;

use std::{
    env,
    net::SocketAddr,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use futures::future::join_all;
use tokio::time::{Instant, interval, sleep};

use self::{candidate::Candidate, plan::Plan, tally::Tally};
use crate::{
    client::Connection,
    data, drivers,
    figures::Figures,
    load::aside,
    place::Place,
    process::Process,
    random::Random,
    worker::{Data, Store},
};

/// Candidates at once.
const CROWD: usize = 200;

/// Candidates who come and go before, so that what is set up once is not counted as theirs.
const WARM_UP: usize = 20;

/// Seconds that the crowd's interview takes, if `BENCH_CROWD_S` does not say otherwise; a question's time is 120 s.
const LENGTH_S: u64 = 120;

/// Between two looks at the memory.
const LOOK: Duration = Duration::from_secs(1);

/// Before the crowd comes: until what the others left is tidied up.
const SETTLED: Duration = Duration::from_secs(3);

/// From a step at the server until the page has it: 99 of 100, and half of them, in milliseconds; how soon 99 of 100 drafts
/// were told to be kept, in milliseconds; KiB of resident memory for each session.
pub const NAMES: [&str; 4] = ["push_p99_ms_200", "push_p50_ms_200", "kept_p99_ms_200", "memory_per_session_kb"];

/// Measures all of them.
///
/// # Errors
/// Also when a single candidate did not come to the end.
pub async fn measure(place: &Place, figures: &mut Figures) -> Result<()> {
    let length = match env::var("BENCH_CROWD_S") {
        Ok(seconds) => seconds.parse().context("BENCH_CROWD_S must be a number of seconds")?,
        Err(_) => LENGTH_S,
    };
    let length = Duration::from_secs(length);
    let server = Process::start(&Data::new(place, Store::Embedded)?, place.site())?;
    // Once, since looking at a password takes 19 MiB, and the allocator keeps them in store.
    let cookie = team::log_in(server.address).await?;
    gather(&server, &cookie, WARM_UP, length / 4).await.context("warming up")?;
    sleep(SETTLED).await;
    let before = server.resident_kib()?;
    let Gathered { tally, peak_kib } = gather(&server, &cookie, CROWD, length).await?;
    let peak = peak_kib.context("the candidates were never all there at once")?;
    let (pushes, drafts) = (tally.pushes(length), tally.drafts(length));
    let (p99, p50, kept) = (pushes.quantile_ms(0.99), pushes.quantile_ms(0.5), drafts.quantile_ms(0.99));
    println!("  {CROWD} candidates in {} s, none lost, no reconnects, no errors", length.as_secs());
    println!("  {} pushes: p50 {p50:.0} ms, p99 {p99:.0} ms, most {:.0} ms", pushes.len(), pushes.quantile_ms(1.0));
    println!(
        "  {} drafts kept: p50 {:.1} ms, p99 {kept:.1} ms, most {:.1} ms",
        drafts.len(),
        drafts.quantile_ms(0.5),
        drafts.quantile_ms(1.0)
    );
    println!("  resident memory: {before} KiB before, {peak} KiB at most while all were writing");
    let memory = peak.saturating_sub(before) as f64 / CROWD as f64;
    for (name, value) in NAMES.into_iter().zip([p99, p50, kept, memory]) {
        figures.set(name, value);
    }
    Ok(())
}

struct Gathered {
    tally: Tally,
    /// The most that the server took while everybody was writing.
    peak_kib: Option<u64>,
}

async fn gather(server: &Process, cookie: &str, count: usize, length: Duration) -> Result<Gathered> {
    let writing = Arc::new(AtomicUsize::new(0));
    let (address, cookie, counter) = (server.address, cookie.to_owned(), Arc::clone(&writing));
    let mut crowd = pin!(aside(async move || attend(address, &cookie, count, length, &counter).await));
    let (mut look, mut peak_kib) = (interval(LOOK), None);
    let tally = loop {
        tokio::select! {
            attended = &mut crowd => break attended?,
            _ = look.tick() => {
                if writing.load(Ordering::Relaxed) == count {
                    peak_kib = peak_kib.max(Some(server.resident_kib()?));
                }
            }
        }
    };
    Ok(Gathered { tally, peak_kib })
}

async fn attend(
    address: SocketAddr,
    cookie: &str,
    count: usize,
    length: Duration,
    writing: &AtomicUsize,
) -> Result<Tally> {
    let mut http = Connection::open(address).await?;
    let (mut ids, mut invites) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let (id, invite) = drivers::made(http.call(&drivers::create()).await?)?;
        ids.push(id);
        invites.push(invite);
    }
    let begun = Instant::now();
    let candidates = invites.into_iter().enumerate().map(|(number, invite)| {
        let (plan, random) = (Plan::of(number, length, data::QUESTIONS.len()), Random::of(count + number));
        Candidate { invite, plan, random, writing }.attend(address, begun)
    });
    let notices = plan::notices(count, length);
    let (ends, told) = tokio::join!(join_all(candidates), team::tell(address, cookie, begun, &notices, &ids));
    told?;
    let (mut tally, mut lost) = (Tally::default(), Vec::new());
    for end in ends {
        match end {
            Ok(one) => tally.add(one),
            Err(error) => lost.push(error),
        }
    }
    if let Some(first) = lost.first() {
        bail!("{} of {count} candidates were lost, the first one: {first:#}", lost.len());
    }
    let expected = count * (1 + data::QUESTIONS.len() + plan::NOTICES);
    let pushes = tally.pushes(length).len();
    ensure!(pushes == expected, "{pushes} pushes came, not {expected}");
    Ok(tally)
}
