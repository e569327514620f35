//! Answers on their way to the server.

use leptos::{prelude::*, task::spawn_local};

use super::{
    draft::Kept,
    state::{Interview, NotTaken},
};
use crate::{
    api::{load_interview, submit_answer},
    browser,
    components::{Notice, Tone, react, words::back_off_ms},
    error::{AppError, ErrorKind},
    model::Draft,
};

/// How sending stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outbox {
    /// Questions whose answers are being sent.
    pub sending: Vec<u32>,
    /// Whether an attempt failed and there will be another.
    pub retrying: bool,
    /// What the server found wrong with the answer; the candidate can change it.
    pub refused: Option<String>,
}

impl Interview {
    /// Sends an answer until the server has acknowledged it or refused it for good. Does nothing while it is on its way.
    pub fn send(self, draft: Draft) {
        let question = draft.question;
        if self.outbox.with_untracked(|outbox| outbox.sending.contains(&question)) {
            return;
        }
        self.outbox.update(|outbox| {
            outbox.sending.push(question);
            outbox.refused = None;
        });
        // What an earlier visit wrote says nothing about this one.
        if self.current.with_value(|current| current.is_some_and(|current| current.question == question)) {
            browser::watch_answer(draft.text.chars().count());
        }
        spawn_local(async move {
            let error = self.deliver(&draft).await;
            self.outbox.try_update(|outbox| {
                outbox.sending.retain(|other| *other != question);
                outbox.retrying = false;
            });
            if let Some(error) = error {
                self.told_no(draft, error).await;
            }
        });
    }

    async fn deliver(self, draft: &Draft) -> Option<AppError> {
        let invite = self.invite();
        Kept { draft: draft.clone(), submitted: true }.keep(&invite).await;
        let mut failures = 0;
        loop {
            match submit_answer(invite.clone(), draft.id, draft.question, draft.text.clone()).await {
                Ok(view) => {
                    self.take(view);
                    browser::journal_forget(&invite, draft.question, draft.rev).await;
                    return None;
                }
                Err(error) if error.is_transient() => {
                    self.note(&error);
                    self.outbox.try_update(|outbox| outbox.retrying = true);
                    failures += 1;
                    browser::sleep(back_off_ms(failures, Some(&error), browser::chance())).await;
                    if self.outbox.is_disposed() {
                        return None;
                    }
                }
                Err(error) => return Some(error),
            }
        }
    }

    async fn told_no(self, draft: Draft, error: AppError) {
        if error.kind == ErrorKind::BadRequest {
            self.outbox.try_update(|outbox| outbox.refused = Some(error.detail));
            return;
        }
        self.note(&error);
        if error.kind == ErrorKind::Conflict {
            browser::journal_forget(&self.invite(), draft.question, draft.rev).await;
            if !draft.text.trim().is_empty() {
                let Draft { question, text, .. } = draft;
                self.not_taken.try_set(Some(NotTaken { question, detail: error.detail, text }));
            }
            // What is so now; if this fails for good, the poll shows it.
            let _ = self.insist(load_interview).await;
        }
    }
}

/// Sends what an earlier visit wrote and could not send, whenever the question has moved on, and what it had submitted. The
/// server knows the id if it took the answer then; if it refuses it now, the candidate is told.
pub fn send_leftovers(interview: Interview) {
    let open = Memo::new(move |_| interview.view.with(|view| view.question.as_ref().map(|question| question.index)));
    react(move || {
        let open = open.get();
        spawn_local(async move {
            for Kept { draft, submitted } in Kept::recall(&interview.invite()).await {
                if submitted || Some(draft.question) != open {
                    interview.send(draft);
                }
            }
        });
    });
}

/// Tells the candidate about an answer that was not taken, and shows it.
#[component]
pub fn NotTakenNotice() -> impl IntoView {
    let interview = expect_context::<Interview>();
    move || {
        let away = move |_| {
            interview.not_taken.set(None);
            interview.go_on_writing();
        };
        interview.not_taken.get().map(|NotTaken { question, detail, text }| {
            view! {
                <Notice tone=Tone::Warn>
                    <p>
                        <b>{format!("Question {}: ", question + 1)}</b>
                        {detail}
                    </p>
                    <details>
                        <summary>"What you wrote"</summary>
                        <pre class="written">{text}</pre>
                    </details>
                    <p>
                        <button type="button" class="btn small" on:click=away>
                            "All right"
                        </button>
                    </p>
                </Notice>
            }
        })
    }
}
