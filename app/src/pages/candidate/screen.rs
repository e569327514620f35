//! The candidate's screen, where the hiring team asks to see it or asks for full screen. Nobody is stopped for want of it.

use leptos::prelude::*;

use super::state::Interview;
use crate::{
    browser::{self, Share},
    components::react,
};

/// Shares the screen, at the device check.
#[component]
pub fn ScreenCheck() -> impl IntoView {
    let interview = expect_context::<Interview>();
    interview.view.with_untracked(|view| view.asks.share_screen).then(|| {
        let share = sharing();
        view! {
            <section class="card pad">
                <h2>"Your screen"</h2>
                <p>
                    "The hiring team asks to see your whole screen during the interview. It is shown live and not recorded. Close what is private first."
                </p>
                <div role="status">{move || describe(share.get())}</div>
                <ShareButton share=share />
                <p class="dim">"Going on without is possible. It is noted, and the hiring team sees it."</p>
            </section>
        }
    })
}

/// How the screen's share and full screen stand, beside the question.
#[component]
pub fn ScreenNotes() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let asks = interview.view.with_untracked(|view| view.asks);
    let screen = asks.share_screen.then(|| {
        let share = sharing();
        view! {
            <div class="device-notes" role="status">
                {move || describe(share.get())}
            </div>
            <ShareButton share=share />
        }
    });
    let fullscreen = asks.fullscreen.then(|| {
        let left = RwSignal::new(false);
        react(move || {
            browser::on_fullscreen(move |now| {
                left.try_set(now);
            });
        });
        move || {
            left.get().then(|| {
                view! {
                    <button type="button" class="btn fill-screen" on:click=move |_| browser::enter_fullscreen()>
                        "Go to full screen"
                    </button>
                }
            })
        }
    });
    view! {
        {screen}
        {fullscreen}
    }
    .into_any()
}

/// How the share stands, kept up to date.
fn sharing() -> RwSignal<Share> {
    let share = RwSignal::new(Share::Off);
    react(move || {
        browser::on_share(move |now| {
            share.try_set(now);
        });
    });
    share
}

#[component]
fn ShareButton(share: RwSignal<Share>) -> impl IntoView {
    let interview = expect_context::<Interview>();
    move || {
        let label = match share.get() {
            Share::Whole | Share::Impossible => return None,
            Share::Part => "Share the whole screen",
            Share::Off | Share::Refused | Share::Stopped | Share::Failed => "Share my screen",
        };
        Some(view! {
            <button
                type="button"
                class="btn"
                disabled=move || !interview.awake.get()
                on:click=move |_| browser::share_screen()
            >
                {label}
            </button>
        })
    }
}

fn describe(share: Share) -> AnyView {
    let (class, what, help) = match share {
        Share::Whole => ("state live", "Your screen is shared", ""),
        Share::Off => {
            ("state wait", "Your screen is not shared yet", "In the browser's dialog, choose the whole screen.")
        }
        Share::Part => (
            "state lost",
            "Only a window or a tab is shared",
            "Share again, and choose the whole screen in the dialog.",
        ),
        Share::Refused => (
            "state lost",
            "Your screen is not shared",
            "If no dialog came up, allow the browser to record the screen in your system's settings.",
        ),
        Share::Stopped => ("state lost", "Your screen is not shared any more", "Share it again to go on as before."),
        Share::Impossible => {
            ("state lost", "This browser cannot share a screen", "You can go on; the hiring team sees why.")
        }
        Share::Failed => {
            ("state lost", "Your screen could not be shared", "Try again. If it keeps failing, go on without.")
        }
    };
    view! {
        <p class=class>{what}</p>
        {(!help.is_empty()).then(|| view! { <p class="dim">{help}</p> })}
    }
    .into_any()
}
