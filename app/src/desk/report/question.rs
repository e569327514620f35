//! One question of a report: what was asked, what was answered, and how good that was.

use leptos::prelude::*;

use super::{CorrectionForm, correction::correction};
use crate::{
    components::words::{clock, kind, mark, outcome},
    desk::parts::time,
    model::{Criterion, Evaluation, Evaluator, QuestionKind, ReportedQuestion, SessionId},
};

/// `here`: the reader is brought to it.
pub(super) fn question(
    id: SessionId,
    question: &ReportedQuestion,
    refused: Option<&CorrectionForm>,
    here: bool,
) -> AnyView {
    let number = question.index + 1;
    let class = if question.kind == QuestionKind::Coding { "written code" } else { "written" };
    let answer = match &question.answer {
        None => view! { <p class="dim">"Not answered."</p> }.into_any(),
        Some(answer) => {
            let text = (!answer.text.trim().is_empty()).then(|| view! { <pre class=class>{answer.text.clone()}</pre> });
            let used = clock(answer.time_used_ms / 1000);
            view! {
                {text}
                <small class="num">{format!("{} · {used} used · ", outcome(answer.outcome))} {time(answer.at)}</small>
            }
            .into_any()
        }
    };
    view! {
        <li id=format!("question-{number}")>
            <p class="asked">
                {question.text.clone()} " " <small>{kind(question.kind)}</small>
            </p>
            {answer}
            {question.evaluation.as_ref().map(|known| evaluation(id, known, refused, here))}
        </li>
    }
    .into_any()
}

fn evaluation(id: SessionId, known: &Evaluation, refused: Option<&CorrectionForm>, here: bool) -> AnyView {
    let by = match &known.verdict.by {
        Evaluator::Offline => "offline rules".to_owned(),
        Evaluator::Model { name } => name.clone(),
    };
    let verdict = mark(known.verdict.measured());
    let score = match &known.correction {
        None => view! {
            <p class="mark-given">
                <b class="num">{verdict}</b>
                " of 10, by "
                {by}
                ", "
                {time(known.at)}
            </p>
        }
        .into_any(),
        Some(set) => view! {
            <p class="mark-given">
                <b class="num">{format!("{:.1}", set.score)}</b>
                " of 10, set by "
                {set.by.clone()}
                ", "
                {time(set.at)}
                ": "
                <q>{set.reason.clone()}</q>
            </p>
            <p class="mark-before dim">
                <b class="num">{verdict}</b>
                " of 10 before, by "
                {by}
                ", "
                {time(known.at)}
            </p>
        }
        .into_any(),
    };
    let criteria = known.verdict.criteria.each().map(|(name, criterion)| criterion_row(name, criterion));
    let criteria = (!known.verdict.failed).then(|| view! { <dl class="criteria">{criteria}</dl> });
    let notes = known.verdict.notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect::<Vec<_>>();
    let notes = (!notes.is_empty()).then(|| {
        view! {
            <div class="prose">
                <small>"Notes of the evaluator"</small>
                <ul class="list">{notes}</ul>
            </div>
        }
    });
    view! {
        <div class="graded-by">
            {score}
            {criteria}
            {notes}
            {correction(id, known, refused, here)}
        </div>
    }
    .into_any()
}

fn criterion_row(name: &'static str, criterion: &Criterion) -> AnyView {
    let quotes = criterion.quotes.iter().map(|quote| view! { <q>{quote.clone()}</q> }).collect_view();
    view! {
        <div>
            <dt>
                {name} " " <b class="num">{format!("{:.1}", criterion.score)}</b>
            </dt>
            <dd>
                <p>{criterion.sentence.clone()}</p>
                {quotes}
            </dd>
        </div>
    }
    .into_any()
}
