//! All interviews at a glance.

use std::{sync::Arc, time::Duration};

use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

use super::{
    actions::{Actions, ActionsDialogs},
    filter::Wanted,
    guard::{Refused, Trouble, TroubleNotice},
    row::Row,
};
use crate::{
    api::load_dashboard,
    components::{AdminBar, Coming, Figures, Loaded, Page, Paging, While, first_look, pages, poll, react},
    model::{Dashboard, SessionFilter, Status},
};

/// How long the search waits for the next key.
const TYPING: Duration = Duration::from_millis(250);

/// `/admin`.
#[component]
pub fn DashboardPage() -> impl IntoView {
    let query = use_query_map();
    let wanted = Memo::new(move |_| query.with(Wanted::from_query));
    // Loaded once with the page; what follows comes through `Board`, which keeps what is on the screen in its place.
    let first = first_look(
        || (),
        move |()| {
            let Wanted { filter, page } = wanted.get_untracked();
            load_dashboard(filter, page)
        },
    );
    let load = move || -> Coming {
        Box::pin(async move {
            match first.await {
                Ok(dashboard) => view! { <Board first=dashboard wanted=wanted /> }.into_any(),
                Err(error) => view! { <Refused error=error /> }.into_any(),
            }
        })
    };
    view! { <Loaded load=Arc::new(load) /> }
}

#[component]
fn Board(first: Dashboard, wanted: Memo<Wanted>) -> impl IntoView {
    let dashboard = RwSignal::new(first);
    let trouble = Trouble::new();
    let refresh = move || async move {
        let Some(asked) = wanted.try_get_untracked() else { return };
        let answer = load_dashboard(asked.filter.clone(), asked.page).await;
        // An answer to an older question is of no use.
        if wanted.try_get_untracked() == Some(asked)
            && let Some(news) = trouble.note(answer)
        {
            dashboard.try_maybe_update(|known| (std::mem::replace(known, news.clone()) != news, ()));
        }
    };
    poll(While::Seen, refresh);
    let mut before = wanted.get_untracked();
    react(move || {
        let now = wanted.get();
        if before != now {
            spawn_local(refresh());
            before = now;
        }
    });
    let actions = Actions::new(trouble, Callback::new(move |_| spawn_local(refresh())));
    let ids = Memo::new(move |_| dashboard.with(|d| d.sessions.iter().map(|session| session.id).collect::<Vec<_>>()));
    let stats = Signal::derive(move || dashboard.with(|dashboard| dashboard.stats.clone()));
    view! {
        <Title text="Interviews" />
        <AdminBar page=Page::Interviews />
        <main id="main" class="page">
            <h1 class="unseen">"Interviews"</h1>
            <Figures stats=stats />
            <TroubleNotice trouble=trouble />
            <section class="card" aria-label="Interviews">
                <header>
                    <h2>"Interviews"</h2>
                    <FilterForm wanted=wanted />
                    <span class="grow"></span>
                    <small class="num">{move || dashboard.with(found)}</small>
                </header>
                <Show when=move || !ids.with(Vec::is_empty) fallback=move || empty(wanted)>
                    // The roles are said, because a small screen shows the table as a list of cards.
                    <table class="ledger interviews" role="table">
                        <thead role="rowgroup">
                            <tr role="row">
                                <th scope="col" role="columnheader">"Candidate"</th>
                                <th scope="col" role="columnheader">"State"</th>
                                <th scope="col" role="columnheader">"Progress"</th>
                                <th scope="col" role="columnheader">"Violations"</th>
                                <th scope="col" role="columnheader">"Age"</th>
                                <th scope="col" role="columnheader">
                                    <span class="unseen">"Actions"</span>
                                </th>
                            </tr>
                        </thead>
                        <tbody role="rowgroup">
                            <For each=move || ids.get() key=|id| *id let:id>
                                <Row id=id dashboard=dashboard actions=actions />
                            </For>
                        </tbody>
                    </table>
                </Show>
                {paging(dashboard, wanted)}
            </section>
        </main>
        <ActionsDialogs actions=actions />
    }
    .into_any()
}

fn found(dashboard: &Dashboard) -> String {
    match dashboard.total {
        1 => "1 interview".to_owned(),
        total => format!("{total} interviews"),
    }
}

fn empty(wanted: Memo<Wanted>) -> AnyView {
    let filtered = move || wanted.with(|wanted| wanted.filter != SessionFilter::default() || wanted.page > 0);
    view! {
        <div class="empty">
            {move || {
                if filtered() {
                    view! {
                        <p>"No interview matches."</p>
                        <p>
                            <a class="btn" href="/admin">
                                "Show all"
                            </a>
                        </p>
                    }
                        .into_any()
                } else {
                    view! {
                        <p>"No interviews yet."</p>
                        <p class="dim">"Make one, and send its link to the candidate. Or use the API: both end up here."</p>
                        <p>
                            <a class="btn main" href="/admin/new">
                                "Make the first interview"
                            </a>
                        </p>
                    }
                        .into_any()
                }
            }}
        </div>
    }
    .into_any()
}

/// Search and status. A plain form; with JavaScript it applies itself while one types.
#[component]
fn FilterForm(wanted: Memo<Wanted>) -> impl IntoView {
    let start = wanted.get_untracked().filter;
    let search = StoredValue::new(start.search.clone());
    let status = StoredValue::new(start.status);
    let navigate = use_navigate();
    let apply = move || {
        let filter = SessionFilter { status: status.get_value(), search: search.get_value().trim().to_owned() };
        if wanted.with_untracked(|wanted| wanted.filter != filter) {
            let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
            navigate(&Wanted { filter, page: 0 }.address(), options);
        }
    };
    let (now, changed, typed) = (apply.clone(), apply.clone(), apply);
    let turn = StoredValue::new(0_u32);
    let on_input = move |event| {
        search.set_value(event_target_value(&event));
        turn.update_value(|turn| *turn += 1);
        let (mine, typed) = (turn.get_value(), typed.clone());
        set_timeout(
            move || {
                if turn.try_get_value() == Some(mine) {
                    typed();
                }
            },
            TYPING,
        );
    };
    let option = move |value: &'static str, label: &'static str| {
        let selected = start.status.map_or("", Status::as_str) == value;
        view! {
            <option value=value selected=selected>
                {label}
            </option>
        }
    };
    view! {
        <form
            class="row filter"
            method="get"
            action="/admin"
            role="search"
            on:submit=move |event| {
                event.prevent_default();
                now();
            }
        >
            <input
                type="search"
                name="q"
                aria-label="Search"
                placeholder="Name, e-mail or job"
                value=start.search
                on:input=on_input
            />
            <select
                name="status"
                aria-label="Status"
                on:change=move |event| {
                    status.set_value(Status::from_word(&event_target_value(&event)));
                    changed();
                }
            >
                {option("", "Every status")}
                {option("initialized", "Waiting")}
                {option("in_progress", "In progress")}
                {option("completed", "Completed")}
            </select>
            <noscript>
                <button class="btn">"Apply"</button>
            </noscript>
        </form>
    }
    .into_any()
}

fn paging(dashboard: RwSignal<Dashboard>, wanted: Memo<Wanted>) -> impl IntoView {
    let pages = Memo::new(move |_| dashboard.with(|dashboard| pages(dashboard.total, dashboard.page_size)));
    move || {
        let wanted = wanted.get();
        let page = wanted.page;
        view! { <Paging page=page pages=pages.get() address=move |page| Wanted { page, ..wanted.clone() }.address() /> }
    }
}
