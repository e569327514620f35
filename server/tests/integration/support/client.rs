//! One caller of the server, and the replies that it gets.

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header},
};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// A caller with the headers that say who it is.
#[derive(Clone)]
pub struct Client {
    http: legacy::Client<HttpConnector, Full<Bytes>>,
    url: String,
    headers: HeaderMap,
}

impl Client {
    pub fn new(url: &str) -> Self {
        let http = legacy::Client::builder(TokioExecutor::new()).build_http();
        Self { http, url: url.into(), headers: HeaderMap::new() }
    }

    /// The same caller, sending one more header.
    pub fn with(&self, name: HeaderName, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.insert(name, HeaderValue::from_str(value).expect("a header's value"));
        other
    }

    /// The same caller at another server.
    pub fn at_server(&self, url: &str) -> Self {
        Self { url: url.into(), ..self.clone() }
    }

    /// The same caller from another address, as a load balancer reports it.
    pub fn at_address(&self, address: &str) -> Self {
        self.with(HeaderName::from_static("x-forwarded-for"), address)
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None, vec![]).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(Method::DELETE, path, None, vec![]).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.post_text(path, &body.to_string()).await
    }

    pub async fn post_text(&self, path: &str, body: &str) -> Reply {
        self.send(Method::POST, path, Some("application/json"), body.as_bytes().to_vec()).await
    }

    pub async fn post_empty(&self, path: &str) -> Reply {
        self.send(Method::POST, path, None, vec![]).await
    }

    /// Calls a server function the way the browser's side does.
    pub async fn rpc(&self, function: &str, fields: &[(&str, &str)]) -> Reply {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let caller = self.with(header::ACCEPT, "application/json");
        let content = Some("application/x-www-form-urlencoded");
        caller.send(Method::POST, &format!("/rpc/{function}"), content, form.finish().into_bytes()).await
    }

    pub async fn send(&self, method: Method, path: &str, content: Option<&str>, body: Vec<u8>) -> Reply {
        let url = format!("{}{path}", self.url);
        let mut request = Request::new(Full::new(Bytes::from(body)));
        *request.method_mut() = method.clone();
        *request.uri_mut() = url.parse().unwrap_or_else(|error| panic!("{url}: {error}"));
        *request.headers_mut() = self.headers.clone();
        if let Some(content) = content {
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_str(content).expect("a type"));
        }
        let response = self.http.request(request).await.unwrap_or_else(|error| panic!("{method} {url}: {error:?}"));
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap_or_else(|error| panic!("{method} {url}: {error:?}")).to_bytes();
        let text = String::from_utf8(body.to_vec()).expect("text in UTF-8");
        let (status, headers) = (head.status.as_u16(), head.headers);
        Reply { what: format!("{method} {path}"), status, headers, text }
    }
}

/// What the server answered.
pub struct Reply {
    what: String,
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Reply {
    /// A header's value; empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|error| panic!("{} answered no JSON ({error}): {}", self.what, self.text))
    }

    /// The body of a success.
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}: {}", self.what, self.text);
        assert_eq!(self.header("content-type"), "application/json", "{}", self.what);
        assert!(!self.header("x-request-id").is_empty(), "{}", self.what);
        self.json()
    }

    /// Checks that it is a problem with this status, in every respect, and answers its `detail`.
    pub fn problem(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.what);
        let problem = self.json();
        let mut fields: Vec<&str> = problem.as_object().expect("an object").keys().map(String::as_str).collect();
        fields.sort_unstable();
        assert_eq!(fields, ["detail", "request_id", "status", "title", "type"], "{}", self.what);
        assert_eq!(problem["type"], "about:blank");
        assert_eq!(problem["title"], title(status), "{}", self.what);
        assert_eq!(problem["status"], status);
        assert_eq!(problem["request_id"], self.header("x-request-id"), "{}", self.what);
        let detail = problem["detail"].as_str().expect("text");
        assert!(detail.len() > 10 && detail.ends_with('.'), "{} says to a person: {detail}", self.what);
        assert_eq!(self.header("retry-after").parse::<u32>().is_ok_and(|s| s > 0), matches!(status, 429 | 503));
        self.hides_internals();
        detail.to_owned()
    }

    /// Checks the status and kind of a server function's error, and answers its `detail`.
    pub fn rpc_error(&self, status: u16) -> String {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text);
        self.hides_internals();
        let detail = self.json()["detail"].as_str().map(str::to_owned);
        detail.unwrap_or_else(|| panic!("{} says nothing to a person: {}", self.what, self.text))
    }

    fn hides_internals(&self) {
        let text = self.text.to_lowercase();
        for word in ["mongo", "sqlite", "ferret", "select ", "panick", "src/", ".rs", "127.0.0.1", "refused (os"] {
            assert!(!text.contains(word), "{} tells internals: {}", self.what, self.text);
        }
    }
}

/// The words of RFC 9110 for a status.
fn title(status: u16) -> &'static str {
    axum::http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).expect("a known status")
}
