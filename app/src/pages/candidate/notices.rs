//! Words from the hiring team.

use leptos::{html::Div, prelude::*, task::spawn_local};

use super::state::Interview;
use crate::{
    api::read_notice,
    browser,
    components::{Notice, Tone, words::count},
    model::NoticeId,
};

/// What the candidate has not read yet, oldest first.
#[component]
pub fn Notices() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let unread = Memo::new(move |_| interview.view.with(|view| view.notices.clone()));
    let read = move |id: NoticeId| {
        // Away at once; if the server did not learn of it, the notice comes back.
        interview.view.update(|view| view.notices.retain(|notice| notice.id != id));
        interview.go_on_writing();
        spawn_local(async move {
            // A refusal is told by the next view.
            let _ = interview.insist(move |invite| read_notice(invite, id)).await;
        });
    };
    let one = move |notice: crate::model::Notice| {
        let id = notice.id;
        view! {
            <Notice tone=Tone::Warn>
                <p>
                    <b>"Message from the hiring team"</b>
                </p>
                <p class="said">{notice.text}</p>
                <p>
                    <button type="button" class="btn small" on:click=move |_| read(id)>
                        "All right"
                    </button>
                </p>
            </Notice>
        }
    };
    view! {
        <div role="status">
            <For each=move || unread.get() key=|notice| notice.id children=one />
        </div>
    }
    .into_any()
}

/// The way to them, in the bar that stays in sight: whoever has scrolled to write would not see that they came.
#[component]
pub fn Unread(place: NodeRef<Div>) -> impl IntoView {
    let interview = expect_context::<Interview>();
    let unread = Memo::new(move |_| interview.view.with(|view| view.notices.len() as u32));
    move || {
        Some(unread.get()).filter(|unread| *unread > 0).map(|unread| {
            view! {
                <button type="button" class="btn small main" on:click=move |_| browser::focus(place)>
                    {count(unread, "message")}
                </button>
            }
        })
    }
}
