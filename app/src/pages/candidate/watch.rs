//! Proctoring in the candidate's page: when it watches, and what it says.

use leptos::prelude::*;

use super::state::Interview;
use crate::{
    browser::{self, Mode},
    components::react,
    model::Status,
};

impl Interview {
    /// Watches over a proctored interview from the consent to the end, while this page is the live one.
    pub fn keep_watched(self) {
        let watched = Memo::new(move |_| {
            let here = !self.link.elsewhere.get() && self.gone.with(Option::is_none);
            let is_on = self.view.with(|view| view.consent_at.is_some() && view.status != Status::Completed);
            (here && is_on).then(|| self.view.with(|view| view.proctoring.map(|watched| watched.session))).flatten()
        });
        react(move || {
            if watched.get().is_none() {
                return;
            }
            let Some(watched) = self.view.with_untracked(|view| view.proctoring) else { return };
            browser::watch_over(watched, move |watching| {
                self.watching.try_set(watching);
            });
            on_cleanup(move || {
                let over = self.view.try_with_untracked(|view| view.status == Status::Completed);
                browser::stop_watching(over == Some(true));
            });
        });
        let facts = Memo::new(move |_| {
            self.view.with(|view| {
                let has_reference = view.proctoring.is_some_and(|watched| watched.has_reference);
                let question = view.question.as_ref().map(|question| question.index);
                (view.status == Status::InProgress, question, has_reference)
            })
        });
        react(move || {
            let (begun, question, has_reference) = facts.get();
            if watched.get().is_some() {
                browser::watch_follow(begun, question, has_reference);
            }
        });
    }

    /// Whether the interview is proctored at all.
    pub fn is_proctored(self) -> bool {
        self.view.with_untracked(|view| view.proctoring.is_some())
    }
}

/// What is to be mended, at a place of its own that is always there: nothing moves when it speaks.
#[component]
pub fn Watched() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let warns = Memo::new(move |_| interview.watching.with(|watching| !watching.warnings.is_empty()));
    let words = move || {
        interview.watching.with(|watching| match (watching.warnings.first(), watching.mode) {
            (Some(warning), _) => warning.clone(),
            (None, Mode::Starting) => "Proctoring starts…".to_owned(),
            (None, Mode::Watching) => "Proctoring is on.".to_owned(),
            (None, Mode::SignalsOnly) => {
                "This browser cannot look at your picture. The interview goes on; only other signs are noted."
                    .to_owned()
            }
            (None, Mode::Nothing) => {
                "Proctoring does not work in this browser. The interview goes on; the hiring team sees that.".to_owned()
            }
        })
    };
    interview.is_proctored().then(|| {
        view! {
            <p class="watched" class:warns=warns role="status" data-testid="watched">
                {words}
            </p>
        }
    })
}

/// How to be seen well, at the device check.
#[component]
pub fn Advice() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let words = Memo::new(move |_| interview.watching.with(|watching| watching.advice.clone()));
    interview.is_proctored().then(|| {
        view! {
            <div>
                <h2>"Your face"</h2>
                <p class="advice" role="status">
                    {words}
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
}
