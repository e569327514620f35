//! Ending the interview before its last question.

use leptos::{prelude::*, task::spawn_local};

use super::{draft::Draft, state::Interview};
use crate::{
    api::finish_interview,
    components::{Confirm, Notice, Tone},
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
            // What stands in the field is an answer too, taken in the same step, so that no further question is asked.
            let written =
                interview.current.get_value().map(|current| (current.question, current.draft.get_untracked()));
            let written = written.filter(|(_, draft)| !draft.text.trim().is_empty());
            let sent = written.clone();
            let end = move |invite| {
                let (question, id, text) = match sent.clone() {
                    Some((question, draft)) => (question, Some(draft.id), draft.text),
                    None => (0, None, String::new()),
                };
                finish_interview(invite, id, question, text)
            };
            match (interview.insist(end).await, written) {
                (Ok(_), Some((question, draft))) => Draft::forget(&interview.invite(), question, draft.id),
                (Ok(_), None) => {}
                (Err(error), _) => {
                    refused.try_set(Some(error.detail));
                }
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
