//! A candidate's page on the live channel.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{
        Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};
use uuid::Uuid;

/// How long a message may take. Far more than it does.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection. It answers pings while it is read, as browsers do by themselves.
pub struct Page {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Page {
    /// Connects to the server at `url`, `http://…`, and says nothing yet.
    pub async fn connect(url: &str) -> Self {
        let url = format!("{}/ws/interview", url.replacen("http", "ws", 1));
        let (socket, _) = connect_async(&url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
        Self { socket }
    }

    /// Connects and says hello, as the page with this channel.
    pub async fn hello(url: &str, invite: &str, channel: Uuid) -> Self {
        let mut page = Self::connect(url).await;
        page.say(&json!({ "type": "hello", "invite": invite, "channel": channel })).await;
        page
    }

    /// The same, and the first view.
    pub async fn open(url: &str, invite: &str, channel: Uuid) -> (Self, Value) {
        let mut page = Self::hello(url, invite, channel).await;
        let view = page.view().await;
        (page, view)
    }

    pub async fn say(&mut self, up: &Value) {
        self.send(Message::text(up.to_string())).await;
    }

    pub async fn send(&mut self, message: Message) {
        self.socket.send(message).await.expect("the connection is open");
    }

    /// The next message beside beats; a code when the server closed.
    pub async fn next(&mut self) -> Result<Value, u16> {
        let next = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Text(text))) => {
                        let down: Value = serde_json::from_str(&text).expect("JSON");
                        if down["type"] != "beat" {
                            return Ok(down);
                        }
                    }
                    Some(Ok(Message::Close(frame))) => return Err(frame.map_or(1005, |frame| frame.code.into())),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => return Err(1006),
                }
            }
        };
        // Beats alone are no reason to wait on.
        tokio::time::timeout(PATIENCE, next).await.expect("a message or the end")
    }

    pub async fn view(&mut self) -> Value {
        let down = self.next().await.expect("a message");
        assert_eq!(down["type"], "view", "{down}");
        down["view"].clone()
    }

    /// Sends a draft and waits until it is kept.
    pub async fn write(&mut self, question: u32, rev: u64, text: &str) {
        self.say(&json!({ "type": "draft", "question": question, "id": Uuid::nil(), "rev": rev, "text": text })).await;
        let expected = json!({ "type": "kept", "question": question, "rev": rev });
        assert_eq!(self.next().await, Ok(expected));
    }

    /// Goes as a browser that leaves the page.
    pub async fn leave(mut self) {
        let frame = CloseFrame { code: CloseCode::Away, reason: "".into() };
        self.send(Message::Close(Some(frame))).await;
        // Until the server has read it: one that is cut off before never learns why.
        while self.next().await.is_ok() {}
    }
}
