//! One violation: what was noticed, the pictures of it, what the candidate says, and what a person made of it.

use leptos::prelude::*;
use proctor::policy::Source;

use super::FlagOrder;
use crate::{
    components::{
        above_form,
        violation_words::{severity, severity_class as class, violation as violation_words},
        words::{clock, lasted, unit},
    },
    desk::{
        Fields,
        parts::{Area, reviewed, text_area, time},
    },
    error::AppError,
    model::{Decision, SessionId, UnixMillis, Violation, ViolationKey},
    validate::MAX_NOTICE,
};

/// What was decided by a form, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecisionForm {
    pub violation: ViolationKey,
    pub decision: Decision,
    pub reason: String,
    pub order: FlagOrder,
    pub trouble: Option<AppError>,
}

impl DecisionForm {
    /// What was sent.
    ///
    /// # Errors
    /// When it is not said what is decided, or about what.
    pub fn read(fields: &Fields) -> Result<Self, AppError> {
        let unclear = || AppError::bad_request("It is not clear what was decided. Go back, and try again.");
        Ok(Self {
            violation: fields.one("violation").parse().map_err(|_| unclear())?,
            decision: Decision::from_word(&fields.one("decision")).ok_or_else(unclear)?,
            reason: fields.one("reason"),
            order: FlagOrder::from_word(&fields.one("order")),
            trouble: None,
        })
    }
}

/// What all violations of a page share.
pub(super) struct Around<'a> {
    pub id: SessionId,
    /// What the time axis begins with.
    pub zero: UnixMillis,
    pub order: FlagOrder,
    /// Whether the pictures were erased.
    pub erased: bool,
    pub refused: Option<&'a DecisionForm>,
}

/// A violation in the list.
pub(super) fn flag(violation: &Violation, around: &Around) -> AnyView {
    let key = violation.key;
    let grave = violation.severity;
    let settled = if violation.is_open() { "" } else { " settled" };
    let lasted = violation.to.map_or_else(|| "goes on".to_owned(), |to| lasted(to.since(violation.from)));
    let since = clock(violation.from.since(around.zero) / 1000);
    let detail = violation.detail.clone().map(|detail| {
        let by = if key.kind.source() == Source::Server { "Found by the server: " } else { "The page says: " };
        view! { <p class="found">{by} {detail} "."</p> }
    });
    let note = violation.note.clone().map(|note| {
        view! {
            <div class="own-words">
                <small>"The candidate says"</small>
                <q>{note}</q>
            </div>
        }
    });
    let hidden =
        (!violation.shown).then(|| view! { <small>"Not shown to the candidate during the interview."</small> });
    view! {
        <li id=format!("v-{key}") class=format!("flag {}{settled}", class(grave))>
            <div class="head">
                <span class=format!("grave-mark {}", class(grave))>{severity(grave)}</span>
                <h3>{violation_words(key.kind)}</h3>
                <a class="num" href=format!("#t-{key}")>
                    <span class="unseen">"On the time axis: "</span>
                    {since}
                </a>
                <small class="num">{lasted} " · " {time(violation.from)}</small>
            </div>
            {detail}
            {pictures(violation, around)}
            {note}
            {hidden}
            {earlier(violation)}
            {violation.review.as_ref().map(reviewed)}
            {form(violation, around)}
        </li>
    }
    .into_any()
}

/// What was decided before it became graver.
fn earlier(violation: &Violation) -> Option<AnyView> {
    let reviews = &violation.earlier_reviews;
    (!reviews.is_empty()).then(|| {
        view! {
            <div class="earlier">
                <small>"Decided before it became graver"</small>
                {reviews.iter().map(reviewed).collect_view()}
            </div>
        }
        .into_any()
    })
}

