//! How far an interview is.

use leptos::prelude::*;

/// Segments of a bar past which single questions can no longer be told apart.
const MAX_SEGMENTS: u32 = 20;

/// A bar with one segment for each question: dealt with, open now, still to come.
#[component]
pub fn Steps(#[prop(into)] done: Signal<u32>, total: u32) -> impl IntoView {
    if total > MAX_SEGMENTS {
        return view! { <progress class="wide" aria-label="Progress" value=done max=total></progress> }.into_any();
    }
    let segment = move |index: u32| {
        let class = move || match done.get() {
            done if index < done => "on",
            done if index == done => "now",
            _ => "",
        };
        view! { <i class=class></i> }
    };
    view! {
        <div class="steps" aria-hidden="true">
            {(0..total).map(segment).collect_view()}
        </div>
    }
    .into_any()
}
