//! The way in.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::Login;

/// `/admin/login`. A plain form, so that it works without JavaScript too.
#[component]
pub fn LoginPage() -> impl IntoView {
    let login = ServerAction::<Login>::new();
    let problem = move || login.value().get().and_then(Result::err).map(|error| error.detail);
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
