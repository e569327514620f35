//! How far the candidate is before the first question.

use leptos::prelude::*;

use super::{state::Interview, step::preparation};
use crate::components::Steps;

/// Consent, devices, start.
const STEPS: u32 = 3;

/// `Step 1 of 3`, with a bar.
#[component]
pub fn Preparation() -> impl IntoView {
    let step = expect_context::<Interview>().view.with_untracked(preparation);
    view! {
        <div class="progress-head">
            <small>{format!("Step {} of {STEPS}", step + 1)}</small>
            <Steps done=step total=STEPS />
        </div>
    }
    .into_any()
}
