//! Just enough HTTP to ask a local server whether it serves.

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(2);

/// Whether `GET path` at `address` answers 200 within two seconds.
pub fn answers(address: &str, path: &str) -> bool {
    status(address, path).is_some_and(|line| line.split(' ').nth(1) == Some("200"))
}

/// `address` as a client on this machine reaches it: an unspecified host becomes loopback.
pub fn reachable(address: &str) -> String {
    match address.parse::<SocketAddr>() {
        Ok(parsed) if parsed.ip().is_unspecified() => {
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), parsed.port()).to_string()
        }
        _ => address.to_owned(),
    }
}

fn status(address: &str, path: &str) -> Option<String> {
    let target = address.to_socket_addrs().ok()?.next()?;
    let mut stream = TcpStream::connect_timeout(&target, LIMIT).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.take(4096).read_to_string(&mut answer).ok()?;
    answer.lines().next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unspecified_host_is_reached_over_loopback() {
        assert_eq!(reachable("0.0.0.0:3000"), "127.0.0.1:3000");
        assert_eq!(reachable("127.0.0.1:80"), "127.0.0.1:80");
        assert_eq!(reachable("localhost:80"), "localhost:80");
    }
}
