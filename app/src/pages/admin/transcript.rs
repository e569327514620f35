//! What was asked and answered so far.

use leptos::prelude::*;

use crate::{
    components::words::{clock, kind, outcome},
    model::{QuestionKind, SessionDetail, Status},
};

/// Questions with their answers, in order. Those that are still to come are shown too, as long as they can come.
#[component]
pub fn Transcript(detail: RwSignal<SessionDetail>) -> impl IntoView {
    let shown =
        Memo::new(move |_| detail.with(|d| if d.status == Status::Completed { d.delivered } else { d.max_questions }));
    view! {
        <section class="card">
            <header>
                <h2>"Transcript"</h2>
                <span class="grow"></span>
                <small class="num">
                    {move || detail.with(|d| format!("{} of {} dealt with", d.answers.len(), d.max_questions))}
                </small>
            </header>
            <ol class="numbered">
                <For each=move || 0..shown.get() key=|index| *index let:index>
                    <Entry index=index detail=detail />
                </For>
            </ol>
            {move || (shown.get() == 0).then(|| view! { <p class="empty dim">"No question was asked."</p> })}
        </section>
    }
    .into_any()
}

#[component]
fn Entry(index: u32, detail: RwSignal<SessionDetail>) -> impl IntoView {
    let (text, of_kind) = detail.with_untracked(|detail| {
        detail.questions.get(index as usize).map_or_else(Default::default, |q| (q.text.clone(), q.kind))
    });
    let answer = Memo::new(move |_| detail.with(|d| d.answers.iter().find(|answer| answer.question == index).cloned()));
    let score = Memo::new(move |_| {
        detail.with(|d| d.scores.iter().find(|(question, _)| *question == index).map(|(_, score)| score.clone()))
    });
    let open = Memo::new(move |_| detail.with(|d| d.open.is_some_and(|open| open.index == index)));
    let over = Memo::new(move |_| detail.with(|detail| detail.status == Status::Completed));
    let class = if of_kind == QuestionKind::Coding { "written code" } else { "written" };
    let body = move || match answer.get() {
        Some(answer) => {
            let used = clock(answer.time_used_ms / 1000);
            let given = answer.is_given();
            view! {
                {given.then(|| view! { <pre class=class>{answer.text.clone()}</pre> })}
                <small class="num">
                    {format!("{} · {used} used", outcome(answer.outcome))}
                    {move || score.get().map(|score| format!(" · {score} of 10"))}
                </small>
            }
            .into_any()
        }
        None if open.get() => view! { <span class="state live">"Answering now"</span> }.into_any(),
        None if over.get() => view! { <small>"Not answered"</small> }.into_any(),
        None => view! { <small>"Not answered yet"</small> }.into_any(),
    };
    view! {
        <li class:ahead=move || answer.with(Option::is_none) && !open.get()>
            <p class="asked">
                {text} " " <small>{kind(of_kind)}</small>
            </p>
            {body}
        </li>
    }
    .into_any()
}