fn pictures(violation: &Violation, around: &Around) -> Option<AnyView> {
    let (id, key) = (around.id, violation.key);
    if violation.pictures_missing {
        return Some(view! { <small>"Its pictures did not come."</small> }.into_any());
    }
    if violation.stills.is_empty() {
        return around
            .erased
            .then(|| view! { <small>"Pictures of it, if there were any, are erased."</small> }.into_any());
    }
    let all = violation.stills.iter().map(|still| {
        let offset = (still.at.since(violation.from) as f64 / 1000.0).round() as i64;
        let when = match offset {
            0 => "as it began".to_owned(),
            1.. => format!("{} later", unit(offset, "s")),
            ..0 => format!("{} before", unit(-offset, "s")),
        };
        let address = format!("/admin/session/{id}/stills/{key}/{}", still.number);
        let larger = address.clone();
        let place = format!("{key}-{}", still.number);
        view! {
            <figure class="face" id=format!("i-{place}")>
                <a href=larger>
                    <img
                        src=address
                        loading="lazy"
                        decoding="async"
                        width="240"
                        height="180"
                        alt=format!("{}: the camera's picture, {when}", violation_words(key.kind))
                    />
                </a>
                <figcaption>
                    <a class="num" href=format!("#p-{place}")>
                        <span class="unseen">"On the time axis: "</span>
                        {when}
                    </a>
                </figcaption>
            </figure>
        }
    });
    Some(view! { <div class="stills">{all.collect_view()}</div> }.into_any())
}

fn form(violation: &Violation, around: &Around) -> AnyView {
    let refused = around.refused.filter(|form| form.violation == violation.key);
    let last = violation.review.as_ref();
    let reason = match (refused, last) {
        (Some(form), _) => form.reason.clone(),
        (None, Some(last)) => last.reason.clone(),
        (None, None) => String::new(),
    };
    let error = refused.and_then(|form| form.trouble.as_ref());
    let hint = format!("why-{}", violation.key);
    let area = Area {
        rows: 2,
        max: Some(MAX_NOTICE),
        autofocus: refused.is_some(),
        label: Some(format!("Reason, for: {}", violation_words(violation.key.kind))),
        ..Area::default()
    };
    let button = |decision: Decision, word: &'static str, class: &'static str| {
        view! {
            <button type="submit" name="decision" value=decision.as_str() class=class>
                {word}
            </button>
        }
    };
    let fields = view! {
        <form method="post" action=format!("/admin/session/{}/proctoring", around.id) class="stack">
            {above_form(error, &[])}
            <input type="hidden" name="violation" value=violation.key.to_string() />
            <input type="hidden" name="order" value=around.order.as_str() />
            <div class="field">
                <span id=hint>"Reason" <small>" · needed to dismiss; the candidate reads it after the interview"</small></span>
                {text_area("reason", &reason, area)}
            </div>
            <div class="row">
                {button(Decision::Confirmed, "Confirm", "btn stop")}
                {button(Decision::Dismissed, "Dismiss", "btn")}
                {button(Decision::Escalated, "Escalate", "btn quiet")}
            </div>
        </form>
    };
    let asked_for = last.is_some() || violation.severity == proctor::policy::Severity::Info;
    if asked_for && refused.is_none() {
        let word = if last.is_some() { "Change the decision" } else { "Decide all the same" };
        view! {
            <details class="decide">
                <summary>
                    {word}
                    <span class="unseen">{format!(" about: {}", violation_words(violation.key.kind))}</span>
                </summary>
                {fields}
            </details>
        }
        .into_any()
    } else {
        view! { <div class="decide">{fields}</div> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_what_is_decided_and_about_what() {
        let read = |violation: &str, decision: &str| {
            let fields = [("violation", violation), ("decision", decision), ("reason", "Light"), ("order", "time")];
            DecisionForm::read(&Fields::new(fields.map(|(name, value)| (name.into(), value.into())).into()))
        };
        let form = read("12000-no_face", "dismissed").unwrap();
        assert_eq!((form.decision, form.order), (Decision::Dismissed, FlagOrder::Time));
        assert_eq!(form.violation.from_ms, 12_000);
        assert!(read("12000-nobody", "dismissed").is_err());
        assert!(read("12000-no_face", "").is_err());
    }
}
