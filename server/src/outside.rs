//! Which addresses on the network are outside, where everybody may be called, and which are the operator's own.
//!
//! Whoever may set an address that this server calls could otherwise reach what only this server reaches: its own ports, the
//! database, a cloud's metadata.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

/// An address that is not outside.
#[derive(Debug, thiserror::Error)]
#[error("the address is internal")]
pub struct Inside;

/// Whether an address is one of the public internet.
#[must_use]
pub fn is_outside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_outside_v4(address),
        IpAddr::V6(address) => is_outside_v6(address),
    }
}

/// As IANA's registry of special-purpose addresses has it.
fn is_outside_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = match (a, b, c) {
        // Shared between a provider and its customers.
        (100, 64..128, _) => true,
        // Protocol assignments.
        (192, 0, 0) => true,
        // The old way from IPv6 to IPv4.
        (192, 88, 99) => true,
        // Benchmarks.
        (198, 18 | 19, _) => true,
        // This network; multicast, reserved and broadcast.
        (0 | 224.., ..) => true,
        _ => false,
    };
    !(special || address.is_loopback() || address.is_private() || address.is_link_local() || address.is_documentation())
}

fn is_outside_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let v4 = |high: u16, low: u16| is_outside_v4(Ipv4Addr::from(u32::from(high) << 16 | u32::from(low)));
    match parts {
        // IPv4 in other clothes: mapped, translated, and by 6to4.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            v4(high, low)
        }
        // Teredo, benchmarks and other protocol assignments; documentation.
        [0x2001, 0..0x200, ..] | [0x2001, 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => false,
        // Only this part is handed out to the public: all else is local, multicast or reserved.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

/// Whether an address on the web names no host that is inside. A name may still lead inside: [`OnlyOutside`] sees to that.
///
/// # Errors
/// When it does.
pub fn check(url: &Url) -> Result<(), Inside> {
    let outside = match url.host() {
        Some(Host::Ipv4(address)) => is_outside_v4(address),
        Some(Host::Ipv6(address)) => is_outside_v6(address),
        Some(Host::Domain(_)) | None => true,
    };
    if outside { Ok(()) } else { Err(Inside) }
}

/// Looks up names, and answers what is outside only. What is connected to is what was answered, so no second look-up can
/// lead elsewhere.
#[derive(Clone, Default)]
pub struct OnlyOutside;

impl Resolve for OnlyOutside {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let outside: Vec<_> = found.iter().copied().filter(|address| is_outside(address.ip())).collect();
            if outside.is_empty() && !found.is_empty() {
                return Err(Inside.into());
            }
            Ok(Box::new(outside.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_s_own_addresses_are_inside() {
        for address in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.127.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.1.2.3",
            "64:ff9b::192.168.0.1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_outside(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn the_public_internet_is_outside() {
        for address in [
            "1.1.1.1",
            "9.9.9.9",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:4860:4860::8888",
            "::ffff:1.1.1.1",
            "64:ff9b::1.1.1.1",
            "2002:101:101::1",
        ] {
            assert!(is_outside(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn however_an_address_is_written_it_is_known() {
        for url in
            ["http://127.1/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/", "http://[::1]:80/"]
        {
            assert!(check(&Url::parse(url).unwrap()).is_err(), "{url}");
        }
        for url in ["http://example.org/", "https://1.1.1.1/"] {
            assert!(check(&Url::parse(url).unwrap()).is_ok(), "{url}");
        }
    }
}
