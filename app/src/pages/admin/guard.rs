//! What an admin page does when the server says no.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{NavigateOptions, components::Redirect, hooks::use_navigate};

use crate::{
    components::{AdminBar, Page},
    error::{AppError, ErrorKind},
};

/// Where people log in.
pub const LOGIN: &str = "/admin/login";

/// Instead of a page: the way to the login for strangers, the reason for everybody else.
#[component]
pub fn Refused(error: AppError) -> impl IntoView {
    if error.kind == ErrorKind::Unauthorized {
        return view! { <Redirect path=LOGIN /> }.into_any();
    }
    let title = if error.kind == ErrorKind::NotFound { "Not found" } else { "Not available right now" };
    view! {
        <Title text=title />
        <AdminBar page=Page::Session />
        <main id="main" class="narrow">
            <section class="card pad message">
                <h1>{title}</h1>
                <p>{error.detail}</p>
                <p>
                    <a class="btn" href="/admin">
                        "All interviews"
                    </a>
                </p>
            </section>
        </main>
    }
    .into_any()
}

/// What went wrong while a page is open. Goes to the login when that has ended.
#[derive(Clone, Copy)]
pub struct Trouble {
    pub text: RwSignal<Option<String>>,
    leave: Callback<()>,
}

impl Trouble {
    #[must_use]
    pub fn new() -> Self {
        let navigate = use_navigate();
        let leave = move |()| navigate(LOGIN, NavigateOptions { replace: true, ..NavigateOptions::default() });
        Self { text: RwSignal::new(None), leave: Callback::new(leave) }
    }

    /// Keeps what went wrong on the page; the answer itself when nothing did.
    pub fn note<T>(self, answer: Result<T, AppError>) -> Option<T> {
        match answer {
            Ok(value) => {
                self.text.try_maybe_update(|text| (text.take().is_some(), ()));
                Some(value)
            }
            Err(error) if error.kind == ErrorKind::Unauthorized => {
                self.leave.try_run(());
                None
            }
            Err(error) => {
                self.text.try_set(Some(error.detail));
                None
            }
        }
    }
}

/// The trouble in words.
#[component]
pub fn TroubleNotice(trouble: Trouble) -> impl IntoView {
    view! {
        <div role="status" class="news">
            {move || trouble.text.get().map(|text| view! { <p class="notice">{text}</p> })}
        </div>
    }
    .into_any()
}
