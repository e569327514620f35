//! The room: the question in the middle, the candidate's own picture and the clock beside it. It stays while questions come
//! and go, so that the live video is not interrupted.

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;

use super::{
    aside::Aside,
    question::Question,
    ready::Ready,
    state::Interview,
    step::{Place, place},
};
use crate::{api::open_question, components::react};

/// Everything between the device check and the end.
#[component]
pub fn Room() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let shown = Memo::new(move |_| interview.view.with(place));
    interview.link.keep(interview);
    let body = move |place| match place {
        Place::Ready => view! { <Ready /> }.into_any(),
        Place::Question(_) => interview
            .view
            .with_untracked(|view| view.question.clone())
            .map_or_else(|| ().into_any(), |question| view! { <Question question=question /> }.into_any()),
        Place::Between => view! { <Between /> }.into_any(),
    };
    view! {
        <div class="room">
            <main id="main" class="stack">
                // Keyed, so that each question gets a field of its own and not the last one's, with its text and listeners.
                <For each=move || [shown.get()] key=|place| *place children=body />
            </main>
            <Aside />
        </div>
    }
    .into_any()
}

/// Asks for the next question, because the last one's time ran out while nobody was here.
#[component]
fn Between() -> impl IntoView {
    let interview = expect_context::<Interview>();
    react(move || {
        spawn_local(async move {
            // A refusal means that the interview moved on; the poll shows where to.
            let _ = interview.insist(open_question).await;
        });
    });
    view! {
        <Title text="Next question" />
        <p class="lead" role="status">
            "Getting the next question…"
        </p>
    }
    .into_any()
}
