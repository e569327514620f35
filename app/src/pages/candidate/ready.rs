//! The last moment before the first question.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{preparation::Preparation, state::Interview};
use crate::{
    api::start_interview,
    browser,
    components::{Heading, Notice, Tone, words::count},
};

/// Waits for the candidate's word: no clock runs before it.
#[component]
pub fn Ready() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None);
    let fullscreen = interview.view.with_untracked(|view| view.asks.fullscreen);
    let start = move |_| {
        if fullscreen {
            browser::enter_fullscreen();
        }
        interview.command(busy, refused, start_interview);
    };
    let total = interview.view.with_untracked(|view| view.total_questions());
    view! {
        <Title text="Ready to start" />
        <Preparation />
        <Heading>"Ready when you are"</Heading>
        <p class="lead">
            {format!("You will get {}, one after the other. The clock of the first one starts when you press the button.", count(total, "question"))}
        </p>
        <ul class="list">
            <li>"Have a glass of water at hand, and close what might disturb you."</li>
            <li>"What you write is saved on this device as you type. A lost connection costs you nothing you wrote."</li>
            {fullscreen
                .then(|| {
                    view! {
                        <li>
                            "The page fills the screen when you start, because the hiring team asks for it. Leaving it is noted; a button brings it back."
                        </li>
                    }
                })}
            <li>"When the time for a question is over, what you have written is sent by itself."</li>
        </ul>
        {move || refused.get().map(|text: String| view! { <Notice tone=Tone::Bad>{text}</Notice> })}
        <div class="row">
            <button
                type="button"
                class="btn main big"
                disabled=move || busy.get() || !interview.awake.get()
                on:click=start
            >
                "Start the interview"
            </button>
        </div>
    }
    .into_any()
}
