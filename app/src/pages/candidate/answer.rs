//! Writing and sending an answer.

use leptos::{html::Textarea, prelude::*};

use super::{draft::Draft, state::Interview, timer::seconds_left};
use crate::{
    browser,
    components::{Notice, Tone, react, words::count},
    model::{QuestionKind, QuestionView},
    validate::MAX_ANSWER,
};

/// The draft of the question that is open, for whoever has to send it.
#[derive(Clone, Copy)]
pub struct Current {
    pub question: u32,
    pub draft: RwSignal<Draft>,
}

/// The field, its state and the button.
#[component]
pub fn Answer(question: QuestionView, last: bool) -> impl IntoView {
    let interview = expect_context::<Interview>();
    let QuestionView { index, kind, deadline, .. } = question;
    let field = NodeRef::<Textarea>::new();
    let draft = RwSignal::new(Draft::new());
    interview.current.set_value(Some(Current { question: index, draft }));
    on_cleanup(move || {
        interview.current.try_update_value(|current| {
            if current.is_some_and(|current| current.question == index) {
                *current = None;
            }
        });
    });

    react(move || {
        if let Some(kept) = Draft::recall(&interview.invite(), index) {
            browser::set_text(field, &kept.text);
            draft.set(kept);
        }
        if kind == QuestionKind::Coding {
            browser::indent_with_tab(field);
        }
    });
    let write = move |_| {
        draft.update(|draft| draft.text = browser::text(field));
        draft.with_untracked(|draft| draft.keep(&interview.invite(), index));
    };
    let send = move || interview.send(index, draft.get_untracked());
    let over = RwSignal::new(false);
    let _ = seconds_left(interview, deadline, move || {
        over.set(true);
        send();
    });

    let sending = Memo::new(move |_| interview.outbox.with(|outbox| outbox.sending.contains(&index)));
    let blank = Memo::new(move |_| draft.with(|draft| draft.text.trim().is_empty()));
    let length = Memo::new(move |_| draft.with(|draft| draft.text.chars().count() as u32));
    let locked = move || !interview.awake.get() || sending.get() || over.get();
    let state = move || {
        let retrying = interview.outbox.with(|outbox| outbox.retrying);
        match (sending.get(), retrying) {
            (true, true) => "Not connected, trying again",
            (true, false) => "Saving…",
            (false, _) if blank.get() => "",
            (false, _) => "Kept on this device",
        }
    };
    let label = move || match (blank.get(), last) {
        (true, _) => "Continue without an answer",
        (false, false) => "Submit and continue",
        (false, true) => "Submit and finish",
    };
    let code = kind == QuestionKind::Coding;
    view! {
        <form
            class="stack"
            on:submit=move |event| {
                event.prevent_default();
                if !locked() {
                    send();
                }
            }
        >
            <textarea
                node_ref=field
                class="answer"
                class:code=code
                aria-label="Your answer"
                aria-describedby=code.then_some("tab-hint")
                maxlength=MAX_ANSWER
                spellcheck=if code { "false" } else { "true" }
                autocapitalize=code.then_some("off")
                autocomplete="off"
                readonly=locked
                on:input=write
            ></textarea>
            {code
                .then(|| {
                    view! {
                        <small id="tab-hint">"Tab indents. Press Escape, then Tab, to leave the field."</small>
                    }
                })}
            {move || {
                interview.outbox.with(|outbox| outbox.refused.clone())
                    .map(|text| view! { <Notice tone=Tone::Bad>{text}</Notice> })
            }}
            <div class="row">
                <small>
                    <span class="num">{move || count(length.get(), "character")}</span>
                    <span role="status" class="saving">
                        {state}
                    </span>
                </small>
                <span class="grow"></span>
                <button class="btn main big" disabled=locked>
                    {label}
                </button>
            </div>
        </form>
    }
    .into_any()
}
