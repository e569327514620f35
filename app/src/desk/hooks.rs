//! Webhooks: where news is sent to, and what became of it.

use std::collections::HashSet;

use leptos::prelude::*;

use super::{
    Sheet,
    parts::{done, grave, ledger, once, time},
};
use crate::{
    components::{Page, above_form, aria, beside, words::count},
    error::{AppError, Field},
    model::{Attempt, Delivery, DeliveryState, Hook, SessionId},
    validate::MAX_URL,
};

/// What the page shows.
#[derive(Default)]
pub struct HooksView<'a> {
    pub hooks: &'a [Hook],
    pub deliveries: &'a [Delivery],
    /// Those of their sessions that are there.
    pub there: HashSet<SessionId>,
    /// Deliveries shown at most.
    pub limit: u32,
    /// The address that was typed and refused.
    pub typed: &'a str,
    pub trouble: Option<&'a AppError>,
    pub done: Option<&'a str>,
    /// The hook that was just made.
    pub made: Option<&'a str>,
}

/// `/admin/webhooks`.
#[must_use]
pub fn hooks(view: HooksView) -> Sheet {
    let HooksView { hooks, deliveries, there, limit, typed, trouble: error, done: did, made } = view;
    let known = hooks.iter().map(|hook| entry(hook, made == Some(hook.id.as_str()))).collect_view();
    let (invalid, described_by) = aria(error, Field::Address);
    let none = hooks.is_empty().then(|| view! { <p class="dim">"None yet. Nothing is sent."</p> });
    let body = view! {
        <main id="main" class="page">
            <h1>"Webhooks"</h1>
            {done(did)}
            <div class="split">
                <section class="card">
                    <header>
                        <h2>"Addresses"</h2>
                    </header>
                    <div class="pad">
                        {none}
                        <ul class="hooks">{known}</ul>
                        <form method="post" action="/admin/webhooks" class="stack">
                            {once()}
                            {above_form(error, &[Field::Address])}
                            <label class="field">
                                <span>"New address"</span>
                                <input
                                    type="url"
                                    name="url"
                                    value=typed.to_owned()
                                    required
                                    maxlength=MAX_URL
                                    placeholder="https://example.com/interviews"
                                    autocomplete="off"
                                    autofocus=invalid.is_some()
                                    aria-invalid=invalid
                                    aria-describedby=described_by
                                />
                            </label>
                            {beside(error, Field::Address)}
                            <div>
                                <button type="submit" class="btn main">
                                    "Add webhook"
                                </button>
                            </div>
                        </form>
                    </div>
                </section>
                {explanation()}
            </div>
            {sent(deliveries, &there, limit)}
        </main>
    };
    Sheet::new("Webhooks", Page::Webhooks, body)
}

fn entry(hook: &Hook, is_new: bool) -> AnyView {
    let remove = grave(
        "Remove …",
        "Nothing is sent there any more, and what was not delivered yet is dropped.",
        "Remove webhook",
        (format!("/admin/webhooks/{}/remove", hook.id), ().into_any()),
    );
    let word = if is_new { "Signing secret, to be kept at your server" } else { "Show signing secret" };
    view! {
        <li>
            <p>
                <b class="address">{hook.url.clone()}</b>
                <small>"since " {time(hook.created_at)}</small>
                {hook.gone_at.map(|at| view! { <small>", gone since " {time(at)} ": send a delivery again to go on"</small> })}
            </p>
            <details open=is_new>
                <summary>{word}</summary>
                <div class="row">
                    <code class="link">{hook.secret.clone()}</code>
                    <button type="button" class="btn quiet small" data-copy=hook.secret.clone() hidden>
                        "Copy secret"
                    </button>
                </div>
            </details>
            {remove}
        </li>
    }
    .into_any()
}

