//! What a candidate's page knows, and how it stays true.

use leptos::{prelude::*, task::spawn_local};

use super::{answer::Current, link::Link, outbox::Outbox, touch::Touch};
use crate::{
    api::load_interview,
    browser,
    components::{react, words::back_off_ms},
    error::{AppError, ErrorKind},
    model::{CandidateView, Invite, UnixMillis},
};

/// An answer that the server did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// Index of the question.
    pub question: u32,
    /// Why, in the server's words.
    pub detail: String,
    pub text: String,
}

/// One candidate's interview in this browser.
#[derive(Clone, Copy)]
pub struct Interview {
    pub invite: StoredValue<Invite>,
    pub view: RwSignal<CandidateView>,
    /// Set when the interview is no longer there.
    pub gone: RwSignal<Option<AppError>>,
    /// Whether the last request did not reach the server.
    pub offline: RwSignal<bool>,
    pub not_taken: RwSignal<Option<NotTaken>>,
    pub outbox: RwSignal<Outbox>,
    /// What is being written now.
    pub current: StoredValue<Option<Current>>,
    pub link: Link,
    pub touch: Touch,
    /// What proctoring says, in lines. None: nothing yet.
    pub watching: RwSignal<Option<String>>,
    /// Whether this page is in charge, not only the server's rendering of it.
    pub awake: RwSignal<bool>,
    /// Milliseconds from this browser's clock to the server's. Each answer of the server gives a lower bound, since it took
    /// time to get here; the highest one is the best.
    ahead: StoredValue<Option<f64>>,
}

impl Interview {
    #[must_use]
    pub fn new(invite: Invite, view: CandidateView) -> Self {
        let awake = RwSignal::new(false);
        react(move || awake.set(true));
        Self {
            invite: StoredValue::new(invite),
            view: RwSignal::new(view),
            gone: RwSignal::new(None),
            offline: RwSignal::new(false),
            not_taken: RwSignal::new(None),
            outbox: RwSignal::default(),
            current: StoredValue::new(None),
            link: Link::new(),
            touch: Touch::new(),
            watching: RwSignal::new(None),
            awake,
            ahead: StoredValue::new(None),
        }
    }

    /// Brings the keyboard back to the answer, where one is being written.
    pub fn go_on_writing(&self) {
        if let Some(current) = self.current.get_value() {
            current.go_on_writing();
        }
    }

    #[must_use]
    pub fn invite(&self) -> Invite {
        self.invite.get_value()
    }

    /// The server's time, as well as this browser knows it. Before the first answer to this page, that of the rendering.
    #[must_use]
    pub fn server_now(&self) -> UnixMillis {
        match self.ahead.get_value() {
            Some(ahead) => UnixMillis((browser::clock_ms() + ahead) as i64),
            None => self.view.with_untracked(|view| view.server_now),
        }
    }

    /// Notes the server's clock.
    pub fn note_time(&self, server_now: UnixMillis) {
        let bound = server_now.0 as f64 - browser::clock_ms();
        self.ahead.try_update_value(|ahead| *ahead = Some(ahead.map_or(bound, |known| known.max(bound))));
    }

    /// Says what went wrong with a request, where that concerns the whole page.
    pub fn note(&self, error: &AppError) {
        if error.kind == ErrorKind::NotFound {
            self.gone.try_set(Some(error.clone()));
        } else if error.is_transient() {
            self.offline.try_maybe_update(|offline| (!std::mem::replace(offline, true), ()));
        }
    }

    /// Sends a command until the server has answered it.
    ///
    /// # Errors
    /// What the server says when trying again would not help.
    pub async fn insist<F, A>(&self, ask: F) -> Result<CandidateView, AppError>
    where
        F: Fn(Invite) -> A,
        A: Future<Output = Result<CandidateView, AppError>>,
    {
        let invite = self.invite();
        let mut failures = 0;
        loop {
            match ask(invite.clone()).await {
                Ok(view) => {
                    self.take(view.clone());
                    return Ok(view);
                }
                Err(error) => {
                    self.note(&error);
                    if !error.is_transient() {
                        return Err(error);
                    }
                    failures += 1;
                    browser::sleep(back_off_ms(failures, Some(&error), browser::chance())).await;
                    // The page may have been left meanwhile.
                    if self.view.is_disposed() {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Runs a command for a button: `busy` meanwhile, what the server refuses in `refused`. After a refusal the page shows
    /// what is so now.
    pub fn command<F, A>(self, busy: RwSignal<bool>, refused: RwSignal<Option<String>>, ask: F)
    where
        F: Fn(Invite) -> A + 'static,
        A: Future<Output = Result<CandidateView, AppError>> + 'static,
    {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        refused.set(None);
        spawn_local(async move {
            if let Err(error) = self.insist(ask).await {
                refused.try_set(Some(error.detail));
                if error.kind == ErrorKind::Conflict {
                    // What stands in the way is shown by the next view; if this fails too, by the poll.
                    let _ = self.insist(load_interview).await;
                }
            }
            busy.try_set(false);
        });
    }
}
