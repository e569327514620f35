//! Ending the interview before its last question.

use leptos::{prelude::*, task::spawn_local};

use super::state::Interview;
use crate::{
    api::{finish_interview, submit_answer},
    components::{Confirm, Notice, Tone},
    model::Status,
};

/// The button, and the question whether it is meant.
#[component]
pub fn Finish() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let asked = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let refused = RwSignal::new(None::<String>);
    let finish = move |()| {
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            // What stands in the field is an answer too. If it is refused, its time was over.
            if let Some(current) = interview.current.get_value() {
                let draft = current.draft.get_untracked();
                if !draft.text.trim().is_empty() {
                    let (id, text) = (draft.id, draft.text);
                    let send = move |invite| submit_answer(invite, id, current.question, text.clone());
                    let _ = interview.insist(send).await;
                }
            }
            let over = interview.view.try_with_untracked(|view| view.status == Status::Completed);
            if over == Some(false)
                && let Err(error) = interview.insist(finish_interview).await
            {
                refused.try_set(Some(error.detail));
            }
            busy.try_set(false);
        });
    };
    view! {
        <div class="row finish">
            <span class="grow"></span>
            <button
                type="button"
                class="btn quiet small"
                disabled=move || busy.get() || !interview.awake.get()
                on:click=move |_| asked.set(true)
            >
                "Finish interview"
            </button>
        </div>
        {move || refused.get().map(|text| view! { <Notice tone=Tone::Bad>{text}</Notice> })}
        <Confirm
            open=asked
            title="Finish the interview now?".to_owned()
            yes="Finish now"
            no="Go on"
            on_yes=Callback::new(finish)
        >
            <p>"What you have written for this question is sent. Questions that have not been asked yet stay unanswered."</p>
            <p>"This cannot be undone."</p>
        </Confirm>
    }
    .into_any()
}
