//! Sends webhooks.

use std::time::Duration;

use app::ports::Post;
use async_trait::async_trait;
use reqwest::{Client, ClientBuilder, Url, header};

use crate::https;

/// From the first attempt to connect to the last header of the answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// For the connection alone, TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Posts over HTTP and HTTPS.
pub struct HttpPost {
    client: Client,
}

impl HttpPost {
    /// # Errors
    /// When there is no TLS to be had, which does not happen.
    pub fn new() -> reqwest::Result<Self> {
        Self::with(https::client(), CONNECT_TIMEOUT, TIMEOUT)
    }

    fn with(client: ClientBuilder, connect: Duration, all: Duration) -> reqwest::Result<Self> {
        // News is rare, and a connection that was kept may be dead by then: each delivery has one of its own.
        let client = client.connect_timeout(connect).timeout(all).pool_max_idle_per_host(0).build()?;
        Ok(Self { client })
    }
}

#[async_trait]
impl Post for HttpPost {
    async fn post(&self, url: &str, headers: &[(&str, String)], body: &str) -> Result<u16, String> {
        let url = Url::parse(url).map_err(|_| "the address cannot be used")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("the address must begin with https:// or http://".into());
        }
        let mut request = self.client.post(url).header(header::CONTENT_TYPE, "application/json").body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        // What the answer says beside its status is not read: it may be of any length, and nobody would look at it.
        let answer = request.send().await.map_err(|error| https::why(&error))?;
        Ok(answer.status().as_u16())
    }
}
