//! The bar above admin pages.

use leptos::prelude::*;

/// The admin pages that the bar links to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Interviews,
    Review,
    Jobs,
    Invitations,
    Webhooks,
    New,
    /// One that the bar does not link to.
    Session,
}

/// Name, navigation and the way out.
#[component]
pub fn AdminBar(page: Page) -> impl IntoView {
    let current = move |this: Page| (this == page).then_some("page");
    view! {
        <a class="skip" href="#main">
            "Skip to content"
        </a>
        <header class="bar">
            <a class="mark" href="/admin">
                "Parallel Interview"
            </a>
            <nav aria-label="Main">
                <a href="/admin" aria-current=current(Page::Interviews)>
                    "Interviews"
                </a>
                // The server alone makes these pages: the browser loads them as any other document.
                <a href="/admin/review" rel="external" aria-current=current(Page::Review)>
                    "Review"
                </a>
                <a href="/admin/jobs" rel="external" aria-current=current(Page::Jobs)>
                    "Jobs"
                </a>
                <a href="/admin/invitations" rel="external" aria-current=current(Page::Invitations)>
                    "Invitations"
                </a>
                <a href="/admin/webhooks" rel="external" aria-current=current(Page::Webhooks)>
                    "Webhooks"
                </a>
            </nav>
            <span class="grow"></span>
            <a class="btn main" href="/admin/new" aria-current=current(Page::New)>
                "New interview"
            </a>
            // A plain form: whatever the page knew is gone with it.
            <form method="post" action="/rpc/logout">
                <button type="submit" class="btn quiet">
                    "Log out"
                </button>
            </form>
        </header>
    }
    .into_any()
}
