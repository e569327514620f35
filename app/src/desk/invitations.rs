//! What became of lists of candidates.

use leptos::prelude::*;

use super::{
    Place, Sheet,
    parts::{empty, ledger, time},
};
use crate::{
    components::{Page, words::count},
    model::{InvitationRow, Invitations, InvitationsSummary, RowOutcome, SessionId},
    service::Listed,
};

/// Seconds after which the page of a list that is worked on looks again.
const RENEW_S: u32 = 2;

/// `/admin/invitations`: one page of the lists.
#[must_use]
pub fn invitations(runs: &Listed<InvitationsSummary>, place: &Place) -> Sheet {
    let rows = runs.items.iter().map(run).collect();
    let list = if runs.items.is_empty() {
        let so = "Nobody was invited from a list in the last 30 days.";
        empty(so, "Choose a job, and paste a list of candidates there.", ("/admin/jobs", "Go to the jobs"))
    } else {
        ledger(&["Job", "When", "Invited", "Refused", "State"], false, rows)
    };
    let body = view! {
        <main id="main" class="page">
            <h1>"Invitations"</h1>
            <section class="card" aria-label="Invitations">
                <header>
                    <h2>"Lists of the last 30 days"</h2>
                </header>
                {list}
                {place.links(runs.total)}
            </section>
        </main>
    };
    Sheet::new("Invitations", Page::Invitations, body)
}

fn run(run: &InvitationsSummary) -> AnyView {
    let (word, class) = state(run.is_finished());
    let refused = if run.refused > 0 { "num flagged" } else { "num" };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a href=format!("/admin/invitations/{}", run.id)>{run.job.title.clone()}</a>
            </th>
            <td role="cell" class="num" data-label="When">
                {time(run.created_at)}
            </td>
            <td role="cell" class="num" data-label="Invited">
                {format!("{} of {}", run.invited, run.lines)}
            </td>
            <td role="cell" class=refused data-label="Refused">
                {run.refused.to_string()}
            </td>
            <td role="cell">
                <span class=class>{word}</span>
            </td>
        </tr>
    }
    .into_any()
}

fn state(finished: bool) -> (&'static str, &'static str) {
    if finished { ("Finished", "state done") } else { ("Being invited", "state live") }
}

/// `/admin/invitations/{id}`. `link`: a candidate's link.
#[must_use]
pub fn invited(run: &Invitations, link: impl Fn(SessionId) -> String) -> Sheet {
    let (word, class) = state(run.is_finished());
    let (done, all) = (run.done(), run.rows.len());
    let address = format!("/admin/invitations/{}", run.id);
    let rows = run.rows.iter().map(|row| candidate(row, &link)).collect();
    let invited = count(run.invited() as u32, "candidate");
    let refused = match run.refused() {
        0 => String::new(),
        1 => ", 1 line refused".to_owned(),
        refused => format!(", {refused} lines refused"),
    };
    let deleted = (run.deleted() > 0).then(|| format!(", {} deleted", run.deleted()));
    let body = view! {
        <main id="main" class="page">
            <div class="row title">
                <div class="who">
                    <h1>"Invitations"</h1>
                    <small>
                        <a href=format!("/admin/jobs/{}", run.job.id.0)>{run.job.title.clone()}</a> " · " {time(run.created_at)}
                    </small>
                </div>
                <span class=class>{word}</span>
                <span class="grow"></span>
                <a class="btn main" href=format!("{address}/csv") download>
                    "Download with links (CSV)"
                </a>
            </div>
            <section class="card pad" aria-label="Progress">
                <div class="row">
                    <b class="num" role="status">
                        {format!("{done} of {all} done")}
                    </b>
                    <span class="grow"></span>
                    <small class="num">{invited} " invited" {refused} {deleted}</small>
                </div>
                <progress class="wide" aria-label="Lines dealt with" value=done max=all></progress>
                <p class="dim">
                    {if run.is_finished() {
                        "Send each candidate their own link: it opens that one interview, and nobody can guess it."
                    } else {
                        "This goes on by itself, also when you leave this page."
                    }}
                </p>
            </section>
            <section class="card" aria-label="Candidates">
                {ledger(&["Candidate", "Line", "Phone", "Outcome"], true, rows)}
            </section>
        </main>
    };
    let renew_s = (!run.is_finished()).then_some(RENEW_S);
    Sheet { renew_s, ..Sheet::new(format!("Invitations to {}", run.job.title), Page::Invitations, body) }
}

fn candidate(row: &InvitationRow, link: impl Fn(SessionId) -> String) -> AnyView {
    let name = if row.outcome == RowOutcome::Deleted {
        "(deleted)"
    } else if row.name.is_empty() {
        "(no name)"
    } else {
        &row.name
    }
    .to_owned();
    let session = format!("/admin/session/{}", row.session);
    let (head, outcome, acts) = match &row.outcome {
        RowOutcome::Waiting => {
            let head = view! { <span class="name">{name}</span> };
            (head.into_any(), view! { <span class="state wait">"Waiting"</span> }.into_any(), None)
        }
        RowOutcome::Invited => {
            let (link, label) = (link(row.session), format!("Copy link for {name}"));
            let copy = view! {
                <button type="button" class="btn quiet small" data-copy=link.clone() aria-label=label hidden>
                    "Copy link"
                </button>
            };
            let head = view! { <a href=session>{name}</a> };
            (head.into_any(), view! { <code class="link">{link}</code> }.into_any(), Some(copy.into_any()))
        }
        RowOutcome::Deleted => {
            let head = view! { <span class="name dim">{name}</span> };
            (head.into_any(), view! { <span class="dim">"The interview was deleted."</span> }.into_any(), None)
        }
        RowOutcome::Refused { detail, words } => {
            // Older lists have the words for integrators alone, which mark the names of fields.
            let why = words.clone().unwrap_or_else(|| detail.replace('`', ""));
            let head = view! { <span class="name">{name}</span> };
            (head.into_any(), view! { <span class="refused">{why}</span> }.into_any(), None)
        }
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                {head} <small class="clip">{row.email.clone()}</small>
            </th>
            <td role="cell" class="num" data-label="Line">
                {row.line.to_string()}
            </td>
            <td role="cell" class="num" data-label="Phone">
                {(!row.phone.is_empty()).then(|| row.phone.clone())}
            </td>
            <td role="cell" class="wide">
                {outcome}
            </td>
            <td role="cell" class="acts">
                {acts}
            </td>
        </tr>
    }
    .into_any()
}
