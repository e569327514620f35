//! Live video: the candidate's way into the room, again and again, for as long as the interview lasts. The interview never
//! waits for it.

use std::{cell::Cell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};

use super::{
    state::Interview,
    step::{Screen, screen},
};
use crate::{
    api::join_room,
    browser::{self, Ended, LinkState},
    components::{Alive, react, words::back_off_ms},
};

/// Milliseconds until the next try when the server has no room to offer.
const NO_ROOM_MS: u32 = 10_000;

/// The connection to the room.
#[derive(Clone, Copy)]
pub struct Link {
    pub state: RwSignal<LinkState>,
    /// Whether the interview is live in another tab or on another device. Then this page keeps still.
    pub elsewhere: RwSignal<bool>,
    /// Counts the tries that the candidate asked for.
    wished: RwSignal<u32>,
}

impl Link {
    pub(super) fn new() -> Self {
        Self { state: RwSignal::new(LinkState::Connecting), elsewhere: RwSignal::new(false), wished: RwSignal::new(0) }
    }

    /// Stays connected until the current owner goes.
    pub fn keep(self, interview: Interview) {
        let alive = Alive::new();
        react(move || {
            self.wished.track();
            spawn_local(self.run(interview, alive.clone()));
        });
    }

    /// Takes the interview over from another tab.
    pub fn use_this_one(self) {
        self.elsewhere.set(false);
        self.wished.update(|wished| *wished += 1);
    }

    /// Makes way for another tab, which asks for the screen anew.
    pub fn go_elsewhere(self) {
        self.elsewhere.try_set(true);
        browser::leave_room();
        browser::stop_sharing();
    }

    async fn run(self, interview: Interview, alive: Alive) {
        let mut failures = 0;
        while alive.get() && self.elsewhere.try_get_untracked() == Some(false) {
            self.set(LinkState::Connecting);
            let wait = match join_room(interview.invite()).await {
                Ok(Some(access)) => {
                    let was_live = Rc::new(Cell::new(false));
                    let noted = was_live.clone();
                    let ended = browser::publish(access, move |state| {
                        noted.set(noted.get() || state == LinkState::Live);
                        self.set(state);
                    });
                    match ended.await {
                        Ended::Left => return,
                        Ended::Elsewhere => return self.go_elsewhere(),
                        Ended::Lost => {
                            failures = if was_live.get() { 1 } else { failures + 1 };
                            back_off_ms(failures, None, browser::chance())
                        }
                    }
                }
                Ok(None) => NO_ROOM_MS,
                Err(error) => {
                    failures += 1;
                    back_off_ms(failures.max(2), Some(&error), browser::chance())
                }
            };
            self.set(LinkState::Unavailable);
            browser::sleep(wait).await;
        }
    }

    fn set(self, state: LinkState) {
        self.state.try_maybe_update(|known| (std::mem::replace(known, state) != state, ()));
    }
}

/// The connection in a word, in the bar above.
#[component]
pub fn LinkChip() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let in_room = Memo::new(move |_| interview.view.with(screen) == Screen::Room);
    let chip = move || {
        in_room.get().then(|| {
            let (class, word) = match interview.link.state.get() {
                _ if interview.link.elsewhere.get() => ("state lost", "Open elsewhere"),
                LinkState::Connecting | LinkState::Waiting => ("state wait", "Connecting"),
                LinkState::Live => ("state live", "Live"),
                LinkState::Reconnecting => ("state lost", "Reconnecting"),
                LinkState::Unavailable => ("state lost", "No live video"),
            };
            view! { <span class=class>{word}</span> }
        })
    };
    view! {
        <span role="status" data-testid="link-state">
            {chip}
        </span>
    }
    .into_any()
}

/// What the candidate should know about the connection.
#[component]
pub fn LinkNotice() -> impl IntoView {
    let interview = expect_context::<Interview>();
    move || {
        (interview.link.state.get() == LinkState::Unavailable && !interview.link.elsewhere.get()).then(|| {
            view! {
                <p class="notice" role="status">
                    "Live video is not available right now. The interview goes on as usual; we keep trying."
                </p>
            }
        })
    }
}

/// Says that the interview is open elsewhere, and offers to go on here.
#[component]
pub fn ElsewhereNotice() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let use_this_one = move |_| {
        interview.link.use_this_one();
        interview.go_on_writing();
    };
    move || {
        interview.link.elsewhere.get().then(|| {
            view! {
                <div class="notice" role="status">
                    <p>
                        "Your interview is open in another tab or window, so this one is paused. Please keep only one open."
                    </p>
                    <button type="button" class="btn small" on:click=use_this_one>
                        "Use this one"
                    </button>
                </div>
            }
        })
    }
}
