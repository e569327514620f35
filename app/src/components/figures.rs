//! The six figures of the system.

use leptos::prelude::*;

use crate::model::Stats;

/// The figures as cards. Sources that did not answer are named.
#[component]
pub fn Figures(#[prop(into)] stats: Signal<Stats>) -> impl IntoView {
    let figure = move |label: &'static str, note: &'static str, value: fn(&Stats) -> u64| {
        view! {
            <div class="figure">
                <dt>{label}</dt>
                <dd>
                    <b class="num">{move || stats.with(value)}</b>
                    <small>{note}</small>
                </dd>
            </div>
        }
    };
    let stale = move || {
        stats.with(|stats| {
            let names: Vec<_> = stats.stale.iter().map(|source| source_name(source)).collect();
            (!names.is_empty()).then(|| {
                let text = format!("Not answering: {}. What is shown is the last known.", names.join(", "));
                view! { <p class="notice">{text}</p> }
            })
        })
    };
    view! {
        <section aria-label="Figures" class="stack">
            <dl class="figures">
                {figure("Active now", "in progress", |s| s.active_sessions)}
                {figure("Waiting", "not started yet", |s| s.initialized_sessions)}
                {figure("Completed", "all time", |s| s.completed_sessions)}
                {figure("Sessions", "in all", |s| s.total_sessions)}
                {figure("Live rooms", "open for video", |s| s.active_livekit_rooms)}
                {figure("In memory", "in use on this server", |s| s.in_memory_sessions)}
            </dl>
            <div role="status" class="news">{stale}</div>
        </section>
    }
    .into_any()
}

fn source_name(source: &str) -> &str {
    match source {
        "store" => "the database",
        "livekit" => "LiveKit",
        other => other,
    }
}
