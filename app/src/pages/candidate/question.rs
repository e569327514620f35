//! One question.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{answer::Answer, finish::Finish, state::Interview};
use crate::{
    components::{Heading, Steps, words},
    model::QuestionView,
};

/// The question that is open, and the place for its answer.
#[component]
pub fn Question(question: QuestionView) -> impl IntoView {
    let interview = expect_context::<Interview>();
    let total = interview.view.with_untracked(|view| view.total_questions());
    let (index, number, text) = (question.index, question.index + 1, question.text.clone());
    view! {
        <Title text=format!("Question {number} of {total}") />
        <div class="progress-head">
            <small>{format!("Question {number} of {total} · {}", words::kind(question.kind))}</small>
            <Steps done=index total=total />
        </div>
        <Heading class="q">{text}</Heading>
        <Answer question=question last={number == total} />
        <Finish />
    }
    .into_any()
}
