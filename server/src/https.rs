//! How this server calls others: one set of trusted authorities, no redirects, and errors that a person can act on.
//!
//! Trusted are Mozilla's authorities, which are part of the program, and those of the system (or of `SSL_CERT_FILE` and
//! `SSL_CERT_DIR`), so that a company's own authority counts too. `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are respected.

use std::{
    error::Error as StdError,
    io,
    sync::{Arc, LazyLock},
    time::Duration,
};

use app::ports::Unanswered;
use reqwest::{Client, ClientBuilder, Response, header, redirect};
use rustls::{CertificateError, ClientConfig, RootCertStore};

/// Read once: the system's authorities may be many.
static TLS: LazyLock<ClientConfig> = LazyLock::new(|| tls(roots()));

/// A client to which time limits are still to be added.
pub fn client() -> ClientBuilder {
    client_with(TLS.clone())
}

fn client_with(tls: ClientConfig) -> ClientBuilder {
    Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .referer(false)
        .user_agent("parallel-interview")
}

fn roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let found = rustls_native_certs::load_native_certs();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        tracing::debug!("the system names no authorities of its own");
    }
    roots
}

fn tls(roots: RootCertStore) -> ClientConfig {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has what the default versions need")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

/// Why there was no answer.
#[must_use]
pub fn why(error: &reqwest::Error) -> Unanswered {
    if let Some(error) = find(error, |cause| cause.downcast_ref::<rustls::Error>()) {
        Unanswered::NotSecure(why_not_secure(error))
    } else if error.is_builder() {
        Unanswered::BadAddress
    } else if error.is_dns() {
        Unanswered::NoSuchHost
    } else if error.is_connect() && error.is_timeout() {
        Unanswered::NotConnectedInTime
    } else if is_refused(error) {
        Unanswered::ConnectionRefused
    } else if error.is_connect() {
        Unanswered::NotConnected
    } else if error.is_timeout() {
        Unanswered::Silent
    } else {
        Unanswered::BrokenOff
    }
}

fn why_not_secure(error: &rustls::Error) -> &'static str {
    let rustls::Error::InvalidCertificate(error) = error else { return "no secure connection could be made" };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "certificate expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "certificate not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "certificate is for another name"
        }
        CertificateError::UnknownIssuer => "certificate not valid: unknown issuer",
        CertificateError::Revoked => "certificate revoked",
        _ => "certificate not valid",
    }
}

fn is_refused(error: &reqwest::Error) -> bool {
    let refused = |error: &&io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    find(error, |cause| cause.downcast_ref().filter(refused)).is_some()
}

/// The first of the causes that is wanted. An IO error does not count what it wraps among its causes, so that is asked too.
pub fn find<'a, T>(error: &'a reqwest::Error, wanted: impl Fn(&'a (dyn StdError + 'static)) -> Option<T>) -> Option<T> {
    let mut next: Option<&'a (dyn StdError + 'static)> = error.source();
    while let Some(cause) = next {
        if let Some(found) = wanted(cause) {
            return Some(found);
        }
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => cause.source(),
        };
    }
    None
}

/// The pause that a server asks for, if it does so in seconds. A date is taken for no wish: clocks differ.
pub fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    // Beyond what can be counted is as good as for ever.
    is_number.then(|| Duration::from_secs(value.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use rcgen::{CertifiedKey, generate_simple_self_signed};
    use rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivatePkcs8KeyDer},
    };
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };
    use tokio_rustls::TlsAcceptor;

    use super::*;

    /// A server with a certificate of its own making, for `name`. It says 204 to everything.
    async fn serve(name: &str) -> (SocketAddr, CertificateDer<'static>) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed([name.to_owned()]).unwrap();
        let certificate = cert.der().clone();
        let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (socket, _) = listener.accept().await.unwrap();
                let Ok(mut socket) = acceptor.accept(socket).await else { continue };
                let mut request = [0; 1024];
                if socket.read(&mut request).await.is_ok_and(|read| read > 0) {
                    let _ = socket.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
                }
            }
        });
        (address, certificate)
    }

    fn trusting(certificate: CertificateDer<'static>, name: &str, address: SocketAddr) -> Client {
        let mut roots = roots();
        roots.add(certificate).unwrap();
        client_with(tls(roots)).no_proxy().resolve(name, address).build().unwrap()
    }

    #[tokio::test]
    async fn a_server_that_is_trusted_is_talked_to() {
        let (address, certificate) = serve("hooks.test").await;
        let client = trusting(certificate, "hooks.test", address);
        let url = format!("https://hooks.test:{}/", address.port());
        assert_eq!(client.post(url).body("{}").send().await.unwrap().status(), 204);
    }

    #[tokio::test]
    async fn a_server_that_is_not_trusted_is_not_talked_to() {
        let (address, _) = serve("hooks.test").await;
        let client = client().no_proxy().resolve("hooks.test", address).build().unwrap();
        let error = client.post(format!("https://hooks.test:{}/", address.port())).send().await.unwrap_err();
        assert_eq!(why(&error), Unanswered::NotSecure("certificate not valid: unknown issuer"));
    }

    #[tokio::test]
    async fn a_certificate_for_another_name_is_not_enough() {
        let (address, certificate) = serve("others.test").await;
        let client = trusting(certificate, "hooks.test", address);
        let error = client.post(format!("https://hooks.test:{}/", address.port())).send().await.unwrap_err();
        assert_eq!(why(&error), Unanswered::NotSecure("certificate is for another name"));
    }

    #[tokio::test]
    async fn a_server_without_tls_is_not_talked_to() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            let _ = socket.read(&mut [0; 1024]).await;
        });
        let client = client().no_proxy().build().unwrap();
        let error = client.post(format!("https://{address}/secret")).send().await.unwrap_err();
        assert_eq!(why(&error), Unanswered::NotSecure("no secure connection could be made"));
    }

    #[test]
    fn authorities_are_known_on_any_system() {
        assert!(roots().len() >= webpki_roots::TLS_SERVER_ROOTS.len());
    }
}
