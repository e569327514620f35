//! A question before something that cannot be undone.

use leptos::{html::Dialog, prelude::*};

use super::react;
use crate::browser;

/// A dialog over the page while `open` is set. `on_yes` runs when the person agrees.
#[component]
pub fn Confirm(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// The words on the button that does it.
    yes: &'static str,
    #[prop(default = "Cancel")] no: &'static str,
    on_yes: Callback<()>,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<Dialog>::new();
    let mut before = false;
    react(move || {
        let now = open.get();
        if now {
            browser::show_modal(node);
        } else if before {
            browser::close_modal(node);
        }
        before = now;
    });
    view! {
        <dialog node_ref=node class="card" aria-label=title on:close=move |_| open.set(false)>
            <div class="pad">
                <h2>{title}</h2>
                <div class="prose">{children()}</div>
                <div class="row end">
                    <button type="button" class="btn" on:click=move |_| open.set(false)>
                        {no}
                    </button>
                    <button
                        type="button"
                        class="btn stop"
                        on:click=move |_| {
                            open.set(false);
                            on_yes.run(());
                        }
                    >
                        {yes}
                    </button>
                </div>
            </div>
        </dialog>
    }
    .into_any()
}
