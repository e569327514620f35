//! The candidate's picture and sound, seen by a hidden observer.

use std::{cell::Cell, rc::Rc};

use leptos::{html::Video, prelude::*, task::spawn_local};

use crate::{
    api::observe,
    browser::{self, Ended, LinkState},
    components::{Alive, react, words::back_off_ms},
    model::{SessionDetail, SessionId, Status},
};

/// Milliseconds until the next look when there is no room.
const NO_ROOM_MS: u32 = 3000;

/// The live picture; muted until the sound is asked for.
#[component]
pub fn Live(id: SessionId, detail: RwSignal<SessionDetail>) -> impl IntoView {
    let over = Memo::new(move |_| detail.with(|detail| detail.status == Status::Completed));
    let state = RwSignal::new(LinkState::Connecting);
    let muted = RwSignal::new(true);
    let video = NodeRef::<Video>::new();
    let screen = NodeRef::<Video>::new();
    let alive = Alive::new();
    react(move || {
        if over.get() {
            browser::leave_room();
        } else {
            spawn_local(keep(id, (video, screen), state, over, alive.clone()));
        }
    });
    on_cleanup(browser::leave_room);
    let switch = move |_| {
        muted.update(|muted| *muted = !*muted);
        browser::set_muted(video, muted.get_untracked());
    };
    let live = Memo::new(move |_| !over.get() && state.get() == LinkState::Live);
    let words = move || match (over.get(), state.get()) {
        (true, _) => ("state done", "Interview over"),
        (_, LinkState::Connecting) => ("state wait", "Connecting"),
        (_, LinkState::Waiting) => ("state wait", "Waiting for the candidate's camera"),
        (_, LinkState::Live) => ("state live", "Live"),
        (_, LinkState::Reconnecting) => ("state lost", "Reconnecting"),
        (_, LinkState::Unavailable) => ("state lost", "No live video"),
    };
    view! {
        <section class="card" aria-label="Live video">
            <header>
                <h2>"Live"</h2>
                <span role="status" data-testid="link-state">
                    {move || {
                        let (class, word) = words();
                        view! { <span class=class>{word}</span> }
                    }}
                </span>
                <span class="grow"></span>
                <button
                    type="button"
                    class="btn small"
                    hidden=over
                    disabled=move || !live.get()
                    on:click=switch
                >
                    {move || if muted.get() { "Sound on" } else { "Sound off" }}
                </button>
            </header>
            <div class="cam flat" hidden=over>
                <video
                    node_ref=video
                    autoplay
                    muted
                    prop:muted=move || muted.get()
                    playsinline
                    aria-label="The candidate, live"
                    data-testid="live-video"
                    class:off=move || !live.get()
                ></video>
                <span class="cam-note" class:off=live>
                    "No picture"
                </span>
            </div>
            // The script shows it while a screen is shared.
            <video
                node_ref=screen
                class="screen"
                hidden
                autoplay
                muted
                playsinline
                aria-label="The candidate's screen, live"
                data-testid="live-screen"
            ></video>
        </section>
    }
    .into_any()
}

/// Watches again and again, until the interview is over or the page is left.
async fn keep(
    id: SessionId,
    (video, screen): (NodeRef<Video>, NodeRef<Video>),
    state: RwSignal<LinkState>,
    over: Memo<bool>,
    alive: Alive,
) {
    let set = move |now: LinkState| {
        state.try_maybe_update(|known| (std::mem::replace(known, now) != now, ()));
    };
    let mut failures = 0;
    while alive.get() && over.try_get_untracked() == Some(false) {
        let wait = match observe(id).await {
            Ok(Some(access)) if alive.get() => {
                set(LinkState::Connecting);
                let connected = Rc::new(Cell::new(false));
                let noted = connected.clone();
                let ended = browser::watch(access, video, screen, move |now| {
                    noted.set(noted.get() || matches!(now, LinkState::Live | LinkState::Waiting));
                    set(now);
                });
                if ended.await == Ended::Left {
                    return;
                }
                failures = if connected.get() { 1 } else { failures + 1 };
                back_off_ms(failures, None, browser::chance())
            }
            Ok(_) => NO_ROOM_MS,
            Err(error) => {
                failures += 1;
                back_off_ms(failures.max(2), Some(&error), browser::chance())
            }
        };
        set(LinkState::Unavailable);
        browser::sleep(wait).await;
    }
}
