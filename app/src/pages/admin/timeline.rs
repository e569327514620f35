//! What happened in a session, step by step.

use leptos::{html::Details, prelude::*, task::spawn_local};

use super::guard::Trouble;
use crate::{
    api::load_timeline,
    browser,
    components::{
        react,
        words::{clock, more_happened},
    },
    model::{SessionDetail, SessionId, TimelineEntry},
};

/// Loaded when it is opened, and again while it is open and the session moves on.
#[component]
pub fn Timeline(id: SessionId, detail: RwSignal<SessionDetail>, trouble: Trouble) -> impl IntoView {
    let open = RwSignal::new(false);
    let entries = RwSignal::new(Vec::<TimelineEntry>::new());
    let left_out = RwSignal::new(0);
    let seq = Memo::new(move |_| detail.with(|detail| detail.seq));
    let details = NodeRef::<Details>::new();
    // It may have been opened before this page was awake.
    let look = move || open.set(browser::is_open(details));
    react(look);
    react(move || {
        // Got, not only tracked: a memo that nobody gets follows nothing.
        seq.get();
        if open.get() {
            spawn_local(async move {
                if let Some(loaded) = trouble.note(load_timeline(id).await) {
                    entries.try_set(loaded.entries);
                    left_out.try_set(loaded.left_out);
                }
            });
        }
    });
    let created_at = detail.with_untracked(|detail| detail.created_at);
    let line = move |entry: TimelineEntry| {
        view! {
            <li>
                <span class="num">{clock(entry.at.since(created_at) / 1000)}</span>
                <span>{entry.text}</span>
            </li>
        }
    };
    view! {
        <details class="card" node_ref=details on:toggle=move |_| look()>
            <summary>"Timeline"</summary>
            <p class="pad dim">"Minutes and seconds since the interview was made."</p>
            <ol class="timeline">
                <For each=move || entries.get() key=|entry| entry.seq children=line />
            </ol>
            <Show when=move || left_out.get() != 0>
                <p class="pad dim">{move || more_happened(left_out.get())}</p>
            </Show>
        </details>
    }
    .into_any()
}
