//! One question in the editor.

use leptos::prelude::*;

use super::super::{
    job_form::{Focus, QuestionForm},
    parts::{Area, text_area},
};
use crate::{
    components::beside,
    error::{AppError, Field},
    model::QuestionKind,
    validate::MAX_QUESTION,
};

/// The question at a place, 0 for the first, in a list whose last place is `last`.
pub(super) fn row(
    place: usize,
    last: usize,
    question: &QuestionForm,
    focus: Option<Focus>,
    error: Option<&AppError>,
) -> AnyView {
    let number = place + 1;
    let is = |kind: QuestionKind| question.kind == kind;
    let mover = |word: &'static str, action: &'static str, stuck: bool, focused: bool| {
        view! {
            <button
                type="submit"
                class="btn quiet small"
                name="action"
                value=format!("{action}-{place}")
                formnovalidate
                disabled=stuck
                autofocus=focused
                aria-label=format!("Move question {number} {}", word.to_lowercase())
            >
                {word}
            </button>
        }
        .into_any()
    };
    // That there is none at all is mended in the first one.
    let none = place == 0 && error.and_then(AppError::field) == Some(Field::Questions);
    let mended_here = if none { Field::Questions } else { Field::Question(number) };
    let text = Area {
        rows: 3,
        max: Some(MAX_QUESTION),
        label: Some(format!("Question {number}")),
        autofocus: focus == Some(Focus::Text(place)),
        ..Area::default()
    }
    .refused(error, mended_here);
    view! {
        <li class="card ask">
            {text_area("text", &question.text, text)}
            {beside(error, Field::Question(number))}
            <div class="row">
                <select name="type" aria-label=format!("Type of question {number}")>
                    <option value="text" selected=is(QuestionKind::Text)>
                        "Answer in words"
                    </option>
                    <option value="coding" selected=is(QuestionKind::Coding)>
                        "Answer in code"
                    </option>
                </select>
                <span class="grow"></span>
                {mover("Up", "up", place == 0, focus == Some(Focus::Up(place)))}
                {mover("Down", "down", place == last, focus == Some(Focus::Down(place)))}
                <button
                    type="submit"
                    class="btn quiet small stop"
                    name="action"
                    value=format!("remove-{place}")
                    formnovalidate
                    aria-label=format!("Remove question {number}")
                >
                    "Remove"
                </button>
            </div>
            {rubric(number, question)}
        </li>
    }
    .into_any()
}

fn rubric(number: usize, question: &QuestionForm) -> AnyView {
    let points = Area { rows: 4, label: Some(format!("Key points of question {number}")), ..Area::default() };
    let reference = Area {
        rows: 4,
        max: Some(MAX_QUESTION),
        class: if question.kind == QuestionKind::Coding { "code" } else { "" },
        label: Some(format!("Reference answer to question {number}")),
        ..Area::default()
    };
    view! {
        <details open=question.has_rubric()>
            <summary>"What a good answer has"</summary>
            <div class="rubric">
                <p class="dim">"Answers are measured by it. Candidates never see it."</p>
                <label class="field">
                    <span>"Key points"</span>
                    {text_area("key_points", &question.key_points, points)}
                    <small>
                        "One in each line. A number from 1 to 10 before it says how much it counts: " <code>"3 | names both clocks"</code>
                    </small>
                </label>
                <label class="field">
                    <span>
                        "Reference answer " <small>"(optional)"</small>
                    </span>
                    {text_area("reference", &question.reference, reference)}
                </label>
                <label class="field language">
                    <span>
                        "Language of the code " <small>"(optional)"</small>
                    </span>
                    <input type="text" name="language" value=question.language.clone() maxlength="40" autocomplete="off" />
                </label>
            </div>
        </details>
    }
    .into_any()
}
