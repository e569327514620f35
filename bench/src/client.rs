//! A small HTTP/1.1 client over one kept-alive connection. It costs little, so that the load takes little from what it
//! measures on the same cores.

use std::net::SocketAddr;

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Bytes read at once at most, to begin with.
const BUFFER: usize = 16 * 1024;

/// Longest part of an unwelcome answer that an error quotes, in bytes.
const QUOTED: usize = 500;

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Where the last answer's head ends in it.
    head: usize,
}

/// Who asks.
#[derive(Clone, Copy)]
pub enum By<'a> {
    Nobody,
    /// An API key.
    Key(&'a str),
    /// An admin's cookie, as `name=value`.
    Cookie(&'a str),
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await.context("connecting")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; BUFFER], head: 0 })
    }

    /// Sends a request and gives the body of its answer.
    ///
    /// # Errors
    /// Any status but 200.
    pub async fn call(&mut self, request: &[u8]) -> Result<&[u8]> {
        let (status, body) = self.call_any(request).await?;
        if status != 200 {
            bail!("status {status}: {}", String::from_utf8_lossy(&body[..body.len().min(QUOTED)]));
        }
        Ok(body)
    }

    /// Sends a request and gives the status and the body of its answer.
    pub async fn call_any(&mut self, request: &[u8]) -> Result<(u16, &[u8])> {
        self.stream.write_all(request).await.context("sending a request")?;
        let mut filled = self.read(0).await?;
        let head = loop {
            if let Some(head) = Head::parse(&self.buffer[..filled])? {
                break head;
            }
            filled = self.read(filled).await?;
        };
        while filled < head.end + head.length {
            filled = self.read(filled).await?;
        }
        self.head = head.end;
        Ok((head.status, &self.buffer[head.end..filled]))
    }

    /// A header of the last answer, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let head = std::str::from_utf8(&self.buffer[..self.head]).ok()?;
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    async fn read(&mut self, filled: usize) -> Result<usize> {
        if filled == self.buffer.len() {
            self.buffer.resize(2 * filled, 0);
        }
        let more = self.stream.read(&mut self.buffer[filled..]).await.context("reading an answer")?;
        ensure!(more > 0, "the connection was closed");
        Ok(filled + more)
    }
}

/// What has to be known of an answer's head.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    /// Where the body begins.
    end: usize,
    /// Of the body, in bytes.
    length: usize,
}

impl Head {
    /// `None` while the head is not complete.
    fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        const END: &[u8] = b"\r\n\r\n";
        let Some(blank) = bytes.windows(END.len()).position(|window| window == END) else { return Ok(None) };
        let text = std::str::from_utf8(&bytes[..blank]).context("the answer's head is not text")?;
        let mut lines = text.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let length = lines
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
            .and_then(|(_, value)| value.parse().ok());
        Ok(Some(Self {
            status: status.context("the answer has no status")?,
            end: blank + END.len(),
            length: length.context("the answer has no length")?,
        }))
    }
}

/// The bytes of a request. With a body, of the type `content.0`.
pub fn request(method: &str, path: &str, by: By, content: Option<(&str, &str)>) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: */*\r\n");
    match by {
        By::Nobody => {}
        By::Key(key) => text += &format!("authorization: Bearer {key}\r\n"),
        By::Cookie(cookie) => text += &format!("cookie: {cookie}\r\n"),
    }
    match content {
        Some((kind, body)) => {
            text += &format!("content-type: {kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        }
        None if method == "GET" => text += "\r\n",
        None => text += "content-length: 0\r\n\r\n",
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_once_it_is_complete() {
        let answer = b"HTTP/1.1 404 Not Found\r\ncontent-type: text/plain\r\nContent-Length: 12\r\n\r\nnothing here";
        assert_eq!(Head::parse(answer).unwrap(), Some(Head { status: 404, end: 72, length: 12 }));
        assert_eq!(Head::parse(&answer[..71]).unwrap(), None);
        assert!(Head::parse(b"HTTP/1.1 200 OK\r\n\r\n").is_err());
    }

    #[test]
    fn a_request_carries_key_and_length() {
        let text = String::from_utf8(request("POST", "/x", By::Key("k"), Some(("application/json", "{}")))).unwrap();
        assert!(text.contains("authorization: Bearer k\r\n") && text.ends_with("content-length: 2\r\n\r\n{}"));
    }
}