fn explanation() -> AnyView {
    view! {
        <section class="card">
            <header>
                <h2>"How to receive them"</h2>
            </header>
            <div class="pad prose">
                <p>
                    "Each address gets a POST with JSON when an interview is created, started, completed or deleted, and when its report is ready. It holds the interview's id and figures, as they are when it is sent, no names and no answers. Of a deleted interview it holds the id alone, and only the news of its deletion stays in the list below."
                </p>
                <p>
                    "A report is made again when a score is set, a flag is decided about, or more of an interview's recording arrives after its end. Each time comes a new " <code>"report.ready"</code>
                    " with a higher " <code>"report_version"</code> ": what was fetched before is out of date."
                </p>
                <p>
                    "Answer with a status from 200 to 299 within 10 seconds. Otherwise it is sent again, with growing pauses, for about two days; a status of 410 ends that for everything until something is sent again by hand. The same news may come twice: its "
                    <code>"webhook-id"</code> " stays the same."
                </p>
                <p>
                    "To verify (Standard Webhooks): decode the secret after " <code>"whsec_"</code>
                    " from base64, and take HMAC-SHA256 with it over " <code>"webhook-id.webhook-timestamp.body"</code>
                    ", with the body as it came. In base64, with " <code>"v1,"</code> " before it, that is what "
                    <code>"webhook-signature"</code> " says. Refuse what is older than five minutes."
                </p>
            </div>
        </section>
    }
    .into_any()
}

fn sent(deliveries: &[Delivery], there: &HashSet<SessionId>, limit: u32) -> AnyView {
    let row = |shown: &Delivery| delivery(shown, there.contains(&shown.session));
    let rows = deliveries.iter().take(limit as usize).map(row).collect();
    let list = if deliveries.is_empty() {
        view! { <p class="empty dim">"Nothing was sent in the last 30 days."</p> }.into_any()
    } else {
        ledger(&["What", "When", "State", "Attempts"], true, rows)
    };
    view! {
        <section class="card" aria-label="Deliveries" id="deliveries">
            <header>
                <h2>"Deliveries"</h2>
                <span class="grow"></span>
                <small>{format!("the last {limit}, newest first")}</small>
                <a class="btn quiet small" href="/admin/webhooks">
                    "Look again"
                </a>
            </header>
            {list}
        </section>
    }
    .into_any()
}

/// `leads`: whether its interview is there.
fn delivery(delivery: &Delivery, leads: bool) -> AnyView {
    let (word, class) = match delivery.state {
        DeliveryState::Due if delivery.attempts.is_empty() => ("On its way", "state wait"),
        DeliveryState::Due => ("To be tried again", "state lost"),
        DeliveryState::Delivered => ("Delivered", "state live"),
        DeliveryState::GivenUp => ("Given up", "state failed"),
    };
    let next = (delivery.state == DeliveryState::Due && !delivery.attempts.is_empty())
        .then(|| view! { <small class="under">"next " {time(delivery.due_at)}</small> });
    let label = format!("Send again: {}", delivery.news.as_str());
    let what = delivery.news.as_str();
    let what = if leads {
        view! { <a href=format!("/admin/session/{}", delivery.session)>{what}</a> }.into_any()
    } else {
        view! { <span class="name">{what}</span> }.into_any()
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {what} <small class="clip">{delivery.url.clone()}</small>
            </th>
            <td role="cell" class="num" data-label="When">
                {time(delivery.created_at)}
            </td>
            <td role="cell">
                <span class=class>{word}</span>
                {next}
            </td>
            <td role="cell" class="wide">
                {attempts(&delivery.attempts)}
            </td>
            <td role="cell" class="acts">
                <form method="post" action="/admin/webhooks/send">
                    <input type="hidden" name="delivery" value=delivery.id.clone() />
                    <button type="submit" class="btn quiet small" aria-label=label>
                        "Send again"
                    </button>
                </form>
            </td>
        </tr>
    }
    .into_any()
}

fn attempts(attempts: &[Attempt]) -> AnyView {
    let Some(last) = attempts.last() else { return view! { <small>"none yet"</small> }.into_any() };
    let all =
        attempts.iter().map(|attempt| view! { <li>{time(attempt.at)} ": " {outcome(attempt)}</li> }).collect_view();
    view! {
        <details>
            <summary>{format!("{}, last: {}", count(attempts.len() as u32, "attempt"), outcome(last))}</summary>
            <ol class="list">{all}</ol>
        </details>
    }
    .into_any()
}

fn outcome(attempt: &Attempt) -> String {
    match &attempt.outcome {
        Ok(status) => format!("answered {status}"),
        Err(why) => why.clone(),
    }
}
