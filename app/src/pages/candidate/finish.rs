//! Ending the interview before its last question.

use leptos::{prelude::*, task::spawn_local};

use super::state::Interview;
use crate::{
    api::finish_interview,
    browser,
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
            let written = interview.current.get_value().map(|current| current.draft.get_untracked());
            let written = written.filter(|draft| !draft.text.trim().is_empty());
            if let Some(draft) = &written {
                browser::watch_answer(draft.text.chars().count());
            }
            let sent = written.clone();
            let end = move |invite| match sent.clone() {
                Some(draft) => finish_interview(invite, Some(draft.id), draft.question, draft.text),
                None => finish_interview(invite, None, 0, String::new()),
            };
            match (interview.insist(end).await, written) {
                (Ok(_), Some(draft)) => browser::journal_forget(&interview.invite(), draft.question, draft.rev).await,
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
