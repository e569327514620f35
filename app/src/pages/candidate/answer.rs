//! Writing and sending an answer.

use leptos::{html::Textarea, prelude::*, task::spawn_local};

use super::{
    draft::{Kept, empty},
    state::Interview,
    timer::seconds_left,
    tools::Tools,
};
use crate::{
    browser,
    components::{Confirm, Notice, Tone, react, words::count},
    model::{Draft, MAX_ANSWER, QuestionKind, QuestionView},
};

/// What is being written now, for whoever has to send or change it.
#[derive(Clone, Copy)]
pub struct Current {
    pub question: u32,
    field: NodeRef<Textarea>,
    pub draft: RwSignal<Draft>,
    /// The revision that the server has.
    pub acknowledged: RwSignal<u64>,
}

impl Current {
    /// Brings the keyboard back to the field.
    pub fn go_on_writing(self) {
        browser::focus(self.field);
    }

    /// Takes over what another page or an earlier visit wrote, if it is later than what stands here.
    pub fn catch_up(self, other: &Draft) {
        let later = self.draft.try_with_untracked(|draft| draft.question == other.question && draft.rev < other.rev);
        if later == Some(true) {
            browser::set_text(self.field, &other.text);
            self.draft.set(other.clone());
        }
    }
}

/// The field, its state and the button.
#[component]
pub fn Answer(question: QuestionView, last: bool) -> impl IntoView {
    let interview = expect_context::<Interview>();
    let QuestionView { index, kind, max_answer, .. } = question;
    let field = NodeRef::<Textarea>::new();
    let draft = RwSignal::new(empty(index));
    // Until the journal has been read, what is written now would be in its way.
    let ready = RwSignal::new(false);
    let current = Current { question: index, field, draft, acknowledged: RwSignal::new(0) };
    interview.current.set_value(Some(current));
    on_cleanup(move || {
        interview.current.try_update_value(|current| {
            if current.is_some_and(|current| current.question == index) {
                *current = None;
            }
        });
    });

    react(move || {
        // Again when this page is used again: another one may have written meanwhile.
        if interview.link.elsewhere.get() {
            return;
        }
        spawn_local(async move {
            let kept = Kept::recall(&interview.invite()).await;
            let kept = kept.into_iter().map(|kept| kept.draft).find(|draft| draft.question == index);
            let known = interview.view.try_with_untracked(|view| view.draft.clone()).flatten();
            // It may still be that of the question before.
            if let Some(known) = known.filter(|draft| draft.question == index) {
                current.catch_up(&known);
                current.acknowledged.try_set(known.rev);
            }
            kept.iter().for_each(|kept| current.catch_up(kept));
            ready.try_set(true);
        });
    });
    let write = move |_| {
        draft.update(|draft| {
            draft.text = browser::text(field);
            draft.rev += 1;
        });
        let kept = Kept { draft: draft.get_untracked(), submitted: false };
        spawn_local(async move { kept.keep(&interview.invite()).await });
    };
    let send = move || interview.send(draft.get_untracked());
    let left = seconds_left(interview);
    let over = Memo::new(move |_| left.get() <= 0);
    react(move || {
        // What the clock shows may be behind the server's word while they are not connected.
        let known = interview.is_up_to_date() && !interview.link.elsewhere.get();
        if over.get() && known && ready.get() && interview.seconds_left() <= 0 {
            send();
        }
    });

    let sending = Memo::new(move |_| interview.outbox.with(|outbox| outbox.sending.contains(&index)));
    let blank = Memo::new(move |_| draft.with(|draft| draft.text.trim().is_empty()));
    let length = Memo::new(move |_| draft.with(|draft| draft.text.chars().count() as u32));
    let locked =
        move || !interview.awake.get() || !ready.get() || sending.get() || over.get() || interview.link.elsewhere.get();
    let state = move || {
        let retrying = interview.outbox.with(|outbox| outbox.retrying);
        match (sending.get(), retrying) {
            (true, true) => "Not connected, trying again",
            (true, false) => "Saving…",
            (false, _) if over.get() && !interview.is_up_to_date() => "Not connected: waiting for the clock",
            (false, _) if blank.get() => "",
            (false, _) if draft.with(|draft| draft.rev <= current.acknowledged.get()) => "Saved",
            (false, _) => "Kept on this device",
        }
    };
    let label = move || match (blank.get(), last) {
        (true, false) => "Continue without an answer",
        (true, true) => "Finish without an answer",
        (false, false) => "Submit and continue",
        (false, true) => "Submit and finish",
    };
    let passing = RwSignal::new(false);
    let code = kind == QuestionKind::Coding;
    view! {
        <form
            class="stack"
            on:submit=move |event| {
                event.prevent_default();
                if locked() {
                    return;
                }
                // The second of two quick clicks would pass over a question that has only just come.
                if blank.get_untracked() {
                    passing.set(true);
                } else {
                    send();
                }
            }
        >
            <Tools field=field code=code />
            <textarea
                node_ref=field
                class="answer"
                class:code=code
                aria-label="Your answer"
                aria-describedby=code.then_some("tab-hint")
                maxlength=max_answer
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
                    <span class="num">{move || written(length.get(), max_answer)}</span>
                    <span class="saving">{state}</span>
                    // Read out is what one should know, not that each word was saved.
                    <span role="status" class="unseen">
                        {move || Some(state()).filter(|words| words.starts_with("Not connected"))}
                    </span>
                </small>
                <span class="grow"></span>
                <button class="btn main big" disabled=locked>
                    {label}
                </button>
            </div>
        </form>
        <Confirm
            open=passing
            title="Go on without an answer?".to_owned()
            yes="Leave it empty"
            no="Back to the question"
            on_yes=Callback::new(move |()| {
                if !locked() {
                    send();
                }
            })
        >
            <p>"You cannot come back to this question."</p>
        </Confirm>
    }
    .into_any()
}

/// How much is written, and how much can be, where that is near or less than usual.
fn written(length: u32, most: u32) -> String {
    if (most as usize) < MAX_ANSWER || length >= most / 10 * 9 {
        format!("{length} of {}", count(most, "character"))
    } else {
        count(length, "character")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_much_can_be_written_is_said_where_it_matters() {
        let usual = MAX_ANSWER as u32;
        assert_eq!(written(1, usual), "1 character");
        assert_eq!(written(44_999, usual), "44999 characters");
        assert_eq!(written(45_000, usual), "45000 of 50000 characters");
        assert_eq!(written(0, 1_250), "0 of 1250 characters");
    }
}
