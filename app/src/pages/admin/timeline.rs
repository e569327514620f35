//! What happened in a session, step by step.

use leptos::{prelude::*, task::spawn_local};

use super::guard::Trouble;
use crate::{
    api::load_timeline,
    components::{react, words::clock},
    model::{SessionDetail, SessionId, TimelineEntry},
};

/// Loaded when it is opened, and again while it is open and the session moves on.
#[component]
pub fn Timeline(id: SessionId, detail: RwSignal<SessionDetail>, trouble: Trouble) -> impl IntoView {
    let open = RwSignal::new(false);
    let entries = RwSignal::new(Vec::<TimelineEntry>::new());
    let seq = Memo::new(move |_| detail.with(|detail| detail.seq));
    react(move || {
        seq.track();
        if open.get() {
            spawn_local(async move {
                if let Some(loaded) = trouble.note(load_timeline(id).await) {
                    entries.try_set(loaded);
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
        <details class="card" on:toggle=move |_| open.update(|open| *open = !*open)>
            <summary>"Timeline"</summary>
            <p class="pad dim">"Minutes and seconds since the interview was made."</p>
            <ol class="timeline">
                <For each=move || entries.get() key=|entry| entry.seq children=line />
            </ol>
        </details>
    }
    .into_any()
}
