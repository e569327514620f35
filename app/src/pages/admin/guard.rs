//! What an admin page does when the server says no.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{NavigateOptions, components::Redirect, hooks::use_navigate};

use crate::{
    components::{AdminBar, Page, above_form, refused_before},
    error::{AppError, ErrorKind, Field},
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
                <p>{error.words().to_owned()}</p>
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
    /// Why what is shown may be old.
    stale: RwSignal<Option<AppError>>,
    /// Why what was asked for was not done. It stays until something else is asked for.
    pub refused: RwSignal<Option<AppError>>,
    /// Where else on the page something may stand as refused.
    places: StoredValue<Vec<RwSignal<Option<AppError>>>>,
    leave: Callback<()>,
}

impl Trouble {
    #[must_use]
    pub fn new() -> Self {
        let navigate = use_navigate();
        let leave = move |()| navigate(LOGIN, NavigateOptions { replace: true, ..NavigateOptions::default() });
        Self::with(Callback::new(leave))
    }

    fn with(leave: Callback<()>) -> Self {
        let refused = RwSignal::new(None);
        Self { stale: RwSignal::new(None), refused, places: StoredValue::new(vec![refused]), leave }
    }

    /// For a form that says itself what was refused there, also of what the browser sent to `action` without JavaScript.
    #[must_use]
    pub fn of_form(self, action: &str) -> Self {
        let refused = RwSignal::new(refused_before(action));
        self.places.update_value(|places| places.push(refused));
        Self { refused, ..self }
    }

    /// Keeps what went wrong with looking; the answer itself when nothing did.
    pub fn note<T>(self, answer: Result<T, AppError>) -> Option<T> {
        self.keep(self.stale, answer)
    }

    /// Keeps what went wrong with a deed, in place of what was refused before; the answer itself when nothing did.
    pub fn tried<T>(self, answer: Result<T, AppError>) -> Option<T> {
        if answer.is_err() {
            for place in self.places.try_get_value().unwrap_or_default() {
                place.try_maybe_update(|known| (known.take().is_some(), ()));
            }
        }
        self.keep(self.refused, answer)
    }

    fn keep<T>(self, place: RwSignal<Option<AppError>>, answer: Result<T, AppError>) -> Option<T> {
        match answer {
            Ok(value) => {
                place.try_maybe_update(|known| (known.take().is_some(), ()));
                Some(value)
            }
            Err(error) if error.kind == ErrorKind::Unauthorized => {
                self.leave.try_run(());
                None
            }
            Err(error) => {
                place.try_set(Some(error));
                None
            }
        }
    }

    /// What was refused, but for what is said beside these fields.
    pub fn above(self, fields: &'static [Field]) -> impl Fn() -> Option<AnyView> {
        move || self.refused.with(|error| above_form(error.as_ref(), fields))
    }
}

/// The trouble in words.
#[component]
pub fn TroubleNotice(trouble: Trouble) -> impl IntoView {
    view! {
        <div role="status" class="news">
            {move || trouble.stale.get().map(|error| view! { <p class="notice">{error.words().to_owned()}</p> })}
        </div>
        {trouble.above(&[])}
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_page_shows_the_last_refusal_only() {
        let owner = Owner::new();
        owner.set();
        let page = Trouble::with(Callback::new(|()| {}));
        let (messages, time) = (page.of_form("/a"), page.of_form("/b"));
        let refused = || Err::<(), _>(AppError::bad_request("No."));
        let shown = || [page, messages, time].map(|trouble| trouble.refused.with_untracked(Option::is_some));
        time.tried(refused());
        assert_eq!(shown(), [false, false, true]);
        messages.tried(refused());
        assert_eq!(shown(), [false, true, false]);
        page.tried(refused());
        assert_eq!(shown(), [true, false, false]);
        time.tried(Ok(()));
        assert_eq!(shown(), [true, false, false]);
    }
}
