//! The way in.

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::{
    api::login,
    components::{Fields, PostForm, refused_before},
};

const ACTION: &str = "/rpc/login";

/// `/admin/login`. A plain form, so that it works without JavaScript too.
#[component]
pub fn LoginPage() -> impl IntoView {
    let query = use_query_map();
    let used_link = query.with_untracked(|query| query.get_str("reason") == Some("link"));
    let problem = RwSignal::new(match refused_before(ACTION) {
        Some(error) => Some(error.words().to_owned()),
        None if used_link => {
            Some("That login link was used already or is too old. Log in with your password.".to_owned())
        }
        None => None,
    });
    let busy = RwSignal::new(false);
    let send = move |fields: Fields| {
        busy.set(true);
        spawn_local(async move {
            // When it succeeds, the answer sends the page on.
            let refused = login(fields.one("email"), fields.one("password")).await.err();
            problem.try_set(refused.map(|error| error.words().to_owned()));
            busy.try_set(false);
        });
    };
    view! {
        <Title text="Log in" />
        <main id="main" class="login">
            <p class="mark">
                <a href="/" rel="external">"Parallel Interview"</a>
            </p>
            <section class="card pad">
                <h1>"Log in"</h1>
                <PostForm action=ACTION on_send=Callback::new(send)>
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
                        <button type="submit" class="btn main big" disabled=busy>
                            "Log in"
                        </button>
                    </div>
                </PostForm>
            </section>
            <p class="dim">"Candidates need no login: the link from the invitation is enough."</p>
        </main>
    }
    .into_any()
}
