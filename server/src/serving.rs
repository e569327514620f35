//! Answers connections, each in a task of its own. Who sends no request for long is hung up on.
//!
//! As `axum::serve` does, but for looking first whether a connection speaks HTTP/2, which is not spoken here: what it has read
//! for that makes hyper set aside 16 KiB to read with, not 8, for as long as a browser keeps the connection open.

use std::{net::SocketAddr, pin::pin, time::Duration};

use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    serve::Listener,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tower::ServiceExt as _;

use crate::intake::{Intake, Metered};

/// How long the head of a request may take to come, and how long a connection is kept for the next one. Longer than proxies
/// keep theirs (Caddy two minutes, Google's load balancers ten), so that none is closed just as a request comes.
const HEAD: Duration = Duration::from_secs(620);

/// Serves until `stop` is there and the requests that came before are answered. Handlers find the peer as
/// `ConnectInfo<SocketAddr>`.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    serve_patiently(HEAD, listener, router, stop).await;
}

/// `head`: how long to wait for the head of a request.
async fn serve_patiently(head: Duration, mut listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    let (stopping, stopped) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            (stream, peer) = accept(&mut listener) => {
                tokio::spawn(answer(head, stream, peer, router.clone(), stopped.clone()));
            }
            () = &mut stop => break,
        }
    }
    drop((listener, stopped));
    stopping.send_replace(true);
    stopping.closed().await;
}

async fn accept(listener: &mut TcpListener) -> (TcpStream, SocketAddr) {
    let (stream, peer) = Listener::accept(listener).await;
    // What is pushed is small and waits for nothing. An error would mean that the connection is gone already.
    let _ = stream.set_nodelay(true);
    (stream, peer)
}

async fn answer(
    head: Duration,
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let intake = Intake::default();
    let stream = Metered::new(stream, intake.clone());
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(intake.clone());
        router.clone().oneshot(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head);
    let connection = http.serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection.with_upgrades());
    let told_to_stop = async {
        // An error would mean that nobody is there to say so.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    let answered = tokio::select! {
        answered = connection.as_mut() => answered,
        () = told_to_stop => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = answered {
        tracing::trace!(%error, "a connection broke off");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        sync::{Notify, oneshot},
    };

    use super::*;

    #[tokio::test]
    async fn what_was_asked_before_the_stop_is_answered_and_nothing_after_it() {
        let (asked, answer) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (begun, go_on) = (asked.clone(), answer.clone());
        let slow = async move |ConnectInfo(peer): ConnectInfo<SocketAddr>| {
            begun.notify_one();
            go_on.notified().await;
            peer.to_string()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let router = Router::new().route("/", get(slow));
        let serving = tokio::spawn(serve(listener, router, async { drop(stopped.await) }));
        let mut idle = TcpStream::connect(address).await.unwrap();
        let mut busy = TcpStream::connect(address).await.unwrap();
        busy.write_all(b"GET / HTTP/1.1\r\nhost: here\r\n\r\n").await.unwrap();
        asked.notified().await;
        drop(stop);
        assert_eq!(idle.read(&mut [0]).await.unwrap(), 0, "it is hung up");
        assert!(TcpStream::connect(address).await.is_err());
        assert!(!serving.is_finished());
        answer.notify_one();
        let mut answered = String::new();
        busy.read_to_string(&mut answered).await.unwrap();
        let peer = busy.local_addr().unwrap().to_string();
        assert!(answered.starts_with("HTTP/1.1 200 OK") && answered.ends_with(&peer), "{answered}");
        serving.await.unwrap();
    }

    #[tokio::test]
    async fn who_sends_no_whole_head_is_hung_up_on() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", get(async || "hello"));
        let head = Duration::from_millis(50);
        let serving = tokio::spawn(serve_patiently(head, listener, router, std::future::pending()));
        for sent in ["", "GET / HTT", "GET / HTTP/1.1\r\nhost: here\r\n"] {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.write_all(sent.as_bytes()).await.unwrap();
            let mut answered = Vec::new();
            stream.read_to_end(&mut answered).await.unwrap();
            assert!(!answered.starts_with(b"HTTP/1.1 200"), "{sent:?}");
        }
        serving.abort();
    }

    #[tokio::test]
    async fn what_is_pushed_waits_for_no_more() {
        let mut listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (near, (far, _)) = tokio::join!(TcpStream::connect(address), accept(&mut listener));
        assert!(far.nodelay().unwrap());
        drop(near);
    }
}
