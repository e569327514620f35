//! Addresses that lead nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

/// Sets the response's status to 404. In a browser there is no response left to set.
pub(super) mod status {
    #[cfg(not(feature = "ssr"))]
    pub fn not_found() {}

    #[cfg(feature = "ssr")]
    pub fn not_found() {
        if let Some(response) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>() {
            response.set_status(axum::http::StatusCode::NOT_FOUND);
        }
    }
}

/// The page for unknown addresses.
#[component]
pub fn Missing() -> impl IntoView {
    status::not_found();
    view! {
        <Title text="Page not found" />
        <main id="main" class="narrow">
            <section class="card pad message">
                <h1>"There is no page here"</h1>
                <p>"The address may be incomplete. If it came in an invitation, open the link from there once more."</p>
                <p>
                    <a class="btn" href="/" rel="external">
                        "Go to the start"
                    </a>
                </p>
            </section>
        </main>
    }
    .into_any()
}
