//! The way in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::Login;

/// `/admin/login`. A plain form, so that it works without JavaScript too.
#[component]
pub fn LoginPage() -> impl IntoView {
    let login = ServerAction::<Login>::new();
    let query = use_query_map();
    let used_link = move || query.with(|query| query.get_str("reason") == Some("link"));
    let problem = move || match login.value().get() {
        Some(Err(error)) => Some(error.detail),
        _ if used_link() => {
            Some("That login link was used already or is too old. Log in with your password.".to_owned())
        }
        _ => None,
    };
    view! {
        <Title text="Log in" />
        <main id="main" class="login">
            <p class="mark">
                <a href="/">"Parallel Interview"</a>
            </p>
            <section class="card pad">
                <h1>"Log in"</h1>
                <ActionForm action=login>
                    <div class="stack">
                        <label class="field">
                            <span>"E-mail address"</span>
                            <input type="email" name="email" required autocomplete="username" autofocus />
                        </label>
                        <label class="field">
                            <span>"Password"</span>
                            <input type="password" name="password" required autocomplete="current-password" />
                        </label>
                        <p class="problem" role="alert">
                            {problem}
                        </p>
                        <button type="submit" class="btn main big" disabled=login.pending()>
                            "Log in"
                        </button>
                    </div>
                </ActionForm>
            </section>
            <p class="dim">"Candidates need no login: the link from the invitation is enough."</p>
        </main>
    }
    .into_any()
}
