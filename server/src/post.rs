//! Sends webhooks.

use std::time::Duration;

use app::ports::{Post, Posted, Unanswered};
use async_trait::async_trait;
use reqwest::{Client, ClientBuilder, Url, header};

use crate::{
    https,
    outside::{self, Inside, OnlyOutside},
};

/// From the first attempt to connect to the last header of the answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// For the connection alone, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Where webhooks may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// To the public internet, directly: a proxy would look names up itself, and no one here would know where they lead.
    Outside,
    /// Anywhere, and by the proxy that the environment names.
    Anywhere,
}

/// Posts over HTTP and HTTPS.
pub struct HttpPost {
    client: Client,
    reach: Reach,
}

impl HttpPost {
    /// # Errors
    /// When there is no TLS to be had, which does not happen.
    pub fn new(reach: Reach) -> reqwest::Result<Self> {
        Self::with(https::client(), reach, TIMEOUT)
    }

    fn with(client: ClientBuilder, reach: Reach, all: Duration) -> reqwest::Result<Self> {
        let client = match reach {
            Reach::Outside => client.no_proxy().dns_resolver(OnlyOutside),
            Reach::Anywhere => client,
        };
        // News is rare, and a connection that was kept may be dead by then: each delivery has one of its own.
        let client = client.connect_timeout(CONNECT_TIMEOUT).timeout(all).pool_max_idle_per_host(0).build()?;
        Ok(Self { client, reach })
    }
}

#[async_trait]
impl Post for HttpPost {
    async fn post(&self, url: &str, headers: &[(&str, String)], body: &str) -> Result<Posted, Unanswered> {
        let url = Url::parse(url).map_err(|_| Unanswered::BadAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Unanswered::NotOfTheWeb);
        }
        if self.reach == Reach::Outside && outside::check(&url).is_err() {
            return Err(Unanswered::Inside);
        }
        let mut request = self.client.post(url).header(header::CONTENT_TYPE, "application/json").body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        // What the answer says beside its status is not read: it may be of any length, and nobody would look at it.
        let answer = request.send().await.map_err(|error| {
            let known = https::find(&error, |cause| cause.downcast_ref::<Inside>());
            known.map_or_else(|| https::why(&error), |_| Unanswered::Inside)
        })?;
        let seconds = |pause: Duration| u32::try_from(pause.as_secs()).unwrap_or(u32::MAX);
        Ok(Posted { status: answer.status().as_u16(), retry_after_s: https::retry_after(&answer).map(seconds) })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        sync::{Arc, Mutex},
    };

    use axum::{
        Router,
        body::{Body, Bytes},
        http::{HeaderMap, StatusCode},
        response::Redirect,
        routing,
    };
    use futures::stream;
    use tokio::net::TcpListener;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(30);

    fn client(all: Duration) -> HttpPost {
        HttpPost::with(https::client().no_proxy(), Reach::Anywhere, all).unwrap()
    }

    async fn serve(router: Router) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        url
    }

    #[tokio::test]
    async fn what_is_posted_arrives_with_its_headers() {
        let got = Arc::new(Mutex::new(None));
        let keep = got.clone();
        let taken = async move |headers: HeaderMap, body: String| {
            *keep.lock().unwrap() = Some((headers, body));
            StatusCode::ACCEPTED
        };
        let url = serve(Router::new().route("/hook", routing::post(taken))).await;
        let headers = [("webhook-id", "one".to_owned())];
        assert_eq!(client(PATIENCE).post(&url, &headers, "{\"a\":\"ü\"}").await.unwrap().status, 202);
        let (headers, body) = got.lock().unwrap().take().unwrap();
        assert_eq!(body, "{\"a\":\"ü\"}");
        for (name, value) in
            [("webhook-id", "one"), ("content-type", "application/json"), ("user-agent", "parallel-interview")]
        {
            assert_eq!(headers[name], value);
        }
    }

    #[tokio::test]
    async fn redirects_are_an_answer_like_others() {
        let elsewhere = routing::post(async || -> StatusCode { panic!("it was followed") });
        let router = Router::new()
            .route("/hook", routing::post(async || Redirect::temporary("/elsewhere")))
            .route("/elsewhere", elsewhere);
        assert_eq!(client(PATIENCE).post(&serve(router).await, &[], "{}").await.unwrap().status, 307);
    }

    #[tokio::test]
    async fn an_answer_without_end_is_not_read() {
        let endless = async || {
            let part = Bytes::from_static(&[b' '; 16 * 1024]);
            Body::from_stream(stream::repeat_with(move || Ok::<_, Infallible>(part.clone())))
        };
        let url = serve(Router::new().route("/hook", routing::post(endless))).await;
        assert_eq!(client(PATIENCE).post(&url, &[], "{}").await.unwrap().status, 200);
    }

    #[tokio::test]
    async fn silence_is_not_waited_for() {
        let silent = routing::post(async || std::future::pending::<StatusCode>().await);
        let url = serve(Router::new().route("/hook", silent)).await;
        let error = client(Duration::from_millis(200)).post(&url, &[], "{}").await.unwrap_err();
        assert_eq!(error, Unanswered::Silent);
    }

    #[tokio::test]
    async fn nobody_there_is_said_in_a_few_words() {
        let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let error = client(PATIENCE).post(&format!("http://{free}/secret"), &[], "{}").await.unwrap_err();
        assert_eq!(error, Unanswered::ConnectionRefused);
        let error = client(PATIENCE).post("http://nowhere.invalid/secret", &[], "{}").await.unwrap_err();
        assert!(matches!(error, Unanswered::NotConnected | Unanswered::NoSuchHost), "{error}");
    }

    #[tokio::test]
    async fn only_the_web_is_posted_to() {
        for url in ["file:///etc/passwd", "ftp://example.com/", "nonsense", "http://", ""] {
            let error = client(PATIENCE).post(url, &[], "{}").await.unwrap_err();
            assert!(matches!(error, Unanswered::BadAddress | Unanswered::NotOfTheWeb), "{url}: {error}");
        }
        let header = [("webhook-id", "a\nb".to_owned())];
        let error = client(PATIENCE).post("http://127.0.0.1:9/", &header, "{}").await.unwrap_err();
        assert_eq!(error, Unanswered::BadAddress);
    }

    #[tokio::test]
    async fn nothing_is_sent_inside_unless_it_is_allowed() {
        let hit = routing::post(async || -> StatusCode { panic!("it was called") });
        let url = serve(Router::new().route("/hook", hit)).await;
        let port = Url::parse(&url).unwrap().port().unwrap();
        let post = HttpPost::new(Reach::Outside).unwrap();
        for host in ["127.0.0.1", "0x7f.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "localhost"] {
            let error = post.post(&format!("http://{host}:{port}/hook"), &[], "{}").await.unwrap_err();
            assert_eq!(error, Unanswered::Inside, "{host}");
        }
    }
}
