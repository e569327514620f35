//! What it costs a server to watch over many interviews at once: logs are checked, kept and judged, and pictures looked at.

use std::{env, fs, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, Result, bail, ensure};
use app::model::{ChannelId, Invite};
use futures::{SinkExt as _, StreamExt as _, future::try_join_all};
use proctor::{
    log::Writer,
    observation::{Head, Look},
    signal::{Entry, Signal, Stage, What},
    wire::{Beginning, Down, Open, Up},
};
use tokio::{
    net::TcpStream,
    time::{Instant, MissedTickBehavior, interval_at, sleep},
};
use tokio_tungstenite::{WebSocketStream, client_async, tungstenite::Message};
use uuid::Uuid;

use crate::{
    client::Connection,
    drivers,
    figures::Figures,
    load::aside,
    place::Place,
    process::Process,
    random::Random,
    worker::{Data, Store},
};

/// Candidates who are watched at once.
const CROWD: usize = 300;

/// For how long it is measured, once all are there.
const LENGTH: Duration = Duration::from_secs(60);

/// Until the first spot checks are due.
const SETTLED: Duration = Duration::from_secs(20);

/// For so long the first page stays after the measurement would be over, had the last one come with it.
const LATE: Duration = Duration::from_secs(15);

/// Between two batches of a page; it looks twice a second.
const RHYTHM: Duration = Duration::from_secs(2);

/// Of one processor core, what the server takes for all of them.
pub const NAME: &str = "observe_300_cores";

/// Measures it with a server process of its own, on the embedded store. `VISION_DIR` holds the photographs.
///
/// # Errors
/// Also when a single page lost its connection, or no pictures were asked for.
pub async fn measure(place: &Place, figures: &mut Figures) -> Result<()> {
    let photos =
        env::var_os("VISION_DIR").context("VISION_DIR is not set: run the benchmarks with `cargo xtask bench`")?;
    let portrait = Path::new(&photos).join("pypi/matplotlib/mpl-data/sample_data/grace_hopper.jpg");
    let portrait: Arc<[u8]> = fs::read(&portrait).with_context(|| format!("reading {}", portrait.display()))?.into();
    let server = Process::start(&Data::new(place, Store::Embedded)?, place.site())?;
    let address = server.address;
    let (tell, mut told) = tokio::sync::watch::channel(0_usize);
    let crowd = aside(async move || attend(address, portrait, tell).await);
    let spent = async {
        told.wait_for(|there| *there == CROWD).await.context("the pages ended early")?;
        sleep(SETTLED).await;
        let (before, begun) = (server.cpu_seconds()?, Instant::now());
        sleep(LENGTH).await;
        Ok::<_, anyhow::Error>((server.cpu_seconds()? - before) / begun.elapsed().as_secs_f64())
    };
    tokio::pin!(crowd);
    let cores = tokio::select! {
        ended = &mut crowd => bail!("the pages ended early: {ended:?}"),
        cores = spent => cores?,
    };
    let checks = crowd.await?;
    ensure!(checks > 0, "no picture was asked for: are the models there?");
    println!("  {CROWD} candidates, {checks} spot checks: {cores:.3} of one core");
    figures.set(NAME, cores);
    Ok(())
}

/// Answers how many pictures were shown.
async fn attend(address: SocketAddr, portrait: Arc<[u8]>, tell: tokio::sync::watch::Sender<usize>) -> Result<usize> {
    let mut http = Connection::open(address).await?;
    let mut made = Vec::new();
    for _ in 0..CROWD {
        let (id, invite) = drivers::made(http.call(&drivers::create()).await?)?;
        for function in ["give_consent", "start_interview"] {
            http.call(&drivers::candidate(function, &format!("invite={invite}"))).await.context(function)?;
        }
        made.push((id, invite));
    }
    // All at once, and each reports as soon as it is there: who is silent is taken for lost.
    let tell = &tell;
    let pages = made.into_iter().enumerate().map(|(number, (id, invite))| {
        let portrait = portrait.clone();
        async move {
            let page = Page::open(address, id, invite, Random::of(number)).await?;
            tell.send_modify(|there| *there += 1);
            page.report(portrait, Instant::now() + SETTLED + LENGTH + LATE).await
        }
    });
    Ok(try_join_all(pages).await?.into_iter().sum())
}

struct Page {
    socket: WebSocketStream<TcpStream>,
    writer: Writer,
    begun: Instant,
    random: Random,
}

impl Page {
    async fn open(address: SocketAddr, id: String, invite: String, random: Random) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        let (mut socket, _) =
            client_async(format!("ws://{address}/ws/interview"), stream).await.context("upgrading")?;
        let hello = app::model::Up::Hello { invite: Invite(invite), channel: ChannelId(Uuid::new_v4()) };
        socket.send(Message::text(serde_json::to_string(&hello)?)).await?;
        let open = Up::Open(Open::New(Beginning::NoJournal)).encode()?;
        socket.send(Message::binary(open)).await?;
        loop {
            if let Message::Binary(bytes) = socket.next().await.context("the channel was cut")??
                && let Down::Welcome(welcome) = Down::decode(&bytes)?
            {
                let mut writer = Writer::new(&id, welcome.log, &welcome.nonce);
                writer.append(&Entry { at_ms: 0, what: What::Signal(Signal::Stage(Stage::Interview)) });
                return Ok(Self { socket, writer, begun: Instant::now(), random });
            }
        }
    }

    async fn report(mut self, portrait: Arc<[u8]>, end: Instant) -> Result<usize> {
        let first = Instant::now() + Duration::from_secs_f64(self.random.between(0.0..2.0));
        let mut rhythm = interval_at(first, RHYTHM);
        rhythm.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut shown = 0;
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(end) => return Ok(shown),
                _ = rhythm.tick() => self.batch().await?,
                message = self.socket.next() => match message.context("the channel was cut")?? {
                    Message::Binary(bytes) => match Down::decode(&bytes)? {
                        Down::Ack { next_seq, .. } => self.writer.acknowledge(next_seq),
                        Down::ShowMe { nonce } => {
                            shown += 1;
                            let at_ms = self.now();
                            let claim = Some(Look::Clear { faces: 1, head: None });
                            let frame = Up::Frame { nonce, at_ms, claim, jpeg: portrait.to_vec() };
                            self.socket.send(Message::binary(frame.encode()?)).await?;
                        }
                        Down::BeginAnew { .. } => bail!("the server takes an honest log for a forged one"),
                        _ => {}
                    },
                    Message::Close(frame) => bail!("the server closed the channel: {frame:?}"),
                    _ => {}
                },
            }
        }
    }

    /// What was seen since the last one.
    async fn batch(&mut self) -> Result<()> {
        let now = self.now();
        for back in [1_500, 1_000, 500, 0] {
            let mut degrees = || self.random.between(-12.0..12.0) as i8;
            let head = Some(Head { yaw: degrees(), pitch: degrees() });
            let look = Look::Clear { faces: 1, head };
            self.writer.append(&Entry { at_ms: now.saturating_sub(back), what: What::Look(look) });
        }
        let batch = self.writer.cut().context("there is something new")?.to_vec();
        Ok(self.socket.send(Message::binary(Up::Batch(batch).encode()?)).await?)
    }

    fn now(&self) -> u32 {
        self.begun.elapsed().as_millis() as u32
    }
}
