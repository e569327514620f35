//! A link to pass on.

use leptos::{html::Input, prelude::*, task::spawn_local};

use crate::browser;

/// A field that shows `text`, and a button that copies it.
#[component]
pub fn CopyField(label: &'static str, text: String) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let said = RwSignal::new("");
    let shown = text.clone();
    let copy = move |_| {
        let text = text.clone();
        spawn_local(async move {
            let copied = browser::copy(text, field).await;
            said.try_set(if copied { "Copied" } else { "Press Ctrl+C or ⌘C to copy" });
        });
    };
    view! {
        <div class="copy">
            <label class="field">
                <span>{label}</span>
                <input node_ref=field type="text" readonly value=shown spellcheck="false" />
            </label>
            <button type="button" class="btn" on:click=copy>
                "Copy link"
            </button>
            <small role="status">{said}</small>
        </div>
    }
    .into_any()
}
