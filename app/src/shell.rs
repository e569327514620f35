//! The HTML document around every page, and what it may load.

use axum::http::{HeaderValue, header, request::Parts};
use leptos::{
    nonce::{Nonce, use_nonce},
    prelude::*,
};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::{
    App,
    service::{AppState, Program},
};

/// The whole document. Takes the addresses of scripts and styles from the [`AppState`] in context.
#[must_use]
pub fn shell() -> impl IntoView {
    let state = expect_context::<AppState>();
    let assets = state.assets.clone();
    let nonce = use_nonce();
    restrict(nonce.as_ref(), &connections(state.sessions.public_url(), state.rooms.address()));
    let style = (!assets.style.is_empty()).then(|| view! { <link rel="stylesheet" href=assets.style.clone() /> });
    let program = use_context::<Parts>().and_then(|parts| assets.program(parts.uri.path()).map(|it| links(it, nonce)));
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                {style}
                {program}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// What makes the page live. Left out when the browser's side was not built: the page then stays plain HTML.
fn links(program: &Program, nonce: Option<Nonce>) -> impl IntoView + use<> {
    let modules = std::iter::once(&program.boot).chain(&program.preload).cloned();
    let modules = modules.map(|href| view! { <link rel="modulepreload" href=href /> }).collect_view();
    view! {
        {modules}
        <link rel="preload" r#as="fetch" r#type="application/wasm" crossorigin="" href=program.wasm.clone() />
        <script r#type="module" src=program.boot.clone() nonce=nonce></script>
    }
}

/// Sets the Content-Security-Policy. The editor for code brings its styles as an element, which it marks with the nonce of the
/// page's own script.
fn restrict(nonce: Option<&Nonce>, connections: &str) {
    let Some(response) = use_context::<ResponseOptions>() else { return };
    let nonce = nonce.map(|nonce| format!(" 'nonce-{nonce}'")).unwrap_or_default();
    let policy = format!(
        "default-src 'self'; script-src 'self'{nonce} 'wasm-unsafe-eval'; style-src 'self'{nonce}; \
         connect-src {connections}; media-src 'self' blob:; img-src 'self' data: blob:; \
         worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    );
    if let Ok(value) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, value);
    }
}

/// Where pages may connect to. A LiveKit may send its clients on to other hosts, such as a cloud's regions, so hosts are free.
/// Pages that come by https connect by TLS only, but for a LiveKit that has none: browsers allow that on the same machine.
fn connections(public_url: &str, livekit: Option<&str>) -> String {
    if !public_url.starts_with("https:") {
        return "'self' ws: wss: http: https:".to_owned();
    }
    let plain = livekit.and_then(|url| url.strip_prefix("ws://")).and_then(|rest| rest.split('/').next());
    let plain = plain.map(|host| format!(" ws://{host} http://{host}")).unwrap_or_default();
    format!("'self' wss: https:{plain}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_by_https_connect_by_tls_or_to_the_livekit_that_has_none() {
        assert_eq!(connections("https://a.example", None), "'self' wss: https:");
        assert_eq!(connections("https://a.example", Some("wss://b.example")), "'self' wss: https:");
        let local = connections("https://a.example", Some("ws://127.0.0.1:7880/"));
        assert_eq!(local, "'self' wss: https: ws://127.0.0.1:7880 http://127.0.0.1:7880");
        let free = connections("http://127.0.0.1:3000", Some("ws://127.0.0.1:7880"));
        assert_eq!(free, "'self' ws: wss: http: https:");
    }
}
