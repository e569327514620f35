//! A candidate's page: one address, from the invitation to the end. What is shown follows from what the server knows, so
//! that a reload at any point returns to the same place.

mod answer;
mod aside;
mod devices;
mod done;
mod draft;
mod finish;
mod link;
mod notices;
mod outbox;
mod preparation;
mod question;
mod ready;
mod release;
mod room;
mod screen;
mod self_view;
mod state;
mod step;
mod timer;
mod tools;
mod touch;
mod watch;
mod welcome;

use std::sync::Arc;

use leptos::{html::Div, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use self::{
    done::Done,
    room::Room,
    state::Interview,
    step::{Screen, screen},
    welcome::Welcome,
};
use crate::{
    api::load_interview,
    browser,
    components::{Arrival, Coming, Loaded, first_look, react},
    error::{AppError, ErrorKind},
    model::{CandidateView, Invite},
};

/// `/i/:invite`.
#[component]
pub fn CandidatePage() -> impl IntoView {
    let params = use_params_map();
    let invite = Memo::new(move |_| Invite(params.with(|params| params.get("invite").unwrap_or_default())));
    let first = first_look(move || invite.get(), load_interview);
    let load = move || -> Coming {
        Box::pin(async move {
            match first.await {
                Ok(view) => view! { <InterviewPage invite=invite.get_untracked() view=view /> }.into_any(),
                Err(error) => view! { <Wrong invite=invite.get_untracked() error=error /> }.into_any(),
            }
        })
    };
    view! { <Loaded load=Arc::new(load) /> }
}

/// The interview itself.
#[component]
fn InterviewPage(invite: Invite, view: CandidateView) -> impl IntoView {
    let interview = Interview::new(invite, view);
    provide_context(interview);
    provide_context(Arrival::new());
    interview.keep_in_touch();
    interview.keep_watched();
    interview.let_go_at_the_end();
    outbox::send_leftovers(interview);

    let shown = Memo::new(move |_| interview.view.with(screen));
    let body = move || match (interview.gone.get(), shown.get()) {
        (Some(error), _) => view! { <Wrong invite=interview.invite() error=error /> }.into_any(),
        (None, Screen::Welcome) => view! { <Welcome /> }.into_any(),
        (None, Screen::Devices) => view! { <devices::DeviceCheck /> }.into_any(),
        (None, Screen::Room) => view! { <Room /> }.into_any(),
        (None, Screen::Done) => view! { <Done /> }.into_any(),
    };
    let job = interview.view.with_untracked(|view| view.job_title.clone());
    let name = interview.view.with_untracked(|view| view.name.clone());
    let notices = NodeRef::<Div>::new();
    view! {
        <header class="bar">
            <span class="mark">{job.unwrap_or_else(|| "Interview".to_owned())}</span>
            <small class="clip">{name}</small>
            <span class="grow"></span>
            <notices::Unread place=notices />
            <link::LinkChip />
        </header>
        <noscript>
            <div class="narrow">
                <p class="notice bad">
                    "This interview needs JavaScript, because it works with your camera, a clock and live video. Please allow JavaScript for this site, or open the link in another browser, and load the page again."
                </p>
            </div>
        </noscript>
        <div class="toasts" role="status">
            <Offline />
        </div>
        <div class="notices" tabindex="-1" node_ref=notices>
            <link::ElsewhereNotice />
            <notices::Notices />
            <outbox::NotTakenNotice />
        </div>
        {body}
    }
    .into_any()
}

/// Says so while the server cannot be reached; over the page, so that nothing moves under the candidate's hands.
#[component]
fn Offline() -> impl IntoView {
    let interview = expect_context::<Interview>();
    move || {
        interview.offline.get().then(|| {
            view! {
                <p class="notice toast">
                    "The connection to the interview is interrupted. What you write is kept on this device; we keep trying."
                </p>
            }
        })
    }
}

/// There is no interview to show.
#[component]
fn Wrong(invite: Invite, error: AppError) -> impl IntoView {
    if error.kind == ErrorKind::NotFound {
        // What was written for an interview that is no more is nobody's business on this device.
        react(move || {
            let invite = invite.clone();
            spawn_local(async move { browser::journal_forget_all(&invite).await });
        });
    }
    let (title, text) = match error.kind {
        ErrorKind::NotFound => ("This link does not work", error.detail),
        _ => ("The interview cannot be shown right now", error.detail),
    };
    view! {
        <Title text=title />
        <main id="main" class="narrow">
            <section class="card pad message">
                <h1>{title}</h1>
                <p>{text}</p>
                <p>
                    <a class="btn" href="" rel="external">
                        "Load again"
                    </a>
                </p>
            </section>
        </main>
    }
    .into_any()
}
