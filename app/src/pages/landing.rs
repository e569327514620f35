//! What stands at the root address.

use leptos::prelude::*;
use leptos_meta::Title;

/// Says what this is and sends everybody to the right door.
#[component]
pub fn Landing() -> impl IntoView {
    view! {
        <Title text="Parallel Interview" />
        <header class="bar">
            <span class="mark">"Parallel Interview"</span>
            <span class="grow"></span>
            <a class="btn" href="/admin">
                "For hiring teams"
            </a>
        </header>
        <main id="main" class="narrow">
            <section class="hero">
                <h1>"Many interviews at once, each one its own."</h1>
                <p class="lead">
                    "Candidates answer in their browser, at their own pace and with a fair clock. Hiring teams watch live and see every interview on one page."
                </p>
            </section>
            <div class="doors">
                <section class="card pad">
                    <h2>"You were invited to an interview"</h2>
                    <p>
                        "Open the link from your invitation. It leads straight to your interview; there is nothing to install and no account to make."
                    </p>
                    <p class="dim">"Lost the link? The people who invited you can send it again."</p>
                </section>
                <section class="card pad">
                    <h2>"You are hiring"</h2>
                    <p>"Invite candidates, watch interviews as they happen, and read the answers."</p>
                    <p>
                        <a class="btn main" href="/admin">
                            "Go to the interviews"
                        </a>
                    </p>
                </section>
            </div>
        </main>
    }
    .into_any()
}
