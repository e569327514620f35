//! The end.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{state::Interview, watch::RecordLink};
use crate::{
    components::{Heading, words::count},
    model::EndReason,
};

/// Says that it is over and what happens next.
#[component]
pub fn Done() -> impl IntoView {
    let interview = expect_context::<Interview>();
    let (name, reason, answered, total) = interview
        .view
        .with_untracked(|view| (view.name.clone(), view.end_reason, view.answered, view.total_questions()));
    let how = match reason {
        Some(EndReason::EndedByAdmin | EndReason::EndedByApi) => {
            "The hiring team has ended the interview. Everything you submitted was saved."
        }
        Some(EndReason::TooManyViolations) => {
            "The interview was ended because the rules for it were broken several times. Everything you submitted was saved; the hiring team will look at what happened."
        }
        Some(EndReason::CandidateFinished) => "You have finished the interview. Everything you submitted was saved.",
        Some(EndReason::AllAnswered) | None => "That was the last question. Everything you submitted was saved.",
    };
    view! {
        <Title text="Interview finished" />
        <main id="main" class="narrow stack">
            <section class="card pad message">
                <span class="tick" aria-hidden="true">
                    "✓"
                </span>
                <Heading>{format!("Thank you, {name}")}</Heading>
                <p class="lead">{how}</p>
                <p class="dim">{format!("You got through {answered} of {}.", count(total, "question"))}</p>
                <h2>"What happens next"</h2>
                <p>
                    "The hiring team reads your answers and gets in touch with you. There is nothing more for you to do."
                </p>
                {interview
                    .is_proctored()
                    .then(|| view! { <p>"What was noted, and your own word on it: " <RecordLink /> "."</p> })}
                <p>"Your camera and microphone are off. You can close this page."</p>
            </section>
        </main>
    }
    .into_any()
}
