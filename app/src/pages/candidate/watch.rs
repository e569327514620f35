//! Proctoring in the candidate's page: when it watches, and what it says.

use leptos::prelude::*;

use super::state::Interview;
use crate::{
    browser,
    components::react,
    model::{CandidateView, Status, UnixMillis},
};

/// Whether the picture of the face is that of this visit. Before the start another is taken than the one `before`: whoever tried
/// the camera first may have been somebody else.
fn has_reference(view: &CandidateView, before: Option<UnixMillis>) -> bool {
    view.reference_at.is_some() && (view.status == Status::InProgress || view.reference_at != before)
}

impl Interview {
    /// Watches over a proctored interview from the consent to the end, while this page is the live one.
    pub fn keep_watched(self) {
        let watched = Memo::new(move |_| {
            let here = !self.link.elsewhere.get() && self.gone.with(Option::is_none);
            let is_on = |view: &CandidateView| {
                view.proctored.is_some() && view.consent_at.is_some() && view.status != Status::Completed
            };
            self.view.with(is_on) && here
        });
        // The picture of the face that was there when this page began to watch.
        let before = StoredValue::new(None);
        react(move || {
            if !watched.get() {
                return;
            }
            let (session, has_reference, fullscreen) = self.view.with_untracked(|view| {
                before.set_value(view.reference_at);
                (view.proctored, has_reference(view, view.reference_at), view.asks.fullscreen)
            });
            if let Some(session) = session {
                browser::watch_over(session, has_reference, fullscreen, move |words| {
                    self.watching.try_set(Some(words));
                });
            }
            on_cleanup(move || {
                let over = self.view.try_with_untracked(|view| view.status == Status::Completed) == Some(true);
                let gone = self.gone.try_with_untracked(Option::is_some) == Some(true);
                browser::stop_watching(over || gone, gone);
            });
        });
        react(move || {
            if watched.get() {
                self.view.with(|view| {
                    let question = view.question.as_ref().map(|question| question.index);
                    let has_reference = has_reference(view, before.get_value());
                    browser::watch_follow(view.status == Status::InProgress, question, has_reference);
                });
            }
        });
    }

    /// Whether the interview is proctored at all.
    pub fn is_proctored(self) -> bool {
        self.view.with_untracked(|view| view.proctored.is_some())
    }

    /// A line of what proctoring says: see [`browser::watch_over`].
    fn said(self, line: usize) -> Option<String> {
        self.watching.with(|words| Some(words.as_deref()?.lines().nth(line)?.to_owned()))
    }
}

/// How proctoring stands and what is to be mended, at a place of its own that is always there: nothing moves when it speaks.
#[component]
pub fn Watched() -> impl IntoView {
    let interview = expect_context::<Interview>();
    interview.is_proctored().then(|| {
        view! {
            <p
                class=move || interview.said(2).unwrap_or_else(|| "watched".to_owned())
                role="status"
                data-testid="watched"
            >
                {move || interview.said(1).unwrap_or_else(|| "Proctoring starts…".to_owned())}
            </p>
        }
    })
}

/// How to be seen well, at the device check.
#[component]
pub fn Advice() -> impl IntoView {
    let interview = expect_context::<Interview>();
    interview.is_proctored().then(|| {
        view! {
            <div>
                <h2>"Your face"</h2>
                <p class="advice" role="status">
                    {move || interview.said(0).unwrap_or_default()}
                </p>
                <small>"A picture of it is taken for later comparison. You can go on without."</small>
            </div>
        }
    })
}

/// The way to the candidate's own record.
#[component]
pub fn RecordLink() -> impl IntoView {
    let invite = expect_context::<Interview>().invite();
    // A page that only the server renders.
    view! {
        <a href=format!("/i/{}/record", invite.0) rel="external">
            "your record"
        </a>
    }
    .into_any()
}
