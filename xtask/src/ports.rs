//! Ports on the loopback interface: which are taken, and ones that are not.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, ToSocketAddrs, UdpSocket};

use anyhow::{Context, Result, bail};

/// An error that says so when nobody can listen at `address`, be it taken or unusable.
pub fn ensure_free(address: &str) -> Result<()> {
    let candidates: Vec<_> =
        address.to_socket_addrs().with_context(|| format!("LISTEN_ADDR={address} is no address"))?.collect();
    match TcpListener::bind(candidates.as_slice()) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "{address} is in use, perhaps by another `cargo xtask run`; stop that one, or choose another port with LISTEN_ADDR=127.0.0.1:PORT"
        ),
        Err(error) => Err(error).with_context(|| format!("cannot listen at {address}")),
    }
}

/// `preferred` when nothing listens there over TCP, else any free port.
pub fn tcp(preferred: Option<u16>) -> Result<u16> {
    let bind = |port| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let listener = match preferred.map(bind) {
        Some(Ok(listener)) => listener,
        _ => bind(0).context("looking for a free TCP port")?,
    };
    Ok(listener.local_addr()?.port())
}

/// `preferred` when nothing uses it over UDP, else any free port.
pub fn udp(preferred: Option<u16>) -> Result<u16> {
    let bind = |port| UdpSocket::bind((Ipv4Addr::LOCALHOST, port));
    let socket = match preferred.map(bind) {
        Some(Ok(socket)) => socket,
        _ => bind(0).context("looking for a free UDP port")?,
    };
    Ok(socket.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_and_replaced() {
        let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let taken = holder.local_addr().unwrap();
        let error = ensure_free(&taken.to_string()).unwrap_err().to_string();
        assert!(error.contains(&taken.to_string()) && error.contains("in use"), "{error}");
        assert_ne!(tcp(Some(taken.port())).unwrap(), taken.port());
    }

    #[test]
    fn a_taken_udp_port_is_replaced() {
        let holder = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let taken = holder.local_addr().unwrap().port();
        assert_ne!(udp(Some(taken)).unwrap(), taken);
    }

    #[test]
    fn nonsense_is_no_address() {
        assert!(ensure_free("somewhere").unwrap_err().to_string().contains("LISTEN_ADDR=somewhere"));
    }
}
