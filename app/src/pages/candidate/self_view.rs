//! The candidate's own picture.

use leptos::{html::Video, prelude::*};

use crate::{browser, components::react};

/// What the camera shows, or `note` in its place while it does not work.
#[component]
pub fn SelfView(works: Memo<bool>, note: &'static str, #[prop(optional)] small: bool) -> impl IntoView {
    let picture = NodeRef::<Video>::new();
    react(move || browser::show_camera(picture));
    view! {
        <div class="cam mirror" class:small=small data-testid="self-view">
            <video
                node_ref=picture
                autoplay
                muted
                playsinline
                aria-label="Your camera's picture"
                class:off=move || !works.get()
            ></video>
            <span class="cam-note" class:off=works>
                {note}
            </span>
        </div>
    }
    .into_any()
}
