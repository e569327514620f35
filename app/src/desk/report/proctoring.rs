//! What a report says of proctoring.

use leptos::prelude::*;

use crate::{
    components::{
        violation_words::{HINTS, recordings_words, severity, severity_class, violation as violation_words},
        words::{clock, count, lasted},
    },
    desk::parts::reviewed,
    model::{Report, ReportedViolation, UnixMillis},
};

/// The part on proctoring. Reports that were made before there was one have none.
pub(super) fn proctoring(report: &Report) -> Option<AnyView> {
    let told = report.proctoring.as_ref()?;
    if !told.proctored {
        return Some(section(view! { <p class="pad dim">"This interview was not proctored."</p> }.into_any(), report));
    }
    let from = report.started_at.unwrap_or(report.created_at);
    let rows = told.violations.iter().map(|violation| row(violation, from)).collect_view();
    let list = if told.violations.is_empty() {
        view! { <p class="dim">"No flag counts."</p> }.into_any()
    } else {
        view! { <ul class="flag-lines">{rows}</ul> }.into_any()
    };
    let rest = format!(
        "Not listed: {} dismissed, {} for information.",
        count(told.dismissed, "flag"),
        count(told.notes, "note")
    );
    let content = view! {
        <div class="pad">
            <p>{recordings_words(told)}</p>
            {list}
            <small>{rest}</small>
        </div>
    };
    Some(section(content.into_any(), report))
}

fn section(content: AnyView, report: &Report) -> AnyView {
    view! {
        <section class="card">
            <header>
                <h2>"Proctoring"</h2>
                <small>{HINTS}</small>
                <span class="grow"></span>
                <a class="btn small quiet deeds" href=format!("/admin/session/{}/proctoring", report.session_id)>
                    "Review"
                </a>
            </header>
            {content}
        </section>
    }
    .into_any()
}

fn row(violation: &ReportedViolation, from: UnixMillis) -> AnyView {
    let since = clock(violation.from.since(from) / 1000);
    let lasted = violation.to.map_or_else(|| "until the end".to_owned(), |to| lasted(to.since(violation.from)));
    let review = match &violation.review {
        None => view! { <p class="decided">"Nobody has decided about it yet."</p> }.into_any(),
        Some(review) => reviewed(review),
    };
    let note = violation.note.clone().map(|note| {
        view! {
            <p>
                <small>"The candidate says "</small>
                <q>{note}</q>
            </p>
        }
    });
    view! {
        <li>
            <p class="row">
                <span class=format!("grave-mark {}", severity_class(violation.severity))>{severity(violation.severity)}</span>
                <b>{violation_words(violation.kind)}</b>
                <small class="num">{since} " after the start, " {lasted}</small>
            </p>
            {review}
            {note}
        </li>
    }
    .into_any()
}
