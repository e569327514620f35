//! `/ws/interview`: the live channel of a candidate's page.
//!
//! The first message carries the invite, as every command does. So no cookie opens a channel, and no other site's page can.

use std::{pin::pin, time::Duration};

use app::{
    error::AppError,
    model::{Down, Up},
    service::{
        AppState,
        channels::{Heard, Mouth, Say, Unreachable},
    },
};
use axum::{
    Extension, Router,
    extract::{
        State, WebSocketUpgrade,
        ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code},
    },
    response::Response,
    routing::any,
};
use futures::{
    SinkExt, StreamExt,
    stream::{self, SplitSink},
};

use super::Web;
use crate::intake::Intake;

/// Largest message of a browser, in bytes: the pictures of one violation. The longest draft in any script is smaller.
const MAX_MESSAGE: usize = proctor::wire::MAX_MESSAGE;

/// What is set aside for reading and writing, in bytes. More is taken while a larger message passes.
const BUFFER: usize = 4 * 1024;

/// What is read of a browser until it said who it is, in bytes: many times a hello. A link that somebody garbled may be long,
/// and is told to be wrong.
const HELLO: usize = 16 * 1024;

/// How long a browser may take until it says who it is, and to take a message.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a browser may take to close the connection, once it was told the last message. One that is cut off before may
/// never read it.
const FAREWELL: Duration = Duration::from_secs(2);

/// Told to a browser that shall connect again, by and by.
const AGAIN: u16 = close_code::AGAIN;

pub fn router() -> Router<Web> {
    Router::new().route("/ws/interview", any(connect))
}

async fn connect(
    upgrade: WebSocketUpgrade,
    State(app): State<AppState>,
    intake: Option<Extension<Intake>>,
) -> Response {
    // None where something else than `serve` answers the connections.
    let intake = intake.map(|Extension(intake)| intake).unwrap_or_default();
    upgrade
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(MAX_MESSAGE)
        .max_frame_size(MAX_MESSAGE)
        .on_upgrade(move |socket| serve(app, socket, intake))
}

async fn serve(app: AppState, mut socket: WebSocket, intake: Intake) {
    intake.limit(HELLO);
    let Ok(Some(Ok(Message::Text(first)))) = tokio::time::timeout(PATIENCE, socket.recv()).await else { return };
    let hello = serde_json::from_str(&first);
    // It lies in the buffer for reading, which could not be used again.
    drop(first);
    let Ok(Up::Hello { invite, channel }) = hello else {
        return close(socket, close_code::POLICY, "say hello first").await;
    };
    intake.lift();
    let (to_browser, from_browser) = socket.split();
    let mut mouth = Frames(to_browser);
    let heard = stream::unfold(from_browser, async |mut frames| {
        let heard = match frames.next().await {
            Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                Ok(up) => Heard::Said(up),
                // A newer page may say what this worker does not know.
                Err(_) => Heard::Life,
            },
            // Who can say farewell is not cut off, whatever the reason given.
            Some(Ok(Message::Close(_))) => Heard::Left,
            Some(Err(_)) | None => return None,
            Some(Ok(Message::Binary(bytes))) => Heard::Bytes(bytes.into()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Life,
        };
        Some((heard, frames))
    });
    let mut heard = pin!(heard.fuse());
    let served = app.channels.serve(&invite, channel, heard.as_mut(), &mut mouth).await;
    let (code, reason) = match served {
        Ok(()) => (AGAIN, ""),
        Err(error) => {
            if !error.is_transient() {
                let detail = error.detail.clone();
                let _ = mouth.say(Say::Message(Box::new(Down::Gone { detail }))).await;
            }
            (AGAIN, reason(&error))
        }
    };
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    let _ = tokio::time::timeout(PATIENCE, mouth.0.send(Message::Close(Some(frame)))).await;
    let _ = tokio::time::timeout(FAREWELL, async { while heard.next().await.is_some() {} }).await;
}

fn reason(error: &AppError) -> &'static str {
    if error.is_transient() { "try again" } else { "no such interview" }
}

async fn close(mut socket: WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    // The browser may be gone already.
    let _ = socket.send(Message::Close(Some(frame))).await;
    let _ = tokio::time::timeout(FAREWELL, async { while let Some(Ok(_)) = socket.recv().await {} }).await;
}

struct Frames(SplitSink<WebSocket, Message>);

impl Mouth for Frames {
    async fn say(&mut self, what: Say) -> Result<(), Unreachable> {
        let message = match what {
            Say::Ping => Message::Ping(Default::default()),
            Say::Bytes(bytes) => Message::Binary(bytes.into()),
            Say::Message(down) => {
                let text = serde_json::to_string(&down).map_err(|error| {
                    tracing::error!(%error, "a message could not be written");
                    Unreachable
                })?;
                Message::Text(text.into())
            }
        };
        match tokio::time::timeout(PATIENCE, self.0.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Unreachable),
        }
    }
}
