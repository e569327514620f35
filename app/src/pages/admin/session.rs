//! One session: what it is, what was said, and the candidate live.

use std::sync::Arc;

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map},
};

use super::{
    actions::{Actions, ActionsDialogs, Deed, Subject},
    guard::{Refused, Trouble, TroubleNotice},
    help::Help,
    live::Live,
    timeline::Timeline,
    transcript::Transcript,
};
use crate::{
    api::load_session,
    components::{
        AdminBar, Coming, CopyField, Loaded, Page, When, While, first_look, poll,
        words::{contact, duration, end_reason, status},
    },
    error::AppError,
    model::{Answer, DeviceCheck, SessionDetail, SessionId, Status},
    pages::missing::status::not_found,
};

/// `/admin/session/:id`.
#[component]
pub fn SessionPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse::<SessionId>().ok())));
    let first = first_look(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => load_session(id).await,
                None => {
                    not_found();
                    Err(AppError::not_found("This address is not complete, so there is no interview to show."))
                }
            }
        },
    );
    let load = move || -> Coming {
        Box::pin(async move {
            match first.await {
                Ok(detail) => view! { <Detail first=detail /> }.into_any(),
                Err(error) => view! { <Refused error=error /> }.into_any(),
            }
        })
    };
    view! { <Loaded load=Arc::new(load) /> }
}

#[component]
fn Detail(first: SessionDetail) -> impl IntoView {
    let id = first.id;
    let name = first.candidate.name.clone();
    let job = first.job.as_ref().map(|job| job.title.clone());
    let email = first.candidate.email.clone();
    let join_url = first.join_url.clone();
    let detail = RwSignal::new(first);
    let trouble = Trouble::new();
    let refresh = move || async move {
        if let Some(news) = trouble.note(load_session(id).await) {
            detail.try_set(news);
        }
    };
    poll(While::Seen, refresh);
    let again = Callback::new(move |()| spawn_local(refresh()));
    let navigate = use_navigate();
    let done = move |deed| match deed {
        Deed::Delete => navigate("/admin", NavigateOptions { replace: true, ..NavigateOptions::default() }),
        Deed::Start | Deed::End => spawn_local(refresh()),
    };
    let actions = Actions::new(trouble, Callback::new(done));
    let now = Memo::new(move |_| detail.with(|detail| detail.status));
    // Where the candidate is says nothing any more once it is over.
    let contact = Memo::new(move |_| {
        detail.with(|d| (d.status != Status::Completed).then(|| contact(d.contact, d.server_now)).flatten())
    });
    let subject = Subject { id, name: name.clone(), email: email.clone() };
    let act = move |deed: Deed, label: &'static str, class: &'static str| {
        let subject = subject.clone();
        view! {
            <button
                type="button"
                class=class
                disabled=move || actions.is_busy()
                on:click=move |_| actions.ask(deed, subject.clone())
            >
                {label}
            </button>
        }
        .into_any()
    };
    let change = {
        let act = act.clone();
        move || match now.get() {
            Status::Initialized => Some(act(Deed::Start, "Start interview", "btn main")),
            Status::InProgress => Some(act(Deed::End, "End interview", "btn stop")),
            Status::Completed => None,
        }
    };
    // What there is to report on is known when it has ended.
    let report = move || {
        let there = now.get() == Status::Completed && detail.with(|d| d.answers.iter().any(Answer::is_given));
        there.then(|| {
            view! {
                <a class="btn main" rel="external" href=format!("/admin/session/{id}/report")>
                    "Report"
                </a>
            }
        })
    };
    view! {
        <Title text=plain(&name) />
        <AdminBar page=Page::Session />
        <main id="main" class="page">
            <div class="row title">
                <div class="who">
                    <h1>{name}</h1>
                    <small>
                        {job.map(|job| format!("{job} · "))} <a href=format!("mailto:{email}")>{email.clone()}</a>
                    </small>
                </div>
                <span role="status">
                    {move || {
                        let (word, class) = status(now.get());
                        view! { <span class=class>{word}</span> }
                    }}
                    {move || contact.get().map(|words| view! { <span class="tag">{words}</span> })}
                </span>
                <span class="grow"></span>
                {change}
                {report}
                <a class="btn" rel="external" href=format!("/admin/session/{id}/proctoring")>
                    "Proctoring"
                </a>
                {act(Deed::Delete, "Delete", "btn quiet stop")}
            </div>
            <TroubleNotice trouble=trouble />
            <div class="split">
                <div class="stack">
                    <Transcript detail=detail />
                    <Timeline id=id detail=detail trouble=trouble />
                </div>
                <div class="stack side">
                    <Live id=id detail=detail />
                    <section class="card">
                        <header>
                            <h2>"Details"</h2>
                        </header>
                        <div class="pad">
                            {move || {
                                (now.get() != Status::Completed)
                                    .then(|| view! { <CopyField label="Link for the candidate" text=join_url.clone() /> })
                            }}
                            <Facts detail=detail />
                        </div>
                    </section>
                    {move || {
                        (now.get() != Status::Completed)
                            .then(|| view! { <Help id=id detail=detail trouble=trouble refresh=again /> })
                    }}
                </div>
            </div>
        </main>
        <ActionsDialogs actions=actions />
    }
    .into_any()
}

/// A document's title is written as it is, so it must not hold what could end it.
fn plain(name: &str) -> String {
    name.replace(['<', '>', '&'], " ")
}

#[component]
fn Facts(detail: RwSignal<SessionDetail>) -> impl IntoView {
    let time = move |label: &'static str, at: fn(&SessionDetail) -> Option<crate::model::UnixMillis>| {
        let at = Memo::new(move |_| detail.with(at));
        let shown = move || match at.get() {
            Some(at) => view! { <When at=at /> }.into_any(),
            None => "–".into_any(),
        };
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{shown}</dd>
            </div>
        }
    };
    let fact = move |label: &'static str, value: fn(&SessionDetail) -> String| {
        let value = Memo::new(move |_| detail.with(value));
        view! {
            <div>
                <dt>{label}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    view! {
        <dl class="facts">
            {time("Created", |d| Some(d.created_at))}
            {time("Consent", |d| d.consent_at)}
            {fact("Devices", |d| d.devices.map_or("not checked yet", devices).to_owned())}
            {time("Started", |d| d.started_at)}
            {time("Ended", |d| d.ended_at)}
            {fact("End", |d| d.end_reason.map_or("–", end_reason).to_owned())}
            {fact("Questions", |d| format!("{} of {} asked", d.delivered, d.max_questions))}
            {fact(
                "Time for answers",
                |d| format!("words {}, code {}", duration(d.timers.text_s), duration(d.timers.coding_s)),
            )}
            {fact("Mean score", |d| d.mean_score.as_ref().map_or_else(|| "–".to_owned(), |mean| format!("{mean} of 10")))}
            {fact("Violations", |d| d.violations_count.to_string())}
            {fact("Phone", |d| d.candidate.phone.clone().unwrap_or_else(|| "–".to_owned()))}
        </dl>
    }
    .into_any()
}

fn devices(devices: DeviceCheck) -> &'static str {
    match (devices.camera, devices.microphone) {
        (true, true) => "camera and microphone work",
        (true, false) => "without microphone",
        (false, true) => "without camera",
        (false, false) => "without camera and microphone",
    }
}
