//! The application: pages, typed server functions, domain and services, compiled for the server and for the browser.
#![recursion_limit = "256"]

pub mod api;
pub mod browser;
mod components;
#[cfg(feature = "ssr")]
pub mod desk;
pub mod error;
pub mod interview;
pub mod model;
mod pages;
#[cfg(feature = "ssr")]
pub mod ports;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod shell;
pub mod validate;

pub use components::{Fields, violation_words, words};

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use self::pages::{
    Landing, Missing,
    admin::{DashboardPage, LoginPage, NewPage, SessionPage},
    candidate::CandidatePage,
};
#[cfg(feature = "ssr")]
pub use self::shell::shell;

/// The whole application, as the server renders it. Pages are rendered in one piece, so that they can be read without scripts.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Heading />
        <Router>
            <FlatRoutes fallback=Missing>
                <Route path=path!("/") view=Landing ssr=SsrMode::Async />
                <Route path=path!("/i/:invite") view=CandidatePage ssr=SsrMode::Async />
                <Route path=path!("/admin/login") view=LoginPage ssr=SsrMode::Async />
                <Route path=path!("/admin") view=DashboardPage ssr=SsrMode::Async />
                <Route path=path!("/admin/new") view=NewPage ssr=SsrMode::Async />
                <Route path=path!("/admin/session/:id") view=SessionPage ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}

/// What a candidate's browser needs of it, so that it loads no more than that.
#[component]
pub fn CandidateApp() -> impl IntoView {
    provide_meta_context();
    view! {
        <Heading />
        <Router>
            <FlatRoutes fallback=Missing>
                <Route path=path!("/i/:invite") view=CandidatePage />
            </FlatRoutes>
        </Router>
    }
}

/// What the browsers of hiring people need of it.
#[component]
pub fn AdminApp() -> impl IntoView {
    provide_meta_context();
    view! {
        <Heading />
        <Router>
            <FlatRoutes fallback=Missing>
                <Route path=path!("/admin/login") view=LoginPage />
                <Route path=path!("/admin") view=DashboardPage />
                <Route path=path!("/admin/new") view=NewPage />
                <Route path=path!("/admin/session/:id") view=SessionPage />
            </FlatRoutes>
        </Router>
    }
}

/// The documents' titles.
#[component]
fn Heading() -> impl IntoView {
    view! {
        <Title formatter=|text: String| match text.as_str() {
            "" | "Parallel Interview" => "Parallel Interview".to_owned(),
            text => format!("{text} · Parallel Interview"),
        } />
    }
}
