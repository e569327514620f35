//! The live channel of a simulated page, over a real WebSocket: `ws://…/ws/interview`.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result, bail};
use app::model::{CandidateView, ChannelId, Down, Draft, Invite, NoticeId, Status, Up};
use futures::{SinkExt as _, StreamExt as _};
use tokio::{
    net::TcpStream,
    sync::{mpsc, watch},
    time::{Instant, timeout},
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};
use uuid::Uuid;

use super::tally::{Tally, news};

/// How long anything may take that a page waits for. Longer: the candidate is lost.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a page knows from its channel.
#[derive(Default)]
pub struct Known {
    pub view: Option<CandidateView>,
    /// Question and revision of the draft that was kept last.
    kept: Option<(u32, u64)>,
}

/// The side of whoever sits before the page.
pub struct Page {
    known: watch::Receiver<Known>,
    drafts: mpsc::UnboundedSender<Draft>,
}

/// The side of the network.
pub struct Channel {
    socket: WebSocketStream<TcpStream>,
    known: watch::Sender<Known>,
    drafts: mpsc::UnboundedReceiver<Draft>,
    /// The draft that is on its way.
    sent: Option<((u32, u64), Instant)>,
    tally: Tally,
}

/// Connects and says hello.
pub async fn open(address: SocketAddr, invite: Invite) -> Result<(Page, Channel)> {
    let stream = TcpStream::connect(address).await.context("connecting")?;
    stream.set_nodelay(true)?;
    let (socket, _) = client_async(format!("ws://{address}/ws/interview"), stream).await.context("upgrading")?;
    let ((known, seen), (send, drafts)) = (watch::channel(Known::default()), mpsc::unbounded_channel());
    let mut channel = Channel { socket, known, drafts, sent: None, tally: Tally::default() };
    channel.say(&Up::Hello { invite, channel: ChannelId(Uuid::new_v4()) }).await?;
    Ok((Page { known: seen, drafts: send }, channel))
}

impl Page {
    /// Waits until the channel has told something.
    pub async fn until(&mut self, what: &str, is_so: impl FnMut(&Known) -> bool) -> Result<()> {
        let told = timeout(PATIENCE, self.known.wait_for(is_so)).await;
        told.with_context(|| format!("{what}: nothing in {} s", PATIENCE.as_secs()))?.context("the channel ended")?;
        Ok(())
    }

    /// Sends a draft and waits until it is durable.
    pub async fn keep(&mut self, draft: Draft) -> Result<()> {
        let mark = (draft.question, draft.rev);
        self.drafts.send(draft).ok().context("the channel ended")?;
        self.until("a draft", |known| known.kept >= Some(mark)).await
    }

    /// A notice that was not read yet.
    pub fn notice(&self) -> Option<NoticeId> {
        self.known.borrow().view.as_ref().and_then(|view| view.notices.first()).map(|notice| notice.id)
    }
}

impl Channel {
    /// Carries messages until the interview is over. Gives what was measured.
    ///
    /// # Errors
    /// Any other end.
    pub async fn run(mut self) -> Result<Tally> {
        loop {
            let message = tokio::select! {
                message = self.socket.next() => message.context("the channel was cut")??,
                Some(draft) = self.drafts.recv() => {
                    self.sent = Some(((draft.question, draft.rev), Instant::now()));
                    self.say(&Up::Draft(draft)).await?;
                    continue;
                }
            };
            match message {
                Message::Text(text) => {
                    let down = serde_json::from_str(&text).context("a message cannot be read")?;
                    if self.hear(down)? {
                        let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
                        self.socket.close(Some(frame)).await?;
                        return Ok(self.tally);
                    }
                }
                Message::Close(frame) => bail!("the server closed the channel: {frame:?}"),
                // Pings are answered by tungstenite.
                _ => {}
            }
        }
    }

    /// Answers whether the interview is over.
    fn hear(&mut self, down: Down) -> Result<bool> {
        match down {
            Down::View { view } => {
                let over = view.status == Status::Completed;
                let before = self.known.borrow();
                self.tally.pushed(&news(before.view.as_ref(), &view));
                drop(before);
                self.known.send_modify(|known| known.view = Some(*view));
                return Ok(over);
            }
            Down::Kept { question, rev } => {
                let mark = (question, rev);
                if let Some((_, at)) = self.sent.take_if(|(sent, _)| *sent == mark) {
                    self.tally.kept(at.elapsed());
                }
                self.known.send_modify(|known| known.kept = Some(mark));
            }
            Down::Beat { .. } => {}
            Down::TakenOver => bail!("another page took over"),
            Down::Gone { detail } => bail!("the interview is gone: {detail}"),
        }
        Ok(false)
    }

    async fn say(&mut self, up: &Up) -> Result<()> {
        let text = serde_json::to_string(up)?;
        Ok(self.socket.send(Message::text(text)).await?)
    }
}
