//! Starting, ending and deleting sessions.

use leptos::{prelude::*, task::spawn_local};

use super::guard::Trouble;
use crate::{
    api::{delete_session, end_session, start_session},
    browser,
    components::{Confirm, react},
    model::SessionId,
};

/// What can be done to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Start,
    End,
    Delete,
}

/// Whom it is done to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub id: SessionId,
    pub name: String,
    pub email: String,
}

/// The deeds of a page: one at a time, and the grave ones only after a question.
#[derive(Clone, Copy)]
pub struct Actions {
    trouble: Trouble,
    /// Runs after a deed was done.
    done: Callback<Deed>,
    subject: RwSignal<Option<Subject>>,
    ending: RwSignal<bool>,
    deleting: RwSignal<bool>,
    /// True until the browser has taken over, and while something is being done.
    busy: RwSignal<bool>,
}

impl Actions {
    #[must_use]
    pub fn new(trouble: Trouble, done: Callback<Deed>) -> Self {
        let busy = RwSignal::new(true);
        react(move || busy.set(false));
        let closed = || RwSignal::new(false);
        Self { trouble, done, subject: RwSignal::new(None), ending: closed(), deleting: closed(), busy }
    }

    #[must_use]
    pub fn is_busy(self) -> bool {
        self.busy.get()
    }

    /// Does it, after a question where it cannot be undone.
    pub fn ask(self, deed: Deed, subject: Subject) {
        self.subject.set(Some(subject));
        match deed {
            Deed::Start => self.carry_out(deed),
            Deed::End => self.ending.set(true),
            Deed::Delete => self.deleting.set(true),
        }
    }

    fn carry_out(self, deed: Deed) {
        let Some(Subject { id, .. }) = self.subject.get_untracked() else { return };
        self.busy.set(true);
        spawn_local(async move {
            let answer = match deed {
                Deed::Start => start_session(id).await,
                Deed::End => end_session(id).await,
                Deed::Delete => delete_session(id).await,
            };
            if self.trouble.tried(answer).is_some() {
                self.done.try_run(deed);
            } else {
                browser::show_refused();
            }
            self.busy.try_set(false);
        });
    }

    /// Tells people of one name apart.
    fn whose(self) -> AnyView {
        let email = move || self.subject.with(|subject| subject.as_ref().map(|subject| subject.email.clone()));
        view! { <p class="dim">{email}</p> }.into_any()
    }

    fn title(self, question: fn(&str) -> String) -> Signal<String> {
        Signal::derive(move || {
            self.subject.with(|subject| subject.as_ref().map_or_else(String::new, |s| question(&s.name)))
        })
    }
}

/// The questions before the grave deeds. Stands once on a page.
#[component]
pub fn ActionsDialogs(actions: Actions) -> impl IntoView {
    view! {
        <Confirm
            open=actions.ending
            title=actions.title(|name| format!("End the interview of {name}?"))
            yes="End interview"
            on_yes=Callback::new(move |()| actions.carry_out(Deed::End))
        >
            {actions.whose()}
            <p>"The candidate sees at once that it is over. What was submitted is kept; it cannot be resumed."</p>
        </Confirm>
        <Confirm
            open=actions.deleting
            title=actions.title(|name| format!("Delete the interview of {name}?"))
            yes="Delete interview"
            on_yes=Callback::new(move |()| actions.carry_out(Deed::Delete))
        >
            {actions.whose()}
            <p>"All answers and everything else about it are removed for good, and the candidate's link stops working."</p>
        </Confirm>
    }
    .into_any()
}
