//! The application: pages, typed server functions, domain and services, compiled for the server and for the browser.
#![recursion_limit = "256"]

pub mod api;
pub mod error;
pub mod interview;
pub mod model;
#[cfg(feature = "ssr")]
pub mod ports;
#[cfg(feature = "ssr")]
pub mod service;
pub mod validate;

use leptos::prelude::*;

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    view! { <p>"Parallel Interview"</p> }
}

/// The document around the application.
#[cfg(feature = "ssr")]
#[must_use]
pub fn shell() -> impl IntoView {
    view! { <html><body><App/></body></html> }
}
