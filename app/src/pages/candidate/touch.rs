//! Staying in touch with the server: over the live channel, and by asking again and again while there is none.

use leptos::{prelude::*, task::spawn_local};

use super::state::Interview;
use crate::{
    api::load_interview,
    browser,
    components::{While, poll, react},
    error::AppError,
    model::{CandidateView, Down, Status},
};

/// Milliseconds after the end for which a proctored page stays connected, to send what the server still wants of its log.
const DELIVERY_MS: u32 = 65_000;

/// How the live channel stands.
#[derive(Clone, Copy)]
pub struct Touch {
    /// Whether the server has been heard since the channel was last lost.
    pub live: RwSignal<bool>,
    /// Whether it ever was. Some networks let no such channel through; then every command goes without.
    ever: StoredValue<bool>,
}

impl Touch {
    pub(super) fn new() -> Self {
        Self { live: RwSignal::new(false), ever: StoredValue::new(false) }
    }
}

impl Interview {
    /// Keeps the page as the server has it, until the current owner goes.
    pub fn keep_in_touch(self) {
        let over = Memo::new(move |_| self.view.with(|view| view.status == Status::Completed));
        let delivered = RwSignal::new(!self.is_proctored() || over.get_untracked());
        react(move || {
            if over.get() && !delivered.get_untracked() {
                spawn_local(async move {
                    browser::sleep(DELIVERY_MS).await;
                    delivered.try_set(true);
                });
            }
        });
        let done = Memo::new(move |_| over.get() && delivered.get());
        react(move || {
            if !done.get() && !self.link.elsewhere.get() {
                self.connect();
            }
            on_cleanup(move || self.touch.hang_up());
        });
        // At once, because the server's rendering is as old as the page took to load, and the clock must be right.
        react(move || spawn_local(self.refresh()));
        poll(While::Open, move || self.refresh());
        send_drafts(self);
    }

    /// Whether what this page shows is what the server has: a question's time may be longer than a page without a channel
    /// knows.
    pub fn is_up_to_date(self) -> bool {
        self.touch.live.get() || !self.touch.ever.get_value()
    }

    fn connect(self) {
        let hear = move |message| self.hear(message);
        let lose = move || {
            self.touch.live.try_set(false);
        };
        browser::connect(self.invite(), hear, lose);
    }

    fn hear(self, message: Down) {
        match message {
            Down::View { view } => {
                self.take(*view);
                self.touch.ever.try_set_value(true);
                self.touch.live.try_maybe_update(|live| (!std::mem::replace(live, true), ()));
            }
            Down::Beat { server_now } => self.note_time(server_now),
            Down::Kept { question, rev } => {
                self.current.try_with_value(|current| {
                    if let Some(current) = current.filter(|current| current.question == question) {
                        current.acknowledged.try_set(rev);
                    }
                });
                // One that was submitted is kept until the answer is acknowledged.
                if self.outbox.try_with_untracked(|outbox| outbox.sending.contains(&question)) == Some(false) {
                    let invite = self.invite();
                    spawn_local(async move { browser::journal_forget(&invite, question, rev).await });
                }
            }
            Down::TakenOver => self.link.go_elsewhere(),
            Down::Gone { detail } => {
                self.gone.try_set(Some(AppError::not_found(detail)));
            }
        }
    }

    async fn refresh(self) {
        let over = self.view.try_with_untracked(|view| view.status == Status::Completed).unwrap_or(true);
        let idle = self.touch.live.try_get_untracked().unwrap_or(true) || self.link.elsewhere.get_untracked();
        if over || idle || self.gone.get_untracked().is_some() {
            return;
        }
        match load_interview(self.invite()).await {
            Ok(view) => self.take(view),
            Err(error) => self.note(&error),
        }
    }

    /// Takes over what the server says, unless something later is known already.
    pub fn take(self, view: CandidateView) {
        self.note_time(view.server_now);
        self.offline.try_maybe_update(|offline| (std::mem::take(offline), ()));
        if let (Some(draft), Some(current)) = (&view.draft, self.current.try_get_value().flatten()) {
            current.catch_up(draft);
        }
        self.view.try_maybe_update(|known| {
            if view.seq < known.seq {
                return (false, ());
            }
            let (time, draft) = (view.server_now, view.draft.clone().or_else(|| known.draft.clone()));
            let same =
                *known == CandidateView { server_now: known.server_now, draft: known.draft.clone(), ..view.clone() };
            if !same {
                *known = view;
            }
            known.server_now = time;
            known.draft = draft;
            (!same, ())
        });
    }
}

impl Touch {
    fn hang_up(self) {
        self.live.try_maybe_update(|live| (std::mem::take(live), ()));
        browser::disconnect();
    }
}

/// Sends what is being written, every second while there is something that the server does not have.
fn send_drafts(interview: Interview) {
    const EVERY: std::time::Duration = std::time::Duration::from_secs(1);
    react(move || {
        let send = move || {
            let Some(current) = interview.current.try_get_value().flatten() else { return };
            let known = current.acknowledged.try_get_untracked();
            current.draft.try_with_untracked(|draft| {
                if interview.touch.live.get_untracked() && known.is_some_and(|known| draft.rev > known) {
                    // What does not get through is sent again.
                    let _ = browser::send_draft(draft);
                }
            });
        };
        let handle = set_interval_with_handle(send, EVERY).ok();
        on_cleanup(move || {
            if let Some(handle) = handle {
                handle.clear();
            }
        });
    });
}
