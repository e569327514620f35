//! Spot checks, beside the face of the device check.

use leptos::prelude::*;
use proctor::observation::Look;

use crate::{
    components::words::clock,
    desk::parts::time,
    model::{SessionId, UnixMillis},
    service::proctoring::{SpotCheck, look_words},
};

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Same,
    Another,
    /// The server saw another number of people than the page claimed.
    Differs,
    /// Page and server agree, or the page could not tell.
    Nobody,
    Several,
    CannotTell,
}

impl Outcome {
    pub fn of(check: &SpotCheck) -> Self {
        let differs = match (check.claim, check.seen) {
            (Some(claim @ Look::Clear { .. }), Some(seen @ Look::Clear { .. })) => {
                look_words(seen) != look_words(claim)
            }
            // Where one of the two can tell nothing, they do not contradict each other.
            _ => false,
        };
        match check.same_person {
            Some(false) => Self::Another,
            _ if differs => Self::Differs,
            Some(true) => Self::Same,
            None => match check.seen {
                Some(Look::Clear { faces: 0, .. }) => Self::Nobody,
                Some(Look::Clear { faces: 2.., .. }) => Self::Several,
                _ => Self::CannotTell,
            },
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Same => "the same person",
            Self::Another => "somebody else",
            Self::Differs => "the server saw something else than the page",
            Self::Nobody => "nobody was seen",
            Self::Several => "several people were seen",
            Self::CannotTell => "faces not compared, or not clear",
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Another => "another",
            Self::Differs | Self::Nobody | Self::Several => "differs",
            Self::CannotTell => "untold",
        }
    }
}

/// The face of the device check beside all spot checks.
pub(super) fn faces(id: SessionId, reference: Option<UnixMillis>, checks: &[SpotCheck], zero: UnixMillis) -> AnyView {
    let reference = match reference {
        Some(at) => view! {
            <figure class="face reference">
                <img
                    src=format!("/admin/session/{id}/reference")
                    width="240"
                    height="180"
                    alt="The candidate at the device check"
                />
                <figcaption>
                    <b>"Device check"</b>
                    <small>{time(at)}</small>
                    <small>"Spot checks are compared with this."</small>
                </figcaption>
            </figure>
        }
        .into_any(),
        None => view! {
            <div class="face reference">
                <p class="blank">"No picture"</p>
                <p>
                    <b>"Device check"</b>
                    <br />
                    <small>"No face was captured, so it cannot be told whether it is the same person."</small>
                </p>
            </div>
        }
        .into_any(),
    };
    let all = checks.iter().map(|check| face(id, check, zero)).collect_view();
    let none = checks.is_empty().then(|| view! { <p class="dim">"No spot check was made."</p> });
    view! {
        <div class="faces">
            {reference}
            <div class="strip" role="region" tabindex="0" aria-label="Spot checks, in the order of time">
                {none}
                {all}
            </div>
        </div>
    }
    .into_any()
}

fn face(id: SessionId, check: &SpotCheck, zero: UnixMillis) -> AnyView {
    let at = clock(i64::from(check.at_ms) / 1000);
    let outcome = Outcome::of(check);
    let seen = check.seen.map_or("could not look", look_words);
    let picture = if check.has_picture {
        view! {
            <img
                src=format!("/admin/session/{id}/checks/{}", check.at_ms)
                loading="lazy"
                decoding="async"
                width="240"
                height="180"
                alt=format!("The camera's picture at {at}")
            />
        }
        .into_any()
    } else {
        view! { <p class="blank">"Picture not kept"</p> }.into_any()
    };
    view! {
        <figure class="face" id=format!("check-{}", check.at_ms)>
            {picture}
            <figcaption>
                <a class="num" href=format!("#s-{}", check.at_ms)>
                    {at.clone()}
                </a>
                <small class="unseen">{time(UnixMillis(zero.0 + i64::from(check.at_ms)))}</small>
                <span class=format!("verdict {}", outcome.class())>{capital(outcome.words())}</span>
                <small>{format!("Page: {}", check.claim.map_or("cannot look", look_words))}</small>
                <small>{format!("Server: {seen}")}</small>
            </figcaption>
        </figure>
    }
    .into_any()
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proctor::observation::Unclear;

    use super::*;

    #[test]
    fn another_person_weighs_more_than_another_number() {
        let look = |faces| Look::Clear { faces, head: None };
        let check = |claim, seen, same_person| SpotCheck {
            at_ms: 1,
            claim: Some(look(claim)),
            seen,
            same_person,
            has_picture: true,
        };
        for (check, outcome) in [
            (check(1, Some(look(1)), Some(true)), Outcome::Same),
            (check(1, Some(look(2)), Some(true)), Outcome::Differs),
            (check(1, Some(look(2)), Some(false)), Outcome::Another),
            (check(1, Some(look(1)), None), Outcome::CannotTell),
            (check(0, Some(look(0)), None), Outcome::Nobody),
            (check(2, Some(look(2)), None), Outcome::Several),
            (check(1, Some(look(0)), None), Outcome::Differs),
            (check(1, None, None), Outcome::CannotTell),
        ] {
            assert_eq!(Outcome::of(&check), outcome, "{check:?}");
        }
        let dark = Look::CannotTell(Unclear::TooDark);
        let blind = SpotCheck { seen: Some(dark), ..check(1, None, Some(true)) };
        assert_eq!(Outcome::of(&blind), Outcome::Same, "that is no contradiction");
    }

    #[test]
    fn a_check_whose_picture_is_not_kept_says_so() {
        let id = SessionId(uuid::Uuid::nil());
        let shown = |has_picture| {
            let check = SpotCheck { at_ms: 61_000, claim: None, seen: None, same_person: None, has_picture };
            face(id, &check, UnixMillis(0)).to_html()
        };
        assert!(shown(true).contains("/checks/61000") && !shown(true).contains("not kept"));
        assert!(!shown(false).contains("<img") && shown(false).contains("Picture not kept"));
    }
}
