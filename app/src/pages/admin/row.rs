//! One session in the dashboard's table.

use leptos::prelude::*;

use super::actions::{Actions, Deed, Subject};
use crate::{
    components::words::{age, contact, status},
    model::{Dashboard, SessionId, SessionSummary, Status},
};

/// A row that stays in place while its numbers change.
#[component]
pub fn Row(id: SessionId, dashboard: RwSignal<Dashboard>, actions: Actions) -> impl IntoView {
    let find = move |dashboard: &Dashboard| dashboard.sessions.iter().find(|session| session.id == id).cloned();
    // Keeps its last value for the moment in which the row is about to go.
    let session = Memo::new_with_compare(
        move |before: Option<&Option<SessionSummary>>| dashboard.with(find).or_else(|| before.cloned().flatten()),
        |before, now| before != now,
    );
    let of = move |value: fn(&SessionSummary) -> u32| session.with(|session| session.as_ref().map_or(0, value));
    let name = move || session.with(|s| s.as_ref().map(|s| s.candidate.name.clone()));
    let under = move || {
        session.with(|s| {
            let session = s.as_ref()?;
            let job = session.job.as_ref().map(|job| format!("{} · ", job.title)).unwrap_or_default();
            Some(format!("{job}{}", session.candidate.email))
        })
    };
    let state = Memo::new(move |_| session.with(|s| s.as_ref().map(|s| (s.status, s.present))));
    let whereabouts = Memo::new(move |_| {
        dashboard.with(|dashboard| {
            let session = find(dashboard).filter(|session| session.status != Status::Completed && !session.present)?;
            contact(session.contact, dashboard.server_now)
        })
    });
    let shown_age = Memo::new(move |_| {
        dashboard.with(|dashboard| find(dashboard).map(|session| age(session.created_at, dashboard.server_now)))
    });
    let address = format!("/admin/session/{id}");
    let email = move || session.with(|s| s.as_ref().map(|s| s.candidate.email.clone()));
    let subject = move || Subject { id, name: name().unwrap_or_default(), email: email().unwrap_or_default() };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a href=address.clone()>{name}</a>
                <small class="clip">{under}</small>
            </th>
            <td role="cell">
                {move || {
                    state
                        .get()
                        .map(|(now, present)| {
                            let (word, class) = status(now);
                            view! {
                                <span class=class>{word}</span>
                                {present.then(|| view! { <span class="tag">"Live"</span> })}
                            }
                        })
                }}
                {move || whereabouts.get().map(|words| view! { <span class="tag">{words}</span> })}
            </td>
            <td role="cell">
                <progress
                    aria-label=move || format!("Progress of {}", name().unwrap_or_default())
                    value=move || of(|s| s.answered)
                    max=move || of(|s| s.max_questions).max(1)
                ></progress>
                <span class="num">{move || format!("{} / {}", of(|s| s.answered), of(|s| s.max_questions))}</span>
            </td>
            <td role="cell" data-label="Violations" class="num" class:flagged=move || 0 < of(|s| s.violations_count)>
                {move || of(|s| s.violations_count)}
            </td>
            <td role="cell" data-label="Age" class="num">
                {shown_age}
            </td>
            <td role="cell" class="acts">
                <a class="btn quiet small" href=address aria-label=move || format!("Open {}", name().unwrap_or_default())>
                    "Open"
                </a>
                {move || {
                    match state.get()?.0 {
                        Status::Initialized => Some(act(actions, "Start", Deed::Start, subject())),
                        Status::InProgress => Some(act(actions, "End", Deed::End, subject())),
                        Status::Completed => None,
                    }
                }}
                {move || act(actions, "Delete", Deed::Delete, subject())}
            </td>
        </tr>
    }
    .into_any()
}

fn act(actions: Actions, label: &'static str, deed: Deed, subject: Subject) -> AnyView {
    let name = format!("{label} {}", subject.name);
    view! {
        <button
            type="button"
            class="btn quiet small"
            aria-label=name
            disabled=move || actions.is_busy()
            on:click=move |_| actions.ask(deed, subject.clone())
        >
            {label}
        </button>
    }
    .into_any()
}
