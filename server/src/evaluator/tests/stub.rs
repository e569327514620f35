//! An endpoint that misbehaves as it is told to.

use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use futures::{StreamExt, stream};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// What the endpoint does with a request.
pub enum Act {
    /// A completion with this content.
    Say(String),
    /// Any answer.
    Answer(StatusCode, Vec<(&'static str, &'static str)>, String),
    /// No answer.
    Hang,
    /// The connection ends in the middle of the answer.
    BreakOff,
    /// An answer that does not end.
    Endless,
}

impl Act {
    pub fn status(status: u16) -> Self {
        Self::Answer(StatusCode::from_u16(status).unwrap(), vec![], "{\"error\":{}}".into())
    }

    /// A verdict with this score and quote in all criteria.
    pub fn verdict(score: f64, quote: &str) -> Self {
        Self::Say(judgement(score, quote).to_string())
    }
}

pub fn judgement(score: f64, quote: &str) -> Value {
    let one = json!({ "quotes": [quote], "sentence": "So it seems.", "score": score });
    json!({ "relevance": one, "correctness": one, "depth": one, "clarity": one })
}

/// One request that came.
#[derive(Clone, Debug)]
pub struct Got {
    pub headers: HeaderMap,
    pub body: Value,
}

impl Got {
    /// The content of a message.
    pub fn said(&self, role: &str) -> &str {
        let messages = self.body["messages"].as_array().unwrap();
        let mut of_role = messages.iter().filter(|message| message["role"] == role);
        let one = of_role.next().unwrap()["content"].as_str().unwrap();
        assert!(of_role.next().is_none(), "one message of {role}");
        one
    }
}

#[derive(Default)]
struct Script {
    acts: VecDeque<Act>,
    got: Vec<Got>,
}

/// The endpoint. Once its script is over it hangs.
#[derive(Clone, Default)]
pub struct Stub(Arc<Mutex<Script>>);

impl Stub {
    /// Serves until the test ends. Also answers where.
    pub async fn start(acts: impl IntoIterator<Item = Act>) -> (Self, String) {
        let stub = Self::default();
        stub.then(acts);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/chat/completions", post(answer)).with_state(stub.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (stub, url)
    }

    /// Goes on like this.
    pub fn then(&self, acts: impl IntoIterator<Item = Act>) {
        self.0.lock().unwrap().acts.extend(acts);
    }

    pub fn got(&self) -> Vec<Got> {
        self.0.lock().unwrap().got.clone()
    }
}

async fn answer(State(stub): State<Stub>, headers: HeaderMap, body: Bytes) -> Response {
    let act = {
        let mut script = stub.0.lock().unwrap();
        script.got.push(Got { headers, body: serde_json::from_slice(&body).unwrap() });
        script.acts.pop_front()
    };
    match act.unwrap_or(Act::Hang) {
        Act::Say(content) => {
            let message = json!({ "role": "assistant", "content": content });
            json!({ "object": "chat.completion", "choices": [{ "index": 0, "message": message }] })
                .to_string()
                .into_response()
        }
        Act::Answer(status, headers, body) => {
            let mut response = (status, body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            response
        }
        Act::Hang => std::future::pending().await,
        Act::BreakOff => {
            let parts = [Ok(Bytes::from_static(b"{\"choices\":[{")), Err(io::Error::other("told to"))];
            Body::from_stream(stream::iter(parts)).into_response()
        }
        Act::Endless => {
            let part = Ok::<_, Infallible>(Bytes::from_static(&[b' '; 16 * 1024]));
            Body::from_stream(stream::repeat_with(move || part.clone()).boxed()).into_response()
        }
    }
}
