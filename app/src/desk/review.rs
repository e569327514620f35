//! What waits for a person's decision, over all interviews.

use leptos::prelude::*;

use super::{
    Sheet,
    parts::{empty, ledger, time},
};
use crate::{
    components::{
        Page,
        violation_words::{HINTS, severity, severity_class},
        words::{count, status},
    },
    model::SessionSummary,
};

/// `/admin/review`. `limit`: interviews that are listed at most.
#[must_use]
pub fn review(sessions: &[SessionSummary], limit: u32) -> Sheet {
    let rows = sessions.iter().map(row).collect();
    let list = if sessions.is_empty() {
        let hint = "Flags that count appear here until somebody confirms or dismisses them.";
        empty("Nothing waits for a decision.", hint, ("/admin", "All interviews"))
    } else {
        ledger(&["Candidate", "To decide", "Gravest", "Interview", "State"], true, rows)
    };
    let number = u32::try_from(sessions.len()).unwrap_or(u32::MAX);
    let more = (number >= limit).then(|| {
        view! { <p class="pad dim">{format!("There may be more: the {limit} most urgent ones are shown.")}</p> }
    });
    let body = view! {
        <main id="main" class="page">
            <div class="who">
                <h1>"Review"</h1>
                <p class="dim">{HINTS} " The most urgent interviews come first."</p>
            </div>
            <section class="card" aria-label="To review">
                <header>
                    <h2>"Waiting for a decision"</h2>
                    <span class="grow"></span>
                    <small class="num">{count(number, "interview")}</small>
                </header>
                {list}
                {more}
            </section>
        </main>
    };
    Sheet::new("Review", Page::Review, body)
}

fn row(session: &SessionSummary) -> AnyView {
    let address = format!("/admin/session/{}/proctoring", session.id);
    let (word, class) = status(session.status);
    let job = session.job.as_ref().map(|job| view! { <small class="clip">{job.title.clone()}</small> });
    let worst = session.undecided.worst.map(|worst| {
        view! { <span class=format!("grave-mark {}", severity_class(worst))>{severity(worst)}</span> }
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">
                <a href=address.clone()>{session.candidate.name.clone()}</a>
                {job}
            </th>
            <td role="cell" class="num" data-label="To decide">
                {count(session.undecided.count, "flag")}
            </td>
            <td role="cell">{worst}</td>
            <td role="cell" class="num" data-label="Interview">
                {time(session.started_at.unwrap_or(session.created_at))}
            </td>
            <td role="cell">
                <span class=class>{word}</span>
            </td>
            <td role="cell" class="acts">
                <a class="btn quiet small" href=address aria-label=format!("Review {}", session.candidate.name)>
                    "Review"
                </a>
            </td>
        </tr>
    }
    .into_any()
}
