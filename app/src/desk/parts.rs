//! Parts that several pages of the desk share.

use leptos::prelude::*;

use crate::{
    components::{
        aria,
        violation_words::decision,
        words::{iso, unit, utc},
    },
    error::{AppError, Field},
    model::{Review, UnixMillis},
    service::random_uuid,
};

/// A point in time: in UTC, or the reader's own zone where there are scripts.
pub(super) fn time(at: UnixMillis) -> AnyView {
    view! { <time datetime=iso(at)>{utc(at)}</time> }.into_any()
}

/// A number that sums something up, with what it is about. Stands in a `<dl class="figures">`.
pub(super) fn figure(label: &'static str, value: String, note: String) -> AnyView {
    view! {
        <div class="figure">
            <dt>{label}</dt>
            <dd>
                <b class="num">{value}</b>
                <small>{note}</small>
            </dd>
        </div>
    }
    .into_any()
}

/// What an admin made of a violation, when, and why.
pub(super) fn reviewed(review: &Review) -> AnyView {
    let reason = (!review.reason.is_empty()).then(|| {
        view! {
            ": "
            <q>{review.reason.clone()}</q>
        }
    });
    view! {
        <p class=format!("decided {}", review.decision.as_str())>
            <b>{decision(review.decision)}</b>
            " by "
            {review.by.clone()}
            ", "
            {time(review.at)}
            {reason}
        </p>
    }
    .into_any()
}

/// How a field for longer texts looks. Empty strings and zeros are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Area {
    pub id: Option<String>,
    pub class: &'static str,
    pub rows: u32,
    pub max: Option<usize>,
    pub label: Option<String>,
    pub described_by: Option<&'static str>,
    pub invalid: Option<&'static str>,
    pub placeholder: Option<&'static str>,
    pub required: bool,
    pub autofocus: bool,
    pub plain: bool,
}

impl Area {
    /// Where `error` is about this field, it says so and is the first to write in.
    pub fn refused(self, error: Option<&AppError>, field: Field) -> Self {
        match aria(error, field) {
            (None, _) => self,
            (invalid, described_by) => Self { invalid, described_by, autofocus: true, ..self },
        }
    }
}

/// A field for longer texts with `text` in it.
pub(super) fn text_area(name: &'static str, text: &str, area: Area) -> AnyView {
    // Leptos writes what stands in a text area as it is. Browsers drop one line break at its beginning.
    let text = format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"));
    view! {
        <textarea
            id=area.id
            class=area.class
            name=name
            rows=area.rows.max(2)
            maxlength=area.max
            aria-label=area.label
            aria-describedby=area.described_by
            aria-invalid=area.invalid
            placeholder=area.placeholder
            required=area.required
            autofocus=area.autofocus
            spellcheck=area.plain.then_some("false")
            inner_html=text
        ></textarea>
    }
    .into_any()
}

/// Tells a form that was sent twice from two forms that say the same.
pub(super) fn once() -> AnyView {
    view! { <input type="hidden" name="once" value=random_uuid().to_string() /> }.into_any()
}

/// A table that small screens show as a list of cards, which is why roles are said. `acts`: its last column has buttons.
pub(super) fn ledger(columns: &[&'static str], acts: bool, rows: Vec<AnyView>) -> AnyView {
    let head = |name: &&'static str| view! { <th scope="col" role="columnheader">{*name}</th> };
    let acts = acts.then(|| {
        view! {
            <th scope="col" role="columnheader">
                <span class="unseen">"Actions"</span>
            </th>
        }
    });
    view! {
        <table class="ledger" role="table">
            <thead role="rowgroup">
                <tr role="row">{columns.iter().map(head).collect_view()} {acts}</tr>
            </thead>
            <tbody role="rowgroup">{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Instead of a table without rows: what is so, what can be done, and the way there.
pub(super) fn empty(so: &'static str, hint: &'static str, (address, label): (&'static str, &'static str)) -> AnyView {
    view! {
        <div class="empty">
            <p>{so}</p>
            <p class="dim">{hint}</p>
            <p>
                <a class="btn main" href=address>
                    {label}
                </a>
            </p>
        </div>
    }
    .into_any()
}

/// What was done.
pub(super) fn done(text: Option<&str>) -> Option<AnyView> {
    let text = text?.to_owned();
    Some(view! { <p class="notice good" role="status">{text}</p> }.into_any())
}

/// A deed that cannot be undone: a word about it, then a button. Opens in place.
pub(super) fn grave(
    question: &'static str,
    words: &'static str,
    yes: &'static str,
    form: (String, AnyView),
) -> AnyView {
    let (action, fields) = form;
    view! {
        <details class="grave">
            <summary>{question}</summary>
            <form method="post" action=action class="row">
                {fields}
                <p>{words}</p>
                <button type="submit" class="btn stop">
                    {yes}
                </button>
            </form>
        </details>
    }
    .into_any()
}

/// `0 %` to `100 %`, in one piece.
pub(super) fn percent(rate: f64) -> String {
    unit(format_args!("{:.0}", rate * 100.0), "%")
}
